//! How the office said that the columns of a table are to be understood, by the table's head.

use std::collections::BTreeMap;

use super::messages::json;
use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::people::SchoolId;

/// A column's title, and the word of its field; `ignore` for one that is passed over.
pub type Words = BTreeMap<String, String>;

/// What was said of each head.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<(String, Words)>, StoreError> {
    tx.query(
        "SELECT head, map FROM header_maps WHERE school_id = $1 ORDER BY head",
        &[school.as_str().into()],
        |row| Ok((row.text(0)?, row.json(1)?)),
    )
}

/// Keeps what was said of a head, in the place of what was said before.
pub fn put(
    tx: &Tx<'_>,
    school: &SchoolId,
    head: &str,
    words: &Words,
    now: Moment,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO header_maps (school_id, head, map, saved_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (school_id, head) DO UPDATE SET map = excluded.map, \
         saved_at = excluded.saved_at",
        &[school.as_str().into(), head.into(), (&json(words)?).into(), now.into()],
    )?;
    Ok(())
}
