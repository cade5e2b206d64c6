//! Cards: what a person publishes where nothing is called, one row a message and program.

use super::addressees::Addressee;
use super::deliveries::Due;
use super::{Row, StoreError, Tx};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::Recipient;
use crate::delivery::lifecycle::{Delivery, DeliveryState};
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;

/// A card, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptCard {
    /// Of which message.
    pub message: Id<Message>,
    /// For which program, by its name in the configuration.
    pub provider: String,
    /// When it was made.
    pub made_at: Moment,
    /// Who is to publish it.
    pub assigned_to: Option<String>,
    /// When it was published, and who did.
    pub published: Option<SaidDone>,
    /// When that was taken back, and who did; none once it is published again.
    pub taken_back: Option<SaidDone>,
}

/// That somebody did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SaidDone {
    /// When.
    pub at: Moment,
    /// Who, as colleagues know them.
    pub by: String,
}

/// A delivery that a card may stand for. `Debug` hides whose it is.
#[derive(Debug, Clone)]
pub struct OnCard {
    /// Which.
    pub due: Due,
    /// How it stands.
    pub state: DeliveryState,
    /// Which provider has it, or had it last.
    pub carrier: Option<String>,
    /// Since when it may leave, while it waits.
    pub due_at: Option<Moment>,
    /// When its addressee goes on to the next way.
    pub climb_at: Option<Moment>,
    /// Who.
    pub recipient: Recipient,
}

/// Makes the card of a message for a program.
pub fn make(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    provider: &str,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO cards (school_id, message_id, provider, made_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (school_id, message_id, provider) DO NOTHING",
        &[school.as_str().into(), (&message).into(), provider.into(), now.into()],
    )?;
    Ok(())
}

/// The newest cards, newest first.
pub fn newest(tx: &Tx<'_>, school: &SchoolId, most: usize) -> Result<Vec<KeptCard>, StoreError> {
    tx.query(
        "SELECT message_id, provider, made_at, assigned_to, published_at, published_by, taken_back_at, \
         taken_back_by FROM cards WHERE school_id = $1 ORDER BY made_at DESC, provider LIMIT $2",
        &[school.as_str().into(), most.into()],
        read,
    )
}

/// The cards of a message, by the names of their programs.
pub fn of_message(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<KeptCard>, StoreError> {
    tx.query(
        "SELECT message_id, provider, made_at, assigned_to, published_at, published_by, taken_back_at, \
         taken_back_by FROM cards WHERE school_id = $1 AND message_id = $2 ORDER BY provider",
        &[school.as_str().into(), (&message).into()],
        read,
    )
}

/// The cards of messages of which something waits on a channel, oldest first.
pub fn awaited(
    tx: &Tx<'_>,
    school: &SchoolId,
    channel: Channel,
) -> Result<Vec<KeptCard>, StoreError> {
    tx.query(
        "SELECT message_id, provider, made_at, assigned_to, published_at, published_by, taken_back_at, \
         taken_back_by FROM cards WHERE school_id = $1 AND EXISTS (SELECT 1 FROM deliveries d \
         WHERE d.message_id = cards.message_id AND d.school_id = $1 AND d.channel = $2 \
         AND d.state = 'waiting') ORDER BY made_at, provider",
        &[school.as_str().into(), channel.as_str().into()],
        read,
    )
}

/// Writes who is to publish it.
pub fn assign(tx: &Tx<'_>, school: &SchoolId, card: &KeptCard, to: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE cards SET assigned_to = $1 WHERE school_id = $2 AND message_id = $3 AND provider = $4",
        &[to.into(), school.as_str().into(), (&card.message).into(), (&card.provider).into()],
    )?;
    Ok(())
}

/// Writes what somebody said of it last.
pub fn note(
    tx: &Tx<'_>,
    school: &SchoolId,
    card: &KeptCard,
    published: Option<&SaidDone>,
    taken_back: Option<&SaidDone>,
) -> Result<(), StoreError> {
    let [published, taken_back] =
        [published, taken_back].map(|said| (said.map(|it| it.at), said.map(|it| it.by.as_str())));
    tx.execute(
        "UPDATE cards SET published_at = $1, published_by = $2, taken_back_at = $3, \
         taken_back_by = $4 WHERE school_id = $5 AND message_id = $6 AND provider = $7",
        &[
            published.0.into(),
            published.1.into(),
            taken_back.0.into(),
            taken_back.1.into(),
            school.as_str().into(),
            (&card.message).into(),
            (&card.provider).into(),
        ],
    )?;
    Ok(())
}

/// The deliveries of a message on a channel, in the order in which everybody writes to addressees: two that would
/// wait for each other collide otherwise.
pub fn standing(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
    channel: Channel,
) -> Result<Vec<OnCard>, StoreError> {
    tx.query(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, d.state, d.carrier, d.due_at, a.climb_at, \
         a.recipient FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
         WHERE d.message_id = $1 AND d.school_id = $2 AND d.channel = $3 ORDER BY d.addressee_id, d.leg",
        &[(&message).into(), school.as_str().into(), channel.as_str().into()],
        |row| {
            let addressee: Id<Addressee> = row.id(2)?;
            Ok(OnCard {
                due: Due { id: row.id(0)?, message: row.id(1)?, addressee, leg: row.count(3)? },
                state: row.word(4, DeliveryState::from_word)?,
                carrier: row.maybe_text(5)?,
                due_at: row.maybe_moment(6)?,
                climb_at: row.maybe_moment(7)?,
                recipient: row.json(8)?,
            })
        },
    )
}

/// Gives a delivery that one publication served to another that serves it as well.
pub fn give_to(
    tx: &Tx<'_>,
    school: &SchoolId,
    delivery: Id<Delivery>,
    provider: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET carrier = $1 WHERE id = $2 AND school_id = $3",
        &[provider.into(), (&delivery).into(), school.as_str().into()],
    )?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<KeptCard, StoreError> {
    let done = |at: usize, by: usize| -> Result<Option<SaidDone>, StoreError> {
        Ok(row.maybe_moment(at)?.zip(row.maybe_text(by)?).map(|(at, by)| SaidDone { at, by }))
    };
    Ok(KeptCard {
        message: row.id(0)?,
        provider: row.text(1)?,
        made_at: Moment(row.int(2)?),
        assigned_to: row.maybe_text(3)?,
        published: done(4, 5)?,
        taken_back: done(6, 7)?,
    })
}
