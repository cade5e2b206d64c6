//! The last import, and what stood before it, so that it can be taken back whole: a before-image of each row that
//! the import may touch, many in one row, written in its transaction.

mod before;
mod taken_back;

use serde::{Deserialize, Serialize};

use super::stored::Stored;
use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::message::Code;
use crate::people::SchoolId;

pub use before::Before;
pub use taken_back::{New, new_of, take_back};

/// Rows of one table, by what they hang on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum RowsOf {
    Persons,
    Pupils,
    ContactPoints,
    Corrections,
    Profiles,
    RestrictionsOfPerson,
    RestrictionsOfPupil,
    TrustedAddresses,
    ListMembers,
    PupilCorrections,
}

/// Columns that a row of a person gives.
const OF_PERSON: usize = 14;
/// Columns that a row of a pupil gives.
const OF_PUPIL: usize = 12;
/// Columns that are kept of a profile, after whose it is.
const OF_PROFILE: usize = 7;

/// One row, without its school and what it hangs on.
type Kept = Vec<Stored>;

/// Every row of a table that hung on one key.
#[derive(Serialize, Deserialize)]
struct Image {
    of: RowsOf,
    key: String,
    rows: Vec<Kept>,
}

/// What one row of the database holds of it.
#[derive(Serialize, Deserialize)]
enum Part {
    /// Persons of whom nothing was kept.
    NewPersons(Vec<String>),
    /// Pupils of whom nothing was kept.
    NewPupils(Vec<String>),
    /// Those of whom something was.
    Images(Vec<Image>),
    /// Guardianships: the import writes all of them anew, or none.
    Ties(Vec<Kept>),
}

/// When the last import that may be taken back was applied.
pub fn last(tx: &Tx<'_>, school: &SchoolId) -> Result<Option<Moment>, StoreError> {
    tx.query_one(
        "SELECT applied_at FROM imports WHERE school_id = $1",
        &[school.as_str().into()],
        |row| Ok(Moment(row.int(0)?)),
    )
}

/// A message that was launched since a moment, if any.
pub fn launched_since(
    tx: &Tx<'_>,
    school: &SchoolId,
    since: Moment,
) -> Result<Option<Code>, StoreError> {
    tx.query_one(
        "SELECT code FROM messages WHERE school_id = $1 AND launched_at >= $2 \
         ORDER BY launched_at, code LIMIT 1",
        &[school.as_str().into(), since.into()],
        |row| Ok(Code::from_stored(row.text(0)?)),
    )
}

fn forget(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM import_before WHERE school_id = $1", &[school.as_str().into()])?;
    tx.execute("DELETE FROM imports WHERE school_id = $1", &[school.as_str().into()])
}
