//! Somebody signs in.

use secrecy::SecretString;

use super::super::School;
use crate::accounts::{
    self as room, Account, Guess, HALF_WAY, Hash, HashFailed, IDLE, LONGEST, NoChance, OpenSession,
    Token, Whence,
};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Act, By, SchoolId};
use crate::store::accounts::one_time::{self, Purpose};
use crate::store::accounts::{self, Credentials, sessions};
use crate::store::{StoreError, Tx, journal};

/// Somebody gave the right password, or an OpenID provider vouches for them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedIn {
    /// They are signed in.
    Whole(Token),
    /// The code of their second factor is still to come, within ten minutes; until then they may do nothing.
    NeedsCode(Token),
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefusal {
    /// The login, the password or the code is wrong, or the account may sign in no more: it is not told which.
    #[error("the login, the password or the code is wrong")]
    Wrong,
    /// Too many were wrong before. It is said of logins that nobody has as well.
    #[error("too many passwords were wrong")]
    Wait {
        /// Until when nothing is looked at.
        until: Moment,
    },
    /// Whoever gave the right password took too long to give their code, or somebody ended it.
    #[error("it took too long until the code came: the password is asked for again")]
    TooLate,
    /// The link was used already, or is too old.
    #[error("the link was used already, or is too old")]
    LinkIsOver,
    /// An OpenID provider knows them, and no account is tied to that identity, or has their address as its login.
    #[error("no account is tied to this identity")]
    Unknown,
    /// The account may sign in no more. It is told to whom an OpenID provider vouches for alone.
    #[error("the account is disabled")]
    Closed,
    /// The system makes no secrets.
    #[error("{0}")]
    NoChance(#[from] NoChance),
    /// Passwords cannot be worked out.
    #[error("{0}")]
    Hash(#[from] HashFailed),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Signs somebody in with a password. A login that nobody has costs the same time, and the same patience.
pub async fn sign_in(
    school: &School,
    login: &str,
    password: SecretString,
    from: &Whence,
) -> Result<SignedIn, SignInRefusal> {
    let login = login.trim().to_lowercase();
    let guess = Guess::of(&login, from);
    if let Some(until) = has_to_wait(school, &guess).await? {
        return Err(SignInRefusal::Wait { until });
    }
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx| accounts::by_login(tx, &id, &login)).await?;
    let hash = kept.as_ref().and_then(|it| it.password.clone());
    let is_right = school.passwords.is_right(password, hash).await?;
    match kept.filter(|it| is_right && it.account.disabled_at.is_none()) {
        Some(kept) => begin(school, kept, guess, from).await,
        None => Err(SignInRefusal::Wrong),
    }
}

/// Signs in whoever has a link, once, whatever else their account asks for: whoever made it may.
pub async fn sign_in_by_link(
    school: &School,
    link: &str,
    from: &Whence,
) -> Result<Token, SignInRefusal> {
    let token = Token::new()?;
    let (id, now, link) = (school.queue.school().clone(), school.clock.now(), Token::hash_of(link));
    let (hash, device) = (token.hash(), from.device.clone());
    let signed_in = school.store().write(move |tx: &Tx<'_>| {
        let Some(Purpose::Link(account)) = one_time::purpose(tx, &id, &link, now)? else {
            return Ok(false);
        };
        let account = accounts::by_id(tx, &id, account)?.map(|it| it.account);
        let Some(account) = account.filter(|it| it.disabled_at.is_none()) else {
            return Ok(false);
        };
        if !one_time::take(tx, &id, &link, now)? {
            return Ok(false);
        }
        open(tx, &id, &hash, &session_of(&account, device, true, now))?;
        note(tx, &id, &account, "link", now)?;
        Ok(true)
    });
    if signed_in.await? { Ok(token) } else { Err(SignInRefusal::LinkIsOver) }
}

/// Until when a guess has to wait; where it need not, it is counted as wrong from here on, until it turns out right.
pub(super) async fn has_to_wait(
    school: &School,
    guess: &Guess,
) -> Result<Option<Moment>, StoreError> {
    let (id, now, looked) = (school.queue.school().clone(), school.clock.now(), guess.clone());
    // Whoever guesses on costs a look, and no write.
    let until = school.store().read(move |tx| room::wait(tx, &id, &looked, now)).await?;
    if until.is_some() {
        return Ok(until);
    }
    let (id, guess) = (school.queue.school().clone(), guess.clone());
    school.store().write(move |tx| room::count(tx, &id, &guess, now)).await
}

/// Begins a session, where the account is still as it was when its password was looked at.
async fn begin(
    school: &School,
    was: Credentials,
    guess: Guess,
    from: &Whence,
) -> Result<SignedIn, SignInRefusal> {
    let token = Token::new()?;
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    let (hash, device, is_whole) = (token.hash(), from.device.clone(), is_enough(&was));
    let begun = school.store().write(move |tx: &Tx<'_>| {
        if accounts::by_id(tx, &id, was.account.id)?.as_ref() != Some(&was) {
            return Ok(false);
        }
        open(tx, &id, &hash, &session_of(&was.account, device, is_whole, now))?;
        if is_whole {
            room::forgive(tx, &id, &guess, now)?;
            note(tx, &id, &was.account, "password", now)?;
        }
        Ok(true)
    });
    match begun.await? {
        false => Err(SignInRefusal::Wrong),
        true if is_whole => Ok(SignedIn::Whole(token)),
        true => Ok(SignedIn::NeedsCode(token)),
    }
}

/// Whether a password is all that is asked for.
const fn is_enough(credentials: &Credentials) -> bool {
    !credentials.account.has_second_factor
}

pub(super) fn session_of(
    account: &Account,
    device: String,
    is_whole: bool,
    now: Moment,
) -> OpenSession {
    let (id, account) = (Id::new(now), account.id);
    OpenSession { id, account, device, is_whole, ties: None, begun_at: now, seen_at: now }
}

/// Begins a session, and forgets those that ended by themselves.
pub(super) fn open(
    tx: &Tx<'_>,
    school: &SchoolId,
    token: &Hash,
    session: &OpenSession,
) -> Result<(), StoreError> {
    let now = session.begun_at;
    sessions::forget(tx, school, now - LONGEST, now - IDLE, now - HALF_WAY)?;
    sessions::insert(tx, school, token, session)
}

pub(super) fn note(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: &Account,
    way: &str,
    now: Moment,
) -> Result<(), StoreError> {
    let by = By { actor: account.actor(), at: now };
    accounts::signed_in(tx, school, account.id, now)?;
    journal::note(tx, school, &by, Act::SignIn, way)
}
