//! Codes and links that let somebody in once: told by their hash.

use super::super::{StoreError, Tx, Value};
use super::sessions::Hash;
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Account, SchoolId};

/// What a secret lets somebody do, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Make the school's first account.
    First,
    /// Choose a password for an account.
    Password(Id<Account>),
    /// Sign in to an account.
    Link(Id<Account>),
    /// Tie an account to who an OpenID provider says that they are.
    Tie(Id<Account>),
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Password(_) => "password",
            Self::Link(_) => "link",
            Self::Tie(_) => "tie",
        }
    }

    const fn account(&self) -> Option<&Id<Account>> {
        match self {
            Self::First => None,
            Self::Password(account) | Self::Link(account) | Self::Tie(account) => Some(account),
        }
    }

    fn read(word: &str, account: Option<Id<Account>>) -> Option<Self> {
        match (word, account) {
            ("first", None) => Some(Self::First),
            ("password", Some(account)) => Some(Self::Password(account)),
            ("link", Some(account)) => Some(Self::Link(account)),
            ("tie", Some(account)) => Some(Self::Tie(account)),
            _ => None,
        }
    }
}

/// Keeps a secret until a moment, in place of what was kept for the same purpose.
pub fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    secret: &Hash,
    purpose: Purpose,
    ends_at: Moment,
) -> Result<(), StoreError> {
    forget(tx, school, purpose)?;
    tx.execute(
        "INSERT INTO one_time_secrets (school_id, secret, purpose, account_id, ends_at) \
         VALUES ($1, $2, $3, $4, $5)",
        &[
            school.as_str().into(),
            Value::Bytes(secret),
            purpose.word().into(),
            purpose.account().into(),
            ends_at.into(),
        ],
    )
}

/// What a secret is for, if it may still be used.
pub fn purpose(
    tx: &Tx<'_>,
    school: &SchoolId,
    secret: &Hash,
    now: Moment,
) -> Result<Option<Purpose>, StoreError> {
    let found = tx.query_one(
        "SELECT purpose, account_id FROM one_time_secrets \
         WHERE school_id = $1 AND secret = $2 AND ends_at > $3",
        &[school.as_str().into(), Value::Bytes(secret), now.into()],
        |row| {
            let account = row.maybe_id(1)?;
            row.word(0, |word| Purpose::read(word, account))
        },
    )?;
    Ok(found)
}

/// Uses a secret up; `false` where it is not kept, or not any more.
pub fn take(
    tx: &Tx<'_>,
    school: &SchoolId,
    secret: &Hash,
    now: Moment,
) -> Result<bool, StoreError> {
    let taken = tx.touched(
        "DELETE FROM one_time_secrets WHERE school_id = $1 AND secret = $2 AND ends_at > $3",
        &[school.as_str().into(), Value::Bytes(secret), now.into()],
    )?;
    Ok(taken > 0)
}

/// Forgets what is kept for a purpose.
pub fn forget(tx: &Tx<'_>, school: &SchoolId, purpose: Purpose) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM one_time_secrets WHERE school_id = $1 AND purpose = $2 \
         AND (account_id IS NULL OR account_id = $3)",
        &[school.as_str().into(), purpose.word().into(), purpose.account().into()],
    )
}
