//! Families: the adults who are tied to each other by the pupils that they have in common.
//!
//! Two adults of one family who share a telephone, a mailbox or a house get one copy there. Two
//! strangers with the same number get one each, and neither learns of the other's children.

use std::collections::HashMap;

use crate::people::{Groups, Guardianship, PersonKey, PupilKey};

/// For each adult, the number of their family.
#[must_use]
pub(super) fn families<'r>(
    links: impl Iterator<Item = &'r Guardianship>,
) -> HashMap<&'r PersonKey, usize> {
    let mut groups = Groups::default();
    let mut members: HashMap<&PersonKey, usize> = HashMap::new();
    let mut first_of_pupil: HashMap<&PupilKey, usize> = HashMap::new();
    for link in links {
        let member = *members.entry(&link.person).or_insert_with(|| groups.add());
        let first = *first_of_pupil.entry(&link.pupil).or_insert(member);
        groups.join(member, first);
    }
    members.into_iter().map(|(key, member)| (key, groups.of(member))).collect()
}
