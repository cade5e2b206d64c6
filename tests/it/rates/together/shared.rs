//! Calls for several by two daemons on one `PostgreSQL` server, in real time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::message::{Message, Terms, Urgency};
use chappe::queue::{self, Queue};
use chappe::settings::Pace;
use chappe::store::Store;
use tempfile::TempDir;

use super::super::works::{MORNING, Works};
use super::{Call, Ent, Temper, family, locked};
use crate::databases;
use crate::town::settings::until;

const FAMILIES: usize = 400;
const MOST: usize = 25;
const HASTE: [(&str, &str); 6] = [
    ("BREAKER__FIRST_PAUSE", "100ms"),
    ("BREAKER__LONGEST_PAUSE", "200ms"),
    ("DISPATCH__LEASE", "1s"),
    ("DISPATCH__LOOK_EVERY", "50ms"),
    ("DISPATCH__RECEIPTS_EVERY", "100ms"),
    ("DISPATCH__RETRY", "[\"100ms\", \"100ms\", \"100ms\", \"100ms\", \"100ms\", \"100ms\"]"),
];
const FEW_AT_ONCE: Pace = Pace { at_once: 2, ..Pace::FREE };

/// A school on a server, whose families are told the same.
struct Shared {
    works: Works,
    url: String,
    message: Message,
    _folder: TempDir,
}

impl Shared {
    async fn set() -> Self {
        let folder = TempDir::new().unwrap();
        let works = Works::set(folder.path(), Clock::simulated(MORNING), &HASTE).unwrap();
        let url = databases::on_server();
        let how = (Urgency::Bulk, Terms::default());
        let queue = works.queue(Store::connect(&url, None).unwrap());
        let families = (0..FAMILIES).map(family).collect();
        let message = works.launch_to(how, &queue, Channel::Ent, families).await.unwrap();
        Self { works, url, message, _folder: folder }
    }

    /// The queue, as another daemon opens it.
    fn queue(&self) -> Queue {
        self.works.queue(Store::connect(&self.url, None).unwrap())
    }

    async fn all_are_reached(&self, queue: &Queue) {
        until(async || {
            let now = self.works.clock.now();
            let status = queue::status(queue.store(), &self.message, now).await.unwrap();
            status.addressees.reached == FAMILIES
        })
        .await;
    }
}

fn whom(call: &Call) -> BTreeSet<String> {
    call.to.iter().cloned().collect()
}

/// Everybody has it once, and all calls under one reference are for the same people.
fn assert_each_is_told_once_and_by_whole_calls(calls: &[Call], ents: &[&Ent]) {
    let mut copies = BTreeMap::new();
    for (account, count) in ents.iter().flat_map(|ent| ent.copies()) {
        *copies.entry(account).or_insert(0) += count;
    }
    assert_eq!(copies.len(), FAMILIES);
    assert!(copies.values().all(|count| *count == 1), "{copies:?}");
    let mut by_reference = BTreeMap::new();
    for call in calls {
        let first = by_reference.entry(&call.reference).or_insert_with(|| whom(call));
        assert_eq!(*first, whom(call), "{}", call.reference);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_daemons_share_the_calls_and_make_none_twice() {
    let shared = Shared::set().await;
    let (one, other) = (shared.queue(), shared.queue());
    let (here, there) = (Ent::new(MOST), Ent::new(MOST));
    let daemons = [
        shared.works.start(&one, &here, &FEW_AT_ONCE),
        shared.works.start(&other, &there, &FEW_AT_ONCE),
    ];
    shared.all_are_reached(&one).await;
    for daemon in daemons {
        daemon.stop().await.unwrap();
    }
    let (by_one, by_other) = (here.calls(), there.calls());
    assert!(!by_one.is_empty() && !by_other.is_empty(), "nothing was shared");
    let calls = [by_one, by_other].concat();
    assert_each_is_told_once_and_by_whole_calls(&calls, &[&here, &there]);
    let references: BTreeSet<_> = calls.iter().map(|it| &it.reference).collect();
    assert_eq!(references.len(), calls.len(), "one call was made by both");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_never_arrived_goes_again_whole_whichever_daemon_takes_it_up() {
    let shared = Shared::set().await;
    let (one, other) = (shared.queue(), shared.queue());
    let ent = Ent::new(MOST);
    ent.becomes(Temper { loses_calls: true, ..Temper::default() });
    let daemons = [
        shared.works.start(&one, &ent, &FEW_AT_ONCE),
        shared.works.start(&other, &ent, &FEW_AT_ONCE),
    ];
    until(async || ent.calls().len() > 8).await;
    ent.becomes(Temper::default());
    shared.all_are_reached(&one).await;
    for daemon in daemons {
        daemon.stop().await.unwrap();
    }
    assert_each_is_told_once_and_by_whole_calls(&ent.calls(), &[&ent]);
}

/// One daemon dies as soon as the ENT `has_come_to` something; another one ends its work.
async fn one_dies_and_another_goes_on(
    temper: Temper,
    has_come_to: impl Fn(&Ent) -> bool,
) -> (Arc<Ent>, Vec<Call>) {
    let shared = Shared::set().await;
    let (one, other) = (shared.queue(), shared.queue());
    let ent = Ent::new(MOST);
    ent.becomes(temper);
    let dies = shared.works.start(&one, &ent, &FEW_AT_ONCE);
    until(async || has_come_to(&ent)).await;
    dies.kill().await;
    let before = ent.calls();
    ent.becomes(Temper::default());
    let goes_on = shared.works.start(&other, &ent, &FEW_AT_ONCE);
    shared.all_are_reached(&other).await;
    goes_on.stop().await.unwrap();
    assert_each_is_told_once_and_by_whole_calls(&ent.calls(), &[&ent]);
    (ent, before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_a_daemon_died_in_is_made_whole_by_another() {
    // It dies while it waits for the answer to a call that never came there.
    let slow = Temper { slow: true, ..Temper::default() };
    let (ent, before) = one_dies_and_another_goes_on(slow, |ent| ent.calls().len() > 1).await;
    let after = ent.calls().split_off(before.len());
    for call in before {
        let again = after.iter().find(|it| it.reference == call.reference);
        assert_eq!(again.map(whom), Some(whom(&call)), "{}", call.reference);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_whose_answer_a_daemon_lost_is_asked_about_by_another_and_not_made_again() {
    let silent = Temper { loses_answers: true, ..Temper::default() };
    let has_some = |ent: &Ent| !locked(&ent.inboxes).is_empty();
    let (ent, before) = one_dies_and_another_goes_on(silent, has_some).await;
    let after = ent.calls().split_off(before.len());
    let asked = locked(&ent.asked).clone();
    assert!(before.iter().all(|it| asked.contains(&it.reference)), "{asked:?}");
    let again = before.iter().filter(|it| after.iter().any(|call| call.reference == it.reference));
    assert!(again.count() < before.len(), "those that the ENT had were made again");
}
