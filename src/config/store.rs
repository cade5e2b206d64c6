//! `[store]`: the database.

use std::path::PathBuf;

use serde::Deserialize;

/// Where everything is kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    /// The `SQLite` file; relative to the configuration file.
    pub path: PathBuf,
}

impl Default for Store {
    fn default() -> Self {
        Self { path: PathBuf::from("chappe.sqlite3") }
    }
}
