//! Pupils of age: they receive their own mail, beside their parents.

use chappe::people::Guardianship;

use super::*;

const HOME: &str = "<ADRESSES><ADRESSE ADRESSE_ID=\"5\"><LIGNE1_ADRESSE>2 RUE DES LILAS\
    </LIGNE1_ADRESSE><CODE_POSTAL>31999</CODE_POSTAL><LIBELLE_POSTAL>VALCLAIR</LIBELLE_POSTAL>\
    </ADRESSE></ADRESSES></DONNEES>";

fn born(day: &str, fields: &str) -> String {
    let fields = format!("<DATE_NAISS>{day}</DATE_NAISS>{fields}</ELEVE>");
    let file = pupils(&ZOE.replace("</ELEVE>", &fields), ZOE_IN_6A);
    file.replace("</DONNEES>", HOME)
}

/// Reads Zoé with these fields and her mother, tied to her by these.
fn read_with(pupil: &str, ties: &str) -> Reading {
    reading(&[pupil, &guardians(HER_MOTHER, ties, "")]).expect("sound files")
}

fn zoe_as_a_person(reading: &Reading) -> Option<&Person> {
    reading.persons.iter().find(|person| person.key.0 == "siecle:eleve-1")
}

#[test]
fn an_adult_pupil_receives_their_own_mail_and_the_parents_stay() {
    let fields = "<ACCEPTE_SMS>0</ACCEPTE_SMS><CODE_SEXE>2</CODE_SEXE>\
                  <TEL_PORTABLE>06 39 98 00 07</TEL_PORTABLE><MEL>zoe@example.org</MEL>\
                  <ADRESSE_ID>5</ADRESSE_ID>";
    let reading = read_with(&born("20/11/2008", fields), TIED);
    let zoe = zoe_as_a_person(&reading).expect("Zoé is of age today");
    assert_eq!(zoe.display_name(), "Zoé DURAND");
    assert_eq!((zoe.role.clone(), zoe.civility), (Role::Guardian, Some(Civility::Mme)));
    assert!(!zoe.accepts_sms);
    let values: Vec<&str> = zoe.contact_points.iter().map(ContactPoint::value).collect();
    assert_eq!(values, ["+33639980007", "+33639980007", "zoe@example.org"]);
    let home = PostalAddress {
        lines: vec!["2 RUE DES LILAS".to_owned()],
        postcode: "31999".to_owned(),
        town: "VALCLAIR".to_owned(),
        country: None,
    };
    assert_eq!(zoe.postal_address, Some(home));
    let ties: Vec<(&str, Standing, u8)> = reading
        .guardianships
        .iter()
        .map(|tie| (tie.person.0.as_str(), tie.standing, tie.kinship))
        .collect();
    let legal = Standing::LegalRepresentative;
    assert_eq!(ties, [("siecle:9", legal, 90), ("siecle:eleve-1", legal, Guardianship::ONESELF)]);
    assert!(reading.set_aside.is_empty());
    let line = reading.person_origins.get(&zoe.key).unwrap().line;
    assert_eq!(line, reading.pupil_origins.get(&reading.pupils[0].key).unwrap().line);
}

#[test]
fn a_pupil_is_of_age_on_the_eighteenth_birthday_and_not_the_day_before() {
    let mail = "<MEL>zoe@example.org</MEL>";
    for (day, is_adult) in [
        ("20/11/2008", true),
        ("21/11/2008", false),
        ("01/01/1990", true),
        ("29/02/2008", true),
        ("20/11/2030", false),
        ("", false),
    ] {
        let reading = read_with(&born(day, mail), TIED);
        assert_eq!(zoe_as_a_person(&reading).is_some(), is_adult, "{day}");
        assert!(reading.set_aside.is_empty(), "{day}");
    }
}

#[test]
fn an_adult_whom_the_school_entered_as_a_person_stands_there_once() {
    let fields = "<TEL_PORTABLE>06 39 98 OO</TEL_PORTABLE><MEL>zoe@example.org</MEL>";
    let oneself = TIED.replace("<NIVEAU", "<CODE_PARENTE>70</CODE_PARENTE><NIVEAU");
    let reading = read_with(&born("20/11/2008", fields), &oneself);
    assert_eq!(reading.persons.len(), 1);
    assert_eq!(reading.guardianships.len(), 1);
    assert!(reading.set_aside.is_empty(), "what is not needed is not remarked");
    let unknown = oneself.replace(">9<", ">77<");
    let reading = read_with(&born("20/11/2008", fields), &format!("{unknown}{TIED}"));
    assert!(zoe_as_a_person(&reading).is_some(), "a tie to nobody does not count");
}

#[test]
fn an_adult_without_any_contact_is_told() {
    let reading = read_with(&born("20/11/2008", "<ADRESSE_ID>77</ADRESSE_ID>"), TIED);
    assert_eq!(reading.persons.len(), 1);
    assert_eq!(causes(&reading), [Cause::AdultWithoutContact]);
    assert_eq!(reading.set_aside[0].what, "élève 1, Zoé DURAND");
    let mistyped = "<MEL>zoe(at)example.org</MEL>";
    let reading = read_with(&born("20/11/2008", mistyped), TIED);
    assert_eq!(causes(&reading), [Cause::BadEmail, Cause::AdultWithoutContact]);
    let by_post = read_with(&born("20/11/2008", "<ADRESSE_ID>5</ADRESSE_ID>"), TIED);
    assert!(zoe_as_a_person(&by_post).is_some(), "post reaches them");
}

#[test]
fn an_adult_without_parents_in_the_files_represents_themselves() {
    let reading = read_with(&born("20/11/2008", "<MEL>zoe@example.org</MEL>"), "");
    assert_eq!(causes(&reading), [Cause::TiedToNobody]);
    assert_eq!(reading.guardianships.len(), 1);
}

#[test]
fn a_birth_date_is_never_kept_nor_repeated() {
    let reading = read_with(&born("le 20/11/2008", "<MEL>zoe@example.org</MEL>"), TIED);
    assert_eq!(causes(&reading), [Cause::BadDate]);
    assert!(!reading.set_aside[0].reason.contains("2008"));
    assert!(zoe_as_a_person(&reading).is_none());
}

#[test]
fn without_the_guardians_file_no_adult_is_made() {
    let reading = reading(&[&born("20/11/2008", "<MEL>zoe@example.org</MEL>")]).unwrap();
    assert!(reading.persons.is_empty() && reading.guardianships.is_empty());
}

#[test]
fn a_person_who_bears_an_adults_key_does_not_double_it() {
    let person = HER_MOTHER.replace("\"9\"", "\"eleve-1\"");
    let tie = TIED.replace(">9<", ">eleve-1<");
    let pupil = born("20/11/2008", "<MEL>zoe@example.org</MEL>");
    let reading = reading(&[&pupil, &guardians(&person, &tie, "")]).unwrap();
    assert_eq!(reading.persons.len(), 1);
    assert_eq!(causes(&reading), [Cause::Duplicate]);
}
