//! `chappe journal`

use serde_json::Value;

use super::answers::holds_but_for;
use super::office::Office;

/// What the journal says, oldest first: who, what, about what.
fn journal(office: &Office) -> Vec<(String, String, String)> {
    let lines = office.run(["journal", "--json"]).done();
    let entries = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let word = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    let told = entries.map(|it| (word(&it, "by"), word(&it, "act"), word(&it, "about")));
    let mut told: Vec<_> = told.collect();
    told.reverse();
    told
}

#[test]
fn every_act_is_noted_with_who_asked_for_it_and_without_any_text() {
    let office = Office::with_school();
    let code = office.send_to("familles");
    for act in [
        &["pause", &code][..],
        &["resume", &code],
        &["channel", "close", "sms", "--reason", "Facture impayée"],
        &["channel", "open", "sms"],
        &["hold", "--reason", "Exercice"],
        &["release", "--yes"],
        &["handouts", "make", "familles", "--for", "Anne LEROY", "--csv", "a.csv"],
        &["cancel", &code],
    ] {
        office.run(act.iter().copied()).done();
    }
    // What changes nothing is no act.
    office.run(["channel", "open", "ent"]).failed();
    office.run(["letters", "posted", "7"]).failed();
    let told = journal(&office);
    let acts: Vec<(&str, &str)> =
        told.iter().map(|(_, act, about)| (act.as_str(), about.as_str())).collect();
    assert_eq!(
        acts,
        [
            ("import", ""),
            ("launch", &code),
            ("pause", &code),
            ("resume", &code),
            ("close_channel", "sms"),
            ("open_channel", "sms"),
            ("hold", ""),
            ("release", ""),
            ("hand_out", "1"),
            ("cancel", &code),
        ]
    );
    let me = whoami::username().unwrap();
    let (by, acts) = (format!("cli:{me}"), office.run(["journal", "--json"]).lines());
    holds_but_for("journal", &acts, &[(&code, "CODE"), (&by, "cli:NAME")]);
    assert!(told.iter().all(|(by, ..)| *by == format!("cli:{me}")), "{told:?}");
    let shown = office.run(["journal", "--last", "2"]).done();
    assert_eq!(shown.lines().count(), 2, "{shown}");
    assert!(shown.contains(&me) && shown.contains("cancel"), "{shown}");
}

#[test]
fn whoever_decides_is_named_also_where_they_do_not_say_so() {
    let office = Office::with_school();
    office.run(["channel", "close", "ent", "--reason", "Panne"]).done();
    let me = whoami::username().unwrap();
    assert!(office.run(["channel"]).done().contains(&format!("ent : Panne ({me})")));
    office.run(["channel", "close", "ent", "--reason", "Panne", "--by", "Mme Arago"]).done();
    assert!(office.run(["channel"]).done().contains("Panne (Mme Arago)"));
}
