//! Letters: gathered into a batch in one transaction, and marked by people afterwards.

mod handed_over;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::circumstances::{Circumstances, Hindrance};
use super::transit::Transit;
use super::{Outcome, Queue, carried, digests, restrictions};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{Delivery, DeliveryEvent, DeliveryState};
use crate::delivery::{Enclosed, FailureKind, Piling, Recipient};
use crate::id::Id;
use crate::message::{Code, Message, Reference};
use crate::people::{Act, By};
use crate::store::attempts::{Attempt, AttemptOutcome};
use crate::store::batches::{self, Batch, FiledPile, LetterDelivery};
use crate::store::deliveries::{self, Due, InHand};
use crate::store::{StoreError, Tx, addressees, controls, journal, messages};

/// One letter: one address, one or several persons who live there.
#[derive(Debug, Clone)]
pub struct DueLetter {
    /// The delivery that it is.
    pub due: Due,
    /// Its message.
    pub message: Arc<Message>,
    /// Its reference.
    pub reference: String,
    /// To whom; the first one's address and pupils are the letter's.
    pub recipients: Vec<Recipient>,
    /// What it holds, where it is a digest.
    pub enclosed: Vec<Enclosed>,
    /// Its place in its batch.
    pub place: usize,
}

/// Why a letter that waits is not printed now, or a card not published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeldBack {
    /// The school is on hold.
    OnHold,
    /// Somebody closed the channel.
    Closed,
    /// Its message is paused.
    Paused(Code),
    /// Its message can still be undone.
    NotBefore(Code, Moment),
}

/// Letters, from those that wait to those that the post gave back.
#[derive(Clone, Copy)]
pub struct Letters<'a> {
    queue: &'a Queue,
    piling: Piling,
}

impl Queue {
    /// Letters, and the batches that they are gathered into: by class, where nobody asks for another order.
    #[must_use]
    pub fn letters(&self) -> Letters<'_> {
        Letters { queue: self, piling: Piling::default() }
    }
}

impl Letters<'_> {
    /// The same, gathered so.
    #[must_use]
    pub const fn piled(self, piling: Piling) -> Self {
        Self { piling, ..self }
    }

    /// Gathers every letter that waits, of one message or of all, into a new batch. `None`: no
    /// letter waits.
    pub async fn gather(
        self,
        message: Option<Id<Message>>,
        now: Moment,
    ) -> Result<Option<Batch>, StoreError> {
        let (this, piling) = (self.queue.clone(), self.piling);
        self.queue
            .store
            .write(move |tx| {
                // Nobody pauses or stops meanwhile what is printed.
                for (message, _) in batches::waiting_by_message(tx, &this.school, message)? {
                    controls::locked(tx, &this.school, message)?;
                }
                this.withhold_letters(tx, message, now)?;
                this.sift_digests(tx, message, now)?;
                let waiting = this.letters_to_gather(tx, message, now)?;
                let openings = this.openings(tx, now)?;
                // What was withdrawn since it was looked up does not begin.
                let mut begun = Vec::new();
                for letter in waiting.iter().filter(|letter| letter.leader.is_none()) {
                    let event = DeliveryEvent::Started { lease_ends: None };
                    let message = this.message(tx, letter.due.message)?;
                    let (school, due) = (&this.school, &letter.due);
                    if Transit::on(tx, school, &openings, now).delivery(&message, due, event)?.taken
                    {
                        begun.push(letter);
                    }
                }
                if begun.is_empty() {
                    return Ok(None);
                }
                let id = Id::new(now);
                let batch = batches::insert(tx, &this.school, id, begun.len(), piling, now)?;
                let order = piling.order;
                begun.sort_by_cached_key(|it| (order.filing(&it.recipient), it.due.id));
                let piles = begun.iter().map(|it| order.pile(&it.recipient)).enumerate();
                for own in piles.collect::<Vec<_>>().chunk_by(|(_, one), (_, next)| one == next) {
                    if let Some((place, pile)) = own.first() {
                        batches::put_pile(tx, &this.school, (id, *place), pile)?;
                    }
                }
                let ids = begun.iter().enumerate().map(|(place, letter)| (letter.due.id, place));
                let places: HashMap<_, _> = ids.collect();
                for letter in &waiting {
                    if let Some(place) = places.get(&letter.leader.unwrap_or(letter.due.id)) {
                        batches::put_in(tx, &this.school, (batch.id, *place), letter.due.id)?;
                    }
                }
                Ok(Some(batch))
            })
            .await
    }

    /// To whom the letters go that wait and may be printed now, one for each letter.
    pub async fn waiting(self, now: Moment) -> Result<Vec<Recipient>, StoreError> {
        let this = self.queue.clone();
        let read = move |tx: &Tx<'_>| {
            let waiting = this.letters_to_gather(tx, None, now)?.into_iter();
            Ok(waiting.filter(|it| it.leader.is_none()).map(|it| it.recipient).collect())
        };
        self.queue.store.read(read).await
    }

    /// How many letters wait and may be printed now.
    pub async fn count_waiting(self, now: Moment) -> Result<usize, StoreError> {
        let this = self.queue.clone();
        let read = move |tx: &Tx<'_>| {
            let (circumstances, mut count) = (this.circumstances(tx, now)?, 0);
            for (message, letters) in batches::waiting_by_message(tx, &this.school, None)? {
                let may_leave = may_be_printed(&circumstances, &*this.message(tx, message)?);
                count += if may_leave { letters } else { 0 };
            }
            Ok(count)
        };
        self.queue.store.read(read).await
    }

    /// The letters that wait and may not be printed now: why, and how many.
    pub async fn held_back(
        self,
        message: Option<Id<Message>>,
        now: Moment,
    ) -> Result<Vec<(HeldBack, usize)>, StoreError> {
        let this = self.queue.clone();
        self.queue
            .store
            .read(move |tx| {
                let circumstances = this.circumstances(tx, now)?;
                let mut found = Vec::new();
                for (message, letters) in batches::waiting_by_message(tx, &this.school, message)? {
                    let message = this.message(tx, message)?;
                    if let Some(why) = held_back(&circumstances, &message, Channel::Letter) {
                        found.push((why, letters));
                    }
                }
                Ok(found)
            })
            .await
    }

    /// The letters of a message that are printed and not known to be posted: in which batches, and how
    /// many in each.
    pub async fn unposted(self, message: Id<Message>) -> Result<Vec<(u32, usize)>, StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.read(move |tx| batches::unposted(tx, &school, message)).await
    }

    /// Every batch, newest first.
    pub async fn batches(self) -> Result<Vec<Batch>, StoreError> {
        let school = self.queue.school.clone();
        self.queue.store.read(move |tx| batches::all(tx, &school)).await
    }

    /// The piles of a batch, in its order.
    pub async fn piles(self, batch: &Batch) -> Result<Vec<FiledPile>, StoreError> {
        let (school, batch) = (self.queue.school.clone(), batch.id);
        self.queue.store.read(move |tx| batches::piles(tx, &school, batch)).await
    }

    /// The letters of a batch in the order in which they are handed out, each with all who live at its address.
    pub async fn of(self, batch: &Batch) -> Result<Vec<DueLetter>, StoreError> {
        self.at(batch, 0..batch.letters).await
    }

    /// Those of them that stand at these places.
    pub async fn at(
        self,
        batch: &Batch,
        places: Range<usize>,
    ) -> Result<Vec<DueLetter>, StoreError> {
        let (this, batch) = (self.queue.clone(), batch.id);
        let read = move |tx: &Tx<'_>| {
            this.together(tx, batches::letters(tx, &this.school, batch, &places)?)
        };
        self.queue.store.read(read).await
    }

    /// Notes that these letters of a batch are printed, and that some could not be: those go on to the next
    /// rung, or to the list of the unreached. `false`, and nothing noted: a restriction took something out of
    /// them meanwhile, and what was printed is to be thrown away.
    pub async fn mark_printed(
        self,
        batch: &Batch,
        letters: Vec<DueLetter>,
        (pages, file, piles): (usize, String, Vec<FiledPile>),
        unprintable: Vec<(Due, String)>,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let (this, batch) = (self.queue.clone(), batch.clone());
        let printed = self
            .queue
            .store
            .write(move |tx| {
                let own = batches::letters(tx, &this.school, batch.id, &(0..batch.letters))?;
                if !are_the_same(&this.together(tx, own)?, &letters) {
                    return Ok(false);
                }
                batches::set_printed(tx, &this.school, batch.id, pages, &file)?;
                batches::set_pile_pages(tx, &this.school, batch.id, &piles)?;
                let openings = this.openings(tx, now)?;
                for (due, reason) in &unprintable {
                    let outcome = unprinted(*due, reason, now);
                    let message = this.message(tx, due.message)?;
                    Transit::on(tx, &this.school, &openings, now).outcome(&message, &outcome)?;
                }
                Ok(true)
            })
            .await?;
        self.queue.wake();
        Ok(printed)
    }

    /// Notes that people posted or handed out a batch; how many letters that were. `None`: somebody said so
    /// before.
    pub async fn mark_posted(self, batch: &Batch, by: By) -> Result<Option<usize>, StoreError> {
        let (this, batch) = (self.queue.clone(), batch.clone());
        let write = move |tx: &Tx<'_>| {
            if !batches::set_posted(tx, &this.school, batch.id, by.at)? {
                return Ok(None);
            }
            let posted = DeliveryEvent::Accepted { look_at: None };
            this.note_of_batch(tx, &batch, &by, (Act::Post, posted)).map(Some)
        };
        self.queue.store.write(write).await
    }

    /// Takes that back: its letters are in people's hands again. How many they are; `None`: nobody said that
    /// it was posted.
    pub async fn mark_unposted(self, batch: &Batch, by: By) -> Result<Option<usize>, StoreError> {
        let (this, batch) = (self.queue.clone(), batch.clone());
        let write = move |tx: &Tx<'_>| {
            if !batches::set_unposted(tx, &this.school, batch.id)? {
                return Ok(None);
            }
            this.note_of_batch(tx, &batch, &by, (Act::Unpost, DeliveryEvent::Unposted)).map(Some)
        };
        self.queue.store.write(write).await
    }

    /// Notes that the post gave a letter back (*n'habite pas à l'adresse indiquée*): whoever lives there
    /// goes on to the next rung, and no letter goes to that address any more. `false`: no letter that was
    /// posted has this reference.
    pub async fn mark_returned(self, letter: Reference, by: By) -> Result<bool, StoreError> {
        let (this, now) = (self.queue.clone(), by.at);
        let write = move |tx: &Tx<'_>| {
            let printed = this.printed_letter(tx, &letter)?;
            let posted = printed.filter(|(.., state)| *state == DeliveryState::Accepted);
            let Some((message, due, _)) = posted else { return Ok(false) };
            journal::note(tx, &this.school, &by, Act::TakeBack, &letter.to_string())?;
            let outcome = Outcome::of(due, DeliveryEvent::Undeliverable);
            let (school, openings) = (&this.school, this.openings(tx, now)?);
            Ok(Transit::on(tx, school, &openings, now).outcome(&message, &outcome)?.taken)
        };
        let returned = self.queue.store.write(write).await?;
        self.queue.wake();
        Ok(returned)
    }
}

impl Queue {
    /// The letter that people have in hand, or posted, under a reference: its message, and how it stands.
    fn printed_letter(
        &self,
        tx: &Tx<'_>,
        Reference { code, addressee, leg }: &Reference,
    ) -> Result<Option<(Message, Due, DeliveryState)>, StoreError> {
        let Some(message) = messages::by_code(tx, &self.school, code.as_str())? else {
            return Ok(None);
        };
        let found = addressees::by_number(tx, &self.school, message.id, *addressee)?;
        let Some(addressee) = found else { return Ok(None) };
        let found = deliveries::of_leg(tx, &self.school, addressee, *leg)?;
        let Some(due) = found else { return Ok(None) };
        let in_hand = deliveries::in_hand(tx, &self.school, &due)?;
        Ok(in_hand.and_then(|InHand { delivery, .. }| {
            let is_printed =
                matches!(delivery.state, DeliveryState::Sending | DeliveryState::Accepted);
            (delivery.channel == Channel::Letter && is_printed).then_some((
                message,
                due,
                delivery.state,
            ))
        }))
    }

    /// The same happened to every letter of a batch; for how many it meant something.
    fn note_of_batch(
        &self,
        tx: &Tx<'_>,
        batch: &Batch,
        by: &By,
        (act, event): (Act, DeliveryEvent),
    ) -> Result<usize, StoreError> {
        journal::note(tx, &self.school, by, act, &batch.number.to_string())?;
        let openings = self.openings(tx, by.at)?;
        let own = batches::letters(tx, &self.school, batch.id, &(0..batch.letters))?;
        let mut meant = 0;
        for letter in own.iter().filter(|letter| letter.leader.is_none()) {
            let message = self.message(tx, letter.due.message)?;
            let transit = Transit::on(tx, &self.school, &openings, by.at);
            let effect = transit.delivery(&message, &letter.due, event)?;
            meant += usize::from(effect.taken);
        }
        Ok(meant)
    }

    /// Takes out of the letters that wait what must not be on paper for whoever reads them.
    fn withhold_letters(
        &self,
        tx: &Tx<'_>,
        message: Option<Id<Message>>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let circumstances = self.circumstances(tx, now)?;
        if circumstances.restrictions.is_empty() {
            return Ok(());
        }
        for letter in batches::waiting(tx, &self.school, message)? {
            let of = (letter.due.message, letter.due.addressee);
            restrictions::obey_in(tx, self, of, &circumstances)?;
        }
        Ok(())
    }

    /// Takes out of the digests among them what must not leave with them.
    fn sift_digests(
        &self,
        tx: &Tx<'_>,
        message: Option<Id<Message>>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let circumstances = self.circumstances(tx, now)?;
        for letter in self.letters_to_gather(tx, message, now)? {
            let is_digest = self.message(tx, letter.due.message)?.is_digest();
            if is_digest && letter.leader.is_none() {
                digests::sift(self, tx, &letter.due, &circumstances)?;
            }
        }
        Ok(())
    }

    /// The letters that wait and are neither held back nor stale.
    fn letters_to_gather(
        &self,
        tx: &Tx<'_>,
        message: Option<Id<Message>>,
        now: Moment,
    ) -> Result<Vec<LetterDelivery>, StoreError> {
        let circumstances = self.circumstances(tx, now)?;
        let mut waiting = Vec::new();
        for letter in batches::waiting(tx, &self.school, message)? {
            let message = self.message(tx, letter.due.message)?;
            if may_be_printed(&circumstances, &message) {
                waiting.push(letter);
            }
        }
        Ok(waiting)
    }

    fn together(
        &self,
        tx: &Tx<'_>,
        deliveries: Vec<LetterDelivery>,
    ) -> Result<Vec<DueLetter>, StoreError> {
        let mut followers: HashMap<Id<Delivery>, Vec<Recipient>> = HashMap::new();
        let mut own = Vec::new();
        for delivery in deliveries {
            match delivery.leader {
                Some(leader) => followers.entry(leader).or_default().push(delivery.recipient),
                None => own.push(delivery),
            }
        }
        own.into_iter()
            .map(|letter| {
                let message = self.message(tx, letter.due.message)?;
                let mut recipients = vec![letter.recipient];
                recipients.extend(followers.remove(&letter.due.id).unwrap_or_default());
                Ok(DueLetter {
                    enclosed: carried::enclosed(self, tx, &message, letter.due.addressee)?,
                    reference: message.code.delivery(letter.number, letter.due.leg),
                    due: letter.due,
                    message,
                    recipients,
                    place: letter.place.unwrap_or_default(),
                })
            })
            .collect()
    }
}

/// Whether all letters of one list stand in the other, for the same persons about the same pupils.
fn are_the_same(letters: &[DueLetter], others: &[DueLetter]) -> bool {
    let of = |letters: &[DueLetter]| -> HashMap<Id<Delivery>, Vec<Recipient>> {
        letters.iter().map(|letter| (letter.due.id, letter.recipients.clone())).collect()
    };
    of(letters) == of(others)
}

fn unprinted(due: Due, reason: &str, now: Moment) -> Outcome {
    let kind = FailureKind::Refused;
    let attempt = Attempt {
        provider: "letters".to_owned(),
        started_at: now,
        ended_at: now,
        outcome: AttemptOutcome::Failed(kind),
        detail: reason.to_owned(),
    };
    let event = DeliveryEvent::Failed { kind, retry_at: None };
    Outcome { attempt: Some(attempt), ..Outcome::of(due, event) }
}

/// Whether what waits of a message is neither held back nor stale.
fn may_be_printed(circumstances: &Circumstances, message: &Message) -> bool {
    circumstances.hindrance(message).is_none()
        && held_back(circumstances, message, Channel::Letter).is_none()
}

/// What keeps people from carrying what a message has for a channel now, and will not always.
pub(super) fn held_back(
    circumstances: &Circumstances,
    message: &Message,
    channel: Channel,
) -> Option<HeldBack> {
    let starts_at = message.terms.starts_at.filter(|at| *at > circumstances.now());
    match circumstances.hindrance(message) {
        Some(Hindrance::Paused) => Some(HeldBack::Paused(message.code.clone())),
        Some(Hindrance::Event(_)) => None,
        None if circumstances.is_on_hold() => Some(HeldBack::OnHold),
        None if circumstances.openings.is_closed(channel) => Some(HeldBack::Closed),
        None => starts_at.map(|at| HeldBack::NotBefore(message.code.clone(), at)),
    }
}
