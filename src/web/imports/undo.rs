//! The last import taken back, once it is confirmed.

use askama::Template;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use crate::office;

#[derive(Template)]
#[template(path = "imports/undo.html", config = "src/web/askama.toml")]
struct UndoPage<'a> {
    csrf: &'a str,
    applied: String,
    pupils: String,
    persons: String,
}

/// Asks.
pub(super) async fn ask(visitor: Visitor) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let school = visitor.school();
    let undone = office::import_to_undo(school).await?;
    let body = UndoPage {
        csrf: visitor.csrf(),
        applied: hour_of(school, undone.applied_at),
        pupils: count(undone.pupils, "élève", "élèves"),
        persons: count(undone.persons, "adulte", "adultes"),
    };
    visitor.page(Section::Directory, "Annuler le dernier import", &body)
}

/// Takes it back.
pub(super) async fn undo(visitor: Visitor, _: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    office::undo_import(visitor.school(), visitor.actor()).await?;
    Ok(page::to("/annuaire/import?fait=annule"))
}
