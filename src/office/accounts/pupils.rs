//! The pupils whom an account looks after: given and taken one by one, each in one transaction, by whoever may look at them.

use super::super::School;
use super::super::people::Sight;
use super::{AccountRefusal, on_account};
use crate::accounts::Account;
use crate::id::Id;
use crate::people::{Act, By, Filing, Handle, Pupil, PupilKey, SchoolId};
use crate::store::{StoreError, Tx, accounts, journal, pupils};

/// The pupils whom an account looks after. `Debug` hides whom.
#[derive(Clone, PartialEq, Eq)]
pub struct PupilsOfAccount {
    /// Those at the school whom whoever asks may look at, as lists are filed.
    pub seen: Vec<Pupil>,
    /// How many more there are.
    pub others: usize,
}

impl std::fmt::Debug for PupilsOfAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PupilsOfAccount({}, {} others)", self.seen.len(), self.others)
    }
}

/// The pupils whom an account looks after, for somebody who looks.
pub async fn pupils_of_account(
    school: &School,
    looker: &Account,
    account: &Account,
) -> Result<PupilsOfAccount, StoreError> {
    let (id, theirs) = (school.queue.school().clone(), account.pupils.clone());
    let sight = Sight::of(looker);
    let mut seen = school.store().read(move |tx| pupils::all(tx, &id)).await?;
    seen.retain(|pupil| theirs.contains(&pupil.key) && sight.whom.has_pupil(pupil));
    seen.sort_by_cached_key(Filing::of_pupil);
    let others = account.pupils.len() - seen.len();
    Ok(PupilsOfAccount { seen, others })
}

/// Gives an account a pupil to look after.
pub async fn give_pupil(
    school: &School,
    by: &Account,
    account: Id<Account>,
    pupil: Handle,
) -> Result<(), AccountRefusal> {
    change(school, by, account, pupil, |theirs, pupil| {
        if !theirs.contains(&pupil) {
            theirs.push(pupil);
        }
    })
    .await
}

/// Takes a pupil from those whom an account looks after.
pub async fn take_pupil(
    school: &School,
    by: &Account,
    account: Id<Account>,
    pupil: Handle,
) -> Result<(), AccountRefusal> {
    change(school, by, account, pupil, |theirs, pupil| theirs.retain(|it| *it != pupil)).await
}

async fn change(
    school: &School,
    by: &Account,
    account: Id<Account>,
    pupil: Handle,
    change: fn(&mut Vec<PupilKey>, PupilKey),
) -> Result<(), AccountRefusal> {
    let sight = Sight::of(by);
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        let found = pupils::by_handle(tx, id, &pupil)?.filter(|it| sight.whom.has_pupil(it));
        let Some(found) = found else { return Ok(Err(AccountRefusal::NoSuchPupil)) };
        let mut theirs = of.pupils.clone();
        change(&mut theirs, found.key);
        if theirs != of.pupils {
            accounts::set_pupils(tx, id, of.id, &theirs)?;
            journal::note(tx, id, by, Act::ChangeAccount, &of.login)?;
        }
        Ok(Ok(()))
    };
    on_account(school, by.actor(), account, false, write).await?
}
