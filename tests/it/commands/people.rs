//! `chappe people`

use std::collections::BTreeSet;

use serde_json::Value;

use super::office::{FIELDS, Office};

/// A family of 6A with a mobile number: the guardian's key and name, and the pupil's name.
pub(super) fn somebody(office: &Office) -> (String, String, String) {
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

/// An office with the shipped households, and a family of 6A without any screen: the guardian's key.
fn without_a_screen() -> (Office, String) {
    let office = Office::new();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let plans = "urgence = [{ channels = [\"email\", \"sms\"], patience = \"2s\" }, \
        { channels = [\"phone\"], enough = \"acknowledged\" }]\n\
        appel = [{ channels = [\"phone\"], enough = \"acknowledged\" }, { channels = [\"letter\"] }]\n";
    let households = "\n[households]\nnone = { plan = \"papier\", urgent = \"appel\" }\n";
    let config = config.replace("[plans]\n", &format!("[plans]\n{plans}"));
    office.write("chappe.toml", format!("{config}{households}"));
    office.import(&super::office::small_school());
    let (who, _, _) = somebody(&office);
    office.run(["people", "connect", &who, "--connectivity", "none"]).done();
    (office, who)
}

#[test]
fn an_urgent_message_has_a_home_without_a_screen_called_where_a_number_is_known() {
    let (office, _) = without_a_screen();
    let urgent = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "urgence"];
    let shown = office.run(urgent.into_iter().chain(["--dry-run", "--json"]).chain(FIELDS)).json();
    let called = shown["by_plan"]["appel"].as_u64().unwrap();
    assert!(called >= 1 && shown["by_plan"]["papier"].is_null(), "{shown}");
    let told = office.run(urgent.into_iter().chain(["--dry-run"]).chain(FIELDS)).done();
    assert!(told.contains(&format!("{called} of them go by plan appel")), "{told}");

    let code = office.run(urgent.into_iter().chain(["--json"]).chain(FIELDS)).json();
    let status = office.run(["status", code["message"].as_str().unwrap(), "--json"]).json();
    assert_eq!(status["addressees"]["on_call"], called, "{status}");
    assert_eq!(status["addressees"]["on_letter"], 0, "{status}");
}

#[test]
fn a_home_without_a_screen_and_without_a_number_gets_what_is_urgent_on_paper() {
    let (office, who) = without_a_screen();
    let lines = office.run(["contacts", "list", "all", "--json"]).json();
    let is_theirs =
        |it: &&Value| it["person"] == *who && (it["channel"] == "phone" || it["channel"] == "sms");
    let theirs = lines.as_array().unwrap().iter().filter(is_theirs);
    let numbers: BTreeSet<&str> = theirs.map(|it| it["value"].as_str().unwrap()).collect();
    for number in numbers {
        let taken_away = ["contacts", "correct", &who, "--was", number, "--phone", ""];
        office.run(taken_away).done();
    }
    let urgent = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "urgence", "--json"];
    let code = office.run(urgent.into_iter().chain(FIELDS)).json();
    let status = office.run(["status", code["message"].as_str().unwrap(), "--json"]).json();
    assert_eq!(status["addressees"]["on_letter"], 1, "{status}");
}

#[test]
fn a_correction_that_cannot_wait_has_them_called_though_the_earlier_text_was_a_letter() {
    let (office, _) = without_a_screen();
    let usual = ["send", "annonce", "--to", "familles classe:6A", "--json"];
    let usual = usual.into_iter().chain(FIELDS);
    let code = office.run(usual).json()["message"].as_str().unwrap().to_owned();
    let status = |code: &str, state: &str| {
        let status = office.run(["status", code, "--json"]).json();
        status["addressees"][state].as_u64().unwrap()
    };
    let on_paper = status(&code, "on_letter");
    office.run(["letters"]).done();
    let correct = ["correct", &code, "--set", "agenda=Demain à 7h30.", "--urgency", "urgent"];
    let sent = office.run(correct.into_iter().chain(["--json"])).json();
    let correction = sent["message"].as_str().unwrap();
    let called = status(correction, "on_call");
    assert_eq!((called, status(correction, "on_letter") + called), (1, on_paper));
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
        { "connectivity": "none", "printer": true, "language": "pt", "call": "le soir", "large_print": false }
    );
    assert_eq!(shown["profile"], profile);
    assert_eq!(shown["restrictions"][0]["pupil"], *pupil);
    let told = office.run(["people", "restrict", &who, "--pupil", &pupil, "--why", "objection"]);
    assert!(told.failed().contains("adult pupil"));
}

/// A pupil with this parent, as a table.
fn family_of(parent: &str) -> String {
    let head = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Email parent 1";
    format!("{head}\nBON;Inès;6A;{parent}\n")
}

#[test]
fn a_new_representative_of_a_pupil_under_a_ruling_is_asked_about_in_words_of_its_own() {
    let office = Office::new();
    office.write("a.csv", family_of("GARNIER;Isabelle;isa@example.org"));
    office.run(["import", "a.csv", "--yes"]).done();
    let restrict = ["people", "restrict", "Isabelle GARNIER", "--pupil", "Inès BON"];
    let told = office.run(restrict.into_iter().chain(["--why", "court", "--json"])).json();
    assert_eq!(told["withdrawn"], serde_json::json!([]));
    office.write("b.csv", family_of("BON;Isa;isa@example.org"));
    for said in [&[][..], &["--archive-many"]] {
        let told = office.run(["import", "b.csv"].into_iter().chain(said.iter().copied())).failed();
        for word in ["Isa BON", "Inès BON", "Isabelle GARNIER", "--add-representatives"] {
            assert!(told.contains(word), "{word} in {told}");
        }
    }
    office.run(["import", "b.csv", "--yes", "--add-representatives"]).done();
    let told = office.run(["audience", "familles", "--json"]).json();
    assert_eq!(told["recipients"][0]["channels"], serde_json::json!([]), "{told}");
    assert!(told["left_out"].to_string().contains("Isa BON"), "{told}");
    office.run(["people", "trust", "Isa BON", "--pupil", "Inès BON", "--channel", "email"]).done();
    let told = office.run(["audience", "familles", "--json"]).json();
    assert_eq!(told["recipients"][0]["channels"], serde_json::json!(["email"]), "{told}");
}

#[test]
fn namesakes_are_told_apart_by_a_pupil_a_class_or_an_address() {
    let office = Office::new();
    let head = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Email parent 1";
    let rows = "BON;Inès;6A;GARNIER;Isabelle;isa@example.org\nTHOMAS;Zoé;6B;GARNIER;Isabelle;\
                autre@example.org";
    office.write("a.csv", format!("{head}\n{rows}\n"));
    office.run(["import", "a.csv", "--yes"]).done();
    let connect = ["people", "connect", "Isabelle GARNIER", "--connectivity", "none"];
    let several = office.run(connect);
    assert_ne!(several.code, Some(0));
    for word in ["Inès BON (6A)", "Zoé THOMAS (6B)", "autre@example.org", "--pupil, --class, --at"]
    {
        assert!(several.err.contains(word), "{word} in {}", several.err);
    }
    assert!(!several.err.contains("table:"), "nobody knows keys: {}", several.err);
    for one in [["--pupil", "Zoé THOMAS"], ["--class", "6B"], ["--at", "autre@"]] {
        office.run(connect.into_iter().chain(one)).done();
    }
    let shown =
        office.run(["people", "show", "Isabelle GARNIER", "--class", "6A", "--json"]).json();
    assert!(shown["profile"].is_null(), "{shown}");
}

#[test]
fn a_ruling_says_whose_addresses_are_not_used_any_more_and_what_to_do() {
    let office = Office::new();
    let head = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Email parent 1;Nom parent 2;Prénom parent 2;\
                Email parent 2";
    let row = "ROY;Quin;6A;ROY;Dora;famille@example.org;ROY;Denis;famille@example.org";
    office.write("a.csv", format!("{head}\n{row}\n"));
    office.run(["import", "a.csv", "--yes"]).done();
    let restrict = ["people", "restrict", "Denis ROY", "--pupil", "Quin ROY", "--why", "court"];
    let told = office.run(restrict).done();
    let way_out = "chappe people trust \"Dora ROY\" --pupil \"Quin ROY\" --channel email";
    assert!(told.contains("Dora ROY gets nothing about Quin ROY by email"), "{told}");
    assert!(told.contains(way_out), "{told}");
    office.run(["people", "trust", "Dora ROY", "--pupil", "Quin ROY", "--channel", "email"]).done();
    assert!(!office.run(restrict).done().contains("gets nothing"), "nothing of hers is withheld");
}

#[test]
fn a_parent_on_the_telephone_is_answered_from_one_card() {
    let office = Office::with_school();
    let (who, name, pupil) = somebody(&office);
    let before = office.run(["people", "show", &who]).done();
    assert!(before.contains("No message concerned them yet."), "{before}");
    let code = office.send_to("familles");
    let daemon = office.serve();
    office.watched(&code);
    daemon.terminate();
    let card = office.run(["people", "show", &who, "--json"]).json();
    assert_eq!((card["name"].as_str(), card["person"].as_str()), (Some(&*name), Some(&*who)));
    assert!(card["pupils"].as_array().unwrap().iter().any(|it| it["name"] == pupil.as_str()));
    let channels: BTreeSet<&str> = card["contacts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|contact| contact["channel"].as_str().unwrap())
        .collect();
    assert!(channels.contains("sms") && channels.contains("letter"), "{card}");
    let message = &card["messages"][0];
    assert_eq!(message["message"].as_str(), Some(&*code));
    assert!(message["subject"].as_str().is_some_and(|it| it.contains(' ')), "{message}");
    let ways = message["ways"].as_array().unwrap();
    assert!(ways.iter().any(|way| way["proof"] == "accepted" && way["at"].is_string()), "{ways:?}");
    let shown = office.run(["people", "show", &who]).done();
    for told in [&name, &pupil, &code, "handed over", "06 39 98"] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    // A child's name finds all who stand for the child.
    let by_pupil = office.run(["people", "show", &pupil]).done();
    assert!(by_pupil.contains(&name) && by_pupil.contains(&code), "{by_pupil}");
}

#[test]
fn what_is_noted_of_people_keeps_its_form() {
    let office = Office::new();
    let head = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Email parent 1;Nom parent 2;Prénom parent 2;\
                Email parent 2";
    let row = "ROY;Quin;6A;ROY;Dora;famille@example.org;ROY;Denis;famille@example.org";
    office.write("a.csv", format!("{head}\n{row}\n"));
    office.run(["import", "a.csv", "--yes"]).done();
    let card = office.run(["people", "show", "Dora ROY", "--json"]).json();
    super::answers::holds_but_for(
        "people_show",
        &card,
        &[(card["person"].as_str().unwrap(), "[key]")],
    );
    let (denis, dora) = (["Denis ROY", "--pupil", "Quin ROY"], ["Dora ROY", "--pupil", "Quin ROY"]);
    for (name, command, who, more) in [
        ("people_connect", "connect", &dora[..1], &["--connectivity", "none"][..]),
        ("people_restrict", "restrict", &denis, &["--why", "court"]),
        ("people_trust", "trust", &dora, &["--channel", "email"]),
        ("people_lift", "lift", &denis, &[]),
        ("people_archive", "archive", &denis, &[]),
    ] {
        let typed = ["people", command].into_iter().chain(who.iter().copied());
        let answer = office.run(typed.chain(more.iter().copied()).chain(["--json"])).json();
        super::answers::holds(name, &answer);
    }
    let nothing = office.run(["people", "connect", "Quin ROY", "--printer", "true"]).failed();
    assert!(nothing.contains("nobody is called"), "{nothing}");
}

#[test]
fn what_a_file_has_wrong_is_changed_by_hand() {
    let office = Office::with_school();
    let (who, _, pupil) = somebody(&office);
    let change = ["people", "change", &who, "--json"];
    let more = ["--family-name", "Du Moulin", "--address", "3 rue du Puits; 31999 VALCLAIR"];
    let changed = office.run(change.into_iter().chain(more)).json();
    super::answers::holds_but_for("people_change", &changed, &[(&who, "[key]")]);
    let moved = office.run(["people", "change", &pupil, "--in", "5A"]).done();
    assert!(moved.contains(&format!("{pupil} (5A) is changed")), "{moved}");
    office.import(&super::office::small_school());
    let card = office.run(["people", "show", "moulin"]).done();
    for told in ["DU MOULIN", "3 rue du Puits, 31999 VALCLAIR", &format!("{pupil} (5A)")] {
        assert!(card.contains(told), "{told}: {card}");
    }
    let list = office.run(["contacts", "list", "to-correct"]).done();
    assert!(list.contains("[family name: to correct at the source] Du Moulin"), "{list}");
    let nothing = office.run(["people", "change", &who]).failed();
    assert!(nothing.contains("--family-name"), "{nothing}");
    let both = office.run(["people", "change", &who, "--in", "6A", "--civility", "Mme"]);
    assert_eq!(both.code, Some(2), "a pupil has no civility: {both:?}");
    assert!(office.run(["journal", "--json"]).out.contains("change_person"));
}

#[test]
fn a_family_that_comes_on_monday_is_added_and_written_to_at_once() {
    let office = Office::with_school();
    let total = |office: &Office| addressees(office)["total"].as_u64().unwrap();
    let before = total(&office);
    office.run(["people", "add", "pupil", "Noé", "DE LA COUR", "--in", "6A"]).done();
    let mother = ["people", "add", "guardian", "Anaïs", "DE LA COUR", "--of", "Noé de la Cour"];
    let sound = ["--civility", "Mme", "--phone", "06 39 98 00 55", "--email", "anais@example.org"];
    let bad = office.run(mother.into_iter().chain(["--phone", "06 39"])).failed();
    assert!(bad.contains("nothing was changed"), "{bad}");
    let added = office.run(mother.into_iter().chain(sound).chain(["--json"])).json();
    assert!(added["key"].as_str().unwrap().starts_with("hand:"), "{added}");
    assert_eq!(added["name"], "Anaïs DE LA COUR");
    assert_eq!(total(&office), before + 1);
    for typed in ["06 39 98 00 55", "anais@example.org", "cour ana", "Noé DE LA COUR"] {
        let shown = office.run(["people", "show", typed]).done();
        assert!(shown.contains("Anaïs DE LA COUR") && shown.contains("6A"), "{typed}: {shown}");
    }
    let twice = office.run(mother.into_iter().chain(sound)).failed();
    assert!(twice.contains("knows somebody of that name"), "{twice}");
    office.run(["people", "archive", "Anaïs DE LA COUR"]).done();
    assert_eq!(total(&office), before);
    office.run(["people", "archive", "Noé DE LA COUR", "--is-pupil"]).done();
    let gone = office.run(["people", "show", "Noé DE LA COUR"]).failed();
    assert!(gone.contains("nobody is called"), "{gone}");
    let acts = office.run(["journal", "--json"]).out;
    assert!(acts.contains("add_person") && acts.contains("archive_person"), "{acts}");
}
