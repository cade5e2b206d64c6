//! The school's files become its directory: what they would change, what somebody has to look at before it is
//! applied, the change itself, and the last one taken back.

mod answer;
mod doubt;

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use super::School;
use crate::clock::Moment;
use crate::directory::{self, ApplyError, Diff, UndoError, Undone, WrittenBeside};
use crate::how_far::HowFar;
use crate::id::Id;
use crate::import::{
    self, ColumnMap, Expected, FileKind, HeaderMap, NobodyTold, Refused, SetAside, SourceFile,
    TableColumns, UnknownField,
};
use crate::people::{Actor, SchoolYear};
use crate::store::StoreError;
use crate::store::uploads::KeptUpload;

pub use answer::{ChangedRecord, EachChange, HouseholdTotal, ImportAnswer};
pub use doubt::{Doubt, Sure};

/// A file to import.
#[derive(Clone)]
pub struct ImportFile {
    /// What it is called by whoever gives it.
    pub label: String,
    /// Where it is.
    pub path: PathBuf,
}

impl From<PathBuf> for ImportFile {
    fn from(path: PathBuf) -> Self {
        Self { label: path.display().to_string(), path }
    }
}

/// The school's files, and what was said of their columns.
#[derive(Clone)]
pub struct ImportRequest {
    /// Exports and tables, in any order.
    pub files: Vec<ImportFile>,
    /// What a column is, as typed: `Portable 2=mobile-phone`.
    pub said: Vec<String>,
}

/// What an import would change, and what it read.
pub struct Proposal {
    /// What the files are.
    pub files: Vec<FileKind>,
    /// How the columns of their tables were understood.
    pub columns: Vec<HeaderMap>,
    /// Records that were not taken, each with its reason.
    pub set_aside: Vec<SetAside>,
    /// What changes.
    pub diff: Arc<Diff>,
    nobody_told: Vec<NobodyTold>,
    said: Vec<String>,
}

/// Why files are not read. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The system does not let it be read.
    #[error("cannot read {path}; nothing was changed: {source}")]
    Unreadable {
        /// Which file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error(
        "cannot read {0}: it is a folder, a pipe or a device; nothing was changed; give the file itself"
    )]
    NotAFile(String),
    /// No column has the title of which something was said.
    #[error("no column is called « {title} »; there are: {}; nothing was changed", .known.join(", "))]
    NoSuchColumn {
        /// The title.
        title: String,
        /// The titles of the tables.
        known: Vec<String>,
    },
    /// What was said of a column says nothing.
    #[error("{0}")]
    UnknownField(#[from] UnknownField),
    /// A file is refused.
    #[error("{0}")]
    Refused(#[from] Refused),
    /// The thread that read them is gone.
    #[error("the files were not read to their end; nothing was changed")]
    Interrupted,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl ImportError {
    /// Whether it helps to say what the columns of the tables are.
    #[must_use]
    pub const fn is_of_columns(&self) -> bool {
        match self {
            Self::Refused(refused) => refused.reason.is_of_columns(),
            Self::NoSuchColumn { .. } | Self::UnknownField(_) => true,
            _ => false,
        }
    }
}

/// How far it is worked out what files change.
#[derive(Debug, Clone)]
pub enum ImportStep {
    /// The files are read: so many bytes of those that are to be read.
    Reading(HowFar),
    /// What they hold is compared with the directory.
    Comparing,
}

/// Reads files, and works out what they change; writes nothing.
pub async fn propose_import(
    school: &School,
    request: &ImportRequest,
) -> Result<Proposal, ImportError> {
    propose_import_telling(school, request, |_| {}).await
}

/// The same, telling each step as it begins.
pub async fn propose_import_telling(
    school: &School,
    request: &ImportRequest,
    tell: impl Fn(ImportStep),
) -> Result<Proposal, ImportError> {
    let far = HowFar::default();
    tell(ImportStep::Reading(far.clone()));
    let expected = expected(school, &request.said).await?;
    let read = move |files: &[SourceFile<'_>]| import::read(files, &expected);
    let mut reading = over(&request.files, far, read).await?;
    let columns = std::mem::take(&mut reading.columns);
    check_titles(&columns, &request.said)?;
    tell(ImportStep::Comparing);
    Ok(Proposal {
        files: reading.files.clone(),
        columns,
        set_aside: std::mem::take(&mut reading.set_aside),
        nobody_told: std::mem::take(&mut reading.nobody_told),
        diff: directory::diff(school.store(), school.queue.school(), reading).await?,
        said: request.said.clone(),
    })
}

/// The columns of the tables among files, with some of what they hold, also of those that are refused because of
/// their titles.
pub async fn import_columns(
    school: &School,
    request: &ImportRequest,
) -> Result<Vec<TableColumns>, ImportError> {
    let expected = expected(school, &request.said).await?;
    let read = move |files: &[SourceFile<'_>]| import::columns_of(files, &expected);
    over(&request.files, HowFar::default(), read).await
}

/// Applies what was proposed, and remembers what was said of columns.
pub async fn apply_import(
    school: &School,
    actor: Actor,
    proposal: &Proposal,
) -> Result<(), ApplyError> {
    apply_once(school, actor, proposal, None, HowFar::default()).await
}

/// The same; files that were given on a page are applied once, and their records counted as they are written.
pub(super) async fn apply_once(
    school: &School,
    actor: Actor,
    proposal: &Proposal,
    upload: Option<Id<KeptUpload>>,
    far: HowFar,
) -> Result<(), ApplyError> {
    let (store, id, by) = (school.store(), school.queue.school(), school.by(actor));
    let (said, tables) = (proposal.said.clone(), proposal.columns.clone());
    let beside = WrittenBeside { upload, said, tables, far };
    directory::apply_with(store, id, &proposal.diff, by, beside).await.map(drop)
}

/// What taking the last import back would undo; changes nothing.
pub async fn import_to_undo(school: &School) -> Result<Undone, UndoError> {
    directory::to_undo(school.store(), school.queue.school()).await
}

/// Takes the last import back; refused where it is not the one that was `seen`, applied at that moment.
pub async fn undo_import(
    school: &School,
    actor: Actor,
    seen: Option<Moment>,
) -> Result<Undone, UndoError> {
    let by = school.by(actor);
    directory::undo(school.store(), school.queue.school(), by, seen).await
}

/// A mapping of a title that no table has is a slip of the hand, and would go unseen.
fn check_titles(columns: &[HeaderMap], said: &[String]) -> Result<(), ImportError> {
    let titles = || columns.iter().flat_map(|map| map.columns.iter().map(|it| &it.0));
    let unknown = said
        .iter()
        .filter_map(|typed| typed.rsplit_once('='))
        .find(|(title, _)| !titles().any(|other| ColumnMap::is_same_title(other, title)));
    unknown.map_or(Ok(()), |(title, _)| {
        let known = titles().map(|title| format!("« {title} »")).collect();
        Err(ImportError::NoSuchColumn { title: title.to_owned(), known })
    })
}

/// Does something with files on a thread that may block.
async fn over<T: Send + 'static>(
    files: &[ImportFile],
    far: HowFar,
    read: impl FnOnce(&[SourceFile<'_>]) -> Result<T, Refused> + Send + 'static,
) -> Result<T, ImportError> {
    files.iter().try_for_each(check_readable)?;
    let files = files.to_vec();
    let done = tokio::task::spawn_blocking(move || {
        let files: Vec<SourceFile<'_>> =
            files.iter().map(|it| SourceFile::on_disk(&it.label, &it.path).counted(&far)).collect();
        read(&files)
    });
    Ok(done.await.map_err(|_| ImportError::Interrupted)??)
}

/// Refuses what is no file before it is opened: a pipe that nobody writes to would be waited for.
fn check_readable(ImportFile { label, path }: &ImportFile) -> Result<(), ImportError> {
    let unreadable = |source| ImportError::Unreadable { path: label.clone(), source };
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(ImportError::NotAFile(label.clone()));
    }
    File::open(path).map_err(unreadable)?;
    Ok(())
}

/// What the files must be of: our school, the school year of today; and how their columns are to be
/// understood.
async fn expected(school: &School, said: &[String]) -> Result<Expected, ImportError> {
    let today = school.today();
    let mut maps = directory::known_columns(school.store(), school.queue.school()).await?;
    let mut now_said = ColumnMap::default();
    for typed in said {
        now_said.add(typed)?;
    }
    maps.push(now_said);
    Ok(Expected {
        school: school.config.school.uai.clone(),
        year: SchoolYear::of(today),
        today,
        region: school.config.school.region.clone(),
        maps,
    })
}
