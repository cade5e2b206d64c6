//! Who signs in to the school's pages.

pub mod failures;
pub mod one_time;
pub mod second_factor;
pub mod sessions;

use std::collections::BTreeSet;

use second_factor::SecondFactor;
use sessions::Hash;

use super::messages::json;
use super::{Row, StoreError, Tx, Value};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Account, AccountRole, PupilKey, Right, SchoolId};

/// An account, and what is asked of whoever signs in to it. `Debug` shows the login alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// Its password, as argon2 writes it; none was chosen yet.
    pub password: Option<String>,
    /// Its second factor, if one is asked for.
    pub second_factor: Option<SecondFactor>,
    /// When it was untied from an identity, unless its owner tied it since.
    pub untied_at: Option<Moment>,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({})", self.account.login)
    }
}

/// The statement that reads the accounts of a school of which `$which` holds, as [`read`] wants them.
macro_rules! accounts_where {
    ($which:literal) => {
        concat!(
            "SELECT id, login, name, role, rights, classes, pupils, made_at, disabled_at, password, \
             totp_secret, totp_step, second_factor_required, \
             CASE WHEN identity IS NULL THEN 0 ELSE 1 END, untied_at, version, signed_in_at \
             FROM accounts WHERE school_id = $1 ",
            $which
        )
    };
}

/// Keeps a new account, without a password; `false`, and nothing is written, where its login is taken.
pub fn insert(tx: &Tx<'_>, school: &SchoolId, account: &Account) -> Result<bool, StoreError> {
    let inserted = tx.touched(
        "INSERT INTO accounts (school_id, id, login, name, role, rights, classes, pupils, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (school_id, login) DO NOTHING",
        &[
            school.as_str().into(),
            (&account.id).into(),
            (&account.login).into(),
            (&account.name).into(),
            account.role.as_str().into(),
            (&words(&account.rights)).into(),
            (&json(&account.classes)?).into(),
            (&json(&account.pupils)?).into(),
            account.made_at.into(),
        ],
    )?;
    Ok(inserted > 0)
}

/// Writes the name, the role, the rights and the classes of an account: its next version.
pub fn change(tx: &Tx<'_>, school: &SchoolId, account: &Account) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET name = $3, role = $4, rights = $5, classes = $6, version = version + 1 \
         WHERE school_id = $1 AND id = $2",
        &[
            school.as_str().into(),
            (&account.id).into(),
            (&account.name).into(),
            account.role.as_str().into(),
            (&words(&account.rights)).into(),
            (&json(&account.classes)?).into(),
        ],
    )
}

/// Writes whom an account looks after.
pub fn set_pupils(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    pupils: &[PupilKey],
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET pupils = $3 WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into(), (&json(&pupils)?).into()],
    )
}

/// Disables an account from a moment on, or enables it again.
pub fn disable(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    since: Option<Moment>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET disabled_at = $3 WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into(), since.into()],
    )
}

/// Gives an account a password, as argon2 writes it.
pub fn set_password(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    password: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET password = $3 WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into(), password.into()],
    )
}

/// Notes when somebody signed in.
pub fn signed_in(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    at: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET signed_in_at = $3 WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into(), at.into()],
    )
}

/// Says whether an account must have a second factor.
pub fn require_second_factor(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    must: bool,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET second_factor_required = $3 WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into(), must.into()],
    )
}

/// Ties an account to who it is by the word of an OpenID provider, in the place of an earlier tie.
pub fn tie(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    identity: &Hash,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET identity = $3, untied_at = NULL WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into(), Value::Bytes(identity)],
    )
}

/// Ties an account to nobody from a moment on.
pub fn untie(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    at: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET identity = NULL, untied_at = $3 WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into(), at.into()],
    )
}

/// Every account of the school, by login.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Account>, StoreError> {
    let of = [school.as_str().into()];
    let all = tx.query(accounts_where!("ORDER BY login"), &of, read)?;
    Ok(all.into_iter().map(|it| it.account).collect())
}

/// An account, and when its owner last signed in; never by default.
pub type LastSignIn = (Account, Option<Moment>);

/// Every account of the school, by login, each with its last sign-in.
pub fn last_sign_ins(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<LastSignIn>, StoreError> {
    tx.query(accounts_where!("ORDER BY login"), &[school.as_str().into()], read_last_sign_in)
}

/// The same of the account of this id.
pub fn last_sign_in(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
) -> Result<Option<LastSignIn>, StoreError> {
    let which = [school.as_str().into(), (&account).into()];
    tx.query_one(accounts_where!("AND id = $2"), &which, read_last_sign_in)
}

/// The account of this id.
pub fn by_id(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
) -> Result<Option<Credentials>, StoreError> {
    tx.query_one(accounts_where!("AND id = $2"), &[school.as_str().into(), (&account).into()], read)
}

/// The account of this login.
pub fn by_login(
    tx: &Tx<'_>,
    school: &SchoolId,
    login: &str,
) -> Result<Option<Credentials>, StoreError> {
    tx.query_one(accounts_where!("AND login = $2"), &[school.as_str().into(), login.into()], read)
}

/// The account that is tied to this identity.
pub fn by_identity(
    tx: &Tx<'_>,
    school: &SchoolId,
    identity: &Hash,
) -> Result<Option<Credentials>, StoreError> {
    let which = [school.as_str().into(), Value::Bytes(identity)];
    tx.query_one(accounts_where!("AND identity = $2"), &which, read)
}

/// Keeps every other writer from the accounts of the school, until this transaction ends.
pub fn lock(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    tx.lock("SELECT pg_advisory_xact_lock(1796, hashtext($1))", &[school.as_str().into()])
}

/// Rights as they are kept.
fn words(rights: &BTreeSet<Right>) -> String {
    rights.iter().map(|right| right.as_str()).collect::<Vec<_>>().join(" ")
}

fn rights(kept: &str) -> Option<BTreeSet<Right>> {
    kept.split_whitespace().map(Right::from_word).collect()
}

fn read_last_sign_in(row: &Row<'_>) -> Result<LastSignIn, StoreError> {
    Ok((read(row)?.account, row.maybe_moment(16)?))
}

fn read(row: &Row<'_>) -> Result<Credentials, StoreError> {
    let (id, password) = (row.id(0)?, row.maybe_text(9)?);
    let second_factor = match row.maybe_text(10)? {
        Some(secret) => Some(SecondFactor { secret, last_step: row.int(11)? }),
        None => None,
    };
    let account = Account {
        id,
        login: row.text(1)?,
        name: row.text(2)?,
        role: row.word(3, AccountRole::from_word)?,
        rights: row.word(4, rights)?,
        classes: row.json(5)?,
        pupils: row.json::<Vec<PupilKey>>(6)?,
        made_at: Moment(row.int(7)?),
        disabled_at: row.maybe_moment(8)?,
        has_password: password.is_some(),
        has_second_factor: second_factor.is_some(),
        must_have_second_factor: row.truth(12)?,
        has_identity: row.truth(13)?,
        version: row.number(15)?,
    };
    Ok(Credentials { account, password, second_factor, untied_at: row.maybe_moment(14)? })
}
