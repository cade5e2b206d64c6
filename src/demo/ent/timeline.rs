//! Who was told that there is a message.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Moment;

/// A further message of the same sender within this time is not notified (entcore 6.15: `antiFloodDelay` of the
/// timeline, where an operator does not say otherwise).
const ANTI_FLOOD: Duration = Duration::from_secs(3);

/// The notifications of the ENT.
#[derive(Default)]
pub(super) struct Timeline {
    last_of: HashMap<String, Moment>,
    notified: HashMap<String, usize>,
}

impl Timeline {
    /// Tells all of `recipients` of one message of `sender`; nobody, when it comes too soon. What is dropped does
    /// not put the next one off.
    pub fn tell(&mut self, sender: &str, recipients: &[String], now: Moment) {
        let last = self.last_of.get(sender);
        if last.is_some_and(|last| now.since(*last) <= ANTI_FLOOD) {
            return;
        }
        self.last_of.insert(sender.to_owned(), now);
        for id in recipients {
            *self.notified.entry(id.clone()).or_default() += 1;
        }
    }

    pub fn notified(&self, id: &str) -> usize {
        self.notified.get(id).copied().unwrap_or_default()
    }
}
