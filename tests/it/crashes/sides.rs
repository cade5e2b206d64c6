//! A database copied by hand: what its daemon had not taken in yet when it was killed stands beside it, and comes
//! back with it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use crate::commands::office::Office;

const DATABASE: &str = "chappe.sqlite3";

/// Somebody who has the database open, so that no program that ends takes its log in, as none does that is killed.
fn open_as_others(file: &Path) -> Connection {
    let other = Connection::open(file).unwrap();
    other.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0)).unwrap();
    other
}

/// Notes two rulings: a guardian must not hear of a pupil.
fn note_rulings(office: &Office) {
    let list = ["contacts", "list", "all", "--to", "familles classe:6A", "--json"];
    let list = office.run(list).json();
    let guardians: BTreeMap<&str, &str> = (list.as_array().unwrap().iter())
        .map(|line| (line["person"].as_str().unwrap(), line["about"][0].as_str().unwrap()))
        .collect();
    for (who, about) in guardians.into_iter().take(2) {
        let pupil = about.split(" (").next().unwrap();
        office.run(["people", "restrict", who, "--pupil", pupil, "--why", "court"]).done();
    }
}

fn rulings(office: &Office) -> i64 {
    let database = Connection::open(office.path(DATABASE)).unwrap();
    database.query_row("SELECT COUNT(*) FROM restrictions", [], |row| row.get(0)).unwrap()
}

#[test]
fn rulings_that_stand_beside_a_copied_database_are_restored_with_it() {
    let office = Office::with_school();
    let other = open_as_others(&office.path(DATABASE));
    note_rulings(&office);
    let copied = office.path("copied");
    std::fs::create_dir(&copied).unwrap();
    for side in ["", "-wal"] {
        let name = format!("{DATABASE}{side}");
        std::fs::copy(office.path(&name), copied.join(&name)).unwrap();
    }
    drop(other);
    std::os::unix::fs::symlink(copied.join(DATABASE), office.path("latest")).unwrap();
    for name in ["copied/chappe.sqlite3", "latest"] {
        std::fs::remove_file(office.path(DATABASE)).unwrap();
        office.run(["restore", name]).done();
        assert_eq!(rulings(&office), 2, "{name}");
    }
    assert!(copied.join("chappe.sqlite3-wal").exists(), "the copy was changed");
}

#[test]
fn a_transaction_that_was_cut_off_in_a_copied_database_is_taken_back() {
    let office = Office::with_school();
    let before = office.rows();
    let database = Connection::open(office.path(DATABASE)).unwrap();
    let cut_off = "PRAGMA journal_mode = DELETE; PRAGMA cache_size = 1; BEGIN IMMEDIATE; \
                   UPDATE persons SET family_name = hex(randomblob(400))";
    database.execute_batch(cut_off).unwrap();
    for side in ["", "-journal"] {
        let copy = office.path(&format!("copy.sqlite3{side}"));
        std::fs::copy(office.path(&format!("{DATABASE}{side}")), copy).unwrap();
    }
    drop(database);
    std::fs::remove_file(office.path(DATABASE)).unwrap();
    office.run(["restore", "copy.sqlite3"]).done();
    assert!(before == office.rows(), "half a transaction was restored");
}

#[test]
fn what_is_no_regular_file_is_refused_before_it_is_opened() {
    let office = Office::with_school();
    let before = office.rows();
    office.run(["backup", "copy.sqlite3"]).done();
    for pipe in ["pipe", "copy.sqlite3-wal"] {
        assert!(Command::new("mkfifo").arg(office.path(pipe)).status().unwrap().success());
    }
    for name in ["pipe", "copy.sqlite3", "/dev/zero", "."] {
        let mut restore = Command::new("timeout");
        restore.args(["10", env!("CARGO_BIN_EXE_chappe"), "restore", name, "--replace"]);
        let restore = restore.current_dir(office.path(""));
        let told = crate::commands::office::answer(restore).failed_in(&before, &office);
        assert!(told.contains("a folder, a pipe or a device"), "{name}: {told}");
        assert!(told.contains("nothing was changed"), "{name}: {told}");
    }
    let told = office.run(["backup", "/dev/null"]).failed();
    assert!(told.contains("stands already"), "{told}");
}
