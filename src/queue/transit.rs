//! From one state to the next, and all that follows: for those whom a delivery carries along, for what a
//! digest carries, for what restrictions take out of a copy that climbed. The one place where a change of
//! one addressee changes another; what is done for one of them alone stands in `step` and `cut`.

use std::time::Duration;

use super::cut::{self, Cut};
use super::in_hand::Outcome;
use super::step::{self, Occasion, Step};
use super::{carried, contacts};
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, DeliveryEvent, DeliveryState, Event};
use crate::delivery::{FailureKind, Openings};
use crate::id::Id;
use crate::message::Message;
use crate::people::{Restrictions, SchoolId};
use crate::store::addressees::{self, Addressee};
use crate::store::attempts::{Attempt, AttemptOutcome};
use crate::store::deliveries::{self, Carrying, Due};
use crate::store::{StoreError, Tx, attempts, carriers, digests, leaders, messages, together};

/// How long after an absurd answer a provider is asked what became of the message.
const ASKED_AFTER: Duration = Duration::from_mins(10);

/// What brings events to addressees, in one transaction and under its circumstances.
#[derive(Clone, Copy)]
pub(super) struct Transit<'a> {
    at: Occasion<'a>,
}

/// What an event brought about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Effect {
    /// It meant something in the state in which it came.
    pub taken: bool,
    /// A rung was climbed: there is something new to send.
    pub climbed: bool,
}

/// What became of a copy that restrictions were brought to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Obeyed {
    /// Something was taken out of it.
    pub is_touched: bool,
    /// Nothing of it is left.
    pub is_all: bool,
    /// A rung was climbed: there is something new to send.
    pub climbed: bool,
}

impl<'a> Transit<'a> {
    /// From one state to the next there.
    pub const fn on(
        tx: &'a Tx<'a>,
        school: &'a SchoolId,
        openings: &'a Openings,
        now: Moment,
    ) -> Self {
        Self { at: Occasion { tx, school, openings, now, begun: None } }
    }

    /// The same, where somebody takes in hand what begins.
    pub const fn by(self, begun: Option<Carrying<'a>>) -> Self {
        Self { at: Occasion { begun, ..self.at } }
    }

    /// Writes down what became of a delivery, with its history.
    pub fn outcome(self, message: &Message, outcome: &Outcome) -> Result<Effect, StoreError> {
        let Occasion { tx, school, now, .. } = self.at;
        let is_clear = match &outcome.provider_ref {
            Some(provider_ref) => {
                deliveries::set_provider_ref(tx, school, outcome.due.id, provider_ref)?
            }
            None => true,
        };
        // An id that another message has says nothing of this one: the provider is asked, where it can be.
        let ask_at = now + ASKED_AFTER;
        let event = if is_clear { outcome.event } else { DeliveryEvent::UnknownAsk { ask_at } };
        if let Some(attempt) = &outcome.attempt {
            let lost = AttemptOutcome::Failed(FailureKind::Uncertain);
            let came_to = if is_clear { attempt.outcome } else { lost };
            let attempt = Attempt { outcome: came_to, ..attempt.clone() };
            attempts::add(tx, school, outcome.due.id, &attempt)?;
        }
        let effect = self.delivery(message, &outcome.due, event)?;
        if effect.taken {
            if let Some(sent_as) = &outcome.sent_as {
                together::set_sent_as(tx, school, outcome.due.id, sent_as)?;
            }
            if let Some(given_to) = &outcome.given_to {
                carriers::give(tx, school, outcome.due.id, given_to)?;
            }
            contacts::learn(tx, school, outcome, now)?;
        }
        Ok(effect)
    }

    /// Something happened to a delivery, and so to those that it carries along.
    pub fn delivery(
        self,
        message: &Message,
        due: &Due,
        event: DeliveryEvent,
    ) -> Result<Effect, StoreError> {
        let Occasion { tx, school, .. } = self.at;
        let step = self.step(message, due.addressee, Event::Delivery(due.leg, event))?;
        let mut effect = Effect { taken: step.taken, climbed: step.climbed };
        if step.is_shared {
            let theirs = as_it_fared(tx, school, due, event)?;
            for led in leaders::led_by(tx, school, due.id)? {
                let event = Event::Delivery(led.leg, theirs);
                effect.climbed |= self.addressee(message, led.addressee, event)?.climbed;
            }
        }
        Ok(effect)
    }

    /// Something happened to an addressee.
    pub fn addressee(
        self,
        message: &Message,
        id: Id<Addressee>,
        event: Event,
    ) -> Result<Effect, StoreError> {
        let Step { taken, climbed, .. } = self.step(message, id, event)?;
        Ok(Effect { taken, climbed })
    }

    /// One step of one addressee, with all that follows from it.
    fn step(self, message: &Message, id: Id<Addressee>, event: Event) -> Result<Step, StoreError> {
        let Some(before) = self.load(id, event)? else { return Ok(Step::default()) };
        let mut step = step::take(self.at, message, &before, event)?;
        for (other, event) in std::mem::take(&mut step.follows) {
            self.step(message, other, event)?;
        }
        if let Some(restrictions) = step.restrictions.take() {
            self.obey(&restrictions, message, id)?;
        }
        Ok(step)
    }

    /// The addressee of an event. What a digest carries is taken out of it before it is stopped; `None`
    /// when a copy of that may have arrived.
    fn load(self, id: Id<Addressee>, event: Event) -> Result<Option<Addressee>, StoreError> {
        let Occasion { tx, school, .. } = self.at;
        let stops = matches!(event, Event::Cancelled | Event::Expired | Event::Restricted);
        if stops {
            carried::lock_carrier(tx, school, id)?;
        }
        let found = addressees::load_for_event(tx, school, id)?;
        let progress = found.as_ref().map(|it| &it.progress);
        if !stops || !progress.is_some_and(|it| it.is_carried() && it.is_under_way()) {
            return Ok(found);
        }
        if !self.take_out_of_digest(id)? {
            return Ok(None);
        }
        addressees::load(tx, school, id)
    }

    /// Takes an addressee out of the digest that carries it: it is gathered again, and due. `false`: a copy
    /// may have arrived, and it stays.
    pub fn take_out_of_digest(self, item: Id<Addressee>) -> Result<bool, StoreError> {
        let Occasion { tx, school, now, .. } = self.at;
        let Some(carrier) = digests::carrier_of(tx, school, item)? else { return Ok(true) };
        let Some(carrier) = addressees::load_for_event(tx, school, carrier)? else {
            return Ok(true);
        };
        if carrier.progress.may_have_arrived() {
            return Ok(false);
        }
        let digest = messages::by_id(tx, school, carrier.message)?
            .ok_or_else(|| StoreError::Unreadable("a digest without its message".to_owned()))?;
        self.step(&digest, item, Event::Carried(AddresseeState::Waiting))?;
        digests::set_back(tx, school, item, now)?;
        if digests::carried_by(tx, school, carrier.id)?.is_empty() {
            self.step(&digest, carrier.id, Event::Cancelled)?;
        }
        Ok(true)
    }

    /// Takes out of a copy what must not leave: pupils of whom its reader must not hear, addresses where
    /// somebody else would read it who must not. What is on its way is let to its end.
    pub fn obey(
        self,
        restrictions: &Restrictions,
        message: &Message,
        id: Id<Addressee>,
    ) -> Result<Obeyed, StoreError> {
        let Occasion { tx, school, .. } = self.at;
        carried::lock_carrier(tx, school, id)?;
        if message.is_digest() {
            for item in digests::carried_by(tx, school, id)? {
                let held = messages::by_id(tx, school, item.message)?
                    .ok_or_else(|| StoreError::Unreadable("a copy without its message".into()))?;
                self.obey(restrictions, &held, item.addressee)?;
            }
        }
        let Cut { is_touched, is_all, events } = cut::cut(self.at, restrictions, message, id)?;
        let mut obeyed = Obeyed { is_touched, is_all, climbed: false };
        for event in events {
            let effect = self.addressee(message, id, event)?;
            obeyed.is_touched |= effect.taken;
            obeyed.climbed |= effect.climbed;
        }
        Ok(obeyed)
    }
}

/// What happened, for those who are carried along: when the one that carries them is not tried again
/// (its own addressee went another way meanwhile), waiting for the next try would be for ever.
fn as_it_fared(
    tx: &Tx<'_>,
    school: &SchoolId,
    due: &Due,
    event: DeliveryEvent,
) -> Result<DeliveryEvent, StoreError> {
    let addressee = addressees::load(tx, school, due.addressee)?;
    let delivery = addressee.as_ref().and_then(|it| it.progress.deliveries.get(due.leg));
    if delivery.is_some_and(|delivery| delivery.state == DeliveryState::Waiting) {
        return Ok(event);
    }
    Ok(match event {
        DeliveryEvent::Failed { kind, .. } => DeliveryEvent::Failed { kind, retry_at: None },
        DeliveryEvent::UnknownResend { .. } => DeliveryEvent::UnknownResend { retry_at: None },
        DeliveryEvent::NeverArrived { .. } => DeliveryEvent::NeverArrived { retry_at: None },
        DeliveryEvent::MessageLeft { .. } => DeliveryEvent::MessageLeft { again_at: None },
        other => other,
    })
}
