//! What people carry: letters that wait for the printer, batches, what the post gave back, lists of names.

use super::doors::{Doors, Needs};
use crate::people::Right;

mod batch;
mod handed_over;
mod handouts;
mod list;
mod pile;
mod posting;
mod press_room;
mod printing;
mod returned;

pub(super) use press_room::PressRoom;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let (carry, export) = (Needs::Right(Right::CarryByHand), Needs::Right(Right::Export));
    let doors = doors
        .get("/courriers", carry, list::list)
        .post("/courriers/imprimer", carry, printing::print)
        .get("/courriers/retours", carry, returned::form)
        .post("/courriers/retours", carry, returned::note)
        .get("/courriers/remis", carry, handed_over::form)
        .post("/courriers/remis", carry, handed_over::note)
        .get("/courriers/listes", export, handouts::page)
        .post("/courriers/listes", export, handouts::hand_out);
    doors
        .get("/courriers/lots/{number}", carry, batch::show)
        .get("/courriers/lots/{number}/lettres.pdf", carry, batch::file)
        .get("/courriers/lots/{number}/lettres/{reference}", carry, batch::letter)
        .get("/courriers/lots/{number}/piles/{pile}", carry, pile::file)
        .get("/courriers/lots/{number}/etiquettes.pdf", carry, pile::labels)
        .get("/courriers/lots/{number}/liste.csv", carry, pile::list)
        .post("/courriers/lots/{number}/imprimer", carry, printing::print_again)
        .post("/courriers/lots/{number}/sceller", carry, batch::seal)
        .post("/courriers/lots/{number}/poster", carry, posting::post)
        .get("/courriers/lots/{number}/reprendre", carry, posting::ask)
        .post("/courriers/lots/{number}/reprendre", carry, posting::take_back)
}
