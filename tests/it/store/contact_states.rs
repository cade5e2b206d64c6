//! Ways to people are counted and listed by their state, in the order of names, but for people who left.

use std::collections::BTreeMap;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::email_address::EmailAddress;
use chappe::people::{ContactPoint, ContactState, Person, PersonKey, PostalAddress, Role, Source};
use chappe::phone_number::PhoneNumber;
use chappe::store::contact_points::{self, Given};
use chappe::store::{StoreError, Tx, people};

use super::{on_both, school};

const NOW: Moment = Moment(1_796_000_000_000);
const GIVEN: Given<'_> = Given { rank: 0, source: Source::Siecle, typed: None };

fn home() -> PostalAddress {
    let lines = vec!["1 RUE HAUTE".to_owned()];
    let (postcode, town) = ("31999".to_owned(), "VALCLAIR".to_owned());
    PostalAddress { lines, postcode, town, country: None }
}

fn email(name: &str) -> ContactPoint {
    ContactPoint::Email(EmailAddress::parse(&format!("{name}@example.org")).unwrap())
}

fn mobile(last: u32) -> ContactPoint {
    ContactPoint::Sms(PhoneNumber::parse(&format!("06 39 98 00 0{last}"), "FR").unwrap())
}

fn put(tx: &Tx<'_>, key: &str, name: &str, ways: &[ContactPoint]) -> Result<(), StoreError> {
    let person = Person {
        key: PersonKey(key.to_owned()),
        role: Role::Guardian,
        civility: None,
        family_name: name.to_owned(),
        usage_name: None,
        first_name: "Alix".to_owned(),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: Some(home()),
        accepts_sms: true,
    };
    people::put_person(tx, &school(), &person)?;
    for way in ways {
        contact_points::put(tx, &school(), &person.key, way, &GIVEN, NOW)?;
    }
    Ok(())
}

/// Three who are here, of whom two have a dead mailbox, and one who left with another.
fn filled(tx: &Tx<'_>) -> Result<(), StoreError> {
    put(tx, "siecle:1", "PETIT", &[email("petit"), mobile(1)])?;
    put(tx, "siecle:2", "DURAND", &[email("durand"), mobile(2)])?;
    put(tx, "siecle:3", "MOREAU", &[email("moreau")])?;
    put(tx, "siecle:4", "AUTRE", &[email("autre"), mobile(4)])?;
    for dead in ["petit", "durand", "autre"] {
        contact_points::set_state(tx, &school(), &email(dead), ContactState::Dead, NOW)?;
    }
    let moved = PersonKey("siecle:3".to_owned());
    people::set_post_state(tx, &school(), &moved, &home(), ContactState::Dead, NOW)?;
    people::archive_person(tx, &school(), &PersonKey("siecle:4".to_owned()), NOW)
}

/// The names of those who have a dead way, after so many of them.
fn dead(
    tx: &Tx<'_>,
    channel: Option<Channel>,
    part: (usize, usize),
) -> Result<Vec<String>, StoreError> {
    let found = people::with_points_in(tx, &school(), ContactState::Dead, channel, part)?;
    assert!(found.iter().all(|(_, kept)| kept.state == ContactState::Dead));
    Ok(found.into_iter().map(|(person, _)| person.family_name).collect())
}

#[tokio::test]
async fn ways_are_counted_and_listed_by_state_but_those_of_people_who_left() {
    on_both(async |store| {
        store.write(filled).await.unwrap();
        let look = |tx: &Tx<'_>| {
            let counts = contact_points::count_states(tx, &school())?.into_iter();
            let counts: BTreeMap<_, _> =
                counts.map(|it| ((it.state.as_str(), it.channel), it.count)).collect();
            let expected = [
                (("dead", Channel::Email), 2),
                (("unverified", Channel::Email), 1),
                (("unverified", Channel::Sms), 2),
            ];
            assert_eq!(counts, expected.into());
            let posts = people::count_post_states(tx, &school())?.into_iter();
            let posts: BTreeMap<_, _> = posts.map(|(state, it)| (state.as_str(), it)).collect();
            assert_eq!(posts, [("dead", 1), ("unverified", 2)].into());
            assert_eq!(dead(tx, None, (0, 9))?, ["DURAND", "PETIT"]);
            assert_eq!(dead(tx, Some(Channel::Email), (1, 1))?, ["PETIT"]);
            assert!(dead(tx, Some(Channel::Sms), (0, 9))?.is_empty());
            let moved = people::with_post_in(tx, &school(), ContactState::Dead, (0, 9))?;
            let moved: Vec<_> = moved.iter().map(|(it, at)| (&*it.family_name, *at)).collect();
            assert_eq!(moved, [("MOREAU", Some(NOW))]);
            Ok(())
        };
        store.read(look).await.unwrap();
    })
    .await;
}
