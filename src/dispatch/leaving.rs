//! Each leaves at its moment: right before its call governor spaces this daemon's calls within the second, and
//! who is later by then than the ledger allows for is planned anew. The picture is in [`planning`](super::planning).

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::bundle::Bundle;
use super::in_flight::Flight;
use super::lease::TURN;
use super::ledger::{self, Ledger};
use super::planning::{Leaving, Start};
use super::timetable::Departure;
use super::{Dispatcher, Gate, Round, called_off};
use crate::clock::Moment;
use crate::store::{StoreError, Tx, rates};

/// The next departures are planned this long before the last one planned, at most.
const AHEAD: Duration = Duration::from_millis(50);

/// What became of one that could not leave in time.
enum Replanned {
    /// It leaves then, counted from the opening at that instant.
    Leaves(Instant, Departure),
    /// The windows are full for so long.
    Full(Duration),
}

impl Dispatcher {
    /// Sends each of them on its way, to leave at its own moment; when the next are to be planned.
    pub(super) fn send_off(
        self: &Arc<Self>,
        leaving: Leaving,
        opened_at: Instant,
        started_at: Moment,
        under_way: &mut JoinSet<()>,
    ) -> Round {
        if leaving.climbed {
            self.queue.wake();
        }
        self.change_pace(|pace| {
            pace.note_planned_until(opened_at + leaving.next_after);
            pace.note_keeping_took(opened_at.elapsed());
        });
        for start in leaving.all {
            let flights = self.in_flight.take_up(&start.bundle);
            // Only this loop takes slots, and never more than were free.
            let slot = Arc::clone(&self.slots).try_acquire_owned().ok();
            let this = Arc::clone(self);
            under_way.spawn(this.leave(start, opened_at, started_at, slot, flights));
        }
        let ahead = AHEAD.max(self.planning_pace().keeping());
        let ahead = (leaving.next_after.saturating_sub(leaving.first_after) / 2).min(ahead);
        Round::Again(opened_at + leaving.next_after.saturating_sub(ahead))
    }

    /// It leaves at its moment, counted from `opened_at`; one that missed it, at another, as long as its lease
    /// leaves time for the call. A breaker that refuses by then calls it off.
    async fn leave(
        self: Arc<Self>,
        Start { bundle, parcel, mut departure }: Start,
        mut opened_at: Instant,
        started_at: Moment,
        slot: Option<OwnedSemaphorePermit>,
        flights: Vec<Flight>,
    ) {
        let too_late_at = opened_at + self.settings.lease.0.mul_f64(TURN);
        let mut is_spaced = false;
        while let Some(planned) = departure {
            let leaves_at = opened_at + planned.after;
            if !is_spaced {
                let lead = self.spacing.lead(planned.cost);
                tokio::time::sleep_until(opened_at + planned.after.saturating_sub(lead)).await;
                if !self.is_late(leaves_at) {
                    // The ledger has counted it for all daemons already; governor spaces this one's calls.
                    self.spacing.pass(planned.cost).await;
                    is_spaced = true;
                }
            }
            tokio::time::sleep_until(leaves_at).await;
            if let Gate::Refusing { .. } = self.gate() {
                drop(slot);
                return self.call_off(&bundle, planned, self.clock.now()).await;
            }
            if !self.is_late(leaves_at) {
                break;
            }
            let wait = match self.replan(planned).await {
                Ok(Replanned::Leaves(from, anew)) if from < too_late_at => {
                    (opened_at, departure) = (from, Some(anew));
                    continue;
                }
                Ok(Replanned::Leaves(_, anew)) => {
                    drop(slot);
                    return self.call_off(&bundle, anew, self.clock.now()).await;
                }
                Ok(Replanned::Full(wait)) => wait,
                Err(error) => {
                    tracing::error!(%error, "Cannot plan anew what is late; it waits again.");
                    Duration::ZERO
                }
            };
            drop(slot);
            return self.call_off(&bundle, planned, self.clock.now() + wait).await;
        }
        let left_at = self.clock.now().max(started_at);
        self.attempt(bundle, parcel, left_at, slot, flights).await;
    }

    /// Whether a call planned for then would be counted where it is not.
    pub(super) fn is_late(&self, planned: Instant) -> bool {
        self.pace.is_limiting()
            && planned.elapsed() > ledger::tolerance(self.pace.limits(), self.pace.apart())
    }

    /// Another moment for one that missed its own, which no window counts any more: it would hold less than
    /// leaves in it.
    async fn replan(self: &Arc<Self>, missed: Departure) -> Result<Replanned, StoreError> {
        let (asked_at, now) = (Instant::now(), self.clock.now());
        let this = Arc::clone(self);
        let work = move |tx: &Tx<'_>| {
            let mut timetable = this.open_timetable(tx, now, Duration::ZERO)?;
            timetable.ledger.give_back(missed.counted_at, missed.cost);
            // Its spacing is seen to right before the call.
            let taken = timetable.take(missed.cost, Duration::ZERO, 1);
            if taken.is_ok() {
                rates::put(tx, &this.account, &timetable.ledger.write(), now)?;
            }
            Ok((taken, timetable.waited))
        };
        let (taken, waited) = self.queue.store().write(work).await?;
        let opened_at = asked_at + waited.min(asked_at.elapsed());
        self.change_pace(|pace| pace.note_keeping_took(opened_at.elapsed()));
        Ok(match taken {
            Ok(departure) => Replanned::Leaves(opened_at, departure),
            Err(wait) => Replanned::Full(wait),
        })
    }

    /// It did not leave: no attempt, no try, and what it would have used of the rates is given back.
    async fn call_off(&self, bundle: &Bundle, departure: Departure, until: Moment) {
        self.write_down(called_off(bundle, until)).await;
        if !self.pace.is_limiting() {
            return;
        }
        let (account, now) = (self.account.clone(), self.clock.now());
        let given_back = self.queue.store().write(move |tx| {
            let Some(mut ledger) = Ledger::read(&rates::lock(tx, &account, now)?) else {
                return Ok(());
            };
            ledger.give_back(departure.counted_at, departure.cost);
            rates::put(tx, &account, &ledger.write(), now)
        });
        if let Err(error) = given_back.await {
            tracing::error!(%error, "Cannot give back what did not leave.");
        }
    }
}
