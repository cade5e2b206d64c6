//! How often the directory of a school was changed: what was read of it holds as long as this number stands.
//!
//! Whoever writes a row that audiences are read from notes it (`Tx::changes_directory`); the number moves once a
//! transaction, as the last thing before it is kept, so that no two transactions wait for each other there.

use super::{StoreError, Tx};
use crate::people::SchoolId;

/// How often it was changed.
pub fn number(tx: &Tx<'_>, school: &SchoolId) -> Result<i64, StoreError> {
    let number = tx.query_one(
        "SELECT number FROM directory_changes WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.int(0),
    )?;
    Ok(number.unwrap_or_default())
}

/// Moves the number of each school whose directory this transaction changed.
pub(super) fn count(tx: &Tx<'_>) -> Result<(), StoreError> {
    for school in tx.changed_directories() {
        tx.execute(
            "INSERT INTO directory_changes (school_id, number) VALUES ($1, 1) \
             ON CONFLICT (school_id) DO UPDATE SET number = directory_changes.number + 1",
            &[school.as_str().into()],
        )?;
    }
    Ok(())
}
