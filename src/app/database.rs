//! From the configuration to the database.

use std::path::Path;

use crate::config::{self, Database};
use crate::office::read_secret;
use crate::settings::SecretError;
use crate::store::{IfMissing, Store, StoreError};

/// Why the database cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// Its password is missing.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Opens the database of a configuration, and brings its schema up to date.
pub fn open_store(
    settings: &config::StoreSettings,
    folder: &Path,
    if_missing: IfMissing,
) -> Result<Store, DatabaseError> {
    match &settings.database {
        Database::File(path) => Ok(Store::open_or(&folder.join(path), if_missing)?),
        Database::Server(url) => {
            let place = settings.password.as_ref();
            let password =
                place.map(|place| read_secret("store.password", place, folder)).transpose()?;
            Ok(Store::connect_or(url, password.as_ref(), if_missing)?)
        }
    }
}
