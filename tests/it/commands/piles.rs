//! `chappe letters --sort`, `letters split`, `letters labels`: a batch in piles.

use std::process::Command;

use serde_json::Value;

use super::answers;
use super::office::{FIELDS, Office};

const FAMILIES: &str = "\
Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Adresse parent 1;CP parent 1;Ville parent 1
ABDALLAH;Lina;6A;ABDALLAH;Samia;1 rue du Puits;31999;Valclair
PETIT;Tom;3B;PETIT;Rosa;2 rue du Puits;09998;Montvert
ROUX;Ida;6A;ROUX;Jean;4 rue du Puits;09998;MONTVERT
VIDAL;Léo;3B;VIDAL;Anne;6 rue du Puits;31999;Valclair
";

/// An office with those families, two of whom fetch their letters.
fn office() -> Office {
    let office = Office::new();
    office.write("families.csv", FAMILIES);
    office.run(["import", "families.csv", "--yes"]).done();
    for (who, place) in [("Samia ABDALLAH", "Mairie de Saint-Martin"), ("Rosa PETIT", "Loge")] {
        let noted = ["people", "connect", who, "--connectivity", "full", "--pick-up", place];
        office.run(noted).done();
    }
    office
}

/// Prints what is sent to all of them on paper.
fn print(office: &Office, arguments: &[&str]) -> Value {
    let sent = ["send", "fermeture", "--to", "familles", "--plan", "papier", "--again"];
    office.run(sent.into_iter().chain(FIELDS)).done();
    let arguments = ["letters", "--json"].into_iter().chain(arguments.iter().copied());
    office.run(arguments).json()
}

/// The text of each page of a PDF.
fn pages(office: &Office, file: &str) -> Vec<String> {
    let read = Command::new("pdftotext").arg("-layout").arg(office.path(file)).arg("-").output();
    let text = String::from_utf8(read.unwrap().stdout).unwrap().replace('\u{a0}', " ");
    let mut pages: Vec<String> = text.split('\u{c}').map(str::to_owned).collect();
    pages.pop();
    pages
}

/// The families of the letters of a batch, and what its sheets between them say first.
fn lies(office: &Office, batch: &Value) -> Vec<String> {
    let told = pages(office, batch["file"].as_str().unwrap()).into_iter().filter_map(|page| {
        if page.contains("Objet :") {
            let names = ["ABDALLAH", "PETIT", "ROUX", "VIDAL"];
            return names.into_iter().find(|name| page.contains(name)).map(str::to_owned);
        }
        page.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
    });
    told.collect()
}

#[test]
fn an_order_is_for_what_waits_alone() {
    let office = Office::empty();
    let told = office.run(["letters", "--sort", "postcode", "list"]).failed();
    assert!(told.contains("a batch stays as it is sorted"), "{told}");
}

#[test]
fn whoever_prints_chooses_the_order_and_a_reprint_keeps_it() {
    let office = office();
    let [mairie, loge, post] = ["Mairie de Saint-Martin", "Loge", "À poster"];
    for (order, expected) in [
        ("class", vec!["Classe 6A", "ABDALLAH", "ROUX", "Classe 3B", "PETIT", "VIDAL"]),
        (
            "postcode",
            vec!["09998 MONTVERT", "ROUX", "PETIT", "31999 VALCLAIR", "ABDALLAH", "VIDAL"],
        ),
        ("pick-up", vec![loge, "PETIT", mairie, "ABDALLAH", post, "ROUX", "VIDAL"]),
    ] {
        let batch = print(&office, &["--sort", order, "--separators"]);
        let separators = expected.len() - 4;
        assert_eq!(batch["order"], order);
        assert_eq!(batch["separators"], separators, "{batch}");
        assert_eq!((&batch["letters"], &batch["sheets"]), (&4.into(), &(4 + separators).into()));
        assert_eq!(lies(&office, &batch), expected);
        let number = batch["number"].to_string();
        let again = office.run(["letters", "again", &number, "--json"]).json();
        assert_eq!(again["separators"], separators, "{again}");
        assert_eq!(lies(&office, &again), expected);
    }
    // Where nobody asks for more, the configuration says it, and nothing lies between.
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[letters]\nsort = \"postcode\"\n"));
    let batch = print(&office, &[]);
    assert_eq!((&batch["order"], &batch["list"]), (&"postcode".into(), &Value::Null));
    assert_eq!(lies(&office, &batch), ["ROUX", "PETIT", "ABDALLAH", "VIDAL"]);
    let told = office.run(["letters", "--sort", "weight"]);
    assert!(told.code == Some(2) && told.err.contains("class, postcode, pick-up"), "{told:?}");
}

#[test]
fn what_is_fetched_has_a_list_to_be_signed_and_takes_no_stamps() {
    let office = office();
    let shown = office.run(["people", "show", "Rosa PETIT"]).done();
    assert!(shown.contains("fetches letters at: Loge"), "{shown}");
    let batch = print(&office, &["--sort", "pick-up"]);
    // Nobody asked for sheets before what is posted.
    let expected = ["Loge", "PETIT", "Mairie de Saint-Martin", "ABDALLAH", "ROUX", "VIDAL"];
    assert_eq!(
        (lies(&office, &batch), &batch["separators"]),
        (expected.map(str::to_owned).into(), &2.into())
    );
    let list = &pages(&office, batch["file"].as_str().unwrap())[0];
    for part in ["1 enveloppe, 1 feuille", "Rosa PETIT", "Remis le, signature"] {
        assert!(list.contains(part), "{part} in\n{list}");
    }
    assert!(!list.contains("ABDALLAH") && !list.contains("Tom"), "{list}");
    let csv = std::fs::read_to_string(office.path(batch["list"].as_str().unwrap())).unwrap();
    let rows: Vec<Vec<&str>> = csv.lines().map(|line| line.split(';').collect()).collect();
    let column = |name: &str| {
        let at = rows[0].iter().position(|head| head.trim_matches('"') == name).unwrap();
        rows[1..].iter().map(|row| row[at].trim_matches('"')).collect::<Vec<_>>()
    };
    assert_eq!(column("De la page"), ["3", "7", "9", "11"]);
    assert_eq!(column("Feuilles"), ["1"; 4]);
    assert_eq!(column("Timbres"), ["", "", "2", "2"]);
    assert_eq!(column("Pile"), ["Loge", "Mairie de Saint-Martin", "À poster", "À poster"]);
    assert_eq!(column("Remise"), ["Loge", "Mairie de Saint-Martin", "À poster", "À poster"]);
    assert_eq!(column("Code postal"), ["09998", "31999", "09998", "31999"]);

    office.run(["people", "connect", "Rosa PETIT", "--pick-up", "none"]).done();
    let batch = print(&office, &["--sort", "pick-up"]);
    let expected = ["Mairie de Saint-Martin", "ABDALLAH", "ROUX", "PETIT", "VIDAL"];
    assert_eq!(lies(&office, &batch), expected);
    let long = "m".repeat(81);
    let told = office.run(["people", "connect", "Rosa PETIT", "--pick-up", &long]).failed();
    assert!(told.contains("at most 80 signs"), "{told}");
}

#[test]
fn each_pile_is_a_file_of_its_own_with_the_pages_of_the_batch() {
    let office = office();
    let batch = print(&office, &["--sort", "pick-up", "--separators"]);
    let whole = pages(&office, batch["file"].as_str().unwrap());
    let split = office.run(["letters", "split", "1", "--into", "piles", "--json"]);
    let split = split.lines();
    answers::holds("letters_split", &split);
    let files = [
        ("piles/lettres-0001-01-loge.pdf", 0..4),
        ("piles/lettres-0001-02-mairie-de-saint-martin.pdf", 4..8),
        ("piles/lettres-0001-03-a-poster.pdf", 8..14),
    ];
    assert_eq!(split.as_array().unwrap().len(), files.len());
    for (file, span) in files {
        assert_eq!(pages(&office, file), whole[span], "{file}");
        assert_eq!(office.rights_of(file), 0o600);
        let checked = Command::new("qpdf").arg("--check").arg(office.path(file)).output().unwrap();
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
    let told = office.run(["letters", "split", "9", "--into", "piles"]).failed();
    assert!(told.contains("no batch 9") && told.contains("chappe letters list"), "{told}");
}

#[test]
fn labels_are_printed_in_the_order_of_the_batch_from_a_label_on() {
    let office = office();
    print(&office, &["--sort", "pick-up"]);
    let labels = office.run(["letters", "labels", "1", "--sheet", "21", "--first", "20", "--json"]);
    let labels = labels.json();
    answers::holds("letters_labels", &labels);
    let sheets = pages(&office, labels["file"].as_str().unwrap());
    assert_eq!(sheets.len(), 2, "two labels are left on the first sheet");
    assert!(sheets[0].contains("Rosa PETIT") && sheets[0].contains("Samia ABDALLAH"), "{sheets:?}");
    for part in ["Jean ROUX", "09998 MONTVERT", "6A · "] {
        assert!(sheets[1].contains(part), "{part} in\n{}", sheets[1]);
    }
    assert_eq!(office.rights_of(labels["file"].as_str().unwrap()), 0o600);
    let told = office.run(["letters", "labels", "1", "--sheet", "14", "--first", "15"]).failed();
    assert!(told.contains("14 labels, and none is label 15"), "{told}");
    let told = office.run(["letters", "labels", "1", "--sheet", "12"]);
    assert!(told.code == Some(2) && told.err.contains("99.1"), "{told:?}");
}
