//! What was read against what is known, record by record. What is known streams past: a département's
//! worth of it is never in memory beside what was read.

use std::collections::{HashMap, HashSet};

use super::by_name::{BY_NAME, Identities};
use super::diff::{BY_HAND, Diff, Giver, Put, PutPerson, typed_for};
use super::differs;
use crate::channel::Channel;
use crate::import::{Covers, Origin, Reading};
use crate::people::{
    ContactPoint, Correction, Duties, Guardianship, Households, Person, PersonKey, PostalAddress,
    Pupil, PupilKey, Role, SchoolId,
};
use crate::phone_number::PhoneNumber;
use crate::store::people::{KeptContactPoint, KeptPerson};
use crate::store::{StoreError, Tx, people};

/// Works out what a reading changes.
pub(super) fn work_out(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut reading: Reading,
) -> Result<Diff, StoreError> {
    let identities = Identities::find(tx, school, &reading)?;
    let additions = identities.bring_together(&mut reading);
    let mut diff = Diff { superseded: identities.superseded, ..Diff::default() };
    compare_pupils(tx, school, &mut reading, &mut diff)?;
    let Reading { persons, guardianships, covers, person_origins, .. } = reading;
    if covers.guardians {
        diff.whole_sources = sources(persons.iter().filter(|one| one.role == Role::Guardian));
    }
    diff.guardianships = guardianships;
    let mut comparison = Comparison {
        sources: covered_sources(&persons, covers),
        incoming: persons.into_iter().map(|person| (person.key.clone(), person)).collect(),
        additions,
        corrections: corrections(tx, school)?,
        origins: person_origins,
        households: Households::default(),
        diff,
    };
    people::each_person(tx, school, |known| {
        comparison.known(known);
        Ok(())
    })?;
    comparison.finish(tx, school)
}

fn compare_pupils(
    tx: &Tx<'_>,
    school: &SchoolId,
    reading: &mut Reading,
    diff: &mut Diff,
) -> Result<(), StoreError> {
    let mut incoming: HashMap<PupilKey, Pupil> =
        std::mem::take(&mut reading.pupils).into_iter().map(|one| (one.key.clone(), one)).collect();
    let whole: HashSet<String> = incoming.keys().map(|key| key.source().to_owned()).collect();
    let is_gone = |key: &PupilKey| reading.covers.pupils && whole.contains(key.source());
    let superseded = &diff.superseded.pupils;
    let origins = &reading.pupil_origins;
    let count = &mut diff.changes.pupils;
    people::each_pupil(tx, school, |known| {
        match incoming.remove(&known.key) {
            Some(same) if same == known => count.unchanged += 1,
            Some(value) => {
                count.changed += 1;
                let differs = Some(differs::of_pupils(&known, &value));
                let origin = origins.get(&value.key).copied();
                diff.pupils.push(Put { value, origin, differs });
            }
            None if is_gone(&known.key) || superseded.contains_key(&known.key) => {
                count.archived += 1;
                diff.gone_pupils.push(known);
            }
            None => count.unchanged += 1,
        }
        Ok(())
    })?;
    count.added = incoming.len();
    let added = incoming.into_values().map(|value| {
        let origin = origins.get(&value.key).copied();
        Put { value, origin, differs: None }
    });
    diff.pupils.extend(added);
    diff.pupils
        .sort_by(|a, b| place(a.origin, &a.value.key.0).cmp(&place(b.origin, &b.value.key.0)));
    Ok(())
}

fn corrections(
    tx: &Tx<'_>,
    school: &SchoolId,
) -> Result<HashMap<PersonKey, Vec<Correction>>, StoreError> {
    let mut by_person: HashMap<PersonKey, Vec<Correction>> = HashMap::new();
    for (person, correction) in crate::store::corrections::all(tx, school)? {
        by_person.entry(person).or_default().push(correction);
    }
    Ok(by_person)
}

/// The sources whose staff, and whose guardians, are all in the reading.
#[derive(Default)]
struct CoveredSources {
    guardians: HashSet<String>,
    staff: HashSet<String>,
}

fn covered_sources(persons: &[Person], covers: Covers) -> CoveredSources {
    let of = |is_covered: bool, wanted: fn(&Role) -> bool| {
        if is_covered {
            sources(persons.iter().filter(|one| wanted(&one.role)))
        } else {
            HashSet::new()
        }
    };
    CoveredSources {
        guardians: of(covers.guardians, |role| *role == Role::Guardian),
        staff: of(covers.staff, |role| matches!(role, Role::Staff(_))),
    }
}

fn sources<'p>(persons: impl Iterator<Item = &'p Person>) -> HashSet<String> {
    persons.map(|person| person.key.source().to_owned()).collect()
}

/// Persons, while the known ones stream past.
struct Comparison {
    sources: CoveredSources,
    incoming: HashMap<PersonKey, Person>,
    /// What tables add to persons of sources with ids.
    additions: HashMap<PersonKey, Vec<Person>>,
    corrections: HashMap<PersonKey, Vec<Correction>>,
    origins: HashMap<PersonKey, Origin>,
    households: Households,
    diff: Diff,
}

impl Comparison {
    fn known(&mut self, known: KeptPerson) {
        let key = known.person.key.clone();
        let incoming = self.incoming.remove(&key);
        let additions = self.additions.remove(&key).unwrap_or_default();
        let is_superseded = self.diff.superseded.persons.contains_key(&key);
        if incoming.is_none() && (is_superseded || self.is_gone(&known.person)) {
            self.diff.changes.of(&known.person.role).archived += 1;
            self.diff.gone_persons.push(known.person);
            return;
        }
        if incoming.is_none() && additions.is_empty() {
            self.enter(&known.person);
            self.diff.changes.of(&known.person.role).unchanged += 1;
            return;
        }
        self.put(Some(&known), incoming, &additions);
    }

    fn is_gone(&self, person: &Person) -> bool {
        let whole = match person.role {
            Role::Guardian => &self.sources.guardians,
            Role::Staff(_) => &self.sources.staff,
        };
        whole.contains(person.key.source())
    }

    /// Takes a person in: as a file has them, with what the office knows better and what tables add.
    fn put(&mut self, known: Option<&KeptPerson>, incoming: Option<Person>, additions: &[Person]) {
        let is_from_file = incoming.is_some();
        let Some(mut person) = incoming.or_else(|| Some(known?.person.clone())) else { return };
        let mut fresh = Fresh::default();
        if is_from_file {
            self.correct(&mut person, &mut fresh);
            fresh.add(std::mem::take(&mut person.contact_points), Giver::File);
            fresh.typed.append(&mut person.typed);
        }
        keep_what_the_source_does_not_tell(&mut person, known.map(|known| &known.person));
        for addition in additions {
            add_duties(&mut person, addition);
            fresh.add(addition.contact_points.clone(), Giver::Table);
            fresh.typed.extend(addition.typed.iter().cloned());
        }
        self.enter(&person);
        self.compare(known, person, fresh, is_from_file);
    }

    fn correct(&mut self, person: &mut Person, fresh: &mut Fresh) {
        for correction in self.corrections.remove(&person.key).unwrap_or_default() {
            if correction.is_fulfilled_by(person) {
                self.diff.fulfilled.push((person.key.clone(), correction));
                continue;
            }
            let before = person.contact_points.clone();
            correction.apply(person);
            let by_hand = person.contact_points.iter().filter(|point| !before.contains(point));
            fresh.by_hand.extend(by_hand.cloned());
        }
    }

    fn compare(
        &mut self,
        known: Option<&KeptPerson>,
        person: Person,
        fresh: Fresh,
        is_from_file: bool,
    ) {
        let points = known.map_or(&[][..], |known| known.points.as_slice());
        let replaced: Vec<&KeptContactPoint> =
            points.iter().filter(|kept| fresh.replaces(kept, &person.key, is_from_file)).collect();
        let differs = known
            .map(|known| differs::of_persons(&known.person, &person, &replaced, &fresh.points()));
        let count = self.diff.changes.of(&person.role);
        match &differs {
            None => count.added += 1,
            Some(differs) if differs.is_empty() => {
                count.unchanged += 1;
                return;
            }
            Some(_) => count.changed += 1,
        }
        let dropped = replaced.iter().filter(|kept| !fresh.holds(&kept.point));
        let dropped = dropped.map(|kept| kept.point.clone()).collect();
        let origin = self.origins.get(&person.key).copied();
        let put = Put { value: person, origin, differs };
        let Fresh { points, typed, .. } = fresh;
        self.diff.persons.push(PutPerson { put, points, typed, dropped });
    }

    fn enter(&mut self, person: &Person) {
        if person.role == Role::Guardian {
            let place = person.postal_address.as_ref().and_then(PostalAddress::place);
            self.households.enter(person.key.clone(), place);
        }
    }

    /// Takes in those who are new, and counts the households.
    fn finish(mut self, tx: &Tx<'_>, school: &SchoolId) -> Result<Diff, StoreError> {
        let mut new: Vec<Person> = std::mem::take(&mut self.incoming).into_values().collect();
        new.sort_by(|a, b| {
            let origin = |person: &Person| self.origins.get(&person.key).copied();
            place(origin(a), &a.key.0).cmp(&place(origin(b), &b.key.0))
        });
        for person in new {
            let additions = self.additions.remove(&person.key).unwrap_or_default();
            self.put(None, Some(person), &additions);
        }
        let whole = &self.diff.whole_sources;
        let households = &mut self.households;
        people::each_guardianship(tx, school, |tie: Guardianship| {
            if !whole.contains(tie.person.source()) {
                households.tie(&tie);
            }
            Ok(())
        })?;
        self.diff.guardianships.iter().for_each(|tie| households.tie(tie));
        self.diff.changes.households = households.total();
        Ok(self.diff)
    }
}

/// The contact points that this import gives a person, best first.
#[derive(Default)]
struct Fresh {
    by_hand: Vec<ContactPoint>,
    points: Vec<(ContactPoint, Giver)>,
    /// What was typed for a number, where it says more.
    typed: Vec<(PhoneNumber, String)>,
    has_table: bool,
}

impl Fresh {
    fn add(&mut self, points: Vec<ContactPoint>, giver: Giver) {
        self.has_table |= giver == Giver::Table && !points.is_empty();
        for point in points {
            if !self.holds(&point) {
                let giver = if self.by_hand.contains(&point) { Giver::Hand } else { giver };
                self.points.push((point, giver));
            }
        }
    }

    fn holds(&self, point: &ContactPoint) -> bool {
        self.points.iter().any(|(other, _)| other == point)
    }

    fn points(&self) -> Vec<(&ContactPoint, Option<&str>)> {
        self.points.iter().map(|(point, _)| (point, typed_for(point, &self.typed))).collect()
    }

    /// Whether this import speaks for the source of a known contact point.
    fn replaces(&self, kept: &KeptContactPoint, key: &PersonKey, is_from_file: bool) -> bool {
        let source = kept.source.as_str();
        // Rows older than sources have none, and only the ENT's are not a file's.
        let is_old = source.is_empty() && kept.point.channel() != Channel::Ent;
        (is_from_file && (source == key.source() || source == BY_HAND || is_old))
            || (self.has_table && source == BY_NAME)
            || self.holds(&kept.point)
    }
}

/// A source with ids knows no skills, and STS leaves some without a function.
fn keep_what_the_source_does_not_tell(person: &mut Person, before: Option<&Person>) {
    let Some(Person { role: Role::Staff(before), .. }) = before else { return };
    let Role::Staff(duties) = &mut person.role else { return };
    if person.key.source() != BY_NAME {
        duties.skills.clone_from(&before.skills);
        if duties.function.is_empty() {
            duties.function.clone_from(&before.function);
        }
    }
}

fn add_duties(person: &mut Person, addition: &Person) {
    let (Role::Staff(duties), Role::Staff(Duties { function, skills, .. })) =
        (&mut person.role, &addition.role)
    else {
        return;
    };
    if duties.function.is_empty() {
        duties.function.clone_from(function);
    }
    let new: Vec<String> =
        skills.iter().filter(|skill| !duties.skills.contains(skill)).cloned().collect();
    duties.skills.extend(new);
}

/// Records in the order of the files; those without a place by their key.
fn place(origin: Option<Origin>, key: &str) -> (u32, u32, &str) {
    origin.map_or((u32::MAX, u32::MAX, key), |origin| (origin.file, origin.line, key))
}
