//! One event of one addressee: the lifecycle decides, this writes, and says what follows from it.

use crate::clock::Moment;
use crate::delivery::lifecycle::{self, Conditions, Delivery, DeliveryEvent, DeliveryState, Event};
use crate::delivery::{Allowed, FailureKind, Openings};
use crate::id::Id;
use crate::message::Message;
use crate::people::{Restrictions, SchoolId};
use crate::store::addressees::{self, Addressee};
use crate::store::controls::PARKED_LANE;
use crate::store::deliveries::{self, Carrying, NewRow};
use crate::store::{StoreError, Tx, digests, leaders, restrictions};

use super::{carried, pauses};

/// In which transaction, for which school, and in which circumstances a state changes.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'a> {
    /// The transaction.
    pub tx: &'a Tx<'a>,
    /// The school.
    pub school: &'a SchoolId,
    /// Which channels are open, and when.
    pub openings: &'a Openings,
    /// The moment of the change.
    pub now: Moment,
    /// Who takes in hand what begins, where somebody does.
    pub begun: Option<Carrying<'a>>,
}

/// What an event brought about, and what is still to be brought about because of it.
#[derive(Debug, Default)]
pub(super) struct Step {
    /// It meant something in the state in which it came.
    pub taken: bool,
    /// A rung was climbed: there is something new to send.
    pub climbed: bool,
    /// The delivery that it was about may carry others along.
    pub is_shared: bool,
    /// By which the copy that climbed is narrowed: something is to be taken out of it.
    pub restrictions: Option<Restrictions>,
    /// What happens in consequence, in this order: to those who are carried along, and to the new ways.
    pub follows: Vec<(Id<Addressee>, Event)>,
}

/// Applies one event to one addressee and writes what changed.
pub(super) fn take(
    at: Occasion<'_>,
    message: &Message,
    before: &Addressee,
    event: Event,
) -> Result<Step, StoreError> {
    let Occasion { tx, openings, now, .. } = at;
    let conditions = Conditions::of(message, before.connectivity, openings);
    let transition = lifecycle::apply(&before.progress, event, &conditions, now);
    if !transition.taken {
        return Ok(Step::default());
    }
    let after = Addressee { progress: transition.after, ..before.clone() };
    let (was, is) = (&before.progress, &after.progress);
    let mut step = Step { taken: true, ..Step::default() };
    write_deliveries(at, before, &after, &mut step)?;
    let is_moved = was.state != is.state || was.rung != is.rung || was.climb_at != is.climb_at;
    let is_proven_anew = was.reached_by() != is.reached_by();
    if is_moved {
        addressees::update(tx, &after, now)?;
    } else if is_proven_anew {
        addressees::prove(tx, &after)?;
    }
    if message.is_digest() {
        if is_proven_anew {
            digests::prove(tx, &after)?;
        }
        if was.state != is.state {
            carry_along(at, &after, &mut step)?;
        }
    }
    step.climbed = is.deliveries.len() > was.deliveries.len();
    if step.climbed {
        add_new_deliveries(at, message, &after, was.deliveries.len(), &mut step)?;
    }
    if let Event::Delivery(leg, _) = event {
        step.is_shared = before.legs.get(leg).is_some_and(|leg| leg.is_shared);
    }
    Ok(step)
}

/// Writes what became of the deliveries that there were. One that carried others and does not wait any
/// more hands them on; where it may have left, they may have it as well, and another copy of it would be
/// one too many.
fn write_deliveries(
    at: Occasion<'_>,
    before: &Addressee,
    after: &Addressee,
    step: &mut Step,
) -> Result<(), StoreError> {
    let Occasion { tx, school, now, .. } = at;
    for (leg, was) in before.progress.deliveries.iter().enumerate() {
        let (is, id) = (&after.progress.deliveries[leg], after.legs[leg].delivery);
        if is != was {
            let is_taken = matches!(is.state, DeliveryState::Sending | DeliveryState::Accepted);
            let begun = at.begun.filter(|_| is_taken);
            deliveries::update(tx, school, id, is, begun)?;
        }
        if was.state != DeliveryState::Waiting || !after.legs[leg].is_shared {
            continue;
        }
        match is.state {
            DeliveryState::Withdrawn => hand_on(tx, school, id, now)?,
            DeliveryState::Uncertain => {
                let left_open = |leg| Event::Delivery(leg, DeliveryEvent::UnknownAwait);
                let led = leaders::led_by(tx, school, id)?.into_iter();
                step.follows.extend(led.map(|led| (led.addressee, left_open(led.leg))));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The addressees whose messages a digest carries stand as its addressee stands.
fn carry_along(at: Occasion<'_>, carrier: &Addressee, step: &mut Step) -> Result<(), StoreError> {
    let event = Event::Carried(carrier.progress.state);
    let items = digests::carried_by(at.tx, at.school, carrier.id)?.into_iter();
    step.follows.extend(items.map(|item| (item.addressee, event)));
    Ok(())
}

/// Keeps the deliveries of a rung just climbed. An address that already got the message through
/// another of the family is not used again: the new delivery stands as that one stands.
fn add_new_deliveries(
    at: Occasion<'_>,
    message: &Message,
    addressee: &Addressee,
    from: usize,
    step: &mut Step,
) -> Result<(), StoreError> {
    let Occasion { tx, school, now, .. } = at;
    let recipient = addressees::recipient(tx, school, addressee.id)?;
    let restrictions = restrictions::all(tx, school)?;
    let is_restricted =
        recipient.as_ref().is_some_and(|to| to.allowed(&restrictions) != Allowed::All);
    step.restrictions = is_restricted.then_some(restrictions);
    let is_paused = pauses::is_paused(tx, school, message.id)?;
    for leg in from..addressee.progress.deliveries.len() {
        let delivery = &addressee.progress.deliveries[leg];
        let mut shared = recipient.as_ref().and_then(|to| to.shared.get(&delivery.channel));
        // What is left of it says something else than theirs.
        shared = shared.filter(|_| !is_restricted);
        let mut leader = match shared {
            Some(key) => leaders::leader_of(tx, school, addressee.message, key)?,
            None => None,
        };
        if let Some((other, _)) = leader.as_ref().filter(|_| message.is_digest())
            && !carried::holds_the_same(tx, school, *other, addressee.id)?
        {
            (shared, leader) = (None, None);
        }
        let row = NewRow {
            id: Id::new(now),
            addressee,
            leg,
            lane: message.urgency.lane() + if is_paused { PARKED_LANE } else { 0 },
            shared: shared.map(String::as_str),
            leader: leader.as_ref().map(|(id, _)| *id),
        };
        deliveries::insert(tx, &row, delivery)?;
        let so_far = leader.map_or_else(Vec::new, |(_, leader)| what_happened_to(&leader));
        let events = so_far.into_iter().map(|event| Event::Delivery(leg, event));
        step.follows.extend(events.map(|event| (addressee.id, event)));
    }
    Ok(())
}

/// A delivery that carried others is withdrawn: the oldest of them carries from now on.
pub(super) fn hand_on(
    tx: &Tx<'_>,
    school: &SchoolId,
    from: Id<Delivery>,
    now: Moment,
) -> Result<(), StoreError> {
    let led = leaders::led_by(tx, school, from)?;
    let Some((heir, others)) = led.split_first() else { return Ok(()) };
    leaders::lead(tx, school, heir.id, now)?;
    others.iter().try_for_each(|other| leaders::follow(tx, school, other.id, heir.id))
}

/// The events that brought a delivery to where it stands.
fn what_happened_to(delivery: &Delivery) -> Vec<DeliveryEvent> {
    let started = DeliveryEvent::Started { lease_ends: None };
    let accepted = DeliveryEvent::Accepted { look_at: None };
    match delivery.state {
        DeliveryState::Waiting if delivery.failure == Some(FailureKind::Uncertain) => {
            vec![started, DeliveryEvent::UnknownResend { retry_at: delivery.due_at }]
        }
        DeliveryState::Waiting if delivery.proof.is_some() => {
            vec![started, DeliveryEvent::MessageLeft { again_at: delivery.due_at }]
        }
        DeliveryState::Waiting | DeliveryState::Withdrawn => Vec::new(),
        DeliveryState::Sending => vec![started],
        DeliveryState::Uncertain => vec![started, DeliveryEvent::UnknownAwait],
        DeliveryState::Accepted => vec![accepted],
        DeliveryState::Proven => {
            let proof = delivery.proof.map(DeliveryEvent::Proven);
            std::iter::once(accepted).chain(proof).collect()
        }
        DeliveryState::Failed => {
            let kind = delivery.failure.unwrap_or(FailureKind::Refused);
            vec![started, DeliveryEvent::Failed { kind, retry_at: None }]
        }
    }
}
