//! Settings of a folder that takes messages in place of a service.

use std::path::PathBuf;

use serde::Deserialize;

use crate::channel::Channel;
use crate::settings::Pace;

/// A folder where each message becomes a file: for drills, and where another program carries on.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSettings {
    /// The channel that it stands for: ent, email, sms or chat.
    pub channel: Channel,
    /// The folder; it is made when it is missing.
    pub path: PathBuf,
    /// How fast it may be used.
    #[serde(default)]
    pub pace: Pace,
}
