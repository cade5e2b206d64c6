//! Digests: what the load cap kept waiting leaves as one message.
//!
//! Who is gathered has no delivery of their own. When the digest is made, one transaction launches an
//! addressee of it and binds to that one the addressees whose messages it holds: from then on they
//! stand as it stands. What it holds is settled when it leaves: a message that was stopped, or is
//! paused or stale, is taken out as long as no copy may have arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::circumstances::{Circumstances, Hindrance};
use super::transit::Transit;
use super::{Queue, restrictions};
use crate::clock::Moment;
use crate::delivery::lifecycle::{self, Event};
use crate::delivery::{About, Openings, Recipient};
use crate::id::Id;
use crate::message::{Code, DIGEST, Message, Terms, Urgency};
use crate::people::{Actor, SchoolId};
use crate::store::addressees::{self, Addressee};
use crate::store::deliveries::Due;
use crate::store::digests::{self, Item};
use crate::store::{StoreError, Tx, leaders, messages};

/// Households in one transaction at most.
const AT_ONCE: usize = 100;

/// What is due for one person, or for those who share each copy.
struct Stack {
    items: Vec<(Item, Arc<Message>, Recipient)>,
}

/// What the load cap keeps waiting, and what it leaves as.
#[derive(Clone, Copy)]
pub struct Digests<'a> {
    pub(super) queue: &'a Queue,
}

impl Queue {
    /// Digests, and who waits for them.
    #[must_use]
    pub const fn digests(&self) -> Digests<'_> {
        Digests { queue: self }
    }
}

impl Digests<'_> {
    /// Makes the digests that are due; for how many addressees the waiting is over.
    pub async fn make_due(self, now: Moment) -> Result<usize, StoreError> {
        let (mut told, mut made) = (0, Vec::new());
        loop {
            let this = self.queue.clone();
            let batch = self.queue.store.write(move |tx| this.make_some(tx, made, now)).await?;
            let (some, all) = batch;
            made = all;
            told += some;
            if some == 0 {
                break;
            }
        }
        if told > 0 {
            self.queue.wake();
        }
        Ok(told)
    }
}

impl Queue {
    /// For so many households, with the digests that were made before.
    fn make_some(
        &self,
        tx: &Tx<'_>,
        mut made: Vec<Arc<Message>>,
        now: Moment,
    ) -> Result<(usize, Vec<Arc<Message>>), StoreError> {
        // Nothing is made that could not leave: it would hold what came too late for it.
        let circumstances = self.circumstances(tx, now)?;
        if circumstances.is_on_hold() {
            return Ok((0, made));
        }
        let mut told = 0;
        for household in digests::due_households(tx, &self.school, now, AT_ONCE)? {
            let due = digests::due_for(tx, &self.school, &household, now)?;
            told += due.len();
            for stack in self.stacks(tx, due, &circumstances)? {
                self.launch_digest(tx, &stack, &mut made, &circumstances.openings, now)?;
            }
        }
        if told > 0 {
            tx.tell_others()?;
        }
        Ok((told, made))
    }

    /// What is due for a household, by person; what is stale by now goes nowhere, and what cannot be read
    /// leaves alone, to fail alone.
    fn stacks(
        &self,
        tx: &Tx<'_>,
        due: Vec<Item>,
        circumstances: &Circumstances,
    ) -> Result<Vec<Stack>, StoreError> {
        let (openings, now) = (&circumstances.openings, circumstances.now());
        let mut stacks: Vec<Stack> = Vec::new();
        for item in due {
            let message = self.message(tx, item.message)?;
            if let Some(Hindrance::Event(event)) = circumstances.hindrance(&message) {
                let (school, id) = (&self.school, item.addressee);
                Transit::on(tx, school, openings, now).addressee(&message, id, event)?;
                continue;
            }
            let of = (item.message, item.addressee);
            if restrictions::obey_in(tx, self, of, circumstances)?.is_all {
                continue;
            }
            match addressees::recipient(tx, &self.school, item.addressee) {
                Ok(Some(recipient)) => {
                    let one = (item, message, recipient);
                    match stacks.iter_mut().find(|stack| stack.takes(&one)) {
                        Some(stack) => stack.items.push(one),
                        None => stacks.push(Stack { items: vec![one] }),
                    }
                }
                Ok(None) | Err(StoreError::Unreadable(_)) => {
                    self.go_alone(tx, item, &message, None, openings, now)?;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(stacks)
    }

    /// One message leaves as itself, several as one.
    fn launch_digest(
        &self,
        tx: &Tx<'_>,
        stack: &Stack,
        made: &mut Vec<Arc<Message>>,
        openings: &Openings,
        now: Moment,
    ) -> Result<(), StoreError> {
        let Some((item, message, newest)) = stack.items.last() else { return Ok(()) };
        if stack.items.len() == 1 {
            return self.go_alone(tx, *item, message, Some(newest), openings, now);
        }
        let digest = self.digest_like(tx, message, made, now)?;
        let recipient = stack.recipient(newest);
        let number = digests::next_number(tx, &self.school, digest.id)?;
        let number = u32::try_from(number)
            .map_err(|_| StoreError::Refused("more addressees than a reference tells".into()))?;
        let carrier = Addressee {
            id: Id::new(now),
            school: self.school.clone(),
            message: digest.id,
            number,
            connectivity: recipient.connectivity.filter(|kind| digest.plans.contains_key(kind)),
            progress: lifecycle::gathered(recipient.reach()),
            legs: Vec::new(),
        };
        addressees::insert(tx, &carrier, &recipient, now)?;
        for (item, ..) in &stack.items {
            digests::bind(tx, &self.school, item.addressee, Some(carrier.id))?;
        }
        let event = self.released(&digest, Some(&recipient));
        Transit::on(tx, &self.school, openings, now).addressee(&digest, carrier.id, event)?;
        Ok(())
    }

    /// It waits no longer, and goes its own way.
    fn go_alone(
        &self,
        tx: &Tx<'_>,
        item: Item,
        message: &Message,
        recipient: Option<&Recipient>,
        openings: &Openings,
        now: Moment,
    ) -> Result<(), StoreError> {
        digests::bind(tx, &self.school, item.addressee, None)?;
        let event = self.released(message, recipient);
        Transit::on(tx, &self.school, openings, now).addressee(message, item.addressee, event)?;
        Ok(())
    }

    fn released(&self, message: &Message, to: Option<&Recipient>) -> Event {
        let about: &[About] = to.map_or(&[], |to| &to.about);
        Event::Released { wave: self.timing.waves.delay(about, message.urgency) }
    }

    /// The digest that goes the ways of a message: one of those just made, or a new one.
    fn digest_like(
        &self,
        tx: &Tx<'_>,
        message: &Message,
        made: &mut Vec<Arc<Message>>,
        now: Moment,
    ) -> Result<Arc<Message>, StoreError> {
        if let Some(digest) = made.iter().find(|digest| goes_the_same_ways(digest, message)) {
            return Ok(Arc::clone(digest));
        }
        let digest = Arc::new(Message {
            id: Id::new(now),
            code: free_code(tx, &self.school)?,
            template: DIGEST.to_owned(),
            fields: BTreeMap::new(),
            audience: "récapitulatif".to_owned(),
            urgency: Urgency::Bulk,
            launched_at: now,
            launched_by: Actor::Program,
            terms: Terms::default(),
            question: None,
            ..message.clone()
        });
        messages::insert(tx, &digest)?;
        made.push(Arc::clone(&digest));
        Ok(digest)
    }
}

impl Stack {
    /// Whether one more is for the same persons, who are to get it by the same ways.
    fn takes(&self, (_, message, recipient): &(Item, Arc<Message>, Recipient)) -> bool {
        self.items.first().is_some_and(|(_, first, to)| {
            goes_the_same_ways(first, message)
                && to.person == recipient.person
                && to.members == recipient.members
                && to.connectivity == recipient.connectivity
        })
    }

    /// Those persons, where they could be written to last, about every pupil whom some of it is about. An
    /// address is shared with those who share it for the last message and are told the same by all.
    fn recipient(&self, newest: &Recipient) -> Recipient {
        let mut about: Vec<About> = Vec::new();
        for pupil in self.items.iter().flat_map(|(_, _, to)| &to.about) {
            if !about.contains(pupil) {
                about.push(pupil.clone());
            }
        }
        about.sort_by_cached_key(About::filing);
        let mut told = DefaultHasher::new();
        for (_, message, to) in &self.items {
            (message.code.as_str(), &to.about).hash(&mut told);
        }
        let told = told.finish();
        let shared =
            newest.shared.iter().map(|(channel, key)| (*channel, format!("{key}:{told:x}")));
        // It says something else to everybody: nobody publishes that for all.
        let by_hand = BTreeSet::new();
        Recipient { about, by_hand, shared: shared.collect(), ..newest.clone() }
    }
}

/// Takes out of a digest that is about to leave what must not leave with it, for everybody whom its
/// delivery serves. Who is left with nothing in it gets none.
pub(super) fn sift(
    queue: &Queue,
    tx: &Tx<'_>,
    due: &Due,
    circumstances: &Circumstances,
) -> Result<(), StoreError> {
    let school = &queue.school;
    let transit = Transit::on(tx, school, &circumstances.openings, circumstances.now());
    let led = leaders::led_by(tx, school, due.id)?.into_iter().map(|led| led.addressee);
    for carrier in std::iter::once(due.addressee).chain(led) {
        for item in digests::carried_by(tx, school, carrier)? {
            let message = queue.message(tx, item.message)?;
            match circumstances.hindrance(&message) {
                Some(Hindrance::Paused) => {
                    transit.take_out_of_digest(item.addressee)?;
                }
                Some(Hindrance::Event(event)) => {
                    transit.addressee(&message, item.addressee, event)?;
                }
                None => {}
            }
        }
    }
    Ok(())
}

fn goes_the_same_ways(one: &Message, other: &Message) -> bool {
    one.plan == other.plan && one.plans == other.plans && one.plain_sms == other.plain_sms
}

/// A code that no message of the school has yet.
fn free_code(tx: &Tx<'_>, school: &SchoolId) -> Result<Code, StoreError> {
    loop {
        let code = Code::from_chance(fastrand::u32(..));
        if messages::by_code(tx, school, code.as_str())?.is_none() {
            return Ok(code);
        }
    }
}
