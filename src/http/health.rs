//! `/healthz` and `/readyz`: whether the daemon lives, and whether it can do its work and keep what it does.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::time::{Instant, timeout};

use super::Pulse;
use crate::private_file;
use crate::queue::{BELIEVED_FOR, Queue};
use crate::stop::Stop;
use crate::store::StoreError;
use crate::store::daemons::IdleProvider;

/// How long the database may take for an answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(2);

/// What the daemon finds out about itself as it works; clones share it.
#[derive(Debug, Clone)]
pub struct Fitness(Arc<FoundOut>);

#[derive(Debug)]
struct FoundOut {
    /// When something was written to the database last.
    written_at: Mutex<Option<Instant>>,
    /// What the last look through the whole file found wrong with it.
    damage: Mutex<Option<String>>,
    /// What the daemon does by itself.
    tasks: Mutex<Vec<Arc<Pulse>>>,
    /// Files that hold secrets.
    secrets: Mutex<Vec<PathBuf>>,
    /// Providers that cannot be used.
    idle: Mutex<Vec<IdleProvider>>,
    /// What is wrong with the certificate of the pages.
    certificate: Mutex<Option<&'static str>>,
}

impl Fitness {
    /// Of a daemon that begins, with the files that hold its secrets, and what it cannot use.
    #[must_use]
    pub fn of_new(secrets: Vec<PathBuf>, idle: Vec<IdleProvider>) -> Self {
        Self(Arc::new(FoundOut {
            written_at: Mutex::default(),
            damage: Mutex::default(),
            tasks: Mutex::default(),
            secrets: Mutex::new(secrets),
            idle: Mutex::new(idle),
            certificate: Mutex::default(),
        }))
    }

    /// The daemon's work begins anew, with other settings: the tasks that were told to end are forgotten.
    pub fn begin_anew(&self, secrets: Vec<PathBuf>, idle: Vec<IdleProvider>) {
        *self.0.secrets.lock().unwrap_or_else(PoisonError::into_inner) = secrets;
        *self.0.idle.lock().unwrap_or_else(PoisonError::into_inner) = idle;
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|pulse| !pulse.is_to_end());
    }

    /// The pulse of a task of this name that begins, that wakes within this long, where it can be told, and ends by this.
    #[must_use]
    pub fn watch(&self, task: String, wakes_within: Option<Duration>, stop: &Stop) -> Arc<Pulse> {
        let pulse = Arc::new(Pulse::new(task, wakes_within, stop.clone()));
        let mut tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.push(Arc::clone(&pulse));
        pulse
    }

    /// The providers that cannot be used now.
    #[must_use]
    pub fn idle_providers(&self) -> Vec<IdleProvider> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// This provider can be used from now on.
    pub fn takes_up(&self, provider: &str) {
        let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|one| one.provider != provider);
    }

    /// What is wrong with the certificate of the pages from now on; nothing, where it is shown and holds.
    pub fn certificate_is(&self, fault: Option<&'static str>) {
        *self.0.certificate.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    fn fault_of_certificate(&self) -> Option<&'static str> {
        *self.0.certificate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was written to the database.
    pub fn written(&self) {
        let now = Some(Instant::now());
        *self.0.written_at.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// The whole file was looked through.
    pub fn looked_through(&self, found: &Result<(), StoreError>) {
        let damage = match found {
            Err(StoreError::Damaged(words)) => Some(words.clone()),
            Ok(()) => None,
            // What could not be looked at tells nothing of the file.
            Err(_) => return,
        };
        *self.0.damage.lock().unwrap_or_else(PoisonError::into_inner) = damage;
    }

    fn is_damaged(&self) -> bool {
        self.0.damage.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    fn was_written_lately(&self) -> bool {
        let written_at = *self.0.written_at.lock().unwrap_or_else(PoisonError::into_inner);
        written_at.is_some_and(|at| at.elapsed() < BELIEVED_FOR)
    }

    /// The first task that is not well, and how it is.
    fn task_that_is_not_well(&self) -> Option<String> {
        let tasks = self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.iter().find_map(|pulse| pulse.trouble())
    }

    fn shows_secrets(&self) -> bool {
        // One that is missing is told when it is needed.
        let secrets = self.0.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        secrets.iter().any(|file| private_file::is_open_to_others(file).unwrap_or(false))
    }
}

/// `/healthz` and `/readyz`.
pub fn health(queue: Queue, fitness: Fitness) -> Router {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .with_state((queue, fitness))
}

/// Alive, and whether anything may leave.
async fn alive(State((queue, _)): State<(Queue, Fitness)>) -> &'static str {
    match timeout(ANSWER_LIMIT, queue.holds().standing()).await {
        Ok(Ok(Some(_))) => "alive, on hold: nothing is sent until it is released\n",
        _ => "alive\n",
    }
}

/// Ready = what it does is kept, and read by nobody else. The words name no file: who looks after the
/// machine may ask for it (`chappe doctor`).
async fn ready(
    State((queue, fitness)): State<(Queue, Fitness)>,
) -> (StatusCode, Cow<'static, str>) {
    match first_fault(&queue, &fitness).await {
        None => (StatusCode::OK, "ready\n".into()),
        Some(fault) => (StatusCode::SERVICE_UNAVAILABLE, fault),
    }
}

async fn first_fault(queue: &Queue, fitness: &Fitness) -> Option<Cow<'static, str>> {
    match fault_of_database(queue, fitness).await {
        None => fault_of_daemon(fitness),
        fault => fault.map(Cow::Borrowed),
    }
}

fn fault_of_daemon(fitness: &Fitness) -> Option<Cow<'static, str>> {
    if let Some(trouble) = fitness.task_that_is_not_well() {
        return Some(format!("{trouble}: the log says why\n").into());
    }
    if !fitness.was_written_lately() {
        return Some("nothing could be written lately: the log says why\n".into());
    }
    if let Some(fault) = fitness.fault_of_certificate() {
        return Some(format!("{fault}: the log says why\n").into());
    }
    fitness.idle_providers().first().map(told_of).map(Cow::Owned)
}

fn told_of(IdleProvider { provider, channel, .. }: &IdleProvider) -> String {
    format!("{provider} ({channel}) cannot be used: the technician's check says more\n")
}

async fn fault_of_database(queue: &Queue, fitness: &Fitness) -> Option<&'static str> {
    let store = queue.store();
    let read = timeout(ANSWER_LIMIT, store.read(|_| Ok(()))).await;
    if !matches!(read, Ok(Ok(()))) {
        return Some("the database does not answer\n");
    }
    if fitness.is_damaged() {
        return Some("the database is damaged: the technician's check says more\n");
    }
    match store.check_rights() {
        Err(StoreError::ReadOnly) => return Some("the database is read-only\n"),
        Err(StoreError::OpenToOthers(_)) => {
            return Some("others may read the database: the technician's check says more\n");
        }
        Err(_) => {
            return Some("the database cannot be looked at: the technician's check says more\n");
        }
        Ok(()) => {}
    }
    if fitness.shows_secrets() {
        return Some("others may read a secret: the technician's check says more\n");
    }
    None
}
