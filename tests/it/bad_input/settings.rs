//! Settings, templates and databases that cannot be used.

use std::net::TcpListener;
use std::path::Path;

use crate::commands::office::{FIELDS, FOLDERS, Office};

fn with_change(from: &str, to: &str) -> Office {
    let office = Office::new();
    let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    assert!(text.contains(from), "no {from}");
    office.write("chappe.toml", text.replacen(from, to, 1));
    office
}

#[test]
fn a_typo_in_the_configuration_is_told_with_its_line_and_what_is_allowed() {
    let office = with_change("look_every =", "look_evry =");
    for command in [["serve"], ["doctor"], ["status"]] {
        let told = office.run(command.into_iter().chain(["--json"])).failed_in_json();
        for part in ["chappe.toml", "line 18", "look_evry", "`look_every`"] {
            assert!(told.contains(part), "no {part}: {told}");
        }
    }
}

#[test]
fn a_value_of_the_wrong_kind_is_told_with_its_line() {
    let told = with_change("\"50ms\"", "\"often\"").run(["status"]).failed();
    assert!(told.contains("line 18") && told.contains("500ms, 30s"), "{told}");
    let told = with_change("\"sms\"", "\"pigeon\"").run(["status"]).failed();
    assert!(told.contains("line ") && told.contains("pigeon") && told.contains("letter"), "{told}");
}

#[test]
fn a_configuration_that_is_not_there_says_how_to_write_one() {
    let told = Office::empty().run(["status", "--json"]).failed_in_json();
    assert!(told.contains("cannot read chappe.toml") && told.contains("chappe init"), "{told}");
}

#[test]
fn a_wrong_variable_of_the_environment_is_named() {
    let office = Office::new();
    let mut command = office.command(["status"]);
    let told = crate::commands::office::answer(command.env("CHAPPE__HTTP__LISTN", "x")).failed();
    assert!(told.contains("CHAPPE__HTTP__LISTN") && told.contains("listen"), "{told}");
}

fn relay_with_password(place: &str) -> Office {
    Office::with_providers(&format!(
        "[providers.relay.smtp]\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\n\
         from = \"a@example.org\"\nuser = \"a\"\npassword = {place}\n"
    ))
}

#[test]
fn a_missing_secret_is_named_with_its_key_and_its_place() {
    for (place, told_as) in [
        ("{ env = \"NO_SUCH_SECRET\" }", "environment variable NO_SUCH_SECRET"),
        ("{ file = \"secrets/relay\" }", "secrets/relay"),
    ] {
        let office = relay_with_password(place);
        let served = office.run(["serve", "--json"]).failed_in_json();
        assert!(served.contains("providers.relay.smtp.password"), "{served}");
        assert!(served.contains(told_as) && served.contains("nothing was done"), "{served}");
        let doctor = office.run(["doctor"]);
        assert!(doctor.out.contains("providers.relay.smtp.password"), "{doctor:?}");
        assert!(doctor.out.contains(told_as), "{doctor:?}");
        doctor.failed();
    }
}

#[test]
fn an_empty_secret_is_no_secret() {
    let office = relay_with_password("{ file = \"relay\" }");
    office.write("relay", "\n");
    assert!(office.run(["serve"]).failed().contains("it is empty"));
}

#[test]
fn a_port_in_use_is_told_with_its_address_and_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let office = with_change("127.0.0.1:0", &address);
    let told = office.run(["serve", "--json"]).failed_in_json();
    assert!(told.contains(&format!("cannot listen on {address}")), "{told}");
    assert!(told.contains("[http] listen"), "{told}");
}

#[test]
fn a_broken_template_is_told_with_its_file_and_line() {
    let office = with_change("[dispatch]", "[templates]\nfolder = \"ours\"\n\n[dispatch]");
    copy(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("message-templates/fermeture").as_path(),
        &office,
    );
    office.run(["templates", "list"]).done();
    office.write("ours/fermeture/sms.hbs", "Bonjour\n{{objett}}\n");
    let send = ["send", "fermeture", "--to", "familles"];
    for command in [vec!["templates", "check"], send.into_iter().chain(FIELDS).collect()] {
        let told = office.run(command.into_iter().chain(["--json"])).failed_in_json();
        assert!(told.contains("fermeture/sms.hbs, line 2") && told.contains("objett"), "{told}");
    }
    let doctor = office.run(["doctor"]);
    assert!(doctor.out.contains("FAIL templates: fermeture/sms.hbs, line 2"), "{doctor:?}");
}

fn copy(template: &Path, office: &Office) {
    for file in std::fs::read_dir(template).unwrap() {
        let file = file.unwrap();
        let name = format!("ours/fermeture/{}", file.file_name().to_str().unwrap());
        office.write(&name, std::fs::read(file.path()).unwrap());
    }
}

#[test]
fn a_template_folder_that_is_not_there_is_named() {
    let office = with_change("[dispatch]", "[templates]\nfolder = \"ours\"\n\n[dispatch]");
    assert!(office.run(["templates", "check"]).failed().contains("ours"));
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let office = Office::new();
    let text = "a letter to the rectorat, long enough to be taken for a header of a database";
    office.write("chappe.sqlite3", text);
    let told = office.run(["status", "--json"]).failed_in_json();
    assert!(told.contains("chappe.sqlite3 is no database"), "{told}");
    assert!(told.contains("[store] database") && told.contains("nothing was changed"), "{told}");
    assert_eq!(std::fs::read_to_string(office.path("chappe.sqlite3")).unwrap(), text);
}

#[test]
fn a_database_that_cannot_be_made_is_named() {
    let office =
        with_change("[dispatch]", "[store]\ndatabase = \"nowhere/chappe.sqlite3\"\n\n[dispatch]");
    let told = office.run(["status"]).failed();
    assert!(told.contains("nowhere/chappe.sqlite3") && told.contains("folder exists"), "{told}");
}

#[test]
fn a_locked_database_is_told_and_nothing_is_kept() {
    let office = Office::with_school();
    let before = office.rows();
    let other = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let send = ["send", "fermeture", "--to", "familles", "--json"];
    let told = office.run(send.into_iter().chain(FIELDS)).failed_in_json();
    assert!(told.contains("locked") && told.contains("do it again"), "{told}");
    other.execute_batch("ROLLBACK").unwrap();
    assert!(before == office.rows(), "rows changed");
    office.send_to("familles");
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    let office = Office::with_providers(FOLDERS);
    office.run(["status"]).done();
    let database = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    database.execute("INSERT INTO migrations VALUES (4711, 'x')", []).unwrap();
    for command in [["serve", "--json"], ["status", "--json"]] {
        let told = office.run(command).failed_in_json();
        assert!(told.contains("newer version (schema 4711"), "{told}");
        assert!(told.contains("nothing was changed"), "{told}");
    }
}
