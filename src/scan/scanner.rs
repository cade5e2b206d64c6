//! Reading a file in a child process. What kills the child is one page's doing: it is found out, and the others
//! are read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::PageRead;
use super::refused::ScanError;
use super::worker::{ReaderSaid, ScanOrder};
use crate::confined::{Confined, ConfinedError};

/// The word by which the child is called.
pub const SUBCOMMAND: &str = "scanner";
/// The address space of the child, in octets: a few pages at a time.
const MEMORY: u64 = 3 * 1024 * 1024 * 1024;
/// How long a file may take in all.
const LONGEST: Duration = Duration::from_mins(30);
/// How long it may say nothing: any page takes a second at most.
const PATIENCE: Duration = Duration::from_secs(30);
/// Pages that the child may die of before the file is given up.
const MOST_LOST: usize = 10;

/// Reads scans in a child process.
#[derive(Debug, Clone)]
pub struct Scanner {
    /// The program that knows the subcommand: this one.
    pub program: PathBuf,
    /// The address space of the child, in octets.
    pub memory_limit: u64,
    /// How long the child may say nothing.
    pub patience: Duration,
}

/// What is known of a file so far.
#[derive(Default)]
struct KnownPages {
    total: Option<usize>,
    pages: BTreeMap<usize, PageRead>,
}

impl Scanner {
    /// One with the usual limits.
    #[must_use]
    pub const fn new(program: PathBuf) -> Self {
        Self { program, memory_limit: MEMORY, patience: PATIENCE }
    }

    /// Reads every page of a file. Pictures go into a folder, each under a name that begins so. `progress` hears how
    /// many pages of how many are read.
    pub async fn read(
        &self,
        file: &Path,
        pictures: Option<(&Path, &str)>,
        progress: impl FnMut(usize, usize) + Send,
    ) -> Result<Vec<PageRead>, ScanError> {
        let pictures = pictures.map(|(folder, begins)| (folder.to_owned(), begins.to_owned()));
        let reading = self.read_each(file, pictures, progress);
        tokio::time::timeout(LONGEST, reading).await.unwrap_or(Err(ScanError::TooSlow(LONGEST)))
    }

    async fn read_each(
        &self,
        file: &Path,
        pictures: Option<(PathBuf, String)>,
        mut progress: impl FnMut(usize, usize) + Send,
    ) -> Result<Vec<PageRead>, ScanError> {
        let (mut known, mut lost, mut one_by_one) = (KnownPages::default(), 0, false);
        loop {
            let order = ScanOrder {
                memory_limit: self.memory_limit,
                file: file.to_owned(),
                pictures: pictures.clone(),
                known: known.pages.keys().copied().collect(),
                one_by_one,
            };
            match self.ask(&order, &mut known, &mut progress).await {
                Err(ScanError::Unread(ConfinedError::Died(_)) | ScanError::TooSlow(_))
                    if known.total.is_some() && lost < MOST_LOST =>
                {
                    // Several were in hand; the next time it is known which.
                    if one_by_one {
                        known.lose_next();
                        lost += 1;
                        progress(known.pages.len(), known.total.unwrap_or_default());
                    }
                    one_by_one = true;
                }
                ended => return ended.map(|()| known.pages.into_values().collect()),
            }
        }
    }

    async fn ask(
        &self,
        order: &ScanOrder,
        known: &mut KnownPages,
        progress: &mut (impl FnMut(usize, usize) + Send),
    ) -> Result<(), ScanError> {
        let mut child = Confined::start(&self.program, SUBCOMMAND, order)?;
        loop {
            let said = tokio::time::timeout(self.patience, child.answer()).await;
            match said.map_err(|_| ScanError::TooSlow(self.patience))?? {
                ReaderSaid::Pages(total) => known.total = Some(total),
                ReaderSaid::Page(page) => {
                    known.pages.insert(page.number, page);
                    progress(known.pages.len(), known.total.unwrap_or_default());
                }
                ReaderSaid::Done => return Ok(()),
                ReaderSaid::Refused(why) => return Err(why.into()),
                ReaderSaid::Disk(why) => return Err(std::io::Error::other(why).into()),
            }
        }
    }
}

impl KnownPages {
    /// The first page that is not known is the one that was in hand.
    fn lose_next(&mut self) {
        let all = 1..=self.total.unwrap_or_default();
        if let Some(number) = all.into_iter().find(|it| !self.pages.contains_key(it)) {
            self.pages.insert(number, PageRead::lost(number));
        }
    }
}
