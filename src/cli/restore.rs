//! `chappe restore`: puts a backup in the place of the database, on hold.

use std::path::PathBuf;

use serde::Serialize;

use super::context::Context;
use super::output;
use crate::clock::Clock;
use crate::config::Database;
use crate::store::{self, BackupError};

/// Arguments of `chappe restore`.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The backup.
    file: PathBuf,
    /// Take the place of a database that stands; that one is kept beside.
    #[arg(long)]
    replace: bool,
}

/// A database in whose place a backup stands, on hold.
#[derive(Debug, Serialize)]
struct Restored {
    /// Where it stands.
    database: PathBuf,
    /// Where the one is kept that stood there.
    kept: Option<PathBuf>,
    /// Always.
    on_hold: bool,
}

pub(super) fn run(context: &Context, arguments: &Arguments) -> anyhow::Result<()> {
    let Database::File(name) = context.read_config()?.store.database else {
        return Err(BackupError::OnAServer.into());
    };
    let database = context.folder().join(name);
    let now = Clock::system().now();
    let kept = store::restore(&arguments.file, &database, arguments.replace, now)?;
    context.answer(&Restored { database, kept, on_hold: true }, present);
    Ok(())
}

fn present(Restored { database, kept, .. }: &Restored) {
    output::line(format!("{} is restored, on hold: nothing is sent.", database.display()));
    if let Some(kept) = kept {
        output::line(format!("The database that stood there is kept as {}.", kept.display()));
    }
    output::line("`chappe release` shows what would leave.");
}
