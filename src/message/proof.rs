//! What we hold that an addressee was reached.

use serde::{Deserialize, Serialize};

/// A proof, in rising order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// A provider took it, or a person posted it.
    Accepted,
    /// It arrived.
    Delivered,
    /// It was opened.
    Read,
    /// The person answered.
    Acknowledged,
}

impl Proof {
    /// Every proof, weakest first.
    pub const ALL: [Self; 4] = [Self::Accepted, Self::Delivered, Self::Read, Self::Acknowledged];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Acknowledged => "acknowledged",
        }
    }

    /// What it says of a message, in a word that claims no more: handed over, arrived, seen, answered.
    #[must_use]
    pub const fn level(self) -> &'static str {
        match self {
            Self::Accepted => "handed over",
            Self::Delivered => "arrived",
            Self::Read => "seen",
            Self::Acknowledged => "answered",
        }
    }

    /// The proof of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proof| proof.as_str() == word)
    }
}
