//! `chappe doctor`

use serde_json::Value;

use super::office::{FOLDERS, Office};

fn checks(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_sound_office_is_sound_in_every_line() {
    let office = Office::with_school();
    let found = checks(&office.run(["doctor", "--json"]).done());
    let names: Vec<&str> = found.iter().map(|one| one["check"].as_str().unwrap()).collect();
    let expected =
        ["configuration", "database", "disk", "templates", "mails (email)", "texts (sms)"];
    assert_eq!(names, expected);
    assert!(found.iter().all(|one| one["sound"] == true), "{found:?}");
    assert_eq!(office.files_in("out/email"), 0, "the doctor sent something");
}

#[test]
fn each_provider_is_told_apart_when_one_fails() {
    let office = Office::with_providers(&format!(
        "{}\n[providers.relay.smtp]\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\n\
         from = \"a@example.org\"\nuser = \"a\"\npassword = {{ env = \"NO_SUCH_SECRET\" }}\n",
        FOLDERS.replace("\"email\"", "\"ent\"")
    ));
    let answer = office.run(["doctor", "--json"]);
    let found = checks(&answer.out);
    let failed: Vec<&Value> = found.iter().filter(|one| one["sound"] == false).collect();
    assert_eq!(failed.len(), 1, "{found:?}");
    assert_eq!(failed[0]["check"], "relay (email)");
    assert!(failed[0]["found"].as_str().unwrap().contains("NO_SUCH_SECRET"), "{found:?}");
    assert!(found.iter().any(|one| one["check"] == "texts (sms)" && one["sound"] == true));
    let reason = answer.failed_in_json();
    assert!(reason.contains("relay (email)") && reason.contains("nothing was sent"), "{reason}");
}

#[test]
fn a_database_that_cannot_be_opened_is_one_line_of_the_report() {
    let office = Office::new();
    office.write("chappe.sqlite3", "this is no database at all, but it is long enough");
    let answer = office.run(["doctor"]);
    assert!(answer.out.contains("FAIL database: "), "{answer:?}");
    assert!(answer.out.contains("ok   templates: "), "{answer:?}");
    assert!(answer.out.contains("ok   mails (email): "), "{answer:?}");
    answer.failed();
}
