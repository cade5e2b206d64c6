//! Files that hold families' data, made readable by their owner alone.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The rights of such a file.
const OWNER_ALONE: u32 = 0o600;

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
