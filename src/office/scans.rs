//! Scans of what came back: whoever's slip is read has answered; what is ticked on it is a person's to say. Slips of
//! no copy wait in the inbox; pages without a code, codes of others, slips that lie there twice and slips that are still
//! missing are named.

mod kept;
mod stand;

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::School;
use super::slips::{self, Slip};
use crate::confined::ConfinedError;
use crate::message::{Code, Reference};
use crate::people::{Actor, By};
use crate::queue::Queue;
use crate::scan::{PageRead, ScanError, ScanRefused};
use crate::store::{StoreError, Tx, batches, messages};

pub use kept::{
    KeptScan, ScanRefusal, ScanShown, begin_scan, discard_scan, keep_scan, kept_scan, kept_scans,
    read_kept_scan, scan_picture, sweep_scans, unread_scans,
};
pub use stand::{SlipStands, look_at_slips};

/// Files to read.
#[derive(Debug, Clone)]
pub struct ScanRequest {
    /// What each is called, and where it lies.
    pub files: Vec<(String, PathBuf)>,
    /// Where pictures of what is read go; none are made where there is none.
    pub pictures: Option<PathBuf>,
}

/// What a scan says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanReport {
    /// How many pages were read.
    pub pages: usize,
    /// The slips on them.
    pub slips: Vec<SlipOnPage>,
    /// Pages on which nothing stands, as the backs of sheets.
    pub blank: usize,
    /// Pages on which something stands and no slip's code was read.
    pub without_code: Vec<PageAt>,
    /// Pages with a code that is no slip's.
    pub foreign: Vec<PageAt>,
    /// Files that could not be read.
    pub refused: Vec<FileRefused>,
    /// How many have answered, of each message of which a slip came.
    pub expected: Vec<SlipsExpected>,
}

/// A page of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageAt {
    /// What the file is called.
    pub file: String,
    /// The page, from 1.
    pub page: usize,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

/// A slip that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipOnPage {
    /// Its reference.
    pub reference: String,
    /// What became of it.
    pub became: SlipBecame,
    /// Where it stands.
    #[serde(flatten)]
    pub at: PageAt,
    /// The picture of the slip alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut_out: Option<String>,
}

/// What became of a slip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlipBecame {
    /// Whoever gave it back has answered.
    Answered,
    /// It had come back before.
    Known,
    /// It stands twice in this scan.
    Twice,
    /// No copy of a message has its reference: it waits in the inbox.
    Unmatched,
}

/// A file that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRefused {
    /// What it is called.
    pub file: String,
    /// Why.
    pub why: ScanRefused,
}

/// How many have answered of those who have a slip of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlipsExpected {
    /// The message.
    pub message: Code,
    /// Whether it asks something that is ticked on its slips.
    pub asks: bool,
    /// Its letters that are printed.
    pub letters: usize,
    /// The references of those who have not answered, by whatever way.
    pub missing: Vec<String>,
}

/// Why a scan is not read.
#[derive(Debug, thiserror::Error)]
pub enum ReadScanError {
    /// The reader cannot be run, or a file cannot be used.
    #[error("{0}")]
    Scan(#[from] ScanError),
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Reads files, page by page, and takes in every slip on them; what came in stays, whatever the rest is. `progress` hears
/// how many pages of how many that are known of are read.
pub async fn read_scan(
    school: &School,
    actor: Actor,
    request: &ScanRequest,
    mut progress: impl FnMut(usize, usize) + Send,
) -> Result<ScanReport, ReadScanError> {
    let (mut report, mut seen) = (ScanReport::default(), HashSet::new());
    let mut before = 0;
    for (at, (file, path)) in request.files.iter().enumerate() {
        let begins = format!("{at}-");
        let pictures = request.pictures.as_deref().map(|folder| (folder, begins.as_str()));
        let heard = |done, of| progress(before + done, before + of);
        match readable(school.scanner().read(path, pictures, heard).await)? {
            Ok(pages) => {
                before += pages.len();
                for page in pages {
                    read_page(school, &actor, (file, page), &mut seen, &mut report).await?;
                }
            }
            Err(why) => report.refused.push(FileRefused { file: file.clone(), why }),
        }
    }
    let matched = report.slips.iter().filter_map(SlipOnPage::code).collect();
    report.expected = expected(school, matched).await?;
    Ok(report)
}

/// What is wrong with one file is told with the others.
fn readable(
    read: Result<Vec<PageRead>, ScanError>,
) -> Result<Result<Vec<PageRead>, ScanRefused>, ScanError> {
    match read {
        Ok(pages) => Ok(Ok(pages)),
        Err(ScanError::Refused(why)) => Ok(Err(why)),
        Err(
            ScanError::TooSlow(_)
            | ScanError::Unread(ConfinedError::Died(_) | ConfinedError::Garbled),
        ) => Ok(Err(ScanRefused::Deadly)),
        Err(error) => Err(error),
    }
}

/// Takes in the slips of a page, in one transaction.
async fn read_page(
    school: &School,
    actor: &Actor,
    (file, page): (&str, PageRead),
    seen: &mut HashSet<String>,
    report: &mut ScanReport,
) -> Result<(), StoreError> {
    let at = PageAt { file: file.to_owned(), page: page.number, picture: page.picture };
    report.pages += 1;
    if page.is_blank {
        report.blank += 1;
        return Ok(());
    }
    let (mut first, mut has_slip, mut is_foreign) = (Vec::new(), false, false);
    for code in page.codes {
        match code.text.parse::<Reference>() {
            Ok(reference) => {
                has_slip = true;
                let printed = reference.to_string();
                let became = SlipBecame::Twice;
                let (at, cut_out) = (at.clone(), code.picture);
                if seen.insert(printed.clone()) {
                    first.push((report.slips.len(), reference));
                }
                report.slips.push(SlipOnPage { reference: printed, became, at, cut_out });
            }
            Err(_) => is_foreign = true,
        }
    }
    let (queue, by, found) = (school.queue.clone(), school.by(actor.clone()), at.to_string());
    let write = move |tx: &Tx<'_>| {
        let each = first.iter();
        let each = each.map(|(at, slip)| Ok((*at, take_in(tx, &queue, &by, slip, &found)?)));
        each.collect::<Result<Vec<_>, StoreError>>()
    };
    for (at, became) in school.store().write(write).await? {
        if let Some(slip) = report.slips.get_mut(at) {
            slip.became = became;
        }
    }
    if !has_slip {
        // A slip may stand beside the code of something else.
        report.without_code.push(at.clone());
    }
    if is_foreign {
        report.foreign.push(at);
    }
    Ok(())
}

/// A slip that is scanned says that it came back, and nothing else.
fn take_in(
    tx: &Tx<'_>,
    queue: &Queue,
    by: &By,
    reference: &Reference,
    found: &str,
) -> Result<SlipBecame, StoreError> {
    match slips::take_in(tx, queue, by, &Slip::plain(reference.clone()))? {
        Ok(closed) if closed.already => Ok(SlipBecame::Known),
        Ok(_) => Ok(SlipBecame::Answered),
        // Nothing was ticked: only the reference can be refused.
        Err(_) => {
            slips::keep_unmatched(tx, queue.school(), by, (reference, found))?;
            Ok(SlipBecame::Unmatched)
        }
    }
}

/// How many have answered of those who have a slip of these messages, and who has not.
async fn expected(
    school: &School,
    codes: BTreeSet<String>,
) -> Result<Vec<SlipsExpected>, StoreError> {
    let id = school.queue.school().clone();
    let look = move |tx: &Tx<'_>| {
        let mut all = Vec::new();
        for code in codes {
            let Some(message) = messages::by_code(tx, &id, &code)? else { continue };
            let printed = batches::slips(tx, &id, message.id)?;
            let missing = printed.iter().filter(|slip| !slip.is_answered);
            let missing = missing.map(|slip| message.code.delivery(slip.number, slip.leg));
            let (missing, asks) = (missing.collect(), message.takes().is_some());
            let (message, letters) = (message.code, printed.len());
            all.push(SlipsExpected { message, asks, letters, missing });
        }
        Ok(all)
    };
    school.store().read(look).await
}

impl ScanReport {
    /// How many slips became so.
    #[must_use]
    pub fn count(&self, became: SlipBecame) -> usize {
        self.slips.iter().filter(|slip| slip.became == became).count()
    }
}

impl std::fmt::Display for PageAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, page {}", self.file, self.page)
    }
}

impl SlipOnPage {
    /// The code of the message that it answers, where there is one.
    fn code(&self) -> Option<String> {
        let is_matched = self.became != SlipBecame::Unmatched;
        let code = self.reference.split('-').next().filter(|_| is_matched)?;
        Some(code.to_owned())
    }
}
