//! Letters with documents behind them.

use chappe::message::{AskedBack, WorkOn};
use chappe::render::documents::fit;
use chappe::render::letters::{
    JobDocument, PageCode, PageSpan, PartDocument, PupilPart, from_page,
};
use tempfile::TempDir;

use super::*;
use crate::documents::page::{Sheet, pdf_of, sheet};

/// A job whose documents lie in a folder.
struct Desk {
    folder: TempDir,
    documents: Vec<JobDocument>,
}

impl Desk {
    fn empty() -> Self {
        Self { folder: TempDir::new().unwrap(), documents: Vec::new() }
    }

    /// A document of these pages; its place.
    fn document(&mut self, title: &str, sheets: &[Sheet]) -> usize {
        let made = fit(&pdf_of(sheets)).unwrap();
        let file = self.folder.path().join(format!("{title}.pdf"));
        std::fs::write(&file, &made.pdf).unwrap();
        let (subject, title) = ("Mathématiques".to_owned(), title.to_owned());
        let (pages, asked_back) = (made.pages, None);
        self.documents.push(JobDocument { file, subject, title, pages, asked_back });
        self.documents.len() - 1
    }

    /// The same, of which the work is asked back.
    fn asked_back(&mut self, title: &str, sheets: &[Sheet], on: WorkOn) -> usize {
        let place = self.document(title, sheets);
        self.documents[place].asked_back = Some(AskedBack { on, by: None });
        place
    }

    fn print(&self, sides: Sides, letters: Vec<Letter>) -> LettersPdf {
        let job = LetterJob { documents: self.documents.clone(), ..job_on(sides, letters) };
        let batch = print(&job, |_| {}).unwrap();
        assert_eq!(batch.set_aside, []);
        batch
    }
}

fn packet(number: usize, parts: &[(&str, &[usize])]) -> Letter {
    let part = |(pupil, documents): &(&str, &[usize])| PupilPart {
        pupil: (*pupil).to_owned(),
        documents: documents.iter().map(|it| behind(*it, 0)).collect(),
    };
    let parts = parts.iter().map(part).collect();
    Letter { parts, ..letter(&reference(number), "Bonjour.") }
}

/// A document behind a letter, with so many pages that come back.
fn behind(place: usize, pages: usize) -> PartDocument {
    let code =
        |page| PageCode { coded: format!("T/0310001A/12/{page}"), printed: format!("T12-{page}") };
    PartDocument { place, codes: (1..=pages).map(code).collect() }
}

fn checked(paper: &Paper) {
    let checked = Command::new("qpdf").arg("--check").arg(&paper.path).output().unwrap();
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn each_document_follows_its_letter_on_a_front_and_the_letter_lists_it() {
    let mut desk = Desk::empty();
    let one = desk.document("Fractions", &[sheet("fractions")]);
    let three =
        desk.document("Lecture", &[sheet("lecture1"), sheet("lecture2"), sheet("lecture3")]);
    let letters = vec![
        packet(1, &[("Zoé DURAND, 6A", &[one, three]), ("Paul DURAND, 3B", &[one])]),
        packet(2, &[("Léa MARTIN, 6A", &[])]),
        packet(3, &[("Ali HADDAD, 6A", &[three])]),
    ];
    let batch = desk.print(Sides::Two, letters);
    let paper = Paper::of(&batch);
    checked(&paper);
    let told: Vec<String> = (1..=batch.pages)
        .map(|page| {
            let text = paper.text(page, &[]);
            let own = [
                "fractions",
                "lecture1",
                "lecture2",
                "lecture3",
                "7K4M-001C",
                "7K4M-002C",
                "7K4M-003C",
            ];
            own.into_iter().find(|word| text.contains(word)).unwrap_or("").to_owned()
        })
        .collect();
    let expected = [
        "7K4M-001C",
        "",
        "fractions",
        "",
        "lecture1",
        "lecture2",
        "lecture3",
        "",
        "fractions",
        "",
        "7K4M-002C",
        "",
        "7K4M-003C",
        "",
        "lecture1",
        "lecture2",
        "lecture3",
        "",
    ];
    assert_eq!(told, expected);
    let spans: Vec<(usize, PageSpan)> = batch.places.iter().map(|it| (it.index, it.span)).collect();
    let span = |first, pages| PageSpan { first, pages };
    assert_eq!(spans, [(0, span(1, 10)), (1, span(11, 2)), (2, span(13, 6))]);
    let fronts = desk.print(Sides::One, vec![packet(1, &[("Zoé DURAND, 6A", &[one, three])])]);
    assert_eq!(fronts.pages, 5);
}

#[test]
fn a_letter_lists_what_is_behind_it_pupil_by_pupil() {
    let mut desk = Desk::empty();
    let one = desk.document("Fractions", &[sheet("fractions")]);
    let two = desk.document("Lecture", &[sheet("lecture")]);
    let letters = vec![
        packet(1, &[("Zoé DURAND, 6A", &[one, two]), ("Paul DURAND, 3B", &[one])]),
        packet(2, &[("Léa MARTIN, 6A", &[])]),
    ];
    let paper = Paper::of(&desk.print(Sides::One, letters));
    let first = paper.text(1, &[]);
    for part in [
        "Dans cette enveloppe",
        "Zoé DURAND, 6A",
        "Paul DURAND, 3B",
        "Fractions",
        "Lecture",
        "Mathématiques",
    ] {
        assert!(first.contains(part), "{part} in\n{first}");
    }
    let second = paper.text(5, &[]);
    assert!(second.contains("Léa MARTIN, 6A : aucun document n’a été déposé."), "{second}");
}

#[test]
fn a_document_that_all_get_stands_once_in_the_file() {
    let mut desk = Desk::empty();
    let long = "x".repeat(60);
    let sheets: Vec<Sheet> = (0..10).map(|page| sheet(&format!("{long}{page}"))).collect();
    let shared = desk.document("Partagé", &sheets);
    let letters = |documents: &[usize]| -> Vec<Letter> {
        (0..150).map(|number| packet(number, &[("Zoé DURAND, 6A", documents)])).collect()
    };
    let without = desk.print(Sides::Two, letters(&[]));
    let with = desk.print(Sides::Two, letters(&[shared]));
    assert_eq!(with.pages, without.pages + 1_500);
    // A page that is shown again costs a few octets.
    let more = with.pdf.len() - without.pdf.len();
    assert!(more < 1_500 * 80, "{more}");
    let paper = Paper::of(&with);
    checked(&paper);
    let text = paper.text(with.pages, &[]);
    assert!(text.contains(&format!("{long}9")), "{text}");
}

#[test]
fn a_batch_with_documents_of_others_claims_no_standard_and_one_without_keeps_its_own() {
    let mut desk = Desk::empty();
    let one = desk.document("Fractions", &[sheet("fractions")]);
    let alone = Paper::of(&desk.print(Sides::Two, vec![letter("7K4M-001C", "Bonjour.")]));
    let info = |paper: &Paper| poppler("pdfinfo", &["-meta"], &paper.path, &[]);
    let said = info(&alone);
    assert!(said.contains("pdfaid:part") && said.contains("pdfuaid:part"), "{said}");
    let packets =
        vec![packet(1, &[("Zoé DURAND, 6A", &[one])]), packet(2, &[("Léa MARTIN, 6A", &[one])])];
    let batch = desk.print(Sides::Two, packets);
    let paper = Paper::of(&batch);
    let said = info(&paper);
    assert!(!said.contains("<pdfaid:") && !said.contains("<pdfuaid:"), "{said}");
    // The letters themselves are as well tagged as ever.
    check_structure_of(&Document::load(&paper.path).unwrap(), &[1, 5]);
}

#[test]
fn an_entry_leads_to_each_letter_and_a_page_bears_its_reference() {
    let mut desk = Desk::empty();
    let one = desk.document("Fractions", &[sheet("fractions")]);
    let packets =
        vec![packet(1, &[("Zoé DURAND, 6A", &[one])]), packet(2, &[("Zoé DURAND, 6A", &[one])])];
    let batch = desk.print(Sides::Two, packets);
    let document = Document::load_mem(&batch.pdf).unwrap();
    let pages: Vec<ObjectId> = document.get_pages().into_values().collect();
    let catalog = document.catalog().unwrap();
    let entries = catalog.get_deref(b"Outlines", &document).unwrap().as_dict().unwrap();
    let mut at = entries.get(b"First").unwrap().as_reference().ok();
    let mut found = Vec::new();
    while let Some(id) = at {
        let entry = document.get_dictionary(id).unwrap();
        let title = lopdf::decode_text_string(entry.get(b"Title").unwrap()).unwrap();
        let leads_to = entry.get(b"Dest").unwrap().as_array().unwrap()[0].as_reference().unwrap();
        found.push((title, pages.iter().position(|page| *page == leads_to).unwrap()));
        at = entry.get(b"Next").and_then(Object::as_reference).ok();
    }
    let title = |number: usize| format!("6A Zoé DURAND {}", reference(number));
    assert_eq!(found, [(title(1), 0), (title(2), 4)]);
    let labels = catalog.get_deref(b"PageLabels", &document).unwrap().as_dict().unwrap();
    let numbers = labels.get(b"Nums").unwrap().as_array().unwrap();
    assert_eq!((numbers.len(), numbers[2].as_i64().unwrap()), (4, 4));

    // What is left to print after a jam has no entry of the whole.
    let rest = Document::load_mem(&from_page(&batch.pdf, 5, Sides::Two).unwrap()).unwrap();
    assert_eq!(rest.get_pages().len(), 4);
    assert!(!rest.catalog().unwrap().has(b"Outlines"));
}

#[test]
fn a_page_that_comes_back_bears_its_code_and_what_draws_it_stands_once_all_the_same() {
    let mut desk = Desk::empty();
    let filled = desk.asked_back("Fractions", &[sheet("un"), sheet("deux")], WorkOn::Pages);
    let copied = desk.asked_back("Sujet", &[sheet("sujet")], WorkOn::Sheet);
    let documents = vec![behind(filled, 2), behind(copied, 2)];
    let part = PupilPart { pupil: "Zoé DURAND, 6A".to_owned(), documents };
    let one = Letter { parts: vec![part], ..letter(&reference(1), "Bonjour.") };
    let batch = desk.print(Sides::Two, vec![one.clone()]);
    let paper = Paper::of(&batch);
    checked(&paper);
    let said = |page: usize| paper.text(page, &[]);
    // The letter, its back, two pages, what is to be done, its back, both sides of the copy.
    assert_eq!(batch.pages, 2 + 2 + 2 + 2);
    for (page, parts) in [
        (1, ["À rendre", "oui", "sur la copie jointe"]),
        (3, ["un", "T12-1", ""]),
        (4, ["deux", "T12-2", ""]),
        (7, ["Copie à rendre", "T12-1", ""]),
        (8, ["Copie à rendre", "T12-2", ""]),
    ] {
        assert!(parts.iter().all(|part| said(page).contains(part)), "{page}: {}", said(page));
    }
    assert!(!said(5).contains("T12"), "{}", said(5));
    // A marked page costs its mark.
    let many: Vec<Letter> = (0..100).map(|_| one.clone()).collect();
    let plain = |mut letter: Letter| {
        letter.parts[0].documents.iter_mut().for_each(|it| it.codes.clear());
        letter
    };
    let unmarked = desk.print(Sides::Two, many.iter().cloned().map(plain).collect());
    let marked = desk.print(Sides::Two, many);
    let more = marked.pdf.len() - unmarked.pdf.len();
    assert!(more < 100 * 4 * 700, "{more}");
}
