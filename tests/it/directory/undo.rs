//! An import that is taken back leaves every row of people as it stood.

use std::time::Duration;

use chappe::directory::{RightContact, UndoError};
use chappe::people::{ContactState, RestrictedTie, Restriction};
use chappe::store::contact_points;

use super::identity::{INES, THEO, ZOE, table};
use super::*;

/// Every table that an import writes, each in an order of its own.
const TABLES: [&str; 9] = [
    "SELECT * FROM pupils WHERE school_id = $1 ORDER BY key",
    "SELECT * FROM persons WHERE school_id = $1 ORDER BY key",
    "SELECT * FROM guardianships WHERE school_id = $1 ORDER BY pupil_key, person_key",
    "SELECT * FROM contact_points WHERE school_id = $1 ORDER BY person_key, channel, value",
    "SELECT * FROM corrections WHERE school_id = $1 ORDER BY person_key, channel, was",
    "SELECT * FROM profiles WHERE school_id = $1 ORDER BY person_key",
    "SELECT * FROM restrictions WHERE school_id = $1 ORDER BY pupil_key, person_key",
    "SELECT * FROM trusted_addresses WHERE school_id = $1 ORDER BY pupil_key, mark",
    "SELECT * FROM list_members WHERE school_id = $1 ORDER BY list, pupil_key",
];

/// A school whose clock goes on with each act.
struct Office {
    store: Store,
    id: SchoolId,
    now: std::cell::Cell<Moment>,
}

impl Office {
    fn by(&self) -> By {
        self.now.set(self.now.get() + Duration::from_mins(1));
        By::program(self.now.get())
    }

    async fn import(&self, reading: Reading) {
        let diff = directory::diff(&self.store, &self.id, reading).await.unwrap();
        directory::apply(&self.store, &self.id, &diff, self.by()).await.unwrap();
    }

    async fn undo(&self) -> Result<(), UndoError> {
        directory::undo(&self.store, &self.id, self.by(), None).await.map(drop)
    }

    /// All that is kept of people.
    async fn rows(&self) -> Vec<String> {
        let id = self.id.clone();
        let read = self.store.read(move |tx| {
            let mut all = Vec::new();
            for sql in TABLES {
                tx.each(sql, &[id.as_str().into()], |row| {
                    let columns = (0..).map_while(|column| row.stored(column).ok());
                    all.push(format!(
                        "{:?} {:?}",
                        sql.split(' ').nth(3),
                        columns.collect::<Vec<_>>()
                    ));
                    Ok(())
                })?;
            }
            Ok(all)
        });
        read.await.unwrap()
    }

    /// The ways to reach the parent who has this number, and more of what is noted by hand.
    async fn note(&self, number_was: &str) {
        let Some(person) = self.whose(number_was).await else { return };
        let right =
            RightContact::Phone { was: Some(number(number_was)), is: Some(number("+33639980099")) };
        directory::correct(&self.store, &self.id, &person, right, self.by()).await.unwrap();
        let id = self.id.clone();
        let ties = self.store.read(move |tx| chappe::store::pupils::guardianships(tx, &id));
        let mut ties = ties.await.unwrap().into_iter();
        let Some(tie) = ties.find(|tie| tie.person == person) else { return };
        let ruling = RestrictedTie {
            pupil: tie.pupil,
            person,
            why: Restriction::Court,
            note: String::new(),
        };
        directory::restrict(&self.store, &self.id, ruling, self.by()).await.unwrap();
    }

    async fn whose(&self, e164: &str) -> Option<PersonKey> {
        let (id, point) = (self.id.clone(), ContactPoint::Phone(number(e164)));
        let owners = self.store.read(move |tx| contact_points::owners(tx, &id, &point));
        owners.await.unwrap().into_iter().next()
    }
}

async fn on_both(test: impl AsyncFn(Office)) {
    let folder = TempDir::new().unwrap();
    for store in databases::both(folder.path()) {
        let id = SchoolId::parse("0319999Z").unwrap();
        test(Office { store, id, now: std::cell::Cell::new(NOW) }).await;
    }
}

/// Some families as a complete source gives them, each told in one of several ways.
fn families(source: &str, random: &mut fastrand::Rng) -> Reading {
    let mut reading =
        Reading { covers: Covers { staff: false, ..EVERYBODY }, ..Reading::default() };
    for at in (0..12).filter(|_| random.u8(..4) > 0).collect::<Vec<u32>>() {
        let (child, parent) = (format!("{source}:{at}"), format!("{source}:9{at}"));
        let class = random.choice(["6A", "6B"]).unwrap();
        let name = random.choice(["Inès BON", "Théo LUC", "Zoé THOMAS"]).unwrap();
        reading.pupils.push(pupil(&child, name, class));
        let mut points = mobile(&format!("+336399800{:02}", random.u8(..4)));
        points.truncate(random.usize(..3));
        let mut person = guardian(&parent, "Isabelle GARNIER", points);
        person.postal_address = random.bool().then(|| home(&format!("{} rue A", random.u8(..3))));
        reading.persons.push(person);
        reading.guardianships.push(tie(&child, &parent));
    }
    reading
}

fn some_import(random: &mut fastrand::Rng) -> Reading {
    match random.u8(..4) {
        0 => table(&[INES, THEO, ZOE]),
        1 => table(&[ZOE]),
        2 => families("onde", random),
        _ => families("siecle", random),
    }
}

#[tokio::test]
async fn after_one_import_and_another_that_is_taken_back_every_row_stands_as_after_the_first() {
    on_both(async |office| {
        for seed in 0..40 {
            let mut random = fastrand::Rng::with_seed(seed);
            office.import(some_import(&mut random)).await;
            office.note("+33639980001").await;
            let before = office.rows().await;
            let reading = some_import(&mut random);
            let diff = directory::diff(&office.store, &office.id, reading).await.unwrap();
            directory::apply(&office.store, &office.id, &diff, office.by()).await.unwrap();
            if diff.changes_something() {
                office.undo().await.unwrap();
            }
            let after = office.rows().await;
            let differ: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
            let more: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
            assert!(before == after, "seed {seed}: gone {differ:#?}, more {more:#?}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_first_import_taken_back_leaves_nobody() {
    on_both(async |office| {
        office.import(zoe_and_her_mother(mobile("+33639980001"))).await;
        office.undo().await.unwrap();
        assert!(office.rows().await.is_empty(), "{:?}", office.rows().await);
        assert!(matches!(office.undo().await, Err(UndoError::Nothing)));
    })
    .await;
}

#[tokio::test]
async fn a_stop_that_came_since_is_not_taken_back() {
    on_both(async |office| {
        office.import(zoe_and_her_mother(mobile("+33639980001"))).await;
        office.import(zoe_and_her_mother(mobile("+33639980002"))).await;
        let (id, point, at) =
            (office.id.clone(), ContactPoint::Sms(number("+33639980002")), office.by().at);
        let stop = office.store.write(move |tx| {
            contact_points::set_state(tx, &id, &point, ContactState::OptedOut, at)
        });
        assert_eq!(stop.await.unwrap(), 1);
        office.undo().await.unwrap();
        let (id, stopped) = (office.id.clone(), ContactPoint::Sms(number("+33639980002")));
        let is_kept = office.store.read(move |tx| contact_points::is_opted_out(tx, &id, &stopped));
        assert!(is_kept.await.unwrap());
        assert!(office.whose("+33639980001").await.is_some(), "the earlier number is back");
        assert!(office.whose("+33639980002").await.is_none(), "nobody is called there");
    })
    .await;
}

#[tokio::test]
async fn what_was_noted_by_hand_since_keeps_the_import_and_a_ruling_stays() {
    on_both(async |office| {
        office.import(zoe_and_her_mother(mobile("+33639980001"))).await;
        let moved = |class: &str| Reading {
            pupils: vec![pupil("siecle:1", "Zoé DURAND", class)],
            ..zoe_and_her_mother(mobile("+33639980001"))
        };
        office.import(moved("6B")).await;
        let ruling = RestrictedTie {
            pupil: PupilKey("siecle:1".to_owned()),
            person: PersonKey("siecle:9".to_owned()),
            why: Restriction::Court,
            note: String::new(),
        };
        directory::restrict(&office.store, &office.id, ruling, office.by()).await.unwrap();
        office.undo().await.unwrap();
        let rows = office.rows().await.join("\n");
        assert!(rows.contains("6A") && rows.contains("court"), "{rows}");

        office.import(moved("6B")).await;
        let mother = PersonKey("siecle:9".to_owned());
        let right = RightContact::Post(home("2 rue B"));
        directory::correct(&office.store, &office.id, &mother, right, office.by()).await.unwrap();
        let before = office.rows().await;
        assert!(matches!(office.undo().await, Err(UndoError::Noted(_))));
        assert_eq!(office.rows().await, before);
    })
    .await;
}

#[tokio::test]
async fn a_ruling_on_somebody_whom_the_import_added_keeps_it() {
    on_both(async |office| {
        office.import(zoe_and_her_mother(mobile("+33639980001"))).await;
        office.note("+33639980001").await;
        office.import(table(&[INES])).await;
        let ruled = office.whose("+33639980001").await.unwrap();
        let id = office.id.clone();
        let ties = office.store.read(move |tx| chappe::store::pupils::guardianships(tx, &id));
        let tie = ties.await.unwrap().into_iter().find(|tie| tie.person == ruled).unwrap();
        let ruling = RestrictedTie {
            pupil: tie.pupil,
            person: ruled,
            why: Restriction::Court,
            note: String::new(),
        };
        directory::restrict(&office.store, &office.id, ruling, office.by()).await.unwrap();
        let before = office.rows().await;
        assert!(matches!(office.undo().await, Err(UndoError::Ruling)));
        assert_eq!(office.rows().await, before);
    })
    .await;
}
