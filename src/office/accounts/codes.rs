//! What lets somebody in who has no password: the code of the first account, a code to choose a password with,
//! a link. Each once, and not for long.

use std::time::Duration;

use secrecy::SecretString;

use super::super::School;
use super::{AccountRefusal, NewAccount, made, names, on_account};
use crate::accounts::{Account, AccountRole, OneTimeCode, Right, Token, check_password};
use crate::id::Id;
use crate::people::{Act, Actor, By, SchoolId};
use crate::store::accounts::one_time::{self, Purpose};
use crate::store::accounts::{self, sessions};
use crate::store::{Tx, journal};

/// How long a code is good for.
const CODE_FOR: Duration = Duration::from_hours(24);
/// How long a link is.
const LINK_FOR: Duration = Duration::from_mins(15);

/// Makes the code with which whoever sits at the machine makes the first account, in place of an earlier one.
/// Refused once there is an account.
pub async fn first_code(school: &School) -> Result<OneTimeCode, AccountRefusal> {
    let code = OneTimeCode::new()?;
    let (id, hash, ends_at) =
        (school.queue.school().clone(), code.hash(), school.clock.now() + CODE_FOR);
    let made = school.store().write(move |tx: &Tx<'_>| {
        accounts::lock(tx, &id)?;
        let is_first = accounts::all(tx, &id)?.is_empty();
        if is_first {
            one_time::put(tx, &id, &hash, Purpose::First, ends_at)?;
        }
        Ok(is_first)
    });
    if made.await? { Ok(code) } else { Err(AccountRefusal::NotTheFirst) }
}

/// Makes the school's first account, with every right: the others are given theirs by it.
pub async fn claim_first(
    school: &School,
    code: &str,
    login: &str,
    name: &str,
    password: SecretString,
) -> Result<Account, AccountRefusal> {
    let rights = Some(Right::ALL.into_iter().collect());
    let (login, name, role) = (login.to_owned(), name.to_owned(), AccountRole::Direction);
    let new = NewAccount { login, name, role, rights, classes: Vec::new(), pupils: Vec::new() };
    let account = Account { has_password: true, ..made(school, new)? };
    check_password(&password, &names(school, &account.login, &account.name))?;
    let code = OneTimeCode::hash_of(code);
    if purpose(school, code).await? != Some(Purpose::First) {
        return Err(AccountRefusal::WrongCode);
    }
    let password = school.passwords.hash(password).await?;
    let (id, by, first) =
        (school.queue.school().clone(), by_account(school, &account), account.clone());
    let claimed = school.store().write(move |tx: &Tx<'_>| {
        accounts::lock(tx, &id)?;
        if !accounts::all(tx, &id)?.is_empty() {
            return Ok(Err(AccountRefusal::NotTheFirst));
        }
        if !one_time::take(tx, &id, &code, by.at)? {
            return Ok(Err(AccountRefusal::WrongCode));
        }
        accounts::insert(tx, &id, &first)?;
        accounts::set_password(tx, &id, first.id, &password)?;
        journal::note(tx, &id, &by, Act::AddAccount, &first.login)?;
        Ok(Ok(()))
    });
    claimed.await?.map(|()| account)
}

/// Makes a code with which the owner of an account chooses a password, in place of an earlier code. The password
/// that they have holds until then.
pub async fn reset_code(
    school: &School,
    actor: Actor,
    account: Id<Account>,
) -> Result<OneTimeCode, AccountRefusal> {
    let code = OneTimeCode::new()?;
    let (hash, for_whom) = (code.hash(), Purpose::Password(account));
    make(school, actor, account, (hash, for_whom, CODE_FOR, Act::MakeCode)).await?;
    Ok(code)
}

/// Makes a link by which somebody signs in to an account once, in place of an earlier link.
pub async fn make_link(
    school: &School,
    actor: Actor,
    account: Id<Account>,
) -> Result<Token, AccountRefusal> {
    let link = Token::new()?;
    let (hash, for_whom) = (link.hash(), Purpose::Link(account));
    make(school, actor, account, (hash, for_whom, LINK_FOR, Act::MakeLink)).await?;
    Ok(link)
}

/// Gives an account the password that its owner chose, by a code. All its sessions end.
pub async fn claim_password(
    school: &School,
    code: &str,
    password: SecretString,
) -> Result<Account, AccountRefusal> {
    let code = OneTimeCode::hash_of(code);
    let Some(Purpose::Password(of)) = purpose(school, code).await? else {
        return Err(AccountRefusal::WrongCode);
    };
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx| accounts::by_id(tx, &id, of)).await?;
    let account = kept.ok_or(AccountRefusal::NoSuchAccount)?.account;
    check_password(&password, &names(school, &account.login, &account.name))?;
    let password = school.passwords.hash(password).await?;
    let (id, by, login) =
        (school.queue.school().clone(), by_account(school, &account), account.login.clone());
    let claimed = school.store().write(move |tx: &Tx<'_>| {
        if !one_time::take(tx, &id, &code, by.at)? {
            return Ok(false);
        }
        accounts::set_password(tx, &id, of, &password)?;
        sessions::end_others(tx, &id, of, None)?;
        journal::note(tx, &id, &by, Act::ChangePassword, &login)?;
        Ok(true)
    });
    if !claimed.await? {
        return Err(AccountRefusal::WrongCode);
    }
    Ok(Account { has_password: true, ..account })
}

async fn make(
    school: &School,
    actor: Actor,
    account: Id<Account>,
    (hash, purpose, lasts, act): (crate::accounts::Hash, Purpose, Duration, Act),
) -> Result<(), AccountRefusal> {
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        if of.disabled_at.is_some() {
            return Ok(Err(AccountRefusal::Disabled));
        }
        one_time::put(tx, id, &hash, purpose, by.at + lasts)?;
        journal::note(tx, id, by, act, &of.login)?;
        Ok(Ok(()))
    };
    on_account(school, actor, account, true, write).await?
}

async fn purpose(
    school: &School,
    secret: crate::accounts::Hash,
) -> Result<Option<Purpose>, AccountRefusal> {
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    Ok(school.store().read(move |tx| one_time::purpose(tx, &id, &secret, now)).await?)
}

fn by_account(school: &School, account: &Account) -> By {
    school.by(account.actor())
}
