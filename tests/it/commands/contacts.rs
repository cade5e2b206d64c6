//! `chappe contacts`

use serde_json::Value;

use super::answers;
use super::office::Office;

/// The lines of a list, as JSON.
fn list(office: &Office, name: &str) -> Vec<Value> {
    let lines = office.run(["contacts", "list", name, "--json"]).json();
    lines.as_array().unwrap().clone()
}

/// Somebody on a list who has a mobile number: their key and the number.
fn with_mobile(office: &Office) -> (String, String) {
    let lines = list(office, "all");
    let line = lines.iter().find(|line| line["channel"] == "sms").expect("a mobile number");
    let text = |field: &str| line[field].as_str().unwrap().to_owned();
    (text("person"), text("value"))
}

#[test]
fn each_list_is_counted_and_can_be_shown_for_an_audience() {
    let office = Office::with_school();
    let counts = office.run(["contacts", "--json"]).json();
    assert_eq!(counts["never-verified"], counts["all"]);
    assert_eq!(counts["dead"], 0);
    assert_eq!(list(&office, "all").len() as u64, counts["all"].as_u64().unwrap());
    let arguments = ["contacts", "list", "all", "--to", "familles classe:6A", "--json"];
    let of_6a = office.run(arguments).json();
    assert!(of_6a.as_array().unwrap().len() < list(&office, "all").len());
    assert!(!of_6a.as_array().unwrap().is_empty());
    assert_eq!(office.run(["contacts", "list", "forgotten"]).code, Some(2));
}

#[test]
fn what_the_lists_answer_keeps_its_form() {
    let office = Office::new();
    let head = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Email parent 1;Portable parent 1";
    let row = "BON;Inès;6A;GARNIER;Isabelle;isa@example.org;06 39 98 00 01 (soir)";
    office.write("a.csv", format!("{head}\n{row}\n"));
    office.run(["import", "a.csv", "--yes"]).done();
    let correct = ["contacts", "correct", "Isabelle GARNIER", "--email", "isa.garnier@example.org"];
    let key = office.run(["people", "show", "garnier", "--json"]).json()["person"].clone();
    for (name, command) in [
        ("contacts_correct", &correct[..]),
        ("contacts", &["contacts"]),
        ("contacts_list", &["contacts", "list", "all"]),
        ("contacts_list_to_correct", &["contacts", "list", "to-correct"]),
        ("contacts_list_missing", &["contacts", "list", "missing"]),
        ("contacts_list_csv", &["contacts", "list", "all", "--csv", "contacts.csv"]),
    ] {
        let answer = office.run(command.iter().copied().chain(["--json"])).json();
        answers::holds_but_for(name, &answer, &[(key.as_str().unwrap(), "[key]")]);
    }
}

#[test]
fn a_list_is_written_for_a_spreadsheet_with_numbers_as_people_read_them() {
    let office = Office::with_school();
    let (_, number) = with_mobile(&office);
    office.run(["contacts", "list", "all", "--csv", "contacts.csv"]).done();
    let text = std::fs::read_to_string(office.path("contacts.csv")).unwrap();
    assert!(
        text.starts_with(
            "\u{feff}\"Personne\";\"Élèves\";\"Moyen\";\"Coordonnée\";\"Remarque\";\"État\";"
        ),
        "{text}"
    );
    assert!(!text.contains(&number), "a formula to a spreadsheet: {number}");
    assert!(text.contains(";\"06 39 98 "), "{text}");
    assert!(text.contains("jamais vérifiée"), "{text}");
    assert_eq!(office.rights_of("contacts.csv"), 0o600);
    let stands = office.run(["contacts", "list", "dead", "--csv", "contacts.csv"]).failed();
    assert!(stands.contains("the list was not kept"), "{stands}");
    assert_eq!(std::fs::read_to_string(office.path("contacts.csv")).unwrap(), text);
}

#[test]
fn numbers_on_the_screen_are_those_that_people_read() {
    let office = Office::with_school();
    let (_, number) = with_mobile(&office);
    let shown = office.run(["contacts", "list", "all"]).done();
    assert!(shown.contains("] 06 39 98 ") && !shown.contains(&number), "{shown}");
    assert!(office.run(["contacts", "list", "all", "--json"]).done().contains(&number));
}

#[test]
fn a_correction_by_hand_outlives_the_next_import() {
    let office = Office::with_school();
    let (who, was) = with_mobile(&office);
    let right = ["contacts", "correct", &who, "--phone", "06 39 98 99 99", "--was", &was];
    office.run(right).done();
    office.import(&super::office::small_school());
    let values = |name: &str| -> Vec<String> {
        let lines = list(&office, name).into_iter().filter(|line| line["person"] == *who);
        lines.map(|line| line["value"].as_str().unwrap().to_owned()).collect()
    };
    assert!(values("all").contains(&"+33639989999".to_owned()));
    assert!(!values("all").contains(&was));
    assert_eq!(values("to-correct"), ["+33639989999"]);
    let told = office.run(["contacts", "correct", &who, "--phone", "12"]).failed();
    assert!(told.contains("nothing was changed"), "{told}");
    let told = office.run(["contacts", "correct", "Personne INCONNUE", "--email", "a@b.fr"]);
    assert!(told.failed().contains("nobody is called"));
    let told = office.run(["contacts", "correct", &who, "--phone", "", "--was", &was]).failed();
    assert!(told.contains("nothing was changed: look at `chappe contacts list all`"), "{told}");
}

#[test]
fn a_corrected_address_is_that_of_the_next_letter() {
    let office = Office::with_school();
    let (who, _) = with_mobile(&office);
    let right = "3 rue du Puits; 31999 VALCLAIR";
    office.run(["contacts", "correct", &who, "--address", right]).done();
    let lines = list(&office, "all");
    let line = lines.iter().find(|it| it["person"] == *who && it["channel"] == "letter").unwrap();
    assert_eq!(line["value"], "3 rue du Puits, 31999 VALCLAIR");
    let told = office.run(["contacts", "correct", &who, "--address", "3 rue du Puits"]).failed();
    assert!(told.contains("postcode"), "{told}");
}

#[test]
fn a_verification_goes_to_those_who_were_never_verified_alone() {
    let office = Office::with_school();
    let (who, _) = with_mobile(&office);
    let never: Vec<Value> = list(&office, "never-verified")
        .into_iter()
        .filter(|line| ["email", "sms"].iter().any(|channel| line["channel"] == **channel))
        .collect();
    assert!(never.iter().any(|line| line["person"] == *who));
    let arguments = ["contacts", "verify", "--before", "vendredi 11 décembre", "--json"];
    let shown = office.run(arguments.into_iter().chain(["--dry-run"])).json();
    assert!(shown["preview"]["sms"].as_str().unwrap().contains("vendredi 11 décembre"), "{shown}");
    assert_eq!(office.files_in("out/sms"), 0);
    let sent = office.run(arguments).json();
    assert!(sent["addressees"]["total"].as_u64() > Some(5), "{sent}");
    let code = sent["message"].as_str().unwrap();
    for told in [["status", code], ["show", code], ["people", "show"]] {
        let person = if told[1] == "show" { Some(who.as_str()) } else { None };
        let told = office.run(told.into_iter().chain(person)).done();
        assert!(told.contains("Vérification des coordonnées"), "no id of a template: {told}");
    }
    let told = office.run(["contacts", "verify", "--list", "dead"]).failed();
    assert!(told.contains("nobody matches"), "{told}");
}

#[test]
fn a_sheet_to_correct_is_a_letter_that_names_what_is_known() {
    let office = Office::with_school();
    let shown = office.run(["contacts", "slips", "--list", "all", "--dry-run", "--json"]).json();
    let letter = shown["preview"]["letter"].as_str().unwrap();
    assert!(letter.contains("Ce que nous avons noté"), "{letter}");
    assert!(letter.contains("Barrez ce qui est faux"), "{letter}");
    let sent = office.run(["contacts", "slips", "--list", "all", "--json"]).json();
    let code = sent["message"].as_str().unwrap();
    let status = office.run(["status", code, "--json"]).json();
    let count = |name: &str| status["addressees"][name].as_u64().unwrap();
    assert_eq!(count("on_letter") + count("unreached"), count("total"), "{status}");
    assert!(count("on_letter") > count("unreached"), "{status}");
}

#[test]
fn a_second_verification_asks_nobody_who_still_has_time_to_answer() {
    let office = Office::with_school();
    office.run(["contacts", "verify"]).done();
    let told = office.run(["contacts", "verify"]).failed();
    assert!(told.contains("asked already"), "{told}");
}

#[test]
fn a_family_without_an_address_gets_its_sheet_through_the_pupil() {
    let office = Office::new();
    office.write("families.csv", "Nom;Prénom;Classe;R1_nom;R1_prenom\r\nSEUL;Ida;6A;SEUL;Iris\r\n");
    office.run(["import", "families.csv", "--yes"]).done();
    let sent = office.run(["contacts", "slips", "--json"]).json();
    let code = sent["message"].as_str().unwrap();
    let status = office.run(["status", code, "--json"]).json();
    assert_eq!(status["addressees"]["on_letter"], 1, "{status}");
    let printed = office.run(["letters", "--json"]).json();
    let pdf = office.path(printed["file"].as_str().unwrap());
    let text = std::process::Command::new("pdftotext").arg(&pdf).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("À remettre par l’élève"), "{text}");
    assert!(text.contains("IDA SEUL 6A"), "{text}");
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains("Adresse postale : aucune"), "{text}");
}
