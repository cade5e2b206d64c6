//! Schools that moved from one database to another. A school that left sends nothing from here any
//! more: it is on hold, and the hold is never lifted.

use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::people::SchoolId;

/// What the office reads on a school that moved; where to follows.
const MOVED_TO: &str = "déménagée vers ";

/// A school that left this database, or was about to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relocation {
    /// Where to: host and database.
    pub to: String,
    /// When.
    pub at: Moment,
}

/// Where the school moved to, if it left this database.
pub fn moved_to(tx: &Tx<'_>, school: &SchoolId) -> Result<Option<String>, StoreError> {
    Ok(departure(tx, school)?.map(|departure| departure.to))
}

/// Refused when the school left this database.
pub fn check_not_left(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    moved_to(tx, school)?.map_or(Ok(()), |to| Err(StoreError::Moved(to)))
}

pub(super) fn departure(tx: &Tx<'_>, school: &SchoolId) -> Result<Option<Relocation>, StoreError> {
    tx.query_one(
        "SELECT moved_to, moved_at FROM moves WHERE school_id = $1 AND moved_to IS NOT NULL",
        &[school.as_str().into()],
        |row| Ok(Relocation { to: row.text(0)?, at: Moment(row.int(1)?) }),
    )
}

/// When the school arrived in this database, if it did.
pub(super) fn arrived_at(tx: &Tx<'_>, school: &SchoolId) -> Result<Option<Moment>, StoreError> {
    tx.query_one(
        "SELECT moved_at FROM moves WHERE school_id = $1 AND moved_to IS NULL",
        &[school.as_str().into()],
        |row| Ok(Moment(row.int(0)?)),
    )
}

/// Lets no other move of the school into this database go on at the same time: not even one whose
/// connection was lost, as long as the server has not heard of that.
pub(super) fn lock_arrival(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    let sql = "SELECT pg_advisory_xact_lock(1794, hashtext($1))";
    tx.lock(sql, &[school.as_str().into()])
}

/// The school is in this database from now on.
pub(super) fn arrive(tx: &Tx<'_>, school: &SchoolId, at: Moment) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO moves (school_id, moved_at) VALUES ($1, $2)",
        &[school.as_str().into(), at.into()],
    )
}

/// Nothing of the school leaves from this database any more. A hold that stands is left as it is.
pub(super) fn leave(
    tx: &Tx<'_>,
    school: &SchoolId,
    to: &str,
    at: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO moves (school_id, moved_to, moved_at) VALUES ($1, $2, $3)",
        &[school.as_str().into(), to.into(), at.into()],
    )?;
    let reason = format!("{MOVED_TO}{to}");
    tx.execute(
        "INSERT INTO holds (school_id, reason, since) VALUES ($1, $2, $3) \
         ON CONFLICT (school_id) DO NOTHING",
        &[school.as_str().into(), (&reason).into(), at.into()],
    )
}

/// Takes a departure back, with the hold that it put: the school never arrived.
pub(super) fn stay(tx: &Tx<'_>, school: &SchoolId, left: &Relocation) -> Result<(), StoreError> {
    let reason = format!("{MOVED_TO}{}", left.to);
    tx.execute(
        "DELETE FROM holds WHERE school_id = $1 AND reason = $2 AND since = $3",
        &[school.as_str().into(), (&reason).into(), left.at.into()],
    )?;
    tx.execute("DELETE FROM moves WHERE school_id = $1", &[school.as_str().into()])
}
