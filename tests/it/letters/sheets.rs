//! No two families share a sheet, whatever the printer does by itself; and the joined file keeps the
//! standards that its parts keep.

use super::*;

/// A letter that begins with its number and takes so many pages.
fn of_pages(number: usize, pages: usize) -> Letter {
    let sentence =
        "Les élèves de sixième apportent leur carnet, une gourde et un cahier de brouillon. ";
    let more = sentence.repeat((pages - 1) * 56);
    letter(&reference(number), &format!("Lettre numéro {number}.\n\n{more}"))
}

/// On which pages letters begin, from 1.
fn beginnings(paper: &Paper, pages: usize) -> Vec<usize> {
    (1..=pages).filter(|page| paper.text(*page, &[]).contains("Lettre numéro")).collect()
}

fn preference(paper: &Paper, key: &[u8]) -> Object {
    let document = Document::load(&paper.path).unwrap();
    let preferences = document.catalog().unwrap().get_deref(b"ViewerPreferences", &document);
    preferences.unwrap().as_dict().unwrap().get(key).unwrap().clone()
}

#[test]
fn each_letter_begins_on_the_front_of_a_sheet() {
    let lengths = [1, 3, 2, 1, 4];
    let letters = lengths.iter().enumerate().map(|(number, pages)| of_pages(number, *pages));
    let batch = print(&job_on(Sides::Two, letters.collect()), |_| {}).unwrap();
    let paper = Paper::of(&batch);
    assert_eq!(batch.pages, 2 + 4 + 2 + 2 + 4);
    assert_eq!(beginnings(&paper, batch.pages), [1, 3, 7, 9, 11]);
    for back in [2, 6, 10] {
        assert_eq!(paper.text(back, &[]).trim(), "", "page {back}");
    }
    assert!(paper.text(5, &[]).contains("Page 3/3"), "the last page before an empty back");
    assert_eq!(preference(&paper, b"Duplex"), Object::from("DuplexFlipLongEdge"));
    assert!(paper.info().contains(&format!("Pages:           {}", batch.pages)));
}

#[test]
fn an_empty_back_has_the_size_of_its_sheet_and_nothing_that_a_tag_could_speak_of() {
    let batch = print(&job_on(Sides::Two, vec![of_pages(0, 1), of_pages(1, 1)]), |_| {}).unwrap();
    let document = Document::load_mem(&batch.pdf).unwrap();
    let pages: Vec<&Dictionary> = document
        .get_pages()
        .into_values()
        .map(|page| document.get_dictionary(page).unwrap())
        .collect();
    for (front, back) in [(pages[0], pages[1]), (pages[2], pages[3])] {
        assert_eq!(front.get(b"MediaBox").unwrap(), back.get(b"MediaBox").unwrap());
        assert!(front.has(b"Contents") && front.has(b"StructParents"));
        assert!(!back.has(b"Contents") && !back.has(b"StructParents") && !back.has(b"Annots"));
    }
    check_structure_of(&document, &[1, 3]);
}

#[test]
fn on_fronts_only_no_page_is_empty_and_the_file_asks_the_printer_for_fronts() {
    let letters = vec![of_pages(0, 3), of_pages(1, 1), of_pages(2, 2)];
    let batch = print(&job_on(Sides::One, letters), |_| {}).unwrap();
    let paper = Paper::of(&batch);
    assert_eq!((batch.pages, beginnings(&paper, batch.pages)), (6, vec![1, 4, 5]));
    assert_eq!(preference(&paper, b"Duplex"), Object::from("Simplex"));
}

#[test]
fn a_letter_that_is_set_aside_shifts_no_other_onto_a_back() {
    let mut letters: Vec<Letter> = (0..6).map(|number| of_pages(number, 1 + number % 3)).collect();
    letters[2] = letter(&reference(2), "王");
    let batch = print(&job_on(Sides::Two, letters), |_| {}).unwrap();
    assert_eq!((batch.letters, batch.set_aside.len()), (5, 1));
    assert_eq!(beginnings(&Paper::of(&batch), batch.pages), [1, 3, 5, 7, 9]);
}

#[test]
fn a_batch_of_several_chunks_begins_every_letter_on_a_front() {
    let letters: Vec<Letter> = (0..120).map(|number| of_pages(number, 1)).collect();
    let batch = print(&job_on(Sides::Two, letters), |_| {}).unwrap();
    let paper = Paper::of(&batch);
    assert_eq!(batch.pages, 240);
    for number in [0, 1, 99, 100, 119] {
        let text = paper.text(2 * number + 1, &[]);
        assert!(text.contains(&format!("Lettre numéro {number}.")), "{number}: {text}");
    }
    let fronts: Vec<usize> = (0..120).map(|number| 2 * number + 1).collect();
    check_structure_of(&Document::load(&paper.path).unwrap(), &fronts);
}

#[test]
fn the_joined_file_says_by_which_standards_it_was_made_and_who_it_is() {
    let batch = print(&job_on(Sides::Two, vec![of_pages(0, 1), of_pages(1, 3)]), |_| {}).unwrap();
    let document = Document::load_mem(&batch.pdf).unwrap();
    let metadata = document.catalog().unwrap().get_deref(b"Metadata", &document).unwrap();
    let metadata = metadata.as_stream().unwrap();
    assert!(!metadata.dict.has(b"Filter"), "readers look for it in clear");
    let told = String::from_utf8(metadata.content.clone()).unwrap();
    for part in [
        "<pdfaid:part>2<",
        "<pdfaid:conformance>A<",
        "<pdfuaid:part>1<",
        "<xmpTPg:NPages>6<",
        "Fermeture du collège",
    ] {
        assert!(told.contains(part), "{part} in\n{told}");
    }
    let paper = Paper::of(&batch);
    assert_eq!(preference(&paper, b"DisplayDocTitle"), Object::Boolean(true));
    let id = document.trailer.get(b"ID").unwrap().as_array().unwrap();
    assert!(id.len() == 2 && id.iter().all(|part| part.as_str().unwrap().len() == 16), "{id:?}");
    let other = print(&job_on(Sides::Two, vec![of_pages(7, 1)]), |_| {}).unwrap();
    let other = Document::load_mem(&other.pdf).unwrap();
    assert_ne!(other.trailer.get(b"ID").unwrap().as_array().unwrap(), id);
}

#[test]
fn the_slip_names_one_pupil_or_several() {
    let mut two = letter("7K4M-001C", "Bonjour.");
    two.about = vec!["Zoé DURAND".into(), "Léo DURAND".into()];
    let letters = vec![letter("7K4M-000C", "Bonjour."), two];
    let paper = Paper::of(&print(&job(letters), |_| {}).unwrap());
    let words = |page| paper.text(page, &[]).replace('\u{a0}', " ");
    assert!(words(1).contains("Élève : Zoé DURAND"), "{}", words(1));
    assert!(words(2).contains("Élèves : Zoé DURAND, Léo DURAND"), "{}", words(2));
}
