//! Somebody rang the school.

use askama::Template;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use crate::directory::{Who, WhoError};
use crate::office::{self, IncomingCall, IncomingRefusal};

#[derive(Template)]
#[template(path = "calls/incoming.html", config = "src/web/askama.toml")]
struct IncomingPage<'a> {
    csrf: &'a str,
    faults: Faults,
    fields: Vec<FormField>,
}

/// What was typed.
#[derive(Default)]
struct IncomingTyped {
    who: String,
    pupil: String,
    about: String,
    word: String,
    faults: Faults,
}

/// An empty form.
pub(super) async fn form(visitor: Visitor) -> Result<WebPage, Fault> {
    made(&visitor, IncomingTyped::default())
}

fn made(visitor: &Visitor, typed: IncomingTyped) -> Result<WebPage, Fault> {
    visitor.sees_everybody()?;
    let field = |name: &str, label: &str, kind, said: &str| {
        FormField::new(name, label, kind).typed(said).fault(typed.faults.of(name))
    };
    let fields = vec![
        field("qui", "Qui a appelé", FieldKind::Line, &typed.who)
            .hint("Nom et prénom d’un adulte de l’annuaire. Vide : une personne inconnue."),
        field("eleve", "Pour quel élève", FieldKind::Line, &typed.pupil)
            .hint("Seulement si plusieurs adultes portent ce nom."),
        field("annonce", "À propos de quelle annonce", FieldKind::Line, &typed.about)
            .hint("Sa référence, les quatre premiers signes. Elle comptera comme répondue."),
        field("mot", "Ce que la personne demande", FieldKind::Lines(3), &typed.word).required(),
    ];
    let body = IncomingPage { csrf: visitor.csrf(), fields, faults: typed.faults };
    visitor.page(Section::Calls, "Noter un appel reçu", &body)
}

/// Takes it down.
pub(super) async fn note(visitor: Visitor, posted: Form) -> Result<Response, Fault> {
    visitor.sees_everybody()?;
    let text = |name: &str| posted.text(name).to_owned();
    let mut typed = IncomingTyped {
        who: text("qui"),
        pupil: text("eleve"),
        about: text("annonce"),
        word: text("mot"),
        faults: Faults::default(),
    };
    if typed.word.is_empty() {
        typed.faults.add("mot", "Dites en quelques mots ce que la personne demande.");
        return Ok(made(&visitor, typed)?.refused().into_response());
    }
    let some = |typed: &String| Some(typed.clone()).filter(|it| !it.is_empty());
    let pupil = some(&typed.pupil);
    let who = some(&typed.who).map(|name| Who { name, pupil, ..Who::default() });
    let about = some(&typed.about).map(|code| code.chars().take(4).collect());
    let call = IncomingCall { who, about, word: typed.word.clone() };
    match office::note_incoming_call(visitor.school(), visitor.actor(), call).await {
        Ok(_) => return Ok(page::to("/appels?fait=recu")),
        Err(IncomingRefusal::Who(WhoError::Nobody(_))) => {
            typed
                .faults
                .add("qui", "Personne de ce nom dans l’annuaire : laissez vide, ou corrigez.");
        }
        Err(IncomingRefusal::Who(WhoError::Several { .. })) => {
            typed
                .faults
                .add("eleve", "Plusieurs personnes portent ce nom : dites pour quel élève.");
        }
        Err(IncomingRefusal::Who(WhoError::NotTied(_))) => {
            typed.faults.add("eleve", "Cette personne n’est pas responsable de cet élève.");
        }
        Err(IncomingRefusal::NoSuchMessage(_)) => {
            typed.faults.add("annonce", "Aucune annonce n’a cette référence.");
        }
        Err(IncomingRefusal::Who(WhoError::Store(error)) | IncomingRefusal::Store(error)) => {
            return Err(error.into());
        }
    }
    Ok(made(&visitor, typed)?.refused().into_response())
}
