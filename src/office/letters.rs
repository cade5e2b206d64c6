//! Letters: what waits is printed, and people say what became of it.

mod desk;
mod elsewhere;
mod handed_over;
mod piles;

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

pub use desk::{
    BatchDates, BatchFile, BatchLetter, BatchShown, LettersWaiting, batch_file, batch_list,
    letter_batch, letters_of_batch, letters_waiting,
};
pub use elsewhere::{ElsewhereRefusal, SealedBatch, post_by_word, seal_batch};
pub use handed_over::{HandedOver, hand_over_letters, take_back_handovers};
pub use piles::{
    BatchPile, LabelsRequest, SplitPile, labels_of_batch, pile_file, piles_of_batch, split_batch,
};

use super::School;
use crate::batches::{self, BatchError, PrintedBatch, Printer};
use crate::delivery::{LetterOrder, Piling};
use crate::id::Id;
use crate::message::{Code, Message, MessageState, Reference};
use crate::people::Actor;
use crate::queue::{DueLetter, HeldBack};
use crate::render::letters::LettersError;
use crate::render::press::Press;
use crate::store::StoreError;
use crate::store::batches::Batch;

/// Why nothing was done with letters.
#[derive(Debug, thiserror::Error)]
pub enum LettersRefusal {
    /// No batch has this number.
    #[error("there is no batch {0}")]
    NoSuchBatch(u32),
    /// It was never printed.
    #[error("batch {0} is not printed yet")]
    NotPrinted(u32),
    /// Somebody said so before.
    #[error("batch {number} was posted on {at} already; nothing was changed")]
    PostedAlready {
        /// Its number.
        number: u32,
        /// When, by the clocks of the school.
        at: String,
    },
    /// Nobody said that it was posted.
    #[error("nobody said that batch {0} was posted; nothing was changed")]
    NotPosted(u32),
    /// The letters of a cancelled message are not printed again.
    #[error(
        "batch {number} holds letters of message {code}, which is cancelled; nothing was printed"
    )]
    Cancelled {
        /// Its number.
        number: u32,
        /// The message.
        code: Code,
    },
    /// It has not so many pages.
    #[error("batch {number} has {pages} pages, and none is page {page}")]
    NoSuchPage {
        /// Its number.
        number: u32,
        /// The page that was asked for.
        page: usize,
        /// How many it has.
        pages: usize,
    },
    /// No letter of it has this reference.
    #[error("batch {number} holds no letter {reference}")]
    NoSuchLetter {
        /// Its number.
        number: u32,
        /// What was asked for.
        reference: String,
    },
    /// It has no such pile, or nothing of it is printed.
    #[error("batch {0} has no such pile")]
    NoSuchPile(u32),
    /// A sheet has not so many labels.
    #[error("the sheet has {labels} labels, and none is label {first}")]
    NoSuchLabel {
        /// The label that was asked for.
        first: usize,
        /// How many there are.
        labels: usize,
    },
    /// Its PDF does not lie where it was printed any more.
    #[error("the file of batch {0} is gone")]
    FileGone(u32),
    /// Its PDF cannot be taken apart.
    #[error("{0}")]
    Pdf(#[from] LettersError),
    /// A pile cannot be written there.
    #[error("a pile cannot be written: {0}")]
    Folder(#[from] std::io::Error),
    /// What was gathered could not be printed.
    #[error("{0}")]
    Batch(#[from] BatchError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A batch, as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedBatch {
    /// Its number within the school.
    pub number: u32,
    /// Letters in it.
    pub letters: usize,
    /// Pages, once printed.
    pub pages: Option<usize>,
    /// Sheets of paper, once printed.
    pub sheets: Option<usize>,
    /// What is to be done with it.
    pub state: BatchState,
    /// How it is sorted.
    pub order: LetterOrder,
    /// Its PDF, once printed.
    pub file: Option<String>,
    /// When it was gathered, and when it left.
    #[serde(skip)]
    pub dates: BatchDates,
}

impl ListedBatch {
    fn of(batch: Batch) -> Self {
        Self {
            number: batch.number,
            letters: batch.letters,
            pages: batch.pages,
            sheets: batches::sheets(&batch),
            state: match (batch.pages, batch.posted_at) {
                (None, _) => BatchState::ToPrint,
                (Some(_), None) => BatchState::ToPost,
                (Some(_), Some(_)) => BatchState::Posted,
            },
            order: batch.piling.order,
            file: batch.file,
            dates: BatchDates { made_at: batch.made_at, posted_at: batch.posted_at },
        }
    }
}

/// What is to be done with a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum BatchState {
    /// It was gathered, and never printed whole.
    #[serde(rename = "to print")]
    ToPrint,
    /// It is printed.
    #[serde(rename = "to post")]
    ToPost,
    /// It was posted or handed out.
    #[serde(rename = "posted")]
    Posted,
}

impl BatchState {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ToPrint => "to print",
            Self::ToPost => "to post",
            Self::Posted => "posted",
        }
    }
}

/// A batch that was posted, or is not any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PostedBatch {
    /// Its number.
    #[serde(rename = "posted")]
    pub number: u32,
    /// Its letters, without those that a ruling took out.
    pub letters: usize,
    /// Whether that was taken back.
    pub undone: bool,
}

/// Letters that the post gave back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReturnedLetters {
    /// How many were noted.
    pub returned: usize,
    /// References of no letter that was posted.
    pub unknown: Vec<String>,
}

/// What is to be printed, and how it lies.
#[derive(Debug, Clone, Copy, Default)]
pub struct LettersRequest {
    /// The letters of this message; of all where none is named.
    pub message: Option<Id<Message>>,
    /// How they are sorted.
    pub piling: Piling,
}

/// Gathers and prints what waits; `progress` hears how many letters of how many are done. A batch that was gathered
/// before stays as it is sorted.
pub async fn print_letters(
    school: &School,
    LettersRequest { message, piling }: LettersRequest,
    progress: impl FnMut(usize, usize),
) -> Result<Vec<PrintedBatch>, LettersRefusal> {
    let (press, folder) = (school.press(), school.letters_folder());
    let printer = Printer { piling, ..printer(school, &press, &folder) };
    Ok(printer.print_waiting(message, school.clock.now(), progress).await?)
}

/// Prints a batch again: the same letters, the same references.
pub async fn print_again(
    school: &School,
    number: u32,
    mut progress: impl FnMut(usize, usize),
) -> Result<PrintedBatch, LettersRefusal> {
    let batch = batch(school, number).await?;
    let letters = school.queue.letters().of(&batch).await?;
    refuse_cancelled(school, number, &letters).await?;
    let (press, folder) = (school.press(), school.letters_folder());
    let printer = printer(school, &press, &folder);
    Ok(printer.print(&batch, school.clock.now(), &mut progress).await?)
}

/// Prints one letter of a batch again, into a PDF of its own: the same words, the same reference; the batch
/// stays as it is.
pub async fn print_letter_again(
    school: &School,
    number: u32,
    reference: &str,
) -> Result<BatchFile, LettersRefusal> {
    let batch = batch(school, number).await?;
    let letters = school.queue.letters().of(&batch).await?;
    let letter = letters.into_iter().find(|it| it.reference == reference);
    let no_such = || LettersRefusal::NoSuchLetter { number, reference: reference.to_owned() };
    let letter = letter.ok_or_else(no_such)?;
    refuse_cancelled(school, number, std::slice::from_ref(&letter)).await?;
    let (press, folder) = (school.press(), school.letters_folder());
    let (printer, now) = (printer(school, &press, &folder), school.clock.now());
    let pdf = printer.print_alone(&batch, letter, now).await?;
    Ok(BatchFile { name: format!("lettre-{reference}.pdf"), content: pdf })
}

/// The letters of a cancelled message are not printed again.
async fn refuse_cancelled(
    school: &School,
    number: u32,
    letters: &[DueLetter],
) -> Result<(), LettersRefusal> {
    let messages: BTreeMap<Id<Message>, Code> =
        letters.iter().map(|it| (it.message.id, it.message.code.clone())).collect();
    for (message, code) in messages {
        let control = school.queue.decisions().of(message).await?;
        if control.is_some_and(|control| control.state == MessageState::Cancelled) {
            return Err(LettersRefusal::Cancelled { number, code });
        }
    }
    Ok(())
}

fn printer<'a>(school: &'a School, press: &'a Press, folder: &'a Path) -> Printer<'a> {
    Printer {
        queue: &school.queue,
        renderer: school.renderer.as_ref(),
        press,
        folder,
        day: school.today(),
        sides: school.config.letters.sides,
        piling: school.config.letters.piling(),
    }
}

/// Why letters that wait are not printed now, and how many.
pub async fn letters_held_back(
    school: &School,
    message: Option<Id<Message>>,
) -> Result<Vec<(HeldBack, usize)>, StoreError> {
    school.queue.letters().held_back(message, school.clock.now()).await
}

/// Every batch, newest first.
pub async fn letter_batches(school: &School) -> Result<Vec<ListedBatch>, StoreError> {
    Ok(school.queue.letters().batches().await?.into_iter().map(ListedBatch::of).collect())
}

/// Takes down that a batch was posted or handed out: its addressees are reached.
pub async fn post_letters(
    school: &School,
    actor: Actor,
    number: u32,
) -> Result<PostedBatch, LettersRefusal> {
    let batch = batch(school, number).await?;
    if batch.pages.is_none() {
        return Err(LettersRefusal::NotPrinted(number));
    }
    let posted_at = match batch.posted_at {
        Some(at) => Some(at),
        None => match school.queue.letters().mark_posted(&batch, school.by(actor)).await? {
            Some(letters) => return Ok(PostedBatch { number, letters, undone: false }),
            None => self::batch(school, number).await?.posted_at,
        },
    };
    let at = posted_at.unwrap_or_else(|| school.clock.now());
    Err(LettersRefusal::PostedAlready { number, at: school.queue.timing().hours.shown(at) })
}

/// Takes back that a batch was posted: its letters are to be posted again, and prove nothing until then. What
/// came back, or was answered, stays as it is.
pub async fn take_back_posting(
    school: &School,
    actor: Actor,
    number: u32,
) -> Result<PostedBatch, LettersRefusal> {
    let batch = batch(school, number).await?;
    match school.queue.letters().mark_unposted(&batch, school.by(actor)).await? {
        Some(letters) => Ok(PostedBatch { number, letters, undone: true }),
        None => Err(LettersRefusal::NotPosted(number)),
    }
}

/// Takes down that the post gave letters back: their addressees go on to their next way.
pub async fn return_letters(
    school: &School,
    actor: Actor,
    references: Vec<Reference>,
) -> Result<ReturnedLetters, StoreError> {
    let mut told = ReturnedLetters { returned: 0, unknown: Vec::new() };
    for reference in references {
        let printed = reference.code.delivery(reference.addressee, reference.leg);
        if school.queue.letters().mark_returned(reference, school.by(actor.clone())).await? {
            told.returned += 1;
        } else {
            told.unknown.push(printed);
        }
    }
    Ok(told)
}

async fn batch(school: &School, number: u32) -> Result<Batch, LettersRefusal> {
    let batches = school.queue.letters().batches().await?;
    let found = batches.into_iter().find(|batch| batch.number == number);
    found.ok_or(LettersRefusal::NoSuchBatch(number))
}
