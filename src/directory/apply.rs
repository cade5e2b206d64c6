//! What an import changes: worked out first, shown, then applied whole or not at all.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::channel::Channel;
use crate::clock::Moment;
use crate::people::{
    ContactPoint, Guardianship, Person, PersonKey, Pupil, PupilKey, Role, SchoolId,
};
use crate::store::{Store, StoreError, Tx, people};

/// What was read, and of which kinds it is the whole.
#[derive(Debug, Clone, Default)]
pub struct Incoming {
    /// Pupils at the school now.
    pub pupils: Vec<Pupil>,
    /// Guardians and staff.
    pub persons: Vec<Person>,
    /// Who is whose guardian.
    pub guardianships: Vec<Guardianship>,
    /// `pupils` is complete: those who are missing from it left.
    pub all_pupils: bool,
    /// The guardians among `persons`, and `guardianships`, are complete.
    pub all_guardians: bool,
    /// The staff among `persons` are complete.
    pub all_staff: bool,
}

/// How many records an import adds, changes, archives and leaves alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// New ones.
    pub added: usize,
    /// Known ones that differ.
    pub changed: usize,
    /// Known ones that a complete file no longer holds.
    pub archived: usize,
    /// Known ones that are the same.
    pub unchanged: usize,
}

/// The counts of one import.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Pupils.
    pub pupils: Count,
    /// Guardians.
    pub guardians: Count,
    /// Staff.
    pub staff: Count,
    /// Households after the import: an address and the persons there.
    pub households: usize,
}

/// What applying an import will write.
#[derive(Debug, Clone, Default)]
pub struct Diff {
    /// The counts.
    pub changes: Changes,
    put_pupils: Vec<Pupil>,
    gone_pupils: Vec<PupilKey>,
    put_persons: Vec<Person>,
    gone_persons: Vec<PersonKey>,
    dropped_points: Vec<(PersonKey, ContactPoint)>,
    guardianships: Option<Vec<Guardianship>>,
}

/// Works out what `incoming` changes in the directory; writes nothing.
pub async fn diff(
    store: &Store,
    school: &SchoolId,
    incoming: Incoming,
) -> Result<Diff, StoreError> {
    let school = school.clone();
    store.read(move |tx| work_out(tx, &school, incoming)).await
}

/// Applies what [`diff`] worked out, in one transaction.
pub async fn apply(
    store: &Store,
    school: &SchoolId,
    diff: Diff,
    now: Moment,
) -> Result<Changes, StoreError> {
    let school = school.clone();
    store
        .write(move |tx| {
            write(tx, &school, &diff, now)?;
            Ok(diff.changes)
        })
        .await
}

fn work_out(tx: &Tx<'_>, school: &SchoolId, incoming: Incoming) -> Result<Diff, StoreError> {
    let mut diff = Diff::default();
    compare_pupils(&mut diff, people::pupils(tx, school)?, &incoming);
    let known = known_persons(tx, school)?;
    compare_persons(&mut diff, known, &incoming);
    if incoming.all_guardians {
        diff.guardianships = Some(incoming.guardianships);
    }
    Ok(diff)
}

fn compare_pupils(diff: &mut Diff, known: Vec<Pupil>, incoming: &Incoming) {
    let mut known: HashMap<PupilKey, Pupil> =
        known.into_iter().map(|pupil| (pupil.key.clone(), pupil)).collect();
    let count = &mut diff.changes.pupils;
    for pupil in &incoming.pupils {
        match known.remove(&pupil.key) {
            Some(same) if same == *pupil => count.unchanged += 1,
            found => {
                if found.is_some() {
                    count.changed += 1;
                } else {
                    count.added += 1;
                }
                diff.put_pupils.push(pupil.clone());
            }
        }
    }
    if incoming.all_pupils {
        count.archived = known.len();
        diff.gone_pupils = known.into_keys().collect();
    } else {
        count.unchanged += known.len();
    }
}

/// Known persons with *all* their contact points, dead ones too: an import must not revive one.
fn known_persons(tx: &Tx<'_>, school: &SchoolId) -> Result<HashMap<PersonKey, Person>, StoreError> {
    let persons = people::persons(tx, school)?;
    let mut known: HashMap<PersonKey, Person> =
        persons.into_iter().map(|person| (person.key.clone(), person)).collect();
    for kept in people::contact_points(tx, school)? {
        if let Some(person) = known.get_mut(&kept.person) {
            person.contact_points.push(kept.point);
        }
    }
    Ok(known)
}

fn compare_persons(diff: &mut Diff, mut known: HashMap<PersonKey, Person>, incoming: &Incoming) {
    let mut households = HashSet::new();
    for person in &incoming.persons {
        households.extend(person.postal_address.clone());
        let before = known.remove(&person.key);
        let is_same = before.as_ref().is_some_and(|before| same_person(before, person));
        let count = count_of(&mut diff.changes, &person.role);
        if is_same {
            count.unchanged += 1;
            continue;
        }
        if before.is_some() {
            count.changed += 1;
        } else {
            count.added += 1;
        }
        let gone_points = before.iter().flat_map(|before| &before.contact_points);
        let gone_points = gone_points.filter(|point| comes_from_source(point));
        diff.dropped_points.extend(
            gone_points
                .filter(|point| !person.contact_points.contains(point))
                .map(|point| (person.key.clone(), point.clone())),
        );
        diff.put_persons.push(person.clone());
    }
    for (key, person) in known {
        let complete = match person.role {
            Role::Guardian => incoming.all_guardians,
            Role::Staff(_) => incoming.all_staff,
        };
        let count = count_of(&mut diff.changes, &person.role);
        if complete {
            count.archived += 1;
            diff.gone_persons.push(key);
        } else {
            count.unchanged += 1;
            households.extend(person.postal_address);
        }
    }
    diff.changes.households = households.len();
}

fn count_of<'c>(changes: &'c mut Changes, role: &Role) -> &'c mut Count {
    match role {
        Role::Guardian => &mut changes.guardians,
        Role::Staff(_) => &mut changes.staff,
    }
}

/// Alike but for the order of contact points between channels, and for ENT ids, which no file of
/// persons brings.
fn same_person(before: &Person, after: &Person) -> bool {
    let by_channel = |person: &Person| {
        let mut points: Vec<ContactPoint> =
            person.contact_points.iter().filter(|p| comes_from_source(p)).cloned().collect();
        points.sort_by_key(ContactPoint::channel);
        points
    };
    by_channel(before) == by_channel(after)
        && Person { contact_points: Vec::new(), ..before.clone() }
            == Person { contact_points: Vec::new(), ..after.clone() }
}

fn comes_from_source(point: &ContactPoint) -> bool {
    point.channel() != Channel::Ent
}

fn write(tx: &Tx<'_>, school: &SchoolId, diff: &Diff, now: Moment) -> Result<(), StoreError> {
    for pupil in &diff.put_pupils {
        people::put_pupil(tx, school, pupil)?;
    }
    for key in &diff.gone_pupils {
        people::archive_pupil(tx, school, key, now)?;
    }
    for person in &diff.put_persons {
        people::put_person(tx, school, person)?;
        for (rank, point) in person.contact_points.iter().enumerate() {
            people::put_contact_point(tx, school, &person.key, point, rank, now)?;
        }
    }
    for (key, point) in &diff.dropped_points {
        people::drop_contact_point(tx, school, key, point)?;
    }
    for key in &diff.gone_persons {
        people::archive_person(tx, school, key, now)?;
    }
    if let Some(all) = &diff.guardianships {
        people::replace_guardianships(tx, school, all)?;
    }
    Ok(())
}
