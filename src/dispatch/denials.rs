//! Who was denied. One address that a provider denies while it takes others is that address's own matter;
//! two different ones in a row, with nothing taken in between, are ours.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// So many addresses are kept in mind at most; beyond that they are learned anew.
const KEPT: usize = 10_000;

/// Denials since the daemon began. Addresses are kept as hashes: there is nothing to leak.
#[derive(Debug, Default)]
pub struct Denials {
    /// Denied since something was taken last.
    in_a_row: HashSet<u64>,
    /// Denied, and then something else was taken.
    on_their_own: HashSet<u64>,
}

/// Whom one more denial is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// This address: the provider takes others.
    Address,
    /// This address, or us.
    Unclear,
}

impl Denials {
    /// This address was denied.
    pub fn hear(&mut self, address: &str) -> Denied {
        let address = hash(address);
        if self.on_their_own.contains(&address) {
            return Denied::Address;
        }
        self.in_a_row.insert(address);
        Denied::Unclear
    }

    /// How many different addresses were denied since something was taken last.
    #[must_use]
    pub fn in_a_row(&self) -> usize {
        self.in_a_row.len()
    }

    /// Something was taken for this address.
    pub fn taken(&mut self, address: &str) {
        if self.in_a_row.is_empty() && self.on_their_own.is_empty() {
            return;
        }
        if self.on_their_own.len() > KEPT {
            self.on_their_own.clear();
        }
        self.on_their_own.extend(self.in_a_row.drain());
        self.on_their_own.remove(&hash(address));
    }
}

fn hash(address: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    address.to_lowercase().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_that_is_denied_again_is_still_one() {
        let mut denials = Denials::default();
        for (address, in_a_row) in
            [("a@example.org", 1), ("A@example.org", 1), ("b@example.org", 2), ("a@example.org", 2)]
        {
            assert_eq!(denials.hear(address), Denied::Unclear);
            assert_eq!(denials.in_a_row(), in_a_row, "{address}");
        }
    }

    #[test]
    fn one_that_is_denied_again_while_others_are_taken_is_denied_for_itself() {
        let mut denials = Denials::default();
        denials.hear("a@example.org");
        denials.taken("b@example.org");
        assert_eq!(denials.hear("a@example.org"), Denied::Address);
        assert_eq!(denials.hear("c@example.org"), Denied::Unclear);
        assert_eq!(denials.in_a_row(), 1, "the row began anew");
    }

    #[test]
    fn one_that_was_taken_after_all_is_not_held_to_its_denial() {
        let mut denials = Denials::default();
        denials.hear("a@example.org");
        denials.taken("b@example.org");
        denials.taken("a@example.org");
        assert_eq!(denials.hear("a@example.org"), Denied::Unclear);
    }
}
