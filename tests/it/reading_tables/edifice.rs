//! The four CSVs of an Edifice ENT.

use super::*;

const PUPILS: &str = "externalid;Prénom*;Nom*;Classe;Date de naissance*;telephone;telephonetravail;\
                      email;adresse;cp;ville;pays";
const PARENTS: &str = "externalId;Prénom*;Nom*;telephone;telephonetravail;email;adresse;cp;ville;\
                       pays;Childexternalid*;Childexternalid";
const TEACHERS: &str = "externalid;Prénom*;Nom*;date de naissance;fonction;telephone;\
                        telephonetravail;email;adresse;cp;ville;pays;classe;classe";
const OTHERS: &str = "externalid;Prénom*;Nom*;date de naissance;fonction;telephone;\
                      telephonetravail;email;adresse;cp;ville;pays";

fn pupils() -> Vec<u8> {
    csv(PUPILS, &["E1;Zoé;DURAND;CE1 B;03/04/2018;;;;;;;", "E2;Léo;DURAND;CM2;12/05/2016;;;;;;;"])
}

#[test]
fn parents_are_tied_by_the_ids_of_their_children() {
    let parents = csv(
        PARENTS,
        &[
            "P1;Inès;DURAND;0639980001;;ines@example.org;12 rue des Lilas;01000;BOURG;France;E1;E2",
            "P2;Paul;DURAND;;;;;;;;E9",
        ],
    );
    let reading = sound(&[&pupils(), &parents]);
    assert_eq!(reading.files.iter().map(|f| f.kind).collect::<Vec<_>>(), [Kind::Edifice; 2]);
    assert_eq!(reading.pupils[0].key.0, "edifice:E1");
    assert_eq!(reading.pupils[0].level.as_deref(), Some("CE1"));
    assert_eq!(reading.persons.len(), 1);
    assert_eq!(reading.persons[0].key.0, "edifice:P1");
    assert_eq!(reading.persons[0].postal_address.as_ref().unwrap().postcode, "01000");
    assert_eq!(reading.guardianships.len(), 2);
    assert_eq!(causes(&reading), [Cause::UnknownPupil, Cause::TiedToNobody]);
    assert!(reading.covers.pupils && reading.covers.guardians);
}

#[test]
fn an_id_that_is_missing_is_made_of_names_and_birth_date() {
    let row = ";Zoé;DURAND;CE1 B;03/04/2018;;;;;;;";
    let reading = sound(&[&csv(PUPILS, &[row])]);
    let key = &reading.pupils[0].key.0;
    assert!(key.starts_with("edifice:") && key.len() == "edifice:".len() + 16, "{key}");
}

#[test]
fn teachers_and_the_others_are_all_staff_only_together() {
    let teachers = csv(TEACHERS, &["T1;Anne;ROY;;ENS;;;anne@example.org;;;;;CE1 B;CM2"]);
    let others = csv(OTHERS, &["S1;Ali;PETIT;;AED;;;;;;;"]);
    assert!(!sound(&[&teachers]).covers.staff);
    assert!(!sound(&[&others]).covers.staff);
    let both = sound(&[&teachers, &others]);
    assert!(both.covers.staff);
    assert_eq!(duties(&both.persons[0]).teaches, ["CE1 B", "CM2"]);
    assert_eq!(duties(&both.persons[1]).function, "AED");
}
