//! Why a file is not read.

use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::confined::ConfinedError;

/// Pages that a file may have: a slip a page of the largest school.
pub const MOST_PAGES: usize = 2_000;
/// How large a file may be, in mebibytes.
pub const LARGEST_MEBIBYTES: u64 = 300;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ScanRefused {
    /// Something else than a scan.
    #[error("it is neither a PDF nor a picture (JPEG, PNG)")]
    Foreign,
    /// It is not there, or nobody may read it.
    #[error("it cannot be opened")]
    Closed,
    /// It asks for a password.
    #[error("it asks for a password")]
    Locked,
    /// It breaks off, or was never whole.
    #[error("it is damaged, or has no page")]
    Damaged,
    /// More pages than any pile.
    #[error("it has more than {MOST_PAGES} pages")]
    TooManyPages,
    /// More octets, or more pixels, than any scan.
    #[error("it is larger than any scan ({LARGEST_MEBIBYTES} MiB)")]
    TooLarge,
    /// Whoever reads it dies of it, or never comes to its end.
    #[error("reading it does not come to an end")]
    Deadly,
}

/// Why nothing is known of a file.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// It is refused.
    #[error("{0}")]
    Refused(#[from] ScanRefused),
    /// The reader could not be run, or ended without an answer.
    #[error("the scan cannot be read: {0}")]
    Unread(#[from] ConfinedError),
    /// It took longer than it may.
    #[error("reading the scan took longer than {} s", .0.as_secs())]
    TooSlow(Duration),
    /// Its pictures cannot be written.
    #[error("a picture of the scan cannot be kept: {0}")]
    Disk(#[from] io::Error),
}
