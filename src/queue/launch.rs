//! The first write of a message.

use std::collections::HashMap;

use crate::clock::Moment;
use crate::delivery::Recipient;
use crate::delivery::lifecycle::{self, Delivery};
use crate::id::Id;
use crate::message::Message;
use crate::store::addressees::{self, Addressee};
use crate::store::deliveries::{self, NewRow};
use crate::store::{StoreError, Tx, messages};

/// Keeps the message, its addressees and the deliveries of their first rung.
pub(super) fn launch(
    tx: &Tx<'_>,
    message: &Message,
    recipients: &[Recipient],
) -> Result<(), StoreError> {
    messages::insert(tx, message)?;
    let now = message.launched_at;
    let mut leaders: HashMap<&str, Id<Delivery>> = HashMap::new();
    for (number, recipient) in (0_u32..).zip(recipients) {
        let addressee = addressee(message, number, recipient, now);
        addressees::insert(tx, &addressee, recipient, now)?;
        for (leg, delivery) in addressee.progress.deliveries.iter().enumerate() {
            let id = addressee.delivery_ids[leg];
            let shared = recipient.shared.get(&delivery.channel).map(String::as_str);
            let leader = shared.map(|key| *leaders.entry(key).or_insert(id));
            let row = NewRow {
                id,
                addressee: &addressee,
                leg,
                lane: message.urgency.lane(),
                shared,
                leader: leader.filter(|leader| *leader != id),
            };
            deliveries::insert(tx, &row, delivery)?;
        }
    }
    Ok(())
}

fn addressee(message: &Message, number: u32, recipient: &Recipient, now: Moment) -> Addressee {
    let progress = lifecycle::launch(recipient.reach(), &message.plan, now);
    Addressee {
        id: Id::new(now),
        school: message.school.clone(),
        message: message.id,
        number,
        delivery_ids: progress.deliveries.iter().map(|_| Id::new(now)).collect(),
        progress,
    }
}
