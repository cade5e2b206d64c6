//! ZIP archives, sound and hostile.

use super::*;

fn pupils() -> Vec<u8> {
    csv("Nom;Prénom;Classe", &["DURAND;Zoé;6A"])
}

fn labels(reading: &Reading) -> Vec<&str> {
    reading.files.iter().map(|file| file.label.as_str()).collect()
}

#[test]
fn each_file_of_an_archive_is_one_of_the_import() {
    let pupils = pupils();
    let guardians = csv("Nom;Prénom;Nom enfant;Prénom enfant", &["DURAND;Inès;DURAND;Zoé"]);
    let archive = zipped(&[
        ("dossier/Eleves.csv", &pupils),
        ("__MACOSX/dossier/._Eleves.csv", b"\0"),
        ("dossier/.DS_Store", b"\0"),
        ("Responsables.csv", &guardians),
    ]);
    let reading = sound(&[&archive]);
    assert_eq!(labels(&reading), ["export.csv/dossier/Eleves.csv", "export.csv/Responsables.csv"]);
    assert_eq!(reading.guardianships.len(), 1);
    assert_eq!(reading.person_origins.get(&reading.persons[0].key).unwrap().file, 1);
}

#[test]
fn a_name_that_climbs_out_is_a_label_and_nothing_else() {
    let reading = sound(&[&zipped(&[("../../etc/passwd", &pupils())])]);
    assert_eq!(labels(&reading), ["export.csv/../../etc/passwd"]);
}

#[test]
fn a_refusal_names_the_file_inside() {
    let archive = zipped(&[("a.csv", b"Nom;Classe\nDURAND\0;6A\n")]);
    let refused = reading(&[&archive]).unwrap_err();
    assert_eq!(refused.file, "export.csv/a.csv");
    assert_eq!(refused.line, Some(2));
}

#[test]
fn an_archive_in_an_archive_is_refused() {
    let inner = zipped(&[("a.csv", &pupils())]);
    assert_eq!(refusal(&zipped(&[("inner.zip", &inner)])).1, Reason::NestedArchive);
    assert_eq!(refusal(&zipped(&[("a.gz", b"\x1F\x8B\x08")])).1, Reason::NestedArchive);
}

#[test]
fn an_encrypted_entry_is_refused() {
    let mut archive = zipped(&[("a.csv", &pupils())]);
    for (mark, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = archive.windows(4).position(|four| four == mark).unwrap();
        archive[at + flags] |= 1;
    }
    assert_eq!(refusal(&archive).1, Reason::Encrypted);
}

#[test]
fn a_bomb_is_refused_while_it_unpacks() {
    let zeros = vec![b' '; 16 * 1024 * 1024];
    let names: Vec<String> = (0..9).map(|number| format!("{number}.csv")).collect();
    let entries: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), zeros.as_slice())).collect();
    let bomb = zipped(&entries);
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(refusal(&bomb).1, Reason::TooMuchUnpacked(128));
}

#[test]
fn more_entries_than_an_export_has_are_refused() {
    let pupils = pupils();
    let names: Vec<String> = (0..65).map(|number| format!("{number}.csv")).collect();
    let entries: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), pupils.as_slice())).collect();
    assert_eq!(refusal(&zipped(&entries)).1, Reason::TooManyEntries(64));
}

#[test]
fn entries_are_counted_before_an_archive_is_opened() {
    let listed = b"PK\x01\x02".repeat(2_001);
    let refused = refusal(&[b"PK\x03\x04", listed.as_slice()].concat()).1;
    assert_eq!(refused, Reason::TooManyEntries(2_000));
}

#[test]
fn an_archive_cut_anywhere_is_refused() {
    let archive = zipped(&[("a.csv", &pupils())]);
    for end in 4..archive.len() {
        assert!(reading(&[&archive[..end]]).is_err(), "cut at byte {end}");
    }
}

#[test]
fn an_archive_that_holds_nothing_is_refused() {
    let refused = reading(&[&zipped(&[("dossier/", b"")])]).unwrap_err();
    assert_eq!(refused.reason, Reason::Empty);
}
