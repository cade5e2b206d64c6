//! Who is called so: names are asked for by an index, at every key stroke, and never by reading everybody.

use super::{Row, StoreError, Tx, Value};
use crate::people::{NameRange, PersonKey, PupilKey, SchoolId, filed_words};

/// Whose name it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearer {
    /// An adult's.
    Person(PersonKey),
    /// A pupil's.
    Pupil(PupilKey),
}

/// The names under which somebody is filed, as the database keeps them.
pub(super) struct Filed {
    by: String,
    also: Option<String>,
}

impl Filed {
    /// By the name in use, and by the family name where there are both.
    pub(super) fn of(family_name: &str, usage_name: Option<&str>, first_name: &str) -> Self {
        let by = filed_words(usage_name.unwrap_or(family_name), first_name);
        let also = usage_name.map(|_| filed_words(family_name, first_name));
        Self { also: also.filter(|also| *also != by), by }
    }

    pub(super) fn by(&self) -> Value<'_> {
        Value::Bytes(self.by.as_bytes())
    }

    pub(super) fn also(&self) -> Value<'_> {
        self.also.as_ref().map_or(Value::Null, |also| Value::Bytes(also.as_bytes()))
    }
}

/// Hands over everybody at the school now who is filed within a range, `most` at most, with the words.
pub fn within(
    tx: &Tx<'_>,
    school: &SchoolId,
    range: &NameRange,
    most: usize,
    mut take: impl FnMut(Bearer, &str),
) -> Result<(), StoreError> {
    tx.each(
        "SELECT 0, key, filed FROM persons WHERE school_id = $1 AND archived_at IS NULL \
         AND filed >= $2 AND filed < $3 UNION ALL \
         SELECT 0, key, also_filed FROM persons WHERE school_id = $1 AND archived_at IS NULL \
         AND also_filed >= $2 AND also_filed < $3 UNION ALL \
         SELECT 1, key, filed FROM pupils WHERE school_id = $1 AND archived_at IS NULL \
         AND filed >= $2 AND filed < $3 UNION ALL \
         SELECT 1, key, also_filed FROM pupils WHERE school_id = $1 AND archived_at IS NULL \
         AND also_filed >= $2 AND also_filed < $3 LIMIT $4",
        &[
            school.as_str().into(),
            Value::Bytes(range.from.as_bytes()),
            Value::Bytes(range.until.as_bytes()),
            most.into(),
        ],
        |row| {
            take(read_bearer(row)?, row.bytes_as_text(2)?);
            Ok(())
        },
    )
}

/// Hands over the names of everybody at the school now: bearer, family name, first name. It reads everybody,
/// for what no index finds.
pub fn each(
    tx: &Tx<'_>,
    school: &SchoolId,
    mut take: impl FnMut(Bearer, &str, &str),
) -> Result<(), StoreError> {
    tx.each(
        "SELECT 0, key, family_name, usage_name, first_name FROM persons \
         WHERE school_id = $1 AND archived_at IS NULL UNION ALL \
         SELECT 1, key, family_name, usage_name, first_name FROM pupils \
         WHERE school_id = $1 AND archived_at IS NULL",
        &[school.as_str().into()],
        |row| {
            let first_name = row.str(4)?.unwrap_or_default();
            for family_name in [row.str(2)?, row.str(3)?].into_iter().flatten() {
                take(read_bearer(row)?, family_name, first_name);
            }
            Ok(())
        },
    )
}

/// Whose a name is, out of two columns: 0 for an adult's or 1 for a pupil's, and the key.
fn read_bearer(row: &Row<'_>) -> Result<Bearer, StoreError> {
    let key = row.text(1)?;
    Ok(if row.truth(0)? { Bearer::Pupil(PupilKey(key)) } else { Bearer::Person(PersonKey(key)) })
}
