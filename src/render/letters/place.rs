//! Where letters stand in the PDF of their batch.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Where a letter stands in the PDF, what is behind it included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterPlace {
    /// Its place in the job, from 0.
    pub index: usize,
    /// Its pages.
    pub span: PageSpan,
}

/// Where a letter stands, with what is behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageSpan {
    /// Its first page, from 1.
    pub first: usize,
    /// How many it takes, empty backs too.
    pub pages: usize,
}

impl PageSpan {
    /// Its pages, the first being 1.
    #[must_use]
    pub fn pages(&self) -> Range<usize> {
        self.first..self.first + self.pages
    }

    /// Whether this page, the first being 1, is one of them.
    #[must_use]
    pub fn holds(&self, page: usize) -> bool {
        self.pages().contains(&page)
    }
}
