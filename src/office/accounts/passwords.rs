//! Somebody changes their password.

use secrecy::SecretString;

use super::super::School;
use super::sign_in::has_to_wait;
use super::{AccountRefusal, names};
use crate::accounts::{self as room, Account, Guess, Token, Whence, check_password};
use crate::people::{Act, By};
use crate::store::accounts::{self, sessions};
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
    let guess = Guess::of(&account.login, from);
    let (id, of) = (school.queue.school().clone(), account.id);
    let kept = school.store().read(move |tx| accounts::by_id(tx, &id, of)).await?;
    let kept = kept.ok_or(AccountRefusal::NoSuchAccount)?;
    if kept.password.is_some() {
        if let Some(until) = has_to_wait(school, &guess).await? {
            return Err(AccountRefusal::Wait { until });
        }
        if !school.passwords.is_right(old, kept.password.clone()).await? {
            return Err(AccountRefusal::WrongPassword);
        }
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
