//! A restriction holds from the moment when it is noted, whatever was frozen before: it is looked at by the
//! transaction that starts, that climbs, that gathers letters and makes digests, and it is brought to every
//! copy under way at once, so that no list of people shows what must not leave any more.

use super::circumstances::Circumstances;
use super::transit::Transit;
use super::{Queue, digest, poison, transit};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{Delivery, DeliveryState, Event, Happening};
use crate::delivery::{Allowed, FailureKind, Openings, Recipient};
use crate::id::Id;
use crate::message::{Code, Message};
use crate::people::{PupilKey, RestrictedTie, Restrictions, SchoolId};
use crate::store::addressees::{self, Addressee};
use crate::store::restrictions::{self, Left};
use crate::store::{StoreError, Tx, deliveries, digests, messages};

/// Copies looked at in one transaction.
const AT_ONCE: usize = 500;

/// What a restriction took out of one copy that was under way. `Debug` hides whose it was.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
pub struct Withheld {
    /// The message.
    pub message: Code,
    /// Whose copy it was: `Inès DURAND`.
    pub name: String,
    /// Nothing of it is left; else it goes on about other pupils, or to other addresses.
    pub is_all: bool,
    /// The batches in which a letter of it was printed already: a person takes it out.
    pub printed_in: Vec<usize>,
}

impl std::fmt::Debug for Withheld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Withheld({}, all: {})", self.message, self.is_all)
    }
}

/// Restrictions, and the copies under way that they reach.
#[derive(Clone, Copy)]
pub struct Withholding<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// Restrictions, and the copies under way that they reach.
    #[must_use]
    pub const fn restrictions(&self) -> Withholding<'_> {
        Withholding { queue: self }
    }
}

impl Withholding<'_> {
    /// Brings every restriction to the copies under way, and says what it took out of them. Until that is
    /// done, upkeep does it again; nothing that it would take out leaves meanwhile.
    pub async fn obey(self, now: Moment) -> Result<Vec<Withheld>, StoreError> {
        let (mut withheld, mut after) = (Vec::new(), None);
        loop {
            let this = self.queue.clone();
            let batch = self.queue.store.write(move |tx| this.obey_some(tx, after, now)).await?;
            let (mut some, last) = batch;
            withheld.append(&mut some);
            after = last;
            if after.is_none() {
                break;
            }
        }
        let school = self.queue.school.clone();
        self.queue.store.write(move |tx| restrictions::settle(tx, &school, now)).await?;
        self.queue.wake();
        Ok(withheld)
    }

    /// What had left about a pupil to somebody who must not hear of them, or may have, newest first.
    pub async fn left_before(self, tie: &RestrictedTie) -> Result<Vec<Left>, StoreError> {
        let (school, tie) = (self.queue.school.clone(), tie.clone());
        self.queue
            .store
            .read(move |tx| {
                let name = restrictions::pupil_name(tx, &school, &tie.pupil)?.unwrap_or_default();
                let mut left = Vec::new();
                for record in restrictions::records_of(tx, &school, &tie)? {
                    left.extend(restrictions::left(tx, &school, &record)?);
                }
                left.retain(|one| one.is_about(&tie.pupil, &name));
                Ok(left)
            })
            .await
    }
}

impl Queue {
    /// The same, where something was noted and did not reach every copy yet; how many it changed.
    pub(super) async fn obey_if_unsettled(&self, now: Moment) -> Result<usize, StoreError> {
        let school = self.school.clone();
        if !self.store.read(move |tx| restrictions::are_unsettled(tx, &school)).await? {
            return Ok(0);
        }
        Ok(self.restrictions().obey(now).await?.len())
    }

    /// Looks at the next copies under way; the last one looked at, if there may be more.
    fn obey_some(
        &self,
        tx: &Tx<'_>,
        after: Option<Id<Addressee>>,
        now: Moment,
    ) -> Result<(Vec<Withheld>, Option<Id<Addressee>>), StoreError> {
        let circumstances = self.circumstances(tx, now)?;
        let batch = addressees::under_way(tx, &self.school, after, AT_ONCE)?;
        let last = batch.last().map(|one| one.id).filter(|_| batch.len() == AT_ONCE);
        let mut withheld = Vec::new();
        for addressees::UnderWay { id, message, recipient } in batch {
            // What cannot be read leaves by no way: it fails where it would start.
            let Ok(recipient) = recipient else { continue };
            if recipient.allowed(&circumstances.restrictions) == Allowed::All {
                continue;
            }
            let printed_in = deliveries::printed_in(tx, &self.school, id)?;
            let obeyed = obey_in(tx, self, (message, id), &circumstances)?;
            // A message that cannot be read has no name to give: its copy is unreached, which a human sees.
            let what = match self.message(tx, message) {
                Err(StoreError::Unreadable(_)) => continue,
                what => what?,
            };
            if obeyed.is_touched {
                let (message, name) = (what.code.clone(), recipient.name);
                withheld.push(Withheld { message, name, is_all: obeyed.is_all, printed_in });
            }
        }
        Ok((withheld, last))
    }
}

/// What became of a copy.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Obeyed {
    /// Something was taken out of it.
    pub is_touched: bool,
    /// Nothing of it is left.
    pub is_all: bool,
    /// A rung was climbed: there is something new to send.
    pub climbed: bool,
}

/// [`obey`], under the circumstances of a transaction. Of whom cannot be read nobody knows what may leave: they
/// are unreached, which a human sees.
pub(super) fn obey_in(
    tx: &Tx<'_>,
    queue: &Queue,
    (message, id): (Id<Message>, Id<Addressee>),
    circumstances: &Circumstances,
) -> Result<Obeyed, StoreError> {
    let Circumstances { restrictions, openings, .. } = circumstances;
    if restrictions.is_empty() {
        return Ok(Obeyed::default());
    }
    let obeyed = queue.message(tx, message).and_then(|message| {
        let now = circumstances.now();
        obey(tx, &queue.school, &message, id, (restrictions, openings), now)
    });
    match obeyed {
        Err(StoreError::Unreadable(_)) => {
            poison::unreached(tx, &queue.school, id, circumstances.now())?;
            Ok(Obeyed { is_touched: true, is_all: true, climbed: false })
        }
        obeyed => obeyed,
    }
}

/// Takes out of a copy what must not leave: pupils of whom its reader must not hear, addresses where
/// somebody else would read it who must not. What is on its way is let to its end.
pub(super) fn obey(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
    id: Id<Addressee>,
    (restrictions, openings): (&Restrictions, &Openings),
    now: Moment,
) -> Result<Obeyed, StoreError> {
    digest::lock_carrier(tx, school, id)?;
    if message.is_digest() {
        for item in digests::carried_by(tx, school, id)? {
            let held = messages::by_id(tx, school, item.message)?
                .ok_or_else(|| StoreError::Unreadable("a copy without its message".to_owned()))?;
            obey(tx, school, &held, item.addressee, (restrictions, openings), now)?;
        }
    }
    let Some(before) = addressees::load_for_event(tx, school, id)? else {
        return Ok(Obeyed::default());
    };
    let Some(was) = addressees::recipient(tx, school, id)? else { return Ok(Obeyed::default()) };
    let held = if message.is_digest() { as_held(tx, school, id, &was)? } else { was.clone() };
    let is = match held.allowed(restrictions) {
        Allowed::All => held,
        Allowed::Less(less) => *less,
        Allowed::Nothing(_) => {
            part(tx, school, &before, |_| true, now)?;
            let event = Event::Restricted;
            let effect = Transit::on(tx, school, openings, now).addressee(message, id, event)?;
            return Ok(Obeyed { is_touched: effect.taken, is_all: true, climbed: false });
        }
    };
    if is == was {
        return Ok(Obeyed::default());
    }
    let lost = |channel: &Channel| was.mark(*channel).is_some() && is.mark(*channel).is_none();
    let spoilt: Vec<Channel> = Channel::ALL.into_iter().filter(lost).collect();
    let is_spoilt = |delivery: &Delivery| spoilt.contains(&delivery.channel);
    let says_less = was.about != is.about || was.members != is.members;
    part(tx, school, &before, |delivery| says_less || is_spoilt(delivery), now)?;
    addressees::narrow(tx, school, id, &is)?;
    let is_all = is.reach().is_empty() && !was.reach().is_empty();
    let mut obeyed = Obeyed { is_touched: true, is_all, climbed: false };
    for (leg, delivery) in before.progress.deliveries.iter().enumerate() {
        if !may_be_stopped(delivery) || !is_spoilt(delivery) {
            continue;
        }
        let kind = FailureKind::Restricted;
        let starts = (delivery.state == DeliveryState::Waiting)
            .then_some(Happening::Started { lease_ends: None });
        for happening in starts.into_iter().chain([Happening::Failed { kind, retry_at: None }]) {
            let event = Event::Delivery(leg, happening);
            let effect = Transit::on(tx, school, openings, now).addressee(message, id, event)?;
            obeyed.climbed |= effect.climbed;
        }
    }
    Ok(obeyed)
}

/// A digest is about the pupils of what it still holds.
fn as_held(
    tx: &Tx<'_>,
    school: &SchoolId,
    carrier: Id<Addressee>,
    was: &Recipient,
) -> Result<Recipient, StoreError> {
    let mut names = Vec::new();
    for item in digests::carried_by(tx, school, carrier)? {
        let held = addressees::recipient(tx, school, item.addressee)?;
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
    tx: &Tx<'_>,
    school: &SchoolId,
    addressee: &Addressee,
    which: impl Fn(&Delivery) -> bool,
    now: Moment,
) -> Result<(), StoreError> {
    let legs = addressee.progress.deliveries.iter().zip(&addressee.legs);
    for (delivery, leg) in legs {
        if leg.is_shared && may_be_stopped(delivery) && which(delivery) {
            transit::hand_on(tx, school, leg.delivery, now)?;
            deliveries::part(tx, school, leg.delivery, now)?;
        }
    }
    Ok(())
}

impl Left {
    /// Whether it was about a pupil.
    fn is_about(&self, pupil: &PupilKey, name: &str) -> bool {
        self.about.iter().any(|it| it.pupil.as_ref().map_or(it.name == name, |key| key == pupil))
    }
}
