//! The database while the caller's own thread waits: for simulated time, outside which the writer's thread
//! and the readers would stand, and for runs that must replay. `SQLite` works on that thread; a server's
//! one connection has its thread, for which the caller stands still.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};

use super::postgres::Alone;
use super::{StoreError, Tx, sqlite};
use crate::clock::Clock;

#[derive(Clone)]
pub(super) enum InLine {
    File(File),
    Server(Alone),
}

/// An `SQLite` file, or a database in memory.
#[derive(Clone)]
pub(super) struct File(Arc<Mutex<Connection>>);

impl InLine {
    pub(super) fn open(path: &Path) -> Result<Self, StoreError> {
        if path != Path::new(":memory:") {
            sqlite::make_private(path);
        }
        let connection = sqlite::connect(path, OpenFlags::default())?;
        sqlite::migrate(&connection)?;
        Ok(Self::File(File(Arc::new(Mutex::new(connection)))))
    }

    /// The database of a URL, to which each transaction tells what this clock shows.
    pub(super) fn connect(url: &str, clock: &Clock) -> Result<Self, StoreError> {
        Ok(Self::Server(Alone::open(url, clock)?))
    }

    /// Others come in before the transaction and before its answer, as they do while a caller waits
    /// for the writer: whoever is stopped there never learns that it was committed.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        tokio::task::yield_now().await;
        let result = match self {
            Self::File(file) => file.run("BEGIN IMMEDIATE", "COMMIT", work),
            Self::Server(server) => server.write(work),
        };
        tokio::task::yield_now().await;
        result
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        tokio::task::yield_now().await;
        let end = "COMMIT; PRAGMA query_only = OFF";
        match self {
            Self::File(file) => file.run("PRAGMA query_only = ON; BEGIN", end, work),
            Self::Server(server) => server.read(work),
        }
    }
}

impl File {
    /// One transaction. A panic in it is a bug of its caller alone, as it is with the writer.
    fn run<T>(
        &self,
        begin: &str,
        end: &str,
        work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connection.execute_batch(begin)?;
        let worked = catch_unwind(AssertUnwindSafe(|| work(&Tx::new(&connection))));
        let result = worked.unwrap_or(Err(StoreError::Closed)).and_then(|value| {
            connection.execute_batch(end)?;
            Ok(value)
        });
        if result.is_err() {
            let _ = connection.execute_batch("ROLLBACK");
            let _ = connection.execute_batch("PRAGMA query_only = OFF");
        }
        result
    }
}
