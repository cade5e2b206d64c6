//! `[store]`: the database.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer};

use super::SecretPlace;

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
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

impl Database {
    /// A URL, or else the name of a file.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let is_url = ["postgres://", "postgresql://"].iter().any(|start| text.starts_with(start));
        if is_url { Self::Server(text.to_owned()) } else { Self::File(PathBuf::from(text)) }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self::of("chappe.sqlite3")
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
        String::deserialize(deserializer).map(|text| Self::of(&text))
    }
}
