//! The directory: what an import changes, and what it never does.

mod by_hand;
mod contacts;
mod ent_accounts;
mod identity;
mod look_up;
mod names;
mod sources;
mod undo;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::directory::{self, Change, ContactLine, ContactList, Detail};
use chappe::email_address::EmailAddress;
use chappe::import::{Covers, Origin, Reading};
use chappe::people::{
    By, Civility, ContactPoint, Duties, Guardianship, Person, PersonKey, PostalAddress, Pupil,
    PupilKey, Role, SchoolId, Source, Standing,
};
use chappe::phone_number::PhoneNumber;
use chappe::store::Store;
use chappe::store::people::{self, KeptPerson};
use tempfile::TempDir;

use crate::databases;

const NOW: Moment = Moment(1_795_000_000_000);
const EVERYBODY: Covers = Covers { pupils: true, guardians: true, staff: true };

/// A school's directory, and the imports that make it.
struct School {
    _folder: TempDir,
    store: Store,
    id: SchoolId,
}

impl School {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let store = databases::store(folder.path());
        Self { _folder: folder, store, id: SchoolId::parse("0319999Z").unwrap() }
    }

    /// Imports a reading; each change as "added guardian Ines DURAND".
    async fn import(&self, reading: Reading) -> Vec<String> {
        let diff = directory::diff(&self.store, &self.id, reading).await.unwrap();
        let details: Vec<String> = diff.details().map(|detail| said(&detail)).collect();
        directory::apply(&self.store, &self.id, &diff, By::program(NOW)).await.unwrap();
        details
    }

    async fn persons(&self) -> Vec<KeptPerson> {
        let id = self.id.clone();
        let read = self.store.read(move |tx| {
            let mut all = Vec::new();
            people::each_person(tx, &id, |kept| {
                all.push(kept);
                Ok(())
            })?;
            Ok(all)
        });
        read.await.unwrap()
    }

    /// The values of somebody's contact points, best first on each channel, with their source.
    async fn points(&self, key: &str) -> Vec<(String, String)> {
        let persons = self.persons().await;
        let kept = persons.iter().find(|kept| kept.person.key.0 == key).expect("a known person");
        let points = kept.points.iter();
        points
            .map(|one| {
                (one.point.value().to_owned(), one.source.map_or("", Source::as_str).to_owned())
            })
            .collect()
    }

    async fn list(&self, list: ContactList) -> Vec<String> {
        let lines = directory::contacts(&self.store, &self.id, list, None).await.unwrap();
        let of = |line: &ContactLine| line.channel.map_or("record", Channel::as_str);
        lines.iter().map(|line| format!("{} {} {}", line.name, of(line), line.value)).collect()
    }
}

fn said(detail: &Detail) -> String {
    let change = match detail.change {
        Change::Added => "added",
        Change::Changed => "changed",
        Change::Archived => "archived",
    };
    let who = format!("{:?}", detail.who).to_lowercase();
    format!("{change} {who} {}", detail.name)
}

fn person(key: &str, name: &str, role: Role, points: Vec<ContactPoint>) -> Person {
    let (first_name, family_name) = name.split_once(' ').unwrap();
    Person {
        key: PersonKey(key.to_owned()),
        role,
        civility: Some(Civility::Mme),
        family_name: family_name.to_owned(),
        usage_name: None,
        first_name: first_name.to_owned(),
        contact_points: points,
        typed: Vec::new(),
        postal_address: None,
        accepts_sms: true,
    }
}

fn guardian(key: &str, name: &str, points: Vec<ContactPoint>) -> Person {
    person(key, name, Role::Guardian, points)
}

fn teacher(key: &str, name: &str, duties: Duties, points: Vec<ContactPoint>) -> Person {
    person(key, name, Role::Staff(Box::new(duties)), points)
}

fn pupil(key: &str, name: &str, class: &str) -> Pupil {
    let (first_name, family_name) = name.split_once(' ').unwrap();
    Pupil {
        key: PupilKey(key.to_owned()),
        family_name: family_name.to_owned(),
        usage_name: None,
        first_name: first_name.to_owned(),
        class: Some(class.to_owned()),
        groups: Vec::new(),
        level: None,
        left_on: None,
    }
}

fn tie(pupil: &str, person: &str) -> Guardianship {
    Guardianship {
        pupil: PupilKey(pupil.to_owned()),
        person: PersonKey(person.to_owned()),
        standing: Standing::LegalRepresentative,
        kinship: 10,
    }
}

fn email(address: &str) -> ContactPoint {
    ContactPoint::Email(EmailAddress::parse(address).unwrap())
}

fn number(e164: &str) -> PhoneNumber {
    PhoneNumber::from_e164(e164).unwrap()
}

fn mobile(e164: &str) -> Vec<ContactPoint> {
    ContactPoint::of_phone(&number(e164)).collect()
}

fn home(street: &str) -> PostalAddress {
    PostalAddress {
        lines: vec![street.to_owned()],
        postcode: "31999".to_owned(),
        town: "VALCLAIR".to_owned(),
        country: None,
    }
}

/// Zoé and her mother, as SIECLE gives them.
fn zoe_and_her_mother(points: Vec<ContactPoint>) -> Reading {
    Reading {
        pupils: vec![pupil("siecle:1", "Zoé DURAND", "6A")],
        persons: vec![guardian("siecle:9", "Inès DURAND", points)],
        guardianships: vec![tie("siecle:1", "siecle:9")],
        covers: Covers { staff: false, ..EVERYBODY },
        ..Reading::default()
    }
}

#[tokio::test]
async fn the_same_files_twice_change_nothing() {
    let school = School::new();
    let reading = || zoe_and_her_mother(mobile("+33639980001"));
    assert_eq!(
        school.import(reading()).await,
        ["added pupil Zoé DURAND", "added guardian Inès DURAND"]
    );
    assert!(school.import(reading()).await.is_empty());
}

#[tokio::test]
async fn every_change_says_where_it_stands_and_what_differs() {
    let school = School::new();
    school.import(zoe_and_her_mother(mobile("+33639980001"))).await;
    let mut reading = zoe_and_her_mother(mobile("+33639980002"));
    reading.pupils[0].class = Some("6B".to_owned());
    reading.pupil_origins.insert(&PupilKey("siecle:1".to_owned()), Origin { file: 0, line: 12 });
    reading.person_origins.insert(&PersonKey("siecle:9".to_owned()), Origin { file: 1, line: 34 });
    let diff = directory::diff(&school.store, &school.id, reading).await.unwrap();
    let details: Vec<Detail> = diff.details().collect();
    let told: Vec<(Change, Option<Origin>, &str)> =
        details.iter().map(|it| (it.change, it.origin, it.reason.as_str())).collect();
    let zoe = (Change::Changed, Some(Origin { file: 0, line: 12 }), "classe : 6A → 6B");
    let points = "coordonnées : 2 de plus, 2 de moins";
    let ines = (Change::Changed, Some(Origin { file: 1, line: 34 }), points);
    assert_eq!(told, [zoe, ines]);
    assert!(!format!("{details:?}").contains("DURAND"), "a log could name people");
}

#[tokio::test]
async fn who_is_missing_from_a_complete_file_is_archived_and_said_so() {
    let school = School::new();
    school.import(zoe_and_her_mother(Vec::new())).await;
    let mut reading = zoe_and_her_mother(Vec::new());
    reading.pupils = vec![pupil("siecle:2", "Léo PETIT", "6B")];
    reading.persons = vec![guardian("siecle:8", "Anne PETIT", Vec::new())];
    reading.guardianships = vec![tie("siecle:2", "siecle:8")];
    let changes = school.import(reading).await;
    assert_eq!(
        changes,
        [
            "added pupil Léo PETIT",
            "archived pupil Zoé DURAND",
            "added guardian Anne PETIT",
            "archived guardian Inès DURAND"
        ]
    );
}

#[tokio::test]
async fn a_tenth_is_few_and_more_than_a_tenth_is_many() {
    let school = School::new();
    let pupils = |count: usize| Reading {
        pupils: (0..count)
            .map(|n| pupil(&format!("siecle:{n}"), &format!("Zoé DURAND{n}"), "6A"))
            .collect(),
        covers: Covers { pupils: true, ..Covers::default() },
        ..Reading::default()
    };
    school.import(pupils(20)).await;
    for (left, many) in [(19, false), (18, false), (17, true)] {
        let diff = directory::diff(&school.store, &school.id, pupils(left)).await.unwrap();
        assert_eq!(diff.changes.archives_many(), many, "{left} of 20 left");
    }
}

#[tokio::test]
async fn households_are_counted_by_address_and_pupil() {
    let school = School::new();
    let mut reading = zoe_and_her_mother(Vec::new());
    reading.persons[0].postal_address = Some(home("1 RUE DU MOULIN"));
    for (key, street) in [("siecle:8", "1 rue du Moulin"), ("siecle:7", "2 RUE DU PUITS")] {
        let mut parent = guardian(key, "Jean DURAND", Vec::new());
        parent.postal_address = Some(home(street));
        reading.persons.push(parent);
        reading.guardianships.push(tie("siecle:1", key));
    }
    let diff = directory::diff(&school.store, &school.id, reading.clone()).await.unwrap();
    assert_eq!(diff.changes.households, 2);
    directory::apply(&school.store, &school.id, &diff, By::program(NOW)).await.unwrap();
    let again = directory::diff(&school.store, &school.id, reading).await.unwrap();
    assert_eq!(again.changes.households, 2);
}

#[tokio::test]
async fn a_tie_that_changes_alone_is_a_change_of_its_guardian() {
    let school = School::new();
    school.import(zoe_and_her_mother(Vec::new())).await;
    let mut reading = zoe_and_her_mother(Vec::new());
    reading.guardianships[0].standing = Standing::EmergencyContact;
    assert_eq!(school.import(reading.clone()).await, ["changed guardian Inès DURAND"]);
    assert!(school.import(reading).await.is_empty());
    let missing = school.list(ContactList::Missing).await;
    assert!(missing.is_empty(), "an emergency contact has no pupils to be told of: {missing:?}");
}
