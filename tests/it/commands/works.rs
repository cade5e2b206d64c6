//! `chappe works`: what comes back of documents, from the packet to the teacher's PDF.

use fastrand::Rng;
use image::GrayImage;
use image::imageops::rotate180;

use super::answers;
use super::documents::{PACKET, lay};
use super::office::Office;
use super::slips::FAMILIES;
use crate::documents::page::{pdf_of, sheet};
use crate::scans::glass::{pages, scanned, seen, without_code};

/// Pages of a packet, one-sided: the letter, what is to be read, what is to be written on a copy, the copy, what is to
/// be filled in.
pub(super) const PACKET_PAGES: usize = 1 + 1 + 1 + 2 + 2;
const COPY: usize = 3;
pub(super) const FRACTIONS: usize = 5;

/// An office whose three families got packets with work that is asked back; the pages of these.
pub(super) fn work_at_home() -> (Office, Vec<GrayImage>) {
    let office = Office::new();
    let config = std::fs::read_to_string(office.path("chappe.toml")).unwrap();
    office.write("chappe.toml", format!("{config}\n[letters]\nsides = \"one\"\n"));
    office.write("6a.csv", FAMILIES);
    office.run(["import", "6a.csv", "--yes"]).done();
    lay(&office, "semaine/6A/Anglais/lecture.pdf", &pdf_of(&[sheet("lecture")]));
    lay(&office, "semaine/6A/Français/rédaction (Copie à rendre).pdf", &pdf_of(&[sheet("sujet")]));
    let two = pdf_of(&[sheet("fractions"), sheet("suite")]);
    lay(&office, "semaine/6A/Mathématiques/fractions (à rendre).pdf", &two);
    let add = ["documents", "add", "semaine", "--week", "18/03/2026", "--back-by", "20/03/2026"];
    office.run(add).done();
    assert_eq!(office.run(["works"]).done().matches("not printed yet").count(), 2);
    let send = ["send", "paquet", "--to", "foyers classe:6A", "--plan", "papier"];
    office.run(send.into_iter().chain(PACKET)).done();
    let batch = office.run(["letters", "--json"]).json();
    assert_eq!(batch["pages"], 3 * PACKET_PAGES, "{batch}");
    let file = office.path(batch["file"].as_str().unwrap());
    let text = std::process::Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output();
    let text = String::from_utf8(text.unwrap().stdout).unwrap();
    for part in ["À rendre", "pour le 20 mars", "sur la copie"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    let drawn = pages(&std::fs::read(file).unwrap(), 150);
    (office, drawn)
}

#[test]
fn a_scanned_pile_of_work_is_split_by_pupil_and_document_and_what_is_missing_is_told() {
    let (office, packets) = work_at_home();
    let (first, second) = (&packets[..PACKET_PAGES], &packets[PACKET_PAGES..]);
    let mut chance = Rng::with_seed(3);
    let (turned, uncoded) = (rotate180(&first[FRACTIONS + 1]), without_code(150));
    // What was not asked back has no code.
    let pile = [&turned, &first[FRACTIONS], &first[COPY], &second[FRACTIONS], &uncoded, &first[1]];
    let pile = pile.map(|page| seen(page, -1.0, 12, &mut chance));
    office.write("pile.pdf", scanned(&pile, 150));
    let read = office.run(["slips", "scan", "pile.pdf", "--json"]).json();
    let became = |read: &serde_json::Value| {
        let works = read["works"].as_array().unwrap().iter();
        works.map(|it| it["became"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(became(&read), ["taken"; 4], "{read}");
    let without = read["without_code"].as_array().unwrap().iter().map(|it| it["page"].as_u64());
    assert_eq!(without.collect::<Vec<_>>(), [Some(5), Some(6)]);
    assert_eq!(
        (&read["slips"], &read["foreign"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );
    // The same pile once more changes nothing.
    assert_eq!(became(&office.run(["slips", "scan", "pile.pdf", "--json"]).json()), ["known"; 4]);

    let list = office.run(["works", "--json"]).done();
    let list: Vec<serde_json::Value> =
        list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut fractions = list.into_iter().find(|it| it["title"] == "fractions").unwrap();
    for work in fractions["works"].as_array_mut().unwrap() {
        let number = work["number"].take().as_u64().unwrap();
        assert!((100_000..1_000_000).contains(&number), "{number}");
    }
    answers::holds("works", &fractions);
    let mut came: Vec<u64> = fractions["works"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["pages"].as_u64().unwrap())
        .collect();
    came.sort_unstable();
    assert_eq!(came, [0, 1, 2]);
    let told = office.run(["works", "list", "--week", "16/03/2026"]).done();
    assert!(told.contains("1 of 3 came back  Mathématiques: fractions"), "{told}");
    assert!(
        told.contains("1 of 3 came back  Français: rédaction") && told.contains("(1 of 2 pages)"),
        "{told}"
    );
    for name in ["PETIT", "ROUX", "VIDAL"] {
        assert!(!told.contains(name), "no name on a screen: {told}");
    }
    laid_out(&office);
    let acts = office.run(["journal", "--json"]).done();
    assert_eq!(acts.matches("\"take_work\"").count(), 4, "{acts}");
    taken_out_again(&office, read["works"][0]["page_of_work"].as_str().unwrap());
}

/// A PDF for each pupil and document, and who is missing.
fn laid_out(office: &Office) {
    let exported = office.run(["works", "export", "rendus", "--json"]).json();
    answers::holds("works_export", &exported);
    assert_eq!((&exported["works"], &exported["missing"]), (&3.into(), &4.into()));
    let folder = office.path("rendus/6A/Mathématiques/fractions");
    let mut lengths: Vec<usize> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let pdf = std::fs::read(file.unwrap().path()).unwrap();
            lopdf::Document::load_mem(&pdf).unwrap().get_pages().len()
        })
        .collect();
    lengths.sort_unstable();
    assert_eq!(lengths, [1, 2]);
    let missing = std::fs::read_to_string(office.path("rendus/manquants.csv")).unwrap();
    assert_eq!(missing.lines().count(), 5, "{missing}");
    assert!(missing.contains("\"fractions\";\"20/03/2026\";\"1 sur 2\""), "{missing}");
}

/// What was kept as somebody's and is not is taken out, once.
fn taken_out_again(office: &Office, page: &str) {
    answers::holds(
        "works_take_out",
        &masked(&office.run(["works", "take-out", page, "--json"]).json(), page),
    );
    let told = office.run(["works", "take-out", page]).failed();
    assert!(told.contains(&format!("no page that came back is {page}")), "{told}");
    assert!(office.run(["works"]).done().contains("0 of 3 came back  Mathématiques: fractions"));
}

#[test]
fn a_work_bears_the_same_code_whenever_its_packet_is_printed() {
    let (office, _) = work_at_home();
    let numbers = |office: &Office| {
        let again = office.run(["letters", "again", "1", "--json"]).json();
        let file = office.path(again["file"].as_str().unwrap());
        let text = std::process::Command::new("pdftotext").arg(file).arg("-").output().unwrap();
        let text = String::from_utf8(text.stdout).unwrap();
        let is_code = |line: &&str| line.parse::<chappe::message::WorkPage>().is_ok();
        text.lines().filter(is_code).map(str::to_owned).collect::<Vec<_>>()
    };
    let once = numbers(&office);
    assert_eq!(once.len(), 3 * 4, "{once:?}");
    assert_eq!(numbers(&office), once);
    assert_eq!(office.run(["works"]).done().matches("0 of 3 came back").count(), 2);
}

/// An answer without the page of this run.
fn masked(answer: &serde_json::Value, page: &str) -> serde_json::Value {
    serde_json::from_str(&answer.to_string().replace(page, "T100000-1")).unwrap()
}

#[test]
fn two_sheets_on_one_picture_are_given_to_nobody_and_a_document_that_is_asked_back_stays() {
    let (office, packets) = work_at_home();
    let (first, second) = (&packets[FRACTIONS], &packets[PACKET_PAGES + FRACTIONS]);
    let mut glass = GrayImage::from_pixel(first.width() * 2, first.height(), image::Luma([255]));
    image::imageops::overlay(&mut glass, first, 0, 0);
    image::imageops::overlay(&mut glass, second, i64::from(first.width()), 0);
    office.write("photo.pdf", scanned(&[glass], 150));
    let read = office.run(["slips", "scan", "photo.pdf", "--json"]).json();
    let works = read["works"].as_array().unwrap();
    assert!(works.len() == 2 && works.iter().all(|it| it["became"] == "several"), "{read}");
    let told = office.run(["slips", "scan", "photo.pdf"]).done();
    assert!(told.contains("lies beside another on one picture"), "{told}");

    let before = office.rows();
    let told = office.run(["documents", "remove", "3"]).failed_in(&before, &office);
    assert!(told.contains("document 3 is printed and its work asked back"), "{told}");
    office.run(["documents", "remove", "1"]).done();
}
