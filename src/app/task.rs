//! What the daemon does by itself: a list of tasks, each with a name by which the log and `/readyz` tell how it
//! is.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::task::JoinSet;

use crate::http::{Fitness, Pulse};
use crate::stop::Stop;

/// Something that goes on until the daemon is told to stop.
pub struct Task {
    /// What it does: `send by relay`.
    pub name: String,
    /// The longest that it sleeps, where that can be told: longer, and it hangs.
    pub wakes_within: Option<Duration>,
    /// The work itself.
    pub run: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Task {
    /// A task that sleeps `wakes_within` at most.
    pub(super) fn new(
        name: impl Into<String>,
        wakes_within: impl Into<Option<Duration>>,
        run: impl Future<Output = ()> + Send + 'static,
    ) -> Self {
        Self { name: name.into(), wakes_within: wakes_within.into(), run: Box::pin(run) }
    }

    /// The same work with a pulse.
    async fn watched(self, pulse: Arc<Pulse>, stop: Stop) {
        let Self { name, mut run, .. } = self;
        let beating = poll_fn(|context| {
            pulse.beat();
            run.as_mut().poll(context)
        });
        match AssertUnwindSafe(beating).catch_unwind().await {
            Ok(()) if stop.is_given() => return,
            Ok(()) => tracing::error!(task = name, "The task has ended before its time."),
            Err(_) => tracing::error!(task = name, "The task has panicked: it does nothing more."),
        }
        pulse.stop();
    }
}

/// Starts tasks, of which `fitness` knows how they are from now on; they end when `stop` is given.
pub fn start(
    tasks: impl IntoIterator<Item = Task>,
    work: &mut JoinSet<()>,
    fitness: &Fitness,
    stop: &Stop,
) {
    for task in tasks {
        let pulse = fitness.watch(task.name.clone(), task.wakes_within, stop);
        work.spawn(task.watched(pulse, stop.clone()));
    }
}
