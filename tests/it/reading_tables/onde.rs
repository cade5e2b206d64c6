//! The three extractions of a primary school, all called `CSVExtraction.csv`.

use super::*;

fn two_pupils() -> Vec<u8> {
    let zoe = pupil("DURAND", "Zoé", "2019-04-03", "CP", "CP A");
    let leo = pupil("DURAND", "Léo", "2016-05-12", "CM1", "CM1-CM2 Mme Roy");
    csv(OLD_PUPILS, &[&zoe, &leo])
}

#[test]
fn old_and_newer_pupils_are_read() {
    let old = sound(&[&two_pupils()]);
    assert_eq!(old.files[0].kind, Kind::OndePupils);
    let levels: Vec<_> = old.pupils.iter().map(|p| p.level.as_deref().unwrap()).collect();
    assert_eq!(levels, ["CP", "CM1"]);
    assert_eq!(old.pupils[1].class.as_deref(), Some("CM1-CM2 Mme Roy"));
    assert!(old.covers.pupils && !old.covers.guardians && !old.covers.staff);
    assert!(old.set_aside.is_empty());

    let row = "DURAND;MARTIN;Zoé;03/04/2019;F;080912345AB;3 rue Haute;31000;TOULOUSE;FRANCE;;;;;\
               CYCLE II;cp;CP A;1234;oui;oui;oui;";
    let newer = sound(&[&csv(NEWER_PUPILS, &[row])]);
    assert_eq!(newer.files[0].kind, Kind::OndePupils);
    assert_eq!(newer.pupils[0].display_name(), "Zoé MARTIN");
    assert_eq!(newer.pupils[0].level.as_deref(), Some("CP"));
    assert_eq!(newer.pupils[0].class.as_deref(), Some("CP A"));
}

#[test]
fn the_newest_columns_change_nothing() {
    let head = format!("{NEWER_PUPILS};Deuxième prénom;Commune naissance;État;Regroupement(s)");
    let row = "DURAND;;Zoé;03/04/2019;F;;;;;;;;;;CYCLE II;CP;CP A;1;oui;oui;oui;;Lou;Blagnac;actif;\
               Chorale, Échecs";
    let reading = sound(&[&csv(&head, &[row])]);
    assert_eq!(reading.files[0].kind, Kind::OndePupils);
    assert_eq!(reading.pupils[0].groups, ["Chorale", "Échecs"]);
}

#[test]
fn a_key_shows_no_name_and_outlives_accents_case_and_class() {
    let before = sound(&[&two_pupils()]);
    let zoe = pupil("durand", "ZOE", "03/04/2019", "CE1", "CE1 B");
    let after = sound(&[&csv(OLD_PUPILS, &[&zoe])]);
    assert_eq!(before.pupils[0].key, after.pupils[0].key);
    let key = &before.pupils[0].key.0;
    assert!(key.starts_with("onde:") && key.len() == "onde:".len() + 16, "{key}");
    assert_ne!(before.pupils[0].key, before.pupils[1].key);
}

#[test]
fn the_ine_goes_before_the_names() {
    let row = |name: &str| {
        format!("{name};;Zoé;03/04/2019;F;080912345AB;;;;;;;;;CYCLE II;CP;CP A;1;oui;oui;oui;")
    };
    let before = sound(&[&csv(NEWER_PUPILS, &[&row("DURAND")])]);
    let after = sound(&[&csv(NEWER_PUPILS, &[&row("DURAND-MARTIN")])]);
    assert_eq!(before.pupils[0].key, after.pupils[0].key);
}

#[test]
fn a_guardian_row_is_tied_to_each_of_its_children() {
    let both =
        guardian(["DURAND", "Inès"], "06 39 98 00 01", &[["DURAND", "Zoé"], ["DURAND", "Léo"]]);
    let one = guardian(["PETIT", "Ali"], "0639980002", &[["DURAND", "Leo"]]);
    let reading = sound(&[&csv(GUARDIANS, &[&both, &one]), &two_pupils()]);
    assert_eq!(
        families(&reading),
        [
            ("Zoé DURAND".to_owned(), vec!["Inès DURAND".to_owned()]),
            ("Léo DURAND".to_owned(), vec!["Ali PETIT".to_owned(), "Inès DURAND".to_owned()]),
        ]
    );
    let ines = &reading.persons[0];
    assert_eq!(ways(ines), ["+33639980001", "+33639980001", "inès@example.org"]);
    let address = ines.postal_address.as_ref().unwrap();
    assert_eq!((address.town.as_str(), &address.country), ("TOULOUSE", &None));
    assert!(reading.covers.guardians);
    assert!(reading.set_aside.is_empty(), "{:?}", causes(&reading));
    let origin = reading.person_origins.get(&ines.key).unwrap();
    assert_eq!((origin.file, origin.line), (0, 2));
}

#[test]
fn more_children_than_titles_are_read_too() {
    let four: Vec<String> =
        ["Zoé", "Léo", "Lou", "Noé"].map(|first| pupil("DURAND", first, "", "CP", "CP A")).to_vec();
    let rows: Vec<&str> = four.iter().map(String::as_str).collect();
    let children = ["Zoé", "Léo", "Lou", "Noé"].map(|first| ["DURAND", first]);
    let mother = guardian(["DURAND", "Inès"], "", &children);
    let reading = sound(&[&csv(OLD_PUPILS, &rows), &csv(GUARDIANS, &[&mother])]);
    assert_eq!(reading.guardianships.len(), 4);
}

#[test]
fn the_newer_guardians_say_pupil_and_extension() {
    let head = GUARDIANS
        .replace("Téléphone travail", "Téléphone travail;Numéro de poste")
        .replace("Classes enfants", "Classes élèves")
        .replace("enfant", "élève");
    let row = "M.;;DURAND;Paul;;;;;;;05 36 49 00 01;12;06 39 98 00 01;;DURAND;Zoé;CP A";
    let reading = sound(&[&two_pupils(), &csv(&head, &[row])]);
    assert_eq!(reading.files[1].kind, Kind::OndeGuardians);
    assert_eq!(ways(&reading.persons[0]), ["+33639980001", "+33639980001", "+33536490001"]);
    assert_eq!(reading.guardianships.len(), 1);
}

#[test]
fn a_class_tells_homonyms_apart_and_without_it_neither_is_taken() {
    let here = pupil("DURAND", "Zoé", "2019-04-03", "CP", "CP A");
    let there = pupil("DURAND", "Zoé", "2018-01-01", "CE1", "CE1 B");
    let pupils = csv(OLD_PUPILS, &[&here, &there]);
    let told = guardian(["DURAND", "Inès"], "", &[["DURAND", "Zoé"]]);
    let reading = sound(&[&pupils, &csv(GUARDIANS, &[&told])]);
    assert_eq!(reading.guardianships.len(), 1);
    assert_eq!(reading.guardianships[0].pupil, reading.pupils[0].key);

    let untold = told.replace("CP A", "");
    let reading = sound(&[&pupils, &csv(GUARDIANS, &[&untold])]);
    assert!(reading.guardianships.is_empty() && reading.persons.is_empty());
    assert_eq!(causes(&reading)[..2], [Cause::AmbiguousPupil, Cause::TiedToNobody]);
}

#[test]
fn a_child_whom_no_pupil_answers_to_is_set_aside_by_name() {
    let mother = guardian(["DURAND", "Inès"], "", &[["DURAND", "Zoé"], ["DURAND", "Jeanne"]]);
    let reading = sound(&[&two_pupils(), &csv(GUARDIANS, &[&mother])]);
    assert_eq!(causes(&reading), [Cause::UnknownPupil, Cause::NoLegalRepresentative]);
    assert!(reading.set_aside[0].reason.contains("Jeanne DURAND"));
    assert_eq!(reading.set_aside[0].line, Some(2));
    assert!(reading.set_aside[1].what.contains("Léo"));
}

#[test]
fn two_guardians_of_one_name_are_two_people() {
    let zoe = pupil("DURAND", "Zoé", "", "CP", "CP A");
    let max = pupil("PETIT", "Max", "", "CP", "CP A");
    let pupils = csv(OLD_PUPILS, &[&zoe, &max]);
    let of_zoe = guardian(["MARTIN", "Anne"], "06 39 98 00 01", &[["DURAND", "Zoé"]])
        .replace("anne@example.org", "");
    let of_max = guardian(["MARTIN", "Anne"], "06 39 98 00 02", &[["PETIT", "Max"]])
        .replace("12 rue des Lilas", "3 rue Haute");
    let reading = sound(&[&pupils, &csv(GUARDIANS, &[&of_zoe, &of_max])]);
    assert_eq!(reading.persons.len(), 2);
    assert_eq!(reading.guardianships.len(), 2);
    assert_ne!(reading.persons[0].key, reading.persons[1].key);
    let other_way = sound(&[&pupils, &csv(GUARDIANS, &[&of_max, &of_zoe])]);
    assert_eq!(other_way.persons[1].key, reading.persons[0].key);
}

#[test]
fn a_guardian_on_two_rows_is_one_person() {
    let one = guardian(["DURAND", "Inès"], "06 39 98 00 01", &[["DURAND", "Zoé"]]);
    let more = guardian(["DURAND", "Inès"], "06 39 98 00 01", &[["DURAND", "Léo"]]);
    let reading = sound(&[&two_pupils(), &csv(GUARDIANS, &[&one, &more, &one])]);
    assert_eq!(reading.persons.len(), 1);
    assert_eq!(reading.guardianships.len(), 2);
    assert_eq!(causes(&reading), [Cause::Duplicate]);
}

#[test]
fn teachers_are_read_with_their_class() {
    let rows = [
        "Mme;ROY;LEFEBVRE;Anne;;;;;anne.roy@example.org;;06 39 98 00 03;non;CP A",
        "M.;;PAOLI;Jean;;;;;;;;oui;CM2",
    ];
    let reading = sound(&[&csv(TEACHERS, &rows)]);
    assert_eq!(reading.files[0].kind, Kind::OndeTeachers);
    let [anne, jean] = reading.persons.as_slice() else { panic!("two") };
    assert_eq!(anne.display_name(), "Anne ROY");
    assert_eq!(anne.family_name, "LEFEBVRE");
    assert_eq!(duties(anne).function, "ENS");
    assert_eq!(duties(anne).form_teacher_of, ["CP A"]);
    assert_eq!(duties(jean).function, "DIR");
    assert!(anne.key.0.starts_with("onde:"));
    assert!(reading.covers.staff && !reading.covers.pupils);
}

#[test]
fn guardians_without_the_pupils_are_refused() {
    let mother = guardian(["DURAND", "Inès"], "", &[["DURAND", "Zoé"]]);
    assert_eq!(refusal(&csv(GUARDIANS, &[&mother])).1, Reason::PupilsMissing);
}

#[test]
fn a_second_pupils_file_is_refused() {
    let refused = reading(&[&two_pupils(), &two_pupils()]).unwrap_err();
    assert_eq!(refused.reason, Reason::SecondOfItsKind(Kind::OndePupils));
}

#[test]
fn a_closing_line_is_no_record_but_a_nameless_row_is_one() {
    let zoe = pupil("DURAND", "Zoé", "", "CP", "CP A");
    let closed = sound(&[&csv(OLD_PUPILS, &[&zoe, "Total : 1"])]);
    assert_eq!(closed.set_aside.len(), 1, "no line is passed over in silence");
    assert!(closed.set_aside[0].reason.contains("totaux"), "{}", closed.set_aside[0].reason);
    assert_eq!(closed.pupils.len(), 1);
    let name_alone = sound(&[&csv(OLD_PUPILS, &[&zoe, "PETIT"])]);
    assert_eq!(causes(&name_alone), [Cause::Nameless]);
    let nameless = pupil("", "Léo", "", "CP", "CP A");
    let reading = sound(&[&csv(OLD_PUPILS, &[&nameless, &zoe])]);
    assert_eq!(causes(&reading), [Cause::Nameless]);
    assert_eq!(reading.set_aside[0].line, Some(2));
    assert_eq!(reading.pupils.len(), 1);
    let last = sound(&[&csv(OLD_PUPILS, &[&zoe, &nameless])]);
    assert_eq!(causes(&last), [Cause::Nameless]);
    assert_eq!(last.set_aside[0].line, Some(3));
}

#[test]
fn a_file_that_holds_nobody_is_refused() {
    assert_eq!(refusal(OLD_PUPILS.as_bytes()).1, Reason::NobodyInside);
    assert_eq!(refusal(&csv(TEACHERS, &["Fin de l'extraction"])).1, Reason::NobodyInside);
}

#[test]
fn a_bad_phone_and_a_bad_address_are_set_aside_with_their_text() {
    let mother =
        guardian(["DURAND", "Inès"], "liste rouge", &[["DURAND", "Zoé"], ["DURAND", "Léo"]])
            .replace("inès@example.org", "ines chez example");
    let reading = sound(&[&two_pupils(), &csv(GUARDIANS, &[&mother])]);
    assert_eq!(causes(&reading), [Cause::BadPhone, Cause::BadEmail]);
    assert!(reading.set_aside[0].reason.contains("liste rouge"));
    assert!(reading.persons[0].contact_points.is_empty());
}
