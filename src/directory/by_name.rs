//! Who is who across sources. SIECLE, STS, AAF and ENT files have ids; a hand-made table has names. Such a
//! record is that of a known person when exactly one has the name: then it adds to what is known of them
//! (a mobile number, a skill). When several have it, it stays apart: nothing goes to a stranger.

use std::collections::{HashMap, HashSet};

use super::again::Tables;
use super::known_better::of_heirs;
use super::names::{is_by_name, name_of_person, name_of_pupil, one_to_one, only};
use crate::import::Reading;
use crate::people::{
    Correction, Guardianship, HasParts, PartCorrection, Person, PersonKey, Pupil, PupilKey, Role,
    SchoolId, Source,
};
use crate::store::{StoreError, Tx, corrections, people, pupil_corrections, pupils};

/// Sources whose keys are made of names: they change when a name is put right, or when the source begins
/// to tell ids.
const MADE_UP: [Source; 4] = [Source::Table, Source::Hand, Source::Onde, Source::Edifice];

fn has_made_up_keys(source: Option<Source>) -> bool {
    source.is_some_and(|source| MADE_UP.contains(&source))
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
    /// Records of a table that was read, and those that a table told of before.
    pupils_again: HashMap<PupilKey, PupilKey>,
    persons_again: HashMap<PersonKey, PersonKey>,
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
        let mut knows_names = false;
        for source in MADE_UP {
            knows_names |= people::has_source(tx, school, source)?;
        }
        if !reads_names && !knows_names {
            return Ok(Self::default());
        }
        let known_pupils = pupils_as_known(tx, school)?;
        let known_persons = persons_as_known(tx, school)?;
        let known_ties = pupils::guardianships(tx, school)?;
        let mut identities = Self::default();
        identities.compare_pupils(&known_pupils, reading);
        let mut ties: Vec<Guardianship> =
            known_ties.into_iter().chain(reading.guardianships.iter().cloned()).collect();
        let tables = identities.tables(&known_pupils, &known_persons, reading);
        let again = tables.pupils(&ties);
        identities.pupils_again = again.known_as;
        identities.superseded.pupils.extend(again.replaced_by);
        for tie in &mut ties {
            tie.pupil = identities.pupil(&tie.pupil);
        }
        identities.compare_persons(&known_persons, reading, &ties);
        let tables = identities.tables(&known_pupils, &known_persons, reading);
        let again = tables.persons(tx, school, &ties)?;
        identities.persons_again = again.known_as;
        identities.superseded.persons.extend(again.replaced_by);
        Ok(identities)
    }

    /// What stands for itself so far among the records of tables, known and read.
    fn tables<'a>(
        &self,
        known_pupils: &'a [Pupil],
        known_persons: &'a [Person],
        reading: &'a Reading,
    ) -> Tables<'a> {
        let pupils_known: HashSet<&PupilKey> = known_pupils.iter().map(|it| &it.key).collect();
        let pupils_read: HashSet<&PupilKey> = reading.pupils.iter().map(|it| &it.key).collect();
        let persons_known: HashSet<&PersonKey> = known_persons.iter().map(|it| &it.key).collect();
        let persons_read: HashSet<&PersonKey> = reading.persons.iter().map(|it| &it.key).collect();
        let old_pupil = |it: &&Pupil| {
            let is_table = is_by_name(it.key.source()) && !pupils_read.contains(&it.key);
            is_table && !self.superseded.pupils.contains_key(&it.key)
        };
        let new_pupil = |it: &&Pupil| {
            let is_table =
                it.key.source() == Some(Source::Table) && !pupils_known.contains(&it.key);
            is_table && !self.pupils.contains_key(&it.key)
        };
        let old_person = |it: &&Person| {
            let is_table = is_by_name(it.key.source()) && !persons_read.contains(&it.key);
            is_table && !self.superseded.persons.contains_key(&it.key)
        };
        let new_person = |it: &&Person| {
            let is_table =
                it.key.source() == Some(Source::Table) && !persons_known.contains(&it.key);
            is_table && !self.persons.contains_key(&it.key)
        };
        Tables {
            known_pupils: known_pupils.iter().filter(old_pupil).collect(),
            pupils: reading.pupils.iter().filter(new_pupil).collect(),
            known_persons: known_persons.iter().filter(old_person).collect(),
            persons: reading.persons.iter().filter(new_person).collect(),
            guardians: known_persons.iter().chain(&reading.persons).collect(),
        }
    }

    fn compare_pupils(&mut self, known: &[Pupil], reading: &Reading) {
        let is_known: HashSet<&PupilKey> = known.iter().map(|pupil| &pupil.key).collect();
        let is_read: HashSet<&PupilKey> = reading.pupils.iter().map(|pupil| &pupil.key).collect();
        let (tables, read): (Vec<&Pupil>, Vec<&Pupil>) =
            reading.pupils.iter().partition(|pupil| pupil.key.source() == Some(Source::Table));
        let new: Vec<&Pupil> = read.into_iter().filter(|it| !is_known.contains(&it.key)).collect();
        let others = known.iter().filter(|pupil| !is_by_name(pupil.key.source()));
        let known_or_new: Vec<&Pupil> = others.chain(new.iter().copied()).collect();
        self.pupils = same_pupils(&tables, &known_or_new, Classes::MayNotDiffer);
        let gone = known
            .iter()
            .filter(|pupil| has_made_up_keys(pupil.key.source()) && !is_read.contains(&pupil.key));
        let heirs = same_pupils(&gone.collect::<Vec<_>>(), &new, Classes::MayDiffer);
        let whole = reading.covers.pupils;
        self.superseded.pupils = heirs
            .into_iter()
            .filter(|(from, to)| may_supersede(from.source(), to.source(), whole))
            .collect();
        let again = self.pupils.iter().filter(|(from, _)| is_known.contains(from));
        let again: Vec<_> = again.map(|(from, to)| (from.clone(), to.clone())).collect();
        self.superseded.pupils.extend(again);
    }

    fn compare_persons(&mut self, known: &[Person], reading: &Reading, ties: &[Guardianship]) {
        let is_known: HashSet<&PersonKey> = known.iter().map(|person| &person.key).collect();
        let is_read: HashSet<&PersonKey> = reading.persons.iter().map(|one| &one.key).collect();
        let (tables, read): (Vec<&Person>, Vec<&Person>) =
            reading.persons.iter().partition(|person| person.key.source() == Some(Source::Table));
        let new: Vec<&Person> = read.into_iter().filter(|it| !is_known.contains(&it.key)).collect();
        let others = known.iter().filter(|person| !is_by_name(person.key.source()));
        let known_or_new: Vec<&Person> = others.chain(new.iter().copied()).collect();
        self.persons = same_persons(&tables, &known_or_new, ties);
        let gone = known.iter().filter(|person| {
            has_made_up_keys(person.key.source()) && !is_read.contains(&person.key)
        });
        let gone: Vec<&Person> = gone.collect();
        let whole = |person: &Person| match person.role {
            Role::Guardian => reading.covers.guardians,
            Role::Staff(_) => reading.covers.staff,
        };
        let heirs = same_persons(&gone, &new, ties);
        for person in gone {
            let Some(heir) = heirs.get(&person.key) else { continue };
            if !may_supersede(person.key.source(), heir.source(), whole(person)) {
                continue;
            }
            self.superseded.persons.insert(person.key.clone(), heir.clone());
            if is_by_name(person.key.source()) {
                self.kept.push((heir.clone(), person.clone()));
            }
        }
        let again = self.persons.iter().filter(|(from, _)| is_known.contains(from));
        let again: Vec<_> = again.map(|(from, to)| (from.clone(), to.clone())).collect();
        self.superseded.persons.extend(again);
    }

    /// The pupil that this one is.
    fn pupil(&self, key: &PupilKey) -> PupilKey {
        let same = self.pupils.get(key).or_else(|| self.pupils_again.get(key));
        same.or_else(|| self.superseded.pupils.get(key)).unwrap_or(key).clone()
    }

    /// Gives the records that a table told of before the keys of then.
    fn call_as_known(&self, reading: &mut Reading) {
        let Reading { pupils, persons, guardianships, pupil_origins, person_origins, .. } = reading;
        for pupil in pupils.iter_mut() {
            if let Some(known) = self.pupils_again.get(&pupil.key) {
                pupil_origins.rename(&pupil.key, known);
                pupil.key = known.clone();
            }
        }
        for person in persons.iter_mut() {
            if let Some(known) = self.persons_again.get(&person.key) {
                person_origins.rename(&person.key, known);
                person.key = known.clone();
            }
        }
        for tie in guardianships.iter_mut() {
            tie.pupil = self.pupil(&tie.pupil);
            if let Some(known) = self.persons_again.get(&tie.person) {
                tie.person = known.clone();
            }
        }
    }

    /// Takes out of a reading the records that are somebody else's, and gives what they add to whom.
    pub(super) fn bring_together(&self, reading: &mut Reading) -> HashMap<PersonKey, Vec<Person>> {
        let mut additions: HashMap<PersonKey, Vec<Person>> = HashMap::new();
        for (heir, person) in &self.kept {
            additions.entry(heir.clone()).or_default().push(person.clone());
        }
        self.call_as_known(reading);
        if self.pupils.is_empty() && self.persons.is_empty() {
            return additions;
        }
        reading.pupils.retain(|pupil| !self.pupils.contains_key(&pupil.key));
        // Whoever has an id has their ties from the same source.
        reading.guardianships.retain(|tie| !self.persons.contains_key(&tie.person));
        for person in std::mem::take(&mut reading.persons) {
            match self.persons.get(&person.key) {
                Some(same) => additions.entry(same.clone()).or_default().push(person),
                None => reading.persons.push(person),
            }
        }
        additions
    }
}

/// The pupils who are known, and those whom the office put right also as their source has them: a table that
/// nobody put right names them so.
fn pupils_as_known(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Pupil>, StoreError> {
    let mut known = pupils::all(tx, school)?;
    let as_before = of_heirs(pupil_corrections::all(tx, school)?, &HashMap::new());
    known.extend(before(&known, |pupil| as_before.get(&pupil.key)));
    Ok(known)
}

/// The same of adults.
fn persons_as_known(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Person>, StoreError> {
    let mut known = people::persons(tx, school)?;
    let parts = corrections::all(tx, school)?.into_iter().filter_map(|(person, it)| match it {
        Correction::Part(correction) => Some((person, correction)),
        _ => None,
    });
    let as_before = of_heirs(parts, &HashMap::new());
    known.extend(before(&known, |person| as_before.get(&person.key)));
    Ok(known)
}

/// Those who were put right, as their source has them.
fn before<'c, T: HasParts + Clone + PartialEq>(
    known: &[T],
    corrections: impl Fn(&T) -> Option<&'c Vec<PartCorrection>>,
) -> Vec<T> {
    let put_back = |one: &T| {
        let mut as_before = one.clone();
        corrections(one)?.iter().for_each(|correction| correction.undo(&mut as_before));
        (as_before != *one).then_some(as_before)
    };
    known.iter().filter_map(put_back).collect()
}

/// Whether a record of one source may take the place of a known one that was not read: one with an id
/// may, and one of the same source when that is here whole.
fn may_supersede(from: Option<Source>, to: Option<Source>, is_whole: bool) -> bool {
    let is_others =
        !has_made_up_keys(to) || (from == Some(Source::Hand) && to != Some(Source::Table));
    is_others || (from == to && !is_by_name(from) && is_whole)
}

/// Whether two records in different classes may be one pupil.
#[derive(Clone, Copy, PartialEq)]
enum Classes {
    /// They were told at different times.
    MayDiffer,
    /// They are told now: somebody of that name in another class is somebody else.
    MayNotDiffer,
}

/// For each of some pupils, the one of `others` that it is; none when another could be it too.
fn same_pupils(
    pupils: &[&Pupil],
    others: &[&Pupil],
    classes: Classes,
) -> HashMap<PupilKey, PupilKey> {
    let mut by_name: HashMap<String, Vec<&Pupil>> = HashMap::new();
    for pupil in others {
        by_name.entry(name_of_pupil(pupil)).or_default().push(pupil);
    }
    let mut same = HashMap::new();
    for pupil in pupils {
        let namesakes = by_name.get(&name_of_pupil(pupil)).map_or(&[][..], Vec::as_slice);
        let agrees = |one: &Pupil| {
            classes == Classes::MayDiffer
                || one.class.is_none()
                || pupil.class.is_none()
                || one.class == pupil.class
        };
        let is_one =
            namesakes.iter().all(|one| Some(&one.key) == namesakes.first().map(|it| &it.key));
        let found = if is_one {
            namesakes.iter().copied().find(|one| agrees(one))
        } else {
            only(namesakes.iter().copied().filter(|one| one.class == pupil.class))
        };
        if let Some(one) = found {
            same.insert(pupil.key.clone(), one.key.clone());
        }
    }
    one_to_one(same)
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
    one_to_one(same)
}
