//! Lists and piles in the order that a school expects: class, family name, first name; staff last.

use serde_json::Value;

use super::office::{FIELDS, Office};

/// Each family's own mailbox and house; Anne LEBLANC has a brother in 3B, Anne ELOI's parents live apart.
const FAMILIES: &str = "\
Nom;Prénom;Classe;Civilité parent 1;Nom parent 1;Prénom parent 1;Adresse parent 1;CP parent 1;Ville parent 1;Civilité parent 2;Nom parent 2;Prénom parent 2;Adresse parent 2;CP parent 2;Ville parent 2
DABADIE;Anne;3B;Mme;DABADIE;Iris;1 rue du Puits;31999;Valclair;;;;;;
LEBLANC;Max;3B;Mme;LEBLANC;Iris;2 rue du Puits;31999;Valclair;;;;;;
LEBLANC;Anne;6A10;Mme;LEBLANC;Iris;2 rue du Puits;31999;Valclair;;;;;;
PETIT;Lou;;Mme;PETIT;Iris;3 rue du Puits;31999;Valclair;;;;;;
ÉLOI;Zoé;6A2;Mme;ÉLOI;Iris;4 rue du Puits;31999;Valclair;;;;;;
LE GOFF;Yann;6A10;Mme;LE GOFF;Iris;5 rue du Puits;31999;Valclair;;;;;;
D'ARTAGNAN;Zoé;3B;Mme;D'ARTAGNAN;Iris;6 rue du Puits;31999;Valclair;;;;;;
ELOI;Anne;6A2;Mme;ELOI;Zoé;7 rue du Puits;31999;Valclair;M.;ABEL;Yves;8 rue du Puits;31999;Valclair
";

const STAFF: &str = "\
Nom;Prénom;Fonction;Adresse;CP;Ville
MOREL;Anne;AED;9 rue du Puits;31999;Valclair
ABADIE;Zoé;AED;10 rue du Puits;31999;Valclair
";

/// Everybody, and the pupils whom they are told of.
const IN_ORDER: [(&str, &str); 10] = [
    ("Yves ABEL", "Anne ELOI (6A2)"),
    ("Zoé ELOI", "Anne ELOI (6A2)"),
    ("Iris ÉLOI", "Zoé ÉLOI (6A2)"),
    ("Iris LE GOFF", "Yann LE GOFF (6A10)"),
    ("Iris LEBLANC", "Anne LEBLANC (6A10), Max LEBLANC (3B)"),
    ("Iris D'ARTAGNAN", "Zoé D'ARTAGNAN (3B)"),
    ("Iris DABADIE", "Anne DABADIE (3B)"),
    ("Iris PETIT", "Lou PETIT"),
    ("Zoé ABADIE", ""),
    ("Anne MOREL", ""),
];

fn office() -> Office {
    let office = Office::new();
    for (name, table) in [("families.csv", FAMILIES), ("staff.csv", STAFF)] {
        office.write(name, table);
        office.run(["import", name, "--yes"]).done();
    }
    office
}

fn names(of: impl Fn(&(&'static str, &'static str)) -> &'static str) -> Vec<&'static str> {
    IN_ORDER.iter().map(of).collect()
}

/// Those of `names` in the order in which a text names them first.
fn as_named<'n>(text: &str, mut names: Vec<&'n str>) -> Vec<&'n str> {
    let text = text.replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'");
    names.sort_by_key(|name| text.find(name).unwrap_or_else(|| panic!("no {name} in\n{text}")));
    names
}

fn in_json<'a>(list: &'a Value, key: &str) -> Vec<&'a str> {
    list.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap()).collect()
}

#[test]
fn an_audience_goes_by_class_and_family_name() {
    let all = office().run(["audience", "tous", "--limit", "0", "--json"]).json();
    let recipients = all["recipients"].as_array().unwrap().iter();
    let told: Vec<(&str, String)> = recipients
        .map(|one| {
            let about: Vec<&str> =
                one["about"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
            (one["name"].as_str().unwrap(), about.join(", "))
        })
        .collect();
    assert_eq!(told, IN_ORDER.map(|(name, about)| (name, about.to_owned())));
}

#[test]
fn a_handout_goes_by_class_and_family_name() {
    let office = office();
    let arguments = ["handouts", "make", "tous", "--for", "Anne LEROY, CPE", "--csv", "all.csv"];
    office.run(arguments.into_iter().chain(["--columns", "name,pupils"])).done();
    let text = std::fs::read_to_string(office.path("all.csv")).unwrap();
    let rows: Vec<(&str, &str)> = text
        .lines()
        .skip(1)
        .map(|line| {
            let mut cells = line.split(';').map(|cell| cell.trim_matches('"'));
            (cells.next().unwrap(), cells.next().unwrap())
        })
        .collect();
    assert_eq!(rows, IN_ORDER);
}

#[test]
fn a_pile_of_letters_goes_by_class_and_family_name_over_all_messages() {
    let office = office();
    for audience in ["personnels", "familles classe:3B,6A10", "familles sauf classe:3B,6A10"] {
        let arguments = ["send", "fermeture", "--plan", "papier", "--to", audience];
        office.run(arguments.into_iter().chain(FIELDS)).done();
    }
    let printed = office.run(["letters", "--json"]).json();
    assert_eq!(printed["letters"], IN_ORDER.len());
    let pdf = office.path(printed["file"].as_str().unwrap());
    let read = std::process::Command::new("pdftotext").arg(&pdf).arg("-").output().unwrap();
    let everybody = names(|(name, _)| name);
    let text = String::from_utf8(read.stdout).unwrap();
    assert_eq!(as_named(&text, everybody.clone()), everybody);
    let siblings = ["Anne LEBLANC", "Max LEBLANC"];
    assert_eq!(as_named(&text, siblings.to_vec()), siblings);
}

#[test]
fn those_whom_a_person_has_to_see_to_go_by_class_and_family_name() {
    let office = office();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    let plans = "[plans]\ncourriel = [{ channels = [\"email\"] }]";
    office.write("chappe.toml", config.replace("[plans]", plans));
    let arguments = ["send", "fermeture", "--plan", "courriel", "--to", "tous", "--json"];
    let sent = office.run(arguments.into_iter().chain(FIELDS)).json();
    let told = office.run(["status", sent["message"].as_str().unwrap()]).done();
    let everybody = names(|(name, _)| name);
    assert_eq!(as_named(&told, everybody.clone()), everybody);
}

#[test]
fn contacts_go_by_class_and_family_name() {
    let missing = office().run(["contacts", "list", "missing", "--json"]).json();
    let mut told = in_json(&missing, "name");
    told.dedup();
    assert_eq!(told, names(|(name, _)| name));
}

#[test]
fn pupils_of_a_list_and_of_a_person_go_by_class_and_family_name() {
    let office = office();
    office.write("names.txt", "DABADIE Anne\nLEBLANC Max\nLE GOFF Yann\nLEBLANC Anne\nZoé ÉLOI\n");
    office.run(["lists", "names", "voyage", "names.txt"]).done();
    let list = office.run(["lists", "show", "voyage", "--json"]).json();
    let in_order = ["Zoé ÉLOI", "Yann LE GOFF", "Anne LEBLANC", "Anne DABADIE", "Max LEBLANC"];
    assert_eq!(in_json(&list["pupils"], "name"), in_order);
    let card = office.run(["people", "show", "Iris LEBLANC", "--json"]).json();
    assert_eq!(in_json(&card["pupils"], "name"), ["Anne LEBLANC", "Max LEBLANC"]);
}

#[test]
fn namesakes_go_by_class() {
    let office = Office::new();
    let head = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Adresse parent 1;CP parent 1;Ville parent 1";
    let row = |class: &str| {
        format!("PETIT;Tom;{class};PETIT;Rosa;{} rue du Puits {class};31999;Valclair", class.len())
    };
    let rows = ["3B", "6A10", "6A2"].map(row).join("\n");
    office.write("families.csv", format!("{head}\n{rows}\n"));
    office.run(["import", "families.csv", "--yes"]).done();
    for name in ["Rosa PETIT", "Tom PETIT"] {
        let several = office.run(["people", "show", name]);
        assert_eq!(several.code, Some(1), "{several:?}");
        let classes = ["6A2", "6A10", "3B"];
        assert_eq!(as_named(&several.err, classes.to_vec()), classes, "{}", several.err);
    }
    let unknown = office.run(["audience", "familles classe:4Q"]).failed();
    assert!(unknown.contains("6A2, 6A10, 3B"), "{unknown}");
}
