//! The names by which records are told apart.

use std::collections::HashMap;
use std::hash::Hash;

use crate::people::{Person, Pupil, Role, Source, unaccented_capitals};

/// Whether the records of a source are told by names: a table's, and those that the office added by hand.
pub(super) const fn is_by_name(source: Option<Source>) -> bool {
    matches!(source, Some(Source::Table | Source::Hand))
}

/// The name by which a pupil is compared.
pub(super) fn name_of_pupil(pupil: &Pupil) -> String {
    folded(pupil.usage_name.as_deref().unwrap_or(&pupil.family_name), &pupil.first_name)
}

/// Whether a person is a guardian, and the name by which they are compared.
pub(super) fn name_of_person(person: &Person) -> (bool, String) {
    let name = person.usage_name.as_deref().unwrap_or(&person.family_name);
    (person.role == Role::Guardian, folded(name, &person.first_name))
}

/// How two hands write one name.
pub(super) fn folded(name: &str, first_name: &str) -> String {
    unaccented_capitals(&format!("{name} {first_name}"))
}

/// Two who would both be a third are neither.
pub(super) fn one_to_one<K: Clone + Eq + Hash>(mut same: HashMap<K, K>) -> HashMap<K, K> {
    let mut claims: HashMap<K, usize> = HashMap::new();
    for to in same.values() {
        *claims.entry(to.clone()).or_default() += 1;
    }
    same.retain(|_, to| claims.get(to) == Some(&1));
    same
}

/// The one of them, where there is one.
pub(super) fn only<T>(mut some: impl Iterator<Item = T>) -> Option<T> {
    some.next().filter(|_| some.next().is_none())
}
