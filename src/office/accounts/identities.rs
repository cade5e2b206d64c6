//! Signing in by the word of an OpenID provider, and which account it is about. No account is ever made by it.

use std::time::Duration;

use secrecy::SecretString;

use super::super::School;
use super::sign_in::{note, open, session_of};
use super::{AccountRefusal, SignInRefusal, SignedIn, on_account, passwords};
use crate::accounts::{self as room, Account, Guess, Token, Whence};
use crate::id::Id;
use crate::identity::Identity;
use crate::people::{Act, Actor, By, SchoolId};
use crate::store::accounts::one_time::{self, Purpose};
use crate::store::accounts::{self, Credentials};
use crate::store::{StoreError, Tx, journal};

/// So long may somebody take to identify themselves elsewhere.
const TIE_WITHIN: Duration = Duration::from_mins(10);

/// Signs in whoever a provider vouches for: the account that is tied to them or, the first time, the one whose login
/// is their e-mail address. A second factor is asked for unless the provider did so.
pub async fn sign_in_by_identity(
    school: &School,
    identity: &Identity,
    from: &Whence,
) -> Result<SignedIn, SignInRefusal> {
    let token = Token::new()?;
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    let (hash, device) = (token.hash(), from.device.clone());
    let (key, email, is_strong) = (identity.key, identity.email.clone(), identity.is_strong);
    let signed_in = school.store().write(move |tx: &Tx<'_>| {
        accounts::lock(tx, &id)?;
        let Some(of) = known(tx, &id, &key, email.as_deref())? else {
            return Ok(Err(SignInRefusal::Unknown));
        };
        let account = of.account;
        if account.disabled_at.is_some() {
            return Ok(Err(SignInRefusal::Closed));
        }
        if !account.has_identity {
            accounts::tie(tx, &id, account.id, Some(&key))?;
            let by = By { actor: account.actor(), at: now };
            journal::note(tx, &id, &by, Act::TieIdentity, &account.login)?;
        }
        let is_whole = is_strong || !account.has_second_factor;
        open(tx, &id, &hash, &session_of(&account, device, is_whole, now))?;
        if is_whole {
            note(tx, &id, &account, "openid", now)?;
        }
        Ok(Ok(is_whole))
    });
    let is_whole = signed_in.await??;
    Ok(if is_whole { SignedIn::Whole(token) } else { SignedIn::NeedsCode(token) })
}

/// Whose identity it is. An address leads to no account that is tied already: addresses are given to others.
fn known(
    tx: &Tx<'_>,
    school: &SchoolId,
    identity: &room::Hash,
    email: Option<&str>,
) -> Result<Option<Credentials>, StoreError> {
    if let Some(tied) = accounts::by_identity(tx, school, identity)? {
        return Ok(Some(tied));
    }
    let Some(email) = email else { return Ok(None) };
    let named = accounts::by_login(tx, school, email)?;
    Ok(named.filter(|it| !it.account.has_identity))
}

/// Begins to tie somebody's own account to who a provider will say that they are, by the token of the flow on which
/// they set out. They give their password, where they have one: no session alone opens another way in.
pub async fn begin_tie(
    school: &School,
    account: &Account,
    token: &str,
    password: SecretString,
    from: &Whence,
) -> Result<(), AccountRefusal> {
    let guess = Guess::of(&account.login, from);
    let kept = passwords::kept(school, account.id).await?;
    let has_password = kept.password.is_some();
    if has_password {
        passwords::prove(school, &kept, password, &guess).await?;
    }
    let (id, of, now) = (school.queue.school().clone(), account.id, school.clock.now());
    let secret = Token::hash_of(token);
    let begin = move |tx: &Tx<'_>| {
        one_time::put(tx, &id, &secret, Purpose::Tie(of), now + TIE_WITHIN)?;
        if has_password { room::forgive(tx, &id, &guess, now) } else { Ok(()) }
    };
    Ok(school.store().write(begin).await?)
}

/// Ties somebody's own account to who the provider says that they are, in the place of an earlier tie; `false` where
/// the flow of this token was not begun for that.
pub async fn tie_identity(
    school: &School,
    account: &Account,
    token: &str,
    identity: &Identity,
) -> Result<bool, AccountRefusal> {
    let (secret, key) = (Token::hash_of(token), identity.key);
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        if one_time::purpose(tx, id, &secret, by.at)? != Some(Purpose::Tie(of.id)) {
            return Ok(Ok(false));
        }
        one_time::take(tx, id, &secret, by.at)?;
        let tied = accounts::by_identity(tx, id, &key)?;
        if tied.is_some_and(|it| it.account.id != of.id) {
            return Ok(Err(AccountRefusal::IdentityTaken));
        }
        accounts::tie(tx, id, of.id, Some(&key))?;
        journal::note(tx, id, by, Act::TieIdentity, &of.login)?;
        Ok(Ok(true))
    };
    on_account(school, account.actor(), account.id, true, write).await?
}

/// Lets nobody of a provider in to an account any more.
pub async fn untie_identity(
    school: &School,
    actor: Actor,
    account: Id<Account>,
) -> Result<(), AccountRefusal> {
    let write = |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        accounts::tie(tx, id, of.id, None)?;
        journal::note(tx, id, by, Act::UntieIdentity, &of.login)
    };
    on_account(school, actor, account, true, write).await
}
