//! A copy of a template is edited file by file, looked at as it would read, and saved whole or not at all.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::sample::SampleTexts;
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
    typed: TypedFiles,
    fields: Vec<FormField>,
}

/// The files as they stand in the form.
struct TypedFiles {
    files: Files,
    /// How many versions there were as its author opened it.
    read: usize,
    faults: Faults,
    /// What they would say, where that was asked.
    sample: Option<SampleTexts>,
}

impl TypedFiles {
    /// Those of a template, with what was typed in their places.
    fn of(shown: &TemplateShown, posted: &Form) -> Self {
        let mut files = shown.files.clone();
        for (file, text) in posted.beginning(FILE) {
            if let Some(kept) = files.get_mut(file) {
                *kept = format!("{text}\n");
            }
        }
        let read = posted.text("version").parse().unwrap_or(usize::MAX);
        Self { files, read, faults: Faults::default(), sample: None }
    }

    /// What is wrong with them; a file that is not there has no field.
    fn add(&mut self, error: &TemplateError) {
        let field = self.files.get_key_value(&error.file);
        let field = field.map(|(file, _)| format!("{FILE}{file}"));
        self.faults.add(field.unwrap_or_default(), told(error));
    }
}

/// The files of a template.
pub(super) async fn form(visitor: Visitor, Path(name): Path<String>) -> Result<WebPage, Fault> {
    let shown = office::show_template(visitor.school(), &name)?;
    let typed = TypedFiles::of(&shown, &Form::asked(""));
    made(&visitor, &shown, TypedFiles { read: shown.versions, ..typed })
}

fn made(visitor: &Visitor, shown: &TemplateShown, typed: TypedFiles) -> Result<WebPage, Fault> {
    let title = format!("Modifier : {}", shown.listed.info.title);
    let field = |(file, text): (&String, &String)| {
        let name = format!("{FILE}{file}");
        let lines = u32::try_from(text.lines().count()).unwrap_or(40).clamp(3, 30);
        let fault = typed.faults.of(&name);
        let field = FormField::new(name, words(file), FieldKind::Lines(lines));
        field.hint(file.as_str()).typed(text.as_str()).required().fault(fault)
    };
    let fields = typed.files.iter().map(field).collect();
    let name = shown.listed.name.as_str();
    let body = TemplateForm { csrf: visitor.csrf(), name, title: title.clone(), typed, fields };
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

/// Saves it, or shows what it would say.
pub(super) async fn save(
    visitor: Visitor,
    Path(name): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let school = visitor.school();
    let shown = office::show_template(school, &name)?;
    let mut typed = TypedFiles::of(&shown, &posted);
    let (files, read) = (typed.files.clone(), typed.read);
    let refused = if posted.has("voir") {
        match office::try_template(school, &name, &files) {
            Ok(texts) => {
                typed.sample = Some(SampleTexts::of(texts));
                return Ok(made(&visitor, &shown, typed)?.into_response());
            }
            Err(refusal) => refusal,
        }
    } else {
        match office::save_template(school, visitor.actor(), &name, files, read).await {
            Ok(()) => return Ok(page::to(&format!("/modeles/{name}?fait=enregistre"))),
            Err(refusal) => refusal,
        }
    };
    match refused {
        TemplateRefusal::Fault(error) => typed.add(&error),
        TemplateRefusal::Changed(_) => {
            typed.read = shown.versions;
            typed.faults.add(
                "",
                "Quelqu’un a enregistré ce modèle entre-temps. Voici vos textes : comparez-les à la version actuelle avant d’enregistrer.",
            );
        }
        refusal => return Err(refusal.into()),
    }
    Ok(made(&visitor, &shown, typed)?.refused().into_response())
}

/// `SMS, ligne 3 : « x » n’existe pas ici`.
fn told(error: &TemplateError) -> String {
    let line = error.place.map(|place| format!(", ligne {}", place.line)).unwrap_or_default();
    format!("{}{line} : {}", words(&error.file), error.fault.in_french())
}
