//! Of whom a table is, and which child a guardian's row means.

use super::*;

#[test]
fn adults_by_their_birth_dates_are_no_pupils() {
    let head = "Prénom*;Nom*;Classes;date de naissance;telephone;email;adresse;cp;ville;pays";
    let rows = [
        "David;ALPHA;CP;13/08/1980;05 36 49 08 01;d.alpha@example.org;1 rue A;31000;Toulouse;France",
        "Claire;BETA;CE1;02/02/1975;05 36 49 08 02;c.beta@example.org;2 rue A;31000;Toulouse;France",
    ];
    let file = csv(head, &rows);
    assert_eq!(refusal(&file).1, Reason::AdultsAmongPupils(AdultSign::BirthDates));
    // The way out for a school of adults, though its own addresses are asked about then.
    let said = corrected(&["date de naissance=ignore"]);
    assert_eq!(reading_as(&[&file], &said).unwrap().nobody_told.len(), 1);
}

#[test]
fn teachers_with_a_class_are_asked_about() {
    let file = csv("Civilité;Nom;Prénom;Classe;Courriel", &["Mme;ROY;Anne;CP;anne@example.org"]);
    assert_eq!(refusal(&file).1, Reason::AdultsAmongPupils(AdultSign::Civility));
    let reading = reading_as(&[&file], &corrected(&["Civilité=ignore"])).unwrap();
    assert_eq!(reading.nobody_told[0].columns, ["Courriel"]);
}

#[test]
fn one_pupil_born_too_early_is_taken_and_told() {
    let rows = ["DURAND;Zoé;6A;01/02/2015", "PETIT;Max;6A;01/02/1915", "ROY;Lou;BTS2;01/02/2003"];
    let reading = sound(&[&csv("Nom;Prénom;Classe;Né(e) le", &rows)]);
    assert_eq!(reading.pupils.len(), 3);
    assert_eq!(remarks(&reading, Cause::BadDate).len(), 1);
    assert_eq!(reading.set_aside[0].line, Some(3));
}

#[test]
fn people_without_first_names_are_refused() {
    let without = csv("Nom;Classe", &["DURAND;6A", "PETIT;6A"]);
    assert_eq!(refusal(&without).1, Reason::NoFirstNames);
    let empty = csv("Nom;Prénom;Fonction", &["ROY;;ENS", "PETIT;;AED"]);
    assert_eq!(refusal(&empty).1, Reason::NoFirstNames);
    let said = corrected(&["Nom=full-name"]);
    let reading = reading_as(&[&csv("Nom;Classe", &["DURAND Zoé;6A"])], &said).unwrap();
    assert_eq!(reading.pupils[0].display_name(), "Zoé DURAND");
}

#[test]
fn the_titles_of_agricultural_schools_are_known() {
    let head = "Identifiant unique*;Premier prénom*;Deuxième prénom;Troisième prénom;\
                Nom de famille*;Nom d’usage;Date de naissance (jj/mm/aaaa)*;Statut*;Code MEF*;Division*";
    let rows = [
        "123F;Ana;;;MARTIN;;01/02/2010;ST;31013310010;2A",
        "124F;Bob;;;MARTIN;;02/02/2010;ST;31013310010;2A",
        "125F;Zoé;;;MARTIN;;02/02/2009;ST;31013310010;2A",
    ];
    let reading = sound(&[&csv(head, &rows)]);
    let names: Vec<String> = reading.pupils.iter().map(Pupil::display_name).collect();
    assert_eq!(names, ["Ana MARTIN", "Bob MARTIN", "Zoé MARTIN"]);
    assert_eq!(reading.pupils[0].key.0, "table:123F");
    assert_eq!(reading.pupils[0].class.as_deref(), Some("2A"));
    assert!(reading.set_aside.is_empty() && reading.nobody_told.is_empty());
}

const PARENTS: &str = "Nom;Prénom;Courriel;Nom de l'élève;Prénom de l'élève;\
                       Date de naissance de l'élève;Classes de l'élève";

fn two_of_a_name() -> Vec<u8> {
    csv(
        "Nom;Prénom;Classe;Date de naissance",
        &["MARTIN;Léa;CP;03/04/2019", "MARTIN;Léa;CP;17/09/2019", "ROUX;Tom;CP;01/01/2019"],
    )
}

#[test]
fn a_birth_date_tells_which_child_is_meant() {
    let rows = [
        "MARTIN;Ida;ida@example.org;MARTIN;Léa;2019-04-03;CP",
        "MARTIN;Eva;eva@example.org;MARTIN;Léa;17/09/2019;CP",
        "ROUX;Paul;paul@example.org;ROUX;Tom;01/01/2019;CP",
    ];
    let reading = sound(&[&two_of_a_name(), &csv(PARENTS, &rows)]);
    let guardians: Vec<Vec<String>> = families(&reading).into_iter().map(|(_, of)| of).collect();
    assert_eq!(guardians, [["Ida MARTIN"], ["Eva MARTIN"], ["Paul ROUX"]]);
    assert!(reading.set_aside.is_empty(), "{:?}", causes(&reading));
}

#[test]
fn a_namesake_of_another_day_is_another_child() {
    let rows = [
        "ROUX;Paul;paul@example.org;ROUX;Tom;02/02/2012;CP",
        "ROUX;Anne;anne@example.org;ROUX;Tom;01/01/2019;CP",
    ];
    let reading = sound(&[&two_of_a_name(), &csv(PARENTS, &rows)]);
    assert_eq!(families(&reading)[2].1, ["Anne ROUX"]);
    let unknown = remarks(&reading, Cause::UnknownPupil);
    assert!(unknown[0].1.contains("n’est né ce jour-là"), "{unknown:?}");
}

#[test]
fn a_class_or_a_whole_name_beside_a_guardian_is_the_child_s() {
    let pupils = csv("Nom;Prénom;Classe", &["MARTIN;Léa;CP", "MARTIN;Léa;CM2"]);
    let guardians = csv("Nom;Prénom;Enfant;Classe", &["MARTIN;Ida;MARTIN Léa;CM2"]);
    let reading = sound(&[&pupils, &guardians]);
    assert_eq!(reading.guardianships[0].pupil, reading.pupils[1].key);
}
