//! What a school seals its references with.

use super::{StoreError, Tx};
use crate::people::SchoolId;

/// The key, as it is written; none where there was none yet.
pub fn of(tx: &Tx<'_>, school: &SchoolId) -> Result<Option<String>, StoreError> {
    tx.query_one(
        "SELECT key FROM seal_keys WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.text(0),
    )
}

/// Keeps a key, unless there is one: who came first has made it for all.
pub fn put(tx: &Tx<'_>, school: &SchoolId, key: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO seal_keys (school_id, key) VALUES ($1, $2) \
         ON CONFLICT (school_id) DO NOTHING",
        &[school.as_str().into(), key.into()],
    )
}
