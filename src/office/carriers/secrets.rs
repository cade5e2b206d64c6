//! Reads secrets from where the configuration places them.

use std::env::VarError;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::config::Config;
use crate::identity::OpenIdSettings;
use crate::settings::{SecretError, SecretPlace};

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
    let of_store = config.store.password.iter().map(|place| ("store.password".to_owned(), place));
    let of_providers = config.providers.iter().flat_map(|(name, settings)| settings.secrets(name));
    let of_openid = config.web.openid.iter();
    let of_openid = of_openid.map(|it| (OpenIdSettings::SECRET.to_owned(), &it.client_secret));
    let places = of_store.chain(of_openid).chain(of_providers);
    let files = places.filter_map(|(key, place)| match place {
        SecretPlace::File(path) => Some((key, folder.join(path))),
        SecretPlace::Env(_) => None,
    });
    let of_pages =
        config.web.tls.iter().map(|tls| ("web.tls.key".to_owned(), folder.join(&tls.key)));
    files.chain(of_pages).collect()
}
