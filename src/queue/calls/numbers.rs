//! A number that is dead is not dialled: the person's next number comes in its place, or their next way.

use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::delivery::{Allowed, FailureKind, Recipient};
use crate::people::{ContactPoint, ContactState, Restrictions};
use crate::phone_number::PhoneNumber;
use crate::queue::circumstances::Circumstances;
use crate::queue::transit::Transit;
use crate::queue::{Outcome, Queue, step};
use crate::store::calls;
use crate::store::deliveries::Due;
use crate::store::{StoreError, Tx, addressees, contact_points, leaders, people};

impl Queue {
    /// Gives every call that waits and whose number is dead the person's next number.
    pub(super) fn skip_dead_numbers(
        &self,
        tx: &Tx<'_>,
        circumstances: &Circumstances,
    ) -> Result<(), StoreError> {
        let unusable = contact_points::unusable(tx, &self.school, Channel::Phone)?;
        if unusable.is_empty() {
            return Ok(());
        }
        let is_dead = |to: &Recipient| {
            let number = to.phone.as_ref().map(PhoneNumber::as_str).unwrap_or_default();
            to.keys().any(|key| unusable.contains(&(key.clone(), number.to_owned())))
        };
        // Where one that carried others goes another way, the next of them comes to carry the call.
        for call in calls::waiting(tx, &self.school)? {
            if is_dead(&call.recipient) {
                self.renumber(tx, &call.due, circumstances)?;
            }
        }
        Ok(())
    }

    /// Puts the person's next number in the place of one that is dead, for this call alone; where there is none, the
    /// way has failed. The number.
    pub(super) fn renumber(
        &self,
        tx: &Tx<'_>,
        due: &Due,
        circumstances: &Circumstances,
    ) -> Result<Option<PhoneNumber>, StoreError> {
        let (school, now) = (&self.school, circumstances.now());
        let found = addressees::load_for_event(tx, school, due.addressee)?;
        let Some(leg) = found.as_ref().and_then(|it| it.legs.get(due.leg)) else { return Ok(None) };
        if leg.is_shared {
            step::hand_on(tx, school, due.id, now)?;
            leaders::part(tx, school, due.id, now)?;
        }
        let Some(to) = addressees::recipient(tx, school, due.addressee)? else { return Ok(None) };
        if let Some(renumbered) = self.with_next_number(tx, &to, &circumstances.restrictions)? {
            addressees::narrow(tx, school, due.addressee, &renumbered)?;
            return Ok(renumbered.phone);
        }
        let message = self.message(tx, due.message)?;
        let transit = Transit::on(tx, school, &circumstances.openings, now);
        transit.delivery(&message, due, DeliveryEvent::Started { lease_ends: None })?;
        let kind = FailureKind::BadAddress;
        let failed = DeliveryEvent::Failed { kind, retry_at: None };
        transit.outcome(&message, &Outcome::of(*due, failed))?;
        Ok(None)
    }

    /// The same person at their next number that works as far as anybody knows, and that nobody reads along who must
    /// not.
    fn with_next_number(
        &self,
        tx: &Tx<'_>,
        to: &Recipient,
        restrictions: &Restrictions,
    ) -> Result<Option<Recipient>, StoreError> {
        for key in to.keys() {
            let Some(person) = people::person(tx, &self.school, key)? else { continue };
            for point in person.contact_points {
                let ContactPoint::Phone(number) = point else { continue };
                if to.phone.as_ref() == Some(&number) {
                    continue;
                }
                let at_next = at_number(to, number);
                if at_next.allowed(restrictions) == Allowed::All {
                    return Ok(Some(at_next));
                }
            }
        }
        Ok(None)
    }
}

/// The same person at another number, which is shared with nobody.
pub(super) fn at_number(to: &Recipient, number: PhoneNumber) -> Recipient {
    let mut other = Recipient { phone: Some(number), ..to.clone() };
    other.shared.remove(&Channel::Phone);
    other.greeted_too.remove(&Channel::Phone);
    other
}

/// Notes how a number is, for calls and for text messages, for everybody who has it.
pub(super) fn set_state(
    tx: &Tx<'_>,
    queue: &Queue,
    number: &PhoneNumber,
    state: ContactState,
    now: Moment,
) -> Result<(), StoreError> {
    for point in ContactPoint::of_phone(number) {
        contact_points::set_state(tx, &queue.school, &point, state, now)?;
    }
    Ok(())
}
