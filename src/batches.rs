//! Letters: gathered, printed as one PDF in the order in which they are handed out, posted by people.

mod envelope;
mod labels;
mod packet_list;
mod packets;
mod piles;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::channel::Channel;
use crate::clock::Moment;
use crate::delivery::{LetterOrder, Piling, Recipient};
use crate::export::ExportError;
use crate::id::Id;
use crate::message::{Message, Week};
use crate::private_file;
use crate::queue::{DueLetter, Queue};
use crate::render::letters::{self, LabelJob, LabelSheet, LetterJob, Sides};
use crate::render::press::{Press, PressError, Printed};
use crate::render::{LetterText, Renderer, TemplateError};
use crate::store::batches::{Batch, FiledPile};
use crate::store::{StoreError, deliveries::Due};

use envelope::{class, envelope};
use packets::{Laid, beside};
pub use packets::{LayError, LeftDocuments, is_anything_left, listed_behind};

/// How the name of a PDF ends that is for one-sided printing: whoever carries it to a printer sees it, and
/// a reprint goes by it.
const FRONTS_ONLY: &str = "-recto.pdf";

/// What a batch is printed with.
pub struct Printer<'a> {
    /// Whose letters.
    pub queue: &'a Queue,
    /// Their words.
    pub renderer: &'a Renderer,
    /// The process that prints.
    pub press: &'a Press,
    /// Where batches go.
    pub folder: &'a Path,
    /// The day that letters are dated.
    pub day: Date,
    /// On which sides of a sheet a batch is printed for the first time.
    pub sides: Sides,
    /// How what waits is sorted; a batch that is there already stays as it is.
    pub piling: Piling,
}

/// A batch on paper's side of the screen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PrintedBatch {
    /// Its number within the school.
    pub number: u32,
    /// Its PDF.
    pub file: PathBuf,
    /// Letters in it.
    pub letters: usize,
    /// Pages of the PDF, empty backs too.
    pub pages: usize,
    /// Sheets of paper, those between piles too.
    pub sheets: usize,
    /// Sheets of them that stand before piles, and are nobody's.
    pub separators: usize,
    /// How it is sorted.
    pub order: LetterOrder,
    /// On which sides of them it is printed.
    pub sides: Sides,
    /// Letters that could not be printed: the reference, and why, in French.
    pub set_aside: Vec<(String, String)>,
    /// Where documents go behind letters, or piles are apart: the list of pages, weights and stamps, as CSV.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<PathBuf>,
}

/// Why a batch could not be printed. The letters are gathered in it and wait: the next print
/// begins with them.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The press.
    #[error("{0}; the letters are kept in their batch")]
    Press(#[from] PressError),
    /// The template of the letters.
    #[error("{0}")]
    Template(#[from] TemplateError),
    /// The documents that go behind the letters.
    #[error("{0}; the letters are kept in their batch")]
    Documents(#[from] LayError),
    /// The list that goes with packets.
    #[error("{0}; the letters are kept in their batch")]
    List(#[from] ExportError),
    /// The one letter that was to be printed could not be: why, in French.
    #[error("the letter could not be printed: {0}")]
    SetAside(String),
    /// The folder.
    #[error("cannot make {folder}: {reason}; the letters are kept in their batch")]
    Folder {
        /// Which.
        folder: PathBuf,
        /// The system's words.
        reason: std::io::Error,
    },
}

impl Printer<'_> {
    /// Gathers what waits and prints it, after any batch that an earlier run left unprinted.
    pub async fn print_waiting(
        &self,
        message: Option<Id<Message>>,
        now: Moment,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Vec<PrintedBatch>, BatchError> {
        // Where no daemon runs, nobody else makes the digests that are letters.
        self.queue.digests().make_due(now).await?;
        self.queue.letters().piled(self.piling).gather(message, now).await?;
        let mut printed = Vec::new();
        let unprinted =
            self.queue.letters().batches().await?.into_iter().filter(|b| b.pages.is_none());
        for batch in unprinted.collect::<Vec<_>>().into_iter().rev() {
            printed.push(self.print(&batch, now, &mut progress).await?);
        }
        Ok(printed)
    }

    /// Prints one batch, again if need be: the same letters, the same references.
    pub async fn print(
        &self,
        batch: &Batch,
        now: Moment,
        progress: &mut impl FnMut(usize, usize),
    ) -> Result<PrintedBatch, BatchError> {
        loop {
            if let Some(printed) = self.print_once(batch, now, progress).await? {
                return Ok(printed);
            }
        }
    }

    /// Prints it; `None` when something was taken out of its letters meanwhile.
    async fn print_once(
        &self,
        batch: &Batch,
        now: Moment,
        progress: &mut impl FnMut(usize, usize),
    ) -> Result<Option<PrintedBatch>, BatchError> {
        let own = self.queue.letters().of(batch).await?;
        let filed = self.queue.letters().piles(batch).await?;
        let Desk { sheets, letters, mut set_aside, left } = self.word(own.clone(), now).await?;
        let sides = batch.file.as_deref().map_or(self.sides, sides_of);
        let laid = left.lay(self.queue, beside(self.folder, batch.number)).await?;
        let piles = piles::job_piles(batch.piling, &filed, &sheets);
        let job = LetterJob { piles, ..self.job(batch, letters, &laid, sides) };
        let file = self.folder.join(file_name(batch.number, sides));
        std::fs::create_dir_all(self.folder)
            .map_err(|reason| BatchError::Folder { folder: self.folder.to_owned(), reason })?;
        let total = sheets.len();
        let printed = self.press.print(&job, &file, |done| progress(done, total)).await?;
        set_aside.extend(
            printed
                .set_aside
                .iter()
                .filter_map(|aside| Some((sheets.get(aside.index)?.clone(), aside.reason.clone()))),
        );
        let list = list_beside(&file, &job, &sheets, &printed)?;
        let unprintable: Vec<(Due, String)> =
            set_aside.iter().map(|(letter, reason)| (letter.due, reason.clone())).collect();
        let name = file.display().to_string();
        let filed = filed.into_iter().zip(&printed.piles);
        let filed =
            filed.map(|(pile, span)| FiledPile { pages: span.map(|it| it.pages()), ..pile });
        let made = (printed.pages, name, filed.collect());
        if !self.queue.letters().mark_printed(batch, own, made, unprintable, now).await? {
            return Ok(None);
        }
        Ok(Some(PrintedBatch {
            number: batch.number,
            file,
            letters: printed.letters,
            pages: printed.pages,
            sheets: sides.sheets(printed.pages),
            separators: sides.sheets(printed.pages) - own_sheets(&printed, sides),
            order: batch.piling.order,
            sides,
            set_aside: set_aside
                .into_iter()
                .map(|(letter, reason)| (letter.reference.clone(), reason))
                .collect(),
            list,
        }))
    }

    /// Prints one letter of a batch alone, and leaves the batch as it is.
    pub async fn print_alone(
        &self,
        batch: &Batch,
        letter: DueLetter,
        now: Moment,
    ) -> Result<Vec<u8>, BatchError> {
        let folder = |reason| BatchError::Folder { folder: self.folder.to_owned(), reason };
        let file = self.folder.join(format!(".{}.pdf", letter.reference));
        let Desk { letters, set_aside, left, .. } = self.word(vec![letter], now).await?;
        if let Some((_, reason)) = set_aside.into_iter().next() {
            return Err(BatchError::SetAside(reason));
        }
        let laid = left.lay(self.queue, beside(self.folder, batch.number)).await?;
        let job = self.job(batch, letters, &laid, self.sides);
        let printed = self.press.print(&job, &file, |_| {}).await?;
        if let Some(aside) = printed.set_aside.into_iter().next() {
            return Err(BatchError::SetAside(aside.reason));
        }
        let pdf = std::fs::read(&file).map_err(folder)?;
        std::fs::remove_file(&file).map_err(folder)?;
        Ok(pdf)
    }

    /// Prints address labels for these letters of a batch, from a label of the first sheet on.
    pub async fn print_labels(
        &self,
        batch: &Batch,
        letters: &[DueLetter],
        (sheet, first): (LabelSheet, usize),
        now: Moment,
    ) -> Result<Vec<u8>, BatchError> {
        let folder = |reason| BatchError::Folder { folder: self.folder.to_owned(), reason };
        // Two who ask at once have a file each.
        let file = self.folder.join(format!(".etiquettes-{}.pdf", Id::<LabelJob>::new(now)));
        let job = LabelJob {
            title: format!("Lot {} : {} étiquettes", batch.number, letters.len()),
            school: self.renderer.school().name.clone(),
            date: self.day,
            sheet,
            first,
            labels: letters.iter().map(labels::label).collect(),
        };
        std::fs::create_dir_all(self.folder).map_err(folder)?;
        self.press.labels(&job, &file).await?;
        let pdf = std::fs::read(&file).map_err(folder)?;
        std::fs::remove_file(&file).map_err(folder)?;
        Ok(pdf)
    }

    /// Words every letter. One whose words fail is set aside: it must not keep back the others.
    async fn word(&self, gathered: Vec<DueLetter>, now: Moment) -> Result<Desk, BatchError> {
        let (mut sheets, mut letters, mut set_aside) = (Vec::new(), Vec::new(), Vec::new());
        let mut weeks = Vec::new();
        for sheet in gathered {
            match self.words(&sheet)? {
                Ok(text) => {
                    weeks.push(text.week);
                    letters.push(letter(&sheet.recipients, &sheet.reference, text));
                    sheets.push(sheet);
                }
                Err(error) => {
                    let reason = format!("texte impossible à composer ({})", error.fault);
                    set_aside.push((sheet, reason));
                }
            }
        }
        let named: BTreeSet<Week> = weeks.iter().copied().flatten().collect();
        let mut left = LeftDocuments::for_weeks(self.queue, named).await?;
        let packets = sheets.iter().zip(&weeks);
        let packets = packets.filter_map(|(it, week)| Some(((*week)?, &*it.recipients[0].about)));
        left.number_works(self.queue, &packets.collect::<Vec<_>>(), now).await?;
        for ((letter, sheet), week) in letters.iter_mut().zip(&sheets).zip(weeks) {
            if let Some(week) = week {
                letter.parts = left.parts(week, &sheet.recipients[0].about);
            }
        }
        Ok(Desk { sheets, letters, set_aside, left })
    }

    /// The words of one; the fault of a whole template is nobody's in particular.
    fn words(&self, sheet: &DueLetter) -> Result<Result<LetterText, TemplateError>, TemplateError> {
        let to = &reader(sheet);
        if sheet.message.is_digest() {
            let digest = self.renderer.digest(&sheet.message, &sheet.enclosed, to, Channel::Letter);
            return Ok(digest.and_then(|digest| digest.letter(to, &sheet.reference)));
        }
        let prepared = self.renderer.prepared(&sheet.message)?;
        Ok(prepared.letter(to, &sheet.reference))
    }

    fn job(
        &self,
        batch: &Batch,
        letters: Vec<letters::Letter>,
        laid: &Laid,
        sides: Sides,
    ) -> LetterJob {
        LetterJob {
            title: format!("Lot {} : {} lettres", batch.number, letters.len()),
            school: self.renderer.school().clone(),
            date: self.day,
            sides,
            letters,
            documents: laid.documents.clone(),
            piles: Vec::new(),
        }
    }
}

/// The sheets that are somebody's.
fn own_sheets(printed: &Printed, sides: Sides) -> usize {
    printed.places.iter().map(|place| sides.sheets(place.span.pages)).sum()
}

/// Writes the list of a batch beside its PDF, where something goes behind a letter, or a sheet stands before a pile.
fn list_beside(
    file: &Path,
    job: &LetterJob,
    sheets: &[DueLetter],
    printed: &Printed,
) -> Result<Option<PathBuf>, BatchError> {
    let is_packet = job.letters.iter().any(|letter| !letter.parts.is_empty());
    let is_separated = job.piles.iter().any(|pile| pile.separator.is_some());
    if printed.letters == 0 || !(is_packet || is_separated) {
        return Ok(None);
    }
    let table = packet_list::packet_list(job, sheets, &printed.places)?;
    let list = file.with_extension("csv");
    private_file::write(&list, &table).map_err(LayError::Disk)?;
    Ok(Some(list))
}

/// The letters of a batch, worded: a sheet for each, in the same order.
struct Desk {
    sheets: Vec<DueLetter>,
    letters: Vec<letters::Letter>,
    /// Those whose words failed, and why.
    set_aside: Vec<(DueLetter, String)>,
    /// What goes behind them.
    left: LeftDocuments,
}

/// The sheets of paper that a printed batch takes; `None` as long as it is not printed.
#[must_use]
pub fn sheets(batch: &Batch) -> Option<usize> {
    let sides = sides_of(batch.file.as_deref()?);
    batch.pages.map(|pages| sides.sheets(pages))
}

fn file_name(number: u32, sides: Sides) -> String {
    let end = if sides == Sides::One { FRONTS_ONLY } else { ".pdf" };
    format!("lettres-{number:04}{end}")
}

/// What a part of a batch is called whose PDF is called so: its sides stand at the end, and stay there.
#[must_use]
pub fn part_name(whole: &str, part: &str) -> String {
    let end = if sides_of(whole) == Sides::One { FRONTS_ONLY } else { ".pdf" };
    format!("{}-{part}{end}", whole.strip_suffix(end).unwrap_or(whole))
}

/// On which sides a batch is printed whose PDF is called so.
#[must_use]
pub fn sides_of(file: &str) -> Sides {
    if file.ends_with(FRONTS_ONLY) { Sides::One } else { Sides::Two }
}

/// Everybody whose letter it is: those whom the envelope names are those whom it greets.
fn reader(sheet: &DueLetter) -> Recipient {
    let mut first = sheet.recipients[0].clone();
    first.greeted_too.remove(&Channel::Letter);
    first.together_with(&sheet.recipients[1..])
}

/// A letter to the first of these, whose address it bears; all of them are named on the envelope.
#[must_use]
pub fn letter(recipients: &[Recipient], reference: &str, text: LetterText) -> letters::Letter {
    let first = recipients.first();
    let about = first.map(|first| first.about.iter().map(|about| about.name.clone()).collect());
    letters::Letter {
        address: envelope(recipients),
        reference: reference.to_owned(),
        subject: text.subject,
        about: about.unwrap_or_default(),
        class_label: first.and_then(class).map(str::to_owned),
        question: text.question,
        form: text.form,
        body: text.body,
        large_print: recipients.iter().any(|it| it.large_print),
        calls: Vec::new(),
        diary: Vec::new(),
        parts: Vec::new(),
    }
}
