//! The daemon: dispatchers, listeners, patience, and the door.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::timeout;

use super::doors::OpenDoors;
use super::idle;
use super::not_started::ServeError;
use super::provider_tasks::about_provider;
use super::reminders;
use super::shared::Shared;
use super::task::Task;
use crate::dispatch::Routes;
use crate::http::{Fitness, Hooks};
use crate::id::Id;
use crate::office::School;
use crate::providers::{Guard, Provider};
use crate::queue::SAID_EVERY;
use crate::stop::{self, Stop, Stopper};
use crate::store::daemons::{self, IdleProvider};
use crate::store::{SolePlace, StoreError};
use crate::upkeep;
use crate::web::Address;

/// How often the whole database is looked through for damage.
const LOOKED_THROUGH_EVERY: Duration = Duration::from_hours(1);
/// How long a daemon that is told to stop goes on at most: shorter than what service managers wait for.
const END_LIMIT: Duration = Duration::from_mins(1);
/// Longer than a lease, so that those who wait for the end of theirs can say so.
const A_LITTLE: Duration = Duration::from_secs(1);

/// How a daemon ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// All that was under way came to its end.
    AtRest,
    /// Something did not, within this long: it is uncertain, or settled at the next start.
    CutOff(Duration),
}

/// A daemon at work. Dropping it stops it without waiting.
pub struct Daemon {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where people reach the pages; nowhere, where others could listen in on what is typed into them.
    pub pages: Option<Address>,
    /// The providers that could not be used when it started; it goes on without them.
    pub idle: Vec<IdleProvider>,
    _place: SolePlace,
    stopper: Stopper,
    work: JoinSet<()>,
    end_limit: Duration,
}

impl Daemon {
    /// Starts everything that the configuration of a school asks for.
    pub async fn start(school: Arc<School>, guard: Guard) -> Result<Self, ServeError> {
        raise_descriptors();
        school.queue.check_not_moved().await?;
        // What it could not write down it would do again at the next start. Whatever else may be wrong with
        // the file is told as it works.
        if let Err(error @ StoreError::ReadOnly) = school.store().check_rights() {
            return Err(error.into());
        }
        let since = school.queue.timing().hours.shown(school.clock.now());
        let place = school.store().take_place(&since)?;
        let doors = OpenDoors::of(&school).await?;
        let address = doors.address().unwrap_or(school.config.http.listen);
        let pages = doors.pages.clone();
        let end_limit = school.config.dispatch.lease.0.min(END_LIMIT) + A_LITTLE;
        let (providers, idle) = idle::apart(&school, guard);
        let (stopper, stop) = stop::channel();
        let secrets = super::secret_files(&school.config, &school.folder).into_iter();
        let fitness = Fitness::of_new(secrets.map(|(_, file)| file).collect(), idle.clone());
        let (routes, hooks) = (Routes::new(&school.config, &providers), Hooks::default());
        let shared = Shared { school, guard, fitness, hooks, routes, stop };
        let at_doors = shared.at_doors(doors)?;
        let mut work = JoinSet::new();
        for provider in &providers {
            shared.let_push(provider);
        }
        shared.start(tasks(&shared.school, &providers, &shared.routes, &shared.stop), &mut work);
        shared.start(shared.about_itself().await, &mut work);
        shared.start(shared.about_idle(&idle), &mut work);
        shared.start(at_doors, &mut work);
        tracing::info!(%address, "The daemon is at work.");
        Ok(Self { address, pages, idle, _place: place, stopper, work, end_limit })
    }

    /// Stops: nothing new starts, and what is under way is let to its end, for as long as a lease lasts and
    /// a minute at most.
    pub async fn stop(mut self) -> Ended {
        self.stopper.stop();
        let all_end = async { while self.work.join_next().await.is_some() {} };
        let ended = timeout(self.end_limit, all_end).await;
        // What is left ends where it waits next; the database keeps what was written whole.
        self.work.abort_all();
        tracing::info!("The daemon has stopped.");
        ended.map_or(Ended::CutOff(self.end_limit), |()| Ended::AtRest)
    }
}

/// Lets the daemon open as many connections as the system allows: what families are sent must not wait because
/// others hold the door.
fn raise_descriptors() {
    match rlimit::increase_nofile_limit(u64::MAX) {
        Ok(files) => tracing::debug!(files, "So many files may be open at once."),
        Err(error) => tracing::warn!(%error, "Cannot raise how many files may be open at once."),
    }
}

impl Shared {
    /// What the daemon says and finds out of itself.
    async fn about_itself(&self) -> [Task; 2] {
        let attendance = Heartbeat::begin(&self.school, self.fitness.clone()).await;
        let attend = attendance.keep(Arc::clone(&self.school), self.stop.clone());
        let look = look_through(Arc::clone(&self.school), self.fitness.clone(), self.stop.clone());
        [
            Task::new("say that it is at work", SAID_EVERY, attend),
            Task::new("look through the database", LOOKED_THROUGH_EVERY, look),
        ]
    }

    fn about_idle(&self, idle: &[IdleProvider]) -> impl Iterator<Item = Task> {
        idle.iter().map(|IdleProvider { provider, .. }| {
            let take_up = idle::take_up(self.clone(), provider.clone());
            Task::new(format!("take up {provider}"), None, take_up)
        })
    }
}

/// Everything that a daemon does for the school; it ends when `stop` is given.
#[must_use]
pub fn tasks(
    school: &Arc<School>,
    providers: &[Arc<dyn Provider>],
    routes: &Routes,
    stop: &Stop,
) -> Vec<Task> {
    let about = |provider| about_provider(school, provider, routes, stop);
    let about_providers = providers.iter().flat_map(about);
    let every = school.config.dispatch.look_every.0;
    let keep_up = keep_up(Arc::clone(school), stop.clone());
    let by_hand = !school.queue.by_hand().is_empty();
    let remind = by_hand.then(|| {
        let remind = reminders::remind(Arc::clone(school), stop.clone());
        Task::new("remind of cards", reminders::EVERY, remind)
    });
    about_providers.chain([Task::new("end what time ends", every, keep_up)]).chain(remind).collect()
}

/// That a daemon is at work, as the office is told; whether that can be written down tells if it is well.
struct Heartbeat {
    id: Id<daemons::DaemonRun>,
    fitness: Fitness,
}

impl Heartbeat {
    async fn begin(school: &School, fitness: Fitness) -> Self {
        let attendance = Self { id: Id::new(school.clock.now()), fitness };
        attendance.say(school).await;
        attendance
    }

    async fn keep(self, school: Arc<School>, stop: Stop) {
        while !stop.is_given() {
            stop.pause(SAID_EVERY).await;
            self.say(&school).await;
        }
        if let Err(error) = school.queue.attendance().note_away(self.id).await {
            tracing::warn!(%error, "Cannot say that this daemon has stopped.");
        }
    }

    async fn say(&self, school: &School) {
        match school
            .queue
            .attendance()
            .note_at_work(self.id, self.fitness.idle_providers(), school.clock.now())
            .await
        {
            Ok(()) => self.fitness.written(),
            Err(error) => tracing::warn!(%error, "Cannot say that this daemon is at work."),
        }
    }
}

/// Damage to the database, which nobody sees before the day when a page of it is wanted.
async fn look_through(school: Arc<School>, fitness: Fitness, stop: Stop) {
    while !stop.is_given() {
        let found = school.store().check_whole().await;
        if let Err(error) = found.as_ref().and(school.store().check_rights().as_ref()) {
            tracing::error!(%error, "The database is not as it should be.");
        }
        fitness.looked_through(&found);
        stop.pause(LOOKED_THROUGH_EVERY).await;
    }
}

/// Patience that ends.
async fn keep_up(school: Arc<School>, stop: Stop) {
    while !stop.is_given() {
        if let Err(error) = upkeep::round(&school.queue, school.clock.now()).await {
            tracing::error!(%error, "Cannot move on those whose patience is over.");
        }
        stop.pause(school.config.dispatch.look_every.0).await;
    }
}
