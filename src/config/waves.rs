//! `[waves]`: level after level.

use serde::Deserialize;

use crate::settings::Span;

/// The first copies on the ENT leave one level after the other.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WavesSettings {
    /// From one level to the next.
    pub every: Span,
    /// The levels, first one first; none: all at once.
    pub order: Vec<String>,
}

impl Default for WavesSettings {
    fn default() -> Self {
        Self { every: Span::secs(600), order: Vec::new() }
    }
}
