//! `chappe backup` and `chappe restore`, as programs read them; what they keep is held by `crashes`.

use serde_json::json;

use super::answers;
use super::office::{Office, answer};

#[test]
fn a_backup_and_its_restoring_are_answered_in_json() {
    let office = Office::with_school();
    let mut taken = office.run(["backup", "copy.sqlite3", "--json"]).json();
    assert_eq!(taken["bytes"], office.path("copy.sqlite3").metadata().unwrap().len());
    taken["bytes"] = json!("[bytes]");
    answers::holds("backup", &taken);
    let mut restore = office.command(["restore", "copy.sqlite3", "--json"]);
    restore.env("CHAPPE__STORE__DATABASE", "again.sqlite3");
    answers::holds("restore", &answer(&mut restore).json());
}
