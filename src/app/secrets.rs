//! Reads secrets from where the configuration places them.

use std::path::Path;

use secrecy::SecretString;

use crate::config::SecretPlace;

/// A secret that cannot be read. Its value is in no message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the secret {key} cannot be read from {place}: {reason}; nothing was done: put it there, or \
     name another place under {key}"
)]
pub struct SecretError {
    /// The key of the configuration.
    pub key: String,
    /// The file or variable.
    pub place: String,
    /// Why not.
    pub reason: String,
}

/// The secret of `key`; a final line break of a file is dropped.
pub(super) fn read(
    key: &str,
    place: &SecretPlace,
    folder: &Path,
) -> Result<SecretString, SecretError> {
    let (place, value) = match place {
        SecretPlace::File(path) => {
            let path = folder.join(path);
            let text = std::fs::read_to_string(&path).map_err(|error| error.to_string());
            (format!("the file {}", path.display()), text)
        }
        SecretPlace::Env(name) => {
            let value = std::env::var(name).map_err(|error| error.to_string());
            (format!("the environment variable {name}"), value)
        }
    };
    let failed = |reason| SecretError { key: key.to_owned(), place: place.clone(), reason };
    let value = value.map_err(failed)?;
    let value = value.trim_end_matches(['\r', '\n']);
    if value.is_empty() {
        return Err(failed("it is empty".to_owned()));
    }
    Ok(SecretString::from(value))
}
