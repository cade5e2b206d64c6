//! `chappe init`

use super::office::Office;

#[test]
fn a_written_configuration_holds_the_given_school_and_reads() {
    let office = Office::empty();
    let told = office.run(["init", "--uai", "0310001A", "--name", "Lycée \"Ampère\""]).done();
    assert!(told.contains("chappe.toml is written"), "{told}");
    let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let written: toml::Table = text.parse().unwrap();
    assert_eq!(written["school"]["uai"].as_str(), Some("0310001A"));
    assert_eq!(written["school"]["name"].as_str(), Some("Lycée \"Ampère\""));
    // Every other command reads it, and finds an empty database.
    office.run(["templates", "list"]).done();
    office.run(["status"]).done();
}

#[test]
fn a_configuration_that_stands_there_is_never_overwritten() {
    let office = Office::empty();
    office.write("mine.toml", "# mine\n");
    let told = office.run(["init", "--config", "mine.toml"]).failed();
    assert!(told.contains("mine.toml stands there already; it was left as it is"), "{told}");
    assert_eq!(std::fs::read_to_string(office.path("mine.toml")).unwrap(), "# mine\n");
}

#[test]
fn a_code_that_no_school_has_is_refused_and_nothing_is_written() {
    let office = Office::empty();
    let told = office.run(["init", "--uai", "31", "--json"]).failed_in_json();
    assert!(told.contains("\"31\" is no UAI") && told.contains("0310053P"), "{told}");
    assert!(!office.path("chappe.toml").exists());
}

#[test]
fn a_folder_that_is_missing_is_named() {
    let office = Office::empty();
    let told = office.run(["init", "--config", "nowhere/chappe.toml"]).failed();
    assert!(told.contains("cannot write nowhere/chappe.toml"), "{told}");
    assert!(!told.contains("overwritten"), "{told}");
}

#[test]
fn the_answer_in_json_names_the_file() {
    let office = Office::empty();
    assert_eq!(office.run(["init", "--json"]).json()["written"], "chappe.toml");
}

#[test]
fn what_is_written_is_for_its_owner_alone() {
    let office = Office::empty();
    office.run(["init"]).done();
    assert_eq!(office.rights_of("chappe.toml"), 0o600);
    assert_eq!(office.rights_of("chappe.sqlite3"), 0o600);
}

#[test]
fn a_database_that_stands_is_left_as_it_is() {
    let office = Office::with_school();
    let before = office.rows();
    std::fs::remove_file(office.path("chappe.toml")).unwrap();
    office.run(["init"]).done();
    assert!(before == office.rows(), "rows changed");
}
