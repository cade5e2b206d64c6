//! The first write of a message.

use std::collections::HashMap;

use super::load::{Cap, Full};
use super::{Queue, cards};
use crate::clock::Moment;
use crate::delivery::lifecycle::{self, Conditions, Delivery, DeliveryState};
use crate::delivery::{Openings, Recipient, Timing, Waves};
use crate::id::{Id, Run};
use crate::message::Message;
use crate::people::{Act, By};
use crate::store::addressees::{self, Addressee, Leg};
use crate::store::deliveries::{self, NewRow};
use crate::store::{StoreError, Tx, digests, journal, messages, moves};

/// Takes one recipient of a launch, with its number among them.
pub type Take<'t> = dyn FnMut(usize, Recipient) -> Result<(), StoreError> + 't;

impl Queue {
    /// Makes a message, its addressees and their first deliveries durable, in one transaction.
    /// `recipients` is called in it, and hands them over one after the other.
    pub async fn launch(
        &self,
        message: Message,
        recipients: impl FnOnce(&Tx<'_>, &mut Take<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.launch_for(message, Full::GetIt, recipients).await
    }

    /// The same; for those who have enough for this week it waits for the digest.
    pub async fn launch_within_cap(
        &self,
        message: Message,
        recipients: impl FnOnce(&Tx<'_>, &mut Take<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        self.launch_for(message, Full::Wait, recipients).await
    }

    async fn launch_for(
        &self,
        message: Message,
        full: Full,
        recipients: impl FnOnce(&Tx<'_>, &mut Take<'_>) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<(), StoreError> {
        let this = self.clone();
        self.store
            .write(move |tx| {
                let openings = this.openings(tx, message.launched_at)?;
                launch(tx, &message, (&openings, &this.timing), full, recipients)?;
                cards::make(&this, tx, &message)?;
                tx.tell_others()
            })
            .await?;
        self.wake();
        Ok(())
    }
}

/// Keeps the message, its addressees and the deliveries of their first rung. `recipients` hands them
/// over one after the other, so that they are never all in memory. Refused where the school has moved
/// away: nobody would ever get it.
pub(super) fn launch(
    tx: &Tx<'_>,
    message: &Message,
    (openings, timing): (&Openings, &Timing),
    full: Full,
    recipients: impl FnOnce(&Tx<'_>, &mut Take<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    moves::check_not_left(tx, &message.school)?;
    messages::insert(tx, message)?;
    note(tx, message)?;
    if timing.load.counts(message) {
        digests::lock_week(tx, &message.school)?;
    }
    let cap = Cap::on(tx, message, timing, full)?;
    let ids = Run::default();
    let mut leaders = HashMap::new();
    recipients(tx, &mut |number, recipient| {
        let number = u32::try_from(number)
            .map_err(|_| StoreError::Refused("more addressees than a reference tells".into()))?;
        let when = (openings, &timing.waves);
        let mut addressee = addressee(message, number, &recipient, when, &ids);
        let placed = cap.as_ref().and_then(|cap| Some((cap.place(&recipient)?, cap.leaves_at())));
        let Some((place, leaves_at)) = placed else {
            return keep(tx, message, &recipient, &addressee, &mut leaders);
        };
        // Who cannot be reached is told of at once.
        let until = place.until.filter(|_| addressee.progress.is_under_way());
        if until.is_some() {
            addressee.progress = lifecycle::gathered(recipient.reach());
            addressee.legs.clear();
        }
        keep(tx, message, &recipient, &addressee, &mut leaders)?;
        digests::note(tx, &addressee, &place.household, leaves_at, until)
    })
}

/// Who launched it stands in the journal.
fn note(tx: &Tx<'_>, message: &Message) -> Result<(), StoreError> {
    let by = By { actor: message.launched_by.clone(), at: message.launched_at };
    let act = match (&message.terms.corrects, &message.terms.retries) {
        (Some(_), _) => Act::Correct,
        (None, Some(_)) => Act::Retry,
        (None, None) => Act::Launch,
    };
    journal::note(tx, &message.school, &by, act, message.code.as_str())
}

fn keep(
    tx: &Tx<'_>,
    message: &Message,
    recipient: &Recipient,
    addressee: &Addressee,
    leaders: &mut HashMap<String, Id<Delivery>>,
) -> Result<(), StoreError> {
    addressees::insert(tx, addressee, recipient, message.launched_at)?;
    let deliveries = addressee.progress.deliveries.iter().zip(&addressee.legs);
    for (leg, (delivery, Leg { delivery: id, .. })) in deliveries.enumerate() {
        let shared = recipient.shared.get(&delivery.channel);
        // What never leaves (a channel that is closed) carries nobody along.
        let shared = shared.filter(|_| delivery.state == DeliveryState::Waiting);
        let leader = shared.map(|key| *leaders.entry(key.clone()).or_insert(*id));
        let row = NewRow {
            id: *id,
            addressee,
            leg,
            lane: message.urgency.lane(),
            shared: shared.map(String::as_str),
            leader: leader.filter(|leader| leader != id),
        };
        deliveries::insert(tx, &row, delivery)?;
    }
    Ok(())
}

fn addressee(
    message: &Message,
    number: u32,
    recipient: &Recipient,
    (openings, waves): (&Openings, &Waves),
    ids: &Run,
) -> Addressee {
    let now: Moment = message.launched_at;
    let connectivity = recipient.connectivity.filter(|kind| message.plans.contains_key(kind));
    let wave = waves.delay(&recipient.about, message.urgency);
    let conditions = Conditions { wave, ..Conditions::of(message, connectivity, openings) };
    let progress = lifecycle::launch(recipient.reach(), &conditions, now);
    let leg = |delivery: &Delivery| Leg {
        delivery: ids.next(now),
        is_shared: recipient.shared.contains_key(&delivery.channel),
    };
    Addressee {
        id: ids.next(now),
        school: message.school.clone(),
        message: message.id,
        number,
        connectivity,
        legs: progress.deliveries.iter().map(leg).collect(),
        progress,
    }
}
