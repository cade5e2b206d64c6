//! Sets some letters in one document. When that fails, finds out which letter it is, sets it aside
//! and prints the others.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use typst::diag::SourceResult;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use super::error::LettersError;
use super::export;
use super::job::LetterJob;
use super::page;
use super::world::{TypstLayout, TypstWorld};

/// One document of a batch.
pub struct ChunkPdf {
    pub pdf: Vec<u8>,
    /// Its letters, by their places in the job.
    pub indices: Vec<usize>,
    /// How many pages each of its letters has, in their order.
    pub lengths: Vec<usize>,
}

/// What became of a chunk: usually one piece; more when a letter in its middle was set aside.
#[derive(Default)]
pub struct SetChunk {
    pub pieces: Vec<ChunkPdf>,
    pub set_aside: Vec<Unprintable>,
}

/// A letter that is not in the batch. A person writes to these people by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unprintable {
    /// Its place in the job, from 0.
    pub index: usize,
    /// Why, in French, for the office; without a name.
    pub reason: String,
}

/// Sets chunks of one job.
pub struct ChunkSetter<'a> {
    job: &'a LetterJob,
    world: TypstWorld,
    options: PdfOptions,
    /// Whether a letter so far had a second page.
    is_numbered: bool,
}

impl<'a> ChunkSetter<'a> {
    /// A setter for `job`.
    pub fn new(job: &'a LetterJob) -> Result<Self, LettersError> {
        let world = TypstWorld::new(TypstLayout::Letters).ok_or_else(LettersError::no_path)?;
        let setter = Self { job, world, options: export::options()?, is_numbered: false };
        let head = serde_json::to_string(&(&job.title, &job.school)).unwrap_or_default();
        let unknown = setter.signs_without_face(&head);
        if unknown.is_empty() { Ok(setter) } else { Err(LettersError::Letterhead(unknown)) }
    }

    /// Prints the letters at these indices.
    pub fn print(&mut self, indices: &[usize]) -> Result<SetChunk, LettersError> {
        let mut printed = SetChunk::default();
        // Each half that fails is halved again, first half first: the order of the letters stays.
        let mut waiting = vec![indices.to_vec()];
        while let Some(indices) = waiting.pop() {
            match (self.set(&indices)?, indices.as_slice()) {
                (Ok(piece), _) => printed.pieces.push(piece),
                (Err(_), []) => {}
                (Err(fault), [index]) => {
                    printed
                        .set_aside
                        .push(Unprintable { index: *index, reason: self.reason(*index, &fault) });
                }
                (Err(_), several) => {
                    let (first, second) = several.split_at(several.len() / 2);
                    waiting.push(second.to_vec());
                    waiting.push(first.to_vec());
                }
            }
        }
        Ok(printed)
    }

    /// The letter at this index, set.
    pub fn document(&mut self, index: usize) -> Result<PagedDocument, LettersError> {
        let set = self.set_numbered(&[index])?;
        set.map_err(|_| LettersError::Layout(self.reason(index, "")))
    }

    /// How many pages each letter of the job has.
    pub fn lengths(&mut self) -> Result<Vec<usize>, LettersError> {
        let all: Vec<usize> = (0..self.job.letters.len()).collect();
        let set = self.set_numbered(&all)?;
        let document = set.map_err(|_| LettersError::Layout("they cannot be set".into()))?;
        Ok(lengths(&document, all.len()))
    }

    /// Sets these letters in one document. The inner error is Typst's own words.
    fn set(&mut self, indices: &[usize]) -> Result<Result<ChunkPdf, String>, LettersError> {
        let set = self.set_numbered(indices)?;
        let piece = set.and_then(|document| {
            let pdf = typst_pdf::pdf(&document, &self.options)?;
            let lengths = lengths(&document, indices.len());
            Ok(ChunkPdf { pdf, indices: indices.to_vec(), lengths })
        });
        comemo::evict(0);
        Ok(piece.map_err(|errors| {
            let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
            messages.join("; ")
        }))
    }

    /// Pages bear their number where a letter has several. Where one had, the next ones are set with numbers at once.
    fn set_numbered(
        &mut self,
        indices: &[usize],
    ) -> Result<SourceResult<PagedDocument>, LettersError> {
        if !self.is_numbered {
            let set = self.set_once(indices, false)?;
            self.is_numbered = set.as_ref().is_ok_and(|it| it.pages().len() > indices.len());
            if !self.is_numbered {
                return Ok(set);
            }
        }
        self.set_once(indices, true)
    }

    fn set_once(
        &mut self,
        indices: &[usize],
        numbered: bool,
    ) -> Result<SourceResult<PagedDocument>, LettersError> {
        let data = page::data(self.job, indices, numbered)
            .map_err(|error| LettersError::Layout(error.to_string()))?;
        self.world.lay(data);
        Ok(typst::compile(&self.world).output)
    }

    /// Why a letter cannot be printed, without repeating what it says: Typst quotes the text.
    fn reason(&self, index: usize, fault: &str) -> String {
        // Its JSON holds every text of the letter, and nothing else beyond ASCII.
        let text = serde_json::to_string(&self.job.letters.get(index)).unwrap_or_default();
        let unknown = self.signs_without_face(&text);
        if !unknown.is_empty() {
            return format!("signe absent des polices d’impression : {unknown}");
        }
        tracing::debug!(index, length = fault.len(), "a letter could not be set");
        "la mise en page de cette lettre échoue".to_owned()
    }

    /// `U+738B, U+1F600`: the signs themselves may belong to a name.
    fn signs_without_face(&self, text: &str) -> String {
        let unknown: BTreeSet<char> =
            text.chars().filter(|sign| !self.world.can_print(*sign)).collect();
        let codes: Vec<String> =
            unknown.iter().map(|sign| format!("U+{:04X}", u32::from(*sign))).collect();
        codes.join(", ")
    }
}

/// How many pages each letter has: where some have several, the first page of each is number 1.
fn lengths(document: &PagedDocument, letters: usize) -> Vec<usize> {
    let pages = document.pages();
    if pages.len() == letters {
        return vec![1; letters];
    }
    pages.chunk_by(|_, next| next.number > 1).map(<[_]>::len).collect()
}
