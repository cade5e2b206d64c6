//! The daemon: dispatchers, listeners, patience, and the door.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::at_work::look_after;
use super::doors::OpenDoors;
use super::not_started::ServeError;
use super::renewal::Lasting;
use super::task::{self, Task};
use crate::http::Fitness;
use crate::id::Id;
use crate::office::School;
use crate::providers::Guard;
use crate::queue::SAID_EVERY;
use crate::stop::{self, Stop, Stopper};
use crate::store::daemons::{self, IdleProvider};
use crate::store::{SolePlace, StoreError};
use crate::web::Address;

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
    /// As the settings have it by then.
    end_limit: watch::Receiver<Duration>,
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
        let (stopper, stop) = stop::channel();
        let lasting = Lasting::of(&school, guard, pages.clone(), stop.clone());
        let at_doors = doors.answered(&school, &lasting)?;
        let (begun, idle) = lasting.begin(Arc::clone(&school), None);
        let (fitness, end_limit) = (lasting.fitness.clone(), lasting.end_limit());
        let heartbeat = Heartbeat::begin(&school, fitness.clone()).await;
        let attend = heartbeat.keep(Arc::clone(&school), stop.clone());
        let attend = Task::new("say that it is at work", SAID_EVERY, attend);
        let look = look_after(&school, &fitness, &stop);
        let asked = school.file.as_ref().map(|file| file.renewal.hear());
        let go_on = lasting.go_on(school, begun, asked.unwrap_or_else(|| mpsc::channel(1).1));
        let go_on = Task::new("work by the settings", None, go_on);
        let mut work = JoinSet::new();
        task::start(at_doors.into_iter().chain([attend, look, go_on]), &mut work, &fitness, &stop);
        tracing::info!(%address, "The daemon is at work.");
        Ok(Self { address, pages, idle, _place: place, stopper, work, end_limit })
    }

    /// Stops: nothing new starts, and what is under way is let to its end, for as long as a lease lasts and
    /// a minute at most.
    pub async fn stop(mut self) -> Ended {
        self.stopper.stop();
        let all_end = async { while self.work.join_next().await.is_some() {} };
        let end_limit = *self.end_limit.borrow();
        let ended = timeout(end_limit, all_end).await;
        // What is left ends where it waits next; the database keeps what was written whole.
        self.work.abort_all();
        tracing::info!("The daemon has stopped.");
        ended.map_or(Ended::CutOff(end_limit), |()| Ended::AtRest)
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
