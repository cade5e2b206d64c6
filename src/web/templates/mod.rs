//! The wordings: what each template says on every channel, and the school's own copies.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod edit;
mod list;
mod sample;
mod version;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let settings = Needs::Right(Right::Settings);
    doors
        .get("/modeles", settings, list::list)
        .get("/modeles/{name}", settings, list::show)
        .get("/modeles/{name}/modifier", settings, edit::form)
        .post("/modeles/{name}/modifier", settings, edit::save)
        .get("/modeles/{name}/versions/{number}", settings, version::show)
        .post("/modeles/{name}/versions/{number}", settings, version::put_back)
}
