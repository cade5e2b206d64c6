//! Scans of what came back: whoever's slip is read has answered; what is ticked on it is a person's to say. Pages of
//! pupils' work are kept for their teachers. Slips of no copy wait in the inbox; pages without a code, codes of others,
//! slips that lie there twice and slips that are still missing are named.

mod kept;
mod stand;

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::School;
use super::slips::{self, Slip};
use super::works::{self, WorkBecame};
use crate::confined::ConfinedError;
use crate::message::{Code, Reference, WorkPage};
use crate::people::{Actor, By};
use crate::queue::Queue;
use crate::scan::{PageRead, ScanError, ScanRefused};
use crate::store::{StoreError, Tx, batches, messages};

pub use kept::{
    KeptScan, ScanRefusal, ScanShown, begin_scan, discard_scan, keep_scan, kept_scan, kept_scans,
    read_files, read_kept_scan, scan_picture, sweep_scans, take_typed_page, unread_scans,
};
pub use stand::{SlipStands, look_at_slips};

/// Files to read.
#[derive(Debug, Clone)]
struct ScanRequest {
    /// What each is called, and where it lies.
    files: Vec<(String, PathBuf)>,
    /// Where pictures of what is read go.
    pictures: PathBuf,
    /// The number of the mail that they were attached to.
    mail: Option<u32>,
}

/// What a scan says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScanReport {
    /// How many pages were read.
    pub pages: usize,
    /// The slips on them.
    pub slips: Vec<SlipOnPage>,
    /// The pages among them that are of pupils' work.
    #[serde(default)]
    pub works: Vec<WorkOnPage>,
    /// Pages on which nothing stands, as the backs of sheets.
    pub blank: usize,
    /// Pages on which something stands and no code of ours was read.
    pub without_code: Vec<PageAt>,
    /// Pages with a code that is not ours.
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

/// A page of a pupil's work that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkOnPage {
    /// Which page of which work, as it is printed: `T123456-3`.
    pub page_of_work: String,
    /// What became of it.
    pub became: WorkBecame,
    /// Where it stands.
    #[serde(flatten)]
    pub at: PageAt,
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

/// Reads files, page by page, and takes in every slip and page of work on them; what came in stays, whatever the rest
/// is. `progress` hears how many pages of how many that are known of are read.
async fn read_scan(
    school: &School,
    actor: Actor,
    request: &ScanRequest,
    mut progress: impl FnMut(usize, usize) + Send,
) -> Result<ScanReport, ReadScanError> {
    let (mut report, mut seen) = (ScanReport::default(), HashSet::new());
    let mut before = 0;
    for (at, (file, path)) in request.files.iter().enumerate() {
        let begins = format!("{at}-");
        let pictures = request.pictures.as_path();
        let heard = |done, of| progress(before + done, before + of);
        match readable(school.scanner().read(path, Some((pictures, &begins)), heard).await)? {
            Ok(pages) => {
                before += pages.len();
                let mail = request.mail;
                let reader = ReadingOf { school, actor: &actor, file, pictures, mail };
                for page in pages {
                    reader.read_page(page, &mut seen, &mut report).await?;
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

/// A file that is being read.
struct ReadingOf<'a> {
    school: &'a School,
    actor: &'a Actor,
    /// What it is called.
    file: &'a str,
    pictures: &'a Path,
    /// The number of the mail that it was attached to.
    mail: Option<u32>,
}

/// What the codes of a page say.
#[derive(Default)]
struct FoundOnPage {
    /// The slips, each with its place in the report.
    slips: Vec<(usize, Reference)>,
    /// The pages of work, each with its place in the report.
    works: Vec<(usize, WorkPage)>,
}

impl FoundOnPage {
    /// Whether works of several pupils, or a work and a slip, lie on one picture.
    fn is_of_several(&self) -> bool {
        let works: BTreeSet<u32> = self.works.iter().map(|(_, page)| page.work).collect();
        works.len() > 1 || (works.len() == 1 && !self.slips.is_empty())
    }
}

impl ReadingOf<'_> {
    /// Takes in what stands on a page, in one transaction.
    async fn read_page(
        &self,
        page: PageRead,
        seen: &mut HashSet<String>,
        report: &mut ScanReport,
    ) -> Result<(), StoreError> {
        let PageRead { number, codes, picture, is_blank } = page;
        let at = PageAt { file: self.file.to_owned(), page: number, picture };
        report.pages += 1;
        if is_blank {
            report.blank += 1;
            return Ok(());
        }
        let (mut found, mut has_ours, mut is_foreign) = (FoundOnPage::default(), false, false);
        for code in codes {
            if let Ok(reference) = code.text.parse::<Reference>() {
                has_ours = true;
                let printed = reference.to_string();
                let became = SlipBecame::Twice;
                let (at, cut_out) = (at.clone(), code.picture);
                if seen.insert(printed.clone()) {
                    found.slips.push((report.slips.len(), reference));
                }
                report.slips.push(SlipOnPage { reference: printed, became, at, cut_out });
            } else if let Some(page) = WorkPage::of_coded(&code.text, self.school.queue.school()) {
                has_ours = true;
                found.works.push((report.works.len(), page));
                let (page_of_work, became) = (page.to_string(), WorkBecame::Unseen);
                report.works.push(WorkOnPage { page_of_work, became, at: at.clone() });
            } else {
                is_foreign = true;
            }
        }
        if found.is_of_several() {
            for (at, _) in std::mem::take(&mut found.works) {
                if let Some(work) = report.works.get_mut(at) {
                    work.became = WorkBecame::Several;
                }
            }
        }
        self.take_in(found, &at, report).await?;
        if !has_ours {
            // One of ours may stand beside the code of something else.
            report.without_code.push(at.clone());
        }
        if is_foreign {
            report.foreign.push(at);
        }
        Ok(())
    }

    async fn take_in(
        &self,
        found: FoundOnPage,
        at: &PageAt,
        report: &mut ScanReport,
    ) -> Result<(), StoreError> {
        let picture = if found.works.is_empty() { None } else { self.picture(at) };
        let (queue, by, place) =
            (self.school.queue.clone(), self.school.by(self.actor.clone()), at.to_string());
        let mail = self.mail;
        let write = move |tx: &Tx<'_>| {
            let FoundOnPage { slips, works } = &found;
            let slip = |(at, slip): &(usize, Reference)| {
                Ok((*at, take_in(tx, &queue, &by, slip, &place)?))
            };
            let slips = slips.iter().map(slip).collect::<Result<Vec<_>, StoreError>>()?;
            let mut taken = Vec::new();
            for (at, page) in works.iter().filter(|_| picture.is_some()) {
                let page = (*page, picture.as_deref().unwrap_or_default());
                taken.push((*at, works::take_in((tx, queue.school()), &by, page, mail)?));
            }
            Ok((slips, taken))
        };
        let (slips, works) = self.school.store().write(write).await?;
        for (at, became) in slips {
            if let Some(slip) = report.slips.get_mut(at) {
                slip.became = became;
            }
        }
        for (at, became) in works {
            if let Some(work) = report.works.get_mut(at) {
                work.became = became;
            }
        }
        Ok(())
    }

    fn picture(&self, at: &PageAt) -> Option<Vec<u8>> {
        let file = self.pictures.join(at.picture.as_ref()?);
        std::fs::read(file).ok()
    }
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
    /// Names no picture any more: they are gone.
    fn forget_pictures(&mut self) {
        let slips = self.slips.iter_mut().map(|it| {
            it.cut_out = None;
            &mut it.at
        });
        let pages = slips.chain(self.works.iter_mut().map(|it| &mut it.at));
        for page in pages.chain(&mut self.without_code).chain(&mut self.foreign) {
            page.picture = None;
        }
    }

    /// How many slips became so.
    #[must_use]
    pub fn count(&self, became: SlipBecame) -> usize {
        self.slips.iter().filter(|slip| slip.became == became).count()
    }

    /// How many pages of work became so.
    #[must_use]
    pub fn count_works(&self, became: WorkBecame) -> usize {
        self.works.iter().filter(|work| work.became == became).count()
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
