//! The words for where an addressee and a delivery stand.

use serde::{Deserialize, Serialize};

/// Where an addressee stands. All but `Waiting` and `Reached` are somebody's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddresseeState {
    /// A machine is still at work.
    Waiting,
    /// Reached, with a proof that is enough for its rung.
    Reached,
    /// On the list of letters to print, post or hand out.
    OnLetter,
    /// On the list of calls to make.
    OnCall,
    /// Every way failed.
    Unreached,
    /// Every way is used up, and one of them may have arrived.
    Uncertain,
    /// A person stopped the message before it left for them.
    Cancelled,
}

impl AddresseeState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Reached,
        Self::OnLetter,
        Self::OnCall,
        Self::Unreached,
        Self::Uncertain,
        Self::Cancelled,
    ];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Reached => "reached",
            Self::OnLetter => "on_letter",
            Self::OnCall => "on_call",
            Self::Unreached => "unreached",
            Self::Uncertain => "uncertain",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// Where one delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// May leave when due.
    Waiting,
    /// An attempt started, or people have it in hand; the outcome is not known yet.
    Sending,
    /// May have left, or not: never sent again blindly.
    Uncertain,
    /// The provider has it.
    Accepted,
    /// It will not arrive this way.
    Failed,
    /// It arrived.
    Proven,
    /// No longer needed; it never left.
    Withdrawn,
}

impl DeliveryState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Sending,
        Self::Uncertain,
        Self::Accepted,
        Self::Failed,
        Self::Proven,
        Self::Withdrawn,
    ];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Uncertain => "uncertain",
            Self::Accepted => "accepted",
            Self::Failed => "failed",
            Self::Proven => "proven",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}
