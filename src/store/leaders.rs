//! One delivery for an address that several share: the leader carries the others along.

use super::deliveries::{Due, due};
use super::delivery_rows::read;
use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;

/// The delivery that already serves a shared address for a message, and how it stands. It stands so until
/// the transaction ends: what happens to it later finds who follows it now.
pub fn leader_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    shared: &str,
) -> Result<Option<(Id<Delivery>, Delivery)>, StoreError> {
    tx.lock(
        "SELECT id FROM deliveries WHERE message_id = $1 AND shared = $2 AND school_id = $3 \
         AND leader_id IS NULL FOR UPDATE",
        &[(&message).into(), shared.into(), school.as_str().into()],
    )?;
    tx.query_one(
        "SELECT id, channel, rung, state, proof, failure, tries, due_at FROM deliveries \
         WHERE message_id = $1 AND shared = $2 AND school_id = $3 AND leader_id IS NULL \
         AND state <> 'withdrawn' LIMIT 1",
        &[(&message).into(), shared.into(), school.as_str().into()],
        |row| Ok((row.id(0)?, read(row, 1)?)),
    )
}

/// The deliveries that this one carries along, oldest first.
pub fn led_by(
    tx: &Tx<'_>,
    school: &SchoolId,
    leader: Id<Delivery>,
) -> Result<Vec<Due>, StoreError> {
    tx.query(
        "SELECT id, message_id, addressee_id, leg FROM deliveries \
         WHERE leader_id = $1 AND school_id = $2 AND state <> 'withdrawn' ORDER BY id",
        &[(&leader).into(), school.as_str().into()],
        due,
    )
}

/// Makes `heir` carry for itself from now on, and `follower` follow it.
pub fn lead(
    tx: &Tx<'_>,
    school: &SchoolId,
    heir: Id<Delivery>,
    due_at: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET leader_id = NULL, due_at = $1 WHERE id = $2 AND school_id = $3",
        &[due_at.into(), (&heir).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// Makes `follower` follow `leader`.
pub fn follow(
    tx: &Tx<'_>,
    school: &SchoolId,
    follower: Id<Delivery>,
    leader: Id<Delivery>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET leader_id = $1, due_at = NULL WHERE id = $2 AND school_id = $3",
        &[(&leader).into(), (&follower).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// Makes a delivery serve its own addressee alone from now on; one that waits is due at once.
pub fn part(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET shared = NULL, leader_id = NULL, \
         due_at = CASE WHEN state = 'waiting' THEN COALESCE(due_at, CAST($1 AS BIGINT)) END \
         WHERE id = $2 AND school_id = $3",
        &[now.into(), (&id).into(), school.as_str().into()],
    )?;
    Ok(())
}
