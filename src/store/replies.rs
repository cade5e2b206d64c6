//! What people answered.

use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{PersonKey, SchoolId};

/// An answer, as it is kept.
#[derive(Clone)]
pub struct KeptReply {
    /// Its id.
    pub id: Id<KeptReply>,
    /// The provider that brought it.
    pub provider: String,
    /// The provider's id of it.
    pub provider_ref: String,
    /// Whose number it is, where the directory knows one.
    pub person: Option<PersonKey>,
    /// Their words.
    pub body: String,
    /// When the provider got it.
    pub received_at: Moment,
}

impl std::fmt::Debug for KeptReply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptReply({})", self.id)
    }
}

/// Keeps a reply once; `false` when it was kept before.
pub fn insert(tx: &Tx<'_>, school: &SchoolId, reply: &KeptReply) -> Result<bool, StoreError> {
    let inserted = tx.touched(
        "INSERT INTO replies (id, school_id, provider, provider_ref, person_key, body, \
         received_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (school_id, provider, provider_ref) DO NOTHING",
        &[
            (&reply.id).into(),
            school.as_str().into(),
            (&reply.provider).into(),
            (&reply.provider_ref).into(),
            reply.person.as_ref().map(|key| key.0.as_str()).into(),
            (&reply.body).into(),
            reply.received_at.into(),
        ],
    )?;
    Ok(inserted == 1)
}

/// Replies, newest first.
pub fn newest(tx: &Tx<'_>, school: &SchoolId, most: usize) -> Result<Vec<KeptReply>, StoreError> {
    tx.query(
        "SELECT id, provider, provider_ref, person_key, body, received_at FROM replies \
         WHERE school_id = $1 ORDER BY received_at DESC LIMIT $2",
        &[school.as_str().into(), most.into()],
        read,
    )
}

/// How many there are.
pub fn count(tx: &Tx<'_>, school: &SchoolId) -> Result<usize, StoreError> {
    let counted = tx.query_one(
        "SELECT COUNT(*) FROM replies WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.count(0),
    )?;
    Ok(counted.unwrap_or_default())
}

/// How many came since a moment.
pub fn count_since(tx: &Tx<'_>, school: &SchoolId, since: Moment) -> Result<usize, StoreError> {
    let counted = tx.query_one(
        "SELECT COUNT(*) FROM replies WHERE school_id = $1 AND received_at >= $2",
        &[school.as_str().into(), since.into()],
        |row| row.count(0),
    )?;
    Ok(counted.unwrap_or_default())
}

/// What one person answered, newest first.
pub fn of_person(
    tx: &Tx<'_>,
    school: &SchoolId,
    person: &PersonKey,
) -> Result<Vec<KeptReply>, StoreError> {
    tx.query(
        "SELECT id, provider, provider_ref, person_key, body, received_at FROM replies \
         WHERE school_id = $1 AND person_key = $2 ORDER BY received_at DESC",
        &[school.as_str().into(), (&person.0).into()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<KeptReply, StoreError> {
    Ok(KeptReply {
        id: row.id(0)?,
        provider: row.text(1)?,
        provider_ref: row.text(2)?,
        person: row.maybe_text(3)?.map(PersonKey),
        body: row.text(4)?,
        received_at: Moment(row.int(5)?),
    })
}
