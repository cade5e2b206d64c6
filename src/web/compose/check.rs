//! The last page before an announcement leaves: what will happen, to how many, and what each family sees.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::super::approvals::asking::{self, AskingPart};
use super::super::fault::{Explained, Fault};
use super::super::page::Section;
use super::super::refusals;
use super::super::visitor::Visitor;
use super::super::words::count;
use super::kept::{self, Steps, WritingStep};
use super::last_look::{SeenBy, WhatHappens};
use super::text;
use crate::message::{DraftVersion, Urgency};
use crate::office::draft::{self, DraftShown};
use crate::office::{self, Ready, Refusal};
use crate::people::Right;

const TITLE: &str = "Vérifier avant d’envoyer";

#[derive(Template)]
#[template(path = "compose/check.html", config = "src/web/askama.toml")]
struct CheckBody<'a> {
    csrf: &'a str,
    done: Option<&'static str>,
    at: DraftVersion,
    steps: Steps,
    happens: WhatHappens,
    /// What there is in the place of sending it, where a second person says yes first.
    asking: Option<AskingPart<'a>>,
    seen: Option<SeenBy>,
    again: bool,
    may_send: bool,
    may_look: bool,
    button: String,
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
    #[serde(default, rename = "fait")]
    done: String,
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
    let is_urgent = outlook.urgency == Urgency::Urgent;
    let may_send = visitor.may(Right::Send) && (!is_urgent || visitor.may(Right::SendUrgent));
    let people = count(outlook.reached(), "personne", "personnes");
    let changed_at = Some(kept.number);
    let body = CheckBody {
        csrf: &visitor.session().csrf,
        done: asking::done(&asked.done),
        at: kept.at(),
        steps: Steps::at(kept.number, WritingStep::Check),
        happens: WhatHappens::of(visitor, ready, &outlook, kept.subject.clone(), changed_at),
        asking: AskingPart::of(visitor, kept.at(), ready, may_send).await?,
        seen: SeenBy::of(visitor, ready, asked.family, more(asked.again))?,
        again: asked.again,
        may_send,
        may_look: visitor.may(Right::SeeFamilies),
        button: format!("Envoyer à {people}"),
    };
    Ok(visitor.page(Section::Announcements, TITLE, &body)?.into_response())
}

const fn more(again: bool) -> &'static str {
    if again { "&encore=true" } else { "" }
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
