//! The journal: who asked for what, one row an act, written with what the act changes.

use super::{Row, StoreError, Tx};
use crate::clock::Moment;
use crate::id::Id;
use crate::people::{Act, Actor, By, SchoolId};

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Who asked for it, and when.
    pub by: By,
    /// What.
    pub act: Act,
    /// About whom or what: a code, a key, a channel, a number; never a name or a text.
    pub about: String,
}

/// Adds an act; whatever it changes is written in the same transaction.
pub fn note(
    tx: &Tx<'_>,
    school: &SchoolId,
    by: &By,
    act: Act,
    about: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO journal (school_id, id, asked_at, actor, act, about) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            school.as_str().into(),
            (&Id::<Entry>::new(by.at)).into(),
            by.at.into(),
            (&by.actor.to_stored()).into(),
            act.as_str().into(),
            about.into(),
        ],
    )?;
    Ok(())
}

/// The newest acts, newest first.
pub fn newest(tx: &Tx<'_>, school: &SchoolId, most: usize) -> Result<Vec<Entry>, StoreError> {
    tx.query(
        "SELECT asked_at, actor, act, about FROM journal WHERE school_id = $1 \
         ORDER BY asked_at DESC, id DESC LIMIT $2",
        &[school.as_str().into(), most.into()],
        read,
    )
}

/// The newest act of this kind about this.
pub fn last(
    tx: &Tx<'_>,
    school: &SchoolId,
    act: Act,
    about: &str,
) -> Result<Option<Entry>, StoreError> {
    tx.query_one(
        "SELECT asked_at, actor, act, about FROM journal WHERE school_id = $1 AND act = $2 \
         AND about = $3 ORDER BY asked_at DESC, id DESC LIMIT 1",
        &[school.as_str().into(), act.as_str().into(), about.into()],
        read,
    )
}

/// When this was done about this, since a moment, oldest first.
pub fn moments(
    tx: &Tx<'_>,
    school: &SchoolId,
    (act, about): (Act, &str),
    since: Moment,
) -> Result<Vec<Moment>, StoreError> {
    tx.query(
        "SELECT asked_at FROM journal WHERE school_id = $1 AND act = $2 AND about = $3 \
         AND asked_at >= $4 ORDER BY asked_at",
        &[school.as_str().into(), act.as_str().into(), about.into(), since.into()],
        |row| Ok(Moment(row.int(0)?)),
    )
}

/// Whether somebody did this about this since a moment.
pub fn has_done(
    tx: &Tx<'_>,
    school: &SchoolId,
    actor: &Actor,
    (act, about): (Act, &str),
    since: Moment,
) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT 1 FROM journal WHERE school_id = $1 AND asked_at >= $2 AND actor = $3 \
         AND act = $4 AND about = $5 LIMIT 1",
        &[
            school.as_str().into(),
            since.into(),
            (&actor.to_stored()).into(),
            act.as_str().into(),
            about.into(),
        ],
        |_| Ok(()),
    )?;
    Ok(found.is_some())
}

/// How often somebody did this since a moment.
pub fn count_by(
    tx: &Tx<'_>,
    school: &SchoolId,
    actor: &Actor,
    act: Act,
    since: Moment,
) -> Result<usize, StoreError> {
    let counted = tx.query_one(
        "SELECT COUNT(*) FROM journal WHERE school_id = $1 AND asked_at >= $2 AND actor = $3 \
         AND act = $4",
        &[school.as_str().into(), since.into(), (&actor.to_stored()).into(), act.as_str().into()],
        |row| row.count(0),
    )?;
    Ok(counted.unwrap_or_default())
}

/// The acts on a page of so many, newest first, after so many of them.
pub fn page(
    tx: &Tx<'_>,
    school: &SchoolId,
    skipped: usize,
    most: usize,
) -> Result<Vec<Entry>, StoreError> {
    tx.query(
        "SELECT asked_at, actor, act, about FROM journal WHERE school_id = $1 \
         ORDER BY asked_at DESC, id DESC LIMIT $2 OFFSET $3",
        &[school.as_str().into(), most.into(), skipped.into()],
        read,
    )
}

/// How many acts there are.
pub fn count(tx: &Tx<'_>, school: &SchoolId) -> Result<usize, StoreError> {
    let counted = tx.query_one(
        "SELECT COUNT(*) FROM journal WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.count(0),
    )?;
    Ok(counted.unwrap_or_default())
}

/// What was asked for since a moment, oldest first.
pub fn acts_since(tx: &Tx<'_>, school: &SchoolId, since: Moment) -> Result<Vec<Act>, StoreError> {
    tx.query(
        "SELECT act FROM journal WHERE school_id = $1 AND asked_at >= $2 ORDER BY asked_at, id",
        &[school.as_str().into(), since.into()],
        |row| row.word(0, Act::from_word),
    )
}

/// How often each sort of act was asked for.
pub fn count_each(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<(Act, usize)>, StoreError> {
    tx.query(
        "SELECT act, COUNT(*) FROM journal WHERE school_id = $1 GROUP BY act",
        &[school.as_str().into()],
        |row| Ok((row.word(0, Act::from_word)?, row.count(1)?)),
    )
}

fn read(row: &Row<'_>) -> Result<Entry, StoreError> {
    let by = By { at: Moment(row.int(0)?), actor: row.word(1, Actor::from_stored)? };
    Ok(Entry { by, act: row.word(2, Act::from_word)?, about: row.text(3)? })
}
