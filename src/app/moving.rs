//! From the configuration to a school that moves.

use std::path::{Path, PathBuf};

use crate::clock::Moment;
use crate::config::{Config, Database};
use crate::office::read_secret;
use crate::providers::ProviderSettings;
use crate::settings::{SecretError, SecretPlace};
use crate::store::{self, Copied, MoveError, Moved, Removal};

/// Why a school did not move.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// The password of the new database is missing.
    #[error("{0}")]
    Secret(#[from] SecretError),
    /// The move.
    #[error("{0}")]
    Move(#[from] MoveError),
}

/// Moves the school of a configuration, whose database is a file, to the `PostgreSQL` database of a URL.
pub fn move_school(
    config: &Config,
    folder: &Path,
    (to, password_file): (&str, Option<PathBuf>),
    now: Moment,
    tell: &mut (dyn FnMut(Copied<'_>) + Send),
) -> Result<Moved, LeaveError> {
    let Database::File(name) = &config.store.database else {
        return Err(MoveError::OnAServer.into());
    };
    let Ok(Database::Server(to)) = Database::of(to) else {
        return Err(MoveError::BadUrl.into());
    };
    let place = password_file.map(SecretPlace::File);
    // The file is named on the command line, and not from where the configuration stands.
    let password =
        place.map(|place| read_secret("--password-file", &place, Path::new(""))).transpose()?;
    let paces = config.providers.values().map(ProviderSettings::pace);
    let accounts: Vec<String> = paces.filter_map(|pace| pace.account.clone()).collect();
    let removal = Removal {
        school: &config.school.uai,
        source: &folder.join(name),
        to: &to,
        password: password.as_ref(),
        accounts: &accounts,
        now,
    };
    Ok(store::move_school(&removal, tell)?)
}
