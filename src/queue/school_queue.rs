//! A school's queue: where it stands, whose it is, and who is woken when something new may be due.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, OnceCell};

use crate::delivery::{ByHand, Recaller, SealKey, Timing};
use crate::id::Id;
use crate::message::Message;
use crate::people::SchoolId;
use crate::store::{Store, StoreError, Tx, messages, moves};

/// A school's queue; clones share it.
#[derive(Clone)]
pub struct Queue {
    pub(super) store: Store,
    pub(super) school: SchoolId,
    pub(super) timing: Arc<Timing>,
    pub(super) by_hand: Arc<[ByHand]>,
    pub(super) recallers: Arc<[Recaller]>,
    pub(super) seal_key: Arc<OnceCell<SealKey>>,
    messages: Arc<Mutex<HashMap<Id<Message>, Arc<Message>>>>,
    wake: Arc<Notify>,
}

impl Queue {
    /// The queue of a school.
    #[must_use]
    pub fn new(store: Store, school: SchoolId) -> Self {
        let timing = Arc::new(Timing::at_once());
        let (by_hand, recallers) = (Arc::default(), Arc::default());
        let (seal_key, messages, wake) = (Arc::default(), Arc::default(), Arc::default());
        Self { store, school, timing, by_hand, recallers, seal_key, messages, wake }
    }

    /// The same, for a school that decided this about when messages leave.
    #[must_use]
    pub fn with_timing(self, timing: Timing) -> Self {
        Self { timing: Arc::new(timing), ..self }
    }

    /// The same, for a school where people publish in these programs.
    #[must_use]
    pub fn with_by_hand(self, by_hand: Vec<ByHand>) -> Self {
        Self { by_hand: by_hand.into(), ..self }
    }

    /// The same, for a school whose providers of these take back what they handed out.
    #[must_use]
    pub fn with_recallers(self, recallers: Vec<Recaller>) -> Self {
        Self { recallers: recallers.into(), ..self }
    }

    /// The programs in which people of the school publish, the preferred one of each channel first.
    #[must_use]
    pub fn by_hand(&self) -> &[ByHand] {
        &self.by_hand
    }

    /// What the school decided about when messages leave.
    #[must_use]
    pub fn timing(&self) -> &Timing {
        &self.timing
    }

    /// The database under it.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whose queue it is.
    #[must_use]
    pub fn school(&self) -> &SchoolId {
        &self.school
    }

    /// Where the school moved to, if it is no longer here.
    pub async fn moved_to(&self) -> Result<Option<String>, StoreError> {
        let school = self.school.clone();
        self.store.read(move |tx| moves::moved_to(tx, &school)).await
    }

    /// Refused when the school is no longer here: what changed here would be missing where it is now.
    pub async fn check_not_moved(&self) -> Result<(), StoreError> {
        self.moved_to().await?.map_or(Ok(()), |place| Err(StoreError::Moved(place)))
    }

    /// Waits until something new may be due, or for `at_most`.
    pub async fn woken(&self, at_most: Duration) {
        let woken = async {
            tokio::select! {
                () = self.wake.notified() => {}
                () = self.store.news() => {}
            }
        };
        let _ = tokio::time::timeout(at_most, woken).await;
    }

    /// Tells those who wait that something new may be due.
    pub fn wake(&self) {
        self.wake.notify_waiters();
    }

    /// The message of this id: read once, since a launched message never changes.
    pub(super) fn message(&self, tx: &Tx<'_>, id: Id<Message>) -> Result<Arc<Message>, StoreError> {
        let mut kept = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(message) = kept.get(&id) {
            return Ok(Arc::clone(message));
        }
        let message = messages::by_id(tx, &self.school, id)?
            .ok_or_else(|| StoreError::Unreadable("a delivery without its message".to_owned()))?;
        let message = Arc::new(message);
        kept.insert(id, Arc::clone(&message));
        Ok(message)
    }
}
