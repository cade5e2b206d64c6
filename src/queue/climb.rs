//! Whose patience is over goes on to the next rung.

use super::circumstances::{Circumstances, Hindrance};
use super::transit::Transit;
use super::{Queue, pauses, poison};
use crate::clock::Moment;
use crate::delivery::lifecycle::Event;
use crate::id::Id;
use crate::message::Message;
use crate::store::addressees::{self, Addressee, Late};
use crate::store::{StoreError, Tx};

impl Queue {
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
                this.climb_all(tx, &late, &circumstances)?;
                Ok(late.len())
            })
            .await?;
        if climbed > 0 {
            self.wake();
        }
        Ok(climbed)
    }

    /// Whether anybody waits for their patience to end.
    pub async fn some_wait_to_climb(&self) -> Result<bool, StoreError> {
        let school = self.school.clone();
        let far = Moment(i64::MAX);
        self.store.read(move |tx| Ok(!addressees::to_climb(tx, &school, far, 1)?.is_empty())).await
    }

    fn climb_all(
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
                    pauses::stand_aside(tx, school, &message, late.number)?;
                }
                return Ok(());
            }
            Some(Hindrance::Event(event)) => event,
            None => Event::PatienceOver,
        };
        Transit::on(tx, school, openings, now).addressee(&message, addressee, event).map(drop)
    }
}
