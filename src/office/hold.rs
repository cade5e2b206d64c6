//! Nothing of a school leaves, until somebody lets it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::School;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::people::Actor;
use crate::queue::MayHaveLeft;
use crate::store::StoreError;
use crate::store::holds::Held;

/// A message that waits for longer may say what is no longer true.
const OLD: Duration = Duration::from_hours(24);

/// A school is on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OnHold {
    /// Always.
    pub on_hold: bool,
}

/// Why nothing of a school leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Standstill {
    /// It moved there, for good: `host, database`.
    Moved {
        /// Where to.
        to: String,
    },
    /// Somebody holds it, or it came out of a backup.
    Hold {
        /// Since when.
        since: Moment,
        /// Why, in French.
        reason: String,
    },
}

/// A hold, and what leaves once it is lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeptBack {
    /// Whether it is lifted now.
    pub released: bool,
    /// Why it stood, in French.
    pub reason: String,
    /// Since when.
    pub since: Moment,
    /// In a restored backup: when it was taken. What left later is not known here.
    pub backup_taken_at: Option<Moment>,
    /// What waits, by channel.
    pub channels: BTreeMap<Channel, KeptOnChannel>,
}

/// What a hold keeps back on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KeptOnChannel {
    /// All that waits.
    pub waiting: usize,
    /// Among it: launched more than a day ago.
    pub old: usize,
    /// Among it: may have left since the backup was taken.
    pub may_have_left: usize,
}

/// Why nothing is released.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseRefusal {
    /// There is no hold.
    #[error("nothing is on hold")]
    NothingHeld,
    /// Nothing can have left unknown.
    #[error("no backup was restored here: what waits has not left")]
    NothingRestored,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Stops all sending of the school until it is released.
pub async fn hold(school: &School, actor: Actor, reason: String) -> Result<OnHold, StoreError> {
    let by = school.by(actor);
    school.queue.holds().put(reason, by).await?;
    Ok(OnHold { on_hold: true })
}

/// What stands in the way of everything, if anything does.
pub async fn standstill(school: &School) -> Result<Option<Standstill>, StoreError> {
    if let Some(to) = school.queue.moved_to().await? {
        return Ok(Some(Standstill::Moved { to }));
    }
    let hold = school.queue.holds().standing().await?;
    Ok(hold.map(|hold| Standstill::Hold { since: hold.since, reason: hold.reason }))
}

/// What would leave if the hold were lifted; writes nothing.
pub async fn kept_back(
    school: &School,
    may_have_left: &MayHaveLeft,
) -> Result<KeptBack, ReleaseRefusal> {
    let now = school.clock.now();
    let found = school.queue.holds().kept_back(now - OLD, now).await?;
    let (hold, kept) = found.ok_or(ReleaseRefusal::NothingHeld)?;
    if *may_have_left != MayHaveLeft::Send && hold.as_of.is_none() {
        return Err(ReleaseRefusal::NothingRestored);
    }
    let on_channel = |it: Held| KeptOnChannel {
        waiting: it.waiting,
        old: it.old,
        may_have_left: it.may_have_left,
    };
    Ok(KeptBack {
        released: false,
        reason: hold.reason,
        since: hold.since,
        backup_taken_at: hold.as_of,
        channels: kept.into_iter().map(|it| (it.channel, on_channel(it))).collect(),
    })
}

/// Lifts the hold; what it kept back.
pub async fn release(
    school: &School,
    actor: Actor,
    may_have_left: MayHaveLeft,
) -> Result<KeptBack, ReleaseRefusal> {
    let kept = kept_back(school, &may_have_left).await?;
    let by = school.by(actor);
    school.queue.holds().release(may_have_left, by).await?;
    Ok(KeptBack { released: true, ..kept })
}
