//! The providers of one channel, in order of preference, as their dispatchers see one another: the first one
//! that admits takes what waits, and those of one place share it.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::breaker::{Breaker, Gate};
use super::bundle::Bundle;
use crate::channel::Channel;
use crate::clock::Moment;
use crate::config::Config;
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;
use crate::message::Urgency;
use crate::providers::Provider;

/// So many whom a provider does not see are kept in mind at most; beyond that they are learned anew.
const UNSEEN: usize = 10_000;

/// The providers of each channel that one daemon uses, or will once it can.
#[derive(Clone)]
pub struct Routes {
    channels: Vec<(Channel, Arc<Vec<RankedProvider>>)>,
}

/// A provider's rank among those of its channel.
#[derive(Clone)]
pub struct Rank {
    routes: Arc<Vec<RankedProvider>>,
    at: usize,
}

/// One provider, and whether it is used now.
struct RankedProvider {
    name: String,
    /// Those of the same place share the work.
    place: usize,
    /// Its dispatcher works: it has its secret.
    is_at_work: AtomicBool,
    breaker: Mutex<Breaker>,
    /// What it left to the probe of a preferred one, and since when.
    left_to_probe: Mutex<Option<(Id<Delivery>, Moment)>>,
    /// Whom it was told that it does not see, as hashes of their addresses: there is nothing to leak.
    unseen: Mutex<HashSet<u64>>,
}

impl Routes {
    /// Those of the configuration, in its order, and then these where it does not name them.
    #[must_use]
    pub fn new(config: &Config, providers: &[Arc<dyn Provider>]) -> Self {
        let routes = |channel| {
            let mut names: Vec<_> =
                config.routes(channel).into_iter().map(|(name, _)| name).collect();
            let others = providers.iter().filter(|it| it.channel() == channel).map(|it| it.name());
            let others: Vec<_> = others.filter(|name| !names.contains(name)).collect();
            names.extend(others);
            let ranked = |(at, name): (usize, &str)| {
                RankedProvider::of(name, config.place_on(channel, name).unwrap_or(at), config)
            };
            Arc::new(names.into_iter().enumerate().map(ranked).collect())
        };
        Self { channels: Channel::ALL.map(|channel| (channel, routes(channel))).into() }
    }

    /// The rank of a provider; apart from all others where it is not among them.
    #[must_use]
    pub fn rank(&self, provider: &dyn Provider, config: &Config) -> Rank {
        let found = self.channels.iter().find_map(|(channel, routes)| {
            let routes = Some(routes).filter(|_| *channel == provider.channel())?;
            let at = routes.iter().position(|route| route.name == provider.name())?;
            Some(Rank { routes: Arc::clone(routes), at })
        });
        let alone = || {
            let alone = RankedProvider::of(provider.name(), 0, config);
            Rank { routes: Arc::new(vec![alone]), at: 0 }
        };
        found.unwrap_or_else(alone)
    }
}

impl Rank {
    /// From now on it takes what waits, where its turn comes.
    pub(super) fn begins(&self) {
        self.routes[self.at].is_at_work.store(true, Ordering::Relaxed);
    }

    /// Looks at, or changes, this one's breaker.
    pub(super) fn with_breaker<T>(&self, look: impl FnOnce(&mut Breaker) -> T) -> T {
        self.routes[self.at].with_breaker(look)
    }

    /// Whether it is the preferred one of those at work.
    pub(super) fn is_first(&self) -> bool {
        !self.routes[..self.at].iter().any(RankedProvider::is_at_work)
    }

    /// Whether a provider of this name serves the channel, or will.
    pub(super) fn knows(&self, name: &str) -> bool {
        self.routes.iter().any(|route| route.name == name)
    }

    /// Whether a provider before this one admits: that one takes what waits.
    pub(super) fn is_passed_over(&self, now: Moment) -> bool {
        let place = self.routes[self.at].place;
        let mut before = self.routes.iter().filter(|route| route.place < place);
        before.any(|route| route.stands(now) == Some(Gate::Admitting))
    }

    /// Whether another one takes what waits in place of this one.
    pub(super) fn another_admits(&self, now: Moment) -> bool {
        let others = self.routes.iter().enumerate().filter(|(at, _)| *at != self.at);
        others.map(|(_, route)| route).any(|route| route.stands(now) == Some(Gate::Admitting))
    }

    /// Whether the probe of one before this, or of one beside it, is due.
    pub(super) fn is_before_a_probe(&self, now: Moment) -> bool {
        let place = self.routes[self.at].place;
        let others = self.routes.iter().enumerate().filter(|(at, _)| *at != self.at);
        let mut others = others.map(|(_, route)| route).filter(|route| route.place <= place);
        others.any(|route| route.stands(now) == Some(Gate::Probing))
    }

    /// This one does not see an address: who of the same place may, as far as it is known. Where nobody else was told
    /// so of this delivery, all others are asked anew.
    pub(super) fn next_to_see(&self, address: &str, is_first: bool) -> Option<Arc<str>> {
        let mut hasher = DefaultHasher::new();
        address.hash(&mut hasher);
        let (address, own) = (hasher.finish(), &self.routes[self.at]);
        let beside = || self.routes.iter().filter(|it| it.place == own.place);
        if is_first {
            for route in beside() {
                route.unseen().remove(&address);
            }
        }
        own.note_unseen(address);
        let mut others = beside().filter(|it| it.is_at_work() && it.name != own.name);
        others.find(|it| !it.unseen().contains(&address)).map(|it| it.name.as_str().into())
    }

    pub(super) fn is_alone(&self) -> bool {
        self.routes.len() == 1
    }

    /// Takes out of what was picked one that is left to a preferred provider, for so long at most: the one that
    /// was left already, else the last. Never what is urgent, nor what is this one's alone.
    pub(super) fn leave_one(&self, picked: &mut Vec<Bundle>, now: Moment, at_most: Duration) {
        let left = &self.routes[self.at].left_to_probe;
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        let is_left = |it: &Bundle| left.is_some_and(|(id, _)| id == it.first.due.id);
        match (picked.iter().position(is_left), *left) {
            (Some(at), Some((_, since))) if since <= now && now < since + at_most => {
                picked.remove(at);
            }
            (Some(_), _) => *left = None,
            (None, _) => {
                let may_wait = |it: &Bundle| {
                    it.first.message.urgency != Urgency::Urgent
                        && !it.first.delivery.may_have_left()
                };
                let last = picked.iter().rposition(may_wait).map(|at| picked.remove(at));
                *left = last.map(|it| (it.first.due.id, now));
            }
        }
    }
}

impl RankedProvider {
    fn of(name: &str, place: usize, config: &Config) -> Self {
        Self {
            name: name.to_owned(),
            place,
            is_at_work: AtomicBool::new(false),
            breaker: Mutex::new(Breaker::new(config.breaker.clone())),
            left_to_probe: Mutex::default(),
            unseen: Mutex::default(),
        }
    }

    fn note_unseen(&self, address: u64) {
        let mut unseen = self.unseen();
        if unseen.len() >= UNSEEN {
            unseen.clear();
        }
        unseen.insert(address);
    }

    fn unseen(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.unseen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with_breaker<T>(&self, look: impl FnOnce(&mut Breaker) -> T) -> T {
        look(&mut self.breaker.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn is_at_work(&self) -> bool {
        self.is_at_work.load(Ordering::Relaxed)
    }

    /// Its gate, once it is at work.
    fn stands(&self, now: Moment) -> Option<Gate> {
        self.is_at_work().then(|| self.with_breaker(|breaker| breaker.gate(now)))
    }
}
