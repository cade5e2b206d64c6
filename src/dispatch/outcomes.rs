//! What became of attempts, on its way to the store. While one commit is under way, what comes in is
//! gathered for the next.

use std::mem;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::Dispatcher;
use crate::queue::Outcome;
use crate::store::StoreError;

/// When a result cannot be written, the wait before trying again.
const STORE_PAUSE: Duration = Duration::from_millis(500);

/// Outcomes that wait to be written.
#[derive(Default)]
pub(super) struct Outcomes {
    waiting: Mutex<Vec<Batch>>,
    /// Held by the one that writes for all.
    writing: tokio::sync::Mutex<()>,
}

/// Outcomes of one task, and how to tell it what became of them.
struct Batch {
    outcomes: Arc<Vec<Outcome>>,
    /// Nobody knows whether they were written before: the database went away meanwhile.
    is_again: bool,
    written: oneshot::Sender<Written>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// It is durable.
    Yes,
    /// Nothing of it is kept.
    No,
    /// Either.
    Maybe,
}

impl Outcomes {
    fn put(&self, batch: Batch) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
    }

    fn take(&self) -> Vec<Batch> {
        mem::take(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Dispatcher {
    /// Writes outcomes down, again and again until it is done: what was sent must not be forgotten.
    pub(super) async fn write_down(&self, outcomes: Vec<Outcome>) {
        let outcomes = Arc::new(outcomes);
        let mut is_again = false;
        loop {
            match self.write_with_others(Arc::clone(&outcomes), is_again).await {
                Written::Yes => return,
                Written::No => {}
                Written::Maybe => is_again = true,
            }
            tokio::time::sleep(STORE_PAUSE).await;
        }
    }

    /// Hands outcomes in, and writes what waits when nobody else does.
    async fn write_with_others(&self, outcomes: Arc<Vec<Outcome>>, is_again: bool) -> Written {
        let (written, mut is_written) = oneshot::channel();
        self.outcomes.put(Batch { outcomes, is_again, written });
        loop {
            tokio::select! {
                biased; // the same every time: a simulation replays
                written = &mut is_written => return written.unwrap_or(Written::Maybe),
                _writing = self.outcomes.writing.lock() => self.write_what_waits().await,
            }
        }
    }

    /// What cannot be written keeps nobody else from it.
    async fn write_what_waits(&self) {
        let (again, first): (Vec<_>, Vec<_>) =
            self.outcomes.take().into_iter().partition(|batch| batch.is_again);
        let all = first.iter().flat_map(|batch| batch.outcomes.iter().cloned()).collect();
        let together = self.written(all, false).await;
        for batch in first {
            let written = match together {
                Written::No => self.written(batch.outcomes.to_vec(), false).await,
                known => known,
            };
            batch.tell(written);
        }
        for batch in again {
            let written = self.written(batch.outcomes.to_vec(), true).await;
            batch.tell(written);
        }
    }

    async fn written(&self, outcomes: Vec<Outcome>, is_again: bool) -> Written {
        let now = self.clock.now();
        let settled = if is_again {
            self.queue.settle_again(outcomes, now).await
        } else {
            self.queue.settle(outcomes, now).await
        };
        match settled {
            Ok(()) => Written::Yes,
            Err(error) => {
                tracing::error!(%error, "Cannot write results down; trying again.");
                if matches!(error, StoreError::Lost) { Written::Maybe } else { Written::No }
            }
        }
    }
}

impl Batch {
    fn tell(self, written: Written) {
        // Nobody is left to hear it when the daemon is being ended.
        let _ = self.written.send(written);
    }
}
