//! `[providers.NAME.KIND]`: who carries.

use serde::Deserialize;

use super::{EdificeSettings, FolderSettings, OvhSettings, SmtpSettings};
use crate::channel::Channel;
use crate::settings::Pace;

/// One provider; its kind decides what it takes.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderSettings {
    /// E-mail by an SMTP relay.
    Smtp(SmtpSettings),
    /// SMS by `OVHcloud`.
    Ovh(OvhSettings),
    /// An Edifice ENT (ONE, NEO).
    Edifice(EdificeSettings),
    /// Files in a folder, for drills.
    Folder(FolderSettings),
}

impl ProviderSettings {
    /// The channel on which it carries.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        match self {
            Self::Smtp(_) => Channel::Email,
            Self::Ovh(_) => Channel::Sms,
            Self::Edifice(_) => Channel::Ent,
            Self::Folder(settings) => settings.channel,
        }
    }

    /// How fast it may be used.
    #[must_use]
    pub const fn pace(&self) -> &Pace {
        match self {
            Self::Smtp(settings) => &settings.pace,
            Self::Ovh(settings) => &settings.pace,
            Self::Edifice(settings) => &settings.pace,
            Self::Folder(settings) => &settings.pace,
        }
    }
}
