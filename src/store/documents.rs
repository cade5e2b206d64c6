//! What teachers leave for their pupils, week by week.

use super::{Row, StoreError, Tx, Value, timetables};
use crate::clock::Moment;
use crate::message::{AskedBack, Week, WorkOn};
use crate::people::{Actor, By, MeantFor, SchoolId};

/// What is told of a document; its pages are asked for by themselves. `Debug` hides what it is called.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptDocument {
    /// Its number within the school.
    pub number: u32,
    /// The week that it is for.
    pub week: Week,
    /// The pupils whom it is for.
    pub meant_for: MeantFor,
    /// What it is about: `Mathématiques`; empty where nobody said.
    pub subject: String,
    /// What it is called.
    pub title: String,
    /// How many pages it has.
    pub pages: usize,
    /// Whether the work on it is asked back.
    pub asked_back: Option<AskedBack>,
    /// Who left it, and when.
    pub left: By,
}

impl std::fmt::Debug for KeptDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeptDocument({}, {} pages)", self.number, self.pages)
    }
}

/// Whether a document of this name lies there for the same pupils and week.
pub fn is_there(
    tx: &Tx<'_>,
    school: &SchoolId,
    document: &KeptDocument,
) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT number FROM documents WHERE school_id = $1 AND week = $2 AND meant_for = $3 \
         AND subject = $4 AND title = $5",
        &[
            school.as_str().into(),
            (&document.week.to_string()).into(),
            (&document.meant_for.to_stored()).into(),
            (&document.subject).into(),
            (&document.title).into(),
        ],
        |row| row.int(0),
    )?;
    Ok(found.is_some())
}

/// Keeps a document under the school's next number, and gives the number.
pub fn insert(
    tx: &Tx<'_>,
    school: &SchoolId,
    document: &KeptDocument,
    pdf: &[u8],
) -> Result<u32, StoreError> {
    let last = tx.query_one(
        "SELECT MAX(number) FROM documents WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.maybe_number(0),
    )?;
    let number = last.flatten().map_or(1, |last: u32| last.saturating_add(1));
    tx.execute(
        "INSERT INTO documents (school_id, number, week, meant_for, subject, title, pages, content, \
         left_by, left_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            school.as_str().into(),
            number.into(),
            (&document.week.to_string()).into(),
            (&document.meant_for.to_stored()).into(),
            (&document.subject).into(),
            (&document.title).into(),
            document.pages.into(),
            Value::Bytes(pdf),
            (&document.left.actor.to_stored()).into(),
            document.left.at.into(),
        ],
    )?;
    if let Some(AskedBack { on, by }) = document.asked_back {
        let by = by.map(|day| day.to_string());
        tx.execute(
            "INSERT INTO documents_asked_back (school_id, document, work_on, back_by) \
             VALUES ($1, $2, $3, $4)",
            &[school.as_str().into(), number.into(), on.as_str().into(), by.as_deref().into()],
        )?;
    }
    Ok(number)
}

/// What was left for a week, in the order in which it was left; of every week where none is named.
pub fn of_week(
    tx: &Tx<'_>,
    school: &SchoolId,
    week: Option<Week>,
) -> Result<Vec<KeptDocument>, StoreError> {
    select(tx, school, week, None)
}

/// One of them; `None` where it does not lie there any more.
pub fn one(
    tx: &Tx<'_>,
    school: &SchoolId,
    number: u32,
) -> Result<Option<KeptDocument>, StoreError> {
    Ok(select(tx, school, None, Some(number))?.pop())
}

fn select(
    tx: &Tx<'_>,
    school: &SchoolId,
    week: Option<Week>,
    number: Option<u32>,
) -> Result<Vec<KeptDocument>, StoreError> {
    let week = week.map(|week| week.to_string());
    tx.query(
        "SELECT d.number, d.week, d.meant_for, d.subject, d.title, d.pages, d.left_by, d.left_at, \
         b.work_on, b.back_by FROM documents d LEFT JOIN documents_asked_back b \
         ON b.school_id = d.school_id AND b.document = d.number WHERE d.school_id = $1 \
         AND d.week = COALESCE($2, d.week) AND d.number = COALESCE($3, d.number) ORDER BY d.number",
        &[school.as_str().into(), week.as_deref().into(), number.into()],
        read,
    )
}

/// The pages of a document; `None` where it does not lie there any more.
pub fn content(tx: &Tx<'_>, school: &SchoolId, number: u32) -> Result<Option<Vec<u8>>, StoreError> {
    let found = tx.query_one(
        "SELECT content FROM documents WHERE school_id = $1 AND number = $2",
        &[school.as_str().into(), number.into()],
        |row| row.maybe_bytes(0),
    )?;
    Ok(found.flatten())
}

/// Takes a document away; `false` where it did not lie there.
pub fn remove(tx: &Tx<'_>, school: &SchoolId, number: u32) -> Result<bool, StoreError> {
    let gone = tx.touched(
        "DELETE FROM documents WHERE school_id = $1 AND number = $2",
        &[school.as_str().into(), number.into()],
    )?;
    tx.execute(
        "DELETE FROM documents_asked_back WHERE school_id = $1 AND document = $2",
        &[school.as_str().into(), number.into()],
    )?;
    timetables::remove(tx, school, number)?;
    Ok(gone > 0)
}

fn read(row: &Row<'_>) -> Result<KeptDocument, StoreError> {
    let by = row.maybe_word(9, |word| word.parse().ok())?;
    let on = row.maybe_word(8, WorkOn::from_word)?;
    Ok(KeptDocument {
        asked_back: on.map(|on| AskedBack { on, by }),
        number: row.number(0)?,
        week: row.word(1, Week::from_stored)?,
        meant_for: row.word(2, MeantFor::from_stored)?,
        subject: row.text(3)?,
        title: row.text(4)?,
        pages: row.count(5)?,
        left: By { actor: row.word(6, Actor::from_stored)?, at: Moment(row.int(7)?) },
    })
}
