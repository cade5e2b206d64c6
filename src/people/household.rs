//! Households: one address and the persons there who have a pupil in common.
//!
//! Two strangers at one address (a block of flats) are two households; two guardians with different
//! addresses are never one, whatever else they share.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Groups, Guardianship, PersonKey, PostalAddress, PupilKey, unaccented_capitals};

/// The household of each person who has an address or a pupil, by a number that means nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Households {
    numbers: HashMap<PersonKey, usize>,
    total: usize,
}

impl Households {
    /// Derives the households of `persons` from their addresses and from the pupils in common.
    pub fn derive<'a>(
        persons: impl Iterator<Item = (&'a PersonKey, Option<&'a PostalAddress>)>,
        guardianships: impl Iterator<Item = &'a Guardianship>,
    ) -> Self {
        let mut places: HashMap<&PersonKey, u64> = HashMap::new();
        let mut numbers: HashMap<PersonKey, usize> = HashMap::new();
        let mut groups = Groups::default();
        for (person, address) in persons {
            if let Some(address) = address {
                places.insert(person, place(address));
            }
            numbers.insert(person.clone(), groups.add());
        }
        let mut firsts: HashMap<(&PupilKey, u64), usize> = HashMap::new();
        for tie in guardianships {
            let (Some(place), Some(number)) = (places.get(&tie.person), numbers.get(&tie.person))
            else {
                continue;
            };
            let first = *firsts.entry((&tie.pupil, *place)).or_insert(*number);
            groups.join(first, *number);
        }
        for number in numbers.values_mut() {
            *number = groups.of(*number);
        }
        Self { numbers, total: groups.count() }
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.total
    }

    /// Whose household is whose: equal numbers live together.
    #[must_use]
    pub fn number_of(&self, person: &PersonKey) -> Option<usize> {
        self.numbers.get(person).copied()
    }
}

/// An address without the differences that two hands make of it.
fn place(address: &PostalAddress) -> u64 {
    let mut hasher = DefaultHasher::new();
    for line in address.lines.iter().chain([&address.postcode, &address.town]) {
        let folded = unaccented_capitals(line);
        if !folded.is_empty() {
            folded.hash(&mut hasher);
        }
    }
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Standing;

    fn address(line: &str) -> PostalAddress {
        PostalAddress {
            lines: vec![line.to_owned()],
            postcode: "31000".to_owned(),
            town: "Toulouse".to_owned(),
            country: None,
        }
    }

    fn tie(pupil: &str, person: &str) -> Guardianship {
        Guardianship {
            pupil: PupilKey(pupil.to_owned()),
            person: PersonKey(person.to_owned()),
            standing: Standing::LegalRepresentative,
            kinship: 10,
        }
    }

    /// How many households these persons make, with these ties.
    fn total(persons: &[(&str, Option<&str>)], ties: &[(&str, &str)]) -> usize {
        let persons: Vec<(PersonKey, Option<PostalAddress>)> = persons
            .iter()
            .map(|(key, line)| (PersonKey((*key).to_owned()), line.map(address)))
            .collect();
        let ties: Vec<Guardianship> = ties.iter().map(|(a, b)| tie(a, b)).collect();
        let persons = persons.iter().map(|(key, address)| (key, address.as_ref()));
        Households::derive(persons, ties.iter()).total()
    }

    #[test]
    fn parents_at_one_address_are_one_household_however_it_was_typed() {
        let lilas = [("a", Some("12 rue des Lilas")), ("b", Some("12, RUE DES LILAS"))];
        assert_eq!(total(&lilas, &[("zoe", "a"), ("zoe", "b")]), 1);
    }

    #[test]
    fn parents_with_different_addresses_are_two_households() {
        let apart = [("a", Some("12 rue des Lilas")), ("b", Some("3 rue du Puits"))];
        assert_eq!(total(&apart, &[("zoe", "a"), ("zoe", "b")]), 2);
    }

    #[test]
    fn neighbours_in_one_building_are_two_households() {
        let building = [("a", Some("12 rue des Lilas")), ("b", Some("12 rue des Lilas"))];
        assert_eq!(total(&building, &[("zoe", "a"), ("tom", "b")]), 2);
    }

    #[test]
    fn a_blended_family_at_one_address_is_one_household() {
        let blended = [
            ("a", Some("12 rue des Lilas")),
            ("b", Some("12 rue des Lilas")),
            ("c", Some("12 rue des Lilas")),
        ];
        assert_eq!(total(&blended, &[("zoe", "a"), ("zoe", "b"), ("tom", "b"), ("tom", "c")]), 1);
    }

    #[test]
    fn without_an_address_everybody_is_their_own_household() {
        assert_eq!(total(&[("a", None), ("b", None)], &[("zoe", "a"), ("zoe", "b")]), 2);
    }
}
