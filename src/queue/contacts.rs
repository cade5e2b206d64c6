//! What becomes of a delivery tells whether its address works: receipts, bounces and returned letters move
//! the contact point that was used, for everybody who has it.

use super::in_hand::Outcome;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::delivery::{FailureKind, Recipient};
use crate::message::Proof;
use crate::people::{ContactState, SchoolId};
use crate::store::deliveries::InHand;
use crate::store::{StoreError, Tx, addressees, contact_points, deliveries, leaders, people};

/// What an event says of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lesson {
    /// Somebody got it there.
    Works(Proof),
    /// It does not exist.
    Dead,
    /// It failed, and may work another day.
    Fails,
    /// The person asked that provider not to be written to.
    OptedOut,
}

/// Notes what an outcome tells of the address that was used. An acceptance tells nothing: a relay
/// accepts mail for dead mailboxes too, and the hot path writes no statement more for it.
pub(super) fn learn(
    tx: &Tx<'_>,
    school: &SchoolId,
    outcome: &Outcome,
    now: Moment,
) -> Result<(), StoreError> {
    let lesson = lesson(outcome.event).filter(|_| !outcome.is_learnt);
    let Some(lesson) = lesson else { return Ok(()) };
    let Some(in_hand) = deliveries::in_hand(tx, school, &outcome.due)? else { return Ok(()) };
    let InHand { recipient, delivery, .. } = in_hand;
    if delivery.channel == Channel::Letter {
        let state = match lesson {
            Lesson::Works(_) => ContactState::Working,
            _ => ContactState::Dead,
        };
        set_post_state(tx, school, &recipient, state, now)?;
        // Who lives there too had the same letter.
        for led in leaders::led_by(tx, school, outcome.due.id)? {
            if let Some(other) = addressees::recipient(tx, school, led.addressee)? {
                set_post_state(tx, school, &other, state, now)?;
            }
        }
        return Ok(());
    }
    let Some(point) = recipient.contact_point(delivery.channel) else { return Ok(()) };
    match lesson {
        Lesson::Works(proof) => contact_points::note_proof(tx, school, &point, proof, now),
        // An account that nobody opened yet may be opened tomorrow.
        Lesson::Dead if delivery.channel == Channel::Ent => {
            contact_points::note_failure(tx, school, &point, now)
        }
        Lesson::Dead => {
            contact_points::set_state(tx, school, &point, ContactState::Dead, now).map(|_| ())
        }
        Lesson::Fails => contact_points::note_failure(tx, school, &point, now),
        Lesson::OptedOut => {
            contact_points::set_state(tx, school, &point, ContactState::OptedOut, now).map(|_| ())
        }
    }
}

/// Notes it for everybody whom the letter named.
fn set_post_state(
    tx: &Tx<'_>,
    school: &SchoolId,
    to: &Recipient,
    state: ContactState,
    now: Moment,
) -> Result<(), StoreError> {
    let Some(address) = &to.post else { return Ok(()) };
    let mut persons = std::iter::once(&to.person).chain(to.members.iter().map(|it| &it.person));
    persons.try_for_each(|it| people::set_post_state(tx, school, it, address, state, now))
}

fn lesson(event: DeliveryEvent) -> Option<Lesson> {
    match event {
        DeliveryEvent::Proven(proof) if proof > Proof::Accepted => Some(Lesson::Works(proof)),
        DeliveryEvent::Failed { kind: FailureKind::BadAddress, .. } => Some(Lesson::Dead),
        DeliveryEvent::Failed { kind: FailureKind::OptedOut, .. } => Some(Lesson::OptedOut),
        DeliveryEvent::Undeliverable => Some(Lesson::Fails),
        _ => None,
    }
}
