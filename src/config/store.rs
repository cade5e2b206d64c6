//! `[store]`: the database.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, de};

use crate::settings::SecretPlace;

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// A file, or a server.
    pub database: Database,
    /// The password of a server's user, where its URL has none.
    pub password: Option<SecretPlace>,
}

/// The kind of a database, told by how it is written. `Debug` hides a URL: a password may stand in it.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// The `SQLite` file; relative to the configuration file.
    File(PathBuf),
    /// The URL of a `PostgreSQL` database.
    Server(String),
}

/// A text that may be a URL of another kind, a password in it; it is not repeated.
#[derive(Debug, thiserror::Error)]
#[error(
    "it is neither a URL of PostgreSQL nor the plain name of a file (and is not repeated here, a password may \
     stand in it): a server is postgres://USER@HOST:5432/DATABASE, without a blank before it, its password in \
     a file that [store] password names; nothing was done"
)]
pub struct UnknownDatabase;

impl Database {
    /// A URL, or else the name of a file. Refused: what others write for a server, which would be shown as
    /// the name of a file.
    pub fn of(text: &str) -> Result<Self, UnknownDatabase> {
        let (scheme, rest) = text.split_once("://").unwrap_or(("", text));
        match scheme.to_ascii_lowercase().as_str() {
            "postgres" | "postgresql" => {
                Ok(Self::Server(format!("{}://{rest}", scheme.to_ascii_lowercase())))
            }
            _ if may_hold_password(text) => Err(UnknownDatabase),
            _ => Ok(Self::File(PathBuf::from(text))),
        }
    }
}

/// Whether it looks like a server in the words of another program: `mysql://…`, `host=… password=…`,
/// `Server=…;Pwd=…`, `user:password@host`.
fn may_hold_password(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let has_key = text.contains('=') && KEYS.iter().any(|key| text.contains(key));
    let has_user = text.split_once(':').is_some_and(|(_, rest)| rest.contains('@'));
    text.contains("://") || has_key || has_user
}

/// Under which others write a password.
const KEYS: [&str; 3] = ["password", "passwd", "pwd"];

/// Parameters of a URL that hold no secret; `password` is none of them.
const SHOWN: [&str; 15] = [
    "user",
    "dbname",
    "host",
    "hostaddr",
    "port",
    "options",
    "application_name",
    "sslmode",
    "sslnegotiation",
    "channel_binding",
    "target_session_attrs",
    "load_balance_hosts",
    "connect_timeout",
    "tcp_user_timeout",
    "keepalives",
];

impl Database {
    /// Whether a password stands in it.
    #[must_use]
    pub fn holds_password(&self) -> bool {
        matches!(self, Self::Server(url) if *url != self.without_password())
    }

    /// As it is written in a configuration that others may read: a URL without its password.
    #[must_use]
    pub fn without_password(&self) -> String {
        let url = match self {
            Self::File(path) => return path.display().to_string(),
            Self::Server(url) => url,
        };
        let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
        // A password that holds an `@` ends at the last one: what is between is not shown.
        let (user, place) = rest.rsplit_once('@').map_or((None, rest), |(user, place)| {
            (Some(user.split(':').next().unwrap_or_default()), place)
        });
        // What holds more than a user is a URL that nobody can connect by.
        let user = user.filter(|user| !user.contains(['/', '?', '#']));
        let user = user.map(|user| format!("{user}@")).unwrap_or_default();
        let (place, parameters) = place.split_once('?').unwrap_or((place, ""));
        let is_shown = |it: &&str| it.split_once('=').is_some_and(|(key, _)| SHOWN.contains(&key));
        let shown: Vec<&str> = parameters.split('&').filter(is_shown).collect();
        let parameters =
            if shown.is_empty() { String::new() } else { format!("?{}", shown.join("&")) };
        format!("{scheme}://{user}{place}{parameters}")
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::File(PathBuf::from("chappe.sqlite3"))
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Server(_) => f.write_str("Server(…)"),
        }
    }
}

impl<'de> Deserialize<'de> for Database {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::of(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}
