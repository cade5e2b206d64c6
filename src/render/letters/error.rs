//! Why nothing can be printed.

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
    /// A document that goes behind a letter cannot be read.
    #[error("a document that goes behind a letter cannot be read: {0}")]
    Document(#[from] std::io::Error),
}

impl LettersError {
    /// A layout of ours has a path that is none.
    pub(super) fn no_path() -> Self {
        Self::Layout("no such path".into())
    }
}
