//! The accounts of those who sign in to the school's pages: who there is, and what they may.

mod codes;
mod identities;
mod listed;
mod passwords;
mod pupils;
mod refusal;
mod second_factor;
mod sessions;
mod sign_in;

use std::collections::BTreeSet;

use super::School;
use crate::accounts::{Account, AccountRole, Right};
use crate::id::Id;
use crate::people::{self, Act, Actor, By, PupilKey, SchoolId};
use crate::plain_text::one_line;
use crate::store::accounts::{self, one_time, sessions as open_sessions};
use crate::store::{StoreError, Tx, journal};

pub use codes::{claim_first, claim_password, first_code, make_link, reset_code};
pub use identities::{begin_tie, sign_in_by_identity, tie_identity, untie_identity};
pub use listed::{AccountSeenTo, account_seen_to, listed_accounts, unlock_account};
pub use passwords::change_password;
pub use pupils::{PupilsOfAccount, give_pupil, pupils_of_account, take_pupil};
pub use refusal::AccountRefusal;
pub use second_factor::{
    Enrolment, begin_second_factor, confirm_code, confirm_second_factor, drop_second_factor,
    recovery_codes_left, remove_second_factor, require_second_factor,
};
pub use sessions::{account_now, end_sessions, revoke_session, session, sessions, sign_out};
pub use sign_in::{SignInRefusal, SignedIn, sign_in, sign_in_by_link};

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// What they sign in with.
    pub login: String,
    /// The name that colleagues know.
    pub name: String,
    /// What they are at the school.
    pub role: AccountRole,
    /// What they may; what is usual for the role by default.
    pub rights: Option<BTreeSet<Right>>,
    /// The classes of a professeur principal.
    pub classes: Vec<String>,
    /// The pupils whom a tutor looks after.
    pub pupils: Vec<PupilKey>,
}

/// What is to be changed of an account; what is not named stays.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// The version that was looked at; whatever it is by now, where none is named.
    pub seen: Option<u32>,
    /// The name that colleagues know.
    pub name: Option<String>,
    /// What they are; the rights are those of the role then, unless others are named.
    pub role: Option<AccountRole>,
    /// What they may.
    pub rights: Option<BTreeSet<Right>>,
    /// Their classes.
    pub classes: Option<Vec<String>>,
}

/// Every account of the school, by login; those that are disabled too.
pub async fn accounts(school: &School) -> Result<Vec<Account>, StoreError> {
    let id = school.queue.school().clone();
    school.store().read(move |tx| accounts::all(tx, &id)).await
}

/// The account of a login, in capitals or not.
pub async fn account(school: &School, login: &str) -> Result<Account, AccountRefusal> {
    let (id, login) = (school.queue.school().clone(), login.trim().to_lowercase());
    let found = school.store().read(move |tx| accounts::by_login(tx, &id, &login)).await?;
    Ok(found.ok_or(AccountRefusal::NoSuchAccount)?.account)
}

/// Adds an account. It has no password yet: a code lets its owner choose one ([`reset_code`]).
pub async fn add_account(
    school: &School,
    actor: Actor,
    new: NewAccount,
) -> Result<Account, AccountRefusal> {
    let account = made(school, new)?;
    let (id, by, added) = (school.queue.school().clone(), school.by(actor), account.clone());
    let is_added = school.store().write(move |tx: &Tx<'_>| {
        let is_added = accounts::insert(tx, &id, &added)?;
        if is_added {
            journal::note(tx, &id, &by, Act::AddAccount, &added.login)?;
        }
        Ok(is_added)
    });
    if is_added.await? { Ok(account) } else { Err(AccountRefusal::LoginTaken(account.login)) }
}

/// Changes what an account is and may; nobody changes that of their own. It holds from the next page that they ask for.
pub async fn change_account(
    school: &School,
    actor: Actor,
    account: Id<Account>,
    change: AccountChange,
) -> Result<Account, AccountRefusal> {
    let is_renaming = change.role.is_none() && change.rights.is_none() && change.classes.is_none();
    let name = change.name.as_deref().map(named).transpose()?;
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, was: Account| {
        if change.seen.is_some_and(|seen| seen != was.version) {
            return Ok(Err(AccountRefusal::Overtaken));
        }
        let role = change.role.unwrap_or(was.role);
        let usual = (role != was.role).then(|| role.usual().iter().copied().collect());
        let account = Account {
            name: name.unwrap_or(was.name),
            role,
            rights: change.rights.or(usual).unwrap_or(was.rights),
            classes: change.classes.unwrap_or(was.classes),
            version: was.version + 1,
            ..was
        };
        accounts::change(tx, id, &account)?;
        journal::note(tx, id, by, Act::ChangeAccount, &account.login)?;
        Ok(Ok(account))
    };
    on_account(school, actor, account, is_renaming, write).await?
}

/// Disables an account: it may do nothing more from this moment, its sessions end, and no code or link lets
/// it in. Nobody disables their own.
pub async fn disable_account(
    school: &School,
    actor: Actor,
    account: Id<Account>,
) -> Result<Account, AccountRefusal> {
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, was: Account| {
        if was.disabled_at.is_some() {
            return Ok(was);
        }
        accounts::disable(tx, id, account, Some(by.at))?;
        open_sessions::end_others(tx, id, account, None)?;
        one_time::forget(tx, id, one_time::Purpose::Password(account))?;
        one_time::forget(tx, id, one_time::Purpose::Link(account))?;
        one_time::forget(tx, id, one_time::Purpose::Tie(account))?;
        journal::note(tx, id, by, Act::DisableAccount, &was.login)?;
        Ok(Account { disabled_at: Some(by.at), ..was })
    };
    on_account(school, actor, account, false, write).await
}

/// Enables an account again that was disabled.
pub async fn enable_account(
    school: &School,
    actor: Actor,
    account: Id<Account>,
) -> Result<Account, AccountRefusal> {
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, was: Account| {
        if was.disabled_at.is_none() {
            return Ok(was);
        }
        accounts::disable(tx, id, account, None)?;
        journal::note(tx, id, by, Act::EnableAccount, &was.login)?;
        Ok(Account { disabled_at: None, ..was })
    };
    on_account(school, actor, account, false, write).await
}

/// Writes something about an account as it is; refused where it is the actor's own, unless `own_too`.
async fn on_account<T: Send + 'static>(
    school: &School,
    actor: Actor,
    account: Id<Account>,
    own_too: bool,
    write: impl FnOnce(&Tx<'_>, &SchoolId, &By, Account) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, AccountRefusal> {
    let (id, by) = (school.queue.school().clone(), school.by(actor));
    let written = school.store().write(move |tx: &Tx<'_>| {
        accounts::lock(tx, &id)?;
        let Some(found) = accounts::by_id(tx, &id, account)? else {
            return Ok(Err(AccountRefusal::NoSuchAccount));
        };
        if !own_too && found.account.is(&by.actor) {
            return Ok(Err(AccountRefusal::OwnAccount));
        }
        write(tx, &id, &by, found.account).map(Ok)
    });
    written.await?
}

fn made(school: &School, new: NewAccount) -> Result<Account, AccountRefusal> {
    let now = school.clock.now();
    Ok(Account {
        id: Id::new(now),
        login: people::login(&new.login)?,
        name: named(&new.name)?,
        role: new.role,
        rights: new.rights.unwrap_or_else(|| new.role.usual().iter().copied().collect()),
        classes: new.classes,
        pupils: new.pupils,
        made_at: now,
        disabled_at: None,
        has_password: false,
        has_second_factor: false,
        must_have_second_factor: false,
        has_identity: false,
        version: 1,
    })
}

fn named(typed: &str) -> Result<String, AccountRefusal> {
    let name = one_line(typed);
    if name.is_empty() { Err(AccountRefusal::NoName) } else { Ok(name.into_owned()) }
}

/// What whoever guesses this account's password knows.
fn names<'a>(school: &'a School, login: &'a str, name: &'a str) -> [&'a str; 4] {
    let facts = &school.config.school;
    [login, name, &facts.name, facts.uai.as_str()]
}
