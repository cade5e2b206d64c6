//! A few connections, each held by a thread of its own, take the transactions that wait.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use secrecy::SecretString;
use tokio::sync::{Notify, oneshot};

use super::server::Server;
use super::session::{ServerSession, WRITE};
use super::{home, listener};
use crate::clock::Clock;
use crate::store::{IfMissing, StoreError, Tx, migrations};

/// Connections that write, and as many that read.
const CONNECTIONS: usize = 4;
/// Transactions that wait at most, beyond which callers wait to hand theirs in.
const WAITING_ROOM: usize = 4_096;
pub(super) const READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Migrations run one program at a time: an arbitrary number, the same in every version.
const MIGRATING: &str = "BEGIN; SELECT pg_advisory_xact_lock(1794)";
/// Nothing where our tables were never made.
const OURS: &str = "SELECT CAST(to_regclass('migrations') AS TEXT)";
/// Texts sort as bytes, as they do in `SQLite`.
const COLLATIONS: [&str; 4] = ["C", "POSIX", "C.UTF-8", "C.utf8"];

/// One caller's transaction, or the reason why there is none.
pub(super) type Job = Box<dyn FnOnce(Result<&ServerSession, StoreError>) + Send>;

#[derive(Clone)]
pub(in crate::store) struct Postgres {
    writers: mpsc::SyncSender<Job>,
    readers: mpsc::SyncSender<Job>,
    news: Arc<Notify>,
}

impl Postgres {
    pub(in crate::store) fn open(
        url: &str,
        password: Option<&SecretString>,
        if_missing: IfMissing,
    ) -> Result<Self, StoreError> {
        let server = Server::of(url, password)?;
        drop(ready(&server, if_missing)?);
        let news = Arc::new(Notify::new());
        listener::start(server.clone(), Arc::clone(&news))?;
        let open = |name| pool(&server, name, CONNECTIONS);
        Ok(Self { writers: open("write")?, readers: open("read")?, news })
    }

    pub(in crate::store) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        run(&self.writers, WRITE, work).await
    }

    pub(in crate::store) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        run(&self.readers, READ, work).await
    }

    /// Waits until another program, or this one, launched something.
    pub(in crate::store) async fn news(&self) {
        self.news.notified().await;
    }
}

/// Connects, brings the schema up to date, and puts a restored copy on hold.
pub(in crate::store) fn ready(
    server: &Server,
    if_missing: IfMissing,
) -> Result<ServerSession, StoreError> {
    let session = ServerSession::open(server)?;
    check_collation(&session, server)?;
    let tx = Tx::postgres(&session);
    let ours = session.transaction(READ, || tx.query_one(OURS, &[], |row| row.maybe_text(0)))?;
    if if_missing == IfMissing::Refuse && ours.flatten().is_none() {
        return Err(StoreError::NoDatabase(server.label()));
    }
    session.transaction(MIGRATING, || migrations::run(&tx).and_then(|()| home::check(&tx)))?;
    session.transaction(READ, || home::check_clock(&tx, &Clock::system()))?;
    Ok(session)
}

/// Connects again: what answers now may be a copy.
fn again(server: &Server) -> Result<ServerSession, StoreError> {
    let session = ServerSession::open(server)?;
    session.transaction(WRITE, || home::check(&Tx::postgres(&session)))?;
    Ok(session)
}

async fn run<T, F>(
    pool: &mpsc::SyncSender<Job>,
    begin: &'static str,
    work: F,
) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
{
    let (answer, answered) = oneshot::channel();
    let job: Job = Box::new(move |session| {
        let _ = answer.send(session.and_then(|session| within(session, begin, work)));
    });
    hand_in(pool, job).await?;
    answered.await.map_err(|_| StoreError::Closed)?
}

/// One transaction. A panic in it is a bug of one caller: it must not take the connection with it.
pub(super) fn within<T>(
    session: &ServerSession,
    begin: &'static str,
    work: impl FnOnce(&Tx<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let work = AssertUnwindSafe(|| work(&Tx::postgres(session)));
    session.transaction(begin, || catch_unwind(work).unwrap_or(Err(StoreError::Closed)))
}

/// The channel is nearly never full: only then is a thread borrowed to wait for room.
async fn hand_in(pool: &mpsc::SyncSender<Job>, job: Job) -> Result<(), StoreError> {
    match pool.try_send(job) {
        Ok(()) => Ok(()),
        Err(mpsc::TrySendError::Disconnected(_)) => Err(StoreError::Closed),
        Err(mpsc::TrySendError::Full(job)) => {
            let pool = pool.clone();
            let sent = tokio::task::spawn_blocking(move || pool.send(job)).await;
            sent.map_err(|_| StoreError::Closed)?.map_err(|_| StoreError::Closed)
        }
    }
}

/// Threads that share the work handed in, each with a connection that it opens when it first needs one.
pub(super) fn pool(
    server: &Server,
    name: &str,
    connections: usize,
) -> Result<mpsc::SyncSender<Job>, StoreError> {
    let (jobs, waiting) = mpsc::sync_channel(WAITING_ROOM);
    let waiting = Arc::new(Mutex::new(waiting));
    for _ in 0..connections {
        let (server, waiting) = (server.clone(), Arc::clone(&waiting));
        std::thread::Builder::new()
            .name(format!("store-{name}"))
            .spawn(move || work_until_closed(&server, &waiting))
            .map_err(|error| StoreError::Refused(error.to_string()))?;
    }
    Ok(jobs)
}

fn work_until_closed(server: &Server, waiting: &Mutex<mpsc::Receiver<Job>>) {
    let mut kept: Option<ServerSession> = None;
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = next else { return };
        if kept.as_ref().is_none_or(ServerSession::is_lost) {
            kept = match again(server) {
                Ok(session) => Some(session),
                Err(error) => {
                    job(Err(error));
                    continue;
                }
            };
        }
        if let Some(session) = &kept {
            job(Ok(session));
        }
    }
}

fn check_collation(session: &ServerSession, server: &Server) -> Result<(), StoreError> {
    const SQL: &str =
        "SELECT CAST(datcollate AS TEXT) FROM pg_database WHERE datname = current_database()";
    let tx = Tx::postgres(session);
    let collation = tx.query_one(SQL, &[], |row| row.text(0))?.unwrap_or_default();
    if COLLATIONS.contains(&collation.as_str()) {
        return Ok(());
    }
    Err(StoreError::WrongCollation { database: server.label(), collation })
}
