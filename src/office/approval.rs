//! A second person says yes before something leaves: above a number of recipients, or for what is urgent, as the
//! school decides. It binds those who sign in; whoever has the machine has no need to ask.

mod turns;

use serde::Serialize;

use super::draft::{self, DraftShown};
use super::ready_draft::ready_draft;
use super::{Refusal, School, accounts};
use crate::accounts::{Account, Right};
use crate::clock::Moment;
use crate::message::{Draft, DraftVersion};
use crate::people::{Act, Actor, By, Whom};
use crate::plain_text::one_line;
use crate::store::approvals::{self, KeptApproval};
use crate::store::{StoreError, Tx, journal};

pub use turns::AskedPerson;

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
    /// Who is asked by now, the first first.
    pub asked: Vec<AskedPerson>,
    /// When it is passed on, as long as nobody answers; `None` once everybody who may is asked.
    pub passed_on_at: Option<Moment>,
    /// Who said no, when, and why.
    pub declined: Option<Declined>,
}

impl AskedApproval {
    /// Whether it waits for the yes or the no of this account.
    #[must_use]
    pub fn waits_for(&self, account: &Account) -> bool {
        self.declined.is_none() && self.asked.iter().any(|it| it.login == account.login)
    }
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
    /// Nobody but who asks may approve.
    #[error("nobody else may approve; nothing was sent")]
    NobodyElse,
    /// Who asked may not send it any more.
    #[error("who asked may not send it any more; nothing was sent")]
    MaySendNoMore,
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

/// Asks for a yes to a version of a draft, which must be able to leave as it is. Asked twice, it is asked once.
pub async fn ask_approval(
    school: &School,
    account: &Account,
    at: DraftVersion,
) -> Result<(), ApprovalRefusal> {
    draft::check_kept(school, at).await?;
    let ready = ready_draft(school, draft::open(school, at.number).await?, true).await?;
    ready.check(school, &Whom::of(account)).await?;
    let recipients = ready.recipients();
    let (id, by) = (school.queue.school().clone(), school.by(account.actor()));
    if turns::order(school, &accounts(school).await?, &by).is_empty() {
        return Err(ApprovalRefusal::NobodyElse);
    }
    let number = at.number.to_string();
    let ask = move |tx: &Tx<'_>| {
        let stands = approvals::of(tx, &id, at.number)?;
        if stands.is_some_and(|it| it.at == at && it.declined.is_none()) {
            return Ok(());
        }
        approvals::ask(tx, &id, at, recipients, &by)?;
        journal::note(tx, &id, &by, Act::AskApproval, &number)
    };
    Ok(school.store().write(ask).await?)
}

/// Keeps what follows a message, and needs a yes, as a draft, and asks for that yes; which draft it is. Asked twice, it is
/// kept and asked once.
pub async fn ask_to_follow(
    school: &School,
    account: &Account,
    draft: Draft,
) -> Result<u32, ApprovalRefusal> {
    if asked_first(school, account).await?.is_empty() {
        return Err(ApprovalRefusal::NobodyElse);
    }
    let at = draft::follow(school, account.actor(), draft).await?;
    ask_approval(school, account, at).await?;
    Ok(at.number)
}

/// Whom this account would ask, the first first.
pub async fn asked_first(
    school: &School,
    account: &Account,
) -> Result<Vec<AskedPerson>, StoreError> {
    let by = school.by(account.actor());
    let mut order = turns::order(school, &accounts(school).await?, &by);
    order.retain(|it| it.since <= by.at);
    Ok(order)
}

/// What a yes is asked for and what was declined, the oldest first; what was saved, launched or discarded since is not.
/// Whatever was passed on meanwhile is noted.
pub async fn approvals(school: &School) -> Result<Vec<AskedApproval>, StoreError> {
    if !school.config.approval.is_on() {
        return Ok(Vec::new());
    }
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx| approvals::all(tx, &id)).await?;
    let (drafts, accounts) = (draft::list(school).await?, accounts(school).await?);
    let stands = kept.into_iter().filter_map(|kept| {
        let shown = drafts.iter().find(|draft| draft.at() == kept.at)?;
        let order = turns::order(school, &accounts, &kept.asked);
        Some((kept, order, shown.clone()))
    });
    let stands: Vec<(KeptApproval, Vec<AskedPerson>, DraftShown)> = stands.collect();
    note_passing_on(school, &stands).await?;
    let told = stands.into_iter().map(|(kept, order, shown)| told(school, kept, order, shown));
    Ok(told.collect())
}

/// Takes back what this account asked for: the draft stays, to be changed, sent or discarded.
pub async fn take_back_approval(
    school: &School,
    account: &Account,
    at: DraftVersion,
) -> Result<(), ApprovalRefusal> {
    let (id, by) = (school.queue.school().clone(), school.by(account.actor()));
    let account = account.clone();
    let taken_back = school.store().write(move |tx: &Tx<'_>| {
        let kept = approvals::of(tx, &id, at.number)?;
        let is_theirs = kept.is_some_and(|it| account.is(&it.asked.actor));
        let is_taken_back = is_theirs && approvals::take(tx, &id, at)?;
        if is_taken_back {
            journal::note(tx, &id, &by, Act::TakeBackApproval, &at.number.to_string())?;
        }
        Ok(is_taken_back)
    });
    if taken_back.await? { Ok(()) } else { Err(nothing_asked(school, at).await) }
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
    if declined.await? { Ok(()) } else { Err(nothing_asked(school, at).await) }
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
    let Some(kept) = kept(school, at).await? else {
        return Err(nothing_asked(school, at).await);
    };
    if account.is(&kept.asked.actor) {
        return Err(ApprovalRefusal::OwnRequest);
    }
    let now = school.clock.now();
    let order = turns::order(school, &accounts(school).await?, &kept.asked);
    if order.iter().any(|it| it.login == account.login && it.since <= now) {
        Ok(kept)
    } else {
        Err(ApprovalRefusal::NotYourTurn)
    }
}

/// What is asked about this very version, and was not declined.
async fn kept(school: &School, at: DraftVersion) -> Result<Option<KeptApproval>, StoreError> {
    if !school.config.approval.is_on() {
        return Ok(None);
    }
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx| approvals::of(tx, &id, at.number)).await?;
    Ok(kept.filter(|it| it.at == at && it.declined.is_none()))
}

/// Why nothing is asked about a version: it left, was saved or discarded meanwhile, or was answered.
pub(super) async fn nothing_asked(school: &School, at: DraftVersion) -> ApprovalRefusal {
    match draft::check_kept(school, at).await {
        Ok(()) => ApprovalRefusal::NotAsked,
        Err(refusal) => refusal.into(),
    }
}

async fn note_passing_on(
    school: &School,
    all: &[(KeptApproval, Vec<AskedPerson>, DraftShown)],
) -> Result<(), StoreError> {
    let now = school.clock.now();
    let waiting = all.iter().filter(|(kept, ..)| kept.declined.is_none());
    let due: Vec<(DraftVersion, usize)> = waiting
        .map(|(kept, order, _)| (kept, turns::times_passed_on(order, now)))
        .filter(|(kept, times)| *times > kept.passed_on)
        .map(|(kept, times)| (kept.at, times))
        .collect();
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

fn told(
    school: &School,
    kept: KeptApproval,
    order: Vec<AskedPerson>,
    draft: DraftShown,
) -> AskedApproval {
    let now = school.clock.now();
    let said = |(by, reason): (By, String)| Declined { by: by.actor, at: by.at, reason };
    let (asked, later): (Vec<_>, Vec<_>) = order.into_iter().partition(|it| it.since <= now);
    AskedApproval {
        draft,
        asked,
        passed_on_at: later.first().map(|it| it.since),
        asked_by: kept.asked.actor,
        asked_at: kept.asked.at,
        recipients: kept.recipients,
        declined: kept.declined.map(said),
    }
}
