//! The last page before an announcement leaves: what will happen, to how many, and what each family sees.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::fault::{Explained, Fault};
use super::super::page::Section;
use super::super::refusals;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::forecast::Forecast;
use super::kept::{self, Steps, WritingStep};
use super::text;
use crate::message::DraftVersion;
use crate::office::draft::{self, DraftShown};
use crate::office::{self, Ready, Refusal};
use crate::people::Right;

const TITLE: &str = "Vérifier avant d’envoyer";

#[derive(Template)]
#[template(path = "compose/check.html", config = "src/web/askama.toml")]
struct CheckBody<'a> {
    csrf: &'a str,
    at: DraftVersion,
    steps: Steps,
    subject: String,
    forecast: Forecast,
    seen: SeenBy,
    again: bool,
    may_send: bool,
    button: String,
}

/// What one of them sees.
struct SeenBy {
    /// Which of the sample.
    number: usize,
    /// How many there are to look at.
    of: usize,
    name: String,
    about: String,
    texts: Vec<(&'static str, String)>,
}

/// What is wrong, in the place of the page.
#[derive(Template)]
#[template(path = "compose/refused.html", config = "src/web/askama.toml")]
struct CannotLeave {
    at: DraftVersion,
    steps: Steps,
    told: Explained,
}

/// Which family is looked at, and whether the same may go again.
#[derive(Deserialize)]
pub(super) struct Looking {
    #[serde(default, rename = "famille")]
    family: usize,
    #[serde(default, rename = "encore")]
    again: bool,
}

/// The last page.
pub(super) async fn page(
    visitor: Visitor,
    Path(number): Path<u32>,
    Query(asked): Query<Looking>,
) -> Result<Response, Fault> {
    let kept = kept::open(&visitor, number).await?;
    let school = visitor.school();
    if !text::missing(school, &kept.draft.template, &kept.draft.fields).is_none() {
        return Ok(kept::go_on(number, WritingStep::Text));
    }
    match prepared(&visitor, kept.clone(), asked.again).await {
        Ok(ready) => shown(&visitor, &kept, &ready, &asked).await,
        Err(Refusal::Store(error)) => Err(error.into()),
        Err(refusal) => refused(&visitor, kept.at(), &refusal),
    }
}

async fn prepared(visitor: &Visitor, kept: DraftShown, again: bool) -> Result<Ready, Refusal> {
    draft::prepare(visitor.school(), kept, again).await
}

async fn shown(
    visitor: &Visitor,
    kept: &DraftShown,
    ready: &Ready,
    asked: &Looking,
) -> Result<Response, Fault> {
    let school = visitor.school();
    let outlook = office::outlook(school, ready).await?;
    if let Some(refusal) = &outlook.refused {
        return refused(visitor, kept.at(), refusal);
    }
    let total = outlook.addressees.total;
    let is_urgent = outlook.urgency == crate::message::Urgency::Urgent;
    let body = CheckBody {
        csrf: &visitor.session().csrf,
        at: kept.at(),
        steps: Steps::at(kept.number, WritingStep::Check),
        subject: kept.subject.clone(),
        seen: seen(visitor, ready, asked.family)?,
        forecast: Forecast::of(school, ready, &outlook, visitor.may(Right::SeeRulings)),
        again: asked.again,
        may_send: visitor.may(Right::Send) && (!is_urgent || visitor.may(Right::SendUrgent)),
        button: format!("Envoyer à {}", count(total, "personne", "personnes")),
    };
    Ok(visitor.page(Section::Announcements, TITLE, &body)?.into_response())
}

fn seen(visitor: &Visitor, ready: &Ready, wanted: usize) -> Result<SeenBy, Fault> {
    let number = wanted.min(ready.sample.len().saturating_sub(1));
    let texts = ready.texts_for(&visitor.school().renderer, number).map_err(Refusal::Template)?;
    let to = ready.sample.get(number);
    let about =
        to.map(|to| to.about.iter().map(crate::delivery::About::with_class).collect::<Vec<_>>());
    Ok(SeenBy {
        number,
        of: ready.sample.len(),
        name: to.map(|to| to.name.clone()).unwrap_or_default(),
        about: about.unwrap_or_default().join(", "),
        texts: texts.into_iter().map(|(channel, text)| (channel.in_french(), text)).collect(),
    })
}

fn refused(visitor: &Visitor, at: DraftVersion, refusal: &Refusal) -> Result<Response, Fault> {
    let mut told = refusals::told(refusal);
    if let Refusal::SentAlready { .. } = refusal {
        told = told.by(
            format!("{}?encore=true", kept::address(at.number, WritingStep::Check)),
            "L’envoyer quand même",
        );
    }
    let body = CannotLeave { at, steps: Steps::at(at.number, WritingStep::Check), told };
    Ok(visitor.page(Section::Announcements, TITLE, &body)?.refused().into_response())
}
