//! Settings of a system that takes messages as webhooks.

use serde::Deserialize;

use crate::channel::Channel;
use crate::settings::{Pace, SecretPlace, Span};

/// Any other system that takes each message as a signed POST (Standard Webhooks 1.0).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardWebhookSettings {
    /// The channel on which it carries: ent, email, sms or chat.
    pub channel: Channel,
    /// The address that each message is posted to, with https.
    pub url: String,
    /// What a message is signed with: `whsec_` and 24 to 64 octets in base64, the same there.
    pub secret: SecretPlace,
    /// The host of `url`, when it may stand in a private network, and be called without encryption.
    /// Without it only public addresses are called, and not by the machine's proxy, which would look the
    /// name up itself.
    pub private_host: Option<String>,
    /// How long a connection may take.
    #[serde(default = "ten_seconds")]
    pub connect_limit: Span,
    /// How long a whole call may take.
    #[serde(default = "twenty_seconds")]
    pub answer_limit: Span,
    /// How fast it may be used, counted in messages (SMS in segments).
    #[serde(default)]
    pub pace: Pace,
}

impl StandardWebhookSettings {
    /// A system with every default.
    #[must_use]
    pub fn new(channel: Channel, url: impl Into<String>, secret: SecretPlace) -> Self {
        Self {
            channel,
            url: url.into(),
            secret,
            private_host: None,
            connect_limit: ten_seconds(),
            answer_limit: twenty_seconds(),
            pace: Pace::default(),
        }
    }
}

const fn ten_seconds() -> Span {
    Span::secs(10)
}

const fn twenty_seconds() -> Span {
    Span::secs(20)
}
