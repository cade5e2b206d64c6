//! Files that hold families' data: readable by their owner alone, and whole or not there at all. One is
//! written beside its place (`part_beside`, `write`) and then given its name (`put`), which outlives a power cut.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The rights of such a file.
const OWNER_ALONE: u32 = 0o600;
/// What everybody on the machine may do with a file.
const OTHERS: u32 = 0o007;

/// A new and empty file; refused where one stands.
pub fn create_new(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(OWNER_ALONE).open(path)
}

/// A new and empty file in the place of whatever stood there.
pub fn create(path: &Path) -> io::Result<File> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => create_new(path),
    }
}

/// Writes a file and waits until its bytes are on the disk.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Gives a written file the name of whatever stood there, for good.
pub fn put(part: &Path, file: &Path) -> io::Result<()> {
    std::fs::rename(part, file)?;
    keep_names(folder_of(file))
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
    Ok(std::fs::metadata(path)?.mode() & OTHERS != 0)
}
