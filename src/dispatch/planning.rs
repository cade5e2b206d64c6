//! What starts under an allowance, or as a probe: one transaction picks, plans the departures in
//! the account's ledger, and makes the starts durable; then each one leaves at its moment
//! ([`leaving`](super::leaving)). So what left is counted before it leaves, across restarts and for every
//! daemon that shares the account.
//!
//! ```text
//!  asked_at      opened_at             durable    leaves_at         next_at
//!     │   waited     │     keeping         │          │                │
//!     ├──────────────┼─────────────────────┼──────────●─────●─────●────┼────────────────▶
//!     │  for the     │ picked, rendered,   │          departures       the next of this daemon
//!     │  ledger      │ planned, committed             of this plan     may leave
//!                    ├── first_after ────────────────▶│
//!                    ├── after: each departure's own ──────▶│
//!                    ├── next_after ──────────────────────────────────▶│
//!                    ├── HORIZON: nothing is planned beyond ──────────────────▶│
//! ```
//!
//! All that is counted from `opened_at` is a length; what the ledger keeps is the same moment by its own
//! clock (`opened`, `counted_at`). The next plan is asked for a little before `next_at`.
//!
//! **Two gates.** The ledger says how much may leave in any second, minute, hour and day: durable, for the
//! sum of all daemons. Governor ([`spacing`](super::spacing)) spaces this daemon's calls within the second,
//! right before each: it knows no other daemon and remembers nothing across a restart.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use super::bundle::{Bundle, Parcel};
use super::ledger::{self, Ledger, URGENT_LOOK};
use super::planning_pace::PlanningPace;
use super::retry::spread;
use super::timetable::{Departure, Timetable};
use super::{Dispatcher, Round};
use crate::clock::Moment;
use crate::delivery::SendError;
use crate::message::Urgency;
use crate::people::ContactPoint;
use crate::queue::{Circumstances, Claimed};
use crate::store::deliveries::Claim;
use crate::store::{StoreError, Tx, rates};

/// How long a full window is believed without another look: a clock may jump, a machine may sleep.
const FULL_BELIEVED_FOR: Duration = Duration::from_secs(10);

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

/// Those that leave, one after the other.
pub(super) struct Leaving {
    pub(super) all: Vec<Start>,
    /// How long the ledger was waited for: departures are counted from then on.
    pub(super) waited: Duration,
    /// How long after the opening the first of them may leave, and the first of those planned next.
    pub(super) first_after: Duration,
    pub(super) next_after: Duration,
    /// Others climbed in place of being sent.
    pub(super) climbed: bool,
}

/// One that starts.
pub(super) struct Start {
    pub(super) bundle: Bundle,
    pub(super) parcel: Result<Parcel, SendError>,
    /// None for what cannot be rendered: it uses nothing of any rate, and nobody waits for it.
    pub(super) departure: Option<Departure>,
}

/// What fits into the allowance now.
struct Fitted {
    fitting: Vec<Start>,
    /// How urgent the first of the rest is, and in how long it may leave.
    left: Option<(Urgency, Duration)>,
}

impl Dispatcher {
    /// Starts up to `most` that may leave now or within [`ledger::HORIZON`].
    pub(super) async fn start_planned(
        self: &Arc<Self>,
        most: usize,
        is_probe: bool,
        under_way: &mut JoinSet<()>,
    ) -> Round {
        let (asked_at, now) = (Instant::now(), self.clock.now());
        let next_after = self.planning_pace().next_after(asked_at);
        let this = Arc::clone(self);
        let work = move |tx: &Tx<'_>| this.plan(tx, now, next_after, most, is_probe);
        match self.queue.store().write(work).await {
            Ok(Planned::Nothing) => Round::Nothing,
            Ok(Planned::Full(span)) => Round::Again(asked_at + span.min(FULL_BELIEVED_FOR)),
            Ok(Planned::Probed) => {
                self.share_gate().await;
                Round::Nothing
            }
            Ok(Planned::Leaving(leaving)) => {
                let opened_at = asked_at + leaving.waited.min(asked_at.elapsed());
                self.send_off(leaving, opened_at, now, under_way)
            }
            Err(error) => {
                tracing::error!(%error, "Cannot start attempts; nothing was sent.");
                Round::Nothing
            }
        }
    }

    /// Picks, plans under the ledger, and makes the starts durable: all in this transaction, or nothing.
    fn plan(
        &self,
        tx: &Tx<'_>,
        now: Moment,
        next_after: Duration,
        most: usize,
        is_probe: bool,
    ) -> Result<Planned, StoreError> {
        let claim = self.claim(now, most);
        let circumstances = self.queue.circumstances(tx, now)?;
        let picked = if is_probe {
            self.pick_probe(tx, &claim, &circumstances)?
        } else {
            self.pick_bundles(tx, &claim, &circumstances, most)?
        };
        if picked.is_empty() {
            return Ok(Planned::Nothing);
        }
        let mut timetable = self.open_timetable(tx, now, next_after)?;
        let picked = timetable.let_urgent_pass(picked);
        let Some(next) = picked.first() else { return Ok(Planned::Full(URGENT_LOOK)) };
        if let Err(wait) = timetable.has_room() {
            let urgency = next.first.message.urgency;
            return self.no_room(tx, timetable, urgency, wait, now);
        }
        let Fitted { fitting, left } = self.fit(picked, &mut timetable);
        if fitting.is_empty() {
            let Some((urgency, wait)) = left else { return Ok(Planned::Nothing) };
            return self.no_room(tx, timetable, urgency, wait, now);
        }
        if left.is_some_and(|(urgency, _)| self.keeps_for(urgency)) {
            timetable.ledger.keep_for_urgent();
        }
        let probes = is_probe && will_call(&fitting);
        if probes && !self.take_probe(tx, now)? {
            return Ok(Planned::Probed);
        }
        if let Some(Ok(Parcel::Alone(envelope))) =
            fitting.first().map(|it| &it.parcel).filter(|_| probes)
        {
            self.denials().probed_with(envelope.to.value());
        }
        let leaving = self.start_as_planned(tx, &claim, &circumstances, fitting, timetable)?;
        if probes && !will_call(&leaving.all) {
            self.give_back_probe(tx, now)?;
        }
        Ok(Planned::Leaving(leaving))
    }

    /// What a probe is made with: nothing that a preferred provider takes, and of what is urgent nothing that
    /// another one does.
    fn pick_probe(
        &self,
        tx: &Tx<'_>,
        claim: &Claim,
        circumstances: &Circumstances,
    ) -> Result<Vec<Bundle>, StoreError> {
        if self.is_passed_over() {
            let own = self.queue.pick_own(tx, claim, circumstances)?;
            return self.bundled(tx, own, claim);
        }
        let soon = spread(&self.settings.retry);
        let reluctance = |to: &ContactPoint| self.denials().reluctance(to.value());
        let picked = self.queue.pick_to_probe(tx, claim, soon, circumstances, reluctance)?;
        let may_fail =
            |it: &Claimed| it.message.urgency != Urgency::Urgent || it.delivery.may_have_left();
        let picked = picked.filter(|it| may_fail(it) || !self.another_admits());
        self.bundled(tx, Vec::from_iter(picked), claim)
    }

    /// Nothing of this one's may leave for so long. What is urgent asks those who share the account to
    /// keep for it what becomes free.
    fn no_room(
        &self,
        tx: &Tx<'_>,
        mut timetable: Timetable,
        urgency: Urgency,
        wait: Duration,
        now: Moment,
    ) -> Result<Planned, StoreError> {
        if !self.keeps_for(urgency) {
            return Ok(Planned::Full(wait));
        }
        timetable.ledger.keep_for_urgent();
        rates::put(tx, &self.account, &timetable.ledger.write(), now)?;
        Ok(Planned::Full(wait.min(URGENT_LOOK)))
    }

    fn keeps_for(&self, urgency: Urgency) -> bool {
        urgency == Urgency::Urgent && self.pace.account.is_some()
    }

    /// Renders each and plans its departure, in their order, until one does not fit: that one and the
    /// rest stay as they are.
    fn fit(&self, picked: Vec<Bundle>, timetable: &mut Timetable) -> Fitted {
        let mut fitting = Vec::with_capacity(picked.len());
        for bundle in picked {
            let parcel = self.parcel(&bundle);
            let Ok(cost) = parcel.as_ref().map(|it| self.units(it)) else {
                fitting.push(Start { bundle, parcel, departure: None });
                continue;
            };
            match timetable.take(cost, self.spacing.period(), self.spacing.units(cost)) {
                Ok(departure) => {
                    fitting.push(Start { bundle, parcel, departure: Some(departure) });
                }
                Err(wait) => {
                    return Fitted { fitting, left: Some((bundle.first.message.urgency, wait)) };
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
        mut timetable: Timetable,
    ) -> Result<Leaving, StoreError> {
        let (mut ready, mut picked) = (HashMap::new(), Vec::new());
        for Start { bundle, parcel, departure } in fitting {
            ready.insert(bundle.first.reference(), (bundle.len(), parcel, departure));
            picked.extend(bundle.into_members());
        }
        let started = self.queue.start_in(tx, picked, claim, circumstances)?;
        let leaving = |bundle: Bundle| {
            let (planned, mut parcel, departure) = ready.remove(&bundle.first.reference())?;
            // What a digest holds, and who goes together, is certain when it starts.
            if bundle.first.message.is_digest() || bundle.len() < planned {
                parcel = self.parcel(&bundle);
            }
            Some(Start { bundle, parcel, departure })
        };
        let all = Bundle::of_started(started.claimed).into_iter().filter_map(leaving).collect();
        // Those that are no longer wanted do not leave.
        for unused in ready.into_values().filter_map(|(.., departure)| departure) {
            timetable.ledger.give_back(unused.counted_at, unused.cost);
        }
        if self.pace.is_limiting() {
            rates::put(tx, &self.account, &timetable.ledger.write(), claim.now)?;
        }
        let Timetable { waited, first_after, next_after, .. } = timetable;
        Ok(Leaving { all, waited, first_after, next_after, climbed: started.climbed })
    }

    /// Locks the account's ledger and opens a timetable under it: the first may leave so long after the asking,
    /// and not before the plan can be durable.
    pub(super) fn open_timetable(
        &self,
        tx: &Tx<'_>,
        now: Moment,
        next_after: Duration,
    ) -> Result<Timetable, StoreError> {
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
        let mut ledger = ledger.spaced(self.pace.apart());
        let (opened, limits) = (ledger.tell(time), self.pace.limits());
        let first_after = next_after.saturating_sub(waited).max(self.planning_pace().keeping());
        let next_after = first_after;
        Ok(Timetable { limits, ledger, opened, waited, first_after, next_after, is_first: true })
    }

    pub(super) fn planning_pace(&self) -> PlanningPace {
        *self.planning_pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn change_pace(&self, change: impl FnOnce(&mut PlanningPace)) {
        change(&mut self.planning_pace.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// How many may be planned at a time.
    pub(super) fn batch(&self) -> usize {
        ledger::batch(self.pace.limits(), self.pace.apart())
    }
}

/// Whether the provider will be called for one of them.
fn will_call(starts: &[Start]) -> bool {
    starts.iter().any(|start| start.departure.is_some())
}
