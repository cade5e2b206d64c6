//! Writes what an import changes: whole or not at all.

use super::diff::{Changes, Diff, PutPerson, typed_for};
use crate::clock::Moment;
use crate::people::SchoolId;
use crate::store::people::Given;
use crate::store::{Store, StoreError, Tx, corrections, people};

/// Applies what [`diff`](super::diff()) worked out, in one transaction.
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

fn write(tx: &Tx<'_>, school: &SchoolId, diff: &Diff, now: Moment) -> Result<(), StoreError> {
    for put in &diff.pupils {
        people::put_pupil(tx, school, &put.value)?;
    }
    for (from, to) in &diff.superseded.pupils {
        people::hand_over_ties(tx, school, from, to)?;
    }
    for pupil in &diff.gone_pupils {
        people::archive_pupil(tx, school, &pupil.key, now)?;
    }
    for PutPerson { put, .. } in &diff.persons {
        people::put_person(tx, school, &put.value)?;
    }
    for (from, to) in &diff.superseded.persons {
        people::hand_over(tx, school, from, to)?;
    }
    for person in &diff.persons {
        write_points(tx, school, person, now)?;
    }
    for person in &diff.gone_persons {
        people::archive_person(tx, school, &person.key, now)?;
    }
    for (person, correction) in &diff.fulfilled {
        corrections::forget(tx, school, person, correction)?;
    }
    for source in &diff.whole_sources {
        people::drop_guardianships(tx, school, source)?;
    }
    diff.guardianships.iter().try_for_each(|tie| people::put_guardianship(tx, school, tie))
}

fn write_points(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PutPerson,
    now: Moment,
) -> Result<(), StoreError> {
    let key = &person.put.value.key;
    for (at, (point, giver)) in person.points.iter().enumerate() {
        let given = Given {
            rank: giver.first_rank() + at,
            source: giver.source(key),
            typed: typed_for(point, &person.typed),
        };
        people::put_contact_point(tx, school, key, point, &given, now)?;
    }
    let mut dropped = person.dropped.iter();
    dropped.try_for_each(|point| people::drop_contact_point(tx, school, key, point))
}
