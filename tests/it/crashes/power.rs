//! The power goes at every sync of the disk, and whatever was not synced is lost, or reached the
//! disk in part: what was answered stands, and nothing leaves that the database does not know of.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use chappe::demo::school::{Size, fictional_college};
use chappe::message::Code;
use chappe::people::SchoolYear;
use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

use super::disk::{Disk, Record, Unsynced, answered, records};
use crate::commands::office::{Daemon, FIELDS, FOLDERS, Office, today};

const SHIM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/power_cut/shim.c");

/// An office on a disk whose every change is known.
struct Watched {
    office: Office,
    /// The shim and the journal, on another disk.
    aside: TempDir,
}

impl Watched {
    /// Compiles the shim; `None` where there is no compiler.
    fn set() -> Option<Self> {
        let aside = TempDir::new().unwrap();
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(aside.path().join("shim.so"))
            .arg(SHIM)
            .status();
        let Ok(status) = compiled else {
            println!("skipped: no C compiler here (apt-get install gcc)");
            return None;
        };
        assert!(status.success(), "the shim does not compile");
        Some(Self { office: Office::without_database(FOLDERS), aside })
    }

    fn journal(&self) -> PathBuf {
        self.aside.path().join("journal")
    }

    fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.office.command(arguments);
        command
            .env("LD_PRELOAD", self.aside.path().join("shim.so"))
            .env("POWER_CUT_DISK", self.office.path("").canonicalize().unwrap())
            .env("POWER_CUT_JOURNAL", self.journal());
        command
    }

    /// Runs a command and notes that its answer was given.
    fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Value {
        let answer = crate::commands::office::answer(&mut self.command(arguments)).json();
        let mut journal = File::options().append(true).open(self.journal()).unwrap();
        journal.write_all(&answered(&answer.to_string())).unwrap();
        answer
    }

    fn send(&self, audience: &str) -> String {
        let arguments = ["send", "fermeture", "--to", audience, "--again", "--json"];
        let sent = self.run(arguments.into_iter().chain(FIELDS));
        sent["message"].as_str().unwrap().to_owned()
    }
}

/// What people were answered by the moment of a cut.
#[derive(Default)]
struct Answers {
    is_imported: bool,
    messages: Vec<(String, i64)>,
}

impl Answers {
    fn note(&mut self, answer: &str) {
        let answer: Value = serde_json::from_str(answer).unwrap();
        match answer["message"].as_str() {
            Some(code) => {
                let total = answer["addressees"]["total"].as_i64().unwrap();
                self.messages.push((code.to_owned(), total));
            }
            None => self.is_imported = true,
        }
    }
}

/// Imports, launches, sends by a daemon that others launch beside, and stops; the journal of it all.
fn a_day(watched: &Watched) -> Vec<Record> {
    let school = fictional_college(3, SchoolYear::of(today()), Size { pupils: 12, classes: 2 });
    let files = watched.office.export(&school);
    fs::create_dir_all(watched.office.path("out/email")).unwrap();
    fs::create_dir_all(watched.office.path("out/sms")).unwrap();
    watched.run(["import", "--json", "--yes"].into_iter().chain(files.iter().map(String::as_str)));
    let first = watched.send("familles");
    let daemon = Daemon::start(watched.command(["serve", "--json"]));
    let second = watched.send("familles");
    for code in [first, second] {
        crate::commands::office::answer(&mut watched.command(["watch", &code, "--json"])).done();
    }
    assert_eq!(daemon.interrupt().0, Some(0));
    records(&fs::read(watched.journal()).unwrap())
}

/// References of the messages that a provider's folder shows.
fn in_folders<'a>(names: impl Iterator<Item = &'a Path>) -> BTreeSet<String> {
    let here = names.filter(|name| name.components().any(|part| part.as_os_str() == "out"));
    let stems = here.filter_map(|name| name.file_stem()?.to_str().map(str::to_owned));
    stems.filter(|stem| !stem.starts_with('.')).collect()
}

/// References of deliveries that carry for themselves, with their states.
fn deliveries(database: &Connection) -> Vec<(String, String)> {
    let mut statement = database
        .prepare(
            "SELECT m.code, a.number, d.leg, d.state FROM deliveries d \
             JOIN addressees a ON a.id = d.addressee_id JOIN messages m ON m.id = d.message_id \
             WHERE d.leader_id IS NULL AND d.channel IN ('email', 'sms')",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        let code = Code::from_stored(row.get(0)?);
        let leg: u8 = row.get(2)?;
        Ok((code.delivery(row.get(1)?, usize::from(leg)), row.get(3)?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

fn count(database: &Connection, sql: &str, value: &str) -> i64 {
    database.query_row(sql, [value], |row| row.get(0)).unwrap()
}

/// What is left of the disk holds every answer, and knows of all that left.
fn check(left: &Path, answers: &Answers, sent: &BTreeSet<String>, what: &str) {
    let path = left.join("chappe.sqlite3");
    if !path.exists() {
        let nothing = !answers.is_imported && answers.messages.is_empty() && sent.is_empty();
        assert!(nothing, "{what}: no database any more");
        return;
    }
    let database = Connection::open(&path).unwrap();
    let sound: Result<String, _> = database.query_row("PRAGMA integrity_check", [], |it| it.get(0));
    assert_eq!(sound.as_deref(), Ok("ok"), "{what}");
    if answers.is_imported {
        let pupils = count(&database, "SELECT COUNT(*) FROM pupils WHERE key <> ?1", "");
        assert_eq!(pupils, 12, "{what}");
    }
    for (code, total) in &answers.messages {
        let sql = "SELECT COUNT(*) FROM addressees a JOIN messages m ON m.id = a.message_id \
                   WHERE m.code = ?1";
        assert_eq!(count(&database, sql, code), *total, "{what}: message {code}");
    }
    if answers.messages.is_empty() {
        return;
    }
    let there = ["out/email", "out/sms"].map(|folder| left.join(folder));
    let there = there.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    let there: Vec<PathBuf> = there.map(|it| it.unwrap().path()).collect();
    let there = in_folders(there.iter().map(PathBuf::as_path));
    for (reference, state) in deliveries(&database) {
        assert!(
            state != "waiting" || !sent.contains(&reference),
            "{what}: {reference} has left, and would leave again without a mark"
        );
        assert!(
            state != "accepted" || there.contains(&reference),
            "{what}: {reference} is said to have left, and is gone"
        );
    }
}

#[test]
fn a_power_cut_at_any_sync_loses_nothing_that_was_answered() {
    let Some(watched) = Watched::set() else { return };
    let records = a_day(&watched);
    let root = watched.office.path("").canonicalize().unwrap();
    let (mut disk, mut answers, mut syncs) = (Disk::default(), Answers::default(), 0);
    for record in &records {
        if let Record::Answered(answer) = record {
            answers.note(answer);
        }
        let is_sync = matches!(record, Record::SyncFile { .. } | Record::SyncFolder { .. });
        if is_sync {
            syncs += 1;
            let sent = in_folders(disk.names());
            for unsynced in Unsynced::ALL {
                let left = TempDir::new().unwrap();
                disk.cut(unsynced, &root, left.path());
                check(left.path(), &answers, &sent, &format!("sync {syncs}, {unsynced:?}"));
            }
        }
        disk.take(record);
    }
    assert_eq!(answers.messages.len(), 2);
    assert!(answers.is_imported && syncs > 60, "{syncs} syncs: the shim does not see them");
    let left = TempDir::new().unwrap();
    disk.cut(Unsynced::Lost, &root, left.path());
    let sent = in_folders(disk.names());
    assert!(sent.len() > 20, "{} left: too few to tell", sent.len());
    check(left.path(), &answers, &sent, "the end");
}
