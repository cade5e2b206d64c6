//! Who is signed in where: told by the hash of a token, never by the token.

use serde::Serialize;

use super::super::{Row, StoreError, Tx, Value};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Account, SchoolId};

/// The hash of a secret, as the database keeps it.
pub type Hash = [u8; 32];

/// A session of an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenSession {
    /// Its id.
    pub id: Id<OpenSession>,
    /// Whose it is.
    #[serde(skip)]
    pub account: Id<Account>,
    /// The device, as it names itself.
    pub device: String,
    /// Whether all that was asked for was given; the second factor is still to come otherwise.
    #[serde(skip)]
    pub is_whole: bool,
    /// The identity to which the account is tied as the session becomes whole.
    #[serde(skip)]
    pub ties: Option<Hash>,
    /// When it began.
    pub begun_at: Moment,
    /// When something was last asked for in it; to the minute.
    pub seen_at: Moment,
}

/// The statement that reads the sessions of a school of which `$which` holds, as [`read`] wants them.
macro_rules! sessions_where {
    ($which:literal) => {
        concat!(
            "SELECT id, account_id, device, whole, begun_at, seen_at, ties FROM sessions \
             WHERE school_id = $1 ",
            $which
        )
    };
}

/// Begins a session.
pub fn insert(
    tx: &Tx<'_>,
    school: &SchoolId,
    token: &Hash,
    session: &OpenSession,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO sessions \
         (school_id, token, id, account_id, device, whole, begun_at, seen_at, ties) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            school.as_str().into(),
            Value::Bytes(token),
            (&session.id).into(),
            (&session.account).into(),
            (&session.device).into(),
            session.is_whole.into(),
            session.begun_at.into(),
            session.seen_at.into(),
            session.ties.as_ref().map_or(Value::Null, |it| Value::Bytes(it)),
        ],
    )
}

/// The session of the token with this hash.
pub fn by_token(
    tx: &Tx<'_>,
    school: &SchoolId,
    token: &Hash,
) -> Result<Option<OpenSession>, StoreError> {
    let which = [school.as_str().into(), Value::Bytes(token)];
    tx.query_one(sessions_where!("AND token = $2"), &which, read)
}

/// The whole sessions of an account, the one that was seen last first.
pub fn of_account(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
) -> Result<Vec<OpenSession>, StoreError> {
    let which = [school.as_str().into(), (&account).into()];
    tx.query(
        sessions_where!("AND account_id = $2 AND whole = 1 ORDER BY seen_at DESC, id"),
        &which,
        read,
    )
}

/// Notes that something was asked for in a session.
pub fn seen(tx: &Tx<'_>, school: &SchoolId, token: &Hash, at: Moment) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE sessions SET seen_at = $3 WHERE school_id = $1 AND token = $2",
        &[school.as_str().into(), Value::Bytes(token), at.into()],
    )
}

/// Ends the session of a token; `false` where there is none.
pub fn end(tx: &Tx<'_>, school: &SchoolId, token: &Hash) -> Result<bool, StoreError> {
    let ended = tx.touched(
        "DELETE FROM sessions WHERE school_id = $1 AND token = $2",
        &[school.as_str().into(), Value::Bytes(token)],
    )?;
    Ok(ended > 0)
}

/// Ends one session of an account; `false` where there is none.
pub fn end_one(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    session: Id<OpenSession>,
) -> Result<bool, StoreError> {
    let ended = tx.touched(
        "DELETE FROM sessions WHERE school_id = $1 AND account_id = $2 AND id = $3",
        &[school.as_str().into(), (&account).into(), (&session).into()],
    )?;
    Ok(ended > 0)
}

/// Ends every session of an account, but for that of a token.
pub fn end_others(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    but: Option<&Hash>,
) -> Result<(), StoreError> {
    // No token has an empty hash.
    let but = but.map_or(&[][..], |token| token.as_slice());
    tx.execute(
        "DELETE FROM sessions WHERE school_id = $1 AND account_id = $2 AND token <> $3",
        &[school.as_str().into(), (&account).into(), Value::Bytes(but)],
    )
}

/// Forgets the sessions that began, or were last seen, before these moments, and those that are not whole and
/// began before the third.
pub fn forget(
    tx: &Tx<'_>,
    school: &SchoolId,
    begun_before: Moment,
    seen_before: Moment,
    half_before: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM sessions WHERE school_id = $1 \
         AND (begun_at < $2 OR seen_at < $3 OR (whole = 0 AND begun_at < $4))",
        &[school.as_str().into(), begun_before.into(), seen_before.into(), half_before.into()],
    )
}

fn read(row: &Row<'_>) -> Result<OpenSession, StoreError> {
    Ok(OpenSession {
        id: row.id(0)?,
        account: row.id(1)?,
        device: row.text(2)?,
        is_whole: row.truth(3)?,
        begun_at: Moment(row.int(4)?),
        seen_at: Moment(row.int(5)?),
        ties: row.maybe_hash(6)?,
    })
}
