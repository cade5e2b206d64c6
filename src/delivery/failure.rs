//! Why an attempt failed. The class belongs to the error, never to who called.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The kinds of failure. Each answers: may we retry, whom does it blame, what does the office read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// No connection, or one that broke before the message was handed over.
    Unreachable,
    /// The provider asks us to come back later: overload, maintenance, a rate.
    Throttled,
    /// The provider cannot reach this recipient now: a full mailbox, a greylist.
    Deferred,
    /// Nobody took the call.
    Unanswered,
    /// The provider refuses this message.
    Refused,
    /// The provider denies us this recipient, or denies us: whether it takes others tells which.
    Denied,
    /// Our account there may not write to this recipient: another account of ours may.
    Unseen,
    /// The address does not exist there, or its owner never opened it.
    BadAddress,
    /// The person asked that provider not to be written to.
    OptedOut,
    /// Credentials, rights or settings of ours are wrong.
    Misconfigured,
    /// The account is empty.
    OutOfCredit,
    /// The account has sent as much as it may for now: a daily quota.
    OverQuota,
    /// The message left, the answer did not come back: it may have been taken, or not.
    Uncertain,
    /// Nothing was tried: a person closed the channel.
    Closed,
    /// Nothing was tried: the message was stale by then.
    Expired,
    /// Nothing was tried: nothing about the pupil may go to that person, or to that address.
    Restricted,
}

/// Whom a failure blames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// This recipient or this message alone: it says nothing of the provider.
    Recipient,
    /// Us, for everybody: our account, our settings.
    Account,
    /// The provider.
    Provider,
    /// This recipient or us: how others fare tells which.
    Unclear,
}

impl FailureKind {
    /// All kinds, for tables and tests.
    pub const ALL: [Self; 16] = [
        Self::Unreachable,
        Self::Throttled,
        Self::Deferred,
        Self::Unanswered,
        Self::Refused,
        Self::Denied,
        Self::Unseen,
        Self::BadAddress,
        Self::OptedOut,
        Self::Misconfigured,
        Self::OutOfCredit,
        Self::OverQuota,
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
            Self::Unreachable
                | Self::Throttled
                | Self::Deferred
                | Self::Unanswered
                | Self::Denied
                | Self::Unseen
                | Self::Misconfigured
                | Self::OutOfCredit
                | Self::OverQuota
        )
    }

    /// Whether it counts against the tries of the delivery: only an answer about the message does.
    #[must_use]
    pub const fn burns_a_try(self) -> bool {
        !matches!(
            self,
            Self::Unreachable
                | Self::Unseen
                | Self::Misconfigured
                | Self::OutOfCredit
                | Self::OverQuota
                | Self::Closed
                | Self::Expired
                | Self::Restricted
        )
    }

    /// Whom it blames.
    #[must_use]
    pub const fn blames(self) -> Blame {
        match self {
            Self::Deferred
            | Self::Unanswered
            | Self::Refused
            | Self::Unseen
            | Self::BadAddress
            | Self::OptedOut
            | Self::Closed
            | Self::Expired
            | Self::Restricted => Blame::Recipient,
            Self::Misconfigured | Self::OutOfCredit | Self::OverQuota => Blame::Account,
            Self::Unreachable | Self::Throttled | Self::Uncertain => Blame::Provider,
            Self::Denied => Blame::Unclear,
        }
    }

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Throttled => "throttled",
            Self::Deferred => "deferred",
            Self::Unanswered => "unanswered",
            Self::Refused => "refused",
            Self::Denied => "denied",
            Self::Unseen => "unseen",
            Self::BadAddress => "bad_address",
            Self::OptedOut => "opted_out",
            Self::Misconfigured => "misconfigured",
            Self::OutOfCredit => "out_of_credit",
            Self::OverQuota => "over_quota",
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
            Self::Deferred => {
                "boîte indisponible pour le moment (pleine, ou premier envoi différé)"
            }
            Self::Unanswered => "personne n’a décroché",
            Self::Refused => "message refusé",
            Self::Denied => {
                "envoi interdit par le service : l’adresse ou notre compte est en cause"
            }
            Self::Unseen => "personne non visible du compte de l’ENT",
            Self::BadAddress => "adresse inconnue ou compte jamais activé",
            Self::OptedOut => "la personne a demandé à ne plus recevoir de messages par cette voie",
            Self::Misconfigured => "réglage ou identifiant refusé par le service",
            Self::OutOfCredit => "crédit épuisé",
            Self::OverQuota => "quota d’envoi du compte atteint",
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
    /// Whether the provider says that it will pass by itself.
    pub passes: bool,
}

impl SendError {
    /// An error of this kind, with the provider's words.
    #[must_use]
    pub fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), retry_after: None, passes: false }
    }

    /// Why, for the office: `words`, and the numbers that the provider answered with, none of its own words.
    #[must_use]
    pub fn reason(&self, words: &str) -> String {
        let is_number = |word: &&str| word.chars().all(|c| c.is_ascii_digit() || c == '.');
        let numbers: Vec<&str> =
            self.detail.split_whitespace().take(2).take_while(is_number).collect();
        match numbers.as_slice() {
            [] => words.to_owned(),
            numbers => format!("{words} ({})", numbers.join(" ")),
        }
    }

    /// The same denial, once it is known to be about its recipient alone: one that passes is waited for.
    #[must_use]
    pub fn for_its_recipient(mut self) -> Self {
        self.kind = if self.passes { FailureKind::Deferred } else { FailureKind::Refused };
        self
    }

    /// The same, of which the provider says that it will pass by itself.
    #[must_use]
    pub fn that_passes(mut self, passes: bool) -> Self {
        self.passes = passes;
        self
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
