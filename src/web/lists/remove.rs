//! A list removed, once it is confirmed.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::refusals::told_of_list;
use super::super::visitor::Visitor;
use super::kept::{called, path};
use crate::audience::ListError;
use crate::office;

#[derive(Template)]
#[template(path = "lists/remove.html", config = "src/web/askama.toml")]
struct RemovePage<'a> {
    csrf: &'a str,
    name: &'a str,
    path: String,
}

/// Asks.
pub(super) async fn ask(visitor: Visitor, Path(typed): Path<String>) -> Result<WebPage, Fault> {
    let list = called(&visitor, &typed).await?;
    let body = RemovePage { csrf: visitor.csrf(), name: &list.name, path: path(&list.name) };
    visitor.page(Section::Lists, "Supprimer une liste", &body)
}

/// Removes it, unless another one stands on it.
pub(super) async fn remove(
    visitor: Visitor,
    Path(typed): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let list = called(&visitor, &typed).await?;
    match office::remove_list(visitor.school(), visitor.actor(), &list.name).await {
        Ok(_) => Ok(page::to("/annuaire/listes?fait=supprimee")),
        Err(ListError::Store(error)) => Err(error.into()),
        Err(error) => Err(told_of_list(&error).by("/annuaire/listes", "Voir les listes").into()),
    }
}
