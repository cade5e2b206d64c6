//! Settings of an ENT that runs Edifice (ONE, NEO, Open ENT).

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use crate::settings::{Pace, SecretPlace, Span};

/// How many accounts an answer names that were never opened (entcore 6.15, `inactive-user-threshold`).
pub(super) const MOST_NAMED: usize = 50;

/// An Edifice ENT, where its operator registered Chappe as an external application.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EdificeSettings {
    /// The ENT's root: `https://ent.example.org`.
    pub url: String,
    /// The application's id, as the operator registered it.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretPlace,
    /// What the application asks for, of what it was registered for: `communication` tells whose guardian an
    /// account is.
    #[serde(default = "conversation")]
    pub scope: String,
    /// As whom it acts.
    pub grant: EdificeGrant,
    /// Whether recipients are kept from answering inside the ENT.
    #[serde(default)]
    pub no_reply: bool,
    /// How many may be handed the same text in one call, 1 to 50: an answer names 50 at most who never opened
    /// their account, and only counts the others.
    #[serde(default = "fifty")]
    pub most_together: usize,
    /// How long after a message it notifies nobody of another one of the same sender (entcore 6.15, `antiFloodDelay`
    /// of the timeline): 3 s, unless its operator says otherwise.
    #[serde(default = "three_seconds")]
    pub notifies_after: Span,
    /// How long a connection may take.
    #[serde(default = "ten_seconds")]
    pub connect_limit: Span,
    /// How long a whole call may take.
    #[serde(default = "thirty_seconds")]
    pub answer_limit: Span,
    /// How fast it may be used: one call in 3.1 s, unless `every` itself says otherwise.
    #[serde(default = "one_notified_at_a_time", deserialize_with = "notified")]
    pub pace: Pace,
}

/// As whom the application acts (OAuth 2, RFC 6749).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum EdificeGrant {
    /// As itself: a user without name, school or groups (entcore 6.15, `OAuthSystemUser`), to whom very likely no
    /// family is visible. What it sends is refused for each of them.
    ClientCredentials,
    /// As a person of the school: the secretariat's account, which writes to whom it may write by hand. The
    /// documented way.
    Password {
        /// That person's login.
        user: String,
        /// Their password.
        password: SecretPlace,
    },
}

/// The secrets of an ENT, as the settings place them.
pub struct EdificeSecrets {
    /// The application's secret.
    pub client_secret: SecretString,
    /// The password of the person as whom it acts, where the grant is `password`.
    pub password: Option<SecretString>,
}

impl EdificeGrant {
    /// Where the password of the person is, as whom it acts.
    pub(super) const fn password(&self) -> Option<&SecretPlace> {
        match self {
            Self::ClientCredentials => None,
            Self::Password { password, .. } => Some(password),
        }
    }
}

impl EdificeSettings {
    /// An ENT with every default, where the application acts as itself.
    #[must_use]
    pub fn new(
        url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: SecretPlace,
    ) -> Self {
        Self {
            url: url.into(),
            client_id: client_id.into(),
            client_secret,
            scope: conversation(),
            grant: EdificeGrant::ClientCredentials,
            no_reply: false,
            most_together: fifty(),
            notifies_after: three_seconds(),
            connect_limit: ten_seconds(),
            answer_limit: thirty_seconds(),
            pace: one_notified_at_a_time(),
        }
    }
}

/// No answer says that a message came too soon after another, and that nobody is told of it.
const NOTIFIED_EVERY: Span = Span::millis(3_100);

fn one_notified_at_a_time() -> Pace {
    Pace { every: Some(NOTIFIED_EVERY), at_once: 1, ..Pace::FREE }
}

/// A pace that says nothing of it lets everybody be notified too.
fn notified<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Pace, D::Error> {
    let pace = Pace::deserialize(deserializer)?;
    Ok(Pace { every: pace.every.or(Some(NOTIFIED_EVERY)), ..pace })
}

fn conversation() -> String {
    "conversation communication".to_owned()
}

const fn fifty() -> usize {
    MOST_NAMED
}

const fn three_seconds() -> Span {
    Span::secs(3)
}

const fn ten_seconds() -> Span {
    Span::secs(10)
}

const fn thirty_seconds() -> Span {
    Span::secs(30)
}
