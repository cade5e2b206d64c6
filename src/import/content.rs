//! Where a file's bytes are: in memory, or on disk, to be read as often as needed. The exports of a
//! département are far larger than what comes of them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::refused::Reason;

/// Bytes of a file that has to be in memory whole: a table, an archive.
const LARGEST_IN_MEMORY: u64 = 128 * 1024 * 1024;
/// Bytes that tell what a file is.
const TELLING: u64 = 4 * 1024;

/// The bytes of a file.
#[derive(Clone, Copy)]
pub enum FileContent<'a> {
    /// At hand.
    Memory(&'a [u8]),
    /// On disk, at this path.
    Disk(&'a Path),
}

impl<'a> FileContent<'a> {
    /// The bytes from their beginning.
    pub(super) fn reader(&self) -> Result<Box<dyn Read + 'a>, Reason> {
        match *self {
            Self::Memory(bytes) => Ok(Box::new(bytes)),
            Self::Disk(path) => Ok(Box::new(File::open(path).map_err(|error| unreadable(&error))?)),
        }
    }

    /// The first bytes: they tell what the file is.
    pub(super) fn head(&self) -> Result<Vec<u8>, Reason> {
        self.up_to(TELLING)
    }

    /// All of it, in memory.
    pub(super) fn whole(&self) -> Result<Cow<'a, [u8]>, Reason> {
        match *self {
            Self::Memory(bytes) => return Ok(Cow::Borrowed(bytes)),
            Self::Disk(path) => {
                let length = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
                if length > LARGEST_IN_MEMORY {
                    return Err(Reason::TooLarge);
                }
            }
        }
        let bytes = self.up_to(LARGEST_IN_MEMORY + 1)?;
        let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST_IN_MEMORY);
        if fits { Ok(Cow::Owned(bytes)) } else { Err(Reason::TooLarge) }
    }

    fn up_to(&self, most: u64) -> Result<Vec<u8>, Reason> {
        let mut bytes = Vec::new();
        self.reader()?.take(most).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
        Ok(bytes)
    }
}

/// The disk's words hold no path, and nothing of a person.
pub(super) fn unreadable(error: &io::Error) -> Reason {
    Reason::Unreadable(error.kind().to_string())
}
