//! From one state to the next: the lifecycle decides, this writes.

use std::time::Duration;

use super::restrictions::obey;
use super::{Outcome, contacts, digest};
use crate::clock::Moment;
use crate::delivery::lifecycle::{self, Course, Delivery, DeliveryState, Event, Happening};
use crate::delivery::{Allowed, FailureKind, Openings};
use crate::id::Id;
use crate::message::{Message, MessageState};
use crate::people::SchoolId;
use crate::store::addressees::{self, Addressee};
use crate::store::controls::{self, Control, PARKED_LANE};
use crate::store::deliveries::{self, Attempt, Due, NewRow};
use crate::store::{StoreError, Tx, restrictions};

/// How long after an absurd answer a provider is asked what became of the message.
const ASKED_AFTER: Duration = Duration::from_mins(10);

/// What an event brought about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Effect {
    /// It meant something in the state in which it came.
    pub taken: bool,
    /// A rung was climbed: there is something new to send.
    pub climbed: bool,
    /// The delivery that it was about may carry others along.
    pub is_shared: bool,
}

/// Writes down what became of a delivery, with its history.
pub(super) fn settle(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
    outcome: &Outcome,
    openings: &Openings,
    now: Moment,
) -> Result<Effect, StoreError> {
    let is_clear = match &outcome.provider_ref {
        Some(provider_ref) => {
            deliveries::set_provider_ref(tx, school, outcome.due.id, provider_ref)?
        }
        None => true,
    };
    // An id that another message has says nothing of this one: the provider is asked, where it can be.
    let ask_at = now + ASKED_AFTER;
    let happening = if is_clear { outcome.happening } else { Happening::UnknownAsk { ask_at } };
    if let Some(attempt) = &outcome.attempt {
        let outcome_of = if is_clear { attempt.outcome } else { FailureKind::Uncertain.as_str() };
        let attempt = Attempt { outcome: outcome_of, ..attempt.clone() };
        deliveries::add_attempt(tx, school, outcome.due.id, &attempt)?;
    }
    let effect = delivery(tx, school, message, &outcome.due, happening, openings, now)?;
    if effect.taken {
        contacts::learn(tx, school, outcome, now)?;
    }
    Ok(effect)
}

/// Something happened to a delivery, and so to those that it carries along.
pub(super) fn delivery(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
    due: &Due,
    happening: Happening,
    openings: &Openings,
    now: Moment,
) -> Result<Effect, StoreError> {
    let event = Event::Delivery(due.leg, happening);
    let mut effect = addressee(tx, school, message, due.addressee, event, openings, now)?;
    if effect.taken && effect.is_shared {
        let happening = as_it_fared(tx, school, due, happening)?;
        for led in deliveries::led_by(tx, school, due.id)? {
            let event = Event::Delivery(led.leg, happening);
            let led = addressee(tx, school, message, led.addressee, event, openings, now)?;
            effect.climbed |= led.climbed;
        }
    }
    Ok(effect)
}

/// What happened, for those who are carried along: when the one that carries them is not tried again
/// (its own addressee went another way meanwhile), waiting for the next try would be for ever.
fn as_it_fared(
    tx: &Tx<'_>,
    school: &SchoolId,
    due: &Due,
    happening: Happening,
) -> Result<Happening, StoreError> {
    let addressee = addressees::load(tx, school, due.addressee)?;
    let delivery = addressee.as_ref().and_then(|it| it.progress.deliveries.get(due.leg));
    if delivery.is_some_and(|delivery| delivery.state == DeliveryState::Waiting) {
        return Ok(happening);
    }
    Ok(match happening {
        Happening::Failed { kind, .. } => Happening::Failed { kind, retry_at: None },
        Happening::UnknownResend { .. } => Happening::UnknownResend { retry_at: None },
        Happening::NeverArrived { .. } => Happening::NeverArrived { retry_at: None },
        other => other,
    })
}

/// Applies one event to one addressee and writes what changed.
pub(super) fn addressee(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
    id: Id<Addressee>,
    event: Event,
    openings: &Openings,
    now: Moment,
) -> Result<Effect, StoreError> {
    let Some(before) = load(tx, school, id, event, openings, now)? else {
        return Ok(Effect::default());
    };
    let course = Course::of(message, before.connectivity, openings);
    let transition = lifecycle::apply(&before.progress, event, &course, now);
    if !transition.taken {
        return Ok(Effect::default());
    }
    let after = Addressee { progress: transition.after, ..before.clone() };
    for (leg, was) in before.progress.deliveries.iter().enumerate() {
        let is = &after.progress.deliveries[leg];
        if is != was {
            deliveries::update(tx, school, after.legs[leg].delivery, is)?;
        }
        if was.state == DeliveryState::Waiting && after.legs[leg].is_shared {
            match is.state {
                DeliveryState::Withdrawn => hand_on(tx, school, after.legs[leg].delivery, now)?,
                DeliveryState::Uncertain => {
                    let left = after.legs[leg].delivery;
                    leave_open(tx, school, message, left, openings, now)?;
                }
                _ => {}
            }
        }
    }
    if before.progress.state != after.progress.state
        || before.progress.rung != after.progress.rung
        || before.progress.climb_at != after.progress.climb_at
    {
        addressees::update(tx, &after, now)?;
    }
    if message.is_digest() && before.progress.state != after.progress.state {
        digest::follow(tx, message, &after, openings, now)?;
    }
    let known = before.progress.deliveries.len();
    let climbed = after.progress.deliveries.len() > known;
    if climbed {
        add_new_deliveries(tx, message, &after, known, openings, now)?;
    }
    let is_shared = match event {
        Event::Delivery(leg, _) => before.legs.get(leg).is_some_and(|leg| leg.is_shared),
        _ => false,
    };
    Ok(Effect { taken: true, climbed, is_shared })
}

/// The addressee of an event. What a digest carries is taken out of it before it is stopped; `None`
/// when a copy of that may have arrived.
fn load(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Addressee>,
    event: Event,
    openings: &Openings,
    now: Moment,
) -> Result<Option<Addressee>, StoreError> {
    let stops = matches!(event, Event::Cancelled | Event::Expired | Event::Restricted);
    if stops {
        digest::lock_carrier(tx, school, id)?;
    }
    let found = addressees::load_for_event(tx, school, id)?;
    let progress = found.as_ref().map(|it| &it.progress);
    if !stops || !progress.is_some_and(|it| it.is_carried() && it.is_under_way()) {
        return Ok(found);
    }
    if !digest::lets_go(tx, school, id, openings, now)? {
        return Ok(None);
    }
    addressees::load(tx, school, id)
}

/// A delivery that carried others is withdrawn: the oldest of them carries from now on.
pub(super) fn hand_on(
    tx: &Tx<'_>,
    school: &SchoolId,
    from: Id<Delivery>,
    now: Moment,
) -> Result<(), StoreError> {
    let led = deliveries::led_by(tx, school, from)?;
    let Some((heir, others)) = led.split_first() else { return Ok(()) };
    deliveries::lead(tx, school, heir.id, now)?;
    others.iter().try_for_each(|other| deliveries::follow(tx, school, other.id, heir.id))
}

/// A delivery that carried others is not sent again, and may have left: they may have it as well, and
/// another copy of it would be one too many.
fn leave_open(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
    from: Id<Delivery>,
    openings: &Openings,
    now: Moment,
) -> Result<(), StoreError> {
    for led in deliveries::led_by(tx, school, from)? {
        let event = Event::Delivery(led.leg, Happening::UnknownAwait);
        addressee(tx, school, message, led.addressee, event, openings, now)?;
    }
    Ok(())
}

/// Keeps the deliveries of a rung just climbed. An address that already got the message through
/// another of the family is not used again: the new delivery stands as that one stands.
fn add_new_deliveries(
    tx: &Tx<'_>,
    message: &Message,
    addressee: &Addressee,
    from: usize,
    openings: &Openings,
    now: Moment,
) -> Result<(), StoreError> {
    let school = addressee.school.clone();
    let recipient = addressees::recipient(tx, &school, addressee.id)?;
    let restrictions = restrictions::all(tx, &school)?;
    let is_restricted =
        recipient.as_ref().is_some_and(|to| to.allowed(&restrictions) != Allowed::All);
    let is_paused = is_paused(tx, &school, message.id)?;
    let mut carried = Vec::new();
    for leg in from..addressee.progress.deliveries.len() {
        let delivery = &addressee.progress.deliveries[leg];
        let id = Id::new(now);
        let mut shared = recipient.as_ref().and_then(|r| r.shared.get(&delivery.channel));
        // What is left of it says something else than theirs.
        shared = shared.filter(|_| !is_restricted);
        let mut leader = match shared {
            Some(key) => deliveries::leader_of(tx, &school, addressee.message, key)?,
            None => None,
        };
        if let Some((other, _)) = leader.as_ref().filter(|_| message.is_digest())
            && !digest::holds_the_same(tx, &school, *other, addressee.id)?
        {
            (shared, leader) = (None, None);
        }
        let row = NewRow {
            id,
            addressee,
            leg,
            lane: message.urgency.lane() + if is_paused { PARKED_LANE } else { 0 },
            shared: shared.map(String::as_str),
            leader: leader.as_ref().map(|(id, _)| *id),
        };
        deliveries::insert(tx, &row, delivery)?;
        carried.extend(leader.map(|(_, leader)| (leg, leader)));
    }
    for (leg, leader) in carried {
        for happening in what_happened_to(&leader) {
            let event = Event::Delivery(leg, happening);
            self::addressee(tx, &school, message, addressee.id, event, openings, now)?;
        }
    }
    if is_restricted {
        obey(tx, &school, message, addressee.id, (&restrictions, openings), now)?;
    }
    Ok(())
}

/// Whether what is added now stands aside. Nobody lets it go on before this transaction ends: the one
/// that would call it back must see it.
fn is_paused(tx: &Tx<'_>, school: &SchoolId, message: Id<Message>) -> Result<bool, StoreError> {
    let is_paused = |control: Option<Control>| {
        control.is_some_and(|control| control.state == MessageState::Paused)
    };
    // Few are paused: only then is a lock taken.
    Ok(is_paused(controls::of(tx, school, message)?)
        && is_paused(controls::locked(tx, school, message)?))
}

/// The happenings that brought a delivery to where it stands.
fn what_happened_to(delivery: &Delivery) -> Vec<Happening> {
    let started = Happening::Started { lease_ends: None };
    let accepted = Happening::Accepted { look_at: None };
    match delivery.state {
        DeliveryState::Waiting if delivery.failure == Some(FailureKind::Uncertain) => {
            vec![started, Happening::UnknownResend { retry_at: delivery.due_at }]
        }
        DeliveryState::Waiting | DeliveryState::Withdrawn => Vec::new(),
        DeliveryState::Sending => vec![started],
        DeliveryState::Uncertain => vec![started, Happening::UnknownAwait],
        DeliveryState::Accepted => vec![accepted],
        DeliveryState::Proven => {
            let proof = delivery.proof.map(Happening::Proven);
            std::iter::once(accepted).chain(proof).collect()
        }
        DeliveryState::Failed => {
            let kind = delivery.failure.unwrap_or(FailureKind::Refused);
            vec![started, Happening::Failed { kind, retry_at: None }]
        }
    }
}
