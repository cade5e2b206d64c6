//! The second factor: begun, confirmed by its first code, asked for at each sign-in, given up.

use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use super::super::School;
use super::identities::tie_as_begun;
use super::sign_in::{has_to_wait, note, open, session_of};
use super::{AccountRefusal, SignInRefusal, on_account, passwords};
use crate::accounts::{
    self as room, Account, Guess, OneTimeCode, Token, TotpSecret, Whence, is_of_a_telephone,
    is_over,
};
use crate::id::Id;
use crate::people::{Act, Actor, By, SchoolId};
use crate::store::accounts::second_factor::{self as kept, SecondFactor};
use crate::store::accounts::{self, Credentials, sessions};
use crate::store::{StoreError, Tx, journal};

/// Codes on paper that somebody is given.
const RECOVERY_CODES: usize = 10;

/// What somebody gives their telephone, to be confirmed by its first code. Shown once, and to nobody else.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Enrolment {
    /// What the picture says.
    pub uri: String,
    /// What is typed where no picture can be taken.
    pub secret: String,
}

/// Begins a second factor: nothing is asked for yet, and a factor that there is holds until the first code of this one.
/// Who has one proves that it is they: no session alone puts another telephone in its place.
pub async fn begin_second_factor(
    school: &School,
    account: &Account,
    proof: SecretString,
    from: &Whence,
) -> Result<Enrolment, AccountRefusal> {
    let guess = Guess::of(&account.login, from);
    let kept = passwords::kept(school, account.id).await?;
    let is_another = kept.second_factor.is_some();
    if is_another {
        prove(school, &kept, proof, &guess).await?;
    }
    let secret = TotpSecret::new()?;
    let (id, of, now) = (school.queue.school().clone(), account.id, school.clock.now());
    let offered = secret.base_32();
    let offer = move |tx: &Tx<'_>| {
        kept::offer(tx, &id, of, &offered)?;
        if is_another { room::forgive(tx, &id, &guess, now) } else { Ok(()) }
    };
    school.store().write(offer).await?;
    let uri = secret.uri(&school.config.school.name, &account.login);
    Ok(Enrolment { uri, secret: secret.base_32() })
}

/// Asks for the second factor from now on, once its telephone has shown a first code; answers the codes on
/// paper. The other sessions of the account, which began without it, end.
pub async fn confirm_second_factor(
    school: &School,
    account: &Account,
    token: &str,
    code: &str,
) -> Result<Vec<OneTimeCode>, AccountRefusal> {
    let on_paper: Vec<OneTimeCode> =
        (0..RECOVERY_CODES).map(|_| OneTimeCode::new()).collect::<Result<_, _>>()?;
    let hashes: Vec<_> = on_paper.iter().map(OneTimeCode::hash).collect();
    let (this, code) = (Token::hash_of(token), code.to_owned());
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        let Some(secret) = kept::offered(tx, id, of.id)? else { return Ok(false) };
        let read = TotpSecret::from_base_32(&secret);
        let Some(last_step) = read.and_then(|it| it.step_of(&code, by.at, 0)) else {
            return Ok(false);
        };
        kept::put(tx, id, of.id, Some(&SecondFactor { secret, last_step }))?;
        hashes.iter().try_for_each(|hash| kept::add_recovery_code(tx, id, of.id, hash))?;
        sessions::end_others(tx, id, of.id, Some(&this))?;
        journal::note(tx, id, by, Act::AddSecondFactor, &of.login)?;
        Ok(true)
    };
    let is_confirmed = on_account(school, account.actor(), account.id, true, write).await?;
    if is_confirmed { Ok(on_paper) } else { Err(AccountRefusal::WrongCode) }
}

/// Asks for no second factor of somebody's own account any more; they prove that it is they.
pub async fn remove_second_factor(
    school: &School,
    account: &Account,
    proof: SecretString,
    from: &Whence,
) -> Result<(), AccountRefusal> {
    let guess = Guess::of(&account.login, from);
    let kept = passwords::kept(school, account.id).await?;
    prove(school, &kept, proof, &guess).await?;
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        room::forgive(tx, id, &guess, by.at)?;
        remove(tx, id, by, &of)
    };
    on_account(school, account.actor(), account.id, true, write).await
}

/// Asks for no second factor of an account any more whose owner lost their telephone and their codes: somebody else does it,
/// who knows them.
pub async fn drop_second_factor(
    school: &School,
    actor: Actor,
    account: Id<Account>,
) -> Result<(), AccountRefusal> {
    let write = |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| remove(tx, id, by, &of);
    on_account(school, actor, account, false, write).await
}

/// Makes an account have a second factor from the next page on, or leaves it to its owner again.
pub async fn require_second_factor(
    school: &School,
    actor: Actor,
    account: Id<Account>,
    must: bool,
) -> Result<(), AccountRefusal> {
    let write = move |tx: &Tx<'_>, id: &SchoolId, by: &By, of: Account| {
        if of.must_have_second_factor == must {
            return Ok(());
        }
        accounts::require_second_factor(tx, id, account, must)?;
        journal::note(tx, id, by, Act::ChangeAccount, &of.login)
    };
    on_account(school, actor, account, false, write).await
}

/// Lets whoever is signed in go on where they give their password or, where they have none, a code of the telephone that
/// they have, or one on paper.
async fn prove(
    school: &School,
    kept: &Credentials,
    proof: SecretString,
    guess: &Guess,
) -> Result<(), AccountRefusal> {
    if kept.password.is_some() {
        return passwords::prove(school, kept, proof, guess).await;
    }
    if let Some(until) = has_to_wait(school, guess).await? {
        return Err(AccountRefusal::Wait { until });
    }
    let (id, of, now) = (school.queue.school().clone(), kept.account.id, school.clock.now());
    let used = school.store().write(move |tx: &Tx<'_>| match accounts::by_id(tx, &id, of)? {
        Some(kept) => uses(tx, &id, &kept, proof.expose_secret(), now),
        None => Ok(false),
    });
    if used.await? { Ok(()) } else { Err(AccountRefusal::WrongCode) }
}

fn remove(tx: &Tx<'_>, id: &SchoolId, by: &By, of: &Account) -> Result<(), StoreError> {
    kept::put(tx, id, of.id, None)?;
    journal::note(tx, id, by, Act::RemoveSecondFactor, &of.login)
}

/// How many codes on paper somebody has left.
pub async fn recovery_codes_left(
    school: &School,
    account: Id<Account>,
) -> Result<usize, StoreError> {
    let id = school.queue.school().clone();
    school.store().read(move |tx| kept::recovery_codes_left(tx, &id, account)).await
}

/// Signs in whoever gave the right password, by a code of their telephone or one on paper. The token that they bring
/// is worth nothing afterwards; the one that is answered is the session's.
pub async fn confirm_code(
    school: &School,
    half: &str,
    code: &str,
    from: &Whence,
) -> Result<Token, SignInRefusal> {
    let half = Token::hash_of(half);
    let (id, now) = (school.queue.school().clone(), school.clock.now());
    let found = school.store().read(move |tx: &Tx<'_>| half_way(tx, &id, &half));
    let stands = found.await?.filter(|(open, _)| !is_over(open, now));
    let (_, was) = stands.ok_or(SignInRefusal::TooLate)?;
    let guess = Guess::of(&was.account.login, from);
    if let Some(until) = has_to_wait(school, &guess).await? {
        return Err(SignInRefusal::Wait { until });
    }
    let token = Token::new()?;
    let (id, hash, code, device) =
        (school.queue.school().clone(), token.hash(), code.to_owned(), from.device.clone());
    let signed_in = school.store().write(move |tx: &Tx<'_>| {
        let Some((begun, kept)) = half_way(tx, &id, &half)? else { return Ok(false) };
        if kept.account.disabled_at.is_some() || !uses(tx, &id, &kept, &code, now)? {
            return Ok(false);
        }
        sessions::end(tx, &id, &half)?;
        open(tx, &id, &hash, &session_of(&kept.account, device, true, now))?;
        room::forgive(tx, &id, &guess, now)?;
        if let Some(identity) = &begun.ties {
            tie_as_begun(tx, &id, &kept, identity, now)?;
        }
        note(tx, &id, &kept.account, "second_factor", now)?;
        Ok(true)
    });
    if signed_in.await? { Ok(token) } else { Err(SignInRefusal::Wrong) }
}

/// Whoever gave the right password and has this token.
fn half_way(
    tx: &Tx<'_>,
    school: &SchoolId,
    half: &room::Hash,
) -> Result<Option<(room::OpenSession, Credentials)>, StoreError> {
    let open = sessions::by_token(tx, school, half)?.filter(|open| !open.is_whole);
    let Some(open) = open else { return Ok(None) };
    Ok(accounts::by_id(tx, school, open.account)?.map(|of| (open, of)))
}

/// Uses a code up; `false` where it is wrong or was used.
fn uses(
    tx: &Tx<'_>,
    school: &SchoolId,
    of: &Credentials,
    code: &str,
    now: crate::clock::Moment,
) -> Result<bool, StoreError> {
    if !is_of_a_telephone(code) {
        let hash = OneTimeCode::hash_of(code);
        return kept::use_recovery_code(tx, school, of.account.id, &hash);
    }
    let Some(factor) = &of.second_factor else { return Ok(false) };
    let secret = TotpSecret::from_base_32(&factor.secret);
    match secret.and_then(|it| it.step_of(code, now, factor.last_step)) {
        Some(step) => kept::use_step(tx, school, of.account.id, step),
        None => Ok(false),
    }
}
