//! The record of somebody, or the roll of a class, opened; that it was seen, and by whom, stands in the journal.

use super::dossier::{Dossier, dossier_at};
use super::look_up::{ClassRoll, class_roll};
use super::pupil::{PupilFile, pupil_file};
use super::sight::Sight;
use crate::office::School;
use crate::office::note_look::note_look;
use crate::people::{Act, Actor, Handle};
use crate::store::StoreError;

/// The dossier of a handle; that somebody saw it is durable when it returns. `None` for nobody whom they may look at.
pub async fn look_at_person(
    school: &School,
    actor: Actor,
    sight: &Sight,
    handle: Handle,
) -> Result<Option<Dossier>, StoreError> {
    let found = dossier_at(school, sight, handle).await?;
    if let Some(dossier) = &found {
        note_look(school, actor, Act::LookAtPerson, &dossier.person.0).await?;
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
        note_look(school, actor, Act::LookAtPupil, &file.pupil.key.0).await?;
    }
    Ok(found)
}

/// The roll of a class, likewise.
pub async fn look_at_class(
    school: &School,
    actor: Actor,
    sight: &Sight,
    class: &str,
) -> Result<Option<ClassRoll>, StoreError> {
    let found = class_roll(school, sight, class).await?;
    if let Some(roll) = &found {
        note_look(school, actor, Act::LookAtClass, &roll.class).await?;
    }
    Ok(found)
}
