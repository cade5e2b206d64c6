//! The draft that a page is about, and the steps of writing it.

use askama::Template;

use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page;
use super::super::posted::Form;
use super::super::refusals;
use super::super::visitor::Visitor;
use crate::message::{Draft, DraftVersion, Follows};
use crate::office::Refusal;
use crate::office::draft::{self, DraftShown};

/// A step of writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WritingStep {
    /// What is said.
    Text,
    /// To whom.
    Audience,
    /// By which ways, and until when.
    Sending,
    /// What will happen.
    Check,
}

const STEPS: [(WritingStep, &str, &str); 4] = [
    (WritingStep::Text, "texte", "Le texte"),
    (WritingStep::Audience, "destinataires", "Les destinataires"),
    (WritingStep::Sending, "envoi", "L’envoi"),
    (WritingStep::Check, "verifier", "Vérifier"),
];

/// The steps of a draft, with the one that a page is.
#[derive(Template)]
#[template(path = "compose/steps.html", config = "src/web/askama.toml")]
pub(super) struct Steps {
    number: u32,
    steps: Vec<(&'static str, &'static str, bool)>,
}

impl Steps {
    /// Those of an announcement's draft.
    pub(super) fn at(number: u32, here: WritingStep) -> Self {
        Self::of(number, None, here)
    }

    /// Those of any draft.
    pub(super) fn of(number: u32, follows: Option<&Follows>, here: WritingStep) -> Self {
        let steps = STEPS.into_iter().filter(|(step, ..)| has_step(follows, *step));
        Self { number, steps: steps.map(|(step, path, name)| (path, name, step == here)).collect() }
    }
}

/// Whether a draft has a step: whom it goes to, and how, the message says that it follows; another try says the same.
const fn has_step(follows: Option<&Follows>, step: WritingStep) -> bool {
    match (follows, step) {
        (None, _) | (Some(_), WritingStep::Check) => true,
        (Some(Follows::Corrects { .. }), step) => matches!(step, WritingStep::Text),
        (Some(Follows::Retries { .. }), _) => false,
    }
}

/// The step with which somebody goes on who comes back to a draft.
pub(super) const fn first_step(draft: &Draft) -> WritingStep {
    if has_step(draft.follows.as_ref(), WritingStep::Text) {
        WritingStep::Text
    } else {
        WritingStep::Check
    }
}

/// What a list calls a draft: `Rectificatif : Le cross`.
pub(crate) fn listed_as(draft: &DraftShown) -> String {
    let subject = if draft.subject.is_empty() { "Annonce sans objet" } else { &draft.subject };
    match &draft.draft.follows {
        None => subject.to_owned(),
        Some(Follows::Corrects { .. }) => format!("Rectificatif : {subject}"),
        Some(Follows::Retries { .. }) => format!("Relance : {subject}"),
    }
}

/// The address of a step of a draft.
pub(crate) fn address(number: u32, step: WritingStep) -> String {
    let path = STEPS.iter().find(|(one, ..)| *one == step).map_or("", |(_, path, _)| path);
    format!("/annonces/brouillons/{number}/{path}")
}

/// The draft of this number, as it is kept now.
pub(crate) async fn open(visitor: &Visitor, number: u32) -> Result<DraftShown, Fault> {
    draft::open(visitor.school(), number).await.map_err(|refusal| match refusal {
        Refusal::NoSuchDraft(_) => Fault::NothingThere,
        other => other.into(),
    })
}

/// The same, for a step of writing it; refused where it has no such step.
pub(super) async fn open_at(
    visitor: &Visitor,
    number: u32,
    step: WritingStep,
) -> Result<DraftShown, Fault> {
    let kept = open(visitor, number).await?;
    match &kept.draft.follows {
        Some(follows) if !has_step(Some(follows), step) => {
            Err(Refusal::DraftFollows { number, code: follows.message().clone() }.into())
        }
        _ => Ok(kept),
    }
}

/// The version that somebody had before them as they typed.
pub(crate) fn seen(posted: &Form, number: u32) -> Result<DraftVersion, Fault> {
    let version = posted.text("version").parse().map_err(|_| Fault::Unreadable)?;
    Ok(DraftVersion { number, version })
}

/// What became of a save.
pub(super) enum Saved {
    /// It is kept.
    Kept,
    /// It is not, and why: what was typed is shown again, to be saved over this version or not. A colleague saved
    /// meanwhile, or its audience is not theirs to choose.
    NotKept(DraftVersion, Faults),
}

/// Saves over the version that was seen.
pub(super) async fn save(
    visitor: &Visitor,
    over: DraftVersion,
    draft: Draft,
) -> Result<Saved, Fault> {
    let saved = draft::save(visitor.school(), visitor.actor(), draft, Some(over)).await;
    let mut faults = Faults::default();
    let (number, version, at, by) = match saved {
        Ok(_) => return Ok(Saved::Kept),
        Err(Refusal::DraftChanged { number, version, at, by }) => (number, version, at, by),
        Err(refusal @ Refusal::Beyond) => {
            let told = refusals::told(&refusal);
            faults.add("", format!("{} {}", told.what, told.then));
            return Ok(Saved::NotKept(over, faults));
        }
        Err(other) => return Err(other.into()),
    };
    faults.add("", format!(
        "{by} a enregistré ce brouillon le {at}, pendant que vous écriviez. Rien n’a été remplacé : ce que vous \
         avez écrit est ci-dessous. Enregistrez de nouveau pour le mettre à la place de ce que {by} a écrit, ou \
         ouvrez le brouillon dans un autre onglet pour comparer."
    ));
    Ok(Saved::NotKept(DraftVersion { number, version }, faults))
}

/// Goes on to a step.
pub(super) fn go_on(number: u32, step: WritingStep) -> axum::response::Response {
    page::to(&address(number, step))
}
