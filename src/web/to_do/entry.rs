//! One thing that waits: what was said and tried, and what is done about it.

use askama::Template;
use axum::extract::{Path, RawQuery};
use axum::response::{IntoResponse, Response};

use super::super::fault::Fault;
use super::super::field::{Faults, FieldKind, FormField};
use super::super::file as files;
use super::super::page::{self, Section, WebPage};
use super::super::posted::Form;
use super::super::refusals::told_of_answer;
use super::super::visitor::Visitor;
use super::super::words::hour_of;
use super::mailed::{MailedForm, MailedTyped};
use super::{entry_words, tried};
use crate::office::{self, AttachmentShown, EntryKind, EntryName, InboxEntry, ToldContact};
use crate::people::{ContactPoint, Right};

#[derive(Template)]
#[template(path = "to_do/entry.html", config = "src/web/askama.toml")]
struct EntryPage<'a> {
    csrf: &'a str,
    done: &'static str,
    faults: Faults,
    entry: &'a InboxEntry,
    path: String,
    who: String,
    what: String,
    since: String,
    tried: Vec<String>,
    attached: Vec<Attached>,
    /// The contacts that stand in it and are not kept; none for whoever may not change families.
    told: Vec<ToldShown>,
    /// Who saw to it, when, and what was done.
    settled: Option<String>,
    answer: Option<FormField>,
    /// What a colleague attached for pupils.
    mailed: Option<MailedForm>,
    /// Whether what is attached may be read as pages.
    can_read: bool,
    how: FormField,
    assign: FormField,
}

/// Something attached, and where it is given, where it was kept.
struct Attached {
    name: String,
    path: Option<String>,
    weight: String,
}

impl Attached {
    fn of(entry: &InboxEntry, one: &AttachmentShown) -> Self {
        let path = entry_words::path(&entry.name);
        let weight = entry_words::weight(one.octets);
        Self {
            name: one.name.clone(),
            path: one.is_kept.then(|| format!("{path}/pieces/{}", one.number)),
            weight: if one.is_kept { weight } else { format!("{weight}, trop pour être gardée") },
        }
    }
}

/// A contact that somebody told.
struct ToldShown {
    channel: &'static str,
    /// As it is kept; empty where nothing is replaced.
    was: String,
    is: String,
    /// As people read it.
    was_shown: Option<String>,
    shown: String,
}

impl ToldShown {
    fn of(told: &ToldContact) -> Self {
        let shown = |value: &str| {
            let point = ContactPoint::from_stored(told.channel, value);
            point.and_then(|it| it.shown()).unwrap_or_else(|| value.to_owned())
        };
        Self {
            channel: told.channel.as_str(),
            was: told.was.clone().unwrap_or_default(),
            is: told.is.clone(),
            was_shown: told.was.as_deref().map(shown),
            shown: shown(&told.is),
        }
    }
}

/// What was typed into a form of the entry.
#[derive(Default)]
pub(super) struct EntryTyped {
    answer: String,
    how: String,
    to: String,
    documents: Option<MailedTyped>,
    faults: Faults,
}

impl EntryTyped {
    /// What was typed of documents, and what is wrong with it.
    pub(super) fn of_documents(documents: MailedTyped, faults: Faults) -> Self {
        Self { documents: Some(documents), faults, ..Self::default() }
    }
}

/// One entry.
pub(super) async fn show(
    visitor: Visitor,
    Path(named): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<WebPage, Fault> {
    let asked = Form::asked(query.as_deref().unwrap_or_default());
    let done = match asked.text("fait") {
        "confie" => "C’est noté : votre collègue le verra à son nom.",
        "repondu" => "La réponse est partie, et cela sort de la liste.",
        "applique" => "C’est enregistré dans l’annuaire.",
        "traite" => "C’est noté : cela sort de la liste.",
        "rouvert" => "C’est de nouveau à traiter.",
        _ => "",
    };
    made(&visitor, &name(&named)?, EntryTyped::default(), done).await
}

pub(super) fn name(typed: &str) -> Result<EntryName, Fault> {
    typed.parse().map_err(|_| Fault::NothingThere)
}

/// What stands there, for whoever has to do with it.
async fn seen(visitor: &Visitor, name: &EntryName) -> Result<InboxEntry, Fault> {
    let (school, whom) = (visitor.school(), visitor.whom());
    let found = office::look_at_entry(school, visitor.actor(), &whom, name).await?;
    found.ok_or(Fault::NothingThere)
}

pub(super) async fn made(
    visitor: &Visitor,
    name: &EntryName,
    typed: EntryTyped,
    done: &'static str,
) -> Result<WebPage, Fault> {
    let (school, entry) = (visitor.school(), seen(visitor, name).await?);
    let sees_rulings = visitor.may(Right::SeeRulings);
    let may_edit = visitor.may(Right::EditFamilies);
    let settled = entry.settled.as_ref().map(|said| {
        let how = entry.how.as_ref().map(|how| format!(" : {how}")).unwrap_or_default();
        format!("Traité par {} {}{how}", said.by, hour_of(school, said.at))
    });
    let sees_everybody = visitor.sees_everybody().is_ok();
    let is_open = settled.is_none() && sees_everybody;
    let can_answer = is_open && entry.kind == EntryKind::Reply && entry.sender.is_some();
    let answer = can_answer.then(|| {
        FormField::new("reponse", "Répondre par la même voie", FieldKind::Lines(4))
            .hint(entry.sender.as_ref().map(|to| format!("Part à {to}.")).unwrap_or_default())
            .typed(typed.answer.as_str())
            .required()
            .fault(typed.faults.of("reponse"))
    });
    let who = entry_words::who(&entry);
    let body = EntryPage {
        csrf: visitor.csrf(),
        done,
        path: entry_words::path(name),
        what: entry_words::what(&entry),
        since: hour_of(school, entry.since),
        tried: entry.tried.iter().map(|way| tried::in_words(way, sees_rulings)).collect(),
        attached: entry.attachments.iter().map(|one| Attached::of(&entry, one)).collect(),
        told: entry.told.iter().filter(|_| may_edit).map(ToldShown::of).collect(),
        mailed: MailedForm::of(visitor, &entry, (typed.documents, &typed.faults)),
        can_read: is_open && entry.attachments.iter().any(|one| one.is_kept),
        settled,
        answer,
        how: FormField::new("quoi", "Ce qui a été fait", FieldKind::Line)
            .hint("Par exemple : « appelée, elle viendra ». Peut rester vide.")
            .typed(typed.how.as_str()),
        assign: FormField::new("a", "Confier à", FieldKind::Line)
            .hint("Le nom d’un collègue, tel que vous l’appelez.")
            .typed(typed.to.as_str())
            .required()
            .fault(typed.faults.of("a")),
        faults: typed.faults,
        who: who.clone(),
        entry: &entry,
    };
    visitor.page(Section::ToDo, &who, &body)
}

/// Something that is attached to it: as it came, for the browser to keep.
pub(super) async fn attachment(
    visitor: Visitor,
    Path((named, number)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let (school, whom, name) = (visitor.school(), visitor.whom(), name(&named)?);
    let number = number.parse().map_err(|_| Fault::NothingThere)?;
    let given = office::take_attachment(school, visitor.actor(), &whom, &name, number).await?;
    let given = given.ok_or(Fault::NothingThere)?;
    Ok(files::foreign(&given.name, given.content))
}

fn back(name: &EntryName, done: &str) -> Response {
    page::to(&format!("{}?fait={done}", entry_words::path(name)))
}

/// A colleague is to see to it.
pub(super) async fn assign(
    visitor: Visitor,
    Path(named): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let (name, to) = (name(&named)?, posted.text("a").to_owned());
    if to.is_empty() {
        let mut typed = EntryTyped::default();
        typed.faults.add("a", "Dites à qui cela est confié.");
        return Ok(made(&visitor, &name, typed, "").await?.refused().into_response());
    }
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    office::assign_entry(school, actor, &whom, name.clone(), Some(to)).await?;
    Ok(back(&name, "confie"))
}

/// A contact that somebody told is put in its place.
pub(super) async fn put_right(
    visitor: Visitor,
    Path(named): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    // What is said of the directory says something of the list too.
    if !visitor.may(Right::CarryByHand) {
        return Err(Fault::NotAllowed);
    }
    let name = name(&named)?;
    let told = ToldContact {
        channel: posted.text("voie").parse().map_err(|_| Fault::Unreadable)?,
        was: posted.some("etait").map(str::to_owned),
        is: posted.text("est").to_owned(),
    };
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    office::apply_told_contact(school, actor, &whom, name.clone(), told).await?;
    Ok(back(&name, "applique"))
}

/// Somebody saw to it.
pub(super) async fn settle(
    visitor: Visitor,
    Path(named): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let (name, how) = (name(&named)?, posted.text("quoi").to_owned());
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    office::settle_entry(school, actor, &whom, name.clone(), how).await?;
    Ok(back(&name, "traite"))
}

/// That is taken back.
pub(super) async fn reopen(
    visitor: Visitor,
    Path(named): Path<String>,
    _: Form,
) -> Result<Response, Fault> {
    let name = name(&named)?;
    let (school, actor, whom) = (visitor.school(), visitor.actor(), visitor.whom());
    office::reopen_entry(school, actor, &whom, name.clone()).await?;
    Ok(back(&name, "rouvert"))
}

/// Whoever wrote is answered.
pub(super) async fn answer(
    visitor: Visitor,
    Path(named): Path<String>,
    posted: Form,
) -> Result<Response, Fault> {
    let (name, text) = (name(&named)?, posted.text("reponse").to_owned());
    let (school, guard) = (visitor.school(), visitor.web().guard());
    let (actor, whom) = (visitor.actor(), visitor.whom());
    let left = office::answer_entry(school, actor, &whom, name.clone(), &text, guard).await;
    match left {
        Ok(_) => Ok(back(&name, "repondu")),
        Err(refusal) => {
            let told = told_of_answer(&refusal);
            let mut typed = EntryTyped { answer: text, ..EntryTyped::default() };
            typed.faults.add("reponse", format!("{} {}", told.what, told.then));
            Ok(made(&visitor, &name, typed, "").await?.refused().into_response())
        }
    }
}
