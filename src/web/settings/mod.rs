//! What the school's configuration says, and whether everything that it sends by is in order.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod findings;
mod page;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let settings = Needs::Right(Right::Settings);
    doors
        .get("/reglages", settings, page::page)
        .get("/reglages/verification", settings, page::check)
        .get("/reglages/services/{name}", settings, page::try_one)
}
