//! Adults who stand beside a pupil, however schools call their columns.

use super::*;

/// What each title is taken for in a table of pupils that has this one besides.
fn field(title: &str) -> Option<String> {
    let reading = sound(&[&csv(&format!("Nom;Prénom;Classe;{title}"), &["A;B;6A;"])]);
    reading.columns[0].columns[3].1.clone()
}

#[test]
fn the_titles_of_schools_for_an_adult_are_known() {
    for (title, expected) in [
        ("Nom resp. légal 1", "relative-1-family-name"),
        ("Prénom Resp légal 2", "relative-2-first-name"),
        ("RL1", "relative-1-full-name"),
        ("RL 2 - Portable", "relative-2-mobile-phone"),
        ("Responsable légal 2", "relative-2-full-name"),
        ("Responsable légal 1 : courriel", "relative-1-email"),
        ("Mère", "relative-1-full-name"),
        ("Père (nom et prénom)", "relative-2-full-name"),
        ("Tel mère", "relative-1-home-phone"),
        ("Tél. de la mère", "relative-1-home-phone"),
        ("Mère (portable)", "relative-1-mobile-phone"),
        ("Mail père", "relative-2-email"),
        ("Adresse mail du père", "relative-2-email"),
        ("Nom de la maman", "relative-1-family-name"),
        ("Tél. pro. papa", "relative-2-work-phone"),
        ("Parent n° 1 nom", "relative-1-family-name"),
        ("Portable parent n°2", "relative-2-mobile-phone"),
        ("1er responsable", "relative-1-full-name"),
        ("Téléphone du 2ème responsable légal", "relative-2-home-phone"),
        ("Nom du représentant légal 1", "relative-1-family-name"),
        ("Adresse des parents", "relative-1-address"),
        ("Courriel famille", "relative-1-email"),
        ("Code postal responsable", "relative-1-postcode"),
        ("Tuteur légal", "relative-1-full-name"),
        ("E-mail responsable 1*", "relative-1-email"),
        ("R1_nom", "relative-1-family-name"),
    ] {
        assert_eq!(field(title).as_deref(), Some(expected), "{title}");
    }
    for title in ["Contact 1", "Tél. grand-mère", "Nom responsable 3", "Régime", "Profession mère"]
    {
        assert_eq!(field(title), None, "{title}");
    }
}

#[test]
fn a_mother_beside_numbered_adults_is_not_guessed() {
    let head = "Nom;Prénom;Classe;Nom responsable 1;Tél mère";
    let reading = sound(&[&csv(head, &["A;B;6A;DURAND;0639980001"])]);
    assert_eq!(reading.columns[0].columns[4].1, None);
    assert_eq!(reading.columns[0].unread[0].title, "Tél mère");
}

#[test]
fn whole_names_of_pupils_and_adults_are_taken_apart() {
    let head = "Élève;Classe;Responsable légal 1;Responsable légal 2;Tél. responsable légal 1";
    let rows = ["LE GOFF Zoé;6A;Mme DURAND Inès;Paul LE GOFF;0639980001"];
    let reading = sound(&[&csv(head, &rows)]);
    let adults = vec!["Inès DURAND".to_owned(), "Paul LE GOFF".to_owned()];
    assert_eq!(families(&reading), [("Zoé LE GOFF".to_owned(), adults)]);
    let ines = person(&reading, "Inès DURAND");
    assert_eq!(ines.civility, Some(chappe::people::Civility::Mme));
    assert_eq!(ways(ines), ["+33639980001", "+33639980001"]);
    assert!(reading.set_aside.is_empty(), "{:?}", causes(&reading));
}

#[test]
fn a_column_may_be_said_to_hold_the_whole_name() {
    let file = csv("Enfant inscrit;Classe;Mail parent 1", &["DURAND Zoé;CP;a@example.org"]);
    let reading = reading_as(&[&file], &corrected(&["Enfant inscrit=full-name"])).unwrap();
    assert_eq!(reading.pupils[0].display_name(), "Zoé DURAND");
}

#[test]
fn an_adult_whose_name_is_not_told_is_named_after_the_pupil() {
    let head = "Nom;Prénom;Classe;Tél mère;Mail père";
    let rows = [
        "DURAND;Zoé;6A;0639980001;pere@example.org",
        "PETIT;Max;6A;;max@example.org",
        "ROY;Lou;6A;;",
    ];
    let reading = sound(&[&csv(head, &rows)]);
    assert_eq!(
        families(&reading),
        [
            (
                "Zoé DURAND".to_owned(),
                vec!["Parent 1 de Zoé DURAND".to_owned(), "Parent 2 de Zoé DURAND".to_owned()]
            ),
            ("Max PETIT".to_owned(), vec!["Parent 2 de Max PETIT".to_owned()]),
            ("Lou ROY".to_owned(), vec![]),
        ]
    );
    assert_eq!(causes(&reading), [Cause::UnnamedAdult, Cause::NoLegalRepresentative]);
    assert!(reading.set_aside[0].what.starts_with("3 adulte(s)"));
    assert_eq!(reading.set_aside[1].line, Some(4));
}

#[test]
fn what_is_no_name_in_the_column_of_one_is_told() {
    let head = "Nom;Prénom;Classe;Responsable 1;Portable responsable 1";
    let reading = sound(&[&csv(head, &["DURAND;Zoé;6A;05 36 49 00 01;0639980001"])]);
    assert_eq!(causes(&reading), [Cause::Nameless, Cause::UnnamedAdult]);
    assert_eq!(reading.persons[0].display_name(), "Parent 1 de Zoé DURAND");
}

#[test]
fn adults_without_a_number_stand_one_after_the_other() {
    let head = "Nom;Prénom;Classe;Nom responsable;Prénom responsable;Tél responsable;\
                Nom responsable;Prénom responsable;Tél responsable";
    let rows = ["DURAND;Zoé;6A;DURAND;Inès;0639980001;PETIT;Ali;0639980002"];
    let reading = sound(&[&csv(head, &rows)]);
    assert_eq!(families(&reading)[0].1, ["Ali PETIT", "Inès DURAND"]);
    assert_eq!(ways(person(&reading, "Ali PETIT"))[0], "+33639980002");
}

#[test]
fn a_second_row_that_brings_another_parent_is_no_fault() {
    let head = "Nom élève;Prénom élève;Classe;Nom responsable;Prénom responsable";
    let rows = ["DURAND;Zoé;6A;DURAND;Inès", "DURAND;Zoé;6A;PETIT;Ali"];
    let reading = sound(&[&csv(head, &rows)]);
    assert_eq!(
        families(&reading),
        [("Zoé DURAND".to_owned(), vec!["Ali PETIT".to_owned(), "Inès DURAND".to_owned()])]
    );
    assert!(reading.set_aside.is_empty(), "{:?}", causes(&reading));
    let again = sound(&[&csv(head, &[rows[0], rows[0]])]);
    assert_eq!(causes(&again), [Cause::Duplicate]);
    let moved = sound(&[&csv(head, &[rows[0], "DURAND;Zoé;6B;PETIT;Ali"])]);
    assert_eq!(moved.pupils.len(), 2, "without a birth date they are two");
}

#[test]
fn pupils_of_whom_nobody_would_be_told_are_noted_with_the_columns_that_may_tell() {
    let head = "Nom;Prénom;Classe;Contact;Régime";
    let rows = ["DURAND;Zoé;6A;06 39 98 00 01;DP", "PETIT;Max;6A;max@example.org;EXT"];
    let file = csv(head, &rows);
    let reading = sound(&[&file]);
    let [table] = reading.nobody_told.as_slice() else { panic!("one table") };
    assert_eq!((table.pupils, table.columns.as_slice()), (2, &["Contact".to_owned()][..]));
    let unread: Vec<(&str, usize, &str)> = reading.columns[0]
        .unread
        .iter()
        .map(|it| (it.title.as_str(), it.filled, it.sample.as_str()))
        .collect();
    assert_eq!(unread, [("Contact", 2, "06 39 98 00 01"), ("Régime", 2, "DP")]);
    assert!(!format!("{reading:?}").contains("06 39"), "a sample is for the screen alone");
    let passed_over = reading_as(&[&file], &corrected(&["Contact=ignore"])).unwrap();
    assert!(passed_over.nobody_told.is_empty());
    let told = reading_as(&[&file], &corrected(&["Contact=relative-1-mobile-phone"])).unwrap();
    assert!(told.nobody_told.is_empty() && told.persons.len() == 1);
}

#[test]
fn adults_whom_nothing_reaches_are_nobody_told() {
    let head = "Nom;Prénom;Classe;Responsable légal 1;Tél. 1;Mail 1";
    let file = csv(head, &["DURAND;Zoé;6A;DURAND Inès;0639980001;ines@example.org"]);
    let reading = sound(&[&file]);
    assert_eq!(reading.nobody_told[0].columns, ["Tél. 1", "Mail 1"]);
    let said = corrected(&["Mail 1=relative-1-email"]);
    assert!(reading_as(&[&file], &said).unwrap().nobody_told.is_empty());
}

#[test]
fn a_pupil_s_own_address_is_no_adult_s() {
    let reading = sound(&[&csv("Nom;Prénom;Classe;Courriel", &["DURAND;Zoé;6A;zoe@example.org"])]);
    assert_eq!(reading.nobody_told[0].columns, ["Courriel"]);
    let without = sound(&[&csv("Nom;Prénom;Classe;Courriel", &["DURAND;Zoé;6A;"])]);
    assert!(without.nobody_told.is_empty());
}
