//! `chappe letters`

use super::answers;
use super::office::{FIELDS, Office};

#[test]
fn letters_are_printed_listed_and_said_to_be_posted() {
    let office = Office::with_school();
    assert!(office.run(["letters", "list"]).done().contains("No batch"));
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "papier"];
    let sent = office.run(arguments.into_iter().chain(["--json"]).chain(FIELDS));
    let code = sent.json()["message"].as_str().unwrap().to_owned();
    let on_letter =
        office.run(["status", &code, "--json"]).json()["addressees"]["on_letter"].clone();
    assert!(on_letter.as_u64() > Some(5), "{on_letter}");

    let printed = office.run(["letters", "--json"]).json();
    let file = office.path(printed["file"].as_str().unwrap());
    assert!(std::fs::read(&file).unwrap().starts_with(b"%PDF-"));
    assert_eq!(office.rights_of(printed["file"].as_str().unwrap()), 0o600);
    assert_eq!(printed["number"], 1);
    let list = office.run(["letters", "list", "--json"]).json();
    answers::holds("letters_list", &list);
    answers::holds("letters", &printed);
    assert_eq!((&list["state"], &list["letters"]), (&"to post".into(), &printed["letters"]));
    assert!(office.run(["letters"]).done().contains("No letter waits."));

    let posted = office.run(["letters", "posted", "1", "--json"]).json();
    answers::holds("letters_posted", &posted);
    let after = office.run(["status", &code, "--json"]).json();
    assert_eq!(after["addressees"]["reached"], on_letter);
    assert_eq!(after["addressees"]["on_letter"], 0);
    let before = office.rows();
    let twice = office.run(["letters", "posted", "1"]).failed_in(&before, &office);
    assert!(twice.contains("batch 1 was posted on") && twice.contains("--undo"), "{twice}");

    let undone = office.run(["letters", "posted", "1", "--undo", "--json"]).json();
    answers::holds("letters_posted_undo", &undone);
    let after = office.run(["status", &code, "--json"]).json();
    assert_eq!(
        (&after["addressees"]["reached"], &after["addressees"]["on_letter"]),
        (&0.into(), &on_letter)
    );
    assert_eq!(office.run(["letters", "list", "--json"]).json()["state"], "to post");
    let told = office.run(["letters", "posted", "1", "--undo"]).failed();
    assert!(told.contains("nobody said that batch 1 was posted"), "{told}");
    let posted = office.run(["letters", "posted", "1", "--json"]).json();
    assert_eq!(posted["letters"], printed["letters"]);
    let acts = office.run(["journal", "--json"]).done();
    assert!(acts.contains("\"unpost\""), "{acts}");
}

#[test]
fn letters_that_could_not_be_printed_are_kept_and_the_way_on_is_named() {
    let office = Office::with_school();
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "papier"];
    office.run(arguments.into_iter().chain(FIELDS)).done();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let hasty = config.replace("[dispatch]", "[letters]\ntime_limit = \"1ms\"\n\n[dispatch]");
    office.write("chappe.toml", hasty);
    let told = office.run(["letters", "--json"]).failed_in_json();
    let way_on = "the letters are kept in their batch: run `chappe letters` again";
    assert!(told.ends_with(way_on), "{told}");
    office.write("chappe.toml", config);
    assert_eq!(office.run(["letters", "--json"]).json()["number"], 1);
}

#[test]
fn a_batch_that_does_not_exist_is_refused_and_the_list_is_named() {
    let office = Office::new();
    for arguments in [["letters", "posted", "7"], ["letters", "again", "7"]] {
        let told = office.run(arguments.into_iter().chain(["--json"])).failed_in_json();
        assert!(told.contains("no batch 7") && told.contains("chappe letters list"), "{told}");
    }
    assert_eq!(office.run(["letters", "posted", "seven"]).code, Some(2));
}

#[test]
fn a_letter_that_the_post_gives_back_takes_its_addressee_off_the_reached() {
    let office = Office::with_school();
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "papier"];
    let sent = office.run(arguments.into_iter().chain(["--json"]).chain(FIELDS));
    let code = sent.json()["message"].as_str().unwrap().to_owned();
    office.run(["letters"]).done();
    let reference = format!("{code}-000A");
    let too_soon = office.run(["letters", "returned", &reference]).failed();
    assert!(too_soon.contains("its batch was posted"), "{too_soon}");
    office.run(["letters", "posted", "1"]).done();
    let reached = |office: &Office| {
        let status = office.run(["status", &code, "--json"]).json();
        status["addressees"]["reached"].as_u64().unwrap()
    };
    let before = reached(&office);
    let answer = office.run(["letters", "returned", &reference.to_lowercase(), "--json"]).json();
    answers::holds("letters_returned", &answer);
    assert!(reached(&office) < before);
    let dead = office.run(["contacts", "list", "dead", "--json"]).json();
    assert!(dead.as_array().unwrap().iter().all(|line| line["channel"] == "letter"), "{dead}");
    assert!(!dead.as_array().unwrap().is_empty());
    assert_eq!(office.run(["letters", "returned", "nonsense"]).code, Some(2));
}

#[test]
fn printed_letters_of_a_cancelled_message_are_to_be_taken_out_and_not_printed_again() {
    let office = Office::with_school();
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "papier"];
    let sent = office.run(arguments.into_iter().chain(["--json"]).chain(FIELDS));
    let code = sent.json()["message"].as_str().unwrap().to_owned();
    office.run(["hold", "--reason", "essai"]).done();
    let held_back = office.run(["letters", "--json"]).json();
    assert_eq!(held_back["why"], "on_hold");
    office.run(["release", "--yes"]).done();
    office.run(["letters"]).done();
    let told = office.run(["cancel", &code]).done();
    assert!(told.contains("printed and not posted, in batch 1"), "{told}");
    let told = office.run(["letters", "again", "1"]).failed();
    assert!(told.contains(&code) && told.contains("cancelled"), "{told}");
}

/// A couple of one name at one address, and a neighbour; each with a child in 6A.
const FAMILIES: &str = "\
Nom;Prénom;Classe;Civilité parent 1;Nom parent 1;Prénom parent 1;Adresse parent 1;CP parent 1;Ville parent 1;Civilité parent 2;Nom parent 2;Prénom parent 2;Adresse parent 2;CP parent 2;Ville parent 2
ABDALLAH;Lina;6A;Mme;ABDALLAH;Samia;1 rue du Puits;31999;Valclair;M.;ABDALLAH;Karim;1 rue du Puits;31999;Valclair
PETIT;Tom;6A;Mme;PETIT;Rosa;2 rue du Puits;31999;Valclair;;;;;;
";

/// An office with those families, who were sent something on paper.
fn office_with_paper(settings: &str) -> Office {
    let office = Office::new();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n{settings}"));
    office.write("6a.csv", FAMILIES);
    office.run(["import", "6a.csv", "--yes"]).done();
    send_paper(&office);
    office
}

fn send_paper(office: &Office) {
    let arguments = ["send", "fermeture", "--to", "familles", "--plan", "papier", "--again"];
    office.run(arguments.into_iter().chain(FIELDS)).done();
}

/// The words of a page, as poppler reads them.
fn words_of(office: &Office, file: &str, page: u32) -> String {
    let page = page.to_string();
    let read = std::process::Command::new("pdftotext")
        .args(["-f", &page, "-l", &page, "-layout"])
        .arg(office.path(file))
        .arg("-")
        .output()
        .unwrap_or_else(|_| panic!("pdftotext is missing: install poppler-utils"));
    String::from_utf8(read.stdout).unwrap().replace('\u{a0}', " ")
}

#[test]
fn two_on_the_envelope_are_two_in_the_greeting() {
    let office = office_with_paper("");
    let printed = office.run(["letters", "--json"]).json();
    assert_eq!((&printed["letters"], &printed["sheets"]), (&2.into(), &2.into()), "{printed}");
    let file = printed["file"].as_str().unwrap();
    let couple = words_of(&office, file, 1);
    for part in ["M. et Mme ABDALLAH", "Madame, Monsieur,", "agréer, Madame, Monsieur,"] {
        assert!(couple.contains(part), "{part} in\n{couple}");
    }
    assert_eq!(words_of(&office, file, 2).trim(), "", "the back of their sheet");
    let alone = words_of(&office, file, 3);
    assert!(alone.contains("Mme Rosa PETIT") && alone.contains("agréer, Madame, l’"), "{alone}");
}

#[test]
fn a_slip_is_shown_as_it_is_handed_out_to_one_person() {
    let office = office_with_paper("");
    let shown = office.run(["contacts", "slips", "--list", "all", "--dry-run", "--json"]).json();
    let slip = shown["preview"]["letter"].as_str().unwrap();
    assert!(slip.contains("\nMonsieur,\n") || slip.contains("\nMadame,\n"), "{slip}");
    assert!(slip.contains("1\u{a0}rue du Puits, 31999\u{a0}Valclair"), "{slip}");
}

#[test]
fn the_sheets_of_a_batch_are_told_and_a_reprint_keeps_its_sides() {
    let office = office_with_paper("[letters]\nsides = \"two\"\n");
    let told = office.run(["letters"]).done();
    assert!(told.contains("2 letters, 4 pages on 2 sheets (two-sided)"), "{told}");
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", config.replace("sides = \"two\"", "sides = \"one\""));
    let again = office.run(["letters", "again", "1", "--json"]).json();
    assert_eq!((&again["sides"], &again["pages"]), (&"two".into(), &4.into()), "{again}");

    send_paper(&office);
    let told = office.run(["letters"]).done();
    assert!(told.contains("2 letters, 2 pages on 2 sheets (one-sided)"), "{told}");
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", config.replace("sides = \"one\"", "sides = \"two\""));
    let again = office.run(["letters", "again", "2", "--json"]).json();
    assert_eq!((&again["sides"], &again["pages"]), (&"one".into(), &2.into()), "{again}");
    let list = office.run(["letters", "list"]).done();
    assert_eq!(list.matches("2 sheets").count(), 2, "{list}");
    assert_eq!(office.run(["letters", "list", "--json"]).json()["sheets"], 2);
}

#[test]
fn sides_that_no_sheet_has_are_refused_with_those_that_there_are() {
    let office = Office::new();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[letters]\nsides = \"both\"\n"));
    let told = office.run(["letters", "list"]).failed();
    assert!(told.contains("sides") && told.contains("`two`") && told.contains("`one`"), "{told}");
}

#[test]
fn one_letter_on_one_sheet_is_told_in_the_singular() {
    let office = Office::new();
    office.write("families.csv", "Nom;Prénom;Classe;R1_nom;R1_prenom\r\nSEUL;Ida;6A;SEUL;Iris\r\n");
    office.run(["import", "families.csv", "--yes"]).done();
    office.run(["contacts", "slips"]).done();
    let told = office.run(["letters"]).done();
    assert!(told.contains("Batch 1: 1 letter, 2 pages on 1 sheet ("), "{told}");
    let listed = office.run(["letters", "list"]).done();
    assert!(listed.contains("1 letter  ") && listed.contains("1 sheet  "), "{listed}");
}

#[test]
fn a_letter_that_somebody_fetches_is_handed_over_by_itself_and_that_is_taken_back() {
    let office = Office::with_school();
    let arguments = ["send", "fermeture", "--to", "familles classe:6A", "--plan", "papier"];
    let sent = office.run(arguments.into_iter().chain(["--json"]).chain(FIELDS)).json();
    let code = sent["message"].as_str().unwrap().to_owned();
    let reference = format!("{code}-000A");
    let before = office.rows();
    let told = office.run(["letters", "handed-over", &reference]).failed_in(&before, &office);
    assert!(
        told.contains(&format!("no letter that is printed has the reference {reference}")),
        "{told}"
    );
    let status = office.run(["status", &code, "--json"]).json();
    let all = status["addressees"]["on_letter"].as_u64().unwrap();
    office.run(["letters"]).done();

    let fetched = ["letters", "handed-over", &reference, "--to", "Rosa PETIT", "--json"];
    let handed = office.run(fetched).json();
    answers::holds("letters_handed_over", &handed);
    let reached = || {
        let status = office.run(["status", &code, "--json"]).json();
        status["addressees"]["reached"].as_u64().unwrap()
    };
    assert_eq!((handed["handed_over"].as_u64(), reached()), (Some(1), 1));
    // Once more says to whom, and changes nothing else.
    office.run(["letters", "handed-over", &reference, "--to", "Jean PETIT"]).done();
    assert_eq!(reached(), 1);
    office.run(["letters", "handed-over", &reference, "--undo"]).done();
    assert_eq!(reached(), 0);
    let told = office.run(["letters", "handed-over", &reference, "--undo"]).failed();
    assert!(told.contains("no letter that was handed over"), "{told}");
    office.run(["letters", "handed-over", &reference]).done();
    office.run(["letters", "posted", "1"]).done();
    assert_eq!(reached(), all, "the others went by post");
    let acts = office.run(["journal", "--json"]).done();
    assert_eq!(acts.matches("\"hand_over\"").count(), 3);
    assert!(acts.contains("\"take_back_handover\"") && !acts.contains("PETIT"), "{acts}");
}

/// How high the words of the first page of a letter are set, in points.
fn height_of(file: &std::path::Path, word: &str) -> f32 {
    let bbox = std::process::Command::new("pdftotext")
        .args(["-bbox", "-l", "1"])
        .arg(file)
        .arg("-")
        .output()
        .unwrap();
    let bbox = String::from_utf8(bbox.stdout).unwrap();
    let line = bbox.lines().find(|line| line.contains(&format!(">{word}<"))).unwrap();
    let number = |name: &str| -> f32 {
        line.split(&format!("{name}=\""))
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap()
    };
    number("yMax") - number("yMin")
}

#[test]
fn a_household_that_reads_large_print_alone_gets_its_letters_in_it() {
    let office = Office::new();
    office.write("6a.csv", super::slips::FAMILIES);
    office.run(["import", "6a.csv", "--yes"]).done();
    let noted =
        ["people", "connect", "Rosa PETIT", "--connectivity", "none", "--large-print", "true"];
    office.run(noted).done();
    assert!(office.run(["people", "show", "Rosa PETIT"]).done().contains("in large print"));
    let send = |to: &str| {
        let words = ["send", "fermeture"].into_iter().chain(FIELDS);
        office.run(words.chain(["--to", to, "--plan", "papier", "--again"])).done();
        let printed = office.run(["letters", "--json"]).json();
        height_of(&office.path(printed["file"].as_str().unwrap()), "Madame,")
    };
    let (large, usual) = (send("familles connexion:none"), send("familles sauf connexion:none"));
    assert!(large > usual * 1.4, "{large} and {usual}");
    // What is not said stays as it was known.
    office.run(["people", "connect", "Rosa PETIT", "--printer", "true"]).done();
    assert!(office.run(["people", "show", "Rosa PETIT"]).done().contains("in large print"));
}
