//! Letters on paper: where the address stands, that nothing is taken for markup, that one bad
//! letter spoils no batch, that a merged batch is still tagged.

mod calls;
mod diary;
mod labels;
mod packets;
mod piles;
mod sheets;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use chappe::delivery::{About, Recipient};
use chappe::message::Fields;
use chappe::people::{Civility, PersonKey};
use chappe::render::letters::{Letter, LetterJob, LettersPdf, Sides, print, unprintable};
use chappe::render::press::{self, Press, PressError};
use chappe::render::{SchoolFacts, Templates};
use chappe::wording::markdown::{self, on_paper};
use lopdf::{Dictionary, Document, Object, ObjectId};

fn school() -> SchoolFacts {
    SchoolFacts {
        name: "Collège Jean-Moulin".into(),
        address_lines: vec!["1 rue des Écoles".into(), "31000 TOULOUSE".into()],
        phone: "05 36 49 00 01".into(),
        email: "secretariat@example.org".into(),
        website: "https://clg.example.org/info".into(),
        signatory_name: "Claire FONTAINE".into(),
        signatory_title: "Principale".into(),
        town: "Toulouse".into(),
    }
}

fn address(name: &str) -> Vec<String> {
    [name, "BAT B APT 34", "12 RUE DES LILAS", "31000 TOULOUSE"].map(str::to_owned).to_vec()
}

fn letter(reference: &str, body: &str) -> Letter {
    Letter {
        address: address("MME INES DURAND"),
        reference: reference.into(),
        subject: "Fermeture du collège".into(),
        about: vec!["Zoé DURAND".into()],
        class_label: Some("6A".into()),
        body: on_paper(&markdown::to_blocks(body)),
        question: None,
        form: false,
        large_print: false,
        calls: Vec::new(),
        diary: Vec::new(),
        parts: Vec::new(),
    }
}

fn job(letters: Vec<Letter>) -> LetterJob {
    job_on(Sides::One, letters)
}

fn job_on(sides: Sides, letters: Vec<Letter>) -> LetterJob {
    LetterJob {
        title: "Fermeture du collège".into(),
        school: school(),
        date: jiff::civil::date(2020, 3, 16),
        sides,
        letters,
        documents: Vec::new(),
        piles: Vec::new(),
    }
}

fn reference(number: usize) -> String {
    format!("7K4M-{number:03}C")
}

fn closing_letter(number: usize, large_print: bool) -> Letter {
    shipped_letter("fermeture", number, large_print)
}

/// A real letter of a shipped template, with its examples.
fn shipped_letter(template: &str, number: usize, large_print: bool) -> Letter {
    let templates = Templates::load(None).unwrap();
    let fields: Fields = templates
        .info(template)
        .unwrap()
        .fields
        .iter()
        .map(|field| (field.name.clone(), field.example.clone()))
        .collect();
    let prepared = templates.prepare(template, &fields, &school()).unwrap();
    let to = Recipient::without_address(
        PersonKey("siecle:1".into()),
        "Inès DURAND",
        Some(Civility::Mme),
        vec![
            About {
                pupil: None, name: "Zoé DURAND".into(), class: Some("6A".into()), level: None
            },
            About {
                pupil: None, name: "Léo DURAND".into(), class: Some("3B".into()), level: None
            },
        ],
    );
    let text = prepared.letter(&to, &reference(number)).unwrap();
    Letter {
        address: address("MME INES DURAND"),
        reference: reference(number),
        subject: text.subject,
        about: vec!["Zoé DURAND".into(), "Léo DURAND".into()],
        class_label: Some("6A".into()),
        question: text.question,
        form: text.form,
        body: text.body,
        large_print,
        calls: Vec::new(),
        diary: Vec::new(),
        parts: Vec::new(),
    }
}

/// A batch on the disk, looked at with poppler.
pub(crate) struct Paper {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

impl Paper {
    fn of(batch: &LettersPdf) -> Self {
        Self::of_file(&batch.pdf)
    }

    pub(crate) fn of_file(pdf: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lettres.pdf");
        std::fs::write(&path, pdf).unwrap();
        Self { _folder: folder, path }
    }

    pub(crate) fn text(&self, page: usize, area: &[&str]) -> String {
        let page = page.to_string();
        let mut arguments = vec!["-f", &page, "-l", &page, "-layout"];
        arguments.extend(area);
        poppler("pdftotext", &arguments, &self.path, &["-"])
    }

    fn info(&self) -> String {
        poppler("pdfinfo", &[], &self.path, &[])
    }
}

fn poppler(program: &str, before: &[&str], path: &Path, after: &[&str]) -> String {
    let output = Command::new(program)
        .args(before)
        .arg(path)
        .args(after)
        .output()
        .unwrap_or_else(|_| panic!("{program} is missing: install poppler-utils"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_address_stands_in_the_window_and_nothing_else_does() {
    let paper = Paper::of(&print(&job(vec![closing_letter(1, false)]), |_| {}).unwrap());
    // At 72 dots an inch: 110 mm = 312, 55 mm = 156, 85 mm = 241, 33 mm = 93.
    let window = ["-x", "312", "-y", "156", "-W", "241", "-H", "93"];
    let lines: Vec<String> = paper
        .text(1, &window)
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(lines, address("MME INES DURAND"));
}

#[test]
fn a_full_address_of_seven_lines_of_38_signs_stays_in_the_window() {
    let mut full = letter("7K4M-001C", "Bonjour.");
    full.address = (1..=7).map(|n| format!("{n}{}", "M".repeat(37))).collect();
    let paper = Paper::of(&print(&job(vec![full.clone()]), |_| {}).unwrap());
    let window = ["-x", "312", "-y", "156", "-W", "241", "-H", "93"];
    let seen: Vec<String> = paper.text(1, &window).split_whitespace().map(str::to_owned).collect();
    assert_eq!(seen, full.address);
}

#[test]
fn a_letter_has_everything_that_an_official_letter_has() {
    let paper = Paper::of(&print(&job(vec![closing_letter(1, false)]), |_| {}).unwrap());
    let text = paper.text(1, &[]).replace('\u{a0}', " ");
    for part in [
        "Collège Jean-Moulin",
        "05 36 49 00 01",
        "Toulouse, le lundi 16 mars 2020",
        "Objet : Fermeture du collège",
        "Madame,",
        "Agenda",
        "rendez-vous",
        "La principale,",
        "Claire FONTAINE",
        "Coupon-réponse",
        "Classe : 6A",
        "7K4M-001C",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn every_shipped_letter_with_its_examples_fits_one_page() {
    for template in [
        "annonce",
        "fermeture",
        "fiche-coordonnees",
        "guide-methodologique",
        "rappel-classe-virtuelle",
    ] {
        let batch = print(&job(vec![shipped_letter(template, 1, false)]), |_| {}).unwrap();
        assert_eq!((batch.letters, batch.pages), (1, 1), "{template}");
    }
}

#[test]
fn large_print_is_large_and_keeps_the_address_in_its_window() {
    let batch = print(&job(vec![closing_letter(1, true)]), |_| {}).unwrap();
    assert!(batch.pages > 1, "{}", batch.pages);
    let paper = Paper::of(&batch);
    let window = ["-x", "312", "-y", "156", "-W", "241", "-H", "93"];
    assert!(paper.text(1, &window).contains("12 RUE DES LILAS"));
    let last = format!("/{}", batch.pages);
    assert!(paper.text(1, &[]).contains(&format!("Page 1{last}")));
    assert!(paper.text(2, &[]).contains(&format!("Page 2{last}")));
    assert!(paper.text(2, &[]).contains("7K4M-001C"));
}

#[test]
fn a_form_has_room_to_write_and_its_code_but_no_slip_to_cut_off() {
    let form = shipped_letter("fiche-coordonnees", 1, false);
    assert!(form.form);
    let paper = Paper::of(&print(&job(vec![form]), |_| {}).unwrap());
    let text = paper.text(1, &[]);
    for part in ["Ce que nous avons noté", "Ce qui a changé", "☐", "Page à rendre", "7K4M-001C"]
    {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    for part in ["Coupon-réponse", "La principale", "……"] {
        assert!(!text.contains(part), "{part} in\n{text}");
    }
    // Three empty cells below one another, each 9 mm high: 25.5 points.
    let lines = poppler("pdftotext", &["-bbox"], &paper.path, &["-"]);
    let height_of = |word: &str| {
        let line = lines.lines().find(|line| line.contains(&format!(">{word}<"))).unwrap();
        line.split("yMin=\"").nth(1).unwrap().split('"').next().unwrap().parse::<f64>().unwrap()
    };
    let heights = [height_of("électronique"), height_of("portable"), height_of("Autre")];
    for pair in heights.windows(2) {
        assert!((pair[1] - pair[0] - 25.5).abs() < 0.5, "{heights:?}");
    }
}

#[test]
fn each_letter_of_a_chunk_counts_its_own_pages() {
    let long = "Les élèves de sixième apportent leur carnet et une gourde. ".repeat(90);
    let letters = vec![
        letter("7K4M-001C", "Bonjour."),
        letter("7K4M-002C", &long),
        letter("7K4M-003C", &long.repeat(2)),
    ];
    let paper = Paper::of(&print(&job(letters), |_| {}).unwrap());
    let pages = ["", "Page 1/2", "Page 2/2", "Page 1/3", "Page 2/3", "Page 3/3"];
    for (number, told) in (1..).zip(pages) {
        let text = paper.text(number, &[]);
        assert!(text.contains(told) && text.contains("Page ") != told.is_empty(), "{told}: {text}");
    }
}

#[test]
fn an_address_is_never_broken_over_two_lines() {
    let address = "https://claude-chappe.example.org/rentree-2026";
    let sentences: Vec<String> =
        (1..60).map(|n| format!("{} {address}", "mot ".repeat(n % 13))).collect();
    let mut jagged = letter("7K4M-001C", &sentences.join("\n\n"));
    jagged.large_print = true;
    let batch =
        print(&job(vec![letter("7K4M-001C", &sentences.join(" ")), jagged]), |_| {}).unwrap();
    let paper = Paper::of(&batch);
    let whole = (1..=batch.pages).map(|page| paper.text(page, &[]).matches(address).count());
    assert_eq!(whole.sum::<usize>(), 2 * 59);
}

#[test]
fn markup_in_a_value_stays_what_it_is() {
    let mut sly =
        letter("7K4M-001C", "Bonjour \\*étoile\\*, voir #panic() et `code` $x$ @ref <label>.");
    sly.address = address("#panic(\"non\") *M* _X_ `Y` $z$");
    sly.about = vec!["*Zoé* #import \"/etc/passwd\"".into()];
    sly.subject = "#include(\"x\") = titre \\ // fin".into();
    let batch = print(&job(vec![sly]), |_| {}).unwrap();
    assert_eq!(batch.set_aside, []);
    let text = Paper::of(&batch).text(1, &[]);
    for part in [
        "#panic(\"non\") *M* _X_ `Y` $z$",
        "*Zoé* #import \"/etc/passwd\"",
        "#include(\"x\") = titre \\ // fin",
        "*étoile*, voir #panic()",
        "$x$ @ref <label>",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn a_sign_without_a_glyph_sets_one_letter_aside_and_prints_the_others() {
    let mut letters: Vec<Letter> =
        (0..7).map(|n| letter(&reference(n), &format!("Lettre numéro {n}."))).collect();
    letters[4] = letter(&reference(4), "Bonjour 王.");
    let batch = print(&job(letters), |_| {}).unwrap();
    assert_eq!((batch.letters, batch.pages), (6, 6));
    assert_eq!(batch.set_aside.len(), 1);
    assert_eq!(batch.set_aside[0].index, 4);
    assert!(batch.set_aside[0].reason.contains("U+738B"), "{}", batch.set_aside[0].reason);
    let paper = Paper::of(&batch);
    let seen: Vec<bool> = (0..6)
        .zip([0, 1, 2, 3, 5, 6])
        .map(|(page, n)| paper.text(page + 1, &[]).contains(&format!("Lettre numéro {n}.")))
        .collect();
    assert_eq!(seen, [true; 6]);
}

#[test]
fn a_batch_of_unprintable_letters_is_empty_and_says_why() {
    let batch =
        print(&job(vec![letter("7K4M-001C", "王"), letter("7K4M-002C", "王")]), |_| {}).unwrap();
    assert_eq!((batch.letters, batch.pdf.len(), batch.set_aside.len()), (0, 0, 2));
}

#[test]
fn letters_of_several_chunks_are_one_tagged_document_in_their_order() {
    let letters: Vec<Letter> =
        (0..250).map(|n| letter(&reference(n), &format!("Lettre numéro {n}."))).collect();
    let mut heard = Vec::new();
    let batch = print(&job(letters), |done| heard.push(done)).unwrap();
    assert_eq!(heard, [100, 200, 250]);
    assert_eq!((batch.letters, batch.pages), (250, 250));
    let paper = Paper::of(&batch);
    let info = paper.info();
    for line in
        ["Tagged:          yes", "Pages:           250", "Title:           Fermeture du collège"]
    {
        assert!(info.contains(line), "{line} in\n{info}");
    }
    for page in [1, 100, 101, 200, 201, 250] {
        let text = paper.text(page, &[]);
        assert!(text.contains(&format!("Lettre numéro {}.", page - 1)), "{page}: {text}");
    }
    let document = Document::load(&paper.path).unwrap();
    let catalog = document.catalog().unwrap();
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"fr-FR");
    assert!(catalog.has(b"MarkInfo") && catalog.has(b"ViewerPreferences"));
    check_structure(&document, 250);
}

#[test]
fn a_table_without_a_title_or_longer_than_a_page_is_printed_whole() {
    let hours = "| | lundi | |\n|-|-|-|\n| 8h | maths | |";
    let rows: Vec<String> = (0..70).map(|n| format!("| Classe {n} | salle {n} |")).collect();
    let rooms = format!("| Classe | Salle |\n|-|-|\n{}", rows.join("\n"));
    let batch = print(&job(vec![letter("7K4M-001C", hours), letter("7K4M-002C", &rooms)]), |_| {});
    let batch = batch.unwrap();
    assert_eq!(batch.set_aside, []);
    let paper = Paper::of(&batch);
    let text: String = (1..=batch.pages).map(|page| paper.text(page, &[])).collect();
    let text = text.replace('\u{a0}', " ");
    assert!(batch.pages > 2 && text.contains("maths"), "{}", batch.pages);
    for room in (0..70).map(|n| format!("salle {n}")) {
        assert!(text.lines().any(|line| line.trim_end().ends_with(&room)), "{room} in\n{text}");
    }
    check_structure(&Document::load(&paper.path).unwrap(), batch.pages);
}

#[test]
fn the_tables_of_several_chunks_keep_their_titles_apart() {
    let table = "| Niveau | Heure |\n|---|---|\n| 6e | 9h à 10h |";
    let letters: Vec<Letter> = (0..101).map(|n| letter(&reference(n), table)).collect();
    let batch = print(&job(letters), |_| {}).unwrap();
    assert_eq!((batch.letters, batch.pages), (101, 101));
    let paper = Paper::of(&batch);
    let document = Document::load(&paper.path).unwrap();
    check_structure(&document, 101);
    let elements = || document.objects.values().filter_map(|object| object.as_dict().ok());
    let ids: Vec<&[u8]> = elements()
        .filter(|element| element.has(b"S"))
        .filter_map(|element| element.get(b"ID").and_then(Object::as_str).ok())
        .collect();
    assert_eq!(ids.len(), 202);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "an id occurs twice");
    let attributes =
        elements().filter_map(|element| element.get(b"A").and_then(Object::as_array).ok());
    let heads: Vec<&[u8]> = attributes
        .flatten()
        .filter_map(|attribute| attribute.as_dict().ok()?.get(b"Headers").ok()?.as_array().ok())
        .flatten()
        .map(|head| head.as_str().unwrap())
        .collect();
    assert!(heads.len() >= 202 && heads.iter().all(|head| ids.contains(head)), "{}", heads.len());
}

/// Walks the structure tree: every parent is the parent, every page's marked content leads to an
/// element of the tree, every page is spoken of.
fn check_structure(document: &Document, pages: usize) {
    check_structure_of(document, &(1..=pages).collect::<Vec<_>>());
}

/// The same where only these pages, from 1, have anything on them.
fn check_structure_of(document: &Document, spoken: &[usize]) {
    let catalog = document.catalog().unwrap();
    let root_id = catalog.get(b"StructTreeRoot").unwrap().as_reference().unwrap();
    let root = document.get_dictionary(root_id).unwrap();
    let mut elements = BTreeSet::new();
    let mut spoken_of = BTreeSet::new();
    let mut waiting = vec![(root_id, root)];
    while let Some((parent, dictionary)) = waiting.pop() {
        for kid in kids(document, dictionary) {
            let element = document.get_dictionary(kid).unwrap();
            let is_element = element.has(b"S");
            if let Ok(page) = element.get(b"Pg").and_then(Object::as_reference) {
                spoken_of.insert(page);
            }
            if is_element {
                let above = element.get(b"P").unwrap().as_reference().unwrap();
                assert_eq!(above, parent, "{element:?}");
                assert!(elements.insert(kid), "an element occurs twice");
                waiting.push((kid, element));
            }
        }
    }
    let all: Vec<ObjectId> = document.get_pages().into_values().collect();
    let page_ids: BTreeSet<ObjectId> = spoken.iter().map(|page| all[page - 1]).collect();
    assert_eq!(page_ids, spoken_of);

    let parent_tree = root.get_deref(b"ParentTree", document).unwrap().as_dict().unwrap();
    let numbers = parent_tree.get(b"Nums").unwrap().as_array().unwrap();
    let mut keys = BTreeSet::new();
    for pair in numbers.chunks_exact(2) {
        assert!(keys.insert(pair[0].as_i64().unwrap()), "a key occurs twice");
        let (_, value) = document.dereference(&pair[1]).unwrap();
        let named = match value {
            Object::Array(array) => array.clone(),
            _ => vec![pair[1].clone()],
        };
        for element in named.iter().filter_map(|element| element.as_reference().ok()) {
            assert!(elements.contains(&element), "{element:?} is not in the tree");
        }
    }
    for page in page_ids {
        let key = document.get_dictionary(page).unwrap().get(b"StructParents").unwrap();
        assert!(keys.contains(&key.as_i64().unwrap()));
    }
    assert!(*keys.last().unwrap() < root.get(b"ParentTreeNextKey").unwrap().as_i64().unwrap());
}

fn kids(document: &Document, element: &Dictionary) -> Vec<ObjectId> {
    let Ok(kids) = element.get_deref(b"K", document) else { return Vec::new() };
    let array = match kids {
        Object::Array(array) => array.clone(),
        _ => vec![element.get(b"K").unwrap().clone()],
    };
    array.iter().filter_map(|kid| kid.as_reference().ok()).collect()
}

#[test]
fn the_child_prints_an_order_and_tells_its_progress() {
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("lettres.part");
    let letters = (0..101).map(|n| letter(&reference(n), "Bonjour.")).collect();
    let order = press::order(job(letters), part.clone(), 1 << 32).unwrap();
    let mut said = Vec::new();
    let mut limit = 0;
    press::run_child(order.as_slice(), &mut said, |bytes| {
        limit = bytes;
        Ok(())
    })
    .unwrap();
    let said = String::from_utf8(said).unwrap();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[..2], ["{\"progress\":100}", "{\"progress\":101}"]);
    assert!(lines[2].starts_with("{\"printed\":{\"pages\":101,\"letters\":101,"), "{said}");
    assert_eq!(limit, 1 << 32);
    assert!(std::fs::read(part).unwrap().starts_with(b"%PDF-1.7"));
}

#[test]
fn an_order_that_is_none_is_refused() {
    let mut said = Vec::new();
    press::run_child(&b"{}"[..], &mut said, |_| Ok(())).unwrap();
    assert_eq!(said, b"{\"refused\":\"the order is not readable\"}\n");
}

fn press(program: &str) -> Press {
    Press {
        program: program.into(),
        memory_limit: 1 << 32,
        time_limit: std::time::Duration::from_millis(300),
    }
}

async fn print_with(program: &str) -> (Result<press::Printed, PressError>, bool) {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("lettres.pdf");
    let job = job(vec![letter("7K4M-001C", "Bonjour.")]);
    let result = press(program).print(&job, &output, |_| {}).await;
    let left_nothing = std::fs::read_dir(folder.path()).unwrap().next().is_none();
    (result, left_nothing)
}

#[tokio::test]
async fn a_child_that_hangs_is_ended_at_its_time() {
    let hanging = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/press/hangs.sh");
    let (result, left_nothing) = print_with(hanging).await;
    assert!(matches!(result, Err(PressError::TooSlow(_))), "{result:?}");
    assert!(left_nothing);
}

#[tokio::test]
async fn a_child_that_dies_or_talks_nonsense_is_an_error() {
    let (result, _) = print_with("/bin/false").await;
    assert!(matches!(result, Err(PressError::Died(_))), "{result:?}");
    let (result, _) = print_with("/bin/echo").await;
    assert!(matches!(result, Err(PressError::Garbled)), "{result:?}");
    let (result, _) = print_with("/nowhere/chappe").await;
    assert!(matches!(result, Err(PressError::Run(_))), "{result:?}");
}

#[tokio::test]
async fn the_press_prints_in_a_child_and_the_file_appears_whole() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("lettres.pdf");
    let press = Press {
        time_limit: std::time::Duration::from_mins(2),
        ..press(env!("CARGO_BIN_EXE_chappe"))
    };
    let letters = vec![letter("7K4M-001C", "Bonjour."), letter("7K4M-002C", "王")];
    let mut heard = Vec::new();
    let printed = press.print(&job(letters), &output, |done| heard.push(done)).await.unwrap();
    assert_eq!((printed.letters, printed.pages, printed.set_aside.len()), (1, 1, 1));
    assert_eq!(heard, [2]);
    assert!(std::fs::read(&output).unwrap().starts_with(b"%PDF-"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_child_that_wants_too_much_memory_dies_alone_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("lettres.pdf");
    let press = Press {
        memory_limit: 16 << 20,
        time_limit: std::time::Duration::from_mins(2),
        ..press(env!("CARGO_BIN_EXE_chappe"))
    };
    let letters = (0..50).map(|n| letter(&reference(n), "Bonjour.")).collect();
    let error = press.print(&job(letters), &output, |_| {}).await.unwrap_err();
    assert!(matches!(error, PressError::Died(_)), "{error}");
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
}

#[test]
fn a_sign_that_no_letter_can_show_is_known_beforehand() {
    assert!(unprintable("Où ? Là : « œuf » ✓ €\u{202f}!").is_empty());
    assert_eq!(unprintable("王 😀"), ['王', '😀']);
}

#[test]
fn a_school_whose_name_cannot_be_printed_is_told_so_once() {
    let mut job = job(vec![letter("7K4M-001C", "Bonjour.")]);
    job.school.name = "王".into();
    let error = print(&job, |_| {}).unwrap_err();
    assert!(error.to_string().contains("U+738B"), "{error}");
}

#[test]
fn no_debug_output_holds_a_name_or_an_address() {
    let letter = letter("7K4M-001C", "Secret");
    let job = job(vec![letter]);
    let shown = format!("{job:?}");
    assert!(!shown.contains("DURAND") && !shown.contains("LILAS") && !shown.contains("Secret"));
}

#[tokio::test]
async fn the_child_is_given_nothing_of_our_environment() {
    assert!(std::env::vars_os().count() > 5, "there is nothing to be given");
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("press");
    std::fs::write(&program, "#!/bin/sh\nenv > \"$0.env\"\n").unwrap();
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o700))
        .unwrap();
    let output = folder.path().join("lettres.pdf");
    let press =
        Press { time_limit: std::time::Duration::from_mins(2), ..press(program.to_str().unwrap()) };
    let job = job(vec![letter("7K4M-001C", "Bonjour.")]);
    assert!(press.print(&job, &output, |_| {}).await.is_err());
    let seen = std::fs::read_to_string(folder.path().join("press.env")).unwrap();
    let names: Vec<&str> = seen.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    // What a shell makes for itself.
    assert!(names.iter().all(|name| ["PWD", "OLDPWD", "SHLVL", "_"].contains(name)), "{names:?}");
}

#[test]
fn a_child_whose_parent_is_gone_ends_in_the_middle_of_its_work() {
    use std::io::{BufRead, BufReader, Write};
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().unwrap();
    let part = folder.path().join("lettres.part");
    let letters = vec![closing_letter(0, false); 1_000];
    let order = press::order(job(letters), part.clone(), 1 << 32).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_chappe"))
        .arg(press::SUBCOMMAND)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    input.write_all(&order).unwrap();
    assert_eq!(said.next().unwrap().unwrap(), "{\"progress\":100}");
    // The kernel closes what a process had open when it is killed.
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(!part.exists(), "it went on to the end");
}
