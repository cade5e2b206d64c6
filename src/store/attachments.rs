//! What was attached to replies.

use super::replies::KeptReply;
use super::{Row, StoreError, Tx, Value};
use crate::id::Id;
use crate::mail::Attachment;
use crate::people::SchoolId;

/// What is told of an attachment; what it holds is asked for by itself.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptAttachment {
    /// Its place among those of its reply, from 1 on.
    pub number: usize,
    /// Its name, safe to be written to a disk.
    pub name: String,
    /// Its size in octets.
    pub octets: usize,
    /// Whether it was kept: what is too large is only told of.
    pub is_kept: bool,
}

impl std::fmt::Debug for KeptAttachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptAttachment({}, {} octets)", self.number, self.octets)
    }
}

/// Keeps what was attached to a reply.
pub fn insert(
    tx: &Tx<'_>,
    school: &SchoolId,
    reply: Id<KeptReply>,
    attached: &[Attachment],
) -> Result<(), StoreError> {
    for (number, attachment) in (1_usize..).zip(attached) {
        tx.execute(
            "INSERT INTO attachments (school_id, reply_id, number, name, octets, content) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            &[
                school.as_str().into(),
                (&reply).into(),
                number.into(),
                (&attachment.name).into(),
                attachment.octets.into(),
                attachment.content.as_deref().map_or(Value::Null, Value::Bytes),
            ],
        )?;
    }
    Ok(())
}

/// What is attached to a reply, in its order.
pub fn of_reply(
    tx: &Tx<'_>,
    school: &SchoolId,
    reply: Id<KeptReply>,
) -> Result<Vec<KeptAttachment>, StoreError> {
    tx.query(
        "SELECT number, name, octets, CASE WHEN content IS NULL THEN 0 ELSE 1 END FROM attachments \
         WHERE school_id = $1 AND reply_id = $2 ORDER BY number",
        &[school.as_str().into(), (&reply).into()],
        |row: &Row<'_>| {
            Ok(KeptAttachment {
                number: row.count(0)?,
                name: row.text(1)?,
                octets: row.count(2)?,
                is_kept: row.count(3)? == 1,
            })
        },
    )
}

/// What an attachment holds; none where it was not kept.
pub fn content(
    tx: &Tx<'_>,
    school: &SchoolId,
    reply: Id<KeptReply>,
    number: usize,
) -> Result<Option<Vec<u8>>, StoreError> {
    let content = tx.query_one(
        "SELECT content FROM attachments \
         WHERE school_id = $1 AND reply_id = $2 AND number = $3",
        &[school.as_str().into(), (&reply).into(), number.into()],
        |row| row.maybe_bytes(0),
    )?;
    Ok(content.flatten())
}
