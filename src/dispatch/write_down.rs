//! Writes down what became of attempts, again and again until it is done.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::join_all;
use tokio::sync::oneshot;

use super::Dispatcher;
use super::outcomes::{Durable, PendingWrite};
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
    let event = match outcome.event {
        DeliveryEvent::Accepted { .. } => DeliveryEvent::Accepted { look_at: None },
        other => other,
    };
    Outcome { sent_as: outcome.sent_as.clone(), ..Outcome::of(outcome.due, event) }
}
