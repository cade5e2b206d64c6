//! A transaction, whatever the database.

use std::cell::RefCell;
use std::collections::BTreeSet;

use rusqlite::{CachedStatement, Connection};

use super::StoreError;
use super::postgres::{ServerSession, TIME};
use super::value::{DatabaseRow, Row, Value};
use crate::clock::Moment;
use crate::people::SchoolId;

/// A transaction, as the functions that hold SQL see it.
pub struct Tx<'c> {
    executor: Executor<'c>,
    changed_directories: RefCell<BTreeSet<SchoolId>>,
}

enum Executor<'c> {
    Sqlite(&'c Connection),
    Postgres(&'c ServerSession),
}

impl<'c> Tx<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self::by(Executor::Sqlite(connection))
    }

    pub(super) fn postgres(session: &'c ServerSession) -> Self {
        Self::by(Executor::Postgres(session))
    }

    const fn by(executor: Executor<'c>) -> Self {
        Self { executor, changed_directories: RefCell::new(BTreeSet::new()) }
    }

    /// Notes that this transaction writes what audiences are read from: who is at a school, who is whose guardian,
    /// where they can be written to.
    pub(super) fn changes_directory(&self, school: &SchoolId) {
        let mut changed = self.changed_directories.borrow_mut();
        if !changed.contains(school) {
            changed.insert(school.clone());
        }
    }

    /// The schools whose directory this transaction changed.
    pub(super) fn changed_directories(&self) -> BTreeSet<SchoolId> {
        self.changed_directories.take()
    }

    /// Runs a statement. `PostgreSQL` may answer later: a failure then shows at the next query, or
    /// at the end of the transaction, of which nothing is kept.
    pub fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<(), StoreError> {
        match self.executor {
            Executor::Sqlite(connection) => {
                bind(connection, sql, values)?.raw_execute().map(drop)?;
            }
            Executor::Postgres(session) => session.send(sql, values)?,
        }
        Ok(())
    }

    /// Runs a statement; how many rows it touched.
    pub fn touched(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, StoreError> {
        match self.executor {
            Executor::Sqlite(connection) => Ok(bind(connection, sql, values)?.raw_execute()?),
            Executor::Postgres(session) => session.touched(sql, values),
        }
    }

    /// Keeps every other writer from the rows that a query names, until this transaction ends.
    /// `SQLite` has one writer, and needs nothing.
    pub fn lock(&self, sql: &'static str, values: &[Value<'_>]) -> Result<(), StoreError> {
        match self.executor {
            Executor::Sqlite(_) => Ok(()),
            Executor::Postgres(session) => session.send(sql, values),
        }
    }

    /// The time that all who work on the database agree on: the server's, whatever their own clocks show.
    /// All who work on an `SQLite` file share a machine and its clock, `here`.
    pub fn time(&self, here: impl FnOnce() -> Moment) -> Result<Moment, StoreError> {
        match self.executor {
            Executor::Sqlite(_) => Ok(here()),
            Executor::Postgres(_) => {
                let there = self.query_one(TIME, &[], |row| Ok(Moment(row.int(0)?)))?;
                there.ok_or_else(|| StoreError::Unreadable("no time".to_owned()))
            }
        }
    }

    /// Tells the other programs that work on this database that something new may be due, once this
    /// transaction is kept. With `SQLite` they look by themselves.
    pub fn tell_others(&self) -> Result<(), StoreError> {
        match self.executor {
            Executor::Sqlite(_) => Ok(()),
            Executor::Postgres(session) => session.send("NOTIFY chappe", &[]),
        }
    }

    /// Every row that a query gives.
    pub fn query<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.each(sql, values, |row| {
            all.push(read(row)?);
            Ok(())
        })?;
        Ok(all)
    }

    /// Hands over every row that a query gives, one after the other. `PostgreSQL`'s are all in memory
    /// meanwhile, so that `take` may query as well.
    pub fn each(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        mut take: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match self.executor {
            Executor::Sqlite(connection) => {
                let mut statement = bind(connection, sql, values)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next()? {
                    take(&Row(DatabaseRow::Sqlite(row)))?;
                }
                Ok(())
            }
            Executor::Postgres(session) => {
                let rows = session.rows(sql, values)?;
                rows.iter().try_for_each(|row| take(&Row(DatabaseRow::Postgres(row))))
            }
        }
    }

    /// The first row that a query gives.
    pub fn query_one<T>(
        &self,
        sql: &'static str,
        values: &[Value<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match self.executor {
            Executor::Sqlite(connection) => {
                let mut statement = bind(connection, sql, values)?;
                let mut rows = statement.raw_query();
                rows.next()?.map(|row| read(&Row(DatabaseRow::Sqlite(row)))).transpose()
            }
            Executor::Postgres(session) => {
                let rows = session.rows(sql, values)?;
                rows.first().map(|row| read(&Row(DatabaseRow::Postgres(row)))).transpose()
            }
        }
    }

    /// Runs a text of several statements: a migration.
    pub(super) fn script(&self, sql: &str) -> Result<(), StoreError> {
        match self.executor {
            Executor::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Executor::Postgres(session) => session.script(sql),
        }
    }
}

/// `$1` is a *name* to `SQLite`: bound by name, the order in the text does not matter.
fn bind<'c>(
    connection: &'c Connection,
    sql: &'static str,
    values: &[Value<'_>],
) -> Result<CachedStatement<'c>, StoreError> {
    const NAMES: [&str; 24] = [
        "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14",
        "$15", "$16", "$17", "$18", "$19", "$20", "$21", "$22", "$23", "$24",
    ];
    let mut statement = connection.prepare_cached(sql)?;
    for (name, value) in NAMES.iter().zip(values) {
        let index = statement
            .parameter_index(name)?
            .ok_or_else(|| StoreError::Refused(format!("{name} is not in the statement")))?;
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(statement)
}
