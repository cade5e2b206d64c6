//! What this process has in the air, from its start to its outcome.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::delivery::lifecycle::Delivery;
use crate::id::Id;

/// The deliveries in the air; clones share them.
#[derive(Clone, Default)]
pub(super) struct Air(Arc<Mutex<HashSet<Id<Delivery>>>>);

/// One delivery in the air. It lands when this is dropped, however its attempt ends.
pub(super) struct InTheAir {
    air: Air,
    id: Id<Delivery>,
}

impl Air {
    pub(super) fn take_up(&self, id: Id<Delivery>) -> InTheAir {
        self.all().insert(id);
        InTheAir { air: self.clone(), id }
    }

    pub(super) fn holds(&self, id: Id<Delivery>) -> bool {
        self.all().contains(&id)
    }

    fn all(&self) -> MutexGuard<'_, HashSet<Id<Delivery>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for InTheAir {
    fn drop(&mut self) {
        self.air.all().remove(&self.id);
    }
}
