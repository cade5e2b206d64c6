//! Letters: Typst sets them, in chunks, with values as data and never as markup; the chunks become
//! one tagged PDF. It leaks a little memory and an oversized document aborts the process, so the
//! daemon prints through [`super::press`].

mod catalog;
mod chunk;
mod merge;
mod objects;
mod page;
mod qr;
mod sides;
mod trees;
mod world;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::school::SchoolFacts;
use crate::wording::markdown::Block;

pub use sides::Sides;

/// Typst is fastest, and small, at about this many letters a document.
const CHUNK: usize = 100;

/// A batch of letters of one school.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LetterJob {
    /// The title of the file: `Fermeture du collège, 212 lettres`.
    pub title: String,
    /// The letterhead and the signature.
    pub school: SchoolFacts,
    /// The day that the letters bear.
    pub date: Date,
    /// On which sides of a sheet they are printed.
    pub sides: Sides,
    /// In the order in which they are printed.
    pub letters: Vec<Letter>,
}

/// One letter.
#[derive(Clone, Serialize, Deserialize)]
pub struct Letter {
    /// What shows in the window, by NF Z 10-011: at most seven lines of 38 signs.
    pub address: Vec<String>,
    /// Printed on every page and in the reply slip's code.
    pub reference: String,
    /// After "Objet :".
    pub subject: String,
    /// The pupils whom it is about, for the reply slip: `Zoé DURAND`.
    pub about: Vec<String>,
    /// For handing out: `6A`.
    pub class_label: Option<String>,
    /// From the salutation to the last line before the signature.
    pub body: Vec<Block>,
    /// Whether it is a form that comes back: room to write, its code at its foot, no signature and no slip.
    pub form: bool,
    /// Set in 17 points, for people who see badly.
    pub large_print: bool,
}

/// What came out.
pub struct LettersPdf {
    /// The PDF; empty when no letter could be printed.
    pub pdf: Vec<u8>,
    /// Its pages, empty backs too.
    pub pages: usize,
    /// The letters in it.
    pub letters: usize,
    /// Those that could not be printed, and why.
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

/// Why there is no batch at all.
#[derive(Debug, thiserror::Error)]
pub enum LettersError {
    /// Our own letter template is broken.
    #[error("the letter's layout cannot be compiled: {0}")]
    Layout(String),
    /// The title, or a fact of the school, holds signs that the faces lack: no letter could show it.
    #[error("the letterhead or the title holds signs that no face has: {0}")]
    Letterhead(String),
    /// The chunks could not be joined.
    #[error("the chunks of the batch cannot be joined: {0}")]
    Merge(#[from] lopdf::Error),
}

/// Prints a batch. `progress` hears, after each chunk, how many letters were worked on.
pub fn print(job: &LetterJob, mut progress: impl FnMut(usize)) -> Result<LettersPdf, LettersError> {
    let mut setter = chunk::ChunkSetter::new(job)?;
    let mut merger = merge::Merger::new(job.sides);
    let mut batch = LettersPdf { pdf: Vec::new(), pages: 0, letters: 0, set_aside: Vec::new() };
    let all: Vec<usize> = (0..job.letters.len()).collect();
    for (number, indices) in all.chunks(CHUNK).enumerate() {
        let printed = setter.print(indices)?;
        for piece in printed.pieces {
            batch.letters += piece.lengths.len();
            merger.add(&piece.pdf, &piece.lengths)?;
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

/// The signs of a text that no face of ours has, so that the letter would be set aside: to tell
/// whoever composes, before a batch is full of them.
#[must_use]
pub fn unprintable(text: &str) -> Vec<char> {
    let Some(world) = world::TypstWorld::new() else { return Vec::new() };
    let unknown: BTreeSet<char> = text.chars().filter(|sign| !world.can_print(*sign)).collect();
    unknown.into_iter().collect()
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({})", self.reference)
    }
}

impl std::fmt::Debug for LettersPdf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LettersPdf({} letters, {} pages)", self.letters, self.pages)
    }
}
