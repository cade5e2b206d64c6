//! Writes what an import changes: whole or not at all.

use std::sync::Arc;

use super::columns;
use super::diff::{Changes, Diff, Giver, typed_for};
use crate::clock::Moment;
use crate::how_far::HowFar;
use crate::id::Id;
use crate::import::HeaderMap;
use crate::people::{Act, By, Person, SchoolId};
use crate::store::contact_points::Given;
use crate::store::imports::Before;
use crate::store::uploads::KeptUpload;
use crate::store::{
    Store, StoreError, Tx, contact_points, corrections, journal, people, pupil_corrections, pupils,
    same_person, uploads,
};

/// Why an import is not applied. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Somebody changed the directory after the files were compared with it.
    #[error(
        "the directory was changed since the files were compared with it; nothing was changed; import them again"
    )]
    Stale,
    /// The files that were given on a page were applied or given up already.
    #[error("these files were applied or given up already; nothing was changed")]
    Gone,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// What is written together with people.
#[derive(Debug, Clone, Default)]
pub struct WrittenBeside {
    /// The files that were given on a page: they do not wait any more then, so that they are applied once, however often
    /// it is asked.
    pub upload: Option<Id<KeptUpload>>,
    /// What was said of columns, as typed: it is remembered.
    pub said: Vec<String>,
    /// The tables that have them.
    pub tables: Vec<HeaderMap>,
    /// How far it is, for whoever waits for it: each record is taken down as it stands, then written.
    pub far: HowFar,
}

/// Applies what [`diff`](super::diff()) worked out, in one transaction.
pub async fn apply(
    store: &Store,
    school: &SchoolId,
    diff: &Arc<Diff>,
    by: By,
) -> Result<Changes, ApplyError> {
    apply_with(store, school, diff, by, WrittenBeside::default()).await
}

/// The same, with what is written beside it.
pub async fn apply_with(
    store: &Store,
    school: &SchoolId,
    diff: &Arc<Diff>,
    by: By,
    beside: WrittenBeside,
) -> Result<Changes, ApplyError> {
    let (school, diff) = (school.clone(), Arc::clone(diff));
    store
        .write(move |tx| {
            if diff.seen != state(tx, &school)? {
                return Ok(Err(ApplyError::Stale));
            }
            if let Some(upload) = beside.upload
                && !uploads::take(tx, &school, upload)?
            {
                return Ok(Err(ApplyError::Gone));
            }
            beside.far.begin(2 * diff.records());
            if diff.changes_something() {
                remember(tx, &school, &diff, by.at, &beside.far)?;
            }
            write(tx, &school, &diff, by.at, &beside.far)?;
            columns::remember(tx, &school, &beside.said, &beside.tables, by.at)?;
            journal::note(tx, &school, &by, Act::Import, "")?;
            Ok(Ok(diff.changes))
        })
        .await?
}

/// How often people changed what an import is compared with: another number is another directory.
pub(super) fn state(tx: &Tx<'_>, school: &SchoolId) -> Result<usize, StoreError> {
    let acts = journal::count_each(tx, school)?.into_iter();
    Ok(acts.filter(|(act, _)| act.changes_directory()).map(|(_, times)| times).sum())
}

/// Takes down all that is about to change, so that it can be taken back.
fn remember(
    tx: &Tx<'_>,
    school: &SchoolId,
    diff: &Diff,
    now: Moment,
    far: &HowFar,
) -> Result<(), StoreError> {
    let mut before = Before::begin(tx, school, now)?;
    let pupils = diff.pupils.written().map(|(_, pupil)| &pupil.key);
    for key in pupils.chain(diff.gone_pupils.iter().map(|pupil| &pupil.key)) {
        before.pupil(key)?;
        far.add(1);
    }
    for (from, to) in &diff.superseded.pupils {
        before.pupil(from)?;
        before.pupil(to)?;
        before.noted_of_pupil(to)?;
    }
    let persons = diff.persons.written().map(|(_, person)| &person.key);
    for key in persons.chain(diff.gone_persons.iter().map(|person| &person.key)) {
        before.person(key)?;
        far.add(1);
    }
    for (from, to) in &diff.superseded.persons {
        before.person(from)?;
        before.person(to)?;
        before.noted_of_person(to)?;
    }
    for (person, _) in &diff.fulfilled {
        before.noted_of_person(person)?;
    }
    for (pupil, _) in &diff.fulfilled_of_pupils {
        before.noted_of_pupil(pupil)?;
    }
    if diff.ties_differ || !diff.superseded.pupils.is_empty() {
        before.ties()?;
    }
    before.end()
}

fn write(
    tx: &Tx<'_>,
    school: &SchoolId,
    diff: &Diff,
    now: Moment,
    far: &HowFar,
) -> Result<(), StoreError> {
    for (_, pupil) in diff.pupils.written() {
        pupils::put(tx, school, pupil)?;
        far.add(1);
    }
    for (from, to) in &diff.superseded.pupils {
        pupils::hand_over(tx, school, from, to)?;
        pupils::archive(tx, school, from, now)?;
    }
    for pupil in &diff.gone_pupils {
        pupils::archive(tx, school, &pupil.key, now)?;
        far.add(1);
    }
    for (_, person) in diff.persons.written() {
        people::put_person(tx, school, person)?;
    }
    for (from, to) in &diff.superseded.persons {
        same_person::hand_over(tx, school, from, to)?;
        people::archive_person(tx, school, from, now)?;
    }
    for (put, person) in diff.persons.written() {
        write_points(tx, school, diff, (put.at, person), now)?;
        far.add(1);
    }
    for person in &diff.gone_persons {
        people::archive_person(tx, school, &person.key, now)?;
        far.add(1);
    }
    for (person, correction) in &diff.fulfilled {
        corrections::forget(tx, school, person, correction)?;
    }
    for (pupil, part) in &diff.fulfilled_of_pupils {
        pupil_corrections::forget(tx, school, pupil, *part)?;
    }
    for source in diff.whole_sources.iter().copied() {
        pupils::drop_guardianships(tx, school, source)?;
    }
    if diff.ties_differ {
        diff.guardianships.iter().try_for_each(|tie| pupils::put_guardianship(tx, school, tie))?;
    }
    Ok(())
}

fn write_points(
    tx: &Tx<'_>,
    school: &SchoolId,
    diff: &Diff,
    (at, person): (usize, &Person),
    now: Moment,
) -> Result<(), StoreError> {
    let key = &person.key;
    let givers = diff.givers.get(&at);
    let unknown = || StoreError::Unreadable("the source of a key".to_owned());
    for (rank, point) in person.contact_points.iter().enumerate() {
        let giver = givers.and_then(|givers| givers.get(rank)).copied().unwrap_or(Giver::File);
        let way = Given {
            rank: giver.first_rank() + rank,
            source: giver.source(key).ok_or_else(unknown)?,
            typed: typed_for(point, &person.typed),
        };
        contact_points::put(tx, school, key, point, &way, now)?;
    }
    for source in diff.stale.get(&at).into_iter().flatten() {
        contact_points::forget_stale(tx, school, key, *source, &person.contact_points)?;
    }
    let mut dropped = diff.dropped.get(&at).into_iter().flatten();
    dropped.try_for_each(|point| contact_points::forget(tx, school, key, point))
}
