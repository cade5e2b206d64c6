//! One daemon a file: two daemons on one `SQLite` file send nothing twice, and only wait for each other. A
//! server's database takes as many as there are.
//!
//! The lock is an advisory one of the system (flock), on a file beside the database. It ends with the process,
//! whatever ended that: a daemon that was killed keeps nobody from starting.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::database::Engine;
use super::{Store, StoreError};

/// Who works there is nobody's matter but the owner's.
const OWNER_ALONE: u32 = 0o600;

/// The place of the only daemon on a file, for as long as this is kept.
#[derive(Debug)]
pub struct SolePlace {
    _lock: Option<File>,
}

impl Store {
    /// Takes the place of the only daemon; refused while another one has it. `since`: the time, as it is shown
    /// to whoever comes second.
    pub fn take_place(&self, since: &str) -> Result<SolePlace, StoreError> {
        let Engine::Sqlite(sqlite) = &self.0 else { return Ok(SolePlace { _lock: None }) };
        let beside = beside(sqlite.file());
        match lock(&beside, since) {
            Ok(lock) => Ok(SolePlace { _lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => Err(StoreError::DaemonAtWork {
                path: sqlite.file().display().to_string(),
                who: std::fs::read_to_string(&beside).unwrap_or_default(),
            }),
            // A folder of another machine may have no locks. What they keep from is slow, not wrong.
            Err(TryLockError::Error(error)) => {
                tracing::warn!(%error, "Nothing keeps a second daemon from this database.");
                Ok(SolePlace { _lock: None })
            }
        }
    }
}

fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".daemon");
    PathBuf::from(name)
}

/// Locks the file and writes into it who has it.
fn lock(path: &Path, since: &str) -> Result<File, TryLockError> {
    let mut file = open(path).map_err(TryLockError::Error)?;
    file.try_lock()?;
    // Who it is can be told; that it is somebody is what counts.
    let _ = file
        .set_len(0)
        .and_then(|()| write!(file, "process {}, since {since}", std::process::id()));
    Ok(file)
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(OWNER_ALONE).open(path)
}
