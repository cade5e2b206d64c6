//! The first write of a message.

use std::collections::HashMap;

use crate::clock::Moment;
use crate::delivery::Recipient;
use crate::delivery::lifecycle::{self, Delivery};
use crate::id::{Id, Run};
use crate::message::Message;
use crate::store::addressees::{self, Addressee, Leg};
use crate::store::deliveries::{self, NewRow};
use crate::store::{StoreError, Tx, messages};

/// Keeps the message, its addressees and the deliveries of their first rung.
pub(super) fn launch(
    tx: &Tx<'_>,
    message: &Message,
    recipients: Vec<Recipient>,
) -> Result<(), StoreError> {
    messages::insert(tx, message)?;
    let ids = Run::default();
    let mut leaders: HashMap<String, Id<Delivery>> = HashMap::new();
    for (number, recipient) in (0_u32..).zip(recipients) {
        let addressee = addressee(message, number, &recipient, &ids);
        addressees::insert(tx, &addressee, &recipient, message.launched_at)?;
        let deliveries = addressee.progress.deliveries.iter().zip(&addressee.legs);
        for (leg, (delivery, Leg { delivery: id, .. })) in deliveries.enumerate() {
            let shared = recipient.shared.get(&delivery.channel);
            let leader = shared.map(|key| *leaders.entry(key.clone()).or_insert(*id));
            let row = NewRow {
                id: *id,
                addressee: &addressee,
                leg,
                lane: message.urgency.lane(),
                shared: shared.map(String::as_str),
                leader: leader.filter(|leader| leader != id),
            };
            deliveries::insert(tx, &row, delivery)?;
        }
    }
    Ok(())
}

fn addressee(message: &Message, number: u32, recipient: &Recipient, ids: &Run) -> Addressee {
    let now: Moment = message.launched_at;
    let progress = lifecycle::launch(recipient.reach(), &message.plan, now);
    let leg = |delivery: &Delivery| Leg {
        delivery: ids.next(now),
        is_shared: recipient.shared.contains_key(&delivery.channel),
    };
    Addressee {
        id: ids.next(now),
        school: message.school.clone(),
        message: message.id,
        number,
        legs: progress.deliveries.iter().map(leg).collect(),
        progress,
    }
}
