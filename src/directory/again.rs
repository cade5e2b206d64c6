//! Who is who between two tables. A table without ids makes its keys of names, and a part of it, or another
//! one, tells less of the same people than the whole: its records are those that are known already, and who
//! somebody is never depends on who else stands in the file.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use super::names::{folded, name_of_person, name_of_pupil, one_to_one, only};
use crate::people::{Guardianship, Mark, Person, PersonKey, Pupil, PupilKey, Role, SchoolId};
use crate::store::{StoreError, Tx, people};

/// How much the key of a table's record tells, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    /// Names, and for a pupil the class.
    Names,
    /// Something that tells namesakes apart: a birth date, a national number.
    Birth,
    /// The table's own id.
    Id,
}

/// Records that were read, and the known ones that they are; and known ones whose place a record takes that
/// tells more.
pub(super) struct Again<K> {
    /// Read, known.
    pub(super) known_as: HashMap<K, K>,
    /// Known, read.
    pub(super) replaced_by: HashMap<K, K>,
}

impl<K> Default for Again<K> {
    fn default() -> Self {
        Self { known_as: HashMap::new(), replaced_by: HashMap::new() }
    }
}

impl<K: Clone + Eq + Hash> Again<K> {
    fn of(same: HashMap<K, K>, text: impl Fn(&K) -> &str) -> Self {
        let mut again = Self::default();
        for (read, known) in one_to_one(same) {
            if strength(text(&read)) > strength(text(&known)) {
                again.replaced_by.insert(known, read);
            } else {
                again.known_as.insert(read, known);
            }
        }
        again
    }
}

/// What a table told before, and what one tells now.
pub(super) struct Tables<'a> {
    /// Known pupils, of tables alone, whom no record has by its key.
    pub(super) known_pupils: Vec<&'a Pupil>,
    /// Pupils of tables whom nobody has by their key.
    pub(super) pupils: Vec<&'a Pupil>,
    /// The same of persons.
    pub(super) known_persons: Vec<&'a Person>,
    pub(super) persons: Vec<&'a Person>,
    /// The persons of both, and more: guardians in common tell a pupil who moved from a namesake.
    pub(super) guardians: Vec<&'a Person>,
}

impl Tables<'_> {
    /// The pupils who are known already: of the same name, and in the same class; or in another one, where a
    /// guardian has the same name too, or none is known: that pupil moved.
    pub(super) fn pupils(&self, ties: &[Guardianship]) -> Again<PupilKey> {
        if self.pupils.is_empty() || self.known_pupils.is_empty() {
            return Again::default();
        }
        let guardians = self.guardians_by_name(ties);
        let of = |pupil: &Pupil| guardians.get(&pupil.key);
        let have_one_in_common = |a: &Pupil, b: &Pupil| match (of(a), of(b)) {
            (Some(a), Some(b)) => !a.is_disjoint(b),
            _ => true,
        };
        let mut by_name: HashMap<String, Vec<&Pupil>> = HashMap::new();
        for pupil in &self.known_pupils {
            by_name.entry(name_of_pupil(pupil)).or_default().push(pupil);
        }
        let mut same = HashMap::new();
        for pupil in &self.pupils {
            let namesakes = by_name.get(&name_of_pupil(pupil)).map_or(&[][..], Vec::as_slice);
            let may_be = |one: &&&Pupil| may_be_one(one.key.id(), pupil.key.id());
            let there: Vec<&Pupil> = namesakes.iter().filter(may_be).copied().collect();
            let in_class = there.iter().filter(|one| one.class == pupil.class);
            let moved = there.iter().filter(|one| have_one_in_common(one, pupil));
            if let Some(one) = only(in_class).or_else(|| only(moved)) {
                same.insert(pupil.key.clone(), one.key.clone());
            }
        }
        Again::of(same, |key| &key.0)
    }

    /// The persons who are known already: of the same role and name, and with a pupil, a telephone, a mailbox
    /// or a full address in common; of the staff, whoever has the name. `ties` are those of both, with the pupils already brought together.
    pub(super) fn persons(
        &self,
        tx: &Tx<'_>,
        school: &SchoolId,
        ties: &[Guardianship],
    ) -> Result<Again<PersonKey>, StoreError> {
        if self.persons.is_empty() || self.known_persons.is_empty() {
            return Ok(Again::default());
        }
        let mut pupils: HashMap<&PersonKey, HashSet<&PupilKey>> = HashMap::new();
        for tie in ties {
            pupils.entry(&tie.person).or_default().insert(&tie.pupil);
        }
        let mut by_name: HashMap<(bool, String), Vec<&Person>> = HashMap::new();
        for person in &self.known_persons {
            by_name.entry(name_of_person(person)).or_default().push(person);
        }
        let mut bearers: HashMap<(bool, String), usize> = HashMap::new();
        for person in &self.persons {
            *bearers.entry(name_of_person(person)).or_default() += 1;
        }
        let mut same = HashMap::new();
        for person in &self.persons {
            let namesakes = by_name.get(&name_of_person(person)).map_or(&[][..], Vec::as_slice);
            let mut found = Vec::new();
            for known in namesakes.iter().filter(|one| may_be_one(one.key.id(), person.key.id())) {
                let in_common = match (pupils.get(&known.key), pupils.get(&person.key)) {
                    (Some(theirs), Some(ours)) => !theirs.is_disjoint(ours),
                    _ => false,
                };
                if in_common || share_an_address(tx, school, known, person)? {
                    found.push(*known);
                }
            }
            // Hardly ever do two of the staff have one name.
            let is_alone =
                person.role != Role::Guardian && bearers.get(&name_of_person(person)) == Some(&1);
            let by_name =
                namesakes.iter().filter(|it| is_alone && may_be_one(it.key.id(), person.key.id()));
            if let Some(known) = only(found.iter()).or_else(|| only(by_name)) {
                same.insert(person.key.clone(), known.key.clone());
            }
        }
        Ok(Again::of(same, |key| &key.0))
    }

    /// The folded names of each pupil's guardians.
    fn guardians_by_name<'t>(
        &self,
        ties: &'t [Guardianship],
    ) -> HashMap<&'t PupilKey, HashSet<String>> {
        let guardians = self.guardians.iter().filter(|person| person.role == Role::Guardian);
        let names: HashMap<&PersonKey, String> =
            guardians.map(|person| (&person.key, folded_name(person))).collect();
        let mut of_pupils: HashMap<&PupilKey, HashSet<String>> = HashMap::new();
        for tie in ties {
            if let Some(name) = names.get(&tie.person) {
                of_pupils.entry(&tie.pupil).or_default().insert(name.clone());
            }
        }
        of_pupils
    }
}

fn folded_name(person: &Person) -> String {
    folded(&person.family_name, &person.first_name)
}

/// Two ids are two people, and so are two birth dates.
fn may_be_one(one: &str, other: &str) -> bool {
    let (one, other) = (strength(one), strength(other));
    one != other || one == Strength::Names
}

/// What a key is made of; keys of earlier versions do not tell names from birth dates.
fn strength(id: &str) -> Strength {
    let rest = id.strip_prefix("staff:").unwrap_or(id);
    let is_fingerprint = |text: &str| {
        text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    match rest.strip_prefix('~') {
        Some(_) => Strength::Names,
        None if is_fingerprint(rest) => Strength::Birth,
        None => Strength::Id,
    }
}

/// Whether a telephone, a mailbox or a full address is both's.
fn share_an_address(
    tx: &Tx<'_>,
    school: &SchoolId,
    known: &Person,
    read: &Person,
) -> Result<bool, StoreError> {
    let Some(known) = people::person(tx, school, &known.key)? else { return Ok(false) };
    let marks = |person: &Person| -> HashSet<Mark> {
        person.marks().into_iter().map(|(_, mark)| mark).collect()
    };
    Ok(!marks(&known).is_disjoint(&marks(read)))
}
