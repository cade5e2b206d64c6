//! Several providers a channel: who carries what, and who answers for it.

use std::sync::Arc;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::{Clock, Moment};
use chappe::delivery::lifecycle::{DeliveryEvent, DeliveryState};
use chappe::delivery::{Envelope, FailureKind, SendError};
use chappe::message::{Message, Proof, Terms, Urgency};
use chappe::providers::WhenUnknown;
use chappe::queue::{self, ChannelCount, Claimed, Outcome, Queue};
use chappe::settings::{Pace, Span};
use chappe::store::deliveries::Claim;
use chappe::store::{Store, Tx};
use tempfile::TempDir;

use super::pass;
use super::works::{Daemon, MORNING, Wire, Works};
use crate::databases;
use crate::town::settings::until;

const LEASE: Duration = Duration::from_mins(1);

fn claim(carrier: &str, now: Moment, most: usize) -> Claim {
    let (channel, carrier) = (Channel::Sms, carrier.into());
    Claim { channel, carrier, now, lease_ends: now + LEASE, most }
}

/// What a provider took, under this id.
fn taken(claimed: &Claimed, id: &str, look_at: Moment) -> Outcome {
    let event = DeliveryEvent::Accepted { look_at: Some(look_at) };
    let provider_ref = Some(id.to_owned());
    Outcome { provider_ref, ..Outcome::of(claimed.due, event) }
}

/// Whose receipts a provider is asked for then, by the ids that it gave.
async fn asked_of(queue: &Queue, carrier: &str, now: Moment) -> Vec<Option<String>> {
    let due = queue.claim(DeliveryState::Accepted, claim(carrier, now, 99)).await.unwrap();
    due.into_iter().map(|it| it.provider_ref).collect()
}

// ---- who has it answers for it -----------------------------------------------------------------

#[tokio::test]
async fn what_left_is_seen_to_by_the_provider_that_has_it_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::standing_at(MORNING), &[]).unwrap();
    for store in databases::both(folder.path()) {
        let queue = works.queue(store);
        works.launch(&queue, Channel::Sms, 3).await.unwrap();
        for (carrier, most) in [("sms-a", 1), ("sms-b", 2)] {
            assert_eq!(queue.start(claim(carrier, MORNING, most)).await.unwrap().len(), most);
        }
        let later = MORNING + LEASE;
        for (carrier, most) in [("sms-a", 1), ("sms-b", 2), ("sms-c", 0)] {
            let of = claim(carrier, later, 99);
            let lapsed = queue.claim(DeliveryState::Sending, of).await.unwrap();
            assert_eq!(lapsed.len(), most, "{carrier}");
        }
    }
}

#[tokio::test]
async fn the_id_that_one_provider_gave_is_another_message_s_at_the_other_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::standing_at(MORNING), &[]).unwrap();
    for store in databases::both(folder.path()) {
        let queue = works.queue(store);
        let message = works.launch(&queue, Channel::Sms, 2).await.unwrap();
        let mut all = Vec::new();
        for carrier in ["sms-a", "sms-b"] {
            all.extend(queue.start(claim(carrier, MORNING, 1)).await.unwrap());
        }
        let outcomes = all.iter().map(|it| taken(it, "77", MORNING)).collect();
        queue.settle(outcomes, MORNING).await.unwrap();
        let status = queue::status(queue.store(), &message, MORNING).await.unwrap();
        assert_eq!(status.channels[&Channel::Sms].sent, 2, "neither is unclear");
        assert_eq!(asked_of(&queue, "sms-b", MORNING).await, [Some("77".to_owned())]);
        let proven = DeliveryEvent::Proven(Proof::Delivered);
        let receipt = Outcome { event: proven, ..taken(&all[1], "77", MORNING) };
        queue.settle(vec![Outcome { provider_ref: None, ..receipt }], MORNING).await.unwrap();
        assert_eq!(asked_of(&queue, "sms-a", MORNING).await.len(), 1, "still awaited there");
    }
}

#[tokio::test]
async fn of_a_call_nobody_else_sends_again_what_may_have_left_by_one_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::standing_at(MORNING), &[]).unwrap();
    for store in databases::both(folder.path()) {
        let queue = works.queue(store);
        works.launch(&queue, Channel::Sms, 2).await.unwrap();
        let call = queue.start(claim("sms-a", MORNING, 2)).await.unwrap();
        let retry_at = Some(MORNING);
        let kind = FailureKind::Deferred;
        let events =
            [DeliveryEvent::Failed { kind, retry_at }, DeliveryEvent::UnknownResend { retry_at }];
        let again = |(it, event): (&Claimed, DeliveryEvent)| Outcome {
            sent_as: Some("their-call".to_owned()),
            ..Outcome::of(it.due, event)
        };
        let outcomes = call.iter().zip(events).map(again).collect();
        queue.settle(outcomes, MORNING).await.unwrap();
        for (carrier, whole, own) in [("sms-b", 1, 0), ("sms-a", 2, 1)] {
            let (this, of) = (queue.clone(), claim(carrier, MORNING, 99));
            let work = move |tx: &Tx<'_>| {
                let circumstances = this.circumstances(tx, of.now)?;
                let picked = this.pick_in(tx, &of, &circumstances)?;
                let own = this.pick_own(tx, &of, &circumstances)?.len();
                Ok((this.whole_groups(tx, picked, &of)?.len(), own))
            };
            assert_eq!(queue.store().write(work).await.unwrap(), (whole, own), "{carrier}");
        }
    }
}

#[tokio::test]
async fn what_was_given_to_another_is_that_one_s_alone_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::standing_at(MORNING), &[]).unwrap();
    for store in databases::both(folder.path()) {
        let queue = works.queue(store);
        works.launch(&queue, Channel::Sms, 3).await.unwrap();
        let call = queue.start(claim("sms-a", MORNING, 3)).await.unwrap();
        let unseen = DeliveryEvent::Failed { kind: FailureKind::Unseen, retry_at: Some(MORNING) };
        let given = |it: &Claimed| Outcome {
            given_to: Some("sms-b".into()),
            ..Outcome::of(it.due, unseen)
        };
        let outcomes = call.iter().take(2).map(given).collect();
        queue.settle(outcomes, MORNING).await.unwrap();
        for (carrier, picked) in [("sms-a", 0), ("sms-c", 0), ("sms-b", 2)] {
            let (this, of) = (queue.clone(), claim(carrier, MORNING, 99));
            let work = move |tx: &Tx<'_>| {
                let circumstances = this.circumstances(tx, of.now)?;
                let own = this.pick_own(tx, &of, &circumstances)?.len();
                Ok((this.pick_in(tx, &of, &circumstances)?.len(), own))
            };
            assert_eq!(queue.store().write(work).await.unwrap(), (picked, picked), "{carrier}");
        }
        assert_eq!(queue.start(claim("sms-b", MORNING, 9)).await.unwrap().len(), 2);
    }
}

// ---- who carries -------------------------------------------------------------------------------

const FOUR: Pace = Pace { at_once: 4, ..Pace::FREE };

/// So long that no call ends before its lease.
const A_LONG_TIME: Duration = Duration::from_hours(1);
/// For real time.
const IN_HASTE: [(&str, &str); 3] = [
    ("DISPATCH__LEASE", "2s"),
    ("DISPATCH__LOOK_EVERY", "50ms"),
    ("DISPATCH__RECEIPTS_EVERY", "50ms"),
];

/// A school with two providers of text messages, and a third in its configuration that lacks its secret.
struct Two {
    works: Works,
    queue: Queue,
    a: Arc<Wire>,
    b: Arc<Wire>,
    folder: TempDir,
}

impl Two {
    fn set(when_unknown: WhenUnknown) -> Self {
        let folder = TempDir::new().unwrap();
        let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
        let queue = works.open().unwrap();
        let [a, b] = ["sms-a", "sms-b"].map(|name| Wire::sms(name, when_unknown));
        Self { works, queue, a, b, folder }
    }

    /// The same on a server, in real time, where a call takes so long; and the queue of another daemon.
    fn on_a_server(call_takes: Duration, when_unknown: WhenUnknown) -> (Self, Queue) {
        let folder = TempDir::new().unwrap();
        let works = Works::set(folder.path(), Clock::simulated(MORNING), &IN_HASTE).unwrap();
        let url = databases::on_server();
        let [queue, other] = [(); 2].map(|()| works.queue(Store::connect(&url, None).unwrap()));
        let [a, b] = ["sms-a", "sms-b"].map(|name| Wire::sms_in(call_takes, name, when_unknown));
        (Self { works, queue, a, b, folder }, other)
    }

    fn start(&self) -> Daemon {
        self.works.start_all(&self.queue, &[&self.a, &self.b], &FOUR)
    }

    async fn launch(&self, count: usize) -> Message {
        self.works.launch(&self.queue, Channel::Sms, count).await.unwrap()
    }

    async fn sms(&self, message: &Message) -> ChannelCount {
        let now = self.works.clock.now();
        let status = queue::status(self.queue.store(), message, now).await.unwrap();
        status.channels[&Channel::Sms].clone()
    }

    fn calls(&self) -> (usize, usize) {
        (self.a.calls().len(), self.b.calls().len())
    }

    /// Whom both were called for, each once.
    fn once(&self) -> usize {
        let mut all = [self.a.references(), self.b.references()].concat();
        all.sort_unstable();
        all.dedup();
        all.len()
    }
}

#[tokio::test(start_paused = true)]
async fn the_preferred_one_carries_all_while_it_admits() {
    let two = Two::set(WhenUnknown::Ask);
    let message = two.launch(200).await;
    let daemon = two.start();
    pass(Duration::from_secs(10)).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.calls(), (200, 0));
    assert_eq!(two.sms(&message).await.sent, 200);
}

/// The same two, in one place of the configuration.
fn side_by_side() -> Two {
    let folder = TempDir::new().unwrap();
    let provider = "{ channel = \"sms\", path = \"drill\" }";
    let settings = [
        ("PROVIDERS__FIRST__FOLDER", provider),
        ("PROVIDERS__SECOND__FOLDER", provider),
        ("ROUTES__SMS", "[[\"first\", \"second\"], \"sms\"]"),
    ];
    let works = Works::set(folder.path(), Clock::simulated(MORNING), &settings).unwrap();
    let queue = works.open().unwrap();
    let [a, b] = ["first", "second"].map(|name| Wire::sms(name, WhenUnknown::Ask));
    Two { works, queue, a, b, folder }
}

#[tokio::test(start_paused = true)]
async fn those_of_one_place_share_the_work_each_at_its_own_pace() {
    let two = side_by_side();
    let message = two.launch(200).await;
    let one_a_second = Pace { every: Some(Span::secs(1)), ..Pace::FREE };
    let daemon = two.works.start_all(&two.queue, &[&two.a, &two.b], &one_a_second);
    pass(Duration::from_secs(107)).await;
    daemon.stop().await.unwrap();
    assert_eq!((two.sms(&message).await.sent, two.once()), (200, 200), "twice as fast as one");
    let (a, b) = two.calls();
    assert!((95..=105).contains(&a) && (95..=105).contains(&b), "{a} and {b}");
}

#[tokio::test(start_paused = true)]
async fn one_of_a_place_that_fails_leaves_all_to_the_other_and_takes_its_part_again() {
    let two = side_by_side();
    two.a.answer(Some(FailureKind::Unreachable));
    let message = two.launch(100).await;
    let daemon = two.start();
    pass(Duration::from_secs(20)).await;
    assert_eq!(two.sms(&message).await.sent, 100);
    two.a.answer(None);
    two.launch(400).await;
    pass(Duration::from_mins(20)).await;
    let before = two.a.calls().len();
    two.launch(400).await;
    pass(Duration::from_secs(20)).await;
    daemon.stop().await.unwrap();
    assert!(two.a.calls().len() > before, "it is used again");
    assert_eq!(two.sms(&message).await.sent, 100);
}

/// The last two digits of the number that an envelope goes to.
fn number(envelope: &Envelope) -> u32 {
    let value = envelope.to.value();
    value.split_at(value.len() - 2).1.parse().unwrap()
}

#[tokio::test(start_paused = true)]
async fn whom_one_of_a_place_does_not_see_the_other_is_given_and_whom_none_does_fails() {
    let two = side_by_side();
    for (wire, sees_all_but) in [(&two.a, 2), (&two.b, 3)] {
        wire.answer_by(move |envelope| {
            let is_unseen = number(envelope).is_multiple_of(sees_all_but);
            is_unseen.then(|| SendError::new(FailureKind::Unseen, "test"))
        });
    }
    let daemon = two.start();
    for _ in 0..2 {
        // What was learned of one message holds nobody off the next.
        let before = two.calls();
        let message = two.launch(60).await;
        pass(Duration::from_secs(20)).await;
        let sms = two.sms(&message).await;
        assert_eq!((sms.sent, sms.failed), (50, 10));
        let (a, b) = two.calls();
        assert!(a + b - before.0 - before.1 <= 100, "{a} and {b}: each asked once");
    }
    daemon.stop().await.unwrap();
    for wire in [&two.a, &two.b] {
        let mut references = wire.references();
        references.sort_unstable();
        references.dedup();
        assert_eq!(references.len(), wire.calls().len(), "nobody is asked twice about one");
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_on_one_that_fails_is_empty_or_locked_goes_to_the_next_within_seconds() {
    use FailureKind::{Misconfigured, OutOfCredit, OverQuota, Throttled, Unreachable};
    for kind in [Unreachable, Throttled, OutOfCredit, Misconfigured, OverQuota] {
        let two = Two::set(WhenUnknown::Ask);
        two.a.answer(Some(kind));
        let message = two.launch(100).await;
        let daemon = two.start();
        pass(Duration::from_secs(10)).await;
        daemon.stop().await.unwrap();
        assert_eq!(two.sms(&message).await.sent, 100, "{kind:?}");
        assert_eq!(two.b.calls().len(), 100, "{kind:?}: each once");
        assert!(two.a.calls().len() <= 8, "{kind:?}: {}", two.a.calls().len());
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_is_well_again_is_probed_beside_the_flow_and_has_all_of_it_back() {
    let two = Two::set(WhenUnknown::Ask);
    two.a.answer(Some(FailureKind::Unreachable));
    let daemon = two.start();
    for _ in 0..60 {
        two.launch(1).await;
        pass(Duration::from_secs(10)).await;
    }
    let (probes, carried) = (two.a.calls().len() - 3, two.b.calls().len());
    assert!((2..=6).contains(&probes), "few in ten minutes: {probes}");
    assert!(carried == 60, "who was probed with goes on: {carried} of 60");
    two.a.answer(None);
    for _ in 0..36 {
        two.launch(1).await;
        pass(Duration::from_secs(10)).await;
    }
    let before = two.calls();
    two.launch(20).await;
    pass(Duration::from_secs(10)).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.calls(), (before.0 + 20, before.1), "the preferred one again");
    assert_eq!(two.once(), 116);
}

#[tokio::test(start_paused = true)]
async fn nothing_urgent_is_a_probe_while_another_carries_it() {
    let two = Two::set(WhenUnknown::Ask);
    two.a.answer(Some(FailureKind::Unreachable));
    two.launch(20).await;
    let daemon = two.start();
    pass(Duration::from_secs(5)).await;
    let before = two.calls();
    for _ in 0..60 {
        let how = (Urgency::Urgent, Terms::default());
        two.works.launch_as(how, &two.queue, Channel::Sms, 1).await.unwrap();
        pass(Duration::from_secs(10)).await;
    }
    daemon.stop().await.unwrap();
    assert_eq!(two.calls(), (before.0, before.1 + 60));
}

#[tokio::test(start_paused = true)]
async fn an_address_that_one_calls_wrong_is_wrong_for_all() {
    let two = Two::set(WhenUnknown::Ask);
    two.a.answer(Some(FailureKind::BadAddress));
    let message = two.launch(30).await;
    let daemon = two.start();
    pass(Duration::from_mins(10)).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.calls(), (30, 0));
    assert_eq!(two.sms(&message).await.failed, 30);
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_daemon_had_begun_is_asked_of_the_provider_that_has_it() {
    let two = Two::set(WhenUnknown::Ask);
    let message = two.launch(2).await;
    let daemon = two.start();
    pass(Duration::from_millis(20)).await;
    daemon.kill().await;
    assert_eq!(two.calls(), (2, 0), "called, and not yet answered");
    let queue = two.works.open().unwrap();
    let daemon = two.works.start_all(&queue, &[&two.a, &two.b], &FOUR);
    pass(Duration::from_mins(5)).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.sms(&message).await.sent, 2);
    assert_eq!(two.calls(), (2, 0), "nothing leaves twice");
    assert_eq!((two.a.asked().len(), two.b.asked().len()), (2, 0));
    drop(two.folder);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_left_by_one_is_never_sent_by_the_other() {
    let two = Two::set(WhenUnknown::Resend);
    two.a.answer(Some(FailureKind::Uncertain));
    let message = two.launch(40).await;
    let daemon = two.start();
    pass(Duration::from_mins(10)).await;
    let unclear: Vec<String> = two.a.references();
    let by_b = two.b.references();
    assert!(!unclear.iter().any(|reference| by_b.contains(reference)), "sent by both");
    two.a.answer(None);
    pass(Duration::from_hours(1)).await;
    daemon.stop().await.unwrap();
    let count = two.sms(&message).await;
    assert_eq!((count.sent + count.uncertain, two.once()), (40, 40), "{count:?}");
    assert!(!two.a.references().iter().any(|it| two.b.references().contains(it)));
}

/// Some may have left by the second one, while it was at work alone.
async fn may_have_left_by_the_second(two: &Two, count: usize) -> Message {
    two.b.answer(Some(FailureKind::Uncertain));
    let message = two.launch(count).await;
    let alone = two.works.start_all(&two.queue, &[&two.b], &FOUR);
    until(async || !two.b.calls().is_empty()).await;
    alone.stop().await.unwrap();
    two.b.answer(None);
    message
}

#[tokio::test(start_paused = true)]
async fn one_that_is_passed_over_sends_again_what_may_have_left_by_it() {
    // So many that its breaker refuses in the end: it is probed with what is its own.
    for count in [1, 8] {
        let two = Two::set(WhenUnknown::Resend);
        let message = may_have_left_by_the_second(&two, count).await;
        let first = two.b.calls().len();
        let daemon = two.start();
        pass(Duration::from_hours(2)).await;
        daemon.stop().await.unwrap();
        assert_eq!(two.sms(&message).await.sent, count);
        assert_eq!(two.calls(), (count - first, first * 2), "each again by whom it may have left");
        assert_eq!(two.once(), count);
    }
}

#[tokio::test(start_paused = true)]
async fn one_is_probed_with_what_is_urgent_and_may_have_left_by_it() {
    let two = Two::set(WhenUnknown::Resend);
    two.a.answer(Some(FailureKind::Uncertain));
    let how = (Urgency::Urgent, Terms::default());
    let message = two.works.launch_as(how, &two.queue, Channel::Sms, 8).await.unwrap();
    let daemon = two.start();
    pass(Duration::from_secs(10)).await;
    two.a.answer(None);
    pass(Duration::from_hours(2)).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.sms(&message).await.sent, 8);
    assert_eq!(two.once(), 8, "nothing by both");
}

#[tokio::test(start_paused = true)]
async fn two_daemons_move_on_together_and_send_each_once() {
    let two = Two::set(WhenUnknown::Ask);
    let other = two.works.open().unwrap();
    two.a.answer(Some(FailureKind::OutOfCredit));
    let message = two.launch(300).await;
    let wires = [&two.a, &two.b];
    let daemons = [two.start(), two.works.start_all(&other, &wires, &FOUR)];
    pass(Duration::from_secs(30)).await;
    assert_eq!(two.sms(&message).await.sent, 300);
    assert_eq!(two.b.calls().len(), 300, "each once");
    two.a.answer(None);
    pass(Duration::from_mins(10)).await;
    two.launch(2).await;
    pass(Duration::from_secs(10)).await;
    let (by_a, by_b) = two.calls();
    two.launch(30).await;
    pass(Duration::from_secs(10)).await;
    for daemon in daemons {
        daemon.stop().await.unwrap();
    }
    assert_eq!(two.calls(), (by_a + 30, by_b), "both are back at the preferred one");
    assert_eq!(two.once(), 332);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_that_is_about_one_message_moves_nobody() {
    let two = Two::set(WhenUnknown::Ask);
    let mut calls = 0;
    two.a.answer_by(move |_| {
        calls += 1;
        (calls % 10 == 0).then(|| SendError::new(FailureKind::Refused, "test"))
    });
    two.launch(100).await;
    let daemon = two.start();
    pass(Duration::from_secs(30)).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.calls(), (100, 0));
}

#[tokio::test(start_paused = true)]
async fn what_a_provider_had_that_is_gone_is_uncertain_and_nobody_else_is_asked() {
    let two = Two::set(WhenUnknown::Ask);
    let message = two.launch(1).await;
    assert_eq!(two.queue.start(claim("gone", MORNING, 1)).await.unwrap().len(), 1);
    let daemon = two.start();
    pass(Duration::from_mins(5)).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.sms(&message).await.uncertain, 1);
    assert_eq!((two.calls(), two.a.asked().len() + two.b.asked().len()), ((0, 0), 0));
}

// ---- on a server, in real time -----------------------------------------------------------------

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_server_two_daemons_leave_one_that_fails_or_is_empty_and_send_each_once() {
    for kind in [FailureKind::Unreachable, FailureKind::OutOfCredit] {
        let (two, other) = Two::on_a_server(Duration::from_millis(5), WhenUnknown::Ask);
        two.a.answer(Some(kind));
        let message = two.launch(60).await;
        let wires = [&two.a, &two.b];
        let daemons = [two.start(), two.works.start_all(&other, &wires, &FOUR)];
        until(async || two.sms(&message).await.sent == 60).await;
        for daemon in daemons {
            daemon.stop().await.unwrap();
        }
        assert_eq!((two.b.calls().len(), two.once()), (60, 60), "{kind:?}: each once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_server_what_a_killed_daemon_had_begun_is_asked_of_the_provider_that_has_it() {
    let (two, other) = Two::on_a_server(A_LONG_TIME, WhenUnknown::Ask);
    let message = two.launch(2).await;
    let daemon = two.start();
    until(async || two.calls() == (2, 0)).await;
    daemon.kill().await;
    let daemon = two.works.start_all(&other, &[&two.a, &two.b], &FOUR);
    until(async || two.sms(&message).await.sent == 2).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.calls(), (2, 0), "nothing leaves twice");
    assert!(two.a.asked().len() >= 2 && two.b.asked().is_empty(), "{:?}", two.b.asked());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_server_one_that_is_passed_over_sends_again_what_may_have_left_by_it() {
    let (two, _) = Two::on_a_server(Duration::from_millis(5), WhenUnknown::Resend);
    let message = may_have_left_by_the_second(&two, 1).await;
    two.works.clock.advance(Duration::from_hours(1));
    let daemon = two.start();
    until(async || two.sms(&message).await.sent == 1).await;
    daemon.stop().await.unwrap();
    assert_eq!(two.calls(), (0, 2));
}
