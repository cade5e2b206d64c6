//! Settings of an OVHcloud SMS account.

use secrecy::SecretString;
use serde::Deserialize;

use crate::settings::{Pace, SecretPlace, Span};

/// An OVHcloud SMS account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OvhSettings {
    /// The API's root; OVHcloud Europe by default.
    #[serde(default = "europe")]
    pub endpoint: String,
    /// The account: `sms-ab12345-1`.
    pub service: String,
    /// The application key (it names the application; it opens nothing by itself).
    pub application_key: String,
    /// The application secret.
    pub application_secret: SecretPlace,
    /// The consumer key.
    pub consumer_key: SecretPlace,
    /// The sender's name, declared at OVHcloud and accepted there, at most 11 letters and digits.
    /// Without it, a short number sends, and families can answer.
    pub sender: Option<String>,
    /// Ahead of other customers' messages or not.
    #[serde(default)]
    pub priority: OvhPriority,
    /// How long operators may try to deliver, in whole minutes.
    #[serde(default = "two_days")]
    pub validity: Span,
    /// How far back replies are asked for.
    #[serde(default = "three_days")]
    pub replies_window: Span,
    /// How many may be handed the same text in one job, 1 to 50; 1: each has a job of their own.
    #[serde(default = "fifty")]
    pub most_together: usize,
    /// How long a connection may take.
    #[serde(default = "ten_seconds")]
    pub connect_limit: Span,
    /// How long a whole call may take.
    #[serde(default = "thirty_seconds")]
    pub answer_limit: Span,
    /// How fast it may be used, counted in segments.
    #[serde(default)]
    pub pace: Pace,
}

/// The priority that OVHcloud gives to a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OvhPriority {
    /// Ahead of bulk traffic.
    #[default]
    High,
    /// With bulk traffic.
    Medium,
}

impl OvhPriority {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
        }
    }
}

/// The two secrets of an account, as the settings place them.
pub struct OvhSecrets {
    /// The application secret.
    pub application_secret: SecretString,
    /// The consumer key.
    pub consumer_key: SecretString,
}

impl OvhSettings {
    /// An account with every default.
    #[must_use]
    pub fn new(
        service: impl Into<String>,
        application_key: impl Into<String>,
        application_secret: SecretPlace,
        consumer_key: SecretPlace,
    ) -> Self {
        Self {
            endpoint: europe(),
            service: service.into(),
            application_key: application_key.into(),
            application_secret,
            consumer_key,
            sender: None,
            priority: OvhPriority::default(),
            validity: two_days(),
            replies_window: three_days(),
            most_together: fifty(),
            connect_limit: ten_seconds(),
            answer_limit: thirty_seconds(),
            pace: Pace::default(),
        }
    }
}

fn europe() -> String {
    "https://eu.api.ovh.com/1.0".to_owned()
}

const fn two_days() -> Span {
    Span::secs(2 * 24 * 3_600)
}

const fn three_days() -> Span {
    Span::secs(3 * 24 * 3_600)
}

const fn fifty() -> usize {
    50
}

const fn ten_seconds() -> Span {
    Span::secs(10)
}

const fn thirty_seconds() -> Span {
    Span::secs(30)
}
