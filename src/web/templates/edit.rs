//! A copy of a template is edited file by file, and saved whole or not at all.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use crate::office::{self, TemplateRefusal, TemplateShown};
use crate::render::{Files, TemplateError};

/// Before the name of a file in the name of its field.
const FILE: &str = "fichier-";

#[derive(Template)]
#[template(path = "templates/edit.html", config = "src/web/askama.toml")]
struct TemplateForm<'a> {
    csrf: &'a str,
    name: &'a str,
    title: String,
    read: usize,
    faults: Faults,
    fields: Vec<FormField>,
}

/// The files of a template.
pub(super) async fn form(visitor: Visitor, Path(name): Path<String>) -> Result<WebPage, Fault> {
    let shown = office::show_template(visitor.school(), &name)?;
    made(&visitor, &shown, &shown.files, Faults::default())
}

fn made(
    visitor: &Visitor,
    shown: &TemplateShown,
    files: &Files,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let title = format!("Modifier : {}", shown.listed.info.title);
    let field = |(file, text): (&String, &String)| {
        let name = format!("{FILE}{file}");
        let lines = u32::try_from(text.lines().count()).unwrap_or(40).clamp(3, 30);
        let fault = faults.of(&name);
        let field = FormField::new(name, words(file), FieldKind::Lines(lines));
        field.hint(file.as_str()).typed(text.as_str()).required().fault(fault)
    };
    let fields = files.iter().map(field).collect();
    let (name, read) = (shown.listed.name.as_str(), shown.versions);
    let body =
        TemplateForm { csrf: visitor.csrf(), name, title: title.clone(), read, faults, fields };
    visitor.page(Section::Templates, &title, &body)
}

/// What a file is for.
fn words(file: &str) -> &str {
    match file {
        "about.toml" => "Description et champs",
        "subject.hbs" => "Objet",
        "ent.hbs" => "ENT",
        "email.hbs" => "Courriel",
        "sms.hbs" => "SMS",
        "phone.hbs" => "Appel",
        "letter.hbs" => "Courrier",
        other => other,
    }
}

/// Saves it.
pub(super) async fn save(
    visitor: Visitor,
    Path(name): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let school = visitor.school();
    let shown = office::show_template(school, &name)?;
    let mut files: Files = shown.files.clone();
    for (file, text) in posted.beginning(FILE) {
        if let Some(kept) = files.get_mut(file) {
            *kept = format!("{text}\n");
        }
    }
    let read = posted.text("version").parse().unwrap_or(usize::MAX);
    let saved = office::save_template(school, visitor.actor(), &name, files.clone(), read).await;
    let mut faults = Faults::default();
    match saved {
        Ok(()) => return Ok(page::to(&format!("/modeles/{name}?fait=enregistre"))),
        Err(TemplateRefusal::Fault(error)) => {
            faults.add(format!("{FILE}{}", error.file), told(&error));
        }
        Err(TemplateRefusal::Changed(_)) => faults.add(
            "",
            "Quelqu’un a enregistré ce modèle entre-temps. Voici vos textes : comparez-les à la version actuelle avant d’enregistrer.",
        ),
        Err(refusal) => return Err(refusal.into()),
    }
    Ok(made(&visitor, &shown, &files, faults)?.refused().into_response())
}

/// `SMS, ligne 3 : « x » n’existe pas ici`.
fn told(error: &TemplateError) -> String {
    let line = error.place.map(|place| format!(", ligne {}", place.line)).unwrap_or_default();
    format!("{}{line} : {}", words(&error.file), error.fault.in_french())
}
