//! Somebody who was added by hand is tied to the file that brings them, and is there once.

use chappe::directory::{ByHandError, NewAdult, NewPupil, Place, add_adult, add_pupil};
use chappe::people::{RestrictedTie, Restriction};

use super::identity::{INES, table};
use super::*;

fn isabelle() -> NewAdult {
    NewAdult {
        civility: Some(Civility::Mme),
        first_name: "Isabelle".to_owned(),
        family_name: "Garnier".to_owned(),
        email: Some(EmailAddress::parse("isabelle@example.org").unwrap()),
        phone: Some(number("+33639980077")),
        postal_address: Some(home("7 rue C")),
    }
}

fn ines() -> NewPupil {
    NewPupil {
        first_name: "Inès".to_owned(),
        family_name: "Bon".to_owned(),
        class: Some("6A".to_owned()),
    }
}

fn mother_of(pupil: Pupil) -> Place {
    let standing = Standing::LegalRepresentative;
    Place::GuardianOf { pupil, standing, is_somebody_else: false }
}

/// A mother and her daughter who came on Monday.
async fn on_monday() -> (School, Pupil, Person) {
    let school = School::new();
    let by = || By::program(NOW);
    let daughter = add_pupil(&school.store, &school.id, ines(), by()).await.unwrap();
    let place = mother_of(daughter.clone());
    let mother = add_adult(&school.store, &school.id, isabelle(), place, by()).await.unwrap();
    (school, daughter, mother)
}

/// The same family as a complete source gives it.
fn from(source: &str) -> Reading {
    let points = [mobile("+33639980001"), vec![email("isa@example.org")]].concat();
    let (child, parent) = (format!("{source}:1"), format!("{source}:9"));
    Reading {
        pupils: vec![pupil(&child, "Inès BON", "6A")],
        persons: vec![guardian(&parent, "Isabelle GARNIER", points)],
        guardianships: vec![tie(&child, &parent)],
        covers: Covers { staff: false, ..EVERYBODY },
        ..Reading::default()
    }
}

async fn pupils_of(school: &School) -> Vec<Pupil> {
    let id = school.id.clone();
    school.store.read(move |tx| chappe::store::pupils::all(tx, &id)).await.unwrap()
}

#[tokio::test]
async fn the_file_that_brings_the_family_makes_no_double_and_what_was_noted_lies_over_it() {
    for source in ["siecle", "onde"] {
        let (school, ..) = on_monday().await;
        let diff = directory::diff(&school.store, &school.id, from(source)).await.unwrap();
        assert_eq!(diff.other_source, None);
        directory::apply(&school.store, &school.id, &diff, By::program(NOW)).await.unwrap();
        let persons = school.persons().await;
        let keys: Vec<&str> = persons.iter().map(|kept| kept.person.key.0.as_str()).collect();
        assert_eq!(keys, [format!("{source}:9")], "{source}");
        assert_eq!(persons[0].person.postal_address, Some(home("7 rue C")));
        let points = school.points(&format!("{source}:9")).await;
        let first = |value: &str| points.iter().position(|(one, _)| one == value);
        assert!(first("isabelle@example.org") < first("isa@example.org"), "{points:?}");
        assert!(first("+33639980077") < first("+33639980001"), "{points:?}");
        let pupils = pupils_of(&school).await;
        assert_eq!(pupils.len(), 1);
        assert_eq!(pupils[0].key.source(), source);
        let again = school.import(from(source)).await;
        assert!(again.is_empty(), "{source}: {again:?}");
    }
}

#[tokio::test]
async fn a_table_that_names_the_family_makes_no_double_either() {
    let (school, ..) = on_monday().await;
    school.import(table(&[INES])).await;
    let persons = school.persons().await;
    assert_eq!((persons.len(), pupils_of(&school).await.len()), (1, 1));
    let point = persons[0].points.iter().find(|one| one.point.channel() == Channel::Email);
    assert_eq!(point.map(|one| one.point.value()), Some("isabelle@example.org"));
}

#[tokio::test]
async fn a_file_of_other_families_archives_nobody_who_was_added_by_hand() {
    let (school, daughter, mother) = on_monday().await;
    school.import(zoe_and_her_mother(Vec::new())).await;
    assert!(school.persons().await.iter().any(|kept| kept.person.key == mother.key));
    assert!(pupils_of(&school).await.contains(&daughter));
}

#[tokio::test]
async fn nobody_is_added_twice_and_a_restricted_person_does_not_come_back_by_hand() {
    let (school, daughter, mother) = on_monday().await;
    let by = || By::program(NOW);
    let twice = add_pupil(&school.store, &school.id, ines(), by()).await;
    assert!(matches!(twice, Err(ByHandError::Known)));
    let place = mother_of(daughter.clone());
    let twice = add_adult(&school.store, &school.id, isabelle(), place.clone(), by()).await;
    assert!(matches!(twice, Err(ByHandError::Known)));
    let ruling = RestrictedTie {
        pupil: daughter.key,
        person: mother.key,
        why: Restriction::Court,
        note: String::new(),
    };
    directory::restrict(&school.store, &school.id, ruling, by()).await.unwrap();
    let other = NewAdult { first_name: "Marc".to_owned(), ..isabelle() };
    let doubted = add_adult(&school.store, &school.id, other.clone(), place.clone(), by()).await;
    assert!(matches!(doubted, Err(ByHandError::Restricted)));
    let Place::GuardianOf { pupil, standing, .. } = place else { panic!() };
    let sure = Place::GuardianOf { pupil, standing, is_somebody_else: true };
    add_adult(&school.store, &school.id, other, sure, by()).await.unwrap();
}
