//! The accounts as whoever sees to them looks at them, and letting somebody try again.

use serde::Serialize;

use super::super::School;
use super::{AccountRefusal, on_account};
use crate::accounts::{self as room, Account, SignInLock};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Act, Actor, By, SchoolId};
use crate::store::{StoreError, Tx, accounts, journal};

/// An account, and how its owner signs in of late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountSeenTo {
    /// The account.
    #[serde(flatten)]
    pub account: Account,
    /// When they last signed in; never by default.
    pub signed_in_at: Option<Moment>,
    /// Where they are not let in, and until when: too many passwords were wrong.
    pub lock: Option<SignInLock>,
}

/// Every account of the school, by login.
pub async fn listed_accounts(school: &School) -> Result<Vec<AccountSeenTo>, StoreError> {
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    school.store().read(move |tx| listed(tx, &id, now)).await
}

/// The same of one.
pub async fn account_seen_to(
    school: &School,
    account: Id<Account>,
) -> Result<Option<AccountSeenTo>, StoreError> {
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    let look = move |tx: &Tx<'_>| {
        let found = accounts::last_sign_in(tx, &id, account)?;
        found.map(|it| seen_to(tx, &id, it, now)).transpose()
    };
    school.store().read(look).await
}

fn listed(tx: &Tx<'_>, school: &SchoolId, now: Moment) -> Result<Vec<AccountSeenTo>, StoreError> {
    let all = accounts::last_sign_ins(tx, school)?.into_iter();
    all.map(|it| seen_to(tx, school, it, now)).collect()
}

fn seen_to(
    tx: &Tx<'_>,
    school: &SchoolId,
    (account, signed_in_at): accounts::LastSignIn,
    now: Moment,
) -> Result<AccountSeenTo, StoreError> {
    let lock = room::lock_of(tx, school, &account.login, now)?;
    Ok(AccountSeenTo { account, signed_in_at, lock })
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
