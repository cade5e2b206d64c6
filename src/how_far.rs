//! How far a long work is, of what there is to do: counted by whoever does it, looked at by whoever waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// What is done, and what there is to do; clones share both.
#[derive(Debug, Clone, Default)]
pub struct HowFar(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    done: AtomicU64,
    of: AtomicU64,
}

impl HowFar {
    /// Begins, or begins again: nothing of so much is done.
    pub fn begin(&self, of: u64) {
        self.0.done.store(0, Ordering::Relaxed);
        self.0.of.store(of, Ordering::Relaxed);
    }

    /// There is more to do.
    pub fn expect(&self, more: u64) {
        self.0.of.fetch_add(more, Ordering::Relaxed);
    }

    /// There is less to do than was expected.
    pub fn expect_less(&self, less: u64) {
        self.0.of.fetch_sub(less, Ordering::Relaxed);
    }

    /// So much more is done.
    pub fn add(&self, more: u64) {
        self.0.done.fetch_add(more, Ordering::Relaxed);
    }

    /// What is done, and what there is to do.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        (self.0.done.load(Ordering::Relaxed), self.0.of.load(Ordering::Relaxed))
    }

    /// What is done of a hundred; nothing where nobody knows yet what there is to do.
    #[must_use]
    pub fn percent(&self) -> u64 {
        let (done, of) = self.counts();
        done.saturating_mul(100).checked_div(of).unwrap_or_default().min(100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_of_a_hundred_and_never_of_more() {
        let far = HowFar::default();
        assert_eq!(far.percent(), 0);
        far.expect(300);
        far.expect_less(100);
        far.clone().add(50);
        assert_eq!(far.percent(), 25);
        far.add(1_000);
        assert_eq!(far.percent(), 100);
        far.begin(10);
        assert_eq!(far.percent(), 0);
    }
}
