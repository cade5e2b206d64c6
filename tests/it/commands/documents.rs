//! `chappe documents`

use chappe::demo::school::{Size, fictional_college};
use chappe::people::SchoolYear;

use super::answers;
use super::office::{Office, today};
use crate::documents::page::{pdf_of, sheet};
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
