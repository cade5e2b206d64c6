//! A cahier de textes: day by day, a box for each thing to do, no letter around it.

use chappe::render::letters::{DiaryDay, DiaryLesson, Letter, print};
use lopdf::Document;

use super::calls::tags;
use super::*;

fn lesson(number: usize) -> DiaryLesson {
    DiaryLesson {
        hour: "8 h 30".to_owned(),
        subject: format!("Matière {number}"),
        teacher: "M. ROY".to_owned(),
        done: vec!["Une leçon d’une ligne, et #rien de plus.".to_owned(); 3],
        due: "À faire pour vendredi 20 mars".to_owned(),
        to_do: vec!["Exercice 3".to_owned(), "Exercice 4".to_owned()],
    }
}

#[test]
fn a_diary_is_read_day_by_day_and_bears_neither_address_nor_slip() {
    let day = |name: &str| DiaryDay { day: name.to_owned(), lessons: (0..6).map(lesson).collect() };
    let diary = Letter {
        address: Vec::new(),
        subject: "Cahier de textes".to_owned(),
        about: Vec::new(),
        class_label: None,
        diary: vec![day("lundi 16 mars"), day("mardi 17 mars")],
        ..letter("", "Semaine du 16 mars 2026, classe 6A.")
    };
    let batch = print(&job(vec![diary]), |_| {}).unwrap();
    assert!(batch.set_aside.is_empty());
    let paper = Paper::of(&batch);
    let pages: Vec<String> = (1..=batch.pages).map(|page| paper.text(page, &[])).collect();
    let text = pages.concat();
    assert!(pages[0].contains("Lundi 16 mars") && text.contains("Mardi 17 mars"), "{text}");
    assert!(pages[0].contains("Page 1/2") && pages[1].contains("Page 2/2"), "{text}");
    assert!(
        text.contains("#rien de plus") && text.contains("À faire pour vendredi 20 mars"),
        "{text}"
    );
    for none in ["Réf.", "Coupon", "Objet", "Madame"] {
        assert!(!text.contains(none), "{none} in {text}");
    }
    let document = Document::load_mem(&batch.pdf).unwrap();
    check_structure(&document, batch.pages);
    assert_eq!((tags(&document, "H1"), tags(&document, "H2")), (1, 2));
}
