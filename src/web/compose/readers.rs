//! The draft whose readers are looked at, made ready, and the one of them who is.

use super::super::fault::Fault;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::kept;
use crate::message::DraftVersion;
use crate::office::draft::{self, DraftShown};
use crate::office::{self, Reader, ReaderSought, Ready};
use crate::people::Right;

/// The draft, for whoever may see families.
pub(super) async fn opened(visitor: &Visitor, number: u32) -> Result<DraftShown, Fault> {
    if !visitor.may(Right::SeeFamilies) {
        return Err(Fault::NotAllowed);
    }
    kept::open(visitor, number).await
}

/// The same, made ready.
pub(super) async fn ready(visitor: &Visitor, number: u32) -> Result<(DraftVersion, Ready), Fault> {
    let kept = opened(visitor, number).await?;
    let at = kept.at();
    Ok((at, draft::prepare(visitor.school(), kept, true).await?))
}

/// The one who is looked for, of those whom they may see.
pub(super) async fn reader(
    visitor: &Visitor,
    ready: &Ready,
    sought: ReaderSought,
) -> Result<Option<Reader>, Fault> {
    let (school, actor) = (visitor.school(), visitor.actor());
    Ok(office::look_at_reader(school, actor, &visitor.whom(), ready, sought).await?)
}

/// Which family was looked at.
pub(super) fn place(posted: &Form) -> usize {
    posted.text("place").parse().unwrap_or_default()
}
