//! What the press works on: seen by whoever looks, whoever started it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::super::fault::Explained;
use super::super::refusals::told_of_letters;
use crate::batches::PrintedBatch;
use crate::clock::Moment;
use crate::office::LettersRefusal;

/// The last run of the press; clones share it.
#[derive(Clone, Default)]
pub(crate) struct PressRoom(Arc<Mutex<Option<PressRun>>>);

/// A run of the press.
#[derive(Clone)]
pub(super) struct PressRun {
    /// Who started it.
    pub(super) by: String,
    /// When.
    pub(super) since: Moment,
    /// How many letters are done.
    pub(super) done: usize,
    /// Of how many; 0 before that is known.
    pub(super) total: usize,
    /// What came of it, once it ended.
    pub(super) ended: Option<Result<Vec<PrintedBatch>, Explained>>,
}

impl PressRoom {
    /// The last run.
    pub(super) fn last(&self) -> Option<PressRun> {
        self.run().clone()
    }

    /// Begins a run; `false` while another one goes on, which prints the same.
    pub(super) fn begin(&self, by: &str, since: Moment) -> bool {
        let mut run = self.run();
        if run.as_ref().is_some_and(|run| run.ended.is_none()) {
            return false;
        }
        *run = Some(PressRun { by: by.to_owned(), since, done: 0, total: 0, ended: None });
        true
    }

    /// So many letters of so many are done.
    pub(super) fn progress(&self, done: usize, total: usize) {
        if let Some(run) = self.run().as_mut() {
            (run.done, run.total) = (done, total);
        }
    }

    /// The run has ended.
    pub(super) fn end(&self, came: Result<Vec<PrintedBatch>, LettersRefusal>) {
        if let Err(refusal) = &came {
            tracing::warn!(error = %refusal, "Letters could not be printed.");
        }
        if let Some(run) = self.run().as_mut() {
            run.ended = Some(came.map_err(|refusal| told_of_letters(&refusal)));
        }
    }

    fn run(&self) -> MutexGuard<'_, Option<PressRun>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
