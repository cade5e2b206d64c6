//! A message taken back from those who have it, where the provider can. It proves nothing and disproves nothing:
//! what was read was read.

use std::time::Duration;

use serde::Serialize;

/// A provider of the configuration that takes back what it handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recaller {
    /// Its name in the configuration.
    pub provider: String,
    /// For so long after the sending.
    pub within: Duration,
}

/// How the recall of a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecallState {
    /// Nobody of those who have it sees its text any more.
    Recalled,
    /// The provider is still to be asked.
    Awaited,
    /// It was not asked: it recalls nothing for so long.
    TooLate,
    /// It was asked, and does not recall this message.
    Refused,
    /// It was asked, and lets our account recall nothing.
    Denied,
}

impl RecallState {
    const ALL: [Self; 5] =
        [Self::Recalled, Self::Awaited, Self::TooLate, Self::Refused, Self::Denied];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recalled => "recalled",
            Self::Awaited => "awaited",
            Self::TooLate => "too_late",
            Self::Refused => "refused",
            Self::Denied => "denied",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}
