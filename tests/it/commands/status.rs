//! `chappe status` and `chappe watch`

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use super::answers::holds_but_for;
use super::office::{FIELDS, FOLDERS, Office, small_school, today};

#[test]
fn before_any_message_there_is_nothing_to_follow() {
    let office = Office::new();
    assert!(office.run(["status"]).done().contains("No message was sent yet"));
    assert_eq!(office.run(["status", "--json"]).done(), "");
    assert!(office.run(["watch"]).failed().contains("chappe send"));
}

#[test]
fn a_message_is_shown_by_its_code_in_any_case() {
    let office = Office::with_school();
    let code = office.send_to("familles classe:6A");
    let by_code = office.run(["status", &code.to_lowercase(), "--json"]).json();
    assert_eq!(by_code["message"], code.as_str());
    let all = office.run(["status", "--json"]).json();
    assert_eq!(all["message"], code.as_str());
    assert_eq!((&all["template"], &all["state"]), (&"fermeture".into(), &"running".into()));
    office.run(["pause", &code]).done();
    assert!(office.run(["status"]).done().contains("(paused)"));
    let told = office.run(["status", &code]).done();
    for part in ["reached", "waiting", "on paper", "unreached", "uncertain", "best proof"] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn those_whom_nothing_reached_are_named_with_what_to_do() {
    let office = Office::with_school();
    let daemon = office.serve();
    let code = office.send_to("familles");
    let count = office.watched(&code)["addressees"]["unreached"].as_u64().unwrap();
    let told = office.run(["status", &code]).done();
    let list = told.split_once("Unreached: call, send word through the pupil").unwrap().1;
    let named = list.lines().skip(1).take_while(|line| line.starts_with("  ")).count();
    assert_eq!(named as u64, count, "{told}");
    assert!(list.contains("no address on any channel of the plan"), "{told}");
    drop(daemon);
}

#[test]
fn what_is_held_of_those_reached_is_told_in_four_levels_that_add_up() {
    let office = Office::with_school();
    let daemon = office.serve();
    let code = office.send_to("familles");
    office.watched(&code);
    drop(daemon);
    let status = office.run(["status", &code, "--json"]).json();
    let levels = status["levels"].as_object().unwrap();
    let sum: u64 = levels.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(sum, status["addressees"]["reached"].as_u64().unwrap(), "{status}");
    // A folder takes what it is given, and nobody knows more.
    assert_eq!(levels["handed_over"].as_u64(), Some(sum));
    let handed_over = format!("{sum} handed over, 0 arrived, 0 seen, 0 answered");
    for told in [office.run(["status"]).done(), office.run(["status", &code]).done()] {
        assert!(told.contains(&handed_over), "{told}");
    }
    let counted = "Counts as reached: email, sms, letter once handed over.";
    assert!(office.run(["status", &code]).done().contains(counted));
    let (all, me) = (office.run(["status", "--json"]).json(), whoami::username().unwrap());
    assert_eq!(all["launched_by"].as_str(), Some(&*me));
    assert!(all["subject"].as_str().is_some_and(|subject| subject.contains(' ')), "{all}");
    assert!(office.run(["status"]).done().contains(&format!(", by {me}")));
}

#[test]
fn what_a_message_says_is_shown_on_every_channel_with_who_launched_it() {
    let office = Office::with_school();
    let code = office.send_to("familles classe:6A");
    let shown = office.run(["show", &code, "--json"]).json();
    let me = whoami::username().unwrap();
    assert_eq!(shown["launched_by"].as_str(), Some(&*me));
    let mut fields = shown.clone();
    let texts = fields["texts"].as_object_mut().unwrap();
    texts.values_mut().for_each(|text| *text = "…".into());
    holds_but_for("show", &fields, &[(&code, "CODE"), (&me, "NAME")]);
    let texts = shown["texts"].as_object().unwrap();
    let subject = shown["subject"].as_str().unwrap();
    assert!(texts["email"].as_str().unwrap().contains(&code), "{shown}");
    assert!(texts["letter"].as_str().unwrap().starts_with("Objet"), "{shown}");
    office.run(["correct", &code, "--set", "agenda=Retour le 30 mars"]).done();
    let told = office.run(["show", &code]).done();
    for part in [subject, "It was corrected by", "──── email ────", "Plan "] {
        assert!(told.contains(part), "no {part}: {told}");
    }
}

#[test]
fn it_is_told_in_french_why_they_wait_and_until_when() {
    let office = Office::with_school();
    let code = office.send_to("familles");
    let waits = |office: &Office| office.run(["status", &code, "--json"]).json()["waits"].clone();
    let reasons = |office: &Office| {
        let waits = waits(office);
        let all: Vec<&str> =
            waits.as_array().unwrap().iter().map(|it| it["reason"].as_str().unwrap()).collect();
        all.join(" ")
    };
    assert_eq!(reasons(&office), "nobody_at_work", "{}", waits(&office));
    let status = office.run(["status", &code, "--json"]).json();
    let waiting = &status["addressees"]["waiting"];
    assert_eq!(status["waits"][0]["count"], *waiting, "{status}");
    let expected = format!("\n{waiting} attendent : aucun programme n’est au travail\n");
    assert!(office.run(["status", &code]).done().contains(&expected));
    office.run(["pause", &code, "--by", "Camille Arago"]).done();
    assert_eq!(reasons(&office), "paused");
    let told = office.run(["status"]).done();
    assert!(told.contains("la fin de la pause décidée par Camille Arago"), "{told}");
    office.run(["hold", "--reason", "Exercice PPMS"]).done();
    let mut status = office.run(["status", &code, "--json"]).json();
    status["seconds"] = 0.into();
    let me = whoami::username().unwrap();
    holds_but_for("status", &status, &[(&code, "CODE"), (&me, "NAME")]);
    let told = office.run(["status", &code]).done();
    assert!(told.contains("la reprise des envois, tous suspendus (Exercice PPMS)"), "{told}");
}

#[test]
fn those_who_wait_for_the_morning_are_told_with_its_hour() {
    let office = Office::without_database(FOLDERS);
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    // All of today and tomorrow, so that it is the same at any hour.
    let days = format!("{}/{}", today(), today().tomorrow().unwrap());
    let quiet = format!("[hours]\nemail = {{ quiet = [], days_off = [\"{days}\"] }}\n");
    office.write("chappe.toml", config.replace("[hours]\n", &quiet));
    office.import(&small_school());
    let sent = ["send", "annonce", "--to", "familles", "--json"].into_iter().chain(FIELDS);
    let sent = office.run(sent).json();
    let code = sent["message"].as_str().unwrap();
    let status = office.run(["status", code, "--json"]).json();
    let waits = &status["waits"][0];
    assert_eq!((&waits["reason"], &waits["channel"]), (&"quiet_hours".into(), &"email".into()));
    assert!(waits["until"].as_str().is_some(), "{waits}");
    let told = office.run(["status", code]).done();
    assert!(told.contains(" attendent l’ouverture des courriels, "), "{told}");
    assert!(told.contains(" à 0 h\n"), "{told}");
}

#[test]
fn a_page_says_it_to_everybody_and_names_nobody() {
    let office = Office::with_school();
    let code = office.send_to("familles classe:6A");
    let page = office.run(["show", &code, "--html"]).done();
    for part in [
        "<html lang=\"fr\">",
        "<h1>Fermeture du collège</h1>",
        "<strong>demain</strong>",
        "La principale,<br>\nCamille Arago",
        "default-src 'none'",
        &code,
    ] {
        assert!(page.contains(part), "no {part}: {page}");
    }
    let accent = page.split_once("style=\"border:2px solid ").unwrap().1.split_once(';').unwrap().0;
    for rule in ["header p {", "\na {"] {
        let rule = page.split_once(rule).unwrap().1.split_once('}').unwrap().0;
        assert!(rule.contains(&format!("color: {accent}")), "one accent, {accent}: {rule}");
    }
    // Nothing is loaded from anywhere, this page's own folder included.
    for loads in ["<script", "<link", "<img", "<iframe", "src=", "url(", "@import"] {
        assert!(!page.contains(loads), "{loads}: {page}");
    }
    let all = ["audience", "familles classe:6A", "--limit", "0", "--json"];
    for recipient in office.run(all).json()["recipients"].as_array().unwrap() {
        let about = recipient["about"].as_array().unwrap().iter();
        for name in about.chain([&recipient["name"]]).map(|name| name.as_str().unwrap()) {
            assert!(!page.contains(name.split(" (").next().unwrap()), "{name}: {page}");
        }
    }
    let correction = office.run(["correct", &code, "--set", "agenda=<b>30</b> mars", "--json"]);
    let correction = correction.json()["message"].as_str().unwrap().to_owned();
    let replaced = office.run(["show", &code, "--html"]).done();
    assert!(replaced.contains(&format!("Ce texte a été rectifié : voir {correction}.")));
    let page = office.run(["show", &correction, "--html"]).done();
    assert!(page.contains("Rectificatif") && page.contains("&lt;b&gt;30&lt;/b&gt;"), "{page}");
}

#[test]
fn an_unknown_code_is_refused() {
    let office = Office::new();
    let told = office.run(["status", "ZZZZ", "--json"]).failed_in_json();
    assert!(told.contains("there is no message ZZZZ"), "{told}");
    let told = office.run(["audience", "n'ayant pas reçu ZZZZ", "--json"]).failed_in_json();
    assert!(told.ends_with("there is no message ZZZZ; `chappe status` lists them"), "{told}");
}

#[test]
fn a_reader_that_leaves_after_a_line_causes_no_panic() {
    let office = Office::with_school();
    office.send_to("familles");
    for arguments in [["status", "--json"], ["audience", "familles"], ["templates", "list"]] {
        let mut command = office.command(arguments);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::with_capacity(1, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ended = child.wait_with_output().unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert!(!line.is_empty() && err.is_empty(), "{err}");
        assert_eq!(ended.status.code(), Some(0), "{arguments:?}");
    }
}
