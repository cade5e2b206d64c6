//! Who is signed in, and where; signing out, here and elsewhere.

use super::super::School;
use super::{AccountRefusal, on_account};
use crate::accounts::{Account, OpenSession, SEEN_EVERY, Session, Token, is_over};
use crate::id::Id;
use crate::people::{Act, Actor, By, SchoolId};
use crate::store::accounts::{self, sessions as kept};
use crate::store::{StoreError, Tx, journal};

/// The session of a token that somebody brought, if it stands: whole, not over, of an account that may sign in.
/// One look by the token's hash; once a minute, it is written down that they are there.
pub async fn session(school: &School, token: &str) -> Result<Option<Session>, StoreError> {
    let (id, hash, now) =
        (school.queue.school().clone(), Token::hash_of(token), school.clock.now());
    let found = school.store().read(move |tx: &Tx<'_>| {
        let Some(open) = kept::by_token(tx, &id, &hash)? else { return Ok(None) };
        let account = accounts::by_id(tx, &id, open.account)?;
        Ok(account.map(|it| (open, it.account)))
    });
    let stands = |(open, account): &(OpenSession, Account)| {
        open.is_whole && !is_over(open, now) && account.disabled_at.is_none()
    };
    let Some((open, account)) = found.await?.filter(stands) else { return Ok(None) };
    if now.since(open.seen_at) >= SEEN_EVERY {
        let id = school.queue.school().clone();
        // A database that takes nothing more locks nobody out.
        let seen = school.store().write(move |tx| kept::seen(tx, &id, &hash, now));
        if let Err(error) = seen.await {
            tracing::warn!(%error, "when a session was last used could not be written down");
        }
    }
    Ok(Some(Session::new(token, open, account)))
}

/// The account of a session as it is now; `None` where the session has ended since it was looked at.
pub async fn account_now(school: &School, of: &Session) -> Result<Option<Account>, StoreError> {
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    let (account, session) = (of.account.id, of.id);
    let found = school.store().read(move |tx: &Tx<'_>| {
        let open = kept::of_account(tx, &id, account)?;
        if !open.iter().any(|it| it.id == session && !is_over(it, now)) {
            return Ok(None);
        }
        accounts::by_id(tx, &id, account)
    });
    let account = found.await?.map(|it| it.account);
    Ok(account.filter(|it| it.disabled_at.is_none()))
}

/// Ends the session of a token, if there is one.
pub async fn sign_out(school: &School, token: &str) -> Result<(), StoreError> {
    let (id, hash) = (school.queue.school().clone(), Token::hash_of(token));
    school.store().write(move |tx| kept::end(tx, &id, &hash).map(drop)).await
}

/// The sessions of an account that stand, the one that was used last first.
pub async fn sessions(
    school: &School,
    account: Id<Account>,
) -> Result<Vec<OpenSession>, StoreError> {
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    let mut all = school.store().read(move |tx| kept::of_account(tx, &id, account)).await?;
    all.retain(|open| !is_over(open, now));
    Ok(all)
}

/// Ends one session of an account: its next page is the one to sign in.
pub async fn revoke_session(
    school: &School,
    actor: Actor,
    account: Id<Account>,
    session: Id<OpenSession>,
) -> Result<(), AccountRefusal> {
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        let has_ended = kept::end_one(tx, id, account, session)?;
        if has_ended {
            journal::note(tx, id, by, Act::EndSession, &of.login)?;
        }
        Ok(has_ended)
    };
    let has_ended = on_account(school, actor, account, true, write).await?;
    if has_ended { Ok(()) } else { Err(AccountRefusal::NoSuchSession) }
}

/// Ends every session of an account; `but`: not the one of this token.
pub async fn end_sessions(
    school: &School,
    actor: Actor,
    account: Id<Account>,
    but: Option<&str>,
) -> Result<(), AccountRefusal> {
    let but = but.map(Token::hash_of);
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        kept::end_others(tx, id, account, but.as_ref())?;
        journal::note(tx, id, by, Act::EndSession, &of.login)
    };
    on_account(school, actor, account, true, write).await
}
