//! Settings of an SMTP relay.

use std::path::PathBuf;

use serde::Deserialize;

use super::super::mailbox::MailboxSettings;
use crate::settings::{Pace, SecretPlace, Span};

/// An SMTP relay: the mail server of the académie, of the local authority, or of the school.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Host name or address of the relay.
    pub host: String,
    /// Its port; 25, 587 or 465 by default, after `security`.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: SmtpSecurity,
    /// Allows `security = "none"` to a host that is not this machine.
    #[serde(default)]
    pub allow_plaintext: bool,
    /// A PEM file with the authority that signed the relay's certificate, when it is not one of
    /// those that the machine trusts.
    pub authority: Option<PathBuf>,
    /// Account on the relay; none by default.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<SecretPlace>,
    /// The address that families see as the sender.
    pub from: String,
    /// The name beside it: `Collège Jean Moulin`.
    #[serde(default)]
    pub from_name: String,
    /// Where answers go; to `from` by default.
    pub reply_to: Option<String>,
    /// Where bounces go (the envelope's sender); to `from` by default.
    pub return_path: Option<String>,
    /// Whether what is written to `retours+anything@…` comes to `retours@…` as well: then each message has a return
    /// path of its own, by which its bounce is known whatever else it has lost.
    #[serde(default)]
    pub subaddresses: bool,
    /// Where what comes back is found: bounces, and the answers of people. Nothing is read by default.
    pub mailbox: Option<MailboxSettings>,
    /// The right part of every Message-ID; the domain of `from` by default. Do not change it while
    /// messages are under way: it tells people and programs that a second copy is one.
    pub message_id_domain: Option<String>,
    /// How this machine presents itself (EHLO); by its address by default.
    pub hello: Option<String>,
    /// How long a TCP connection may take.
    #[serde(default = "ten_seconds")]
    pub connect_limit: Span,
    /// How long the relay may take for each answer: greeting, TLS, login, sender, recipient; and twice that
    /// for all of them together. Shorter than half of what a lease leaves for a call, so that a slow relay
    /// makes no message uncertain.
    #[serde(default = "thirty_seconds")]
    pub answer_limit: Span,
    /// How long it may take to accept the message once it has it all.
    #[serde(default = "two_minutes")]
    pub final_answer_limit: Span,
    /// A connection that was idle for longer is not used again.
    #[serde(default = "thirty_seconds")]
    pub idle_limit: Span,
    /// A connection that carried this many messages is closed.
    #[serde(default = "hundred")]
    pub connection_max_messages: u32,
    /// How fast it may be used; `at_once` is also the number of connections.
    #[serde(default)]
    pub pace: Pace,
}

/// How a connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpSecurity {
    /// Not at all: for a relay on this machine.
    None,
    /// In clear first, then TLS, or nothing is sent.
    Starttls,
    /// TLS from the first byte.
    #[default]
    Tls,
}

impl SmtpSecurity {
    /// The port where such a relay listens.
    #[must_use]
    pub const fn default_port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::Starttls => 587,
            Self::Tls => 465,
        }
    }
}

impl SmtpSettings {
    /// A relay with every default.
    #[must_use]
    pub fn new(host: impl Into<String>, from: impl Into<String>) -> Self {
        Self {
            host: host.into(),
            port: None,
            security: SmtpSecurity::default(),
            allow_plaintext: false,
            authority: None,
            user: None,
            password: None,
            from: from.into(),
            from_name: String::new(),
            reply_to: None,
            return_path: None,
            subaddresses: false,
            mailbox: None,
            message_id_domain: None,
            hello: None,
            connect_limit: ten_seconds(),
            answer_limit: thirty_seconds(),
            final_answer_limit: two_minutes(),
            idle_limit: thirty_seconds(),
            connection_max_messages: hundred(),
            pace: Pace::default(),
        }
    }
}

const fn ten_seconds() -> Span {
    Span::secs(10)
}

const fn thirty_seconds() -> Span {
    Span::secs(30)
}

const fn two_minutes() -> Span {
    Span::secs(120)
}

const fn hundred() -> u32 {
    100
}
