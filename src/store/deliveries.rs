//! Deliveries and their attempts: what dispatch claims, starts and settles.

use std::sync::Arc;

use super::addressees::Addressee;
use super::delivery_rows::read;
use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{Delivery, DeliveryState};
use crate::delivery::{FailureKind, Recipient};
use crate::id::Id;
use crate::message::{Message, Proof, Reference, Urgency};
use crate::people::{Connectivity, SchoolId};

/// Lanes, first one first.
const LANES: [Urgency; 3] = [Urgency::Urgent, Urgency::Reply, Urgency::Bulk];

/// What is claimed, by whom, and until when.
#[derive(Debug, Clone)]
pub struct Claim {
    /// Of this channel.
    pub channel: Channel,
    /// For this provider, by its name in the configuration: what left already is claimed by the one that has it.
    pub carrier: Arc<str>,
    /// Due now.
    pub now: Moment,
    /// Nobody else gets it before.
    pub lease_ends: Moment,
    /// So many at most.
    pub most: usize,
}

/// What a new row needs beside the delivery itself.
#[derive(Debug, Clone, Copy)]
pub struct NewRow<'a> {
    /// Its id.
    pub id: Id<Delivery>,
    /// Its addressee.
    pub addressee: &'a Addressee,
    /// Its place among the addressee's deliveries.
    pub leg: usize,
    /// The lane of its message.
    pub lane: i64,
    /// The key of an address that the family shares.
    pub shared: Option<&'a str>,
    /// The delivery that carries it for this one.
    pub leader: Option<Id<Delivery>>,
}

/// A delivery that somebody must see to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: Id<Delivery>,
    /// Of which message.
    pub message: Id<Message>,
    /// Of which addressee.
    pub addressee: Id<Addressee>,
    /// Its place among the addressee's deliveries.
    pub leg: usize,
}

/// A claimed delivery, as far as an attempt needs it.
#[derive(Debug, Clone)]
pub struct InHand {
    /// The number of its addressee within the message.
    pub number: u32,
    /// Who.
    pub recipient: Recipient,
    /// Where it stands.
    pub delivery: Delivery,
    /// The provider's id of it, once it was accepted.
    pub provider_ref: Option<String>,
    /// The reference of the call that carried it together with others, or is to carry it again.
    pub sent_as: Option<String>,
}

/// What takes a delivery in hand as it begins.
#[derive(Debug, Clone, Copy)]
pub struct Carrying<'a> {
    /// The provider, by its name in the configuration.
    pub carrier: &'a str,
    /// The reference of its call, where that may carry others as well.
    pub sent_as: Option<&'a str>,
}

/// How many deliveries of a message stand in a state on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// On which channel.
    pub channel: Channel,
    /// On which rung.
    pub rung: usize,
    /// In which state.
    pub state: DeliveryState,
    /// With which proof.
    pub proof: Option<Proof>,
    /// How many.
    pub count: usize,
    /// How the households are connected, where that chose their plan.
    pub connectivity: Option<Connectivity>,
}

/// Keeps a new delivery.
pub fn insert(tx: &Tx<'_>, row: &NewRow<'_>, delivery: &Delivery) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO deliveries (id, school_id, message_id, addressee_id, leg, rung, channel, \
         state, lane, due_at, tries, proof, failure, shared, leader_id) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            (&row.id).into(),
            row.addressee.school.as_str().into(),
            (&row.addressee.message).into(),
            (&row.addressee.id).into(),
            row.leg.into(),
            delivery.rung.into(),
            delivery.channel.as_str().into(),
            delivery.state.as_str().into(),
            row.lane.into(),
            delivery.due_at.filter(|_| row.leader.is_none()).into(),
            delivery.tries.into(),
            delivery.proof.map(Proof::as_str).into(),
            delivery.failure.map(FailureKind::as_str).into(),
            row.shared.into(),
            row.leader.as_ref().into(),
        ],
    )?;
    Ok(())
}

/// Writes where a delivery stands now, and who has it in hand where it begins. One that another carries is
/// never due by itself, and goes under no reference of its own.
pub fn update(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
    delivery: &Delivery,
    begun: Option<Carrying<'_>>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET state = $1, tries = $2, proof = $3, failure = $4, \
         due_at = CASE WHEN leader_id IS NULL THEN CAST($5 AS BIGINT) END, \
         carrier = COALESCE($6, carrier), \
         sent_as = CASE WHEN $6 IS NULL OR leader_id IS NOT NULL THEN sent_as ELSE $9 END WHERE id = $7 AND school_id = $8",
        &[
            delivery.state.as_str().into(),
            delivery.tries.into(),
            delivery.proof.map(Proof::as_str).into(),
            delivery.failure.map(FailureKind::as_str).into(),
            delivery.due_at.into(),
            begun.map(|begun| begun.carrier).into(),
            (&id).into(),
            school.as_str().into(),
            begun.and_then(|begun| begun.sent_as).into(),
        ],
    )?;
    Ok(())
}

/// Takes due deliveries of a channel that a provider has, in a state, first one first, and hides them from
/// everybody else until the lease ends.
pub fn claim(
    tx: &Tx<'_>,
    school: &SchoolId,
    state: DeliveryState,
    claim: &Claim,
) -> Result<Vec<Due>, StoreError> {
    let mut claimed = Vec::new();
    for lane in LANES {
        if claimed.len() == claim.most {
            break;
        }
        claimed.extend(tx.query(
            "UPDATE deliveries SET due_at = $1 WHERE id IN (SELECT id FROM deliveries \
             WHERE school_id = $2 AND channel = $3 AND state = $4 AND lane = $5 AND due_at <= $6 \
             AND carrier = $8 ORDER BY due_at LIMIT $7 /*skip locked*/) RETURNING id, message_id, addressee_id, leg",
            &[
                claim.lease_ends.into(),
                school.as_str().into(),
                claim.channel.as_str().into(),
                state.as_str().into(),
                lane.lane().into(),
                claim.now.into(),
                (claim.most - claimed.len()).into(),
                (&*claim.carrier).into(),
            ],
            due,
        )?);
    }
    Ok(claimed)
}

/// When the next delivery of a channel in a state falls due.
pub fn next_due(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    state: DeliveryState,
) -> Result<Option<Moment>, StoreError> {
    let mut next: Option<Moment> = None;
    for lane in LANES {
        let in_lane = tx.query_one(
            "SELECT MIN(due_at) FROM deliveries WHERE school_id = $1 AND channel = $2 \
             AND state = $3 AND lane = $4 AND due_at IS NOT NULL",
            &[
                school.as_str().into(),
                channel.as_str().into(),
                state.as_str().into(),
                lane.lane().into(),
            ],
            |row| row.maybe_moment(0),
        )?;
        next = [next, in_lane.flatten()].into_iter().flatten().min();
    }
    Ok(next)
}

/// Whether something urgent waits on a channel and is due.
pub fn urgent_is_due(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    now: Moment,
) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM deliveries WHERE school_id = $1 AND channel = $2 AND state = $3 \
         AND lane = $4 AND due_at <= $5 LIMIT 1",
        &[
            school.as_str().into(),
            channel.as_str().into(),
            DeliveryState::Waiting.as_str().into(),
            Urgency::Urgent.lane().into(),
            now.into(),
        ],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// Makes due what waits on a channel because its provider, or our account there, was in the way.
pub fn hasten(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET due_at = $1 WHERE school_id = $2 AND channel = $3 \
         AND state = 'waiting' AND due_at > $1 AND failure IS NOT NULL \
         AND failure IN ('throttled', 'denied', 'misconfigured', 'out_of_credit', 'over_quota')",
        &[now.into(), school.as_str().into(), channel.as_str().into()],
    )?;
    Ok(())
}

/// The deliveries of an addressee that wait.
pub fn waiting_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: Id<Addressee>,
) -> Result<Vec<Id<Delivery>>, StoreError> {
    tx.query(
        "SELECT id FROM deliveries WHERE addressee_id = $1 AND school_id = $2 AND state = 'waiting' \
         ORDER BY leg",
        &[(&addressee).into(), school.as_str().into()],
        |row| row.id(0),
    )
}

/// Ends a delivery of which nothing more can be read: nobody claims it again.
pub fn give_up(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
    kind: FailureKind,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET state = CASE WHEN state IN ('waiting', 'sending') THEN 'failed' \
         ELSE state END, failure = $1, due_at = NULL WHERE id = $2 AND school_id = $3",
        &[kind.as_str().into(), (&id).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// The batches, by their numbers, in which a letter of an addressee is printed that nobody has posted.
pub fn printed_in(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: Id<Addressee>,
) -> Result<Vec<usize>, StoreError> {
    tx.query(
        "SELECT b.number FROM deliveries d JOIN batches b ON b.id = d.batch_id \
         WHERE d.addressee_id = $1 AND d.school_id = $2 AND d.state = 'sending' \
         AND b.pages IS NOT NULL AND b.posted_at IS NULL ORDER BY b.number",
        &[(&addressee).into(), school.as_str().into()],
        |row| row.count(0),
    )
}

/// The delivery at this place among an addressee's; none for one that another carries.
pub fn of_leg(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: Id<Addressee>,
    leg: usize,
) -> Result<Option<Due>, StoreError> {
    tx.query_one(
        "SELECT id, message_id, addressee_id, leg FROM deliveries \
         WHERE addressee_id = $1 AND leg = $2 AND school_id = $3 AND leader_id IS NULL",
        &[(&addressee).into(), leg.into(), school.as_str().into()],
        due,
    )
}

/// Keeps the provider's id of a delivery, by which receipts name it; `false` when another delivery that it has
/// carries that id already, which then says nothing: those of one call have one id.
pub fn set_provider_ref(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Delivery>,
    provider_ref: &str,
) -> Result<bool, StoreError> {
    let kept = tx.touched(
        "UPDATE deliveries SET provider_ref = $1 WHERE id = $2 AND school_id = $3 \
         AND NOT EXISTS (SELECT 1 FROM deliveries other WHERE other.provider_ref = $1 \
         AND other.school_id = $3 AND other.channel = deliveries.channel AND other.id <> $2 \
         AND (other.sent_as IS NULL OR deliveries.sent_as IS NULL \
         OR other.sent_as <> deliveries.sent_as) \
         AND COALESCE(other.carrier, '') = COALESCE(deliveries.carrier, ''))",
        &[provider_ref.into(), (&id).into(), school.as_str().into()],
    )?;
    Ok(kept == 1)
}

/// A delivery that a receipt names.
#[derive(Debug, Clone)]
pub struct NamedDelivery {
    /// Which.
    pub due: Due,
    /// The reference of the call that carried it together with others.
    pub sent_as: Option<String>,
    /// When its message was launched.
    pub launched_at: Moment,
}

/// The delivery that this provider has under this id.
pub fn of_provider_ref(
    tx: &Tx<'_>,
    school: &SchoolId,
    carrier: &str,
    provider_ref: &str,
) -> Result<Option<NamedDelivery>, StoreError> {
    tx.query_one(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, d.sent_as, m.launched_at FROM deliveries d \
         JOIN messages m ON m.id = d.message_id \
         WHERE d.provider_ref = $1 AND d.school_id = $2 AND d.carrier = $3",
        &[provider_ref.into(), school.as_str().into(), carrier.into()],
        read_named,
    )
}

/// The delivery that this provider has under our reference; none for one that another carries.
pub fn of_reference(
    tx: &Tx<'_>,
    school: &SchoolId,
    carrier: &str,
    reference: &Reference,
) -> Result<Option<NamedDelivery>, StoreError> {
    tx.query_one(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, d.sent_as, m.launched_at FROM messages m \
         JOIN addressees a ON a.message_id = m.id AND a.number = $3 \
         JOIN deliveries d ON d.addressee_id = a.id AND d.leg = $4 \
         WHERE m.code = $1 AND m.school_id = $2 AND d.carrier = $5 AND d.leader_id IS NULL",
        &[
            reference.code.as_str().into(),
            school.as_str().into(),
            reference.addressee.into(),
            reference.leg.into(),
            carrier.into(),
        ],
        read_named,
    )
}

fn read_named(row: &Row<'_>) -> Result<NamedDelivery, StoreError> {
    let (due, sent_as) = (due(row)?, row.maybe_text(4)?);
    Ok(NamedDelivery { due, sent_as, launched_at: Moment(row.int(5)?) })
}

/// The deliveries of a message, counted; `by_plan`: those of each connectivity apart, because its plan
/// is another.
pub fn tally(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    by_plan: bool,
) -> Result<Vec<Tally>, StoreError> {
    let sql = if by_plan {
        "SELECT d.channel, d.rung, d.state, d.proof, COUNT(*), a.connectivity FROM deliveries d \
         JOIN addressees a ON a.id = d.addressee_id WHERE d.message_id = $1 AND d.school_id = $2 \
         GROUP BY d.channel, d.rung, d.state, d.proof, a.connectivity"
    } else {
        "SELECT channel, rung, state, proof, COUNT(*), NULL FROM deliveries \
         WHERE message_id = $1 AND school_id = $2 GROUP BY channel, rung, state, proof"
    };
    tx.query(sql, &[(&message).into(), school.as_str().into()], |row| {
        Ok(Tally {
            channel: row.word(0, |word| word.parse().ok())?,
            rung: row.count(1)?,
            state: row.word(2, DeliveryState::from_word)?,
            proof: row.maybe_word(3, Proof::from_word)?,
            count: row.count(4)?,
            connectivity: row.maybe_word(5, Connectivity::from_word)?,
        })
    })
}

/// All that an attempt needs of a claimed delivery, in one look.
pub fn in_hand(tx: &Tx<'_>, school: &SchoolId, due: &Due) -> Result<Option<InHand>, StoreError> {
    tx.query_one(
        "SELECT a.number, a.recipient, d.provider_ref, d.sent_as, d.channel, d.rung, d.state, d.proof, \
         d.failure, d.tries, d.due_at FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
         WHERE d.id = $1 AND d.school_id = $2",
        &[(&due.id).into(), school.as_str().into()],
        |row| read_in_hand(row, 0),
    )
}

/// Eleven columns: the addressee's number and recipient, the provider's id, the call's reference, then as
/// [`read`] wants them.
pub(super) fn read_in_hand(row: &Row<'_>, from: usize) -> Result<InHand, StoreError> {
    Ok(InHand {
        number: row.number(from)?,
        recipient: row.json(from + 1)?,
        provider_ref: row.maybe_text(from + 2)?,
        sent_as: row.maybe_text(from + 3)?,
        delivery: read(row, from + 4)?,
    })
}

/// Out of four columns: id, message, addressee, leg.
pub(super) fn due(row: &Row<'_>) -> Result<Due, StoreError> {
    Ok(Due { id: row.id(0)?, message: row.id(1)?, addressee: row.id(2)?, leg: row.count(3)? })
}
