//! What was read against what is known, record by record. What is known streams past: a département's
//! worth of it is never in memory beside what was read.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::apply::state;
use super::by_name::Identities;
use super::diff::{Diff, Giver, Put};
use super::fresh::Fresh;
use super::kept::{add_duties, keep_the_level, keep_what_the_source_does_not_tell};
use super::names::is_by_name;
use super::{differs, doubts, known_better};
use crate::import::{Covers, Origins, Reading};
use crate::people::{
    ContactPoint, Correction, Guardianship, Households, Person, PersonKey, PostalAddress, PupilKey,
    Role, SchoolId, Source,
};
use crate::store::contact_points::KeptContactPoint;
use crate::store::people::KeptPerson;
use crate::store::{Store, StoreError, Tx, people, pupils};

/// Works out what a reading changes in the directory; writes nothing.
pub async fn diff(
    store: &Store,
    school: &SchoolId,
    reading: Reading,
) -> Result<Arc<Diff>, StoreError> {
    let school = school.clone();
    store.read(move |tx| work_out(tx, &school, reading)).await.map(Arc::new)
}

fn work_out(tx: &Tx<'_>, school: &SchoolId, mut reading: Reading) -> Result<Diff, StoreError> {
    let identities = Identities::find(tx, school, &reading)?;
    let additions = identities.bring_together(&mut reading);
    let superseded = identities.superseded;
    let mut diff = Diff { superseded, seen: state(tx, school)?, ..Diff::default() };
    compare_pupils(tx, school, &mut reading, &mut diff)?;
    let Reading { persons, guardianships, covers, person_origins, .. } = reading;
    if covers.guardians {
        diff.whole_sources = sources(persons.iter().filter(|one| one.role == Role::Guardian));
    }
    diff.guardianships = guardianships;
    let tied_otherwise = compare_ties(tx, school, &mut diff)?;
    let mut comparison = Comparison {
        sources: covered_sources(&persons, covers),
        incoming: Incoming::of(persons, |person| &person.key.0),
        additions,
        corrections: known_better::corrections(tx, school, &diff.superseded.persons)?,
        origins: person_origins,
        households: Households::default(),
        tied_otherwise,
        heirs: diff.superseded.persons.values().cloned().collect(),
        archived: people::archived(tx, school)?.into_iter().collect(),
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
    let mut pupils = std::mem::take(&mut reading.pupils);
    diff.fulfilled_of_pupils =
        known_better::put_right(tx, school, &mut pupils, &diff.superseded.pupils)?;
    let whole = with_ids(pupils.iter().map(|one| one.key.source()));
    let mut incoming = Incoming::of(pupils, |pupil| &pupil.key.0);
    let is_gone = |key: &PupilKey| reading.covers.pupils && speaks_for(&whole, key.source());
    let superseded = &diff.superseded.pupils;
    let origins = std::mem::take(&mut reading.pupil_origins);
    let count = &mut diff.changes.pupils;
    let puts = &mut diff.pupils.puts;
    pupils::each(tx, school, |known| {
        let found = incoming.ask(&known.key.0);
        if let Some(read) = found.and_then(|at| incoming.records.get_mut(at)?.as_mut()) {
            keep_the_level(read, &known);
        }
        match found.and_then(|at| Some((at, incoming.records.get(at)?.as_ref()?))) {
            Some((_, same)) if *same == known => count.unchanged += 1,
            Some((at, read)) => {
                count.changed += 1;
                let differs = Some(differs::of_pupils(&known, read).into());
                puts.push(Put { at, origin: origins.get(&known.key), differs });
            }
            None if superseded.contains_key(&known.key) => {}
            None if is_gone(&known.key) => {
                count.archived += 1;
                diff.gone_pupils.push(known);
            }
            None => {
                count.unchanged += 1;
                let source = known.key.source();
                let is_of_whole = speaks_for(&whole, source);
                if reading.covers.pupils && !is_by_name(source) && !is_of_whole {
                    diff.other_source = source.or(diff.other_source);
                }
            }
        }
        Ok(())
    })?;
    let heirs: HashSet<&PupilKey> = superseded.values().collect();
    for at in incoming.unasked() {
        let Some(read) = incoming.records.get(at).and_then(Option::as_ref) else { continue };
        let is_heir = heirs.contains(&read.key);
        *(if is_heir { &mut count.changed } else { &mut count.added }) += 1;
        let differs = is_heir.then(|| differs::KNOWN_BY_NAME.into());
        puts.push(Put { at, origin: origins.get(&read.key), differs });
    }
    diff.pupils.at_hand = incoming.records;
    Ok(())
}

/// Whose ties differ from the known ones, by the hash of their key. When nobody's do, none are written.
fn compare_ties(
    tx: &Tx<'_>,
    school: &SchoolId,
    diff: &mut Diff,
) -> Result<HashSet<u64>, StoreError> {
    // By hashes of all that a tie says: the ties themselves would fill the memory once more.
    let digest = |tie: &Guardianship| hash((&tie.pupil, &tie.person, tie.standing, tie.kinship));
    let mut read: HashSet<u64> = diff.guardianships.iter().map(digest).collect();
    let whole = &diff.whole_sources;
    let mut differ = HashSet::new();
    pupils::each_guardianship(tx, school, |known| {
        if !read.remove(&digest(&known)) && speaks_for(whole, known.person.source()) {
            differ.insert(hash(&known.person));
        }
        Ok(())
    })?;
    // What is left of those read is new.
    let new = diff.guardianships.iter().filter(|tie| read.contains(&digest(tie)));
    differ.extend(new.map(|tie| hash(&tie.person)));
    if differ.is_empty() {
        diff.whole_sources.clear();
    }
    diff.ties_differ = !differ.is_empty();
    Ok(differ)
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// Records that were read, each in its place, and which of them are known.
struct Incoming<T> {
    records: Vec<Option<T>>,
    /// By the hash of their key.
    places: HashMap<u64, u32>,
    asked: Vec<bool>,
    key: fn(&T) -> &str,
}

impl<T> Incoming<T> {
    fn of(records: Vec<T>, key: fn(&T) -> &str) -> Self {
        let places = (0..).zip(&records).map(|(at, one)| (hash(key(one)), at)).collect();
        let asked = vec![false; records.len()];
        Self { records: records.into_iter().map(Some).collect(), places, asked, key }
    }

    /// The place of the record of this key; asked for once.
    fn ask(&mut self, key: &str) -> Option<usize> {
        let at = usize::try_from(*self.places.get(&hash(key))?).ok()?;
        let record = self.records.get(at)?.as_ref().filter(|one| (self.key)(one) == key);
        let asked = self.asked.get_mut(at).filter(|_| record.is_some())?;
        (!std::mem::replace(asked, true)).then_some(at)
    }

    /// One more record; its place.
    fn add(&mut self, record: T) -> usize {
        self.records.push(Some(record));
        self.asked.push(true);
        self.records.len() - 1
    }

    /// The places of those who were not asked for, in the order of the files.
    fn unasked(&self) -> Vec<usize> {
        (0..self.asked.len()).filter(|at| self.asked.get(*at) == Some(&false)).collect()
    }
}

/// The sources whose staff, and whose guardians, are all in the reading.
#[derive(Default)]
struct CoveredSources {
    guardians: HashSet<Source>,
    staff: HashSet<Source>,
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

fn sources<'p>(persons: impl Iterator<Item = &'p Person>) -> HashSet<Source> {
    with_ids(persons.map(|person| person.key.source()))
}

/// A table never speaks for all, and neither does what the office added.
fn with_ids(sources: impl Iterator<Item = Option<Source>>) -> HashSet<Source> {
    sources.filter(|source| !is_by_name(*source)).flatten().collect()
}

/// Whether a record of this source is one of those that the whole sources speak for.
fn speaks_for(whole: &HashSet<Source>, source: Option<Source>) -> bool {
    source.is_some_and(|source| whole.contains(&source))
}

/// Persons, while the known ones stream past.
struct Comparison {
    sources: CoveredSources,
    incoming: Incoming<Person>,
    /// What tables add to persons of sources with ids.
    additions: HashMap<PersonKey, Vec<Person>>,
    corrections: HashMap<PersonKey, Vec<Correction>>,
    origins: Origins<PersonKey>,
    households: Households,
    /// By the hash of their key.
    tied_otherwise: HashSet<u64>,
    /// Those who take the place of a known record with a made-up key.
    heirs: HashSet<PersonKey>,
    /// Those who were at the school before, and left.
    archived: HashSet<PersonKey>,
    diff: Diff,
}

impl Comparison {
    fn known(&mut self, known: KeptPerson) {
        let key = known.person.key.clone();
        let incoming = self.incoming.ask(&key.0);
        let additions = self.additions.remove(&key).unwrap_or_default();
        if self.diff.superseded.persons.contains_key(&key) {
            return;
        }
        if incoming.is_none() && self.is_gone(&known.person) {
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
        speaks_for(whole, person.key.source())
    }

    /// Takes a person in: as a file has them, with what the office knows better and what tables add.
    fn put(&mut self, known: Option<&KeptPerson>, incoming: Option<usize>, additions: &[Person]) {
        let at = match (incoming, known) {
            (Some(at), _) => at,
            (None, Some(known)) => self.incoming.add(known.person.clone()),
            (None, None) => return,
        };
        let Some(mut person) = self.incoming.records.get_mut(at).and_then(Option::take) else {
            return;
        };
        let is_from_file = incoming.is_some();
        let mut fresh = Fresh::default();
        if is_from_file {
            self.note_fulfilled(&person);
            fresh.add(std::mem::take(&mut person.contact_points), Giver::File);
            fresh.typed = std::mem::take(&mut person.typed);
        }
        keep_what_the_source_does_not_tell(&mut person, known.map(|known| &known.person));
        let of_others = |point: &ContactPoint| {
            let kept = known.and_then(|known| known.points.iter().find(|it| it.point == *point));
            !is_from_file && kept.is_some_and(|kept| kept.source != Some(Source::Table))
        };
        for addition in additions {
            add_duties(&mut person, addition);
            let mut points = addition.contact_points.clone();
            points.retain(|point| !of_others(point));
            fresh.add(points, Giver::Table);
            fresh.typed.extend(addition.typed.iter().cloned());
            fresh.origin = fresh.origin.or(self.origins.get(&addition.key));
        }
        self.correct(&mut person, &mut fresh);
        self.enter(&person);
        self.compare(known, at, &person, &fresh, is_from_file);
        let Fresh { points, givers, typed, .. } = fresh;
        if givers.iter().any(|giver| *giver != Giver::File) {
            self.diff.givers.insert(at, givers);
        }
        (person.contact_points, person.typed) = (points, typed);
        if let Some(place) = self.incoming.records.get_mut(at) {
            *place = Some(person);
        }
    }

    /// Forgets the corrections that the source now says itself. That something is gone it cannot say: that
    /// stays, lest another source bring it back.
    fn note_fulfilled(&mut self, person: &Person) {
        let Some(corrections) = self.corrections.get_mut(&person.key) else { return };
        let fulfilled = &mut self.diff.fulfilled;
        corrections.retain(|correction| {
            let is_said = !correction.becomes().is_empty() && correction.is_fulfilled_by(person);
            if is_said {
                fulfilled.push((person.key.clone(), correction.clone()));
            }
            !is_said
        });
    }

    /// Puts what the office knows better over what the sources give.
    fn correct(&mut self, person: &mut Person, fresh: &mut Fresh) {
        let Some(corrections) = self.corrections.remove(&person.key) else { return };
        let before: Vec<(ContactPoint, Giver)> =
            std::mem::take(&mut fresh.points).into_iter().zip(fresh.givers.drain(..)).collect();
        person.contact_points = before.iter().map(|(point, _)| point.clone()).collect();
        for correction in corrections {
            correction.apply(person);
        }
        fresh.points = std::mem::take(&mut person.contact_points);
        let giver = |point: &ContactPoint| {
            before.iter().find(|(other, _)| other == point).map_or(Giver::Hand, |(_, it)| *it)
        };
        fresh.givers = fresh.points.iter().map(giver).collect();
    }

    fn compare(
        &mut self,
        known: Option<&KeptPerson>,
        at: usize,
        person: &Person,
        fresh: &Fresh,
        is_from_file: bool,
    ) {
        let points = known.map_or(&[][..], |known| known.points.as_slice());
        let replaced: Vec<&KeptContactPoint> =
            points.iter().filter(|kept| fresh.replaces(kept, &person.key, is_from_file)).collect();
        let is_tied_otherwise = self.tied_otherwise.contains(&hash(&person.key));
        let is_heir = self.heirs.contains(&person.key);
        let differs = match known {
            None => is_heir.then(|| differs::KNOWN_BY_NAME.to_owned()),
            Some(known) => {
                let said = differs::of_persons(&known.person, person, &replaced, &fresh.points());
                Some(if is_tied_otherwise { differs::with_ties(&said) } else { said })
            }
        };
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
        let dropped: Vec<ContactPoint> = dropped.map(|kept| kept.point.clone()).collect();
        if !dropped.is_empty() {
            self.diff.dropped.insert(at, dropped);
        }
        if known.is_none() {
            self.note_stale(at, &person.key);
        }
        let origin = self.origins.get(&person.key).or(fresh.origin);
        self.diff.persons.puts.push(Put { at, origin, differs: differs.map(String::into) });
    }

    /// Contact points that an archived record, or one whose place is taken, left behind.
    fn note_stale(&mut self, at: usize, key: &PersonKey) {
        let own = self.archived.contains(key).then(|| key.source()).flatten();
        let from = self.diff.superseded.persons.iter().filter(|(_, to)| *to == key);
        let from = from.filter_map(|(from, _)| from.source());
        let from = from.filter(|source| *source != Source::Table);
        let sources: Vec<Source> = own.into_iter().chain(from).collect();
        if !sources.is_empty() {
            self.diff.stale.insert(at, sources);
        }
    }

    fn enter(&mut self, person: &Person) {
        if person.role == Role::Guardian {
            let place = person.postal_address.as_ref().and_then(PostalAddress::place);
            self.households.enter(&person.key, place);
        }
    }

    /// Takes in those who are new, and counts the households.
    fn finish(mut self, tx: &Tx<'_>, school: &SchoolId) -> Result<Diff, StoreError> {
        for at in self.incoming.unasked() {
            let person = self.incoming.records.get(at).and_then(Option::as_ref);
            let additions = person.and_then(|person| self.additions.remove(&person.key));
            self.put(None, Some(at), &additions.unwrap_or_default());
        }
        let gone = &self.diff.whole_sources;
        let households = &mut self.households;
        pupils::each_guardianship(tx, school, |tie: Guardianship| {
            if !speaks_for(gone, tie.person.source()) {
                households.tie(&tie);
            }
            Ok(())
        })?;
        self.diff.guardianships.iter().for_each(|tie| households.tie(tie));
        self.diff.changes.households = households.total();
        self.diff.persons.at_hand = self.incoming.records;
        doubts::of_restrictions(tx, school, &mut self.diff)?;
        Ok(self.diff)
    }
}
