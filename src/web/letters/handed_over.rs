//! Letters that are handed over one by one, by their references: typed, or read by a scanner that types like a keyboard.

use askama::Template;
use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::super::words::count;
use crate::message::Reference;
use crate::office;

const REFERENCES: &str = "references";
const TO: &str = "a";
/// As many as stand on a table.
const MOST: usize = 2_000;

#[derive(Template)]
#[template(path = "letters/handed_over.html", config = "src/web/askama.toml")]
struct HandedOverForm<'a> {
    csrf: &'a str,
    done: String,
    faults: Faults,
    fields: [FormField; 2],
}

/// The form.
pub(super) async fn form(visitor: Visitor, RawQuery(query): RawQuery) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let done = match (asked.text("notes").parse().unwrap_or(0), asked.text("repris") == "oui") {
        (0, _) => String::new(),
        (noted, true) => said_undone(noted),
        (noted, false) => said(noted),
    };
    made(&visitor, done, Faults::default(), ("", ""))
}

fn said(noted: usize) -> String {
    format!("{}.", count(noted, "courrier noté comme remis", "courriers notés comme remis"))
}

fn said_undone(noted: usize) -> String {
    format!(
        "{}.",
        count(noted, "courrier de nouveau à remettre", "courriers de nouveau à remettre")
    )
}

/// Notes them, or takes that back. What is not understood, or was never printed, is asked for again; the rest is noted.
pub(super) async fn note(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let (to, is_undone) = (posted.text(TO), posted.text("repris") == "oui");
    let typed: Vec<&str> = posted.text(REFERENCES).split_whitespace().take(MOST).collect();
    let mut faults = Faults::default();
    if typed.is_empty() {
        faults.add(REFERENCES, "Tapez au moins une référence.");
        let page = made(&visitor, String::new(), faults, ("", to))?;
        return Ok(page.refused().into_response());
    }
    let (mut read, mut left) = (Vec::new(), Vec::new());
    for one in typed {
        if let Ok(reference) = one.parse::<Reference>() {
            read.push(reference);
        } else {
            faults.add(REFERENCES, format!("« {one} » n’est pas une référence."));
            left.push(one.to_owned());
        }
    }
    let (school, actor) = (visitor.school(), visitor.actor());
    let told = if is_undone {
        office::take_back_handovers(school, actor, read).await?
    } else {
        office::hand_over_letters(school, actor, read, to).await?
    };
    for one in told.unknown {
        let what = if is_undone { "remis" } else { "imprimé" };
        faults.add(REFERENCES, format!("Aucun courrier {what} ne porte la référence {one}."));
        left.push(one);
    }
    let noted = told.handed_over;
    if faults.is_none() {
        let undone = if is_undone { "&repris=oui" } else { "" };
        return Ok(page::to(&format!("/courriers/remis?notes={noted}{undone}")));
    }
    let done = match (noted, is_undone) {
        (0, _) => String::new(),
        (_, true) => said_undone(noted),
        (_, false) => said(noted),
    };
    Ok(made(&visitor, done, faults, (&left.join("\n"), to))?.refused().into_response())
}

fn made(
    visitor: &Visitor,
    done: String,
    faults: Faults,
    (references, to): (&str, &str),
) -> Result<WebPage, Fault> {
    let hint = "Elle est imprimée sur chaque courrier, par exemple 7K4M-02QB. \
                Une douchette peut les lire à la suite dans cette case.";
    let named = "Le nom de qui est venu ; peut rester vide.";
    let fields = [
        FormField::new(REFERENCES, "Références, une par ligne", FieldKind::Lines(6))
            .hint(hint)
            .typed(references)
            .required()
            .fault(faults.of(REFERENCES)),
        FormField::new(TO, "Remis à", FieldKind::Line).hint(named).typed(to),
    ];
    let body = HandedOverForm { csrf: visitor.csrf(), done, faults, fields };
    visitor.page(Section::Letters, "Courriers remis en main propre", &body)
}
