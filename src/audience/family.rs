//! Families: the adults who are tied to each other by the pupils that they have in common.
//!
//! Two adults of one family who share a telephone, a mailbox or a house get one copy there. Two
//! strangers with the same number get one each, and neither learns of the other's children.

use std::collections::HashMap;

use crate::people::{Guardianship, PersonKey, PupilKey};

/// For each adult, the number of their family.
#[must_use]
pub(super) fn families<'r>(
    links: impl Iterator<Item = &'r Guardianship>,
) -> HashMap<&'r PersonKey, usize> {
    let mut parents: Vec<usize> = Vec::new();
    let mut members: HashMap<&PersonKey, usize> = HashMap::new();
    let mut first_of_pupil: HashMap<&PupilKey, usize> = HashMap::new();
    for link in links {
        let member = *members.entry(&link.person).or_insert_with(|| {
            parents.push(parents.len());
            parents.len() - 1
        });
        let first = *first_of_pupil.entry(&link.pupil).or_insert(member);
        let (a, b) = (root(&mut parents, member), root(&mut parents, first));
        parents[a.max(b)] = a.min(b);
    }
    members.into_iter().map(|(key, member)| (key, root(&mut parents, member))).collect()
}

/// The root of a member, with the way to it shortened.
fn root(parents: &mut [usize], member: usize) -> usize {
    let mut at = member;
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}
