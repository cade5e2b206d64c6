//! Who did what, saw what, took out what.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod acts;
mod page;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    doors.get("/journal", Needs::Right(Right::SeeJournal), page::page)
}
