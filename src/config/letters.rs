//! `[letters]`: paper.

use std::path::PathBuf;

use serde::Deserialize;

use crate::delivery::{LetterOrder, Piling};
use crate::render::letters::Sides;
use crate::settings::Span;

/// Where and within which limits letters are printed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LettersSettings {
    /// The folder for the PDF of each batch; relative to the configuration file.
    pub folder: PathBuf,
    /// The memory that the printing process may take, in megabytes of address space.
    pub memory_mb: u64,
    /// How long one batch may take.
    pub time_limit: Span,
    /// On which sides of a sheet a batch is printed; a reprint keeps those of its batch.
    pub sides: Sides,
    /// How what waits is sorted, where nobody says otherwise as it is printed.
    pub sort: LetterOrder,
    /// Whether a sheet stands before each class or town then.
    pub separators: bool,
}

impl LettersSettings {
    /// How a batch is made ready where nobody says otherwise.
    #[must_use]
    pub const fn piling(&self) -> Piling {
        Piling { order: self.sort, separators: self.separators }
    }
}

impl Default for LettersSettings {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("letters"),
            memory_mb: 2_048,
            time_limit: Span::secs(600),
            sides: Sides::default(),
            sort: LetterOrder::default(),
            separators: false,
        }
    }
}
