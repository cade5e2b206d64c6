//! What a receipt means for the delivery that it names.

use std::time::Duration;

use super::{Entrance, Interpretation};
use crate::clock::Moment;
use crate::delivery::lifecycle::{DeliveryEvent, DeliveryState};
use crate::delivery::{DeliveryName, Receipt, Verdict};
use crate::queue::Outcome;
use crate::store::deliveries::{self, NamedDelivery};
use crate::store::{StoreError, Tx};

/// A receipt that did not come by then will not: operators give up after two days.
const AWAITED_FOR: Duration = Duration::from_hours(72);

impl Entrance {
    /// What a receipt says of the delivery that it names; nothing where that is none of ours.
    pub(super) fn of_receipt(
        &self,
        tx: &Tx<'_>,
        receipt: &Receipt,
        now: Moment,
    ) -> Result<Interpretation, StoreError> {
        let Some(named) = self.named(tx, &receipt.of)? else {
            return self.of_unknown(tx);
        };
        let owner = match &receipt.to {
            Some(to) => self.queue.owner_of_id(tx, &self.provider, &named, to)?,
            None => Some(named.due),
        };
        // A word about somebody else says nothing: it is asked for again.
        let (due, verdict) =
            owner.map_or((named.due, &Verdict::Pending), |owner| (owner, &receipt.verdict));
        let event = self.event(verdict, now.since(named.launched_at), now);
        Ok(event.map_or(Interpretation::Nothing, |event| {
            Interpretation::Delivery(Box::new(Outcome::of(due, event)))
        }))
    }

    /// What is pushed may overtake the answer to the call that it is about.
    fn of_unknown(&self, tx: &Tx<'_>) -> Result<Interpretation, StoreError> {
        let school = self.queue.school();
        let sending = deliveries::next_due(tx, school, self.channel, DeliveryState::Sending)?;
        Ok(if sending.is_some() { Interpretation::TooEarly } else { Interpretation::Nothing })
    }

    fn named(&self, tx: &Tx<'_>, name: &DeliveryName) -> Result<Option<NamedDelivery>, StoreError> {
        let school = self.queue.school();
        match name {
            DeliveryName::ByThem(id) => deliveries::of_provider_ref(tx, school, &self.provider, id),
            DeliveryName::ByUs(reference) => {
                let Ok(reference) = reference.parse() else { return Ok(None) };
                deliveries::of_reference(tx, school, &self.provider, &reference)
            }
        }
    }

    fn event(&self, verdict: &Verdict, age: Duration, now: Moment) -> Option<DeliveryEvent> {
        match verdict {
            Verdict::Proven(proof) => Some(DeliveryEvent::Proven(*proof)),
            Verdict::Undeliverable(_) => Some(DeliveryEvent::Undeliverable),
            // What is pushed is not asked for.
            Verdict::Pending if !self.is_polled => None,
            Verdict::Pending if age < AWAITED_FOR => {
                // Asked less and less often: a receipt that tarries will tarry.
                Some(DeliveryEvent::Pending { look_at: now + self.every.max(age / 4) })
            }
            Verdict::Pending => Some(DeliveryEvent::Pending { look_at: now + AWAITED_FOR }),
        }
    }
}
