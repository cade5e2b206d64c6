//! Documents that teachers leave for their pupils: given, listed week by week, taken away; and the work on them that came
//! back.

mod give;
mod page;
mod remind;
mod words;
mod works;

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
        .post("/documents/rappel", write, remind::remind)
        .get("/documents/rendus", write, works::page)
        .get("/documents/rendus/{number}", write, works::file)
}
