//! How a mail arrived, and how much of it is read.

/// Octets of a mail that are read; what it has beyond is counted, and said to be missing. Attachments of
/// `MOST_KEPT` are written in a third more: no common service lets a larger mail out than of 25 megabytes.
pub const LARGEST: usize = 26 * 1024 * 1024;

/// How a mail arrived.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrival<'a> {
    /// Whom it was for, where the one who brought it said that.
    pub to: &'a [String],
    /// Its return path, where the one who brought it said that; empty: nobody's.
    pub return_path: Option<&'a str>,
    /// Its octets in all, where more were sent than are given here.
    pub octets: usize,
}
