//! Files on their way in: written as they come, never whole in memory, and gone again unless they are kept.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::clock::Moment;
use crate::id::Id;
use crate::plain_text::one_line;
use crate::private_file;

/// Who may look into the folder.
const OWNER_ALONE: u32 = 0o700;
/// Letters of a name that are kept.
const LONGEST_NAME: usize = 120;
/// Pieces of a file that may wait for the disk.
const PIECES: usize = 8;

/// A set of files on its way in.
pub struct IncomingFiles {
    /// Where all sets lie.
    all: PathBuf,
    folder: PathBuf,
    names: Vec<String>,
    is_kept: bool,
    /// The turn of who gives files: one set comes in at a time, so that a disk is never filled by many.
    _turn: Option<File>,
}

/// Why files do not come in.
#[derive(Debug, thiserror::Error)]
pub enum NotIncoming {
    /// Others are on their way in.
    #[error("somebody else gives files just now")]
    Coming,
    /// The folder cannot be written.
    #[error("{0}")]
    Disk(#[from] io::Error),
}

/// One of them.
pub struct IncomingFile {
    to: mpsc::Sender<Vec<u8>>,
    writing: JoinHandle<io::Result<()>>,
}

impl IncomingFiles {
    /// Begins a set in a folder of its own among all; refused where another comes in.
    pub(super) fn begin(all: PathBuf, name: &str) -> Result<Self, NotIncoming> {
        DirBuilder::new().recursive(true).mode(OWNER_ALONE).create(&all)?;
        let turn = turn(&all)?;
        Ok(Self::made(all, name, turn)?)
    }

    /// A folder of its own among all for what this process makes of files: nobody waits for it.
    pub(super) fn room(all: PathBuf, name: &str) -> io::Result<Self> {
        Self::made(all, name, None)
    }

    fn made(all: PathBuf, name: &str, turn: Option<File>) -> io::Result<Self> {
        let folder = all.join(name);
        DirBuilder::new().recursive(true).mode(OWNER_ALONE).create(&folder)?;
        Ok(Self { all, folder, names: Vec::new(), is_kept: false, _turn: turn })
    }

    /// Its next file, under the name that whoever gives it has for it.
    pub fn file(&mut self, name: &str) -> io::Result<IncomingFile> {
        let file = private_file::create_new(&place(&self.folder, self.names.len()))?;
        self.names.push(shown(name));
        let (to, from) = mpsc::channel(PIECES);
        let writing = tokio::task::spawn_blocking(move || write(file, from));
        Ok(IncomingFile { to, writing })
    }

    /// How many files there are.
    #[must_use]
    pub const fn files(&self) -> usize {
        self.names.len()
    }

    /// What each is called, in their order.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Where they lie.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// What their folder is called.
    pub(super) fn folder_name(&self) -> &str {
        self.folder.file_name().and_then(|name| name.to_str()).unwrap_or_default()
    }

    /// Waits until the names of the files, and of their folder, outlive a power cut.
    pub(super) async fn make_lasting(&self) -> io::Result<()> {
        let (own, all) = (self.folder.clone(), self.all.clone());
        let lasting = move || {
            private_file::keep_names(&own)?;
            private_file::keep_names(&all)
        };
        tokio::task::spawn_blocking(lasting).await.map_err(io::Error::other)?
    }

    /// They stay where they are: somebody knows of them.
    pub(super) fn stay(mut self) {
        self.is_kept = true;
    }
}

/// The sets that lie among all, each with its folder.
pub(super) fn each<T>(all: &Path) -> impl Iterator<Item = (Id<T>, PathBuf)> + use<T> {
    let found = fs::read_dir(all).into_iter().flatten().flatten();
    found.filter_map(|it| Some((it.file_name().to_str()?.parse().ok()?, it.path())))
}

/// Removes the sets that were begun before a moment.
pub(super) fn sweep<T>(all: &Path, until: Moment) {
    for (_, folder) in each::<T>(all).filter(|(id, _)| id.made_at() < until) {
        if let Err(error) = fs::remove_dir_all(folder) {
            tracing::warn!(%error, "Files that nobody keeps any more could not be removed.");
        }
    }
}

impl Drop for IncomingFiles {
    fn drop(&mut self) {
        if !self.is_kept {
            // What stays is swept away later.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

impl IncomingFile {
    /// Adds the next piece.
    pub async fn add(&self, piece: Vec<u8>) {
        // A disk that took no more says why at the end.
        let _ = self.to.send(piece).await;
    }

    /// Whether the disk takes no more of it.
    #[must_use]
    pub fn is_stuck(&self) -> bool {
        self.to.is_closed()
    }

    /// Waits until all of it is written.
    pub async fn end(self) -> io::Result<()> {
        let Self { to, writing } = self;
        drop(to);
        writing.await.map_err(io::Error::other)?
    }
}

fn write(mut file: File, mut from: mpsc::Receiver<Vec<u8>>) -> io::Result<()> {
    while let Some(piece) = from.blocking_recv() {
        file.write_all(&piece)?;
    }
    file.sync_all()
}

/// The turn of this machine, which ends with whoever has it. It is the system's lock on the folder itself: there is
/// nothing to tidy up.
fn turn(folder: &Path) -> Result<Option<File>, NotIncoming> {
    let turn = File::open(folder)?;
    match turn.try_lock() {
        Ok(()) => Ok(Some(turn)),
        Err(TryLockError::WouldBlock) => Err(NotIncoming::Coming),
        // A folder of another machine may have no locks. What they keep from is a full disk, not a wrong import.
        Err(TryLockError::Error(error)) => {
            tracing::warn!(%error, "Nothing keeps a second set of files from coming in.");
            Ok(None)
        }
    }
}

/// No file is called on the disk as somebody else called it.
pub(super) fn place(folder: &Path, at: usize) -> PathBuf {
    folder.join(at.to_string())
}

/// A name without the folders in which the file lay.
fn shown(name: &str) -> String {
    let bare = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let shown: String = one_line(bare).trim().chars().take(LONGEST_NAME).collect();
    if shown.is_empty() { "fichier".to_owned() } else { shown }
}

impl std::fmt::Debug for IncomingFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IncomingFiles({})", self.folder_name())
    }
}
