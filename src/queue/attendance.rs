//! Whether anybody is at work: without a daemon nothing leaves, and the office is told.

use std::time::Duration;

use super::Queue;
use crate::clock::Moment;
use crate::id::Id;
use crate::store::StoreError;
use crate::store::daemons::{self, Daemon};

/// How often a daemon says that it is at work.
pub const SAID_EVERY: Duration = Duration::from_secs(20);
/// Who was not heard of for so long is not at work.
pub const BELIEVED_FOR: Duration = Duration::from_secs(70);

impl Queue {
    /// A daemon says that it is at work.
    pub async fn is_at_work(&self, daemon: Id<Daemon>, now: Moment) -> Result<(), StoreError> {
        let school = self.school.clone();
        self.store.write(move |tx| daemons::note(tx, &school, daemon, now)).await
    }

    /// A daemon stops.
    pub async fn leaves_work(&self, daemon: Id<Daemon>) -> Result<(), StoreError> {
        let school = self.school.clone();
        self.store.write(move |tx| daemons::forget(tx, &school, daemon)).await
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
