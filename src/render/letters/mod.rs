//! Letters: Typst sets them, in chunks, with values as data and never as markup; the chunks become
//! one tagged PDF. It leaks a little memory and an oversized document aborts the process, so the
//! daemon prints through [`super::press`].

mod catalog;
mod chunk;
mod error;
mod export;
mod face;
mod from_page;
mod job;
mod known_lengths;
mod labels;
mod merge;
mod objects;
mod outline;
mod page;
mod part;
mod picture;
mod place;
mod qr;
mod separator;
mod sheet;
mod sides;
mod stamp;
mod trees;
mod world;

use std::collections::BTreeSet;
use std::ops::Range;

use separator::SeparatorSetter;

pub use chunk::Unprintable;
pub use error::LettersError;
pub use from_page::from_page;
pub use job::{
    CallRow, DiaryDay, DiaryLesson, JobDocument, JobPile, Letter, LetterJob, PageCode,
    PartDocument, PupilPart, Separator,
};
pub use known_lengths::KnownLengths;
pub use labels::{Label, LabelCut, LabelJob, LabelSheet, NoSuchLabelSheet, print_labels};
pub use part::BatchParts;
pub use picture::{PagePicture, picture};
pub use place::{LetterPlace, PageSpan};
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
    /// Where each pile of the job stands, the sheet before it included; `None` where none of its letters is printed.
    pub piles: Vec<Option<PageSpan>>,
    /// Those that could not be printed, and why.
    pub set_aside: Vec<Unprintable>,
}

/// Prints a batch. `progress` hears, after each chunk, how many letters were worked on.
pub fn print(job: &LetterJob, mut progress: impl FnMut(usize)) -> Result<LettersPdf, LettersError> {
    let mut setter = chunk::ChunkSetter::new(job)?;
    let mut separators = SeparatorSetter::new(job);
    let mut merger = merge::Merger::new(job.sides);
    for document in &job.documents {
        merger.know(&std::fs::read(&document.file)?, document.asked_back)?;
    }
    let mut batch = LettersPdf::default();
    for (pile, letters) in stretches(job) {
        let (joint, before) = (merger.here(), batch.places.len());
        for indices in letters.collect::<Vec<_>>().chunks(CHUNK) {
            let printed = setter.print(indices)?;
            for piece in printed.pieces {
                batch.letters += piece.lengths.len();
                let letters = piece.indices.iter().map(|index| job.letters.get(*index));
                let spans = merger.add(&piece.pdf, &piece.lengths, letters)?.into_iter();
                let placed = piece.indices.iter().zip(spans);
                batch
                    .places
                    .extend(placed.map(|(index, span)| LetterPlace { index: *index, span }));
            }
            batch.set_aside.extend(printed.set_aside);
            progress(indices.last().map_or(0, |last| last + 1));
        }
        let (_, own) = batch.places.split_at_mut(before);
        if let Some((sheet, pages)) = pile.map(|it| separators.set(it, own)).transpose()?.flatten()
        {
            let added = merger.add_before(joint, &sheet, pages)?;
            for place in own {
                place.span.first += added;
            }
        }
    }
    batch.piles = spans_of_piles(job, &batch.places);
    for (pile, span) in job.piles.iter().zip(&batch.piles) {
        if let Some(span) = span {
            merger.pile(*span, pile.name.clone());
        }
    }
    if batch.letters > 0 {
        batch.pages = merger.pages();
        batch.pdf = merger.finish(&job.title, job.date)?;
    }
    Ok(batch)
}

/// Letters that are set after each other: those of a pile where a sheet stands before it, else all.
fn stretches(job: &LetterJob) -> Vec<(Option<&JobPile>, Range<usize>)> {
    if job.piles.iter().all(|pile| pile.separator.is_none()) {
        return vec![(None, 0..job.letters.len())];
    }
    job.piles().map(|(pile, letters)| (Some(pile), letters)).collect()
}

/// Each pile from where the one before it ends to the end of the last of its letters.
fn spans_of_piles(job: &LetterJob, places: &[LetterPlace]) -> Vec<Option<PageSpan>> {
    let mut first = 1;
    let span = |(_, letters): (_, Range<usize>)| {
        let last = places.iter().rfind(|place| letters.contains(&place.index))?;
        let end = last.span.first + last.span.pages;
        let span = PageSpan { first, pages: end - first };
        first = end;
        Some(span)
    };
    job.piles().map(span).collect()
}

/// How many pages each letter of a job has.
pub fn lengths(job: &LetterJob) -> Result<Vec<usize>, LettersError> {
    chunk::ChunkSetter::new(job)?.lengths()
}

/// The signs of a text that no face of ours has, so that the letter would be set aside: to tell
/// whoever composes, before a batch is full of them.
#[must_use]
pub fn unprintable(text: &str) -> Vec<char> {
    let Some(world) = world::TypstWorld::new(world::TypstLayout::Letters) else {
        return Vec::new();
    };
    let unknown: BTreeSet<char> = text.chars().filter(|sign| !world.can_print(*sign)).collect();
    unknown.into_iter().collect()
}

impl std::fmt::Debug for LettersPdf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LettersPdf({} letters, {} pages)", self.letters, self.pages)
    }
}
