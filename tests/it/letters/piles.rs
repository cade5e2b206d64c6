//! Letters that lie in piles: the sheet before each, the outline, each pile as a file of its own.

use std::ops::Range;

use chappe::render::letters::{BatchParts, JobPile, PageSpan, Separator};

use super::*;

/// A pile that begins with this letter, with a sheet before it, and whoever signs.
fn pile(first: usize, name: &str, signed_by: &[&str]) -> JobPile {
    let signed_by = signed_by.iter().map(|name| (*name).to_owned()).collect();
    JobPile { first, name: name.to_owned(), separator: Some(Separator { signed_by }) }
}

fn short(number: usize) -> Letter {
    letter(&reference(number), "Bonjour.")
}

/// Three letters of a place where they are fetched, the second of two pages, and two that are posted.
fn piles() -> LetterJob {
    let long = "Les élèves de sixième apportent leur carnet et une gourde. ".repeat(60);
    let letters = vec![short(0), letter(&reference(1), &long), short(2), short(3), short(4)];
    let names = ["Samia ABDALLAH et Karim ABDALLAH", "Rosa PETIT", "Iris SEUL"];
    let piles = vec![pile(0, "Mairie de Saint-Martin", &names), pile(3, "À poster", &[])];
    LetterJob { piles, ..job_on(Sides::Two, letters) }
}

fn checked(paper: &Paper) {
    let checked = Command::new("qpdf").arg("--check").arg(&paper.path).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

/// What stands on each page, in a word.
fn told(paper: &Paper, pages: usize, words: &[&str]) -> Vec<String> {
    let told = (1..=pages).map(|page| {
        let text = paper.text(page, &[]);
        words.iter().find(|word| text.contains(**word)).map_or("", |word| word).to_owned()
    });
    told.collect()
}

/// The titles of the outline, those below another indented, each with the place of its page.
fn outline(document: &Document) -> Vec<String> {
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let mut told = Vec::new();
    let Ok(top) = document.catalog().unwrap().get_deref(b"Outlines", document) else {
        return told;
    };
    let mut waiting = vec![(top.as_dict().unwrap(), 0)];
    while let Some((above, depth)) = waiting.pop() {
        if depth > 0 {
            let title = lopdf::decode_text_string(above.get(b"Title").unwrap()).unwrap();
            let page = above.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
            let page = pages.iter().position(|it| *it == page).unwrap() + 1;
            told.push(format!("{}{title} {page}", " ".repeat(depth - 1)));
        }
        let beside = above.get_deref(b"Next", document).and_then(Object::as_dict);
        waiting.extend(beside.ok().map(|it| (it, depth)));
        let below = above.get_deref(b"First", document).and_then(Object::as_dict);
        waiting.extend(below.ok().map(|it| (it, depth + 1)));
    }
    told
}

#[test]
fn a_sheet_stands_before_each_pile_and_is_in_nobodys_pages() {
    let batch = print(&piles(), |_| {}).unwrap();
    let paper = Paper::of(&batch);
    checked(&paper);
    let words = ["enveloppes,", "7K4M-000C", "7K4M-001C", "7K4M-002C", "7K4M-003C", "7K4M-004C"];
    let [sheet, own @ ..] = words;
    let expected =
        [sheet, "", own[0], "", own[1], own[1], own[2], "", sheet, "", own[3], "", own[4], ""];
    assert_eq!(told(&paper, batch.pages, &words), expected);
    let span = |first, pages| PageSpan { first, pages };
    let spans: Vec<PageSpan> = batch.places.iter().map(|place| place.span).collect();
    assert_eq!(spans, [span(3, 2), span(5, 2), span(7, 2), span(11, 2), span(13, 2)]);
    assert_eq!(batch.piles, [Some(span(1, 8)), Some(span(9, 6))]);

    let fetched = paper.text(1, &[]);
    for part in [
        "Mairie de Saint-Martin",
        "3 enveloppes, 3 feuilles",
        "Remis le, signature",
        "Samia ABDALLAH et Karim",
        "7K4M-002C",
    ] {
        assert!(fetched.contains(part), "{part} in\n{fetched}");
    }
    let posted = paper.text(9, &[]);
    assert!(
        posted.contains("2 enveloppes, 2 feuilles") && !posted.contains("signature"),
        "{posted}"
    );
}

#[test]
fn a_batch_in_piles_is_tagged_in_the_order_of_its_pages_and_finds_each_letter() {
    let batch = print(&piles(), |_| {}).unwrap();
    let paper = Paper::of(&batch);
    let document = Document::load(&paper.path).unwrap();
    check_structure_of(&document, &[1, 3, 5, 6, 7, 9, 11, 13]);
    let heads = first_pages_of_elements(&document);
    assert!(heads.is_sorted(), "read out of order: {heads:?}");
    let expected = [
        "Mairie de Saint-Martin 1",
        " 6A Zoé DURAND 7K4M-000C 3",
        " 6A Zoé DURAND 7K4M-001C 5",
        " 6A Zoé DURAND 7K4M-002C 7",
        "À poster 9",
        " 6A Zoé DURAND 7K4M-003C 11",
        " 6A Zoé DURAND 7K4M-004C 13",
    ];
    assert_eq!(outline(&document), expected);
    let labels = document.catalog().unwrap().get(b"PageLabels").unwrap().as_dict().unwrap();
    let labels = labels.get(b"Nums").unwrap().as_array().unwrap().chunks_exact(2);
    let labels = labels.map(|pair| {
        let prefix = pair[1].as_dict().unwrap().get(b"P").unwrap();
        (pair[0].as_i64().unwrap(), lopdf::decode_text_string(prefix).unwrap())
    });
    let labels: Vec<_> = labels.collect();
    assert_eq!(labels[0], (0, "Mairie de Saint-Martin p. ".to_owned()));
    assert_eq!(labels[1], (2, "7K4M-000C p. ".to_owned()));
    assert_eq!(labels.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 2, 4, 6, 8, 10, 12]);
}

/// The page of each element below the document, in the order in which they are read.
fn first_pages_of_elements(document: &Document) -> Vec<usize> {
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let root = document.catalog().unwrap().get_deref(b"StructTreeRoot", document).unwrap();
    let top = document.get_dictionary(kids(document, root.as_dict().unwrap())[0]).unwrap();
    let first_page = |element: ObjectId| {
        let mut waiting = vec![element];
        while let Some(id) = waiting.pop() {
            let element = document.get_dictionary(id).unwrap();
            if let Ok(page) = element.get(b"Pg").and_then(Object::as_reference) {
                return pages.iter().position(|it| *it == page);
            }
            waiting.extend(kids(document, element).into_iter().rev());
        }
        None
    };
    kids(document, top).into_iter().filter_map(first_page).collect()
}

#[test]
fn a_long_list_to_be_signed_goes_on_overleaf_and_what_cannot_be_printed_is_not_on_it() {
    let mut letters: Vec<Letter> = (0..43).map(short).collect();
    letters[7] = letter(&reference(7), "王");
    letters[41] = letter(&reference(41), "王");
    letters[42] = letter(&reference(42), "王");
    let names: Vec<String> = (0..43).map(|number| format!("Parent {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let piles = vec![pile(0, "Loge 王", &names[..41]), pile(41, "Mairie", &names[41..])];
    let batch = print(&LetterJob { piles, ..job_on(Sides::Two, letters) }, |_| {}).unwrap();
    assert_eq!((batch.letters, batch.piles[1]), (40, None), "nothing of it is printed");
    let sheet = batch.places[0].span.first - 1;
    assert!(sheet >= 2 && sheet % 2 == 0, "{sheet} pages of names");
    let paper = Paper::of(&batch);
    checked(&paper);
    let list: String = (1..=sheet).map(|page| paper.text(page, &[])).collect();
    assert!(list.contains("40 enveloppes, 40 feuilles") && list.contains("Loge ?"), "{list}");
    assert!(list.contains("Page 2/2") && list.contains("Parent 40"), "{list}");
    assert!(!list.contains("Parent 7 ") && !list.contains("7K4M-007C"), "{list}");
    assert_eq!(batch.pages, sheet + 80);
}

/// The words of these pages, page by page.
fn words(paper: &Paper, pages: Range<usize>) -> Vec<String> {
    pages.map(|page| paper.text(page, &[])).collect()
}

#[test]
fn a_pile_alone_has_the_very_pages_of_the_batch_with_their_tags() {
    let table = "| Niveau | Heure |\n|---|---|\n| 6e | 9h à 10h |";
    let mut job = piles();
    job.letters[1] = letter(&reference(1), table);
    job.letters[4] = letter(&reference(4), table);
    let batch = print(&job, |_| {}).unwrap();
    let whole = Paper::of(&batch);
    let parts = BatchParts::of(&batch.pdf).unwrap();
    let spoken: [&[usize]; 2] = [&[1, 3, 5, 7], &[1, 3, 5]];
    let outlines = [
        ["Mairie de Saint-Martin 1", " 6A Zoé DURAND 7K4M-000C 3"],
        ["À poster 1", " 6A Zoé DURAND 7K4M-003C 3"],
    ];
    let mut ids = 0;
    for ((span, spoken), expected) in batch.piles.iter().zip(spoken).zip(outlines) {
        let span = span.unwrap();
        let part = Paper::of_file(&parts.part(span.pages()).unwrap());
        checked(&part);
        assert_eq!(words(&part, 1..span.pages + 1), words(&whole, span.pages()));
        let document = Document::load(&part.path).unwrap();
        assert_eq!(document.get_pages().len(), span.pages);
        check_structure_of(&document, spoken);
        assert_eq!(outline(&document)[..2], expected);
        assert!(part.info().contains("Tagged:          yes"));
        ids += names_of_cells(&document);
    }
    assert_eq!(ids, names_of_cells(&Document::load(&whole.path).unwrap()), "some name is lost");
}

/// How many names of cells lead to an element.
fn names_of_cells(document: &Document) -> usize {
    let root = document.catalog().unwrap().get_deref(b"StructTreeRoot", document).unwrap();
    let names = root.as_dict().unwrap().get_deref(b"IDTree", document).unwrap().as_dict().unwrap();
    let names = names.get(b"Names").unwrap().as_array().unwrap();
    for pair in names.chunks_exact(2) {
        assert!(document.get_dictionary(pair[1].as_reference().unwrap()).unwrap().has(b"S"));
    }
    names.len() / 2
}

#[test]
fn piles_without_sheets_are_in_the_outline_alone() {
    let mut job = piles();
    job.piles.iter_mut().for_each(|pile| pile.separator = None);
    let batch = print(&job, |_| {}).unwrap();
    let span = |first, pages| Some(PageSpan { first, pages });
    assert_eq!((batch.pages, batch.piles), (10, vec![span(1, 6), span(7, 4)]));
    let document = Document::load_mem(&batch.pdf).unwrap();
    let told = outline(&document);
    assert_eq!(
        (told[0].as_str(), told[1].as_str()),
        ("Mairie de Saint-Martin 1", " 6A Zoé DURAND 7K4M-000C 1")
    );
}
