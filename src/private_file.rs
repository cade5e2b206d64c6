//! Files that hold families' data: readable by their owner alone, and whole or not there at all. One is
//! written beside its place (`part_beside`, `write`) and then given its name (`put`): its bytes are on the disk
//! before it has it, and it keeps it through a power cut.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::crash;

/// The rights of such a file.
const OWNER_ALONE: u32 = 0o600;
/// What everybody on the machine may do with a file.
const OTHERS: u32 = 0o007;

/// What a finished file may take the place of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Nothing: it is refused where a file of its name stands.
    Nothing,
    /// Whatever stands there.
    Whatever,
}

/// Why a finished file has no name that lasts.
#[derive(Debug)]
pub enum NotPut {
    /// It has none; what stood at its place stands there.
    Unnamed(io::Error),
    /// It has its name, and a power cut could take it away again.
    Unconfirmed(io::Error),
}

impl From<NotPut> for io::Error {
    fn from(why: NotPut) -> Self {
        match why {
            NotPut::Unnamed(error) | NotPut::Unconfirmed(error) => error,
        }
    }
}

/// A new and empty file; refused where one stands.
pub fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(OWNER_ALONE).open(path)
}

/// A new and empty file in the place of whatever stood there.
pub fn create(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => create_new(path),
    }
}

/// Writes a file, which is to be `put`.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    create(path)?.write_all(bytes)
}

/// Waits until the bytes of a file are on the disk.
pub fn keep_bytes(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Gives a finished file its name, for good: its bytes are on the disk before, its name after. `what` names the
/// points at which a test lets it die.
pub fn put(part: &Path, file: &Path, over: Over, what: &str) -> Result<(), NotPut> {
    keep_bytes(part).map_err(NotPut::Unnamed)?;
    crash::point(&format!("{what}.before_name"));
    let named = match over {
        Over::Nothing => name_new(part, file),
        Over::Whatever => fs::rename(part, file),
    };
    named.map_err(NotPut::Unnamed)?;
    crash::point(&format!("{what}.after_name"));
    keep_names(folder_of(file)).map_err(NotPut::Unconfirmed)
}

/// Never takes the place of another: by a second name of the file, or where the disk has one name a file (FAT,
/// some shares), by moving it.
fn name_new(part: &Path, file: &Path) -> io::Result<()> {
    match fs::hard_link(part, file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => rename_new(part, file),
        // With its name it needs no other; one that stays is written over.
        linked => linked.inspect(|()| drop(fs::remove_file(part))),
    }
}

fn rename_new(part: &Path, file: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, part, CWD, file, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) if file.exists() => {
            Err(io::ErrorKind::AlreadyExists.into())
        }
        // The disk cannot look and rename at once; nobody else gives this name at this very moment.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => fs::rename(part, file),
        renamed => Ok(renamed?),
    }
}

/// Waits until the names that were given in a folder outlive a power cut.
pub fn keep_names(folder: &Path) -> io::Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // A share that has no such wish to grant keeps its names by itself.
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()),
        kept => kept,
    }
}

/// `.lettres.pdf.part` beside `lettres.pdf`: a rename within one folder is whole or not at all.
#[must_use]
pub fn part_beside(file: &Path) -> PathBuf {
    let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    file.with_file_name(format!(".{name}.part"))
}

/// The folder in which a file stands or will stand.
#[must_use]
pub fn folder_of(file: &Path) -> &Path {
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Whether everybody on the machine may read or change it. A group may be meant: somebody chose who is in it.
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.mode() & OTHERS != 0)
}
