//! Settings of a mailbox.

use std::path::PathBuf;

use serde::Deserialize;

use crate::settings::{SecretPlace, Span};

/// Where what comes back by e-mail is found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailboxSettings {
    /// In a mailbox on a server, which is watched.
    Imap(ImapSettings),
    /// A mail server of this machine hands it over.
    Lmtp(LmtpSettings),
}

/// A mailbox that is watched by IMAP. It is the gateway's alone: whatever comes in is read and put away.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImapSettings {
    /// Host name or address of the server.
    pub host: String,
    /// Its port; 993 by default, 143 without TLS.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: ImapSecurity,
    /// A PEM file with the authority that signed its certificate, when it is not one of those that the machine trusts.
    pub authority: Option<PathBuf>,
    /// The account.
    pub user: String,
    /// Its password.
    pub password: SecretPlace,
    /// The folder that is read.
    #[serde(default = "inbox")]
    pub folder: String,
    /// The folder into which what was read is moved. It is made where there is none.
    #[serde(default = "read_mail")]
    pub moved_to: String,
    /// How long the server may take for each answer.
    #[serde(default = "thirty_seconds")]
    pub answer_limit: Span,
    /// How long it is listened to before it is asked anew: a line that nothing comes over may be dead.
    #[serde(default = "five_minutes")]
    pub idle_limit: Span,
}

/// How the connection to a mailbox is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ImapSecurity {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// Not at all: for a server on this machine alone.
    None,
}

/// Where we listen for a mail server of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LmtpSettings {
    /// A loopback address and a port: `127.0.0.1:2424`.
    pub address: Option<String>,
    /// Or the path of a socket.
    pub socket: Option<PathBuf>,
}

fn inbox() -> String {
    "INBOX".to_owned()
}

fn read_mail() -> String {
    "Lus".to_owned()
}

const fn thirty_seconds() -> Span {
    Span::secs(30)
}

const fn five_minutes() -> Span {
    Span::secs(300)
}
