//! A list of an address, and the address of a list.

use axum::response::Response;

use super::super::fault::Fault;
use super::super::page;
use super::super::visitor::Visitor;
use crate::office::{self, Listed};
use crate::people::Handle;

/// The address of a list.
pub(super) fn path(name: &str) -> String {
    format!("/annuaire/listes/{}", Handle::of_list(name))
}

/// The list that an address means.
pub(super) async fn called(visitor: &Visitor, typed: &str) -> Result<Listed, Fault> {
    visitor.sees_everybody()?;
    let handle = Handle::parse(typed).ok_or(Fault::NothingThere)?;
    let lists = office::saved_lists(visitor.school()).await?.lists;
    let found = lists.into_iter().find(|list| Handle::of_list(&list.name) == handle);
    found.ok_or(Fault::NothingThere)
}

/// Goes on to a list that was saved.
pub(super) fn to_saved(name: &str) -> Response {
    page::to(&format!("{}?fait=enregistree", path(name)))
}
