//! Lists of names that were handed out, one row a copy.

use super::messages::json;
use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::people::{Actor, SchoolId};

/// What is known of a copy that was handed out.
/// `Debug` hides who received it.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
pub struct KeptHandout {
    /// Its number within the school.
    pub number: u32,
    /// When it was made.
    pub made_at: Moment,
    /// Who handed it out.
    pub handed_out_by: Actor,
    /// The day by which it is to be destroyed: `2026-12-25`.
    pub ends_on: String,
    /// Who received it, as typed.
    pub receiver: String,
    /// Whom it names, as typed.
    pub audience: String,
    /// What it tells of them.
    pub columns: Vec<String>,
    /// How many it names.
    pub persons: usize,
}

impl std::fmt::Debug for KeptHandout {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptHandout({}, {} persons)", self.number, self.persons)
    }
}

/// Keeps a copy under the school's next number, and gives the number.
pub fn insert(tx: &Tx<'_>, school: &SchoolId, handout: &KeptHandout) -> Result<u32, StoreError> {
    let last = tx.query_one(
        "SELECT MAX(number) FROM handouts WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.maybe_number(0),
    )?;
    let number = last.flatten().map_or(1, |last: u32| last.saturating_add(1));
    tx.execute(
        "INSERT INTO handouts (school_id, number, made_at, ends_on, receiver, audience, columns, \
         persons, handed_out_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            school.as_str().into(),
            number.into(),
            handout.made_at.into(),
            (&handout.ends_on).into(),
            (&handout.receiver).into(),
            (&handout.audience).into(),
            (&json(&handout.columns)?).into(),
            handout.persons.into(),
            (&handout.handed_out_by.to_stored()).into(),
        ],
    )?;
    Ok(number)
}

/// Every copy of the school, newest first.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<KeptHandout>, StoreError> {
    tx.query(
        "SELECT number, made_at, ends_on, receiver, audience, columns, persons, handed_out_by \
         FROM handouts WHERE school_id = $1 ORDER BY number DESC",
        &[school.as_str().into()],
        |row| {
            Ok(KeptHandout {
                number: row.number(0)?,
                made_at: Moment(row.int(1)?),
                ends_on: row.text(2)?,
                receiver: row.text(3)?,
                audience: row.text(4)?,
                columns: row.json(5)?,
                persons: row.count(6)?,
                handed_out_by: row.word(7, Actor::from_stored)?,
            })
        },
    )
}
