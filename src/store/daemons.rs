//! Daemons that are at work for a school, as they say now and then.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::id::Id;
use crate::people::SchoolId;

/// One run of a daemon.
#[derive(Debug)]
pub struct DaemonRun;

/// A provider that a daemon cannot use, and on whose channel it carries nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdleProvider {
    /// Its name in the configuration.
    pub provider: String,
    /// On which it would carry.
    pub channel: Channel,
    /// Why it cannot be used, in English; no secret is in it.
    pub reason: String,
}

/// What nobody heard of for so long is forgotten.
const KEPT_FOR: Duration = Duration::from_hours(24 * 7);

/// It is at work, but for these providers.
pub fn note(
    tx: &Tx<'_>,
    school: &SchoolId,
    daemon: Id<DaemonRun>,
    idle: &[IdleProvider],
    now: Moment,
) -> Result<(), StoreError> {
    let idle = serde_json::to_string(idle);
    let idle = idle.map_err(|error| StoreError::Refused(error.to_string()))?;
    tx.execute(
        "INSERT INTO daemons (school_id, id, seen_at, idle) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (school_id, id) DO UPDATE SET seen_at = excluded.seen_at, idle = excluded.idle",
        &[school.as_str().into(), (&daemon).into(), now.into(), (&idle).into()],
    )?;
    tx.execute(
        "DELETE FROM daemons WHERE school_id = $1 AND seen_at < $2",
        &[school.as_str().into(), (now - KEPT_FOR).into()],
    )
}

/// It stopped.
pub fn forget(tx: &Tx<'_>, school: &SchoolId, daemon: Id<DaemonRun>) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM daemons WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&daemon).into()],
    )
}

/// When the last one said so.
pub fn last_seen(tx: &Tx<'_>, school: &SchoolId) -> Result<Option<Moment>, StoreError> {
    let seen = tx.query_one(
        "SELECT MAX(seen_at) FROM daemons WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.maybe_moment(0),
    )?;
    Ok(seen.flatten())
}

/// What each daemon that was heard of since then cannot use.
pub fn idle_since(
    tx: &Tx<'_>,
    school: &SchoolId,
    since: Moment,
) -> Result<Vec<Vec<IdleProvider>>, StoreError> {
    tx.query(
        "SELECT idle FROM daemons WHERE school_id = $1 AND seen_at > $2",
        &[school.as_str().into(), since.into()],
        |row| row.json(0),
    )
}
