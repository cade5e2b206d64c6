//! What an announcement says: the fields of its template.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::kept::{self, Saved, Steps, WritingStep};
use super::reading::TextReading;
use crate::message::{Draft, DraftVersion, Fields};
use crate::office::School;
use crate::office::draft::DraftShown;
use crate::render::FieldSpec;

/// Before the name of each field of the template.
const FIELD: &str = "champ-";
/// How many lines a field of several shows.
const LINES: u32 = 4;

#[derive(Template)]
#[template(path = "compose/text.html", config = "src/web/askama.toml")]
struct Text<'a> {
    csrf: &'a str,
    at: DraftVersion,
    title: String,
    steps: Steps,
    faults: Faults,
    fields: Vec<FormField>,
    reading: TextReading,
}

/// The form of the text.
pub(super) async fn form(visitor: Visitor, Path(number): Path<u32>) -> Result<WebPage, Fault> {
    let kept = kept::open_at(&visitor, number, WritingStep::Text).await?;
    shown(&visitor, kept.at(), &kept.draft, &kept.draft.fields, &Faults::default())
}

fn shown(
    visitor: &Visitor,
    at: DraftVersion,
    draft: &Draft,
    typed: &Fields,
    faults: &Faults,
) -> Result<WebPage, Fault> {
    let template = &draft.template;
    let title = title(visitor.school(), template);
    let body = Text {
        csrf: &visitor.session().csrf,
        at,
        steps: Steps::of(at.number, draft.follows.as_ref(), WritingStep::Text),
        fields: fields(visitor.school(), template, typed, faults),
        reading: TextReading::of(visitor.school(), draft, typed),
        faults: faults.clone(),
        title: title.clone(),
    };
    visitor.page(Section::Writing, &title, &body)
}

fn title(school: &School, template: &str) -> String {
    let templates = school.renderer.templates();
    let info = templates.info(template);
    info.map_or_else(
        |_| template.to_owned(),
        |info| format!("Le texte : {}", info.title.to_lowercase()),
    )
}

/// The fields of a template as they were typed, each with its example.
pub(crate) fn fields(
    school: &School,
    template: &str,
    typed: &Fields,
    faults: &Faults,
) -> Vec<FormField> {
    specs(school, template).iter().map(|spec| field(spec, typed, faults)).collect()
}

/// What was typed into the fields of a template; those that stayed empty too.
pub(crate) fn typed(posted: &Form) -> Fields {
    let typed = posted.beginning(FIELD);
    typed.map(|(name, typed)| (name.to_owned(), typed.to_owned())).collect()
}

fn specs(school: &School, template: &str) -> Vec<FieldSpec> {
    school.renderer.templates().info(template).map(|info| info.fields.clone()).unwrap_or_default()
}

fn field(spec: &FieldSpec, typed: &Fields, faults: &Faults) -> FormField {
    let kind = match (&spec.choices, spec.single_line) {
        (choices, _) if !choices.is_empty() => {
            let chosen = |it: &String| (it.clone(), it.clone());
            let nothing = (!spec.required).then(|| (String::new(), "–".to_owned()));
            FieldKind::OneOf(nothing.into_iter().chain(choices.iter().map(chosen)).collect())
        }
        (_, true) => FieldKind::Line,
        _ => FieldKind::Lines(LINES),
    };
    let name = format!("{FIELD}{}", spec.name);
    let fault = faults.of(&name);
    let field = FormField::new(name, &spec.label, kind)
        .hint(format!("Exemple : {}", spec.example.trim()))
        .typed(typed.get(&spec.name).cloned().unwrap_or_default())
        .fault(fault);
    if spec.required { field.required() } else { field }
}

/// Keeps what was typed, complete or not, and goes on where nothing is missing.
pub(super) async fn save(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let kept = kept::open_at(&visitor, number, WritingStep::Text).await?;
    let mut typed = typed(&posted);
    let seen = kept::seen(&posted, number)?;
    let DraftShown { draft, .. } = kept;
    // What a correction empties it says so.
    typed.retain(|_, typed| draft.follows.is_some() || !typed.is_empty());
    let draft = Draft { fields: typed.clone(), ..draft };
    if let Saved::NotKept(now, faults) = kept::save(&visitor, seen, draft.clone()).await? {
        return Ok(shown(&visitor, now, &draft, &typed, &faults)?.refused().into_response());
    }
    let faults = missing(visitor.school(), &draft.template, &typed);
    if faults.is_none() || posted.has("plus-tard") {
        let next = match draft.follows {
            _ if posted.has("plus-tard") => WritingStep::Text,
            Some(_) => WritingStep::Check,
            None => WritingStep::Audience,
        };
        return Ok(kept::go_on(number, next));
    }
    let at = kept::open_at(&visitor, number, WritingStep::Text).await?.at();
    Ok(shown(&visitor, at, &draft, &typed, &faults)?.refused().into_response())
}

/// The fields that the announcement cannot leave without.
pub(crate) fn missing(school: &School, template: &str, typed: &Fields) -> Faults {
    let mut faults = Faults::default();
    for spec in specs(school, template).iter().filter(|it| it.required) {
        if typed.get(&spec.name).is_none_or(|typed| typed.trim().is_empty()) {
            let what = format!("Remplissez « {} ».", spec.short_label());
            faults.add(format!("{FIELD}{}", spec.name), what);
        }
    }
    faults
}

/// What there is to say of what is typed just now; a part of the form's page. Nothing is kept.
pub(super) async fn read(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<WebPage, Fault> {
    let kept = kept::open_at(&visitor, number, WritingStep::Text).await?;
    WebPage::part(&TextReading::of(visitor.school(), &kept.draft, &typed(&posted)))
}
