//! How often a sign-in failed: of a login, of a place, of a login at a place.

use super::super::{StoreError, Tx, Value};
use super::sessions::Hash;
use crate::clock::Moment;
use crate::people::SchoolId;

/// What is known of one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptFailures {
    /// How many since the last sign-in, or since the last were forgotten.
    pub failures: u32,
    /// When the last one was.
    pub failed_at: Moment,
    /// Nobody is let in before.
    pub until: Moment,
    /// When this login was last let in from this place.
    pub known_at: Option<Moment>,
}

/// What is known of one.
pub fn of(
    tx: &Tx<'_>,
    school: &SchoolId,
    about: &Hash,
) -> Result<Option<KeptFailures>, StoreError> {
    tx.query_one(
        "SELECT failures, failed_at, until, known_at FROM sign_in_failures \
         WHERE school_id = $1 AND about = $2",
        &[school.as_str().into(), Value::Bytes(about)],
        |row| {
            Ok(KeptFailures {
                failures: row.number(0)?,
                failed_at: Moment(row.int(1)?),
                until: Moment(row.int(2)?),
                known_at: row.maybe_moment(3)?,
            })
        },
    )
}

/// Makes sure that there is a row about one, of this login where it is one's, and keeps every other writer from it until
/// this transaction ends.
pub fn lock(
    tx: &Tx<'_>,
    school: &SchoolId,
    about: &Hash,
    of_login: Option<&Hash>,
    now: Moment,
) -> Result<(), StoreError> {
    let of_login = of_login.map_or(Value::Null, |login| Value::Bytes(login));
    tx.execute(
        "INSERT INTO sign_in_failures (school_id, about, failures, failed_at, until, of_login) \
         VALUES ($1, $2, 0, $3, 0, $4) ON CONFLICT (school_id, about) \
         DO UPDATE SET of_login = excluded.of_login",
        &[school.as_str().into(), Value::Bytes(about), now.into(), of_login],
    )
}

/// Until when a login is not let in anywhere, and from somewhere.
pub fn until_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    login: &Hash,
) -> Result<(Option<Moment>, Option<Moment>), StoreError> {
    let until = tx.query_one(
        "SELECT CAST(MAX(CASE WHEN about = $2 THEN until END) AS BIGINT), CAST(MAX(until) AS BIGINT) \
         FROM sign_in_failures WHERE school_id = $1 AND of_login = $2",
        &[school.as_str().into(), Value::Bytes(login)],
        |row| Ok((row.maybe_moment(0)?, row.maybe_moment(1)?)),
    )?;
    Ok(until.unwrap_or_default())
}

/// Lets a login be tried again, wherever it was.
pub fn pardon(tx: &Tx<'_>, school: &SchoolId, login: &Hash) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sign_in_failures SET failures = 0, until = 0 \
         WHERE school_id = $1 AND of_login = $2",
        &[school.as_str().into(), Value::Bytes(login)],
    )
}

/// Writes what is known of one now.
pub fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    about: &Hash,
    known: &KeptFailures,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sign_in_failures SET failures = $3, failed_at = $4, until = $5, known_at = $6 \
         WHERE school_id = $1 AND about = $2",
        &[
            school.as_str().into(),
            Value::Bytes(about),
            known.failures.into(),
            known.failed_at.into(),
            known.until.into(),
            known.known_at.into(),
        ],
    )
}

/// Forgets those about whom nothing happened since a moment.
pub fn forget(tx: &Tx<'_>, school: &SchoolId, before: Moment) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM sign_in_failures WHERE school_id = $1 AND failed_at < $2 \
         AND (known_at IS NULL OR known_at < $2)",
        &[school.as_str().into(), before.into()],
    )
}
