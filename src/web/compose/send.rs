//! The announcement leaves.

use axum::extract::Path;
use axum::response::Response;

use super::super::fault::Fault;
use super::super::page;
use super::super::posted::Form;
use super::super::visitor::Visitor;
use super::kept::{self, WritingStep};
use crate::message::{Code, Urgency};
use crate::office::{self, Refusal, draft};
use crate::people::Right;

/// Launches the version that was looked at. Asked twice, it answers where the announcement is.
pub(super) async fn send(
    visitor: Visitor,
    Path(number): Path<u32>,
    posted: Form,
) -> Result<Response, Fault> {
    let sent = launched(&visitor, number, &posted).await;
    match sent {
        Ok(code) => Ok(page::to(&format!("/annonces/{code}?fait=envoyee"))),
        Err(NotSent::Refused(Refusal::DraftLaunched { code, .. })) => {
            Ok(page::to(&format!("/annonces/{code}")))
        }
        // More of them than as it was looked at.
        Err(NotSent::Refused(Refusal::NeedsApproval { .. })) => {
            Ok(kept::go_on(number, WritingStep::Check))
        }
        Err(NotSent::Refused(Refusal::NoSuchDraft(_))) => Err(Fault::NothingThere),
        Err(NotSent::Refused(refusal)) => Err(refusal.into()),
        Err(NotSent::Fault(fault)) => Err(fault),
    }
}

/// Why it did not leave.
enum NotSent {
    Refused(Refusal),
    Fault(Fault),
}

async fn launched(visitor: &Visitor, number: u32, posted: &Form) -> Result<Code, NotSent> {
    let school = visitor.school();
    let seen = kept::seen(posted, number).map_err(NotSent::Fault)?;
    let kept = draft::open(school, number).await.map_err(NotSent::Refused)?;
    let ready = office::ready_draft(school, kept, posted.has("encore")).await;
    let ready = ready.map_err(NotSent::Refused)?;
    may_leave(visitor, ready.urgency()).map_err(NotSent::Fault)?;
    // What was looked at is what leaves: a colleague may have saved since.
    let launched = office::launch_draft(school, visitor.actor(), ready, seen).await;
    Ok(launched.map_err(NotSent::Refused)?.code)
}

/// Refused where what is urgent is not theirs to send.
pub(crate) fn may_leave(visitor: &Visitor, urgency: Urgency) -> Result<(), Fault> {
    let is_urgent = urgency == Urgency::Urgent;
    if is_urgent && !visitor.may(Right::SendUrgent) { Err(Fault::NotAllowed) } else { Ok(()) }
}
