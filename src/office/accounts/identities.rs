//! Signing in by the word of an OpenID provider, and which account it is about. No account is ever made by it.

use std::time::Duration;

use secrecy::SecretString;

use super::super::School;
use super::sign_in::{note, open, session_of};
use super::{AccountRefusal, SignInRefusal, SignedIn, on_account, passwords};
use crate::accounts::{self as room, Account, Guess, Hash, OpenSession, Token, Whence};
use crate::clock::Moment;
use crate::id::Id;
use crate::identity::Identity;
use crate::people::{Act, Actor, By, SchoolId};
use crate::store::accounts::one_time::{self, Purpose};
use crate::store::accounts::{self, Credentials, sessions};
use crate::store::{StoreError, Tx, journal};

/// So long may somebody take to identify themselves elsewhere.
const TIE_WITHIN: Duration = Duration::from_mins(10);

/// Signs in whoever a provider vouches for: the account that is tied to them or, the first time, the one whose login
/// is their e-mail address, which is tied once they are signed in. A second factor is asked for unless the provider did so.
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
        let is_whole = is_strong || !account.has_second_factor;
        let begun = session_of(&account, device, is_whole, now);
        let ties = (!account.has_identity && !is_whole).then_some(key);
        open(tx, &id, &hash, &OpenSession { ties, ..begun })?;
        if is_whole {
            if !account.has_identity {
                tie(tx, &id, &account, &key, now)?;
            }
            note(tx, &id, &account, "openid", now)?;
        }
        Ok(Ok(is_whole))
    });
    let is_whole = signed_in.await??;
    Ok(if is_whole { SignedIn::Whole(token) } else { SignedIn::NeedsCode(token) })
}

/// Whose identity it is. An address leads to no account that is tied already, since addresses are given to others; nor to
/// one that was untied.
fn known(
    tx: &Tx<'_>,
    school: &SchoolId,
    identity: &Hash,
    email: Option<&str>,
) -> Result<Option<Credentials>, StoreError> {
    if let Some(tied) = accounts::by_identity(tx, school, identity)? {
        return Ok(Some(tied));
    }
    let Some(email) = email else { return Ok(None) };
    let named = accounts::by_login(tx, school, email)?;
    Ok(named.filter(may_be_tied))
}

/// Whether an account may be tied to somebody by their address alone.
const fn may_be_tied(account: &Credentials) -> bool {
    !account.account.has_identity && account.untied_at.is_none()
}

/// Ties the account of a session that is whole now to whom a provider vouched for as it began, unless one of them was
/// tied meanwhile.
pub(super) fn tie_as_begun(
    tx: &Tx<'_>,
    school: &SchoolId,
    of: &Credentials,
    identity: &Hash,
    now: Moment,
) -> Result<(), StoreError> {
    accounts::lock(tx, school)?;
    if may_be_tied(of) && accounts::by_identity(tx, school, identity)?.is_none() {
        tie(tx, school, &of.account, identity, now)?;
    }
    Ok(())
}

fn tie(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: &Account,
    identity: &Hash,
    now: Moment,
) -> Result<(), StoreError> {
    accounts::tie(tx, school, account.id, identity)?;
    let by = By { actor: account.actor(), at: now };
    journal::note(tx, school, &by, Act::TieIdentity, &account.login)
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
        tie(tx, id, &of, &key, by.at)?;
        Ok(Ok(true))
    };
    on_account(school, account.actor(), account.id, true, write).await?
}

/// Lets nobody of a provider in to an account any more, until its owner ties it again. Where somebody else does it, its
/// sessions end: nobody knows which of them began there.
pub async fn untie_identity(
    school: &School,
    actor: Actor,
    account: Id<Account>,
) -> Result<(), AccountRefusal> {
    let write = |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        if !of.has_identity {
            return Ok(());
        }
        accounts::untie(tx, id, of.id, by.at)?;
        if !of.is(&by.actor) {
            sessions::end_others(tx, id, of.id, None)?;
        }
        journal::note(tx, id, by, Act::UntieIdentity, &of.login)
    };
    on_account(school, actor, account, true, write).await
}
