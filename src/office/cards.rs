//! Cards: what a person of the school publishes in a program that has no way in (PRONOTE, École Directe,
//! Skolengo). Those who read there are told by that person's word alone.

mod card;
mod destination;
mod in_french;
mod mailed;
mod program;
mod read_there;
mod reminders;

use serde::Serialize;

pub use card::{Card, CardShown, CardState};
pub use destination::Destination;
pub use mailed::send_card_reminders;
pub use read_there::ReadThere;
pub(super) use read_there::read_there;
pub use reminders::{CardReminder, card_reminders};
pub(super) use reminders::{awaited, cards_to_publish};

use self::program::left_to_hands;
use super::School;
use crate::clock::Moment;
use crate::message::Message;
use crate::people::Actor;
use crate::queue::{CardStands, HeldBack, Publishing};
use crate::render::TemplateError;
use crate::store::cards::SaidDone;
use crate::store::{StoreError, Tx, messages};

/// A word about a card was taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// Which card: `7K4M/pronote`.
    pub card: String,
    /// How many are told by it; when it is taken back, how many are not any more.
    pub addressees: usize,
    /// Whether its publication was taken back.
    pub undone: bool,
}

/// Why a card stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum CardRefusal {
    /// No card is called so.
    #[error("there is no card {0}")]
    NoSuchCard(String),
    /// The message has several.
    #[error("the message {message} has several cards: {}", .cards.join(", "))]
    Several {
        /// Its code.
        message: String,
        /// How they are called.
        cards: Vec<String>,
    },
    /// Somebody said so before; nothing changed.
    #[error("card {card} was published on {at} by {by}; nothing changed")]
    PublishedAlready {
        /// Which.
        card: String,
        /// When, by the clocks of the school.
        at: String,
        /// By whom.
        by: String,
    },
    /// Nobody waits for it any more.
    #[error("nobody waits for card {card} any more: {}; nobody was counted as told", .now.join(", "))]
    Expired {
        /// Which.
        card: String,
        /// Where those stand whom it was for: `12 reached`.
        now: Vec<String>,
    },
    /// It is not to be published now.
    #[error("card {card} is not to be published now: {why}; nobody was counted as told")]
    HeldBack {
        /// Which.
        card: String,
        /// Why.
        why: String,
    },
    /// Nobody said that it was published.
    #[error("nobody said that card {0} was published")]
    NotPublished(String),
    /// The hour is still to come, or is of before the message.
    #[error("{at} is no hour at which card {card} can have been published")]
    OddHour {
        /// Which.
        card: String,
        /// By the clocks of the school.
        at: String,
    },
    /// Its text.
    #[error("{0}")]
    Template(#[from] TemplateError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// The newest cards that there is something to say about, newest first.
pub async fn cards(school: &School, most: usize) -> Result<Vec<Card>, StoreError> {
    let left = left_to_hands(school).await?;
    let newest = school.queue.cards().newest(most, school.clock.now()).await?;
    let cards = newest.iter().map(|stands| Card::of(school, stands, &left));
    Ok(cards.filter(Card::is_worth_listing).collect())
}

/// How the cards of a message are called that somebody waits for.
pub(super) async fn cards_awaited(
    school: &School,
    message: &Message,
) -> Result<Vec<String>, StoreError> {
    called(school, message, |stands| stands.waiting().next().is_some()).await
}

/// How the cards of a message are called that were published: what stands there is to be edited or removed once
/// the message does not hold any more.
pub async fn cards_published(
    school: &School,
    message: &Message,
) -> Result<Vec<String>, StoreError> {
    called(school, message, |stands| stands.kept.published.is_some()).await
}

async fn called(
    school: &School,
    message: &Message,
    which: impl Fn(&&CardStands) -> bool,
) -> Result<Vec<String>, StoreError> {
    let all = school.queue.cards().of(message.id, school.clock.now()).await?;
    Ok(all.iter().filter(which).map(Card::called).collect())
}

/// One card, with its text, where it is published, and who must not read it.
pub async fn show_card(school: &School, reference: &str) -> Result<CardShown, CardRefusal> {
    let stands = find(school, reference).await?;
    let left = left_to_hands(school).await?;
    Ok(CardShown {
        text: school.renderer.posted(&stands.message)?,
        destination: Destination::of(school, &stands).await?,
        card: Card::of(school, &stands, &left),
    })
}

/// Takes down that a card was published, at an hour and by somebody: whoever waits for it is told.
pub async fn publish_card(
    school: &School,
    actor: Actor,
    reference: &str,
    done: SaidDone,
) -> Result<Published, CardRefusal> {
    let stands = find(school, reference).await?;
    let (card, by) = (Card::called(&stands), school.by(actor));
    let shown = |at: Moment| school.queue.timing().hours.shown(at);
    if done.at > by.at || done.at < stands.message.launched_at {
        return Err(CardRefusal::OddHour { card, at: shown(done.at) });
    }
    match school.queue.cards().publish(&stands.kept, done, by).await? {
        Publishing::Done(addressees) => Ok(Published { card, addressees, undone: false }),
        Publishing::Already(SaidDone { at, by }) => {
            Err(CardRefusal::PublishedAlready { card, at: shown(at), by })
        }
        Publishing::HeldBack(why) => Err(CardRefusal::HeldBack { card, why: told(school, &why) }),
        Publishing::Nobody => {
            let now = where_they_stand(school, &stands.message).await?;
            Err(CardRefusal::Expired { card, now })
        }
    }
}

/// Takes that back: who was told by it alone waits for it again.
pub async fn take_back_card(
    school: &School,
    actor: Actor,
    reference: &str,
) -> Result<Published, CardRefusal> {
    let stands = find(school, reference).await?;
    let (card, by) = (Card::called(&stands), school.by(actor));
    let done = SaidDone { at: by.at, by: by.actor.name().to_owned() };
    match school.queue.cards().take_back(&stands.kept, done, by).await? {
        Some(addressees) => Ok(Published { card, addressees, undone: true }),
        None => Err(CardRefusal::NotPublished(card)),
    }
}

/// Asks a colleague to publish a card.
pub async fn assign_card(
    school: &School,
    actor: Actor,
    reference: &str,
    to: String,
) -> Result<Card, CardRefusal> {
    let stands = find(school, reference).await?;
    school.queue.cards().assign(&stands.kept, to, school.by(actor)).await?;
    let left = left_to_hands(school).await?;
    Ok(Card::of(school, &find(school, &Card::called(&stands)).await?, &left))
}

/// The card of this reference: a message's code, and the name of the program where it has several.
async fn find(school: &School, reference: &str) -> Result<CardStands, CardRefusal> {
    let (code, provider) =
        reference.split_once('/').map_or((reference, None), |(code, it)| (code, Some(it)));
    let none = || CardRefusal::NoSuchCard(reference.to_owned());
    let (id, wanted) = (school.queue.school().clone(), code.to_uppercase());
    let by_code = move |tx: &Tx<'_>| messages::by_code(tx, &id, &wanted);
    let message = school.store().read(by_code).await?.ok_or_else(none)?;
    let mut all = school.queue.cards().of(message.id, school.clock.now()).await?;
    if let Some(provider) = provider {
        all.retain(|stands| stands.kept.provider == provider);
    }
    if all.len() > 1 {
        let cards = all.iter().map(Card::called).collect();
        return Err(CardRefusal::Several { message: message.code.to_string(), cards });
    }
    all.pop().ok_or_else(none)
}

/// Why it is not to be published now, in the words of the school's clocks.
fn told(school: &School, why: &HeldBack) -> String {
    match why {
        HeldBack::OnHold => "all sending is on hold".to_owned(),
        HeldBack::Closed => "somebody closed its channel".to_owned(),
        HeldBack::Paused(code) => format!("somebody paused message {code}"),
        HeldBack::NotBefore(code, at) => {
            let at = school.queue.timing().hours.shown_to_the_second(*at);
            format!("message {code} can be undone until {at}")
        }
    }
}

/// `12 reached`, `3 waiting`: those of a message, where there are any.
async fn where_they_stand(school: &School, message: &Message) -> Result<Vec<String>, StoreError> {
    let sums = crate::queue::sums(school.store(), std::slice::from_ref(message)).await?;
    let all = sums.first().map(|sum| sum.addressees).unwrap_or_default();
    let counts = [
        (all.reached, "reached"),
        (all.waiting, "waiting for another way"),
        (all.on_letter, "on paper"),
        (all.on_call, "to call"),
        (all.unreached, "unreached"),
        (all.uncertain, "uncertain"),
        (all.cancelled, "cancelled"),
    ];
    let some = counts.into_iter().filter(|(count, _)| *count > 0);
    Ok(some.map(|(count, what)| format!("{count} {what}")).collect())
}
