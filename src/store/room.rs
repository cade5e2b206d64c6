//! Room on the disk that holds the database.

use std::io;
use std::path::Path;

use super::StoreError;

/// What one addressee takes until the end of its sending: the rows of the launch and of every result,
/// once in the write-ahead log and once in the database.
const AN_ADDRESSEE: u64 = 8 * 1024;

/// Bytes that are free for us on the disk of this file.
pub fn free_bytes(file: &Path) -> io::Result<u64> {
    // The folder of a bare file name is the one where we are.
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Whether so many more addressees, and what becomes of them, can be written down.
pub(super) fn is_there_for(file: &Path, addressees: usize) -> Result<(), StoreError> {
    let wanted = u64::try_from(addressees).unwrap_or(u64::MAX).saturating_mul(AN_ADDRESSEE);
    // A disk that does not say how much is free says so when it is written to.
    match free_bytes(file) {
        Ok(free) if free < wanted => Err(StoreError::DiskFull),
        Ok(_) | Err(_) => Ok(()),
    }
}
