//! Carries what is due to one provider: claim, plan within its rates, make the start durable, call,
//! settle. One dispatcher a provider, so that a blocked channel never starves another; where several serve a
//! channel, each in its place (`routes`).

mod attempt;
mod breaker;
mod bundle;
mod bundling;
mod by_rank;
mod circular;
mod denials;
mod gate;
mod in_flight;
mod lease;
mod leaving;
mod ledger;
mod outcomes;
mod planning;
mod planning_pace;
mod recalls;
mod retry;
mod routes;
mod spacing;
mod strangers;
mod timetable;
mod write_down;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use crate::channel::Channel;
use crate::clock::{Clock, Moment};
use crate::config;
use crate::delivery::FailureKind;
use crate::delivery::lifecycle::{DeliveryEvent, DeliveryState};
use crate::providers::{Provider, WhenUnknown};
use crate::queue::{Claimed, Outcome, Queue, Started};
use crate::render::Renderer;
use crate::settings::Pace;
use crate::stop::Stop;
use crate::store::attempts::{Attempt, AttemptOutcome};
use crate::store::deliveries::Claim;
use crate::store::{StoreError, Tx, rates};

pub use breaker::{Breaker, Evidence, Gate};
use bundle::Bundle;
use denials::Denials;
use in_flight::InFlight;
use outcomes::Outcomes;
use planning_pace::PlanningPace;

pub use ledger::{HORIZON, Ledger, batch};
pub use retry::retry_at;
pub use routes::{Rank, Routes};
pub use spacing::Spacing;

/// Claimed at a time when nothing limits the rate.
const CLAIM: usize = 256;
/// One call in so many may be a question.
const QUESTIONS: usize = 4;

/// What carries one provider's deliveries.
pub struct Dispatcher {
    queue: Queue,
    provider: Arc<dyn Provider>,
    /// Among those of its channel.
    rank: Rank,
    renderer: Arc<Renderer>,
    pace: Pace,
    /// Under which name what leaves is counted.
    account: String,
    spacing: Spacing,
    planning_pace: Mutex<PlanningPace>,
    /// One for each attempt from its start to the end of its call. Without a rate there are twice as
    /// many as calls may run at once: the next are started while those run.
    slots: Arc<Semaphore>,
    /// As many as calls may run at once.
    calls: Semaphore,
    /// As many as questions about lost answers may be open at once: a few, so that those that are not
    /// answered do not hold up what leaves.
    questions: Arc<Semaphore>,
    in_flight: InFlight,
    outcomes: Outcomes,
    denials: Mutex<Denials>,
    settings: config::DispatchSettings,
    slow_after: Duration,
    /// The longest that something urgent waits at a provider's wish.
    longest_pause: Duration,
    clock: Clock,
}

/// What a round came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Nothing could start.
    Nothing,
    /// Nothing is claimed before then: what may leave was started, or nothing may.
    Again(Instant),
}

impl Dispatcher {
    /// A dispatcher for this provider, in its place.
    #[must_use]
    pub fn new(
        queue: Queue,
        (provider, rank): (Arc<dyn Provider>, Rank),
        renderer: Arc<Renderer>,
        pace: Pace,
        config: &config::Config,
        clock: Clock,
    ) -> Arc<Self> {
        let own = || rates::own_account(queue.school(), provider.name());
        Arc::new(Self {
            account: pace.account.clone().unwrap_or_else(own),
            spacing: Spacing::new(pace.per_second),
            planning_pace: Mutex::new(PlanningPace::new()),
            slots: Arc::new(Semaphore::new(started_at_once(&pace))),
            calls: Semaphore::new(at_once(&pace)),
            questions: Arc::new(Semaphore::new(at_once(&pace).div_ceil(QUESTIONS))),
            in_flight: InFlight::default(),
            outcomes: Outcomes::default(),
            denials: Mutex::default(),
            longest_pause: config.breaker.longest_pause.0,
            settings: config.dispatch.clone(),
            slow_after: config.breaker.slow_after.0,
            queue,
            provider,
            rank,
            renderer,
            pace,
            clock,
        })
    }

    /// Works until `stop` is given, then lets the attempts under way end; for as long as their leases
    /// last, beyond which the next start takes them for lost answers.
    pub async fn run(self: Arc<Self>, stop: Stop) {
        let mut under_way = JoinSet::new();
        self.know_seal(&stop).await;
        self.rank.begins();
        if self.rank.is_first() {
            self.release_from_strangers().await;
        }
        let (mut look_at, mut again_at) = (Instant::now(), Instant::now());
        while !stop.is_given() {
            if look_at <= Instant::now() {
                self.look(&mut under_way).await;
                look_at = Instant::now() + self.settings.look_every.0;
            }
            let round = match Instant::now() {
                now if now < again_at => Round::Again(again_at),
                _ => self.round(&mut under_way).await,
            };
            while under_way.try_join_next().is_some() {}
            let next_look = match round {
                Round::Again(at) => {
                    again_at = at;
                    at.min(look_at)
                }
                Round::Nothing => look_at,
            };
            tokio::select! {
                biased; // the same every time: a simulation replays
                () = stop.given() => {}
                () = tokio::time::sleep_until(next_look) => {}
                () = self.queue.woken(self.settings.look_every.0), if round == Round::Nothing => {}
                Some(_) = under_way.join_next(), if round == Round::Nothing => {}
            }
            tokio::select! {
                biased;
                () = stop.given() => {}
                () = self.wait_for_room(&mut under_way) => {}
            }
        }
        self.outcomes.close();
        let all_end = async { while under_way.join_next().await.is_some() {} };
        if timeout(self.settings.lease.0, all_end).await.is_err() {
            tracing::error!("Some results were not written down; the next start looks into them.");
        }
    }

    /// Before anything leaves: an e-mail has one Message-ID, at its second try as well.
    async fn know_seal(&self, stop: &Stop) {
        while self.provider.channel() == Channel::Email && !stop.is_given() {
            let Err(error) = self.queue.seal_key().await else { return };
            tracing::error!(%error, "Cannot read what references are sealed with.");
            self.queue.woken(self.settings.look_every.0).await;
        }
    }

    /// Looks at what no wake-up tells: other daemons' breakers, leases, lost answers.
    async fn look(self: &Arc<Self>, under_way: &mut JoinSet<()>) {
        let probes = self.gate() == Gate::Probing && self.is_calling();
        if !probes {
            self.let_urgent_probe().await;
            self.share_gate().await;
        }
        self.see_to_unknown(under_way).await;
    }

    /// Starts what may start now.
    async fn round(self: &Arc<Self>, under_way: &mut JoinSet<()>) -> Round {
        let room = self.slots.available_permits();
        let gate = self.gate();
        let most = match gate {
            Gate::Admitting if self.pace.is_limiting() => room.min(self.batch()),
            Gate::Admitting => room.min(CLAIM),
            Gate::Probing if !self.is_calling() => 1,
            Gate::Probing | Gate::Refusing { .. } => 0,
        };
        let is_probe = gate == Gate::Probing;
        if most == 0 {
            return Round::Nothing;
        }
        if is_probe || self.pace.is_limiting() {
            return self.start_planned(most, is_probe, under_way).await;
        }
        self.start_at_once(most, under_way).await
    }

    /// Claims and starts in one transaction: no rate makes anybody wait in between.
    async fn start_at_once(self: &Arc<Self>, most: usize, under_way: &mut JoinSet<()>) -> Round {
        let now = self.clock.now();
        let (this, claim) = (Arc::clone(self), self.claim(now, most));
        let work = move |tx: &Tx<'_>| {
            let circumstances = this.queue.circumstances(tx, now)?;
            let bundles = this.pick_bundles(tx, &claim, &circumstances, most)?;
            let picked = bundles.into_iter().flat_map(Bundle::into_members).collect();
            this.queue.start_in(tx, picked, &claim, &circumstances)
        };
        let started = match self.queue.store().write(work).await {
            Ok(Started { claimed, climbed }) => {
                if climbed {
                    self.queue.wake();
                }
                Bundle::of_started(claimed)
            }
            Err(error) => {
                tracing::error!(%error, "Cannot start attempts; nothing was sent.");
                Vec::new()
            }
        };
        let none = started.is_empty();
        for bundle in started {
            let flights = self.in_flight.take_up(&bundle);
            // Only this loop takes slots, and never more than were free.
            let slot = Arc::clone(&self.slots).try_acquire_owned().ok();
            let this = Arc::clone(self);
            under_way.spawn(async move {
                let parcel = this.parcel(&bundle);
                this.attempt(bundle, parcel, now, slot, flights).await;
            });
        }
        if none { Round::Nothing } else { Round::Again(Instant::now()) }
    }

    fn claim(&self, now: Moment, most: usize) -> Claim {
        let (channel, carrier) = (self.provider.channel(), self.provider.name().into());
        Claim { channel, carrier, now, lease_ends: now + self.settings.lease.0, most }
    }

    /// Leases that ran out while an attempt was under way, and lost answers that can be asked for.
    async fn see_to_unknown(self: &Arc<Self>, under_way: &mut JoinSet<()>) {
        match self.lapsed().await {
            Ok(lapsed) if lapsed.is_empty() => {}
            Ok(lapsed) => {
                let detail = "no outcome before the lease ended";
                let now = self.clock.now();
                let outcomes =
                    lapsed.iter().map(|claimed| self.unknown(claimed, now, detail)).collect();
                let this = Arc::clone(self);
                under_way.spawn(async move { this.write_down(outcomes).await });
            }
            Err(error) => tracing::error!(%error, "Cannot look for lapsed leases."),
        }
        if self.rank.is_first() {
            self.see_off_strangers().await;
        }
        // A question does no harm while a probe is due, and nothing else may be there to probe with.
        let may_ask = !matches!(self.gate(), Gate::Refusing { .. });
        if self.provider.when_unknown() != WhenUnknown::Ask || !may_ask {
            return;
        }
        let claim = self.claim(self.clock.now(), self.questions.available_permits());
        match self.queue.claim(DeliveryState::Uncertain, claim).await {
            Ok(uncertain) => {
                for call in Bundle::of_calls(uncertain) {
                    // Only this loop takes them, and never more than were free.
                    let question = Arc::clone(&self.questions).try_acquire_owned().ok();
                    under_way.spawn(Arc::clone(self).ask_and_write_down(call, question));
                }
            }
            Err(error) => tracing::error!(%error, "Cannot look for lost answers."),
        }
    }

    /// Attempts whose lease ran out. What is still in flight here has only seen the machine's clock
    /// put forward: the claim gave it another lease.
    async fn lapsed(&self) -> Result<Vec<Claimed>, StoreError> {
        let claim = self.claim(self.clock.now(), CLAIM);
        let mut lapsed = self.queue.claim(DeliveryState::Sending, claim).await?;
        lapsed.retain(|claimed| !self.in_flight.holds(claimed.due.id));
        Ok(lapsed)
    }

    /// Whether something was started whose call has not ended yet.
    fn is_calling(&self) -> bool {
        self.slots.available_permits() < started_at_once(&self.pace)
    }

    /// Waits until another call may start, and while more outcomes wait to be written down than the
    /// store can bear.
    async fn wait_for_room(&self, under_way: &mut JoinSet<()>) {
        while under_way.len() >= self.at_once().saturating_mul(3) {
            under_way.join_next().await;
        }
        let _free_again_at_once = self.slots.acquire_many(self.batch_of_starts()).await;
    }

    fn at_once(&self) -> usize {
        at_once(&self.pace)
    }

    /// How many slots are awaited before more is started: without a rate, enough for one commit to
    /// start several, while as many wait for their turn.
    fn batch_of_starts(&self) -> u32 {
        let ahead = started_at_once(&self.pace) - self.at_once();
        u32::try_from((ahead / 2).max(1)).unwrap_or(u32::MAX)
    }

    fn attempt_record(&self, started_at: Moment, outcome: AttemptOutcome, detail: &str) -> Attempt {
        Attempt {
            provider: self.provider.name().to_owned(),
            started_at,
            ended_at: self.clock.now(),
            outcome,
            detail: detail.to_owned(),
        }
    }
}

fn at_once(pace: &Pace) -> usize {
    usize::try_from(pace.at_once.max(1)).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS / 2)
}

/// What a rate lets leave is started one by one for its moment; everything else a little ahead, so that
/// no connection waits for the disk.
fn started_at_once(pace: &Pace) -> usize {
    if pace.is_limiting() { at_once(pace) } else { (at_once(pace) * 2).min(Semaphore::MAX_PERMITS) }
}

fn outcome(claimed: &Claimed, event: DeliveryEvent, attempt: Attempt) -> Outcome {
    Outcome { attempt: Some(attempt), ..Outcome::of(claimed.due, event) }
}

/// It did not leave, and waits again from then on: that is no attempt. The gate alone says for how long,
/// since it may open earlier than it said.
fn called_off(bundle: &Bundle, until: Moment) -> Vec<Outcome> {
    let event = DeliveryEvent::Failed { kind: FailureKind::Unreachable, retry_at: Some(until) };
    bundle.members().map(|it| without_attempt(it, event)).collect()
}

fn without_attempt(claimed: &Claimed, event: DeliveryEvent) -> Outcome {
    Outcome::of(claimed.due, event)
}
