//! `chappe documents`

use chappe::demo::school::{Size, fictional_college};
use chappe::people::SchoolYear;

use super::answers;
use super::office::{Office, today};
use crate::documents::page::{pdf_of, sheet};
use crate::reading_tables::sheets::in_both;
use crate::reading_tables::zipped;

pub(super) const PACKET: [&str; 10] = [
    "--set",
    "objet=Le travail de la semaine",
    "--set",
    "semaine=18/03/2026",
    "--set",
    "moyens=Une matière par demi-journée.",
    "--set",
    "agenda=À rendre lundi.",
    "--set",
    "prochain_rendez_vous=lundi 23 mars",
];

pub(super) fn lay(office: &Office, place: &str, bytes: &[u8]) {
    let path = office.path(place);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn add(office: &Office) -> super::office::Answer {
    office.run(["documents", "add", "semaine", "--week", "18/03/2026"])
}

#[test]
fn what_lies_in_a_folder_is_kept_listed_printed_behind_letters_and_removed() {
    let office = Office::with_school();
    assert!(office.run(["documents"]).done().contains("No document was left"));
    let page = pdf_of(&[sheet("fractions"), sheet("suite")]);
    lay(&office, "semaine/6A/Mathématiques/fractions_1.pdf", &page);
    lay(&office, "semaine/6e/lecture.pdf", &pdf_of(&[sheet("lecture")]));
    lay(&office, "semaine/.DS_Store", b"x");
    lay(&office, "semaine/6A/Thumbs.db", b"x");
    let told = add(&office).done();
    assert_eq!(told.trim_end(), "Week of 2026-03-16: 2 documents of 3 pages kept.");
    let list = office.run(["documents", "list", "--json"]).done();
    let list: Vec<serde_json::Value> =
        list.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    answers::holds("documents", &list[0]);
    assert_eq!(
        (&list[0]["title"], &list[1]["meant_for"]),
        (&"fractions 1".into(), &"level:6e".into())
    );
    let told = office.run(["documents", "list", "--week", "20/03/2026"]).done();
    assert!(told.contains("Mathématiques: fractions 1") && told.contains("2 pages"), "{told}");
    assert!(
        !office.run(["documents", "list", "--week", "23/03/2026"]).done().contains("fractions")
    );

    let send = ["send", "paquet", "--to", "foyers classe:6A", "--plan", "papier"];
    office.run(send.into_iter().chain(PACKET)).done();
    let printed = office.run(["letters", "--json"]).json();
    let (letters, pages) =
        (printed["letters"].as_u64().unwrap(), printed["pages"].as_u64().unwrap());
    assert!(pages >= letters * (2 + 2 + 2), "{pages} pages of {letters} letters");
    let file = office.path(printed["file"].as_str().unwrap());
    let text = std::process::Command::new("pdftotext").arg(&file).arg("-").output().unwrap().stdout;
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains("Travail de la semaine") || text.contains("semaine du 16 mars 2026"),
        "{text}"
    );
    assert!(text.matches("lecture").count() as u64 >= letters);
    let list = std::fs::read_to_string(office.path(printed["list"].as_str().unwrap())).unwrap();
    assert_eq!(list.lines().count() as u64, letters + 1);
    // A letter on one sheet, a document of two pages on another, one of a single page on a third.
    assert!(list.contains("\"1\";\"1\";\"6\";\"3\";\"31\";\"2\";\"\";\"6A\""), "{list}");
    let folder = file.parent().unwrap();
    let hidden = std::fs::read_dir(folder)
        .unwrap()
        .filter(|it| it.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'));
    assert_eq!(hidden.count(), 0);

    let before = office.rows();
    let told = office.run(["documents", "remove", "1", "9"]).failed_in(&before, &office);
    assert!(told.contains("there is no document 9") && told.contains("chappe documents"), "{told}");
    let removed = office.run(["documents", "remove", "1", "--json"]).json();
    answers::holds("documents_remove", &removed);
    assert!(!office.run(["documents"]).done().contains("fractions"));
    let acts = office.run(["journal", "--json"]).done();
    assert!(acts.contains("leave_documents") && acts.contains("remove_document"), "{acts}");
}

#[test]
fn what_cannot_be_kept_is_named_and_nothing_of_the_folder_is() {
    let office = Office::with_school();
    let good = pdf_of(&[sheet("fractions")]);
    let before = office.rows();
    for (place, bytes, why) in [
        (
            "semaine/6Z/maths/a.pdf",
            good.as_slice(),
            "6Z/maths/a.pdf: no class, level, group or pupil is called so",
        ),
        ("semaine/seule.pdf", &good, "seule.pdf: it lies in no folder that says for whom"),
        ("semaine/6A/maths/casse.pdf", b"%PDF-1.7\nrien", "6A/maths/casse.pdf: it is damaged"),
        (
            "semaine/6A/maths/notes.docx",
            b"PNG en texte",
            "6A/maths/notes.docx: it is neither a PDF, nor a picture",
        ),
        ("semaine/6A/maths/a_b.pdf", &good, "6A/maths/a_b.pdf: one of this name is there already"),
        ("semaine/6A/maths/\u{738b}.pdf", &good, "cannot be printed"),
    ] {
        lay(&office, "semaine/6A/maths/a b.pdf", &good);
        lay(&office, place, bytes);
        let told = add(&office).failed_in(&before, &office);
        assert!(told.contains(why) && told.contains("nothing was kept"), "{told}");
        std::fs::remove_dir_all(office.path("semaine")).unwrap();
    }
    let told = add(&office).failed_in(&before, &office);
    assert!(told.contains("cannot read semaine; nothing was kept"), "{told}");
    std::fs::create_dir(office.path("semaine")).unwrap();
    assert!(add(&office).failed_in(&before, &office).contains("there is no document"));
    assert_eq!(office.run(["documents", "add", "semaine", "--week", "lundi"]).code, Some(2));

    lay(&office, "semaine/6A/maths/a.pdf", &good);
    add(&office).done();
    let before = office.rows();
    lay(&office, "semaine/6A/maths/b.pdf", &good);
    let told = add(&office).failed_in(&before, &office);
    assert!(told.contains("6A/maths/a.pdf: one of this name is there already"), "{told}");
}

#[test]
fn a_packet_of_a_week_for_which_nothing_was_left_is_not_sent() {
    let office = Office::with_school();
    let before = office.rows();
    let send = ["send", "paquet", "--to", "foyers classe:6A", "--plan", "papier"];
    let told = office.run(send.into_iter().chain(PACKET)).failed_in(&before, &office);
    assert!(
        told.contains("for the week of 2026-03-16") && told.contains("chappe documents add"),
        "{told}"
    );
}

#[test]
fn a_class_and_a_level_of_one_name_are_told_apart_by_how_the_school_writes_them() {
    let office = Office::new();
    // 6A to 6E, 5A to 5E…
    let size = Size { pupils: 60, classes: 20 };
    office.import(&fictional_college(3, SchoolYear::of(today()), size));
    let good = pdf_of(&[sheet("fractions")]);
    for place in ["6e", "6E"] {
        lay(&office, &format!("semaine/{place}/a.pdf"), &good);
    }
    add(&office).done();
    let list = office.run(["documents", "--json"]).done();
    assert!(list.contains("level:6e") && list.contains("class:6E"), "{list}");
    let before = office.rows();
    lay(&office, "semaine/6\u{e9}/b.pdf", &good);
    let told = add(&office).failed_in(&before, &office);
    assert!(told.contains("write it as the school does"), "{told}");
}

fn add_file(office: &Office, name: &str) -> super::office::Answer {
    office.run(["documents", "add", name, "--week", "18/03/2026"])
}

#[test]
fn a_zip_is_kept_as_the_folders_in_it_say() {
    let office = Office::with_school();
    let page = pdf_of(&[sheet("fractions")]);
    let entries: [(&str, &[u8]); 5] = [
        ("6A/Mathématiques/fractions.pdf", &page),
        ("6e\\lecture.pdf", &page),
        ("6A/.DS_Store", b"x"),
        ("__MACOSX/6A/._fractions.pdf", b"x"),
        ("6A/Mathématiques/Thumbs.db", b"x"),
    ];
    office.write("semaine.zip", zipped(&entries));
    let told = add_file(&office, "semaine.zip").done();
    assert_eq!(told.trim_end(), "Week of 2026-03-16: 2 documents of 2 pages kept.");
    let list = office.run(["documents", "--json"]).done();
    assert!(list.contains("\"Mathématiques\"") && list.contains("level:6e"), "{list}");
    // One that lies in a folder is for whom the folder says.
    std::fs::create_dir_all(office.path("dossier/6A")).unwrap();
    office.write("dossier/6A/latin.zip", zipped(&[("Latin/version.pdf", &page)]));
    add_file(&office, "dossier").done();
    assert!(office.run(["documents"]).done().contains("Latin: version"));
    let rest = office.path("uploads/0319999Z/documents");
    assert_eq!(std::fs::read_dir(rest).unwrap().count(), 0, "nothing lies about");
    // Its own folders name a level: nobody knows which is meant.
    std::fs::remove_file(office.path("dossier/6A/latin.zip")).unwrap();
    office.write("dossier/6A/tout.zip", zipped(&[("6e/maths/a.pdf", &page)]));
    let before = office.rows();
    let told = add_file(&office, "dossier").failed_in(&before, &office);
    assert!(told.contains("6A/6e/maths/a.pdf: the folders of its archive say for whom"), "{told}");
}

#[test]
fn an_archive_that_cannot_be_trusted_is_refused_whole() {
    let office = Office::with_school();
    let page = pdf_of(&[sheet("fractions")]);
    let good = zipped(&[("6A/maths/a.pdf", &page)]);
    let mut locked = good.clone();
    // The first bit of the flags, in the entry and in the list of entries: it is encrypted.
    locked[6] |= 1;
    let listed = locked.windows(4).position(|it| it == b"PK\x01\x02").unwrap();
    locked[listed + 8] |= 1;
    let folders: Vec<String> = (0..4_001).map(|number| format!("6A/{number}/")).collect();
    let thousands: Vec<(&str, &[u8])> = folders.iter().map(|name| (&**name, &b""[..])).collect();
    let before = office.rows();
    for (bytes, why) in [
        (good[..good.len() - 30].to_vec(), "semaine.zip: it is damaged"),
        (locked, "semaine.zip: it asks for a password"),
        (zipped(&[("6A/../../a.pdf", &page)]), "semaine.zip: a name in it leads out of it"),
        (zipped(&[("/6A/a.pdf", &page)]), "semaine.zip: a name in it leads out of it"),
        (zipped(&thousands), "semaine.zip: it has more than 4000 files and folders"),
        (zipped(&[("6A/maths/b.zip", &good)]), "6A/maths/b.zip: it is neither a PDF"),
        (zipped(&[("6Z/maths/a.pdf", &page)]), "6Z/maths/a.pdf: no class"),
        (zipped(&[("6A/.rien", b"")]), "there is no document"),
        (b"PK\x03\x04".to_vec(), "semaine.zip: it is damaged"),
    ] {
        office.write("semaine.zip", bytes);
        let told = add_file(&office, "semaine.zip").failed_in(&before, &office);
        assert!(told.contains(why) && told.contains("nothing was kept"), "{why} in\n{told}");
    }
}

/// A text as `LibreOffice` writes it, with a picture that lies there.
fn open_document(picture: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" \
         xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.2\"><office:body><office:text>\
         <text:p>Fractions égales</text:p><text:p>{picture}</text:p>\
         </office:text></office:body></office:document-content>"
    );
    let manifest = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" \
         manifest:media-type=\"application/vnd.oasis.opendocument.text\"/>\
         <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
         </manifest:manifest>";
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    // As it has to be (OpenDocument 1.2, part 3, 3.3): first, and not packed.
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", manifest),
        ("content.xml", &content),
    ] {
        zip.start_file(name, stored).unwrap();
        std::io::Write::write_all(&mut zip, part.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_text_is_made_a_pdf_where_libreoffice_is_and_refused_with_a_word_where_it_is_not() {
    let office = Office::with_school();
    lay(&office, "semaine/6A/maths/fractions.odt", &open_document(""));
    let before = office.rows();
    let mut without = office.command(["documents", "add", "semaine", "--week", "18/03/2026"]);
    let told = super::office::answer(without.env("PATH", "/nowhere")).failed_in(&before, &office);
    assert!(told.contains("6A/maths/fractions.odt: it is a text, and LibreOffice"), "{told}");

    let linked = "<draw:frame><draw:image xlink:href=\"https://example.org/a.png\"/></draw:frame>";
    lay(&office, "images/6A/maths/fractions.odt", &open_document(linked));
    let told = add_file(&office, "images").failed_in(&before, &office);
    assert!(told.contains("only linked to"), "{told}");

    let is_installed = std::process::Command::new("soffice").arg("--version").output().is_ok();
    if !is_installed {
        return;
    }
    add_file(&office, "semaine").done();
    let list = office.run(["documents", "--json"]).json();
    assert_eq!((&list["title"], &list["pages"]), (&"fractions".into(), &1.into()), "{list}");
    let rest = std::fs::read_dir(office.path("letters")).unwrap();
    assert_eq!(rest.count(), 0, "nothing lies about");
}

/// The titles of a diary, and a lesson of the week in question.
const DIARY: &str = "Date;Heure;Matière;Professeur;Contenu de la séance;Travail à faire;Pour le\n\
                     mercredi 18/03/2026;10h;Anglais;M. ROY;Le prétérit;Apprendre la leçon;20/03/2026\n";

/// A timetable as PRONOTE exports it: each lesson by itself, in UTC.
const TIMETABLE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
    BEGIN:VEVENT\r\nCATEGORIES:Cours\r\nDTSTART:20260316T070000Z\r\nSUMMARY;LANGUAGE=fr:SCIENCES VIE & TERRE - 6A\r\n\
    DESCRIPTION;LANGUAGE=fr:Matière : SCIENCES VIE &amp\\; TERRE\\nProfesseur : MA\r\n RTIN P.\\nClasse : 6A\\n\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nCATEGORIES:Cours\r\nDTSTART:20260317T070000Z\r\nSUMMARY:MATHEMATIQUES\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nCATEGORIES:Cours\r\nDTSTART:20260310T070000Z\r\nSUMMARY:LATIN\r\nEND:VEVENT\r\n\
    END:VCALENDAR\r\n";

fn words_of(pdf: &std::path::Path) -> String {
    let text = std::process::Command::new("pdftotext").arg(pdf).arg("-").output().unwrap().stdout;
    String::from_utf8(text).unwrap().replace(['\u{a0}', '\u{202f}'], " ")
}

#[test]
fn a_table_becomes_the_diary_of_its_class_and_a_timetable_gives_the_order_of_the_packet() {
    let office = Office::with_school();
    let lines = "19/03/2026;;Maths;;;ex. 3 p. 12\n17/03/2026;8h30;Français;;Lecture;;\n\
                 25/03/2026;8h;Maths;;plus tard;;\n";
    lay(&office, "semaine/6A/semaine.csv", format!("{DIARY}{lines}").as_bytes());
    lay(&office, "semaine/6A/emploi du temps.ics", TIMETABLE.as_bytes());
    for (place, word) in
        [("Anglais/verbes", "verbes"), ("maths/fractions", "fractions"), ("SVT/cellule", "cellule")]
    {
        lay(&office, &format!("semaine/6A/{place}.pdf"), &pdf_of(&[sheet(word)]));
    }
    let told = add(&office).done();
    assert_eq!(
        told.trim_end(),
        "Week of 2026-03-16: 5 documents of 5 pages kept.\n2 lines of other weeks or classes left out."
    );
    let list = office.run(["documents", "list"]).done();
    assert!(list.contains("Cahier de textes") && list.contains("Emploi du temps"), "{list}");

    let send = ["send", "paquet", "--to", "foyers classe:6A", "--plan", "papier"];
    office.run(send.into_iter().chain(PACKET)).done();
    let printed = office.run(["letters", "--json"]).json();
    let text = words_of(&office.path(printed["file"].as_str().unwrap()));
    let mut rest = text.split("Coupon-réponse").nth(1).unwrap();
    // Day by day, then the timetable, then by it; what it does not know is last.
    let order = [
        "Semaine du 16 mars 2026, classe 6A.",
        "Mardi 17 mars",
        "8 h 30",
        "Lecture",
        "Mercredi 18 mars",
        "Anglais, M. ROY",
        "Le prétérit",
        "À faire pour vendredi 20 mars :",
        "Apprendre la leçon",
        "Jeudi 19 mars",
        "ex. 3 p. 12",
        "Lundi 16 mars",
        "SCIENCES VIE & TERRE, MARTIN P.",
        "MATHEMATIQUES",
        "cellule",
        "fractions",
        "verbes",
    ];
    for word in order {
        let (_, after) = rest.split_once(word).unwrap_or_else(|| panic!("{word} in {rest}"));
        rest = after;
    }
    assert!(!text.contains("plus tard") && !text.contains("LATIN"), "{text}");
}

#[test]
fn a_workbook_is_a_diary_and_a_text_of_a_word_processor_is_none() {
    let head: &[&str] = &["Jour", "Matière", "À faire pour", "Classe", "Salle"];
    let rows: [&[&str]; 4] = [
        head,
        &["Lundi", "Maths", "ex. 4", "6A", "12"],
        &["17/03/2026", "Latin", "ex. 5", "6B", "12"],
        &["18 mars", "Grec", "ex. 6", "6A, 6B", "12"],
    ];
    for file in in_both(&[("6A", false, &rows), ("Vide", false, &[])]) {
        let office = Office::with_school();
        lay(&office, "semaine/6A/travail.xlsx", &file);
        let told = add(&office).done();
        assert!(told.contains("1 document of 1 page kept.\n1 line of other weeks"), "{told}");
    }
}

#[test]
fn a_diary_that_cannot_be_read_is_refused_whole_with_its_line() {
    let office = Office::with_school();
    let before = office.rows();
    let event =
        |line: &str| format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{line}\nEND:VEVENT\nEND:VCALENDAR\n");
    let long = format!("{DIARY}19/03/2026;;Maths;;{};;\n", "a ".repeat(2_600));
    let many = format!("{DIARY}{}", "19/03/2026;;Maths;;x;;\n".repeat(400));
    let many_lines = format!("{DIARY}{}", "19/03/2026;;Maths;;x;;\n".repeat(10_001));
    for (name, text, why) in [
        (
            "a.csv",
            format!("{DIARY}bientôt;;Maths;;x;;\n"),
            "line 3: the date is missing, or is none",
        ),
        ("a.csv", format!("{DIARY};;Maths;;x;;\n"), "line 3: the date is missing"),
        (
            "a.csv",
            format!("{DIARY}lundi 17/03/2026;;Maths;;x;;\n"),
            "line 3: the day of the week is not",
        ),
        ("a.csv", format!("{DIARY}17/03/2026;;=A1;;x;;\n"), "line 3: a formula stands there"),
        ("a.csv", format!("{DIARY}17/03/2026;;Maths;;#N/A;;\n"), "line 3: a formula stands there"),
        ("a.csv", format!("{DIARY}17/03/2026;;Maths;;\"x;;\n"), "line 3: a quote opens here"),
        ("a.csv", long, "line 3: more than 5000 signs"),
        ("a.csv", many, "it has more than 10000 lines, more than 400 of them in the week"),
        ("a.csv", many_lines, "it has more than 10000 lines"),
        (
            "a.csv",
            "Matière;Travail à faire\nMaths;ex. 3\n".to_owned(),
            "line 1: no column is called a date",
        ),
        ("a.csv", "bonjour\n".to_owned(), "no row of titles"),
        ("a.csv", String::new(), "no row of titles"),
        ("a.csv", "Date;Matière\n".to_owned(), "nothing in it is of this week"),
        ("a.csv", "Date;Matière\n25/03/2026;Maths\n".to_owned(), "nothing in it is of this week"),
        ("a.ics", event("SUMMARY:Maths"), "line 2: the date is missing"),
        ("a.ics", event("DTSTART:20260399"), "line 3: the date is missing, or is none"),
        ("a.ics", event("RRULE:FREQ=WEEKLY"), "line 3: the event repeats by a rule"),
        ("a.ics", event("DTSTART;TZID=Mars:20260316T080000"), "line 3: its hour is in an unknown"),
        ("a.ics", "BEGIN:VCALENDAR\nEND:VCALENDAR\n".to_owned(), "nothing in it is of this week"),
    ] {
        lay(&office, "semaine/6A/bonne.pdf", &pdf_of(&[sheet("bonne")]));
        lay(&office, &format!("semaine/6A/{name}"), text.as_bytes());
        let told = add(&office).failed_in(&before, &office);
        assert!(told.contains(&format!("6A/{name}: {why}")), "{why}: {told}");
        assert!(told.contains("nothing was kept"), "{told}");
        std::fs::remove_dir_all(office.path("semaine")).unwrap();
    }
}

#[test]
fn a_booklet_is_written_and_is_left_for_packets_by_its_name() {
    let office = Office::with_school();
    let guide = pdf_of(&(1..=6).map(|page| sheet(&format!("page{page}"))).collect::<Vec<_>>());
    lay(&office, "guide.pdf", &guide);
    let told = office.run(["documents", "booklet", "guide.pdf", "livret.pdf"]).done();
    assert!(told.starts_with("livret.pdf: 2 sheets of A4;"), "{told}");
    assert!(words_of(&office.path("livret.pdf")).contains("page6"));
    let told = office.run(["documents", "booklet", "guide.pdf", "livret.pdf"]).failed();
    assert!(told.contains("cannot write livret.pdf"), "{told}");
    lay(&office, "casse.pdf", b"%PDF-1.7\nrien");
    let told = office.run(["documents", "booklet", "casse.pdf", "autre.pdf"]).failed();
    assert!(
        told.contains("casse.pdf: it is damaged") && !office.path("autre.pdf").exists(),
        "{told}"
    );

    lay(&office, "semaine/TOUS/Guide méthodologique (livret).pdf", &guide);
    assert!(add(&office).done().contains("1 document of 4 pages kept."));
    assert!(office.run(["documents"]).done().contains("Guide méthodologique\n"));
}
