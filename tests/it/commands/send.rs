//! `chappe send`

use super::answers;
use super::office::{FIELDS, FOLDERS, Office, answer, small_school};

fn send<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ["send", "fermeture", "--to", "familles", "--json"]
        .into_iter()
        .chain(FIELDS)
        .chain(more.iter().copied())
        .collect()
}

#[test]
fn a_dry_run_shows_every_channel_of_the_plan_and_sends_nothing() {
    // Text messages take their time there, and so are worth a word.
    let slow = "path = \"out/sms\"\npace = { per_minute = 2 }";
    let office = Office::with_providers(&FOLDERS.replace("path = \"out/sms\"", slow));
    office.import(&small_school());
    let before = office.rows();
    let shown = office.run(send(&["--dry-run"])).json();
    assert_eq!(shown["dry_run"], true);
    assert!(shown["addressees"]["total"].as_u64() > Some(50), "{shown}");
    let preview = shown["preview"].as_object().unwrap();
    let channels: Vec<&str> = preview.keys().map(String::as_str).collect();
    assert_eq!(channels, ["email", "letter", "sms"]);
    for (channel, text) in preview {
        let text = text.as_str().unwrap();
        assert!(text.contains("Fermeture du collège"), "{channel}: {text}");
    }
    answers::holds("send_dry_run", &shown);
    assert!(before == office.rows(), "rows changed");
    let told = office.run(send(&["--dry-run"]).into_iter().filter(|one| *one != "--json")).done();
    assert!(told.starts_with("Nothing was sent."), "{told}");
    assert!(told.contains("──── sms ────") && told.contains("──── letter ────"), "{told}");
}

#[test]
fn a_dry_run_tells_when_it_would_leave_and_whom_it_would_not_reach() {
    let office = Office::with_school();
    let of_sent = |more: &[&'static str]| {
        office.run(send(&[&["--plan", "papier"], more].concat())).json()["addressees"].clone()
    };
    let shown = office.run(send(&["--plan", "papier", "--dry-run"])).json();
    assert_eq!(
        (&shown["plan"], &shown["refused_now"]),
        (&"papier".into(), &serde_json::Value::Null)
    );
    assert!(shown["starts_at"].is_string(), "{shown}");
    assert!(shown["addressees"]["out_of_reach"].as_u64() > Some(0), "{shown}");
    assert_eq!(of_sent(&[]), shown["addressees"]);
    let told = office
        .run(send(&["--plan", "papier", "--again"]).into_iter().filter(|one| *one != "--json"));
    let count = |key: &str| shown["addressees"][key].as_u64().unwrap();
    let (lost, total) = (count("out_of_reach"), count("total"));
    let some = format!("is on its way to {} of {total} addressees.", total - lost);
    assert!(told.done().contains(&some), "{some}");
    let past = ["--expires", "2020-01-01", "--dry-run", "--again"];
    let refused = office.run(send(&past)).json();
    assert!(refused["refused_now"].as_str().unwrap().contains("stale"), "{refused}");
}

#[test]
fn a_word_for_quiet_hours_is_said_and_for_an_urgent_message_alone() {
    let office = Office::with_school();
    let before = office.rows();
    for blank in [["--reason", " ", "--by", "Mme LEROY"], ["--reason", "Gaz", "--by", ""]] {
        assert_eq!(office.run(send(&[&["--urgent"], &blank[..]].concat())).code, Some(2));
    }
    let bulk = ["--urgency", "bulk", "--reason", "Gaz", "--by", "Mme LEROY"];
    let told = office.run(send(&bulk)).failed_in_json();
    assert!(told.contains("only an urgent message"), "{told}");
    assert_eq!(office.run(["hold", "--reason", ""]).code, Some(2));
    assert!(before == office.rows(), "rows changed");
}

#[test]
fn a_sent_message_reaches_everybody_by_the_first_way_that_they_have() {
    let office = Office::with_school();
    let daemon = office.serve();
    let code = office.send_to("familles");
    let status = office.watched(&code);
    let all = &status["addressees"];
    let of = |key: &str| all[key].as_u64().unwrap();
    let parts = ["reached", "waiting", "on_letter", "on_call", "unreached", "uncertain"];
    assert_eq!(parts.map(of).iter().sum::<u64>(), of("total"));
    assert!(of("reached") > 0 && of("on_letter") > 0 && of("unreached") > 0, "{status}");
    assert_eq!((of("waiting"), of("uncertain")), (0, 0), "{status}");
    assert!(office.files_in("out/email") > 0 && office.files_in("out/sms") > 0);
    assert_eq!(daemon.interrupt().0, Some(0));
}

#[test]
fn a_message_per_household_is_one_letter_for_those_who_live_together() {
    let office = Office::with_school();
    let sent = office.run(send(&["--per", "household", "--plan", "papier"])).json();
    let message = sent["message"].as_str().unwrap();
    answers::holds_but_for("send", &sent, &[(message, "[code]")]);
    let shown = office.run(["status"]).done();
    assert!(shown.contains("familles par foyer"), "{shown}");
    let code = sent["message"].as_str().unwrap();
    let persons = office.run(["status", code, "--json"]).json()["addressees"]["on_letter"].clone();
    let printed = office.run(["letters", "--json"]).json();
    let letters = printed["letters"].as_u64().unwrap();
    assert!(letters > 0 && Some(letters) < persons.as_u64(), "{letters} for {persons}");
}

#[test]
fn an_urgency_or_a_field_typed_wrongly_is_used_wrongly() {
    let office = Office::with_school();
    for wrong in [["--urgency", "now"], ["--set", "objet"]] {
        let answer = office.run(send(&wrong));
        assert_eq!(answer.code, Some(2), "{answer:?}");
        let told: serde_json::Value = serde_json::from_str(answer.out.trim()).unwrap();
        assert!(told["error"].as_str().unwrap().contains(wrong[1]), "{told}");
        assert!(answer.err.contains(wrong[1]), "{answer:?}");
    }
    assert_eq!(office.run(["send"]).code, Some(2));
    assert_eq!(office.run(["sned"]).code, Some(2));
}

#[test]
fn send_and_status_say_how_many_wait_for_the_digest_and_until_when() {
    let office = Office::with_school();
    let capped = |arguments: Vec<&str>| {
        let mut command = office.command(arguments);
        answer(command.env("CHAPPE__LOAD__PER_WEEK", "1"))
    };
    let bulk = |more: &[&'static str]| send(&[&["--urgency", "bulk"], more].concat());
    let waiting = |told: &serde_json::Value| told["digest"]["waiting"].as_u64().unwrap();
    assert_eq!(waiting(&capped(bulk(&["--dry-run"])).json()), 0);
    assert_eq!(waiting(&capped(bulk(&[])).json()), 0);
    let shown = capped(bulk(&["--dry-run"])).json();
    let leaves_at: jiff::Timestamp =
        shown["digest"]["leaves_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(leaves_at.in_tz("Europe/Paris").unwrap().hour(), 17, "{shown}");
    let sent = capped(bulk(&["--again"])).json();
    assert!(waiting(&sent) > 0 && waiting(&sent) <= waiting(&shown), "{sent}");
    assert_eq!(waiting(&capped(send(&["--dry-run", "--urgency", "reply"])).json()), 0);
    let code = sent["message"].as_str().unwrap();
    let told = capped(vec!["status", code]).done();
    assert!(told.contains("of those waiting get it with the digest of"), "{told}");
    let by_hand = capped(vec!["send", "recapitulatif", "--to", "familles"]).failed();
    assert!(by_hand.contains("nothing was sent"), "{by_hand}");
}

/// An ENT that does not answer, and e-mail beside it.
const SILENT_ENT: &str = r#"
[[plans.ecran]]
channels = ["ent"]
patience = "2s"
[[plans.ecran]]
channels = ["letter"]

[providers.ent.edifice]
url = "http://127.0.0.1:1"
client_id = "chappe"
client_secret = { file = "secret" }
grant = { kind = "client_credentials" }
"#;

#[test]
fn nothing_leaves_before_the_ent_has_said_who_has_an_account() {
    let office = Office::with_providers(SILENT_ENT);
    office.write("secret", "s3cret");
    office.import(&small_school());
    let shown = office.run(send(&["--plan", "ecran", "--dry-run"])).json();
    assert_eq!(shown["ent_unknown"], shown["addressees"]["total"], "{shown}");
    let read_over = shown["preview"]["ent"].as_str().unwrap();
    assert!(!read_over.contains('<') && read_over.contains("Ce qui change\n\n"), "{read_over}");
    let before = office.rows();
    let told = office.run(send(&["--plan", "ecran"])).failed_in(&before, &office);
    assert!(
        told.contains("nothing was sent") && told.contains("chappe channel close ent"),
        "{told}"
    );
    office.run(["channel", "close", "ent", "--reason", "Panne"]).done();
    let sent = office.run(send(&["--plan", "ecran"])).json();
    assert_eq!(sent["ent_unknown"], 0, "{sent}");
}

/// OVHcloud without a declared sender.
const SHORT_NUMBER: &str = r#"
[[plans.texto]]
channels = ["sms"]

[providers.sms.ovh]
endpoint = "http://127.0.0.1:1/1.0"
service = "sms-ab12345-1"
application_key = "ApplicationKeyExample"
application_secret = { env = "CHAPPE_OVH_SECRET" }
consumer_key = { env = "CHAPPE_OVH_CONSUMER" }
"#;

#[test]
fn what_a_short_number_does_not_carry_is_refused_before_anything_leaves() {
    let number = ["--plan", "texto", "--set", "agenda=Inscription au 05 36 49 00 02"];
    let office = Office::with_providers(SHORT_NUMBER);
    office.import(&small_school());
    let before = office.rows();
    let told = office.run(send(&number)).failed_in(&before, &office);
    assert!(told.contains("a telephone number") && told.contains("nothing was sent"), "{told}");
    let shown = office.run(send(&["--plan", "texto", "--dry-run"])).json();
    let text = shown["preview"]["sms"].as_str().unwrap();
    assert!(!text.contains("https://") && text.contains("réf."), "{text}");
    let told = office.run(["templates", "check"]).done();
    assert!(told.contains("short number") && told.contains("0 findings"), "{told}");
    let told = office.run(["doctor"]).out;
    assert!(told.contains("ok   templates") && told.contains("short number"), "{told}");

    let declared = Office::with_providers(&format!("{SHORT_NUMBER}sender = \"CLG CHAPPE\"\n"));
    declared.import(&small_school());
    assert!(declared.run(send(&number)).json()["message"].is_string());
}

#[test]
fn the_same_for_the_same_audience_within_a_day_is_a_slip_unless_it_is_meant() {
    let office = Office::with_school();
    let code = office.run(send(&[])).json()["message"].as_str().unwrap().to_owned();
    let before = office.rows();
    let told = office.run(send(&[])).failed_in(&before, &office);
    for part in [&*code, "nothing was sent", "--again"] {
        assert!(told.contains(part), "no {part}: {told}");
    }
    // Other words, or others to hear them, are another message; and what was stopped was not said.
    office.run(send(&["--set", "agenda=Retour lundi 30 mars"])).done();
    office.run(["cancel", &code]).done();
    let second = office.run(send(&[])).json()["message"].as_str().unwrap().to_owned();
    assert!(office.run(send(&[])).failed().contains(&second));
    office.run(send(&["--again"])).done();
}

#[test]
fn days_are_taken_as_the_office_types_them() {
    let office = Office::with_school();
    let shown = office.run(send(&["--dry-run", "--expires", "demain 18h"])).json();
    let tomorrow = super::office::today().tomorrow().unwrap();
    let end = shown["expires_at"].as_str().unwrap();
    let end: jiff::Timestamp = end.parse().unwrap();
    let end = end.to_zoned(jiff::tz::TimeZone::get("Europe/Paris").unwrap());
    assert_eq!((end.date(), end.hour()), (tomorrow, 18));
    let told = office.run(send(&["--dry-run", "--expires", "bientôt"]));
    assert_eq!(told.code, Some(2));
    assert!(told.err.contains("vendredi 18h30"), "{}", told.err);
}
