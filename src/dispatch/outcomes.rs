//! What became of attempts, on its way to the store. While one commit is under way, what comes in is
//! gathered for the next.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::queue::Outcome;

/// Outcomes that wait to be written.
#[derive(Default)]
pub(super) struct Outcomes {
    waiting: Mutex<Vec<PendingWrite>>,
    /// Held by the one that writes for all.
    pub(super) writing: tokio::sync::Mutex<()>,
    /// Whether the daemon is to end.
    pub(super) is_closing: AtomicBool,
}

/// Outcomes of one task, and how to tell it what became of them.
pub(super) struct PendingWrite {
    pub(super) outcomes: Arc<Vec<Outcome>>,
    /// Nobody knows whether they were written before: the database went away meanwhile.
    pub(super) is_again: bool,
    pub(super) written: oneshot::Sender<Durable>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durable {
    /// It is durable.
    Yes,
    /// Nothing of it is kept: no result can be written now.
    No,
    /// Nothing of it is kept: the database refuses it.
    Refused,
    /// Either.
    Maybe,
}

impl Outcomes {
    /// The daemon is to end: what cannot be written soon is looked into by the next start.
    pub(super) fn close(&self) {
        self.is_closing.store(true, Ordering::Relaxed);
    }

    pub(super) fn put(&self, batch: PendingWrite) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
    }

    pub(super) fn take(&self) -> Vec<PendingWrite> {
        mem::take(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl PendingWrite {
    pub(super) fn tell(self, written: Durable) {
        // Nobody is left to hear it when the daemon is being ended.
        let _ = self.written.send(written);
    }
}
