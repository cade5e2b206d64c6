//! Reading what SIECLE and STS export: every quirk is handled, every bad file is refused whole.

use chappe::import::{Cause, Expected, Kind, Reading, Reason, Refused, SourceFile, read};
use chappe::people::{
    Civility, ContactPoint, Person, PostalAddress, Role, SchoolId, SchoolYear, Standing,
};
use jiff::civil::date;
use proptest::prelude::*;

const PARAMETERS: &str =
    "<PARAMETRES><UAJ>0319999Z</UAJ><ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE></PARAMETRES>";
const ZOE: &str = "<ELEVE ELEVE_ID=\"1\"><NOM_DE_FAMILLE>DURAND</NOM_DE_FAMILLE>\
                   <PRENOM>Zoé</PRENOM></ELEVE>";
const ZOE_IN_6A: &str = "<STRUCTURES_ELEVE ELEVE_ID=\"1\"><STRUCTURE>\
                         <CODE_STRUCTURE>6A</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE>\
                         </STRUCTURE></STRUCTURES_ELEVE>";
const HER_MOTHER: &str = "<PERSONNE PERSONNE_ID=\"9\"><NOM_DE_FAMILLE>LEBŒUF</NOM_DE_FAMILLE>\
                          <PRENOM>Inès</PRENOM></PERSONNE>";
const TIED: &str = "<RESPONSABLE_ELEVE><ELEVE_ID>1</ELEVE_ID><PERSONNE_ID>9</PERSONNE_ID>\
                    <NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE></RESPONSABLE_ELEVE>";

fn expected() -> Expected {
    Expected {
        school: SchoolId::parse("0319999Z").expect("a UAI"),
        year: SchoolYear(2026),
        today: date(2026, 11, 20),
        region: "FR".to_owned(),
    }
}

fn pupils(pupils: &str, places: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<BEE_ELEVES VERSION=\"2.1\">{PARAMETERS}\
         <DONNEES>\n<ELEVES>{pupils}</ELEVES>\n<OPTIONS><OPTION ELEVE_ID=\"1\"/></OPTIONS>\
         <STRUCTURES>{places}</STRUCTURES></DONNEES></BEE_ELEVES>"
    )
}

fn guardians(persons: &str, ties: &str, addresses: &str) -> String {
    format!(
        "<BEE_RESPONSABLES>{PARAMETERS}<DONNEES><PERSONNES>{persons}</PERSONNES>\
         <RESPONSABLES>{ties}</RESPONSABLES><ADRESSES>{addresses}</ADRESSES></DONNEES>\
         </BEE_RESPONSABLES>"
    )
}

fn staff(individuals: &str) -> String {
    format!(
        "<STS_EDT><PARAMETRES><UAJ CODE=\"0319999Z\"><SIGLE>CLG</SIGLE></UAJ>\
         <ANNEE_SCOLAIRE ANNEE=\"2026\"/></PARAMETRES><DONNEES><INDIVIDUS>{individuals}\
         </INDIVIDUS></DONNEES></STS_EDT>"
    )
}

fn reading(files: &[&str]) -> Result<Reading, Refused> {
    let bytes: Vec<&[u8]> = files.iter().map(|text| text.as_bytes()).collect();
    reading_bytes(&bytes)
}

fn reading_bytes(files: &[&[u8]]) -> Result<Reading, Refused> {
    let sources: Vec<SourceFile<'_>> =
        files.iter().map(|bytes| SourceFile { label: "export.xml", bytes }).collect();
    read(&sources, &expected())
}

/// The reason for which one file is refused, and its line.
fn refusal(file: impl AsRef<[u8]>) -> (Option<u64>, Reason) {
    let refused = reading_bytes(&[file.as_ref()]).expect_err("a refusal");
    assert_eq!(refused.file, "export.xml");
    (refused.line, refused.reason)
}

/// Zoé's mother, with these fields and this ADRESSE.
fn mother_with(fields: &str, address: &str) -> (Person, Reading) {
    let person = HER_MOTHER.replace("</PERSONNE>", &format!("{fields}</PERSONNE>"));
    let file = guardians(&person, TIED, address);
    let reading = reading(&[&pupils(ZOE, ZOE_IN_6A), &file]).expect("sound files");
    (reading.persons[0].clone(), reading)
}

fn causes(reading: &Reading) -> Vec<Cause> {
    reading.set_aside.iter().map(|one| one.cause).collect()
}

mod pupils_of_a_school {
    use super::*;

    fn only(records: &str, places: &str) -> Reading {
        reading(&[&pupils(records, places)]).expect("a sound file")
    }

    #[test]
    fn a_pupil_has_a_class_groups_and_a_level() {
        let places = ZOE_IN_6A.replace(
            "</STRUCTURES_ELEVE>",
            "<STRUCTURE><CODE_STRUCTURE>6LATIN</CODE_STRUCTURE><TYPE_STRUCTURE>G</TYPE_STRUCTURE>\
             </STRUCTURE></STRUCTURES_ELEVE>",
        );
        let reading = only(ZOE, &places);
        let zoe = &reading.pupils[0];
        assert_eq!(zoe.key.0, "siecle:1");
        assert_eq!(zoe.display_name(), "Zoé DURAND");
        assert_eq!(zoe.class.as_deref(), Some("6A"));
        assert_eq!(zoe.groups, ["6LATIN"]);
        assert_eq!(zoe.level.as_deref(), Some("6e"));
        assert!(reading.covers.pupils && !reading.covers.guardians && !reading.covers.staff);
        assert_eq!(reading.files[0].kind, Kind::SiecleEleves);
        assert!(reading.set_aside.is_empty());
    }

    #[test]
    fn names_are_taken_from_either_schema() {
        let display = |names: &str| {
            let record = format!("<ELEVE ELEVE_ID=\"1\">{names}<PRENOM>Zoé</PRENOM></ELEVE>");
            let pupil = only(&record, ZOE_IN_6A).pupils[0].clone();
            (pupil.display_name(), pupil.family_name)
        };
        let is = |display: &str, family: &str| (display.to_owned(), family.to_owned());
        assert_eq!(display("<NOM>DURAND</NOM>"), is("Zoé DURAND", "DURAND"));
        let both = "<NOM_DE_FAMILLE>DURAND</NOM_DE_FAMILLE><NOM_USAGE>MARTIN</NOM_USAGE>";
        assert_eq!(display(both), is("Zoé MARTIN", "DURAND"));
        let old = "<NOM>DURAND</NOM><NOM_USAGE>MARTIN</NOM_USAGE>";
        assert_eq!(display(old), is("Zoé DURAND", "DURAND"));
        let empty = "<NOM_DE_FAMILLE>DURAND</NOM_DE_FAMILLE><NOM_USAGE/>";
        assert_eq!(display(empty), is("Zoé DURAND", "DURAND"));
    }

    #[test]
    fn who_left_stays_out_and_is_told_who_will_leave_stays_in() {
        let leaving = |day: &str| {
            let record =
                ZOE.replace("</ELEVE>", &format!("<DATE_SORTIE>{day}</DATE_SORTIE></ELEVE>"));
            only(&record, ZOE_IN_6A)
        };
        let left = leaving("20/11/2026");
        assert!(left.pupils.is_empty());
        assert_eq!(left.set_aside[0].cause, Cause::Left);
        assert_eq!(left.set_aside[0].what, "élève 1, Zoé DURAND");
        assert_eq!(left.set_aside[0].reason, "A quitté l'établissement le 20/11/2026.");
        let leaves = leaving("21/11/2026");
        assert_eq!(leaves.pupils[0].left_on, Some(date(2026, 11, 21)));
        assert_eq!(causes(&leaving("bientôt")), [Cause::BadDate]);
        assert_eq!(leaving("bientôt").pupils.len(), 1);
    }

    #[test]
    fn a_pupil_in_no_class_is_imported_and_told() {
        let groups_only = ZOE_IN_6A.replace(">D<", ">G<");
        for places in ["", groups_only.as_str()] {
            let reading = only(ZOE, places);
            assert_eq!(reading.pupils[0].class, None);
            assert_eq!(reading.pupils[0].level, None);
            assert_eq!(causes(&reading), [Cause::NoClass]);
            assert_eq!(reading.set_aside[0].line, Some(3));
        }
    }

    #[test]
    fn of_two_places_the_first_is_kept_and_told() {
        let reading = only(ZOE, &format!("{ZOE_IN_6A}{}", ZOE_IN_6A.replace("6A", "6B")));
        assert_eq!(reading.pupils[0].class.as_deref(), Some("6A"));
        assert_eq!(causes(&reading), [Cause::TwoClasses]);
    }

    #[test]
    fn a_second_record_of_one_id_or_one_without_name_is_set_aside() {
        let nameless = "<ELEVE ELEVE_ID=\"2\"><PRENOM>Noé</PRENOM></ELEVE>";
        let unnumbered = "<ELEVE><NOM>DUPRÉ</NOM></ELEVE>";
        let reading = only(&format!("{ZOE}{ZOE}{nameless}{unnumbered}"), ZOE_IN_6A);
        assert_eq!(reading.pupils.len(), 1);
        assert_eq!(causes(&reading), [Cause::Duplicate, Cause::Nameless, Cause::Nameless]);
    }

    #[test]
    fn the_newer_schema_names_the_class_in_the_record() {
        let active =
            "<SCOLARITE_ACTIVE><CODE_DIVISION>5B</CODE_DIVISION></SCOLARITE_ACTIVE></ELEVE>";
        let reading = only(&ZOE.replace("</ELEVE>", active), "");
        assert_eq!(reading.pupils[0].class.as_deref(), Some("5B"));
    }

    #[test]
    fn the_level_comes_from_the_nomenclature_then_from_the_structures() {
        let nomenclature = format!(
            "<BEE_NOMENCLATURE>{PARAMETERS}<DONNEES><MEFS><MEF CODE_MEF=\"103\">\
             <LIBELLE_LONG>4EME</LIBELLE_LONG></MEF></MEFS></DONNEES></BEE_NOMENCLATURE>"
        );
        let structures = format!(
            "<BEE_STRUCTURES>{PARAMETERS}<DONNEES><DIVISIONS><DIVISION CODE_STRUCTURE=\"BLEUE\">\
             <MEFS_APPARTENANCE><MEF_APPARTENANCE><CODE_MEF>103</CODE_MEF></MEF_APPARTENANCE>\
             </MEFS_APPARTENANCE></DIVISION></DIVISIONS></DONNEES></BEE_STRUCTURES>"
        );
        let with_mef = ZOE.replace("</ELEVE>", "<CODE_MEF>103</CODE_MEF></ELEVE>");
        let by_mef = reading(&[&pupils(&with_mef, ZOE_IN_6A), &nomenclature]).unwrap();
        assert_eq!(by_mef.pupils[0].level.as_deref(), Some("4e"));
        let blue = pupils(ZOE, &ZOE_IN_6A.replace("6A", "BLEUE"));
        let by_class = reading(&[&structures, &blue, &nomenclature]).unwrap();
        assert_eq!(by_class.pupils[0].level.as_deref(), Some("4e"));
        assert_eq!(reading(&[&blue]).unwrap().pupils[0].level, None);
    }
}

mod guardians_of_pupils {
    use super::*;

    fn tie(person: u8, fields: &str) -> String {
        format!(
            "<RESPONSABLE_ELEVE><ELEVE_ID>1</ELEVE_ID><PERSONNE_ID>{person}</PERSONNE_ID>{fields}\
             </RESPONSABLE_ELEVE>"
        )
    }

    fn with_ties(ties: &str) -> Reading {
        let persons: String =
            (1..=9).map(|id| HER_MOTHER.replace("\"9\"", &format!("\"{id}\""))).collect();
        reading(&[&pupils(ZOE, ZOE_IN_6A), &guardians(&persons, ties, "")]).expect("sound files")
    }

    #[test]
    fn standings_are_read_from_either_schema() {
        let levels = [
            ("<NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE>", Standing::LegalRepresentative),
            ("<NIVEAU_RESPONSABILITE>2</NIVEAU_RESPONSABILITE>", Standing::Caretaker),
            ("<NIVEAU_RESPONSABILITE>3</NIVEAU_RESPONSABILITE>", Standing::EmergencyContact),
            ("<RESP_LEGAL>1</RESP_LEGAL>", Standing::LegalRepresentative),
            ("<RESP_LEGAL>2</RESP_LEGAL>", Standing::LegalRepresentative),
            ("<RESP_LEGAL>0</RESP_LEGAL>", Standing::EmergencyContact),
        ];
        for (fields, standing) in levels {
            let reading = with_ties(&tie(9, fields));
            assert_eq!(reading.guardianships[0].standing, standing, "{fields}");
            assert_eq!(reading.guardianships[0].kinship, 90);
        }
    }

    #[test]
    fn three_legal_representatives_are_three() {
        let level_1 =
            "<NIVEAU_RESPONSABILITE>1</NIVEAU_RESPONSABILITE><CODE_PARENTE>50</CODE_PARENTE>";
        let reading = with_ties(&(1..=3).map(|id| tie(id, level_1)).collect::<String>());
        assert_eq!(reading.guardianships.len(), 3);
        assert!(reading.guardianships.iter().all(|one| one.kinship == 50));
        assert!(
            reading.guardianships.iter().all(|one| one.standing == Standing::LegalRepresentative)
        );
    }

    #[test]
    fn a_tie_given_twice_keeps_its_stronger_level() {
        let twice = format!("{}{TIED}", tie(9, "<RESP_LEGAL>0</RESP_LEGAL>"));
        let reading = with_ties(&twice);
        assert_eq!(reading.guardianships.len(), 1);
        assert_eq!(reading.guardianships[0].standing, Standing::LegalRepresentative);
    }

    #[test]
    fn who_is_tied_to_no_present_pupil_stays_out() {
        let gone = ZOE
            .replace("\"1\"", "\"2\"")
            .replace("</ELEVE>", "<DATE_SORTIE>01/09/2026</DATE_SORTIE></ELEVE>");
        let persons = format!("{HER_MOTHER}{}", HER_MOTHER.replace("\"9\"", "\"8\""));
        let ties = format!("{TIED}{}", TIED.replace(">9<", ">8<").replace(">1</E", ">2</E"));
        let files = [pupils(&format!("{ZOE}{gone}"), ZOE_IN_6A), guardians(&persons, &ties, "")];
        let reading = reading(&[&files[0], &files[1]]).unwrap();
        assert_eq!(reading.persons.len(), 1);
        assert_eq!(reading.guardianships.len(), 1);
        assert_eq!(causes(&reading), [Cause::Left, Cause::TiedToNobody]);
        assert_eq!(reading.set_aside[1].what, "personne 8, Inès LEBŒUF");
    }

    #[test]
    fn broken_ties_are_told_and_so_is_a_pupil_without_representative() {
        let reading = with_ties(&tie(9, "<NIVEAU_RESPONSABILITE>x</NIVEAU_RESPONSABILITE>"));
        let of_pupil = |reading: &Reading| {
            causes(reading).into_iter().filter(|c| *c != Cause::TiedToNobody).collect::<Vec<_>>()
        };
        assert_eq!(of_pupil(&reading), [Cause::UnknownStanding, Cause::NoLegalRepresentative]);
        let reading = with_ties(&tie(77, "<RESP_LEGAL>1</RESP_LEGAL>"));
        assert_eq!(of_pupil(&reading), [Cause::UnknownPerson, Cause::NoLegalRepresentative]);
        assert!(reading.guardianships.is_empty());
    }

    #[test]
    fn civilities_are_read_in_every_spelling() {
        for (field, civility) in [
            ("<LC_CIVILITE>M.</LC_CIVILITE>", Some(Civility::M)),
            ("<LC_CIVILITE>MME</LC_CIVILITE>", Some(Civility::Mme)),
            ("<LC_CIVILITE>MLLE</LC_CIVILITE>", Some(Civility::Mme)),
            ("<LL_CIVILITE>MONSIEUR</LL_CIVILITE>", Some(Civility::M)),
            ("", None),
        ] {
            assert_eq!(mother_with(field, "").0.civility, civility, "{field}");
        }
    }

    #[test]
    fn consent_to_sms_is_read_in_every_spelling() {
        for (typed, accepts) in [
            ("1", true),
            ("true", true),
            ("O", true),
            ("oui", true),
            ("", true),
            ("0", false),
            ("false", false),
            ("N", false),
            ("NON", false),
        ] {
            let field = format!("<ACCEPTE_SMS>{typed}</ACCEPTE_SMS>");
            assert_eq!(mother_with(&field, "").0.accepts_sms, accepts, "{typed}");
        }
    }

    #[test]
    fn a_mobile_takes_sms_and_calls_wherever_it_was_typed() {
        let points = |fields| -> Vec<String> {
            let points = mother_with(fields, "").0.contact_points;
            points.iter().map(|point| format!("{} {}", point.channel(), point.value())).collect()
        };
        let mobile = ["sms +33639980001", "phone +33639980001"];
        assert_eq!(points("<TEL_PORTABLE>06 39 98 00 01 (mère)</TEL_PORTABLE>"), mobile);
        assert_eq!(points("<TEL_PERSONNEL>06.39.98.00.01</TEL_PERSONNEL>"), mobile);
        let both = "<TEL_PORTABLE>639980001</TEL_PORTABLE>\
                    <TEL_PROFESSIONNEL>+33 6 39 98 00 01</TEL_PROFESSIONNEL>";
        assert_eq!(points(both), mobile);
        let landline = "<TEL_PORTABLE>05 36 49 00 01</TEL_PORTABLE>";
        assert_eq!(points(landline), ["phone +33536490001"]);
        let two = "<TEL_PERSONNEL>0536490001 ou 0639980001</TEL_PERSONNEL>";
        assert_eq!(points(two), ["phone +33536490001", mobile[0], mobile[1]]);
    }

    #[test]
    fn an_unusable_number_or_address_is_set_aside_with_its_raw_text() {
        let fields = "<TEL_PORTABLE>06 39 98 OO</TEL_PORTABLE><MEL>ines(at)example.org</MEL>";
        let (mother, reading) = mother_with(fields, "");
        assert!(mother.contact_points.is_empty());
        assert_eq!(causes(&reading), [Cause::BadPhone, Cause::BadEmail]);
        assert!(reading.set_aside[0].reason.contains("« 06 39 98 OO »"));
        assert!(reading.set_aside[1].reason.contains("« ines(at)example.org »"));
        assert_eq!(reading.set_aside[0].what, "personne 9, Inès LEBŒUF");
    }

    #[test]
    fn several_mail_addresses_in_one_field_are_all_kept() {
        let (mother, _) = mother_with("<MEL>a@example.org; b@example.org</MEL>", "");
        let values: Vec<&str> = mother.contact_points.iter().map(ContactPoint::value).collect();
        assert_eq!(values, ["a@example.org", "b@example.org"]);
    }

    #[test]
    fn addresses_are_read_at_home_and_abroad() {
        let home = |fields: &str| {
            let address = format!("<ADRESSE ADRESSE_ID=\"5\">{fields}</ADRESSE>");
            mother_with("<ADRESSE_ID>5</ADRESSE_ID>", &address).0.postal_address.unwrap()
        };
        let at_home = home(
            "<LIGNE1_ADRESSE>12 RUE DES LILAS</LIGNE1_ADRESSE><LIGNE2_ADRESSE/>\
             <LIGNE3_ADRESSE>RES A &amp; B</LIGNE3_ADRESSE><CODE_POSTAL>31999</CODE_POSTAL>\
             <LIBELLE_POSTAL>VALCLAIR</LIBELLE_POSTAL><LL_PAYS>FRANCE</LL_PAYS>",
        );
        let expected = PostalAddress {
            lines: vec!["12 RUE DES LILAS".to_owned(), "RES A & B".to_owned()],
            postcode: "31999".to_owned(),
            town: "VALCLAIR".to_owned(),
            country: None,
        };
        assert!(at_home == expected);
        let abroad = home(
            "<LIGNE1_ADRESSE>3 CHAUSSEE HAUTE</LIGNE1_ADRESSE><CODE_POSTAL/><LIBELLE_POSTAL/>\
             <LL_PAYS>BELGIQUE</LL_PAYS><COMMUNE_ETRANGERE>1099 BRUXELLES</COMMUNE_ETRANGERE>",
        );
        assert_eq!((abroad.postcode.as_str(), abroad.town.as_str()), ("", "1099 BRUXELLES"));
        assert_eq!(abroad.country.as_deref(), Some("BELGIQUE"));
    }

    #[test]
    fn an_address_that_the_file_lacks_is_told() {
        let (mother, reading) = mother_with("<ADRESSE_ID>404</ADRESSE_ID>", "");
        assert!(mother.postal_address.is_none());
        assert_eq!(causes(&reading), [Cause::BadAddress]);
        assert!(causes(&mother_with("", "").1).is_empty());
    }

    #[test]
    fn guardians_without_pupils_are_refused() {
        let (_, reason) = refusal(guardians(HER_MOTHER, TIED, ""));
        assert_eq!(reason, Reason::PupilsMissing);
    }

    #[test]
    fn neither_a_reading_nor_a_refusal_shows_a_person_in_its_debug_form() {
        let fields = "<TEL_PORTABLE>06 39 98 OO</TEL_PORTABLE><MEL>ines@example.org</MEL>";
        let (_, reading) = mother_with(fields, "");
        let shown = format!("{reading:?}");
        for secret in ["DURAND", "LEBŒUF", "Zoé", "06 39", "ines@"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

mod staff_of_a_school {
    use super::*;

    const ANNE: &str = "<INDIVIDU ID=\"24\" TYPE=\"epp\"><CIVILITE>2</CIVILITE>\
        <NOM_USAGE>LEROY</NOM_USAGE><NOM_PATRONYMIQUE>PETIT</NOM_PATRONYMIQUE><PRENOM>ANNE</PRENOM>\
        <FONCTION>ENS</FONCTION><PROFS_PRINC>\
        <PROF_PRINC><CODE_STRUCTURE>6A</CODE_STRUCTURE><DATE_FIN>2026-11-20</DATE_FIN></PROF_PRINC>\
        <PROF_PRINC><CODE_STRUCTURE>5B</CODE_STRUCTURE><DATE_FIN>2026-11-19</DATE_FIN></PROF_PRINC>\
        </PROFS_PRINC></INDIVIDU>";

    #[test]
    fn a_teacher_has_a_function_and_the_classes_in_their_charge_today() {
        let reading = reading(&[&staff(ANNE)]).unwrap();
        let anne = &reading.persons[0];
        assert_eq!(anne.key.0, "sts:epp:24");
        assert_eq!(anne.display_name(), "ANNE LEROY");
        assert_eq!(anne.family_name, "PETIT");
        assert_eq!(anne.civility, Some(Civility::Mme));
        let role = Role::Staff { function: "ENS".into(), form_teacher_of: vec!["6A".into()] };
        assert_eq!(anne.role, role);
        assert!(reading.covers.staff && !reading.covers.pupils);
    }

    #[test]
    fn one_id_of_two_types_is_two_people_and_of_one_type_one() {
        let local = ANNE.replace("epp", "local");
        let reading = reading(&[&staff(&format!("{ANNE}{local}{ANNE}"))]).unwrap();
        assert_eq!(reading.persons.len(), 2);
        assert_eq!(causes(&reading), [Cause::Duplicate]);
    }

    #[test]
    fn a_file_of_a_timetable_editor_is_refused() {
        let file = staff(ANNE)
            .replace("<PARAMETRES>", "<PARAMETRES><APPLICATION_SOURCE>X</APPLICATION_SOURCE>");
        assert_eq!(refusal(file).1, Reason::FromTimetableEditor);
    }
}

mod refusals {
    use super::*;

    #[test]
    fn a_broken_xml_is_refused_with_its_line() {
        let broken = pupils(&ZOE.replace("</PRENOM>", "</NOM>"), ZOE_IN_6A);
        let (line, reason) = refusal(&broken);
        assert_eq!(line, Some(3));
        assert_eq!(reason, Reason::Malformed("</NOM> where </PRENOM> was due".to_owned()));
        let refused = reading(&[&broken]).unwrap_err();
        assert!(refused.to_string().starts_with("export.xml, line 3: not well-formed XML"));
        assert!(refused.in_french().starts_with("« export.xml », ligne 3 : "));
    }

    #[test]
    fn a_file_cut_anywhere_is_refused() {
        let whole = pupils(ZOE, ZOE_IN_6A);
        let ends = whole.char_indices().map(|(at, _)| at).skip(1);
        for end in ends {
            let refused = reading_bytes(&[&whole.as_bytes()[..end]]);
            assert!(refused.is_err(), "cut at byte {end}");
        }
    }

    #[test]
    fn the_end_that_is_missing_is_named_with_the_last_line() {
        let whole = pupils(ZOE, ZOE_IN_6A);
        let cut = whole.split("<OPTIONS>").next().unwrap();
        assert_eq!(refusal(cut), (Some(4), Reason::Truncated));
    }

    #[test]
    fn an_empty_file_is_refused() {
        assert_eq!(refusal("").1, Reason::Empty);
        assert_eq!(refusal("  \r\n\t").1, Reason::Empty);
        assert_eq!(refusal("\u{feff}").1, Reason::Empty);
    }

    #[test]
    fn what_is_not_xml_is_refused() {
        assert_eq!(refusal("Nom;Prénom;Classe\n").1, Reason::NotXml);
        assert_eq!(refusal(b"PK\x03\x04rest").1, Reason::Zipped);
        assert_eq!(refusal("<!-- rien -->").1, Reason::NotXml);
    }

    #[test]
    fn an_unknown_root_is_refused_with_the_list_of_known_ones() {
        let refused = reading(&["<BEE_COMMUN/>"]).unwrap_err();
        assert_eq!(refused.reason, Reason::UnknownRoot { found: "BEE_COMMUN".to_owned() });
        for root in ["BEE_ELEVES", "BEE_RESPONSABLES", "BEE_STRUCTURES", "STS_EDT"] {
            assert!(refused.to_string().contains(root), "{refused}");
        }
    }

    #[test]
    fn a_file_of_another_school_is_refused() {
        let file = pupils(ZOE, ZOE_IN_6A).replace("0319999Z", "0310001A");
        let refused = reading(&[&file]).unwrap_err();
        let expected = expected().school;
        let reason = Reason::OtherSchool { found: "0310001A".to_owned(), expected };
        assert_eq!(refused.reason, reason);
        assert_eq!(
            refused.to_string(),
            "export.xml, line 2: file of another school: found 0310001A, expected 0319999Z; \
             nothing was changed"
        );
        let french = refused.in_french();
        assert!(
            french.contains("autre établissement (UAI 0310001A, attendu 0319999Z)"),
            "{french}"
        );
        assert!(french.ends_with("Rien n'a été changé."), "{french}");
    }

    #[test]
    fn a_file_of_another_year_is_refused() {
        let file = pupils(ZOE, ZOE_IN_6A).replace(">2026<", ">2025<");
        let reason = Reason::OtherYear { found: "2025".to_owned(), expected: SchoolYear(2026) };
        assert_eq!(refusal(file), (Some(2), reason));
    }

    #[test]
    fn the_guardians_file_of_another_school_refuses_the_pupils_too() {
        let other = guardians(HER_MOTHER, TIED, "").replace("0319999Z", "0310001A");
        assert!(reading(&[&pupils(ZOE, ZOE_IN_6A), &other]).is_err());
    }

    #[test]
    fn a_file_that_does_not_say_whose_it_is_is_refused() {
        let whole = pupils(ZOE, ZOE_IN_6A);
        assert_eq!(refusal(whole.replace(PARAMETERS, "")).1, Reason::Missing("PARAMETRES"));
        let uaj = "<UAJ>0319999Z</UAJ>";
        assert_eq!(refusal(whole.replace(uaj, "")).1, Reason::Missing("UAJ"));
    }

    #[test]
    fn a_file_that_holds_nobody_is_refused() {
        assert_eq!(refusal(pupils("", "")).1, Reason::NobodyInside);
        assert_eq!(refusal(staff("")).1, Reason::NobodyInside);
        let empty = guardians("", "", "");
        assert!(reading(&[&pupils(ZOE, ZOE_IN_6A), &empty]).is_err());
    }

    #[test]
    fn two_files_of_one_kind_are_refused() {
        let file = pupils(ZOE, ZOE_IN_6A);
        let refused = reading(&[&file, &file]).unwrap_err();
        assert_eq!(refused.reason, Reason::SecondOfItsKind(Kind::SiecleEleves));
    }

    #[test]
    fn a_doctype_is_refused_before_it_can_expand() {
        let bomb = format!(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"{}\"><!ENTITY b \"&a;&a;&a;\">]>\n\
             <BEE_ELEVES>&b;</BEE_ELEVES>",
            "a".repeat(1000)
        );
        assert_eq!(refusal(bomb), (Some(2), Reason::Doctype));
        let entity = pupils(&ZOE.replace("Zoé", "&b;"), "");
        assert_eq!(refusal(entity).1, Reason::UnknownEntity);
        let in_attribute = pupils(&ZOE.replace("\"1\"", "\"&b;\""), "");
        assert_eq!(refusal(in_attribute).1, Reason::UnknownEntity);
    }

    #[test]
    fn deep_nesting_is_refused_inside_and_outside_of_records() {
        let deep = "<A>".repeat(100_000);
        assert_eq!(refusal(pupils(&deep, "")).1, Reason::TooDeep(32));
        let in_record = ZOE.replace("</ELEVE>", &format!("{deep}</ELEVE>"));
        assert_eq!(refusal(pupils(&in_record, "")).1, Reason::TooDeep(32));
    }

    #[test]
    fn a_text_or_a_record_without_end_is_refused() {
        let long = ZOE.replace("Zoé", &"Z".repeat(200_000));
        assert_eq!(refusal(pupils(&long, "")).1, Reason::TooLarge);
        let fields = "<X>0123456789</X>".repeat(200_000);
        let large = ZOE.replace("</ELEVE>", &format!("{fields}</ELEVE>"));
        assert_eq!(refusal(pupils(&large, "")).1, Reason::TooLarge);
    }

    #[test]
    fn what_follows_the_root_is_refused() {
        let whole = pupils(ZOE, ZOE_IN_6A);
        assert!(matches!(refusal(format!("{whole}<X/>")).1, Reason::Malformed(_)));
        assert!(matches!(refusal(format!("{whole} reste")).1, Reason::Malformed(_)));
        assert!(reading(&[&format!("{whole}\n<!-- fin -->\n")]).is_ok());
    }
}

mod encodings {
    use super::*;

    fn declared(label: &str) -> String {
        pupils(ZOE, ZOE_IN_6A).replace("\"UTF-8\"", &format!("\"{label}\""))
    }

    /// One byte a letter, as ISO-8859-15 and its cousins write `é`.
    fn one_byte_a_letter(text: &str) -> Vec<u8> {
        text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("one byte")).collect()
    }

    fn first_name(bytes: &[u8]) -> String {
        reading_bytes(&[bytes]).expect("a sound file").pupils[0].first_name.clone()
    }

    #[test]
    fn the_declaration_decides() {
        for label in ["ISO-8859-15", "ISO-8859-1", "windows-1252", "iso-8859-15"] {
            assert_eq!(first_name(&one_byte_a_letter(&declared(label))), "Zoé", "{label}");
        }
        assert_eq!(first_name(declared("UTF-8").as_bytes()), "Zoé");
        assert_eq!(first_name(format!("\u{feff}{}", declared("UTF-8")).as_bytes()), "Zoé");
        let without = declared("UTF-8").replace(" encoding=\"UTF-8\"", "");
        assert_eq!(first_name(without.as_bytes()), "Zoé");
        let quoted = declared("UTF-8").replace("\"UTF-8\"", "'utf-8'");
        assert_eq!(first_name(quoted.as_bytes()), "Zoé");
    }

    #[test]
    fn iso_8859_15_has_letters_of_its_own() {
        let bytes = |label| one_byte_a_letter(&declared(label).replace('é', "\u{bd}\u{a4}"));
        assert_eq!(first_name(&bytes("ISO-8859-15")), "Zoœ€");
        assert_eq!(first_name(&bytes("ISO-8859-1")), "Zo½¤");
    }

    #[test]
    fn bytes_that_contradict_the_declaration_are_refused_with_their_line() {
        let latin_called_utf_8 = one_byte_a_letter(&declared("UTF-8"));
        let byte = latin_called_utf_8.iter().position(|byte| *byte == 0xE9).unwrap();
        let wrong = |declared: &str, byte| {
            (Some(3), Reason::WrongEncoding { declared: declared.to_owned(), byte })
        };
        assert_eq!(refusal(&latin_called_utf_8), wrong("UTF-8", byte));
        let utf_8_called_latin = declared("ISO-8859-15");
        let byte = utf_8_called_latin.find('é').unwrap();
        assert_eq!(refusal(&utf_8_called_latin), wrong("ISO-8859-15", byte));
        let windows_called_latin =
            one_byte_a_letter(&declared("ISO-8859-15").replace('é', "\u{9c}"));
        assert_eq!(refusal(&windows_called_latin).1, wrong("ISO-8859-15", byte).1);
    }

    #[test]
    fn an_unknown_encoding_is_refused() {
        for label in ["UTF-16", "Shift_JIS", "EBCDIC"] {
            let file = declared(label);
            assert_eq!(refusal(file).1, Reason::UnknownEncoding(label.to_owned()));
        }
        let utf_16: Vec<u8> = format!("\u{feff}{}", declared("UTF-16"))
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(refusal(utf_16).1, Reason::UnknownEncoding("UTF-16".to_owned()));
    }

    #[test]
    fn a_control_character_is_refused() {
        let file = declared("UTF-8").replace("Zoé", "Zo\0");
        assert!(matches!(refusal(file), (Some(3), Reason::ControlCharacter(_))));
        let reference = declared("UTF-8").replace("Zoé", "Zo&#1;");
        assert_eq!(refusal(reference).1, Reason::UnknownEntity);
    }
}

/// The three files with one of everything, to be damaged.
fn sound_files() -> [String; 3] {
    let person = HER_MOTHER.replace(
        "</PERSONNE>",
        "<TEL_PORTABLE>06 39 98 00 01</TEL_PORTABLE><MEL>a@example.org</MEL>\
         <ADRESSE_ID>5</ADRESSE_ID></PERSONNE>",
    );
    let address = "<ADRESSE ADRESSE_ID=\"5\"><LIGNE1_ADRESSE>A &amp; B</LIGNE1_ADRESSE></ADRESSE>";
    let individual = "<INDIVIDU ID=\"1\" TYPE=\"epp\"><NOM_USAGE>LE GOFF</NOM_USAGE></INDIVIDU>";
    [pupils(ZOE, ZOE_IN_6A), guardians(&person, TIED, address), staff(individual)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

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
        which in 0..3_usize,
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
        let _ = reading_bytes(&[&files[0], &files[1], &files[2]]);
    }
}
