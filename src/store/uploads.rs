//! The files that somebody gave for an import, as long as they wait: one set a school.

use super::messages::json;
use super::{StoreError, Tx};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Actor, By, SchoolId};

/// Files that wait. The database holds what they are called; they lie on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptUpload {
    /// What its pages are called by.
    pub id: Id<Self>,
    /// Who gave them, and when.
    pub given: By,
    /// The machine on which they lie.
    pub machine: String,
    /// What each is called, in their order.
    pub files: Vec<String>,
    /// What was said of their columns, as typed: `Portable 2=mobile-phone`.
    pub said: Vec<String>,
}

/// Notes files that came; `false`, and nothing is written, where others wait.
pub fn keep(tx: &Tx<'_>, school: &SchoolId, upload: &KeptUpload) -> Result<bool, StoreError> {
    let kept = tx.touched(
        "INSERT INTO uploads (school_id, id, given_by, given_at, machine, files, said) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (school_id) DO NOTHING",
        &[
            school.as_str().into(),
            (&upload.id).into(),
            (&upload.given.actor.to_stored()).into(),
            upload.given.at.into(),
            (&upload.machine).into(),
            (&json(&upload.files)?).into(),
            (&json(&upload.said)?).into(),
        ],
    )?;
    Ok(kept > 0)
}

/// The files that wait.
pub fn kept(tx: &Tx<'_>, school: &SchoolId) -> Result<Option<KeptUpload>, StoreError> {
    tx.query_one(
        "SELECT id, given_by, given_at, machine, files, said FROM uploads WHERE school_id = $1",
        &[school.as_str().into()],
        |row| {
            Ok(KeptUpload {
                id: row.id(0)?,
                given: By { actor: row.word(1, Actor::from_stored)?, at: Moment(row.int(2)?) },
                machine: row.text(3)?,
                files: row.json(4)?,
                said: row.json(5)?,
            })
        },
    )
}

/// Notes what is said of the columns of these files, in the place of what was said before; `false` where they do not
/// wait any more.
pub fn say(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<KeptUpload>,
    said: &[String],
) -> Result<bool, StoreError> {
    let touched = tx.touched(
        "UPDATE uploads SET said = $3 WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&id).into(), (&json(&said)?).into()],
    )?;
    Ok(touched > 0)
}

/// Ends the wait of these files; `false` where it ended before.
pub fn take(tx: &Tx<'_>, school: &SchoolId, id: Id<KeptUpload>) -> Result<bool, StoreError> {
    let touched = tx.touched(
        "DELETE FROM uploads WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&id).into()],
    )?;
    Ok(touched > 0)
}
