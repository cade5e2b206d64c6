//! Documents that teachers leave for their pupils: given, listed week by week, taken away.

mod give;
mod page;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler as _;

use super::doors::{Doors, Needs};
use crate::people::Right;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let write = Needs::Right(Right::Write);
    doors
        .get("/documents", write, page::page)
        // Files have limits of their own.
        .post("/documents", write, give::give.layer(DefaultBodyLimit::disable()))
        .post("/documents/{number}/retirer", write, give::remove)
}
