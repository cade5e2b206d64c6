//! A list of pupils by name.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::refusals::told_of_list;
use super::super::visitor::Visitor;
use super::kept::to_saved;
use crate::audience::{InPlaceOf, ListError};
use crate::office;

const TITLE: &str = "Nommer des élèves";
/// Lines that are shown of the names.
const LINES: u32 = 12;

#[derive(Template)]
#[template(path = "lists/names.html", config = "src/web/askama.toml")]
struct NamesPage<'a> {
    csrf: &'a str,
    faults: Faults,
    name: FormField,
    names: FormField,
}

/// The form.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    shown(&visitor, &Form::asked(""), Faults::default())
}

/// Saves them.
pub(super) async fn save(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (school, name) = (visitor.school(), posted.text("nom"));
    let mut faults = Faults::default();
    let names = posted.text("eleves").as_bytes().to_vec();
    match office::save_names(school, visitor.actor(), (name, InPlaceOf::Nothing), names).await {
        Ok(saved) => return Ok(to_saved(&saved.saved)),
        Err(ListError::Store(error)) => return Err(error.into()),
        Err(error) => {
            let told = told_of_list(&error);
            let is_of_names = matches!(error, ListError::Names(_));
            let field = if is_of_names { "eleves" } else { "nom" };
            faults.add(field, format!("{} {}", told.what, told.then));
        }
    }
    Ok(shown(&visitor, &posted, faults)?.refused().into_response())
}

fn shown(visitor: &Visitor, posted: &Form, faults: Faults) -> Result<WebPage, Fault> {
    let name = FormField::new("nom", "Nom de la liste", FieldKind::Line)
        .hint("Par exemple : voyage à Londres.")
        .typed(posted.text("nom"))
        .required()
        .fault(faults.of("nom"));
    let names = FormField::new("eleves", "Élèves", FieldKind::Lines(LINES))
        .hint("Un élève par ligne : DURAND Zoé. Si deux élèves portent ce nom, avec la classe : DURAND Zoé;6A.")
        .typed(posted.text("eleves"))
        .required()
        .fault(faults.of("eleves"));
    let body = NamesPage { csrf: visitor.csrf(), faults, name, names };
    visitor.page(Section::Lists, TITLE, &body)
}
