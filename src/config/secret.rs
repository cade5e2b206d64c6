//! Where a secret is kept. The configuration never holds one.

use std::path::PathBuf;

use serde::Deserialize;

/// The place of a secret: `{ file = "/run/credentials/chappe/relay" }` or `{ env = "RELAY_PASSWORD" }`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum SecretPlace {
    /// A file that holds nothing else; a final line break is dropped.
    File(PathBuf),
    /// A variable of the environment.
    Env(String),
}
