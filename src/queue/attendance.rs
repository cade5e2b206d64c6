//! Whether anybody is at work: without a daemon nothing leaves, and the office is told.

use std::time::Duration;

use super::Queue;
use crate::clock::Moment;
use crate::id::Id;
use crate::people::SchoolId;
use crate::store::daemons::{self, DaemonRun, IdleProvider};
use crate::store::{StoreError, Tx};

/// How often a daemon says that it is at work.
pub const SAID_EVERY: Duration = Duration::from_secs(20);
/// Who was not heard of for so long is not at work.
pub const BELIEVED_FOR: Duration = Duration::from_secs(70);

/// What daemons say of themselves.
#[derive(Clone, Copy)]
pub struct Attendance<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// Whether a daemon is at work.
    #[must_use]
    pub const fn attendance(&self) -> Attendance<'_> {
        Attendance { queue: self }
    }
}

impl Attendance<'_> {
    /// Writes down that a daemon is at work, but for these providers: its heartbeat.
    pub async fn note_at_work(
        self,
        daemon: Id<DaemonRun>,
        idle: Vec<IdleProvider>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.write(move |tx| daemons::note(tx, &school, daemon, &idle, now)).await
    }

    /// Writes down that a daemon stops.
    pub async fn note_away(self, daemon: Id<DaemonRun>) -> Result<(), StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.write(move |tx| daemons::forget(tx, &school, daemon)).await
    }

    /// Providers that no daemon at work can use; none where no daemon is.
    pub async fn idle_providers(self, now: Moment) -> Result<Vec<IdleProvider>, StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.read(move |tx| idle_providers(tx, &school, now)).await
    }

    /// Whether a daemon is at work.
    pub async fn is_anybody_at_work(self, now: Moment) -> Result<bool, StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.read(move |tx| is_attended(tx, &school, now)).await
    }
}

/// Providers of the school that no daemon at work can use; none where no daemon is.
pub fn idle_providers(
    tx: &Tx<'_>,
    school: &SchoolId,
    now: Moment,
) -> Result<Vec<IdleProvider>, StoreError> {
    let of_each = daemons::idle_since(tx, school, now - BELIEVED_FOR)?;
    let Some((first, others)) = of_each.split_first() else { return Ok(Vec::new()) };
    let is_idle_there = |idle: &IdleProvider, there: &Vec<IdleProvider>| {
        there.iter().any(|other| other.provider == idle.provider)
    };
    let idle = first.iter().filter(|idle| others.iter().all(|it| is_idle_there(idle, it)));
    Ok(idle.cloned().collect())
}

/// Whether a daemon of the school is at work.
pub fn is_attended(tx: &Tx<'_>, school: &SchoolId, now: Moment) -> Result<bool, StoreError> {
    // A clock that was set back makes it later than now.
    let away = |seen: Moment| now.since(seen).max(seen.since(now));
    Ok(daemons::last_seen(tx, school)?.is_some_and(|seen| away(seen) < BELIEVED_FOR))
}
