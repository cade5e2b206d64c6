//! `chappe channel`, `pause`, `resume`, `cancel`, `correct`, `retry`

use super::answers::{holds, holds_but_for};
use super::office::{FIELDS, Office};

fn total(office: &Office, code: &str, key: &str) -> u64 {
    office.run(["status", code, "--json"]).json()["addressees"][key].as_u64().unwrap()
}

#[test]
fn a_closed_channel_is_listed_with_its_reason_until_it_is_opened() {
    let office = Office::with_school();
    let code = office.send_to("familles");
    let closed = office.run([
        "channel",
        "close",
        "email",
        "--until",
        "2099-12-04",
        "--reason",
        "Panne",
        "--by",
        "Camille Arago",
        "--json",
    ]);
    let closed = closed.json();
    holds("channel_close", &closed);
    assert_eq!(closed["until"], "2099-12-03T23:00:00Z", "midnight in France");
    assert!(closed["moved_on"].as_u64() > Some(0), "{closed}");
    let shown = office.run(["channel"]).done();
    let shown: Vec<&str> = shown.split_whitespace().collect();
    assert!(shown.join(" ").contains("email closed until 2099-12-04"), "{shown:?}");
    let status = office.run(["status", &code]).done();
    assert!(status.contains("email is closed until 2099-12-04 00:00\n"), "{status}");
    assert!(status.contains("\nemail : Panne (Camille Arago)\n"), "{status}");
    holds("channel_list", &office.run(["channel", "--json"]).lines());
    let opened = office.run(["channel", "open", "email", "--json"]).json();
    holds("channel_open", &opened);
    assert!(office.run(["channel", "open", "email"]).failed().contains("email was open"));
}

/// Leaves the provider of e-mails alone until 2099, as a daemon does that met a quota.
fn refuse(office: &Office) {
    let database = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    let row = "INSERT INTO gates (school_id, provider, channel, state, until, reason, changed_at, pause) \
               VALUES ('0319999Z', 'mails', 'email', 'refusing', 4100000000000, \
               'quota d’envoi du compte atteint (550 5.4.5)', 1700000000000, 3600000)";
    database.execute(row, []).unwrap();
}

#[test]
fn a_provider_that_refuses_is_told_with_its_hour_and_its_reason_until_it_is_tried() {
    let office = Office::with_school();
    let code = office.send_to("familles");
    refuse(&office);
    // The table breaks lines where it must.
    let shown = office.run(["channel"]).done().replace(['│', '\n'], " ");
    let shown: Vec<&str> = shown.split_whitespace().collect();
    let shown = shown.join(" ");
    assert!(shown.contains("2099-12-03") && shown.contains("quota"), "{shown}");
    let lines = office.run(["channel", "--json"]).done();
    assert!(lines.contains("\"breaker_until\":\"2099-12-03T"), "{lines}");
    assert!(office.run(["status"]).done().contains("quota d’envoi"), "in the list too");
    let status = office.run(["status", &code]).done();
    assert!(status.contains("mails (email) is refusing until 2099-12-03 17:53\n"), "{status}");
    assert!(status.contains("\nemail : quota d’envoi du compte atteint (550 5.4.5)\n"), "{status}");
    let doctor = office.run(["doctor"]);
    assert!(doctor.out.contains("FAIL mails (email): "), "{doctor:?}");
    let told = "left alone until 2099-12-03 17:53:\n     quota d’envoi";
    assert!(doctor.out.contains(told), "{doctor:?}");
    let opened = office.run(["channel", "open", "email", "--json"]).json();
    assert_eq!((&opened["was_closed"], &opened["probed"]), (&false.into(), &true.into()));
    let status = office.run(["status", &code]).done();
    assert!(status.contains("is refusing until the next message tries it\n"), "{status}");
    assert!(office.run(["doctor"]).out.contains("ok   mails (email): "), "its pause is over");
    let opened = office.run(["channel", "open", "email"]).done();
    assert!(opened.contains("the next message that falls to it tries it"), "{opened}");
    assert!(office.run(["channel", "open", "sms"]).failed().contains("sms was open"));
}

#[test]
fn a_closing_without_a_reason_or_into_the_past_is_refused() {
    let office = Office::new();
    assert_eq!(office.run(["channel", "close", "sms"]).code, Some(2));
    let past = ["channel", "close", "sms", "--until", "2020-01-01", "--reason", "Panne"];
    assert!(office.run(past).failed().contains("is past"));
    let nonsense = ["channel", "close", "sms", "--until", "bientôt", "--reason", "Panne"];
    assert_eq!(office.run(nonsense).code, Some(2));
    assert!(office.run(["channel"]).done().contains("open"));
}

#[test]
fn a_message_is_paused_resumed_and_cancelled_before_anybody_gets_it() {
    let office = Office::with_school();
    let code = office.send_to("familles");
    let paused = office.run(["pause", &code, "--by", "Camille Arago", "--json"]).json();
    assert_eq!(paused["state"], "paused");
    holds_but_for("pause", &paused, &[(&code, "CODE")]);
    assert!(office.run(["status", &code]).done().contains("It is paused."));
    assert!(office.run(["pause", &code]).failed().contains("paused already"));
    assert_eq!(office.run(["resume", &code, "--json"]).json()["state"], "running");
    let told = office.run(["cancel", &code]).done();
    assert!(told.contains("is cancelled"), "{told}");
    let (all, cancelled) = (total(&office, &code, "total"), total(&office, &code, "cancelled"));
    assert_eq!(cancelled + total(&office, &code, "unreached"), all);
    assert_eq!(total(&office, &code, "waiting"), 0);
    assert!(office.run(["resume", &code]).failed().contains("cancelled already"));
    assert_eq!(office.files_in("out/email"), 0);
}

#[test]
fn a_correction_says_to_how_many_it_goes_and_that_it_is_one() {
    let office = Office::with_school();
    let daemon = office.serve();
    let code = office.send_to("familles");
    office.watched(&code);
    let change = ["correct", &code, "--set", "agenda=Lundi à 8h30.", "--json"];
    let dry = office.run(change.into_iter().chain(["--dry-run"])).json();
    let mail = dry["preview"]["email"].as_str().unwrap();
    assert!(mail.starts_with("Rectificatif\u{a0}: ") && mail.contains("Lundi à 8"), "{mail}");
    let sent = office.run(change).json();
    let word = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let (new, day) = (word(&sent["message"]), word(&sent["says"]["day"]));
    let of_the_run = [(code.as_str(), "[code]"), (&new, "[code]"), (&day, "[weekday]")];
    super::answers::holds_but_for("correct", &sent, &of_the_run);
    assert_eq!((&dry["had_it"], &sent["corrects"]), (&sent["had_it"], &code.as_str().into()));
    let correction = sent["message"].as_str().unwrap();
    office.watched(correction);
    let had_it = sent["had_it"].as_u64().unwrap() + sent["waited_for_it"].as_u64().unwrap();
    assert_eq!(total(&office, correction, "total"), had_it);
    assert!(office.run(["status", correction]).done().contains(&format!("It corrects {code}.")));
    let mails = std::fs::read_dir(office.path("out/email")).unwrap();
    let texts = mails.map(|mail| std::fs::read_to_string(mail.unwrap().path()).unwrap());
    assert!(texts.into_iter().any(|text| text.contains("Rectificatif\u{a0}: Fermeture")));
    assert!(office.run(change).failed().contains("already"));
    let again = ["correct", correction, "--set", "agenda=Mardi à 8h30."];
    let told =
        office.run(again.into_iter().chain(["--what-changed", "la reprise est mardi"])).done();
    let code = told.split_whitespace().nth(1).unwrap();
    let shown = office.run(["show", code]).done();
    assert!(shown.contains("la reprise est mardi.") && !shown.contains("rubrique"), "{shown}");
    daemon.interrupt();
}

#[test]
fn a_retry_goes_to_nobody_whom_no_way_reaches_and_says_so() {
    let office = Office::with_school();
    let daemon = office.serve();
    let code = office.send_to("familles");
    let unreached = office.watched(&code)["addressees"]["unreached"].as_u64().unwrap();
    assert!(unreached > 0);
    let before = office.rows();
    for dry_run in [&["retry", &code, "--dry-run"][..], &["retry", &code]] {
        let told = office.run(dry_run.iter().copied()).failed();
        assert!(told.contains(&format!("message {code} leaves nobody to try again")), "{told}");
    }
    assert!(before == office.rows(), "rows changed");
    daemon.interrupt();
}

#[test]
fn a_message_that_is_stale_already_leaves_nothing_behind() {
    let office = Office::with_school();
    let before = office.rows();
    let send = ["send", "fermeture", "--to", "familles", "--expires", "2020-01-01 08:00"];
    let told = office.run(send.into_iter().chain(FIELDS)).failed();
    assert!(told.contains("would be stale on 2020-01-01 08:00"), "{told}");
    assert!(before == office.rows(), "rows changed");
}

#[test]
fn a_reason_without_a_name_is_used_wrongly() {
    let office = Office::new();
    let send = ["send", "fermeture", "--to", "familles", "--urgent", "--reason", "Inondation"];
    assert_eq!(office.run(send.into_iter().chain(FIELDS)).code, Some(2));
}
