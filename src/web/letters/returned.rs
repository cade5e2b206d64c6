//! Letters that the post gave back, by their references: typed, or read by a scanner that types like a keyboard.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use crate::message::Reference;
use crate::office;

const FIELD: &str = "references";
const TITLE: &str = "Courriers revenus";
/// As many as fit into a mailbag.
const MOST: usize = 2_000;

#[derive(Template)]
#[template(path = "letters/returned.html", config = "src/web/askama.toml")]
struct ReturnedForm<'a> {
    csrf: &'a str,
    done: String,
    faults: Faults,
    field: FormField,
}

/// The form.
pub(super) async fn form(
    visitor: Visitor,
    axum::extract::RawQuery(query): axum::extract::RawQuery,
) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let noted: usize = asked.text("notes").parse().unwrap_or(0);
    let done = if noted == 0 { String::new() } else { said(noted) };
    made(&visitor, done, Faults::default(), String::new())
}

fn said(noted: usize) -> String {
    let noted = count(noted, "courrier noté comme revenu", "courriers notés comme revenus");
    format!("{noted} ; plus aucun courrier ne part à ces adresses.")
}

/// Notes them. What is not understood, or was never posted, is asked for again; the rest is noted.
pub(super) async fn note(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let typed: Vec<&str> = posted.text(FIELD).split_whitespace().take(MOST).collect();
    let mut faults = Faults::default();
    if typed.is_empty() {
        faults.add(FIELD, "Tapez au moins une référence.");
        return Ok(made(&visitor, String::new(), faults, String::new())?.refused().into_response());
    }
    let (read, bad): (Vec<_>, Vec<_>) =
        typed.iter().map(|one| (*one, one.parse::<Reference>())).partition(|(_, it)| it.is_ok());
    let read = read.into_iter().filter_map(|(_, it)| it.ok()).collect();
    let told = office::return_letters(visitor.school(), visitor.actor(), read).await?;
    if bad.is_empty() && told.unknown.is_empty() {
        return Ok(page::to(&format!("/courriers/retours?notes={}", told.returned)));
    }
    for (one, _) in &bad {
        faults.add(FIELD, format!("« {one} » n’est pas une référence."));
    }
    for one in &told.unknown {
        faults.add(FIELD, format!("Aucun courrier posté ne porte la référence {one}."));
    }
    let left = bad.into_iter().map(|(one, _)| one.to_owned()).chain(told.unknown);
    let left = left.collect::<Vec<_>>().join("\n");
    let done = if told.returned == 0 { String::new() } else { said(told.returned) };
    Ok(made(&visitor, done, faults, left)?.refused().into_response())
}

fn made(visitor: &Visitor, done: String, faults: Faults, typed: String) -> Result<WebPage, Fault> {
    let label = "Références, une par ligne";
    let hint = "Elle est imprimée sur chaque courrier, par exemple 7K4M-02QB. \
                Une douchette peut les lire à la suite dans cette case.";
    let field =
        FormField::new(FIELD, label, FieldKind::Lines(8)).hint(hint).typed(typed).required();
    let field = field.fault(faults.of(FIELD));
    visitor.page(
        Section::Letters,
        TITLE,
        &ReturnedForm { csrf: visitor.csrf(), done, faults, field },
    )
}
