//! The queue: what waits, who has it in hand, and what became of it. It writes only what the
//! lifecycle decided.

mod attendance;
mod circumstances;
mod contacts;
mod control;
mod correct;
mod digest;
mod hold;
mod launch;
mod letters;
mod load;
mod poison;
mod restrictions;
mod start;
mod status;
mod transit;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::Moment;
use crate::delivery::lifecycle::{Delivery, DeliveryState, Event, Happening};
use crate::delivery::{Enclosed, Recipient, Timing};
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;
use crate::store::addressees::{self, Addressee, Late};
use crate::store::deliveries::{self, Attempt, Claim, Due, InHand};
use crate::store::{Store, StoreError, Tx, messages, moves};

pub use attendance::{Attendance, BELIEVED_FOR, SAID_EVERY};
pub use circumstances::Circumstances;
use circumstances::Hindrance;
pub use control::Decisions;
pub use correct::{Corrected, Corrections};
pub use digest::{Digests, as_carried};
pub use hold::{Holds, MayHaveLeft};
pub use launch::Take;
pub use letters::{HeldBack, Letter, Letters};
pub use load::Gathering;
pub use restrictions::{Withheld, Withholding};
pub use start::Started;
pub use status::{Addressees, ChannelCount, DigestCount, Levels, Status, status, status_since};
use transit::Transit;

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
    /// What it holds, where it is a digest.
    pub enclosed: Vec<Enclosed>,
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

    /// Where the school moved to, if it is no longer here.
    pub async fn moved_to(&self) -> Result<Option<String>, StoreError> {
        let school = self.school.clone();
        self.store.read(move |tx| moves::moved_to(tx, &school)).await
    }

    /// Refused when the school is no longer here: what changed here would be missing where it is now.
    pub async fn check_not_moved(&self) -> Result<(), StoreError> {
        self.moved_to().await?.map_or(Ok(()), |place| Err(StoreError::Moved(place)))
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
        self.launch_whether(message, false, recipients).await
    }

    /// The same; for those who have enough for this week it waits for the digest.
    pub async fn launch_within_cap(
        &self,
        message: Message,
        recipients: impl FnOnce(&Tx<'_>, &mut Take<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.launch_whether(message, true, recipients).await
    }

    async fn launch_whether(
        &self,
        message: Message,
        may_wait: bool,
        recipients: impl FnOnce(&Tx<'_>, &mut Take<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let this = self.clone();
        self.store
            .write(move |tx| {
                let openings = this.openings(tx, message.launched_at)?;
                launch::launch(tx, &message, (&openings, &this.timing), may_wait, recipients)?;
                tx.tell_others()
            })
            .await?;
        self.wake();
        Ok(())
    }

    /// Takes due deliveries that left already, to see to them again; nobody else gets them before the
    /// lease ends. What cannot be read ends there, and alone.
    pub async fn claim(
        &self,
        state: DeliveryState,
        claim: Claim,
    ) -> Result<Vec<Claimed>, StoreError> {
        let this = self.clone();
        let work = move |tx: &Tx<'_>| {
            let mut claimed = Vec::new();
            for due in deliveries::claim(tx, &this.school, state, &claim)? {
                match this.in_hand(tx, due) {
                    Ok(readable) => claimed.push(readable),
                    Err(StoreError::Unreadable(_)) => {
                        poison::set_aside(&this, tx, &due, claim.now)?;
                    }
                    Err(error) => return Err(error),
                }
            }
            Ok(claimed)
        };
        self.store.write(work).await
    }

    /// Writes down what became of deliveries.
    pub async fn settle(&self, outcomes: Vec<Outcome>, now: Moment) -> Result<(), StoreError> {
        self.write_outcomes(outcomes, now, |_, _, _| Ok(true)).await
    }

    /// The same for what `find` reads in the transaction that writes it; what else it found.
    pub async fn settle_found<T: Send + 'static>(
        &self,
        find: impl FnOnce(&Tx<'_>) -> Result<(Vec<Outcome>, T), StoreError> + Send + 'static,
        now: Moment,
    ) -> Result<T, StoreError> {
        let this = self.clone();
        let work = move |tx: &Tx<'_>| {
            let (outcomes, rest) = find(tx)?;
            Ok((this.write_in(tx, outcomes, now, |_, _, _| Ok(true))?, rest))
        };
        let (climbed, rest) = self.store.write(work).await?;
        if climbed {
            self.wake();
        }
        Ok(rest)
    }

    /// The same, where nobody knows whether it was written before: what was must not be said of an
    /// attempt that began since. What never left is not repeated; its lease ends, as after a crash.
    pub async fn settle_again(
        &self,
        outcomes: Vec<Outcome>,
        now: Moment,
    ) -> Result<(), StoreError> {
        let is_news = |tx: &Tx<'_>, school: &SchoolId, outcome: &Outcome| match &outcome.attempt {
            Some(attempt) => Ok(!deliveries::is_noted(tx, school, outcome.due.id, attempt)?),
            None => Ok(false),
        };
        self.write_outcomes(outcomes, now, is_news).await
    }

    async fn write_outcomes(
        &self,
        outcomes: Vec<Outcome>,
        now: Moment,
        is_news: impl Fn(&Tx<'_>, &SchoolId, &Outcome) -> Result<bool, StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let this = self.clone();
        let work = move |tx: &Tx<'_>| this.write_in(tx, outcomes, now, is_news);
        if self.store.write(work).await? {
            self.wake();
        }
        Ok(())
    }

    /// Whether a rung was climbed.
    fn write_in(
        &self,
        tx: &Tx<'_>,
        mut outcomes: Vec<Outcome>,
        now: Moment,
        is_news: impl Fn(&Tx<'_>, &SchoolId, &Outcome) -> Result<bool, StoreError>,
    ) -> Result<bool, StoreError> {
        // Whoever else writes to several of these addressees comes to them in the same order: two that
        // waited for each other would both lose their time.
        outcomes.sort_by_key(|outcome| outcome.due.addressee);
        let mut climbed = false;
        let openings = self.openings(tx, now)?;
        for outcome in &outcomes {
            if is_news(tx, &self.school, outcome)? {
                let message = self.message(tx, outcome.due.message)?;
                let transit = Transit::on(tx, &self.school, &openings, now);
                climbed |= transit.settle(&message, outcome)?.climbed;
            }
        }
        Ok(climbed)
    }

    /// Moves on the addressees whose patience is over; how many there were.
    pub async fn climb(&self, now: Moment, most: usize) -> Result<usize, StoreError> {
        let this = self.clone();
        let climbed = self
            .store
            .write(move |tx| {
                let late = addressees::to_climb(tx, &this.school, now, most)?;
                if late.is_empty() {
                    return Ok(0);
                }
                let circumstances = this.circumstances(tx, now)?;
                // Nobody is late for what could not leave.
                if circumstances.is_on_hold() {
                    return Ok(0);
                }
                this.climb_in(tx, &late, &circumstances)?;
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

    fn climb_in(
        &self,
        tx: &Tx<'_>,
        late: &[Late],
        circumstances: &Circumstances,
    ) -> Result<(), StoreError> {
        for (addressee, message) in late {
            match self.climb_one(tx, *addressee, *message, circumstances) {
                Err(StoreError::Unreadable(_)) => {
                    poison::unreached(tx, &self.school, *addressee, circumstances.now())?;
                }
                climbed => climbed?,
            }
        }
        Ok(())
    }

    fn climb_one(
        &self,
        tx: &Tx<'_>,
        addressee: Id<Addressee>,
        message: Id<Message>,
        circumstances: &Circumstances,
    ) -> Result<(), StoreError> {
        let (school, openings, now) = (&self.school, &circumstances.openings, circumstances.now());
        let message = self.message(tx, message)?;
        let event = match circumstances.hindrance(&message) {
            Some(Hindrance::Paused) => {
                if let Some(late) = addressees::load(tx, school, addressee)? {
                    self.stand_aside(tx, &message, late.number)?;
                }
                return Ok(());
            }
            Some(Hindrance::Event(event)) => event,
            None => Event::PatienceOver,
        };
        Transit::on(tx, school, openings, now).addressee(&message, addressee, event).map(drop)
    }

    fn in_hand(&self, tx: &Tx<'_>, due: Due) -> Result<Claimed, StoreError> {
        let lost = || StoreError::Unreadable("a delivery without its addressee".to_owned());
        let in_hand = deliveries::in_hand(tx, &self.school, &due)?.ok_or_else(lost)?;
        self.claimed(tx, due, in_hand)
    }

    fn claimed(&self, tx: &Tx<'_>, due: Due, in_hand: InHand) -> Result<Claimed, StoreError> {
        let message = self.message(tx, due.message)?;
        let enclosed = self.enclosed(tx, &message, due.addressee)?;
        let InHand { number, recipient, delivery, provider_ref } = in_hand;
        Ok(Claimed { due, message, number, recipient, delivery, provider_ref, enclosed })
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
