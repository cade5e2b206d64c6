//! Deliveries in somebody's hand: what an attempt needs, and what became of it.

use std::sync::Arc;

use super::{Queue, carried};
use crate::delivery::lifecycle::{Delivery, DeliveryEvent};
use crate::delivery::{Enclosed, Recipient};
use crate::message::Message;
use crate::store::attempts::Attempt;
use crate::store::deliveries::{Due, InHand};
use crate::store::{StoreError, Tx};

/// A delivery in hand, with all that an attempt needs.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// Which delivery.
    pub due: Due,
    /// Its message.
    pub message: Arc<Message>,
    /// The number of its addressee within the message.
    pub number: u32,
    /// Who.
    pub recipient: Recipient,
    /// The delivery as it stood when it was claimed.
    pub delivery: Delivery,
    /// The provider's id of it, once it was accepted.
    pub provider_ref: Option<String>,
    /// The reference of the call that carried it together with others, or is to carry it.
    pub sent_as: Option<String>,
    /// What it holds, where it is a digest.
    pub enclosed: Vec<Enclosed>,
}

impl Claimed {
    /// Its reference, the same at every attempt: its own, or that of the call which may carry others too.
    #[must_use]
    pub fn reference(&self) -> String {
        self.sent_as.clone().unwrap_or_else(|| self.own_reference())
    }

    /// The reference that no other delivery has.
    #[must_use]
    pub fn own_reference(&self) -> String {
        self.message.code.delivery(self.number, self.due.leg)
    }
}

/// What became of a delivery, to be written down.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Which delivery.
    pub due: Due,
    /// What happened.
    pub event: DeliveryEvent,
    /// The attempt that ended, for its history.
    pub attempt: Option<Attempt>,
    /// The provider's id of it, where receipts will name it.
    pub provider_ref: Option<String>,
    /// With whom it goes again, where it was parted from others: those of the same reference.
    pub sent_as: Option<String>,
    /// The provider that alone sends it from now on, where the one that tried cannot.
    pub given_to: Option<Arc<str>>,
    /// What it tells of the address was written down before: a bounce says more of that than an event.
    pub is_learnt: bool,
}

impl Outcome {
    /// That this happened to it, and nothing else is to be kept.
    #[must_use]
    pub const fn of(due: Due, event: DeliveryEvent) -> Self {
        Self {
            due,
            event,
            attempt: None,
            provider_ref: None,
            sent_as: None,
            given_to: None,
            is_learnt: false,
        }
    }

    /// The same, where what it tells of the address was written down before.
    #[must_use]
    pub fn learnt(self) -> Self {
        Self { is_learnt: true, ..self }
    }
}

/// What is to be had in hand, with its message and what it holds.
pub(super) fn with_message(
    queue: &Queue,
    tx: &Tx<'_>,
    due: Due,
    in_hand: InHand,
) -> Result<Claimed, StoreError> {
    let message = queue.message(tx, due.message)?;
    let enclosed = carried::enclosed(queue, tx, &message, due.addressee)?;
    let InHand { number, recipient, delivery, provider_ref, sent_as } = in_hand;
    Ok(Claimed { due, message, number, recipient, delivery, provider_ref, sent_as, enclosed })
}
