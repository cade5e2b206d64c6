//! `chappe people`

use serde_json::Value;

use super::office::{FIELDS, Office};

/// A family of 6A with a mobile number: the guardian's key and name, and the pupil's name.
fn somebody(office: &Office) -> (String, String, String) {
    let lines = office.run(["contacts", "list", "all", "--to", "familles classe:6A", "--json"]);
    let lines = lines.json();
    let lines = lines.as_array().unwrap();
    let line = lines.iter().find(|line| line["channel"] == "sms").expect("a mobile number");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let pupil = text(&line["about"][0]);
    let pupil = pupil.split(" (").next().unwrap().to_owned();
    (text(&line["person"]), text(&line["name"]), pupil)
}

fn addressees(office: &Office) -> Value {
    office.run(["audience", "familles classe:6A", "--limit", "0", "--json"]).json()
}

#[test]
fn a_home_without_a_screen_gets_a_letter_where_others_get_an_e_mail() {
    let office = Office::new();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[households]\nnone = \"papier\"\n"));
    office.import(&super::office::small_school());
    let (who, _, _) = somebody(&office);
    let noted =
        office.run(["people", "connect", &who, "--connectivity", "none", "--language", "ar"]);
    assert!(noted.done().contains("Noted for"));
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--json"];
    let code = office.run(arguments.into_iter().chain(FIELDS)).json()["message"].clone();
    let status = office.run(["status", code.as_str().unwrap(), "--json"]).json();
    // Nothing has left yet, and theirs is on paper already.
    assert!(status["addressees"]["on_letter"].as_u64() >= Some(1), "{status}");
    assert!(status["addressees"]["waiting"].as_u64() > Some(1), "{status}");
    assert_eq!(office.run(["people", "connect", &who, "--connectivity", "wifi"]).code, Some(2));
}

#[test]
fn a_restricted_parent_hears_nothing_of_that_child_and_the_office_is_told() {
    let office = Office::with_school();
    let (who, name, pupil) = somebody(&office);
    let before = addressees(&office);
    let restrict = ["people", "restrict", &who, "--pupil", &pupil, "--why", "court"];
    assert!(office.run(restrict).done().contains("imports do not change it"));
    office.import(&super::office::small_school());
    let after = addressees(&office);
    let total = |answer: &Value| answer["total"].as_u64().unwrap();
    assert_eq!(total(&after), total(&before) - 1);
    let left_out = after["left_out"].to_string();
    assert!(left_out.contains(&name) && left_out.contains("justice"), "{left_out}");
    office.run(["people", "lift", &who, "--pupil", &pupil]).done();
    assert_eq!(total(&addressees(&office)), total(&before));
}

#[test]
fn only_a_tie_that_exists_can_be_restricted() {
    let office = Office::with_school();
    let (who, _, pupil) = somebody(&office);
    let others = office.run(["contacts", "list", "all", "--to", "familles classe:5A", "--json"]);
    let others = others.json();
    let stranger = others
        .as_array()
        .unwrap()
        .iter()
        .find(|line| line["person"] != *who && !line["about"].to_string().contains(&pupil))
        .unwrap()["person"]
        .as_str()
        .unwrap()
        .to_owned();
    let restrict = ["people", "restrict", &stranger, "--pupil", &pupil, "--why", "court"];
    assert!(office.run(restrict).failed().contains("is a guardian of that pupil"));
}

#[test]
fn what_is_not_said_again_stays_as_it_was_noted_and_can_be_shown() {
    let office = Office::with_school();
    let (who, name, pupil) = somebody(&office);
    let all = ["--connectivity", "smartphone", "--language", "pt", "--call", "le soir"];
    office.run(["people", "connect", &who].into_iter().chain(all)).done();
    office.run(["people", "connect", &who, "--connectivity", "none", "--printer", "true"]).done();
    office.run(["people", "restrict", &who, "--pupil", &pupil, "--why", "court"]).done();
    let shown = office.run(["people", "show", &who, "--json"]).json();
    assert_eq!(shown["name"], *name);
    let profile = serde_json::json!(
        { "connectivity": "none", "printer": true, "language": "pt", "call": "le soir" }
    );
    assert_eq!(shown["profile"], profile);
    assert_eq!(shown["restrictions"][0]["pupil"], *pupil);
    let told = office.run(["people", "restrict", &who, "--pupil", &pupil, "--why", "objection"]);
    assert!(told.failed().contains("adult pupil"));
}
