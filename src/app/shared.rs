//! What the tasks of a daemon share.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::task::{self, Task};
use crate::dispatch::Routes;
use crate::http::{Fitness, Hooks};
use crate::office::School;
use crate::providers::{Guard, Provider};
use crate::stop::Stop;

/// Clones share it too.
#[derive(Clone)]
pub(super) struct Shared {
    pub school: Arc<School>,
    pub guard: Guard,
    pub fitness: Fitness,
    pub hooks: Hooks,
    pub routes: Routes,
    pub stop: Stop,
}

impl Shared {
    pub fn start(&self, tasks: impl IntoIterator<Item = Task>, work: &mut JoinSet<()>) {
        task::start(tasks, work, &self.fitness, &self.stop);
    }

    /// From now on this provider may push what comes back.
    pub fn let_push(&self, provider: &Arc<dyn Provider>) {
        let inbox = super::inbox(&self.school, provider.as_ref());
        self.hooks.add(Arc::clone(provider), Arc::new(inbox));
    }
}
