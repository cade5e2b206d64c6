//! Channels that a person closed.

use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::people::SchoolId;

/// A closing, in force until its end or until somebody opens the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// Which channel.
    pub channel: Channel,
    /// When it is open again by itself; `None` for never.
    pub until: Option<Moment>,
    /// Why.
    pub reason: String,
    /// Who closed it, if they said so.
    pub by: String,
    /// When.
    pub at: Moment,
}

/// Keeps a closing, in place of an earlier one of the same channel.
pub fn put(tx: &Tx<'_>, school: &SchoolId, closing: &Closing) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO closings (school_id, channel, until, reason, closed_by, closed_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (school_id, channel) DO UPDATE \
         SET until = excluded.until, reason = excluded.reason, closed_by = excluded.closed_by, \
         closed_at = excluded.closed_at",
        &[
            school.as_str().into(),
            closing.channel.as_str().into(),
            closing.until.into(),
            (&closing.reason).into(),
            (&closing.by).into(),
            closing.at.into(),
        ],
    )?;
    Ok(())
}

/// Forgets a closing; `false` when the channel was open.
pub fn remove(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    now: Moment,
) -> Result<bool, StoreError> {
    let was_closed = in_force(tx, school, now)?.iter().any(|closing| closing.channel == channel);
    tx.execute(
        "DELETE FROM closings WHERE school_id = $1 AND channel = $2",
        &[school.as_str().into(), channel.as_str().into()],
    )?;
    Ok(was_closed)
}

/// The closings in force.
pub fn in_force(tx: &Tx<'_>, school: &SchoolId, now: Moment) -> Result<Vec<Closing>, StoreError> {
    tx.query(
        "SELECT channel, until, reason, closed_by, closed_at FROM closings \
         WHERE school_id = $1 AND (until IS NULL OR until > $2) ORDER BY channel",
        &[school.as_str().into(), now.into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Closing, StoreError> {
    Ok(Closing {
        channel: row.word(0, |word| word.parse().ok())?,
        until: row.maybe_moment(1)?,
        reason: row.text(2)?,
        by: row.text(3)?,
        at: Moment(row.int(4)?),
    })
}
