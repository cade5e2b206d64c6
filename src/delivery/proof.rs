//! What we hold that an addressee was reached, and what providers say later.

use serde::{Deserialize, Serialize};

use crate::clock::Moment;
use crate::phone_number::PhoneNumber;

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

    /// The proof of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proof| proof.as_str() == word)
    }
}

/// What a provider says later about an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The provider's id of it, as it was in [`super::Accepted::provider_ref`].
    pub provider_ref: String,
    /// What it says.
    pub verdict: Verdict,
}

/// The word of a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing new: ask again later.
    Pending,
    /// It went this far.
    Proven(Proof),
    /// It will not arrive; the provider's words.
    Undeliverable(String),
}

/// What a person answered by SMS.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The provider's id of it: the same reply is fetched again until it is kept.
    pub provider_ref: String,
    /// Whose number.
    pub from: PhoneNumber,
    /// Their words.
    pub text: String,
    /// When the provider got it.
    pub at: Moment,
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({})", self.provider_ref)
    }
}
