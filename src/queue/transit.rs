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

/// In which transaction, for which school, and in which circumstances a state changes.
#[derive(Clone, Copy)]
pub(super) struct Transit<'a> {
    /// The transaction.
    pub tx: &'a Tx<'a>,
    /// The school.
    pub school: &'a SchoolId,
    /// Which channels are open, and when.
    pub openings: &'a Openings,
    /// The moment of the change.
    pub now: Moment,
}

impl<'a> Transit<'a> {
    /// From one state to the next there.
    pub const fn on(
        tx: &'a Tx<'a>,
        school: &'a SchoolId,
        openings: &'a Openings,
        now: Moment,
    ) -> Self {
        Self { tx, school, openings, now }
    }
}

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

impl Transit<'_> {
    /// Writes down what became of a delivery, with its history.
    pub fn settle(self, message: &Message, outcome: &Outcome) -> Result<Effect, StoreError> {
        let Self { tx, school, now, .. } = self;
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
            let outcome_of =
                if is_clear { attempt.outcome } else { FailureKind::Uncertain.as_str() };
            let attempt = Attempt { outcome: outcome_of, ..attempt.clone() };
            deliveries::add_attempt(tx, school, outcome.due.id, &attempt)?;
        }
        let effect = self.delivery(message, &outcome.due, happening)?;
        if effect.taken {
            contacts::learn(tx, school, outcome, now)?;
        }
        Ok(effect)
    }

    /// Something happened to a delivery, and so to those that it carries along.
    pub fn delivery(
        self,
        message: &Message,
        due: &Due,
        happening: Happening,
    ) -> Result<Effect, StoreError> {
        let Self { tx, school, .. } = self;
        let event = Event::Delivery(due.leg, happening);
        let mut effect = self.addressee(message, due.addressee, event)?;
        if effect.taken && effect.is_shared {
            let happening = as_it_fared(tx, school, due, happening)?;
            for led in deliveries::led_by(tx, school, due.id)? {
                let event = Event::Delivery(led.leg, happening);
                let led = self.addressee(message, led.addressee, event)?;
                effect.climbed |= led.climbed;
            }
        }
        Ok(effect)
    }

    /// Applies one event to one addressee and writes what changed.
    pub fn addressee(
        self,
        message: &Message,
        id: Id<Addressee>,
        event: Event,
    ) -> Result<Effect, StoreError> {
        let Self { tx, school, openings, now } = self;
        let Some(before) = self.load(id, event)? else {
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
                        self.leave_open(message, left)?;
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
            digest::follow(self, message, &after)?;
        }
        let known = before.progress.deliveries.len();
        let climbed = after.progress.deliveries.len() > known;
        if climbed {
            self.add_new_deliveries(message, &after, known)?;
        }
        let is_shared = match event {
            Event::Delivery(leg, _) => before.legs.get(leg).is_some_and(|leg| leg.is_shared),
            _ => false,
        };
        Ok(Effect { taken: true, climbed, is_shared })
    }

    /// The addressee of an event. What a digest carries is taken out of it before it is stopped; `None`
    /// when a copy of that may have arrived.
    fn load(self, id: Id<Addressee>, event: Event) -> Result<Option<Addressee>, StoreError> {
        let Self { tx, school, .. } = self;
        let stops = matches!(event, Event::Cancelled | Event::Expired | Event::Restricted);
        if stops {
            digest::lock_carrier(tx, school, id)?;
        }
        let found = addressees::load_for_event(tx, school, id)?;
        let progress = found.as_ref().map(|it| &it.progress);
        if !stops || !progress.is_some_and(|it| it.is_carried() && it.is_under_way()) {
            return Ok(found);
        }
        if !digest::lets_go(self, id)? {
            return Ok(None);
        }
        addressees::load(tx, school, id)
    }

    /// A delivery that carried others is not sent again, and may have left: they may have it as well, and
    /// another copy of it would be one too many.
    fn leave_open(self, message: &Message, from: Id<Delivery>) -> Result<(), StoreError> {
        let Self { tx, school, .. } = self;
        for led in deliveries::led_by(tx, school, from)? {
            let event = Event::Delivery(led.leg, Happening::UnknownAwait);
            self.addressee(message, led.addressee, event)?;
        }
        Ok(())
    }

    /// Keeps the deliveries of a rung just climbed. An address that already got the message through
    /// another of the family is not used again: the new delivery stands as that one stands.
    fn add_new_deliveries(
        self,
        message: &Message,
        addressee: &Addressee,
        from: usize,
    ) -> Result<(), StoreError> {
        let Self { tx, school, openings, now } = self;
        let recipient = addressees::recipient(tx, school, addressee.id)?;
        let restrictions = restrictions::all(tx, school)?;
        let is_restricted =
            recipient.as_ref().is_some_and(|to| to.allowed(&restrictions) != Allowed::All);
        let is_paused = is_paused(tx, school, message.id)?;
        let mut carried = Vec::new();
        for leg in from..addressee.progress.deliveries.len() {
            let delivery = &addressee.progress.deliveries[leg];
            let id = Id::new(now);
            let mut shared = recipient.as_ref().and_then(|r| r.shared.get(&delivery.channel));
            // What is left of it says something else than theirs.
            shared = shared.filter(|_| !is_restricted);
            let mut leader = match shared {
                Some(key) => deliveries::leader_of(tx, school, addressee.message, key)?,
                None => None,
            };
            if let Some((other, _)) = leader.as_ref().filter(|_| message.is_digest())
                && !digest::holds_the_same(tx, school, *other, addressee.id)?
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
                self.addressee(message, addressee.id, event)?;
            }
        }
        if is_restricted {
            obey(tx, school, message, addressee.id, (&restrictions, openings), now)?;
        }
        Ok(())
    }
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
