//! One `PostgreSQL` database for several daemons, and for many schools.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chappe::app::Daemon;
use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::config::Database;
use chappe::delivery::lifecycle::DeliveryEvent;
use chappe::delivery::{FailureKind, ReplyKind};
use chappe::demo::school::Size;
use chappe::id::Id;
use chappe::message::{MessageState, Urgency};
use chappe::office::School;
use chappe::people::{By, SchoolId};
use chappe::providers::Guard;
use chappe::queue::{Claimed, Outcome, Queue};
use chappe::store::attempts::{Attempt, AttemptOutcome};
use chappe::store::controls::{self, Control};
use chappe::store::deliveries::Claim;
use chappe::store::replies::{self, KeptReply};
use chappe::store::{StoreError, Tx};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::people::{People, Way};
use super::scene::{FAMILLE, LEASE, Scene};
use crate::databases;
use crate::town::Town;
use crate::town::settings::until;

pub(super) const BY_EMAIL: &str = "[{ channels = [\"email\"], patience = \"1h\" }]";
const WORKERS: usize = 4;

pub(super) fn families(count: usize) -> People {
    let mut people = People::none();
    people.families(count, false, true);
    people
}

async fn on_server(people: People, plan: &str) -> Scene {
    Scene::set_on(Database::Server(databases::on_server()), people, plan, &[]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_come_at_the_same_moment_are_each_kept_under_a_number_of_their_own() {
    let scene = on_server(families(1), BY_EMAIL).await;
    let school = scene.app.queue.school();
    let mut at_once = JoinSet::new();
    for word in 0..24 {
        let (store, school) = (scene.app.store().clone(), school.clone());
        let reply = KeptReply {
            id: Id::new(Moment(word)),
            kind: ReplyKind::Reply,
            channel: Channel::Sms,
            provider: "sms".to_owned(),
            provider_ref: word.to_string(),
            answers: None,
            person: None,
            sender: None,
            subject: None,
            body: "Merci".to_owned(),
            received_at: Moment(word),
        };
        at_once.spawn(async move {
            store.write(move |tx: &Tx<'_>| replies::insert(tx, &school, &reply)).await
        });
    }
    while let Some(kept) = at_once.join_next().await {
        assert!(kept.unwrap().unwrap());
    }
    let school = school.clone();
    let all = scene.app.store().read(move |tx| replies::newest(tx, &school, 100)).await.unwrap();
    let numbers: BTreeSet<u32> = all.iter().map(|it| it.number).collect();
    assert_eq!(numbers, (1..=24).collect());
}

/// Another daemon of the same school, with connections of its own.
async fn another_daemon(scene: &Scene) -> (TempDir, Daemon) {
    let (app, folder) = scene.another_app(scene.app.queue.school().clone());
    (folder, Daemon::start(Arc::new(app), Guard::LoopbackOnly).await.unwrap())
}

/// Takes and starts all that waits, a few at a time, and says that it left.
async fn work_through(queue: Queue, scene_now: Moment) -> Vec<String> {
    let mut references = Vec::new();
    let lease_ends = scene_now + LEASE;
    loop {
        let claim = Claim {
            channel: Channel::Email,
            carrier: "relay".into(),
            now: scene_now,
            lease_ends,
            most: 7,
        };
        let started = match queue.start(claim).await {
            Ok(started) => started,
            Err(StoreError::Collided) => continue,
            Err(error) => panic!("{error}"),
        };
        if started.is_empty() {
            return references;
        }
        references.extend(started.iter().map(Claimed::reference));
        let outcomes = started
            .iter()
            .map(|claimed| Outcome::of(claimed.due, DeliveryEvent::Accepted { look_at: None }));
        queue.settle(outcomes.collect(), scene_now).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_claim_at_once_never_get_the_same_delivery() {
    const FAMILIES: usize = 200;
    let scene = on_server(families(FAMILIES), BY_EMAIL).await;
    let message = scene.launch().await;
    let apps: Vec<(School, TempDir)> =
        (0..WORKERS).map(|_| scene.another_app(scene.app.queue.school().clone())).collect();
    let now = scene.clock.now();
    let work = apps.iter().map(|(app, _)| tokio::spawn(work_through(app.queue.clone(), now)));
    let mut taken = Vec::new();
    for worker in work.collect::<Vec<_>>() {
        taken.push(worker.await.unwrap());
    }
    let all: Vec<&String> = taken.iter().flatten().collect();
    let different: BTreeSet<_> = all.iter().collect();
    assert_eq!((all.len(), different.len()), (FAMILIES, FAMILIES));
    let at_work = taken.iter().filter(|taken| !taken.is_empty()).count();
    assert!(at_work > 1, "one took all of it: nothing was shared");
    assert_eq!(scene.status(&message).await.addressees.reached, FAMILIES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_daemons_of_one_school_send_each_message_once() {
    const FAMILIES: usize = 60;
    let scene = on_server(families(FAMILIES), BY_EMAIL).await;
    let _one = scene.start().await;
    let _other = another_daemon(&scene).await;
    let message = scene.launch().await;
    scene.until(&message, |status| status.addressees.reached == FAMILIES).await;
    assert_eq!(scene.mailbox.messages(), FAMILIES);
}

fn failed(claimed: &Claimed, now: Moment) -> Outcome {
    let attempt = Attempt {
        provider: "mail".to_owned(),
        started_at: now,
        ended_at: now,
        outcome: AttemptOutcome::Failed(FailureKind::Unreachable),
        detail: String::new(),
    };
    let kind = FailureKind::Unreachable;
    let event = DeliveryEvent::Failed { kind, retry_at: Some(now + LEASE) };
    Outcome { attempt: Some(attempt), ..Outcome::of(claimed.due, event) }
}

#[tokio::test]
async fn a_result_said_again_is_not_taken_for_that_of_the_next_attempt() {
    let scene = Scene::set(families(2), BY_EMAIL).await;
    scene.launch().await;
    let begun = scene.begin(Channel::Email, 1).await;
    let now = scene.clock.now();
    let outcome = failed(&begun[0], now);
    let queue = &scene.app.queue;
    // The database had kept nothing: said again, it is written, and due for another attempt.
    queue.settle_if_news(vec![outcome.clone()], now).await.unwrap();
    scene.pass(LEASE);
    assert_eq!(scene.begin(Channel::Email, 2).await.len(), 2);
    // Said once more while that is under way, it makes nothing due.
    queue.settle_if_news(vec![outcome], now).await.unwrap();
    assert!(scene.begin(Channel::Email, 2).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_whose_connection_broke_is_written_on_the_next() {
    const BREAK: &str = "CREATE SEQUENCE attempted; CREATE FUNCTION break() RETURNS TRIGGER AS $$ BEGIN \
        IF nextval('attempted') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; \
        RETURN NEW; END $$ LANGUAGE plpgsql; \
        CREATE TRIGGER break BEFORE INSERT ON attempts FOR EACH ROW EXECUTE FUNCTION break()";
    let url = databases::on_server();
    let scene = Scene::set_on(Database::Server(url.clone()), families(10), BY_EMAIL, &[]).await;
    databases::run_on(&url, BREAK);
    let message = scene.launch().await;
    let _daemon = scene.start().await;
    scene.until(&message, |status| status.addressees.reached == 10).await;
    assert_eq!(scene.mailbox.messages(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_daemon_that_died_had_in_hand_is_taken_by_the_other() {
    let scene = on_server(families(10), BY_EMAIL).await;
    let message = scene.launch().await;
    let begun = scene.begin(Channel::Email, 10).await;
    assert_eq!(begun.len(), 10, "the first daemon has all of them in hand, and is gone");
    let _other = another_daemon(&scene).await;
    scene.pass(LEASE);
    scene.later(&message, |status| status.addressees.reached == 10).await;
    assert_eq!(scene.mailbox.messages(), 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_launch_elsewhere_is_heard_at_once() {
    let scene = on_server(families(1), BY_EMAIL).await;
    let (elsewhere, _folder) = scene.another_app(scene.app.queue.school().clone());
    let heard = tokio::spawn(async move { elsewhere.store().news().await });
    // The listener may connect only now: launch until it is heard.
    let launches = async {
        loop {
            scene.launch().await;
        }
    };
    tokio::select! {
        heard = heard => heard.unwrap(),
        () = launches => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_launched_at_the_same_moment_share_one_week() {
    const FAMILIES: usize = 200;
    const LAUNCHES: usize = 4;
    let cap = [("LOAD__PER_WEEK", "1"), ("LOAD__DIGEST", "fri 17:00")];
    let server = Database::Server(databases::on_server());
    let scene = Scene::set_on(server, families(FAMILIES), BY_EMAIL, &cap).await;
    let school = scene.app.queue.school();
    let apps: Vec<_> = (0..LAUNCHES).map(|_| scene.another_app(school.clone())).collect();
    let launches = apps.iter().map(|(app, _)| scene.launch_in(app, "familles", Urgency::Bulk));
    futures_util::future::join_all(launches).await;
    let leaving = scene.begin(Channel::Email, FAMILIES * LAUNCHES).await;
    assert_eq!(leaving.len(), FAMILIES, "each family's week holds one message");
}

#[tokio::test]
async fn the_server_frees_what_a_program_that_stands_still_has_locked() {
    let store = databases::open(&Database::Server(databases::on_server()));
    let patience = store.write(|tx| {
        let asked = "SELECT current_setting('idle_in_transaction_session_timeout')";
        tx.query_one(asked, &[], |row| row.text(0))
    });
    assert_eq!(patience.await.unwrap().as_deref(), Some("1min"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_is_not_printed_while_somebody_pauses_its_message() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Home("2 RUE DES TILLEULS")]);
    let scene = on_server(people, "[{ channels = [\"letter\"] }]").await;
    let message = scene.launch().await;
    let (queue, now) = (&scene.app.queue, scene.clock.now());
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (go_on, may_go_on) = std::sync::mpsc::channel::<()>();
    let (school, id) = (queue.school().clone(), message.id);
    let store = scene.app.store().clone();
    let pauses = tokio::spawn(async move {
        let decide = move |tx: &Tx<'_>| {
            controls::locked(tx, &school, id)?;
            begun.send(()).unwrap();
            may_go_on.recv().unwrap();
            let (state, by) = (MessageState::Paused, "Camille Arago".to_owned());
            let control = Control { state, at: Some(now), by, paused_at: Some(now) };
            controls::decide(tx, &school, id, &control)
        };
        store.write(decide).await
    });
    has_begun.await.unwrap();
    let gathers = tokio::spawn({
        let queue = queue.clone();
        async move { queue.letters().gather(None, now).await }
    });
    // Long enough to have printed it, if it does not wait.
    tokio::time::sleep(Duration::from_millis(300)).await;
    go_on.send(()).unwrap();
    pauses.await.unwrap().unwrap();
    assert!(gathers.await.unwrap().unwrap().is_none(), "it was printed");
}

#[tokio::test]
async fn what_cannot_be_read_on_a_server_ends_alone() {
    let url = databases::on_server();
    let server = Database::Server(url.clone());
    let scene = Scene::set_on(server, families(3), BY_EMAIL, &[]).await;
    let message = scene.launch().await;
    databases::run_on(&url, "UPDATE addressees SET rung = -1 WHERE number = 1");
    let (by, now) = ("Camille Arago".to_owned(), scene.clock.now());
    let state = MessageState::Cancelled;
    assert!(
        scene.app.queue.decisions().decide(&message, state, by, By::program(now)).await.unwrap()
    );
    let all = scene.status(&message).await.addressees;
    assert_eq!((all.cancelled, all.unreached, all.waiting), (2, 1, 0));
    assert!(scene.waiting(Channel::Email, 9).await.is_empty());
}

/// Everything that the database holds of a school, as text.
async fn all_of(app: &School, school: &SchoolId) -> Vec<String> {
    const TABLES: [(&str, &str); 8] = [
        ("pupils", "SELECT key || COALESCE(class, '') FROM pupils WHERE school_id = $1 ORDER BY 1"),
        ("persons", "SELECT key || role FROM persons WHERE school_id = $1 ORDER BY 1"),
        (
            "contact_points",
            "SELECT person_key || value || state || CAST(changed_at AS TEXT) FROM contact_points \
             WHERE school_id = $1 ORDER BY 1",
        ),
        (
            "guardianships",
            "SELECT pupil_key || person_key FROM guardianships WHERE school_id = $1 ORDER BY 1",
        ),
        (
            "messages",
            "SELECT code || fields || CAST(launched_at AS TEXT) FROM messages WHERE school_id = $1 ORDER BY 1",
        ),
        (
            "addressees",
            "SELECT person_key || state || CAST(rung AS TEXT) FROM addressees WHERE school_id = $1 ORDER BY 1",
        ),
        (
            "deliveries",
            "SELECT channel || state || CAST(tries AS TEXT) || CAST(COALESCE(due_at, 0) AS TEXT) FROM deliveries \
             WHERE school_id = $1 ORDER BY 1",
        ),
        (
            "attempts",
            "SELECT provider || outcome || CAST(started_at AS TEXT) FROM attempts WHERE school_id = $1 ORDER BY 1",
        ),
    ];
    let school = school.clone();
    let read = app.store().read(move |tx| {
        let mut all = Vec::new();
        for (table, sql) in TABLES {
            let rows = tx.query(sql, &[school.as_str().into()], |row| row.text(0))?;
            all.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
        }
        Ok(all)
    });
    read.await.unwrap()
}

/// The same people, with the same keys and addresses, in another school of the same database.
async fn twin(scene: &Scene, people: &People) -> (School, TempDir) {
    let (app, folder) = scene.another_app(SchoolId::parse("0310053P").unwrap());
    let (store, school) = (app.store(), app.queue.school());
    let diff = chappe::directory::diff(store, school, people.reading.clone()).await.unwrap();
    chappe::directory::apply(store, school, &diff, By::program(scene.clock.now())).await.unwrap();
    (app, folder)
}

fn every_way() -> People {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines@example.org"), Way::Mobile("06 39 98 00 01")]);
    people.family("Paul MARTIN", &[Way::Mobile("06 39 98 00 02"), Way::Home("1 rue du Port")]);
    people.family("Lea PETIT", &[Way::Home("2 rue du Port")]);
    people
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_of_one_school_leaves_every_row_of_another_as_it_was() {
    let people = every_way();
    let scene = on_server(every_way(), FAMILLE).await;
    let (other, _folder) = twin(&scene, &people).await;
    scene.launch_in(&other, "familles", Urgency::Bulk).await;
    let before = all_of(&other, other.queue.school()).await;
    assert!(before.iter().any(|row| row.starts_with("deliveries")));

    let daemon = scene.start().await;
    let message = scene.launch().await;
    scene
        .later(&message, |status| {
            status.addressees.waiting == 0 && status.addressees.on_letter >= 1
        })
        .await;
    daemon.stop().await;
    let after = all_of(&other, other.queue.school()).await;
    assert_eq!(before, after);
    assert!(!all_of(&scene.app, scene.app.queue.school()).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_school_that_has_very_many_to_send_does_not_delay_anothers_urgent_few() {
    const MANY: usize = 600;
    let scene = on_server(families(MANY), BY_EMAIL).await;
    let few = families(5);
    let (other, _folder) = twin(&scene, &few).await;
    let _busy = scene.start().await;
    let bulk = scene.launch().await;
    let _daemon = Daemon::start(Arc::new(other), Guard::LoopbackOnly).await.unwrap();
    let (again, _folder) = scene.another_app(SchoolId::parse("0310053P").unwrap());
    let urgent = scene.launch_in(&again, "familles", Urgency::Urgent).await;
    let reached = async |message| {
        chappe::queue::status(scene.app.store(), message, scene.clock.now())
            .await
            .unwrap()
            .addressees
            .reached
    };
    until(async || reached(&urgent).await == 5).await;
    assert!(reached(&bulk).await < MANY, "the urgent few came after all of the many");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn daemons_that_share_a_database_keep_an_hours_allowance_together() {
    const ALLOWED: usize = 40;
    let url = databases::on_server();
    let settings = [
        ("STORE__DATABASE", url.as_str()),
        ("PLANS__FAMILLE", "[{ channels = [\"email\"], patience = \"3h\" }]"),
        ("PROVIDERS__RELAY__SMTP__PACE", "{ per_second = 50, per_hour = 40, at_once = 4 }"),
    ];
    let town = Town::set(Size { pupils: 120, classes: 4 }, &settings).await;
    let mut one = town.daemon();
    let _other = town.daemon();
    town.launch().await;
    until(async || town.taken() >= ALLOWED).await;
    one.kill().await.unwrap();
    let _after_a_restart = town.daemon();
    // Long enough for both to have looked again several times.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(town.taken(), ALLOWED);
}
