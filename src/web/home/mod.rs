//! The first page: what is going out, what waits for somebody, how the channels are.

use super::doors::{Doors, Needs};

mod approvals;
mod live;
mod page;
mod task;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    doors.get("/", Needs::Account, page::home).get("/direct", Needs::Account, live::stream)
}
