//! `[templates]`: wording.

use std::path::{Path, PathBuf};

use serde::Deserialize;

/// The folder of the school's own, where none is named.
const USUAL: &str = "message-templates";

/// Where templates come from, and their limits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TemplatesSettings {
    /// The folder of the school's own, which come before the shipped ones of the same name; one that is named is there.
    pub folder: Option<PathBuf>,
    /// An SMS longer than this many segments is reported before it is sent; it is never cut.
    pub sms_segments: u32,
}

impl Default for TemplatesSettings {
    fn default() -> Self {
        Self { folder: None, sms_segments: 4 }
    }
}

impl TemplatesSettings {
    /// Where the school's own are written, seen from where relative paths start.
    #[must_use]
    pub fn written_to(&self, base: &Path) -> PathBuf {
        base.join(self.folder.as_deref().unwrap_or(Path::new(USUAL)))
    }

    /// Where they are read from. Before the first one is written there is no such folder, unless one is named: that
    /// it is gone must not go unseen, or other words would leave than the school's.
    #[must_use]
    pub fn read_from(&self, base: &Path) -> Option<PathBuf> {
        let folder = self.written_to(base);
        let is_expected = self.folder.is_some() || folder.try_exists().unwrap_or(true);
        is_expected.then_some(folder)
    }
}
