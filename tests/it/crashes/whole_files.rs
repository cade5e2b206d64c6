//! A restore or a backup that dies at any point leaves a whole file at its place, or none: on a disk where a file
//! may have several names, and on one where it may not, as on a key formatted with FAT.

use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use chappe::store::Store;
use tempfile::TempDir;

use crate::commands::office::{Office, answer};

const SHIM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/power_cut/one_name.c");
const DATABASE: &str = "chappe.sqlite3";
const BACKUP: &str = "copy.sqlite3";

/// An office with a backup, and what was launched since.
struct Scene {
    office: Office,
    /// The database as it stood, closed and whole.
    standing: Vec<u8>,
    rows_standing: String,
    rows_of_backup: String,
    /// Refuses second names; `None` where this disk allows them.
    shim: Option<PathBuf>,
    _aside: TempDir,
}

impl Scene {
    /// `None` where there is no compiler for a disk of one name a file.
    fn set(has_one_name: bool) -> Option<Self> {
        let aside = TempDir::new().unwrap();
        let shim = aside.path().join("one_name.so");
        if has_one_name {
            let compile = ["-shared", "-fPIC", "-O1", "-o"];
            let compiled = Command::new("cc").args(compile).arg(&shim).arg(SHIM).status();
            let Ok(status) = compiled else {
                println!("skipped: no C compiler here (apt-get install gcc)");
                return None;
            };
            assert!(status.success(), "the shim does not compile");
        }
        let office = Office::with_school();
        office.send_to("familles classe:6A");
        office.run(["backup", BACKUP]).done();
        let rows_of_backup = office.rows();
        office.send_to("familles classe:5A");
        let rows_standing = office.rows();
        let standing = std::fs::read(office.path(DATABASE)).unwrap();
        let shim = has_one_name.then_some(shim);
        Some(Self { office, standing, rows_standing, rows_of_backup, shim, _aside: aside })
    }

    /// As it was before anything was restored.
    fn begin_again(&self) {
        for name in names_in(&self.office.path("")) {
            if name.starts_with(DATABASE) || name.starts_with("second") {
                std::fs::remove_file(self.office.path(&name)).unwrap();
            }
        }
        std::fs::write(self.office.path(DATABASE), &self.standing).unwrap();
    }

    fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.office.command(arguments);
        if let Some(shim) = &self.shim {
            command.env("LD_PRELOAD", shim);
        }
        command
    }

    /// Runs a command that dies there; the only way in which it may end otherwise is not at all.
    fn dies_at(&self, point: &str, arguments: &[&str]) {
        let mut command = self.command(arguments.iter().copied());
        let status = command.env("FAILPOINTS", format!("{point}=return")).status().unwrap();
        assert_eq!(status.signal(), Some(6), "{point} is never passed: {status}");
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let names = std::fs::read_dir(folder).unwrap();
    names.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn each_disk(test: impl Fn(&Scene)) {
    for has_one_name in [false, true] {
        if let Some(scene) = Scene::set(has_one_name) {
            test(&scene);
        }
    }
}

#[test]
fn a_restore_that_dies_leaves_the_old_database_or_the_new_one_whole() {
    let restore = ["restore", BACKUP, "--replace"];
    each_disk(|scene| {
        let office = &scene.office;
        for point in
            ["restore.before_keep", "restore.kept", "restore.before_name", "restore.after_name"]
        {
            scene.begin_again();
            scene.dies_at(point, &restore);
            let is_new = point == "restore.after_name";
            let expected = if is_new { &scene.rows_of_backup } else { &scene.rows_standing };
            assert!(*expected == office.rows(), "{point}: neither the old one nor the new one");
            office.run(["status"]).done();
            let again = answer(&mut scene.command(restore)).done();
            assert!(again.contains("on hold"), "{point}: {again}");
            assert!(scene.rows_of_backup == office.rows(), "{point}: not restored by the next run");
            let left = names_in(&office.path(""));
            assert!(!left.iter().any(|name| name.contains(".part")), "{point}: {left:?}");
            let kept = left.iter().filter(|name| name.contains(".before-"));
            let kept: Vec<String> = kept.map(|name| rows_of(&office.path(name))).collect();
            assert!(kept.contains(&scene.rows_standing), "{point}: what stood is not kept");
        }
    });
}

/// The rows of a database that was kept beside, as an office has them.
fn rows_of(file: &Path) -> String {
    let office = Office::empty();
    std::fs::copy(file, office.path(DATABASE)).unwrap();
    office.rows()
}

#[test]
fn a_backup_that_dies_leaves_a_whole_file_or_none() {
    each_disk(|scene| {
        let office = &scene.office;
        for (point, stands) in [("backup.before_name", false), ("backup.after_name", true)] {
            scene.begin_again();
            scene.dies_at(point, &["backup", "second.sqlite3"]);
            let file = office.path("second.sqlite3");
            assert_eq!(file.exists(), stands, "{point}");
            if stands {
                assert!(scene.rows_standing == rows_of(&file), "{point}: half a backup");
            }
            let again = answer(&mut scene.command(["backup", "second.sqlite3"]));
            if stands {
                assert!(again.failed().contains("stands already"), "{point}");
            } else {
                again.done();
                assert!(scene.rows_standing == rows_of(&file), "{point}");
            }
            assert_eq!(office.rights_of("second.sqlite3"), 0o600);
        }
    });
}

#[test]
fn what_an_interrupted_run_left_beside_its_draft_is_not_taken_for_a_part_of_the_next_one() {
    let scene = Scene::set(false).unwrap();
    let (office, school) = (&scene.office, "0319999Z");
    // The journal of another database, as a run that was cut off in its middle leaves it.
    let other = rusqlite::Connection::open(office.path("other.sqlite3")).unwrap();
    let pages = "PRAGMA journal_mode = DELETE; CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(90000)); \
                 PRAGMA cache_size = 1; BEGIN; UPDATE t SET a = randomblob(90000)";
    other.execute_batch(pages).unwrap();
    let journal = office.path("other.sqlite3-journal");
    for draft in ["chappe.sqlite3.part", "second.sqlite3.part"] {
        std::fs::copy(&journal, office.path(&format!("{draft}-journal"))).unwrap();
        std::fs::copy(office.path("other.sqlite3"), office.path(draft)).unwrap();
    }
    office.run(["restore", BACKUP, "--replace"]).done();
    assert!(scene.rows_of_backup == office.rows(), "another file's pages are in it: {school}");
    office.run(["backup", "second.sqlite3"]).done();
    assert!(scene.rows_of_backup == rows_of(&office.path("second.sqlite3")));
}

/// A damaged head, and a log that cannot be taken in because of it; the log.
fn damage(office: &Office) -> Vec<u8> {
    let log = log_of_changes(office);
    std::fs::write(office.path(DATABASE), vec![0xAA; 20_000]).unwrap();
    std::fs::write(office.path("chappe.sqlite3-wal"), &log).unwrap();
    log
}

/// What stands beside a database whose pupils somebody deletes, who is killed.
fn log_of_changes(office: &Office) -> Vec<u8> {
    let store = Store::in_line(&office.path(DATABASE)).unwrap();
    let connection = rusqlite::Connection::open(office.path(DATABASE)).unwrap();
    connection.execute("DELETE FROM pupils", []).unwrap();
    let log = std::fs::read(office.path("chappe.sqlite3-wal")).unwrap();
    drop(store);
    log
}

#[test]
fn a_database_that_cannot_take_its_log_in_keeps_it_and_is_not_replaced() {
    let scene = Scene::set(false).unwrap();
    let office = &scene.office;
    let log = log_of_changes(office);
    std::fs::write(office.path(DATABASE), &scene.standing).unwrap();
    std::fs::write(office.path("chappe.sqlite3-wal"), &log).unwrap();
    // Nothing can be shared about the log, so that SQLite opens none.
    std::fs::create_dir(office.path("chappe.sqlite3-shm")).unwrap();
    let told = office.run(["restore", BACKUP, "--replace"]).failed();
    assert!(
        told.contains("cannot be made whole") && told.contains("nothing was changed"),
        "{told}"
    );
    assert!(scene.standing == std::fs::read(office.path(DATABASE)).unwrap());
    assert!(log == std::fs::read(office.path("chappe.sqlite3-wal")).unwrap());
    let left = names_in(&office.path(""));
    assert!(!left.iter().any(|name| name.contains(".before-")), "{left:?}");
}

#[test]
fn a_damaged_database_never_stands_without_its_log_when_a_restore_dies() {
    let scene = Scene::set(false).unwrap();
    let office = &scene.office;
    for point in ["restore.kept", "restore.before_name"] {
        scene.begin_again();
        let log = damage(office);
        scene.dies_at(point, &["restore", BACKUP, "--replace"]);
        let stands = |name: &str| office.path(name).exists();
        assert!(stands("chappe.sqlite3-wal") || !stands(DATABASE), "{point}");
        let names = names_in(&office.path(""));
        let kept = names.iter().find(|it| it.contains(".before-") && it.ends_with("-wal")).unwrap();
        assert!(log == std::fs::read(office.path(kept)).unwrap(), "{point}");
        answer(&mut scene.command(["restore", BACKUP, "--replace"])).done();
        assert!(scene.rows_of_backup == office.rows(), "{point}");
    }
}

#[test]
fn changes_that_a_damaged_database_had_beside_it_are_kept_and_not_given_to_the_new_one() {
    let scene = Scene::set(false).unwrap();
    let office = &scene.office;
    let log = damage(office);
    let answer = office.run(["restore", BACKUP, "--replace", "--json"]).json();
    assert!(scene.rows_of_backup == office.rows(), "the old one's changes came with it");
    let kept = answer["kept"].as_str().unwrap();
    assert_eq!(std::fs::read(office.path(kept)).unwrap(), vec![0xAA; 20_000]);
    assert_eq!(std::fs::read(office.path(&format!("{kept}-wal"))).unwrap(), log);
}
