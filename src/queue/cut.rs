//! What a restriction takes out of one copy: pupils, addresses, or all of it.

use super::step::{self, Occasion};
use crate::channel::Channel;
use crate::delivery::lifecycle::{Delivery, DeliveryEvent, DeliveryState, Event};
use crate::delivery::{Allowed, FailureKind, Recipient};
use crate::id::Id;
use crate::message::Message;
use crate::people::Restrictions;
use crate::store::addressees::{self, Addressee};
use crate::store::{StoreError, digests, leaders};

/// What was taken out of a copy, and what that means for its addressee.
#[derive(Debug, Default)]
pub(super) struct Cut {
    /// Something was taken out already.
    pub is_touched: bool,
    /// Nothing of it is left.
    pub is_all: bool,
    /// What is still to happen to the addressee.
    pub events: Vec<Event>,
}

/// Takes it out of what is kept of a copy; a digest is cut after what it holds.
pub(super) fn cut(
    at: Occasion<'_>,
    restrictions: &Restrictions,
    message: &Message,
    id: Id<Addressee>,
) -> Result<Cut, StoreError> {
    let Occasion { tx, school, .. } = at;
    let Some(before) = addressees::load_for_event(tx, school, id)? else {
        return Ok(Cut::default());
    };
    let Some(was) = addressees::recipient(tx, school, id)? else { return Ok(Cut::default()) };
    let held = if message.is_digest() { as_held(at, id, &was)? } else { was.clone() };
    let is = match held.allowed(restrictions) {
        Allowed::All => held,
        Allowed::Less(less) => *less,
        Allowed::Nothing(_) => {
            part(at, &before, |_| true)?;
            return Ok(Cut { is_touched: false, is_all: true, events: vec![Event::Restricted] });
        }
    };
    if is == was {
        return Ok(Cut::default());
    }
    let lost = |channel: &Channel| was.mark(*channel).is_some() && is.mark(*channel).is_none();
    let spoilt: Vec<Channel> = Channel::ALL.into_iter().filter(lost).collect();
    let is_spoilt = |delivery: &Delivery| spoilt.contains(&delivery.channel);
    let says_less = was.about != is.about || was.members != is.members;
    part(at, &before, |delivery| says_less || is_spoilt(delivery))?;
    addressees::narrow(tx, school, id, &is)?;
    let is_all = is.reach().is_empty() && !was.reach().is_empty();
    let deliveries = before.progress.deliveries.iter().enumerate();
    let stopped = deliveries.filter(|(_, it)| may_be_stopped(it) && is_spoilt(it));
    let events = stopped.flat_map(|(leg, delivery)| stops(leg, delivery)).collect();
    Ok(Cut { is_touched: true, is_all, events })
}

/// What keeps a delivery from leaving: it fails, as if it had been tried.
fn stops(leg: usize, delivery: &Delivery) -> impl Iterator<Item = Event> + use<> {
    let starts = (delivery.state == DeliveryState::Waiting)
        .then_some(DeliveryEvent::Started { lease_ends: None });
    let fails = DeliveryEvent::Failed { kind: FailureKind::Restricted, retry_at: None };
    starts.into_iter().chain([fails]).map(move |event| Event::Delivery(leg, event))
}

/// A digest is about the pupils of what it still holds.
fn as_held(
    at: Occasion<'_>,
    carrier: Id<Addressee>,
    was: &Recipient,
) -> Result<Recipient, StoreError> {
    let mut names = Vec::new();
    for item in digests::carried_by(at.tx, at.school, carrier)? {
        let held = addressees::recipient(at.tx, at.school, item.addressee)?;
        names.extend(held.into_iter().flat_map(|held| held.about).map(|pupil| pupil.name));
    }
    let mut is = was.clone();
    is.about.retain(|pupil| names.contains(&pupil.name));
    if is.about != was.about {
        is.shared.clear();
        is.greeted_too.clear();
    }
    // Nothing is left in it: it was cancelled with the last.
    Ok(if is.about.is_empty() { was.clone() } else { is })
}

/// Whether it can still be kept from leaving.
fn may_be_stopped(delivery: &Delivery) -> bool {
    let is_in_hand = delivery.state == DeliveryState::Sending;
    delivery.state == DeliveryState::Waiting
        || (is_in_hand && delivery.channel.is_carried_by_people())
}

/// Lets those who share such a delivery with an addressee go on without them: it says something else from
/// now on, or nothing.
fn part(
    at: Occasion<'_>,
    addressee: &Addressee,
    which: impl Fn(&Delivery) -> bool,
) -> Result<(), StoreError> {
    let Occasion { tx, school, now, .. } = at;
    let legs = addressee.progress.deliveries.iter().zip(&addressee.legs);
    for (delivery, leg) in legs {
        if leg.is_shared && may_be_stopped(delivery) && which(delivery) {
            step::hand_on(tx, school, leg.delivery, now)?;
            leaders::part(tx, school, leg.delivery, now)?;
        }
    }
    Ok(())
}
