//! Messages.

use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::id::Id;
use crate::message::{Code, Message, Override, Terms, Urgency, VERIFICATION};
use crate::people::{Actor, SchoolId};

/// More than a text is ever put right: whatever the database holds, a walk along them ends.
const MOST_CORRECTIONS: usize = 1_000;

/// The statement that reads the messages of a school of which `$which` holds, as [`read`] wants them.
macro_rules! messages_where {
    ($which:literal) => {
        concat!(
            "SELECT id, code, template, fields, audience, plan, lane, launched_at, plain_sms, plans, \
             starts_at, expires_at, override_by, override_reason, corrects, retries, launched_by, \
             rectified, question FROM messages WHERE school_id = $1 ",
            $which
        )
    };
}

/// Keeps a new message.
pub fn insert(tx: &Tx<'_>, message: &Message) -> Result<(), StoreError> {
    let fields = json(&message.fields)?;
    let plan = json(&message.plan)?;
    let terms = &message.terms;
    let passes = terms.passes_hours.as_ref();
    let rectified = terms.rectified.as_ref().map(json).transpose()?;
    let question = message.question.as_ref().map(json).transpose()?;
    tx.execute(
        "INSERT INTO messages (id, school_id, code, template, fields, audience, plan, lane, \
         launched_at, plain_sms, plans, starts_at, expires_at, override_by, override_reason, \
         corrects, retries, launched_by, rectified, question) VALUES ($1, $2, $3, $4, $5, $6, $7, \
         $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)",
        &[
            (&message.id).into(),
            message.school.as_str().into(),
            message.code.as_str().into(),
            (&message.template).into(),
            (&fields).into(),
            (&message.audience).into(),
            (&plan).into(),
            message.urgency.lane().into(),
            message.launched_at.into(),
            message.plain_sms.into(),
            (&json(&message.plans)?).into(),
            terms.starts_at.into(),
            terms.expires_at.into(),
            passes.map(|passes| passes.by.as_str()).into(),
            passes.map(|passes| passes.reason.as_str()).into(),
            terms.corrects.as_ref().map(Code::as_str).into(),
            terms.retries.as_ref().map(Code::as_str).into(),
            (&message.launched_by.to_stored()).into(),
            rectified.as_deref().into(),
            question.as_deref().into(),
        ],
    )?;
    Ok(())
}

/// The message with this id.
pub fn by_id(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Message>,
) -> Result<Option<Message>, StoreError> {
    tx.query_one(messages_where!("AND id = $2"), &[school.as_str().into(), (&id).into()], |row| {
        read(row, school)
    })
}

/// The message with this code.
pub fn by_code(tx: &Tx<'_>, school: &SchoolId, code: &str) -> Result<Option<Message>, StoreError> {
    tx.query_one(messages_where!("AND code = $2"), &[school.as_str().into(), code.into()], |row| {
        read(row, school)
    })
}

/// The messages that put this one right, oldest first.
pub fn corrections(
    tx: &Tx<'_>,
    school: &SchoolId,
    code: &Code,
) -> Result<Vec<Message>, StoreError> {
    tx.query(
        messages_where!("AND corrects = $2 ORDER BY launched_at, id"),
        &[school.as_str().into(), code.as_str().into()],
        |row| read(row, school),
    )
}

/// The messages launched from then on that somebody wrote: neither corrections nor another try.
pub fn launched_since(
    tx: &Tx<'_>,
    school: &SchoolId,
    since: Moment,
) -> Result<Vec<Message>, StoreError> {
    tx.query(
        messages_where!(
            "AND launched_at >= $2 AND corrects IS NULL AND retries IS NULL \
         ORDER BY launched_at, id"
        ),
        &[school.as_str().into(), since.into()],
        |row| read(row, school),
    )
}

/// The messages launched from then on that tried another one again.
pub fn retries_since(
    tx: &Tx<'_>,
    school: &SchoolId,
    since: Moment,
) -> Result<Vec<Message>, StoreError> {
    tx.query(
        messages_where!(
            "AND launched_at >= $2 AND retries IS NOT NULL \
         ORDER BY launched_at, id"
        ),
        &[school.as_str().into(), since.into()],
        |row| read(row, school),
    )
}

/// A message and those that it puts right, back to the first text of all; newest first.
pub fn texts_before(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
) -> Result<Vec<Message>, StoreError> {
    let mut texts = vec![message.clone()];
    while let Some(code) = texts.last().and_then(|text| text.terms.corrects.clone()) {
        match by_code(tx, school, code.as_str())? {
            Some(earlier) if texts.len() < MOST_CORRECTIONS => texts.push(earlier),
            _ => break,
        }
    }
    Ok(texts)
}

/// The newest correction of a message; itself where it has none.
pub fn newest_text(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: &Message,
) -> Result<Message, StoreError> {
    let mut newest = message.clone();
    for _ in 0..MOST_CORRECTIONS {
        match corrections(tx, school, &newest.code)?.pop() {
            Some(correction) => newest = correction,
            None => break,
        }
    }
    Ok(newest)
}

/// The newest messages, newest first.
pub fn newest(tx: &Tx<'_>, school: &SchoolId, most: usize) -> Result<Vec<Message>, StoreError> {
    tx.query(
        messages_where!("ORDER BY launched_at DESC, id DESC LIMIT $2"),
        &[school.as_str().into(), most.into()],
        |row| read(row, school),
    )
}

/// The newest messages that ask something, newest first; none that only tries another one again.
pub fn newest_asking(
    tx: &Tx<'_>,
    school: &SchoolId,
    most: usize,
) -> Result<Vec<Message>, StoreError> {
    tx.query(
        messages_where!(
            "AND (question IS NOT NULL OR template = $3) AND retries IS NULL \
             ORDER BY launched_at DESC, id DESC LIMIT $2"
        ),
        &[school.as_str().into(), most.into(), VERIFICATION.into()],
        |row| read(row, school),
    )
}

/// Those of which some are still on their way to somebody, however old they are, newest first.
pub fn under_way(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Message>, StoreError> {
    // The last condition is the index's own: without it nobody reads that one.
    tx.query(
        messages_where!(
            "AND id IN (SELECT message_id FROM addressees WHERE school_id = $1 \
             AND state = 'waiting' AND state NOT IN ('reached', 'cancelled')) \
             ORDER BY launched_at DESC, id DESC"
        ),
        &[school.as_str().into()],
        |row| read(row, school),
    )
}

/// Those that follow so many newer ones, newest first.
pub fn after(
    tx: &Tx<'_>,
    school: &SchoolId,
    newer: usize,
    most: usize,
) -> Result<Vec<Message>, StoreError> {
    tx.query(
        messages_where!("ORDER BY launched_at DESC, id DESC LIMIT $2 OFFSET $3"),
        &[school.as_str().into(), most.into(), newer.into()],
        |row| read(row, school),
    )
}

/// How many a school launched.
pub fn count(tx: &Tx<'_>, school: &SchoolId) -> Result<usize, StoreError> {
    let counted = tx.query_one(
        "SELECT COUNT(*) FROM messages WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.count(0),
    )?;
    Ok(counted.unwrap_or_default())
}

/// The messages that try this one again, oldest first.
pub fn retries(tx: &Tx<'_>, school: &SchoolId, code: &Code) -> Result<Vec<Message>, StoreError> {
    tx.query(
        messages_where!("AND retries = $2 ORDER BY launched_at, id"),
        &[school.as_str().into(), code.as_str().into()],
        |row| read(row, school),
    )
}

fn read(row: &Row<'_>, school: &SchoolId) -> Result<Message, StoreError> {
    Ok(Message {
        id: row.id(0)?,
        school: school.clone(),
        code: Code::from_stored(row.text(1)?),
        template: row.text(2)?,
        fields: row.json(3)?,
        audience: row.text(4)?,
        plan: row.json(5)?,
        urgency: Urgency::of_lane(row.int(6)?).ok_or_else(|| unreadable("lane"))?,
        launched_at: Moment(row.int(7)?),
        launched_by: row.word(16, Actor::from_stored)?,
        plain_sms: row.truth(8)?,
        question: row.maybe_json(18)?,
        plans: row.json(9)?,
        terms: terms(row)?,
    })
}

fn terms(row: &Row<'_>) -> Result<Terms, StoreError> {
    let passes_hours = match (row.maybe_text(12)?, row.maybe_text(13)?) {
        (Some(by), Some(reason)) => Some(Override { by, reason }),
        (None, None) => None,
        _ => return Err(unreadable("leave to pass quiet hours")),
    };
    Ok(Terms {
        starts_at: row.maybe_moment(10)?,
        expires_at: row.maybe_moment(11)?,
        passes_hours,
        corrects: row.maybe_text(14)?.map(Code::from_stored),
        rectified: row.maybe_json(17)?,
        retries: row.maybe_text(15)?.map(Code::from_stored),
    })
}

fn unreadable(what: &str) -> StoreError {
    StoreError::Unreadable(format!("the {what} of a message"))
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Refused(error.to_string()))
}
