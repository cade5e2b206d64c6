//! Rates. Sends are spaced, without any burst, so that no sliding window holds more than its limit.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::config::Pace;

/// The rates of one provider.
#[derive(Debug)]
pub struct Limiter {
    windows: Vec<DefaultDirectRateLimiter>,
}

impl Limiter {
    /// The limiter of a pace; one without rates admits at once.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        let rates =
            [(pace.per_second, Duration::from_secs(1)), (pace.per_minute, Duration::from_mins(1))];
        let windows = rates.into_iter().filter_map(|(limit, window)| {
            let limit = NonZeroU32::new(limit)?;
            let spacing = window.div_ceil(limit);
            let quota = Quota::with_period(spacing)?.allow_burst(NonZeroU32::MIN);
            Some(RateLimiter::direct(quota))
        });
        Self { windows: windows.collect() }
    }

    /// Whether it ever makes anybody wait.
    #[must_use]
    pub fn is_limiting(&self) -> bool {
        !self.windows.is_empty()
    }

    /// Waits until a message of this cost (SMS segments, or 1) may leave.
    pub async fn admit(&self, cost: u32) {
        for window in &self.windows {
            for _ in 0..cost.max(1) {
                window.until_ready().await;
            }
        }
    }
}

/// A duration in equal parts, rounded up: parts that are too short would break the window.
trait DivCeil {
    fn div_ceil(self, parts: NonZeroU32) -> Duration;
}

impl DivCeil for Duration {
    fn div_ceil(self, parts: NonZeroU32) -> Duration {
        let parts = u128::from(parts.get());
        let nanos = self.as_nanos().div_ceil(parts);
        Self::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}
