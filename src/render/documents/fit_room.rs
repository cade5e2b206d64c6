//! A folder for what comes of one document on its way, its owner's alone, which goes with it.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Who may look into it.
const OWNER_ALONE: u32 = 0o700;
/// How its name begins.
const BEGINS: &str = ".fit-";
/// After which nobody works in one any more: whoever made it died.
const FORGOTTEN: Duration = Duration::from_hours(1);
/// Those that this process made.
static MADE: AtomicU64 = AtomicU64::new(0);

/// The folder.
pub(super) struct FitRoom(PathBuf);

impl FitRoom {
    /// An empty one among all, which is no other's. Those that were forgotten there are removed.
    pub(super) fn make(all: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(all)?;
        forget(all);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let room = all.join(format!("{BEGINS}{}-{number}", std::process::id()));
        // A process that had our number before us may have left one.
        let _ = std::fs::remove_dir_all(&room);
        DirBuilder::new().mode(OWNER_ALONE).create(&room)?;
        Ok(Self(room))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for FitRoom {
    fn drop(&mut self) {
        // What cannot be removed now is forgotten, and removed later.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn forget(all: &Path) {
    for entry in std::fs::read_dir(all).into_iter().flatten().flatten() {
        let is_room = entry.file_name().to_string_lossy().starts_with(BEGINS);
        let age = entry.metadata().and_then(|it| it.modified()).ok();
        let age = age.and_then(|it| it.elapsed().ok()).unwrap_or_default();
        if is_room && age > FORGOTTEN {
            // Somebody else may just do the same.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_never_share_a_room_and_each_goes_with_its_fit() {
        let all = std::env::temp_dir().join(format!("chappe-fit-{}", std::process::id()));
        let (one, other) = (FitRoom::make(&all).unwrap(), FitRoom::make(&all).unwrap());
        assert_ne!(one.path(), other.path());
        std::fs::write(one.path().join("text.pdf"), b"x").unwrap();
        let kept = one.path().to_owned();
        drop((one, other));
        assert!(!kept.exists());
        std::fs::remove_dir(&all).unwrap();
    }
}
