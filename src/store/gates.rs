//! Whether each provider is being used: what its breaker decided, kept across restarts and shared
//! by the daemons of a school.

use std::time::Duration;

use serde::Serialize;

use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::people::SchoolId;

/// Whether a provider is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum GateState {
    /// As ever.
    Admitting,
    /// Not until a probe is due.
    Refusing,
    /// One message tries it.
    Probing,
}

impl GateState {
    const ALL: [Self; 3] = [Self::Admitting, Self::Refusing, Self::Probing];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admitting => "admitting",
            Self::Refusing => "refusing",
            Self::Probing => "probing",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A provider's gate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptGate {
    /// The provider's name in the configuration.
    pub provider: String,
    /// Its channel.
    pub channel: Channel,
    /// Whether it is used.
    pub state: GateState,
    /// When the next probe is due, while it refuses; when a probe is given up, while it is tried.
    pub until: Option<Moment>,
    /// How long it refused last; the next pause after a failed probe is twice that.
    pub pause: Duration,
    /// Why, for the office.
    pub reason: String,
    /// Since when.
    pub changed_at: Moment,
}

impl KeptGate {
    /// Whether the provider is used as ever.
    #[must_use]
    pub fn is_admitting(&self) -> bool {
        self.state == GateState::Admitting
    }
}

/// Keeps a gate as it now is.
pub fn put(tx: &Tx<'_>, school: &SchoolId, gate: &KeptGate) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO gates (school_id, provider, channel, state, until, reason, changed_at, pause) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (school_id, provider) DO UPDATE SET \
         channel = excluded.channel, state = excluded.state, until = excluded.until, \
         reason = excluded.reason, changed_at = excluded.changed_at, pause = excluded.pause",
        &[
            school.as_str().into(),
            (&gate.provider).into(),
            gate.channel.as_str().into(),
            gate.state.as_str().into(),
            gate.until.into(),
            (&gate.reason).into(),
            gate.changed_at.into(),
            i64::try_from(gate.pause.as_millis()).unwrap_or(i64::MAX).into(),
        ],
    )?;
    Ok(())
}

/// Takes the one probe that all daemons have, until `lease_ends`; whether this one got it. A probe
/// is due when its pause, or the lease of one that died over it, is over; one due after `latest`
/// was written before a clock was set back.
pub fn take_probe(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
    now: Moment,
    lease_ends: Moment,
    latest: Moment,
) -> Result<bool, StoreError> {
    let taken = tx.touched(
        "UPDATE gates SET state = 'probing', until = $1, changed_at = $2 \
         WHERE school_id = $3 AND provider = $4 AND state IN ('refusing', 'probing') \
         AND (until <= $2 OR until > $5)",
        &[lease_ends.into(), now.into(), school.as_str().into(), provider.into(), latest.into()],
    )?;
    Ok(taken > 0)
}

/// Makes the next probe on a channel due now; `false` when no provider refuses there.
pub fn probe_now(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    now: Moment,
) -> Result<bool, StoreError> {
    let hastened = tx.touched(
        "UPDATE gates SET until = $1, changed_at = $1 \
         WHERE school_id = $2 AND channel = $3 AND state = 'refusing'",
        &[now.into(), school.as_str().into(), channel.as_str().into()],
    )?;
    Ok(hastened > 0)
}

/// The same of one provider.
pub fn probe_one_now(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE gates SET until = $1, changed_at = $1 \
         WHERE school_id = $2 AND provider = $3 AND state = 'refusing'",
        &[now.into(), school.as_str().into(), provider.into()],
    )?;
    Ok(())
}

/// Gives back a probe that was not made: it is due again at once.
pub fn give_back_probe(
    tx: &Tx<'_>,
    school: &SchoolId,
    provider: &str,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE gates SET state = 'refusing', until = $1, changed_at = $1 \
         WHERE school_id = $2 AND provider = $3 AND state = 'probing'",
        &[now.into(), school.as_str().into(), provider.into()],
    )?;
    Ok(())
}

/// The gate of one provider, if anybody kept one.
pub fn of(tx: &Tx<'_>, school: &SchoolId, provider: &str) -> Result<Option<KeptGate>, StoreError> {
    tx.query_one(
        "SELECT provider, channel, state, until, reason, changed_at, pause FROM gates \
         WHERE school_id = $1 AND provider = $2",
        &[school.as_str().into(), provider.into()],
        read,
    )
}

/// Every gate of the school.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<KeptGate>, StoreError> {
    tx.query(
        "SELECT provider, channel, state, until, reason, changed_at, pause FROM gates \
         WHERE school_id = $1 ORDER BY provider",
        &[school.as_str().into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<KeptGate, StoreError> {
    Ok(KeptGate {
        provider: row.text(0)?,
        channel: row.word(1, |word| word.parse().ok())?,
        state: row.word(2, GateState::from_word)?,
        until: row.maybe_moment(3)?,
        reason: row.text(4)?,
        changed_at: Moment(row.int(5)?),
        pause: Duration::from_millis(row.number(6)?),
    })
}
