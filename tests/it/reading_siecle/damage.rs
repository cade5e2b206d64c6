//! Whatever the bytes, reading ends with an answer.

use proptest::prelude::*;

use super::*;

/// The four files with one of everything, to be damaged.
fn sound_files() -> [String; 4] {
    let person = HER_MOTHER.replace(
        "</PERSONNE>",
        "<TEL_PORTABLE>06 39 98 00 01</TEL_PORTABLE><MEL>a@example.org</MEL>\
         <ADRESSE_ID>5</ADRESSE_ID></PERSONNE>",
    );
    let address = "<ADRESSE ADRESSE_ID=\"5\"><LIGNE1_ADRESSE>A &amp; B</LIGNE1_ADRESSE>\
                   <LIBELLE_POSTAL>VALCLAIR</LIBELLE_POSTAL></ADRESSE>";
    let individual = "<INDIVIDU ID=\"1\" TYPE=\"epp\"><NOM_USAGE>LE GOFF</NOM_USAGE></INDIVIDU>";
    let adult = ZOE.replace(
        "</ELEVE>",
        "<DATE_NAISS>20/11/2008</DATE_NAISS><MEL>z@example.org</MEL><ADRESSE_ID>5</ADRESSE_ID>\
         </ELEVE>",
    );
    let structure = "</INDIVIDUS><STRUCTURE><DIVISIONS><DIVISION CODE=\"6A\"><SERVICES><SERVICE>\
                     <ENSEIGNANTS><ENSEIGNANT ID=\"1\" TYPE=\"epp\"/></ENSEIGNANTS></SERVICE>\
                     </SERVICES></DIVISION></DIVISIONS></STRUCTURE>";
    [
        pupils(&adult, ZOE_IN_6A).replace("</STRUCTURES>", &format!("</STRUCTURES>{address}")),
        guardians(&person, TIED, address),
        staff(individual).replace("</INDIVIDUS>", structure),
        school_sheet("<UAJ><DENOM_PRINC>COLLEGE</DENOM_PRINC></UAJ><ANNEE_SCOLAIRE/>"),
    ]
}

#[test]
fn the_files_to_be_damaged_are_sound() {
    let files = sound_files();
    let reading = reading(&files.each_ref().map(String::as_str)).expect("sound files");
    assert_eq!((reading.pupils.len(), reading.persons.len()), (1, 3));
    assert!(reading.set_aside.is_empty(), "{reading:?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(reading_bytes(&[&bytes]).is_err());
    }

    #[test]
    fn random_markup_never_panics(
        pieces in proptest::collection::vec(
            prop_oneof![
                Just("<BEE_ELEVES>"), Just("</BEE_ELEVES>"), Just(PARAMETERS), Just("<DONNEES>"),
                Just("</DONNEES>"), Just("<ELEVES>"), Just("</ELEVES>"), Just(ZOE), Just(ZOE_IN_6A),
                Just("<STRUCTURES>"), Just("</STRUCTURES>"), Just("&amp;"), Just("&#xD800;"),
                Just("<![CDATA[<>]]>"), Just("<!--"), Just("-->"), Just("<?x?>"), Just("<ELEVE/>"),
                Just("<"), Just(">"), Just("\""), Just("&"), Just("<!DOCTYPE"), Just("<>"), Just("é"),
            ],
            0..30,
        )
    ) {
        let _ = reading(&[&pieces.concat()]);
    }

    #[test]
    fn damaged_files_never_panic(
        which in 0..4_usize,
        damages in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6),
    ) {
        let mut files = sound_files().map(String::into_bytes);
        for (at, byte, how) in damages {
            let file = &mut files[which];
            let at = at.index(file.len());
            match how {
                0 => file[at] = byte,
                1 => drop(file.remove(at)),
                _ => file.insert(at, byte),
            }
        }
        let _ = reading_bytes(&[&files[0], &files[1], &files[2], &files[3]]);
    }
}
