//! Who was denied. One address that a provider denies while it takes others is that address's own matter;
//! two different ones in a row, with nothing taken in between, are ours.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::clock::Moment;

/// So many addresses are kept in mind at most; beyond that they are learned anew.
const KEPT: usize = 10_000;

/// Denials since the daemon began. Addresses are kept as hashes: there is nothing to leak.
#[derive(Debug, Default)]
pub struct Denials {
    /// Denied since something was taken last.
    in_a_row: HashSet<u64>,
    /// Denied, and nothing was tried since that was taken; when.
    unclear: HashMap<u64, Moment>,
    /// Denied, and then something else was tried and taken.
    on_their_own: HashSet<u64>,
    /// The last probe was made with it.
    probed: Option<u64>,
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
    /// This address was denied now.
    pub fn hear(&mut self, address: &str, now: Moment) -> Denied {
        let address = hash(address);
        if self.on_their_own.contains(&address) {
            return Denied::Address;
        }
        self.in_a_row.insert(address);
        self.unclear.insert(address, now);
        Denied::Unclear
    }

    /// How many different addresses were denied since something was taken last.
    #[must_use]
    pub fn in_a_row(&self) -> usize {
        self.in_a_row.len()
    }

    /// A probe is made with this address.
    pub fn probed_with(&mut self, address: &str) {
        self.probed = Some(hash(address));
    }

    /// How little a probe should be made with this address: 0 with most, 1 with one that was denied, 2 with
    /// that of the last probe, which told what it can tell.
    #[must_use]
    pub fn reluctance(&self, address: &str) -> u8 {
        let address = hash(address);
        let was_denied =
            self.unclear.contains_key(&address) || self.on_their_own.contains(&address);
        if self.probed == Some(address) { 2 } else { u8::from(was_denied) }
    }

    /// What was tried then for this address was taken. That ends the row, and says of those who were denied
    /// before it was tried that they are denied for themselves.
    pub fn taken(&mut self, address: &str, tried_at: Moment) {
        if self.unclear.is_empty() && self.on_their_own.is_empty() {
            return;
        }
        self.in_a_row.clear();
        if self.on_their_own.len() > KEPT {
            self.on_their_own.clear();
        }
        let earlier = self.unclear.extract_if(|_, denied_at| *denied_at <= tried_at);
        self.on_their_own.extend(earlier.map(|(address, _)| address));
        let address = hash(address);
        self.unclear.remove(&address);
        self.on_their_own.remove(&address);
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

    const NOW: Moment = Moment(1_000);
    const BEFORE: Moment = Moment(999);

    #[test]
    fn one_address_that_is_denied_again_is_still_one() {
        let mut denials = Denials::default();
        for (address, in_a_row) in
            [("a@example.org", 1), ("A@example.org", 1), ("b@example.org", 2), ("a@example.org", 2)]
        {
            assert_eq!(denials.hear(address, NOW), Denied::Unclear);
            assert_eq!(denials.in_a_row(), in_a_row, "{address}");
        }
    }

    #[test]
    fn one_that_is_denied_again_while_others_are_taken_is_denied_for_itself() {
        let mut denials = Denials::default();
        denials.hear("a@example.org", NOW);
        denials.taken("b@example.org", NOW);
        assert_eq!(denials.hear("a@example.org", NOW), Denied::Address);
        assert_eq!(denials.hear("c@example.org", NOW), Denied::Unclear);
        assert_eq!(denials.in_a_row(), 1, "the row began anew");
    }

    #[test]
    fn a_probe_spares_who_was_denied_and_most_of_all_the_last_one() {
        let mut denials = Denials::default();
        denials.hear("a@example.org", NOW);
        denials.taken("b@example.org", NOW);
        denials.hear("c@example.org", NOW);
        denials.probed_with("d@example.org");
        let all =
            ["a", "b", "c", "d"].map(|name| denials.reluctance(&format!("{name}@example.org")));
        assert_eq!(all, [1, 0, 1, 2]);
    }

    #[test]
    fn what_was_tried_before_a_denial_says_nothing_of_it() {
        let mut denials = Denials::default();
        denials.hear("a@example.org", NOW);
        denials.taken("b@example.org", BEFORE);
        assert_eq!(denials.in_a_row(), 0, "it ended the row all the same");
        assert_eq!(denials.hear("a@example.org", NOW), Denied::Unclear);
    }

    #[test]
    fn one_that_was_taken_after_all_is_not_held_to_its_denial() {
        let mut denials = Denials::default();
        denials.hear("a@example.org", NOW);
        denials.taken("b@example.org", NOW);
        denials.taken("a@example.org", NOW);
        assert_eq!(denials.hear("a@example.org", NOW), Denied::Unclear);
    }
}
