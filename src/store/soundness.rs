//! Whether the file of a database is what it should be: what nobody notices while it works, and what costs the
//! school everything on the day when it does not.

use std::io;
use std::path::Path;

use rusqlite::Connection;

use super::database::Engine;
use super::error::is_read_only;
use super::{Store, StoreError};
use crate::private_file;

/// The database and the changes that are not in it yet: all of it families' data.
const FILES: [&str; 2] = ["", "-wal"];

impl Store {
    /// Reads the whole file and refuses a damaged one; a second for some hundred megabytes. A server looks
    /// after its own.
    pub async fn check_whole(&self) -> Result<(), StoreError> {
        match &self.0 {
            Engine::Sqlite(sqlite) => sqlite.with_reader(check_whole).await,
            Engine::InLine(_) | Engine::Postgres(_) => Ok(()),
        }
    }

    /// Refuses a file that everybody on the machine may read, or that we may not write.
    pub fn check_rights(&self) -> Result<(), StoreError> {
        match &self.0 {
            Engine::Sqlite(sqlite) => check_rights(sqlite.file()),
            Engine::InLine(_) | Engine::Postgres(_) => Ok(()),
        }
    }
}

fn check_whole(connection: &Connection) -> Result<(), StoreError> {
    let found: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if found == "ok" { Ok(()) } else { Err(StoreError::Damaged(found)) }
}

fn check_rights(database: &Path) -> Result<(), StoreError> {
    for suffix in FILES {
        let mut name = database.as_os_str().to_owned();
        name.push(suffix);
        let file = Path::new(&name);
        match private_file::is_open_to_others(file) {
            Ok(true) => return Err(StoreError::OpenToOthers(file.to_owned())),
            Ok(false) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound && !suffix.is_empty() => {}
            Err(error) => return Err(cannot_open(file, &error)),
        }
    }
    if is_read_only(database) { Err(StoreError::ReadOnly) } else { Ok(()) }
}

fn cannot_open(file: &Path, error: &io::Error) -> StoreError {
    StoreError::CannotOpen { path: file.to_owned(), reason: error.to_string() }
}
