//! Who is who across sources. SIECLE, STS, AAF and ENT files have ids; a hand-made table has names. Such a
//! record is that of a known person when exactly one has the name: then it adds to what is known of them
//! (a mobile number, a skill). When several have it, it stays apart: nothing goes to a stranger.

use std::collections::{HashMap, HashSet};

use crate::import::Reading;
use crate::people::{
    Guardianship, Person, PersonKey, Pupil, PupilKey, Role, SchoolId, unaccented_capitals,
};
use crate::store::{StoreError, Tx, people};

/// The source of records that have a name alone, and add to those who have an id.
pub(super) const BY_NAME: &str = "table";

/// Whether the keys of a source are made of names: they change when a name is put right, or when the
/// source begins to tell ids.
fn has_made_up_keys(source: &str) -> bool {
    [BY_NAME, "onde", "edifice"].contains(&source)
}

/// Known records with a made-up key whom a file now gives under another: old key, new key.
#[derive(Debug, Clone, Default)]
pub(super) struct Superseded {
    pub(super) pupils: HashMap<PupilKey, PupilKey>,
    pub(super) persons: HashMap<PersonKey, PersonKey>,
}

/// Which records are one and the same.
#[derive(Default)]
pub(super) struct Identities {
    /// Records of a table that was read, and the records with ids that they are.
    pupils: HashMap<PupilKey, PupilKey>,
    persons: HashMap<PersonKey, PersonKey>,
    /// The duties of those who are superseded: their new record keeps them.
    kept: Vec<(PersonKey, Person)>,
    pub(super) superseded: Superseded,
}

impl Identities {
    /// Compares names, where there is a table among what is read or known.
    pub(super) fn find(
        tx: &Tx<'_>,
        school: &SchoolId,
        reading: &Reading,
    ) -> Result<Self, StoreError> {
        let reads_names = reading.pupils.iter().any(|one| has_made_up_keys(one.key.source()))
            || reading.persons.iter().any(|one| has_made_up_keys(one.key.source()));
        if !reads_names && !people::has_source(tx, school, BY_NAME)? {
            return Ok(Self::default());
        }
        let known_pupils = people::pupils(tx, school)?;
        let known_persons = people::persons(tx, school)?;
        let known_ties = people::guardianships(tx, school)?;
        let mut identities = Self::default();
        identities.compare_pupils(&known_pupils, reading);
        let ties: Vec<Guardianship> = known_ties
            .into_iter()
            .chain(reading.guardianships.iter().cloned())
            .map(|tie| Guardianship { pupil: identities.pupil(&tie.pupil), ..tie })
            .collect();
        identities.compare_persons(&known_persons, reading, &ties);
        Ok(identities)
    }

    fn compare_pupils(&mut self, known: &[Pupil], reading: &Reading) {
        let is_known: HashSet<&PupilKey> = known.iter().map(|pupil| &pupil.key).collect();
        let is_read: HashSet<&PupilKey> = reading.pupils.iter().map(|pupil| &pupil.key).collect();
        let new = reading.pupils.iter().filter(|pupil| !is_known.contains(&pupil.key));
        let (new_tables, new): (Vec<&Pupil>, Vec<&Pupil>) =
            new.partition(|pupil| pupil.key.source() == BY_NAME);
        let others = known.iter().filter(|pupil| pupil.key.source() != BY_NAME);
        let known_or_new: Vec<&Pupil> = others.chain(new.iter().copied()).collect();
        self.pupils = same_pupils(&new_tables, &known_or_new);
        let gone = known
            .iter()
            .filter(|pupil| has_made_up_keys(pupil.key.source()) && !is_read.contains(&pupil.key));
        let left = new_tables.into_iter().filter(|pupil| !self.pupils.contains_key(&pupil.key));
        let new: Vec<&Pupil> = new.into_iter().chain(left).collect();
        self.superseded.pupils = same_pupils(&gone.collect::<Vec<_>>(), &new);
    }

    fn compare_persons(&mut self, known: &[Person], reading: &Reading, ties: &[Guardianship]) {
        let is_known: HashSet<&PersonKey> = known.iter().map(|person| &person.key).collect();
        let is_read: HashSet<&PersonKey> = reading.persons.iter().map(|one| &one.key).collect();
        let new = reading.persons.iter().filter(|person| !is_known.contains(&person.key));
        let (new_tables, new): (Vec<&Person>, Vec<&Person>) =
            new.partition(|person| person.key.source() == BY_NAME);
        let others = known.iter().filter(|person| person.key.source() != BY_NAME);
        let known_or_new: Vec<&Person> = others.chain(new.iter().copied()).collect();
        self.persons = same_persons(&new_tables, &known_or_new, ties);
        let gone = known.iter().filter(|person| {
            has_made_up_keys(person.key.source()) && !is_read.contains(&person.key)
        });
        let gone: Vec<&Person> = gone.collect();
        let left = new_tables.into_iter().filter(|person| !self.persons.contains_key(&person.key));
        let new: Vec<&Person> = new.into_iter().chain(left).collect();
        self.superseded.persons = same_persons(&gone, &new, ties);
        for person in gone.into_iter().filter(|one| one.key.source() == BY_NAME) {
            if let Some(heir) = self.superseded.persons.get(&person.key) {
                self.kept.push((heir.clone(), person.clone()));
            }
        }
    }

    /// The pupil that this one is.
    fn pupil(&self, key: &PupilKey) -> PupilKey {
        let same = self.pupils.get(key).or_else(|| self.superseded.pupils.get(key));
        same.unwrap_or(key).clone()
    }

    /// Takes out of a reading the records that are somebody else's, and gives what they add to whom.
    pub(super) fn bring_together(&self, reading: &mut Reading) -> HashMap<PersonKey, Vec<Person>> {
        let mut additions: HashMap<PersonKey, Vec<Person>> = HashMap::new();
        for (heir, person) in &self.kept {
            additions.entry(heir.clone()).or_default().push(person.clone());
        }
        if self.pupils.is_empty() && self.persons.is_empty() {
            return additions;
        }
        reading.pupils.retain(|pupil| !self.pupils.contains_key(&pupil.key));
        // Whoever has an id has their ties from the same source.
        reading.guardianships.retain(|tie| !self.persons.contains_key(&tie.person));
        for tie in &mut reading.guardianships {
            tie.pupil = self.pupil(&tie.pupil);
        }
        for person in std::mem::take(&mut reading.persons) {
            match self.persons.get(&person.key) {
                Some(same) => additions.entry(same.clone()).or_default().push(person),
                None => reading.persons.push(person),
            }
        }
        additions
    }
}

/// For each pupil of a table, the known pupil that it is.
fn same_pupils(tables: &[&Pupil], known: &[&Pupil]) -> HashMap<PupilKey, PupilKey> {
    let mut by_name: HashMap<String, Vec<&Pupil>> = HashMap::new();
    for pupil in known {
        by_name.entry(name_of_pupil(pupil)).or_default().push(pupil);
    }
    let mut same = HashMap::new();
    for pupil in tables {
        let namesakes = by_name.get(&name_of_pupil(pupil)).map_or(&[][..], Vec::as_slice);
        let in_class = |one: &&&Pupil| one.class == pupil.class;
        let found = match namesakes {
            [one] => Some(one),
            several => only(several.iter().filter(in_class)),
        };
        if let Some(one) = found {
            same.insert(pupil.key.clone(), one.key.clone());
        }
    }
    same
}

/// For each person of a table, the known person that they are: of the same role and name, and for a
/// guardian of a pupil in common. `ties` are those of both, the pupils already brought together.
fn same_persons(
    tables: &[&Person],
    known: &[&Person],
    ties: &[Guardianship],
) -> HashMap<PersonKey, PersonKey> {
    let mut by_name: HashMap<(bool, String), Vec<&Person>> = HashMap::new();
    for person in known {
        by_name.entry(name_of_person(person)).or_default().push(person);
    }
    let mut pupils: HashMap<&PersonKey, HashSet<&PupilKey>> = HashMap::new();
    for tie in ties {
        pupils.entry(&tie.person).or_default().insert(&tie.pupil);
    }
    let in_common = |a: &PersonKey, b: &PersonKey| match (pupils.get(a), pupils.get(b)) {
        (Some(a), Some(b)) => !a.is_disjoint(b),
        _ => false,
    };
    let mut same = HashMap::new();
    for person in tables {
        let namesakes = by_name.get(&name_of_person(person)).map_or(&[][..], Vec::as_slice);
        let is_guardian = person.role == Role::Guardian;
        let fits = |one: &&&Person| !is_guardian || in_common(&person.key, &one.key);
        if let Some(one) = only(namesakes.iter().filter(fits)) {
            same.insert(person.key.clone(), one.key.clone());
        }
    }
    same
}

fn only<T>(mut some: impl Iterator<Item = T>) -> Option<T> {
    some.next().filter(|_| some.next().is_none())
}

fn name_of_pupil(pupil: &Pupil) -> String {
    folded(pupil.usage_name.as_deref().unwrap_or(&pupil.family_name), &pupil.first_name)
}

fn name_of_person(person: &Person) -> (bool, String) {
    let name = person.usage_name.as_deref().unwrap_or(&person.family_name);
    (person.role == Role::Guardian, folded(name, &person.first_name))
}

fn folded(name: &str, first_name: &str) -> String {
    unaccented_capitals(&format!("{name} {first_name}"))
}
