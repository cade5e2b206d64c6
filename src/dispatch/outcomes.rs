//! What became of attempts, on its way to the store. While one commit is under way, what comes in is
//! gathered for the next.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::sync::oneshot;

use super::Dispatcher;
use crate::delivery::lifecycle::DeliveryEvent;
use crate::queue::Outcome;
use crate::store::StoreError;

/// When a result cannot be written, the wait before trying again.
const STORE_PAUSE: Duration = Duration::from_millis(500);
/// How often the database may refuse one result, before it is written without what the provider said;
/// and as often again, before it is left to the end of its lease.
const MOST_REFUSALS: u32 = 60;
/// How often a result is tried again once the daemon is to end.
const LAST_TRIES: u32 = 6;

/// Outcomes that wait to be written.
#[derive(Default)]
pub(super) struct Outcomes {
    waiting: Mutex<Vec<PendingWrite>>,
    /// Held by the one that writes for all.
    writing: tokio::sync::Mutex<()>,
    /// Whether the daemon is to end.
    is_closing: AtomicBool,
}

/// Outcomes of one task, and how to tell it what became of them.
struct PendingWrite {
    outcomes: Arc<Vec<Outcome>>,
    /// Nobody knows whether they were written before: the database went away meanwhile.
    is_again: bool,
    written: oneshot::Sender<Durable>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Durable {
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

    fn put(&self, batch: PendingWrite) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(batch);
    }

    fn take(&self) -> Vec<PendingWrite> {
        mem::take(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Dispatcher {
    /// Writes outcomes down, again and again until it is done: what was sent must not be forgotten. One
    /// whose own data the database refuses is written without them.
    pub(super) async fn write_down(&self, outcomes: Vec<Outcome>) {
        let mut outcomes = Arc::new(outcomes);
        let (mut is_again, mut refusals, mut last_tries) = (false, 0, 0);
        loop {
            match self.write_with_others(Arc::clone(&outcomes), is_again).await {
                Durable::Yes => return,
                Durable::Refused if outcomes.len() > 1 => {
                    let alone = outcomes.iter().map(|it| self.write_down(vec![it.clone()]));
                    return Box::pin(join_all(alone)).map(drop).await;
                }
                Durable::Refused => refusals += 1,
                Durable::No => {}
                Durable::Maybe => is_again = true,
            }
            if refusals == MOST_REFUSALS {
                outcomes = Arc::new(outcomes.iter().map(without_words).collect());
            }
            last_tries += u32::from(self.outcomes.is_closing.load(Ordering::Relaxed));
            if refusals >= 2 * MOST_REFUSALS || last_tries >= LAST_TRIES {
                tracing::error!("A result is not written down; it counts as a lost answer.");
                return;
            }
            tokio::time::sleep(STORE_PAUSE).await;
        }
    }

    /// Hands outcomes in, and writes what waits when nobody else does.
    async fn write_with_others(&self, outcomes: Arc<Vec<Outcome>>, is_again: bool) -> Durable {
        let (written, mut is_written) = oneshot::channel();
        self.outcomes.put(PendingWrite { outcomes, is_again, written });
        loop {
            tokio::select! {
                biased; // the same every time: a simulation replays
                written = &mut is_written => return written.unwrap_or(Durable::Maybe),
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
                Durable::No | Durable::Refused => {
                    self.written(batch.outcomes.to_vec(), false).await
                }
                known => known,
            };
            batch.tell(written);
        }
        for batch in again {
            let written = self.written(batch.outcomes.to_vec(), true).await;
            batch.tell(written);
        }
    }

    async fn written(&self, outcomes: Vec<Outcome>, is_again: bool) -> Durable {
        let now = self.clock.now();
        let settled = if is_again {
            self.queue.settle_if_news(outcomes, now).await
        } else {
            self.queue.settle(outcomes, now).await
        };
        match settled {
            Ok(()) => Durable::Yes,
            Err(error) => {
                tracing::error!(%error, "Cannot write results down; trying again.");
                match error {
                    StoreError::Lost => Durable::Maybe,
                    StoreError::Refused(_) | StoreError::Unreadable(_) => Durable::Refused,
                    _ => Durable::No,
                }
            }
        }
    }
}

/// A result as far as it is ours: what happened, without the provider's id and words.
fn without_words(outcome: &Outcome) -> Outcome {
    let happening = match outcome.happening {
        DeliveryEvent::Accepted { .. } => DeliveryEvent::Accepted { look_at: None },
        other => other,
    };
    Outcome { due: outcome.due, happening, attempt: None, provider_ref: None }
}

impl PendingWrite {
    fn tell(self, written: Durable) {
        // Nobody is left to hear it when the daemon is being ended.
        let _ = self.written.send(written);
    }
}
