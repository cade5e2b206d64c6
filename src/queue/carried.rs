//! What a digest carries, and how those stand whom it carries a message to.

use super::Queue;
use crate::delivery::Enclosed;
use crate::delivery::lifecycle::{Delivery, Progress};
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;
use crate::store::addressees::{self, Addressee};
use crate::store::{StoreError, Tx, digests};

/// What an addressee of a digest gets now; nothing for one of another message.
pub(super) fn enclosed(
    queue: &Queue,
    tx: &Tx<'_>,
    message: &Message,
    carrier: Id<Addressee>,
) -> Result<Vec<Enclosed>, StoreError> {
    if !message.is_digest() {
        return Ok(Vec::new());
    }
    let mut enclosed = Vec::new();
    for item in digests::carried_by(tx, &queue.school, carrier)? {
        let message = queue.message(tx, item.message)?;
        let recipient = addressees::recipient(tx, &queue.school, item.addressee)?;
        enclosed.extend(recipient.map(|it| Enclosed { message, about: it.about }));
    }
    Ok(enclosed)
}

/// Whoever changes a digest locks its addressee before those that it carries: so does whoever takes
/// one of them out.
pub(super) fn lock_carrier(
    tx: &Tx<'_>,
    school: &SchoolId,
    item: Id<Addressee>,
) -> Result<(), StoreError> {
    if let Some(carrier) = digests::carrier_of(tx, school, item)? {
        addressees::load_for_event(tx, school, carrier)?;
    }
    Ok(())
}

/// Whether a delivery of somebody else's digest holds the same messages as this addressee's.
pub(super) fn holds_the_same(
    tx: &Tx<'_>,
    school: &SchoolId,
    delivery: Id<Delivery>,
    carrier: Id<Addressee>,
) -> Result<bool, StoreError> {
    let Some(other) = digests::addressee_of(tx, school, delivery)? else { return Ok(false) };
    let messages = |carrier| -> Result<Vec<Id<Message>>, StoreError> {
        let items = digests::carried_by(tx, school, carrier)?;
        Ok(items.into_iter().map(|item| item.message).collect())
    };
    Ok(messages(other)? == messages(carrier)?)
}

/// How an addressee stands, or the digest that carries the message to it.
pub fn as_carried(
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: &Addressee,
) -> Result<Progress, StoreError> {
    if !addressee.progress.is_carried() {
        return Ok(addressee.progress.clone());
    }
    let carrier = digests::carrier_of(tx, school, addressee.id)?;
    let carrier = carrier.map(|id| addressees::load(tx, school, id)).transpose()?.flatten();
    Ok(carrier.map_or_else(|| addressee.progress.clone(), |it| it.progress))
}
