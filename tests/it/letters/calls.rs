//! Sheets of calls on paper: twelve to a page at the least, each whole, and a table to whoever has it read aloud.

use chappe::render::letters::CallRow;

use super::*;

/// A call with all that can be known of one.
fn call(number: usize) -> CallRow {
    CallRow {
        names: format!("Alix FAMILLE{number:02}"),
        about: format!("Zoé FAMILLE{number:02} (6A)"),
        phone: format!("06 39 98 00 {number:02}"),
        reference: reference(number),
        hints: "langue : arabe ; la grand-mère, le soir".to_owned(),
        tried: "29/11 à 10:05 pas de réponse ; 29/11 à 14:10 occupé".to_owned(),
        choices: ["1", "2", "3", "4", "5"].map(str::to_owned).to_vec(),
    }
}

/// The sheet of somebody who makes so many calls.
fn sheet(title: &str, calls: std::ops::Range<usize>) -> Letter {
    Letter {
        address: Vec::new(),
        subject: title.to_owned(),
        about: Vec::new(),
        class_label: None,
        form: true,
        calls: calls.map(call).collect(),
        ..letter("APPELS-16032020", "Bonjour, ici le collège Jean-Moulin.")
    }
}

/// How many elements of a kind the tree of tags holds.
pub(super) fn tags(document: &Document, kind: &str) -> usize {
    let is_kind = |object: &&Object| {
        let element = object.as_dict().ok();
        element.is_some_and(|it| {
            it.has(b"P") && it.get(b"S").and_then(Object::as_name).ok() == Some(kind.as_bytes())
        })
    };
    document.objects.values().filter(is_kind).count()
}

#[test]
fn twelve_calls_stand_on_a_page_each_whole_and_what_is_said_below() {
    let letters =
        vec![sheet("Appels de Sylvie Martin", 0..30), sheet("Appels de Paul Roy", 30..31)];
    let batch = print(&job(letters), |_| {}).unwrap();
    assert!(batch.set_aside.is_empty());
    let paper = Paper::of(&batch);
    let pages: Vec<String> = (1..=batch.pages).map(|page| paper.text(page, &[])).collect();
    let calls: Vec<usize> = pages.iter().map(|it| it.matches("06 39 98 00 ").count()).collect();
    let [first, second, third, 0, 1, 0] = calls[..] else { panic!("{calls:?}") };
    assert!(first >= 12 && second >= 12 && first + second + third == 30, "{calls:?}");
    for page in [0, 1, 2, 4] {
        assert!(pages[page].contains("Ce que l’appel a donné"), "{page}: {}", pages[page]);
    }
    for page in [3, 5] {
        assert!(pages[page].contains("Bonjour, ici le collège"), "{page}: {}", pages[page]);
    }
    // Nobody looks on two pages for one call.
    for number in 0..31 {
        let on = |text: &str| pages.iter().position(|page| page.contains(text)).unwrap();
        let page = on(&format!("06 39 98 00 {number:02}"));
        assert_eq!(page, on(&format!("Alix FAMILLE{number:02}")), "{number}");
        assert_eq!(page, on(&reference(number)), "{number}");
    }
}

#[test]
fn a_sheet_is_tagged_as_a_table_with_its_titles_in_french() {
    let batch = print(&job(vec![sheet("Appels de Sylvie Martin", 0..13)]), |_| {}).unwrap();
    let info = Paper::of(&batch).info();
    assert!(info.contains("Tagged:          yes"), "{info}");
    assert!(info.contains("Title:           Fermeture du collège"), "{info}");
    let document = Document::load_mem(&batch.pdf).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"fr-FR");
    check_structure(&document, batch.pages);
    assert_eq!((tags(&document, "H1"), tags(&document, "Table")), (1, 1));
    // The titles of the columns on a second page are a picture of the first ones.
    assert_eq!((tags(&document, "TH"), tags(&document, "TR")), (3, 1 + 13));
}
