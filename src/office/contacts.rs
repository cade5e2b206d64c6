//! Which ways to reach people work, and what is done about those that do not.

mod campaign;
mod standing;
mod stop;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::School;
use crate::audience::{AudienceError, Rule};
use crate::directory::{self, ContactLine, ContactList, CorrectError, RightContact, Who, WhoError};
use crate::people::{Actor, PersonKey};
use crate::store::StoreError;

pub use campaign::{Campaign, prepare_slips, prepare_verification};
pub(super) use standing::in_state;
pub use standing::{ContactsSought, ListedContact, contact_states, how_many};
pub use stop::{StopUndone, UndoStopRefusal, undo_stop};
pub use table::contact_table;

/// How many contacts stand on each list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ContactCounts(pub BTreeMap<ContactList, usize>);

/// A contact was put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContactCorrected {
    /// Whose.
    pub corrected: PersonKey,
}

/// Why a contact stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum CorrectContactRefusal {
    /// It is not clear whose.
    #[error("{0}")]
    Who(#[from] WhoError),
    /// It is not clear which, or there is none.
    #[error("{0}")]
    Contact(#[from] CorrectError),
}

/// Counts every list.
pub async fn count_contacts(school: &School) -> Result<ContactCounts, StoreError> {
    directory::count_contacts(school.store(), school.queue.school()).await.map(ContactCounts)
}

/// The contacts of a list, in the order of people's names; of an audience alone, where one is said.
pub async fn contacts(
    school: &School,
    list: ContactList,
    audience: Option<&str>,
) -> Result<Vec<ContactLine>, AudienceError> {
    let among = match audience {
        Some(audience) => Some(persons_of(school, audience).await?),
        None => None,
    };
    Ok(directory::contacts(school.store(), school.queue.school(), list, among).await?)
}

/// Everybody of an audience.
async fn persons_of(school: &School, audience: &str) -> Result<BTreeSet<PersonKey>, AudienceError> {
    let rule: Rule = audience.parse()?;
    let found = school.find(&rule).await?;
    Ok(found.chosen.into_iter().map(|one| one.person).collect())
}

/// Puts a contact of the one person who is meant right; it lies over every import, until the source says the same.
pub async fn correct_contact(
    school: &School,
    actor: Actor,
    who: &Who,
    right: RightContact,
) -> Result<ContactCorrected, CorrectContactRefusal> {
    let (store, id, by) = (school.store(), school.queue.school(), school.by(actor));
    let person = directory::find_person(store, id, who).await?;
    directory::correct(store, id, &person.key, right, by).await?;
    Ok(ContactCorrected { corrected: person.key })
}
