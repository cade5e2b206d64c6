//! What starts under an allowance, or as a probe: one transaction picks, plans the departures in
//! the account's ledger, and makes the starts durable; then each one leaves at its moment. So what
//! left is counted before it leaves, across restarts and for every daemon that shares the account.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::attempt::TURN;
use super::in_flight::Flight;
use super::ledger::{self, HORIZON, Ledger, URGENT_LOOK};
use super::retry::spread;
use super::{Dispatcher, Gate, Round, called_off};
use crate::clock::Moment;
use crate::delivery::{Envelope, SendError};
use crate::message::Urgency;
use crate::people::ContactPoint;
use crate::queue::{Circumstances, Claimed};
use crate::store::deliveries::Claim;
use crate::store::{StoreError, Tx, rates};

/// The next departures are planned this long before the last one planned, at most.
const AHEAD: Duration = Duration::from_millis(50);
/// How long a full window is believed without another look: a clock may jump, a machine may sleep.
const FULL: Duration = Duration::from_secs(10);

/// Longer than that, what keeping a plan takes is not provided for.
const LONGEST_KEEPING: Duration = Duration::from_secs(2);

/// What the next plan goes by.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanningPace {
    /// When the next departure may be planned, as far as the spacing goes.
    free_at: Instant,
    /// How long it takes from the opening of a ledger until the plan is durable: nothing can leave before.
    keeping_takes: Duration,
}

/// What became of one that could not leave in time.
enum Anew {
    /// It leaves then, counted from there.
    Leaves(Instant, Departure),
    /// The windows are full for so long.
    Full(Duration),
}

/// What one transaction came to.
enum Planned {
    /// Nothing is due.
    Nothing,
    /// Nothing may leave for so long.
    Full(Duration),
    /// Another daemon probes.
    Probed,
    /// These leave, one after the other.
    Leaving(Leaving),
}

struct Leaving {
    all: Vec<Start>,
    /// How long the ledger was waited for: departures are counted from then on.
    waited: Duration,
    /// Until when this daemon had planned before, and has planned now, counted as departures are.
    lead: Duration,
    free: Duration,
    /// Others climbed in place of being sent.
    climbed: bool,
}

/// One that starts.
struct Start {
    claimed: Claimed,
    envelope: Result<Envelope, SendError>,
    /// None for what cannot be rendered: it uses nothing of any rate, and nobody waits for it.
    departure: Option<Departure>,
}

/// What fits into the allowance now.
struct Fitted {
    fitting: Vec<Start>,
    /// How urgent the first of the rest is, and in how long it may leave.
    left: Option<(Urgency, Duration)>,
}

/// When one leaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Departure {
    /// So long after the ledger was opened.
    after: Duration,
    /// The moment in the ledger.
    at: Moment,
    cost: u32,
}

impl Dispatcher {
    /// Starts up to `most` that may leave now or within [`HORIZON`].
    pub(super) async fn start_planned(
        self: &Arc<Self>,
        most: usize,
        is_probe: bool,
        under_way: &mut JoinSet<()>,
    ) -> Round {
        let (begun, now) = (Instant::now(), self.clock.now());
        let lead = self.outlook().lead(begun);
        let this = Arc::clone(self);
        let work = move |tx: &Tx<'_>| this.plan(tx, now, lead, most, is_probe);
        match self.queue.store().write(work).await {
            Ok(Planned::Nothing) => Round::Nothing,
            Ok(Planned::Full(span)) => Round::Again(begun + span.min(FULL)),
            Ok(Planned::Probed) => {
                self.share_gate().await;
                Round::Nothing
            }
            Ok(Planned::Leaving(leaving)) => {
                let begun = begun + leaving.waited.min(begun.elapsed());
                self.let_leave(leaving, begun, now, under_way)
            }
            Err(error) => {
                tracing::error!(%error, "Cannot start attempts; nothing was sent.");
                Round::Nothing
            }
        }
    }

    fn plan(
        &self,
        tx: &Tx<'_>,
        now: Moment,
        lead: Duration,
        most: usize,
        is_probe: bool,
    ) -> Result<Planned, StoreError> {
        let claim = self.claim(now, most);
        let circumstances = self.queue.circumstances(tx, now)?;
        let picked = if is_probe {
            let soon = spread(&self.settings.retry);
            let reluctance = |to: &ContactPoint| self.denials().reluctance(to.value());
            let picked = self.queue.pick_to_probe(tx, &claim, soon, &circumstances, reluctance)?;
            let may_fail = |it: &Claimed| it.message.urgency != Urgency::Urgent;
            Vec::from_iter(picked.filter(|it| may_fail(it) || !self.another_admits()))
        } else {
            let mut picked = self.queue.pick_in(tx, &claim, &circumstances)?;
            self.leave_one_to_probe(&mut picked, now);
            picked
        };
        if picked.is_empty() {
            return Ok(Planned::Nothing);
        }
        let mut plan = self.open_plan(tx, now, lead)?;
        let picked = plan.let_urgent_pass(picked);
        let Some(first) = picked.first() else { return Ok(Planned::Full(URGENT_LOOK)) };
        if let Err(wait) = plan.has_room() {
            let urgency = first.message.urgency;
            return self.full(tx, plan, urgency, wait, now);
        }
        let Fitted { fitting, left } = self.fit(picked, &mut plan);
        if fitting.is_empty() {
            let Some((urgency, wait)) = left else { return Ok(Planned::Nothing) };
            return self.full(tx, plan, urgency, wait, now);
        }
        if left.is_some_and(|(urgency, _)| self.keeps_for(urgency)) {
            plan.ledger.keep_for_urgent();
        }
        let probes = is_probe && will_call(&fitting);
        if probes && !self.take_probe(tx, now)? {
            return Ok(Planned::Probed);
        }
        if let Some(Ok(envelope)) = fitting.first().map(|it| &it.envelope).filter(|_| probes) {
            self.denials().probed_with(envelope.to.value());
        }
        let leaving = self.start_as_planned(tx, &claim, &circumstances, fitting, plan)?;
        if probes && !will_call(&leaving.all) {
            self.give_back_probe(tx, now)?;
        }
        Ok(Planned::Leaving(leaving))
    }

    /// Nothing of this one's may leave for so long. What is urgent asks those who share the account to
    /// keep for it what becomes free.
    fn full(
        &self,
        tx: &Tx<'_>,
        mut plan: Timetable,
        urgency: Urgency,
        wait: Duration,
        now: Moment,
    ) -> Result<Planned, StoreError> {
        if !self.keeps_for(urgency) {
            return Ok(Planned::Full(wait));
        }
        plan.ledger.keep_for_urgent();
        rates::put(tx, &self.account, &plan.ledger.write(), now)?;
        Ok(Planned::Full(wait.min(URGENT_LOOK)))
    }

    fn keeps_for(&self, urgency: Urgency) -> bool {
        urgency == Urgency::Urgent && self.pace.account.is_some()
    }

    /// Renders each and plans its departure, in their order, until one does not fit: that one and the
    /// rest stay as they are.
    fn fit(&self, picked: Vec<Claimed>, plan: &mut Timetable) -> Fitted {
        let mut fitting = Vec::with_capacity(picked.len());
        for claimed in picked {
            let envelope = self.envelope(&claimed);
            let Ok(cost) = envelope.as_ref().map(|it| it.content.units()) else {
                fitting.push(Start { claimed, envelope, departure: None });
                continue;
            };
            match plan.take(cost, self.spacing.period(), self.spacing.units(cost)) {
                Ok(departure) => {
                    fitting.push(Start { claimed, envelope, departure: Some(departure) });
                }
                Err(wait) => {
                    return Fitted { fitting, left: Some((claimed.message.urgency, wait)) };
                }
            }
        }
        Fitted { fitting, left: None }
    }

    /// Makes the starts durable, and the ledger.
    fn start_as_planned(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
        circumstances: &Circumstances,
        fitting: Vec<Start>,
        mut plan: Timetable,
    ) -> Result<Leaving, StoreError> {
        let (mut ready, mut claimed) = (HashMap::new(), Vec::new());
        for start in fitting {
            ready.insert(start.claimed.due.id, (start.envelope, start.departure));
            claimed.push(start.claimed);
        }
        let started = self.queue.start_in(tx, claimed, claim, circumstances)?;
        let leaving = |claimed: Claimed| {
            let (mut envelope, departure) = ready.remove(&claimed.due.id)?;
            // What a digest holds is certain when it starts.
            if claimed.message.is_digest() {
                envelope = self.envelope(&claimed);
            }
            Some(Start { claimed, envelope, departure })
        };
        let all = started.claimed.into_iter().filter_map(leaving).collect();
        // Those that are no longer wanted do not leave.
        for unused in ready.into_values().filter_map(|(_, departure)| departure) {
            plan.ledger.give_back(unused.at, unused.cost);
        }
        if self.pace.is_limiting() {
            rates::put(tx, &self.account, &plan.ledger.write(), claim.now)?;
        }
        let Timetable { waited, lead, free, .. } = plan;
        Ok(Leaving { all, waited, lead, free, climbed: started.climbed })
    }

    fn open_plan(&self, tx: &Tx<'_>, now: Moment, lead: Duration) -> Result<Timetable, StoreError> {
        let mut ledger = Ledger::default();
        if self.pace.is_limiting() {
            ledger = Ledger::read(&rates::lock(tx, &self.account, now)?).unwrap_or_else(|| {
                tracing::error!("The ledger of the rates cannot be read; counting starts anew.");
                Ledger::default()
            });
        }
        // Read once the ledger is this one's: what others wrote into it is past by then.
        let time = tx.time(|| self.clock.now())?;
        let waited = self.clock.now().since(now);
        let (time, limits) = (ledger.tell(time), self.pace.limits());
        let lead = lead.saturating_sub(waited).max(self.outlook().keeping());
        Ok(Timetable { limits, ledger, time, waited, lead, free: lead, is_first: true })
    }

    fn let_leave(
        self: &Arc<Self>,
        leaving: Leaving,
        begun: Instant,
        started_at: Moment,
        under_way: &mut JoinSet<()>,
    ) -> Round {
        if leaving.climbed {
            self.queue.wake();
        }
        self.look_ahead(|outlook| {
            outlook.free_at = begun + leaving.free;
            outlook.heard(begun.elapsed());
        });
        for start in leaving.all {
            let flight = self.in_flight.take_up(start.claimed.due.id);
            // Only this loop takes slots, and never more than were free.
            let slot = Arc::clone(&self.slots).try_acquire_owned().ok();
            let this = Arc::clone(self);
            under_way.spawn(this.leave(start, begun, started_at, slot, flight));
        }
        let ahead = AHEAD.max(self.outlook().keeping());
        let ahead = (leaving.free.saturating_sub(leaving.lead) / 2).min(ahead);
        Round::Again(begun + leaving.free.saturating_sub(ahead))
    }

    /// Each leaves at its moment, counted from `begun`; one that missed it, at another, as long as its lease
    /// leaves time for the call. A breaker that refuses by then calls it off.
    async fn leave(
        self: Arc<Self>,
        Start { claimed, envelope, mut departure }: Start,
        mut begun: Instant,
        started_at: Moment,
        slot: Option<OwnedSemaphorePermit>,
        flight: Flight,
    ) {
        let until = begun + self.settings.lease.0.mul_f64(TURN);
        let mut is_spaced = false;
        while let Some(planned) = departure {
            let leaves_at = begun + planned.after;
            if !is_spaced {
                let lead = self.spacing.lead(planned.cost);
                tokio::time::sleep_until(begun + planned.after.saturating_sub(lead)).await;
                if !self.is_late(leaves_at) {
                    self.spacing.pass(planned.cost).await;
                    is_spaced = true;
                }
            }
            tokio::time::sleep_until(leaves_at).await;
            if let Gate::Refusing { .. } = self.gate() {
                drop(slot);
                return self.call_off(claimed, planned, self.clock.now()).await;
            }
            if !self.is_late(leaves_at) {
                break;
            }
            let wait = match self.plan_anew(planned).await {
                Ok(Anew::Leaves(from, anew)) if from < until => {
                    (begun, departure) = (from, Some(anew));
                    continue;
                }
                Ok(Anew::Leaves(_, anew)) => {
                    drop(slot);
                    return self.call_off(claimed, anew, self.clock.now()).await;
                }
                Ok(Anew::Full(wait)) => wait,
                Err(error) => {
                    tracing::error!(%error, "Cannot plan anew what is late; it waits again.");
                    Duration::ZERO
                }
            };
            drop(slot);
            return self.call_off(claimed, planned, self.clock.now() + wait).await;
        }
        let left_at = self.clock.now().max(started_at);
        self.attempt(claimed, envelope, left_at, slot, flight).await;
    }

    /// Whether a call planned for then would be counted where it is not.
    fn is_late(&self, planned: Instant) -> bool {
        self.pace.is_limiting() && planned.elapsed() > ledger::tolerance(self.pace.limits())
    }

    /// Another moment for one that missed its own, which no window counts any more: it would hold less than
    /// leaves in it.
    async fn plan_anew(self: &Arc<Self>, missed: Departure) -> Result<Anew, StoreError> {
        let (begun, now) = (Instant::now(), self.clock.now());
        let this = Arc::clone(self);
        let work = move |tx: &Tx<'_>| {
            let mut plan = this.open_plan(tx, now, Duration::ZERO)?;
            plan.ledger.give_back(missed.at, missed.cost);
            // Its spacing is seen to right before the call.
            let taken = plan.take(missed.cost, Duration::ZERO, 1);
            if taken.is_ok() {
                rates::put(tx, &this.account, &plan.ledger.write(), now)?;
            }
            Ok((taken, plan.waited))
        };
        let (taken, waited) = self.queue.store().write(work).await?;
        let opened = begun + waited.min(begun.elapsed());
        self.look_ahead(|outlook| outlook.heard(opened.elapsed()));
        Ok(match taken {
            Ok(departure) => Anew::Leaves(opened, departure),
            Err(wait) => Anew::Full(wait),
        })
    }

    /// It did not leave: no attempt, no try, and what it would have used of the rates is given back.
    async fn call_off(&self, claimed: Claimed, departure: Departure, until: Moment) {
        self.write_down(vec![called_off(&claimed, until)]).await;
        if !self.pace.is_limiting() {
            return;
        }
        let (account, now) = (self.account.clone(), self.clock.now());
        let given_back = self.queue.store().write(move |tx| {
            let Some(mut ledger) = Ledger::read(&rates::lock(tx, &account, now)?) else {
                return Ok(());
            };
            ledger.give_back(departure.at, departure.cost);
            rates::put(tx, &account, &ledger.write(), now)
        });
        if let Err(error) = given_back.await {
            tracing::error!(%error, "Cannot give back what did not leave.");
        }
    }

    fn outlook(&self) -> PlanningPace {
        *self.outlook.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn look_ahead(&self, change: impl FnOnce(&mut PlanningPace)) {
        change(&mut self.outlook.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// How many may be planned at a time.
    pub(super) fn batch(&self) -> usize {
        ledger::batch(self.pace.limits())
    }
}

impl PlanningPace {
    pub(super) fn new() -> Self {
        Self { free_at: Instant::now(), keeping_takes: Duration::ZERO }
    }

    /// When the spacing lets the next one leave, counted from there.
    fn lead(self, from: Instant) -> Duration {
        self.free_at.saturating_duration_since(from)
    }

    /// How long to allow for keeping a plan: a quarter more than it took of late.
    fn keeping(self) -> Duration {
        (self.keeping_takes * 5 / 4).min(LONGEST_KEEPING)
    }

    /// Keeping a plan took so long this time.
    fn heard(&mut self, took: Duration) {
        self.keeping_takes = took.max(self.keeping_takes / 2);
    }
}

/// Whether the provider will be called for one of them.
fn will_call(starts: &[Start]) -> bool {
    starts.iter().any(|start| start.departure.is_some())
}

/// Departures, as they are planned.
struct Timetable {
    limits: [u32; 4],
    ledger: Ledger,
    /// The ledger's time when it was opened.
    time: Moment,
    /// How long it was waited for.
    waited: Duration,
    /// Until when this daemon had planned before, counted from then.
    lead: Duration,
    /// When the next one of this daemon may leave, counted from then.
    free: Duration,
    is_first: bool,
}

impl Timetable {
    /// While something urgent of those who share the account waits, only what is urgent goes on.
    fn let_urgent_pass(&self, mut picked: Vec<Claimed>) -> Vec<Claimed> {
        if self.ledger.is_kept_for_urgent() {
            picked.retain(|claimed| claimed.message.urgency == Urgency::Urgent);
        }
        picked
    }

    /// Whether anything may leave soon; otherwise in how long.
    fn has_room(&self) -> Result<(), Duration> {
        let from = self.time + self.free;
        let at = self.ledger.room_at(self.limits, from, 1);
        if at > from.max(self.time + HORIZON) { Err(at.since(self.time)) } else { Ok(()) }
    }

    /// The next departure, spaced from the one before by `period` for each of its `units`.
    fn take(&mut self, cost: u32, period: Duration, units: u32) -> Result<Departure, Duration> {
        let cost = cost.max(1);
        let earliest = self.free + period * units.saturating_sub(1);
        let from = self.time + earliest;
        // One that its own spacing carries beyond the horizon may still be the first.
        let until = (self.time + HORIZON).max(if self.is_first { from } else { self.time });
        let taken = self.ledger.take(self.limits, from, until, cost);
        let at = taken.map_err(|at| at.since(self.time))?;
        self.is_first = false;
        let after = earliest.max(at.since(self.time));
        self.free = after + period;
        Ok(Departure { after, at, cost })
    }
}
