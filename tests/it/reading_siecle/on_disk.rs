//! Files are streamed from disk: what comes of them is the same as from memory.

use std::path::Path;

use chappe::how_far::HowFar;

use super::*;

fn from_disk(path: &Path) -> Result<Reading, Refused> {
    read(&[SourceFile::on_disk("export.xml", path)], &expected())
}

/// A file of very many pupils: more than one chunk, with accents at every place of a chunk's end.
fn many() -> String {
    let pupils: Vec<String> = (0..4_000)
        .map(|n| {
            format!(
                "<ELEVE ELEVE_ID=\"{n}\"><NOM_DE_FAMILLE>DURAND{n}</NOM_DE_FAMILLE>\
                 <PRENOM>Zoé-Éloïse</PRENOM></ELEVE>{}",
                " ".repeat(n % 7)
            )
        })
        .collect();
    pupils_file(&pupils.concat())
}

fn pupils_file(pupils: &str) -> String {
    super::pupils(pupils, "")
}

#[test]
fn a_large_file_on_disk_reads_as_it_does_from_memory() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("any name.bin");
    let text = many();
    let latin = encoding_rs::ISO_8859_15
        .encode(&text.replace("encoding=\"UTF-8\"", "encoding=\"ISO-8859-15\""))
        .0
        .into_owned();
    for bytes in [text.into_bytes(), latin] {
        std::fs::write(&path, &bytes).unwrap();
        let streamed = from_disk(&path).unwrap();
        assert_eq!(streamed.pupils.len(), 4_000);
        assert!(streamed.pupils.iter().all(|pupil| pupil.first_name == "Zoé-Éloïse"));
        assert_eq!(streamed, reading_bytes(&[&bytes]).unwrap());
    }
}

#[test]
fn a_wrong_byte_far_inside_is_told_with_its_line() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("export.xml");
    let mut bytes = many().into_bytes();
    let at = bytes.len() - 40;
    let line = bytes[..at].split(|byte| *byte == b'\n').count() as u64;
    bytes[at] = 0xFF;
    std::fs::write(&path, &bytes).unwrap();
    let refused = from_disk(&path).unwrap_err();
    assert_eq!(refused.line, Some(line));
    let declared = "UTF-8".to_owned();
    assert_eq!(refused.reason, Reason::WrongEncoding { declared, byte: at });
}

#[test]
fn utf_8_that_was_declared_latin_is_refused_wherever_its_chunks_end() {
    let text = many().replace("encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"");
    let (line, reason) = refusal(&text);
    assert_eq!(line, Some(3));
    assert!(matches!(reason, Reason::WrongEncoding { .. }), "{reason:?}");
}

#[test]
fn a_file_that_is_gone_or_is_a_folder_is_refused_without_its_path() {
    let folder = tempfile::TempDir::new().unwrap();
    for (path, told) in [
        (folder.path().join("gone.xml"), "ne peut pas être lu"),
        (folder.path().to_owned(), "ce n’est pas un fichier"),
    ] {
        let refused = from_disk(&path).unwrap_err();
        assert!(matches!(refused.reason, Reason::Unreadable(_) | Reason::NotAFile), "{refused:?}");
        let place = folder.path().to_str().unwrap();
        assert!(!refused.to_string().contains(place), "{refused}");
        assert!(refused.in_french().contains(told), "{}", refused.in_french());
    }
}

#[test]
fn how_far_a_reading_is_is_counted_by_the_bytes_that_are_read() {
    let folder = tempfile::TempDir::new().unwrap();
    let person = |n: u32| {
        let names = format!("<NOM_DE_FAMILLE>DURAND{n}</NOM_DE_FAMILLE><PRENOM>Inès</PRENOM>");
        format!("<PERSONNE PERSONNE_ID=\"{n}\">{names}</PERSONNE>")
    };
    let tie = |n: u32| {
        format!(
            "<RESPONSABLE_ELEVE><ELEVE_ID>{n}</ELEVE_ID><PERSONNE_ID>{n}</PERSONNE_ID>\
             <NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE></RESPONSABLE_ELEVE>"
        )
    };
    let persons: String = (0..4_000).map(person).collect();
    let ties: String = (0..4_000).map(tie).collect();
    let staff: Vec<String> = (0..4_000).map(|n| format!("PETIT{n};Tom;AED\r\n")).collect();
    let staff = staff.concat();
    let texts = [many(), guardians(&persons, &ties, ""), format!("Nom;Prénom;Fonction\r\n{staff}")];
    let paths = ["a", "b", "c"].map(|name| folder.path().join(name));
    paths.iter().zip(&texts).for_each(|(path, text)| std::fs::write(path, text).unwrap());
    let far = HowFar::default();
    let files = paths.each_ref().map(|path| SourceFile::on_disk("x", path).counted(&far));
    let reading = read(&files, &expected()).unwrap();
    assert_eq!((reading.pupils.len(), reading.persons.len()), (4_000, 8_000));
    let [pupils, guardians, staff] = texts.map(|text| text.len() as u64);
    let (done, of) = far.counts();
    assert_eq!(of, 2 * pupils + 3 * guardians + staff, "as often as each is read");
    assert!((95..=105).contains(&(done * 100 / of)), "{done} of {of}");
}
