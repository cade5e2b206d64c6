//! Files that are refused whole, each with its reason.

use super::*;

fn reason(files: &[&str]) -> Reason {
    reading(files).expect_err("a refusal").reason
}

#[test]
fn changes_since_an_earlier_export_are_refused_with_their_line() {
    for change in ["modifyRequest", "deleteRequest"] {
        let changed = request("Eleve", "2", &[]).replace("addRequest", change);
        let records = format!("{}{changed}", request("Eleve", "1", ZOE));
        let refused = reading(&[&file(&records)]).unwrap_err();
        assert_eq!((refused.line, &refused.reason), (Some(5), &Reason::ChangesOnly));
        assert!(refused.to_string().ends_with("ask for the complete export (ENT_Complet)"));
        assert!(refused.in_french().contains("ENT_Complet"), "{}", refused.in_french());
    }
}

#[test]
fn a_file_of_additions_alone_is_known_by_its_name_and_refused() {
    let bytes = pupils().into_bytes();
    let label = "export.zip/ENT_Delta_20261119_Eleve_0000.xml";
    let refused = read(&[SourceFile { label, bytes: &bytes }], &expected()).unwrap_err();
    assert_eq!((refused.file.as_str(), refused.reason), (label, Reason::ChangesOnly));
}

#[test]
fn relatives_without_pupils_are_refused() {
    assert_eq!(reason(&[&relatives()]), Reason::PupilsMissing);
}

#[test]
fn files_that_hold_nobody_are_refused() {
    assert_eq!(reason(&[&file("")]), Reason::NobodyInside);
    assert_eq!(reason(&[&file(&school("3000", "0319999Z"))]), Reason::NobodyInside);
    let subject = request("Matiere", "030201", &[("ENTLibelleMatiere", &["ANGLAIS"])]);
    assert_eq!(reason(&[&file(&subject)]), Reason::NobodyInside);
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let (pupils, relatives) = (pupils(), relatives());
    for (end, _) in relatives.char_indices().skip(1) {
        let cut = relatives.get(..end).expect("a boundary");
        assert!(reading(&[&pupils, cut]).is_err(), "cut at byte {end}");
    }
}

#[test]
fn deep_nesting_and_records_without_end_are_refused() {
    let deep = pupils().replace("<attributes>", &"<attributes>".repeat(100_000));
    assert_eq!(reason(&[&deep]), Reason::TooDeep(32));
    let values = "<value>0123456789</value>".repeat(100_000);
    let large = pupils().replace("<value>Zoé</value>", &values);
    assert_eq!(reason(&[&large]), Reason::TooLarge);
}

#[test]
fn random_damage_never_panics() {
    let whole = format!(
        "{}{}{}{}",
        school("3000", "0319999Z"),
        request("Eleve", "1", ZOE),
        request("PersRelEleve", "9", HER_MOTHER),
        request("PersEducNat", "24", ANNE)
    );
    let sound = file(&whole).into_bytes();
    let mut rng = fastrand::Rng::with_seed(7);
    for _ in 0..2_000 {
        let mut bytes = sound.clone();
        for _ in 0..rng.usize(1..6) {
            let at = rng.usize(..bytes.len());
            match rng.u8(..3) {
                0 => bytes[at] = rng.u8(..),
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, *rng.choice(b"<>&$\"/[!").expect("a byte")),
            }
        }
        let read = read(&[SourceFile { label: "ENT_Complet.xml", bytes: &bytes }], &expected());
        let Ok(reading) = read else { continue };
        for tie in &reading.guardianships {
            assert!(reading.persons.iter().any(|person| person.key == tie.person));
            assert!(reading.pupils.iter().any(|pupil| pupil.key == tie.pupil));
        }
    }
}
