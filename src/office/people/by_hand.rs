//! People whom no file has yet, added by hand; and those who left before a file says so.

use serde::Serialize;

use crate::directory::{self, Archived, ByHandError, NewAdult, NewPupil, Place, Who, WhoError};
use crate::office::School;
use crate::people::{Actor, Standing};

/// Somebody who was added. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Newcomer {
    /// Their key, until a file brings them.
    pub key: String,
    /// Their name.
    pub name: String,
}

impl std::fmt::Debug for Newcomer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Newcomer({})", self.key)
    }
}

/// Somebody who was archived. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ArchivedByHand {
    /// Their name.
    pub archived: String,
}

impl std::fmt::Debug for ArchivedByHand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ArchivedByHand(…)")
    }
}

/// Whose guardian somebody becomes.
pub struct GuardianOf {
    /// The pupil.
    pub pupil: Who,
    /// As what.
    pub standing: Standing,
    /// Whether it is said that they are not somebody once more to whom nothing about the pupil may go.
    pub is_somebody_else: bool,
}

/// Why nobody was added.
#[derive(Debug, thiserror::Error)]
pub enum AddRefusal {
    /// It is not clear of which pupil.
    #[error("{0}")]
    Who(#[from] WhoError),
    /// They cannot be added so.
    #[error("{0}")]
    ByHand(#[from] ByHandError),
}

/// Adds a pupil.
pub async fn add_pupil(
    school: &School,
    actor: Actor,
    new: NewPupil,
) -> Result<Newcomer, ByHandError> {
    let by = school.by(actor);
    let added = directory::add_pupil(school.store(), school.queue.school(), new, by).await?;
    Ok(Newcomer { name: added.display_name(), key: added.key.0 })
}

/// Adds a guardian of the one pupil who is meant.
pub async fn add_guardian(
    school: &School,
    actor: Actor,
    new: NewAdult,
    of: GuardianOf,
) -> Result<Newcomer, AddRefusal> {
    let GuardianOf { pupil, standing, is_somebody_else } = of;
    let pupil = directory::find_pupil(school.store(), school.queue.school(), &pupil).await?;
    let place = Place::GuardianOf { pupil, standing, is_somebody_else };
    Ok(add_adult(school, actor, new, place).await?)
}

/// Adds somebody who works at the school, as this.
pub async fn add_staff(
    school: &School,
    actor: Actor,
    new: NewAdult,
    function: String,
) -> Result<Newcomer, ByHandError> {
    add_adult(school, actor, new, Place::Staff(function)).await
}

async fn add_adult(
    school: &School,
    actor: Actor,
    new: NewAdult,
    place: Place,
) -> Result<Newcomer, ByHandError> {
    let by = school.by(actor);
    let added = directory::add_adult(school.store(), school.queue.school(), new, place, by).await?;
    Ok(Newcomer { name: added.display_name(), key: added.key.0 })
}

/// Archives the one adult, or the one pupil, who is meant.
pub async fn archive(
    school: &School,
    actor: Actor,
    who: &Who,
    is_pupil: bool,
) -> Result<ArchivedByHand, WhoError> {
    let (store, id) = (school.store(), school.queue.school());
    let (name, archived) = if is_pupil {
        let pupil = directory::find_pupil(store, id, who).await?;
        (pupil.display_name(), Archived::Pupil(pupil.key))
    } else {
        let person = directory::find_person(store, id, who).await?;
        (person.display_name(), Archived::Person(person.key))
    };
    directory::archive_by_hand(store, id, archived, school.by(actor)).await?;
    Ok(ArchivedByHand { archived: name })
}
