//! A handle on the database, whichever it is.

use std::path::Path;

use secrecy::SecretString;

use super::{IfMissing, StoreError, Tx, directory_changes, in_line, postgres, room, sqlite};
use crate::clock::Clock;

/// A handle on the database; clones share it.
#[derive(Clone)]
pub struct Store(pub(super) Engine);

/// Which one it is.
#[derive(Clone)]
pub(super) enum Engine {
    Sqlite(sqlite::Sqlite),
    InLine(in_line::InLine),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens the `SQLite` file at `path`, makes it where it does not stand yet, and brings its
    /// schema up to date.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_or(path, IfMissing::Make)
    }

    /// The same, with a choice.
    pub fn open_or(path: &Path, if_missing: IfMissing) -> Result<Self, StoreError> {
        Ok(Self(Engine::Sqlite(sqlite::Sqlite::open(path, if_missing)?)))
    }

    /// Connects to the `PostgreSQL` database of a URL, makes our tables where there are none, and brings
    /// its schema up to date.
    pub fn connect(url: &str, password: Option<&SecretString>) -> Result<Self, StoreError> {
        Self::connect_or(url, password, IfMissing::Make)
    }

    /// The same, with a choice.
    pub fn connect_or(
        url: &str,
        password: Option<&SecretString>,
        if_missing: IfMissing,
    ) -> Result<Self, StoreError> {
        // Connecting waits, on a run time of its own, which no other may surround.
        let opened = std::thread::scope(|scope| {
            scope.spawn(|| postgres::Postgres::open(url, password, if_missing)).join()
        });
        Ok(Self(Engine::Postgres(opened.unwrap_or(Err(StoreError::Closed))?)))
    }

    /// The same, with each transaction alone and on the caller's thread: slower, and the same every
    /// time, which is what a simulation needs. `:memory:` is a database that ends with its handles.
    pub fn in_line(path: &Path) -> Result<Self, StoreError> {
        Ok(Self(Engine::InLine(in_line::InLine::open(path)?)))
    }

    /// The same on a `PostgreSQL` database of a test. What `clock` shows is told to it before each transaction
    /// as the setting `simulated.now`, in milliseconds, so that its own clock may be made to show it as well.
    pub fn in_line_on(url: &str, clock: &Clock) -> Result<Self, StoreError> {
        let opened =
            std::thread::scope(|scope| scope.spawn(|| in_line::InLine::connect(url, clock)).join());
        Ok(Self(Engine::InLine(opened.unwrap_or(Err(StoreError::Closed))?)))
    }

    /// Runs `work` in a transaction. Durable when it returns; nothing of it is kept on an error.
    /// Transactions that wait together are committed together.
    pub async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let work = move |tx: &Tx<'_>| {
            let done = work(tx)?;
            directory_changes::count(tx)?;
            Ok(done)
        };
        match &self.0 {
            Engine::Sqlite(sqlite) => sqlite.write(work).await,
            Engine::InLine(in_line) => in_line.write(work).await,
            Engine::Postgres(postgres) => postgres.write(work).await,
        }
    }

    /// Refused when the disk has no room for so many more addressees and what becomes of them: what is
    /// accepted must be able to end.
    pub fn has_room_for(&self, addressees: usize) -> Result<(), StoreError> {
        match &self.0 {
            Engine::Sqlite(sqlite) => room::is_there_for(sqlite.file(), addressees),
            // A server's disk is its own; it answers for what it accepts.
            Engine::InLine(_) | Engine::Postgres(_) => Ok(()),
        }
    }

    /// Runs `work` on a consistent snapshot; it cannot write.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        match &self.0 {
            Engine::Sqlite(sqlite) => sqlite.read(work).await,
            Engine::InLine(in_line) => in_line.read(work).await,
            Engine::Postgres(postgres) => postgres.read(work).await,
        }
    }

    /// Waits until another program has something new in this database; for ever where it would not
    /// tell: with `SQLite`, whoever waits looks by itself every now and then.
    pub async fn news(&self) {
        match &self.0 {
            Engine::Sqlite(_) | Engine::InLine(_) => std::future::pending().await,
            Engine::Postgres(postgres) => postgres.news().await,
        }
    }
}
