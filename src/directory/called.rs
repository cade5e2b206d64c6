//! Everybody of a name, asked of the database.

use std::collections::BTreeMap;

use crate::people::{Likeness, PersonKey, PupilKey, SchoolId, TypedName};
use crate::store::names::{self, AskedBy, Bearer};
use crate::store::{StoreError, Tx};

/// Of those whose name begins with the one word that was typed, this many are enough.
const ENOUGH: usize = 200;
/// Who is filed by a word, in the largest of towns.
const MOST: usize = 100_000;

/// Persons and pupils, by their keys, each with the words by which they were found.
#[derive(Default)]
pub(super) struct Bearers {
    pub(super) persons: BTreeMap<PersonKey, String>,
    pub(super) pupils: BTreeMap<PupilKey, String>,
}

impl Bearers {
    /// How many they are.
    pub(super) fn len(&self) -> usize {
        self.persons.len() + self.pupils.len()
    }

    /// So many of each, the first in a directory.
    pub(super) fn first(self, most: usize) -> Self {
        Self { persons: first(self.persons, most), pupils: first(self.pupils, most) }
    }

    fn add(&mut self, bearer: Bearer, filed: &str) {
        match bearer {
            Bearer::Person(key) => drop(self.persons.insert(key, filed.to_owned())),
            Bearer::Pupil(key) => drop(self.pupils.insert(key, filed.to_owned())),
        }
    }
}

fn first<K: Ord>(all: BTreeMap<K, String>, most: usize) -> BTreeMap<K, String> {
    let mut all: Vec<(K, String)> = all.into_iter().collect();
    all.sort_by(|(_, a), (_, b)| a.cmp(b));
    all.truncate(most);
    all.into_iter().collect()
}

/// Those who have a name.
#[derive(Default)]
pub(super) struct Namesakes {
    /// All of it.
    pub(super) wholly: Bearers,
    /// More than it.
    pub(super) partly: Bearers,
}

/// Those in whose name every word that was typed begins a word, one of them that which they are filed by.
pub(super) fn called(
    tx: &Tx<'_>,
    school: &SchoolId,
    typed: &TypedName,
) -> Result<Namesakes, StoreError> {
    let mut called = Namesakes::default();
    called.ask(tx, school, typed, AskedBy::FamilyName)?;
    Ok(called)
}

/// Those who are found by a first name or a second one alone, or by a name whose particles are written otherwise.
pub(super) fn called_otherwise(
    tx: &Tx<'_>,
    school: &SchoolId,
    typed: &TypedName,
) -> Result<Bearers, StoreError> {
    let mut called = Namesakes::default();
    called.ask(tx, school, typed, AskedBy::OtherName)?;
    for other in typed.otherwise_written() {
        called.ask(tx, school, &other, AskedBy::FamilyName)?;
    }
    let Namesakes { mut wholly, partly } = called;
    wholly.persons.extend(partly.persons);
    wholly.pupils.extend(partly.pupils);
    Ok(wholly)
}

impl Namesakes {
    fn ask(
        &mut self,
        tx: &Tx<'_>,
        school: &SchoolId,
        typed: &TypedName,
        asked_by: AskedBy,
    ) -> Result<(), StoreError> {
        let most = if typed.ranges().count() == 1 { ENOUGH } else { MOST };
        for range in typed.ranges() {
            names::within(tx, school, asked_by, &range, most, |bearer, filed| {
                match typed.fits(filed) {
                    Some(Likeness::Whole) => self.wholly.add(bearer, filed),
                    Some(Likeness::Part) => self.partly.add(bearer, filed),
                    None => {}
                }
            })?;
        }
        Ok(())
    }
}
