//! Cards: what a person publishes where nothing is called. Those who wait for it are told by that person's word
//! alone; their patience runs as anybody's, and whoever it ran out for has gone another way.

use std::sync::Arc;

use super::circumstances::{Circumstances, Hindrance};
use super::letters::held_back;
use super::transit::Transit;
use super::{HeldBack, Outcome, Queue, restrictions};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{DeliveryEvent, DeliveryState, Event};
use crate::delivery::{Allowed, ByHand, Readership};
use crate::id::Id;
use crate::message::{Code, Message};
use crate::people::{Act, By, PersonKey, Restrictions};
use crate::store::attempts::{Attempt, AttemptOutcome};
use crate::store::cards::{self, KeptCard, OnCard, SaidDone};
use crate::store::deliveries::{Carrying, Due};
use crate::store::{StoreError, Tx, addressees, controls, journal, messages};

/// A card, and how those stand whom it is for.
#[derive(Debug, Clone)]
pub struct CardStands {
    /// As it is kept.
    pub kept: KeptCard,
    /// Its message.
    pub message: Arc<Message>,
    /// Who reads where it is published, on which channel; `None` where that is no longer configured.
    pub way: Option<ByHand>,
    /// Everybody whom it is for, each with a delivery.
    pub all: Vec<OnCard>,
    /// What keeps it from being published now.
    pub held_back: Option<HeldBack>,
    /// Somebody cancelled its message.
    pub is_cancelled: bool,
    /// The message that puts its text right.
    pub corrected_by: Option<Code>,
    /// The card of the text that this one puts right, where that was published there.
    pub replaces: Option<SaidDone>,
}

/// What came of a word that a card was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publishing {
    /// So many are told by it.
    Done(usize),
    /// Somebody had said so, and nobody waited for it any more.
    Already(SaidDone),
    /// Nobody waits for it: they went on, or are not to get it.
    Nobody,
    /// It is not to be published now.
    HeldBack(HeldBack),
}

/// Cards of a school.
#[derive(Clone, Copy)]
pub struct Cards<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// What people publish where nothing is called.
    #[must_use]
    pub const fn cards(&self) -> Cards<'_> {
        Cards { queue: self }
    }
}

impl Cards<'_> {
    /// The newest cards, newest first.
    pub async fn newest(self, most: usize, now: Moment) -> Result<Vec<CardStands>, StoreError> {
        let this = self.queue.clone();
        self.read(now, move |tx| cards::newest(tx, &this.school, most)).await
    }

    /// Those of the newest cards that stand published, newest first.
    pub async fn published(self, most: usize, now: Moment) -> Result<Vec<CardStands>, StoreError> {
        let this = self.queue.clone();
        let published = move |tx: &Tx<'_>| {
            let mut newest = cards::newest(tx, &this.school, most)?;
            newest.retain(|card| card.published.is_some());
            Ok(newest)
        };
        self.read(now, published).await
    }

    /// The cards of a message.
    pub async fn of(
        self,
        message: Id<Message>,
        now: Moment,
    ) -> Result<Vec<CardStands>, StoreError> {
        let this = self.queue.clone();
        self.read(now, move |tx| cards::of_message(tx, &this.school, message)).await
    }

    /// The cards that somebody waits for.
    pub async fn awaited(self, now: Moment) -> Result<Vec<CardStands>, StoreError> {
        let this = self.queue.clone();
        let awaited = move |tx: &Tx<'_>| cards::awaited(tx, &this.school, Channel::Ent);
        let mut awaited = self.read(now, awaited).await?;
        awaited.retain(|card| card.waiting().next().is_some());
        Ok(awaited)
    }

    async fn read(
        self,
        now: Moment,
        which: impl FnOnce(&Tx<'_>) -> Result<Vec<KeptCard>, StoreError> + Send + 'static,
    ) -> Result<Vec<CardStands>, StoreError> {
        let this = self.queue.clone();
        self.queue
            .store
            .read(move |tx| {
                let circumstances = this.circumstances(tx, now)?;
                let kept = which(tx)?.into_iter();
                kept.map(|kept| this.card_stands(tx, kept, &circumstances)).collect()
            })
            .await
    }

    /// Notes that a card was published: whoever waits for it is told, and nobody else.
    pub async fn publish(
        self,
        card: &KeptCard,
        done: SaidDone,
        by: By,
    ) -> Result<Publishing, StoreError> {
        let (this, card) = (self.queue.clone(), card.clone());
        let write = move |tx: &Tx<'_>| this.publish_in(tx, &card, &done, &by);
        let publishing = self.queue.store.write(write).await?;
        self.queue.wake();
        Ok(publishing)
    }

    /// Takes that back: who was told by it alone waits for it again. How many those are; `None`: nobody said
    /// that it was published.
    pub async fn take_back(
        self,
        card: &KeptCard,
        done: SaidDone,
        by: By,
    ) -> Result<Option<usize>, StoreError> {
        let (this, card) = (self.queue.clone(), card.clone());
        let write = move |tx: &Tx<'_>| this.take_back_in(tx, &card, &done, &by);
        let taken_back = self.queue.store.write(write).await?;
        self.queue.wake();
        Ok(taken_back)
    }

    /// Notes who is to publish a card.
    pub async fn assign(self, card: &KeptCard, to: String, by: By) -> Result<(), StoreError> {
        let (school, card) = (self.queue.school.clone(), card.clone());
        let write = move |tx: &Tx<'_>| {
            let message = messages::by_id(tx, &school, card.message)?;
            let code = message.ok_or_else(|| without_message(&card))?.code;
            journal::note(tx, &school, &by, Act::AssignCard, &about(&code, &card))?;
            cards::assign(tx, &school, &card, &to)
        };
        self.queue.store.write(write).await
    }
}

impl CardStands {
    /// Those who wait for it to be published.
    pub fn waiting(&self) -> impl Iterator<Item = &OnCard> {
        self.all.iter().filter(|one| one.state == DeliveryState::Waiting)
    }

    /// How many its publication has told.
    #[must_use]
    pub fn told(&self) -> usize {
        self.all.iter().filter(|one| is_told_by(one, &self.kept.provider)).count()
    }

    /// Whether its publication has told this person.
    #[must_use]
    pub fn has_told(&self, person: &PersonKey) -> bool {
        let told = self.all.iter().filter(|one| is_told_by(one, &self.kept.provider));
        told.map(|one| &one.recipient.person).any(|it| it == person)
    }

    /// How many another way of the same channel has told, or may have.
    #[must_use]
    pub fn told_otherwise(&self) -> usize {
        use DeliveryState::{Accepted, Proven, Sending, Uncertain};
        let may_have_it =
            |one: &&OnCard| matches!(one.state, Sending | Uncertain | Accepted | Proven);
        self.all.iter().filter(may_have_it).count() - self.told()
    }
}

/// Makes the cards of a message that is launched, one for each program in which people publish on its channels.
pub(super) fn make(queue: &Queue, tx: &Tx<'_>, message: &Message) -> Result<(), StoreError> {
    let channels = message.channels();
    let ways = queue.by_hand.iter().filter(|way| channels.contains(&way.channel));
    for way in ways {
        cards::make(tx, &queue.school, message.id, &way.provider, message.launched_at)?;
    }
    Ok(())
}

impl Queue {
    fn card_stands(
        &self,
        tx: &Tx<'_>,
        kept: KeptCard,
        circumstances: &Circumstances,
    ) -> Result<CardStands, StoreError> {
        let message = self.message(tx, kept.message)?;
        let way = self.by_hand.iter().find(|way| way.provider == kept.provider).cloned();
        let channel = way.as_ref().map_or(Channel::Ent, |way| way.channel);
        let corrections = messages::corrections(tx, &self.school, &message.code)?;
        let mut all = self.those_on(tx, &kept, channel)?;
        withhold(&mut all, &circumstances.restrictions);
        Ok(CardStands {
            held_back: held_back(circumstances, &message, channel),
            is_cancelled: matches!(
                circumstances.hindrance(&message),
                Some(Hindrance::Event(Event::Cancelled))
            ),
            corrected_by: corrections.into_iter().next_back().map(|it| it.code),
            replaces: self.replaced_by(tx, &message, &kept.provider)?,
            kept,
            message,
            way,
            all,
        })
    }

    /// Everybody whom a card is for.
    fn those_on(
        &self,
        tx: &Tx<'_>,
        card: &KeptCard,
        channel: Channel,
    ) -> Result<Vec<OnCard>, StoreError> {
        let way = self.by_hand.iter().find(|way| way.provider == card.provider);
        let readers = way.map_or_else(Readership::default, |way| way.readers.clone());
        let mut all = cards::standing(tx, &self.school, card.message, channel)?;
        all.retain(|one| readers.hold(&one.recipient));
        Ok(all)
    }

    /// That the text which this message puts right was published there, and stands there still.
    fn replaced_by(
        &self,
        tx: &Tx<'_>,
        message: &Message,
        provider: &str,
    ) -> Result<Option<SaidDone>, StoreError> {
        // The first of them is the message itself.
        for earlier in messages::texts_before(tx, &self.school, message)?.iter().skip(1) {
            let of_earlier = cards::of_message(tx, &self.school, earlier.id)?.into_iter();
            let mut there = of_earlier.filter(|card| card.provider == provider);
            if let Some(published) = there.find_map(|card| card.published) {
                return Ok(Some(published));
            }
        }
        Ok(None)
    }

    fn publish_in(
        &self,
        tx: &Tx<'_>,
        card: &KeptCard,
        done: &SaidDone,
        by: &By,
    ) -> Result<Publishing, StoreError> {
        // Of two who say so at once the second is told of the first; and nobody stops the message meanwhile.
        controls::locked(tx, &self.school, card.message)?;
        let circumstances = self.circumstances(tx, by.at)?;
        self.withhold_from(tx, card, &circumstances)?;
        let Some(kept) = self.kept_card(tx, card)? else { return Ok(Publishing::Nobody) };
        let stands = self.card_stands(tx, kept, &circumstances)?;
        let message = &stands.message;
        let awaited = stands.waiting().count();
        match (&stands.held_back, &stands.kept.published) {
            (Some(why), _) if awaited > 0 => return Ok(Publishing::HeldBack(why.clone())),
            (_, Some(before)) if awaited == 0 => return Ok(Publishing::Already(before.clone())),
            (_, None) if awaited + stands.told_otherwise() == 0 => return Ok(Publishing::Nobody),
            _ => {}
        }
        let transit = Transit::on(tx, &self.school, &circumstances.openings, by.at);
        let begun = Carrying { carrier: &card.provider, sent_as: None };
        let (transit, mut told) = (transit.by(Some(begun)), 0);
        for one in stands.waiting() {
            if self.still_waits(tx, &one.due)? {
                let outcome = published(one.due, card, done, by.at);
                told += usize::from(transit.outcome(message, &outcome)?.taken);
            }
        }
        cards::note(tx, &self.school, card, Some(done), None)?;
        journal::note(tx, &self.school, by, Act::Publish, &about(&message.code, card))?;
        Ok(Publishing::Done(told))
    }

    /// What must not leave any more, because of a restriction, a word of somebody or its age, waits for no card.
    fn withhold_from(
        &self,
        tx: &Tx<'_>,
        card: &KeptCard,
        circumstances: &Circumstances,
    ) -> Result<(), StoreError> {
        let message = self.message(tx, card.message)?;
        let (openings, now) = (&circumstances.openings, circumstances.now());
        let all = self.those_on(tx, card, Channel::Ent)?;
        for one in all.iter().filter(|one| one.state == DeliveryState::Waiting) {
            let addressee = one.due.addressee;
            restrictions::obey_in(tx, self, (message.id, addressee), circumstances)?;
            if let Some(Hindrance::Event(event)) = circumstances.hindrance(&message) {
                let transit = Transit::on(tx, &self.school, openings, now);
                transit.addressee(&message, addressee, event)?;
            }
        }
        Ok(())
    }

    /// Whether nobody moved it since it was looked up.
    fn still_waits(&self, tx: &Tx<'_>, due: &Due) -> Result<bool, StoreError> {
        let addressee = addressees::load_for_event(tx, &self.school, due.addressee)?;
        let delivery = addressee.as_ref().and_then(|it| it.progress.deliveries.get(due.leg));
        Ok(delivery.is_some_and(|delivery| delivery.state == DeliveryState::Waiting))
    }

    fn take_back_in(
        &self,
        tx: &Tx<'_>,
        card: &KeptCard,
        done: &SaidDone,
        by: &By,
    ) -> Result<Option<usize>, StoreError> {
        controls::locked(tx, &self.school, card.message)?;
        if self.kept_card(tx, card)?.is_none_or(|kept| kept.published.is_none()) {
            return Ok(None);
        }
        let (message, openings) = (self.message(tx, card.message)?, self.openings(tx, by.at)?);
        let mut waiting = 0;
        for one in cards::standing(tx, &self.school, card.message, Channel::Ent)? {
            if one.state != DeliveryState::Accepted || !is_told_by(&one, &card.provider) {
                continue;
            }
            if let Some(other) = self.published_elsewhere(tx, card, &one)? {
                cards::give_to(tx, &self.school, one.due.id, &other)?;
                continue;
            }
            let transit = Transit::on(tx, &self.school, &openings, by.at);
            let taken = transit.delivery(&message, &one.due, DeliveryEvent::Unpublished)?.taken;
            waiting += usize::from(taken);
        }
        cards::note(tx, &self.school, card, None, Some(done))?;
        journal::note(tx, &self.school, by, Act::Unpublish, &about(&message.code, card))?;
        Ok(Some(waiting))
    }

    /// Another program where somebody reads the same message: it was published there as well.
    fn published_elsewhere(
        &self,
        tx: &Tx<'_>,
        card: &KeptCard,
        one: &OnCard,
    ) -> Result<Option<String>, StoreError> {
        let others = cards::of_message(tx, &self.school, card.message)?.into_iter();
        let others = others.filter(|it| it.provider != card.provider && it.published.is_some());
        let reads = |other: &KeptCard| {
            let mut ways = self.by_hand.iter();
            ways.any(|way| way.provider == other.provider && way.readers.hold(&one.recipient))
        };
        Ok(others.into_iter().find(reads).map(|other| other.provider))
    }

    fn kept_card(&self, tx: &Tx<'_>, card: &KeptCard) -> Result<Option<KeptCard>, StoreError> {
        let mut all = cards::of_message(tx, &self.school, card.message)?.into_iter();
        Ok(all.find(|it| it.provider == card.provider))
    }
}

/// Who must not get it any more waits for nothing, whether that was brought to their copy or not.
fn withhold(all: &mut [OnCard], restrictions: &Restrictions) {
    for one in all.iter_mut().filter(|one| one.state == DeliveryState::Waiting) {
        if matches!(one.recipient.allowed(restrictions), Allowed::Nothing(_)) {
            one.state = DeliveryState::Withdrawn;
        }
    }
}

fn is_told_by(one: &OnCard, provider: &str) -> bool {
    let is_told = matches!(one.state, DeliveryState::Accepted | DeliveryState::Proven);
    is_told && one.carrier.as_deref() == Some(provider)
}

/// A person's word is all that there is to it: it is handed over, and no more.
fn published(due: Due, card: &KeptCard, done: &SaidDone, now: Moment) -> Outcome {
    let attempt = Attempt {
        provider: card.provider.clone(),
        started_at: done.at,
        ended_at: now,
        outcome: AttemptOutcome::Accepted,
        detail: format!("published by {}", done.by),
    };
    let event = DeliveryEvent::Accepted { look_at: None };
    Outcome { attempt: Some(attempt), ..Outcome::of(due, event) }
}

/// The card, as the journal names it: `7K4M/pronote`.
fn about(code: &Code, card: &KeptCard) -> String {
    format!("{code}/{}", card.provider)
}

fn without_message(card: &KeptCard) -> StoreError {
    StoreError::Unreadable(format!("a card of {} without its message", card.provider))
}
