//! A second person says yes before something leaves: above a number of recipients, or for what is urgent, as the
//! school decides. It binds those who sign in; whoever has the machine has no need to ask.

use serde::Serialize;

use super::draft::{self, DraftShown};
use super::{Ready, Refusal, School};
use crate::accounts::{Account, Right};
use crate::clock::Moment;
use crate::message::{DraftVersion, Message, Urgency};
use crate::people::{Act, Actor, By};
use crate::plain_text::one_line;
use crate::store::approvals::{self, KeptApproval};
use crate::store::{StoreError, Tx, journal};

/// A draft for which a yes was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AskedApproval {
    /// The draft, as it was asked about.
    pub draft: DraftShown,
    /// Who asked.
    pub asked_by: Actor,
    /// When.
    pub asked_at: Moment,
    /// How many recipients there were then.
    pub recipients: usize,
    /// The logins that are asked by now; none for everybody who may.
    pub asked: Option<Vec<String>>,
    /// Who said no, when, and why.
    pub declined: Option<Declined>,
}

/// A no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Declined {
    /// Who said it.
    pub by: Actor,
    /// When.
    pub at: Moment,
    /// Why.
    pub reason: String,
}

/// Why a yes is not asked for, or not said.
#[derive(Debug, thiserror::Error)]
pub enum ApprovalRefusal {
    /// Nobody asked about this version of the draft, or it was declined.
    #[error("no yes is asked for to this version of the draft")]
    NotAsked,
    /// Nobody says yes to what they ask for themselves.
    #[error("nobody approves what they ask for themselves; nothing was sent")]
    OwnRequest,
    /// The account may not approve.
    #[error("the account may not approve; nothing was sent")]
    NoRight,
    /// Somebody else is asked first.
    #[error("somebody else is asked first; nothing was sent")]
    NotYourTurn,
    /// A no without a reason.
    #[error("a no has a reason; nothing was changed")]
    NoReason,
    /// The message cannot leave.
    #[error("{0}")]
    Message(#[from] Refusal),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Whether what is ready needs the yes of a second person, for whom asks.
#[must_use]
pub fn needs_approval(school: &School, actor: &Actor, ready: &Ready) -> bool {
    let is_urgent = ready.message.urgency == Urgency::Urgent;
    matches!(actor, Actor::Account { .. })
        && ready.approved.is_none()
        && school.config.approval.is_needed(ready.chosen.len(), is_urgent)
}

/// Asks for a yes to a version of a draft, which must be able to leave as it is.
pub async fn ask_approval(
    school: &School,
    account: &Account,
    at: DraftVersion,
) -> Result<AskedApproval, ApprovalRefusal> {
    draft::check_kept(school, at).await?;
    let shown = draft::open(school, at.number).await?;
    let recipients = draft::prepare(school, shown.clone(), true).await?.chosen.len();
    let (id, by) = (school.queue.school().clone(), school.by(account.actor()));
    let (asked, number) = (by.clone(), at.number.to_string());
    let ask = move |tx: &Tx<'_>| {
        approvals::ask(tx, &id, at, recipients, &by)?;
        journal::note(tx, &id, &by, Act::AskApproval, &number)
    };
    school.store().write(ask).await?;
    let kept = KeptApproval { at, asked, recipients, passed_on: 0, declined: None };
    Ok(told(school, kept, shown))
}

/// What a yes is asked for and what was declined, the oldest first; what was saved, launched or discarded since is not.
/// Whatever was passed on meanwhile is noted.
pub async fn approvals(school: &School) -> Result<Vec<AskedApproval>, StoreError> {
    let id = school.queue.school().clone();
    let all = school.store().read(move |tx| approvals::all(tx, &id)).await?;
    note_passing_on(school, &all).await?;
    let drafts = draft::list(school).await?;
    let with_draft = all.into_iter().filter_map(|kept| {
        let shown = drafts.iter().find(|draft| draft.at() == kept.at)?;
        Some(told(school, kept, shown.clone()))
    });
    Ok(with_draft.collect())
}

/// Says no, and why: the draft stays, to be changed or discarded.
pub async fn decline(
    school: &School,
    account: &Account,
    at: DraftVersion,
    reason: &str,
) -> Result<(), ApprovalRefusal> {
    let reason = one_line(reason).into_owned();
    if reason.is_empty() {
        return Err(ApprovalRefusal::NoReason);
    }
    decided_by(school, account, at).await?;
    let (id, by, number) =
        (school.queue.school().clone(), school.by(account.actor()), at.number.to_string());
    let declined = school.store().write(move |tx: &Tx<'_>| {
        let is_declined = approvals::decline(tx, &id, at, &reason, &by)?;
        if is_declined {
            journal::note(tx, &id, &by, Act::Decline, &number)?;
        }
        Ok(is_declined)
    });
    if declined.await? { Ok(()) } else { Err(ApprovalRefusal::NotAsked) }
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

/// What was asked for, where this account may decide it.
pub(super) async fn decided_by(
    school: &School,
    account: &Account,
    at: DraftVersion,
) -> Result<KeptApproval, ApprovalRefusal> {
    if !account.may(Right::Approve) {
        return Err(ApprovalRefusal::NoRight);
    }
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx| approvals::of(tx, &id, at.number)).await?;
    let is_asked = |it: &KeptApproval| it.at == at && it.declined.is_none();
    let kept = kept.filter(is_asked).ok_or(ApprovalRefusal::NotAsked)?;
    if login_of(&kept.asked.actor) == account.login {
        return Err(ApprovalRefusal::OwnRequest);
    }
    match asked(school, &kept) {
        Some(logins) if !logins.contains(&account.login) => Err(ApprovalRefusal::NotYourTurn),
        _ => Ok(kept),
    }
}

/// The logins that are asked by now; `None` for everybody who may.
fn asked(school: &School, kept: &KeptApproval) -> Option<Vec<String>> {
    let waited = school.clock.now().since(kept.asked.at);
    let but = login_of(&kept.asked.actor);
    let logins = school.config.approval.asked(waited, school.today(), but)?;
    Some(logins.into_iter().map(str::to_owned).collect())
}

async fn note_passing_on(school: &School, all: &[KeptApproval]) -> Result<(), StoreError> {
    let settings = &school.config.approval;
    let now = school.clock.now();
    let turns =
        |it: &KeptApproval| settings.turns(now.since(it.asked.at)).min(settings.chain.len());
    let due = all.iter().filter(|it| it.declined.is_none() && turns(it) > it.passed_on);
    let due: Vec<(DraftVersion, usize)> = due.map(|it| (it.at, turns(it))).collect();
    if due.is_empty() {
        return Ok(());
    }
    let (id, by) = (school.queue.school().clone(), By::program(now));
    let note = move |tx: &Tx<'_>| {
        for (at, times) in due {
            if approvals::pass_on(tx, &id, at, times)? {
                journal::note(tx, &id, &by, Act::PassOn, &at.number.to_string())?;
            }
        }
        Ok(())
    };
    school.store().write(note).await
}

fn login_of(actor: &Actor) -> &str {
    if let Actor::Account { login, .. } = actor { login } else { "" }
}

fn told(school: &School, kept: KeptApproval, draft: DraftShown) -> AskedApproval {
    let asked = asked(school, &kept);
    let said = |(by, reason): (By, String)| Declined { by: by.actor, at: by.at, reason };
    AskedApproval {
        draft,
        asked,
        asked_by: kept.asked.actor,
        asked_at: kept.asked.at,
        recipients: kept.recipients,
        declined: kept.declined.map(said),
    }
}
