//! Letters that leave one by one: whoever fetches a packet has it, whatever becomes of its batch.

use super::super::transit::Transit;
use super::{DueLetter, Letters};
use crate::delivery::lifecycle::{DeliveryEvent, DeliveryState};
use crate::message::Reference;
use crate::people::{Act, By};
use crate::store::handovers::{self, Handover};
use crate::store::{StoreError, Tx, journal};

impl Letters<'_> {
    /// Notes that a letter was handed over by itself, and to whom, before its batch is said to be posted or after it.
    /// `false`: no letter that is printed has this reference.
    pub async fn mark_handed_over(
        self,
        letter: Reference,
        handover: Handover,
    ) -> Result<bool, StoreError> {
        let (this, now) = (self.queue.clone(), handover.by.at);
        let write = move |tx: &Tx<'_>| {
            let Some((message, due, state)) = this.printed_letter(tx, &letter)? else {
                return Ok(false);
            };
            if state == DeliveryState::Sending {
                let (school, openings) = (&this.school, this.openings(tx, now)?);
                let accepted = DeliveryEvent::Accepted { look_at: None };
                Transit::on(tx, school, &openings, now).delivery(&message, &due, accepted)?;
            }
            handovers::note(tx, &this.school, due.id, &handover)?;
            journal::note(tx, &this.school, &handover.by, Act::HandOver, &letter.to_string())?;
            Ok(true)
        };
        let noted = self.queue.store.write(write).await?;
        self.queue.wake();
        Ok(noted)
    }

    /// Takes that back: the letter is in people's hands again. `false`: nobody said that it was handed over.
    pub async fn take_back_handover(self, letter: Reference, by: By) -> Result<bool, StoreError> {
        let (this, now) = (self.queue.clone(), by.at);
        let write = move |tx: &Tx<'_>| {
            let Some((message, due, state)) = this.printed_letter(tx, &letter)? else {
                return Ok(false);
            };
            if handovers::of(tx, &this.school, due.id)?.is_none() {
                return Ok(false);
            }
            handovers::take_back(tx, &this.school, due.id)?;
            if state == DeliveryState::Accepted {
                let (school, openings) = (&this.school, this.openings(tx, now)?);
                let transit = Transit::on(tx, school, &openings, now);
                transit.delivery(&message, &due, DeliveryEvent::Unposted)?;
            }
            journal::note(tx, &this.school, &by, Act::TakeBackHandover, &letter.to_string())?;
            Ok(true)
        };
        let taken_back = self.queue.store.write(write).await?;
        self.queue.wake();
        Ok(taken_back)
    }

    /// To whom letters were handed over by themselves, in their order.
    pub async fn handovers(
        self,
        letters: &[DueLetter],
    ) -> Result<Vec<Option<Handover>>, StoreError> {
        let school = self.queue.school.clone();
        let ids: Vec<_> = letters.iter().map(|letter| letter.due.id).collect();
        let read =
            move |tx: &Tx<'_>| ids.iter().map(|id| handovers::of(tx, &school, *id)).collect();
        self.queue.store.read(read).await
    }
}
