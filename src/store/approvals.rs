//! Drafts for which somebody asked a second person's yes.

use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::message::DraftVersion;
use crate::people::{Actor, By, SchoolId};

/// What was asked for, and what was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptApproval {
    /// Which draft, in which version.
    pub at: DraftVersion,
    /// Who asked, and when.
    pub asked: By,
    /// How many recipients there were then.
    pub recipients: usize,
    /// How often it was passed on, as far as the journal says.
    pub passed_on: usize,
    /// Who said no, and why.
    pub declined: Option<(By, String)>,
}

/// The statement that reads what was asked for in a school and `$which` holds, as [`read`] wants it.
macro_rules! approvals_where {
    ($which:literal) => {
        concat!(
            "SELECT number, version, asked_by, asked_at, recipients, passed_on, declined_by, \
             declined_at, reason FROM approvals WHERE school_id = $1 ",
            $which
        )
    };
}

/// Asks for a yes to a version of a draft, in place of what was asked about it before.
pub fn ask(
    tx: &Tx<'_>,
    school: &SchoolId,
    at: DraftVersion,
    recipients: usize,
    by: &By,
) -> Result<(), StoreError> {
    end(tx, school, at.number)?;
    tx.execute(
        "INSERT INTO approvals (school_id, number, version, asked_by, asked_at, recipients, passed_on) \
         VALUES ($1, $2, $3, $4, $5, $6, 0)",
        &[
            school.as_str().into(),
            at.number.into(),
            at.version.into(),
            (&by.actor.to_stored()).into(),
            by.at.into(),
            recipients.into(),
        ],
    )
}

/// What was asked for, the oldest first, whatever was said.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<KeptApproval>, StoreError> {
    tx.query(approvals_where!("ORDER BY asked_at, number"), &[school.as_str().into()], read)
}

/// What was asked about a draft.
pub fn of(tx: &Tx<'_>, school: &SchoolId, number: u32) -> Result<Option<KeptApproval>, StoreError> {
    let which = [school.as_str().into(), number.into()];
    tx.query_one(approvals_where!("AND number = $2"), &which, read)
}

/// Says no to a version of a draft; `false` where that version is not asked about, or not any more.
pub fn decline(
    tx: &Tx<'_>,
    school: &SchoolId,
    at: DraftVersion,
    reason: &str,
    by: &By,
) -> Result<bool, StoreError> {
    let declined = tx.touched(
        "UPDATE approvals SET declined_by = $4, declined_at = $5, reason = $6 \
         WHERE school_id = $1 AND number = $2 AND version = $3 AND declined_at IS NULL",
        &[
            school.as_str().into(),
            at.number.into(),
            at.version.into(),
            (&by.actor.to_stored()).into(),
            by.at.into(),
            reason.into(),
        ],
    )?;
    Ok(declined > 0)
}

/// Notes how often it was passed on; `false` where somebody noted it already.
pub fn pass_on(
    tx: &Tx<'_>,
    school: &SchoolId,
    at: DraftVersion,
    times: usize,
) -> Result<bool, StoreError> {
    let passed = tx.touched(
        "UPDATE approvals SET passed_on = $4 \
         WHERE school_id = $1 AND number = $2 AND version = $3 AND passed_on < $4",
        &[school.as_str().into(), at.number.into(), at.version.into(), times.into()],
    )?;
    Ok(passed > 0)
}

/// Uses a yes up as its draft leaves; `false` where that version is not asked about, or was declined.
pub fn take(tx: &Tx<'_>, school: &SchoolId, at: DraftVersion) -> Result<bool, StoreError> {
    let taken = tx.touched(
        "DELETE FROM approvals \
         WHERE school_id = $1 AND number = $2 AND version = $3 AND declined_at IS NULL",
        &[school.as_str().into(), at.number.into(), at.version.into()],
    )?;
    Ok(taken > 0)
}

/// Forgets what was asked about a draft.
pub fn end(tx: &Tx<'_>, school: &SchoolId, number: u32) -> Result<(), StoreError> {
    tx.execute(
        "DELETE FROM approvals WHERE school_id = $1 AND number = $2",
        &[school.as_str().into(), number.into()],
    )
}

fn read(row: &Row<'_>) -> Result<KeptApproval, StoreError> {
    let declined = match (row.maybe_word(6, Actor::from_stored)?, row.maybe_moment(7)?) {
        (Some(actor), Some(at)) => Some((By { actor, at }, row.maybe_text(8)?.unwrap_or_default())),
        _ => None,
    };
    Ok(KeptApproval {
        at: DraftVersion { number: row.number(0)?, version: row.number(1)? },
        asked: By { actor: row.word(2, Actor::from_stored)?, at: Moment(row.int(3)?) },
        recipients: row.count(4)?,
        passed_on: row.count(5)?,
        declined,
    })
}
