//! Daemons that are at work for a school, as they say now and then.

use std::time::Duration;

use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::SchoolId;

/// One run of a daemon.
#[derive(Debug)]
pub struct Daemon;

/// What nobody heard of for so long is forgotten.
const KEPT_FOR: Duration = Duration::from_hours(24 * 7);

/// It is at work.
pub fn note(
    tx: &Tx<'_>,
    school: &SchoolId,
    daemon: Id<Daemon>,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO daemons (school_id, id, seen_at) VALUES ($1, $2, $3) \
         ON CONFLICT (school_id, id) DO UPDATE SET seen_at = excluded.seen_at",
        &[school.as_str().into(), (&daemon).into(), now.into()],
    )?;
    tx.execute(
        "DELETE FROM daemons WHERE school_id = $1 AND seen_at < $2",
        &[school.as_str().into(), (now - KEPT_FOR).into()],
    )
}

/// It stopped.
pub fn forget(tx: &Tx<'_>, school: &SchoolId, daemon: Id<Daemon>) -> Result<(), StoreError> {
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
