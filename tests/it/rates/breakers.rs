//! Breakers: few probes, one for all daemons, and a gate that a restart does not open.

use std::sync::Arc;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::{Clock, Moment};
use chappe::config;
use chappe::delivery::FailureKind;
use chappe::dispatch::{Breaker, Evidence, Gate};
use chappe::message::{Terms, Urgency};
use chappe::queue::Queue;
use chappe::settings::Pace;
use chappe::store::gates::{self, GateState};
use proptest::prelude::*;
use tempfile::TempDir;

use super::works::{Call, Daemon, MORNING, Wire, Works, poison};
use super::{LATENCY, TEN_AND_200, pass};

const TEN_MINUTES: Duration = Duration::from_mins(10);
const BAD: Evidence = Evidence::Bad { retry_after: None };

fn hear(breaker: &mut Breaker, times: usize, heard: Evidence, now: Moment) {
    for _ in 0..times {
        breaker.hear(heard, now, 0.0);
    }
}

/// The most probes that any ten minutes hold when each probe is answered so, and so many bad
/// answers follow as soon as it admits, after so many good ones.
fn most_probes(answers: &[(Evidence, u8)]) -> usize {
    let mut breaker = Breaker::new(config::BreakerSettings::default());
    let (mut now, mut probes) = (MORNING, Vec::new());
    for (probe, good) in answers.iter().cycle().take(400) {
        match breaker.gate(now) {
            Gate::Refusing { until } => now = until,
            Gate::Probing => {
                probes.push(now);
                breaker.hear(*probe, now, 0.0);
            }
            Gate::Admitting => {
                hear(&mut breaker, usize::from(*good), Evidence::Good, now);
                hear(&mut breaker, 20, BAD, now);
            }
        }
    }
    let in_ten_minutes = |from: &Moment| {
        probes.iter().filter(|it| *it >= from && it.since(*from) < TEN_MINUTES).count()
    };
    probes.iter().map(in_ten_minutes).max().unwrap_or(0)
}

proptest! {
    #[test]
    fn there_are_at_most_twenty_probes_in_ten_minutes_whatever_happens(
        answers in proptest::collection::vec((0_u8..3, any::<u8>()), 1..40),
    ) {
        let heard = |kind| match kind {
            0 => Evidence::Good,
            1 => BAD,
            _ => Evidence::Hopeless,
        };
        let answers: Vec<_> = answers.into_iter().map(|(kind, good)| (heard(kind), good)).collect();
        prop_assert!(most_probes(&answers) <= 20);
    }
}

#[test]
fn a_provider_that_comes_and_goes_is_probed_ever_less() {
    assert!(most_probes(&[(Evidence::Good, 1)]) <= 8);
    assert!(most_probes(&[(Evidence::Good, 255)]) <= 8);
}

#[test]
fn one_that_held_for_long_pauses_shortly_again() {
    let settings = config::BreakerSettings::default();
    let mut breaker = Breaker::new(settings.clone());
    let mut now = MORNING;
    for _ in 0..2 {
        let gate = (0..3).map(|_| breaker.hear(BAD, now, 0.0)).last();
        let until = now + settings.first_pause.0;
        assert_eq!(gate, Some(Gate::Refusing { until }));
        now = until;
        assert_eq!(breaker.gate(now), Gate::Probing);
        breaker.hear(Evidence::Good, now, 0.0);
        now = now + settings.longest_pause.0;
    }
}

#[test]
fn a_clock_that_is_set_back_does_not_keep_it_shut() {
    let mut breaker = Breaker::new(config::BreakerSettings::default());
    hear(&mut breaker, 3, BAD, MORNING);
    assert_eq!(breaker.gate(MORNING - Duration::from_hours(2)), Gate::Probing);
}

fn works(folder: &TempDir) -> Works {
    Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap()
}

/// A daemon whose provider is over its quota from the first call on.
struct Tripped {
    works: Works,
    queue: Queue,
    wire: Arc<Wire>,
    daemon: Daemon,
}

async fn tripped(folder: &TempDir, count: usize, pace: &Pace) -> Tripped {
    let works = works(folder);
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    wire.answer(Some(FailureKind::Throttled));
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, count).await.unwrap();
    let daemon = works.start(&queue, &wire, pace);
    pass(Duration::from_secs(5)).await;
    Tripped { works, queue, wire, daemon }
}

fn since(calls: &[Call], from: Duration) -> usize {
    calls.iter().filter(|(at, _)| *at >= from).count()
}

#[tokio::test(start_paused = true)]
async fn two_daemons_probe_as_one_and_go_on_together() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Email, LATENCY);
    wire.answer(Some(FailureKind::Unreachable));
    let (one, other) = (works.open().unwrap(), works.open().unwrap());
    works.launch(&one, Channel::Email, 400).await.unwrap();
    let pace = Pace { at_once: 4, ..Pace::default() };
    let daemons = [works.start(&one, &wire, &pace), works.start(&other, &wire, &pace)];
    pass(Duration::from_secs(5)).await;
    let tripped = wire.calls().len();
    assert!(tripped <= 24, "each trips by itself at most: {tripped}");
    pass(TEN_MINUTES).await;
    let probes = wire.calls().len() - tripped;
    assert!((2..=6).contains(&probes), "one prober for both: {probes} probes");
    wire.answer(None);
    pass(TEN_MINUTES).await;
    for daemon in daemons {
        daemon.stop().await.unwrap();
    }
    let mut references = wire.references();
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), 400, "everybody is reached in the end");
}

#[tokio::test(start_paused = true)]
async fn a_restart_does_not_open_a_gate_that_refuses() {
    let folder = TempDir::new().unwrap();
    let Tripped { works, wire, daemon, .. } = tripped(&folder, 100, &Pace::default()).await;
    daemon.kill().await;
    let tripped = wire.calls().len();
    let daemon = works.start(&works.open().unwrap(), &wire, &Pace::default());
    pass(Duration::from_secs(24)).await;
    assert_eq!(wire.calls().len(), tripped);
    pass(Duration::from_secs(20)).await;
    assert_eq!(wire.calls().len(), tripped + 1, "one probe");
    daemon.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_could_not_be_written_is_written_later_and_opens_again() {
    let folder = TempDir::new().unwrap();
    let Tripped { queue, wire, daemon, .. } = tripped(&folder, 100, &Pace::default()).await;
    let lost = "UPDATE gates SET state = 'admitting', until = NULL, changed_at = 1";
    queue.store().write(move |tx| tx.execute(lost, &[])).await.unwrap();
    pass(Duration::from_secs(2)).await;
    let school = queue.school().clone();
    let kept = queue.store().read(move |tx| gates::of(tx, &school, "email")).await.unwrap();
    assert_eq!(kept.unwrap().state, GateState::Refusing);
    wire.answer(None);
    pass(Duration::from_mins(2)).await;
    daemon.stop().await.unwrap();
    let mut references = wire.references();
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_probe_whose_daemon_died_is_taken_up_when_its_lease_is_over() {
    let folder = TempDir::new().unwrap();
    let Tripped { works, queue, daemon, .. } = tripped(&folder, 100, &Pace::default()).await;
    let silent = Wire::new(Channel::Email, Duration::from_hours(1));
    let fine = Wire::new(Channel::Email, Duration::ZERO);
    daemon.kill().await;
    let daemon = works.start(&queue, &silent, &Pace::default());
    pass(Duration::from_secs(45)).await;
    assert_eq!(silent.calls().len(), 1, "it probes");
    daemon.kill().await;
    let daemon = works.start(&works.open().unwrap(), &fine, &Pace::default());
    pass(Duration::from_secs(30)).await;
    assert_eq!(fine.calls().len(), 0, "the lease of the probe holds");
    pass(Duration::from_secs(90)).await;
    daemon.stop().await.unwrap();
    assert!(fine.calls().len() >= 90, "one probe, then the others: {}", fine.calls().len());
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_nobody_wants_any_more_is_made_with_another() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    wire.answer(Some(FailureKind::Throttled));
    let queue = works.open().unwrap();
    let expires_at = Some(MORNING + Duration::from_secs(20));
    let stale = (Urgency::Bulk, Terms { expires_at, ..Terms::default() });
    works.launch_as(stale, &queue, Channel::Email, 30).await.unwrap();
    let daemon = works.start(&queue, &wire, &Pace::default());
    pass(Duration::from_secs(5)).await;
    let tripped = wire.calls().len();
    works.launch(&queue, Channel::Email, 50).await.unwrap();
    wire.answer(None);
    pass(Duration::from_secs(40)).await;
    daemon.stop().await.unwrap();
    assert!(tripped < 30, "some of the stale ones wait: {tripped}");
    assert_eq!(wire.calls().len(), tripped + 50);
}

#[tokio::test(start_paused = true)]
async fn a_probe_is_made_with_another_than_what_cannot_be_rendered() {
    let folder = TempDir::new().unwrap();
    let Tripped { works, queue, wire, daemon, .. } = tripped(&folder, 50, &Pace::default()).await;
    let tripped = wire.calls().len();
    // They are urgent, and so the first in line.
    let (urgent, bad) =
        ((Urgency::Urgent, Terms::default()), (0..5).map(|it| poison(it, 200 << 10)));
    let bad = bad.collect::<anyhow::Result<_>>().unwrap();
    works.launch_to(urgent, &queue, Channel::Email, bad).await.unwrap();
    wire.answer(None);
    pass(Duration::from_secs(40)).await;
    daemon.stop().await.unwrap();
    assert_eq!(wire.calls().len(), tripped + 50);
}

#[tokio::test(start_paused = true)]
async fn what_was_called_off_when_the_breaker_tripped_costs_no_rate_and_no_try() {
    let folder = TempDir::new().unwrap();
    let Tripped { queue, wire, daemon, .. } = tripped(&folder, 300, &TEN_AND_200).await;
    let tripped = wire.calls().len();
    assert!(tripped <= 4, "{tripped} calls before it refuses");
    let school = queue.school().clone();
    let kept = queue.store().read(move |tx| gates::of(tx, &school, "email")).await.unwrap();
    assert_eq!(kept.unwrap().state, GateState::Refusing);
    wire.answer(None);
    pass(Duration::from_mins(30)).await;
    daemon.stop().await.unwrap();
    assert_eq!(wire.calls().len(), 200, "the whole allowance of the hour became calls");
}

#[tokio::test(start_paused = true)]
async fn a_probe_keeps_to_the_rates() {
    let folder = TempDir::new().unwrap();
    let works = works(&folder);
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    wire.answer(Some(FailureKind::Unreachable));
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, 50).await.unwrap();
    let pace = Pace { per_hour: 4, ..Pace::default() };
    let daemon = works.start(&queue, &wire, &pace);
    pass(Duration::from_mins(59)).await;
    daemon.stop().await.unwrap();
    assert_eq!(since(&wire.calls(), Duration::ZERO), 4);
}

/// Calls within half a minute to a provider that takes so long for each.
async fn calls_to_one_that_takes(latency: Duration) -> usize {
    let folder = TempDir::new().unwrap();
    let settings = [("BREAKER__SLOW_AFTER", "2s"), ("BREAKER__FIRST_PAUSE", "10min")];
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &settings).unwrap();
    let wire = Wire::new(Channel::Email, latency);
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, 400).await.unwrap();
    let daemon = works.start(&queue, &wire, &Pace { at_once: 4, ..Pace::default() });
    pass(Duration::from_secs(30)).await;
    daemon.kill().await;
    wire.calls().len()
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_answers_too_late_is_taken_for_one_that_fails() {
    let in_time = calls_to_one_that_takes(Duration::from_millis(1_900)).await;
    assert!(in_time >= 4 * 15, "{in_time}");
    let too_late = calls_to_one_that_takes(Duration::from_millis(2_100)).await;
    assert!(too_late <= 12, "three late answers and what was under way by then: {too_late}");
}
