//! What can go wrong with the database, and what to do.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// A failed read or write. What was answered before stands; nothing of the failed one does.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room left.
    #[error(
        "the disk that holds the database is full; what was accepted before is kept, this was \
         not; free some space and do it again"
    )]
    DiskFull,
    /// The file cannot be opened or made.
    #[error(
        "cannot open the database {path}: {reason}; check that the folder exists and that \
             this user may write there"
    )]
    CannotOpen {
        /// Which file.
        path: PathBuf,
        /// The database's words.
        reason: String,
    },
    /// The file is something else.
    #[error(
        "{0} is no database, or it is damaged; nothing was changed; name the right file under \
         [store] path, or restore a backup"
    )]
    NotADatabase(PathBuf),
    /// Another program holds it.
    #[error(
        "another program keeps the database locked; what was accepted before is kept, this was \
         not; end that program (a backup, a database editor) and do it again"
    )]
    Locked,
    /// A newer Chappe wrote it.
    #[error(
        "the database was made by a newer version (schema {found}, this version knows {known}); \
         nothing was changed; run the newer version"
    )]
    NewerSchema {
        /// Schema number in the file.
        found: i64,
        /// The last one that this version knows.
        known: i64,
    },
    /// A migration that ran is no longer the one that this version carries.
    #[error(
        "migration {0} of the database differs from this version's; nothing was changed; \
             restore a backup, or run the version that made it"
    )]
    ChangedMigration(i64),
    /// A row holds what it should not.
    #[error("the database holds a value that this version cannot read: {0}")]
    Unreadable(String),
    /// The writer stopped: the process is ending.
    #[error("the database is closed")]
    Closed,
    /// Any other failure, in the database's words.
    #[error("the database refused: {0}")]
    Refused(String),
}

impl StoreError {
    /// What a failure to open this file means.
    pub(super) fn on_opening(path: &Path, error: &rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            _ if is_full_disk(error) => Self::DiskFull,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::NotADatabase(path.to_owned())
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            _ => Self::CannotOpen { path: path.to_owned(), reason: error.to_string() },
        }
    }

    /// A copy for each of those whose transactions were committed, and failed, together.
    #[must_use]
    pub(super) fn share(&self) -> Self {
        match self {
            Self::DiskFull => Self::DiskFull,
            Self::Closed => Self::Closed,
            Self::Locked => Self::Locked,
            other => Self::Refused(other.to_string()),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            _ if is_full_disk(&error) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            _ => Self::Refused(error.to_string()),
        }
    }
}

/// Full when a page is written, or when the index of the write-ahead log finds no room.
fn is_full_disk(error: &rusqlite::Error) -> bool {
    let extended = error.sqlite_error().map(|error| error.extended_code);
    error.sqlite_error_code() == Some(ErrorCode::DiskFull)
        || extended == Some(rusqlite::ffi::SQLITE_IOERR_SHMSIZE)
}
