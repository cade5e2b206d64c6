//! Several sources for one school: each speaks for itself.

use chappe::directory::RightContact;
use chappe::people::{By, RestrictedTie, Restriction};
use chappe::store::{contact_points, restrictions};

use super::*;

fn staff_of_sts() -> Reading {
    let duties = Duties { function: "ENS".to_owned(), ..Duties::default() };
    Reading {
        persons: vec![teacher("sts:epp:24", "Anne LEROY", duties, Vec::new())],
        covers: Covers { staff: true, ..Covers::default() },
        ..Reading::default()
    }
}

/// A table of the staff: Anne's number and what she speaks, and a supervisor whom STS never knows.
fn staff_table() -> Reading {
    let skills = vec!["arabe".to_owned()];
    let anne = Duties { skills, ..Duties::default() };
    let tom = Duties { function: "AED".to_owned(), ..Duties::default() };
    Reading {
        persons: vec![
            teacher("table:a", "Anne Leroy", anne, mobile("+33639980001")),
            teacher("table:b", "Tom PETIT", tom, mobile("+33639980002")),
        ],
        ..Reading::default()
    }
}

fn skills(kept: &KeptPerson) -> (&str, Vec<String>) {
    match &kept.person.role {
        Role::Staff(duties) => (&kept.person.key.0, duties.skills.clone()),
        Role::Guardian => panic!("no staff"),
    }
}

/// What must stand whichever file came first.
async fn check_staff(school: &School) {
    let persons = school.persons().await;
    let known: Vec<(&str, Vec<String>)> = persons.iter().map(skills).collect();
    assert_eq!(known, [("sts:epp:24", vec!["arabe".to_owned()]), ("table:b", Vec::new())]);
    let source = |value: &str| (value.to_owned(), "table".to_owned());
    let both = [source("+33639980001"), source("+33639980001")];
    assert_eq!(school.points("sts:epp:24").await, both);
    assert!(school.import(staff_of_sts()).await.is_empty(), "STS forgets what the table gave");
    assert!(school.import(staff_table()).await.is_empty(), "the table twice changes something");
    assert_eq!(school.points("sts:epp:24").await, both);
}

#[tokio::test]
async fn a_table_adds_numbers_and_skills_to_the_staff_of_sts() {
    let school = School::new();
    school.import(staff_of_sts()).await;
    let changes = school.import(staff_table()).await;
    assert_eq!(changes, ["changed staff Anne LEROY", "added staff Tom PETIT"]);
    check_staff(&school).await;
}

#[tokio::test]
async fn sts_after_the_table_takes_over_what_the_table_knew() {
    let school = School::new();
    school.import(staff_table()).await;
    let changes = school.import(staff_of_sts()).await;
    assert_eq!(changes, ["changed staff Anne LEROY"]);
    check_staff(&school).await;
}

#[tokio::test]
async fn of_two_namesakes_a_table_touches_neither() {
    let school = School::new();
    let mut sts = staff_of_sts();
    sts.persons.push(teacher("sts:epp:25", "Anne LEROY", Duties::default(), Vec::new()));
    school.import(sts).await;
    school.import(staff_table()).await;
    assert!(school.points("sts:epp:24").await.is_empty());
    assert!(school.points("sts:epp:25").await.is_empty());
    assert_eq!(school.points("table:a").await.len(), 2, "she stands apart until somebody tells");
}

#[tokio::test]
async fn a_complete_file_archives_nobody_of_another_source() {
    let school = School::new();
    school.import(zoe_and_her_mother(Vec::new())).await;
    school.import(staff_table()).await;
    assert_eq!(school.import(staff_of_sts()).await, ["changed staff Anne LEROY"]);
    let keys: Vec<String> =
        school.persons().await.into_iter().map(|kept| kept.person.key.0).collect();
    assert_eq!(keys, ["siecle:9", "sts:epp:24", "table:b"]);
}

#[tokio::test]
async fn a_table_of_guardians_adds_to_those_who_have_a_pupil_in_common() {
    let school = School::new();
    school.import(zoe_and_her_mother(Vec::new())).await;
    let table = || Reading {
        pupils: vec![pupil("table:z", "zoe durand", "6A")],
        persons: vec![guardian("table:i", "INES DURAND", vec![email("ines@example.org")])],
        guardianships: vec![tie("table:z", "table:i")],
        ..Reading::default()
    };
    assert_eq!(school.import(table()).await, ["changed guardian Inès DURAND"]);
    let given = [("ines@example.org".to_owned(), "table".to_owned())];
    assert_eq!(school.points("siecle:9").await, given);
    assert!(school.import(table()).await.is_empty());
    assert!(school.import(zoe_and_her_mother(Vec::new())).await.is_empty());
    assert_eq!(school.points("siecle:9").await, given);
}

#[tokio::test]
async fn a_guardian_of_another_child_of_that_name_is_somebody_else() {
    let school = School::new();
    school.import(zoe_and_her_mother(Vec::new())).await;
    let table = Reading {
        pupils: vec![pupil("table:t", "Tom PETIT", "6B")],
        persons: vec![guardian("table:i", "Inès DURAND", vec![email("other@example.org")])],
        guardianships: vec![tie("table:t", "table:i")],
        ..Reading::default()
    };
    assert_eq!(school.import(table).await, ["added pupil Tom PETIT", "added guardian Inès DURAND"]);
    assert!(school.points("siecle:9").await.is_empty());
}

#[tokio::test]
async fn a_number_that_the_source_drops_is_dropped_and_one_of_another_source_stays() {
    let school = School::new();
    school.import(zoe_and_her_mother(vec![email("old@example.org")])).await;
    let id = school.id.clone();
    let account = ContactPoint::Ent("ent-9".into());
    let link = move |tx: &chappe::store::Tx<'_>| {
        let ines = PersonKey("siecle:9".to_owned());
        let given = contact_points::Given { rank: 0, source: Source::Ent, typed: None };
        contact_points::put(tx, &id, &ines, &account, &given, NOW)
    };
    school.store.write(link).await.unwrap();
    school.import(zoe_and_her_mother(vec![email("new@example.org")])).await;
    let points = school.points("siecle:9").await;
    let values: Vec<&str> = points.iter().map(|(value, _)| value.as_str()).collect();
    assert_eq!(values, ["new@example.org", "ent-9"]);
}

/// Zoé and her mother as a table gives them: names, no ids.
fn family_table() -> Reading {
    Reading {
        pupils: vec![pupil("table:z", "Zoé DURAND", "6A")],
        persons: vec![guardian("table:i", "Inès DURAND", mobile("+33639980001"))],
        guardianships: vec![tie("table:z", "table:i")],
        ..Reading::default()
    }
}

#[tokio::test]
async fn what_the_office_noted_by_hand_goes_over_to_the_record_with_an_id() {
    let school = School::new();
    school.import(family_table()).await;
    let (id, ines) = (school.id.clone(), PersonKey("table:i".to_owned()));
    let restriction = RestrictedTie {
        pupil: PupilKey("table:z".to_owned()),
        person: ines.clone(),
        why: Restriction::Court,
        note: String::new(),
    };
    directory::restrict(&school.store, &id, restriction, By::program(NOW)).await.unwrap();
    let is = Some(number("+33639980002"));
    let right = RightContact::Phone { was: Some(number("+33639980001")), is };
    directory::correct(&school.store, &id, &ines, right, By::program(NOW)).await.unwrap();
    let changes = school.import(zoe_and_her_mother(mobile("+33639980001"))).await;
    assert_eq!(changes, ["changed pupil Zoé DURAND", "changed guardian Inès DURAND"]);
    let kept = school.store.read(move |tx| restrictions::ties(tx, &id)).await.unwrap();
    let to_siecle = kept.iter().any(|it| it.pupil.0 == "siecle:1" && it.person.0 == "siecle:9");
    assert!(to_siecle, "a court ruling was forgotten: {kept:?}");
    for _ in 0..2 {
        let points = school.points("siecle:9").await;
        assert!(points.iter().all(|(value, _)| value == "+33639980002"), "{points:?}");
        assert_eq!(school.list(ContactList::ToCorrect).await.len(), 1);
        assert!(school.import(zoe_and_her_mother(mobile("+33639980001"))).await.is_empty());
    }
}

#[tokio::test]
async fn a_made_up_key_that_changes_is_the_same_person() {
    let school = School::new();
    let onde = |pupil_key: &str, key: &str| Reading {
        pupils: vec![pupil(pupil_key, "Zoé DURAND", "CM1")],
        persons: vec![guardian(key, "Inès DURAND", mobile("+33639980001"))],
        guardianships: vec![tie(pupil_key, key)],
        covers: Covers { staff: false, ..EVERYBODY },
        ..Reading::default()
    };
    school.import(onde("onde:aa", "onde:bb")).await;
    let changes = school.import(onde("onde:cc", "onde:dd")).await;
    assert_eq!(changes, ["changed pupil Zoé DURAND", "changed guardian Inès DURAND"]);
    assert_eq!(school.persons().await.len(), 1);
}

#[tokio::test]
async fn a_level_is_not_forgotten_by_an_export_that_tells_none() {
    let school = School::new();
    let mut full = zoe_and_her_mother(Vec::new());
    full.pupils[0].level = Some("6e".to_owned());
    school.import(full).await;
    assert!(school.import(zoe_and_her_mother(Vec::new())).await.is_empty());
}

#[tokio::test]
async fn a_table_read_beside_sts_archives_nobody_of_earlier_tables() {
    let school = School::new();
    school.import(staff_table()).await;
    let mut both = staff_of_sts();
    let duties = Duties { function: "AED".to_owned(), ..Duties::default() };
    both.persons.push(teacher("table:c", "Lou GRAND", duties, Vec::new()));
    let changes = school.import(both).await;
    assert!(changes.iter().all(|change| !change.starts_with("archived")), "{changes:?}");
    let tom = school.persons().await.iter().any(|kept| kept.person.key.0 == "table:b");
    assert!(tom, "the supervisor of the first table is gone");
}

#[tokio::test]
async fn two_of_one_name_are_never_taken_for_the_same_third() {
    let school = School::new();
    let twins = Reading {
        pupils: vec![
            pupil("table:x", "Lucas MARTIN", "6A"),
            pupil("table:y", "Lucas MARTIN", "6B"),
        ],
        ..Reading::default()
    };
    school.import(twins).await;
    let mut siecle = zoe_and_her_mother(Vec::new());
    siecle.pupils[0] = pupil("siecle:1", "Lucas MARTIN", "6C");
    assert_eq!(
        school.import(siecle).await,
        ["added pupil Lucas MARTIN", "added guardian Inès DURAND"]
    );
}

#[tokio::test]
async fn a_namesake_in_another_class_is_another_pupil() {
    let school = School::new();
    school.import(zoe_and_her_mother(Vec::new())).await;
    let table = Reading {
        pupils: vec![pupil("table:z", "Zoé DURAND", "3B")],
        persons: vec![guardian("table:p", "Paul DURAND", Vec::new())],
        guardianships: vec![tie("table:z", "table:p")],
        ..Reading::default()
    };
    let changes = school.import(table).await;
    assert_eq!(changes, ["added pupil Zoé DURAND", "added guardian Paul DURAND"]);
}

#[tokio::test]
async fn from_onde_to_siecle_nobody_is_there_twice() {
    let school = School::new();
    let onde = Reading {
        pupils: vec![pupil("onde:aa", "Zoé DURAND", "CM2")],
        persons: vec![guardian("onde:bb", "Inès DURAND", mobile("+33639980001"))],
        guardianships: vec![tie("onde:aa", "onde:bb")],
        covers: Covers { staff: false, ..EVERYBODY },
        ..Reading::default()
    };
    school.import(onde).await;
    let changes = school.import(zoe_and_her_mother(mobile("+33639980002"))).await;
    assert_eq!(changes, ["changed pupil Zoé DURAND", "changed guardian Inès DURAND"]);
    assert_eq!(school.persons().await.len(), 1);
    let points = school.points("siecle:9").await;
    assert!(points.iter().all(|(value, _)| value == "+33639980002"), "{points:?}");
}

#[tokio::test]
async fn a_second_complete_source_of_pupils_is_told_before_it_doubles_everybody() {
    let school = School::new();
    school.import(zoe_and_her_mother(Vec::new())).await;
    let aaf = Reading {
        pupils: vec![pupil("aaf:7", "Zoé DURAND", "6A")],
        covers: Covers { pupils: true, ..Covers::default() },
        ..Reading::default()
    };
    let diff = directory::diff(&school.store, &school.id, aaf).await.unwrap();
    assert_eq!(diff.other_source, Some(Source::Siecle));
    let again = zoe_and_her_mother(Vec::new());
    let diff = directory::diff(&school.store, &school.id, again).await.unwrap();
    assert_eq!(diff.other_source, None);
}

#[tokio::test]
async fn a_restriction_whose_record_would_vanish_is_told_before() {
    let school = School::new();
    let onde = |key: &str, name: &str| Reading {
        pupils: vec![pupil("onde:aa", "Zoé DURAND", "CM1")],
        persons: vec![guardian(key, name, Vec::new())],
        guardianships: vec![tie("onde:aa", key)],
        covers: Covers { staff: false, ..EVERYBODY },
        ..Reading::default()
    };
    school.import(onde("onde:bb", "Mohamed DURAND")).await;
    let restriction = RestrictedTie {
        pupil: PupilKey("onde:aa".to_owned()),
        person: PersonKey("onde:bb".to_owned()),
        why: Restriction::Court,
        note: String::new(),
    };
    directory::restrict(&school.store, &school.id, restriction, By::program(NOW)).await.unwrap();
    let put_right = onde("onde:cc", "Mohammed DURAND");
    let diff = directory::diff(&school.store, &school.id, put_right).await.unwrap();
    assert_eq!(diff.restricted_gone, ["Mohamed DURAND"]);
    let same = onde("onde:bb", "Mohamed DURAND");
    let diff = directory::diff(&school.store, &school.id, same).await.unwrap();
    assert!(diff.restricted_gone.is_empty());
}
