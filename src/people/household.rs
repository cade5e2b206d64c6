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
        let place = |address: &PostalAddress| address.place();
        Self::of_places(
            persons.map(|(person, address)| (person.clone(), address.and_then(place))),
            guardianships,
        )
    }

    /// The same from the places of `persons` ([`PostalAddress::place`]).
    pub fn of_places<'a>(
        persons: impl Iterator<Item = (PersonKey, Option<u64>)>,
        guardianships: impl Iterator<Item = &'a Guardianship>,
    ) -> Self {
        let mut places: Vec<Option<u64>> = Vec::new();
        let mut numbers: HashMap<PersonKey, usize> = HashMap::new();
        let mut groups = Groups::default();
        for (person, place) in persons {
            numbers.insert(person, groups.add());
            places.push(place);
        }
        let mut firsts: HashMap<(&PupilKey, u64), usize> = HashMap::new();
        for tie in guardianships {
            let Some(number) = numbers.get(&tie.person) else { continue };
            let Some(place) = places[*number] else { continue };
            let first = *firsts.entry((&tie.pupil, place)).or_insert(*number);
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

impl PostalAddress {
    /// The address without the differences that two hands make of it: equal ones are one place. An
    /// address that says nothing is no place.
    #[must_use]
    pub fn place(&self) -> Option<u64> {
        let lines = self.lines.iter().chain([&self.postcode, &self.town]);
        let folded = lines.map(|line| unaccented_capitals(line)).filter(|line| !line.is_empty());
        let mut hasher = DefaultHasher::new();
        let mut says_something = false;
        for line in folded {
            line.hash(&mut hasher);
            says_something = true;
        }
        says_something.then(|| hasher.finish())
    }
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
