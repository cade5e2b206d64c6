//! Carries what is due to one provider: claim, wait for the rate, make the start durable, call,
//! settle. One dispatcher a provider, so that a blocked channel never starves another.

mod attempt;
mod breaker;
mod limiter;
mod retry;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::clock::{Clock, Moment};
use crate::config::{self, Pace};
use crate::delivery::lifecycle::{DeliveryState, Happening};
use crate::providers::{Provider, WhenUnknown};
use crate::queue::{Claimed, Outcome, Queue};
use crate::render::Renderer;
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::deliveries::Attempt;
use crate::store::gates::{self, Gate as KeptGate};

pub use breaker::{Breaker, Gate, Heard};
pub use limiter::Limiter;
pub use retry::retry_at;

/// Claimed at a time when nothing limits the rate.
const CLAIM: usize = 256;
/// When a result cannot be written, the wait before trying again.
const STORE_PAUSE: Duration = Duration::from_millis(500);

/// What carries one provider's deliveries.
pub struct Dispatcher {
    queue: Queue,
    provider: Arc<dyn Provider>,
    renderer: Arc<Renderer>,
    pace: Pace,
    limiter: Limiter,
    /// As many as calls may run at once. A slot is free again when its call has ended, so that the
    /// next call runs while the outcome of the last one is written down.
    slots: Arc<Semaphore>,
    breaker: Mutex<Breaker>,
    settings: config::Dispatch,
    slow_after: Duration,
    clock: Clock,
}

impl Dispatcher {
    /// A dispatcher for this provider.
    #[must_use]
    pub fn new(
        queue: Queue,
        provider: Arc<dyn Provider>,
        renderer: Arc<Renderer>,
        pace: Pace,
        config: &config::Config,
        clock: Clock,
    ) -> Arc<Self> {
        Arc::new(Self {
            queue,
            provider,
            renderer,
            pace,
            limiter: Limiter::new(pace),
            slots: Arc::new(Semaphore::new(at_once(pace))),
            breaker: Mutex::new(Breaker::new(config.breaker.clone())),
            settings: config.dispatch.clone(),
            slow_after: config.breaker.slow_after.0,
            clock,
        })
    }

    /// Works until `stop` is given, then lets the attempts under way end.
    pub async fn run(self: Arc<Self>, stop: Stop) {
        self.keep_gate(self.gate()).await;
        let mut under_way = JoinSet::new();
        let mut look_at = self.clock.now();
        while !stop.is_given() {
            if look_at <= self.clock.now() {
                self.see_to_unknown().await;
                look_at = self.clock.now() + self.settings.look_every.0;
            }
            let started = self.round(&stop, &mut under_way).await;
            while under_way.try_join_next().is_some() {}
            if started == 0 {
                tokio::select! {
                    () = stop.given() => {}
                    () = self.queue.woken(self.settings.look_every.0) => {}
                    Some(_) = under_way.join_next() => {}
                }
            }
            self.wait_for_room(&mut under_way).await;
        }
        while under_way.join_next().await.is_some() {}
    }

    /// Starts what may start now; how many attempts that were.
    async fn round(self: &Arc<Self>, stop: &Stop, under_way: &mut JoinSet<()>) -> usize {
        let room = self.slots.available_permits();
        let most = match self.gate() {
            Gate::Admitting if self.limiter.is_limiting() => room.min(self.per_second()),
            Gate::Admitting => room.min(CLAIM),
            Gate::Probing if under_way.is_empty() => 1,
            Gate::Probing | Gate::Refusing { .. } => 0,
        };
        if most == 0 {
            return 0;
        }
        if !self.limiter.is_limiting() {
            return self.start_at_once(most, under_way).await;
        }
        match self.claim(DeliveryState::Waiting, most).await {
            Ok(claimed) => self.start_at_pace(claimed, stop, under_way).await,
            Err(error) => {
                tracing::error!(%error, "Cannot claim deliveries.");
                0
            }
        }
    }

    /// Claims and starts in one transaction: no rate makes anybody wait in between.
    async fn start_at_once(self: &Arc<Self>, most: usize, under_way: &mut JoinSet<()>) -> usize {
        let now = self.clock.now();
        let (channel, lease_ends) = (self.provider.channel(), now + self.settings.lease.0);
        let started = self.queue.claim_and_start(channel, now, lease_ends, most).await;
        self.attempt_all(started, now, under_way)
    }

    /// Starts one after the other, each when the rate allows it. When the breaker trips on the way,
    /// or the daemon stops, the rest is put back: that is no attempt.
    async fn start_at_pace(
        self: &Arc<Self>,
        claimed: Vec<Claimed>,
        stop: &Stop,
        under_way: &mut JoinSet<()>,
    ) -> usize {
        let mut started = 0;
        let mut rest = claimed.into_iter();
        while let Some(next) = rest.next() {
            let admitted = tokio::select! {
                () = self.limiter.admit(self.cost(&next)) => true,
                () = stop.given() => false,
            };
            let put_back_until = match self.gate() {
                _ if !admitted => self.clock.now(),
                Gate::Refusing { until } => until,
                Gate::Admitting | Gate::Probing => {
                    started += self.start(next, under_way).await;
                    continue;
                }
            };
            let unstarted: Vec<Claimed> = std::iter::once(next).chain(rest).collect();
            if let Err(error) = self.queue.defer(&unstarted, put_back_until).await {
                tracing::error!(%error, "Cannot put deliveries back; their lease will.");
            }
            break;
        }
        started
    }

    async fn start(self: &Arc<Self>, claimed: Claimed, under_way: &mut JoinSet<()>) -> usize {
        let now = self.clock.now();
        let started = self.queue.start(vec![claimed], now, now + self.settings.lease.0).await;
        self.attempt_all(started, now, under_way)
    }

    fn attempt_all(
        self: &Arc<Self>,
        started: Result<Vec<Claimed>, StoreError>,
        now: Moment,
        under_way: &mut JoinSet<()>,
    ) -> usize {
        let started = started.unwrap_or_else(|error| {
            tracing::error!(%error, "Cannot start attempts; nothing was sent.");
            Vec::new()
        });
        let count = started.len();
        for claimed in started {
            // Only this loop takes slots, and never more than were free.
            let slot = Arc::clone(&self.slots).try_acquire_owned().ok();
            under_way.spawn(Arc::clone(self).attempt(claimed, now, slot));
        }
        count
    }

    /// Leases that ran out while an attempt was under way, and lost answers that can be asked for.
    async fn see_to_unknown(self: &Arc<Self>) {
        match self.claim(DeliveryState::Sending, CLAIM).await {
            Ok(lapsed) if lapsed.is_empty() => {}
            Ok(lapsed) => {
                let detail = "no outcome before the lease ended";
                let now = self.clock.now();
                let outcomes =
                    lapsed.iter().map(|claimed| self.unknown(claimed, now, detail)).collect();
                self.write_down(outcomes).await;
            }
            Err(error) => tracing::error!(%error, "Cannot look for lapsed leases."),
        }
        if self.provider.when_unknown() != WhenUnknown::Ask || self.gate() != Gate::Admitting {
            return;
        }
        match self.claim(DeliveryState::Uncertain, self.at_once()).await {
            Ok(uncertain) => {
                let asks = uncertain.iter().map(|claimed| self.ask(claimed));
                let outcomes: Vec<Outcome> =
                    futures_util::future::join_all(asks).await.into_iter().collect();
                if !outcomes.is_empty() {
                    self.write_down(outcomes).await;
                }
            }
            Err(error) => tracing::error!(%error, "Cannot look for lost answers."),
        }
    }

    /// Waits until another call may start, and while more outcomes wait to be written down than the
    /// store can bear.
    async fn wait_for_room(&self, under_way: &mut JoinSet<()>) {
        while under_way.len() >= self.at_once().saturating_mul(2) {
            under_way.join_next().await;
        }
        let _free_again_at_once = self.slots.acquire().await;
    }

    /// Writes outcomes down, again and again until it is done: what was sent must not be forgotten,
    /// and nothing new starts meanwhile.
    async fn write_down(&self, outcomes: Vec<Outcome>) {
        loop {
            match self.queue.settle(outcomes.clone(), self.clock.now()).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::error!(%error, "Cannot write results down; trying again.");
                    tokio::time::sleep(STORE_PAUSE).await;
                }
            }
        }
    }

    async fn claim(&self, state: DeliveryState, most: usize) -> Result<Vec<Claimed>, StoreError> {
        let now = self.clock.now();
        let lease_ends = now + self.settings.lease.0;
        self.queue.claim(self.provider.channel(), state, now, lease_ends, most).await
    }

    fn gate(&self) -> Gate {
        let now = self.clock.now();
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner).gate(now)
    }

    /// Tells the breaker, and keeps its gate when that changed.
    async fn hear(&self, heard: Heard, reason: &str) {
        let now = self.clock.now();
        let change = {
            let mut breaker = self.breaker.lock().unwrap_or_else(PoisonError::into_inner);
            let before = breaker.gate(now);
            let after = breaker.hear(heard, now, fastrand::f64());
            (before != after).then_some(after)
        };
        if let Some(gate) = change {
            let provider = self.provider.name();
            tracing::warn!(provider, gate = gate.as_str(), reason, "The breaker changed.");
            self.keep_gate_with(gate, reason).await;
        }
    }

    async fn keep_gate(&self, gate: Gate) {
        self.keep_gate_with(gate, "").await;
    }

    async fn keep_gate_with(&self, gate: Gate, reason: &str) {
        let kept = KeptGate {
            provider: self.provider.name().to_owned(),
            channel: self.provider.channel(),
            state: gate.as_str().to_owned(),
            until: if let Gate::Refusing { until } = gate { Some(until) } else { None },
            reason: reason.to_owned(),
            changed_at: self.clock.now(),
        };
        let school = self.queue.school().clone();
        let written = self.queue.store().write(move |tx| gates::put(tx, &school, &kept)).await;
        if let Err(error) = written {
            tracing::error!(%error, "Cannot keep the state of a provider.");
        }
    }

    fn at_once(&self) -> usize {
        at_once(self.pace)
    }

    fn per_second(&self) -> usize {
        let per_second = match (self.pace.per_second, self.pace.per_minute) {
            (0, per_minute) => per_minute.div_ceil(60),
            (per_second, _) => per_second,
        };
        usize::try_from(per_second.max(1)).unwrap_or(usize::MAX)
    }

    /// What the provider counts: segments of an SMS, otherwise messages.
    fn cost(&self, claimed: &Claimed) -> u32 {
        self.renderer.cost(&claimed.message, &claimed.recipient, self.provider.channel())
    }

    fn attempt_record(&self, started_at: Moment, outcome: &'static str, detail: &str) -> Attempt {
        Attempt {
            provider: self.provider.name().to_owned(),
            started_at,
            ended_at: self.clock.now(),
            outcome,
            detail: detail.to_owned(),
        }
    }
}

fn at_once(pace: Pace) -> usize {
    usize::try_from(pace.at_once.max(1)).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS)
}

fn outcome(claimed: &Claimed, happening: Happening, attempt: Attempt) -> Outcome {
    Outcome { due: claimed.due, happening, attempt: Some(attempt), provider_ref: None }
}
