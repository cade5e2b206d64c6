//! Pupils: names, classes, levels, leavers.

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
        let record = ZOE.replace("</ELEVE>", &format!("<DATE_SORTIE>{day}</DATE_SORTIE></ELEVE>"));
        only(&record, ZOE_IN_6A)
    };
    let left = leaving("20/11/2026");
    assert!(left.pupils.is_empty());
    assert_eq!(left.set_aside[0].cause, Cause::Left);
    assert_eq!(left.set_aside[0].what, "élève 1, Zoé DURAND");
    assert_eq!(left.set_aside[0].reason, "A quitté l’établissement le 20/11/2026.");
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
    let active = "<SCOLARITE_ACTIVE><CODE_DIVISION>5B</CODE_DIVISION></SCOLARITE_ACTIVE></ELEVE>";
    let reading = only(&ZOE.replace("</ELEVE>", active), "");
    assert_eq!(reading.pupils[0].class.as_deref(), Some("5B"));
}

#[test]
fn the_newest_schema_lists_the_schooling_apart() {
    let schooling = |classes: &[&str]| {
        let each = classes.iter().map(|class| {
            format!(
                "<SCOLARITE><CODE_MEF>10310019110</CODE_MEF>\
                 <CODE_STRUCTURE>{class}</CODE_STRUCTURE></SCOLARITE>"
            )
        });
        let schooling: String = each.collect();
        let list = format!(
            "<SCOLARITES><SCOLARITE_ELEVE ELEVE_ID=\"1\">{schooling}</SCOLARITE_ELEVE>\
             <SCOLARITE_ELEVE ELEVE_ID=\"77\"/></SCOLARITES><STRUCTURES>"
        );
        move |places: &str| pupils(ZOE, places).replace("<STRUCTURES>", &list)
    };
    let alone = reading(&[&schooling(&["5B"])("")]).unwrap();
    assert_eq!(alone.pupils[0].class.as_deref(), Some("5B"));
    assert_eq!(alone.pupils[0].level.as_deref(), Some("5e"));
    assert!(alone.set_aside.is_empty());
    let with_places = reading(&[&schooling(&["5B"])(ZOE_IN_6A)]).unwrap();
    assert_eq!(with_places.pupils[0].class.as_deref(), Some("6A"));
    assert!(with_places.set_aside.is_empty());
    let twice = reading(&[&schooling(&["5B", "5B", "5C"])("")]).unwrap();
    assert_eq!(twice.pupils[0].class.as_deref(), Some("5B"));
    assert_eq!(causes(&twice), [Cause::TwoClasses]);
}

#[test]
fn private_schools_write_other_roots() {
    let private = |text: String| text.replace("BEE_", "BEE_EPHC_");
    let files = [private(pupils(ZOE, ZOE_IN_6A)), private(guardians(HER_MOTHER, TIED, ""))];
    let reading = reading(&[&files[0], &files[1]]).unwrap();
    assert_eq!((reading.pupils.len(), reading.persons.len()), (1, 1));
    let kinds: Vec<Kind> = reading.files.iter().map(|file| file.kind).collect();
    assert_eq!(kinds, [Kind::SiecleEleves, Kind::SiecleResponsables]);
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
