//! The history of a delivery: each attempt, once its outcome is known.

use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::delivery::FailureKind;
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::people::SchoolId;

/// One attempt, once its outcome is known or given up.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The provider's name in the configuration.
    pub provider: String,
    /// When it began.
    pub started_at: Moment,
    /// When its outcome was known.
    pub ended_at: Moment,
    /// What it came to.
    pub outcome: AttemptOutcome,
    /// The provider's words, without any address.
    pub detail: String,
}

/// What an attempt came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttemptOutcome {
    /// The provider took it, or says so when it is asked.
    Accepted,
    /// It failed, or its answer was lost.
    Failed(FailureKind),
    /// Asked what became of it, the provider says that it never came.
    NeverArrived,
    /// Asked what became of it, the provider could not tell.
    Asked,
}

impl AttemptOutcome {
    /// The word in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Failed(kind) => kind.as_str(),
            Self::NeverArrived => "never_arrived",
            Self::Asked => "asked",
        }
    }

    /// What this word says.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let others = [Self::Accepted, Self::NeverArrived, Self::Asked];
        let other = others.into_iter().find(|outcome| outcome.as_str() == word);
        other.or_else(|| FailureKind::from_word(word).map(Self::Failed))
    }
}

/// Adds an attempt to the history of a delivery.
pub fn add(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
    attempt: &Attempt,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO attempts (delivery_id, school_id, provider, started_at, ended_at, outcome, \
         detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            (&id).into(),
            school.as_str().into(),
            (&attempt.provider).into(),
            attempt.started_at.into(),
            attempt.ended_at.into(),
            attempt.outcome.as_str().into(),
            (&attempt.detail).into(),
        ],
    )?;
    Ok(())
}

/// Takes an attempt out of the history: a person said so by mistake.
pub fn remove(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
    attempt: &Attempt,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM attempts WHERE delivery_id = $1 AND school_id = $2 AND started_at = $3 \
         AND provider = $4",
        &[
            (&id).into(),
            school.as_str().into(),
            attempt.started_at.into(),
            (&attempt.provider).into(),
        ],
    )
}

/// Whether this attempt is in the history of its delivery. Whoever is about to add it ends first.
pub fn is_noted(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
    attempt: &Attempt,
) -> Result<bool, StoreError> {
    tx.lock(
        "SELECT id FROM deliveries WHERE id = $1 AND school_id = $2 FOR UPDATE",
        &[(&id).into(), school.as_str().into()],
    )?;
    let found = tx.query_one(
        "SELECT 1 FROM attempts WHERE delivery_id = $1 AND school_id = $2 AND started_at = $3 \
         AND provider = $4 LIMIT 1",
        &[
            (&id).into(),
            school.as_str().into(),
            attempt.started_at.into(),
            (&attempt.provider).into(),
        ],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}
