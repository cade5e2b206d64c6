//! What a daemon does by the settings of its school.

use std::sync::Arc;
use std::time::Duration;

use super::idle;
use super::provider_tasks::about_provider;
use super::reminders;
use super::shared::Shared;
use super::task::Task;
use crate::dispatch::Routes;
use crate::http::Fitness;
use crate::office::{self, School};
use crate::providers::Provider;
use crate::stop::Stop;
use crate::store::daemons::IdleProvider;
use crate::upkeep;

/// How often the whole database is looked through for damage.
const LOOKED_THROUGH_EVERY: Duration = Duration::from_hours(1);
/// How long a daemon that is told to stop goes on at most: shorter than what service managers wait for.
const END_LIMIT: Duration = Duration::from_mins(1);
/// Longer than a lease, so that those who wait for the end of theirs can say so.
const A_LITTLE: Duration = Duration::from_secs(1);

/// How long what goes on for this school goes on at most once it is told to stop.
pub(super) fn end_limit(school: &School) -> Duration {
    school.config.dispatch.lease.0.min(END_LIMIT) + A_LITTLE
}

/// Everything that a daemon does for the school by its settings; it ends when `stop` is given.
#[must_use]
pub fn tasks(
    school: &Arc<School>,
    providers: &[Arc<dyn Provider>],
    routes: &Routes,
    stop: &Stop,
) -> Vec<Task> {
    let about = |provider| about_provider(school, provider, routes, stop);
    providers.iter().flat_map(about).chain(by_time(school, providers, stop)).collect()
}

/// What goes on whoever carries.
fn by_time(school: &Arc<School>, providers: &[Arc<dyn Provider>], stop: &Stop) -> Vec<Task> {
    let every = school.config.dispatch.look_every.0;
    let keep_up = keep_up(Arc::clone(school), stop.clone());
    let by_hand = !school.queue.by_hand().is_empty();
    let remind = by_hand.then(|| {
        let remind = reminders::remind(Arc::clone(school), providers.to_vec(), stop.clone());
        Task::new("remind of cards", reminders::EVERY, remind)
    });
    [Task::new("end what time ends", every, keep_up)].into_iter().chain(remind).collect()
}

/// What goes on as long as the daemon, whatever its settings: the hourly look.
pub(super) fn look_after(school: &Arc<School>, fitness: &Fitness, stop: &Stop) -> Task {
    let look = look_through(Arc::clone(school), fitness.clone(), stop.clone());
    Task::new("look through the database", LOOKED_THROUGH_EVERY, look)
}

impl Shared {
    /// All that goes on with these providers, and to take up those that cannot be used yet.
    pub(super) fn all_tasks(
        &self,
        providers: &[Arc<dyn Provider>],
        idle: &[IdleProvider],
    ) -> Vec<Task> {
        let about_idle = idle.iter().map(|IdleProvider { provider, .. }| {
            let take_up = idle::take_up(self.clone(), provider.clone());
            Task::new(format!("take up {provider}"), None, take_up)
        });
        let about = providers.iter().flat_map(|provider| self.about(provider));
        about.chain(by_time(&self.school, providers, &self.stop)).chain(about_idle).collect()
    }
}

/// Damage to the database, which nobody sees before the day when a page of it is wanted.
async fn look_through(school: Arc<School>, fitness: Fitness, stop: Stop) {
    while !stop.is_given() {
        let found = school.store().check_whole().await;
        // Whoever reads of it in the log finds it at the door as well.
        fitness.looked_through(&found);
        if let Err(error) = found.as_ref().and(school.store().check_rights().as_ref()) {
            tracing::error!(%error, "The database is not as it should be.");
        }
        if let Err(error) = office::sweep_uploads(&school).await {
            tracing::warn!(%error, "Files that wait for an import could not be looked through.");
        }
        office::sweep_scans(&school);
        office::sweep_documents(&school);
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
