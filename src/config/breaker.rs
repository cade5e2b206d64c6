//! `[breaker]`: when a provider is left alone for a while.

use serde::Deserialize;

use crate::settings::Span;

/// The thresholds of every provider's breaker.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BreakerSettings {
    /// Failures in a row after which it refuses.
    pub failures: u32,
    /// An answer slower than this counts as a failure.
    pub slow_after: Span,
    /// The first pause before a probe; it doubles at each failed probe.
    pub first_pause: Span,
    /// The longest pause between two probes; longer ones that a provider asks for end so while something
    /// urgent waits.
    pub longest_pause: Span,
    /// The pause after an account has sent as much as it may: quotas are by the hour or by the day.
    pub quota_pause: Span,
}

impl Default for BreakerSettings {
    fn default() -> Self {
        Self {
            failures: 3,
            slow_after: Span::secs(20),
            first_pause: Span::secs(30),
            longest_pause: Span::secs(300),
            quota_pause: Span::secs(3600),
        }
    }
}
