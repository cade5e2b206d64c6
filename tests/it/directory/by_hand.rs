//! Somebody who was added by hand is tied to the file that brings them, and is there once.

use chappe::chat_address::ChatAddress;
use chappe::directory::{
    AdultChanges, ByHandError, ChangeError, CorrectError, NewAdult, NewPupil, Place, PupilChanges,
    RightContact, UndoError, add_adult, add_pupil, change_adult, change_pupil,
};
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
        chat: Some(ChatAddress::parse("@isabelle:example.org").unwrap()),
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
        assert!(first("@isabelle:example.org").is_some(), "{points:?}");
        let to_correct = school.list(ContactList::ToCorrect).await;
        let chats = to_correct.iter().filter(|line| line.contains(" chat ")).count();
        assert_eq!(chats, 0, "no source has one to correct: {to_correct:?}");
        let pupils = pupils_of(&school).await;
        assert_eq!(pupils.len(), 1);
        assert_eq!(pupils[0].key.source(), Source::from_word(source));
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

const INES_OF_SIECLE: &str = "siecle:1";
const ISABELLE_OF_SIECLE: &str = "siecle:9";

/// What the file has wrong of Isabelle, put right by hand: her name, how she is addressed, her number.
async fn isabelle_put_right(school: &School) -> Person {
    let changes = AdultChanges {
        civility: Some(Civility::Mme),
        family_name: Some("Garnier-Roux".to_owned()),
        first_name: None,
        contacts: vec![RightContact::Phone { was: None, is: Some(number("+33639980099")) }],
    };
    let key = PersonKey(ISABELLE_OF_SIECLE.to_owned());
    change_adult(&school.store, &school.id, &key, changes, By::program(NOW)).await.unwrap()
}

async fn ines_moved(school: &School, class: &str) -> Pupil {
    let changes = PupilChanges { class: Some(class.to_owned()), ..PupilChanges::default() };
    let key = PupilKey(INES_OF_SIECLE.to_owned());
    change_pupil(&school.store, &school.id, &key, changes, By::program(NOW)).await.unwrap()
}

#[tokio::test]
async fn what_was_changed_by_hand_no_import_changes_back_until_it_says_the_same() {
    let school = School::new();
    school.import(from("siecle")).await;
    assert_eq!(isabelle_put_right(&school).await.display_name(), "Isabelle GARNIER-ROUX");
    assert_eq!(ines_moved(&school, "6B").await.with_class(), "Inès BON (6B)");
    for _ in 0..2 {
        assert!(school.import(from("siecle")).await.is_empty());
        let persons = school.persons().await;
        assert_eq!(persons[0].person.display_name(), "Isabelle GARNIER-ROUX");
        assert_eq!(pupils_of(&school).await[0].class.as_deref(), Some("6B"));
    }
    let to_correct = school.list(ContactList::ToCorrect).await;
    let name = "Isabelle GARNIER-ROUX record Garnier-Roux".to_owned();
    assert!(to_correct.contains(&name), "{to_correct:?}");

    let mut right = from("siecle");
    right.pupils[0].class = Some("6B".to_owned());
    right.persons[0].family_name = "GARNIER-ROUX".to_owned();
    right.persons[0].contact_points = mobile("+33639980099");
    school.import(right.clone()).await;
    assert!(school.list(ContactList::ToCorrect).await.is_empty());
    right.pupils[0].class = Some("6C".to_owned());
    assert_eq!(school.import(right).await, ["changed pupil Inès BON"], "the source speaks again");
}

#[tokio::test]
async fn a_table_that_nobody_put_right_still_knows_whom_it_means() {
    let school = School::new();
    school.import(from("siecle")).await;
    isabelle_put_right(&school).await;
    ines_moved(&school, "6B").await;
    for class in ["6A", "6B"] {
        let mut of_old = table(&[INES]);
        of_old.pupils[0].class = Some(class.to_owned());
        school.import(of_old).await;
        assert_eq!(
            (school.persons().await.len(), pupils_of(&school).await.len()),
            (1, 1),
            "{class}"
        );
    }
}

#[tokio::test]
async fn a_record_that_the_office_added_is_changed_itself_and_still_met_by_its_file() {
    let (school, daughter, mother) = on_monday().await;
    let by = || By::program(NOW);
    let name = |name: &str| Some(name.to_owned());
    let typo = AdultChanges { family_name: name("Garnie"), ..AdultChanges::default() };
    change_adult(&school.store, &school.id, &mother.key, typo, by()).await.unwrap();
    let right = AdultChanges { family_name: name("Garnier"), ..AdultChanges::default() };
    let changed = change_adult(&school.store, &school.id, &mother.key, right, by()).await.unwrap();
    assert_eq!((changed.family_name.as_str(), changed.usage_name), ("Garnier", None));
    let moved = PupilChanges { class: name("6B"), ..PupilChanges::default() };
    change_pupil(&school.store, &school.id, &daughter.key, moved, by()).await.unwrap();
    school.import(from("siecle")).await;
    assert_eq!((school.persons().await.len(), pupils_of(&school).await.len()), (1, 1));
}

#[tokio::test]
async fn what_is_refused_changes_nothing_and_an_import_with_changes_since_stays() {
    let school = School::new();
    school.import(from("siecle")).await;
    let key = PersonKey(ISABELLE_OF_SIECLE.to_owned());
    let change = async |changes| {
        change_adult(&school.store, &school.id, &key, changes, By::program(NOW)).await
    };
    let nothing = change(AdultChanges::default()).await;
    assert!(matches!(nothing, Err(ChangeError::Nothing)));
    let blank = AdultChanges { first_name: Some(" ".to_owned()), ..AdultChanges::default() };
    assert!(matches!(change(blank).await, Err(ChangeError::NoName)));
    let half = AdultChanges {
        first_name: Some("Isa".to_owned()),
        contacts: vec![RightContact::Email {
            was: Some(EmailAddress::parse("nobody@example.org").unwrap()),
            is: None,
        }],
        ..AdultChanges::default()
    };
    let refused = change(half).await;
    assert!(matches!(refused, Err(ChangeError::Contact(CorrectError::NotTheirs))), "{refused:?}");
    assert_eq!(school.persons().await[0].person.first_name, "Isabelle");
    ines_moved(&school, "6B").await;
    let undone = directory::undo(&school.store, &school.id, By::program(NOW), None).await;
    assert!(matches!(undone, Err(UndoError::Noted(_))), "{undone:?}");
}
