//! Letter batches: deliveries that people carry together.

use std::ops::Range;

use super::addressees::Addressee;
use super::deliveries::Due;
use super::{Row, StoreError, Tx, controls};
use crate::clock::Moment;
use crate::delivery::{LetterOrder, Pile, PileKind, Piling, Recipient};
use crate::id::Id;
use crate::message::{Message, Proof};
use crate::people::SchoolId;

/// A letter batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its id.
    pub id: Id<Batch>,
    /// Its number within the school.
    pub number: u32,
    /// When it was gathered.
    pub made_at: Moment,
    /// Letters in it: each has a place below this number.
    pub letters: usize,
    /// How it is sorted.
    pub piling: Piling,
    /// Pages, once printed.
    pub pages: Option<usize>,
    /// Where its PDF stands, once printed.
    pub file: Option<String>,
    /// When somebody said that it was posted or handed out.
    pub posted_at: Option<Moment>,
}

/// A pile of a batch: its letters stand at the places from its own up to the next pile's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledPile {
    /// The place of its first letter.
    pub place: usize,
    /// What its letters have in common.
    pub pile: Pile,
    /// Its pages in the PDF, the first being 1, the sheet before it included; `None` as long as nothing of it is printed.
    pub pages: Option<Range<usize>>,
}

/// A letter delivery with what its letter needs.
#[derive(Debug, Clone)]
pub struct LetterDelivery {
    /// The delivery.
    pub due: Due,
    /// The number of its addressee, for the reference.
    pub number: u32,
    /// Who.
    pub recipient: Recipient,
    /// The delivery that carries it, when two persons share an address.
    pub leader: Option<Id<crate::delivery::lifecycle::Delivery>>,
    /// Its place in its batch, once it is gathered.
    pub place: Option<usize>,
}

/// The slip that a printed letter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrintedSlip {
    /// The number of its addressee, for the reference.
    pub number: u32,
    /// The leg of the letter, for the reference.
    pub leg: usize,
    /// Whether whoever has it answered, by whatever way.
    pub is_answered: bool,
}

/// Keeps a new batch under the school's next number.
pub fn insert(
    tx: &Tx<'_>,
    school: &SchoolId,
    id: Id<Batch>,
    letters: usize,
    piling: Piling,
    now: Moment,
) -> Result<Batch, StoreError> {
    let last = tx.query_one(
        "SELECT MAX(number) FROM batches WHERE school_id = $1",
        &[school.as_str().into()],
        |row| row.maybe_number(0),
    )?;
    let number = last.flatten().map_or(1, |last: u32| last.saturating_add(1));
    tx.execute(
        "INSERT INTO batches (id, school_id, number, made_at, letters, sort, separators) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            (&id).into(),
            school.as_str().into(),
            number.into(),
            now.into(),
            letters.into(),
            piling.order.as_str().into(),
            piling.separators.into(),
        ],
    )?;
    let (pages, file, posted_at) = (None, None, None);
    Ok(Batch { id, number, made_at: now, letters, piling, pages, file, posted_at })
}

/// Keeps a pile that begins at a place of a batch.
pub fn put_pile(
    tx: &Tx<'_>,
    school: &SchoolId,
    (batch, place): (Id<Batch>, usize),
    pile: &Pile,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO piles (school_id, batch_id, place, kind, name) VALUES ($1, $2, $3, $4, $5)",
        &[
            school.as_str().into(),
            (&batch).into(),
            place.into(),
            pile.kind.as_str().into(),
            (&pile.name).into(),
        ],
    )?;
    Ok(())
}

/// The piles of a batch, in its order; none where it was gathered before there were piles.
pub fn piles(
    tx: &Tx<'_>,
    school: &SchoolId,
    batch: Id<Batch>,
) -> Result<Vec<FiledPile>, StoreError> {
    tx.query(
        "SELECT place, kind, name, first_page, pages FROM piles \
         WHERE school_id = $1 AND batch_id = $2 ORDER BY place",
        &[school.as_str().into(), (&batch).into()],
        |row| {
            let (first, pages) = (row.maybe_number(3)?, row.maybe_number(4)?);
            Ok(FiledPile {
                place: row.count(0)?,
                pile: Pile { kind: row.word(1, PileKind::from_word)?, name: row.text(2)? },
                pages: first.zip(pages).map(|(first, pages): (usize, usize)| first..first + pages),
            })
        },
    )
}

/// Notes on which pages the piles of a batch stand.
pub fn set_pile_pages(
    tx: &Tx<'_>,
    school: &SchoolId,
    batch: Id<Batch>,
    piles: &[FiledPile],
) -> Result<(), StoreError> {
    for FiledPile { place, pages, .. } in piles {
        tx.execute(
            "UPDATE piles SET first_page = $1, pages = $2 \
             WHERE school_id = $3 AND batch_id = $4 AND place = $5",
            &[
                pages.as_ref().map(|pages| pages.start).into(),
                pages.as_ref().map(Range::len).into(),
                school.as_str().into(),
                (&batch).into(),
                (*place).into(),
            ],
        )?;
    }
    Ok(())
}

/// Letters that wait to be gathered, of one message or of all; those of paused ones stay.
pub fn waiting(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Option<Id<Message>>,
) -> Result<Vec<LetterDelivery>, StoreError> {
    tx.query(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, d.leader_id, a.number, a.recipient, d.place \
         FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
         WHERE d.school_id = $1 AND d.channel = 'letter' AND d.state = 'waiting' \
         AND d.lane < $3 AND d.message_id = COALESCE($2, d.message_id) ORDER BY a.number",
        &[school.as_str().into(), message.as_ref().into(), controls::PARKED_LANE.into()],
        letter,
    )
}

/// How many letters of which message wait to be gathered, those of paused ones too.
pub fn waiting_by_message(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Option<Id<Message>>,
) -> Result<Vec<(Id<Message>, usize)>, StoreError> {
    tx.query(
        "SELECT message_id, COUNT(*) FROM deliveries WHERE school_id = $1 AND channel = 'letter' \
         AND state = 'waiting' AND leader_id IS NULL AND message_id = COALESCE($2, message_id) \
         GROUP BY message_id ORDER BY message_id",
        &[school.as_str().into(), message.as_ref().into()],
        |row| Ok((row.id(0)?, row.count(1)?)),
    )
}

/// The letters of a message in batches that nobody said to be posted: the batch's number, how many.
pub fn unposted(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<(u32, usize)>, StoreError> {
    tx.query(
        "SELECT b.number, COUNT(*) FROM deliveries d JOIN batches b ON b.id = d.batch_id \
         WHERE d.school_id = $1 AND d.message_id = $2 AND d.state = 'sending' \
         AND d.leader_id IS NULL AND b.posted_at IS NULL GROUP BY b.number ORDER BY b.number",
        &[school.as_str().into(), (&message).into()],
        |row| Ok((row.number(0)?, row.count(1)?)),
    )
}

/// The slips of the letters of a message that are in people's hands, or were posted.
pub fn slips(
    tx: &Tx<'_>,
    school: &SchoolId,
    message: Id<Message>,
) -> Result<Vec<PrintedSlip>, StoreError> {
    tx.query(
        "SELECT a.number, d.leg, a.reached_by FROM deliveries d \
         JOIN addressees a ON a.id = d.addressee_id \
         WHERE d.school_id = $1 AND d.message_id = $2 AND d.batch_id IS NOT NULL \
         AND d.leader_id IS NULL AND d.state IN ('sending', 'accepted', 'proven') ORDER BY a.number",
        &[school.as_str().into(), (&message).into()],
        |row| {
            let held = row.maybe_word(2, Proof::from_word)?;
            let is_answered = held == Some(Proof::Acknowledged);
            Ok(PrintedSlip { number: row.number(0)?, leg: row.count(1)?, is_answered })
        },
    )
}

/// The letters of a batch that stand at these places, in that order, without those that must not leave any more.
pub fn letters(
    tx: &Tx<'_>,
    school: &SchoolId,
    batch: Id<Batch>,
    places: &Range<usize>,
) -> Result<Vec<LetterDelivery>, StoreError> {
    tx.query(
        "SELECT d.id, d.message_id, d.addressee_id, d.leg, d.leader_id, a.number, a.recipient, d.place \
         FROM deliveries d JOIN addressees a ON a.id = d.addressee_id \
         WHERE d.school_id = $1 AND d.batch_id = $2 AND d.place >= $3 AND d.place < $4 \
         AND (d.failure IS NULL OR d.failure <> 'restricted') ORDER BY d.place, a.number",
        &[school.as_str().into(), (&batch).into(), places.start.into(), places.end.into()],
        letter,
    )
}

/// Puts a delivery into a batch, at the place of its letter there.
pub fn put_in(
    tx: &Tx<'_>,
    school: &SchoolId,
    (batch, place): (Id<Batch>, usize),
    delivery: Id<crate::delivery::lifecycle::Delivery>,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE deliveries SET batch_id = $1, place = $2 WHERE id = $3 AND school_id = $4",
        &[(&batch).into(), place.into(), (&delivery).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// Notes that the batch is printed.
pub fn set_printed(
    tx: &Tx<'_>,
    school: &SchoolId,
    batch: Id<Batch>,
    pages: usize,
    file: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE batches SET pages = $1, file = $2 WHERE id = $3 AND school_id = $4",
        &[pages.into(), file.into(), (&batch).into(), school.as_str().into()],
    )?;
    Ok(())
}

/// Notes that the batch was posted or handed out; `false` where it was noted before.
pub fn set_posted(
    tx: &Tx<'_>,
    school: &SchoolId,
    batch: Id<Batch>,
    now: Moment,
) -> Result<bool, StoreError> {
    let noted = tx.touched(
        "UPDATE batches SET posted_at = $1 WHERE id = $2 AND school_id = $3 AND posted_at IS NULL",
        &[now.into(), (&batch).into(), school.as_str().into()],
    )?;
    Ok(noted > 0)
}

/// Takes that back; `false` where nobody had noted it.
pub fn set_unposted(tx: &Tx<'_>, school: &SchoolId, batch: Id<Batch>) -> Result<bool, StoreError> {
    let taken_back = tx.touched(
        "UPDATE batches SET posted_at = NULL WHERE id = $1 AND school_id = $2 \
         AND posted_at IS NOT NULL",
        &[(&batch).into(), school.as_str().into()],
    )?;
    Ok(taken_back > 0)
}

/// Every batch of the school, newest first.
pub fn all(tx: &Tx<'_>, school: &SchoolId) -> Result<Vec<Batch>, StoreError> {
    tx.query(
        "SELECT id, number, made_at, letters, pages, file, posted_at, sort, separators FROM batches \
         WHERE school_id = $1 ORDER BY number DESC",
        &[school.as_str().into()],
        |row| {
            Ok(Batch {
                id: row.id(0)?,
                number: row.number(1)?,
                made_at: Moment(row.int(2)?),
                letters: row.count(3)?,
                piling: Piling {
                    order: row.maybe_word(7, LetterOrder::from_word)?.unwrap_or_default(),
                    separators: row.maybe_number(8)? == Some(1),
                },
                pages: row.maybe_number(4)?,
                file: row.maybe_text(5)?,
                posted_at: row.maybe_moment(6)?,
            })
        },
    )
}

fn letter(row: &Row<'_>) -> Result<LetterDelivery, StoreError> {
    let addressee: Id<Addressee> = row.id(2)?;
    Ok(LetterDelivery {
        due: Due { id: row.id(0)?, message: row.id(1)?, addressee, leg: row.count(3)? },
        leader: row.maybe_id(4)?,
        number: row.number(5)?,
        recipient: row.json(6)?,
        place: row.maybe_number(7)?,
    })
}
