//! The record of somebody, opened; that it was seen, and by whom, stands in the journal.

use std::time::Duration;

use super::dossier::{Dossier, dossier_at};
use super::pupil::{PupilFile, pupil_file};
use super::sight::Sight;
use crate::office::School;
use crate::people::{Act, Actor, By, Handle};
use crate::store::{StoreError, Tx, journal};

/// One line of the journal in this span for each who looks: a page that is read again adds none.
const ONCE_IN: Duration = Duration::from_hours(1);

/// The dossier of a handle; that somebody saw it is durable when it returns. `None` for nobody whom they may look at.
pub async fn look_at_person(
    school: &School,
    actor: Actor,
    sight: &Sight,
    handle: Handle,
) -> Result<Option<Dossier>, StoreError> {
    let found = dossier_at(school, sight, handle).await?;
    if let Some(dossier) = &found {
        note(school, actor, Act::LookAtPerson, dossier.person.0.clone()).await?;
    }
    Ok(found)
}

/// What is known of the pupil of a handle, likewise.
pub async fn look_at_pupil(
    school: &School,
    actor: Actor,
    sight: &Sight,
    handle: Handle,
) -> Result<Option<PupilFile>, StoreError> {
    let found = pupil_file(school, sight, handle).await?;
    if let Some(file) = &found {
        note(school, actor, Act::LookAtPupil, file.pupil.key.0.clone()).await?;
    }
    Ok(found)
}

async fn note(school: &School, actor: Actor, act: Act, about: String) -> Result<(), StoreError> {
    let (id, by) = (school.queue.school().clone(), school.by(actor));
    let (of, looked) = ((id.clone(), by.clone()), about.clone());
    let is_noted = move |tx: &Tx<'_>| {
        let (id, By { actor, at }) = &of;
        journal::has_done(tx, id, actor, (act, &looked), *at - ONCE_IN)
    };
    if school.store().read(is_noted).await? {
        return Ok(());
    }
    school.store().write(move |tx: &Tx<'_>| journal::note(tx, &id, &by, act, &about)).await
}
