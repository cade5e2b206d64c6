//! Messages.

use super::{Row, StoreError, Tx};
use crate::id::Id;
use crate::message::{Code, Message, Urgency};
use crate::people::SchoolId;

/// Keeps a new message.
pub fn insert(tx: &Tx<'_>, message: &Message) -> Result<(), StoreError> {
    let fields = json(&message.fields)?;
    let plan = json(&message.plan)?;
    tx.execute(
        "INSERT INTO messages (id, school_id, code, template, fields, audience, plan, lane, \
         launched_at, plain_sms, plans) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
    tx.query_one(
        "SELECT id, code, template, fields, audience, plan, lane, launched_at, plain_sms, plans \
         FROM messages WHERE school_id = $1 AND id = $2",
        &[school.as_str().into(), (&id).into()],
        |row| read(row, school),
    )
}

/// The message with this code.
pub fn by_code(tx: &Tx<'_>, school: &SchoolId, code: &str) -> Result<Option<Message>, StoreError> {
    tx.query_one(
        "SELECT id, code, template, fields, audience, plan, lane, launched_at, plain_sms, plans \
         FROM messages WHERE school_id = $1 AND code = $2",
        &[school.as_str().into(), code.into()],
        |row| read(row, school),
    )
}

/// The newest messages, newest first.
pub fn newest(tx: &Tx<'_>, school: &SchoolId, most: usize) -> Result<Vec<Message>, StoreError> {
    tx.query(
        "SELECT id, code, template, fields, audience, plan, lane, launched_at, plain_sms, plans \
         FROM messages WHERE school_id = $1 ORDER BY launched_at DESC, id DESC LIMIT $2",
        &[school.as_str().into(), most.into()],
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
        urgency: Urgency::of_lane(row.int(6)?),
        launched_at: crate::clock::Moment(row.int(7)?),
        plain_sms: row.int(8)? != 0,
        plans: row.json(9)?,
    })
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Refused(error.to_string()))
}
