//! Saved lists: audiences and pupils under a name, made by choosing, looked at and removed. Addresses call a list by
//! a handle: its name may say something of those who stand on it.

mod list;
mod make;
mod names;
mod remove;

use axum::response::Response;

use super::doors::{Doors, Needs};
use super::fault::Fault;
use super::page;
use super::visitor::Visitor;
use crate::office::{self, Listed};
use crate::people::{Handle, Right};

/// The addresses of this part.
pub(super) fn open(doors: Doors) -> Doors {
    let (see, write) = (Needs::Right(Right::SeeFamilies), Needs::Right(Right::Write));
    doors
        .get("/annuaire/listes", see, list::all)
        .get("/annuaire/listes/compte", write, make::count)
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

/// The address of a list.
fn path(name: &str) -> String {
    format!("/annuaire/listes/{}", Handle::of_list(name))
}

/// The list that an address means.
async fn called(visitor: &Visitor, typed: &str) -> Result<Listed, Fault> {
    visitor.sees_everybody()?;
    let handle = Handle::parse(typed).ok_or(Fault::NothingThere)?;
    let lists = office::saved_lists(visitor.school()).await?.lists;
    let found = lists.into_iter().find(|list| Handle::of_list(&list.name) == handle);
    found.ok_or(Fault::NothingThere)
}

/// Goes on to a list that was saved.
fn to_saved(name: &str) -> Response {
    page::to(&format!("{}?fait=enregistree", path(name)))
}
