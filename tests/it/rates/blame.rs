//! Whom a refusal blames: one recipient waits or ends alone; what blames us stops the channel, and burns
//! nobody. With the settings as shipped.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::delivery::lifecycle::DeliveryEvent;
use chappe::delivery::{DAY, FailureKind, Hours, Quiet, QuietSpan, SendError, Timing};
use chappe::message::{Message, Terms, Urgency};
use chappe::queue::{self, Outcome, Queue, Status};
use chappe::settings::Pace;
use chappe::store::Tx;
use chappe::store::deliveries::{self, Claim};
use chappe::store::gates::{self, GateState, KeptGate};
use chappe::store::picks;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::pass;
use super::works::{Daemon, MORNING, Wire, Works};
use crate::databases;

/// A school at work with a relay, and a message to so many families on its way.
struct Sending {
    works: Works,
    queue: Queue,
    wire: Arc<Wire>,
    message: Message,
    daemon: Daemon,
    _folder: TempDir,
}

impl Sending {
    async fn to(count: usize, wire: &Arc<Wire>) -> Self {
        let folder = TempDir::new().unwrap();
        let works = Works::set(folder.path(), Clock::simulated(MORNING), &[]).unwrap();
        let queue = works.open().unwrap();
        let message = works.launch(&queue, Channel::Email, count).await.unwrap();
        let daemon = works.start(&queue, wire, &Pace { at_once: 8, ..Pace::default() });
        Self { works, queue, wire: Arc::clone(wire), message, daemon, _folder: folder }
    }

    async fn status(&self) -> Status {
        queue::status(self.queue.store(), &self.message, self.works.clock.now()).await.unwrap()
    }

    async fn reached(&self) -> usize {
        self.status().await.addressees.reached
    }

    async fn gate(&self) -> Option<KeptGate> {
        let school = self.queue.school().clone();
        self.queue.store().read(move |tx| gates::of(tx, &school, "email")).await.unwrap()
    }

    /// For how long the relay is left alone.
    async fn refuses_for(&self) -> Duration {
        let gate = self.gate().await.unwrap();
        assert_eq!(gate.state, GateState::Refusing);
        gate.until.unwrap().since(self.works.clock.now())
    }
}

fn relay() -> Arc<Wire> {
    Wire::new(Channel::Email, Duration::from_millis(50))
}

fn error(kind: FailureKind, words: &str) -> SendError {
    SendError::new(kind, words)
}

/// Whether an envelope goes to one of these of [`super::works::recipient`].
fn is_to(address: &str, numbers: &[usize]) -> bool {
    numbers.iter().any(|number| address == format!("famille-{number}@example.org"))
}

// ---- one recipient -----------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn twelve_greylisted_families_have_it_within_a_minute() {
    let wire = relay();
    let mut seen = HashSet::new();
    wire.answer_by(move |envelope| {
        let is_first = seen.insert(envelope.to.value().to_owned());
        is_first.then(|| error(FailureKind::Deferred, "450 4.2.0 Greylisted"))
    });
    let sending = Sending::to(12, &wire).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!((sending.reached().await, wire.calls().len()), (0, 12));
    pass(Duration::from_secs(40)).await;
    assert_eq!((sending.reached().await, wire.calls().len()), (12, 24));
}

#[tokio::test(start_paused = true)]
async fn five_full_mailboxes_beside_each_other_keep_nobody_else_waiting() {
    let wire = relay();
    wire.answer_by(|envelope| {
        let is_full = is_to(envelope.to.value(), &[8, 9, 10, 11, 12]);
        is_full.then(|| error(FailureKind::Deferred, "452 4.2.2 Mailbox full"))
    });
    let sending = Sending::to(40, &wire).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(sending.reached().await, 35);
    pass(Duration::from_hours(3)).await;
    let status = sending.status().await;
    assert_eq!((status.addressees.reached, status.addressees.unreached), (35, 5));
    assert_eq!(wire.calls().len(), 35 + 5 * 6, "a try, and one after each of five pauses");
    assert!(sending.gate().await.is_none_or(|gate| gate.is_admitting()));
}

#[tokio::test(start_paused = true)]
async fn one_address_that_the_relay_denies_ends_alone_after_a_second_try() {
    let wire = relay();
    wire.answer_by(|envelope| {
        let is_denied = is_to(envelope.to.value(), &[5]);
        is_denied.then(|| error(FailureKind::Denied, "554 5.7.1 Relay access denied"))
    });
    let sending = Sending::to(40, &wire).await;
    pass(Duration::from_secs(5)).await;
    assert_eq!(sending.reached().await, 39);
    pass(Duration::from_secs(40)).await;
    let status = sending.status().await;
    assert_eq!((status.addressees.unreached, wire.calls().len()), (1, 41));
}

#[tokio::test(start_paused = true)]
async fn neighbours_whom_the_relay_denies_stop_the_others_for_less_than_two_minutes() {
    let wire = relay();
    wire.answer_by(|envelope| {
        let is_denied = is_to(envelope.to.value(), &[3, 4, 5, 6]);
        is_denied.then(|| error(FailureKind::Denied, "554 5.7.1 Relay access denied"))
    });
    let sending = Sending::to(60, &wire).await;
    pass(Duration::from_mins(2)).await;
    assert_eq!(sending.reached().await, 56);
    pass(Duration::from_mins(10)).await;
    assert_eq!(sending.status().await.addressees.unreached, 4);
}

#[tokio::test(start_paused = true)]
async fn one_family_alone_that_is_denied_ends_when_its_tries_are_used_up() {
    let wire = relay();
    wire.answer(Some(FailureKind::Denied));
    let sending = Sending::to(1, &wire).await;
    pass(Duration::from_hours(3)).await;
    assert_eq!((sending.status().await.addressees.unreached, wire.calls().len()), (1, 6));
}

// ---- us ----------------------------------------------------------------------------------------

/// Calls of a relay that says so to everybody after two messages, for six hours; then it takes all. At no
/// time is anybody given up, and the office reads why.
async fn calls_while_all_are(kind: FailureKind, words: &'static str) -> (usize, KeptGate) {
    let wire = relay();
    let mut taken = 0;
    wire.answer_by(move |_| {
        taken += 1;
        (taken > 2).then(|| error(kind, words))
    });
    let sending = Sending::to(60, &wire).await;
    pass(Duration::from_secs(5)).await;
    let at_first = wire.calls().len();
    assert!(at_first <= 2 + 16, "what was under way, and no more: {at_first}");
    pass(Duration::from_hours(6)).await;
    let (calls, gate) = (wire.calls().len(), sending.gate().await.unwrap());
    let status = sending.status().await.addressees;
    assert_eq!((status.reached, status.waiting), (2, 58), "nobody was given up");
    sending.wire.answer(None);
    pass(Duration::from_mins(90)).await;
    assert_eq!(sending.reached().await, 60);
    (calls, gate)
}

#[tokio::test(start_paused = true)]
async fn a_daily_quota_stops_the_channel_and_burns_nobody() {
    let words = "550 5.4.5 Daily user sending limit exceeded";
    let (calls, gate) = calls_while_all_are(FailureKind::OverQuota, words).await;
    assert!(calls <= 2 + 16 + 6, "a probe an hour: {calls}");
    assert_eq!(gate.reason, "quota d’envoi du compte atteint (550 5.4.5)");
}

#[tokio::test(start_paused = true)]
async fn a_relay_that_denies_everybody_stops_and_burns_nobody() {
    let words = "554 5.7.1 Relay access denied";
    let (calls, gate) = calls_while_all_are(FailureKind::Denied, words).await;
    assert!(calls <= 2 + 16 + 6 * 12, "a probe every five minutes: {calls}");
    let expected =
        "tous nos envois sont interdits par le service : compte ou réglage à vérifier (554 5.7.1)";
    assert_eq!(gate.reason, expected);
}

#[tokio::test(start_paused = true)]
async fn a_sender_that_is_unknown_stops_the_channel_and_burns_nobody() {
    let words = "550 5.1.8 Unknown sender";
    let (calls, gate) = calls_while_all_are(FailureKind::Misconfigured, words).await;
    assert!(calls <= 2 + 16 + 6 * 12, "a probe every five minutes: {calls}");
    assert_eq!(gate.reason, "réglage ou identifiant refusé par le service (550 5.1.8)");
}

#[tokio::test(start_paused = true)]
async fn a_probe_is_made_with_what_was_tried_before() {
    let wire = relay();
    wire.answer(Some(FailureKind::Throttled));
    let sending = Sending::to(200, &wire).await;
    pass(Duration::from_secs(5)).await;
    let tried: HashSet<String> = wire.references().into_iter().collect();
    pass(Duration::from_mins(12)).await;
    let probed: HashSet<String> = wire.references().into_iter().skip(tried.len()).collect();
    assert!(!probed.is_empty() && probed.is_subset(&tried), "{probed:?} beyond {tried:?}");
    assert_eq!(sending.status().await.addressees.waiting, 200);
}

/// With the first family's address refused so, all others have their message within the hour.
async fn one_refused_address_leaves_others_their_messages(kind: FailureKind) {
    let wire = relay();
    wire.answer_by(move |envelope| {
        let is_refused = is_to(envelope.to.value(), &[0]);
        is_refused.then(|| error(kind, "450 4.7.1 no").that_passes(true))
    });
    let sending = Sending::to(1, &wire).await;
    pass(Duration::from_secs(31)).await;
    sending.works.launch(&sending.queue, Channel::Email, 30).await.unwrap();
    pass(Duration::from_hours(1)).await;
    let others = 29;
    let school = sending.queue.school().clone();
    let reached = sending.queue.store().read(move |tx| {
        let sql = "SELECT COUNT(*) FROM addressees WHERE school_id = $1 AND state = 'reached'";
        tx.query_one(sql, &[school.as_str().into()], |row| row.int(0))
    });
    assert_eq!(reached.await.unwrap(), Some(others), "{kind:?}");
    sending.daemon.stop().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn one_address_that_is_refused_for_whatever_reason_does_not_stop_the_channel_for_good() {
    for kind in [FailureKind::Throttled, FailureKind::Denied, FailureKind::Misconfigured] {
        one_refused_address_leaves_others_their_messages(kind).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_probe_is_not_followed_by_one_with_the_same_delivery() {
    for kind in [FailureKind::Throttled, FailureKind::Denied, FailureKind::Misconfigured] {
        let wire = relay();
        wire.answer(Some(kind));
        let sending = Sending::to(12, &wire).await;
        let how = (Urgency::Urgent, Terms::default());
        pass(Duration::from_secs(5)).await;
        sending.works.launch_as(how, &sending.queue, Channel::Email, 1).await.unwrap();
        let at_first = wire.references().len();
        pass(Duration::from_hours(2)).await;
        let probed = wire.references().split_off(at_first);
        assert!(probed.len() > 10, "{kind:?}: {probed:?}");
        assert!(probed.windows(2).all(|two| two[0] != two[1]), "{kind:?}: {probed:?}");
        sending.daemon.stop().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn addresses_denied_in_an_earlier_message_do_not_hold_up_a_later_one() {
    let wire = relay();
    let denied: Vec<usize> = (0..6).collect();
    let those = denied.clone();
    wire.answer_by(move |envelope| {
        let is_denied = is_to(envelope.to.value(), &those);
        is_denied.then(|| error(FailureKind::Denied, "550 5.7.1 Sender address rejected"))
    });
    let sending = Sending::to(denied.len(), &wire).await;
    pass(Duration::from_mins(20)).await;
    let later = sending.works.launch(&sending.queue, Channel::Email, 60).await.unwrap();
    let before = wire.calls().len();
    // The longest pause, and the time of one probe.
    pass(Duration::from_mins(6)).await;
    let status = queue::status(sending.queue.store(), &later, sending.works.clock.now()).await;
    let reached = status.unwrap().addressees.reached;
    assert_eq!(reached, 54, "{} calls before, {} in all", before, wire.calls().len());
}

#[tokio::test(start_paused = true)]
async fn a_denial_that_passes_is_waited_for_while_others_are_taken() {
    let wire = relay();
    let mut denials = 0;
    wire.answer_by(move |envelope| {
        let is_denied = is_to(envelope.to.value(), &[5]) && denials < 3;
        denials += usize::from(is_denied);
        is_denied.then(|| error(FailureKind::Denied, "450 4.7.1 too many").that_passes(true))
    });
    let sending = Sending::to(40, &wire).await;
    pass(Duration::from_mins(20)).await;
    assert_eq!((sending.reached().await, wire.calls().len()), (40, 43));
}

#[tokio::test]
async fn what_was_put_off_is_found_on_both_databases() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::standing_at(MORNING), &[]).unwrap();
    for store in databases::both(folder.path()) {
        let queue = works.queue(store);
        works.launch(&queue, Channel::Email, 3).await.unwrap();
        let (channel, now) = (Channel::Email, MORNING);
        let carrier = channel.as_str().into();
        let lease_ends = now + Duration::from_mins(1);
        let claim = Claim { channel, carrier, now, lease_ends, most: 2 };
        let started = queue.start(claim.clone()).await.unwrap();
        let retry_at = Some(now + Duration::from_mins(10));
        let kinds = [FailureKind::Throttled, FailureKind::Denied];
        let outcomes = started.iter().zip(kinds).map(|(claimed, kind)| {
            Outcome::of(claimed.due, DeliveryEvent::Failed { kind, retry_at })
        });
        queue.settle(outcomes.collect(), now).await.unwrap();
        let how = (Urgency::Urgent, Terms::default());
        let school = queue.school().clone();
        let look = move |tx: &Tx<'_>| {
            let put_off = || picks::put_off(tx, &school, &claim, &[Urgency::Bulk]);
            let early = put_off()?.len();
            deliveries::hasten(tx, &school, channel, now)?;
            let is_urgent = deliveries::urgent_is_due(tx, &school, channel, now)?;
            Ok((early, put_off()?.len(), is_urgent))
        };
        assert_eq!(queue.store().write(look.clone()).await.unwrap(), (0, 1, false));
        works.launch_as(how, &queue, channel, 1).await.unwrap();
        assert_eq!(queue.store().write(look).await.unwrap(), (1, 1, true));
    }
}

#[tokio::test]
async fn a_probe_is_not_made_with_what_sleeps_until_it_is_due() {
    let folder = TempDir::new().unwrap();
    let works = Works::set(folder.path(), Clock::standing_at(MORNING), &[]).unwrap();
    let awake = works.open().unwrap();
    let how = (Urgency::Urgent, Terms::default());
    works.launch_as(how, &awake, Channel::Email, 1).await.unwrap();
    let (channel, now, soon) = (Channel::Email, MORNING, Duration::from_mins(1));
    let carrier = channel.as_str().into();
    let claim = Claim { channel, carrier, now, lease_ends: now + soon, most: 1 };
    let started = awake.start(claim.clone()).await.unwrap();
    let event = DeliveryEvent::Failed { kind: FailureKind::Throttled, retry_at: Some(now + soon) };
    let outcome = Outcome::of(started[0].due, event);
    awake.settle(vec![outcome], now).await.unwrap();
    // The morning is that of 7 o'clock: a minute more, and the channel is open.
    let night = QuietSpan { period: DAY, start: 20 * 60, end: 7 * 60 + 1 };
    let quiet = Quiet { spans: vec![night], days_off: Vec::new() };
    let hours = Arc::new(Hours::new(TimeZone::UTC, [(channel, quiet)].into()));
    let asleep = awake.clone().with_timing(Timing { hours, ..Timing::at_once() });
    for (queue, expected) in [(awake, true), (asleep, false)] {
        let (this, claim) = (queue.clone(), claim.clone());
        let pick = move |tx: &Tx<'_>| {
            let circumstances = this.circumstances(tx, now)?;
            let picked = this.pick_to_probe(tx, &claim, soon, &circumstances, |_| 0)?;
            Ok(picked.is_some())
        };
        assert_eq!(queue.store().write(pick).await.unwrap(), expected);
    }
}

// ---- for how long ------------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn a_provider_s_wish_for_hours_is_cut_short_and_shorter_for_what_is_urgent() {
    let wire = relay();
    wire.answer_by(|_| {
        let asked = Some(Duration::from_hours(24));
        Some(error(FailureKind::Throttled, "429").retry_after(asked))
    });
    let sending = Sending::to(20, &wire).await;
    pass(Duration::from_secs(5)).await;
    let refuses_for = sending.refuses_for().await;
    assert!(refuses_for <= Duration::from_mins(36), "{refuses_for:?}");
    pass(Duration::from_mins(10)).await;
    let before = wire.calls().len();
    sending.wire.answer(None);
    let how = (Urgency::Urgent, Terms::default());
    let urgent = sending.works.launch_as(how, &sending.queue, Channel::Email, 3).await.unwrap();
    pass(Duration::from_secs(5)).await;
    let status = queue::status(sending.queue.store(), &urgent, sending.works.clock.now()).await;
    assert_eq!(status.unwrap().addressees.reached, 3, "{before} calls before");
}

#[tokio::test(start_paused = true)]
async fn something_urgent_does_not_wait_for_an_hour_because_of_a_quota() {
    let wire = relay();
    wire.answer(Some(FailureKind::OverQuota));
    let sending = Sending::to(20, &wire).await;
    pass(Duration::from_secs(5)).await;
    assert!(sending.refuses_for().await > Duration::from_mins(50));
    let how = (Urgency::Urgent, Terms::default());
    sending.works.launch_as(how, &sending.queue, Channel::Email, 3).await.unwrap();
    let before = wire.calls().len();
    pass(Duration::from_mins(31)).await;
    let probes = wire.calls().len() - before;
    assert!((5..=7).contains(&probes), "one every five minutes: {probes}");
}

#[tokio::test(start_paused = true)]
async fn who_opens_a_channel_has_it_tried_at_once() {
    opening_tries_at_once(FailureKind::OverQuota).await;
    // Everybody waits at the provider's own wish.
    opening_tries_at_once(FailureKind::Throttled).await;
}

async fn opening_tries_at_once(kind: FailureKind) {
    let wire = relay();
    wire.answer_by(move |_| Some(error(kind, "").retry_after(Some(Duration::from_hours(1)))));
    let sending = Sending::to(20, &wire).await;
    pass(Duration::from_secs(5)).await;
    wire.answer(None);
    pass(Duration::from_mins(1)).await;
    assert_eq!(sending.reached().await, 0);
    let now = sending.works.clock.now();
    assert!(sending.queue.decisions().probe_now(Channel::Email, now).await.unwrap());
    assert!(!sending.queue.decisions().probe_now(Channel::Sms, now).await.unwrap());
    pass(Duration::from_secs(40)).await;
    assert_eq!(sending.reached().await, 20);
    let now = sending.works.clock.now();
    assert!(!sending.queue.decisions().probe_now(Channel::Email, now).await.unwrap(), "it is open");
    sending.daemon.stop().await.unwrap();
}

// ---- what may have left ------------------------------------------------------------------------

#[tokio::test(start_paused = true)]
async fn what_may_have_left_is_sent_again_once_and_then_waits_for_a_person() {
    let wire = Wire::resending(Channel::Email);
    wire.answer(Some(FailureKind::Uncertain));
    let sending = Sending::to(1, &wire).await;
    pass(Duration::from_hours(6)).await;
    assert_eq!(wire.calls().len(), 2);
    let status = sending.status().await;
    assert_eq!(status.channels[&Channel::Email].uncertain, 1);
}
