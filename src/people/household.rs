//! Households: one address and the persons there who have a pupil in common.
//!
//! Two strangers at one address (a block of flats) are two households; two guardians with different
//! addresses are never one, whatever else they share.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::{Groups, Guardianship, PersonKey, PostalAddress, unaccented_capitals};

/// The households of a school, as they come together: enter the persons, then tell their ties.
///
/// Keys are kept as hashes: those of a département would fill the memory.
#[derive(Debug, Clone, Default)]
pub struct Households {
    members: HashMap<u64, MemberPlace>,
    groups: Groups,
    /// The first who came with a pupil at a place.
    firsts: HashMap<u64, usize>,
}

#[derive(Debug, Clone, Copy)]
struct MemberPlace {
    number: usize,
    /// 0 for none.
    place: u64,
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
        let mut households = Self::default();
        for (person, place) in persons {
            households.enter(&person, place);
        }
        for tie in guardianships {
            households.tie(tie);
        }
        households
    }

    /// Enters a person: a household of their own, as long as no tie joins it to another.
    pub fn enter(&mut self, person: &PersonKey, place: Option<u64>) {
        let member = MemberPlace { number: self.groups.add(), place: place.unwrap_or(0) };
        self.members.insert(hashed(person), member);
    }

    /// Joins the household of a guardian to those of the pupil's other guardians at the same address.
    pub fn tie(&mut self, tie: &Guardianship) {
        let member = self.members.get(&hashed(&tie.person)).copied();
        let Some(MemberPlace { number, place }) = member.filter(|member| member.place != 0) else {
            return;
        };
        let first = *self.firsts.entry(hashed(&(&tie.pupil, place))).or_insert(number);
        self.groups.join(first, number);
    }

    /// How many there are.
    #[must_use]
    pub fn total(&self) -> usize {
        self.groups.count()
    }

    /// Whose household is whose: equal numbers live together.
    #[must_use]
    pub fn number_of(&self, person: &PersonKey) -> Option<usize> {
        Some(self.groups.of(self.members.get(&hashed(person))?.number))
    }
}

fn hashed(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
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
        says_something.then(|| hasher.finish().max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{PupilKey, Standing};

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
