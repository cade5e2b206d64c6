//! Whether messages run, and the batches in which a decision about one reaches its addressees.
//!
//! What is paused stands in a lane of its own, beyond all that are claimed, and its patience beyond
//! all that ends: claims and climbs pass it by without looking at it.

use super::addressees::{Addressee, Late, Missed};
use super::{StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Copies;
use crate::id::Id;
use crate::message::{Message, MessageState};
use crate::people::SchoolId;

/// Added to a lane, it is one that nobody claims.
pub const PARKED_LANE: i64 = 10;
/// Added to a moment, it never comes: some three thousand years.
const PARKED_TIME: i64 = 100_000_000_000_000;

/// Whether a message runs, as somebody decided last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Control {
    /// What was decided.
    pub state: MessageState,
    /// When; `None` when nobody decided anything yet.
    pub at: Option<Moment>,
    /// Who, if they said so.
    pub by: String,
    /// When it was paused last.
    pub paused_at: Option<Moment>,
}

/// What was decided of a message.
pub fn of(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Option<Control>, StoreError> {
    tx.query_one(
        "SELECT state, state_at, state_by, paused_at FROM messages \
         WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&message).into()],
        |row| {
            Ok(Control {
                state: row.word(0, MessageState::from_word)?,
                at: row.maybe_moment(1)?,
                by: row.text(2)?,
                paused_at: row.maybe_moment(3)?,
            })
        },
    )
}

/// The same, which nobody changes before this transaction ends: what is done because of it is still
/// right when it is kept.
pub fn locked(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Option<Control>, StoreError> {
    tx.lock(
        "SELECT 1 FROM messages WHERE school_id = $1 AND id = $2 FOR NO KEY UPDATE",
        &[school.as_str().into(), (&message).into()],
    )?;
    of(tx, school, message)
}

/// The messages of a state that is not running.
pub fn held(
    tx: &Tx<'_>,
    school: &SchoolId,
) -> Result<Vec<(Id<Message>, MessageState)>, StoreError> {
    tx.query(
        "SELECT id, state FROM messages WHERE school_id = $1 AND state <> 'running'",
        &[school.as_str().into()],
        |row| Ok((row.id(0)?, row.word(1, MessageState::from_word)?)),
    )
}

/// Writes down a decision; it is unsettled until it has reached every addressee.
pub fn decide(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    control: &Control,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE messages SET state = $1, state_at = $2, state_by = $3, paused_at = $4, \
         unsettled = 1 WHERE school_id = $5 AND id = $6",
        &[
            control.state.as_str().into(),
            control.at.into(),
            (&control.by).into(),
            control.paused_at.into(),
            school.as_str().into(),
            (&message).into(),
        ],
    )?;
    Ok(())
}

/// The decision has reached every addressee, unless another one came meanwhile.
pub fn note_carried_out(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    control: &Control,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE messages SET unsettled = 0 WHERE school_id = $1 AND id = $2 AND state = $3 \
         AND state_at = $4",
        &[
            school.as_str().into(),
            (&message).into(),
            control.state.as_str().into(),
            control.at.into(),
        ],
    )?;
    Ok(())
}

/// Messages whose last decision has not reached every addressee.
pub fn not_carried_out(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Id<Message>>, StoreError> {
    tx.query(
        "SELECT id FROM messages WHERE school_id = $1 AND unsettled = 1",
        &[school.as_str().into()],
        |row| row.id(0),
    )
}

/// Messages that are stale and whose addressees were not all moved on for that.
pub fn stale(tx: &Tx<'_>, school: &SchoolId, now: Moment) -> Result<Vec<Id<Message>>, StoreError> {
    tx.query(
        "SELECT id FROM messages WHERE school_id = $1 AND expires_at IS NOT NULL \
         AND expired_at IS NULL AND expires_at <= $2",
        &[school.as_str().into(), now.into()],
        |row| row.id(0),
    )
}

/// Every addressee of a stale message was moved on.
pub fn expired(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE messages SET expired_at = $1 WHERE school_id = $2 AND id = $3",
        &[now.into(), school.as_str().into(), (&message).into()],
    )?;
    Ok(())
}

/// Up to `most` addressees of a message from this number on, each with its number.
pub fn addressees_from(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    number: i64,
    most: usize,
) -> Result<Vec<(i64, Id<Addressee>)>, StoreError> {
    tx.query(
        "SELECT number, id FROM addressees WHERE message_id = $1 AND number >= $2 \
         AND school_id = $3 ORDER BY number LIMIT $4",
        &[(&message).into(), number.into(), school.as_str().into(), most.into()],
        |row| Ok((row.int(0)?, row.id(1)?)),
    )
}

/// Takes what waits for these addressees of a message, first and last number, out of the lanes, and
/// stops the clock of their patience.
pub fn park(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    (first, last): (i64, i64),
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET lane = lane + $1 WHERE school_id = $2 AND state = 'waiting' \
         AND lane < $1 AND addressee_id IN (SELECT id FROM addressees WHERE message_id = $3 \
         AND school_id = $2 AND number >= $4 AND number <= $5)",
        &[PARKED_LANE.into(), school.as_str().into(), (&message).into(), first.into(), last.into()],
    )?;
    tx.execute(
        "UPDATE addressees SET climb_at = climb_at + $1 WHERE message_id = $2 \
         AND school_id = $3 AND number >= $4 AND number <= $5 AND climb_at < $1",
        &[PARKED_TIME.into(), (&message).into(), school.as_str().into(), first.into(), last.into()],
    )?;
    Ok(())
}

/// Puts it back, with the patience that they had left when it was paused; what had not begun by then, since
/// its channel was to open later, begins as it would have.
pub fn unpark(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    (first, last): (i64, i64),
    (paused_at, resumed_at): (Moment, Moment),
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET lane = lane - $1 WHERE school_id = $2 AND lane >= $1 \
         AND addressee_id IN (SELECT id FROM addressees WHERE message_id = $3 \
         AND school_id = $2 AND number >= $4 AND number <= $5)",
        &[PARKED_LANE.into(), school.as_str().into(), (&message).into(), first.into(), last.into()],
    )?;
    tx.execute(
        "UPDATE addressees SET climb_at = climb_at - $1 + (SELECT CASE \
         WHEN p.began >= CAST($7 AS BIGINT) THEN 0 \
         WHEN p.began > CAST($6 AS BIGINT) THEN CAST($7 AS BIGINT) - p.began \
         ELSE CAST($7 AS BIGINT) - CAST($6 AS BIGINT) END \
         FROM (SELECT COALESCE(MIN(CASE WHEN d.state = 'waiting' AND d.tries = 0 \
         THEN COALESCE(d.due_at, l.due_at) ELSE 0 END), 0) AS began \
         FROM deliveries d LEFT JOIN deliveries l ON l.id = d.leader_id \
         WHERE d.addressee_id = addressees.id AND d.rung = addressees.rung) p) \
         WHERE message_id = $2 AND school_id = $3 AND number >= $4 AND number <= $5 AND climb_at >= $1",
        &[
            PARKED_TIME.into(),
            (&message).into(),
            school.as_str().into(),
            first.into(),
            last.into(),
            paused_at.into(),
            resumed_at.into(),
        ],
    )?;
    Ok(())
}

/// The copies of a message that it left in one of these states, beside all that the same persons got of
/// it; none of those is left that a message which tried it again has made, unless it failed as well.
pub fn left_by(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
    or_uncertain: bool,
) -> Result<Copies, StoreError> {
    let also = if or_uncertain { "uncertain" } else { "unreached" };
    let mut copies = Copies::default();
    tx.each(
        "SELECT CASE WHEN state = 'unreached' OR state = $3 THEN 1 ELSE 0 END, recipient \
         FROM addressees WHERE message_id = $1 AND school_id = $2 AND person_key IN \
         (SELECT person_key FROM addressees WHERE message_id = $1 AND school_id = $2 \
         AND (state = 'unreached' OR state = $3))",
        &[(&message.id).into(), school.as_str().into(), also.into()],
        |row| {
            let to: Missed = row.json(1)?;
            copies.add(to.keys(), &to.about, row.truth(0)?);
            Ok(())
        },
    )?;
    tx.each(
        "SELECT b.recipient FROM messages m CROSS JOIN addressees b WHERE b.message_id = m.id \
         AND m.school_id = $1 AND b.school_id = $1 AND m.retries = $2 \
         AND b.state <> 'unreached' AND b.state <> $3 AND b.state <> 'cancelled'",
        &[school.as_str().into(), message.code.as_str().into(), also.into()],
        |row| {
            let to: Missed = row.json(0)?;
            copies.strike(to.keys(), &to.about);
            Ok(())
        },
    )?;
    Ok(copies)
}

/// Up to `most` addressees for whom something waits on a channel.
pub fn waiting_on(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    most: usize,
) -> Result<Vec<Late>, StoreError> {
    tx.query(
        "SELECT addressee_id, message_id FROM deliveries WHERE school_id = $1 \
         AND channel = $2 AND state = 'waiting' AND due_at IS NOT NULL LIMIT $3",
        &[school.as_str().into(), channel.as_str().into(), most.into()],
        |row| Ok((row.id(0)?, row.id(1)?)),
    )
}
