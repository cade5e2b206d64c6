//! A server's database that was put back out of a dump: nobody knows what left since, so nothing leaves
//! before somebody has looked.

use std::collections::BTreeMap;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::config::Database;
use chappe::people::By;
use chappe::queue::{MayHaveLeft, Queue};
use chappe::store::Store;
use chappe::store::deliveries::Claim;
use chappe::store::holds::Hold;

use super::one_database_for_many::{BY_EMAIL, families};
use super::scene::{LEASE, Scene};
use crate::databases;

const FAMILIES: usize = 5;
/// As many as may be broken, each for one answer.
const CONNECTIONS: usize = 8;

struct Dumped {
    url: String,
    scene: Scene,
    dump: Vec<u8>,
}

impl Dumped {
    /// A message was launched before the dump was taken.
    async fn set() -> Self {
        let url = databases::on_server();
        let database = Database::Server(url.clone());
        let scene = Scene::set_on(database, families(FAMILIES), BY_EMAIL, &[]).await;
        scene.launch().await;
        let dump = databases::dump_of(&url);
        Self { url, scene, dump }
    }

    /// The queue of the scene's school, as a program that starts now opens it.
    fn opened(&self, url: &str) -> Queue {
        let store = Store::connect(url, None).unwrap();
        Queue::new(store, self.scene.app.queue.school().clone())
    }

    async fn hold(&self, url: &str) -> Option<Hold> {
        self.opened(url).holds().standing().await.unwrap()
    }

    /// How many would leave now.
    async fn leaving(&self, url: &str) -> usize {
        let now = self.scene.clock.now();
        let claim = Claim {
            channel: Channel::Email,
            carrier: "relay".into(),
            now,
            lease_ends: now + LEASE,
            most: 100,
        };
        self.opened(url).start(claim).await.unwrap().len()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_restored_elsewhere_is_on_hold_and_the_original_is_not() {
    let dumped = Dumped::set().await;
    let copy = databases::empty_on_server();
    databases::restore(&copy, &dumped.dump);
    let hold = dumped.hold(&copy).await.expect("it would send");
    let launched_at = dumped.scene.clock.now();
    assert!(hold.as_of.is_some_and(|as_of| as_of <= launched_at), "{hold:?}");
    assert_eq!(dumped.leaving(&copy).await, 0);
    assert_eq!(dumped.hold(&dumped.url).await, None);
    assert_eq!(dumped.leaving(&dumped.url).await, FAMILIES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_put_back_into_its_own_database_is_on_hold() {
    let dumped = Dumped::set().await;
    databases::restore(&dumped.url, &dumped.dump);
    assert_eq!(dumped.leaving(&dumped.url).await, 0);
    assert!(dumped.hold(&dumped.url).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waited_in_the_dump_may_have_left_and_a_release_is_for_good() {
    let dumped = Dumped::set().await;
    let copy = databases::empty_on_server();
    databases::restore(&copy, &dumped.dump);
    let queue = dumped.opened(&copy);
    let now = dumped.scene.clock.now();
    let (_, held) = queue.holds().kept_back(now, now).await.unwrap().expect("it would send");
    let may_have_left: usize = held.iter().map(|held| held.may_have_left).sum();
    assert_eq!(may_have_left, FAMILIES);
    queue.holds().release(MayHaveLeft::Send, By::program(now)).await.unwrap();
    assert_eq!(dumped.hold(&copy).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_due_later_has_not_left_since_the_dump() {
    let dumped = Dumped::set().await;
    databases::run_on(&dumped.url, "UPDATE deliveries SET due_at = due_at + 3600000");
    let copy = databases::empty_on_server();
    databases::restore(&copy, &databases::dump_of(&dumped.url));
    let queue = dumped.opened(&copy);
    let now = dumped.scene.clock.now();
    let (_, held) = queue.holds().kept_back(now, now).await.unwrap().expect("it would send");
    assert_eq!((held[0].waiting, held[0].may_have_left), (FAMILIES, 0));
    queue
        .holds()
        .release(MayHaveLeft::Uncertain { asked: BTreeMap::new() }, By::program(now))
        .await
        .unwrap();
    dumped.scene.pass(Duration::from_hours(1));
    assert_eq!(dumped.leaving(&copy).await, FAMILIES);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_that_does_not_say_where_it_was_is_on_hold() {
    let dumped = Dumped::set().await;
    databases::run_on(&dumped.url, "DELETE FROM home");
    assert_eq!(dumped.leaving(&dumped.url).await, 0);
    assert!(dumped.hold(&dumped.url).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_connects_again_sees_that_the_database_is_a_copy() {
    let dumped = Dumped::set().await;
    databases::run_on(
        &dumped.url,
        "UPDATE home SET place = 'elsewhere'; SELECT pg_terminate_backend(pid) \
         FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    let queue = &dumped.scene.app.queue;
    // What goes through the broken connections says so.
    let mut hold = queue.holds().standing().await;
    for _ in 0..CONNECTIONS {
        if hold.is_ok() {
            break;
        }
        hold = queue.holds().standing().await;
    }
    assert!(hold.unwrap().is_some(), "it would send");
}
