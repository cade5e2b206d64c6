//! What this process has in flight, from its start to its outcome.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::bundle::Bundle;
use crate::delivery::lifecycle::Delivery;
use crate::id::Id;

/// The deliveries in flight; clones share them.
#[derive(Clone, Default)]
pub(super) struct InFlight(Arc<Mutex<HashSet<Id<Delivery>>>>);

/// One delivery in flight. It lands when this is dropped, however its attempt ends.
pub(super) struct Flight {
    among: InFlight,
    id: Id<Delivery>,
}

impl InFlight {
    pub(super) fn take_up(&self, bundle: &Bundle) -> Vec<Flight> {
        let ids = bundle.members().map(|it| it.due.id);
        self.all().extend(ids.clone());
        ids.map(|id| Flight { among: self.clone(), id }).collect()
    }

    pub(super) fn holds(&self, id: Id<Delivery>) -> bool {
        self.all().contains(&id)
    }

    fn all(&self) -> MutexGuard<'_, HashSet<Id<Delivery>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.among.all().remove(&self.id);
    }
}
