//! What is kept in memory of the directory answers as the database would, whatever was changed since. `Settled::find` and
//! `Settled::recipients` hold the one against the other at each look.

use chappe::clock::Moment;
use chappe::email_address::EmailAddress;
use chappe::people::{
    By, Connectivity, ContactPoint, ContactState, Guardianship, Mark, Profile, PupilKey,
    RestrictedTie, Restriction, Standing,
};
use chappe::store::contact_points::{self, Given};
use chappe::store::{StoreError, Tx, directory_changes, households, people, pupils, restrictions};

use super::town::{NOW, Settled, Town, key_of, school};
use chappe::delivery::Recipient;
use chappe::people::Source;

const RULES: [&str; 3] = ["familles", "foyers connexion:smartphone", "personnels"];

async fn town() -> Settled {
    let town = Town::default()
        .adults(
            "Inès DURAND: ent mail=ines mobile=01 home=LILAS\n Paul DURAND: mail=paul home=lilas\n\
             Zita PETIT: mobile=02 home=PINS\n Zita PETIT-BIS: mobile=03",
        )
        .staff("Anne LEROY: ENS pp=6A mobile=09")
        .pupils(
            "Zoé DURAND 6A: Inès DURAND, Paul DURAND\n Léo PETIT 3B: Zita PETIT\n\
             Léa PETIT 3B: Zita PETIT-BIS",
        );
    town.settle().await
}

fn zoe() -> PupilKey {
    PupilKey("siecle:Zoé DURAND".to_owned())
}

fn mail_of_ines() -> ContactPoint {
    ContactPoint::Email(EmailAddress::parse("ines@example.org").unwrap())
}

fn ruling() -> RestrictedTie {
    RestrictedTie {
        pupil: zoe(),
        person: key_of("Paul DURAND"),
        why: Restriction::Court,
        note: String::new(),
    }
}

type Change = fn(&Tx<'_>) -> Result<(), StoreError>;

/// One after the other; each changes what somebody gets, or by which way.
const CHANGES: [(&str, Change); 16] = [
    ("an address that comes first", |tx| {
        let address = EmailAddress::parse("ines.durand@example.org").unwrap();
        let given = Given { rank: 0, source: Source::Hand, typed: None };
        let point = ContactPoint::Email(address);
        contact_points::make_room(tx, &school(), &key_of("Inès DURAND"), point.channel())?;
        contact_points::put(tx, &school(), &key_of("Inès DURAND"), &point, &given, NOW)
    }),
    ("an address less", |tx| {
        let address = EmailAddress::parse("ines.durand@example.org").unwrap();
        let point = ContactPoint::Email(address);
        contact_points::forget(tx, &school(), &key_of("Inès DURAND"), &point)
    }),
    ("a failure", |tx| contact_points::note_failure(tx, &school(), &mail_of_ines(), NOW)),
    ("a second one", |tx| contact_points::note_failure(tx, &school(), &mail_of_ines(), NOW)),
    ("a proof after all", |tx| {
        let state = ContactState::Working;
        contact_points::set_state(tx, &school(), &mail_of_ines(), state, NOW).map(drop)
    }),
    ("a letter that came back", |tx| {
        let (who, dead) = (key_of("Zita PETIT"), ContactState::Dead);
        let person = people::person(tx, &school(), &who)?.unwrap();
        let address = person.postal_address.unwrap();
        people::set_post_state(tx, &school(), &who, &address, dead, NOW)
    }),
    ("another name", |tx| {
        let mut person = people::person(tx, &school(), &key_of("Zita PETIT"))?.unwrap();
        person.usage_name = Some("PETIT-GRAND".to_owned());
        people::put_person(tx, &school(), &person)
    }),
    ("a class more", |tx| {
        let mut pupil = pupils::one(tx, &school(), &zoe())?.unwrap();
        pupil.class = Some("6B".to_owned());
        pupils::put(tx, &school(), &pupil)
    }),
    ("a household without Internet", |tx| {
        let connectivity = Connectivity::PhoneOnly;
        let profile = Profile {
            connectivity,
            printer: false,
            language: None,
            call: None,
            large_print: false,
            pick_up: None,
        };
        households::put_profile(tx, &school(), &key_of("Inès DURAND"), &profile, NOW)
    }),
    ("of which nothing is known any more", |tx| {
        households::drop_profile(tx, &school(), &key_of("Inès DURAND")).map(drop)
    }),
    ("a ruling", |tx| restrictions::put(tx, &school(), &ruling(), &By::program(NOW))),
    ("an address that may be used all the same", |tx| {
        let post = people::person(tx, &school(), &key_of("Paul DURAND"))?.unwrap().marks();
        let marks: Vec<Mark> = post.into_iter().map(|(_, mark)| mark).collect();
        restrictions::trust(tx, &school(), &zoe(), &marks, NOW)
    }),
    ("a ruling lifted", |tx| {
        restrictions::lift(tx, &school(), &zoe(), &key_of("Paul DURAND")).map(drop)
    }),
    ("a guardian more", |tx| {
        let (pupil, person) = (zoe(), key_of("Zita PETIT"));
        let standing = Standing::LegalRepresentative;
        pupils::put_guardianship(
            tx,
            &school(),
            &Guardianship { pupil, person, standing, kinship: 10 },
        )
    }),
    ("an adult less", |tx| people::archive_person(tx, &school(), &key_of("Paul DURAND"), NOW)),
    ("a pupil less", |tx| {
        pupils::archive(tx, &school(), &PupilKey("siecle:Léa PETIT".to_owned()), NOW)
    }),
];

#[tokio::test]
async fn what_is_changed_is_seen_at_the_next_look() {
    let town = town().await;
    let mut last = seen(&town).await;
    for (what, change) in CHANGES {
        town.store.write(change).await.unwrap();
        let now = seen(&town).await;
        // One failure alone leaves the address in use.
        assert_eq!(now != last, what != "a failure", "{what} changes what is seen");
        last = now;
    }
}

#[tokio::test]
async fn what_audiences_do_not_ask_about_counts_for_no_change() {
    let town = town().await;
    let number = || town.store.read(|tx| directory_changes::number(tx, &school()));
    let before = number().await.unwrap();
    let works = |at| {
        let state = ContactState::Working;
        move |tx: &Tx<'_>| {
            contact_points::set_state(tx, &school(), &mail_of_ines(), state, Moment(at))
        }
    };
    assert_eq!(town.store.write(works(1)).await.unwrap(), 1);
    assert_eq!(number().await.unwrap(), before + 1);
    // It is known to work: nothing moves.
    assert_eq!(town.store.write(works(2)).await.unwrap(), 0);
    assert_eq!(number().await.unwrap(), before + 1);
    // Of what fails nothing is kept, not even that it was tried.
    let fails = |tx: &Tx<'_>| {
        people::archive_person(tx, &school(), &key_of("Paul DURAND"), NOW)?;
        Err::<(), _>(StoreError::Closed)
    };
    assert!(town.store.write(fails).await.is_err());
    assert_eq!(number().await.unwrap(), before + 1);
}

async fn seen(town: &Settled) -> Vec<Vec<Recipient>> {
    let mut all = Vec::new();
    for rule in RULES {
        all.push(town.recipients(rule).await.0);
    }
    all
}
