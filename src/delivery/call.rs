//! Calls that people make: what one gives, and when it is tried again.

use std::sync::Arc;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::Hours;
use crate::channel::Channel;
use crate::clock::Moment;

/// What a call gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallOutcome {
    /// They heard it.
    Reached,
    /// They heard it, and ask for something.
    AsksFor,
    /// A message was left, on a machine or with somebody.
    MessageLeft,
    /// Nobody took the call.
    NoAnswer,
    /// The line was busy.
    Busy,
    /// The number is somebody else's, or nobody's.
    WrongNumber,
    /// They did not want to hear it.
    Refused,
}

impl CallOutcome {
    /// Every outcome, in the order in which they are offered.
    pub const ALL: [Self; 7] = [
        Self::Reached,
        Self::AsksFor,
        Self::MessageLeft,
        Self::NoAnswer,
        Self::Busy,
        Self::WrongNumber,
        Self::Refused,
    ];

    /// The word in the database, in JSON and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::AsksFor => "asks-for",
            Self::MessageLeft => "message-left",
            Self::NoAnswer => "no-answer",
            Self::Busy => "busy",
            Self::WrongNumber => "wrong-number",
            Self::Refused => "refused",
        }
    }

    /// The outcome of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }

    /// What the office reads, in French.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Reached => "joint",
            Self::AsksFor => "joint, demande quelque chose",
            Self::MessageLeft => "message laissé",
            Self::NoAnswer => "pas de réponse",
            Self::Busy => "occupé",
            Self::WrongNumber => "faux numéro",
            Self::Refused => "refus",
        }
    }

    /// Whether the person heard what there was to say.
    #[must_use]
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Reached | Self::AsksFor)
    }
}

impl Serialize for CallOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// When people are called, how often, and how long one of the school keeps a call that they opened.
#[derive(Debug, Clone)]
pub struct CallTimes {
    /// The hours of calls, as those in which the telephone is not quiet.
    pub hours: Arc<Hours>,
    /// Tries of a call that nobody takes.
    pub tries: u32,
    /// From one try to the next, at the least.
    pub apart: Duration,
    /// How long a call is kept for whoever opened it.
    pub kept: Duration,
}

impl CallTimes {
    /// At any hour; three tries, three hours apart.
    #[must_use]
    pub fn at_any_hour() -> Self {
        Self {
            hours: Arc::new(Hours::none()),
            tries: 3,
            apart: Duration::from_hours(3),
            kept: Duration::from_mins(10),
        }
    }

    /// When a call is tried again that was tried so often before now; `None`: that was the last time.
    #[must_use]
    pub fn again(&self, tries_before: u32, now: Moment) -> Option<Moment> {
        let is_last = tries_before.saturating_add(1) >= self.tries;
        (!is_last).then(|| self.opening(now + self.apart))
    }

    /// When a call is tried once more because a message was left.
    #[must_use]
    pub fn once_more(&self, now: Moment) -> Moment {
        self.opening(now + self.apart)
    }

    /// The first moment from `at` on at which people are called.
    #[must_use]
    pub fn opening(&self, at: Moment) -> Moment {
        self.hours.opening(Channel::Phone, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_says_one_outcome() {
        assert!(
            CallOutcome::ALL.into_iter().all(|it| CallOutcome::from_word(it.as_str()) == Some(it))
        );
        assert_eq!(CallOutcome::from_word("joint"), None);
    }

    #[test]
    fn the_third_time_is_the_last() {
        let times = CallTimes::at_any_hour();
        assert_eq!(times.again(0, Moment(0)), Some(Moment(3 * 3_600_000)));
        assert!(times.again(1, Moment(0)).is_some() && times.again(2, Moment(0)).is_none());
    }
}
