//! What to type where the database, a backup or a move fails.

use crate::store::{BackupError, MoveError, StoreError};

/// Of a read or a write.
pub(super) fn work(error: &StoreError) -> &'static str {
    match error {
        StoreError::NoDatabase(_) => {
            "; name the right one under [store] database, put a backup there with `chappe restore`, or make \
             one with `chappe import`"
        }
        StoreError::Damaged(_) => " with `chappe restore --replace`, which keeps this one beside",
        StoreError::WrongCollation { .. } => {
            "; make it with createdb --locale=C.UTF-8 --template=template0"
        }
        StoreError::DaemonAtWork { .. } => ": let it work, or stop it first",
        StoreError::Lost => ": look with `chappe status` before you do it again",
        StoreError::Overtaken => ": `chappe status` shows theirs",
        StoreError::DiskFull
        | StoreError::CannotOpen { .. }
        | StoreError::ReadOnly
        | StoreError::OpenToOthers(_)
        | StoreError::BadUrl
        | StoreError::CannotConnect { .. }
        | StoreError::Collided
        | StoreError::NotADatabase(_)
        | StoreError::Locked
        | StoreError::NewerSchema { .. }
        | StoreError::ChangedMigration(_)
        | StoreError::Moved(_)
        | StoreError::Unreadable(_)
        | StoreError::Closed
        | StoreError::Refused(_) => "",
    }
}

/// Of a backup that was not taken or not put back.
pub(super) fn backup(error: &BackupError) -> &'static str {
    match error {
        BackupError::DatabaseStands(_) => {
            "; with --replace it is kept beside, and the backup takes its place"
        }
        BackupError::Stands(_)
        | BackupError::InUse(_)
        | BackupError::Unfolded { .. }
        | BackupError::Unsound { .. }
        | BackupError::File { .. }
        | BackupError::Unconfirmed { .. }
        | BackupError::OnAServer
        | BackupError::Store(_) => "",
    }
}

/// Of a school that did not move.
pub(super) fn removal(error: &MoveError) -> &'static str {
    match error {
        MoveError::BadUrl => {
            ": name it after --to; a password with signs of its own stands in a file: --password-file"
        }
        MoveError::CannotConnect { .. } => "; check that the server runs, --to and --password-file",
        MoveError::OnAServer
        | MoveError::Missing(_)
        | MoveError::InUse(_)
        | MoveError::NobodyThere(_)
        | MoveError::Gone(_)
        | MoveError::Known { .. }
        | MoveError::Uncopied { .. }
        | MoveError::Miscounted { .. }
        | MoveError::InDoubt(_)
        | MoveError::Target { .. }
        | MoveError::Source(_) => "",
    }
}
