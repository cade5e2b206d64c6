//! Files of the school that cannot be imported.

use chappe::demo::school::{Size, fictional_college};
use chappe::people::SchoolYear;

use crate::commands::office::{FOLDERS, Office, small_school, today};

const PUPILS: &str = "ElevesSansAdresses.xml";

/// Imports the small school with one file changed: it is refused, and nothing changes.
fn refusal(change: impl Fn(Vec<u8>) -> Vec<u8>) -> String {
    let office = Office::with_school();
    let before = office.rows();
    let (files, changed) = (office.export(&small_school()), office.path(PUPILS));
    let bytes = std::fs::read(&changed).unwrap();
    office.write(PUPILS, change(bytes));
    let arguments = ["import", "--json", "--yes", "--archive-many"].into_iter();
    let told = office.run(arguments.chain(files.iter().map(String::as_str))).failed_in_json();
    assert!(before == office.rows(), "rows changed");
    assert!(told.starts_with(PUPILS), "{told}");
    assert!(told.contains("nothing was changed"), "{told}");
    told
}

fn replaced(from: &str, to: &str) -> impl Fn(Vec<u8>) -> Vec<u8> {
    move |bytes| {
        let at = bytes.windows(from.len()).position(|part| part == from.as_bytes()).unwrap();
        [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
    }
}

#[test]
fn a_broken_xml_is_refused_with_its_line_and_what_to_do() {
    let told = refusal(replaced("</PRENOM>", "</NOM>"));
    assert!(told.contains(", line ") && told.contains("</NOM> where </PRENOM>"), "{told}");
    assert!(told.contains("export it again"), "{told}");
}

#[test]
fn a_file_cut_short_is_refused() {
    let told = refusal(|bytes| bytes[..bytes.len() / 2].to_vec());
    assert!(told.contains(", line ") && told.contains("export it again"), "{told}");
}

#[test]
fn a_file_of_another_school_is_refused() {
    let told = refusal(replaced("0319999Z", "0310001A"));
    assert!(told.contains("line 3: file of another school: found 0310001A"), "{told}");
    assert!(told.contains("[school] uai"), "{told}");
}

#[test]
fn a_file_of_another_year_is_refused() {
    let this = SchoolYear::of(today()).0;
    let told = refusal(replaced(&this.to_string(), &(this - 1).to_string()));
    assert!(told.contains("another school year") && told.contains("line 3"), "{told}");
    assert!(told.contains("export the present year"), "{told}");
}

#[test]
fn a_wrong_encoding_is_refused() {
    let told = refusal(replaced("ISO-8859-15", "UTF-8"));
    assert!(told.contains("declared as UTF-8") && told.contains("byte "), "{told}");
    assert!(told.contains("without opening it in between"), "{told}");
    let told = refusal(replaced("ISO-8859-15", "EBCDIC"));
    assert!(told.contains("unknown encoding \"EBCDIC\""), "{told}");
}

#[test]
fn random_bytes_are_refused() {
    let told = refusal(|_| (0..4_096).map(|_| fastrand::u8(1..)).collect());
    assert!(told.contains(PUPILS), "{told}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let office = Office::new();
    let told = office.run(["import", "Nowhere.xml", "--json"]).failed_in_json();
    assert!(told.contains("cannot read Nowhere.xml") && told.contains("nothing was changed"));
}

#[test]
fn an_import_that_is_refused_or_only_tried_makes_no_database() {
    let office = Office::without_database(FOLDERS);
    let files = office.export(&small_school());
    let import: Vec<&str> =
        ["import"].into_iter().chain(files.iter().map(String::as_str)).collect();
    office.write("letter.csv", "Bonjour");
    office.write("nobody.csv", "Nom;Prénom;Classe;Portable de qui\nARAGO;Lou;6A;06 39 98 00 01\n");
    let names = ["nothere.csv", "letter.csv", "nobody.csv"];
    for name in names {
        office.run(import.iter().copied().chain([name])).failed();
        office.run(["import", name]).failed();
        let database = office.path("chappe.sqlite3");
        assert!(!database.exists(), "made for {name}");
    }
    office.run(import.iter().copied().chain(["--dry-run"])).done();
    assert!(office.run(["status"]).failed().contains("no database stands"));
    let unasked = office.run(import.iter().copied());
    assert!(unasked.code == Some(2) && !office.path("chappe.sqlite3").exists(), "{unasked:?}");
    office.run(import.into_iter().chain(["--yes"])).done();
    assert!(office.run(["audience", "familles", "--json"]).json()["total"].as_u64() > Some(0));
}

#[test]
fn one_bad_file_among_good_ones_stops_all_of_them() {
    let office = Office::new();
    let year = SchoolYear(SchoolYear::of(today()).0);
    let school = fictional_college(9, year, Size { pupils: 40, classes: 4 });
    let files = office.export(&school);
    office.write(&files[2], "<?xml version=\"1.0\"?><STS_EDT>");
    office.run(["import"].into_iter().chain(files.iter().map(String::as_str))).failed();
    assert_eq!(office.run(["audience", "familles", "--json"]).json()["total"], 0);
}
