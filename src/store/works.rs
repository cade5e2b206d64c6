//! The work of pupils on documents that are asked back, and the pictures of its pages.

use sha2::{Digest as _, Sha256};

use super::{StoreError, Tx, Value};
use crate::clock::Moment;
use crate::message::WorkPage;
use crate::people::{By, PupilKey, SchoolId};

/// The numbers of works: six digits.
const LEAST: u32 = 100_000;
const MOST: u32 = 1_000_000;

/// A pupil's work on a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PupilWork {
    /// Its number within the school.
    pub number: u32,
    /// The document.
    pub document: u32,
    /// Whose it is.
    pub pupil: PupilKey,
    /// How many of its pages came back, each counted once.
    pub pages: usize,
    /// When the last of them did.
    pub came_at: Option<Moment>,
}

/// Keeps every other transaction that numbers works away until this one ends.
pub fn lock(tx: &Tx<'_>, school: &SchoolId) -> Result<(), StoreError> {
    tx.lock("SELECT pg_advisory_xact_lock(1799, hashtext($1))", &[school.as_str().into()])
}

/// Numbers a pupil's work on a document, which has no number yet, by a draw of chance: what is on paper already is no
/// other's after a backup was put back, and a slip of the finger seldom names somebody.
pub fn number(
    tx: &Tx<'_>,
    school: &SchoolId,
    (document, pupil): (u32, &PupilKey),
    (chance, now): (u32, Moment),
) -> Result<u32, StoreError> {
    let mut number = LEAST + chance % (MOST - LEAST);
    while one(tx, school, number)?.is_some() {
        number = if number + 1 < MOST { number + 1 } else { LEAST };
    }
    tx.execute(
        "INSERT INTO works (school_id, number, document, pupil, printed_at) \
         VALUES ($1, $2, $3, $4, $5)",
        &[school.as_str().into(), number.into(), document.into(), (&pupil.0).into(), now.into()],
    )?;
    Ok(number)
}

/// The works on a document, in the order of their numbers.
pub fn of_document(
    tx: &Tx<'_>,
    school: &SchoolId,
    document: u32,
) -> Result<Vec<PupilWork>, StoreError> {
    tx.query(
        "SELECT w.number, w.document, w.pupil, COUNT(DISTINCT p.page), MAX(p.came_at) FROM works w \
         LEFT JOIN work_pages p ON p.school_id = w.school_id AND p.work = w.number \
         WHERE w.school_id = $1 AND w.document = $2 \
         GROUP BY w.number, w.document, w.pupil ORDER BY w.number",
        &[school.as_str().into(), document.into()],
        |row| {
            Ok(PupilWork {
                number: row.number(0)?,
                document: row.number(1)?,
                pupil: PupilKey(row.text(2)?),
                pages: row.count(3)?,
                came_at: row.maybe_moment(4)?,
            })
        },
    )
}

/// On which document this work is, and whose; `None` where no work has this number.
pub fn one(
    tx: &Tx<'_>,
    school: &SchoolId,
    number: u32,
) -> Result<Option<(u32, PupilKey)>, StoreError> {
    tx.query_one(
        "SELECT document, pupil FROM works WHERE school_id = $1 AND number = $2",
        &[school.as_str().into(), number.into()],
        |row| Ok((row.number(0)?, PupilKey(row.text(1)?))),
    )
}

/// Keeps a page that came back, beside what came of it before, with the number of the mail that it was attached to, where
/// it came so; `false` where this very picture is kept already.
pub fn take_page(
    tx: &Tx<'_>,
    school: &SchoolId,
    (page, picture): (WorkPage, &[u8]),
    mail: Option<u32>,
    by: &By,
) -> Result<bool, StoreError> {
    let digest = hex::encode(Sha256::digest(picture));
    let kept = tx.touched(
        "INSERT INTO work_pages (school_id, work, page, digest, came_at, taken_by, picture, reply) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        &[
            school.as_str().into(),
            page.work.into(),
            page.page.into(),
            (&digest).into(),
            by.at.into(),
            (&by.actor.to_stored()).into(),
            Value::Bytes(picture),
            mail.into(),
        ],
    )?;
    Ok(kept > 0)
}

/// The mails to which pages of the works on a document were attached: by the number of each work, that of each mail.
pub fn mails(tx: &Tx<'_>, school: &SchoolId, document: u32) -> Result<Vec<(u32, u32)>, StoreError> {
    tx.query(
        "SELECT DISTINCT p.work, p.reply FROM works w \
         JOIN work_pages p ON p.school_id = w.school_id AND p.work = w.number \
         WHERE w.school_id = $1 AND w.document = $2 AND p.reply IS NOT NULL ORDER BY 1, 2",
        &[school.as_str().into(), document.into()],
        |row| Ok((row.number(0)?, row.number(1)?)),
    )
}

/// How many pages of pupils' work were attached to the mail of this number.
pub fn pages_of_reply(tx: &Tx<'_>, school: &SchoolId, reply: u32) -> Result<usize, StoreError> {
    let pages = tx.query_one(
        "SELECT COUNT(*) FROM work_pages WHERE school_id = $1 AND reply = $2",
        &[school.as_str().into(), reply.into()],
        |row| row.count(0),
    )?;
    Ok(pages.unwrap_or_default())
}

/// The pictures of the pages of a work, page by page, and of each in the order in which they came.
pub fn pictures(tx: &Tx<'_>, school: &SchoolId, number: u32) -> Result<Vec<Vec<u8>>, StoreError> {
    tx.query(
        "SELECT picture FROM work_pages WHERE school_id = $1 AND work = $2 \
         ORDER BY page, came_at, digest",
        &[school.as_str().into(), number.into()],
        |row| Ok(row.maybe_bytes(0)?.unwrap_or_default()),
    )
}

/// Takes a page out that came back: all that came of it. How many pictures that were.
pub fn take_out(tx: &Tx<'_>, school: &SchoolId, page: WorkPage) -> Result<usize, StoreError> {
    tx.touched(
        "DELETE FROM work_pages WHERE school_id = $1 AND work = $2 AND page = $3",
        &[school.as_str().into(), page.work.into(), page.page.into()],
    )
}

/// Whether the work on a document was asked of anybody yet.
pub fn is_asked(tx: &Tx<'_>, school: &SchoolId, document: u32) -> Result<bool, StoreError> {
    let found = tx.query_one(
        "SELECT number FROM works WHERE school_id = $1 AND document = $2 LIMIT 1",
        &[school.as_str().into(), document.into()],
        |row| row.number::<u32>(0),
    )?;
    Ok(found.is_some())
}
