//! Rates: no sliding window ever holds more than its limit, and the allowance is used.

mod blame;
mod breakers;
mod daemons;
mod ledger;
mod poison;
mod routes;
mod together;
mod works;

use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::message::{Terms, Urgency};
use chappe::people::SchoolId;
use chappe::queue::{self, Queue};
use chappe::settings::Pace;
use tempfile::TempDir;
use works::{MORNING, Wire, Works, windows_broken};

const TEN_AND_200: Pace = Pace { per_second: 10, per_hour: 200, ..Pace::FREE };
const LATENCY: Duration = Duration::from_millis(300);

fn works(folder: &TempDir) -> Works {
    let settings = [("DISPATCH__LOOK_EVERY", "20s")];
    Works::set(folder.path(), Clock::simulated(MORNING), &settings).unwrap()
}

async fn pass(span: Duration) {
    tokio::time::sleep(span).await;
}

#[tokio::test(start_paused = true)]
async fn ten_a_second_and_two_hundred_an_hour_hold_across_restarts_and_are_used() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Email, LATENCY);
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, 1_200).await.unwrap();
    let daemon = works.start(&queue, &wire, &TEN_AND_200);
    pass(Duration::from_secs(7)).await;
    daemon.stop().await.unwrap();
    let before = wire.calls().len();
    assert!((66..=70).contains(&before), "{before} in seven seconds");
    drop(queue);
    // A new process: nothing is left but the file.
    let daemon = works.start(&works.open().unwrap(), &wire, &TEN_AND_200);
    pass(Duration::from_secs(14)).await;
    assert_eq!(wire.calls().len(), 200, "the allowance of the hour is used at once");
    pass(Duration::from_secs(5 * 3_600 - 21)).await;
    daemon.stop().await.unwrap();
    let calls = wire.calls();
    assert_eq!(windows_broken(&calls, TEN_AND_200.limits()), 0);
    assert!(calls.len() >= 980, "98 % of five hours' allowance: {}", calls.len());
}

#[tokio::test(start_paused = true)]
async fn a_daemon_killed_in_the_middle_of_a_burst_forgets_nothing_that_left() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Email, LATENCY);
    works.launch(&works.open().unwrap(), Channel::Email, 500).await.unwrap();
    for millis in [130, 1_310, 2_070, 990, 3_333] {
        let daemon = works.start(&works.open().unwrap(), &wire, &TEN_AND_200);
        pass(Duration::from_millis(millis)).await;
        daemon.kill().await;
    }
    let daemon = works.start(&works.open().unwrap(), &wire, &TEN_AND_200);
    pass(Duration::from_hours(2)).await;
    daemon.stop().await.unwrap();
    let calls = wire.calls();
    assert_eq!(windows_broken(&calls, TEN_AND_200.limits()), 0);
    let mut references = wire.references();
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), calls.len(), "nothing left twice");
}

#[tokio::test(start_paused = true)]
async fn two_daemons_on_one_account_share_its_allowance() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Email, LATENCY);
    let (one, other) = (works.open().unwrap(), works.open().unwrap());
    works.launch(&one, Channel::Email, 700).await.unwrap();
    let daemons =
        [works.start(&one, &wire, &TEN_AND_200), works.start(&other, &wire, &TEN_AND_200)];
    pass(Duration::from_secs(21)).await;
    assert_eq!(wire.calls().len(), 200, "two are as fast as one");
    // The hour, one slot of it and the margin, twice; then the third burst.
    pass(Duration::from_secs(2 * 3_619 + 21)).await;
    for daemon in daemons {
        daemon.stop().await.unwrap();
    }
    assert_eq!(wire.calls().len(), 600);
    assert_eq!(windows_broken(&wire.calls(), TEN_AND_200.limits()), 0);
}

#[tokio::test(start_paused = true)]
async fn what_becomes_free_on_a_shared_account_is_for_the_urgent_of_every_school() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Email, LATENCY);
    let one = works.open().unwrap();
    let other = Queue::new(one.store().clone(), SchoolId::parse("0310053P").unwrap());
    let account = Some("academie".to_owned());
    let pace = Pace { per_second: 10, per_minute: 60, account, ..Pace::default() };
    works.launch(&one, Channel::Email, 500).await.unwrap();
    let daemons = [works.start(&one, &wire, &pace), works.start(&other, &wire, &pace)];
    pass(Duration::from_secs(30)).await;
    assert_eq!(wire.calls().len(), 60);
    let how = (Urgency::Urgent, Terms::default());
    let urgent = works.launch_as(how, &other, Channel::Email, 20).await.unwrap();
    pass(Duration::from_mins(1)).await;
    let next: Vec<String> = wire.references().into_iter().skip(60).take(20).collect();
    assert!(next.iter().all(|it| it.contains(urgent.code.as_str())), "{next:?}");
    // Once they have left, the others go on.
    assert!(wire.calls().len() > 110, "{}", wire.calls().len());
    for daemon in daemons {
        daemon.stop().await.unwrap();
    }
    assert_eq!(windows_broken(&wire.calls(), pace.limits()), 0);
}

#[tokio::test(start_paused = true)]
async fn each_account_has_an_allowance_of_its_own() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, 300).await.unwrap();
    works.launch(&queue, Channel::Sms, 300).await.unwrap();
    let pace = |account: &str| Pace {
        per_minute: 60,
        account: Some(account.to_owned()),
        ..Pace::default()
    };
    let (email, sms) = (Wire::new(Channel::Email, LATENCY), Wire::new(Channel::Email, LATENCY));
    let daemons = [works.start(&queue, &email, &pace("a")), works.start(&queue, &sms, &pace("b"))];
    pass(Duration::from_secs(59)).await;
    for daemon in daemons {
        daemon.stop().await.unwrap();
    }
    assert_eq!((email.calls().len(), sms.calls().len()), (60, 60));
}

#[tokio::test(start_paused = true)]
async fn sms_are_counted_in_segments() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Sms, LATENCY);
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Sms, 300).await.unwrap();
    let pace = Pace { per_second: 10, per_minute: 300, ..Pace::default() };
    let daemon = works.start(&queue, &wire, &pace);
    pass(Duration::from_mins(2)).await;
    daemon.stop().await.unwrap();
    let calls = wire.calls();
    assert!(calls.iter().all(|(_, segments)| *segments > 1), "the claim needs long ones");
    assert_eq!(windows_broken(&calls, pace.limits()), 0);
    let used: u32 = calls.iter().map(|(_, segments)| segments).sum();
    assert!(used >= 588, "98 % of two minutes' allowance: {used}");
}

#[tokio::test(start_paused = true)]
async fn a_second_is_used_too_and_never_broken() {
    for per_second in [1, 3, 10, 99, 250] {
        let folder = TempDir::new().unwrap();
        let works = works(&folder);
        let wire = Wire::new(Channel::Email, LATENCY);
        let queue = works.open().unwrap();
        let count = usize::try_from(per_second * 10).unwrap();
        works.launch(&queue, Channel::Email, count * 2).await.unwrap();
        let pace = Pace { per_second, at_once: 2 * per_second, ..Pace::default() };
        let daemon = works.start(&queue, &wire, &pace);
        pass(Duration::from_secs(10)).await;
        let calls = wire.calls();
        daemon.kill().await;
        assert_eq!(windows_broken(&calls, pace.limits()), 0);
        assert!(calls.len() * 100 >= count * 98, "{} of {count}", calls.len());
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_an_allowance_is_for_the_urgent_first() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    let queue = works.open().unwrap();
    let pace = Pace { per_second: 100, per_hour: 30, at_once: 30, ..Pace::default() };
    works.launch(&queue, Channel::Email, 25).await.unwrap();
    let daemon = works.start(&queue, &wire, &pace);
    pass(Duration::from_secs(5)).await;
    daemon.stop().await.unwrap();
    works.launch(&queue, Channel::Email, 20).await.unwrap();
    pass(Duration::from_secs(1)).await;
    let how = (Urgency::Urgent, Terms::default());
    let urgent = works.launch_as(how, &queue, Channel::Email, 5).await.unwrap();
    let daemon = works.start(&queue, &wire, &pace);
    pass(Duration::from_secs(5)).await;
    daemon.stop().await.unwrap();
    let status = queue::status(queue.store(), &urgent, works.clock.now()).await.unwrap();
    assert_eq!((status.addressees.reached, wire.calls().len()), (5, 30));
}
