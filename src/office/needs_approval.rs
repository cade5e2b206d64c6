//! What needs the yes of a second person, and that a yes is used once.

use super::{Refusal, School};
use crate::message::{DraftVersion, Message, Urgency};
use crate::people::{Act, Actor, By};
use crate::store::{StoreError, Tx, approvals, journal};

/// Whether what goes to so many, so soon, needs the yes of a second person, for whom asks.
#[must_use]
pub fn needs_approval(school: &School, actor: &Actor, recipients: usize, urgency: Urgency) -> bool {
    matches!(actor, Actor::Account { .. })
        && school.config.approval.is_needed(recipients, urgency == Urgency::Urgent)
}

/// Refused where it does.
pub(super) fn check_needs_none(
    school: &School,
    actor: &Actor,
    recipients: usize,
    urgency: Urgency,
) -> Result<(), Refusal> {
    if needs_approval(school, actor, recipients, urgency) {
        return Err(Refusal::NeedsApproval { recipients });
    }
    Ok(())
}

/// As a draft leaves: uses the yes up that it has, and nothing leaves where somebody was faster; what was asked about
/// one that needs none is gone.
pub(super) fn take(
    tx: &Tx<'_>,
    at: DraftVersion,
    message: &Message,
    approved: Option<&By>,
) -> Result<(), StoreError> {
    let Some(by) = approved else { return approvals::end(tx, &message.school, at.number) };
    if !approvals::take(tx, &message.school, at)? {
        return Err(StoreError::Overtaken);
    }
    journal::note(tx, &message.school, by, Act::Approve, message.code.as_str())
}
