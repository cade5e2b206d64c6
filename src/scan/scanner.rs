//! Reading a file in a child process. What kills the child is one page's doing: it is found out, and the others
//! are read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

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
/// Pages that the child may die of before all that are left are given up.
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
        mut progress: impl FnMut(usize, usize) + Send,
    ) -> Result<Vec<PageRead>, ScanError> {
        let pictures = pictures.map(|(folder, begins)| (folder.to_owned(), begins.to_owned()));
        let (ends, mut known) = (Instant::now() + LONGEST, KnownPages::default());
        let (mut lost, mut one_by_one) = (0, false);
        loop {
            let order = ScanOrder {
                memory_limit: self.memory_limit,
                file: file.to_owned(),
                pictures: pictures.clone(),
                known: known.pages.keys().copied().collect(),
                one_by_one,
            };
            match self.ask(&order, ends, &mut known, &mut progress).await {
                Err(ScanError::Unread(ConfinedError::Died(_)) | ScanError::TooSlow(_))
                    if known.total.is_some() => {}
                ended => return ended.map(|()| known.pages.into_values().collect()),
            }
            // Several were in hand; the next time it is known which.
            if one_by_one {
                known.lose(1);
                lost += 1;
            }
            if lost == MOST_LOST || Instant::now() >= ends {
                known.lose(usize::MAX);
                return Ok(known.pages.into_values().collect());
            }
            one_by_one = true;
            progress(known.pages.len(), known.total.unwrap_or_default());
        }
    }

    async fn ask(
        &self,
        order: &ScanOrder,
        ends: Instant,
        known: &mut KnownPages,
        progress: &mut (impl FnMut(usize, usize) + Send),
    ) -> Result<(), ScanError> {
        let mut child = Confined::start(&self.program, SUBCOMMAND, order)?;
        loop {
            let until = ends.min(Instant::now() + self.patience);
            let said = timeout_at(until, child.answer()).await;
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
    /// Gives up so many of the pages that are not known: the first of them was in hand.
    fn lose(&mut self, most: usize) {
        let all = 1..=self.total.unwrap_or_default();
        let lost: Vec<usize> = all.filter(|it| !self.pages.contains_key(it)).take(most).collect();
        self.pages.extend(lost.into_iter().map(|number| (number, PageRead::lost(number))));
    }
}
