//! Why an attempt failed. The class belongs to the error, never to who called.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The kinds of failure. Each answers: may we retry, is the provider to blame, what does the
/// office read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No connection, or one that broke before the message was handed over.
    Unreachable,
    /// The provider asks us to come back later: overload, maintenance, a rate.
    Throttled,
    /// The provider refuses this message.
    Refused,
    /// The address does not exist there, or its owner never opened it.
    BadAddress,
    /// The person asked that provider not to be written to.
    OptedOut,
    /// Credentials, rights or settings of ours are wrong.
    Misconfigured,
    /// The account is empty.
    OutOfCredit,
    /// The message left, the answer did not come back: it may have been taken, or not.
    Uncertain,
    /// Nothing was tried: a person closed the channel.
    Closed,
    /// Nothing was tried: the message was stale by then.
    Expired,
    /// Nothing was tried: nothing about the pupil may go to that person, or to that address.
    Restricted,
}

impl FailureKind {
    /// All kinds, for tables and tests.
    pub const ALL: [Self; 11] = [
        Self::Unreachable,
        Self::Throttled,
        Self::Refused,
        Self::BadAddress,
        Self::OptedOut,
        Self::Misconfigured,
        Self::OutOfCredit,
        Self::Uncertain,
        Self::Closed,
        Self::Expired,
        Self::Restricted,
    ];

    /// Whether the same delivery may be tried again later.
    #[must_use]
    pub const fn may_retry(self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::Throttled | Self::Misconfigured | Self::OutOfCredit
        )
    }

    /// Whether it counts against the tries of the delivery: only an answer about the message does.
    #[must_use]
    pub const fn burns_a_try(self) -> bool {
        !matches!(
            self,
            Self::Unreachable
                | Self::Misconfigured
                | Self::OutOfCredit
                | Self::Closed
                | Self::Expired
                | Self::Restricted
        )
    }

    /// Whether the breaker hears of it.
    #[must_use]
    pub const fn blames_provider(self) -> bool {
        !matches!(
            self,
            Self::Refused
                | Self::BadAddress
                | Self::OptedOut
                | Self::Closed
                | Self::Expired
                | Self::Restricted
        )
    }

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Throttled => "throttled",
            Self::Refused => "refused",
            Self::BadAddress => "bad_address",
            Self::OptedOut => "opted_out",
            Self::Misconfigured => "misconfigured",
            Self::OutOfCredit => "out_of_credit",
            Self::Uncertain => "uncertain",
            Self::Closed => "closed",
            Self::Expired => "expired",
            Self::Restricted => "restricted",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What the office reads, in French.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Unreachable => "service injoignable",
            Self::Throttled => "service saturé",
            Self::Refused => "message refusé",
            Self::BadAddress => "adresse inconnue ou compte jamais activé",
            Self::OptedOut => "la personne a demandé à ne plus recevoir de messages par cette voie",
            Self::Misconfigured => "réglage ou identifiant refusé par le service",
            Self::OutOfCredit => "crédit épuisé",
            Self::Uncertain => "parti, mais sans réponse du service",
            Self::Closed => "voie fermée par une personne, rien n’est parti par là",
            Self::Expired => "message périmé avant d’avoir pu partir",
            Self::Restricted => "décision de justice ou opposition notée, rien n’est parti par là",
        }
    }
}

/// One failed attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendError {
    /// Its class.
    pub kind: FailureKind,
    /// The provider's own words, without any address or secret.
    pub detail: String,
    /// When the provider asked us to come back (`Retry-After`).
    pub retry_after: Option<Duration>,
}

impl SendError {
    /// An error of this kind, with the provider's words.
    #[must_use]
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), retry_after: None }
    }

    /// The same, with the delay that the provider asked for.
    #[must_use]
    pub fn retry_after(mut self, delay: Option<Duration>) -> Self {
        self.retry_after = delay;
        self
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.as_str(), self.detail)
    }
}

impl std::error::Error for SendError {}
