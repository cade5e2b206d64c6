//! A correction takes the earlier text back from the ENT, where that still can: once a message of the ENT's, after
//! every crash and bad day, and never without something in its place.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chappe::app::{self, Daemon};
use chappe::channel::Channel;
use chappe::config::Database;
use chappe::delivery::RecallState::{self, Awaited, Recalled, TooLate};
use chappe::demo::ent::Weather;
use chappe::directory::{self, Who};
use chappe::message::{Message, MessageState};
use chappe::office::{self, Amendments};
use chappe::people::{Actor, By, PupilKey, RestrictedTie, Restriction, SchoolId};
use chappe::providers::Guard;
use chappe::queue::{MayHaveLeft, RecallAhead, Status};
use chappe::store::Tx;
use chappe::store::history::Way;
use tempfile::TempDir;

use super::people::People;
use super::scene::{Scene, is_settled};
use crate::databases;
use crate::town::settings::{LOOK, until, write_secrets};

const ENT_ONLY: &str = "[{ channels = [\"ent\"], patience = \"24h\" }]";
const MINUTE: Duration = Duration::from_mins(1);
/// How many one call carries.
const TOGETHER: usize = 50;

async fn school_of(families: usize, settings: &[(&str, &str)]) -> Scene {
    Scene::set_with(some(families), ENT_ONLY, settings).await
}

fn some(families: usize) -> People {
    let mut people = People::none();
    people.families(families, true, false);
    people
}

/// A message that everybody has in the ENT.
async fn sent(scene: &Scene) -> Message {
    let message = scene.launch().await;
    scene.until(&message, is_settled).await;
    message
}

/// What its correction would take back, and the correction.
async fn correct(scene: &Scene, earlier: &Message) -> (RecallAhead, Message) {
    let fields = [("agenda".to_owned(), "Reprise lundi 23 mars à 8h30.".to_owned())];
    let changes = Amendments { fields: fields.into(), ..Amendments::default() };
    let correction = office::prepare_correction(&scene.app, earlier, changes).await.unwrap();
    let ahead = office::recall_ahead(&scene.app, earlier, &correction).await.unwrap();
    let sent = office::correct(&scene.app, Actor::Program, earlier, correction).await.unwrap();
    (ahead, sent.0)
}

/// How the recalls of a message stand, each with how many they are.
async fn recalls(scene: &Scene, message: &Message) -> Vec<(RecallState, usize)> {
    let told = office::recalls(&scene.app, message).await.unwrap();
    told.into_iter().map(|it| (it.state, it.count)).collect()
}

async fn until_all(scene: &Scene, message: &Message, state: RecallState) {
    until(async || {
        let told = recalls(scene, message).await;
        !told.is_empty() && told.iter().all(|(it, _)| *it == state)
    })
    .await;
}

/// The ways that messages took to somebody, newest message first.
async fn ways(scene: &Scene, name: &str) -> Vec<Way> {
    let who = Who { name: name.to_owned(), point: None, pupil: None, class: None, address: None };
    let dossiers = office::dossiers(&scene.app, who).await.unwrap();
    dossiers.into_iter().flat_map(|it| it.messages).flat_map(|it| it.ways).collect()
}

/// How often the ENT was asked to recall something.
fn asked(scene: &Scene) -> usize {
    scene.ent.requests().iter().filter(|it| it.ends_with("/recall")).count()
}

/// The subjects that an account still reads in its inbox.
fn readable(scene: &Scene, account: &str) -> Vec<String> {
    let messages = scene.ent.messages().into_iter();
    let mine = messages.filter(|it| !it.is_recalled && it.to.iter().any(|to| to == account));
    mine.map(|it| it.subject).collect()
}

fn accounts(scene: &Scene) -> BTreeSet<String> {
    scene.ent.messages().into_iter().flat_map(|it| it.to).collect()
}

/// Lets the daemon look a few times at what is due.
async fn looks(times: u32) {
    tokio::time::sleep(Duration::from_millis(20) * times + LOOK).await;
}

fn by(scene: &Scene) -> By {
    By::program(scene.clock.now())
}

fn numbers(status: &Status) -> (usize, usize, usize) {
    let all = status.addressees;
    (all.total, all.reached, all.cancelled)
}

#[tokio::test]
async fn a_correction_recalls_what_fifty_have_once_and_each_reads_the_new_text_alone() {
    let folder = TempDir::new().unwrap();
    let file = Database::File(folder.path().join("chappe.sqlite3"));
    for database in [file, Database::Server(databases::on_server())] {
        let scene = Scene::set_on(database, some(TOGETHER), ENT_ONLY, &[]).await;
        let _daemon = scene.start().await;
        let message = sent(&scene).await;
        assert_eq!(scene.ent.taken(), 1, "one message for all of them");
        let (before, sent_at) = (scene.status(&message).await, scene.clock.now());
        scene.pass(MINUTE * 12);
        let (ahead, correction) = correct(&scene, &message).await;
        let expected = RecallAhead { to_recall: 1, sent_at: Some(sent_at), too_late: 0 };
        assert_eq!(ahead, expected);
        let said = ahead.in_french(scene.clock.now());
        assert_eq!(said, ["Le message de l’ENT sera rappelé (parti il y a 12 minutes)."]);
        scene.until(&correction, is_settled).await;
        until_all(&scene, &message, Recalled).await;
        assert_eq!(accounts(&scene).len(), TOGETHER);
        for account in accounts(&scene) {
            let read = readable(&scene, &account);
            assert!(read.len() == 1 && read[0].starts_with("Rectificatif"), "{read:?}");
        }
        let told = office::recalls(&scene.app, &message).await.unwrap();
        let hour = told[0].in_french(&scene.app);
        assert!(hour.starts_with("rappelé de l’ENT à 8 h"), "{hour}");
        let ways = ways(&scene, "AABDURAND").await;
        assert_eq!(ways.len(), 2, "{ways:?}");
        assert_eq!(ways.iter().map(|it| it.recall).collect::<Vec<_>>(), [None, Some(Recalled)]);
        looks(3).await;
        assert_eq!(asked(&scene), 1);
        let after = scene.status(&message).await;
        assert_eq!(numbers(&after), numbers(&before), "a recall takes nobody's proof");
        assert_eq!(after.channels, before.channels);
    }
}

#[tokio::test]
async fn what_left_more_than_an_hour_ago_is_not_asked_for() {
    let scene = school_of(3, &[]).await;
    let _daemon = scene.start().await;
    let message = sent(&scene).await;
    scene.pass(MINUTE * 60);
    let (ahead, correction) = correct(&scene, &message).await;
    assert_eq!((ahead.to_recall, ahead.too_late), (0, 1));
    let said = ahead.in_french(scene.clock.now()).join(" ");
    assert!(said.contains("ne peut plus être rappelé"), "{said}");
    scene.until(&correction, is_settled).await;
    let told = office::recalls(&scene.app, &message).await.unwrap();
    assert_eq!(told[0].in_french(&scene.app), "pas rappelé : plus d’une heure après l’envoi");
    assert_eq!((told[0].state, asked(&scene)), (TooLate, 0));
}

#[tokio::test]
async fn an_ent_that_is_down_is_asked_again_until_it_is_back() {
    let scene = school_of(3, &[]).await;
    let _daemon = scene.start().await;
    let message = sent(&scene).await;
    scene.ent.set_weather(Weather::Unavailable503);
    let (_, correction) = correct(&scene, &message).await;
    until(async || asked(&scene) > 0).await;
    assert_eq!(recalls(&scene, &message).await, [(Awaited, 1)]);
    scene.ent.set_weather(Weather::Fine);
    scene.later(&correction, is_settled).await;
    until(async || {
        scene.pass(Duration::from_secs(1));
        recalls(&scene, &message).await == [(Recalled, 1)]
    })
    .await;
    assert!(asked(&scene) > 1);
}

#[tokio::test]
async fn a_recall_counts_in_the_rates_of_its_account_and_keeps_to_them() {
    let four_a_minute = [
        ("PROVIDERS__ENT__EDIFICE__PACE", "{ per_minute = 4, every = \"0s\", at_once = 4 }"),
        ("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "1"),
    ];
    // A server counts its minutes by its own clock, which no test moves: this one is about a file.
    let file = Database::File("chappe.db".into());
    let scene = Scene::set_on(file, some(3), ENT_ONLY, &four_a_minute).await;
    let _daemon = scene.start().await;
    let message = sent(&scene).await;
    let (_, correction) = correct(&scene, &message).await;
    let calls = || asked(&scene) + scene.ent.taken();
    until(async || calls() == 4).await;
    looks(10).await;
    assert_eq!(calls(), 4, "one of them fitted in the minute of three sendings");
    for minute in 2..=3 {
        scene.pass(Duration::from_secs(61));
        until(async || calls() >= 9 || calls() == 4 * minute).await;
        looks(10).await;
        assert!(calls() <= 4 * minute, "{} calls in {minute} minutes", calls());
    }
    scene.until(&correction, is_settled).await;
    until_all(&scene, &message, Recalled).await;
    assert_eq!((asked(&scene), scene.ent.taken()), (3, 6));
}

#[tokio::test]
async fn an_ent_that_is_down_for_an_hour_is_asked_no_more() {
    let scene = school_of(3, &[]).await;
    let _daemon = scene.start().await;
    let message = sent(&scene).await;
    scene.ent.set_weather(Weather::Unavailable503);
    correct(&scene, &message).await;
    until(async || asked(&scene) > 0).await;
    scene.pass(MINUTE * 60);
    until_all(&scene, &message, TooLate).await;
    let so_far = asked(&scene);
    scene.ent.set_weather(Weather::Fine);
    scene.pass(MINUTE * 10);
    looks(5).await;
    assert_eq!((asked(&scene), recalls(&scene, &message).await), (so_far, vec![(TooLate, 1)]));
}

#[tokio::test]
async fn what_had_lost_its_answer_when_it_was_corrected_is_recalled_once_it_is_found() {
    let file = Database::File("chappe.db".into());
    for database in [file, Database::Server(databases::on_server())] {
        let scene = Scene::set_on(database, some(3), ENT_ONLY, &[]).await;
        let _daemon = scene.start().await;
        scene.ent.set_weather(Weather::TimesOut504);
        let message = scene.launch().await;
        until(async || scene.ent.taken() > 0).await;
        let uncertain = |it: &Status| it.channels[&Channel::Ent].uncertain == 3;
        scene.until(&message, uncertain).await;
        let (ahead, _) = correct(&scene, &message).await;
        assert_eq!(ahead, RecallAhead::default(), "nobody knows yet that it is there");
        assert_eq!(kept_in_mind(&scene).await, 3);
        scene.ent.set_weather(Weather::Fine);
        until(async || {
            scene.pass(Duration::from_secs(1));
            recalls(&scene, &message).await == [(Recalled, 1)]
        })
        .await;
        assert!(scene.ent.messages()[0].is_recalled);
        scene.pass(MINUTE * 60);
        until(async || kept_in_mind(&scene).await == 0).await;
        assert_eq!(asked(&scene), 1);
    }
}

/// How many sendings are looked at again and again, for they may turn out to have been taken.
async fn kept_in_mind(scene: &Scene) -> i64 {
    let school = scene.app.queue.school().clone();
    let count = move |tx: &Tx<'_>| {
        let counted = "SELECT COUNT(*) FROM late_recalls WHERE school_id = $1";
        tx.query_one(counted, &[school.as_str().into()], |row| row.int(0))
    };
    scene.app.store().read(count).await.unwrap().unwrap()
}

#[tokio::test]
async fn nothing_is_recalled_while_the_correction_may_be_undone_nor_after_it_was() {
    let scene = school_of(3, &[("DISPATCH__UNDO", "2min")]).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.pass(MINUTE * 2);
    scene.until(&message, is_settled).await;
    let (ahead, correction) = correct(&scene, &message).await;
    assert_eq!(ahead.to_recall, 1);
    looks(5).await;
    assert_eq!((asked(&scene), recalls(&scene, &message).await), (0, vec![(Awaited, 1)]));
    let queue = &scene.app.queue;
    let cancelled = MessageState::Cancelled;
    queue.decisions().decide(&correction, cancelled, String::new(), by(&scene)).await.unwrap();
    scene.pass(MINUTE * 2);
    until(async || recalls(&scene, &message).await.is_empty()).await;
    looks(5).await;
    assert_eq!((asked(&scene), readable(&scene, "ent-1").len()), (0, 1));
}

#[tokio::test]
async fn nothing_is_recalled_while_the_school_is_on_hold_or_the_correction_paused() {
    let scene = school_of(3, &[]).await;
    let daemon = scene.start().await;
    let message = sent(&scene).await;
    daemon.stop().await;
    let (_, correction) = correct(&scene, &message).await;
    let queue = &scene.app.queue;
    queue.holds().put("essai".to_owned(), by(&scene)).await.unwrap();
    let paused = MessageState::Paused;
    queue.decisions().decide(&correction, paused, String::new(), by(&scene)).await.unwrap();
    let _daemon = scene.start().await;
    looks(5).await;
    queue.holds().release(MayHaveLeft::Send, by(&scene)).await.unwrap();
    looks(5).await;
    assert_eq!(asked(&scene), 0);
    let running = MessageState::Running;
    queue.decisions().decide(&correction, running, String::new(), by(&scene)).await.unwrap();
    until_all(&scene, &message, Recalled).await;
}

#[tokio::test]
async fn whoever_is_under_a_ruling_since_reads_neither_text() {
    let mut people = People::none();
    let keys = people.families(3, true, false);
    let scene = Scene::set(people, ENT_ONLY).await;
    let _daemon = scene.start().await;
    let message = sent(&scene).await;
    let tie = RestrictedTie {
        pupil: PupilKey("siecle:1".to_owned()),
        person: keys[0].clone(),
        why: Restriction::Court,
        note: String::new(),
    };
    let (store, school) = (scene.app.store(), scene.app.queue.school());
    directory::restrict(store, school, tie, by(&scene)).await.unwrap();
    let (_, correction) = correct(&scene, &message).await;
    let status = scene.until(&correction, is_settled).await;
    until_all(&scene, &message, Recalled).await;
    assert_eq!(status.addressees.total, 2);
    let read: Vec<usize> = ["ent-1", "ent-2", "ent-3"].map(|it| readable(&scene, it).len()).into();
    assert_eq!(read, [0, 1, 1]);
}

/// The same school, or another, at work on the same database.
fn another(scene: &Scene, school: SchoolId) -> (office::School, TempDir) {
    let folder = TempDir::new().unwrap();
    write_secrets(folder.path());
    let mut config = scene.app.config.clone();
    config.school.uai = school;
    (app::build(config, folder.path(), scene.clock.clone()).unwrap(), folder)
}

#[tokio::test]
async fn of_two_daemons_one_asks_and_another_school_asks_for_nothing_of_it() {
    let database = Database::Server(databases::on_server());
    let one_a_call = [("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "1")];
    let scene = Scene::set_on(database, some(20), ENT_ONLY, &one_a_call).await;
    let first = scene.start().await;
    let message = sent(&scene).await;
    first.stop().await;
    let (ahead, correction) = correct(&scene, &message).await;
    assert_eq!((ahead.to_recall, scene.ent.taken()), (20, 20));
    let (other, _folder) = another(&scene, SchoolId::parse("0310053P").unwrap());
    let other = Arc::new(other);
    let _other = Daemon::start(Arc::clone(&other), Guard::LoopbackOnly).await.unwrap();
    looks(5).await;
    assert_eq!((asked(&scene), other.queue.recalls().of(message.id).await.unwrap().len()), (0, 0));
    let (second, _folder) = another(&scene, scene.app.queue.school().clone());
    let _second = Daemon::start(Arc::new(second), Guard::LoopbackOnly).await.unwrap();
    let _first = scene.start().await;
    scene.until(&correction, is_settled).await;
    until_all(&scene, &message, Recalled).await;
    assert_eq!(asked(&scene), 20);
}
