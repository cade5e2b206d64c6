//! What of a document comes back, and by when.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// That the work of each pupil on a document is asked back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AskedBack {
    /// On what it is done.
    pub on: WorkOn,
    /// The last day for it, where one is named.
    pub by: Option<Date>,
}

/// On what a pupil works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkOn {
    /// On the pages of the document themselves.
    Pages,
    /// On a ruled sheet that goes with it.
    Sheet,
}

/// Pages to write on, where the work comes back on paper of its own: both sides of a sheet.
const RULED: usize = 2;

impl WorkOn {
    /// How many pages bear the code of the work on a document of so many pages.
    #[must_use]
    pub const fn pages(self, of_document: usize) -> usize {
        match self {
            Self::Pages => of_document,
            Self::Sheet => RULED,
        }
    }

    /// How many pages of a work come back at the least: whoever writes on a sheet may leave its back empty.
    #[must_use]
    pub const fn least_pages(self, of_document: usize) -> usize {
        match self {
            Self::Pages => of_document,
            Self::Sheet => 1,
        }
    }

    /// The word that the database keeps.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::Sheet => "sheet",
        }
    }

    /// Of the word that the database keeps.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Pages, Self::Sheet].into_iter().find(|it| it.as_str() == word)
    }
}
