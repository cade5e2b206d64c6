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

/// A second, and a little more for the time between this gate and the wire.
const SECOND: Duration = Duration::from_millis(1_004);

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
    /// The spacing of a limit a second. A hundredth of it may leave at once, to make up for timers
    /// that ring late; `burst` at once and one each `period` are `limit` in a second.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        let burst = (per_second / 100).max(1);
        let each_second = per_second.saturating_sub(burst).saturating_add(1);
        let spaced = NonZeroU32::new(burst).and_then(|burst| {
            let period = SECOND.checked_div(each_second)?;
            let quota = Quota::with_period(period)?.allow_burst(burst);
            let ticks = Ticks(Instant::now());
            let limiter = RateLimiter::direct_with_clock(quota, ticks);
            Some(Spaced { limiter, ticks, period, per_second })
        });
        Self(spaced.filter(|_| per_second > 0))
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

    /// Waits until a message of this cost may leave.
    pub async fn pass(&self, cost: u32) {
        let Some(spaced) = &self.0 else { return };
        for _ in 0..self.units(cost) {
            while let Err(early) = spaced.limiter.check() {
                tokio::time::sleep(early.wait_time_from(clock::Clock::now(&spaced.ticks))).await;
            }
        }
    }
}
