//! Saved lists: audiences and pupils under a name, made by choosing, looked at and removed. Addresses call a list by
//! a handle: its name may say something of those who stand on it.

mod kept;
mod list;
mod make;
mod names;
mod remove;

use super::doors::{Doors, Needs};
use crate::people::Right;

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let (see, write) = (Needs::Right(Right::SeeFamilies), Needs::Right(Right::Write));
    doors
        .get("/annuaire/listes", see, list::all)
        .post("/annuaire/listes/compte", write, make::count)
        .get("/annuaire/listes/nouvelle", write, make::form)
        .post("/annuaire/listes/nouvelle", write, make::save)
        .get("/annuaire/listes/noms", write, names::form)
        .post("/annuaire/listes/noms", write, names::save)
        .get("/annuaire/listes/{handle}", see, list::one)
        .get("/annuaire/listes/{handle}/modifier", write, make::change_form)
        .post("/annuaire/listes/{handle}/modifier", write, make::change)
        .get("/annuaire/listes/{handle}/supprimer", write, remove::ask)
        .post("/annuaire/listes/{handle}/supprimer", write, remove::remove)
}
