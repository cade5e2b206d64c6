//! How fast a provider may be used.

use serde::Deserialize;

/// Limits on one provider, counted in what it counts (SMS in segments). 0 = no such limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pace {
    /// At most this many in any second.
    pub per_second: u32,
    /// At most this many in any minute.
    pub per_minute: u32,
    /// At most this many attempts at the same time.
    pub at_once: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { per_second: 0, per_minute: 0, at_once: 8 }
    }
}
