//! `SQLite`: one thread writes, a few connections read.
//!
//! The writer takes every transaction that waits, runs each under a savepoint, commits them
//! together (one fsync for all), then answers. `synchronous=FULL`: an answer means durable.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use tokio::sync::{Semaphore, oneshot};

use super::{IfMissing, StoreError, Tx, migrations};
use crate::{crash, private_file};

/// Transactions that wait at most, beyond which callers wait to hand theirs in.
const WAITING_ROOM: usize = 4_096;
/// Transactions committed together at most.
const GROUP: usize = 512;
/// Connections that read at the same time.
const READERS: usize = 4;
/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 128;

/// Each connection is used by one thread at a time, and needs no lock of its own.
const READ_ONLY: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY
    .union(OpenFlags::SQLITE_OPEN_URI)
    .union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

/// What to tell a caller once the group is committed, or is not.
type AfterCommit = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// One caller's transaction, or the reason why there is none. `Err`: rolled back alone.
type WriteJob =
    Box<dyn FnOnce(Result<&Tx<'_>, &StoreError>) -> Result<AfterCommit, AfterCommit> + Send>;

#[derive(Clone)]
pub(super) struct Sqlite {
    jobs: mpsc::SyncSender<WriteJob>,
    readers: Arc<Readers>,
    file: Arc<Path>,
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Sqlite {
    pub(super) fn open(path: &Path, if_missing: IfMissing) -> Result<Self, StoreError> {
        let writer = match if_missing {
            IfMissing::Make => {
                make_private(path);
                connect(path, OpenFlags::default())?
            }
            IfMissing::Refuse => connect_standing(path)?,
        };
        migrate(&writer)?;
        // The rows of a message that leaves lie close together in five tables and indexes.
        writer.execute_batch("PRAGMA cache_size = -16384")?;
        let readers =
            (0..READERS).map(|_| connect(path, READ_ONLY)).collect::<Result<Vec<_>, _>>()?;
        let (jobs, waiting) = mpsc::sync_channel(WAITING_ROOM);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_until_closed(&writer, &waiting))
            .map_err(|error| StoreError::Refused(error.to_string()))?;
        let readers = Readers { idle: Mutex::new(readers), permits: Semaphore::new(READERS) };
        Ok(Self { jobs, readers: Arc::new(readers), file: path.into() })
    }

    /// Where the database stands.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: WriteJob =
            Box::new(move |tx| match tx.map_err(StoreError::share).and_then(work) {
                Ok(value) => Ok(Box::new(move |committed: Result<(), StoreError>| {
                    let _ = answer.send(committed.map(|()| value));
                })),
                Err(error) => Err(Box::new(move |_| {
                    let _ = answer.send(Err(error));
                })),
            });
        self.hand_in(job).await?;
        answered.await.map_err(|_| StoreError::Closed)?
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        self.with_reader(|reader| snapshot(reader, work)).await
    }

    /// Copies all that is committed into an empty file, beside those who read and write.
    pub(super) async fn copy_to(&self, file: PathBuf) -> Result<(), StoreError> {
        self.with_reader(move |reader| {
            Ok(reader.execute("VACUUM INTO ?1", [file.to_string_lossy()]).map(drop)?)
        })
        .await
    }

    /// Lends a connection that reads.
    pub(super) async fn with_reader<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let _permit = readers.permits.acquire().await.map_err(|_| StoreError::Closed)?;
        let readers = Arc::clone(&self.readers);
        tokio::task::spawn_blocking(move || {
            let connection = readers.take().ok_or(StoreError::Closed)?;
            let result = work(&connection);
            readers.put_back(connection);
            result
        })
        .await
        .map_err(|_| StoreError::Closed)?
    }

    /// The channel is nearly never full: only then is a thread borrowed to wait for room.
    async fn hand_in(&self, job: WriteJob) -> Result<(), StoreError> {
        match self.jobs.try_send(job) {
            Ok(()) => Ok(()),
            Err(mpsc::TrySendError::Disconnected(_)) => Err(StoreError::Closed),
            Err(mpsc::TrySendError::Full(job)) => {
                let jobs = self.jobs.clone();
                let sent = tokio::task::spawn_blocking(move || jobs.send(job)).await;
                sent.map_err(|_| StoreError::Closed)?.map_err(|_| StoreError::Closed)
            }
        }
    }
}

impl Readers {
    fn take(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn put_back(&self, connection: Connection) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
    }
}

/// Brings the schema up to date.
pub(super) fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let tx = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    migrations::run(&Tx::new(connection))?;
    Ok(tx.commit()?)
}

/// Makes a new file readable by its owner alone: it holds families' data. What cannot be made here is said
/// by the opening that follows; a file that stands keeps the rights that somebody gave it.
pub(super) fn make_private(path: &Path) {
    let _ = private_file::create_new(path);
}

pub(super) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let cannot_open = |error: rusqlite::Error| StoreError::on_opening(path, &error);
    let connection = Connection::open_with_flags(path, flags).map_err(cannot_open)?;
    make_ready(&connection).map_err(cannot_open)?;
    Ok(connection)
}

/// Opens a database that stands and is ours.
fn connect_standing(path: &Path) -> Result<Connection, StoreError> {
    let missing = || StoreError::NoDatabase(path.display().to_string());
    // What cannot be looked at is told by the opening that follows.
    let about = std::fs::metadata(path);
    let is_missing = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    if about.as_ref().map_or_else(is_missing, |about| about.is_file() && about.len() == 0) {
        return Err(missing());
    }
    let flags = OpenFlags::default().difference(OpenFlags::SQLITE_OPEN_CREATE);
    let connection = connect(path, flags)?;
    let ours = "SELECT 1 FROM sqlite_schema WHERE name = 'migrations'";
    match connection.query_row(ours, [], |_| Ok(())) {
        Err(rusqlite::Error::QueryReturnedNoRows) => Err(missing()),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(connection),
    }
}

/// Opens a database that stands for this connection alone: `Locked` while another one has it open, and
/// no other one gets in before this one is closed.
pub(super) fn alone(path: &Path) -> Result<Connection, StoreError> {
    let cannot_open = |error: rusqlite::Error| StoreError::on_opening(path, &error);
    let flags = OpenFlags::default().difference(OpenFlags::SQLITE_OPEN_CREATE);
    let connection = Connection::open_with_flags(path, flags).map_err(cannot_open)?;
    connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE").map_err(cannot_open)?;
    make_ready(&connection).map_err(cannot_open)?;
    // The lock is taken at the first look, and kept.
    connection.execute_batch("BEGIN EXCLUSIVE; COMMIT").map_err(cannot_open)?;
    Ok(connection)
}

fn make_ready(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // A prepared statement is then never planned anew for other values.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA busy_timeout = 30000; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY; \
         PRAGMA journal_size_limit = 67108864;",
    )
}

fn snapshot<T>(
    connection: &Connection,
    work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.execute_batch("BEGIN")?;
    let result = work(&Tx::new(connection));
    connection.execute_batch("COMMIT")?;
    result
}

fn write_until_closed(connection: &Connection, waiting: &mpsc::Receiver<WriteJob>) {
    while let Ok(first) = waiting.recv() {
        let mut group = vec![first];
        while group.len() < GROUP {
            let Ok(next) = waiting.try_recv() else { break };
            group.push(next);
        }
        commit_together(connection, group);
    }
}

/// Runs the group in one transaction and answers each of its callers.
fn commit_together(connection: &Connection, group: Vec<WriteJob>) {
    let mut answers = Vec::with_capacity(group.len());
    let mut jobs = group.into_iter();
    let committed = run_group(connection, &mut jobs, &mut answers);
    if let Err(error) = &committed {
        let _ = connection.execute_batch("ROLLBACK");
        for job in jobs {
            let (Ok(answer) | Err(answer)) = job(Err(error));
            answers.push(answer);
        }
    }
    for answer in answers {
        answer(committed.as_ref().copied().map_err(StoreError::share));
    }
}

fn run_group(
    connection: &Connection,
    jobs: &mut std::vec::IntoIter<WriteJob>,
    answers: &mut Vec<AfterCommit>,
) -> Result<(), StoreError> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for job in jobs {
        execute(connection, "SAVEPOINT job")?;
        let tx = Tx::new(connection);
        // A panic is a bug of one caller: it must not take the writer, and everyone, with it.
        match catch_unwind(AssertUnwindSafe(|| job(Ok(&tx)))) {
            Ok(Ok(answer)) => answers.push(answer),
            Ok(Err(answer)) => {
                answer(Ok(()));
                execute(connection, "ROLLBACK TO job")?;
            }
            Err(_) => execute(connection, "ROLLBACK TO job")?,
        }
        execute(connection, "RELEASE job")?;
    }
    crash::point("store.before_commit");
    execute(connection, "COMMIT")?;
    crash::point("store.after_commit");
    Ok(())
}

fn execute(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}
