//! Departures, as they are planned under one ledger. Pure: the ledger and the time are at hand.

use std::time::Duration;

use super::bundle::Bundle;
use super::ledger::{HORIZON, Ledger, URGENT_LOOK};
use crate::clock::Moment;
use crate::message::Urgency;

/// When one leaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Departure {
    /// How long after the ledger was opened the call is due.
    pub(super) after: Duration,
    /// The same moment by the ledger's clock, under which it is counted.
    pub(super) counted_at: Moment,
    /// What it uses of every window.
    pub(super) cost: u32,
}

/// Departures, as they are planned.
pub(super) struct Timetable {
    pub(super) limits: [u32; 4],
    pub(super) ledger: Ledger,
    /// When the ledger was opened, by its own clock.
    pub(super) opened: Moment,
    /// How long it was waited for, from the asking to the opening.
    pub(super) waited: Duration,
    /// How long after the opening the first one may leave.
    pub(super) first_after: Duration,
    /// How long after the opening the next one may leave: it grows with every one that is planned.
    pub(super) next_after: Duration,
    pub(super) is_first: bool,
}

impl Timetable {
    /// While something urgent of those who share the account waits, only what is urgent goes on.
    pub(super) fn let_urgent_pass(&self, mut picked: Vec<Bundle>) -> Vec<Bundle> {
        if self.ledger.is_kept_for_urgent() {
            picked.retain(|bundle| bundle.first.message.urgency == Urgency::Urgent);
        }
        picked
    }

    /// Whether anything may leave soon; otherwise in how long.
    pub(super) fn has_room(&self) -> Result<(), Duration> {
        let from = self.opened + self.next_after;
        let at = self.ledger.room_at(self.limits, from, 1);
        if at > from.max(self.opened + HORIZON) { Err(at.since(self.opened)) } else { Ok(()) }
    }

    /// The departure of one call beside those that carry something ([`Ledger::take_beside`]); while something urgent
    /// waits for room there is none for it.
    pub(super) fn take_beside(&mut self) -> Result<Departure, Duration> {
        if self.ledger.is_kept_for_urgent() {
            return Err(URGENT_LOOK);
        }
        let from = self.opened + self.next_after;
        let until = from.max(self.opened + HORIZON);
        let taken = self.ledger.take_beside(self.limits, from, until, 1);
        let at = taken.map_err(|at| at.since(self.opened))?;
        Ok(Departure { after: self.next_after.max(at.since(self.opened)), counted_at: at, cost: 1 })
    }

    /// The next departure: the first moment at which every window of the ledger has room for it, and which
    /// governor's spacing, `period` for each of its `units`, would let pass as well.
    pub(super) fn take(
        &mut self,
        cost: u32,
        period: Duration,
        units: u32,
    ) -> Result<Departure, Duration> {
        let cost = cost.max(1);
        let earliest = self.next_after + period * units.saturating_sub(1);
        let from = self.opened + earliest;
        // One that its own spacing carries beyond the horizon may still be the first.
        let until = (self.opened + HORIZON).max(if self.is_first { from } else { self.opened });
        let taken = self.ledger.take(self.limits, from, until, cost);
        let at = taken.map_err(|at| at.since(self.opened))?;
        self.is_first = false;
        let after = earliest.max(at.since(self.opened));
        self.next_after = after + period;
        Ok(Departure { after, counted_at: at, cost })
    }
}
