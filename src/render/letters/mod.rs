//! Letters: Typst sets them, in chunks, with values as data and never as markup; the chunks become
//! one tagged PDF. It leaks a little memory and an oversized document aborts the process, so the
//! daemon prints through [`super::press`].

mod catalog;
mod chunk;
mod error;
mod face;
mod from_page;
mod job;
mod known_lengths;
mod merge;
mod objects;
mod outline;
mod page;
mod picture;
mod qr;
mod sides;
mod stamp;
mod trees;
mod world;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use chunk::Unprintable;
pub use error::LettersError;
pub use from_page::from_page;
pub use job::{
    CallRow, DiaryDay, DiaryLesson, JobDocument, Letter, LetterJob, PageCode, PartDocument,
    PupilPart,
};
pub use known_lengths::KnownLengths;
pub use merge::PageSpan;
pub use picture::{PagePicture, picture};
pub use qr::svg as qr_svg;
pub use sides::Sides;
pub use trees::inherited;

/// Typst is fastest, and small, at about this many letters a document.
const CHUNK: usize = 100;

/// What came out.
#[derive(Default)]
pub struct LettersPdf {
    /// The PDF; empty when no letter could be printed.
    pub pdf: Vec<u8>,
    /// Its pages, empty backs too.
    pub pages: usize,
    /// The letters in it.
    pub letters: usize,
    /// Where each of them stands, in the order in which they are printed.
    pub places: Vec<LetterPlace>,
    /// Those that could not be printed, and why.
    pub set_aside: Vec<Unprintable>,
}

/// Where a letter stands in the PDF, what is behind it included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPlace {
    /// Its place in the job, from 0.
    pub index: usize,
    /// Its pages.
    pub span: PageSpan,
}

/// Prints a batch. `progress` hears, after each chunk, how many letters were worked on.
pub fn print(job: &LetterJob, mut progress: impl FnMut(usize)) -> Result<LettersPdf, LettersError> {
    let mut setter = chunk::ChunkSetter::new(job)?;
    let mut merger = merge::Merger::new(job.sides);
    for document in &job.documents {
        merger.know(&std::fs::read(&document.file)?, document.asked_back)?;
    }
    let mut batch = LettersPdf::default();
    let all: Vec<usize> = (0..job.letters.len()).collect();
    for (number, indices) in all.chunks(CHUNK).enumerate() {
        let printed = setter.print(indices)?;
        for piece in printed.pieces {
            batch.letters += piece.lengths.len();
            let letters = piece.indices.iter().filter_map(|index| job.letters.get(*index));
            let placed = merger.add(&piece.pdf, &piece.lengths, letters)?;
            let placed = piece.indices.iter().zip(placed);
            batch.places.extend(placed.map(|(index, span)| LetterPlace { index: *index, span }));
        }
        batch.set_aside.extend(printed.set_aside);
        progress((number * CHUNK + indices.len()).min(job.letters.len()));
    }
    if batch.letters > 0 {
        batch.pages = merger.pages();
        batch.pdf = merger.finish(&job.title, job.date)?;
    }
    Ok(batch)
}

/// How many pages each letter of a job has.
pub fn lengths(job: &LetterJob) -> Result<Vec<usize>, LettersError> {
    chunk::ChunkSetter::new(job)?.lengths()
}

/// The signs of a text that no face of ours has, so that the letter would be set aside: to tell
/// whoever composes, before a batch is full of them.
#[must_use]
pub fn unprintable(text: &str) -> Vec<char> {
    let Some(world) = world::TypstWorld::new() else { return Vec::new() };
    let unknown: BTreeSet<char> = text.chars().filter(|sign| !world.can_print(*sign)).collect();
    unknown.into_iter().collect()
}

impl std::fmt::Debug for LettersPdf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LettersPdf({} letters, {} pages)", self.letters, self.pages)
    }
}
