//! To whom an announcement goes: chosen, or typed as a rule; with how many that is.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};

use super::super::audience::{Chooser, HowMany, rule_of};
use super::super::fault::Fault;
use super::super::field::Faults;
use super::super::page::{Section, WebPage};
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::kept::{self, Saved, Steps, WritingStep};
use crate::message::{Draft, DraftVersion};

const TITLE: &str = "Les destinataires";

#[derive(Template)]
#[template(path = "compose/audience.html", config = "src/web/askama.toml")]
struct AudiencePage<'a> {
    csrf: &'a str,
    at: DraftVersion,
    steps: Steps,
    faults: Faults,
    typed: &'a str,
    chooser: Chooser,
    count: HowMany,
}

/// The form of the audience.
pub(super) async fn form(visitor: Visitor, Path(number): Path<u32>) -> Result<WebPage, Fault> {
    let kept = kept::open_at(&visitor, number, WritingStep::Audience).await?;
    shown(&visitor, kept.at(), &kept.draft.audience, Faults::default()).await
}

async fn shown(
    visitor: &Visitor,
    at: DraftVersion,
    typed: &str,
    faults: Faults,
) -> Result<WebPage, Fault> {
    let body = AudiencePage {
        csrf: &visitor.session().csrf,
        at,
        steps: Steps::at(at.number, WritingStep::Audience),
        faults,
        typed,
        chooser: Chooser::of(visitor, typed).await?,
        count: HowMany::of(visitor, typed).await?,
    };
    visitor.page(Section::Writing, TITLE, &body)
}

/// Keeps the audience, and goes on where it means somebody.
pub(super) async fn save(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let kept = kept::open_at(&visitor, number, WritingStep::Audience).await?;
    let typed = rule_of(visitor.school(), &posted).await?;
    let over = kept::seen(&posted, number)?;
    let draft = Draft { audience: typed.clone(), ..kept.draft };
    if let Saved::NotKept(now, faults) = kept::save(&visitor, over, draft).await? {
        return Ok(shown(&visitor, now, &typed, faults).await?.refused().into_response());
    }
    let next = if posted.has("compter") { WritingStep::Audience } else { WritingStep::Sending };
    let count = HowMany::of(&visitor, &typed).await?;
    let Some(told) = count.fault else { return Ok(kept::go_on(number, next)) };
    let mut faults = Faults::default();
    faults.add("", format!("{} {}", told.what, told.then));
    let at = kept::open_at(&visitor, number, WritingStep::Audience).await?.at();
    Ok(shown(&visitor, at, &typed, faults).await?.refused().into_response())
}

/// How many what is chosen just now means; a part of the form's page. A rule may name somebody: it is posted, and no
/// address shows it.
pub(super) async fn count(visitor: Visitor, posted: Form) -> Result<WebPage, Fault> {
    let typed = rule_of(visitor.school(), &posted).await?;
    WebPage::part(&HowMany::of(&visitor, &typed).await?)
}
