//! Backups: a copy taken while the daemon works, and put back. A copy is stamped as it is made: the
//! school in it is on hold, whatever program opens it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::database::Engine;
use super::{Store, StoreError, Tx, holds, sqlite};
use crate::clock::{Clock, Moment};
use crate::private_file::{NotPut, Over};
use crate::{crash, private_file};

/// What `SQLite` keeps beside a database: changes that are not in it yet, or are to be taken back. Whatever
/// file stands at the name of a database is given them.
const SIDES: [&str; 3] = ["-wal", "-journal", "-shm"];

/// Why a backup could not be taken or put back. Nothing that stood was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file of that name.
    #[error("{0} stands already and was not touched; name another file")]
    Stands(PathBuf),
    /// A database where one is to be restored.
    #[error("a database stands at {0} and was not touched")]
    DatabaseStands(PathBuf),
    /// A daemon works on the database that is to be replaced.
    #[error("a program works on {0}; nothing was changed; stop the daemon and do it again")]
    InUse(PathBuf),
    /// What stands beside the database that is to be replaced cannot be taken into it.
    #[error(
        "{path} cannot be made whole before it is kept: {reason}; nothing was changed; free some space on its \
         disk and do it again, or move it elsewhere yourself, with its -wal and -journal beside it"
    )]
    Unfolded {
        /// Which database.
        path: PathBuf,
        /// The words of `SQLite`.
        reason: rusqlite::Error,
    },
    /// No backup, or a damaged one.
    #[error("{path} cannot be restored: {reason}; nothing was changed")]
    Unsound {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The system.
    #[error("cannot write {path}: {reason}; nothing was changed")]
    File {
        /// Which file.
        path: PathBuf,
        /// The system's words.
        reason: io::Error,
    },
    /// The finished file has its name, and a power cut could take it away again.
    #[error(
        "{path} is in its place, and its disk does not confirm it: {reason}; until it does, keep what \
         you have of it elsewhere"
    )]
    Unconfirmed {
        /// Which file.
        path: PathBuf,
        /// The system's words.
        reason: io::Error,
    },
    /// The database is no file.
    #[error(
        "the database is a server's: copy it with pg_dump, and put it back with pg_restore while no \
         daemon runs: it starts on hold, as a restored file does; nothing was changed"
    )]
    OnAServer,
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl Store {
    /// Copies the database into `file`, which appears whole or not at all, readable by its owner
    /// alone. Everybody else works on meanwhile.
    pub async fn back_up(&self, file: &Path, clock: &Clock) -> Result<(), BackupError> {
        let Engine::Sqlite(sqlite) = &self.0 else { return Err(BackupError::OnAServer) };
        if file.symlink_metadata().is_ok() {
            return Err(BackupError::Stands(file.to_owned()));
        }
        let as_of = clock.now();
        let part = part_beside(file);
        make_private(&part)?;
        let copied = sqlite.copy_to(part.clone()).await;
        let stamped = copied.and_then(|()| stamp_copy(&part, as_of, clock.now()));
        let placed = stamped.map_err(BackupError::from).and_then(|()| place(&part, file));
        discard(&part);
        placed
    }
}

/// Puts a backup in the place of the database at `database`, on hold. With `replace`, a database
/// that stands there is kept beside; its new name. Whenever this is cut off, a whole database stands at
/// that place: the old one or the new one. Where the old one is damaged and has changes beside it, none may
/// stand there, and all of the old one is kept.
pub fn restore(
    file: &Path,
    database: &Path,
    replace: bool,
    now: Moment,
) -> Result<Option<PathBuf>, BackupError> {
    if stands(database) && !replace {
        return Err(BackupError::DatabaseStands(database.to_owned()));
    }
    let part = part_beside(database);
    let restored = prepare(file, &part, now).and_then(|()| {
        if stands(database) {
            replace_by(&part, database, now).map(Some)
        } else {
            place(&part, database).map(|()| None)
        }
    });
    discard(&part);
    restored
}

/// Gives the finished file the name of a database that stands, which is kept beside; its new name.
fn replace_by(part: &Path, database: &Path, now: Moment) -> Result<PathBuf, BackupError> {
    // A disk that does not take its bytes says so before anything is done to what stands.
    private_file::keep_bytes(part).map_err(|reason| told(database, NotPut::Unnamed(reason)))?;
    crash::point("restore.before_keep");
    let kept = keep_beside(database, now)?;
    let put = private_file::put(part, database, Over::Whatever, "restore");
    put.map_err(|why| told(database, why))?;
    Ok(kept)
}

/// A copy of the backup that is known to be sound, of this version's schema, and on hold.
fn prepare(file: &Path, part: &Path, now: Moment) -> Result<(), BackupError> {
    let unsound = |reason: String| BackupError::Unsound { path: file.to_owned(), reason };
    let taken_at = draft(file, part)?;
    let copy = Connection::open(part).map_err(|error| unsound(error.to_string()))?;
    check(&copy).map_err(unsound)?;
    sqlite::migrate(&copy)?;
    let taken_at = taken_at.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
    let as_of = taken_at.map_or(now, |since| Moment(0) + since);
    // What `back_up` stamped stands: it knows better than the file's date.
    holds::put_on_all(&Tx::new(&copy), as_of, now, false)?;
    Ok(())
}

/// Copies a backup under the draft's name, and what stands beside it to where `SQLite` takes it in as the draft
/// is opened; when the latest of it was written.
fn draft(file: &Path, part: &Path) -> Result<Option<SystemTime>, BackupError> {
    let unsound = |reason: String| BackupError::Unsound { path: file.to_owned(), reason };
    // A link has nothing beside it: what belongs to a database stands beside the file itself.
    let whole = fs::canonicalize(file).map_err(|error| unsound(error.to_string()))?;
    let mut latest = None;
    for side in ["", "-wal", "-journal"] {
        let (from, to) = (beside(&whole, side), beside(part, side));
        let about = match fs::metadata(&from) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && !side.is_empty() => continue,
            about => about.map_err(|error| unsound(error.to_string()))?,
        };
        // Not to be opened even: a pipe that nobody writes to is waited for, a device has no end.
        if !about.is_file() {
            return Err(unsound(format!("{} is a folder, a pipe or a device", from.display())));
        }
        let mut from = File::open(&from).map_err(|error| unsound(error.to_string()))?;
        if side.is_empty() {
            discard(part);
        }
        private_file::create(&to)
            .and_then(|mut to| io::copy(&mut from, &mut to))
            .map_err(|reason| BackupError::File { path: to, reason })?;
        latest = latest.max(about.modified().ok());
    }
    Ok(latest)
}

/// Whether it is a whole database of ours.
fn check(copy: &Connection) -> Result<(), String> {
    let one = |sql: &str| {
        let found: Result<String, rusqlite::Error> = copy.query_row(sql, [], |row| row.get(0));
        found.map_err(|error| error.to_string())
    };
    one("PRAGMA journal_mode = DELETE")?;
    match one("PRAGMA integrity_check(1)")?.as_str() {
        "ok" => {}
        damage => return Err(format!("it is damaged ({damage})")),
    }
    let ours = "SELECT CAST(COUNT(*) AS TEXT) FROM sqlite_schema WHERE name IN ('migrations', 'deliveries')";
    if one(ours)? == "2" { Ok(()) } else { Err("it is no database of Chappe".to_owned()) }
}

fn stamp_copy(part: &Path, as_of: Moment, now: Moment) -> Result<(), StoreError> {
    let copy = Connection::open(part)?;
    holds::put_on_all(&Tx::new(&copy), as_of, now, true)
}

/// Gives the finished file its name, for good; never in the place of another.
fn place(part: &Path, file: &Path) -> Result<(), BackupError> {
    let not_put = |why| match why {
        NotPut::Unnamed(reason) if reason.kind() == io::ErrorKind::AlreadyExists => {
            BackupError::Stands(file.to_owned())
        }
        why => told(file, why),
    };
    private_file::put(part, file, Over::Nothing, "backup").map_err(not_put)
}

fn told(file: &Path, why: NotPut) -> BackupError {
    let path = file.to_owned();
    match why {
        NotPut::Unnamed(reason) => BackupError::File { path, reason },
        NotPut::Unconfirmed(reason) => BackupError::Unconfirmed { path, reason },
    }
}

/// Waits until a name that was just given outlives a power cut.
fn confirm(file: &Path) -> Result<(), BackupError> {
    private_file::keep_names(private_file::folder_of(file))
        .map_err(|reason| told(file, NotPut::Unconfirmed(reason)))
}

/// Gives a database that nobody works on a second name, a damaged one with all that it has; then what stood
/// beside that one is taken away, where the file that comes would be given it.
fn keep_beside(database: &Path, now: Moment) -> Result<PathBuf, BackupError> {
    fold_if_sound(database)?;
    let kept = beside(database, &format!(".before-{}", now.0));
    // The database itself last: its second name says that all of it is there.
    for side in ["-wal", "-journal", ""] {
        let (from, to) = (beside(database, side), beside(&kept, side));
        let failed = |reason| BackupError::File { path: to.clone(), reason };
        keep(&from, &to).or_else(missing_is_well).map_err(failed)?;
    }
    confirm(&kept)?;
    crash::point("restore.kept");
    remove_sides(database)?;
    Ok(kept)
}

/// Takes away what stands beside a database that is kept. The database goes first: without what stood beside
/// it, it would pass for whole, should this be cut off.
fn remove_sides(database: &Path) -> Result<(), BackupError> {
    let sides = SIDES.map(|side| beside(database, side));
    if !sides.iter().any(|side| side.exists()) {
        return Ok(());
    }
    let remove = |file: &Path| {
        let failed = |reason| BackupError::File { path: file.to_owned(), reason };
        fs::remove_file(file).or_else(missing_is_well).map_err(failed)
    };
    remove(database)?;
    confirm(database)?;
    sides.iter().try_for_each(|side| remove(side))
}

/// A second name of a file, or where it can have one alone, a copy under that name.
fn keep(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Err(error) if !is_final(&error) => {
            let (mut from, part) = (File::open(from)?, part_beside(to));
            let mut copy = private_file::create(&part)?;
            let copied = io::copy(&mut from, &mut copy);
            let kept =
                copied.and_then(|_| Ok(private_file::put(&part, to, Over::Nothing, "keep")?));
            kept.inspect_err(|_| drop(fs::remove_file(&part)))
        }
        linked => linked,
    }
}

/// Whether it says more than that the disk has no second names.
fn is_final(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound)
}

/// Takes in what stands beside a database. A damaged one stays as it is; any other that cannot take it in has
/// lost nothing yet, and is left to somebody who looks.
fn fold_if_sound(database: &Path) -> Result<(), BackupError> {
    let Err(reason) = fold(database) else { return Ok(()) };
    match reason.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            Err(BackupError::InUse(database.to_owned()))
        }
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Ok(()),
        // Its log alone stands there.
        _ if !database.exists() => Ok(()),
        _ => Err(BackupError::Unfolded { path: database.to_owned(), reason }),
    }
}

/// Takes the write-ahead log in; refused while another program has the database open.
fn fold(database: &Path) -> Result<(), rusqlite::Error> {
    let flags = OpenFlags::default().difference(OpenFlags::SQLITE_OPEN_CREATE);
    let old = Connection::open_with_flags(database, flags)?;
    old.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))
}

fn missing_is_well(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

fn stands(database: &Path) -> bool {
    database.exists() || beside(database, "-wal").exists()
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn part_beside(file: &Path) -> PathBuf {
    beside(file, ".part")
}

/// An empty file for its owner alone; one that an interrupted run left is begun again.
fn make_private(part: &Path) -> Result<(), BackupError> {
    discard(part);
    let failed = |reason| BackupError::File { path: part.to_owned(), reason };
    private_file::create(part).map(drop).map_err(failed)
}

/// Removes an unfinished file, and what stands beside it: another one of its name would be given it.
fn discard(part: &Path) {
    let sides = SIDES.map(|side| beside(part, side));
    // Nothing there is the usual case.
    sides.iter().map(PathBuf::as_path).chain([part]).for_each(|file| drop(fs::remove_file(file)));
}
