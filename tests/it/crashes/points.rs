//! The real program dies at every point where dying could hurt: before and after each commit, on both
//! databases, each call of a provider, each question for receipts, each write of a batch of letters.

use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;

use chappe::delivery::RecallState;
use chappe::demo::school::Size;
use chappe::message::Message;
use chappe::store::messages;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::task::{JoinSet, LocalSet};

use crate::databases;
use crate::town::settings::until;
use crate::town::verdict::due_to_machines;
use crate::town::{Town, representatives};

/// Schools at work at the same time.
const AT_ONCE: usize = 6;
/// Passages of a point in the course of a message, at the very least.
const FEWEST: usize = 4;
/// More passages than any run has.
const END: usize = 1_000;

const SMALL: Size = Size { pupils: 12, classes: 2 };
/// Of thirteen accounts some leave in one call, and one is left alone.
const HASTE: [(&str, &str); 5] = [
    ("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "4"),
    ("DISPATCH__LEASE", "1s"),
    ("DISPATCH__RETRY", "[\"100ms\", \"100ms\", \"100ms\", \"100ms\", \"100ms\"]"),
    ("DISPATCH__RECEIPTS_EVERY", "100ms"),
    ("DISPATCH__LOOK_EVERY", "50ms"),
];
const ON_PAPER: (&str, &str) = ("PLANS__FAMILLE", "[{ channels = [\"letter\"] }]");

/// Dies at the `nth` passage of `point`; whether it came that far.
pub(super) async fn dies_at(mut program: Command, point: &str, nth: usize) -> bool {
    let mut child = program.env("FAILPOINTS", armed(point, nth)).spawn().unwrap();
    let status = child.wait().await.unwrap();
    assert!(status.success() || status.signal() == Some(6), "{point} {nth}: {status}");
    status.signal().is_some()
}

pub(super) fn armed(point: &str, nth: usize) -> String {
    let before = if nth > 1 { format!("{}*off->", nth - 1) } else { String::new() };
    format!("{point}={before}return")
}

/// Runs `round` for every passage of each point until one is never reached, several at a time; how
/// many crashes that were.
async fn at_every_passage<F>(points: &[&'static str], round: fn(&'static str, usize) -> F) -> usize
where
    F: Future<Output = bool> + 'static,
{
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let all = points.iter().map(|point| at_every_passage_of(point, round, Arc::clone(&room)));
    let all = futures_util::future::join_all(all);
    LocalSet::new().run_until(all).await.iter().sum()
}

async fn at_every_passage_of<F>(
    point: &'static str,
    round: fn(&'static str, usize) -> F,
    room: Arc<Semaphore>,
) -> usize
where
    F: Future<Output = bool> + 'static,
{
    let (mut rounds, mut crashes) = (JoinSet::new(), 0);
    for nth in 1..END {
        let slot = Arc::clone(&room).acquire_owned().await.unwrap();
        rounds.spawn_local(async move {
            let has_died = round(point, nth).await;
            drop(slot);
            has_died
        });
        while let Some(ended) = rounds.try_join_next() {
            if !ended.unwrap() {
                let rest = rounds.join_all().await;
                return crashes + rest.iter().filter(|has_died| **has_died).count();
            }
            crashes += 1;
        }
    }
    panic!("{point} has no end");
}

/// No machine has anything to do: whoever may have it waits for the end of patience alone.
async fn nothing_is_due(town: &Town) -> bool {
    due_to_machines(town.app.store()).await == 0
}

/// Everybody is accounted for, and what the database says is what the services hold.
async fn check(town: &Town, message: &Message, what: &str) {
    let status = town.status(message).await;
    let all = status.addressees;
    assert_eq!(all.total, representatives(&town.school), "{what}: {status:#?}");
    let parts = all.reached + all.on_letter + all.on_call + all.unreached + all.uncertain;
    assert_eq!(parts + all.waiting, all.total, "{what}: {status:#?}");
    let uncertain: usize = status.channels.values().map(|it| it.uncertain).sum();
    assert!(all.waiting <= uncertain, "{what}: {status:#?}");
    let verdict = town.judge().await;
    assert!(verdict.wrong.is_empty(), "{what}: {:#?}", verdict.wrong);
    assert!(verdict.handed_over > 0, "{what}: nothing left");
    assert!(verdict.together > 0, "{what}: nothing left together");
}

async fn while_it_sends(point: &'static str, nth: usize) -> bool {
    in_town(Town::set(SMALL, &HASTE).await, point, nth).await
}

async fn while_it_sends_on_a_server(point: &'static str, nth: usize) -> bool {
    let url = databases::on_server();
    let settings: Vec<_> = HASTE.into_iter().chain([("STORE__DATABASE", url.as_str())]).collect();
    in_town(Town::set(SMALL, &settings).await, point, nth).await
}

async fn in_town(town: Town, point: &'static str, nth: usize) -> bool {
    let message = town.launch().await;
    let mut first = town.program(&["serve"]);
    let mut first = first.env("FAILPOINTS", armed(point, nth)).spawn().unwrap();
    let mut has_died = false;
    until(async || {
        has_died = first.try_wait().unwrap().is_some();
        has_died || nothing_is_due(&town).await
    })
    .await;
    if has_died {
        let status = first.wait().await.unwrap();
        assert_eq!(status.signal(), Some(6), "{point} {nth}: {status}");
    } else {
        first.kill().await.unwrap();
    }
    let mut second = town.daemon();
    until(async || nothing_is_due(&town).await).await;
    second.kill().await.unwrap();
    check(&town, &message, &format!("{point} {nth}")).await;
    has_died
}

/// Every message of the school.
async fn messages(town: &Town) -> Vec<Message> {
    let school = town.app.queue.school().clone();
    town.app.store().read(move |tx| messages::newest(tx, &school, 10)).await.unwrap()
}

async fn while_it_launches(point: &'static str, nth: usize) -> bool {
    let town = Town::set(SMALL, &HASTE).await;
    let has_died = dies_at(town.send(), point, nth).await;
    // Whoever got no answer looks, and launches again if there is nothing.
    let message = match messages(&town).await.pop() {
        Some(message) => message,
        None => town.launch().await,
    };
    assert_eq!(messages(&town).await.len(), 1, "{point} {nth}");
    let mut daemon = town.daemon();
    until(async || nothing_is_due(&town).await).await;
    daemon.kill().await.unwrap();
    check(&town, &message, &format!("{point} {nth}")).await;
    has_died
}

async fn while_it_prints(point: &'static str, nth: usize) -> bool {
    let settings: Vec<_> = HASTE.into_iter().chain([ON_PAPER]).collect();
    let town = Town::set(SMALL, &settings).await;
    let message = town.launch().await;
    let has_died = print(&town, point, nth).await;
    let again = town.program(&["letters"]).status().await.unwrap();
    assert!(again.success(), "{point} {nth}: {again}");
    let batches = town.app.queue.letters().batches().await.unwrap();
    assert_eq!(batches.len(), 1, "{point} {nth}: the letters stand in more than one batch");
    let file = batches[0].file.clone().unwrap_or_else(|| panic!("{point} {nth}: not printed"));
    let pdf = std::fs::read(&file).unwrap();
    assert!(pdf.starts_with(b"%PDF") && pdf.trim_ascii_end().ends_with(b"%%EOF"), "{point} {nth}");
    let status = town.status(&message).await.addressees;
    assert_eq!(status.on_letter, status.total, "{point} {nth}");
    has_died
}

/// Prints, and dies on the way: the command or the process that prints for it.
async fn print(town: &Town, point: &str, nth: usize) -> bool {
    let mut program = town.program(&["letters"]);
    !program.env("FAILPOINTS", armed(point, nth)).status().await.unwrap().success()
}

/// A text that was corrected is being recalled from the ENT.
async fn while_it_recalls(point: &'static str, nth: usize) -> bool {
    let together = ("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "8");
    let settings: Vec<_> = HASTE.into_iter().chain([together]).collect();
    let town = Town::set(SMALL, &settings).await;
    let message = town.launch().await;
    let mut daemon = town.daemon();
    until(async || town.is_at_rest(&message).await).await;
    daemon.kill().await.unwrap();
    let earlier = town.ent.taken();
    let change = ["correct", message.code.as_str(), "--set", "agenda=Lundi à 8h30.", "--json"];
    assert!(town.program(&change).status().await.unwrap().success(), "{point} {nth}");
    let mut first = town.program(&["serve"]);
    let mut first = first.env("FAILPOINTS", armed(point, nth)).spawn().unwrap();
    let is_recalled = async || {
        let all = town.app.queue.recalls().of(message.id).await.unwrap();
        !all.is_empty() && all.iter().all(|it| it.state == RecallState::Recalled)
    };
    let mut has_died = false;
    until(async || {
        has_died = first.try_wait().unwrap().is_some();
        has_died || is_recalled().await
    })
    .await;
    let _second = if has_died { town.daemon() } else { first };
    until(is_recalled).await;
    let messages = town.ent.messages();
    assert!(messages[..earlier].iter().all(|it| it.is_recalled), "{point} {nth}");
    assert!(!messages[earlier..].iter().any(|it| it.is_recalled), "{point} {nth}");
    has_died
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_dies_around_a_recall_recalls_all_the_same() {
    let points = ["provider.before_recall", "provider.after_recall"];
    let crashes = at_every_passage(&points, while_it_recalls).await;
    assert!(crashes >= 2 * points.len(), "{crashes} crashes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_dies_at_any_point_forgets_nobody_and_sends_nothing_twice() {
    let points = [
        "store.before_commit",
        "store.after_commit",
        "provider.before_call",
        "provider.after_call",
        "provider.before_receipts",
        "provider.after_receipts",
    ];
    let crashes = at_every_passage(&points, while_it_sends).await;
    assert!(crashes > 4 * FEWEST, "{crashes} crashes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_dies_at_any_commit_on_a_server_forgets_nobody_and_sends_nothing_twice() {
    let points = ["store.before_commit", "store.after_commit"];
    let crashes = at_every_passage(&points, while_it_sends_on_a_server).await;
    assert!(crashes > 2 * FEWEST, "{crashes} crashes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_launch_that_dies_leaves_the_whole_message_or_nothing() {
    let points = ["store.before_commit", "store.after_commit"];
    let crashes = at_every_passage(&points, while_it_launches).await;
    assert!(crashes >= points.len(), "{crashes} crashes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_that_die_at_any_point_are_printed_once_in_the_same_batch() {
    let points = [
        "store.before_commit",
        "store.after_commit",
        "letters.before_write",
        "letters.after_write",
        "letters.before_name",
        "letters.after_name",
    ];
    let crashes = at_every_passage(&points, while_it_prints).await;
    assert!(crashes >= points.len(), "{crashes} crashes");
}
