//! The spacing of this daemon's calls within the second. How much may leave is the ledger's matter,
//! and durable before; this is the last gate right before a call.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};
use tokio::time::Instant;

/// How late a call may be without making the next one late: timers ring late by a millisecond or
/// two, and such losses would add up.
const TOLERANCE: Duration = Duration::from_millis(6);
/// A second; what the tolerance may crowd into one; and the way from this gate to the wire.
const SECOND: Duration = Duration::from_millis(1_000 + 6 + 2);
/// A unit is so many cells of the limiter, so that the tolerance may be less than a unit.
const CELLS: NonZeroU32 = NonZeroU32::new(100).unwrap();

/// Spaces calls by a number a second; none when it is 0.
#[derive(Debug)]
pub struct Spacing(Option<Spaced>);

#[derive(Debug)]
struct Spaced {
    limiter: RateLimiter<NotKeyed, InMemoryState, Ticks, NoOpMiddleware<Nanos>>,
    ticks: Ticks,
    period: Duration,
    per_second: u32,
}

/// The time of the run time, so that a test which moves that moves this too.
#[derive(Debug, Clone, Copy)]
struct Ticks(Instant);

impl clock::Clock for Ticks {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        self.0.elapsed().into()
    }
}

impl Spacing {
    /// The spacing of a limit a second: one a `period`, each a few milliseconds before its time at
    /// most, so that a second never holds more than the limit.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        Self(spaced(per_second))
    }

    /// What lies between two units.
    #[must_use]
    pub fn period(&self) -> Duration {
        self.0.as_ref().map_or(Duration::ZERO, |spaced| spaced.period)
    }

    /// Units that are spaced for a message of this cost (SMS segments, or 1).
    #[must_use]
    pub fn units(&self, cost: u32) -> u32 {
        self.0.as_ref().map_or(0, |spaced| cost.clamp(1, spaced.per_second))
    }

    /// How long before its departure a message of this cost begins to [pass](Self::pass): its units are
    /// spaced, and the last of them is the departure.
    #[must_use]
    pub fn lead(&self, cost: u32) -> Duration {
        self.period() * self.units(cost).saturating_sub(1)
    }

    /// Waits until a message of this cost may leave.
    pub async fn pass(&self, cost: u32) {
        let Some(spaced) = &self.0 else { return };
        for _ in 0..self.units(cost) {
            // A unit always fits: the burst is a unit and more.
            while let Ok(Err(early)) = spaced.limiter.check_n(CELLS) {
                tokio::time::sleep(early.wait_time_from(clock::Clock::now(&spaced.ticks))).await;
            }
        }
    }
}

fn spaced(per_second: u32) -> Option<Spaced> {
    let period = SECOND.checked_div(per_second)?;
    let cell = period.checked_div(CELLS.get())?;
    let early = TOLERANCE.as_nanos().checked_div(cell.as_nanos())?;
    let burst = CELLS.saturating_add(u32::try_from(early).ok()?);
    let ticks = Ticks(Instant::now());
    let quota = Quota::with_period(cell)?.allow_burst(burst);
    let limiter = RateLimiter::direct_with_clock(quota, ticks);
    Some(Spaced { limiter, ticks, period, per_second })
}
