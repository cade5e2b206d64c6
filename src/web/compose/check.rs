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
use super::kept::{self, Steps, WritingStep};
use super::last_look::{LastLookPart, Looked};
use super::text;
use crate::message::{DraftVersion, Follows, Urgency};
use crate::office::Refusal;
use crate::office::draft::DraftShown;
use crate::people::Right;

const TITLE: &str = "Vérifier avant d’envoyer";

#[derive(Template)]
#[template(path = "compose/check.html", config = "src/web/askama.toml")]
struct CheckBody<'a> {
    csrf: &'a str,
    done: Option<&'static str>,
    at: DraftVersion,
    steps: Steps,
    look: LastLookPart,
    /// What there is in the place of sending it, where a second person says yes first.
    asking: Option<AskingPart<'a>>,
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
    let looked = Looked { family: asked.family, again: asked.again, is_changed_here: true };
    match LastLookPart::of(&visitor, &kept, looked).await? {
        Ok(look) => shown(&visitor, &kept, look, &asked).await,
        Err(Refusal::Store(error)) => Err(error.into()),
        Err(refusal) => refused(&visitor, &kept, &refusal),
    }
}

async fn shown(
    visitor: &Visitor,
    kept: &DraftShown,
    look: LastLookPart,
    asked: &Looking,
) -> Result<Response, Fault> {
    let is_urgent = look.urgency == Urgency::Urgent;
    let may_send = visitor.may(Right::Send) && (!is_urgent || visitor.may(Right::SendUrgent));
    let follows = kept.draft.follows.as_ref();
    let is_correction = matches!(follows, Some(Follows::Corrects { .. }));
    let body = CheckBody {
        csrf: &visitor.session().csrf,
        done: asking::done(&asked.done),
        at: kept.at(),
        steps: Steps::of(kept.number, follows, WritingStep::Check),
        asking: AskingPart::of(visitor, kept.at(), &look, may_send).await?,
        again: asked.again,
        may_send,
        may_look: visitor.may(Right::SeeFamilies) && !is_correction,
        button: format!("Envoyer à {}", look.people),
        look,
    };
    Ok(visitor.page(Section::LastLook, TITLE, &body)?.into_response())
}

fn refused(visitor: &Visitor, kept: &DraftShown, refusal: &Refusal) -> Result<Response, Fault> {
    let at = kept.at();
    let mut told = refusals::told(refusal);
    if let Refusal::SentAlready { .. } = refusal {
        told = told.by(
            format!("{}?encore=true", kept::address(at.number, WritingStep::Check)),
            "L’envoyer quand même",
        );
    }
    let steps = Steps::of(at.number, kept.draft.follows.as_ref(), WritingStep::Check);
    let body = CannotLeave { at, steps, told };
    Ok(visitor.page(Section::LastLook, TITLE, &body)?.refused().into_response())
}
