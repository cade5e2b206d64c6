//! `[dispatch]`: leases, tries, receipts.

use serde::Deserialize;

use crate::settings::Span;

/// How attempts are made and repeated.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DispatchSettings {
    /// After this long without outcome, an attempt is given up for unknown.
    pub lease: Span,
    /// The pauses between the tries of one delivery; there is one try more than pauses.
    pub retry: Vec<Span>,
    /// How often a provider is asked for the receipt of a delivery.
    pub receipts_every: Span,
    /// How often the queue is looked at when nothing wakes it.
    pub look_every: Span,
    /// How long a bulk message waits before its first copy leaves: until then it can be undone.
    pub undo: Span,
    /// The same for an urgent one.
    pub undo_urgent: Span,
}

impl Default for DispatchSettings {
    fn default() -> Self {
        Self {
            lease: Span::secs(90),
            retry: [30, 120, 600, 1800, 3600].map(Span::secs).to_vec(),
            receipts_every: Span::secs(60),
            look_every: Span::secs(1),
            undo: Span::secs(120),
            undo_urgent: Span::secs(20),
        }
    }
}
