//! Scans that were given on a page. They lie on the machine that took them, readable by the program alone: the files
//! until they are read, then what they said and its pictures, for some days.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::incoming::{self, IncomingFiles, NotIncoming, place};
use super::super::works::{self, WorkBecame};
use super::super::{School, uploads};
use super::{PageAt, ReadScanError, ScanReport, ScanRequest, read_scan};
use crate::how_far::HowFar;
use crate::id::Id;
use crate::message::WorkPage;
use crate::people::Actor;
use crate::private_file::{self, Over};
use crate::store::Tx;

/// How long what was read of a scan is kept: long enough to look through the largest pile.
const KEPT_FOR: Duration = Duration::from_hours(7 * 24);
/// The folder of scans among the files that were given.
const SCANS: &str = "coupons";
/// What was given, in the folder of a scan.
const GIVEN: &str = "given.json";
/// What it said.
const REPORT: &str = "report.json";
/// How large a picture is at most.
const LARGEST_PICTURE: u64 = 8 * 1024 * 1024;

/// A scan that was given.
#[derive(Debug, Serialize, Deserialize)]
pub struct KeptScan {
    /// What each file is called, in their order.
    files: Vec<String>,
    /// Who gave them, as the database would keep it: their slips are noted by that name, whenever they are read.
    given_by: String,
    /// The number of the mail that they were attached to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mail: Option<u32>,
}

/// How far a scan is that was given.
#[derive(Debug)]
pub enum ScanShown {
    /// Nobody has read it to its end.
    Unread,
    /// What it says.
    Read(Box<ScanReport>),
}

/// Why nothing is done with a scan.
#[derive(Debug, thiserror::Error)]
pub enum ScanRefusal {
    /// Others are on their way in.
    #[error("somebody else gives a scan just now")]
    Coming,
    /// It was discarded, lies on another machine, or was kept as long as scans are.
    #[error("there is no such scan")]
    Gone,
    /// The folder cannot be read or written.
    #[error("the scan cannot be kept: {0}")]
    Disk(#[from] io::Error),
    /// It cannot be read.
    #[error("{0}")]
    Unread(#[from] ReadScanError),
}

impl From<NotIncoming> for ScanRefusal {
    fn from(why: NotIncoming) -> Self {
        match why {
            NotIncoming::Coming => Self::Coming,
            NotIncoming::Disk(error) => Self::Disk(error),
        }
    }
}

/// Begins a scan; refused where another comes in.
pub fn begin_scan(school: &School) -> Result<IncomingFiles, ScanRefusal> {
    Ok(IncomingFiles::begin(folder(school), &new_id(school).to_string())?)
}

/// Keeps what came until it is read: attached to the mail of this number, where it came so.
pub async fn keep_scan(
    school: &School,
    actor: &Actor,
    incoming: IncomingFiles,
    mail: Option<u32>,
) -> Result<Id<KeptScan>, ScanRefusal> {
    let id = incoming.folder_name().parse().map_err(|_| ScanRefusal::Gone)?;
    let given = KeptScan { files: incoming.names().to_vec(), given_by: actor.to_stored(), mail };
    write(&folder_of(school, id), GIVEN, &given)?;
    incoming.make_lasting().await?;
    incoming.stay();
    Ok(id)
}

/// Reads a scan that was given, and takes in its slips; the files are removed once all of it is known.
pub async fn read_kept_scan(
    school: &School,
    id: Id<KeptScan>,
    far: &HowFar,
) -> Result<(), ScanRefusal> {
    let folder = folder_of(school, id);
    if folder.join(REPORT).is_file() {
        // Whoever asked had looked before it was read to its end.
        return Ok(());
    }
    let KeptScan { files, given_by, mail } = read(&folder, GIVEN)?;
    let actor = Actor::from_stored(&given_by).unwrap_or(Actor::Unknown);
    let all = files.into_iter().enumerate().map(|(at, name)| (name, place(&folder, at)));
    let request = ScanRequest { files: all.collect(), pictures: folder.clone(), mail };
    let report = read_scan(school, actor, &request, told_to(far)).await?;
    write(&folder, REPORT, &report)?;
    for (_, file) in &request.files {
        // What stays goes with the folder.
        let _ = fs::remove_file(file);
    }
    Ok(())
}

/// Reads files that nobody keeps, and takes in what stands on them; their pictures go with this.
pub async fn read_files(
    school: &School,
    actor: Actor,
    files: Vec<(String, PathBuf)>,
    progress: impl FnMut(usize, usize) + Send,
) -> Result<ScanReport, ScanRefusal> {
    let room = IncomingFiles::room(folder(school), &new_id(school).to_string())?;
    let request = ScanRequest { files, pictures: room.folder().to_owned(), mail: None };
    let mut report = read_scan(school, actor, &request, progress).await?;
    report.forget_pictures();
    Ok(report)
}

/// Takes in a page without a code that was read, by what somebody saw printed on it.
pub async fn take_typed_page(
    school: &School,
    actor: Actor,
    (id, at): (Id<KeptScan>, &PageAt),
    page: WorkPage,
) -> Result<WorkBecame, ScanRefusal> {
    let Some(name) = &at.picture else { return Ok(WorkBecame::Unseen) };
    let picture = scan_picture(school, id, name)?;
    let KeptScan { mail, .. } = read(&folder_of(school, id), GIVEN)?;
    let (of, by) = (school.queue.school().clone(), school.by(actor));
    let take = move |tx: &Tx<'_>| works::take_in((tx, &of), &by, (page, &picture), mail);
    Ok(school.store().write(take).await.map_err(ReadScanError::from)?)
}

fn new_id(school: &School) -> Id<KeptScan> {
    Id::new(school.clock.now())
}

/// Tells what is heard of a reading to whoever waits for it.
fn told_to(far: &HowFar) -> impl FnMut(usize, usize) + Send {
    let (mut before, mut known) = (0, 0);
    let more = |now: usize, then: usize| u64::try_from(now.saturating_sub(then)).unwrap_or(0);
    move |done, of| {
        far.expect(more(of, known));
        far.add(more(done, before));
        (before, known) = (done, of);
    }
}

/// A scan as it stands.
pub fn kept_scan(school: &School, id: Id<KeptScan>) -> Result<ScanShown, ScanRefusal> {
    let folder = folder_of(school, id);
    match read(&folder, REPORT) {
        Ok(report) => Ok(ScanShown::Read(Box::new(report))),
        Err(ScanRefusal::Gone) if folder.join(GIVEN).is_file() => Ok(ScanShown::Unread),
        Err(error) => Err(error),
    }
}

/// The scans that are kept on this machine, newest first; those that are still coming in are not.
#[must_use]
pub fn kept_scans(school: &School) -> Vec<Id<KeptScan>> {
    let came = each(school).filter(|(_, folder)| folder.join(GIVEN).is_file());
    let mut all: Vec<Id<KeptScan>> = came.map(|(id, _)| id).collect();
    all.sort_by(|one, other| other.cmp(one));
    all
}

/// Those of them that nobody has read to their end: the program stopped meanwhile.
#[must_use]
pub fn unread_scans(school: &School) -> Vec<Id<KeptScan>> {
    let is_unread = |id: &Id<KeptScan>| !folder_of(school, *id).join(REPORT).is_file();
    kept_scans(school).into_iter().filter(is_unread).collect()
}

/// A picture of a scan, by its name.
pub fn scan_picture(school: &School, id: Id<KeptScan>, name: &str) -> Result<Vec<u8>, ScanRefusal> {
    let number = name.strip_suffix(".jpg").ok_or(ScanRefusal::Gone)?;
    if number.is_empty() || !number.bytes().all(|it| it.is_ascii_digit() || it == b'-') {
        return Err(ScanRefusal::Gone);
    }
    let file = folder_of(school, id).join(name);
    match fs::metadata(&file) {
        Ok(there) if there.len() <= LARGEST_PICTURE => Ok(fs::read(file)?),
        _ => Err(ScanRefusal::Gone),
    }
}

/// Removes what is kept of a scan; what its slips said stays.
pub fn discard_scan(school: &School, id: Id<KeptScan>) -> Result<(), ScanRefusal> {
    match fs::remove_dir_all(folder_of(school, id)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(ScanRefusal::Gone),
        removed => Ok(removed?),
    }
}

/// Removes scans that were kept long enough.
pub fn sweep_scans(school: &School) {
    incoming::sweep::<KeptScan>(&folder(school), school.clock.now() - KEPT_FOR);
}

fn each(school: &School) -> impl Iterator<Item = (Id<KeptScan>, PathBuf)> {
    incoming::each(&folder(school))
}

fn folder(school: &School) -> PathBuf {
    uploads::folder(school).join(SCANS)
}

fn folder_of(school: &School, id: Id<KeptScan>) -> PathBuf {
    folder(school).join(id.to_string())
}

fn write(folder: &Path, name: &str, value: &impl Serialize) -> io::Result<()> {
    let file = folder.join(name);
    let part = private_file::part_beside(&file);
    private_file::write(&part, &serde_json::to_vec(value)?)?;
    Ok(private_file::put(&part, &file, Over::Whatever, "scans")?)
}

fn read<T: for<'a> Deserialize<'a>>(folder: &Path, name: &str) -> Result<T, ScanRefusal> {
    match fs::read(folder.join(name)) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).map_err(io::Error::from)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(ScanRefusal::Gone),
        Err(error) => Err(error.into()),
    }
}
