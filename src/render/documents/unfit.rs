//! Why a document is refused.

use serde::{Deserialize, Serialize};

/// Pages that a document may have: it is printed for a class.
pub const MOST_PAGES: usize = 100;
/// How large a document may be, in mebibytes.
pub const LARGEST_MEBIBYTES: u64 = 20;

/// What is wrong with a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum UnfitDocument {
    /// Something else than a document.
    #[error("it is neither a PDF, nor a picture (JPEG, PNG), nor a text (ODT, DOCX)")]
    Foreign,
    /// A text of a word processor, and nothing here that makes a PDF of it.
    #[error(
        "it is a text, and LibreOffice, which makes a PDF of it, is not installed here: save it as PDF"
    )]
    NoWordProcessor,
    /// The program that makes a PDF of a text made none.
    #[error("LibreOffice makes no PDF of it: save it as PDF")]
    NotConverted,
    /// It shows what lies elsewhere, and is not fetched.
    #[error(
        "it shows pictures, or parts, that are only linked to: put them into it, or save it as PDF"
    )]
    LinkedPictures,
    /// It asks for a password.
    #[error("it asks for a password")]
    Locked,
    /// It breaks off, or was never whole.
    #[error("it is damaged")]
    Damaged,
    /// It has no page.
    #[error("it has no page")]
    Empty,
    /// More pages than a class is given.
    #[error("it has more than {MOST_PAGES} pages")]
    TooManyPages,
    /// More octets than a document has.
    #[error("it is larger than {LARGEST_MEBIBYTES} MiB")]
    TooLarge,
    /// A page so large that nothing on it could be read on A4, or so small that it is none.
    #[error("page {0} has a size that cannot be read on A4")]
    OddPage(usize),
    /// What was typed into its form shows in the program that filled it, and nowhere else.
    #[error("what was typed into its form is not drawn on page {0}: print it into a PDF first")]
    Undrawn(usize),
    /// Something in it is hidden, an answer perhaps, and would be seen on paper.
    #[error("it has hidden layers: print it into a PDF first")]
    HiddenLayers,
    /// Whoever reads it dies of it, or never comes to its end.
    #[error("reading it does not come to an end")]
    Deadly,
}
