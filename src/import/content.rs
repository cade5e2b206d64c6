//! Where a file's bytes are: in memory, or on disk, to be read as often as needed. The exports of a
//! département are far larger than what comes of them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::kind::MOST_TIMES;
use super::refused::Reason;
use crate::how_far::HowFar;

/// Bytes of a file that has to be in memory whole: a table, an archive.
const LARGEST_IN_MEMORY: u64 = 128 * 1024 * 1024;
/// Bytes that tell what a file is.
const TELLING: u64 = 4 * 1024;

/// The bytes of a file.
#[derive(Clone, Copy)]
pub enum FileContent<'a> {
    /// At hand.
    Memory(&'a [u8]),
    /// On disk, at this path; what is read of it is counted where somebody waits for it.
    Disk(&'a Path, Option<&'a HowFar>),
}

impl<'a> FileContent<'a> {
    /// The bytes from their beginning, counted.
    pub(super) fn reader(&self) -> Result<Box<dyn Read + 'a>, Reason> {
        let bytes = self.open()?;
        Ok(match *self {
            Self::Disk(_, Some(far)) => Box::new(Counted { bytes, far }),
            _ => bytes,
        })
    }

    /// The first bytes: they tell what the file is.
    pub(super) fn head(&self) -> Result<Vec<u8>, Reason> {
        up_to(TELLING, self.open()?)
    }

    /// Expects to read it as often as any file is: how often, its kind will tell.
    pub(super) fn expect_most(&self) {
        if let Some((far, length)) = self.counted() {
            far.expect(length.saturating_mul(MOST_TIMES));
        }
    }

    /// It is known now how often it is read.
    pub(super) fn expect_only(&self, times: u64) {
        if let Some((far, length)) = self.counted() {
            far.expect_less(length.saturating_mul(MOST_TIMES.saturating_sub(times)));
        }
    }

    fn counted(&self) -> Option<(&'a HowFar, u64)> {
        let Self::Disk(path, Some(far)) = *self else { return None };
        Some((far, std::fs::metadata(path).ok()?.len()))
    }

    fn open(&self) -> Result<Box<dyn Read + 'a>, Reason> {
        match *self {
            Self::Memory(bytes) => Ok(Box::new(bytes)),
            Self::Disk(path, _) => {
                Ok(Box::new(File::open(path).map_err(|error| unreadable(&error))?))
            }
        }
    }

    /// All of it, in memory.
    pub(super) fn whole(&self) -> Result<Cow<'a, [u8]>, Reason> {
        match *self {
            Self::Memory(bytes) => return Ok(Cow::Borrowed(bytes)),
            Self::Disk(path, _) => {
                let length = std::fs::metadata(path).map_err(|error| unreadable(&error))?.len();
                if length > LARGEST_IN_MEMORY {
                    return Err(Reason::TooLarge);
                }
            }
        }
        let bytes = up_to(LARGEST_IN_MEMORY + 1, self.reader()?)?;
        let fits = u64::try_from(bytes.len()).is_ok_and(|length| length <= LARGEST_IN_MEMORY);
        if fits { Ok(Cow::Owned(bytes)) } else { Err(Reason::TooLarge) }
    }
}

fn up_to(most: u64, from: impl Read) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    from.take(most).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    Ok(bytes)
}

/// Bytes that are counted as they are read.
struct Counted<'a> {
    bytes: Box<dyn Read + 'a>,
    far: &'a HowFar,
}

impl Read for Counted<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(into)?;
        self.far.add(u64::try_from(read).unwrap_or_default());
        Ok(read)
    }
}

/// The disk's words hold no path, and nothing of a person.
pub(super) fn unreadable(error: &io::Error) -> Reason {
    Reason::Unreadable(error.kind().to_string())
}
