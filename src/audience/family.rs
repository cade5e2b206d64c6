//! Families: the adults who are tied to each other by the pupils that they have in common.
//!
//! Two adults of one family who share a telephone, a mailbox or a house get one copy there, when it
//! says the same to both. Two strangers with the same number get one each, and neither learns of the
//! other's children.

use super::universe::FamilyTie;
use crate::people::Groups;

/// For each of so many guardians, by their numbers, the number of their family.
pub(super) fn families(ties: &[FamilyTie], guardians: usize) -> Vec<usize> {
    let mut groups = Groups::default();
    for _ in 0..guardians {
        groups.add();
    }
    for (one, next) in ties.iter().zip(ties.iter().skip(1)) {
        if let (Some(a), Some(b), true) = (one.person, next.person, one.pupil == next.pupil) {
            groups.join(a, b);
        }
    }
    (0..guardians).map(|guardian| groups.of(guardian)).collect()
}
