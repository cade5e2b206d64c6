//! Whether anybody is at work: without a daemon nothing leaves, and the office is told.

use std::time::Duration;

use super::Queue;
use crate::clock::Moment;
use crate::id::Id;
use crate::store::StoreError;
use crate::store::daemons::{self, Daemon, IdleProvider};

/// How often a daemon says that it is at work.
pub const SAID_EVERY: Duration = Duration::from_secs(20);
/// Who was not heard of for so long is not at work.
pub const BELIEVED_FOR: Duration = Duration::from_secs(70);

impl Queue {
    /// A daemon says that it is at work, but for these providers.
    pub async fn is_at_work(
        &self,
        daemon: Id<Daemon>,
        idle: Vec<IdleProvider>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let school = self.school.clone();
        self.store.write(move |tx| daemons::note(tx, &school, daemon, &idle, now)).await
    }

    /// A daemon stops.
    pub async fn leaves_work(&self, daemon: Id<Daemon>) -> Result<(), StoreError> {
        let school = self.school.clone();
        self.store.write(move |tx| daemons::forget(tx, &school, daemon)).await
    }

    /// Providers that no daemon at work can use; none where no daemon is.
    pub async fn idle_providers(&self, now: Moment) -> Result<Vec<IdleProvider>, StoreError> {
        let school = self.school.clone();
        let since = now - BELIEVED_FOR;
        let of_each = self.store.read(move |tx| daemons::idle_since(tx, &school, since)).await?;
        let Some((first, others)) = of_each.split_first() else { return Ok(Vec::new()) };
        let is_idle_there = |idle: &IdleProvider, there: &Vec<IdleProvider>| {
            there.iter().any(|other| other.provider == idle.provider)
        };
        let idle = first.iter().filter(|idle| others.iter().all(|it| is_idle_there(idle, it)));
        Ok(idle.cloned().collect())
    }

    /// Whether a daemon is at work.
    pub async fn somebody_is_at_work(&self, now: Moment) -> Result<bool, StoreError> {
        let school = self.school.clone();
        let seen = self.store.read(move |tx| daemons::last_seen(tx, &school)).await?;
        // A clock that was set back makes it later than now.
        let away = |seen: Moment| now.since(seen).max(seen.since(now));
        Ok(seen.is_some_and(|seen| away(seen) < BELIEVED_FOR))
    }
}
