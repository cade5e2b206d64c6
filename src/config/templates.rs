//! `[templates]`: wording.

use std::path::PathBuf;

use serde::Deserialize;

/// Where templates come from, and their limits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TemplatesSettings {
    /// A folder whose templates come before the shipped ones of the same name.
    pub folder: Option<PathBuf>,
    /// An SMS longer than this many segments is reported before it is sent; it is never cut.
    pub sms_segments: u32,
}

impl Default for TemplatesSettings {
    fn default() -> Self {
        Self { folder: None, sms_segments: 4 }
    }
}
