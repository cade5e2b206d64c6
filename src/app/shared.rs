//! What the tasks of a daemon share.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::provider_tasks::about_provider;
use super::task::{self, Task};
use super::turns::Turns;
use crate::dispatch::Routes;
use crate::http::{Fitness, Hooks};
use crate::office::School;
use crate::providers::{Guard, Provider};
use crate::stop::Stop;

/// What goes on by the settings of a school, until `stop` is given. Clones share it too.
#[derive(Clone)]
pub(super) struct Shared {
    pub school: Arc<School>,
    pub guard: Guard,
    pub fitness: Fitness,
    pub hooks: Hooks,
    pub routes: Routes,
    pub turns: Turns,
    pub stop: Stop,
}

impl Shared {
    pub fn start(&self, tasks: impl IntoIterator<Item = Task>, work: &mut JoinSet<()>) {
        task::start(tasks, work, &self.fitness, &self.stop);
    }

    /// Everything that goes on about one provider, once nothing does any more by former settings on its channel.
    pub fn about(&self, provider: &Arc<dyn Provider>) -> Vec<Task> {
        let tasks = about_provider(&self.school, provider, &self.routes, &self.stop);
        let in_turn = |task| self.turns.of(provider.channel()).taken_by(task);
        tasks.into_iter().map(in_turn).collect()
    }

    /// From now on this provider may push what comes back.
    pub fn let_push(&self, provider: &Arc<dyn Provider>) {
        let inbox = super::inbox(&self.school, provider.as_ref());
        self.hooks.add(Arc::clone(provider), Arc::new(inbox));
    }
}
