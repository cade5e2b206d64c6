//! Moving a school out of an `SQLite` file into a `PostgreSQL` database: nothing lost, nothing doubled.
//!
//! **Nobody else is in the file meanwhile.** It is opened for this connection alone; a daemon that
//! works on it is never moved away from under its feet, but named and refused. So there is no attempt
//! to wait for: what the file calls under way was left by a daemon that died, and whoever takes over,
//! there as here, sees its lease run out, and asks the provider. What providers have to say (receipts,
//! replies) is fetched by the daemon that is started next.
//!
//! **The order of the last steps.** All rows, and that the school arrived, are written in one
//! transaction of the server, and counted there. Then the file takes down, durably, that the school
//! left: from there on nothing can start in it. Only then is the server told to keep what it has. A
//! run that ends before the departure leaves the file as it was; one that ends after it leaves a
//! school that sends from nowhere, until the next run looks whether it arrived, and ends the one way or
//! the other. There is no moment at which both may send.

mod copy;
mod error;

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use secrecy::SecretString;

use super::moves::{self, Relocation};
use super::postgres::{self, Server, ServerSession};
use super::{IfMissing, StoreError, Tx, rates, sqlite};
use crate::clock::Moment;
use crate::crash;
use crate::people::SchoolId;
use copy::SchoolTable;
use error::reason;

pub use error::MoveError;

/// The one table whose rows are no school's.
const RATES: &str = "rates";

/// Which school moves, from where to where.
#[derive(Clone, Copy)]
pub struct Removal<'a> {
    /// The school.
    pub school: &'a SchoolId,
    /// The `SQLite` file.
    pub source: &'a Path,
    /// The URL of the `PostgreSQL` database.
    pub to: &'a str,
    /// The password of its user, where the URL has none.
    pub password: Option<&'a SecretString>,
    /// Names of allowances that the school may share with others.
    pub accounts: &'a [String],
    /// The time.
    pub now: Moment,
}

/// How far the copying of a table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied<'a> {
    /// Which table.
    pub table: &'a str,
    /// Rows on their way.
    pub rows: usize,
    /// Rows that the school has.
    pub of: usize,
}

/// A school that moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Where to: host and database.
    pub place: String,
    /// Rows, by table.
    pub rows: BTreeMap<String, usize>,
    /// It had arrived in an earlier run, which could not say so.
    pub had_arrived: bool,
}

/// Moves a school. On an error nothing was changed, unless it says otherwise; a move that was
/// interrupted is ended by doing it again.
pub fn move_school(
    removal: &Removal<'_>,
    tell: &mut (dyn FnMut(Copied<'_>) + Send),
) -> Result<Moved, MoveError> {
    // Connecting waits, on a run time of its own, which no other may surround.
    let moved = std::thread::scope(|scope| scope.spawn(|| Journey::start(removal, tell)).join());
    moved.unwrap_or(Err(MoveError::Source(StoreError::Closed)))
}

/// A move under way, with both databases open.
struct Journey<'a> {
    removal: &'a Removal<'a>,
    place: String,
    source: Connection,
    target: ServerSession,
}

impl<'a> Journey<'a> {
    fn start(
        removal: &'a Removal<'a>,
        tell: &mut dyn FnMut(Copied<'_>),
    ) -> Result<Moved, MoveError> {
        let source = open_source(removal.source)?;
        let server = Server::of(removal.to, removal.password).map_err(|_| MoveError::BadUrl)?;
        let place = server.place().ok_or(MoveError::BadUrl)?;
        let left = moves::departure(&Tx::new(&source), removal.school)?;
        if let Some(left) = left.as_ref().filter(|left| left.to != place) {
            return Err(MoveError::Gone(left.to.clone()));
        }
        let target = postgres::ready(&server, IfMissing::Make)
            .map_err(|error| cannot_connect(&place, error))?;
        Self { removal, place, source, target }.travel(left.as_ref(), tell)
    }

    /// What was not told to be kept is forgotten by the server when the session is dropped.
    fn travel(
        &self,
        left: Option<&Relocation>,
        tell: &mut dyn FnMut(Copied<'_>),
    ) -> Result<Moved, MoveError> {
        let school = self.removal.school;
        let there = Tx::postgres(&self.target);
        let lock = self.target.script("BEGIN").and_then(|()| moves::lock_arrival(&there, school));
        let arrived_at = lock.and_then(|()| moves::arrived_at(&there, school));
        let arrived_at = arrived_at.map_err(|error| self.failed(&error))?;
        let mut tables = copy::tables(&self.source, school)?;
        if left.is_some() && left.map(|left| left.at) == arrived_at {
            return Ok(self.arrived(&tables));
        }
        self.refuse_what_is_known(&tables)?;
        if let Some(left) = left {
            // It was interrupted before it arrived, and is here as it was.
            self.here(|tx| moves::stay(tx, school, left))?;
            tables = copy::tables(&self.source, school)?;
        }
        if tables.iter().all(|table| table.here == 0) {
            return Err(MoveError::NobodyThere(school.as_str().to_owned()));
        }
        let rows = self.copy(&tables, tell)?;
        self.arrive()?;
        Ok(Moved { place: self.place.clone(), rows, had_arrived: false })
    }

    /// What an earlier run brought there, which could not say so.
    fn arrived(&self, tables: &[SchoolTable]) -> Moved {
        let copied = tables.iter().filter(|table| table.is_copied());
        let rows = copied.map(|table| (table.name.clone(), table.here)).collect();
        Moved { place: self.place.clone(), rows, had_arrived: true }
    }

    fn refuse_what_is_known(&self, tables: &[SchoolTable]) -> Result<(), MoveError> {
        let known = |table: &str| {
            Err(MoveError::Known { database: self.place.clone(), table: table.to_owned() })
        };
        let school = self.removal.school;
        for table in tables {
            if table.there(&self.target, school).map_err(|error| self.failed(&error))? > 0 {
                return known(&table.name);
            }
        }
        let there = Tx::postgres(&self.target);
        if rates::has_own(&there, school).map_err(|error| self.failed(&error))? {
            return known(RATES);
        }
        Ok(())
    }

    /// Copies everything, and counts it there.
    fn copy(
        &self,
        tables: &[SchoolTable],
        tell: &mut dyn FnMut(Copied<'_>),
    ) -> Result<BTreeMap<String, usize>, MoveError> {
        let Removal { school, accounts, .. } = *self.removal;
        let mut all = BTreeMap::new();
        for table in tables.iter().filter(|table| table.is_copied()) {
            let uncopied = |error: &StoreError| self.uncopied(&table.name, error);
            let (name, of) = (table.name.as_str(), table.here);
            let mut so_far = |rows| tell(Copied { table: name, rows, of });
            // The last word is said once all of them are counted there.
            let mut on_the_way = |rows| {
                if rows < of {
                    so_far(rows);
                }
            };
            let copied = table.copy(&self.source, &self.target, school, &mut on_the_way);
            let copied = copied.map_err(|error| uncopied(&error))?;
            let there = table.there(&self.target, school).map_err(|error| uncopied(&error))?;
            if there != of || copied != of {
                let (table, database) = (name.to_owned(), self.place.clone());
                return Err(MoveError::Miscounted { table, database, here: of, there });
            }
            so_far(copied);
            all.insert(name.to_owned(), copied);
        }
        let copied = copy::copy_rates(&self.source, &self.target, school, accounts);
        all.insert(RATES.to_owned(), copied.map_err(|error| self.uncopied(RATES, &error))?);
        Ok(all)
    }

    /// The last steps, in the order that the head of this file explains.
    fn arrive(&self) -> Result<(), MoveError> {
        let Removal { school, now, .. } = *self.removal;
        let there = Tx::postgres(&self.target);
        let arrival = moves::arrive(&there, school, now);
        // Everything that was sent on is answered for before the file is told.
        let arrival = arrival.and_then(|()| moves::arrived_at(&there, school));
        arrival.map_err(|error| self.failed(&error))?;
        crash::point("move.before_departure");
        self.here(|tx| moves::leave(tx, school, &self.place, now))?;
        crash::point("move.before_arrival");
        match self.target.script("COMMIT") {
            Ok(()) => {}
            Err(error) if self.target.is_lost() || matches!(error, StoreError::Lost) => {
                return Err(MoveError::InDoubt(self.place.clone()));
            }
            Err(error) => {
                let left = Relocation { to: self.place.clone(), at: now };
                self.here(|tx| moves::stay(tx, school, &left))?;
                return Err(self.failed(&error));
            }
        }
        crash::point("move.after_arrival");
        Ok(())
    }

    /// A transaction of the file.
    fn here(&self, work: impl FnOnce(&Tx<'_>) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let tx = Transaction::new_unchecked(&self.source, TransactionBehavior::Immediate)?;
        work(&Tx::new(&self.source))?;
        Ok(tx.commit()?)
    }

    fn failed(&self, error: &StoreError) -> MoveError {
        MoveError::Target { database: self.place.clone(), reason: reason(error) }
    }

    fn uncopied(&self, table: &str, error: &StoreError) -> MoveError {
        let (table, database) = (table.to_owned(), self.place.clone());
        MoveError::Uncopied { table, database, reason: reason(error) }
    }
}

fn open_source(path: &Path) -> Result<Connection, MoveError> {
    if path.metadata().map_or(true, |about| about.len() == 0) {
        return Err(MoveError::Missing(path.to_owned()));
    }
    let in_use = |error| match error {
        StoreError::Locked => MoveError::InUse(path.to_owned()),
        other => MoveError::Source(other),
    };
    let source = sqlite::alone(path).map_err(in_use)?;
    sqlite::migrate(&source)?;
    Ok(source)
}

fn cannot_connect(place: &str, error: StoreError) -> MoveError {
    let database = place.to_owned();
    match error {
        StoreError::CannotConnect { reason, .. } => MoveError::CannotConnect { database, reason },
        StoreError::NewerSchema { .. } | StoreError::ChangedMigration(_) => {
            MoveError::Target { database, reason: error.to_string() }
        }
        StoreError::WrongCollation { .. } => MoveError::Source(error),
        other => MoveError::Target { database, reason: reason(&other) },
    }
}
