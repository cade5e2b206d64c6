//! Files that are given on a page for an import: they wait on the machine that took them, readable by the program
//! alone, until somebody applies them or gives them up, and for a day at most. One set waits at a time.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::import::{apply_once, import_columns, propose_import_telling};
use super::incoming::{IncomingFiles, NotIncoming, place};
use super::{Doubt, ImportError, ImportFile, ImportRequest, ImportStep, Proposal, School, Sure};
use crate::directory::ApplyError;
use crate::how_far::HowFar;
use crate::id::Id;
use crate::import::{ColumnMap, TableColumns};
use crate::people::Actor;
use crate::store::uploads::{self, KeptUpload};
use crate::store::{StoreError, Tx};

/// How long files wait.
const KEPT_FOR: Duration = Duration::from_hours(24);
/// How long files may be on their way in.
const LONGEST_WAY_IN: Duration = Duration::from_hours(3);
/// What this machine is called.
const HOST_NAME: &str = "/proc/sys/kernel/hostname";

/// Files that wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// As the database keeps them.
    pub kept: KeptUpload,
    /// Where they lie.
    pub place: UploadPlace,
}

/// Where files that wait lie, seen from this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadPlace {
    /// On it.
    Here,
    /// They lay on it, and somebody removed them.
    Lost,
    /// On another one.
    Elsewhere,
}

/// Why files that were given are not kept, or nothing is done with them.
#[derive(Debug, thiserror::Error)]
pub enum UploadRefusal {
    /// Others wait.
    #[error("other files wait to be imported; these were not kept")]
    Waiting(Box<Upload>),
    /// Others are on their way in.
    #[error("somebody else gives files just now; these were not kept")]
    Coming,
    /// They were applied, given up, or waited for a day.
    #[error("these files do not wait any more; nothing was changed")]
    Gone,
    /// The folder cannot be written.
    #[error("the files cannot be kept; nothing was changed: {0}")]
    Disk(#[from] io::Error),
    /// Somebody has to look at what they change.
    #[error("somebody has to look at it first; nothing was changed")]
    Doubted(Doubt),
    /// The directory is another by now.
    #[error("the directory was changed meanwhile; nothing was changed")]
    Stale,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<NotIncoming> for UploadRefusal {
    fn from(why: NotIncoming) -> Self {
        match why {
            NotIncoming::Coming => Self::Coming,
            NotIncoming::Disk(error) => Self::Disk(error),
        }
    }
}

/// Begins a set of files for an import; refused where another waits or comes in.
pub async fn begin_upload(school: &School) -> Result<IncomingFiles, UploadRefusal> {
    let id = Id::<KeptUpload>::new(school.clock.now());
    // Nobody else's begins to wait once it is our turn.
    let incoming = IncomingFiles::begin(folder(school), &id.to_string())?;
    match waiting_upload(school).await? {
        Some(waiting) => Err(UploadRefusal::Waiting(Box::new(waiting))),
        None => Ok(incoming),
    }
}

/// Keeps them until somebody applies them or gives them up: they outlive a power cut before that is noted.
pub async fn keep_upload(
    school: &School,
    actor: Actor,
    incoming: IncomingFiles,
) -> Result<KeptUpload, UploadRefusal> {
    let upload = KeptUpload {
        id: incoming.folder_name().parse().map_err(|_| UploadRefusal::Gone)?,
        given: school.by(actor),
        machine: machine(),
        files: incoming.names().to_vec(),
        said: Vec::new(),
    };
    incoming.make_lasting().await?;
    let (id, kept) = (school.queue.school().clone(), upload.clone());
    if school.store().write(move |tx| uploads::keep(tx, &id, &kept)).await? {
        incoming.stay();
        return Ok(upload);
    }
    match waiting_upload(school).await? {
        Some(waiting) => Err(UploadRefusal::Waiting(Box::new(waiting))),
        None => Err(UploadRefusal::Gone),
    }
}

/// The files that wait, if any do.
pub async fn waiting_upload(school: &School) -> Result<Option<Upload>, StoreError> {
    let id = school.queue.school().clone();
    let kept = school.store().read(move |tx: &Tx<'_>| uploads::kept(tx, &id)).await?;
    Ok(kept.map(|kept| Upload { place: place_of(school, &kept), kept }))
}

fn place_of(school: &School, kept: &KeptUpload) -> UploadPlace {
    if folder_of(school, kept.id).is_dir() {
        UploadPlace::Here
    } else if kept.machine == machine() {
        UploadPlace::Lost
    } else {
        UploadPlace::Elsewhere
    }
}

/// What these files change, told step by step; writes nothing.
pub async fn propose_upload(
    school: &School,
    upload: &KeptUpload,
    tell: impl Fn(ImportStep),
) -> Result<Proposal, ImportError> {
    propose_import_telling(school, &request(school, upload), tell).await
}

/// The columns of the tables among these files.
pub async fn upload_columns(
    school: &School,
    upload: &KeptUpload,
) -> Result<Vec<TableColumns>, ImportError> {
    import_columns(school, &request(school, upload)).await
}

/// Keeps what is said of columns of these files, as typed: `Portable 2=mobile-phone`; nothing is said any more of the
/// others among these titles.
pub async fn say_columns(
    school: &School,
    upload: &KeptUpload,
    titles: &[String],
    now: Vec<String>,
) -> Result<KeptUpload, UploadRefusal> {
    let is_asked = |earlier: &&String| {
        let title = earlier.rsplit_once('=').map_or("", |(title, _)| title);
        titles.iter().any(|asked| ColumnMap::is_same_title(asked, title))
    };
    let others = upload.said.iter().filter(|earlier| !is_asked(earlier)).cloned();
    let said: Vec<String> = others.chain(now).collect();
    let upload = KeptUpload { said: said.clone(), ..upload.clone() };
    let (id, which) = (school.queue.school().clone(), upload.id);
    let say = move |tx: &Tx<'_>| uploads::say(tx, &id, which, &said);
    if school.store().write(say).await? { Ok(upload) } else { Err(UploadRefusal::Gone) }
}

/// Applies what these files change, once, as long as the directory is what they were compared with and nothing is
/// doubted that nobody is sure of; tells how far it is.
pub async fn apply_upload(
    school: &School,
    actor: Actor,
    upload: Id<KeptUpload>,
    proposal: &Proposal,
    sure: Sure,
    far: HowFar,
) -> Result<(), UploadRefusal> {
    if let Some(doubt) = proposal.doubt(sure) {
        return Err(UploadRefusal::Doubted(doubt));
    }
    apply_once(school, actor, proposal, Some(upload), far).await.map_err(|error| match error {
        ApplyError::Stale => UploadRefusal::Stale,
        ApplyError::Gone => UploadRefusal::Gone,
        ApplyError::Store(error) => error.into(),
    })?;
    remove(folder_of(school, upload)).await;
    Ok(())
}

/// Gives files up: they are removed where they lie on this machine; elsewhere the program there does it. `false`: they
/// did not wait any more, and may have been applied.
pub async fn abandon_upload(school: &School, upload: Id<KeptUpload>) -> Result<bool, StoreError> {
    let id = school.queue.school().clone();
    let did_wait = school.store().write(move |tx| uploads::take(tx, &id, upload)).await?;
    remove(folder_of(school, upload)).await;
    Ok(did_wait)
}

/// Gives up files that have waited for a day, and removes what lies here and waits for nothing.
pub async fn sweep_uploads(school: &School) -> Result<(), StoreError> {
    let now = school.clock.now();
    let mut kept = waiting_upload(school).await?.map(|it| (it.kept.id, it.kept.given.at));
    if let Some((upload, _)) = kept.take_if(|(_, given)| *given < now - KEPT_FOR) {
        abandon_upload(school, upload).await?;
    }
    let kept = kept.map(|(upload, _)| upload);
    for folder in fs::read_dir(folder(school)).into_iter().flatten().flatten() {
        let id = folder.file_name().to_str().and_then(|name| name.parse::<Id<KeptUpload>>().ok());
        if id.is_some_and(|id| Some(id) != kept && id.made_at() < now - LONGEST_WAY_IN) {
            remove(folder.path()).await;
        }
    }
    Ok(())
}

fn request(school: &School, upload: &KeptUpload) -> ImportRequest {
    let folder = folder_of(school, upload.id);
    let files = upload.files.iter().enumerate();
    let files =
        files.map(|(at, name)| ImportFile { label: name.clone(), path: place(&folder, at) });
    ImportRequest { files: files.collect(), said: upload.said.clone() }
}

/// Where the school's files lie on this machine.
pub(super) fn folder(school: &School) -> PathBuf {
    school.folder.join(&school.config.web.uploads).join(school.queue.school().as_str())
}

fn folder_of(school: &School, upload: Id<KeptUpload>) -> PathBuf {
    folder(school).join(upload.to_string())
}

async fn remove(folder: PathBuf) {
    let removed = tokio::task::spawn_blocking(move || fs::remove_dir_all(folder)).await;
    if let Ok(Err(error)) = removed
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(%error, "Files of an import could not be removed.");
    }
}

fn machine() -> String {
    fs::read_to_string(HOST_NAME).map(|name| name.trim().to_owned()).unwrap_or_default()
}
