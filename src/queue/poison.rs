//! A delivery whose rows cannot be read ends alone: the others of its claim go on.

use std::collections::BTreeMap;

use super::transit::Transit;
use super::{Queue, step};
use crate::clock::Moment;
use crate::delivery::FailureKind;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::id::Id;
use crate::message::{Message, Plan};
use crate::people::SchoolId;
use crate::store::addressees::{self, Addressee};
use crate::store::deliveries::{self, Due};
use crate::store::{StoreError, Tx};

/// Ends it, as the lifecycle would end a refused one where that much can be read.
pub(super) fn set_aside(
    queue: &Queue,
    tx: &Tx<'_>,
    due: &Due,
    now: Moment,
) -> Result<(), StoreError> {
    // What could not be read may hold a word of a person: it stays out of the log.
    tracing::error!(delivery = %due.id, "A delivery cannot be read; it is failed alone.");
    match end(queue, tx, due, now) {
        Ok(()) => deliveries::give_up(tx, &queue.school, due.id, FailureKind::Refused),
        Err(StoreError::Unreadable(_)) => {
            deliveries::give_up(tx, &queue.school, due.id, FailureKind::Refused)?;
            addressees::give_up(tx, &queue.school, due.addressee, now)
        }
        Err(error) => Err(error),
    }
}

/// The same for an addressee: nothing of theirs waits any more, and they are on the list of the unreached.
pub(super) fn unreached(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: Id<Addressee>,
    now: Moment,
) -> Result<(), StoreError> {
    tracing::error!(%addressee, "An addressee cannot be read; they are unreached.");
    for delivery in deliveries::waiting_of(tx, school, addressee)? {
        step::hand_on(tx, school, delivery, now)?;
        deliveries::give_up(tx, school, delivery, FailureKind::Refused)?;
    }
    addressees::give_up(tx, school, addressee, now)
}

fn end(queue: &Queue, tx: &Tx<'_>, due: &Due, now: Moment) -> Result<(), StoreError> {
    let (school, openings) = (&queue.school, queue.openings(tx, now)?);
    step::hand_on(tx, school, due.id, now)?;
    let message = queue.message(tx, due.message)?;
    let Some(addressee) = addressees::load(tx, school, due.addressee)? else { return Ok(()) };
    let plan = message.plan_for(addressee.connectivity);
    let ends_here = without_next_way(&message, plan, addressee.progress.rung);
    for event in [
        DeliveryEvent::Started { lease_ends: None },
        DeliveryEvent::Failed { kind: FailureKind::Refused, retry_at: None },
    ] {
        Transit::on(tx, school, &openings, now).delivery(&ends_here, due, event)?;
    }
    Ok(())
}

/// The next way of somebody who cannot be read cannot be prepared: they are unreached, which a human
/// sees.
fn without_next_way(message: &Message, plan: &Plan, rung: usize) -> Message {
    let so_far = plan.rungs().iter().take(rung + 1).cloned().collect();
    let plan = Plan::new(plan.name.clone(), so_far).unwrap_or_else(|_| plan.clone());
    Message { plan, plans: BTreeMap::new(), ..message.clone() }
}
