//! A search that answers while one types: whom it finds, for whom, and how fast.

use std::time::Instant;

use chappe::directory::{FoundPeople, classes, look_up};
use chappe::people::{Handle, Whom};
use chappe::store::contact_points::{self, Given};
use chappe::store::pupils;

use super::*;

fn adult(key: &str, name: &str) -> Person {
    Person { civility: None, ..guardian(key, name, Vec::new()) }
}

fn tie(pupil: &str, person: &str) -> Guardianship {
    Guardianship {
        pupil: PupilKey(pupil.to_owned()),
        person: PersonKey(person.to_owned()),
        standing: Standing::LegalRepresentative,
        kinship: 10,
    }
}

/// Two families of two classes, one of which has a child in each, and a teacher.
async fn families(store: &Store, id: &SchoolId) {
    let id = id.clone();
    let put = store.write(move |tx| {
        for person in [
            adult("siecle:1", "Hélène PETIT"),
            adult("siecle:2", "Karim BENALI"),
            adult("siecle:3", "Inès D'ARTAGNAN"),
            teacher("sts:epp:1", "Anne PETITJEAN", Duties::default(), Vec::new()),
        ] {
            people::put_person(tx, &id, &person)?;
        }
        for one in [
            pupil("siecle:91", "Zoé PETIT", "6 A"),
            pupil("siecle:92", "Léo PETIT", "601"),
            pupil("siecle:93", "Sami BENALI", "601"),
        ] {
            pupils::put(tx, &id, &one)?;
        }
        for (pupil, person) in [("91", "1"), ("92", "1"), ("93", "2"), ("93", "3")] {
            let tie = tie(&format!("siecle:{pupil}"), &format!("siecle:{person}"));
            pupils::put_guardianship(tx, &id, &tie)?;
        }
        for (key, typed) in [("siecle:1", "06 39 98 00 01"), ("siecle:2", "06 39 98 12 34")] {
            let number = PhoneNumber::parse(typed, "FR").unwrap();
            let given = Given { rank: 0, source: Source::Siecle, typed: None };
            for point in ContactPoint::of_phone(&number) {
                contact_points::put(tx, &id, &PersonKey(key.to_owned()), &point, &given, NOW)?;
            }
        }
        let email = ContactPoint::Email(EmailAddress::parse("ines@example.org").unwrap());
        let given = Given { rank: 0, source: Source::Siecle, typed: None };
        contact_points::put(tx, &id, &PersonKey("siecle:3".to_owned()), &email, &given, NOW)
    });
    put.await.unwrap();
}

/// `6 A 1; Zoé PETIT (6 A), Hélène PETIT; …`: classes, pupils with their guardians, adults with their pupils.
fn told(found: &FoundPeople) -> String {
    let class = found.classes.iter().map(|(class, many)| format!("{class} {many}"));
    let names =
        |persons: &[Person]| persons.iter().map(Person::display_name).collect::<Vec<_>>().join("+");
    let pupil =
        found.pupils.iter().map(|(pupil, of)| format!("{} < {}", pupil.with_class(), names(of)));
    let person = found.persons.iter().map(|(person, of)| {
        let of: Vec<String> = of.iter().map(Pupil::with_class).collect();
        format!("{} > {}", person.display_name(), of.join("+"))
    });
    class.chain(pupil).chain(person).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn people_are_found_by_name_number_address_and_class_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let id = SchoolId::parse("0319999Z").unwrap();
    let helene = "Hélène PETIT > Zoé PETIT (6 A)+Léo PETIT (601)";
    let (zoe, leo) = ("Zoé PETIT (6 A) < Hélène PETIT", "Léo PETIT (601) < Hélène PETIT");
    let sami = "Sami BENALI (601) < Karim BENALI+Inès D'ARTAGNAN";
    for store in databases::both(folder.path()) {
        families(&store, &id).await;
        for (typed, expected) in [
            ("zoe", zoe.to_owned()),
            ("PETIT Z", zoe.to_owned()),
            ("hél", helene.to_owned()),
            ("petit", format!("{leo}; {zoe}; {helene}; Anne PETITJEAN > ")),
            ("petit 601", leo.to_owned() + "; " + helene),
            ("sami", sami.to_owned()),
            ("artagnan", "Inès D'ARTAGNAN > Sami BENALI (601)".to_owned()),
            ("dartagnan in", "Inès D'ARTAGNAN > Sami BENALI (601)".to_owned()),
            ("06 39 98 00", helene.to_owned()),
            ("+33639981234", "Karim BENALI > Sami BENALI (601)".to_owned()),
            ("ines@example.org", "Inès D'ARTAGNAN > Sami BENALI (601)".to_owned()),
            ("6a", "6 A 1".to_owned()),
            ("6", "6 A 1; 601 2".to_owned()),
            ("601", "601 2".to_owned()),
            ("0639", String::new()),
            ("nobody", String::new()),
            ("' OR 1=1 --", String::new()),
            ("", String::new()),
        ] {
            let found = look_up(&store, &id, &Whom::Everybody, typed, 20).await.unwrap();
            assert_eq!(told(&found), expected, "{typed}");
            assert!(!found.has_more);
        }
        let found = look_up(&store, &id, &Whom::Everybody, "petit", 1).await.unwrap();
        assert!(found.has_more && found.pupils.len() == 1 && found.persons.len() == 1);
        let other = SchoolId::parse("0310001A").unwrap();
        let found = look_up(&store, &other, &Whom::Everybody, "petit", 20).await.unwrap();
        assert_eq!(told(&found), "");
    }
}

#[tokio::test]
async fn whoever_has_a_class_of_their_own_finds_nobody_else() {
    let school = School::new();
    families(&school.store, &school.id).await;
    let look = async |whom: &Whom, typed: &str| {
        told(&look_up(&school.store, &school.id, whom, typed, 20).await.unwrap())
    };
    let teacher = Whom::Own { classes: vec!["6 A".to_owned()], pupils: Vec::new() };
    let zoe = "Zoé PETIT (6 A) < Hélène PETIT; Hélène PETIT > Zoé PETIT (6 A)";
    assert_eq!(look(&teacher, "petit").await, zoe, "the brother is in another class");
    for hidden in ["sami", "benali", "0639981234", "ines@example.org", "petitjean", "601"] {
        assert_eq!(look(&teacher, hidden).await, "", "{hidden}");
    }
    assert_eq!(look(&teacher, "0639980001").await, "Hélène PETIT > Zoé PETIT (6 A)");
    let tutor = Whom::Own { classes: Vec::new(), pupils: vec![PupilKey("siecle:93".to_owned())] };
    assert_eq!(
        look(&tutor, "ben").await,
        "Sami BENALI (601) < Karim BENALI+Inès D'ARTAGNAN; Karim BENALI > Sami BENALI (601)"
    );
    assert_eq!(look(&tutor, "petit").await, "");
    let seen = classes(&school.store, &school.id, &teacher).await.unwrap();
    assert_eq!(seen, [(Some("6 A".to_owned()), 1)]);
}

#[tokio::test]
async fn an_address_of_a_page_is_known_in_its_own_school_and_as_long_as_they_are_there() {
    let folder = TempDir::new().unwrap();
    let id = SchoolId::parse("0319999Z").unwrap();
    let other = SchoolId::parse("0310001A").unwrap();
    for store in databases::both(folder.path()) {
        families(&store, &id).await;
        let (id, other) = (id.clone(), other.clone());
        let key = PersonKey("siecle:1".to_owned());
        let look = store.write(move |tx| {
            let handle = Handle::of_person(&key);
            let here = people::by_handle(tx, &id, &handle)?;
            let there = people::by_handle(tx, &other, &handle)?;
            people::archive_person(tx, &id, &key, NOW)?;
            let pupil =
                pupils::by_handle(tx, &id, &Handle::of_pupil(&PupilKey("siecle:91".to_owned())))?;
            Ok((
                here == Some(key),
                there,
                people::by_handle(tx, &id, &handle)?,
                pupil.map(|it| it.first_name),
            ))
        });
        assert_eq!(look.await.unwrap(), (true, None, None, Some("Zoé".to_owned())));
    }
}

/// Among so many pupils, and as many adults.
const MANY: usize = 50_000;

/// So many families, whose names come again and again.
async fn fill(school: &School) {
    let (first, family) = (
        ["Léa", "Lucas", "Emma", "Hugo", "Inès", "Louis", "Zoé", "Adam"],
        ["MARTIN", "BERNARD", "PETIT", "LE GOFF", "DURAND", "MOREAU", "SIMON", "LAURENT"],
    );
    let id = school.id.clone();
    let put = school.store.write(move |tx| {
        for number in 0..MANY {
            let name = format!(
                "{} {}{}",
                first[number % 8],
                family[number / 8 % 8],
                ["", "EAU", "OT", "-ROY"][number / 64 % 4]
            );
            let class = format!("{}{}", 6 - number % 4, number % 900);
            pupils::put(tx, &id, &pupil(&format!("siecle:{number}"), &name, &class))?;
            people::put_person(tx, &id, &adult(&format!("siecle:1{number}"), &name))?;
            pupils::put_guardianship(
                tx,
                &id,
                &tie(&format!("siecle:{number}"), &format!("siecle:1{number}")),
            )?;
            let phone = PhoneNumber::parse(
                &format!("06 39 98 {:02} {:02}", number / 100 % 100, number % 100),
                "FR",
            )
            .unwrap();
            let given = Given { rank: 0, source: Source::Siecle, typed: None };
            contact_points::put(
                tx,
                &id,
                &PersonKey(format!("siecle:1{number}")),
                &ContactPoint::Sms(phone),
                &given,
                NOW,
            )?;
        }
        Ok(())
    });
    put.await.unwrap();
}

#[tokio::test]
#[ignore = "fills a large directory: run by hand, with --ignored --nocapture"]
async fn a_search_among_a_hundred_thousand_people_answers_as_one_types() {
    let school = School::new();
    fill(&school).await;
    for typed in [
        "m",
        "ma",
        "martin",
        "martin l",
        "martin lucas",
        "le m",
        "l m",
        "lucas",
        "zoé",
        "06 39 98 12",
        "0639981234",
        "6",
        "61 martin",
        "xyz",
    ] {
        let begun = Instant::now();
        let found = look_up(&school.store, &school.id, &Whom::Everybody, typed, 20).await.unwrap();
        println!(
            "{typed:>14}  {:>6.1?}  {} pupils, {} adults",
            begun.elapsed(),
            found.pupils.len(),
            found.persons.len()
        );
    }
}
