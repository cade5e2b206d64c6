//! Calls: those that wait, who has them in hand, and what they gave.

use super::addressees::Addressee;
use super::controls::PARKED_LANE;
use super::deliveries::Due;
use super::delivery_rows::read;
use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, CallStood, Delivery};
use crate::delivery::{CallOutcome, FailureKind, Recipient};
use crate::id::Id;
use crate::message::{AnswerChoice, Message, Proof};
use crate::people::{Actor, ContactState, PersonKey, SchoolId};
use crate::phone_number::PhoneNumber;

/// How replies and attempts tell that it was by telephone.
pub const BY_TELEPHONE: &str = "calls";

/// A delivery by telephone that waits, with what its call needs.
#[derive(Debug, Clone)]
pub struct CallDelivery {
    /// The delivery.
    pub due: Due,
    /// The one that carries it, when two persons share a number.
    pub leader: Option<Id<Delivery>>,
    /// The number of its addressee, for the reference.
    pub number: u32,
    /// Where its addressee stands.
    pub state: AddresseeState,
    /// Who.
    pub recipient: Recipient,
    /// How it stands.
    pub delivery: Delivery,
    /// A colleague on whose sheet it stands.
    pub caller: Option<String>,
    /// Who has it open.
    pub taken: Option<CallTaken>,
}

/// That somebody has a call open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallTaken {
    /// Who.
    pub by: Actor,
    /// Until when, unless they say what it gave or leave it.
    pub until: Moment,
}

/// What a call gave, as it is kept. `Debug` hides the number and the words.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptOutcome {
    /// Its id.
    pub id: Id<KeptOutcome>,
    /// Of which call.
    pub delivery: Id<Delivery>,
    /// The number that was dialled.
    pub number: PhoneNumber,
    /// What it gave.
    pub outcome: CallOutcome,
    /// What was said, in a few words.
    pub word: Option<String>,
    /// What was answered to what the message asks.
    pub answer: Option<AnswerChoice>,
    /// Who rang.
    pub caller: String,
    /// Who said so.
    pub said_by: Actor,
    /// When.
    pub said_at: Moment,
    /// How the call stood before.
    pub stood: CallStood,
    /// How the number stood before, where that was known.
    pub number_was: Option<ContactState>,
}

impl std::fmt::Debug for KeptOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptOutcome({}: {})", self.id, self.outcome.as_str())
    }
}

/// Keeps every other transaction that takes calls in hand away until this one ends.
pub fn lock_desk(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    tx.lock("SELECT pg_advisory_xact_lock(1797, hashtext($1))", &[school.as_str().into()])
}

/// The deliveries by telephone that wait, of messages that are not paused.
pub fn waiting(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<CallDelivery>, StoreError> {
    tx.query(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, d.leader_id, a.number, a.state, a.recipient, \
         d.channel, d.rung, d.state, d.proof, d.failure, d.tries, d.due_at, c.caller, c.taken_by, \
         c.taken_until FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
         LEFT JOIN calls c ON c.school_id = d.school_id AND c.delivery_id = d.id \
         WHERE d.school_id = $1 AND d.channel = 'phone' AND d.state = 'waiting' AND d.lane < $2 \
         ORDER BY d.addressee_id, d.leg",
        &[school.as_str().into(), PARKED_LANE.into()],
        call,
    )
}

/// The message of each call that waits, also of those that are paused.
pub fn waiting_of_each(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Id<Message>>, StoreError> {
    tx.query(
        "SELECT message_id FROM deliveries WHERE school_id = $1 AND channel = 'phone' \
         AND state = 'waiting' AND leader_id IS NULL",
        &[school.as_str().into()],
        |row| row.id(0),
    )
}

fn call(row: &Row<'_>) -> Result<CallDelivery, StoreError> {
    let addressee: Id<Addressee> = row.id(2)?;
    let taken = row.maybe_word(16, Actor::from_stored)?.zip(row.maybe_moment(17)?);
    Ok(CallDelivery {
        due: Due { id: row.id(0)?, message: row.id(1)?, addressee, leg: row.count(3)? },
        leader: row.maybe_id(4)?,
        number: row.number(5)?,
        state: row.word(6, AddresseeState::from_word)?,
        recipient: row.json(7)?,
        delivery: read(row, 8)?,
        caller: row.maybe_text(15)?,
        taken: taken.map(|(by, until)| CallTaken { by, until }),
    })
}

/// Puts a call on the sheet of a colleague.
pub fn give_to(
    tx: &Tx<'_>,
    school: &SchoolId,
    call: Id<Delivery>,
    caller: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO calls (school_id, delivery_id, caller) VALUES ($1, $2, $3) \
         ON CONFLICT (school_id, delivery_id) DO UPDATE SET caller = excluded.caller",
        &[school.as_str().into(), (&call).into(), caller.into()],
    )
}

/// Keeps a call for whoever opened it.
pub fn take(
    tx: &Tx<'_>,
    school: &SchoolId,
    call: Id<Delivery>,
    taken: &CallTaken,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO calls (school_id, delivery_id, taken_by, taken_until) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (school_id, delivery_id) \
         DO UPDATE SET taken_by = excluded.taken_by, taken_until = excluded.taken_until",
        &[
            school.as_str().into(),
            (&call).into(),
            (&taken.by.to_stored()).into(),
            taken.until.into(),
        ],
    )
}

/// Lets others have the calls that somebody opened.
pub fn leave_all(tx: &Tx<'_>, school: &SchoolId, by: &Actor) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE calls SET taken_by = NULL, taken_until = NULL WHERE school_id = $1 AND taken_by = $2",
        &[school.as_str().into(), (&by.to_stored()).into()],
    )
}

/// Lets others have a call, whoever opened it.
pub fn leave(tx: &Tx<'_>, school: &SchoolId, call: Id<Delivery>) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE calls SET taken_by = NULL, taken_until = NULL \
         WHERE school_id = $1 AND delivery_id = $2",
        &[school.as_str().into(), (&call).into()],
    )
}

/// The copies of a message that a person has, alone or with their household.
pub fn copies_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    person: &PersonKey,
) -> Result<Vec<Id<Addressee>>, StoreError> {
    let mut copies = Vec::new();
    tx.each(
        "SELECT id, recipient FROM addressees WHERE message_id = $1 AND school_id = $2 ORDER BY id",
        &[(&message).into(), school.as_str().into()],
        |row| {
            let to: Recipient = row.json(1)?;
            if to.keys().any(|key| key == person) {
                copies.push(row.id(0)?);
            }
            Ok(())
        },
    )?;
    Ok(copies)
}

/// Keeps what a call gave.
pub fn add_outcome(tx: &Tx<'_>, school: &SchoolId, kept: &KeptOutcome) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO call_outcomes (id, school_id, delivery_id, number, outcome, word, caller, said_by, \
         said_at, stood_proof, stood_failure, stood_tries, stood_due_at, number_was, answer) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        &[
            (&kept.id).into(),
            school.as_str().into(),
            (&kept.delivery).into(),
            kept.number.as_str().into(),
            kept.outcome.as_str().into(),
            kept.word.as_deref().into(),
            (&kept.caller).into(),
            (&kept.said_by.to_stored()).into(),
            kept.said_at.into(),
            kept.stood.proof.map(Proof::as_str).into(),
            kept.stood.failure.map(FailureKind::as_str).into(),
            kept.stood.tries.into(),
            kept.stood.due_at.into(),
            kept.number_was.map(ContactState::as_str).into(),
            kept.answer.map(AnswerChoice::as_str).into(),
        ],
    )
}

/// What a call gave, first said first, without what was taken back.
pub fn outcomes_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    call: Id<Delivery>,
) -> Result<Vec<KeptOutcome>, StoreError> {
    tx.query(
        "SELECT id, delivery_id, number, outcome, word, caller, said_by, said_at, stood_proof, \
         stood_failure, stood_tries, stood_due_at, number_was, answer FROM call_outcomes \
         WHERE school_id = $1 AND delivery_id = $2 AND taken_back_at IS NULL ORDER BY said_at, id",
        &[school.as_str().into(), (&call).into()],
        read_outcome,
    )
}

/// What the calls of an addressee gave, first said first, without what was taken back.
pub fn outcomes_for(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: Id<Addressee>,
) -> Result<Vec<KeptOutcome>, StoreError> {
    tx.query(
        "SELECT o.id, o.delivery_id, o.number, o.outcome, o.word, o.caller, o.said_by, o.said_at, \
         o.stood_proof, o.stood_failure, o.stood_tries, o.stood_due_at, o.number_was, o.answer \
         FROM deliveries d JOIN call_outcomes o ON o.school_id = d.school_id \
         AND o.delivery_id = COALESCE(d.leader_id, d.id) WHERE d.school_id = $1 \
         AND d.addressee_id = $2 AND d.channel = 'phone' AND o.taken_back_at IS NULL \
         ORDER BY o.said_at, o.id",
        &[school.as_str().into(), (&addressee).into()],
        read_outcome,
    )
}

/// Notes that what was said is taken back, and by whom.
pub fn take_back(
    tx: &Tx<'_>,
    school: &SchoolId,
    outcome: Id<KeptOutcome>,
    by: &Actor,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE call_outcomes SET taken_back_at = $1, taken_back_by = $2 \
         WHERE id = $3 AND school_id = $4",
        &[now.into(), (&by.to_stored()).into(), (&outcome).into(), school.as_str().into()],
    )
}

/// Forgets what was asked for in a call of which that is taken back.
pub fn forget_word(tx: &Tx<'_>, school: &SchoolId, call: &str) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM replies WHERE school_id = $1 AND provider = $2 AND provider_ref = $3",
        &[school.as_str().into(), BY_TELEPHONE.into(), call.into()],
    )
}

fn read_outcome(row: &Row<'_>) -> Result<KeptOutcome, StoreError> {
    Ok(KeptOutcome {
        id: row.id(0)?,
        delivery: row.id(1)?,
        number: row.word(2, PhoneNumber::from_e164)?,
        outcome: row.word(3, CallOutcome::from_word)?,
        word: row.maybe_text(4)?,
        caller: row.text(5)?,
        said_by: row.word(6, Actor::from_stored)?,
        said_at: Moment(row.int(7)?),
        stood: CallStood {
            proof: row.maybe_word(8, Proof::from_word)?,
            failure: row.maybe_word(9, FailureKind::from_word)?,
            tries: row.number(10)?,
            due_at: row.maybe_moment(11)?,
        },
        number_was: row.maybe_word(12, ContactState::from_word)?,
        answer: row.maybe_word(13, AnswerChoice::from_word)?,
    })
}
