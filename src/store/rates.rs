//! What left under each allowance. The one table whose rows are not a school's: schools of one
//! académie may share an account with a provider, and then its limits hold for their sum. A row
//! says how much left and when, never what or to whom.

use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::people::SchoolId;

/// Takes the account's ledger: until the transaction ends, no other one gets it. Empty text where
/// nothing left yet.
pub fn lock(tx: &Tx<'_>, account: &str, now: Moment) -> Result<String, StoreError> {
    if let Some(ledger) = touch(tx, account, now)? {
        return Ok(ledger);
    }
    tx.execute(
        "INSERT INTO rates (account, ledger, changed_at) VALUES ($1, '', $2) \
         ON CONFLICT (account) DO NOTHING",
        &[account.into(), now.into()],
    )?;
    // Another daemon may have been faster: then this is its row, and its ledger.
    Ok(touch(tx, account, now)?.unwrap_or_default())
}

/// An update takes the row's lock on every database.
fn touch(tx: &Tx<'_>, account: &str, now: Moment) -> Result<Option<String>, StoreError> {
    let found = tx.query(
        "UPDATE rates SET changed_at = $2 WHERE account = $1 RETURNING ledger",
        &[account.into(), now.into()],
        |row| row.text(0),
    )?;
    Ok(found.into_iter().next())
}

/// Keeps the ledger that [`lock`] gave, as it now is.
pub fn put(tx: &Tx<'_>, account: &str, ledger: &str, now: Moment) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE rates SET ledger = $2, changed_at = $3 WHERE account = $1",
        &[account.into(), ledger.into(), now.into()],
    )?;
    Ok(())
}

/// The ledger of an account, only looked at; empty text where nothing left yet.
pub fn seen(tx: &Tx<'_>, account: &str) -> Result<String, StoreError> {
    let found =
        tx.query_one("SELECT ledger FROM rates WHERE account = $1", &[account.into()], |row| {
            row.text(0)
        })?;
    Ok(found.unwrap_or_default())
}

/// The name of a school's own account with a provider.
#[must_use]
pub fn own_account(school: &SchoolId, provider: &str) -> String {
    format!("{}/{provider}", school.as_str())
}

/// Whether an account is the school's own.
pub(super) fn is_own(school: &SchoolId, account: &str) -> bool {
    account.starts_with(&own_account(school, ""))
}

/// Whether something is counted under an account of the school's own.
pub(super) fn has_own(tx: &Tx<'_>, school: &SchoolId) -> Result<bool, StoreError> {
    let mut found = false;
    each(tx, |account, _, _| {
        found |= is_own(school, account);
        Ok(())
    })?;
    Ok(found)
}

/// Hands over every ledger.
pub(super) fn each(
    tx: &Tx<'_>,
    mut take: impl FnMut(&str, &str, Moment) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.each("SELECT account, ledger, changed_at FROM rates ORDER BY account", &[], |row| {
        let changed_at = Moment(row.int(2)?);
        take(&row.text(0)?, &row.text(1)?, changed_at)
    })
}

/// Brings a ledger along from elsewhere; `false` where the account has one already.
pub(super) fn add(
    tx: &Tx<'_>,
    account: &str,
    ledger: &str,
    changed_at: Moment,
) -> Result<bool, StoreError> {
    let added = tx.touched(
        "INSERT INTO rates (account, ledger, changed_at) VALUES ($1, $2, $3) \
         ON CONFLICT (account) DO NOTHING",
        &[account.into(), ledger.into(), changed_at.into()],
    )?;
    Ok(added > 0)
}
