//! What people decide about a message: when it may leave, what it follows, whether it runs.

use serde::{Deserialize, Serialize};

use super::Code;
use crate::clock::Moment;

/// When a message may leave, and what it follows: frozen at launch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Terms {
    /// Nothing leaves before: until then a cancellation reaches everybody.
    pub starts_at: Option<Moment>,
    /// Nothing leaves from then on: it would be stale.
    pub expires_at: Option<Moment>,
    /// Who let it pass quiet hours, and why.
    pub passes_hours: Option<Override>,
    /// The message whose text it puts right.
    pub corrects: Option<Code>,
    /// What a correction says of itself; `None` also for those of before it was kept.
    pub rectified: Option<Rectified>,
    /// The message whose unreached it tries again.
    pub retries: Option<Code>,
}

/// What a correction says of itself, on every channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rectified {
    /// What the text that it puts right was about.
    pub of: String,
    /// The day on which that was launched, in French: `lundi 16 mars`.
    pub day: String,
    /// What changed, in French; blank where nothing did.
    pub what: String,
}

/// A person's word that an urgent message may leave in quiet hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Override {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Whether a message runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MessageState {
    /// What is due leaves.
    Running,
    /// Nothing leaves until somebody resumes it.
    Paused,
    /// Nothing leaves any more.
    Cancelled,
}

impl MessageState {
    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Running, Self::Paused, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}
