//! Daemons that share an account on a server, in real time: commits that take long, clocks that differ.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::settings::Pace;
use chappe::store::Store;
use tempfile::TempDir;

use super::works::{MORNING, Wire, Works, windows_broken};
use crate::databases;

/// Now and then the commit of a ledger takes long.
const SLOW_COMMITS: &str = "CREATE FUNCTION slow() RETURNS TRIGGER LANGUAGE plpgsql AS \
    'BEGIN IF random() < 0.3 THEN PERFORM pg_sleep(0.09); END IF; RETURN NULL; END'; \
    CREATE CONSTRAINT TRIGGER slow AFTER UPDATE OF ledger ON rates DEFERRABLE INITIALLY DEFERRED \
    FOR EACH ROW EXECUTE FUNCTION slow();";
const PACE: Pace = Pace { per_second: 20, ..Pace::FREE };

/// What leaves at once. How much of the allowance is used after it the bench tells: a busy machine uses less.
const ONE_WINDOW: usize = 20;

/// What two daemons send within a few seconds, the clock of the second so far ahead; and how many windows
/// of a second hold more than their limit.
async fn two_daemons(apart: Duration, seconds: u64, prepare: &'static str) -> (usize, usize) {
    let folder = TempDir::new().unwrap();
    let url = databases::on_server();
    let here = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let there = Works::set(folder.path(), Clock::simulated(MORNING + apart), &[]).unwrap();
    let one = here.queue(Store::connect(&url, None).unwrap());
    let other = there.queue(Store::connect(&url, None).unwrap());
    databases::run_on(&url, prepare);
    here.launch(&one, Channel::Email, 40 * usize::try_from(seconds).unwrap()).await.unwrap();
    let wire = Wire::new(Channel::Email, Duration::from_millis(30));
    let daemons = [here.start(&one, &wire, &PACE), there.start(&other, &wire, &PACE)];
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    // A busy machine may take a few milliseconds from the last look to the call: windows are 4 % shorter.
    let calls: Vec<_> =
        wire.calls().into_iter().map(|(at, cost)| (at.mul_f64(1.04), cost)).collect();
    for daemon in daemons {
        daemon.kill().await;
    }
    (calls.len(), windows_broken(&calls, PACE.limits()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_takes_long_breaks_no_window_of_another_daemon() {
    let (left, broken) = two_daemons(Duration::ZERO, 6, SLOW_COMMITS).await;
    assert_eq!(broken, 0, "of {left} calls");
    assert!(left > ONE_WINDOW, "one window and no more: {left}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn daemons_whose_clocks_differ_keep_the_rates_together() {
    let (left, broken) = two_daemons(Duration::from_secs(30), 4, "").await;
    assert_eq!(broken, 0, "of {left} calls");
    assert!(left > ONE_WINDOW, "one window and no more: {left}");
}
