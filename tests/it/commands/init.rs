//! `chappe init`

use super::answers;
use super::office::{Daemon, FOLDERS, Office};

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
    answers::holds("init", &office.run(["init", "--json"]).json());
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

#[test]
fn a_school_that_says_all_of_itself_has_nothing_of_the_example_left_and_no_provider() {
    let office = Office::empty();
    let facts = [
        ["--uai", "0310053P"],
        ["--name", "Collège Zoé"],
        ["--address", "1 rue Haute"],
        ["--address", "31000 TOULOUSE"],
        ["--town", "Toulouse"],
        ["--phone", "05 36 49 00 01"],
        ["--email", "college@example.org"],
        ["--website", ""],
        ["--signatory-name", "Zoé Lunel"],
        ["--signatory-title", "Principale"],
    ];
    let init = ["init", "--json"].into_iter().chain(facts.into_iter().flatten());
    let begun = office.run(init).json();
    assert_eq!(begun["examples_left"], serde_json::json!([]));
    assert_eq!(begun["secrets_due"], serde_json::json!([]));
    let written = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    assert!(
        written.contains("\n# [providers.ent.edifice]") && written.contains("\n# [providers.sms")
    );
    // It runs with what it has.
    let mut serve = office.command(["serve", "--json"]);
    serve.env("CHAPPE__HTTP__LISTEN", "127.0.0.1:0");
    let daemon = Daemon::start(serve);
    assert!(daemon.get("/readyz").ends_with("ready\n"));
    assert_eq!(daemon.interrupt().0, Some(0));
}

#[test]
fn a_fact_that_nobody_can_use_is_refused_and_nothing_is_written() {
    let office = Office::empty();
    for [flag, value] in [["--phone", "05 36"], ["--email", "secretariat"]] {
        let told = office.run(["init", flag, value, "--json"]).failed_in_json();
        assert!(told.contains(flag) && told.contains("nothing was written"), "{told}");
        assert!(!office.path("chappe.toml").exists());
    }
}

#[test]
fn a_run_that_could_not_make_the_database_is_ended_by_the_next() {
    let office = Office::without_database(FOLDERS);
    let before = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let told = office.run(["init"]).done();
    assert!(told.contains("chappe.toml is left as it was"), "{told}");
    assert_eq!(std::fs::read_to_string(office.path("chappe.toml")).unwrap(), before);
    office.run(["status"]).done();
    office.run(["init"]).failed();
}
