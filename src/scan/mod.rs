//! Scans: a PDF, a JPEG or a PNG in, and out of each page the codes that stand on it. Files come from outside
//! and pages may hold anything, so the program reads them through [`Scanner`], in a child process.

mod codes;
mod file;
mod only_image;
mod pictures;
mod refused;
mod scanner;
mod worker;

use serde::{Deserialize, Serialize};

pub use refused::{LARGEST_MEBIBYTES, MOST_PAGES, ScanError, ScanRefused};
pub use scanner::{SUBCOMMAND, Scanner};
pub use worker::run_child;

/// One page, as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRead {
    /// Its place in the file, from 1.
    pub number: usize,
    /// The codes on it, from top to bottom.
    pub codes: Vec<CodeRead>,
    /// The file of its picture, its head up where a code tells, in the folder of pictures.
    pub picture: Option<String>,
    /// Whether nothing stands on it: the back of a sheet.
    pub is_blank: bool,
}

impl PageRead {
    const fn blank(number: usize) -> Self {
        Self { number, codes: Vec::new(), picture: None, is_blank: true }
    }

    /// One at which nobody could look: the child died of it, or it cannot be drawn.
    const fn lost(number: usize) -> Self {
        Self { number, codes: Vec::new(), picture: None, is_blank: false }
    }
}

/// One code on a page.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRead {
    /// What it says.
    pub text: String,
    /// The file of a picture of the slip that it stands on, its head up, in the folder of pictures.
    pub picture: Option<String>,
}

impl std::fmt::Debug for CodeRead {
    /// What a code of others says is nobody's business.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CodeRead({} letters)", self.text.len())
    }
}
