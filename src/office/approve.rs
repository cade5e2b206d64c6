//! A second person says yes, and the draft leaves.

use super::approval::{ApprovalRefusal, decided_by, nothing_asked};
use super::correct::correct_at_once;
use super::launch::launch_at_once;
use super::ready_draft::{ReadyCorrection, ReadyDraft, ready_draft};
use super::{Ready, Refusal, School, accounts, draft};
use crate::accounts::{Account, Right};
use crate::message::{DraftVersion, Message, Urgency};
use crate::people::{Act, Actor, By};
use crate::store::{StoreError, Tx, journal};

/// Says yes: the draft leaves, by the name of who asked, to whom it means now.
pub async fn approve(
    school: &School,
    account: &Account,
    at: DraftVersion,
) -> Result<Message, ApprovalRefusal> {
    let kept = decided_by(school, account, at).await?;
    let shown = draft::open(school, at.number).await?;
    let ready = ready_draft(school, shown, true).await?;
    if !may_send(school, &kept.asked.actor, ready.urgency()).await? {
        return Err(ApprovalRefusal::MaySendNoMore);
    }
    let (asker, approved) = (kept.asked.actor, Some(school.by(account.actor())));
    let launched = match ready {
        ReadyDraft::Announcement(ready) => {
            let ready = Ready { approved, draft: Some(at), ..*ready };
            launch_at_once(school, asker, ready).await
        }
        ReadyDraft::Correction(ready) => {
            let ReadyCorrection { earlier, message, .. } = *ready;
            let from = Some((at, approved));
            correct_at_once(school, asker, &earlier, message, from).await.map(|it| it.0)
        }
    };
    match launched {
        Err(Refusal::Store(StoreError::Overtaken)) => Err(nothing_asked(school, at).await),
        launched => Ok(launched?),
    }
}

/// Who said yes to a message before it left, and when; `None` where it needed nobody's yes.
pub async fn approved_by(school: &School, message: &Message) -> Result<Option<By>, StoreError> {
    let (id, code) = (school.queue.school().clone(), message.code.clone());
    let look = move |tx: &Tx<'_>| journal::last(tx, &id, Act::Approve, code.as_str());
    Ok(school.store().read(look).await?.map(|entry| entry.by))
}

/// Whether who asked may still send it.
async fn may_send(school: &School, asker: &Actor, urgency: Urgency) -> Result<bool, StoreError> {
    let of_urgent = urgency == Urgency::Urgent;
    let may = |it: &Account| it.may(Right::Send) && (!of_urgent || it.may(Right::SendUrgent));
    Ok(accounts(school).await?.iter().any(|it| it.is(asker) && may(it)))
}
