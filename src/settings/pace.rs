//! How fast a provider may be used.

use std::time::Duration;

use serde::Deserialize;

use super::Span;

/// Limits on one provider, counted in what it counts (SMS in segments). 0 = no such limit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pace {
    /// At most this many in any second.
    pub per_second: u32,
    /// At most this many in any minute.
    pub per_minute: u32,
    /// At most this many in any hour.
    pub per_hour: u32,
    /// At most this many in any 24 hours.
    pub per_day: u32,
    /// At least so long from a call to the next, whatever each carries, and from the end of one where this daemon
    /// made it; "0s" = no such limit, and nothing what the provider needs.
    pub every: Option<Span>,
    /// At most this many attempts at the same time, by this daemon.
    pub at_once: u32,
    /// The name of the allowance: providers, schools and daemons that name the same one share it.
    /// The school's and the provider's own by default.
    pub account: Option<String>,
}

impl Default for Pace {
    fn default() -> Self {
        Self::FREE
    }
}

impl Pace {
    /// No limit over time, eight at once.
    pub const FREE: Self = Self {
        per_second: 0,
        per_minute: 0,
        per_hour: 0,
        per_day: 0,
        every: None,
        at_once: 8,
        account: None,
    };

    /// The limits, shortest window first: second, minute, hour, day.
    #[must_use]
    pub const fn limits(&self) -> [u32; 4] {
        [self.per_second, self.per_minute, self.per_hour, self.per_day]
    }

    /// How long lies between two calls at the least.
    #[must_use]
    pub const fn apart(&self) -> Duration {
        match self.every {
            Some(Span(every)) => every,
            None => Duration::ZERO,
        }
    }

    /// Whether there is any limit over time.
    #[must_use]
    pub fn is_limiting(&self) -> bool {
        self.limits().iter().any(|limit| *limit > 0) || !self.apart().is_zero()
    }
}
