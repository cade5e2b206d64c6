//! The store: what it answered is durable, what failed left nothing.

mod answers;
mod bounces;
mod calls;
mod cards;
mod contact_states;
mod drafts;
mod honest_rows;
mod plans;
mod recalls;
mod replies;
mod timetables;
mod works;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::ReplyKind;
use chappe::id::Id;
use chappe::people::{Act, Actor, By, Connectivity, PersonKey, Profile, Pupil, PupilKey, SchoolId};
use chappe::store::gates::{self, GateState, KeptGate};
use chappe::store::handouts::{self, KeptHandout};
use chappe::store::replies::{KeptReply, insert, newest};
use chappe::store::{Store, StoreError, Tx, header_maps, households, journal, pupils};
use tempfile::TempDir;

use crate::architecture::statements_of_both;
use crate::databases;

fn school() -> SchoolId {
    SchoolId::parse("0319999Z").unwrap()
}

fn pupil(number: u32) -> Pupil {
    Pupil {
        key: PupilKey(format!("siecle:{number}")),
        family_name: "DURAND".to_owned(),
        usage_name: None,
        first_name: "Zoé".to_owned(),
        class: Some("6A".to_owned()),
        groups: Vec::new(),
        level: Some("6e".to_owned()),
        left_on: None,
    }
}

fn open(folder: &Path) -> Store {
    Store::open(&folder.join("chappe.sqlite3")).unwrap()
}

/// A new database of each kind, in turn.
async fn on_both(test: impl AsyncFn(Store)) {
    let folder = TempDir::new().unwrap();
    for store in databases::both(folder.path()) {
        test(store).await;
    }
}

async fn count(store: &Store) -> usize {
    store.read(|tx| Ok(pupils::all(tx, &school())?.len())).await.unwrap()
}

#[tokio::test]
async fn what_was_answered_stands_in_the_file() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    store.write(|tx| pupils::put(tx, &school(), &pupil(1))).await.unwrap();
    drop(store);
    assert_eq!(count(&open(folder.path())).await, 1);
}

#[tokio::test]
async fn a_transaction_that_fails_leaves_nothing_and_harms_no_other() {
    on_both(async |store| {
        let store = Arc::new(store);
        let writes = (0..100_u32).map(|number| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        pupils::put(tx, &school(), &pupil(number))?;
                        if number % 2 == 0 {
                            return Err(StoreError::Refused("test".to_owned()));
                        }
                        Ok(())
                    })
                    .await
            })
        });
        let mut refused = 0;
        for write in writes.collect::<Vec<_>>() {
            refused += usize::from(write.await.unwrap().is_err());
        }
        assert_eq!(refused, 50);
        assert_eq!(count(&store).await, 50);
    })
    .await;
}

#[tokio::test]
async fn a_caller_that_panics_does_not_take_the_writer_with_it() {
    on_both(async |store| {
        let panicked = store
            .write(|tx| {
                pupils::put(tx, &school(), &pupil(1))?;
                assert!(!count_is_sound(tx), "a bug of one caller");
                Ok(())
            })
            .await;
        assert!(panicked.is_err());
        store.write(|tx| pupils::put(tx, &school(), &pupil(2))).await.unwrap();
        assert_eq!(count(&store).await, 1);
    })
    .await;
}

fn count_is_sound(tx: &Tx<'_>) -> bool {
    pupils::all(tx, &school()).is_ok()
}

#[tokio::test]
async fn one_probe_is_for_all_daemons() {
    on_both(async |store| {
        let at = |seconds| Moment(0) + Duration::from_secs(seconds);
        let take = async |now| {
            let take = move |tx: &Tx<'_>| {
                let (ends, latest) = (now + Duration::from_mins(1), now + Duration::from_mins(10));
                gates::take_probe(tx, &school(), "relay", now, ends, latest)
            };
            store.write(take).await.unwrap()
        };
        let gate = KeptGate {
            provider: "relay".to_owned(),
            channel: Channel::Email,
            state: GateState::Refusing,
            until: Some(at(30)),
            pause: Duration::from_secs(30),
            reason: String::new(),
            changed_at: at(0),
        };
        store.write(move |tx| gates::put(tx, &school(), &gate)).await.unwrap();
        assert!(!take(at(29)).await, "it still refuses");
        let together = futures_util::future::join_all((0..8).map(|_| take(at(30)))).await;
        assert_eq!(together.iter().filter(|taken| **taken).count(), 1);
        assert!(!take(at(89)).await, "whoever probes has a minute");
        assert!(take(at(90)).await, "and died over it");
        let give_back = move |tx: &Tx<'_>| gates::give_back_probe(tx, &school(), "relay", at(91));
        store.write(give_back).await.unwrap();
        assert!(take(at(91)).await, "given back, it is due at once");
        let probe_now = async |channel| {
            let hasten = move |tx: &Tx<'_>| gates::probe_now(tx, &school(), channel, at(100));
            store.write(hasten).await.unwrap()
        };
        assert!(!probe_now(Channel::Email).await, "it is probed already");
        let give_back = move |tx: &Tx<'_>| gates::give_back_probe(tx, &school(), "relay", at(500));
        store.write(give_back).await.unwrap();
        assert!(!probe_now(Channel::Sms).await && !take(at(499)).await);
        assert!(probe_now(Channel::Email).await && take(at(100)).await, "a person asked for it");
        let all = store.read(|tx| gates::all(tx, &school())).await.unwrap();
        assert_eq!(all.iter().map(|gate| gate.state.as_str()).collect::<Vec<_>>(), ["probing"]);
    })
    .await;
}

#[tokio::test]
async fn a_nul_from_a_stranger_keeps_no_word_away() {
    on_both(async |store| {
        let reply = KeptReply {
            id: Id::new(Moment(0)),
            kind: ReplyKind::Reply,
            channel: Channel::Sms,
            answers: None,
            sender: None,
            subject: None,
            provider: "texto".to_owned(),
            provider_ref: "1".to_owned(),
            person: None,
            body: "STOP\0merci".to_owned(),
            received_at: Moment(0),
        };
        store.write(move |tx| insert(tx, &school(), &reply)).await.unwrap();
        let kept = store.read(|tx| newest(tx, &school(), 9)).await.unwrap();
        assert!(kept[0].reply.body.starts_with("STOP") && kept[0].reply.body.ends_with("merci"));
    })
    .await;
}

#[tokio::test]
async fn a_reader_cannot_write() {
    on_both(async |store| {
        let written = store.read(|tx| pupils::put(tx, &school(), &pupil(1))).await;
        assert!(written.is_err());
        assert_eq!(count(&store).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_school_never_sees_another_ones_people() {
    on_both(async |store| {
        store.write(|tx| pupils::put(tx, &school(), &pupil(1))).await.unwrap();
        let other = SchoolId::parse("0310053P").unwrap();
        let seen = store.read(move |tx| pupils::all(tx, &other)).await.unwrap();
        assert!(seen.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_archived_pupil_is_off_the_roll_and_comes_back_when_imported_again() {
    on_both(async |store| {
        let put = |tx: &chappe::store::Tx<'_>| pupils::put(tx, &school(), &pupil(1));
        store.write(put).await.unwrap();
        let key = PupilKey("siecle:1".to_owned());
        store.write(move |tx| pupils::archive(tx, &school(), &key, Moment(1))).await.unwrap();
        assert_eq!(count(&store).await, 0);
        store.write(put).await.unwrap();
        assert_eq!(count(&store).await, 1);
    })
    .await;
}

#[test]
fn a_database_of_a_newer_version_is_refused_and_left_alone() {
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()));
    let path = folder.path().join("chappe.sqlite3");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute("INSERT INTO migrations VALUES (999, 'x')", []).unwrap();
    drop(raw);
    let refused = Store::open(&path).err().unwrap();
    assert!(matches!(refused, StoreError::NewerSchema { found: 999, .. }), "{refused}");
}

#[test]
fn a_folder_that_does_not_exist_is_explained() {
    let refused = Store::open(Path::new("/nonexistent/chappe.sqlite3")).err().unwrap();
    let text = refused.to_string();
    assert!(
        text.contains("/nonexistent") && text.contains("check that the folder exists"),
        "{text}"
    );
}

#[test]
fn the_server_understands_every_statement() {
    let url = databases::on_server();
    let statements = statements_of_both();
    assert!(statements.len() > 150, "{} statements: they are no longer found", statements.len());
    let refused = databases::not_understood(&url, &statements);
    assert!(refused.is_empty(), "{refused:#?}");
    let wrong = ["SELECT no_such_column FROM persons".to_owned()];
    assert_eq!(databases::not_understood(&url, &wrong).len(), 1, "the check can fail");
}

/// A household of which everything is known.
fn home() -> Profile {
    Profile {
        connectivity: Connectivity::None,
        printer: true,
        language: Some("ar".to_owned()),
        call: None,
        large_print: true,
        pick_up: Some("Mairie de Saint-Martin".to_owned()),
    }
}

#[tokio::test]
async fn what_the_office_notes_is_read_as_it_was_written() {
    let now = Moment(1_773_644_400_000);
    on_both(async |store| {
        let copy = |receiver: &str| KeptHandout {
            number: 0,
            made_at: now,
            handed_out_by: Actor::CommandLine("sylvie".to_owned()),
            ends_on: "2026-12-25".to_owned(),
            receiver: receiver.to_owned(),
            audience: "familles".to_owned(),
            columns: vec!["nom".to_owned(), "classe".to_owned()],
            persons: 12,
        };
        let (one, two) = (copy("Camille ARAGO"), copy("Noé BERNARD"));
        let expected =
            [KeptHandout { number: 2, ..two.clone() }, KeptHandout { number: 1, ..one.clone() }];
        let keep = move |tx: &Tx<'_>| {
            handouts::insert(tx, &school(), &one)?;
            handouts::insert(tx, &school(), &two)?;
            handouts::all(tx, &school())
        };
        assert_eq!(store.write(keep).await.unwrap(), expected);

        let by = By { actor: Actor::CommandLine("sylvie".to_owned()), at: now };
        let expected =
            [journal::Entry { by: by.clone(), act: Act::CloseChannel, about: "ent".to_owned() }];
        let keep = move |tx: &Tx<'_>| {
            journal::note(tx, &school(), &by, Act::CloseChannel, "ent")?;
            let closed =
                |about, since| journal::moments(tx, &school(), (Act::CloseChannel, about), since);
            assert_eq!(closed("ent", now)?, [now]);
            assert_eq!(closed("ent", now + Duration::from_secs(1))?, []);
            assert_eq!(closed("sms", now)?, []);
            journal::newest(tx, &school(), 9)
        };
        assert_eq!(store.write(keep).await.unwrap(), expected);

        let words = header_maps::Words::from([("Nom".to_owned(), "family_name".to_owned())]);
        let expected = [("Nom;Prénom".to_owned(), words.clone())];
        let keep = move |tx: &Tx<'_>| {
            header_maps::put(tx, &school(), "Nom;Prénom", &header_maps::Words::new(), now)?;
            header_maps::put(tx, &school(), "Nom;Prénom", &words, now)?;
            header_maps::all(tx, &school())
        };
        assert_eq!(store.write(keep).await.unwrap(), expected);

        let person = PersonKey("siecle:1".to_owned());
        let profile = home();
        let expected = Some(profile.clone());
        let keep = move |tx: &Tx<'_>| {
            households::put_profile(tx, &school(), &person, &profile, now)?;
            let kept = households::profile_of(tx, &school(), &person)?;
            assert!(households::drop_profile(tx, &school(), &person)?);
            assert!(!households::drop_profile(tx, &school(), &person)?);
            Ok(kept)
        };
        assert_eq!(store.write(keep).await.unwrap(), expected);
    })
    .await;
}
