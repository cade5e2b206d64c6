//! What became of attempts, on its way to the store. While one commit is under way, what comes in is
//! gathered for the next.

use std::mem;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::Dispatcher;
use crate::queue::Outcome;

/// When a result cannot be written, the wait before trying again.
const STORE_PAUSE: Duration = Duration::from_millis(500);

/// Outcomes that wait to be written.
#[derive(Default)]
pub(super) struct Outcomes {
    waiting: Mutex<Vec<Batch>>,
    /// Held by the one that writes for all.
    writing: tokio::sync::Mutex<()>,
}

/// Outcomes of one task, and how to tell it that they are durable.
struct Batch {
    outcomes: Vec<Outcome>,
    written: oneshot::Sender<()>,
}

impl Outcomes {
    fn put(&self, batches: impl IntoIterator<Item = Batch>) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).extend(batches);
    }

    fn take(&self) -> Vec<Batch> {
        mem::take(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Dispatcher {
    /// Writes outcomes down, again and again until it is done: what was sent must not be forgotten,
    /// and nothing new starts meanwhile.
    pub(super) async fn write_down(&self, outcomes: Vec<Outcome>) {
        let (written, mut is_written) = oneshot::channel();
        self.outcomes.put([Batch { outcomes, written }]);
        loop {
            tokio::select! {
                biased; // the same every time: a simulation replays
                _ = &mut is_written => return,
                _writing = self.outcomes.writing.lock() => self.write_what_waits().await,
            }
        }
    }

    async fn write_what_waits(&self) {
        let batches = self.outcomes.take();
        let all = batches.iter().flat_map(|batch| batch.outcomes.clone()).collect();
        if self.is_settled(all).await {
            batches.into_iter().for_each(Batch::tell);
        } else {
            self.write_each_alone(batches).await;
        }
    }

    /// What cannot be written keeps nobody else from it.
    async fn write_each_alone(&self, batches: Vec<Batch>) {
        let mut refused = Vec::new();
        for batch in batches {
            if self.is_settled(batch.outcomes.clone()).await {
                batch.tell();
            } else {
                refused.push(batch);
            }
        }
        if !refused.is_empty() {
            self.outcomes.put(refused);
            tokio::time::sleep(STORE_PAUSE).await;
        }
    }

    async fn is_settled(&self, outcomes: Vec<Outcome>) -> bool {
        match self.queue.settle(outcomes, self.clock.now()).await {
            Ok(()) => true,
            Err(error) => {
                tracing::error!(%error, "Cannot write results down; trying again.");
                false
            }
        }
    }
}

impl Batch {
    fn tell(self) {
        // Nobody is left to hear it when the daemon is being ended.
        let _ = self.written.send(());
    }
}
