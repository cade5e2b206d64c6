//! Reads secrets from where the configuration places them.

use std::env::VarError;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::config::{Config, EdificeGrant, ProviderSettings};
use crate::settings::SecretPlace;

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
            // The error's own words would quote a value that is no text.
            let value = std::env::var(name).map_err(|error| match error {
                VarError::NotPresent => "it is not set".to_owned(),
                VarError::NotUnicode(_) => "it holds no UTF-8 text".to_owned(),
            });
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

/// The files that hold the secrets of a configuration, each with its key.
pub(super) fn files(config: &Config, folder: &Path) -> Vec<(String, PathBuf)> {
    let mut places = vec![("store.password".to_owned(), config.store.password.as_ref())];
    for (name, settings) in &config.providers {
        let of_this = of_provider(settings).into_iter();
        places.extend(of_this.map(|(key, place)| (format!("providers.{name}.{key}"), place)));
    }
    let files = places.into_iter().filter_map(|(key, place)| match place? {
        SecretPlace::File(path) => Some((key, folder.join(path))),
        SecretPlace::Env(_) => None,
    });
    files.collect()
}

fn of_provider(settings: &ProviderSettings) -> Vec<(&'static str, Option<&SecretPlace>)> {
    match settings {
        ProviderSettings::Smtp(smtp) => vec![("smtp.password", smtp.password.as_ref())],
        ProviderSettings::Ovh(ovh) => vec![
            ("ovh.application_secret", Some(&ovh.application_secret)),
            ("ovh.consumer_key", Some(&ovh.consumer_key)),
        ],
        ProviderSettings::Edifice(edifice) => {
            let password = match &edifice.grant {
                EdificeGrant::ClientCredentials => None,
                EdificeGrant::Password { password, .. } => Some(password),
            };
            let client = Some(&edifice.client_secret);
            vec![("edifice.client_secret", client), ("edifice.grant.password", password)]
        }
        ProviderSettings::Folder(_) => Vec::new(),
    }
}
