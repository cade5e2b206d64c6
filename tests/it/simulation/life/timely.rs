//! Whether each call came at a moment at which it might: in open hours, before its message was stale, and
//! of nothing that people had stopped by then; and to nobody who must not hear of the pupil.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::Hours;
use chappe::id::Id;
use chappe::message::{Message, MessageState};
use chappe::people::{Person, PersonKey, SchoolId};
use chappe::store::{Store, StoreError, closings, controls};

use super::invariants::Broken;
use super::world::{Call, address};

/// A call that has started waits for its turn for a tenth of its lease, and no lease is longer than five
/// minutes.
const TURN: Duration = Duration::from_secs(31);
/// For so long after a jump of the clock nobody knows by which time a call began.
const UNCLEAR: Duration = Duration::from_mins(5);

/// What stands in the way, and since when; counted in the age of the world, which no clock changes.
#[derive(Default)]
pub struct Limits {
    stopped: BTreeMap<Id<Message>, (MessageState, Duration)>,
    /// Whose name or address nothing may go to, by their keys and by their addresses.
    restricted: Vec<(PersonKey, BTreeSet<String>, Duration)>,
    /// Until when as well.
    closed: BTreeMap<Channel, (Duration, Option<Moment>)>,
    jumped: Vec<Duration>,
    /// Mailboxes that asked not to be written to.
    stops: BTreeMap<String, Duration>,
}

impl Limits {
    /// Somebody set the clock: a closing with an end may have begun anew.
    pub fn jump(&mut self, age: Duration) {
        self.jumped.push(age);
        self.closed.clear();
    }

    /// A ruling was noted.
    pub fn restrict(&mut self, person: &Person, age: Duration) {
        let addresses = person.contact_points.iter().map(address).collect();
        self.restricted.push((person.key.clone(), addresses, age));
    }

    /// Somebody asked that their mailbox be left in peace.
    pub fn stop(&mut self, mailbox: &str, age: Duration) {
        self.stops.entry(mailbox.to_owned()).or_insert(age);
    }

    /// Whether nothing may go to somebody at an address, of a pupil of whom they must not hear.
    pub fn forbids(&self, to: &PersonKey, at: &str) -> bool {
        let mut restricted = self.restricted.iter();
        restricted.any(|(person, addresses, _)| person == to || addresses.contains(at))
    }

    /// Takes in what people have decided by now.
    pub async fn hear(
        &mut self,
        (store, school): (&Store, &SchoolId),
        messages: Vec<Id<Message>>,
        (now, age): (Moment, Duration),
    ) -> Result<(), StoreError> {
        let school = school.clone();
        let look = store.read(move |tx| {
            let mut states = Vec::new();
            for id in messages {
                if let Some(control) = controls::of(tx, &school, id)? {
                    states.push((id, control.state));
                }
            }
            Ok((states, closings::in_force(tx, &school, now)?))
        });
        let (states, closings) = look.await?;
        for (id, state) in states {
            if self.stopped.get(&id).is_none_or(|(known, _)| *known != state) {
                self.stopped.insert(id, (state, age));
            }
        }
        self.closed.retain(|channel, _| closings.iter().any(|it| it.channel == *channel));
        for closing in closings {
            let (since, until) = self.closed.entry(closing.channel).or_insert((age, closing.until));
            if *until != closing.until {
                (*since, *until) = (age, closing.until);
            }
        }
        Ok(())
    }

    /// What is wrong about a call; `to` is whose copy it is, where that is known.
    pub fn judge(
        &self,
        (call, to): (&Call, Option<&PersonKey>),
        messages: &[Message],
        hours: &Hours,
    ) -> Broken {
        let message = messages.iter().find(|it| call.reference.starts_with(it.code.as_str()));
        let after = |since: Duration| call.age > since + TURN;
        let mut broken = Broken::new();
        let mut note = |what: &str| broken.push(format!("{} left {what}", call.reference));
        let is_closed = |&(since, until): &(Duration, Option<Moment>)| {
            after(since) && until.is_none_or(|until| call.at < until)
        };
        if self.closed.get(&call.channel).is_some_and(is_closed) {
            note("by a channel that was closed");
        }
        for (person, addresses, since) in &self.restricted {
            if after(*since) && (to == Some(person) || addresses.contains(&call.address)) {
                note("to somebody who must not hear of the pupil");
            }
        }
        let stopped = self.stops.get(&call.address);
        if call.channel == Channel::Email && stopped.is_some_and(|since| after(*since)) {
            note("to a mailbox that asked not to be written to");
        }
        match message.and_then(|message| self.stopped.get(&message.id)) {
            Some((MessageState::Paused, since)) if after(*since) => note("while it was paused"),
            Some((MessageState::Cancelled, since)) if after(*since) => {
                note("after it was cancelled");
            }
            _ => {}
        }
        let is_unclear = |age: &Duration| *age <= call.age && call.age <= *age + UNCLEAR;
        if self.jumped.iter().any(is_unclear) {
            return broken;
        }
        let stale = message.and_then(|message| message.terms.expires_at);
        if stale.is_some_and(|end| call.at > end + TURN) {
            note("when it was stale");
        }
        let is_quiet = |at: Moment| hours.opening(call.channel, at) > at;
        let passes = message.is_some_and(Message::passes_hours);
        if !passes && is_quiet(call.at) && is_quiet(call.at - TURN) {
            note("in quiet hours");
        }
        broken
    }
}
