//! Addressees: one message × one recipient, with the progress of its deliveries.

use std::collections::BTreeSet;

use super::messages::json;
use super::{Row, StoreError, Tx, Value, delivery_rows};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, Delivery, Progress};
use crate::delivery::{About, Member, Recipient};
use crate::id::Id;
use crate::message::{Message, Proof};
use crate::people::{Connectivity, PersonKey, SchoolId};
use crate::phone_number::PhoneNumber;

/// An addressee as the database keeps it.
#[derive(Debug, Clone)]
pub struct Addressee {
    /// Its id.
    pub id: Id<Addressee>,
    /// Whose.
    pub school: SchoolId,
    /// Of which message.
    pub message: Id<Message>,
    /// Its number within the message, which its reference shows.
    pub number: u32,
    /// How its household is connected, where that chose its plan.
    pub connectivity: Option<Connectivity>,
    /// Where it stands.
    pub progress: Progress,
    /// What the lifecycle does not know of `progress.deliveries`, in the same order.
    pub legs: Vec<Leg>,
}

/// One delivery of an addressee, as the database knows it.
#[derive(Debug, Clone, Copy)]
pub struct Leg {
    /// Its id.
    pub delivery: Id<Delivery>,
    /// Whether someone of the family shares its address, so that it may carry theirs along.
    pub is_shared: bool,
}

/// How many addressees of a message stand alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingCount {
    /// Where they stand.
    pub state: AddresseeState,
    /// By which proof those are reached who are.
    pub reached_by: Option<Proof>,
    /// How many they are.
    pub count: usize,
    /// When the last of them left the machine's hands.
    pub last_settled_at: Option<Moment>,
}

/// A recipient whom a message did not reach, as they stood when it was launched; their addresses of
/// then are of no use any more.
#[derive(Clone, serde::Deserialize)]
pub struct Missed {
    /// Key in the directory; of the first of a household.
    pub person: PersonKey,
    /// `Inès DURAND`.
    pub name: String,
    /// The persons of a household.
    #[serde(default)]
    pub members: Vec<Member>,
    /// The pupils whom the message was about.
    pub about: Vec<About>,
}

impl Missed {
    /// Everybody whose copy it was.
    pub fn keys(&self) -> impl Iterator<Item = &PersonKey> {
        let members = self.members.iter().map(|member| &member.person);
        std::iter::once(&self.person).chain(members)
    }
}

impl std::fmt::Debug for Missed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Missed({})", self.person.0)
    }
}

/// Keeps a new addressee, without its deliveries.
pub fn insert(
    tx: &Tx<'_>,
    addressee: &Addressee,
    recipient: &Recipient,
    now: Moment,
) -> Result<(), StoreError> {
    let progress = &addressee.progress;
    let settled_at = (progress.state != AddresseeState::Waiting).then_some(now);
    tx.execute(
        "INSERT INTO addressees (id, school_id, message_id, number, person_key, recipient, reach, \
         state, rung, climb_at, settled_at, connectivity) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            (&addressee.id).into(),
            addressee.school.as_str().into(),
            (&addressee.message).into(),
            addressee.number.into(),
            (&recipient.person.0).into(),
            (&json(recipient)?).into(),
            (&reach_text(&progress.reach)).into(),
            progress.state.as_str().into(),
            progress.rung.into(),
            progress.climb_at.into(),
            settled_at.into(),
            addressee.connectivity.map(Connectivity::as_str).into(),
        ],
    )?;
    Ok(())
}

/// Whether a text message was ever meant for this number. It looks through every addressee: to be asked
/// of a number that the directory does not have.
pub fn has_number(
    tx: &Tx<'_>,
    school: &SchoolId,
    number: &PhoneNumber,
) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM addressees WHERE school_id = $1 AND recipient LIKE $2 LIMIT 1",
        &[school.as_str().into(), (&format!("%\"sms\":\"{}\"%", number.as_str())).into()],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// [`load`], for an event: nobody else changes it until the transaction ends.
pub fn load_for_event(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Addressee>,
) -> Result<Option<Addressee>, StoreError> {
    tx.lock(
        "SELECT id FROM addressees WHERE id = $1 AND school_id = $2 FOR UPDATE",
        &[(&id).into(), school.as_str().into()],
    )?;
    load(tx, school, id)
}

/// One addressee with its deliveries, first leg first, in one look. A delivery that another carries
/// falls due with it.
pub fn load(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Addressee>,
) -> Result<Option<Addressee>, StoreError> {
    let mut found: Option<Addressee> = None;
    tx.query(
        "SELECT a.message_id, a.number, a.reach, a.state, a.rung, a.climb_at, d.id, \
         CASE WHEN d.shared IS NULL THEN 0 ELSE 1 END, \
         d.channel, d.rung, d.state, d.proof, d.failure, d.tries, \
         COALESCE(d.due_at, leader.due_at), a.connectivity \
         FROM addressees a LEFT JOIN deliveries d ON d.addressee_id = a.id \
         LEFT JOIN deliveries leader ON leader.id = d.leader_id \
         WHERE a.id = $1 AND a.school_id = $2 ORDER BY d.leg",
        &[(&id).into(), school.as_str().into()],
        |row| {
            let addressee = match &mut found {
                Some(addressee) => addressee,
                none => none.insert(read(row, id, school)?),
            };
            if let Some(delivery) = row.maybe_id(6)? {
                let is_shared = row.truth(7)?;
                addressee.legs.push(Leg { delivery, is_shared });
                addressee.progress.deliveries.push(delivery_rows::read(row, 8)?);
            }
            Ok(())
        },
    )?;
    Ok(found)
}

/// An addressee without its deliveries.
fn read(row: &Row<'_>, id: Id<Addressee>, school: &SchoolId) -> Result<Addressee, StoreError> {
    Ok(Addressee {
        id,
        school: school.clone(),
        message: row.id(0)?,
        number: row.number(1)?,
        connectivity: row.maybe_word(15, Connectivity::from_word)?,
        progress: Progress {
            reach: row.word(2, read_reach)?,
            state: row.word(3, AddresseeState::from_word)?,
            rung: row.count(4)?,
            climb_at: row.maybe_moment(5)?,
            deliveries: Vec::new(),
        },
        legs: Vec::new(),
    })
}

/// Writes where the addressee stands now; its deliveries are written one by one. What a digest carries is proven as
/// that is.
pub fn update(tx: &Tx<'_>, addressee: &Addressee, now: Moment) -> Result<(), StoreError> {
    let progress = &addressee.progress;
    let settled_at = (progress.state != AddresseeState::Waiting).then_some(now);
    tx.execute(
        "UPDATE addressees SET state = $1, rung = $2, climb_at = $3, settled_at = $4, \
         reached_by = CASE WHEN carrier_id IS NULL THEN $7 ELSE reached_by END \
         WHERE id = $5 AND school_id = $6",
        &[
            progress.state.as_str().into(),
            progress.rung.into(),
            progress.climb_at.into(),
            settled_at.into(),
            (&addressee.id).into(),
            addressee.school.as_str().into(),
            progress.reached_by().map(Proof::as_str).into(),
        ],
    )?;
    Ok(())
}

/// Writes by which proof an addressee is reached now who stands where they stood.
pub fn prove(tx: &Tx<'_>, addressee: &Addressee) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE addressees SET reached_by = $1 WHERE id = $2 AND school_id = $3",
        &[
            addressee.progress.reached_by().map(Proof::as_str).into(),
            (&addressee.id).into(),
            addressee.school.as_str().into(),
        ],
    )
}

/// Who the addressee is.
pub fn recipient(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Addressee>,
) -> Result<Option<Recipient>, StoreError> {
    tx.query_one(
        "SELECT recipient FROM addressees WHERE id = $1 AND school_id = $2",
        &[(&id).into(), school.as_str().into()],
        |row| row.json(0),
    )
}

/// Writes that an addressee gets less than was frozen: about fewer pupils, or by fewer ways.
pub fn narrow(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Addressee>,
    recipient: &Recipient,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE addressees SET recipient = $1, reach = $2, person_key = $3 \
         WHERE id = $4 AND school_id = $5",
        &[
            (&json(recipient)?).into(),
            (&reach_text(&recipient.reach())).into(),
            (&recipient.person.0).into(),
            (&id).into(),
            school.as_str().into(),
        ],
    )?;
    Ok(())
}

/// An addressee whose copy is still somebody's to bring, or who stands on a list of people to see to.
#[derive(Debug)]
pub struct UnderWay {
    /// Its id.
    pub id: Id<Addressee>,
    /// Of which message.
    pub message: Id<Message>,
    /// Who, where that can be read.
    pub recipient: Result<Recipient, StoreError>,
}

/// Up to `most` addressees under way, of all messages, in the order of their ids, after one of them.
pub fn under_way(
    tx: &Tx<'_>,
    school: &SchoolId,
    after: Option<Id<Addressee>>,
    most: usize,
) -> Result<Vec<UnderWay>, StoreError> {
    let after = after.map_or([0; 16], |id| *id.as_bytes());
    tx.query(
        "SELECT id, message_id, recipient FROM addressees WHERE school_id = $1 AND id > $2 \
         AND state NOT IN ('reached', 'cancelled') ORDER BY id LIMIT $3",
        &[school.as_str().into(), Value::Bytes(&after), most.into()],
        |row| Ok(UnderWay { id: row.id(0)?, message: row.id(1)?, recipient: row.json(2) }),
    )
}

/// The addressee with this number within a message.
pub fn by_number(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    number: u32,
) -> Result<Option<Id<Addressee>>, StoreError> {
    tx.query_one(
        "SELECT id FROM addressees WHERE message_id = $1 AND number = $2 AND school_id = $3",
        &[(&message).into(), number.into(), school.as_str().into()],
        |row| row.id(0),
    )
}

/// The persons for whom a message of this template is still under way.
pub fn waiting_for(
    tx: &Tx<'_>,
    school: &SchoolId,
    template: &str,
) -> Result<BTreeSet<PersonKey>, StoreError> {
    let persons = tx.query(
        "SELECT a.person_key FROM addressees a JOIN messages m ON m.id = a.message_id \
         WHERE m.school_id = $1 AND m.template = $2 AND a.state = 'waiting'",
        &[school.as_str().into(), template.into()],
        |row| Ok(PersonKey(row.text(0)?)),
    )?;
    Ok(persons.into_iter().collect())
}

/// An addressee, and the message whose plan says what comes next.
pub type Late = (Id<Addressee>, Id<Message>);

/// Addressees whose patience is over, longest over first.
pub fn to_climb(
    tx: &Tx<'_>,
    school: &SchoolId,
    now: Moment,
    most: usize,
) -> Result<Vec<Late>, StoreError> {
    tx.query(
        "SELECT id, message_id FROM addressees WHERE climb_at <= $1 AND school_id = $2 \
         ORDER BY climb_at LIMIT $3",
        &[now.into(), school.as_str().into(), most.into()],
        |row| Ok((row.id(0)?, row.id(1)?)),
    )
}

/// Ends somebody whose rows cannot be read: they are unreached, which a human sees.
pub fn give_up(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Addressee>,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE addressees SET state = $1, climb_at = NULL, settled_at = $2 \
         WHERE id = $3 AND school_id = $4",
        &[
            AddresseeState::Unreached.as_str().into(),
            now.into(),
            (&id).into(),
            school.as_str().into(),
        ],
    )?;
    Ok(())
}

/// How the addressees of a message stand, counted: by their state, and whoever is reached by the best proof held.
/// It reads an index alone, which keeps them in this order.
pub fn count(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<StandingCount>, StoreError> {
    tx.query(
        "SELECT a.state, a.reached_by, COUNT(*), MAX(a.settled_at) FROM messages m \
         CROSS JOIN addressees a WHERE a.message_id = m.id AND m.id = $1 AND m.school_id = $2 \
         GROUP BY a.state, a.reached_by",
        &[(&message).into(), school.as_str().into()],
        |row| {
            Ok(StandingCount {
                state: row.word(0, AddresseeState::from_word)?,
                reached_by: row.maybe_word(1, Proof::from_word)?,
                count: row.count(2)?,
                last_settled_at: row.maybe_moment(3)?,
            })
        },
    )
}

/// The recipients of a message who stand in a state, in the order of their numbers.
pub fn in_state(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    state: AddresseeState,
) -> Result<Vec<(Id<Addressee>, Recipient)>, StoreError> {
    // Sorted here: for the sake of their order SQLite would read everybody.
    let mut found = tx.query(
        "SELECT id, recipient, number FROM addressees \
         WHERE message_id = $1 AND school_id = $2 AND state = $3",
        &[(&message).into(), school.as_str().into(), state.as_str().into()],
        |row: &Row<'_>| Ok((row.int(2)?, row.id(0)?, row.json(1)?)),
    )?;
    found.sort_unstable_by_key(|(number, ..)| *number);
    Ok(found.into_iter().map(|(_, id, recipient)| (id, recipient)).collect())
}

/// The messages of which some stand in a state that is not their end, newest first, and how many of each.
pub fn messages_with(
    tx: &Tx<'_>,
    school: &SchoolId,
    state: AddresseeState,
) -> Result<Vec<(Id<Message>, usize)>, StoreError> {
    tx.query(
        "SELECT message_id, COUNT(*) FROM addressees WHERE school_id = $1 AND state = $2 \
         AND state NOT IN ('reached', 'cancelled') GROUP BY message_id ORDER BY message_id DESC",
        &[school.as_str().into(), state.as_str().into()],
        |row: &Row<'_>| Ok((row.id(0)?, row.count(1)?)),
    )
}

/// Those whom a message has not reached, in the order of their numbers.
pub fn missed(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<Missed>, StoreError> {
    tx.query(
        "SELECT recipient FROM addressees \
         WHERE message_id = $1 AND school_id = $2 AND state <> $3 ORDER BY number",
        &[(&message).into(), school.as_str().into(), AddresseeState::Reached.as_str().into()],
        |row: &Row<'_>| row.json(0),
    )
}

fn reach_text(reach: &[Channel]) -> String {
    reach.iter().map(|channel| channel.as_str()).collect::<Vec<_>>().join(",")
}

fn read_reach(text: &str) -> Option<Vec<Channel>> {
    let words = text.split(',').filter(|word| !word.is_empty());
    words.map(|word| word.parse().ok()).collect()
}
