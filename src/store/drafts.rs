//! Drafts: what somebody writes and has not sent, and what became of it.

use super::messages::json;
use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::message::{Code, Draft, DraftVersion, Override, Urgency};
use crate::people::{Actor, By, SchoolId};

/// A draft as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDraft {
    /// Which, and how often it was saved.
    pub at: DraftVersion,
    /// Who wrote it first, and when.
    pub written: By,
    /// Who saved it last, or did away with it, and when.
    pub changed: By,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It still says this.
    Kept(Box<Draft>),
    /// It is this message now.
    Launched(Code),
    /// Nothing.
    Discarded,
}

/// The statement that reads the drafts of a school of which `$which` holds, as [`read`] wants them.
macro_rules! drafts_where {
    ($which:literal) => {
        concat!(
            "SELECT number, version, written_by, written_at, changed_by, changed_at, message, fields, \
             template, audience, plan, lane, plain_sms, expires_at, override_by, override_reason, starts_at, \
             follows, question FROM drafts WHERE school_id = $1 ",
            $which
        )
    };
}

/// Keeps a new draft under the school's next number.
pub fn insert(
    tx: &Tx<'_>,
    school: &SchoolId,
    draft: &Draft,
    by: &By,
) -> Result<DraftVersion, StoreError> {
    let last = tx.query_one(
        "SELECT MAX(number) FROM drafts WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.maybe_number(0),
    )?;
    let number = last.flatten().map_or(1, |last: u32| last.saturating_add(1));
    tx.execute(
        "INSERT INTO drafts (school_id, number, version, written_by, written_at, changed_by, \
         changed_at, fields, template, audience, plan, plain_sms) \
         VALUES ($1, $2, 0, $3, $4, $3, $4, '{}', '', '', '', 0)",
        &[school.as_str().into(), number.into(), (&by.actor.to_stored()).into(), by.at.into()],
    )?;
    replace(tx, school, DraftVersion { number, version: 0 }, draft, by)?;
    Ok(DraftVersion { number, version: 1 })
}

/// Saves over this version of a draft; `false`, and nothing is written, where it is not kept any more or
/// was saved since.
pub fn replace(
    tx: &Tx<'_>,
    school: &SchoolId,
    at: DraftVersion,
    draft: &Draft,
    by: &By,
) -> Result<bool, StoreError> {
    let passes = draft.passes_hours.as_ref();
    let follows = draft.follows.as_ref().map(json).transpose()?;
    let question = draft.question.as_ref().map(json).transpose()?;
    let replaced = tx.touched(
        "UPDATE drafts SET version = version + 1, changed_by = $4, changed_at = $5, fields = $6, \
         template = $7, audience = $8, plan = $9, lane = $10, plain_sms = $11, expires_at = $12, \
         override_by = $13, override_reason = $14, starts_at = $15, follows = $16, question = $17 \
         WHERE school_id = $1 AND number = $2 AND version = $3 AND fields IS NOT NULL",
        &[
            school.as_str().into(),
            at.number.into(),
            at.version.into(),
            (&by.actor.to_stored()).into(),
            by.at.into(),
            (&json(&draft.fields)?).into(),
            (&draft.template).into(),
            (&draft.audience).into(),
            (&draft.plan).into(),
            draft.urgency.map(Urgency::lane).into(),
            draft.plain_sms.into(),
            draft.expires_at.into(),
            passes.map(|passes| passes.by.as_str()).into(),
            passes.map(|passes| passes.reason.as_str()).into(),
            draft.starts_at.into(),
            follows.as_deref().into(),
            question.as_deref().into(),
        ],
    )?;
    Ok(replaced > 0)
}

/// Does away with this version of a draft, which became this message, or nothing: what it said is gone.
/// `false`, and nothing is written, where it is not kept any more or was saved since.
pub fn end(
    tx: &Tx<'_>,
    school: &SchoolId,
    at: DraftVersion,
    message: Option<&Code>,
    by: &By,
) -> Result<bool, StoreError> {
    let ended = tx.touched(
        "UPDATE drafts SET changed_by = $4, changed_at = $5, message = $6, fields = NULL, \
         template = '', audience = '', plan = '', lane = NULL, plain_sms = 0, expires_at = NULL, \
         override_by = NULL, override_reason = NULL, starts_at = NULL, follows = NULL, question = NULL \
         WHERE school_id = $1 AND number = $2 AND version = $3 AND fields IS NOT NULL",
        &[
            school.as_str().into(),
            at.number.into(),
            at.version.into(),
            (&by.actor.to_stored()).into(),
            by.at.into(),
            message.map(Code::as_str).into(),
        ],
    )?;
    Ok(ended > 0)
}

/// The draft of this number, whatever became of it.
pub fn by_number(
    tx: &Tx<'_>,
    school: &SchoolId,
    number: u32,
) -> Result<Option<KeptDraft>, StoreError> {
    let which = [school.as_str().into(), number.into()];
    tx.query_one(drafts_where!("AND number = $2"), &which, read)
}

/// The drafts that are neither launched nor discarded, newest first.
pub fn kept(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<KeptDraft>, StoreError> {
    let of = [school.as_str().into()];
    tx.query(drafts_where!("AND fields IS NOT NULL ORDER BY number DESC"), &of, read)
}

fn read(row: &Row<'_>) -> Result<KeptDraft, StoreError> {
    Ok(KeptDraft {
        at: DraftVersion { number: row.number(0)?, version: row.number(1)? },
        written: by(row, 2)?,
        changed: by(row, 4)?,
        fate: fate(row)?,
    })
}

/// Who in this column, and when in the next one.
fn by(row: &Row<'_>, column: usize) -> Result<By, StoreError> {
    Ok(By { actor: row.word(column, Actor::from_stored)?, at: Moment(row.int(column + 1)?) })
}

fn fate(row: &Row<'_>) -> Result<Fate, StoreError> {
    let Some(fields) = row.maybe_json(7)? else {
        let launched = row.maybe_text(6)?.map(Code::from_stored);
        return Ok(launched.map_or(Fate::Discarded, Fate::Launched));
    };
    let unreadable = |what: &str| StoreError::Unreadable(format!("the {what} of a draft"));
    let urgency = |lane| Urgency::of_lane(lane).ok_or_else(|| unreadable("lane"));
    Ok(Fate::Kept(Box::new(Draft {
        fields,
        template: row.text(8)?,
        audience: row.text(9)?,
        plan: row.text(10)?,
        urgency: row.maybe_int(11)?.map(urgency).transpose()?,
        plain_sms: row.truth(12)?,
        question: row.maybe_json(18)?,
        starts_at: row.maybe_moment(16)?,
        expires_at: row.maybe_moment(13)?,
        passes_hours: match (row.maybe_text(14)?, row.maybe_text(15)?) {
            (Some(by), Some(reason)) => Some(Override { by, reason }),
            (None, None) => None,
            _ => return Err(unreadable("leave to pass quiet hours")),
        },
        follows: row.maybe_json(17)?,
    })))
}
