//! What lies on the desk: the letters that wait to be printed, and what a batch holds.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use super::{BatchState, LettersRefusal, ListedBatch, batch};
use crate::batches::sides_of;
use crate::clock::Moment;
use crate::delivery::{About, Recipient};
use crate::office::School;
use crate::people::{Act, Filing};
use crate::queue::{DueLetter, HeldBack};
use crate::render::letters::from_page;
use crate::store::handovers::Handover;
use crate::store::{StoreError, Tx, journal};

/// Letters that wait to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LettersWaiting {
    /// How many may be printed now.
    pub letters: usize,
    /// How many of them for whom, as a class hands them out; staff last, under an empty name.
    pub classes: Vec<(String, usize)>,
    /// Those that may not, and why.
    pub held_back: Vec<(HeldBack, usize)>,
}

/// A batch, and who carried it away.
#[derive(Debug, Clone, Serialize)]
pub struct BatchShown {
    /// As the list shows it.
    #[serde(flatten)]
    pub batch: ListedBatch,
    /// Who said that it was posted or handed out; empty where nobody knows.
    pub posted_by: Option<String>,
    /// Whether a list goes with it.
    #[serde(skip)]
    pub has_list: bool,
}

/// A letter of a batch. `Debug` hides the names.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct BatchLetter {
    /// Its reference.
    pub reference: String,
    /// Those whom it greets.
    pub names: Vec<String>,
    /// The pupils about whom it is.
    pub about: Vec<String>,
    /// To whom it was handed over by itself, and when; the name is empty where nobody said.
    pub handed_over: Option<(String, Moment)>,
}

impl std::fmt::Debug for BatchLetter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BatchLetter({})", self.reference)
    }
}

/// The letters that wait to be printed, by class.
pub async fn letters_waiting(school: &School) -> Result<LettersWaiting, StoreError> {
    let now = school.clock.now();
    let waiting = school.queue.letters().waiting(now).await?;
    let mut classes: BTreeMap<Filing, (String, usize)> = BTreeMap::new();
    for class in waiting.iter().map(class) {
        let filed = Filing::of_class(class);
        classes.entry(filed).or_insert_with(|| (class.to_owned(), 0)).1 += 1;
    }
    let (mut classes, staff): (Vec<_>, Vec<_>) =
        classes.into_values().partition(|(class, _)| !class.is_empty());
    classes.extend(staff);
    let held_back = school.queue.letters().held_back(None, now).await?;
    Ok(LettersWaiting { letters: waiting.len(), classes, held_back })
}

fn class(to: &Recipient) -> &str {
    to.about.iter().find_map(|about| about.class.as_deref()).unwrap_or_default()
}

/// One batch, and who carried it away.
pub async fn letter_batch(school: &School, number: u32) -> Result<BatchShown, LettersRefusal> {
    let listed = ListedBatch::of(batch(school, number).await?);
    let posted_by = match listed.state {
        BatchState::Posted => posted_by(school, number).await?,
        BatchState::ToPrint | BatchState::ToPost => None,
    };
    let has_list = listed.file.as_deref().is_some_and(|it| list_beside(school, it).exists());
    Ok(BatchShown { batch: listed, posted_by, has_list })
}

/// The letters of a batch that stand at these places, in the order in which they are printed.
pub async fn letters_of_batch(
    school: &School,
    number: u32,
    places: Range<usize>,
) -> Result<Vec<BatchLetter>, LettersRefusal> {
    let batch = batch(school, number).await?;
    let letters = school.queue.letters().at(&batch, places).await?;
    let handovers = school.queue.letters().handovers(&letters).await?;
    let each = letters.iter().zip(handovers);
    Ok(each.map(|(letter, handover)| BatchLetter::of(letter, handover)).collect())
}

impl BatchLetter {
    fn of(letter: &DueLetter, handover: Option<Handover>) -> Self {
        let about = &letter.recipients[0].about;
        Self {
            reference: letter.reference.clone(),
            names: letter.recipients.iter().map(|to| to.name.clone()).collect(),
            about: about.iter().map(About::with_class).collect(),
            handed_over: handover.map(|it| (it.to_whom, it.by.at)),
        }
    }
}

async fn posted_by(school: &School, number: u32) -> Result<Option<String>, StoreError> {
    let (id, about) = (school.queue.school().clone(), number.to_string());
    let last = move |tx: &Tx<'_>| journal::last(tx, &id, Act::Post, &about);
    let entry = school.store().read(last).await?;
    Ok(entry.map(|entry| entry.by.actor.name().to_owned()))
}

/// What was printed of a batch, as a file.
/// `Debug` hides what it says.
pub struct BatchFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for BatchFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "BatchFile({}, {} bytes)", self.name, self.content.len())
    }
}

/// The very bytes that were printed of a batch; from a page on, where `first` is more than one: what is left
/// to print after paper ran out. It begins on the front of the sheet of that page.
pub async fn batch_file(
    school: &School,
    number: u32,
    first: usize,
) -> Result<BatchFile, LettersRefusal> {
    let batch = batch(school, number).await?;
    let (Some(file), Some(pages)) = (batch.file, batch.pages) else {
        return Err(LettersRefusal::NotPrinted(number));
    };
    if first == 0 || first > pages {
        return Err(LettersRefusal::NoSuchPage { number, page: first, pages });
    }
    // Where the folder stands is the configuration's to say: a program started elsewhere may have printed it.
    let name = std::path::Path::new(&file).file_name().unwrap_or_default().to_owned();
    let (path, sides) = (school.letters_folder().join(&name), sides_of(&file));
    let name = name.to_string_lossy().into_owned();
    let read = move || -> Result<Vec<u8>, LettersRefusal> {
        let pdf = std::fs::read(path).map_err(|_| LettersRefusal::FileGone(number))?;
        if first == 1 { Ok(pdf) } else { Ok(from_page(&pdf, first, sides)?) }
    };
    let pdf = tokio::task::spawn_blocking(read).await;
    Ok(BatchFile { name, content: pdf.map_err(|_| LettersRefusal::FileGone(number))?? })
}

/// The list that goes with a batch, as it was written beside its PDF: pages, weights, stamps, room to sign.
pub async fn batch_list(school: &School, number: u32) -> Result<BatchFile, LettersRefusal> {
    let file = batch(school, number).await?.file.ok_or(LettersRefusal::NotPrinted(number))?;
    let path = list_beside(school, &file);
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    let gone = || LettersRefusal::FileGone(number);
    Ok(BatchFile { name, content: read.map_err(|_| gone())?.map_err(|_| gone())? })
}

/// Where the list of a batch lies, if it has one.
fn list_beside(school: &School, file: &str) -> std::path::PathBuf {
    let name = std::path::Path::new(file).file_name().unwrap_or_default();
    school.letters_folder().join(name).with_extension("csv")
}

/// When a batch was gathered, and when it left the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BatchDates {
    /// When it was gathered.
    pub made_at: Moment,
    /// When somebody said that it was posted or handed out.
    pub posted_at: Option<Moment>,
}
