//! `chappe handouts`

use super::answers;
use super::office::Office;

fn make(office: &Office, columns: &str, file: &str) -> super::office::Answer {
    office.run([
        "handouts",
        "make",
        "familles classe:6A",
        "--for",
        "Anne LEROY, CPE",
        "--columns",
        columns,
        "--csv",
        file,
        "--json",
    ])
}

#[test]
fn a_copy_tells_what_was_asked_and_names_its_receiver_on_every_line() {
    let office = Office::with_school();
    let made = make(&office, "name,phone", "6a.csv").json();
    answers::holds("handouts_make", &made);
    assert_eq!(office.rights_of("6a.csv"), 0o600);
    let text = std::fs::read_to_string(office.path("6a.csv")).unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    assert_eq!(lines.next(), Some("\"Nom\";\"Téléphone\";\"Exemplaire\""));
    let rows: Vec<&str> = lines.collect();
    assert_eq!(rows.len() as u64, made["persons"].as_u64().unwrap());
    assert!(rows.iter().all(|row| row.contains("Exemplaire n° 1 remis à Anne LEROY, CPE le ")));
    assert!(!text.contains('@'), "an address that nobody asked for: {text}");
}

#[test]
fn every_copy_is_numbered_and_logged_and_no_file_is_written_over() {
    let office = Office::with_school();
    assert!(office.run(["handouts"]).done().contains("No list was made yet"));
    make(&office, "name", "one.csv").done();
    let told = make(&office, "name", "one.csv").failed_in_json();
    assert!(told.contains("no list was made"), "{told}");
    assert_eq!(make(&office, "name,pupils", "two.csv").json()["number"], 2);
    let listed = office.run(["handouts", "list", "--json"]).lines();
    let me = format!("cli:{}", whoami::username().unwrap());
    answers::holds_but_for("handouts", &listed, &[(&me, "[me]")]);
    let log = office.run(["handouts"]).done();
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(log.contains("Anne LEROY, CPE") && log.contains("name,pupils"), "{log}");
}

#[test]
fn a_list_for_nobody_or_of_an_unknown_column_is_refused() {
    let office = Office::with_school();
    assert_eq!(make(&office, "name,religion", "x.csv").code, Some(2));
    let nobody = ["handouts", "make", "familles classe:6A", "--for", " ", "--csv", "x.csv"];
    assert!(office.run(nobody).failed().contains("who receives"));
    assert!(!office.path("x.csv").exists(), "an empty file was left");
}
