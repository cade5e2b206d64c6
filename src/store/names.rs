//! Who is called so: names are asked for by an index, at every key stroke, and never by reading everybody.

use super::{Row, StoreError, Tx, Value};
use crate::people::{NameRange, PersonKey, PupilKey, SchoolId};

/// Whose name it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearer {
    /// An adult's.
    Person(PersonKey),
    /// A pupil's.
    Pupil(PupilKey),
}

/// An order of a name as the database keeps it: in bytes, which every database orders alike.
pub(super) fn kept(order: &str) -> Value<'_> {
    Value::Bytes(order.as_bytes())
}

/// The same of one that may be none.
pub(super) fn kept_if_any(order: Option<&String>) -> Value<'_> {
    order.map_or(Value::Null, |order| kept(order))
}

/// By which names somebody is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedBy {
    /// The one that a directory files them by.
    FamilyName,
    /// The first name, or a second one.
    OtherName,
}

const BY_FAMILY_NAME: &str = "SELECT * FROM (SELECT 0, key, filed FROM persons WHERE school_id = $1 AND archived_at IS NULL \
     AND filed >= $2 AND filed < $3 ORDER BY filed LIMIT $4) AS a1 UNION ALL \
     SELECT * FROM (SELECT 0, key, also_filed FROM persons WHERE school_id = $1 AND archived_at IS NULL \
     AND also_filed >= $2 AND also_filed < $3 ORDER BY also_filed LIMIT $4) AS a2 UNION ALL \
     SELECT * FROM (SELECT 1, key, filed FROM pupils WHERE school_id = $1 AND archived_at IS NULL \
     AND filed >= $2 AND filed < $3 ORDER BY filed LIMIT $4) AS a3 UNION ALL \
     SELECT * FROM (SELECT 1, key, also_filed FROM pupils WHERE school_id = $1 AND archived_at IS NULL \
     AND also_filed >= $2 AND also_filed < $3 ORDER BY also_filed LIMIT $4) AS a4";
const BY_OTHER_NAME: &str = "SELECT * FROM (SELECT 0, key, first_filed FROM persons WHERE school_id = $1 AND archived_at IS NULL \
     AND first_filed >= $2 AND first_filed < $3 ORDER BY first_filed LIMIT $4) AS a1 UNION ALL \
     SELECT * FROM (SELECT 0, key, within_filed FROM persons WHERE school_id = $1 AND archived_at IS NULL \
     AND within_filed >= $2 AND within_filed < $3 ORDER BY within_filed LIMIT $4) AS a2 UNION ALL \
     SELECT * FROM (SELECT 1, key, first_filed FROM pupils WHERE school_id = $1 AND archived_at IS NULL \
     AND first_filed >= $2 AND first_filed < $3 ORDER BY first_filed LIMIT $4) AS a3 UNION ALL \
     SELECT * FROM (SELECT 1, key, within_filed FROM pupils WHERE school_id = $1 AND archived_at IS NULL \
     AND within_filed >= $2 AND within_filed < $3 ORDER BY within_filed LIMIT $4) AS a4";

/// Hands over everybody at the school now whose name stands within a range, with the words: of adults and of
/// pupils `most` at most in each order, the first in a directory.
pub fn within(
    tx: &Tx<'_>,
    school: &SchoolId,
    asked_by: AskedBy,
    range: &NameRange,
    most: usize,
    mut take: impl FnMut(Bearer, &str),
) -> Result<(), StoreError> {
    let sql = match asked_by {
        AskedBy::FamilyName => BY_FAMILY_NAME,
        AskedBy::OtherName => BY_OTHER_NAME,
    };
    let values = [
        school.as_str().into(),
        Value::Bytes(range.from.as_bytes()),
        Value::Bytes(range.until.as_bytes()),
        most.into(),
    ];
    tx.each(sql, &values, |row| {
        take(read_bearer(row)?, row.bytes_as_text(2)?);
        Ok(())
    })
}

/// Whose a name is, out of two columns: 0 for an adult's or 1 for a pupil's, and the key.
fn read_bearer(row: &Row<'_>) -> Result<Bearer, StoreError> {
    let key = row.text(1)?;
    Ok(if row.truth(0)? { Bearer::Pupil(PupilKey(key)) } else { Bearer::Person(PersonKey(key)) })
}
