//! What cannot be read, or is never answered, holds up nobody else.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::delivery::FailureKind;
use chappe::message::{Message, MessageState, Terms, Urgency};
use chappe::people::{Actor, By};
use chappe::queue::{self, Queue};
use chappe::settings::Pace;
use chappe::store::closings::Closing;
use chappe::upkeep;
use tempfile::TempDir;
use tokio::time::Instant;

use super::works::{MORNING, Wire, Works, poison, recipient};
use super::{TEN_AND_200, pass};

async fn damage(queue: &Queue, sql: &'static str) {
    let damaged = queue.store().write(move |tx| tx.touched(sql, &[])).await.unwrap();
    assert_eq!(damaged, 1);
}

#[tokio::test(start_paused = true)]
async fn a_recipient_that_cannot_be_read_is_unreached_alone() {
    for pace in [Pace::default(), TEN_AND_200] {
        let folder = TempDir::new().unwrap();
        let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
        let queue = works.open().unwrap();
        let message = works.launch(&queue, Channel::Email, 60).await.unwrap();
        damage(&queue, "UPDATE addressees SET recipient = '{' WHERE number = 7").await;
        let wire = Wire::new(Channel::Email, Duration::ZERO);
        let daemon = works.start(&queue, &wire, &pace);
        pass(Duration::from_secs(20)).await;
        daemon.stop().await.unwrap();
        assert_eq!(wire.calls().len(), 59);
        let status = queue::status(queue.store(), &message, works.clock.now()).await.unwrap();
        assert_eq!((status.addressees.reached, status.addressees.unreached), (59, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_cannot_be_read_holds_up_no_other() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, 20).await.unwrap();
    damage(&queue, "UPDATE messages SET fields = '{'").await;
    let message = works.launch(&queue, Channel::Email, 20).await.unwrap();
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    let daemon = works.start(&queue, &wire, &Pace::default());
    pass(Duration::from_secs(5)).await;
    daemon.stop().await.unwrap();
    assert_eq!(wire.calls().len(), 20);
    let status = queue::status(queue.store(), &message, works.clock.now()).await.unwrap();
    assert_eq!(status.addressees.reached, 20);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_never_answers_stops_no_other_and_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, 40).await.unwrap();
    works.launch(&queue, Channel::Sms, 40).await.unwrap();
    let silent = Wire::new(Channel::Email, Duration::from_hours(24));
    let other = Wire::new(Channel::Sms, Duration::ZERO);
    let pace = Pace { at_once: 4, ..Pace::default() };
    let daemons = [works.start(&queue, &silent, &pace), works.start(&queue, &other, &pace)];
    pass(Duration::from_secs(5)).await;
    assert_eq!((silent.calls().len(), other.calls().len()), (4, 40));
    // No answer within the lease is a bad one, and three are enough: what is left waits for a probe.
    // Until the breaker has heard the third, two more may have had their turn.
    pass(Duration::from_secs(100)).await;
    assert!((4..=6).contains(&silent.calls().len()), "{} calls", silent.calls().len());
    for daemon in daemons {
        daemon.kill().await;
    }
}

/// How long an announcement to 400 takes at ten a second while others are poison: some whose text cannot
/// be made, one of them with as much as ten megabytes, and a provider of another channel that never answers.
async fn sound_ones_take(poisoned: usize) -> Duration {
    const SOUND: usize = 400;
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let queue = works.open().unwrap();
    let bytes = |number| if number == 0 { 10 << 20 } else { 200 << 10 };
    let bad = (0..poisoned).map(|number| poison(number, bytes(number)).unwrap());
    let all = bad.chain((poisoned..SOUND + poisoned).map(|it| recipient(it).unwrap())).collect();
    let how = (Urgency::Bulk, Terms::default());
    let message = works.launch_to(how, &queue, Channel::Email, all).await.unwrap();
    works.launch(&queue, Channel::Sms, poisoned).await.unwrap();
    let wire = Wire::new(Channel::Email, Duration::from_millis(200));
    let silent = Wire::new(Channel::Sms, Duration::from_hours(24));
    let pace = Pace { per_second: 10, at_once: 4, ..Pace::default() };
    let daemons = [works.start(&queue, &wire, &pace), works.start(&queue, &silent, &pace)];
    pass(Duration::from_mins(1)).await;
    for daemon in daemons {
        daemon.kill().await;
    }
    let status = queue::status(queue.store(), &message, works.clock.now()).await.unwrap();
    assert_eq!((status.addressees.reached, status.addressees.unreached), (SOUND, poisoned));
    assert_eq!(wire.calls().len(), SOUND);
    wire.calls().last().unwrap().0
}

#[tokio::test(start_paused = true)]
async fn the_others_lose_less_than_a_twentieth_to_poison() {
    let alone = sound_ones_take(0).await;
    assert!(alone > Duration::from_secs(38), "{alone:?}");
    let beside = sound_ones_take(40).await;
    assert!(beside < alone.mul_f64(1.05), "{beside:?} instead of {alone:?}");
}

/// The results of one delivery cannot be written.
const REFUSE: &str = "CREATE TRIGGER refuse BEFORE INSERT ON attempts \
    WHEN NEW.delivery_id = (SELECT min(id) FROM deliveries) \
    BEGIN SELECT RAISE(ABORT, 'no'); END";

/// Sixty messages wait, and the result of one cannot be written.
async fn one_result_is_refused(folder: &TempDir) -> (Works, Queue, Message) {
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let queue = works.open().unwrap();
    let message = works.launch(&queue, Channel::Email, 60).await.unwrap();
    queue.store().write(|tx| tx.touched(REFUSE, &[])).await.unwrap();
    (works, queue, message)
}

#[tokio::test(start_paused = true)]
async fn a_result_that_cannot_be_written_keeps_no_other_from_it() {
    let folder = TempDir::new().unwrap();
    let (works, queue, message) = one_result_is_refused(&folder).await;
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    let daemon = works.start(&queue, &wire, &Pace::default());
    pass(Duration::from_secs(20)).await;
    let reached = async || {
        let status = queue::status(queue.store(), &message, works.clock.now()).await.unwrap();
        status.addressees.reached
    };
    assert_eq!((wire.calls().len(), reached().await), (60, 59));
    queue.store().write(|tx| tx.touched("DROP TRIGGER refuse", &[])).await.unwrap();
    pass(Duration::from_secs(1)).await;
    assert_eq!((wire.calls().len(), reached().await), (60, 60));
    daemon.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_result_that_cannot_be_written_stops_neither_the_probes_nor_the_end() {
    let folder = TempDir::new().unwrap();
    let (works, queue, message) = one_result_is_refused(&folder).await;
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    wire.answer(Some(FailureKind::Unreachable));
    let daemon = works.start(&queue, &wire, &Pace::default());
    pass(Duration::from_secs(5)).await;
    wire.answer(None);
    pass(Duration::from_mins(30)).await;
    let status = queue::status(queue.store(), &message, works.clock.now()).await.unwrap();
    assert_eq!(status.addressees.reached, 60, "its own words are refused, not what happened");
    daemon.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_result_whose_words_the_database_refuses_is_written_without_them() {
    let folder = TempDir::new().unwrap();
    let (works, queue, message) = one_result_is_refused(&folder).await;
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    let daemon = works.start(&queue, &wire, &Pace::default());
    pass(Duration::from_mins(1)).await;
    let status = queue::status(queue.store(), &message, works.clock.now()).await.unwrap();
    assert_eq!((wire.calls().len(), status.addressees.reached), (60, 60));
    daemon.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_daemon_ends_soon_while_no_result_can_be_written() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, 60).await.unwrap();
    let refuse = "CREATE TRIGGER refuse BEFORE INSERT ON attempts \
                  BEGIN SELECT RAISE(ABORT, 'no'); END";
    queue.store().write(|tx| tx.touched(refuse, &[])).await.unwrap();
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    let pace = Pace { at_once: 2, ..Pace::default() };
    let daemon = works.start(&queue, &wire, &pace);
    // As many stand as it bears, and it waits for room.
    pass(Duration::from_secs(10)).await;
    let told = Instant::now();
    daemon.stop().await.unwrap();
    assert!(told.elapsed() < Duration::from_secs(10), "{:?}", told.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_id_that_another_message_has_makes_the_outcome_unknown() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let queue = works.open().unwrap();
    let message = works.launch(&queue, Channel::Email, 5).await.unwrap();
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    wire.give_id("7");
    let daemon = works.start(&queue, &wire, &Pace::default());
    pass(Duration::from_secs(20)).await;
    daemon.stop().await.unwrap();
    let status = queue::status(queue.store(), &message, works.clock.now()).await.unwrap();
    let email = &status.channels[&Channel::Email];
    assert_eq!((wire.calls().len(), email.sent, email.uncertain), (5, 1, 4));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_cannot_be_read_stops_nobody_elses_patience() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let queue = works.open().unwrap();
    works.launch(&queue, Channel::Email, 5).await.unwrap();
    damage(&queue, "UPDATE messages SET fields = '{'").await;
    works.launch(&queue, Channel::Email, 20).await.unwrap();
    // As a daemon that starts now: nothing of it was read before.
    let queue = works.open().unwrap();
    let later = works.clock.now() + Duration::from_hours(24 * 400);
    assert!(queue.some_wait_to_climb().await.unwrap());
    upkeep::round(&queue, later).await.unwrap();
    assert!(!queue.some_wait_to_climb().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_decision_passes_by_what_cannot_be_read_and_reaches_all_others() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
    let queue = works.open().unwrap();
    let now = works.clock.now();
    let closed = works.launch(&queue, Channel::Email, 20).await.unwrap();
    damage(&queue, "UPDATE addressees SET rung = -1 WHERE number = 7").await;
    let cancelled = works.launch(&queue, Channel::Email, 20).await.unwrap();
    let newest = "UPDATE addressees SET rung = -1 WHERE number = 9 AND message_id = \
                  (SELECT MAX(id) FROM messages)";
    damage(&queue, newest).await;
    let decided = MessageState::Cancelled;
    assert!(
        queue
            .decisions()
            .decide(&cancelled, decided, "Camille".to_owned(), By::program(now))
            .await
            .unwrap()
    );
    let reason = "Panne".to_owned();
    let closing =
        Closing { channel: Channel::Email, until: None, reason, by: String::new(), at: now };
    queue.decisions().close(closing, Actor::Program).await.unwrap();
    for (message, counted) in [(closed, 20), (cancelled, 20)] {
        let status = queue::status(queue.store(), &message, now).await.unwrap();
        assert_eq!(status.addressees.waiting, 0, "{:?}", status.addressees);
        assert_eq!(status.addressees.unreached + status.addressees.cancelled, counted);
    }
}
