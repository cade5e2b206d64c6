//! How far this daemon has planned, and how long it takes to make a plan durable.

use std::time::Duration;

use tokio::time::Instant;

/// Longer than that, what keeping a plan takes is not provided for.
const LONGEST_KEEPING: Duration = Duration::from_secs(2);

/// What the next plan goes by.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlanningPace {
    /// When the next one of this daemon may leave, as far as the spacing goes.
    next_at: Instant,
    /// How long it takes from the opening of a ledger until the plan is durable: nothing can leave before.
    keeping_takes: Duration,
}

impl PlanningPace {
    pub(super) fn new() -> Self {
        Self { next_at: Instant::now(), keeping_takes: Duration::ZERO }
    }

    /// How long after that the spacing lets the next one leave.
    pub(super) fn next_after(self, from: Instant) -> Duration {
        self.next_at.saturating_duration_since(from)
    }

    /// Nothing more of this daemon leaves before then.
    pub(super) fn note_planned_until(&mut self, next_at: Instant) {
        self.next_at = next_at;
    }

    /// The same, where it is later than what was planned: a call ended now, and the other side counts from there.
    pub(super) fn note_not_before(&mut self, next_at: Instant) {
        self.next_at = self.next_at.max(next_at);
    }

    /// How long to allow for keeping a plan: a quarter more than it took of late.
    pub(super) fn keeping(self) -> Duration {
        (self.keeping_takes * 5 / 4).min(LONGEST_KEEPING)
    }

    /// Keeping a plan took so long this time.
    pub(super) fn note_keeping_took(&mut self, took: Duration) {
        self.keeping_takes = took.max(self.keeping_takes / 2);
    }
}
