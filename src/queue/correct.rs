//! A correction goes to exactly those who had the earlier text, or still wait for it.

use super::{Queue, Take, digest, launch, transit};
use crate::clock::Moment;
use crate::delivery::Openings;
use crate::delivery::lifecycle::{AddresseeState, DeliveryState, Event, Progress};
use crate::id::Id;
use crate::message::Message;
use crate::store::addressees::{self, Addressee};
use crate::store::{StoreError, Tx, controls};

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

impl Queue {
    /// Launches `correction` to everybody who had the text of `earlier`, may have had it, or still
    /// waits for it, where they could be reached then. The earlier one goes to nobody of them any
    /// more. All of it in one transaction: nobody gets the old text after the new one. Nobody is left
    /// to correct it to: nothing is launched.
    pub async fn correct(
        &self,
        earlier: Id<Message>,
        correction: Message,
    ) -> Result<Corrected, StoreError> {
        let this = self.clone();
        let corrected = self
            .store
            .write(move |tx| {
                let now = correction.launched_at;
                let openings = this.openings(tx, now)?;
                let mut corrected = Corrected::default();
                let when = (&openings, &*this.timing);
                launch::launch(tx, &correction, when, false, |tx, take| {
                    corrected = this.hand_over(tx, earlier, &openings, now, take)?;
                    Ok(())
                })?;
                Ok(corrected)
            })
            .await?;
        self.wake();
        Ok(corrected)
    }

    /// How many a correction would go to now.
    pub async fn correctable(&self, earlier: Id<Message>) -> Result<Corrected, StoreError> {
        let this = self.clone();
        self.store
            .read(move |tx| {
                let mut corrected = Corrected::default();
                this.each_addressee(tx, earlier, |addressee| {
                    corrected.count(&digest::as_carried(tx, &this.school, addressee)?);
                    Ok(())
                })?;
                Ok(corrected)
            })
            .await
    }

    fn hand_over(
        &self,
        tx: &Tx<'_>,
        earlier: Id<Message>,
        openings: &Openings,
        now: Moment,
        take: &mut Take<'_>,
    ) -> Result<Corrected, StoreError> {
        let message = self.message(tx, earlier)?;
        let mut corrected = Corrected::default();
        self.each_addressee(tx, earlier, |addressee| {
            let (id, number) = (addressee.id, addressee.number);
            if !corrected.count(&digest::as_carried(tx, &self.school, addressee)?) {
                return Ok(());
            }
            let event = Event::Cancelled;
            transit::addressee(tx, &self.school, &message, id, event, openings, now)?;
            match addressees::recipient(tx, &self.school, id)? {
                Some(recipient) => take(usize::try_from(number).unwrap_or(0), recipient),
                None => Ok(()),
            }
        })?;
        Ok(corrected)
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
    /// Counts one addressee of the earlier message; whether the correction goes to them.
    fn count(&mut self, progress: &Progress) -> bool {
        use DeliveryState::{Accepted, Proven, Sending, Uncertain, Waiting};
        let is_any = |states: &[DeliveryState]| {
            progress.deliveries.iter().any(|delivery| states.contains(&delivery.state))
        };
        let may_have_it = progress.is_carried() && progress.state == AddresseeState::Uncertain;
        let had_it = may_have_it || is_any(&[Sending, Uncertain, Accepted, Proven]);
        let waits = is_any(&[Waiting]) || progress.is_gathered();
        self.had_it += usize::from(had_it);
        self.waited += usize::from(waits && !had_it);
        had_it || waits
    }
}
