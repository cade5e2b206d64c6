//! Whether each provider is being used: what its breaker decided, kept across restarts.

use super::{StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::people::SchoolId;

/// A provider's gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// The provider's name in the configuration.
    pub provider: String,
    /// Its channel.
    pub channel: Channel,
    /// `admitting`, `refusing` or `probing`.
    pub state: String,
    /// When the next probe is due, while it refuses.
    pub until: Option<Moment>,
    /// Why, for the office.
    pub reason: String,
    /// Since when.
    pub changed_at: Moment,
}

/// Keeps a gate as it now is.
pub fn put(tx: &Tx<'_>, school: &SchoolId, gate: &Gate) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO gates (school_id, provider, channel, state, until, reason, changed_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (school_id, provider) DO UPDATE SET \
         channel = excluded.channel, state = excluded.state, until = excluded.until, \
         reason = excluded.reason, changed_at = excluded.changed_at",
        &[
            school.as_str().into(),
            (&gate.provider).into(),
            gate.channel.as_str().into(),
            (&gate.state).into(),
            gate.until.into(),
            (&gate.reason).into(),
            gate.changed_at.into(),
        ],
    )?;
    Ok(())
}

/// Every gate of the school.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Gate>, StoreError> {
    tx.query(
        "SELECT provider, channel, state, until, reason, changed_at FROM gates \
         WHERE school_id = $1 ORDER BY provider",
        &[school.as_str().into()],
        |row| {
            Ok(Gate {
                provider: row.text(0)?,
                channel: row.word(1, |word| word.parse().ok())?,
                state: row.text(2)?,
                until: row.maybe_moment(3)?,
                reason: row.text(4)?,
                changed_at: Moment(row.int(5)?),
            })
        },
    )
}
