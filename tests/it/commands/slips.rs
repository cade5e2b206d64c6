//! `chappe slips scan`: what came back on paper, read off a scan.

use fastrand::Rng;
use image::imageops::rotate180;

use super::answers;
use super::office::{FIELDS, Office};
use crate::scans::glass::{Scan, glass, jpeg, locked, pages, printed, scanned, seen, without_code};

pub(super) const FAMILIES: &str = "\
Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Adresse parent 1;CP parent 1;Ville parent 1
PETIT;Tom;6A;PETIT;Rosa;2 rue du Puits;31999;Valclair
ROUX;Ida;6A;ROUX;Jean;4 rue du Puits;31999;Valclair
VIDAL;Léo;6A;VIDAL;Anne;6 rue du Puits;31999;Valclair
";

/// An office whose three families were sent a question on paper; the pages of their letters.
fn asked_on_paper() -> (Office, Vec<image::GrayImage>) {
    let office = Office::new();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[letters]\nsides = \"one\"\n"));
    office.write("6a.csv", FAMILIES);
    office.run(["import", "6a.csv", "--yes"]).done();
    let asked = ["--to", "familles", "--plan", "papier", "--question", "Venez-vous ?"];
    let words = ["send", "fermeture"].into_iter().chain(FIELDS).chain(asked);
    office.run(words.chain(["--answers", "oui-non"])).done();
    let batch = office.run(["letters", "--json"]).json();
    assert_eq!((&batch["letters"], &batch["pages"]), (&3.into(), &3.into()), "{batch}");
    let pdf = std::fs::read(office.path(batch["file"].as_str().unwrap())).unwrap();
    (office, pages(&pdf, 150))
}

#[test]
fn a_scanned_pile_says_who_gave_their_slip_back_once_and_what_is_left_to_a_person() {
    let (office, letters) = asked_on_paper();
    let mut chance = Rng::with_seed(2);
    let elsewhere = pages(&printed(&["ZZZZ-000A".to_owned()]), 150).remove(0);
    let other = pages(&printed(&["BONJOUR".to_owned()]), 150).remove(0);
    // One upside down, one twice, the back of a sheet, one without a code, one of another school, and the code of
    // something else, beside which there may be a slip.
    let (turned, back, uncoded) = (rotate180(&letters[1]), glass(150), without_code(150));
    let pile = [&letters[0], &turned, &letters[0], &back, &uncoded, &elsewhere, &other];
    let pile = pile.map(|page| seen(page, 1.0, 12, &mut chance));
    office.write("pile.pdf", scanned(&pile, 150));
    office.write("photo.jpg", jpeg(&letters[1], 70));
    let read = office.run(["slips", "scan", "pile.pdf", "photo.jpg", "--json"]).json();
    let became = |read: &serde_json::Value| {
        let slips = read["slips"].as_array().unwrap().iter();
        slips.map(|it| it["became"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(became(&read), ["answered", "answered", "twice", "unmatched", "twice"]);
    assert_eq!((&read["pages"], &read["blank"]), (&8.into(), &1.into()));
    let without = read["without_code"].as_array().unwrap().iter().map(|it| it["page"].as_u64());
    assert_eq!(without.collect::<Vec<_>>(), [Some(5), Some(7)]);
    assert_eq!(read["foreign"][0]["page"], 7);
    let (code, missing) = (&read["expected"][0]["message"], &read["expected"][0]["missing"]);
    answers::holds_but_for("slips_scan", &read, &[(code.as_str().unwrap(), "[code]")]);
    assert_eq!(missing.as_array().unwrap().len(), 1, "{read}");
    let status = office.run(["status", code.as_str().unwrap(), "--json"]).json();
    assert_eq!(status["addressees"]["reached"], 2, "{status}");
    let inbox = office.run(["inbox", "--json"]).json();
    assert_eq!(inbox["total"], 1, "{inbox}");
    let said = inbox["entries"][0]["said"].as_str().unwrap();
    assert_eq!(said, "Coupon d’aucune annonce : ZZZZ-000A\nTrouvé : pile.pdf, page 6");

    // What a person reads off a slip is typed, and no later scan unsays it.
    let first = read["slips"][0]["reference"].as_str().unwrap();
    office.run(["slips", first, "--answer", "oui"]).done();
    let told = office.run(["slips", "scan", "pile.pdf"]).done();
    for part in [
        "7 pages, 1 of them blank: 0 slips came back, 2 had come back before, 1 twice, 1 of no message.",
        "ZZZZ-000A (pile.pdf, page 6): it waits in chappe inbox",
        "No code of ours was read on pile.pdf, page 5; pile.pdf, page 7.",
        "2 of 3 letters answered",
        missing[0].as_str().unwrap(),
        "what is ticked is not read",
    ] {
        assert!(told.contains(part), "{part:?} in\n{told}");
    }
    assert_eq!(office.run(["inbox", "--json"]).json()["total"], 1);
    let counts = office.run(["answers", code.as_str().unwrap(), "--json"]).json();
    assert_eq!(counts["counts"]["oui"], 1, "{counts}");
    let acts = office.run(["journal", "--json"]).done();
    assert_eq!(acts.matches("\"close_slip\"").count(), 3, "{acts}");
    assert_eq!(acts.matches("\"keep_slip\"").count(), 1, "{acts}");
}

#[test]
fn a_file_that_is_no_scan_is_refused_by_name_and_the_others_are_taken() {
    let (office, letters) = asked_on_paper();
    let mut many = Scan::new();
    let image = many.image(827, 1_169, "DCTDecode", 8, jpeg(&glass(100), 75));
    (0..2_001).for_each(|_| many.page(image, (595, 842)));
    let pile = scanned(&letters[..1], 150);
    office.write("huge.pdf", many.finish());
    office.write("locked.pdf", locked(&pile));
    office.write("broken.pdf", &pile[..40]);
    office.write("pile.pdf", &pile);
    let files = ["slips", "scan", "huge.pdf", "locked.pdf", "broken.pdf", "none.pdf", "pile.pdf"];
    let read = office.run(files);
    assert!(read.out.contains("1 page: 1 slip came back"), "{read:?}");
    let told = read.failed();
    for part in [
        "huge.pdf: it has more than 2000 pages",
        "locked.pdf: it asks for a password",
        "broken.pdf: it is damaged",
        "none.pdf: it cannot be opened",
    ] {
        assert!(told.contains(part), "{part:?} in\n{told}");
    }
    assert_eq!(office.run(["slips", "scan"]).code, Some(2));
}
