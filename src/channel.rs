//! The kinds of way by which a message travels.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A kind of way: what a plan names. Who carries on it is a provider's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// The school's digital workspace.
    Ent,
    /// E-mail.
    Email,
    /// Text message.
    Sms,
    /// A call by a person, from a call sheet.
    Phone,
    /// Paper: a letter batch.
    Letter,
    /// A chat room, for staff.
    Chat,
}

impl Channel {
    /// Every channel, in the order in which the interface lists them.
    pub const ALL: [Self; 6] =
        [Self::Ent, Self::Email, Self::Sms, Self::Phone, Self::Letter, Self::Chat];

    /// The word for it in configuration, database and JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ent => "ent",
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Phone => "phone",
            Self::Letter => "letter",
            Self::Chat => "chat",
        }
    }

    /// What the office reads, in French.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Ent => "ENT",
            Self::Email => "courriel",
            Self::Sms => "SMS",
            Self::Phone => "téléphone",
            Self::Letter => "courrier",
            Self::Chat => "messagerie",
        }
    }

    /// Whether people carry it, together, from a batch; the others leave by a provider.
    #[must_use]
    pub const fn is_carried_by_people(self) -> bool {
        matches!(self, Self::Letter | Self::Phone)
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A word that names no channel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no channel; there are: ent, email, sms, phone, letter, chat")]
pub struct UnknownChannel(pub String);

impl FromStr for Channel {
    type Err = UnknownChannel;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str() == word)
            .ok_or_else(|| UnknownChannel(word.to_owned()))
    }
}
