//! The queue: what waits, who has it in hand, and what became of it. It writes only what the
//! lifecycle decided.

mod contacts;
mod control;
mod correct;
mod hold;
mod launch;
mod letters;
mod poison;
mod status;
mod transit;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{Delivery, DeliveryState, Event, Happening};
use crate::delivery::{FailureKind, Opening, Openings, Recipient, Timing};
use crate::id::Id;
use crate::message::{Message, MessageState, Urgency};
use crate::people::SchoolId;
use crate::store::addressees::{self, Late};
use crate::store::deliveries::{self, Attempt, Claim, Due, InHand};
use crate::store::{Store, StoreError, Tx, closings, controls, holds, messages, people};

use control::Hindrance;
pub use correct::Corrected;
pub use hold::MayHaveLeft;
pub use launch::Take;
pub use letters::Letter;
pub use status::{Addressees, ChannelCount, Status, status};

/// A school's queue; clones share it.
#[derive(Clone)]
pub struct Queue {
    store: Store,
    school: SchoolId,
    timing: Arc<Timing>,
    messages: Arc<Mutex<HashMap<Id<Message>, Arc<Message>>>>,
    wake: Arc<Notify>,
}

/// A delivery in hand, with all that an attempt needs.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Which delivery.
    pub due: Due,
    /// Its message.
    pub message: Arc<Message>,
    /// The number of its addressee within the message.
    pub number: u32,
    /// Who.
    pub recipient: Recipient,
    /// The delivery as it stood when it was claimed.
    pub delivery: Delivery,
    /// The provider's id of it, once it was accepted.
    pub provider_ref: Option<String>,
}

impl Claimed {
    /// Its reference, the same at every attempt.
    #[must_use]
    pub fn reference(&self) -> String {
        self.message.code.delivery(self.number, self.due.leg)
    }
}

/// What became of a delivery, to be written down.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Which delivery.
    pub due: Due,
    /// What happened.
    pub happening: Happening,
    /// The attempt that ended, for its history.
    pub attempt: Option<Attempt>,
    /// The provider's id of it, where receipts will name it.
    pub provider_ref: Option<String>,
}

/// What was started, and whether some went on to their next way in place of it.
#[derive(Debug)]
pub struct Started {
    /// What was started.
    pub claimed: Vec<Claimed>,
    /// There is something new to send: [`Queue::wake`] those who wait for it.
    pub climbed: bool,
}

impl Queue {
    /// The queue of a school.
    #[must_use]
    pub fn new(store: Store, school: SchoolId) -> Self {
        let timing = Arc::new(Timing::at_once());
        Self { store, school, timing, messages: Arc::default(), wake: Arc::default() }
    }

    /// The same, for a school that decided this about when messages leave.
    #[must_use]
    pub fn with_timing(self, timing: Timing) -> Self {
        Self { timing: Arc::new(timing), ..self }
    }

    /// What the school decided about when messages leave.
    #[must_use]
    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// The database under it.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whose queue it is.
    #[must_use]
    pub fn school(&self) -> &SchoolId {
        &self.school
    }

    /// Waits until something new may be due, or for `at_most`.
    pub async fn woken(&self, at_most: Duration) {
        let woken = async {
            tokio::select! {
                () = self.wake.notified() => {}
                () = self.store.news() => {}
            }
        };
        let _ = tokio::time::timeout(at_most, woken).await;
    }

    /// Tells those who wait that something new may be due.
    pub fn wake(&self) {
        self.wake.notify_waiters();
    }

    /// Makes a message, its addressees and their first deliveries durable, in one transaction.
    /// `recipients` is called in it, and hands them over one after the other.
    pub async fn launch(
        &self,
        message: Message,
        recipients: impl FnOnce(&Tx<'_>, &mut Take<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let this = self.clone();
        self.store
            .write(move |tx| {
                let openings = this.openings(tx, message.launched_at)?;
                launch::launch(tx, &message, (&openings, &this.timing.waves), recipients)?;
                tx.tell_others()
            })
            .await?;
        self.wake();
        Ok(())
    }

    /// Takes up to `most` due deliveries of a channel in a state; nobody else gets them before
    /// `lease_ends`.
    pub async fn claim(
        &self,
        channel: Channel,
        state: DeliveryState,
        now: Moment,
        lease_ends: Moment,
        most: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        let this = self.clone();
        let claim = Claim { channel, state, now, lease_ends, most };
        self.store.write(move |tx| this.claim_in(tx, &claim)).await
    }

    /// Makes it durable that these attempts begin, before their provider is called. Those that
    /// are no longer wanted are left out of the answer, and so are those whose person has since
    /// asked not to be written to there: they go on to their next way.
    pub async fn start(
        &self,
        claimed: Vec<Claimed>,
        now: Moment,
        lease_ends: Moment,
    ) -> Result<Vec<Claimed>, StoreError> {
        let this = self.clone();
        self.started(move |tx| this.start_in(tx, claimed, now, lease_ends)).await
    }

    /// [`Queue::claim`] and [`Queue::start`] in one transaction, for what waits and need not wait
    /// for a rate as well.
    pub async fn claim_and_start(&self, claim: Claim) -> Result<Vec<Claimed>, StoreError> {
        let this = self.clone();
        self.started(move |tx| {
            let claimed = this.claim_in(tx, &claim)?;
            this.start_in(tx, claimed, claim.now, claim.lease_ends)
        })
        .await
    }

    async fn started(
        &self,
        start: impl FnOnce(&Tx<'_>) -> Result<Started, StoreError> + Send + 'static,
    ) -> Result<Vec<Claimed>, StoreError> {
        let Started { claimed, climbed } = self.store.write(start).await?;
        if climbed {
            self.wake();
        }
        Ok(claimed)
    }

    /// Writes down what became of deliveries.
    pub async fn settle(&self, outcomes: Vec<Outcome>, now: Moment) -> Result<(), StoreError> {
        let this = self.clone();
        let climbed = self
            .store
            .write(move |tx| {
                let mut climbed = false;
                let openings = this.openings(tx, now)?;
                for outcome in &outcomes {
                    let message = this.message(tx, outcome.due.message)?;
                    let (school, openings) = (&this.school, &openings);
                    let effect = transit::settle(tx, school, &message, outcome, openings, now)?;
                    climbed |= effect.climbed;
                }
                Ok(climbed)
            })
            .await?;
        if climbed {
            self.wake();
        }
        Ok(())
    }

    /// Puts claimed deliveries back until a moment: they were not started, and that is no attempt.
    pub async fn defer(&self, claimed: &[Claimed], until: Moment) -> Result<(), StoreError> {
        let school = self.school.clone();
        let ids: Vec<Id<Delivery>> = claimed.iter().map(|claimed| claimed.due.id).collect();
        self.store
            .write(move |tx| {
                ids.iter().try_for_each(|id| deliveries::defer(tx, &school, *id, until))
            })
            .await
    }

    /// Moves on the addressees whose patience is over; how many there were.
    pub async fn climb(&self, now: Moment, most: usize) -> Result<usize, StoreError> {
        let this = self.clone();
        let climbed = self
            .store
            .write(move |tx| {
                // Nobody is late for what could not leave.
                if holds::standing(tx, &this.school)?.is_some() {
                    return Ok(0);
                }
                let late = addressees::to_climb(tx, &this.school, now, most)?;
                if !late.is_empty() {
                    this.climb_in(tx, &late, now)?;
                }
                Ok(late.len())
            })
            .await?;
        if climbed > 0 {
            self.wake();
        }
        Ok(climbed)
    }

    /// How many addressees wait for their patience to end.
    pub async fn some_wait_to_climb(&self) -> Result<bool, StoreError> {
        let school = self.school.clone();
        let far = Moment(i64::MAX);
        self.store.read(move |tx| Ok(!addressees::to_climb(tx, &school, far, 1)?.is_empty())).await
    }

    /// Which channels may be used now.
    fn openings(&self, tx: &Tx<'_>, now: Moment) -> Result<Openings, StoreError> {
        let closings = closings::in_force(tx, &self.school, now)?;
        let closed = closings.into_iter().map(|closing| closing.channel).collect();
        Ok(Openings::new(Arc::clone(&self.timing.hours), closed))
    }

    fn climb_in(&self, tx: &Tx<'_>, late: &[Late], now: Moment) -> Result<(), StoreError> {
        let (openings, held) = (self.openings(tx, now)?, self.held(tx)?);
        for (addressee, message) in late {
            let message = self.message(tx, *message)?;
            let event = match Self::hindrance(&held, &message, now) {
                Some(Hindrance::Paused) => {
                    if let Some(late) = addressees::load(tx, &self.school, *addressee)? {
                        self.stand_aside(tx, &message, late.number)?;
                    }
                    continue;
                }
                Some(Hindrance::Event(event)) => event,
                // Patience itself knows of the night.
                Some(Hindrance::Asleep) | None => Event::PatienceOver,
            };
            let school = &self.school;
            transit::addressee(tx, school, &message, *addressee, event, &openings, now)?;
        }
        Ok(())
    }

    /// Out of which lanes may be claimed now.
    fn lanes(&self, tx: &Tx<'_>, claim: &Claim) -> Result<&'static [Urgency], StoreError> {
        // What left already is seen to at any hour, and on hold too.
        Ok(match claim.state {
            DeliveryState::Waiting if holds::standing(tx, &self.school)?.is_some() => &[],
            DeliveryState::Waiting => self.openings(tx, claim.now)?.lanes(claim.channel, claim.now),
            _ => &[Urgency::Urgent, Urgency::Reply, Urgency::Bulk],
        })
    }

    /// What [`Queue::claim_in`] would take, first one first, and since when each is due: nothing is
    /// taken or hidden.
    pub fn due_in(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
    ) -> Result<Vec<(Id<Delivery>, Moment)>, StoreError> {
        deliveries::due_now(tx, &self.school, claim, self.lanes(tx, claim)?)
    }

    /// [`Queue::claim`] within a transaction of the caller. What cannot be read ends there alone.
    pub fn claim_in(&self, tx: &Tx<'_>, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        let mut claimed = Vec::new();
        for due in deliveries::claim(tx, &self.school, claim, self.lanes(tx, claim)?)? {
            match self.in_hand(tx, due) {
                Ok(readable) => claimed.push(readable),
                Err(StoreError::Unreadable(_)) => poison::set_aside(self, tx, &due, claim.now)?,
                Err(error) => return Err(error),
            }
        }
        Ok(claimed)
    }

    /// [`Queue::start`] within a transaction of the caller.
    pub fn start_in(
        &self,
        tx: &Tx<'_>,
        claimed: Vec<Claimed>,
        now: Moment,
        lease_ends: Moment,
    ) -> Result<Started, StoreError> {
        let mut started = Started { claimed: Vec::with_capacity(claimed.len()), climbed: false };
        // Held since they were claimed: their lease gives them back.
        if holds::standing(tx, &self.school)?.is_some() {
            return Ok(started);
        }
        let begins = Happening::Started { lease_ends: Some(lease_ends) };
        let (openings, held) = (self.openings(tx, now)?, self.held(tx)?);
        for claimed in claimed {
            let (message, due) = (&claimed.message, &claimed.due);
            if let Some(hindrance) = Self::hindrance_to(&claimed, &held, &openings, now) {
                started.climbed |= self.hold_back(tx, &claimed, hindrance, &openings, now)?;
                continue;
            }
            if !transit::delivery(tx, &self.school, message, due, begins, &openings, now)?.taken {
                continue;
            }
            if asked_to_stop(tx, &self.school, &claimed)? {
                let outcome = opted_out(&claimed, now);
                let school = &self.school;
                let effect = transit::settle(tx, school, message, &outcome, &openings, now)?;
                started.climbed |= effect.climbed;
            } else {
                started.claimed.push(claimed);
            }
        }
        Ok(started)
    }

    /// What was decided since a delivery was claimed, and keeps it from starting.
    fn hindrance_to(
        claimed: &Claimed,
        held: &HashMap<Id<Message>, MessageState>,
        openings: &Openings,
        now: Moment,
    ) -> Option<Hindrance> {
        let (channel, message) = (claimed.delivery.channel, &claimed.message);
        let by_message = Self::hindrance(held, message, now);
        by_message.or_else(|| match openings.of(channel, message.urgency, now) {
            Opening::Closed => Some(Hindrance::Event(Event::ChannelClosed(channel))),
            Opening::From(opening) => (opening > now).then_some(Hindrance::Asleep),
        })
    }

    /// Keeps a claimed delivery from starting; whether its addressee climbed in place of it.
    fn hold_back(
        &self,
        tx: &Tx<'_>,
        claimed: &Claimed,
        hindrance: Hindrance,
        openings: &Openings,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let addressee = claimed.due.addressee;
        match hindrance {
            Hindrance::Paused => {
                deliveries::defer(tx, &self.school, claimed.due.id, now)?;
                self.stand_aside(tx, &claimed.message, claimed.number)?;
                Ok(false)
            }
            // No lane of it is claimed before the opening.
            Hindrance::Asleep => {
                deliveries::defer(tx, &self.school, claimed.due.id, now)?;
                Ok(false)
            }
            Hindrance::Event(event) => {
                let (school, message) = (&self.school, &claimed.message);
                let effect =
                    transit::addressee(tx, school, message, addressee, event, openings, now)?;
                Ok(effect.climbed)
            }
        }
    }

    /// One addressee of a paused message stands aside.
    fn stand_aside(&self, tx: &Tx<'_>, message: &Message, number: u32) -> Result<(), StoreError> {
        let number = i64::from(number);
        controls::park(tx, &self.school, message.id, (number, number))
    }

    fn in_hand(&self, tx: &Tx<'_>, due: Due) -> Result<Claimed, StoreError> {
        let lost = || StoreError::Unreadable("a delivery without its addressee".to_owned());
        let InHand { number, recipient, delivery, provider_ref } =
            deliveries::in_hand(tx, &self.school, &due)?.ok_or_else(lost)?;
        let message = self.message(tx, due.message)?;
        Ok(Claimed { due, message, number, recipient, delivery, provider_ref })
    }

    /// The message of this id: read once, since a launched message never changes.
    fn message(&self, tx: &Tx<'_>, id: Id<Message>) -> Result<Arc<Message>, StoreError> {
        let mut kept = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(message) = kept.get(&id) {
            return Ok(Arc::clone(message));
        }
        let message = messages::by_id(tx, &self.school, id)?
            .ok_or_else(|| StoreError::Unreadable("a delivery without its message".to_owned()))?;
        let message = Arc::new(message);
        kept.insert(id, Arc::clone(&message));
        Ok(message)
    }
}

/// Whether the address, frozen at launch, is one where nobody wants to be written to any more.
fn asked_to_stop(tx: &Tx<'_>, school: &SchoolId, claimed: &Claimed) -> Result<bool, StoreError> {
    let point = claimed.recipient.contact_point(claimed.delivery.channel);
    point.map_or(Ok(false), |point| people::is_opted_out(tx, school, &point))
}

fn opted_out(claimed: &Claimed, now: Moment) -> Outcome {
    let kind = FailureKind::OptedOut;
    let attempt = Attempt {
        provider: "desk".to_owned(),
        started_at: now,
        ended_at: now,
        outcome: kind.as_str(),
        detail: "asked to stop after the launch".to_owned(),
    };
    Outcome {
        due: claimed.due,
        happening: Happening::Failed { kind, retry_at: None },
        attempt: Some(attempt),
        provider_ref: None,
    }
}
