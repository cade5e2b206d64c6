//! A second person's yes: asked for on the last page of a draft, or of what follows an announcement, given or refused on a
//! page of its own, which shows the same. Its address can be sent to a colleague.

pub(super) mod asking;
mod decide;
pub(super) mod first;
mod page;
mod refuse;
pub(super) mod turn;

use super::doors::{Doors, Needs};
use crate::people::Right;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let (send, approve) = (Needs::Right(Right::Send), Needs::Right(Right::Approve));
    doors
        .post("/annonces/brouillons/{number}/accord", send, asking::ask)
        .post("/annonces/brouillons/{number}/accord/reprendre", send, asking::take_back)
        .get("/accords/{number}", approve, page::page)
        .post("/accords/{number}", approve, decide::say_yes)
        .get("/accords/{number}/refuser", approve, refuse::form)
        .post("/accords/{number}/refuser", approve, refuse::say_no)
}
