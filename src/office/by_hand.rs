//! People whom no file has yet, added by hand; and those who left before a file says so.

use serde::Serialize;

use super::School;
use crate::directory::{self, Archived, ByHandError, NewAdult, NewPupil, Place, Who, WhoError};
use crate::people::By;

/// Somebody who was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Newcomer {
    /// Their key, until a file brings them.
    pub key: String,
    /// Their name.
    pub name: String,
}

/// Adds a pupil.
pub async fn add_pupil(school: &School, by: By, new: NewPupil) -> Result<Newcomer, ByHandError> {
    let added = directory::add_pupil(school.store(), school.queue.school(), new, by).await?;
    Ok(Newcomer { name: added.display_name(), key: added.key.0 })
}

/// Adds an adult, at their place.
pub async fn add_adult(
    school: &School,
    by: By,
    new: NewAdult,
    place: Place,
) -> Result<Newcomer, ByHandError> {
    let added = directory::add_adult(school.store(), school.queue.school(), new, place, by).await?;
    Ok(Newcomer { name: added.display_name(), key: added.key.0 })
}

/// Archives the one adult, or the one pupil, who is meant; their name.
pub async fn archive(
    school: &School,
    by: By,
    who: Who,
    is_pupil: bool,
) -> Result<String, WhoError> {
    let (store, id) = (school.store(), school.queue.school());
    let (name, archived) = if is_pupil {
        let pupil = directory::find_pupil(store, id, &who).await?;
        (pupil.display_name(), Archived::Pupil(pupil.key))
    } else {
        let person = directory::find_person(store, id, &who).await?;
        (person.display_name(), Archived::Person(person.key))
    };
    directory::archive_by_hand(store, id, archived, by).await?;
    Ok(name)
}
