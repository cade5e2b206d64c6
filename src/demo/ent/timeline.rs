//! Who was told that there is a message.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Moment;

/// A further message of the same sender within this time is not notified (entcore 6.15: `antiFloodDelay` of the
/// timeline, where an operator does not say otherwise).
const ANTI_FLOOD: Duration = Duration::from_secs(3);

/// The notifications of the ENT.
pub(super) struct Timeline {
    /// Within so long of the last message of a sender nobody is told of another.
    pub anti_flood: Duration,
    last_of: HashMap<String, Moment>,
    notified: HashMap<String, usize>,
}

impl Default for Timeline {
    fn default() -> Self {
        let (last_of, notified) = (HashMap::new(), HashMap::new());
        Self { anti_flood: ANTI_FLOOD, last_of, notified }
    }
}

impl Timeline {
    /// Tells all of `recipients` of one message of `sender`; nobody, when it comes too soon. What is dropped does
    /// not put the next one off.
    pub fn tell(&mut self, sender: &str, recipients: &[String], now: Moment) {
        let last = self.last_of.get(sender);
        if last.is_some_and(|last| now.since(*last) <= self.anti_flood) {
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

    /// How many notifications there were, of all accounts.
    pub fn all(&self) -> usize {
        self.notified.values().sum()
    }
}
