//! Settings of an account on a Matrix homeserver.

use serde::Deserialize;

use crate::settings::{Pace, SecretPlace, Span};

/// An account of a Matrix homeserver (Tchap) that writes to each person in a room for the two of them. What it
/// writes is not encrypted from end to end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixSettings {
    /// The homeserver's root: `https://matrix.example.org`.
    pub url: String,
    /// The access token of the account. It belongs to one device, the one that signed in for it, and a
    /// homeserver knows a message that comes twice by its device: sign in once, keep the token, and get
    /// another one only while nothing is under way.
    pub access_token: SecretPlace,
    /// How long a connection may take.
    #[serde(default = "ten_seconds")]
    pub connect_limit: Span,
    /// How long each call may take. A first message to a person takes seven.
    #[serde(default = "ten_seconds")]
    pub answer_limit: Span,
    /// How fast it may be used. By default less than Synapse lets any account that its operator said nothing
    /// of: one event in five seconds. A first message to a person makes a room besides, and of those it lets
    /// one begin ten, then one a minute.
    #[serde(default = "five_a_minute")]
    pub pace: Pace,
}

impl MatrixSettings {
    /// An account with every default.
    #[must_use]
    pub fn new(url: impl Into<String>, access_token: SecretPlace) -> Self {
        Self {
            url: url.into(),
            access_token,
            connect_limit: ten_seconds(),
            answer_limit: ten_seconds(),
            pace: five_a_minute(),
        }
    }
}

const fn ten_seconds() -> Span {
    Span::secs(10)
}

fn five_a_minute() -> Pace {
    Pace { per_minute: 5, at_once: 1, ..Pace::default() }
}
