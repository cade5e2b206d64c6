//! Why a school did not move. No text names a user or a password.

use std::path::PathBuf;

use super::super::StoreError;

/// Why a school did not move, or may not have.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// There is no file to move out of.
    #[error(
        "the database is a server's already: pg_dump and pg_restore move a whole one; nothing was \
         changed"
    )]
    OnAServer,
    /// No database where the configuration says.
    #[error("no database stands at {0}; nothing was changed; name it under [store] database")]
    Missing(PathBuf),
    /// A daemon works on it, or a command.
    #[error("a program works on {0}; nothing was changed; stop the daemon and do it again")]
    InUse(PathBuf),
    /// Where to go is no place.
    #[error(
        "the new place is no URL of a database: postgres://USER@HOST/DATABASE; nothing was changed"
    )]
    BadUrl,
    /// The server does not answer, or does not let us in.
    #[error("cannot connect to the database {database}: {reason}; nothing was changed")]
    CannotConnect {
        /// Which database, where.
        database: String,
        /// The server's words, or the system's.
        reason: String,
    },
    /// Nothing of the school.
    #[error(
        "the database holds nothing of the school {0}; nothing was changed; check [school] uai"
    )]
    NobodyThere(String),
    /// The school left already.
    #[error("this school moved to {0} already; nothing was changed; what is here is a keepsake")]
    Gone(String),
    /// The target knows the school.
    #[error(
        "the database {database} has rows of this school already, in the table {table}; nothing \
         was changed; stop what works on them, and move into a database without this school"
    )]
    Known {
        /// Which database, where.
        database: String,
        /// The first table with such a row.
        table: String,
    },
    /// A table could not be copied.
    #[error(
        "the table {table} cannot be copied to {database}: {reason}; nothing was changed: the \
         school sends from here as before; put that right and do it again"
    )]
    Uncopied {
        /// Which table.
        table: String,
        /// Which database, where.
        database: String,
        /// The database's words.
        reason: String,
    },
    /// The numbers of rows differ.
    #[error(
        "the table {table} has {here} rows of this school here and would have {there} in \
         {database}; nothing was changed: the school sends from here as before; stop what works \
         there and do it again"
    )]
    Miscounted {
        /// Which table.
        table: String,
        /// Which database, where.
        database: String,
        /// Rows in the file.
        here: usize,
        /// Rows on the server.
        there: usize,
    },
    /// The server went away while it was told to keep everything.
    #[error(
        "the connection to {0} was lost at the last step: whether the school arrived is not known, \
         and nothing is sent from here; do it again: it looks, and ends what was begun"
    )]
    InDoubt(String),
    /// The server, for another reason.
    #[error("the database {database}: {reason}; nothing was changed: do it again")]
    Target {
        /// Which database, where.
        database: String,
        /// The database's words.
        reason: String,
    },
    /// The file.
    #[error("{0}")]
    Source(#[from] StoreError),
}

/// What went wrong on the server, without advice that is meant for another moment.
pub(super) fn reason(error: &StoreError) -> String {
    match error {
        StoreError::Lost => "the connection was lost".to_owned(),
        StoreError::Refused(words) => words.clone(),
        other => other.to_string(),
    }
}
