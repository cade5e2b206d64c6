//! Somebody changes their password.

use secrecy::SecretString;

use super::super::School;
use super::sign_in::has_to_wait;
use super::{AccountRefusal, names};
use crate::accounts::{self as room, Account, Guess, Token, Whence, check_password};
use crate::id::Id;
use crate::people::{Act, By};
use crate::store::accounts::{self, Credentials, sessions};
use crate::store::{Tx, journal};

/// Changes somebody's own password, by the one that they have; who has none yet (they came by a link) gives any.
/// Their other sessions end, the one of this token stays.
pub async fn change_password(
    school: &School,
    account: &Account,
    token: &str,
    (old, new): (SecretString, SecretString),
    from: &Whence,
) -> Result<(), AccountRefusal> {
    check_password(&new, &names(school, &account.login, &account.name))?;
    let (guess, of) = (Guess::of(&account.login, from), account.id);
    let kept = kept(school, of).await?;
    if kept.password.is_some() {
        prove(school, &kept, old, &guess).await?;
    }
    let hash = school.passwords.hash(new).await?;
    let (id, this, now) =
        (school.queue.school().clone(), Token::hash_of(token), school.clock.now());
    let by = By { actor: account.actor(), at: now };
    let changed = school.store().write(move |tx: &Tx<'_>| {
        accounts::lock(tx, &id)?;
        let is_as_it_was = accounts::by_id(tx, &id, of)?.as_ref() == Some(&kept);
        if is_as_it_was && kept.account.disabled_at.is_none() {
            accounts::set_password(tx, &id, of, &hash)?;
            sessions::end_others(tx, &id, of, Some(&this))?;
            room::forgive(tx, &id, &guess, now)?;
            journal::note(tx, &id, &by, Act::ChangePassword, &kept.account.login)?;
            return Ok(true);
        }
        Ok(false)
    });
    if changed.await? { Ok(()) } else { Err(AccountRefusal::WrongPassword) }
}

/// An account as it is kept.
pub(super) async fn kept(
    school: &School,
    account: Id<Account>,
) -> Result<Credentials, AccountRefusal> {
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx| accounts::by_id(tx, &id, account)).await?;
    kept.ok_or(AccountRefusal::NoSuchAccount)
}

/// Lets whoever is signed in go on where they give the account's password as well: a session may be somebody
/// else's who found a screen. Wrong ones count as those of a sign-in.
pub(super) async fn prove(
    school: &School,
    kept: &Credentials,
    password: SecretString,
    guess: &Guess,
) -> Result<(), AccountRefusal> {
    if let Some(until) = has_to_wait(school, guess).await? {
        return Err(AccountRefusal::Wait { until });
    }
    if school.passwords.is_right(password, kept.password.clone()).await? {
        Ok(())
    } else {
        Err(AccountRefusal::WrongPassword)
    }
}
