//! What is over the load cap: who is gathered, and which addressee of a digest carries whom.

use std::time::Duration;

use super::addressees::Addressee;
use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::message::{Message, Proof};
use crate::people::{PersonKey, PostalAddress, SchoolId};

/// One message that was gathered for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Its addressee.
    pub addressee: Id<Addressee>,
    /// The message.
    pub message: Id<Message>,
}

/// How many addressees of a message a digest concerns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DigestShare {
    /// They wait for it.
    pub waiting: usize,
    /// It carries the message to them.
    pub carried: usize,
    /// When the first of those that are waited for is made.
    pub due_at: Option<Moment>,
}

/// Counts an addressee towards the cap of a household, in the week of `counts_at`; `until`: it is gathered
/// until then.
pub fn note(
    tx: &Tx<'_>,
    addressee: &Addressee,
    household: &str,
    counts_at: Moment,
    until: Option<Moment>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE addressees SET household = $1, counts_at = $2, gathered_until = $3 \
         WHERE id = $4 AND school_id = $5",
        &[
            household.into(),
            counts_at.into(),
            until.into(),
            (&addressee.id).into(),
            addressee.school.as_str().into(),
        ],
    )?;
    Ok(())
}

/// Lets no other message of the school count the same week meanwhile, until the transaction ends.
pub fn lock_week(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    tx.lock("SELECT pg_advisory_xact_lock(1795, hashtext($1))", &[school.as_str().into()])
}

/// What is launched earlier has left by now, whatever the quiet hours: none are longer.
const WEEK: Duration = Duration::from_hours(7 * 24);

/// The households that so many messages count for since a moment, and did not miss.
pub fn full_households(
    tx: &Tx<'_>,
    school: &SchoolId,
    since: Moment,
    per_week: u32,
) -> Result<Vec<String>, StoreError> {
    tx.query(
        "SELECT a.household FROM messages m CROSS JOIN addressees a WHERE a.message_id = m.id \
         AND m.school_id = $1 AND m.launched_at >= $2 AND a.household IS NOT NULL \
         AND COALESCE(a.counts_at, m.launched_at) >= $4 \
         AND a.gathered_until IS NULL AND a.carrier_id IS NULL \
         AND a.state <> 'cancelled' AND a.state <> 'unreached' \
         GROUP BY a.household HAVING COUNT(DISTINCT a.message_id) >= $3",
        &[school.as_str().into(), (since - WEEK).into(), per_week.into(), since.into()],
        |row| row.text(0),
    )
}

/// Hands over every adult of the school, with the place where they live.
pub fn each_place(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(PersonKey, Option<u64>),
) -> Result<(), StoreError> {
    tx.each(
        "SELECT key, postal_address FROM persons WHERE school_id = $1 AND archived_at IS NULL \
         ORDER BY key",
        &[school.as_str().into()],
        |row| {
            let address: Option<PostalAddress> = row.maybe_json(1)?;
            take(PersonKey(row.text(0)?), address.as_ref().and_then(PostalAddress::place));
            Ok(())
        },
    )
}

/// Up to `most` households for whom something gathered is due, of messages that run.
pub fn due_households(
    tx: &Tx<'_>,
    school: &SchoolId,
    now: Moment,
    most: usize,
) -> Result<Vec<String>, StoreError> {
    tx.query(
        "SELECT DISTINCT a.household FROM addressees a JOIN messages m ON m.id = a.message_id \
         WHERE a.school_id = $1 AND a.gathered_until <= $2 AND a.household IS NOT NULL \
         AND a.state = 'waiting' AND m.state = 'running' ORDER BY a.household LIMIT $3",
        &[school.as_str().into(), now.into(), most.into()],
        |row| row.text(0),
    )
}

/// What is due for a household, oldest message first; nobody else takes it until the transaction ends.
pub fn due_for(
    tx: &Tx<'_>,
    school: &SchoolId,
    household: &str,
    now: Moment,
) -> Result<Vec<Item>, StoreError> {
    tx.lock(
        "SELECT id FROM addressees WHERE school_id = $1 AND household = $2 \
         AND gathered_until <= $3 ORDER BY id FOR UPDATE",
        &[school.as_str().into(), household.into(), now.into()],
    )?;
    tx.query(
        "SELECT a.id, a.message_id FROM addressees a JOIN messages m ON m.id = a.message_id \
         WHERE a.school_id = $1 AND a.household = $2 AND a.gathered_until <= $3 \
         AND a.state = 'waiting' AND m.state = 'running' ORDER BY m.launched_at, m.id, a.number",
        &[school.as_str().into(), household.into(), now.into()],
        |row| Ok(Item { addressee: row.id(0)?, message: row.id(1)? }),
    )
}

/// What was gathered when a backup was taken and due by now: each may have left since.
pub fn may_have_left(
    tx: &Tx<'_>,
    school: &SchoolId,
    backup: Moment,
    now: Moment,
) -> Result<Vec<Item>, StoreError> {
    tx.query(
        "SELECT a.id, a.message_id FROM addressees a JOIN messages m ON m.id = a.message_id \
         WHERE a.school_id = $1 AND a.gathered_until <= $2 AND a.state = 'waiting' \
         AND m.launched_at <= $3 ORDER BY a.id",
        &[school.as_str().into(), now.into(), backup.into()],
        |row| Ok(Item { addressee: row.id(0)?, message: row.id(1)? }),
    )
}

/// It is gathered no more; `carrier` carries it from now on, if there is one.
pub fn bind(
    tx: &Tx<'_>,
    school: &SchoolId,
    item: Id<Addressee>,
    carrier: Option<Id<Addressee>>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE addressees SET gathered_until = NULL, carrier_id = $1 \
         WHERE id = $2 AND school_id = $3",
        &[carrier.as_ref().into(), (&item).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// Nothing carries it any more: it is gathered again, until a moment.
pub fn set_back(
    tx: &Tx<'_>,
    school: &SchoolId,
    item: Id<Addressee>,
    until: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE addressees SET gathered_until = $1, carrier_id = NULL \
         WHERE id = $2 AND school_id = $3",
        &[until.into(), (&item).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// The addressee of a digest that carries this one.
pub fn carrier_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    item: Id<Addressee>,
) -> Result<Option<Id<Addressee>>, StoreError> {
    let carrier = tx.query_one(
        "SELECT carrier_id FROM addressees WHERE id = $1 AND school_id = $2",
        &[(&item).into(), school.as_str().into()],
        |row| row.maybe_id(0),
    )?;
    Ok(carrier.flatten())
}

/// What an addressee of a digest carries, oldest message first.
pub fn carried_by(
    tx: &Tx<'_>,
    school: &SchoolId,
    carrier: Id<Addressee>,
) -> Result<Vec<Item>, StoreError> {
    tx.query(
        "SELECT a.id, a.message_id FROM addressees a JOIN messages m ON m.id = a.message_id \
         WHERE a.carrier_id = $1 AND a.school_id = $2 ORDER BY m.launched_at, m.id, a.number",
        &[(&carrier).into(), school.as_str().into()],
        |row| Ok(Item { addressee: row.id(0)?, message: row.id(1)? }),
    )
}

/// What an addressee of a digest carries is proven as it is.
pub fn prove(tx: &Tx<'_>, carrier: &Addressee) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE addressees SET reached_by = $1 WHERE carrier_id = $2 AND school_id = $3",
        &[
            carrier.progress.reached_by().map(Proof::as_str).into(),
            (&carrier.id).into(),
            carrier.school.as_str().into(),
        ],
    )
}

/// The addressee of a delivery.
pub fn addressee_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    delivery: Id<Delivery>,
) -> Result<Option<Id<Addressee>>, StoreError> {
    tx.query_one(
        "SELECT addressee_id FROM deliveries WHERE id = $1 AND school_id = $2",
        &[(&delivery).into(), school.as_str().into()],
        |row| row.id(0),
    )
}

/// The first number that no addressee of a message has.
pub fn next_number(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<i64, StoreError> {
    let last = tx.query_one(
        "SELECT MAX(number) FROM addressees WHERE message_id = $1 AND school_id = $2",
        &[(&message).into(), school.as_str().into()],
        |row| row.maybe_int(0),
    )?;
    Ok(last.flatten().map_or(0, |last| last + 1))
}

/// How many addressees of a message wait for a digest, or are carried by one.
pub fn count(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<DigestShare, StoreError> {
    let count = tx.query_one(
        "SELECT COUNT(gathered_until), COUNT(carrier_id), MIN(gathered_until) FROM addressees \
         WHERE message_id = $1 AND school_id = $2 \
         AND (gathered_until IS NOT NULL OR carrier_id IS NOT NULL) \
         AND (gathered_until IS NULL OR state = 'waiting')",
        &[(&message).into(), school.as_str().into()],
        |row| {
            let (waiting, carried) = (row.count(0)?, row.count(1)?);
            Ok(DigestShare { waiting, carried, due_at: row.maybe_moment(2)? })
        },
    )?;
    Ok(count.unwrap_or_default())
}
