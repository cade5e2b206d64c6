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
use crate::message::{AnswerKind, BadQuestion, Draft, DraftVersion, Fields, Question};
use crate::office::School;
use crate::office::draft::DraftShown;
use crate::render::FieldSpec;

/// Before the name of each field of the template.
const FIELD: &str = "champ-";
/// The field of what is asked, and that of what may be answered.
const QUESTION: &str = "question";
const ANSWERS: &str = "reponses";
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
    /// What it may ask; nothing for what follows a message, which asks as that does.
    question: Vec<FormField>,
    reading: TextReading,
}

/// The form of the text.
pub(super) async fn form(visitor: Visitor, Path(number): Path<u32>) -> Result<WebPage, Fault> {
    let kept = kept::open_at(&visitor, number, WritingStep::Text).await?;
    let typed = (&kept.draft.fields, &TypedQuestion::of(&kept.draft));
    shown(&visitor, kept.at(), &kept.draft, typed, &Faults::default())
}

fn shown(
    visitor: &Visitor,
    at: DraftVersion,
    draft: &Draft,
    (typed, question): (&Fields, &TypedQuestion),
    faults: &Faults,
) -> Result<WebPage, Fault> {
    let template = &draft.template;
    let title = title(visitor.school(), template);
    let body = Text {
        csrf: &visitor.session().csrf,
        at,
        steps: Steps::of(at.number, draft.follows.as_ref(), WritingStep::Text),
        fields: fields(visitor.school(), template, typed, faults),
        question: if draft.follows.is_some() { Vec::new() } else { question.fields(faults) },
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
    let asked = TypedQuestion::posted(&posted);
    let (question, bad) = asked.put_to(&draft);
    // What a correction empties it says so.
    typed.retain(|_, typed| draft.follows.is_some() || !typed.is_empty());
    let draft = Draft { fields: typed.clone(), question, ..draft };
    if let Saved::NotKept(now, faults) = kept::save(&visitor, seen, draft.clone()).await? {
        let typed = (&typed, &asked);
        return Ok(shown(&visitor, now, &draft, typed, &faults)?.refused().into_response());
    }
    let mut faults = missing(visitor.school(), &draft.template, &typed);
    if let Some(bad) = bad {
        faults.add(QUESTION, told(bad));
    }
    if faults.is_none() || posted.has("plus-tard") && bad.is_none() {
        let next = match draft.follows {
            _ if posted.has("plus-tard") => WritingStep::Text,
            Some(_) => WritingStep::Check,
            None => WritingStep::Audience,
        };
        return Ok(kept::go_on(number, next));
    }
    let at = kept::open_at(&visitor, number, WritingStep::Text).await?.at();
    Ok(shown(&visitor, at, &draft, (&typed, &asked), &faults)?.refused().into_response())
}

/// What is asked, and what may be answered, as it was typed.
struct TypedQuestion {
    text: String,
    answers: AnswerKind,
}

impl TypedQuestion {
    fn of(draft: &Draft) -> Self {
        let asked = draft.question.as_ref();
        let text = asked.map(Question::text).unwrap_or_default().to_owned();
        Self { text, answers: asked.map(Question::answers).unwrap_or_default() }
    }

    fn posted(posted: &Form) -> Self {
        let answers = AnswerKind::from_word(posted.text(ANSWERS)).unwrap_or_default();
        Self { text: posted.text(QUESTION).to_owned(), answers }
    }

    fn fields(&self, faults: &Faults) -> Vec<FormField> {
        let choice = |it: AnswerKind| (it.as_str().to_owned(), it.in_french().to_owned());
        let kinds = FieldKind::OneOf(AnswerKind::ALL.map(choice).into());
        let text = FormField::new(QUESTION, "Question aux familles", FieldKind::Line)
            .hint("Facultatif. Exemple : Venez-vous à la réunion de jeudi ?")
            .typed(&*self.text)
            .fault(faults.of(QUESTION));
        let answers = FormField::new(ANSWERS, "Réponses possibles", kinds);
        vec![text, answers.typed(self.answers.as_str())]
    }

    /// The question, and what is wrong with it; what follows a message asks as that does.
    fn put_to(&self, draft: &Draft) -> (Option<Question>, Option<BadQuestion>) {
        if draft.follows.is_some() {
            return (draft.question.clone(), None);
        }
        match Question::new(&self.text, self.answers) {
            Ok(question) => (Some(question), None),
            Err(BadQuestion::Blank) => (None, None),
            Err(bad @ BadQuestion::TooLong) => (None, Some(bad)),
        }
    }
}

const fn told(bad: BadQuestion) -> &'static str {
    match bad {
        BadQuestion::Blank => "La question est vide.",
        BadQuestion::TooLong => "La question dépasse 160 signes : un SMS la porte aussi.",
    }
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
    let (question, _) = TypedQuestion::posted(&posted).put_to(&kept.draft);
    let draft = Draft { question, ..kept.draft };
    WebPage::part(&TextReading::of(visitor.school(), &draft, &typed(&posted)))
}
