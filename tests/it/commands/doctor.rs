//! `chappe doctor`

use serde_json::Value;

use super::answers;
use super::office::{FOLDERS, Office};

fn checks(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_sound_office_is_sound_in_every_line() {
    let office = Office::new().of_a_real_school();
    let found = checks(&office.run(["doctor", "--json"]).done());
    let names: Vec<&str> = found.iter().map(|one| one["check"].as_str().unwrap()).collect();
    let expected = [
        "configuration",
        "school",
        "secrets",
        "database",
        "disk",
        "templates",
        "letters",
        "mails (email)",
        "texts (sms)",
    ];
    assert_eq!(names, expected);
    assert!(found.iter().all(|one| one["state"] != "failing"), "{found:?}");
    assert_eq!(office.files_in("out/email"), 0, "the doctor sent something");
}

#[test]
fn each_provider_is_told_apart_when_one_fails() {
    let office = Office::with_providers(&format!(
        "{}\n[providers.relay.smtp]\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\n\
         from = \"a@example.org\"\nuser = \"a\"\npassword = {{ env = \"NO_SUCH_SECRET\" }}\n",
        FOLDERS.replace("\"email\"", "\"ent\"")
    ));
    let office = office.of_a_real_school();
    let answer = office.run(["doctor", "--json"]);
    let found = checks(&answer.out);
    let failed: Vec<&Value> = found.iter().filter(|one| one["state"] == "failing").collect();
    assert_eq!(failed.len(), 1, "{found:?}");
    assert_eq!(failed[0]["check"], "relay (email)");
    let finding = &failed[0]["findings"][0];
    assert_eq!(
        (&finding["finding"], &finding["table"]),
        (&"unusable".into(), &"providers.relay.smtp".into())
    );
    assert!(finding["why"].as_str().unwrap().contains("NO_SUCH_SECRET"), "{found:?}");
    assert!(found.iter().any(|one| one["check"] == "texts (sms)" && one["state"] == "sound"));
    let told = office.run(["doctor"]).out;
    assert!(told.contains("if it is not used, remove the table [providers.relay.smtp]"), "{told}");
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

/// What the doctor says of one thing that fails, in an office whose configuration has this in place of that.
fn told(office: &Office, what: &str, from: &str, to: &str) -> String {
    let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    assert!(text.contains(from), "no {from}");
    office.write("other.toml", text.replacen(from, to, 1));
    let answer = office.run(["doctor", "--config", "other.toml"]);
    let head = format!("FAIL {what}: ");
    let line = answer.out.lines().find_map(|line| line.strip_prefix(&head));
    line.unwrap_or_else(|| panic!("{what} does not fail: {answer:?}")).to_owned()
}

#[test]
fn a_number_or_an_address_of_the_school_that_nobody_can_use_is_told() {
    let office = Office::with_school();
    let town = "town = \"Valclair\"";
    for (setting, words) in [
        ("phone = \"05 36 49\"", "phone"),
        ("phone = \"05 36 49 00 00\"\nregion = \"BE\"", "region BE"),
        ("email = \"secretariat\"", "email"),
    ] {
        let said = told(&office, "school", town, &format!("{town}\n{setting}"));
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn letters_that_could_not_be_printed_are_told_before_anybody_waits_for_them() {
    let office = Office::with_school();
    office.write("file", "");
    for setting in ["memory_mb = 16", "time_limit = \"1ms\"", "folder = \"file\""] {
        let section = format!("[letters]\n{setting}\n\n[dispatch]");
        let said = told(&office, "letters", "[dispatch]", &section);
        assert!(said.contains("[letters]"), "{setting}: {said}");
    }
    assert!(office.run(["doctor"]).out.contains("ok   letters: one printed in "));
    assert_eq!(office.files_in("letters"), 0, "the doctor left its letter there");
}

#[test]
fn what_everybody_on_the_machine_may_read_is_told_with_what_to_do() {
    let allow = |office: &Office, name: &str, rights: u32| {
        let rights = std::os::unix::fs::PermissionsExt::from_mode(rights);
        std::fs::set_permissions(office.path(name), rights).unwrap();
    };
    let office = Office::with_providers(&format!(
        "{}\n[providers.relay.smtp]\nhost = \"127.0.0.1\"\nport = 1\nsecurity = \"none\"\n\
         from = \"a@example.org\"\nuser = \"a\"\npassword = {{ file = \"relay\" }}\n",
        FOLDERS.replace("\"email\"", "\"ent\"")
    ));
    office.write("relay", "hunt3r\n");
    allow(&office, "relay", 0o644);
    let answer = office.run(["doctor"]);
    let line = "FAIL secrets: everybody on this machine may read ./relay, which holds \
                providers.relay.smtp.password: chmod o= ./relay";
    assert!(answer.out.contains(line) && !answer.out.contains("hunt3r"), "{answer:?}");
    allow(&office, "relay", 0o640);
    assert!(office.run(["doctor"]).out.contains("ok   secrets: 1 files"), "a group may be meant");
    allow(&office, "chappe.sqlite3", 0o644);
    let answer = office.run(["doctor"]);
    assert!(answer.out.contains("FAIL database: everybody on this machine may read"), "{answer:?}");
    assert!(answer.out.contains("chmod o= ./chappe.sqlite3"), "{answer:?}");
}

#[test]
fn what_is_still_the_example_s_fails_and_a_table_that_is_not_used_is_named() {
    let office = Office::empty();
    let begin =
        ["init", "--uai", "0310053P", "--name", "Collège du Puits", "--email", "a@example.org"];
    office.run(begin.into_iter().chain(["--relay", "127.0.0.1"])).done();
    let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let doctor = office.run(["doctor"]);
    let line = "FAIL configuration: [school] address, town, phone, website, signatory_name: still the \
                example's, and families would read them: put your own there\n";
    assert!(doctor.out.contains(line), "{doctor:?}");
    doctor.failed();
    // Somebody took the # from a table, and put nothing into it.
    let url = "\n# url = \"https://ent.example.org\"         # (example)";
    assert!(text.contains(url), "{text}");
    let (before, after) = text.split_once("# [providers.ent.edifice]").unwrap();
    let (table, rest) = after.split_once("\n\n").unwrap();
    let table = table.replace("\n# ", "\n");
    office.write("chappe.toml", format!("{before}[providers.ent.edifice]{table}\n\n{rest}"));
    let doctor = office.run(["doctor"]).out;
    let line = "FAIL ent (ent): [providers.ent.edifice] url, grant: still the example's, so it was not asked: put your \
                own there, or remove the table if it is not used";
    assert!(doctor.contains(line), "{doctor}");
}

#[test]
fn settings_that_are_another_place_s_are_told() {
    let office = Office::new().of_a_real_school();
    let text = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write(
        "chappe.toml",
        text.replace("0310053P", "9740001W").replace("phone = ", "# phone = "),
    );
    let told = office.run(["doctor"]).done();
    assert!(told.contains("put zone = \"Indian/Reunion\" and region = \"RE\""), "{told}");
    assert!(told.contains("families do not read phone"), "{told}");
}

#[test]
fn an_answer_in_json_is_a_line_for_each_thing() {
    let office = Office::new().of_a_real_school();
    let mut found = checks(&office.run(["doctor", "--json"]).done());
    // How much is free is this machine's.
    found.retain(|one| one["check"] != "disk");
    answers::holds("doctor", &found.into());
}
