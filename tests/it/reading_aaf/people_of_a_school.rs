//! Pupils, relatives and staff, of both degrees.

use super::*;

fn pupil_with(other: &[(&str, &[&str])]) -> String {
    file(&with("Eleve", "1", ZOE, other))
}

/// Zoé's mother with these attributes, and what was read.
fn mother_with(other: &[(&str, &[&str])]) -> (Person, Reading) {
    let file = file(&with("PersRelEleve", "9", HER_MOTHER, other));
    let reading = reading(&[&pupils(), &file]).expect("sound files");
    (reading.persons[0].clone(), reading)
}

fn teacher_with(other: &[(&str, &[&str])]) -> Reading {
    reading(&[&file(&with("PersEducNat", "24", ANNE, other))]).expect("a sound file")
}

#[test]
fn files_in_any_order_give_the_same_families() {
    let staff = file(&request("PersEducNat", "24", ANNE));
    let files = [pupils(), relatives(), staff, file(&school("3000", "0319999Z"))];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]] {
        let files = order.map(|at| files[at].as_str());
        let reading = reading(&files).unwrap();
        assert_eq!(reading.covers, Covers { pupils: true, guardians: true, staff: true });
        assert!(reading.set_aside.is_empty(), "{reading:?}");
        let zoe = &reading.pupils[0];
        assert_eq!((zoe.key.0.as_str(), zoe.display_name().as_str()), ("aaf:1", "Zoé DURAND"));
        let keys: Vec<&str> = reading.persons.iter().map(|one| one.key.0.as_str()).collect();
        assert_eq!(keys, ["aaf:9", "aaf:personnel-24"]);
        let tie = &reading.guardianships[0];
        assert_eq!((&tie.pupil, tie.person.0.as_str(), tie.kinship), (&zoe.key, "aaf:9", 10));
        assert_eq!(tie.standing, Standing::LegalRepresentative);
        let held_by = order.iter().position(|at| *at == 0).unwrap();
        let origin = reading.pupil_origins.get(&zoe.key).unwrap();
        assert_eq!((usize::try_from(origin.file), origin.line), (Ok(held_by), 4));
        assert!(reading.files.iter().all(|file| file.kind == Kind::Aaf));
    }
}

#[test]
fn each_file_covers_what_it_holds() {
    let covers = |files: &[&str]| reading(files).unwrap().covers;
    let staff = file(&request("PersEducNat", "24", ANNE));
    let none = Covers::default();
    assert_eq!(covers(&[&pupils()]), Covers { pupils: true, ..none });
    assert_eq!(covers(&[&staff]), Covers { staff: true, ..none });
    assert_eq!(
        covers(&[&pupils(), &relatives()]),
        Covers { pupils: true, guardians: true, staff: false }
    );
    let alone = reading(&[&pupils()]).unwrap();
    assert!(alone.guardianships.is_empty() && alone.set_aside.is_empty());
}

#[test]
fn a_pupil_has_a_class_groups_and_a_level() {
    let groups: &[(&str, &[&str])] =
        &[("ENTEleveGroupes", &["3000$6LATIN", "3000$6ESP", "3000$6LATIN"])];
    let zoe = reading(&[&pupil_with(groups)]).unwrap().pupils[0].clone();
    assert_eq!(zoe.class.as_deref(), Some("6A"));
    assert_eq!(zoe.groups, ["6LATIN", "6ESP"]);
    assert_eq!(zoe.level.as_deref(), Some("6e"));
    let twice = reading(&[&pupil_with(&[("ENTEleveClasses", &["3000$6B", "3000$6A"])])]).unwrap();
    assert_eq!(twice.pupils[0].class.as_deref(), Some("6B"));
    assert_eq!(causes(&twice), [Cause::TwoClasses]);
}

#[test]
fn the_level_is_told_by_the_label_then_by_the_module_then_by_the_class() {
    let level = |other: &[(&str, &[&str])]| {
        let module = request("Mef", "20113019110", &[("ENTLibelleMef", &["PREMIERE GENERALE"])]);
        let reading = reading(&[&pupil_with(other), &file(&module)]).unwrap();
        reading.pupils[0].level.clone()
    };
    let blue: (&str, &[&str]) = ("ENTEleveClasses", &["3000$BLEUE"]);
    let is = |level: &str| Some(level.to_owned());
    assert_eq!(level(&[blue, ("ENTEleveNivFormation", &["4EME GENERALE (N.C 4E AES)"])]), is("4e"));
    assert_eq!(level(&[blue, ("ENTEleveLibelleMEF", &["SECONDE GENERALE"])]), is("2de"));
    assert_eq!(level(&[blue, ("ENTEleveNiveau", &["CM1"])]), is("CM1"));
    assert_eq!(level(&[blue, ("ENTEleveMEF", &["20113019110"])]), is("1re"));
    assert_eq!(level(&[]), is("6e"));
    assert_eq!(level(&[blue]), None);
}

#[test]
fn a_tie_has_a_standing_and_a_kinship() {
    let persons: String =
        (2..10).map(|id| request("PersRelEleve", &id.to_string(), HER_MOTHER)).collect();
    let ties: &[&str] = &[
        "9$10$1$1$1$1",
        "8$20$0$2$0$0",
        "7$38$0$0$1$0",
        "6$1$0$1$0$0",
        "5$7$0$1$0$0",
        "4$abc$0$1",
        "3$90$0",
    ];
    let pupil = pupil_with(&[("ENTElevePersRelEleve", ties)]);
    let reading = reading(&[&pupil, &file(&persons)]).unwrap();
    let mut found: Vec<(&str, Standing, u8)> = reading
        .guardianships
        .iter()
        .map(|tie| (tie.person.0.as_str(), tie.standing, tie.kinship))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("aaf:4", Standing::LegalRepresentative, Guardianship::UNTOLD),
            ("aaf:5", Standing::LegalRepresentative, Guardianship::ONESELF),
            ("aaf:6", Standing::LegalRepresentative, 20),
            ("aaf:7", Standing::EmergencyContact, 38),
            ("aaf:8", Standing::Caretaker, 20),
            ("aaf:9", Standing::LegalRepresentative, 10),
        ]
    );
    assert_eq!(
        causes(&reading),
        [Cause::UnknownStanding, Cause::TiedToNobody, Cause::TiedToNobody]
    );
}

#[test]
fn unknown_and_double_persons_are_told() {
    let pupil = pupil_with(&[("ENTElevePersRelEleve", &["9$10$1$3$1$1", "77$20$1$1$1$1"])]);
    let mother = request("PersRelEleve", "9", HER_MOTHER);
    let nameless = request("PersRelEleve", "5", &[("givenName", &["Inès"])]);
    let reading = reading(&[&pupil, &file(&format!("{mother}{mother}{nameless}"))]).unwrap();
    assert_eq!(reading.persons.len(), 1);
    assert_eq!(
        causes(&reading),
        [Cause::Duplicate, Cause::Nameless, Cause::UnknownPerson, Cause::NoLegalRepresentative]
    );
    let unrepresented = &reading.set_aside[3];
    assert_eq!((unrepresented.what.as_str(), unrepresented.line), ("élève 1, Zoé DURAND", Some(4)));
    let twice = file(&request("Eleve", "1", ZOE).repeat(2));
    let doubled = super::reading(&[&twice, &relatives()]).unwrap();
    assert_eq!((doubled.pupils.len(), causes(&doubled)), (1, vec![Cause::Duplicate]));
}

#[test]
fn the_number_for_text_messages_comes_first_and_none_comes_twice() {
    let (mother, reading) = mother_with(&[
        ("homePhone", &["05 36 49 00 01"]),
        ("telephoneNumber", &["03 53 01 00 02"]),
        ("mobile", &["06 39 98 00 03", "06 39 98 00 04"]),
        ("ENTPersonMobileSMS", &["0639980004"]),
        ("mail", &["a@example.org", "b@example.org"]),
    ]);
    let points: Vec<String> = mother
        .contact_points
        .iter()
        .map(|point| format!("{} {}", point.channel(), point.value()))
        .collect();
    assert_eq!(
        points,
        [
            "sms +33639980004",
            "phone +33639980004",
            "sms +33639980003",
            "phone +33639980003",
            "phone +33536490001",
            "phone +33353010002",
            "email a@example.org",
            "email b@example.org",
        ]
    );
    assert!(reading.set_aside.is_empty() && mother.accepts_sms);
}

#[test]
fn unusable_contacts_are_set_aside_with_their_text() {
    let (mother, reading) =
        mother_with(&[("mobile", &["06 39 98 OO"]), ("mail", &["ines(at)example.org"])]);
    assert!(mother.contact_points.is_empty());
    assert_eq!(causes(&reading), [Cause::BadPhone, Cause::BadEmail]);
    assert_eq!(reading.set_aside[0].what, "personne 9, Inès LEBŒUF");
    let shown = format!("{reading:?}");
    for secret in ["DURAND", "LEBŒUF", "06 39", "ines"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn very_many_bad_values_make_one_remark_a_field() {
    let bad: Vec<&str> = vec!["x"; 20_000];
    let (mother, reading) = mother_with(&[("mobile", &bad), ("mail", &bad)]);
    assert!(mother.contact_points.is_empty());
    assert_eq!(causes(&reading), [Cause::BadPhone, Cause::BadEmail]);
    let broken = super::reading(&[&pupil_with(&[("ENTElevePersRelEleve", &bad)]), &relatives()]);
    let expected = [Cause::UnknownStanding, Cause::TiedToNobody, Cause::NoLegalRepresentative];
    assert_eq!(causes(&broken.unwrap()), expected);
    let numbers: Vec<String> = (0..2_000).map(|n| format!("n{n}@example.org")).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let (mother, reading) = mother_with(&[("mail", &numbers)]);
    assert_eq!(mother.contact_points.len(), 100);
    assert_eq!(causes(&reading), [Cause::BadEmail]);
}

#[test]
fn a_name_without_end_is_no_name() {
    let long = "Z".repeat(10_000);
    let file = file(&with("PersRelEleve", "9", HER_MOTHER, &[("sn", &[&long])]));
    let reading = reading(&[&pupils(), &file]).expect("sound files");
    assert!(reading.persons.is_empty());
    assert_eq!(
        causes(&reading),
        [Cause::Nameless, Cause::UnknownPerson, Cause::NoLegalRepresentative]
    );
}

#[test]
fn an_address_has_its_lines_between_dollars() {
    let home = |other: &[(&str, &[&str])]| mother_with(other).0.postal_address;
    let whole = home(&[
        ("ENTPersonAdresse", &["BAT B$12 RUE DES LILAS$ $"]),
        ("ENTPersonCodePostal", &["31999"]),
        ("ENTPersonVille", &["VALCLAIR"]),
        ("ENTPersonPays", &["FRANCE"]),
        ("ENTPersonAdresseDiffusion", &["N"]),
    ]);
    let expected = PostalAddress {
        lines: vec!["BAT B".to_owned(), "12 RUE DES LILAS".to_owned()],
        postcode: "31999".to_owned(),
        town: "VALCLAIR".to_owned(),
        country: None,
    };
    assert_eq!(whole, Some(expected));
    assert_eq!(home(&[("ENTPersonAdresse", &["$$$"])]), None);
    let (_, townless) = mother_with(&[("ENTPersonAdresse", &["1 RUE$"])]);
    assert_eq!(causes(&townless), [Cause::BadAddress]);
    let abroad = home(&[("ENTPersonVille", &["BRUXELLES"]), ("ENTPersonPays", &["BELGIQUE"])]);
    assert_eq!(abroad.unwrap().country.as_deref(), Some("BELGIQUE"));
}

#[test]
fn staff_have_a_function_classes_and_mail() {
    let reading = teacher_with(&[
        ("mail", &["anne@example.org"]),
        ("homePhone", &["05 36 49 00 01"]),
        ("ENTAuxEnsClassesPrincipal", &["3000$6A"]),
        ("ENTAuxEnsClasses", &["3000$6A", "3000$5B"]),
        ("ENTAuxEnsGroupesMatieres", &["3000$6LATIN$020700"]),
    ]);
    let anne = &reading.persons[0];
    assert_eq!(anne.display_name(), "Anne LEROY");
    assert_eq!((anne.family_name.as_str(), anne.civility), ("PETIT", Some(Civility::Mme)));
    let values: Vec<&str> = anne.contact_points.iter().map(ContactPoint::value).collect();
    assert_eq!(values, ["anne@example.org"], "the private number is no business of ours");
    let duties = duties(anne);
    assert_eq!(
        (duties.function.as_str(), &duties.form_teacher_of[..]),
        ("ENS", &["6A".to_owned()][..])
    );
    assert_eq!(duties.teaches, ["6A", "5B", "6LATIN"]);
    let bad = teacher_with(&[("mail", &["anne"])]);
    assert_eq!(causes(&bad), [Cause::BadEmail]);
}

#[test]
fn a_teacher_who_is_a_parent_too_is_both() {
    let teacher = file(&request("PersEducNat", "9", ANNE).repeat(2));
    let reading = reading(&[&pupils(), &relatives(), &teacher]).unwrap();
    let keys: Vec<&str> = reading.persons.iter().map(|one| one.key.0.as_str()).collect();
    assert_eq!(keys, ["aaf:9", "aaf:personnel-9"]);
    assert_eq!(causes(&reading), [Cause::Duplicate]);
}

#[test]
fn the_first_degree_has_names_of_its_own() {
    let pupil = request(
        "Eleve",
        "1",
        &[
            ("ENTPersonNom", &["DURAND"]),
            ("ENTPersonPrenom", &["Zoé"]),
            ("ENTPersonClasses", &["3000$CM1 A"]),
            ("ENTEleveNiveau", &["CM1"]),
            ("ENTEleveAutoriteParentale", &["9", "8"]),
        ],
    );
    let relative = |id: &str| {
        request(
            "PersRelEleve",
            id,
            &[
                ("ENTPersonNom", &["DURAND"]),
                ("ENTPersonPrenom", &["Inès"]),
                ("ENTPersonCivilite", &["M"]),
                ("ENTPersonTelPerso", &["05 36 49 00 01"]),
                ("ENTPersRelEleveTelMobile", &["06 39 98 00 02"]),
                ("ENTPersRelEleveTelPro", &["03 53 01 00 03"]),
                ("ENTPersonMail", &["ines@example.org"]),
            ],
        )
    };
    let relatives = format!("{}{}", relative("9"), relative("8"));
    let reading = reading(&[&file(&format!("{pupil}{relatives}"))]).unwrap();
    let zoe = &reading.pupils[0];
    assert_eq!((zoe.class.as_deref(), zoe.level.as_deref()), (Some("CM1 A"), Some("CM1")));
    assert_eq!(zoe.display_name(), "Zoé DURAND");
    assert_eq!(reading.guardianships.len(), 2);
    assert!(reading.guardianships.iter().all(|tie| tie.standing == Standing::LegalRepresentative));
    let person = &reading.persons[0];
    assert_eq!(person.civility, Some(Civility::M));
    let values: Vec<&str> = person.contact_points.iter().map(ContactPoint::value).collect();
    assert_eq!(
        values,
        ["+33639980002", "+33639980002", "+33536490001", "+33353010003", "ines@example.org"]
    );
}

#[test]
fn a_pupil_of_age_receives_their_own_mail() {
    let born = |day: &'static [&'static str]| {
        pupil_with(&[("ENTPersonDateNaissance", day), ("mail", &["zoe@example.org"])])
    };
    let adult = reading(&[&born(&["20/11/2008"]), &relatives()]).unwrap();
    let keys: Vec<&str> = adult.persons.iter().map(|one| one.key.0.as_str()).collect();
    assert_eq!(keys, ["aaf:9", "aaf:eleve-1"]);
    assert!(adult.guardianships.iter().any(|tie| tie.kinship == Guardianship::ONESELF));
    let minor = reading(&[&born(&["21/11/2008"]), &relatives()]).unwrap();
    assert_eq!(minor.persons.len(), 1);
}
