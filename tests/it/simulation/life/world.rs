//! The world outside: what really reached whom, and when. Providers tell the engine about it, well
//! or badly; the invariants compare.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::Verdict;
use chappe::message::Proof;
use chappe::people::ContactPoint;
use fastrand::Rng;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::run::without_leg;

/// The world. Its time is tokio's: nobody puts it back.
pub struct World {
    began: Instant,
    truth: Mutex<Truth>,
    /// A provider was called at the moment at which the machine loses its power.
    pub power_cut: Notify,
}

/// What is true.
pub struct Truth {
    pub chance: Rng,
    /// From here on every provider does its work, and the power stays on.
    pub is_healed: bool,
    /// How often a provider was called for an address, by our reference.
    pub calls: BTreeMap<(String, String), usize>,
    /// The calls that nobody has looked at yet.
    pub new_calls: Vec<Call>,
    /// What reached a provider, in that order.
    pub arrivals: Vec<Arrival>,
    /// Whose copies were answered, by the beginning of their references: they have it, whatever brought it.
    pub answered: BTreeSet<String>,
    /// Every call, ask, arrival and receipt that was told: how much happened.
    pub events: usize,
    numbers: BTreeMap<String, usize>,
}

/// One call of a provider.
pub struct Call {
    pub reference: String,
    pub channel: Channel,
    pub address: String,
    /// By the school's clock.
    pub at: Moment,
    /// How long the world had stood.
    pub age: Duration,
}

/// One copy of one message at a provider.
pub struct Arrival {
    /// The provider's name.
    provider: String,
    pub reference: String,
    pub channel: Channel,
    pub address: String,
    /// The provider's own number of it, which another may give too.
    pub number: String,
    at: Duration,
    fate: Fate,
}

/// One delivery, as the world knows it.
pub struct CopyOf {
    /// Its own reference.
    pub reference: String,
    /// That of the last call which carried it together with others, and where it went then.
    pub together: Option<(String, String)>,
}

impl CopyOf {
    /// Whether a call under this reference, for this address, was for it: its own, or one for several.
    fn left_as(&self, reference: &str, address: &str) -> bool {
        let is = |(call, to): &(String, String)| call == reference && to == address;
        reference == self.reference || self.together.as_ref().is_some_and(is)
    }
}

/// What becomes of a copy.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    /// Nobody ever hears of it again.
    Silence,
    /// The person has it, and perhaps reads it.
    Delivered { after: Duration, proof: Proof },
    /// It does not arrive.
    Undeliverable { after: Duration },
    /// The person has it, and the provider takes its word back.
    DeliveredThenFailed { after: Duration },
}

impl World {
    pub fn new(chance: Rng) -> Self {
        let truth = Truth {
            chance,
            is_healed: false,
            calls: BTreeMap::new(),
            new_calls: Vec::new(),
            arrivals: Vec::new(),
            answered: BTreeSet::new(),
            events: 0,
            numbers: BTreeMap::new(),
        };
        Self { began: Instant::now(), truth: Mutex::new(truth), power_cut: Notify::new() }
    }

    /// How long the world has stood.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    pub fn truth(&self) -> MutexGuard<'_, Truth> {
        self.truth.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy under a reference reaches its provider.
    pub fn arrive(
        &self,
        provider: &str,
        reference: &str,
        to: &ContactPoint,
        (number, fate): (String, Fate),
    ) {
        let arrival = Arrival {
            provider: provider.to_owned(),
            reference: reference.to_owned(),
            channel: to.channel(),
            address: address(to),
            number,
            at: self.age(),
            fate,
        };
        let mut truth = self.truth();
        truth.events += 1;
        truth.arrivals.push(arrival);
    }

    /// What the provider has to say by now of a number that it gave.
    pub fn verdicts(&self, provider: &str, number: &str) -> Vec<Verdict> {
        let age = self.age();
        let truth = self.truth();
        let Some(arrival) = truth.numbered(provider, number) else {
            return Vec::new();
        };
        let failed = || Verdict::Undeliverable("absent".to_owned());
        let is_past = |after: Duration| arrival.at + after <= age;
        match arrival.fate {
            Fate::Delivered { after, proof } if is_past(after) => vec![Verdict::Proven(proof)],
            Fate::Undeliverable { after } if is_past(after) => vec![failed()],
            Fate::DeliveredThenFailed { after } if is_past(after * 2) => {
                vec![Verdict::Proven(Proof::Delivered), failed()]
            }
            Fate::DeliveredThenFailed { after } if is_past(after) => {
                vec![Verdict::Proven(Proof::Delivered)]
            }
            _ => vec![Verdict::Pending],
        }
    }
}

impl Truth {
    /// A number that this provider did not give before.
    pub fn number(&mut self, provider: &str) -> String {
        let last = self.numbers.entry(provider.to_owned()).or_default();
        *last += 1;
        last.to_string()
    }

    /// The copy to which a provider gave this number.
    fn numbered(&self, provider: &str, number: &str) -> Option<&Arrival> {
        self.arrivals.iter().find(|it| it.provider == provider && it.number == number)
    }

    /// The e-mails that reached a relay, in that order: under which reference, and where they went.
    pub fn mails(&self) -> Vec<(String, String)> {
        let mails = self.arrivals.iter().filter(|it| it.channel == Channel::Email);
        mails.map(|it| (it.reference.clone(), it.address.clone())).collect()
    }

    /// How often a delivery reached its provider.
    pub fn copies(&self, copy: &CopyOf) -> usize {
        self.arrivals
            .iter()
            .filter(|arrival| copy.left_as(&arrival.reference, &arrival.address))
            .count()
    }

    /// How often a provider was called for a delivery.
    pub fn calls(&self, copy: &CopyOf) -> usize {
        let its = self.calls.iter().filter(|((reference, to), _)| copy.left_as(reference, to));
        its.map(|(_, count)| count).sum()
    }

    /// The first copy under a reference that reached a provider for an address.
    pub fn first(&self, provider: &str, reference: &str, to: &ContactPoint) -> Option<&Arrival> {
        let address = address(to);
        self.arrivals.iter().find(|arrival| {
            arrival.provider == provider
                && arrival.reference == reference
                && arrival.address == address
        })
    }

    /// Whether they said that they have it, by whatever way.
    pub fn was_answered(&self, copy: &CopyOf) -> bool {
        self.answered.contains(without_leg(&copy.reference))
    }

    /// Whether the person really had it, sooner or later: it was brought to them, or they answered.
    pub fn was_delivered(&self, copy: &CopyOf) -> bool {
        self.was_answered(copy)
            || self.arrivals.iter().any(|arrival| {
                copy.left_as(&arrival.reference, &arrival.address)
                    && matches!(
                        arrival.fate,
                        Fate::Delivered { .. } | Fate::DeliveredThenFailed { .. }
                    )
            })
    }

    /// The deliveries by which an address had a message: `code` is the message's.
    pub fn by_address(&self) -> BTreeMap<(String, Channel, String), BTreeSet<String>> {
        let mut by_address: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        for Arrival { reference, channel, address, .. } in &self.arrivals {
            let code = reference.split('-').next().unwrap_or_default().to_owned();
            let key = (code, *channel, address.clone());
            by_address.entry(key).or_default().insert(reference.clone());
        }
        by_address
    }
}

/// Where a copy goes, in words.
pub fn address(to: &ContactPoint) -> String {
    match to {
        ContactPoint::Ent(account) => account.to_string(),
        ContactPoint::Email(email) => email.as_str().to_owned(),
        ContactPoint::Sms(number) | ContactPoint::Phone(number) => number.as_str().to_owned(),
        ContactPoint::Chat(account) => account.as_str().to_owned(),
    }
}
