//! `chappe import`

use chappe::demo::school::School;
use chappe::people::PupilKey;
use serde_json::{Value, json};

use super::office::{Office, small_school};

fn import(office: &Office, files: &[String], more: &[&str]) -> super::office::Answer {
    let files = files.iter().map(String::as_str);
    office.run(["import", "--json"].into_iter().chain(more.iter().copied()).chain(files))
}

#[test]
fn a_dry_run_shows_everything_and_changes_nothing() {
    let office = Office::new();
    let school = small_school();
    let files = office.export(&school);
    let shown = import(&office, &files, &["--dry-run"]).json();
    assert_eq!(shown["applied"], false);
    assert_eq!(
        shown["files"],
        json!([
            { "path": "ElevesSansAdresses.xml", "kind": "siecle-eleves" },
            { "path": "ResponsablesAvecAdresses.xml", "kind": "siecle-responsables" },
            { "path": files[2], "kind": "sts" },
        ])
    );
    let shape = school.shape();
    let added = |n: usize| json!({ "added": n, "changed": 0, "archived": 0, "unchanged": 0 });
    assert_eq!(shown["pupils"], added(shape.pupils));
    assert_eq!(shown["guardians"], added(shape.guardians));
    assert_eq!(shown["staff"], added(shape.staff));
    assert!(shown["households"]["total"].as_u64() > Some(30), "{shown}");
    let aside = shown["set_aside"].as_array().unwrap();
    assert!(!aside.is_empty());
    for one in aside {
        assert!(one["file"].is_string() && one["line"].is_u64(), "{one}");
        assert!(one["what"].is_string() && one["reason"].is_string(), "{one}");
    }
    let audience = office.run(["audience", "familles", "--json"]).json();
    assert_eq!(audience["total"], 0);
}

#[test]
fn the_same_files_twice_change_nothing() {
    let office = Office::new();
    let school = small_school();
    assert_eq!(office.import(&school)["applied"], true);
    let before = office.rows();
    let again = office.import(&school);
    for kind in ["pupils", "guardians", "staff"] {
        for change in ["added", "changed", "archived"] {
            assert_eq!(again[kind][change], 0, "{kind} {change}");
        }
    }
    assert_eq!(again["pupils"]["unchanged"], 60);
    assert!(before == office.rows(), "rows changed");
}

/// The school without its first pupils: a complete export that lacks them.
fn without(school: &School, count: usize) -> School {
    let mut school = school.clone();
    let gone: Vec<PupilKey> = school.pupils.drain(..count).map(|pupil| pupil.key).collect();
    school.guardianships.retain(|tie| !gone.contains(&tie.pupil));
    school
}

#[test]
fn a_known_pupil_missing_from_a_complete_file_is_archived() {
    let office = Office::new();
    let school = small_school();
    office.import(&school);
    let before = office.run(["audience", "familles", "--json"]).json();
    let after = office.import(&without(&school, 2));
    assert_eq!(after["pupils"]["archived"], 2);
    assert_eq!(after["pupils"]["unchanged"], 58);
    let now = office.run(["audience", "familles", "--json"]).json();
    assert!(now["total"].as_u64() < before["total"].as_u64());
    // They come back with the complete file.
    assert_eq!(office.import(&school)["pupils"]["added"], 2);
}

#[test]
fn more_than_a_tenth_gone_needs_a_second_word_and_changes_nothing_without() {
    let office = Office::new();
    let school = small_school();
    office.import(&school);
    let before = office.rows();
    let files = office.export(&without(&school, 20));
    let refused = import(&office, &files, &[]);
    let shown: Value = serde_json::from_str(refused.out.lines().next().unwrap()).unwrap();
    assert_eq!((&shown["applied"], &shown["pupils"]["archived"]), (&json!(false), &json!(20)));
    let reason = refused.failed_in_json();
    assert!(reason.contains("Nothing was changed") && reason.contains("--archive-many"));
    assert!(before == office.rows(), "rows changed");
    let applied = import(&office, &files, &["--archive-many"]).json();
    assert_eq!(applied["pupils"]["archived"], 20);
}

#[test]
fn a_file_of_staff_alone_archives_no_family() {
    let office = Office::with_school();
    let files = office.export(&small_school());
    let told = import(&office, &files[2..], &[]).json();
    assert_eq!(told["pupils"], json!({"added": 0, "changed": 0, "archived": 0, "unchanged": 60}));
}

#[test]
fn no_file_at_all_is_used_wrongly() {
    assert_eq!(Office::new().run(["import"]).code, Some(2));
}
