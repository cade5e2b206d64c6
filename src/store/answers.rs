//! What people answered to a message that asks something: every word is kept, and the last one holds.

use std::collections::BTreeMap;

use super::addressees::{Addressee, Missed};
use super::calls::KeptOutcome;
use super::deliveries::{Due, due};
use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Recipient;
use crate::delivery::lifecycle::AddresseeState;
use crate::id::Id;
use crate::message::{AnswerChoice, Message};
use crate::people::{Actor, PersonKey, SchoolId};

/// An answer, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenAnswer {
    /// What was answered.
    pub answer: AnswerChoice,
    /// By which way.
    pub channel: Channel,
    /// When.
    pub at: Moment,
    /// Who of the school typed it; `None` where a program read it.
    pub typed_by: Option<Actor>,
    /// What was said of the call in which it was given; `None` where it came otherwise.
    pub call: Option<Id<KeptOutcome>>,
}

/// Keeps an answer of an addressee: after all that they said before, also where the clock was put back since.
pub fn insert(
    tx: &Tx<'_>,
    school: &SchoolId,
    (message, addressee): (Id<Message>, Id<Addressee>),
    given: &GivenAnswer,
) -> Result<(), StoreError> {
    let last = tx.query_one(
        "SELECT MAX(given_at) FROM answers \
         WHERE message_id = $1 AND addressee_id = $2 AND school_id = $3",
        &[(&message).into(), (&addressee).into(), school.as_str().into()],
        |row| row.maybe_moment(0),
    )?;
    let at = last.flatten().map_or(given.at, |last| given.at.max(Moment(last.0 + 1)));
    let id: Id<GivenAnswer> = Id::new(at);
    tx.execute(
        "INSERT INTO answers (id, school_id, message_id, addressee_id, value, channel, given_at, \
         typed_by, call_outcome_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            (&id).into(),
            school.as_str().into(),
            (&message).into(),
            (&addressee).into(),
            given.answer.as_str().into(),
            given.channel.as_str().into(),
            at.into(),
            given.typed_by.as_ref().map(Actor::to_stored).as_deref().into(),
            given.call.as_ref().into(),
        ],
    )?;
    Ok(())
}

/// Forgets what was answered in a call of which that is taken back: what was answered before holds again.
pub fn forget(tx: &Tx<'_>, school: &SchoolId, call: Id<KeptOutcome>) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM answers WHERE call_outcome_id = $1 AND school_id = $2",
        &[(&call).into(), school.as_str().into()],
    )
}

/// What an addressee answered, the word that holds last.
pub fn of_addressee(
    tx: &Tx<'_>,
    school: &SchoolId,
    (message, addressee): (Id<Message>, Id<Addressee>),
) -> Result<Vec<GivenAnswer>, StoreError> {
    tx.query(
        "SELECT value, channel, given_at, typed_by, call_outcome_id FROM answers \
         WHERE message_id = $1 AND addressee_id = $2 AND school_id = $3 ORDER BY given_at, id",
        &[(&message).into(), (&addressee).into(), school.as_str().into()],
        read,
    )
}

/// The words that hold of a message, by addressee.
pub fn that_hold(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<BTreeMap<Id<Addressee>, GivenAnswer>, StoreError> {
    let all = tx.query(
        "SELECT value, channel, given_at, typed_by, call_outcome_id, addressee_id FROM answers \
         WHERE message_id = $1 AND school_id = $2 ORDER BY given_at, id",
        &[(&message).into(), school.as_str().into()],
        |row| Ok((row.id(5)?, read(row)?)),
    )?;
    Ok(all.into_iter().collect())
}

/// Somebody who was asked.
#[derive(Debug, Clone)]
pub struct AskedOne {
    /// The addressee.
    pub id: Id<Addressee>,
    /// Its number within the message.
    pub number: u32,
    /// Where it stands.
    pub state: AddresseeState,
    /// Who.
    pub recipient: Recipient,
}

/// Everybody whom a message is for, in the order of their numbers.
pub fn asked(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<AskedOne>, StoreError> {
    tx.query(
        "SELECT id, number, state, recipient FROM addressees \
         WHERE message_id = $1 AND school_id = $2 ORDER BY number",
        &[(&message).into(), school.as_str().into()],
        |row: &Row<'_>| {
            Ok(AskedOne {
                id: row.id(0)?,
                number: row.number(1)?,
                state: row.word(2, AddresseeState::from_word)?,
                recipient: row.json(3)?,
            })
        },
    )
}

/// Everybody whom a message is for and who was not spared it, each with the word that holds of them.
pub fn by_copy(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<(Missed, Option<AnswerChoice>)>, StoreError> {
    let held = that_hold(tx, school, message)?;
    let all = tx.query(
        "SELECT id, recipient, state FROM addressees \
         WHERE message_id = $1 AND school_id = $2 ORDER BY number",
        &[(&message).into(), school.as_str().into()],
        |row: &Row<'_>| -> Result<(Id<Addressee>, Missed, AddresseeState), StoreError> {
            let state = row.word(2, AddresseeState::from_word)?;
            Ok((row.id(0)?, row.json(1)?, state))
        },
    )?;
    let told = all.into_iter().filter_map(|(id, copy, state)| {
        let answer = held.get(&id).map(|given| given.answer);
        let is_spared = state == AddresseeState::Cancelled && answer.is_none();
        (!is_spared).then_some((copy, answer))
    });
    Ok(told.collect())
}

/// A delivery of something that asks, which left for somebody.
#[derive(Debug, Clone)]
pub struct AskedCopy {
    /// The delivery, or the one that carried it along.
    pub due: Due,
    /// When its message was launched.
    pub launched_at: Moment,
    /// Whose copy it was.
    pub recipient: Recipient,
}

/// What asked something and left for somebody on a channel since a moment, newest first.
pub fn asked_on(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
    (channel, since): (Channel, Moment),
) -> Result<Vec<AskedCopy>, StoreError> {
    tx.query(
        "SELECT l.id, l.message_id, l.addressee_id, l.leg, m.launched_at, a.recipient \
         FROM addressees a JOIN messages m ON m.id = a.message_id \
         JOIN deliveries d ON d.addressee_id = a.id \
         JOIN deliveries l ON l.id = COALESCE(d.leader_id, d.id) \
         WHERE a.school_id = $1 AND a.person_key = $2 AND d.channel = $3 AND m.launched_at >= $4 \
         AND (m.question IS NOT NULL OR m.template = 'verification') \
         AND d.state IN ('sending', 'uncertain', 'accepted', 'proven', 'failed') \
         ORDER BY m.launched_at DESC, m.id DESC, l.id",
        &[school.as_str().into(), (&person.0).into(), channel.as_str().into(), since.into()],
        |row: &Row<'_>| {
            Ok(AskedCopy {
                due: due(row)?,
                launched_at: Moment(row.int(4)?),
                recipient: row.json(5)?,
            })
        },
    )
}

/// The addressees of a message who are this person.
pub fn addressees_of(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    person: &PersonKey,
) -> Result<Vec<Id<Addressee>>, StoreError> {
    tx.query(
        "SELECT id FROM addressees WHERE school_id = $1 AND person_key = $2 AND message_id = $3 \
         ORDER BY number",
        &[school.as_str().into(), (&person.0).into(), (&message).into()],
        |row| row.id(0),
    )
}

fn read(row: &Row<'_>) -> Result<GivenAnswer, StoreError> {
    Ok(GivenAnswer {
        answer: row.word(0, AnswerChoice::from_word)?,
        channel: row.word(1, |word| word.parse().ok())?,
        at: Moment(row.int(2)?),
        typed_by: row.maybe_word(3, Actor::from_stored)?,
        call: row.maybe_id(4)?,
    })
}
