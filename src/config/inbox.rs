//! `[inbox]`: what waits for a person.

use serde::Deserialize;

use crate::settings::Span;

/// How long it may wait.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InboxSettings {
    /// The direction is told when something of an urgent message waits for longer; zero: never.
    pub alert_after: Span,
}

impl Default for InboxSettings {
    fn default() -> Self {
        Self { alert_after: Span::secs(4 * 3600) }
    }
}
