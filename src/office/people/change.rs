//! Somebody who is changed by hand: it lies over every import, until the source says the same.

use serde::Serialize;

use crate::directory::{self, AdultChanges, ChangeError, PupilChanges, Who, WhoError};
use crate::office::School;
use crate::people::Actor;

/// Somebody who was changed. `Debug` hides the name.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ChangedByHand {
    /// The key of the record.
    pub changed: String,
    /// Their name now; a pupil's with the class.
    pub name: String,
}

impl std::fmt::Debug for ChangedByHand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ChangedByHand({})", self.changed)
    }
}

/// Why nobody was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefusal {
    /// It is not clear who is meant.
    #[error("{0}")]
    Who(#[from] WhoError),
    /// They cannot be changed so.
    #[error("{0}")]
    Change(#[from] ChangeError),
}

/// Changes the one adult who is meant.
pub async fn change_adult(
    school: &School,
    actor: Actor,
    who: &Who,
    changes: AdultChanges,
) -> Result<ChangedByHand, ChangeRefusal> {
    let (store, id, by) = (school.store(), school.queue.school(), school.by(actor));
    let person = directory::find_person(store, id, who).await?;
    let now = directory::change_adult(store, id, &person.key, changes, by).await?;
    Ok(ChangedByHand { name: now.display_name(), changed: now.key.0 })
}

/// Changes the one pupil who is meant.
pub async fn change_pupil(
    school: &School,
    actor: Actor,
    who: &Who,
    changes: PupilChanges,
) -> Result<ChangedByHand, ChangeRefusal> {
    let (store, id, by) = (school.store(), school.queue.school(), school.by(actor));
    let pupil = directory::find_pupil(store, id, who).await?;
    let now = directory::change_pupil(store, id, &pupil.key, changes, by).await?;
    Ok(ChangedByHand { name: now.with_class(), changed: now.key.0 })
}
