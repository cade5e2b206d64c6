//! What can go wrong with the database.

use std::error::Error;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

/// `PostgreSQL`'s code for a statement of a transaction in which another had failed.
const IN_FAILED_TRANSACTION: &str = "25P02";

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
    /// None stands there, or one that holds nothing.
    #[error("no database stands at {0}, or an empty one; nothing was made or changed")]
    NoDatabase(String),
    /// It may be read only.
    #[error(
        "the database cannot be written: its file, its folder or its disk is read-only; what was \
         accepted before is kept, this was not; let this user write there and do it again"
    )]
    ReadOnly,
    /// The file is not whole.
    #[error(
        "the database is damaged ({0}); nothing was changed; stop the daemon, and put the last backup \
         in its place"
    )]
    Damaged(String),
    /// More people than the office can read it.
    #[error(
        "everybody on this machine may read {0}, which holds families' data; take that right away: \
         chmod o= {0}"
    )]
    OpenToOthers(PathBuf),
    /// The address of a server is not one.
    #[error(
        "[store] database is no URL of a PostgreSQL database; it is \
         postgres://USER:PASSWORD@HOST/DATABASE, or the name of a file; in a password, @ is written \
         %40, / is %2F, ? is %3F and # is %23, or it stands in a file: [store] password"
    )]
    BadUrl,
    /// The server does not answer, or does not let us in.
    #[error(
        "cannot connect to the database {database}: {reason}; nothing was changed; check that the \
         server runs, and [store] database"
    )]
    CannotConnect {
        /// Which database, where.
        database: String,
        /// The server's words, or the system's.
        reason: String,
    },
    /// The server sorts texts by a language.
    #[error(
        "the database {database} sorts texts by the rules of {collation}, Chappe needs the order \
         of their bytes; nothing was changed"
    )]
    WrongCollation {
        /// Which database, where.
        database: String,
        /// How it sorts.
        collation: String,
    },
    /// The server went away in the middle.
    #[error("the connection to the database was lost; whether this was kept is not known")]
    Lost,
    /// Two transactions wanted the same rows: a deadlock, or one that could not be serialised.
    #[error("another transaction was in the way; nothing of this one was kept; do it again")]
    Collided,
    /// Somebody else tried a message again, or put it right, at the same moment.
    #[error("somebody else did the same at the same moment; nothing was sent")]
    Overtaken,
    /// The file is something else.
    #[error(
        "{0} is no database, or it is damaged; nothing was changed; name the right file under \
         [store] database, or restore a backup"
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
    /// The school works elsewhere, and would send a second time from here.
    #[error(
        "this school moved to {0} and sends from there, never again from here; nothing was \
         changed; name that database under [store] database"
    )]
    Moved(String),
    /// Another daemon has the place of the only one.
    #[error(
        "a daemon works on {path} already ({who}); on a file one is enough, and nothing was started"
    )]
    DaemonAtWork {
        /// The file.
        path: String,
        /// Which process, since when.
        who: String,
    },
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
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::CannotOpen) if is_read_only(path) => Self::ReadOnly,
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
            Self::ReadOnly => Self::ReadOnly,
            Self::Damaged(words) => Self::Damaged(words.clone()),
            other => Self::Refused(other.to_string()),
        }
    }
}

impl StoreError {
    /// What a failure to connect means. No word of it holds the password.
    pub(super) fn on_connecting(database: String, error: &tokio_postgres::Error) -> Self {
        let said = error.as_db_error().map(|error| error.message().to_owned());
        let cause = || error.source().map(ToString::to_string);
        let reason = said.or_else(cause).unwrap_or_else(|| "no answer".to_owned());
        Self::CannotConnect { database, reason }
    }

    /// Whether it says only that something before it had failed.
    pub(super) fn follows_from_another(&self) -> bool {
        matches!(self, Self::Refused(words) if words.contains(IN_FAILED_TRANSACTION))
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        if error.is_closed() {
            return Self::Lost;
        }
        let Some(said) = error.as_db_error() else {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            return Self::Refused(format!("{error}{cause}"));
        };
        match *said.code() {
            SqlState::DISK_FULL => Self::DiskFull,
            SqlState::T_R_DEADLOCK_DETECTED | SqlState::T_R_SERIALIZATION_FAILURE => Self::Collided,
            SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => Self::Lost,
            // Its detail would quote the row: people's data.
            _ => Self::Refused(format!("{} ({})", said.message(), said.code().code())),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            _ if is_full_disk(&error) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Damaged(error.to_string())
            }
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

/// Whether we may not write the file, or beside it, where changes stand before they are in it.
pub(super) fn is_read_only(database: &Path) -> bool {
    let folder = database.parent().filter(|folder| !folder.as_os_str().is_empty());
    [database, folder.unwrap_or(Path::new("."))].into_iter().any(|place| {
        let written = rustix::fs::access(place, rustix::fs::Access::WRITE_OK);
        matches!(written, Err(rustix::io::Errno::ACCESS | rustix::io::Errno::ROFS))
    })
}
