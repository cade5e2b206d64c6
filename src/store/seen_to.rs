//! Those whom nothing reached, or of whom nobody knows, as people of the school see to them.

use super::addressees::Addressee;
use super::cards::SaidDone;
use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::delivery::lifecycle::AddresseeState;
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;

/// Somebody in people's hands, as they stand now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotSeenTo {
    /// Who.
    pub addressee: Id<Addressee>,
    /// Of which message.
    pub message: Id<Message>,
    /// Their number in it.
    pub number: u32,
    /// Since when they stand so.
    pub since: Option<Moment>,
    /// Who sees to them.
    pub assigned_to: Option<String>,
}

/// Those of all messages who stand in a state, and to whom nobody has seen as they stand.
pub fn open(
    tx: &Tx<'_>,
    school: &SchoolId,
    state: AddresseeState,
) -> Result<Vec<NotSeenTo>, StoreError> {
    tx.query(
        "SELECT a.id, a.message_id, a.number, a.settled_at, s.assigned_to FROM addressees a \
         LEFT JOIN seen_to s ON s.school_id = $1 AND s.addressee_id = a.id AND s.state = $2 \
         WHERE a.school_id = $1 AND a.state = $2 AND a.state NOT IN ('reached', 'cancelled') \
         AND s.settled_at IS NULL ORDER BY a.settled_at, a.id",
        &[school.as_str().into(), state.as_str().into()],
        read,
    )
}

/// Somebody who stands in a state, whether somebody has seen to them or not.
pub fn of(
    tx: &Tx<'_>,
    school: &SchoolId,
    (addressee, state): (Id<Addressee>, AddresseeState),
) -> Result<Option<NotSeenTo>, StoreError> {
    tx.query_one(
        "SELECT a.id, a.message_id, a.number, a.settled_at, s.assigned_to FROM addressees a \
         LEFT JOIN seen_to s ON s.school_id = $1 AND s.addressee_id = $2 AND s.state = $3 \
         WHERE a.id = $2 AND a.school_id = $1 AND a.state = $3",
        &[school.as_str().into(), (&addressee).into(), state.as_str().into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<NotSeenTo, StoreError> {
    Ok(NotSeenTo {
        addressee: row.id(0)?,
        message: row.id(1)?,
        number: row.number(2)?,
        since: row.maybe_moment(3)?,
        assigned_to: row.maybe_text(4)?,
    })
}

/// Writes who sees to somebody who stands so; nobody any more where that is none.
pub fn assign(
    tx: &Tx<'_>,
    school: &SchoolId,
    (addressee, state): (Id<Addressee>, AddresseeState),
    to: Option<&str>,
) -> Result<(), StoreError> {
    // What was noted of another state is over.
    tx.execute(
        "INSERT INTO seen_to (school_id, addressee_id, state, assigned_to) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (school_id, addressee_id) DO UPDATE SET assigned_to = excluded.assigned_to, \
         settled_at = CASE WHEN seen_to.state = excluded.state THEN seen_to.settled_at END, \
         settled_by = CASE WHEN seen_to.state = excluded.state THEN seen_to.settled_by END, \
         settled_how = CASE WHEN seen_to.state = excluded.state THEN seen_to.settled_how END, \
         state = excluded.state",
        &[school.as_str().into(), (&addressee).into(), state.as_str().into(), to.into()],
    )?;
    Ok(())
}

/// Writes that somebody saw to whoever stands so, and what was done; that nobody did where that is none.
pub fn settle(
    tx: &Tx<'_>,
    school: &SchoolId,
    (addressee, state): (Id<Addressee>, AddresseeState),
    done: Option<(&SaidDone, &str)>,
) -> Result<(), StoreError> {
    let (said, how) = done.unzip();
    tx.execute(
        "INSERT INTO seen_to (school_id, addressee_id, state, settled_at, settled_by, settled_how) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (school_id, addressee_id) DO UPDATE SET \
         assigned_to = CASE WHEN seen_to.state = excluded.state THEN seen_to.assigned_to END, \
         settled_at = excluded.settled_at, settled_by = excluded.settled_by, \
         settled_how = excluded.settled_how, state = excluded.state",
        &[
            school.as_str().into(),
            (&addressee).into(),
            state.as_str().into(),
            said.map(|it| it.at).into(),
            said.map(|it| it.by.as_str()).into(),
            how.into(),
        ],
    )?;
    Ok(())
}

/// Who saw to somebody as they stand so, when, and what was done.
pub fn settled(
    tx: &Tx<'_>,
    school: &SchoolId,
    (addressee, state): (Id<Addressee>, AddresseeState),
) -> Result<Option<(SaidDone, String)>, StoreError> {
    tx.query_one(
        "SELECT settled_at, settled_by, settled_how FROM seen_to WHERE school_id = $1 AND addressee_id = $2 \
         AND state = $3 AND settled_at IS NOT NULL",
        &[school.as_str().into(), (&addressee).into(), state.as_str().into()],
        |row| {
            let said = SaidDone { at: Moment(row.int(0)?), by: row.maybe_text(1)?.unwrap_or_default() };
            Ok((said, row.maybe_text(2)?.unwrap_or_default()))
        },
    )
}
