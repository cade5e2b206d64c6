//! A second person says yes, and the draft leaves.

use super::approval::{ApprovalRefusal, decided_by};
use super::launch::launch_at_once;
use super::{Ready, Refusal, School, draft};
use crate::accounts::Account;
use crate::message::{DraftVersion, Message};
use crate::store::StoreError;

/// Says yes: the draft leaves, by the name of who asked, to whom it means now.
pub async fn approve(
    school: &School,
    account: &Account,
    at: DraftVersion,
) -> Result<Message, ApprovalRefusal> {
    let kept = decided_by(school, account, at).await?;
    let shown = draft::open(school, at.number).await?;
    let ready = draft::prepare(school, shown, true).await?;
    let approved = Some(school.by(account.actor()));
    let launched = launch_at_once(school, kept.asked.actor, Ready { approved, ..ready }).await;
    if let Err(Refusal::Store(StoreError::Overtaken)) = &launched {
        draft::check_kept(school, at).await?;
        return Err(ApprovalRefusal::NotAsked);
    }
    Ok(launched?)
}
