//! What an account sees of the people of the school.

use crate::accounts::{Account, Right};
use crate::directory;
use crate::office::School;
use crate::people::{Handle, Person, Pupil, Whom};
use crate::store::{StoreError, Tx, people, pupils};

/// Whom somebody may look at, and whether at what restricts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// Whom.
    pub whom: Whom,
    /// Whether rulings are shown to them; otherwise not even that there are some.
    pub sees_rulings: bool,
}

impl Sight {
    /// All that there is to be seen.
    pub const ALL: Self = Self { whom: Whom::Everybody, sees_rulings: true };

    /// Of an account.
    #[must_use]
    pub fn of(account: &Account) -> Self {
        Self { whom: Whom::of(account), sees_rulings: account.may(Right::SeeRulings) }
    }
}

/// The adult of a handle, as they are kept, where they are at the school now and somebody may look at them.
pub async fn person_at(
    school: &School,
    sight: &Sight,
    handle: Handle,
) -> Result<Option<Person>, StoreError> {
    let (id, whom) = (school.queue.school().clone(), sight.whom.clone());
    let look = move |tx: &Tx<'_>| {
        let Some(key) = people::by_handle(tx, &id, &handle)? else { return Ok(None) };
        if !directory::has_person(tx, &id, &whom, &key)? {
            return Ok(None);
        }
        Ok(people::kept_person(tx, &id, &key)?.map(|kept| kept.person))
    };
    school.store().read(look).await
}

/// The pupil of a handle, likewise.
pub async fn pupil_at(
    school: &School,
    sight: &Sight,
    handle: Handle,
) -> Result<Option<Pupil>, StoreError> {
    let id = school.queue.school().clone();
    let found = school.store().read(move |tx| pupils::by_handle(tx, &id, &handle)).await?;
    Ok(found.filter(|pupil| sight.whom.has_pupil(pupil)))
}
