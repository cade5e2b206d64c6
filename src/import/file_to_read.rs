//! A file of an import, as it came and on its way through the readers.

use std::path::Path;

use super::content::FileContent;
use super::foreign;
use super::refused::{Reason, Refused};
use crate::how_far::HowFar;

/// One file as it came.
#[derive(Clone, Copy)]
pub struct SourceFile<'a> {
    /// What the office calls it, in reports; never used to tell what it is, but to refuse an
    /// `ENT_Delta`.
    pub label: &'a str,
    /// Its bytes.
    pub content: FileContent<'a>,
}

impl<'a> SourceFile<'a> {
    /// A file whose bytes are at hand.
    #[must_use]
    pub const fn in_memory(label: &'a str, bytes: &'a [u8]) -> Self {
        Self { label, content: FileContent::Memory(bytes) }
    }

    /// A file on disk; what is large and can be streamed is never in memory whole.
    #[must_use]
    pub const fn on_disk(label: &'a str, path: &'a Path) -> Self {
        Self { label, content: FileContent::Disk(path, None) }
    }

    /// The same file on disk; what is read of it is counted.
    #[must_use]
    pub const fn counted(self, far: &'a HowFar) -> Self {
        match self.content {
            FileContent::Disk(path, _) => {
                Self { content: FileContent::Disk(path, Some(far)), ..self }
            }
            FileContent::Memory(_) => self,
        }
    }
}

/// A file on its way through the readers.
#[derive(Clone, Copy)]
pub(super) struct FileToRead<'a> {
    /// Its place among the files of the reading.
    pub(super) number: u32,
    pub(super) label: &'a str,
    pub(super) content: FileContent<'a>,
}

impl FileToRead<'_> {
    /// Refuses one that is plainly something else than an export or a table.
    pub(super) fn refuse_foreign(self) -> Result<(), Refused> {
        let refused = |reason| Refused::new(self.label, None, reason);
        let head = self.content.head().map_err(refused)?;
        foreign::told_by(&head).map_or(Ok(()), |what| Err(refused(Reason::Foreign(what))))
    }
}
