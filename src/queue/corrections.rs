//! A correction goes to exactly those who had the earlier text, or still wait for it.

use std::sync::Arc;

use super::load::Full;
use super::transit::Transit;
use super::{Queue, Take, cards, carried, launch};
use crate::delivery::lifecycle::{AddresseeState, DeliveryState, Event, Progress};
use crate::delivery::{Copies, Recipient};
use crate::id::Id;
use crate::message::Message;
use crate::store::addressees::{self, Addressee};
use crate::store::{StoreError, Tx, controls, messages, restrictions};

/// Addressees looked at together.
const AT_ONCE: usize = 500;

/// Whom a correction goes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Corrected {
    /// They had the earlier text, or may have had it.
    pub had_it: usize,
    /// The earlier text still waited for them: it is withdrawn.
    pub waited: usize,
}

/// An addressee whom the earlier text concerns.
struct Affected<'a> {
    /// The message that they had or wait for: the earlier one, or one that tried it again.
    of: &'a Message,
    addressee: &'a Addressee,
    /// As they can be written to; none for whom another of these messages concerns as well.
    gets: Option<Recipient>,
}

/// An addressee of a message that tried another one again.
struct TriedAgain {
    by: Arc<Message>,
    addressee: Addressee,
    to: Recipient,
}

/// Messages whose text is put right by another.
#[derive(Clone, Copy)]
pub struct Corrections<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// Corrections, and whom they go to.
    #[must_use]
    pub const fn corrections(&self) -> Corrections<'_> {
        Corrections { queue: self }
    }
}

impl Corrections<'_> {
    /// Launches `correction` to everybody who had the text of `earlier`, from it or from a message that
    /// tried it again, may have had it, or still waits for it, where they could be reached then. The
    /// earlier text goes to nobody of them any more. All of it in one transaction: nobody gets the old
    /// text after the new one. Refused when somebody corrected it meanwhile. `first` is called in it before anything.
    pub async fn launch(
        self,
        earlier: Id<Message>,
        correction: Message,
        first: impl FnOnce(&Tx<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<Corrected, StoreError> {
        let this = self.queue.clone();
        let corrected = self
            .queue
            .store
            .write(move |tx| {
                first(tx)?;
                let earlier = this.message(tx, earlier)?;
                this.lock_text(tx, &earlier)?;
                if !messages::corrections(tx, &this.school, &earlier.code)?.is_empty() {
                    return Err(StoreError::Overtaken);
                }
                let openings = this.openings(tx, correction.launched_at)?;
                let mut corrected = Corrected::default();
                let when = (&openings, &*this.timing);
                launch::launch(tx, &correction, when, Full::GetIt, |tx, take| {
                    corrected = this.hand_over(tx, &earlier, &correction, take)?;
                    Ok(())
                })?;
                this.carry_answers(tx, &earlier, &correction)?;
                cards::make(&this, tx, &correction)?;
                this.note_recalls(tx, &earlier, &correction)?;
                tx.tell_others()?;
                Ok(corrected)
            })
            .await?;
        self.queue.wake();
        Ok(corrected)
    }

    /// How many a correction would go to now.
    pub async fn would_concern(self, earlier: Id<Message>) -> Result<Corrected, StoreError> {
        let this = self.queue.clone();
        self.queue
            .store
            .read(move |tx| {
                let earlier = this.message(tx, earlier)?;
                this.each_concerned(tx, &earlier, |_| Ok(()))
            })
            .await
    }

    /// Lets nobody else try a message again meanwhile; refused when it has another text by now than this
    /// retry of it.
    pub fn lock_retry(
        self,
        tx: &Tx<'_>,
        message: &Message,
        retry: &Message,
    ) -> Result<(), StoreError> {
        self.queue.lock_text(tx, message)?;
        let newest = messages::newest_text(tx, &self.queue.school, message)?;
        if newest.fields == retry.fields { Ok(()) } else { Err(StoreError::Overtaken) }
    }
}

impl Queue {
    /// Until this transaction ends nobody else corrects a message, or tries it again, whichever of its
    /// texts they begin with.
    fn lock_text(&self, tx: &Tx<'_>, message: &Message) -> Result<(), StoreError> {
        let texts = messages::texts_before(tx, &self.school, message)?;
        let first = texts.last().unwrap_or(message);
        controls::locked(tx, &self.school, first.id).map(drop)
    }

    fn hand_over(
        &self,
        tx: &Tx<'_>,
        earlier: &Message,
        correction: &Message,
        take: &mut Take<'_>,
    ) -> Result<Corrected, StoreError> {
        let now = correction.launched_at;
        let openings = self.openings(tx, now)?;
        let restrictions = restrictions::all(tx, &self.school)?;
        let mut number = 0;
        self.each_concerned(tx, earlier, |Affected { of, addressee, gets }| {
            let event = Event::Cancelled;
            Transit::on(tx, &self.school, &openings, now).addressee(of, addressee.id, event)?;
            if of.id == earlier.id {
                number = usize::try_from(addressee.number).unwrap_or(number);
            } else {
                number += 1;
            }
            let gets = gets.and_then(|to| to.allowed(&restrictions).of(to));
            gets.map_or(Ok(()), |recipient| take(number, recipient))
        })
    }

    /// Hands over whomever the text of a message concerns, first the addressees of the message itself.
    fn each_concerned(
        &self,
        tx: &Tx<'_>,
        earlier: &Message,
        mut look: impl FnMut(Affected<'_>) -> Result<(), StoreError>,
    ) -> Result<Corrected, StoreError> {
        let (again, copies) = self.tried_again(tx, earlier)?;
        let mut corrected = Corrected::default();
        self.each_addressee(tx, earlier.id, |addressee| {
            let Some(concern) = self.concern(tx, &addressee)? else { return Ok(()) };
            let recipient = addressees::recipient(tx, &self.school, addressee.id)?;
            // Who may have had it from both gets one correction, by the newer addresses.
            let gets = recipient.filter(|to| !copies.has(to.keys(), &to.about));
            if gets.is_some() {
                corrected.add(concern);
            }
            look(Affected { of: earlier, addressee: &addressee, gets })
        })?;
        for TriedAgain { by, addressee, to } in again {
            self.concern(tx, &addressee)?.into_iter().for_each(|it| corrected.add(it));
            look(Affected { of: &by, addressee: &addressee, gets: Some(to) })?;
        }
        Ok(corrected)
    }

    /// The addressees whom this text concerns through a message that tried it again, or tried again,
    /// with this text, what it puts right; and their copies.
    fn tried_again(
        &self,
        tx: &Tx<'_>,
        text: &Message,
    ) -> Result<(Vec<TriedAgain>, Copies), StoreError> {
        let (mut again, mut copies) = (Vec::new(), Copies::default());
        for retry in self.retries_of(tx, text)? {
            let retry = Arc::new(retry);
            self.each_addressee(tx, retry.id, |addressee| {
                if self.concern(tx, &addressee)?.is_some()
                    && let Some(to) = addressees::recipient(tx, &self.school, addressee.id)?
                {
                    copies.add(to.keys(), &to.about, false);
                    again.push(TriedAgain { by: Arc::clone(&retry), addressee, to });
                }
                Ok(())
            })?;
        }
        Ok((again, copies))
    }

    /// The messages that tried again a text, or with this text what it puts right.
    pub(super) fn retries_of(
        &self,
        tx: &Tx<'_>,
        text: &Message,
    ) -> Result<Vec<Message>, StoreError> {
        let texts = messages::texts_before(tx, &self.school, text)?;
        let mut retries = messages::retries_since(tx, &self.school, text.launched_at)?;
        retries.retain(|retry| {
            texts.iter().any(|text| retry.terms.retries.as_ref() == Some(&text.code))
        });
        Ok(retries)
    }

    fn concern(&self, tx: &Tx<'_>, addressee: &Addressee) -> Result<Option<Corrected>, StoreError> {
        let progress = carried::as_carried(tx, &self.school, addressee)?;
        Ok(Corrected::of(&progress))
    }

    fn each_addressee(
        &self,
        tx: &Tx<'_>,
        message: Id<Message>,
        mut look: impl FnMut(Addressee) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut from = 0;
        loop {
            let batch = controls::addressees_from(tx, &self.school, message, from, AT_ONCE)?;
            let Some((last, _)) = batch.last() else { return Ok(()) };
            from = last + 1;
            for (_, id) in batch {
                addressees::load(tx, &self.school, id)?.map_or(Ok(()), &mut look)?;
            }
        }
    }
}

impl Corrected {
    /// All of them.
    #[must_use]
    pub const fn all(self) -> usize {
        self.had_it + self.waited
    }

    /// One addressee who had the text or waits for it; `None` for whom it does not concern.
    fn of(progress: &Progress) -> Option<Self> {
        use DeliveryState::{Accepted, Proven, Sending, Uncertain, Waiting};
        let is_any = |states: &[DeliveryState]| {
            progress.deliveries.iter().any(|delivery| states.contains(&delivery.state))
        };
        let may_have_it = progress.is_carried() && progress.state == AddresseeState::Uncertain;
        let had_it = may_have_it || is_any(&[Sending, Uncertain, Accepted, Proven]);
        let waits = is_any(&[Waiting]) || progress.is_gathered();
        let one = Self { had_it: usize::from(had_it), waited: usize::from(waits && !had_it) };
        (one != Self::default()).then_some(one)
    }

    fn add(&mut self, one: Self) {
        self.had_it += one.had_it;
        self.waited += one.waited;
    }
}
