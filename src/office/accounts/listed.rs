//! The accounts as whoever sees to them looks at them, and letting somebody try again.

use serde::Serialize;

use super::super::School;
use super::{AccountRefusal, on_account};
use crate::accounts::{self as room, Account};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Act, Actor, By, Filing, Pupil, SchoolId};
use crate::store::{StoreError, Tx, accounts, journal, pupils};

/// An account, and how its owner signs in of late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountSeenTo {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// When they last signed in; never by default.
    pub signed_in_at: Option<Moment>,
    /// Until when they are not let in from somewhere: too many passwords were wrong.
    pub locked_until: Option<Moment>,
}

/// Every account of the school, by login.
pub async fn listed_accounts(school: &School) -> Result<Vec<AccountSeenTo>, StoreError> {
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    school.store().read(move |tx| listed(tx, &id, now)).await
}

fn listed(tx: &Tx<'_>, school: &SchoolId, now: Moment) -> Result<Vec<AccountSeenTo>, StoreError> {
    let signed_in = accounts::last_sign_ins(tx, school)?;
    let of_account = |account: Account| {
        let last = signed_in.iter().find(|(of, _)| *of == account.id);
        let locked_until = room::locked_until(tx, school, &account.login, now)?;
        Ok(AccountSeenTo { account, signed_in_at: last.map(|(_, at)| *at), locked_until })
    };
    accounts::all(tx, school)?.into_iter().map(of_account).collect()
}

/// Lets the owner of an account try again at once, after too many wrong passwords.
pub async fn unlock_account(
    school: &School,
    actor: Actor,
    account: Id<Account>,
) -> Result<(), AccountRefusal> {
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        room::unlock(tx, id, &of.login)?;
        journal::note(tx, id, by, Act::UnlockAccount, &of.login)
    };
    on_account(school, actor, account, false, write).await
}

/// The pupils at the school whom an account looks after, as lists are filed.
pub async fn pupils_of_account(
    school: &School,
    account: &Account,
) -> Result<Vec<Pupil>, StoreError> {
    let (id, theirs) = (school.queue.school().clone(), account.pupils.clone());
    let mut all = school.store().read(move |tx| pupils::all(tx, &id)).await?;
    all.retain(|pupil| theirs.contains(&pupil.key));
    all.sort_by_cached_key(Filing::of_pupil);
    Ok(all)
}
