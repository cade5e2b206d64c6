//! Calls: gathered in one transaction, taken in hand by one person at a time, and ended by what people say that
//! they gave.

mod in_hand;
mod incoming;
mod numbers;
mod outcomes;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::circumstances::Circumstances;
use super::letters::held_back;
use super::{HeldBack, Queue, carried, restrictions};
use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::lifecycle::{AddresseeState, Delivery};
use crate::delivery::{About, Allowed, Enclosed, Recipient};
use crate::id::Id;
use crate::message::{Message, Urgency};
use crate::people::{Act, By, Connectivity, Filing, Profile, PupilKey};
use crate::phone_number::PhoneNumber;
use crate::store::calls::{self, CallDelivery, CallTaken, KeptOutcome};
use crate::store::deliveries::Due;
use crate::store::{StoreError, Tx, households, journal};

pub use in_hand::CallTaking;
pub use outcomes::{CallNoting, CallOver, NotedCall, PastCall, SaidOfCall, TakenBack};

/// One call: one number, and one or several persons whom it reaches.
#[derive(Debug, Clone)]
pub struct DueCall {
    /// The delivery that it is.
    pub due: Due,
    /// Its message.
    pub message: Arc<Message>,
    /// Its reference.
    pub reference: String,
    /// Whom to ask for; the first one's number and pupils are the call's.
    pub recipients: Vec<Recipient>,
    /// How it stands: its tries, and when it is to be made.
    pub delivery: Delivery,
    /// What the household told of itself.
    pub home: Option<Profile>,
    /// What it gave so far, first said first.
    pub tried: Vec<KeptOutcome>,
    /// A colleague on whose sheet it stands.
    pub caller: Option<String>,
    /// Who has it open now.
    pub taken: Option<CallTaken>,
    /// What it holds, where it is a digest.
    pub enclosed: Vec<Enclosed>,
}

/// Calls, from those that wait to what they gave.
#[derive(Clone, Copy)]
pub struct CallDesk<'a> {
    queue: &'a Queue,
}

impl Queue {
    /// Calls, and what people say of them.
    #[must_use]
    pub const fn calls(&self) -> CallDesk<'_> {
        CallDesk { queue: self }
    }
}

impl CallDesk<'_> {
    /// Gathers every call that waits, first to be made first. What a ruling forbids goes out of them, and a number
    /// that is dead is skipped for the person's next one.
    pub async fn gather(self, now: Moment) -> Result<Vec<DueCall>, StoreError> {
        let this = self.queue.clone();
        let gather = move |tx: &Tx<'_>| this.gather_calls(tx, &this.circumstances(tx, now)?);
        self.queue.store.write(gather).await
    }

    /// The calls that wait and are not to be made now: why, and how many.
    pub async fn held_back(self, now: Moment) -> Result<Vec<(HeldBack, usize)>, StoreError> {
        let this = self.queue.clone();
        let read = move |tx: &Tx<'_>| {
            let circumstances = this.circumstances(tx, now)?;
            let mut by_message: BTreeMap<Id<Message>, usize> = BTreeMap::new();
            for message in calls::waiting_of_each(tx, &this.school)? {
                *by_message.entry(message).or_default() += 1;
            }
            let mut found = Vec::new();
            for (message, calls) in by_message {
                let message = this.message(tx, message)?;
                let why = held_back(&circumstances, &message, Channel::Phone);
                found.extend(why.map(|why| (why, calls)));
            }
            Ok(found)
        };
        self.queue.store.read(read).await
    }

    /// Puts calls on the sheets of colleagues, each on one.
    pub async fn share_out(
        self,
        shares: Vec<(Id<Delivery>, String)>,
        by: By,
    ) -> Result<(), StoreError> {
        let school = self.queue.school.clone();
        let write = move |tx: &Tx<'_>| {
            calls::lock_desk(tx, &school)?;
            journal::note(tx, &school, &by, Act::ShareCalls, &shares.len().to_string())?;
            let mut shares = shares.iter();
            shares.try_for_each(|(call, caller)| calls::give_to(tx, &school, *call, caller))
        };
        self.queue.store.write(write).await
    }
}

impl Queue {
    /// [`CallDesk::gather`], within a transaction.
    fn gather_calls(
        &self,
        tx: &Tx<'_>,
        circumstances: &Circumstances,
    ) -> Result<Vec<DueCall>, StoreError> {
        self.withhold_calls(tx, circumstances)?;
        self.skip_dead_numbers(tx, circumstances)?;
        self.due_calls(tx, circumstances)
    }

    /// Takes out of the calls that wait what nobody may say to whom they are for.
    fn withhold_calls(&self, tx: &Tx<'_>, circumstances: &Circumstances) -> Result<(), StoreError> {
        if circumstances.restrictions.is_empty() {
            return Ok(());
        }
        for call in calls::waiting(tx, &self.school)? {
            if call.recipient.allowed(&circumstances.restrictions) != Allowed::All {
                let of = (call.due.message, call.due.addressee);
                restrictions::obey_in(tx, self, of, circumstances)?;
            }
        }
        Ok(())
    }

    /// The calls that wait and are neither held back nor stale, each with all whom it reaches, in their order.
    fn due_calls(
        &self,
        tx: &Tx<'_>,
        circumstances: &Circumstances,
    ) -> Result<Vec<DueCall>, StoreError> {
        let (mut followers, mut own) = (HashMap::<Id<Delivery>, Vec<CallDelivery>>::new(), vec![]);
        for call in calls::waiting(tx, &self.school)? {
            match call.leader {
                Some(leader) => followers.entry(leader).or_default().push(call),
                None => own.push(call),
            }
        }
        let mut due = Vec::new();
        for call in own {
            let message = self.message(tx, call.due.message)?;
            let led = followers.remove(&call.due.id).unwrap_or_default();
            let is_wanted = std::iter::once(&call).chain(&led).any(|it| is_unreached(it.state));
            let may_be_made = circumstances.hindrance(&message).is_none()
                && held_back(circumstances, &message, Channel::Phone).is_none();
            if is_wanted && may_be_made {
                due.push(self.due_call(tx, message, call, led)?);
            }
        }
        due.sort_by_cached_key(DueCall::turn);
        Ok(due)
    }

    fn due_call(
        &self,
        tx: &Tx<'_>,
        message: Arc<Message>,
        call: CallDelivery,
        led: Vec<CallDelivery>,
    ) -> Result<DueCall, StoreError> {
        let enclosed = carried::enclosed(self, tx, &message, call.due.addressee)?;
        let home = households::profile_of(tx, &self.school, &call.recipient.person)?;
        let tried = calls::outcomes_of(tx, &self.school, call.due.id)?;
        let CallDelivery { due, number, recipient, delivery, caller, taken, .. } = call;
        let recipients =
            std::iter::once(recipient).chain(led.into_iter().map(|it| it.recipient)).collect();
        let reference = message.code.delivery(number, due.leg);
        Ok(DueCall {
            due,
            message,
            reference,
            recipients,
            delivery,
            home,
            tried,
            caller,
            taken,
            enclosed,
        })
    }
}

/// Whether somebody is still to be reached.
const fn is_unreached(state: AddresseeState) -> bool {
    matches!(state, AddresseeState::OnCall | AddresseeState::Waiting)
}

impl DueCall {
    /// The number to dial.
    #[must_use]
    pub fn number(&self) -> Option<&PhoneNumber> {
        self.recipients.first()?.phone.as_ref()
    }

    /// The pupils whom it is about, each once.
    #[must_use]
    pub fn about(&self) -> Vec<&About> {
        let mut about: Vec<&About> = Vec::new();
        for pupil in self.recipients.iter().flat_map(|to| &to.about) {
            if !about.contains(&pupil) {
                about.push(pupil);
            }
        }
        about
    }

    /// When it is to be made; the moment of its message where nothing else is known.
    #[must_use]
    pub fn due_at(&self) -> Moment {
        self.delivery.due_at.unwrap_or(self.message.launched_at)
    }

    /// Whether two calls ring the same family: the same number, or about the same pupil.
    #[must_use]
    pub fn is_of_family_of(&self, other: &Self) -> bool {
        let pupils = |call: &Self| -> Vec<(Option<PupilKey>, String)> {
            call.about().into_iter().map(|it| (it.pupil.clone(), it.name.clone())).collect()
        };
        let mine = pupils(self);
        self.number() == other.number() || pupils(other).iter().any(|it| mine.contains(it))
    }

    /// Its place in the order: what is urgent, then who has no screen, then what waits for the longest time.
    fn turn(&self) -> (bool, bool, Moment, Filing, Id<Delivery>) {
        let is_bulk = self.message.urgency != Urgency::Urgent;
        let has_screen = self.connectivity().is_none_or(|it| it != Connectivity::None);
        let filing = self.recipients.first().map(Recipient::filing);
        let filing = filing.unwrap_or_else(|| Filing::of_shown_staff(""));
        (is_bulk, has_screen, self.message.launched_at, filing, self.due.id)
    }

    fn connectivity(&self) -> Option<Connectivity> {
        let frozen = self.recipients.first().and_then(|to| to.connectivity);
        self.home.as_ref().map(|home| home.connectivity).or(frozen)
    }
}
