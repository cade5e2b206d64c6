//! All that the database says at one moment which a word could change.

use std::collections::BTreeMap;

use chappe::channel::Channel;
use chappe::people::ContactState;
use chappe::store::{Store, StoreError};

use super::super::invariants::{Snapshot, Stands};

/// Steps of all tasks, after which each waits for time to pass.
const STEPS: usize = 400;

/// Where everybody stands, and what is known of every address.
pub(super) struct Known {
    pub snapshot: Snapshot,
    points: BTreeMap<(String, Channel, String), ContactState>,
}

impl Known {
    /// Once the daemon has done what it has to do at this moment: what comes after it is the word's.
    pub(super) async fn take(store: &Store) -> Result<Self, StoreError> {
        be_still().await;
        let snapshot = Snapshot::take(store).await?;
        let points = store.read(|tx| {
            tx.query("SELECT person_key, channel, value, state FROM contact_points", &[], |row| {
                let channel = row.word(1, |word| word.parse().ok())?;
                let point = (row.text(0)?, channel, row.text(2)?);
                Ok((point, row.word(3, ContactState::from_word)?))
            })
        });
        Ok(Self { snapshot, points: points.await?.into_iter().collect() })
    }

    /// How a delivery stands.
    pub(super) fn stands(&self, reference: &str) -> Option<Stands> {
        self.snapshot.stands(reference)
    }

    /// What is known of an address, by all who have it.
    pub(super) fn of(&self, channel: Channel, address: &str) -> Vec<ContactState> {
        let theirs = |((_, on, value), _): &(&(String, Channel, String), &ContactState)| {
            *on == channel && value == address
        };
        self.points.iter().filter(theirs).map(|(_, state)| *state).collect()
    }

    /// Whether nothing moved, and nothing more is known.
    pub(super) fn is_as(&self, before: &Self) -> bool {
        self.moved_since(before).is_empty() && self.points == before.points
    }

    /// How deliveries stand that stood otherwise before, but for what the daemon does by itself meanwhile: it begins what
    /// waits, and ends what it began.
    pub(super) fn moved_since(&self, before: &Self) -> Vec<String> {
        let (is, was) = (self.snapshot.text(), before.snapshot.text());
        let was: BTreeMap<&str, &str> =
            was.lines().filter_map(|line| line.split_once(' ')).collect();
        let moved = is.lines().filter(|line| {
            let (reference, is) = line.split_once(' ').unwrap_or_default();
            was.get(reference).is_none_or(|was| *was != is && !is_the_daemon_s(was, is))
        });
        moved.map(str::to_owned).collect()
    }

    /// The addresses of which other things are known than before.
    pub(super) fn changed_since(&self, before: &Self) -> Vec<(Channel, String)> {
        let is_new = |(point, state): &(&(String, Channel, String), &ContactState)| {
            before.points.get(*point) != Some(*state)
        };
        let changed = self.points.iter().filter(is_new);
        changed.map(|((_, channel, value), _)| (*channel, value.clone())).collect()
    }
}

/// Whether a delivery that stood so comes to stand so because it leaves: the state is the second word of both.
fn is_the_daemon_s(was: &str, is: &str) -> bool {
    let state = |line: &str| line.split(' ').nth(1).map(str::to_owned);
    match (state(was).as_deref(), state(is).as_deref()) {
        (Some("waiting"), Some(now)) => now == "sending",
        (Some("sending"), _) => true,
        _ => false,
    }
}

/// Lets every task come to where it waits for time to pass.
pub(super) async fn be_still() {
    for _ in 0..STEPS {
        tokio::task::yield_now().await;
    }
}

/// Whether nobody is written to, or rung, there any more.
pub(super) const fn is_over(state: ContactState) -> bool {
    matches!(state, ContactState::Dead | ContactState::OptedOut)
}
