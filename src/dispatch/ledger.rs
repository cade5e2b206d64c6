//! What left under an allowance: for each window, how much in which slot of time.
//!
//! A slot is given back when its *end* has left the window, so that no sliding window, wherever it
//! begins, holds more than its limit; the price is one slot. A margin more, at most a hundredth of
//! the window, is left for the time that passes between the moment planned here and the call; who is
//! later than [`tolerance`] is counted anew.
//!
//! **Clocks.** All who share a ledger go by one clock, the database server's or their one machine's.
//! Time in the ledger never runs back: while the clock is up to ten seconds behind the latest that was
//! seen here, the latest counts. One further behind was set back: the whole ledger moves back with it,
//! as though the last look had been now.
//! Both leave everything in its window for too long rather than too short, and neither blocks for
//! longer than ten seconds more. A clock that jumps forward is believed: it cannot be told from a
//! daemon that stood still.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Moment;

/// How far behind the latest time that was seen a clock may be before it was set back.
const BEHIND: i64 = 10_000;
/// How far ahead departures are planned.
pub const HORIZON: Duration = Duration::from_millis(200);
/// How often something urgent that waits for room looks for it, and for how long room is kept for it at
/// each look, in milliseconds: whoever waited and is gone holds nobody up.
pub const URGENT_LOOK: Duration = Duration::from_secs(1);
const KEPT_FOR_URGENT: i64 = 3_000;
/// More slots than any window of ours has: such a text is not ours.
const MOST_SLOTS: usize = 2_000;

/// A window, in milliseconds.
#[derive(Debug, Clone, Copy)]
struct Window {
    length: i64,
    slot: i64,
    margin: i64,
}

/// Second, minute, hour, day.
const WINDOWS: [Window; 4] = [
    Window { length: 1_000, slot: 1, margin: 9 },
    Window { length: 60_000, slot: 300, margin: 250 },
    Window { length: 3_600_000, slot: 18_000, margin: 1_000 },
    Window { length: 86_400_000, slot: 432_000, margin: 1_000 },
];

impl Window {
    const fn slot_of(self, at: i64) -> i64 {
        at.div_euclid(self.slot)
    }

    /// From when on a slot no longer counts.
    const fn given_back_at(self, slot: i64) -> i64 {
        slot.saturating_add(1)
            .saturating_mul(self.slot)
            .saturating_add(self.length)
            .saturating_add(self.margin)
    }
}

/// An account's ledger: pure, time is a parameter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The latest time that was seen.
    seen: i64,
    /// The latest departure that was planned.
    last: i64,
    /// Until then something urgent of one of those who share the account waits for room.
    urgent_until: i64,
    logs: [Log; 4],
    /// How long lies between two departures at the least, in milliseconds. It is not kept: the settings say it.
    every: i64,
}

/// What left within one window, oldest slot first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Log {
    slots: VecDeque<(i64, u32)>,
    sum: u64,
}

/// A ledger as text: each slot is written as its distance from the one before.
#[derive(Serialize, Deserialize)]
struct LedgerText {
    seen: i64,
    last: i64,
    #[serde(default)]
    urgent_until: i64,
    logs: [Vec<(i64, u32)>; 4],
}

impl Ledger {
    /// Reads what [`Ledger::write`] wrote; the empty text is a ledger where nothing left yet.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Self::default());
        }
        let LedgerText { seen, last, urgent_until, logs } = serde_json::from_str(text).ok()?;
        if logs.iter().any(|slots| slots.len() > MOST_SLOTS) {
            return None;
        }
        let logs = logs.map(Log::from_distances);
        Some(Self { seen, last, urgent_until, logs, every: 0 })
    }

    /// The same ledger, where so long lies between two departures at the least.
    #[must_use]
    pub fn spaced(mut self, every: Duration) -> Self {
        let margin = if every.is_zero() { 0 } else { WINDOWS[0].margin };
        self.every = i64::try_from(every.as_millis()).unwrap_or(i64::MAX).saturating_add(margin);
        self
    }

    /// The ledger as compact text.
    #[must_use]
    pub fn write(&self) -> String {
        let logs = self.logs.each_ref().map(Log::to_distances);
        let Self { seen, last, urgent_until, .. } = *self;
        let written = LedgerText { seen, last, urgent_until, logs };
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// Tells the ledger the time; what it makes of it, which [`Ledger::take`] goes by.
    pub fn tell(&mut self, now: Moment) -> Moment {
        let behind = self.seen.saturating_sub(now.0);
        if behind > BEHIND {
            self.move_back(behind);
        }
        self.seen = self.seen.max(now.0);
        Moment(self.seen)
    }

    /// Keeps what becomes free for something urgent, until it is asked again.
    pub fn keep_for_urgent(&mut self) {
        self.urgent_until = self.seen.saturating_add(KEPT_FOR_URGENT);
    }

    /// Whether what becomes free is for something urgent alone.
    #[must_use]
    pub fn is_kept_for_urgent(&self) -> bool {
        self.seen < self.urgent_until
    }

    /// Plans the departure of `cost` units at the first moment from `from` on when every window has
    /// room for all of them, never before one that was planned already. `Err`: that moment would be
    /// after `until`; nothing was taken. A cost above a limit leaves alone, when the window is empty.
    pub fn take(
        &mut self,
        limits: [u32; 4],
        from: Moment,
        until: Moment,
        cost: u32,
    ) -> Result<Moment, Moment> {
        let at = self.room_at(limits, from, cost);
        if at > until {
            return Err(at);
        }
        for (log, window) in self.logs.iter_mut().zip(WINDOWS) {
            log.forget(window, at.0);
            log.add(window.slot_of(at.0), cost);
        }
        self.last = at.0;
        Ok(at)
    }

    /// The same for a call that tells nobody anything: it needs room in every window, and no span lies between it and
    /// the others.
    pub fn take_beside(
        &mut self,
        limits: [u32; 4],
        from: Moment,
        until: Moment,
        cost: u32,
    ) -> Result<Moment, Moment> {
        let every = std::mem::take(&mut self.every);
        let at = self.room_at(limits, from, cost);
        self.every = every;
        if at > until {
            return Err(at);
        }
        for (log, window) in self.logs.iter_mut().zip(WINDOWS) {
            // Another may still be planned before this one: what counts until then is not forgotten.
            log.forget(window, self.seen);
            log.add(window.slot_of(at.0), cost);
        }
        Ok(at)
    }

    /// The first moment from `from` on when `cost` units could leave.
    #[must_use]
    pub fn room_at(&self, limits: [u32; 4], from: Moment, cost: u32) -> Moment {
        let logs = self.logs.iter().zip(WINDOWS).zip(limits);
        let room = logs.filter_map(|((log, window), limit)| log.room_at(window, limit, cost));
        Moment(room.fold(from.0.max(self.last.saturating_add(self.every)), i64::max))
    }

    /// How much of each window is used at a moment: second, minute, hour, day.
    #[must_use]
    pub fn used(mut self, now: Moment) -> [u64; 4] {
        let at = self.tell(now);
        for (log, window) in self.logs.iter_mut().zip(WINDOWS) {
            log.forget(window, at.0);
        }
        self.logs.map(|log| log.sum)
    }

    /// Takes back what was planned for that moment and did not leave.
    pub fn give_back(&mut self, at: Moment, cost: u32) {
        for (log, window) in self.logs.iter_mut().zip(WINDOWS) {
            log.subtract(window.slot_of(at.0), cost);
        }
    }

    fn move_back(&mut self, by: i64) {
        self.seen = self.seen.saturating_sub(by);
        self.last = self.last.saturating_sub(by);
        self.urgent_until = self.urgent_until.saturating_sub(by);
        for (log, window) in self.logs.iter_mut().zip(WINDOWS) {
            // By whole slots, rounded so that they stay too late rather than too early.
            let slots = by.div_euclid(window.slot);
            log.slots.iter_mut().for_each(|(slot, _)| *slot = slot.saturating_sub(slots));
        }
    }
}

impl Log {
    fn from_distances(distances: Vec<(i64, u32)>) -> Self {
        let mut log = Self::default();
        let mut slot = 0_i64;
        for (distance, units) in distances {
            slot = slot.saturating_add(distance);
            log.slots.push_back((slot, units));
            log.sum += u64::from(units);
        }
        log
    }

    fn to_distances(&self) -> Vec<(i64, u32)> {
        let mut before = 0_i64;
        let distance = |(slot, units): &(i64, u32)| {
            let distance = slot.saturating_sub(before);
            before = *slot;
            (distance, *units)
        };
        self.slots.iter().map(distance).collect()
    }

    /// When there is room for `cost` units more; `None`: there always is.
    fn room_at(&self, window: Window, limit: u32, cost: u32) -> Option<i64> {
        let too_many = (self.sum + u64::from(cost)).saturating_sub(u64::from(limit));
        let mut to_leave = too_many.min(self.sum);
        if limit == 0 || to_leave == 0 {
            return None;
        }
        let last_to_leave = self.slots.iter().find(|(_, units)| {
            to_leave = to_leave.saturating_sub(u64::from(*units));
            to_leave == 0
        });
        last_to_leave.map(|(slot, _)| window.given_back_at(*slot))
    }

    fn forget(&mut self, window: Window, at: i64) {
        while let Some((slot, units)) = self.slots.front()
            && window.given_back_at(*slot) <= at
        {
            self.sum = self.sum.saturating_sub(u64::from(*units));
            self.slots.pop_front();
        }
    }

    fn add(&mut self, slot: i64, cost: u32) {
        self.sum += u64::from(cost);
        match self.slots.back_mut() {
            Some((last, units)) if *last >= slot => *units = units.saturating_add(cost),
            _ => self.slots.push_back((slot, cost)),
        }
    }

    fn subtract(&mut self, slot: i64, cost: u32) {
        if let Some((_, units)) = self.slots.iter_mut().find(|(at, _)| *at == slot) {
            let back = cost.min(*units);
            *units -= back;
            self.sum = self.sum.saturating_sub(u64::from(back));
        }
    }
}

/// How much later than planned a call may be made, at most: with what the clock's own steps add, less
/// than the margin of the shortest window that is limited, or of the span between two calls.
#[must_use]
pub fn tolerance(limits: [u32; 4], every: Duration) -> Duration {
    let mut windows = limits.iter().zip(WINDOWS);
    let shortest = windows.find(|(limit, _)| **limit > 0 || !every.is_zero());
    shortest.map_or(Duration::MAX, |(_, window)| {
        Duration::from_millis(window.margin.unsigned_abs() * 2 / 3)
    })
}

/// How many may be planned at a time: what the shortest window, or the span between two calls, lets leave within
/// [`HORIZON`], so that little is begun and not yet sent.
#[must_use]
pub fn batch(limits: [u32; 4], every: Duration) -> usize {
    let spaced = HORIZON.as_millis().checked_div(every.as_millis());
    let spaced =
        spaced.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX).max(1));
    spaced.min(batch_of(limits))
}

fn batch_of(limits: [u32; 4]) -> usize {
    let shortest = limits.iter().zip(WINDOWS).find(|(limit, _)| **limit > 0);
    shortest.map_or(usize::MAX, |(limit, window)| {
        let length = Duration::from_millis(window.length.unsigned_abs());
        let within = HORIZON.as_millis() * u128::from(*limit) / length.as_millis();
        usize::try_from(within).unwrap_or(usize::MAX).max(1)
    })
}
