//! What left under each allowance. The one table whose rows are not a school's: schools of one
//! académie may share an account with a provider, and then its limits hold for their sum. A row
//! says how much left and when, never what or to whom.

use super::{StoreError, Tx};
use crate::clock::Moment;

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
