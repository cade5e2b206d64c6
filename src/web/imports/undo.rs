//! The last import taken back, once it is confirmed.

use askama::Template;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::{count, hour_of};
use crate::clock::Moment;
use crate::directory::Undone;
use crate::office;

#[derive(Template)]
#[template(path = "imports/undo.html", config = "src/web/askama.toml")]
struct UndoPage<'a> {
    csrf: &'a str,
    applied: String,
    /// Which import that is: another one is not taken back in its place.
    moment: i64,
    /// Whom it had added; empty for nobody.
    added: String,
}

/// Asks.
pub(super) async fn ask(visitor: Visitor) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let school = visitor.school();
    let undone = office::import_to_undo(school).await?;
    let body = UndoPage {
        csrf: visitor.csrf(),
        applied: hour_of(school, undone.applied_at),
        moment: undone.applied_at.0,
        added: added(&undone),
    };
    visitor.page(Section::Imports, "Annuler le dernier import", &body)
}

/// Takes it back.
pub(super) async fn undo(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let seen = posted.text("applique").parse().map_err(|_| Fault::Unreadable)?;
    office::undo_import(visitor.school(), visitor.actor(), Some(Moment(seen))).await?;
    Ok(page::to("/annuaire/import?fait=annule"))
}

fn added(Undone { pupils, persons, .. }: &Undone) -> String {
    let sorts = [(*pupils, "élève", "élèves"), (*persons, "adulte", "adultes")];
    let sorts = sorts.into_iter().filter(|(many, ..)| *many > 0);
    sorts.map(|(many, one, more)| count(many, one, more)).collect::<Vec<_>>().join(" et ")
}
