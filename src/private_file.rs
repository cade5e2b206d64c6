//! Files that hold families' data, made readable by their owner alone.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

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

/// Whether everybody on the machine may read or change it. A group may be meant: somebody chose who is in it.
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(std::fs::metadata(path)?.mode() & OTHERS != 0)
}
