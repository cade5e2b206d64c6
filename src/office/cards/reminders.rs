//! That cards wait to be published, as the office is reminded of them.

use serde::Serialize;

use super::card::Card;
use super::program::{left_to_hands, program};
use crate::clock::Moment;
use crate::message::Message;
use crate::office::School;
use crate::store::StoreError;
use crate::store::cards::KeptCard;

/// Cards that wait to be published in one program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CardReminder {
    /// The provider's name in the configuration.
    pub provider: String,
    /// The program, as colleagues call it.
    pub program: String,
    /// How many cards.
    pub cards: usize,
    /// Since when the first one waits.
    pub since: Moment,
    /// When the first of those whom they are for go on to their next way.
    pub until: Option<Moment>,
    /// More than half of the time for one of them is over.
    pub is_half_over: bool,
}

/// What is to be published now, a program each; nothing is asked where people publish nowhere.
pub async fn card_reminders(school: &School) -> Result<Vec<CardReminder>, StoreError> {
    let mut reminders: Vec<CardReminder> = Vec::new();
    for (provider, card) in awaited(school).await? {
        let now = school.clock.now();
        let Some(since) = card.since.filter(|since| *since <= now) else { continue };
        let is_half_over = card.half_over_at().is_some_and(|half| half <= now);
        match reminders.iter_mut().find(|one| one.provider == provider) {
            Some(one) => {
                one.cards += 1;
                one.since = one.since.min(since);
                one.until = [one.until, card.until].into_iter().flatten().min();
                one.is_half_over |= is_half_over;
            }
            None => reminders.push(CardReminder {
                program: program(school, &provider),
                provider,
                cards: 1,
                since,
                until: card.until,
                is_half_over,
            }),
        }
    }
    Ok(reminders)
}

/// The cards of a message that somebody is to publish.
pub(in crate::office) async fn cards_to_publish(
    school: &School,
    message: &Message,
) -> Result<Vec<Card>, StoreError> {
    if school.queue.by_hand().is_empty() {
        return Ok(Vec::new());
    }
    let left = left_to_hands(school).await?;
    let all = school.queue.cards().of(message.id, school.clock.now()).await?;
    let cards = all.iter().map(|stands| Card::of(school, stands, &left));
    Ok(cards.filter(Card::is_to_publish).collect())
}

/// The cards that somebody is to publish, each with its provider.
pub(in crate::office) async fn awaited(school: &School) -> Result<Vec<(String, Card)>, StoreError> {
    let awaited = to_publish(school).await?.into_iter();
    Ok(awaited.map(|(kept, card)| (kept.provider, card)).collect())
}

/// The cards that somebody is to publish, each as it is kept.
pub(super) async fn to_publish(school: &School) -> Result<Vec<(KeptCard, Card)>, StoreError> {
    if school.queue.by_hand().is_empty() {
        return Ok(Vec::new());
    }
    let left = left_to_hands(school).await?;
    let awaited = school.queue.cards().awaited(school.clock.now()).await?;
    let cards = awaited.iter().map(|it| (it.kept.clone(), Card::of(school, it, &left)));
    Ok(cards.filter(|(_, card)| card.is_to_publish()).collect())
}
