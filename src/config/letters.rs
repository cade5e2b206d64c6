//! `[letters]`: paper.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::settings::Span;

/// Where and within which limits letters are printed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Letters {
    /// The folder for the PDF of each batch; relative to the configuration file.
    pub folder: PathBuf,
    /// The memory that the printing process may take, in megabytes of address space.
    pub memory_mb: u64,
    /// How long one batch may take.
    pub time_limit: Span,
    /// On which sides of a sheet a batch is printed; a reprint keeps those of its batch.
    pub sides: Sides,
}

/// On which sides of a sheet letters are printed. Many printers print on both unless told otherwise: the
/// name and address of one family would stand on the back of another family's letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sides {
    /// On both: an empty back follows a letter of an odd number of pages, so that no two share a sheet
    /// whatever the printer does.
    #[default]
    Two,
    /// On fronts only: the file asks for it, and the printer must heed that.
    One,
}

impl Sides {
    /// The empty backs that a letter of so many pages needs, so that the next begins on a front.
    #[must_use]
    pub const fn empty_backs(self, pages: usize) -> usize {
        match self {
            Self::Two => pages % 2,
            Self::One => 0,
        }
    }

    /// The sheets of paper that so many pages take, empty backs counted.
    #[must_use]
    pub const fn sheets(self, pages: usize) -> usize {
        match self {
            Self::Two => pages.div_ceil(2),
            Self::One => pages,
        }
    }

    /// As the command line tells it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Two => "two-sided",
            Self::One => "one-sided",
        }
    }
}

impl Default for Letters {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("letters"),
            memory_mb: 2_048,
            time_limit: Span::secs(600),
            sides: Sides::default(),
        }
    }
}
