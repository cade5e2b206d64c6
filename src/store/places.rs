//! Where each addressee of a message stands, and by which ways it came there: what people look through.

use super::addressees::Addressee;
use super::attempts::AttemptOutcome;
use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, DeliveryState};
use crate::delivery::{About, AddresseePlace, FailureKind, Recipient};
use crate::id::Id;
use crate::message::{Code, Message, Proof};
use crate::people::SchoolId;

/// More tries of one addressee than anybody reads.
const MOST_TRIES: usize = 200;

/// Where one addressee stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberedPlace {
    /// Its number within the message.
    pub number: u32,
    /// Where it stands.
    pub place: AddresseePlace,
}

/// Whom an addressee is called by. `Debug` hides it.
#[derive(Clone, serde::Deserialize)]
pub struct CalledBy {
    /// `Inès DURAND`; of a household all names.
    pub name: String,
    /// The pupils whom the message is about, for them.
    pub about: Vec<About>,
}

impl std::fmt::Debug for CalledBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CalledBy(…, {} pupils)", self.about.len())
    }
}

/// One addressee with all its ways.
#[derive(Debug, Clone)]
pub struct Traced {
    /// Its id.
    pub id: Id<Addressee>,
    /// Its number within the message.
    pub number: u32,
    /// Who, as frozen at launch.
    pub recipient: Recipient,
    /// Where it stands.
    pub place: AddresseePlace,
    /// When it last left the machine's hands.
    pub settled_at: Option<Moment>,
    /// The digest that carries it.
    pub digest: Option<Code>,
    /// Its ways, in order; those of the digest, where one carries it.
    pub ways: Vec<TracedWay>,
}

/// One way of an addressee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedWay {
    /// By which channel.
    pub channel: Channel,
    /// Where that stands.
    pub state: DeliveryState,
    /// The best proof of it.
    pub proof: Option<Proof>,
    /// Why it failed last.
    pub failure: Option<FailureKind>,
    /// The provider that has it, or had it last, by its name in the configuration.
    pub carrier: Option<String>,
    /// Another of the family has the same address, and theirs serves both.
    pub is_led: bool,
    /// When somebody must look at it next.
    pub due_at: Option<Moment>,
    /// The letters that it is among.
    pub batch: Option<TracedBatch>,
}

/// A batch that holds a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TracedBatch {
    /// Its number.
    pub number: u32,
    /// When it was made.
    pub made_at: Moment,
    /// When people posted it.
    pub posted_at: Option<Moment>,
}

/// One try of a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedTry {
    /// By which channel.
    pub channel: Channel,
    /// By which provider, as the configuration names it.
    pub provider: String,
    /// When it began.
    pub started_at: Moment,
    /// When its outcome was known.
    pub ended_at: Moment,
    /// What it came to.
    pub outcome: AttemptOutcome,
}

/// Whom of a message somebody looks for; everybody by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LookedFor {
    /// Who stand there.
    pub place: Option<AddresseePlace>,
    /// Who have, or had, a way by this channel.
    pub channel: Option<Channel>,
}

/// Where the addressees of a message stand, in the order of their numbers.
pub fn of_message(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    whom: LookedFor,
) -> Result<Vec<NumberedPlace>, StoreError> {
    let mut all = Vec::new();
    each(tx, school, (message, whom), false, |row| {
        all.push(placed(row)?);
        Ok(())
    })?;
    all.sort_unstable_by_key(|it| it.number);
    Ok(all)
}

/// The same with whom they are called by, one after the other, in no order.
pub fn each_called(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    whom: LookedFor,
    mut take: impl FnMut(NumberedPlace, CalledBy),
) -> Result<(), StoreError> {
    each(tx, school, (message, whom), true, |row| {
        take(placed(row)?, row.json(3)?);
        Ok(())
    })
}

/// Where the addressees of a message stand, of whom `$which` holds.
macro_rules! placed {
    ($which:literal) => {
        concat!(
            "SELECT a.number, a.state, a.reached_by, CASE WHEN $4 = 1 THEN a.recipient END \
             FROM addressees a WHERE a.message_id = $1 AND a.school_id = $2 AND ($3 = '' OR EXISTS \
             (SELECT 1 FROM deliveries w WHERE w.addressee_id = COALESCE(a.carrier_id, a.id) \
             AND w.channel = $3)) ",
            $which
        )
    };
}

fn each(
    tx: &Tx<'_>,
    school: &SchoolId,
    (message, whom): (Id<Message>, LookedFor),
    with_names: bool,
    mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let channel = whom.channel.map_or("", Channel::as_str);
    let asked = [(&message).into(), school.as_str().into(), channel.into(), with_names.into()];
    let Some(place) = whom.place else {
        return tx.each(placed!("ORDER BY a.number"), &asked, take);
    };
    let [message, school, channel, with_names] = asked;
    let asked = [message, school, channel, with_names, place.state().as_str().into()];
    tx.each(placed!("AND a.state = $5"), &asked, |row| {
        if placed(row)?.place == place { take(row) } else { Ok(()) }
    })
}

fn placed(row: &Row<'_>) -> Result<NumberedPlace, StoreError> {
    let state = row.word(1, AddresseeState::from_word)?;
    let reached_by = row.maybe_word(2, Proof::from_word)?;
    Ok(NumberedPlace { number: row.number(0)?, place: AddresseePlace::of(state, reached_by) })
}

/// The addressees of a message with their ways, of which `$which` holds.
macro_rules! traced {
    ($which:literal) => {
        concat!(
            "SELECT a.id, a.number, a.recipient, a.state, a.settled_at, g.code, d.channel, d.state, \
             d.proof, d.failure, COALESCE(l.carrier, d.carrier), \
             CASE WHEN d.leader_id IS NULL THEN 0 ELSE 1 END, COALESCE(d.due_at, l.due_at), \
             b.number, b.made_at, b.posted_at FROM addressees a \
             LEFT JOIN addressees c ON c.id = a.carrier_id LEFT JOIN messages g ON g.id = c.message_id \
             LEFT JOIN deliveries d ON d.addressee_id = COALESCE(a.carrier_id, a.id) \
             LEFT JOIN deliveries l ON l.id = d.leader_id LEFT JOIN batches b ON b.id = d.batch_id \
             WHERE a.message_id = $1 AND a.school_id = $2 ",
            $which
        )
    };
}

/// The addressee of this number, with its ways.
pub fn trace(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    number: u32,
) -> Result<Option<Traced>, StoreError> {
    let mut found = None;
    tx.each(
        traced!("AND a.number = $3 ORDER BY d.leg"),
        &[(&message).into(), school.as_str().into(), number.into()],
        |row| add(row, &mut found),
    )?;
    Ok(found.map(placed_by_ways))
}

/// Every addressee with its ways, one after the other.
pub fn each_traced(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    mut take: impl FnMut(Traced),
) -> Result<(), StoreError> {
    let mut under_way: Option<Traced> = None;
    tx.each(
        traced!("ORDER BY a.number, d.leg"),
        &[(&message).into(), school.as_str().into()],
        |row| {
            let number: u32 = row.number(1)?;
            if let Some(whole) = under_way.take_if(|it| it.number != number) {
                take(placed_by_ways(whole));
            }
            add(row, &mut under_way)
        },
    )?;
    if let Some(last) = under_way {
        take(placed_by_ways(last));
    }
    Ok(())
}

fn add(row: &Row<'_>, found: &mut Option<Traced>) -> Result<(), StoreError> {
    let traced = match found {
        Some(traced) => traced,
        none => none.insert(read_traced(row)?),
    };
    if row.str(6)?.is_some() {
        traced.ways.push(read_way(row)?);
    }
    Ok(())
}

fn read_traced(row: &Row<'_>) -> Result<Traced, StoreError> {
    Ok(Traced {
        id: row.id(0)?,
        number: row.number(1)?,
        recipient: row.json(2)?,
        place: AddresseePlace::of(row.word(3, AddresseeState::from_word)?, None),
        settled_at: row.maybe_moment(4)?,
        digest: row.maybe_text(5)?.map(Code::from_stored),
        ways: Vec::new(),
    })
}

/// The same, whoever is reached by the best proof of their ways.
fn placed_by_ways(traced: Traced) -> Traced {
    let best = traced.ways.iter().filter_map(|way| way.proof).max();
    let place = match traced.place {
        AddresseePlace::HandedOver => AddresseePlace::of(AddresseeState::Reached, best),
        other => other,
    };
    Traced { place, ..traced }
}

fn read_way(row: &Row<'_>) -> Result<TracedWay, StoreError> {
    let batch = match (row.maybe_number(13)?, row.maybe_moment(14)?) {
        (Some(number), Some(made_at)) => {
            Some(TracedBatch { number, made_at, posted_at: row.maybe_moment(15)? })
        }
        _ => None,
    };
    Ok(TracedWay {
        channel: row.word(6, |word| word.parse().ok())?,
        state: row.word(7, DeliveryState::from_word)?,
        proof: row.maybe_word(8, Proof::from_word)?,
        failure: row.maybe_word(9, FailureKind::from_word)?,
        carrier: row.maybe_text(10)?,
        is_led: row.truth(11)?,
        due_at: row.maybe_moment(12)?,
        batch,
    })
}

/// What was tried for an addressee, in the order of time; for who follows another's delivery, what was tried there.
pub fn tries(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: Id<Addressee>,
) -> Result<Vec<TracedTry>, StoreError> {
    tx.query(
        "SELECT d.channel, t.provider, t.started_at, t.ended_at, t.outcome FROM addressees a \
         JOIN deliveries d ON d.addressee_id = COALESCE(a.carrier_id, a.id) \
         JOIN attempts t ON t.delivery_id = COALESCE(d.leader_id, d.id) \
         WHERE a.id = $1 AND a.school_id = $2 ORDER BY t.started_at, d.leg LIMIT $3",
        &[(&addressee).into(), school.as_str().into(), MOST_TRIES.into()],
        |row| {
            Ok(TracedTry {
                channel: row.word(0, |word| word.parse().ok())?,
                provider: row.text(1)?,
                started_at: Moment(row.int(2)?),
                ended_at: Moment(row.int(3)?),
                outcome: row.word(4, AttemptOutcome::from_word)?,
            })
        },
    )
}

/// When how many of a message's addressees were reached, by what is known now: at most `most` steps from `since` to
/// the last one, each with the moment of its last.
pub fn steps(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    since: Moment,
    most: usize,
) -> Result<Vec<(Moment, usize)>, StoreError> {
    tx.query(
        "SELECT MAX(a.settled_at), COUNT(*) FROM messages m CROSS JOIN addressees a \
         WHERE a.message_id = m.id AND m.id = $1 AND m.school_id = $2 \
         AND a.state = 'reached' AND a.settled_at IS NOT NULL GROUP BY (a.settled_at - $3) * $4 / \
         (1 - $3 + (SELECT MAX(settled_at) FROM addressees WHERE message_id = $1 AND state = 'reached')) ORDER BY 1",
        &[(&message).into(), school.as_str().into(), since.into(), most.into()],
        |row| Ok((Moment(row.int(0)?), row.count(1)?)),
    )
}
