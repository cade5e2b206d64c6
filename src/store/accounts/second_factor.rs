//! The second factor of an account, and the codes on paper in its place.

use super::super::{StoreError, Tx, Value};
use super::sessions::Hash;
use crate::id::Id;
use crate::people::{Account, SchoolId};

/// What its telephone and we both hold. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// In base 32.
    pub secret: String,
    /// The step of the last code that was used.
    pub last_step: i64,
}

impl std::fmt::Debug for SecondFactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecondFactor")
    }
}

/// Keeps a secret whose first code is still to come.
pub fn offer(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    secret: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET totp_pending = $3 WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into(), secret.into()],
    )
}

/// The secret whose first code is still to come.
pub fn offered(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
) -> Result<Option<String>, StoreError> {
    let offered = tx.query_one(
        "SELECT totp_pending FROM accounts WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&account).into()],
        |row| row.maybe_text(0),
    )?;
    Ok(offered.flatten())
}

/// Asks for a second factor from now on, or for none any more; the codes on paper of an earlier one are gone.
pub fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    factor: Option<&SecondFactor>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE accounts SET totp_secret = $3, totp_step = $4, totp_pending = NULL \
         WHERE school_id = $1 AND id = $2",
        &[
            school.as_str().into(),
            (&account).into(),
            factor.map(|it| it.secret.as_str()).into(),
            factor.map(|it| it.last_step).into(),
        ],
    )?;
    tx.execute(
        "DELETE FROM recovery_codes WHERE school_id = $1 AND account_id = $2",
        &[school.as_str().into(), (&account).into()],
    )
}

/// Uses the code of a step; `false` where it, or a later one, was used.
pub fn use_step(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    step: i64,
) -> Result<bool, StoreError> {
    let used = tx.touched(
        "UPDATE accounts SET totp_step = $3 \
         WHERE school_id = $1 AND id = $2 AND totp_secret IS NOT NULL AND totp_step < $3",
        &[school.as_str().into(), (&account).into(), step.into()],
    )?;
    Ok(used > 0)
}

/// Keeps a code on paper.
pub fn add_recovery_code(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    code: &Hash,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO recovery_codes (school_id, account_id, code) VALUES ($1, $2, $3)",
        &[school.as_str().into(), (&account).into(), Value::Bytes(code)],
    )
}

/// Uses a code on paper up; `false` where it is none of the account's, or was used.
pub fn use_recovery_code(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
    code: &Hash,
) -> Result<bool, StoreError> {
    let used = tx.touched(
        "DELETE FROM recovery_codes WHERE school_id = $1 AND account_id = $2 AND code = $3",
        &[school.as_str().into(), (&account).into(), Value::Bytes(code)],
    )?;
    Ok(used > 0)
}

/// How many codes on paper an account has left.
pub fn recovery_codes_left(
    tx: &Tx<'_>,
    school: &SchoolId,
    account: Id<Account>,
) -> Result<usize, StoreError> {
    let left = tx.query_one(
        "SELECT COUNT(*) FROM recovery_codes WHERE school_id = $1 AND account_id = $2",
        &[school.as_str().into(), (&account).into()],
        |row| row.count(0),
    )?;
    Ok(left.unwrap_or_default())
}
