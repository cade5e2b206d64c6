//! The lifecycle: a verdict for every state and every event, and promises over random lives.

use std::sync::Arc;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::lifecycle::{
    self, AddresseeState, CallStood, Conditions, Delivery, DeliveryEvent, DeliveryState, Event,
    Progress, Transition,
};
use chappe::delivery::{DAY, FailureKind, Hours, Openings, Quiet, QuietSpan};
use chappe::message::{Plan, Proof, Rung};
use proptest::prelude::*;

const NOW: Moment = Moment(1_000_000);
const HOUR: Duration = Duration::from_hours(1);

fn later(hours: u32) -> Moment {
    NOW + HOUR * hours
}

/// ENT, then e-mail, then SMS (delivered), then letter.
fn family_plan() -> Plan {
    let rung = |channel, enough| Rung::new(vec![channel], enough, HOUR);
    let rungs = vec![
        rung(Channel::Ent, Proof::Accepted),
        rung(Channel::Email, Proof::Accepted),
        rung(Channel::Sms, Proof::Delivered),
        rung(Channel::Letter, Proof::Accepted),
    ];
    Plan::new("famille", rungs).unwrap()
}

/// At any hour, for ever.
fn launch_on(reach: Vec<Channel>, plan: &Plan) -> Progress {
    lifecycle::launch(reach, &Conditions::new(plan, &Openings::always()), NOW)
}

/// At any hour, for ever.
fn apply_on(before: &Progress, event: Event, plan: &Plan, now: Moment) -> Transition {
    lifecycle::apply(before, event, &Conditions::new(plan, &Openings::always()), now)
}

fn everywhere() -> Vec<Channel> {
    vec![Channel::Ent, Channel::Email, Channel::Sms, Channel::Letter]
}

fn launched() -> Progress {
    launch_on(everywhere(), &family_plan())
}

fn started() -> DeliveryEvent {
    DeliveryEvent::Started { lease_ends: Some(later(1)) }
}

fn accepted() -> DeliveryEvent {
    DeliveryEvent::Accepted { look_at: None }
}

fn failed(kind: FailureKind) -> DeliveryEvent {
    DeliveryEvent::Failed { kind, retry_at: None }
}

/// Applies events to the newest delivery, one after the other.
fn live(mut progress: Progress, events: &[DeliveryEvent]) -> Progress {
    for event in events {
        let leg = progress.deliveries.len() - 1;
        let event = Event::Delivery(leg, *event);
        progress = apply_on(&progress, event, &family_plan(), NOW).after;
    }
    progress
}

fn out_of_patience(progress: &Progress, at: Moment) -> Progress {
    apply_on(progress, Event::PatienceOver, &family_plan(), at).after
}

fn channels(progress: &Progress) -> Vec<Channel> {
    progress.deliveries.iter().map(|delivery| delivery.channel).collect()
}

#[test]
fn a_launched_addressee_waits_on_the_first_rung() {
    let progress = launched();
    assert_eq!(progress.state, AddresseeState::Waiting);
    assert_eq!(channels(&progress), [Channel::Ent]);
    assert_eq!(progress.climb_at, Some(later(1)));
}

#[test]
fn a_rung_without_address_is_passed_over_at_once() {
    let progress = launch_on(vec![Channel::Sms], &family_plan());
    assert_eq!((progress.rung, channels(&progress)), (2, vec![Channel::Sms]));
}

#[test]
fn a_household_without_any_screen_is_on_the_letter_list_from_the_start() {
    let progress = launch_on(vec![Channel::Letter], &family_plan());
    assert_eq!(progress.state, AddresseeState::OnLetter);
    assert_eq!(progress.climb_at, None);
}

#[test]
fn somebody_without_any_address_is_unreached_and_not_forgotten() {
    let progress = launch_on(vec![], &family_plan());
    assert_eq!(progress.state, AddresseeState::Unreached);
}

#[test]
fn enough_proof_reaches() {
    let progress = live(launched(), &[started(), accepted()]);
    assert_eq!(progress.state, AddresseeState::Reached);
    assert_eq!(progress.climb_at, None);
}

#[test]
fn an_accepted_sms_is_not_enough_where_the_plan_asks_for_delivery() {
    let on_sms = launch_on(vec![Channel::Sms, Channel::Letter], &family_plan());
    let on_sms = live(on_sms, &[started(), accepted()]);
    assert_eq!(on_sms.state, AddresseeState::Waiting);
    let delivered = live(on_sms.clone(), &[DeliveryEvent::Proven(Proof::Delivered)]);
    assert_eq!(delivered.state, AddresseeState::Reached);
    let silent = out_of_patience(&on_sms, later(1));
    assert_eq!(silent.state, AddresseeState::OnLetter);
}

#[test]
fn a_refused_sms_falls_back_to_the_letter() {
    let on_sms = launch_on(vec![Channel::Sms, Channel::Letter], &family_plan());
    let progress = live(on_sms, &[started(), failed(FailureKind::Refused)]);
    assert_eq!(channels(&progress), [Channel::Sms, Channel::Letter]);
    assert_eq!(progress.state, AddresseeState::OnLetter);
}

#[test]
fn a_late_receipt_takes_the_letter_off_the_list() {
    let on_sms = launch_on(vec![Channel::Sms, Channel::Letter], &family_plan());
    let silent = out_of_patience(&live(on_sms, &[started(), accepted()]), later(1));
    let event = Event::Delivery(0, DeliveryEvent::Proven(Proof::Delivered));
    let reached = apply_on(&silent, event, &family_plan(), later(2)).after;
    assert_eq!(reached.state, AddresseeState::Reached);
    assert_eq!(reached.deliveries[1].state, DeliveryState::Withdrawn);
}

#[test]
fn a_bounce_takes_back_a_mere_acceptance_and_the_next_rung_is_climbed() {
    let reached = live(launched(), &[started(), accepted()]);
    let bounced = live(reached, &[DeliveryEvent::Undeliverable]);
    assert_eq!(bounced.state, AddresseeState::Waiting);
    assert_eq!(channels(&bounced), [Channel::Ent, Channel::Email]);
}

#[test]
fn an_attempt_under_way_is_waited_for_before_climbing() {
    let sending = live(launched(), &[DeliveryEvent::Started { lease_ends: Some(later(2)) }]);
    let patient = out_of_patience(&sending, later(1));
    assert_eq!(channels(&patient), [Channel::Ent]);
    let lease_is_over = later(2) + Duration::from_millis(1);
    assert_eq!(patient.climb_at, Some(lease_is_over));
    let climbed = out_of_patience(&patient, lease_is_over);
    assert_eq!(channels(&climbed), [Channel::Ent, Channel::Email]);
}

/// Those before a service that is down: each probe would keep them for the rest of its lease, and so on and on.
#[test]
fn an_attempt_that_was_waited_for_past_the_patience_is_not_followed_by_another() {
    let again = DeliveryEvent::Failed { kind: FailureKind::Unreachable, retry_at: Some(later(3)) };
    let sending = live(launched(), &[DeliveryEvent::Started { lease_ends: Some(later(2)) }]);
    let in_time = live(sending.clone(), &[again]);
    assert_eq!(channels(&in_time), [Channel::Ent]);
    let patient = out_of_patience(&sending, later(1));
    let ended = apply_on(&patient, Event::Delivery(0, again), &family_plan(), later(1)).after;
    assert_eq!(channels(&ended), [Channel::Ent, Channel::Email]);
    assert_eq!(ended.deliveries[0].state, DeliveryState::Withdrawn);
    assert_eq!(ended.climb_at, Some(later(2)), "the patience of the next rung");
    // Where no rung is left, there is nothing better to do than to try again.
    let last = launch_on(vec![Channel::Ent], &family_plan());
    let last = live(last, &[DeliveryEvent::Started { lease_ends: Some(later(2)) }]);
    let last = out_of_patience(&last, later(1));
    let last = apply_on(&last, Event::Delivery(0, again), &family_plan(), later(1)).after;
    assert_eq!(last.deliveries[0].state, DeliveryState::Waiting);
    assert_eq!(last.deliveries[0].due_at, Some(later(3)));
}

#[test]
fn what_did_not_leave_is_withdrawn_when_the_next_rung_is_climbed() {
    let climbed = out_of_patience(&launched(), later(1));
    assert_eq!(climbed.deliveries[0].state, DeliveryState::Withdrawn);
    assert_eq!(climbed.deliveries[1].state, DeliveryState::Waiting);
}

#[test]
fn patience_that_is_not_over_changes_nothing() {
    let progress = launched();
    let transition = apply_on(&progress, Event::PatienceOver, &family_plan(), NOW);
    assert!(!transition.taken);
    assert_eq!(transition.after, progress);
}

#[test]
fn a_lost_answer_is_uncertain_and_never_resent_blindly() {
    let on_sms = launch_on(vec![Channel::Sms], &family_plan());
    let lost = live(on_sms, &[started(), DeliveryEvent::UnknownAwait]);
    assert_eq!(lost.deliveries[0].state, DeliveryState::Uncertain);
    assert_eq!(lost.deliveries[0].due_at, None);
    let silent = out_of_patience(&lost, later(1));
    assert_eq!(silent.state, AddresseeState::Uncertain);
}

#[test]
fn what_may_have_left_before_stays_open_when_the_next_rung_is_climbed() {
    let resend = DeliveryEvent::UnknownResend { retry_at: Some(later(3)) };
    let waits_again = live(launched(), &[started(), resend]);
    assert_eq!(waits_again.deliveries[0].state, DeliveryState::Waiting);
    let climbed = out_of_patience(&waits_again, later(1));
    assert_eq!(channels(&climbed), [Channel::Ent, Channel::Email]);
    assert_eq!(climbed.deliveries[0].state, DeliveryState::Uncertain);
}

#[test]
fn what_may_have_left_is_sent_again_once() {
    let on_sms = launch_on(vec![Channel::Sms], &family_plan());
    let resend = DeliveryEvent::UnknownResend { retry_at: Some(later(1)) };
    let once = live(on_sms, &[started(), resend]);
    assert_eq!(once.deliveries[0].state, DeliveryState::Waiting);
    // A try that did not leave takes nothing of it away.
    let kind = FailureKind::Throttled;
    let put_off = DeliveryEvent::Failed { kind, retry_at: Some(later(1)) };
    let again = live(once, &[started(), put_off]);
    assert_eq!(again.deliveries[0].state, DeliveryState::Waiting);
    let twice = live(again, &[started(), resend]);
    assert_eq!(twice.deliveries[0].state, DeliveryState::Uncertain);
    assert_eq!(twice.deliveries[0].due_at, None);
}

#[test]
fn whoever_answers_what_may_have_left_is_not_sent_it_again() {
    let on_sms = launch_on(vec![Channel::Sms], &family_plan());
    let resend = DeliveryEvent::UnknownResend { retry_at: Some(later(1)) };
    let waits_again = live(on_sms.clone(), &[started(), resend]);
    let answered = live(waits_again, &[DeliveryEvent::Proven(Proof::Acknowledged)]);
    assert_eq!(answered.state, AddresseeState::Reached);
    let delivery = &answered.deliveries[0];
    assert_eq!((delivery.state, delivery.due_at), (DeliveryState::Proven, None));
    // Nobody can have what never left.
    let proven = Event::Delivery(0, DeliveryEvent::Proven(Proof::Acknowledged));
    assert!(!apply_on(&on_sms, proven, &family_plan(), NOW).taken);
}

#[test]
fn a_refusal_says_nothing_of_the_copy_that_may_have_left_before() {
    let on_sms = launch_on(vec![Channel::Sms], &family_plan());
    let resend = DeliveryEvent::UnknownResend { retry_at: Some(later(1)) };
    let story = [started(), resend, started(), failed(FailureKind::Throttled)];
    let refused = live(on_sms, &story);
    assert_eq!(refused.deliveries[0].state, DeliveryState::Uncertain);
    assert_eq!(out_of_patience(&refused, later(1)).state, AddresseeState::Uncertain);
}

#[test]
fn who_was_refused_for_anothers_sake_goes_again_and_no_try_is_used() {
    let parted = DeliveryEvent::Parted { again_at: later(1) };
    let again = live(launched(), &[started(), parted]);
    let delivery = &again.deliveries[0];
    let found = (delivery.state, delivery.due_at, delivery.tries, delivery.failure);
    assert_eq!(found, (DeliveryState::Waiting, Some(later(1)), 0, None));
    // What may have left before is not sent under another reference.
    let retry_at = Some(later(1));
    let doubted = live(launched(), &[started(), DeliveryEvent::UnknownResend { retry_at }]);
    let open = live(doubted, &[started(), parted]);
    assert_eq!(open.deliveries[0].state, DeliveryState::Uncertain);
    let stopped = lifecycle::apply(
        &live(launched(), &[started()]),
        Event::Cancelled,
        &Conditions::new(&family_plan(), &Openings::always()),
        NOW,
    );
    let left = live(stopped.after, &[parted]);
    assert_eq!(left.deliveries[0].state, DeliveryState::Withdrawn);
}

#[test]
fn one_posted_letter_reaches() {
    let on_letter = launch_on(vec![Channel::Letter], &family_plan());
    let gathered = live(on_letter, &[DeliveryEvent::Started { lease_ends: None }]);
    assert_eq!(gathered.state, AddresseeState::OnLetter);
    assert_eq!(live(gathered, &[accepted()]).state, AddresseeState::Reached);
}

#[test]
fn a_posting_that_is_taken_back_proves_nothing_and_the_letter_is_in_hand_again() {
    let on_letter = launch_on(vec![Channel::Letter], &family_plan());
    let posted = live(on_letter, &[DeliveryEvent::Started { lease_ends: None }, accepted()]);
    let unposted = live(posted.clone(), &[DeliveryEvent::Unposted]);
    assert_eq!(unposted.state, AddresseeState::OnLetter);
    let letter = &unposted.deliveries[0];
    assert_eq!((letter.state, letter.proof), (DeliveryState::Sending, None));
    assert_eq!(live(unposted, &[accepted()]).state, AddresseeState::Reached);
    // Who answered has it, whatever was said of the post.
    let answered = live(posted, &[DeliveryEvent::Proven(Proof::Acknowledged)]);
    assert_eq!(live(answered.clone(), &[DeliveryEvent::Unposted]), answered);
}

#[test]
fn a_publication_that_is_taken_back_proves_nothing_and_has_its_patience_again() {
    let (plan, always) = (family_plan(), Openings::always());
    let published = live(launched(), &[accepted()]);
    assert_eq!((published.state, published.climb_at), (AddresseeState::Reached, None));
    let back = Event::Delivery(0, DeliveryEvent::Unpublished);
    let waits = apply_on(&published, back, &plan, later(5)).after;
    assert_eq!((waits.state, waits.climb_at), (AddresseeState::Waiting, Some(later(6))));
    let on_ent = &waits.deliveries[0];
    assert_eq!((on_ent.state, on_ent.proof), (DeliveryState::Waiting, None));
    assert_eq!(channels(&out_of_patience(&waits, later(6))), [Channel::Ent, Channel::Email]);
    // Whose channel is closed by now, or whose message is stale, is not waited for.
    let closed = Openings::new(Arc::new(Hours::none()), vec![Channel::Ent]);
    for conditions in [
        Conditions::new(&plan, &closed),
        Conditions { expires_at: Some(later(2)), ..Conditions::new(&plan, &always) },
    ] {
        let after = lifecycle::apply(&published, back, &conditions, later(5)).after;
        assert_eq!(after.deliveries[0].state, DeliveryState::Withdrawn);
        assert_ne!(after.state, AddresseeState::Reached);
    }
    // Who answered has it; and a message that somebody stopped stays so.
    let answered = live(published.clone(), &[DeliveryEvent::Proven(Proof::Acknowledged)]);
    assert_eq!(apply_on(&answered, back, &plan, later(5)).after, answered);
    let stopped = apply_on(&published, Event::Cancelled, &plan, later(1)).after;
    let after = apply_on(&stopped, back, &plan, later(5)).after;
    assert_eq!(after.state, AddresseeState::Cancelled);
}

// ------------------------------------------------------------------------------------------- calls

/// A call, then a letter.
fn calling_plan() -> Plan {
    let call = Rung::new(vec![Channel::Phone], Proof::Acknowledged, HOUR);
    let letter = Rung::new(vec![Channel::Letter], Proof::Accepted, HOUR);
    Plan::new("appel", vec![call, letter]).unwrap()
}

/// What each of these calls gave, one after the other.
fn called(events: &[DeliveryEvent]) -> Progress {
    let plan = calling_plan();
    let mut progress = launch_on(vec![Channel::Phone, Channel::Letter], &plan);
    for event in events {
        for event in [DeliveryEvent::Started { lease_ends: None }, *event] {
            progress = apply_on(&progress, Event::Delivery(0, event), &plan, NOW).after;
        }
    }
    progress
}

fn unanswered(retry_at: Option<Moment>) -> DeliveryEvent {
    DeliveryEvent::Failed { kind: FailureKind::Unanswered, retry_at }
}

fn uncalled(progress: &Progress, stood: CallStood) -> Transition {
    let event = Event::Delivery(0, DeliveryEvent::Uncalled(stood));
    apply_on(progress, event, &calling_plan(), later(5))
}

#[test]
fn a_call_that_nobody_takes_is_tried_again_until_the_letter_is_next() {
    let again = unanswered(Some(later(3)));
    let twice = called(&[again, again]);
    assert_eq!(twice.state, AddresseeState::OnCall);
    assert_eq!((twice.deliveries[0].tries, twice.deliveries[0].due_at), (2, Some(later(3))));
    let third = called(&[again, again, unanswered(None)]);
    assert_eq!(third.state, AddresseeState::OnLetter);
    assert_eq!(third.deliveries[0].failure, Some(FailureKind::Unanswered));
}

#[test]
fn who_answers_a_call_is_reached() {
    let reached = called(&[DeliveryEvent::Proven(Proof::Acknowledged)]);
    assert_eq!((reached.state, reached.deliveries.len()), (AddresseeState::Reached, 1));
}

#[test]
fn a_message_that_was_left_is_handed_over_and_the_call_is_made_once_more() {
    let left = DeliveryEvent::MessageLeft { again_at: Some(later(3)) };
    let once = called(&[left]);
    let call = &once.deliveries[0];
    assert_eq!((once.state, call.state), (AddresseeState::OnCall, DeliveryState::Waiting));
    assert_eq!((call.proof, call.due_at), (Some(Proof::Accepted), Some(later(3))));
    // Whatever the second one gives, what was left stays with them.
    for second in [left, unanswered(Some(later(6)))] {
        let twice = called(&[left, second]);
        let call = &twice.deliveries[0];
        assert_eq!((call.state, call.proof), (DeliveryState::Accepted, Some(Proof::Accepted)));
        assert_eq!(twice.state, AddresseeState::OnLetter, "{second:?}");
    }
    // It was somebody else's machine.
    let wrong = called(&[left, failed(FailureKind::BadAddress)]);
    assert_eq!(
        (wrong.deliveries[0].state, wrong.deliveries[0].proof),
        (DeliveryState::Failed, None)
    );
    let (plan, stopped) = (calling_plan(), Event::Cancelled);
    let stopped = apply_on(&once, stopped, &plan, later(1)).after;
    assert_eq!(stopped.deliveries[0].state, DeliveryState::Accepted, "it is not taken back");
    assert_eq!(stopped.state, AddresseeState::Uncertain);
}

#[test]
fn a_message_that_was_left_is_enough_where_the_plan_says_so() {
    let rung = Rung::new(vec![Channel::Phone], Proof::Accepted, HOUR);
    let plan = Plan::new("appel", vec![rung]).unwrap();
    let mut progress = launch_on(vec![Channel::Phone], &plan);
    let left = DeliveryEvent::MessageLeft { again_at: Some(later(3)) };
    for event in [DeliveryEvent::Started { lease_ends: None }, left] {
        progress = apply_on(&progress, Event::Delivery(0, event), &plan, NOW).after;
    }
    let found = (progress.state, progress.deliveries[0].state);
    assert_eq!(found, (AddresseeState::Reached, DeliveryState::Accepted));
}

#[test]
fn what_was_said_of_a_call_is_taken_back_as_long_as_nothing_left_because_of_it() {
    let waiting = called(&[]);
    let stood = waiting.deliveries[0].as_call();
    for said in [
        DeliveryEvent::Proven(Proof::Acknowledged),
        DeliveryEvent::MessageLeft { again_at: Some(later(3)) },
        unanswered(Some(later(3))),
    ] {
        assert_eq!(uncalled(&called(&[said]), stood).after, waiting, "{said:?}");
    }
    // The letter that waits because of it waits no more; once the call fails again, it waits anew.
    let on_letter = called(&[failed(FailureKind::Refused)]);
    let back = uncalled(&on_letter, stood).after;
    assert_eq!((back.state, back.rung, back.climb_at), (AddresseeState::OnCall, 0, None));
    assert_eq!(back.deliveries[1].state, DeliveryState::Withdrawn);
    let plan = calling_plan();
    let mut again = back;
    for event in [DeliveryEvent::Started { lease_ends: None }, failed(FailureKind::Refused)] {
        again = apply_on(&again, Event::Delivery(0, event), &plan, later(6)).after;
    }
    assert_eq!(again.state, AddresseeState::OnLetter);
    assert_eq!(channels(&again), [Channel::Phone, Channel::Letter, Channel::Letter]);
    // A letter in somebody's hand is not.
    let gathered = Event::Delivery(1, DeliveryEvent::Started { lease_ends: None });
    let printed = apply_on(&on_letter, gathered, &plan, later(1)).after;
    assert!(!uncalled(&printed, stood).taken);
    // Nor is anything said of a message that somebody stopped.
    let stopped = apply_on(&called(&[unanswered(None)]), Event::Cancelled, &plan, NOW).after;
    assert!(!uncalled(&stopped, stood).taken);
}

#[test]
fn no_call_is_taken_back_so_often_that_a_reference_would_not_tell_its_ways_apart() {
    let (plan, mut progress) = (calling_plan(), called(&[]));
    let stood = progress.deliveries[0].as_call();
    for _ in 0..100 {
        for event in [DeliveryEvent::Started { lease_ends: None }, unanswered(None)] {
            progress = apply_on(&progress, Event::Delivery(0, event), &plan, NOW).after;
        }
        progress = uncalled(&progress, stood).after;
    }
    assert!(progress.deliveries.len() <= 26, "{}", progress.deliveries.len());
    assert_eq!(progress.state, AddresseeState::OnLetter, "the last one stays");
}

#[test]
fn two_channels_of_one_rung_are_both_sent_and_one_proof_is_enough() {
    let rung = Rung::new(vec![Channel::Email, Channel::Sms], Proof::Accepted, HOUR);
    let plan = Plan::new("soutien", vec![rung]).unwrap();
    let mut progress = launch_on(everywhere(), &plan);
    assert_eq!(channels(&progress), [Channel::Email, Channel::Sms]);
    for event in [started(), accepted()] {
        progress = apply_on(&progress, Event::Delivery(0, event), &plan, NOW).after;
    }
    assert_eq!(progress.state, AddresseeState::Reached);
    assert_eq!(progress.deliveries[1].state, DeliveryState::Waiting, "still leaves, in support");
}

/// The table: for each state (rows) and each event (columns), the letter of the state
/// afterwards; `·` when the event means nothing there.
///
/// Columns: started, accepted, failed with a try left, failed without, bad address, unknown (ask),
/// unknown (resend), unknown (await), never arrived, receipt pending, delivered, undeliverable, posting taken back,
/// parted, publication taken back, message left, call taken back: the last two mean something by telephone alone.
const VERDICTS: [(DeliveryState, &str); 7] = [
    (DeliveryState::Waiting, "S A · · · · · · · · · · · · · · ·"),
    (DeliveryState::Sending, "· A W F F U W U · · P F · W · · ·"),
    (DeliveryState::Uncertain, "· A · · · U · U W · P F · · · · ·"),
    (DeliveryState::Accepted, "· · · · · · · · · A P F · · W · ·"),
    (DeliveryState::Failed, "· · · · · · · · · · P · · · · · ·"),
    (DeliveryState::Proven, "· · · · · · · · · · · · · · · · ·"),
    (DeliveryState::Withdrawn, "· A · · · · · · · · · · · · · · ·"),
];

fn columns() -> [DeliveryEvent; 17] {
    let retry_at = Some(later(1));
    [
        started(),
        accepted(),
        DeliveryEvent::Failed { kind: FailureKind::Throttled, retry_at },
        DeliveryEvent::Failed { kind: FailureKind::Throttled, retry_at: None },
        DeliveryEvent::Failed { kind: FailureKind::BadAddress, retry_at },
        DeliveryEvent::UnknownAsk { ask_at: later(1) },
        DeliveryEvent::UnknownResend { retry_at },
        DeliveryEvent::UnknownAwait,
        DeliveryEvent::NeverArrived { retry_at },
        DeliveryEvent::Pending { look_at: later(1) },
        DeliveryEvent::Proven(Proof::Delivered),
        DeliveryEvent::Undeliverable,
        DeliveryEvent::Unposted,
        DeliveryEvent::Parted { again_at: later(1) },
        DeliveryEvent::Unpublished,
        DeliveryEvent::MessageLeft { again_at: retry_at },
        DeliveryEvent::Uncalled(CallStood::default()),
    ]
}

fn letter(state: DeliveryState) -> &'static str {
    match state {
        DeliveryState::Waiting => "W",
        DeliveryState::Sending => "S",
        DeliveryState::Uncertain => "U",
        DeliveryState::Accepted => "A",
        DeliveryState::Failed => "F",
        DeliveryState::Proven => "P",
        DeliveryState::Withdrawn => "X",
    }
}

#[test]
fn every_state_has_a_verdict_on_every_happening() {
    assert_eq!(VERDICTS.map(|(state, _)| state), DeliveryState::ALL);
    for (state, expected) in VERDICTS {
        let found = columns().map(|event| {
            let event = Event::Delivery(0, event);
            let before = with_first_delivery(state);
            let transition = apply_on(&before, event, &family_plan(), NOW);
            if transition.taken { letter(transition.after.deliveries[0].state) } else { "·" }
        });
        assert_eq!(found.join(" "), expected, "{state:?}");
    }
}

fn with_first_delivery(state: DeliveryState) -> Progress {
    let mut progress = launched();
    progress.deliveries[0].state = state;
    progress.deliveries[0].proof = match state {
        DeliveryState::Accepted => Some(Proof::Accepted),
        DeliveryState::Proven => Some(Proof::Delivered),
        _ => None,
    };
    progress
}

/// What becomes of the first delivery and of its addressee, for each state (rows) and each event that
/// is about the whole addressee (columns); `·` when it means nothing there.
///
/// Columns: patience over, channel closed, another channel closed, expired, cancelled, restricted.
const WHOLE: [(DeliveryState, [&str; 6]); 7] = [
    (
        DeliveryState::Waiting,
        ["X waiting", "X waiting", "·", "X unreached", "X cancelled", "X cancelled"],
    ),
    (DeliveryState::Sending, ["S waiting", "·", "·", "S waiting", "S waiting", "S waiting"]),
    (
        DeliveryState::Uncertain,
        ["U waiting", "·", "·", "U uncertain", "U uncertain", "U uncertain"],
    ),
    (DeliveryState::Accepted, ["A reached", "·", "·", "A reached", "A reached", "A reached"]),
    (DeliveryState::Failed, ["F waiting", "·", "·", "F unreached", "F cancelled", "F cancelled"]),
    (DeliveryState::Proven, ["P reached", "·", "·", "P reached", "P reached", "P reached"]),
    (
        DeliveryState::Withdrawn,
        ["X waiting", "·", "·", "X unreached", "X cancelled", "X cancelled"],
    ),
];

#[test]
fn every_state_has_a_verdict_on_every_event_about_the_whole_addressee() {
    assert_eq!(WHOLE.map(|(state, _)| state), DeliveryState::ALL);
    let events = [
        Event::PatienceOver,
        Event::ChannelClosed(Channel::Ent),
        Event::ChannelClosed(Channel::Sms),
        Event::Expired,
        Event::Cancelled,
        Event::Restricted,
    ];
    let (plan, always) = (family_plan(), Openings::always());
    for (state, expected) in WHOLE {
        let found = events.map(|event| {
            let expires_at = (event == Event::Expired).then(|| later(1));
            let conditions = Conditions { expires_at, ..Conditions::new(&plan, &always) };
            let before = with_first_delivery(state);
            let Transition { after, taken } =
                lifecycle::apply(&before, event, &conditions, later(1));
            let told = format!("{} {}", letter(after.deliveries[0].state), after.state.as_str());
            if taken { told } else { "·".to_owned() }
        });
        assert_eq!(found, expected, "{state:?}");
    }
}

// ------------------------------------------------------------------------------ what people decide

/// The ENT and SMS sleep from 20:00 to 7:00 UTC.
fn with_nights(closed: &[Channel]) -> Openings {
    let night = QuietSpan { period: DAY, start: 20 * 60, end: 7 * 60 };
    let quiet = Quiet { spans: vec![night], days_off: Vec::new() };
    let channels = [(Channel::Ent, quiet.clone()), (Channel::Sms, quiet)];
    let hours = Hours::new(jiff::tz::TimeZone::UTC, channels.into());
    Openings::new(Arc::new(hours), closed.to_vec())
}

/// An hour of the second of January 1970.
fn at(hour: u32) -> Moment {
    Moment(86_400_000) + HOUR * hour
}

#[test]
fn a_message_launched_at_night_is_due_in_the_morning_and_its_patience_counts_from_there() {
    let (plan, nights) = (family_plan(), with_nights(&[]));
    let progress = lifecycle::launch(everywhere(), &Conditions::new(&plan, &nights), at(21));
    assert_eq!(channels(&progress), [Channel::Ent]);
    assert_eq!(progress.deliveries[0].due_at, Some(at(31)));
    assert_eq!(progress.climb_at, Some(at(32)));
}

#[test]
fn what_somebody_gave_their_word_for_leaves_at_night() {
    let (plan, nights) = (family_plan(), with_nights(&[]));
    let conditions = Conditions { passes_hours: true, ..Conditions::new(&plan, &nights) };
    let progress = lifecycle::launch(everywhere(), &conditions, at(21));
    assert_eq!(progress.deliveries[0].due_at, Some(at(21)));
}

#[test]
fn a_retry_that_falls_into_the_night_is_made_in_the_morning() {
    let (plan, nights) = (family_plan(), with_nights(&[]));
    let conditions = Conditions::new(&plan, &nights);
    let mut progress = lifecycle::launch(everywhere(), &conditions, at(19));
    let kind = FailureKind::Throttled;
    for event in [started(), DeliveryEvent::Failed { kind, retry_at: Some(at(20)) }] {
        progress =
            lifecycle::apply(&progress, Event::Delivery(0, event), &conditions, at(19)).after;
    }
    assert_eq!(progress.deliveries[0].due_at, Some(at(31)));
}

#[test]
fn what_did_not_leave_before_the_night_has_its_patience_again_in_the_morning_and_once_only() {
    let nights = with_nights(&[]);
    let rungs = [Channel::Ent, Channel::Email]
        .map(|channel| Rung::new(vec![channel], Proof::Accepted, HOUR * 14));
    let plan = Plan::new("patient", rungs.to_vec()).unwrap();
    let conditions = Conditions::new(&plan, &nights);
    let progress = lifecycle::launch(everywhere(), &conditions, at(7));
    let night = lifecycle::apply(&progress, Event::PatienceOver, &conditions, at(21)).after;
    assert_eq!((channels(&night), night.climb_at), (vec![Channel::Ent], Some(at(45))));
    let next = lifecycle::apply(&night, Event::PatienceOver, &conditions, at(45)).after;
    assert_eq!(channels(&next), [Channel::Ent, Channel::Email]);
}

#[test]
fn a_closed_channel_is_no_way_at_launch_nor_at_a_climb() {
    let (plan, closed) = (family_plan(), with_nights(&[Channel::Ent, Channel::Sms]));
    let conditions = Conditions::new(&plan, &closed);
    let progress = lifecycle::launch(everywhere(), &conditions, at(9));
    assert_eq!(channels(&progress), [Channel::Email]);
    let climbed = lifecycle::apply(&progress, Event::PatienceOver, &conditions, at(10)).after;
    assert_eq!(channels(&climbed), [Channel::Email, Channel::Letter]);
}

#[test]
fn who_has_no_way_but_a_closed_one_is_unreached_with_the_reason() {
    let (plan, closed) = (family_plan(), with_nights(&[Channel::Ent, Channel::Sms]));
    let conditions = Conditions::new(&plan, &closed);
    let progress = lifecycle::launch(vec![Channel::Ent, Channel::Sms], &conditions, at(9));
    assert_eq!(progress.state, AddresseeState::Unreached);
    let reasons: Vec<_> = progress.deliveries.iter().map(|d| (d.channel, d.failure)).collect();
    let reason = Some(FailureKind::Closed);
    assert_eq!(reasons, [(Channel::Ent, reason), (Channel::Sms, reason)]);
}

#[test]
fn a_message_that_would_be_stale_when_its_channel_opens_goes_another_way_now() {
    let (plan, nights) = (family_plan(), with_nights(&[]));
    let conditions = Conditions { expires_at: Some(at(23)), ..Conditions::new(&plan, &nights) };
    let progress = lifecycle::launch(everywhere(), &conditions, at(21));
    assert_eq!(channels(&progress), [Channel::Email]);
}

#[test]
fn who_is_only_on_a_channel_that_opens_too_late_is_unreached_because_it_expired() {
    let (plan, nights) = (family_plan(), with_nights(&[]));
    let conditions = Conditions { expires_at: Some(at(23)), ..Conditions::new(&plan, &nights) };
    let progress = lifecycle::launch(vec![Channel::Sms], &conditions, at(21));
    assert_eq!(progress.state, AddresseeState::Unreached);
    assert_eq!(progress.deliveries[0].failure, Some(FailureKind::Expired));
}

#[test]
fn nothing_is_tried_again_after_a_message_was_cancelled_or_is_stale() {
    let (plan, always) = (family_plan(), Openings::always());
    let retried = DeliveryEvent::Failed { kind: FailureKind::Throttled, retry_at: Some(later(2)) };
    for (event, state) in
        [(Event::Cancelled, AddresseeState::Cancelled), (Event::Expired, AddresseeState::Unreached)]
    {
        let conditions =
            Conditions { expires_at: Some(later(1)), ..Conditions::new(&plan, &always) };
        let sending = live(launched(), &[started()]);
        let stopped = lifecycle::apply(&sending, event, &conditions, later(1)).after;
        let failed = lifecycle::apply(&stopped, Event::Delivery(0, retried), &conditions, later(1));
        assert_eq!(failed.after.state, state);
        assert_eq!(failed.after.deliveries[0].state, DeliveryState::Failed);
    }
}

#[test]
fn a_restriction_takes_back_what_people_have_in_hand_and_a_cancellation_does_not() {
    let rung = Rung::new(vec![Channel::Letter], Proof::Accepted, HOUR);
    let plan = Plan::new("papier", vec![rung]).unwrap();
    for (event, left, state) in [
        (Event::Restricted, DeliveryState::Withdrawn, AddresseeState::Cancelled),
        (Event::Cancelled, DeliveryState::Sending, AddresseeState::OnLetter),
    ] {
        let always = Openings::always();
        let conditions = Conditions::new(&plan, &always);
        let waiting = lifecycle::launch(vec![Channel::Letter], &conditions, NOW);
        let gathered = DeliveryEvent::Started { lease_ends: None };
        let gathered = apply_on(&waiting, Event::Delivery(0, gathered), &plan, NOW).after;
        let after = apply_on(&gathered, event, &plan, later(1)).after;
        assert_eq!((after.deliveries[0].state, after.state), (left, state), "{event:?}");
    }
}

#[test]
fn a_bounce_after_a_cancellation_climbs_no_more() {
    let reached = live(launched(), &[started(), accepted()]);
    let stopped = apply_on(&reached, Event::Cancelled, &family_plan(), NOW).after;
    assert_eq!(stopped.state, AddresseeState::Reached);
    let bounced = live(stopped, &[DeliveryEvent::Undeliverable]);
    assert_eq!(bounced.state, AddresseeState::Cancelled);
}

#[test]
fn nothing_is_due_before_the_start_of_a_message() {
    let (plan, always) = (family_plan(), Openings::always());
    let conditions = Conditions { starts_at: Some(later(1)), ..Conditions::new(&plan, &always) };
    let progress = lifecycle::launch(everywhere(), &conditions, NOW);
    assert_eq!(progress.deliveries[0].due_at, Some(later(1)));
    assert_eq!(progress.climb_at, Some(later(2)));
}

/// When somebody of the third wave gets it, waves being half an hour apart.
fn third_wave_at(launched: Moment) -> Option<Moment> {
    let (plan, nights) = (family_plan(), with_nights(&[]));
    let conditions = Conditions { wave: HOUR, ..Conditions::new(&plan, &nights) };
    lifecycle::launch(everywhere(), &conditions, launched).deliveries[0].due_at
}

#[test]
fn waves_are_counted_from_the_hour_at_which_the_ent_opens() {
    assert_eq!(third_wave_at(at(9)), Some(at(10)));
    assert_eq!(third_wave_at(at(21)), Some(at(32)), "not with the first wave, at seven");
    let evening = at(19) + HOUR / 2;
    assert_eq!(third_wave_at(evening), Some(at(32)), "nor when the night comes between them");
}

// ------------------------------------------------------------------------------- random lives

fn any_happening() -> impl Strategy<Value = DeliveryEvent> {
    let kind = proptest::sample::select(FailureKind::ALL.to_vec())
        .prop_filter("has its own events", |kind| *kind != FailureKind::Uncertain);
    let retry_at = proptest::option::of(Just(later(1)));
    let proof = proptest::sample::select(Proof::ALL.to_vec());
    prop_oneof![
        4 => Just(started()),
        3 => Just(accepted()),
        3 => (kind, retry_at.clone())
            .prop_map(|(kind, retry_at)| DeliveryEvent::Failed { kind, retry_at }),
        1 => Just(DeliveryEvent::UnknownAsk { ask_at: later(1) }),
        1 => retry_at.clone().prop_map(|retry_at| DeliveryEvent::UnknownResend { retry_at }),
        1 => Just(DeliveryEvent::UnknownAwait),
        1 => retry_at.prop_map(|retry_at| DeliveryEvent::NeverArrived { retry_at }),
        1 => Just(DeliveryEvent::Pending { look_at: later(1) }),
        2 => proof.prop_map(DeliveryEvent::Proven),
        1 => Just(DeliveryEvent::Undeliverable),
        1 => proptest::option::of(Just(later(1)))
            .prop_map(|again_at| DeliveryEvent::MessageLeft { again_at }),
    ]
}

/// What people take back goes a step back, and nothing else does.
fn any_event_or_step_back() -> impl Strategy<Value = Event> {
    let back = prop_oneof![
        Just(DeliveryEvent::Unposted),
        Just(DeliveryEvent::Unpublished),
        Just(DeliveryEvent::Uncalled(CallStood { due_at: Some(later(1)), ..CallStood::default() })),
    ];
    prop_oneof![
        6 => any_event(),
        1 => (0_usize..6, back).prop_map(|(leg, what)| Event::Delivery(leg, what)),
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let channel = proptest::sample::select(Channel::ALL.to_vec());
    prop_oneof![
        17 => (0_usize..6, any_happening()).prop_map(|(leg, what)| Event::Delivery(leg, what)),
        3 => Just(Event::PatienceOver),
        1 => channel.prop_map(Event::ChannelClosed),
        1 => Just(Event::Expired),
        1 => proptest::bool::weighted(0.2)
            .prop_map(|yes| if yes { Event::Cancelled } else { Event::PatienceOver }),
        1 => proptest::bool::weighted(0.2)
            .prop_map(|yes| if yes { Event::Restricted } else { Event::PatienceOver }),
    ]
}

/// Hours and an expiry, or none.
fn any_times() -> impl Strategy<Value = (Vec<Channel>, bool, Option<Moment>)> {
    let closed = proptest::sample::subsequence(Channel::ALL.to_vec(), 0..=2);
    (closed, any::<bool>(), proptest::option::weighted(0.3, (1_u32..40).prop_map(later)))
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let channel = proptest::sample::select(Channel::ALL.to_vec());
    let rung =
        (proptest::collection::vec(channel, 1..3), proptest::sample::select(Proof::ALL.to_vec()))
            .prop_map(|(mut channels, enough)| {
                channels.dedup();
                Rung::new(channels, enough, HOUR)
            });
    proptest::collection::vec(rung, 1..5).prop_map(|rungs| Plan::new("any", rungs).unwrap())
}

fn any_reach() -> impl Strategy<Value = Vec<Channel>> {
    proptest::sample::subsequence(Channel::ALL.to_vec(), 0..=6)
}

type Times = (Vec<Channel>, bool, Option<Moment>);

/// Every state of a life, oldest first.
fn lives(plan: &Plan, reach: Vec<Channel>, times: &Times, events: &[Event]) -> Vec<Progress> {
    let (closed, sleeps, expires_at) = times;
    let openings = if *sleeps {
        with_nights(closed)
    } else {
        Openings::new(Arc::new(Hours::none()), closed.clone())
    };
    let conditions = Conditions { expires_at: *expires_at, ..Conditions::new(plan, &openings) };
    let mut all = vec![lifecycle::launch(reach, &conditions, NOW)];
    for (hours, event) in (0_u32..).zip(events) {
        let last = all.last().unwrap();
        let event = match *event {
            Event::Delivery(leg, event) => {
                Event::Delivery(leg % last.deliveries.len().max(1), event)
            }
            other => other,
        };
        let next = lifecycle::apply(last, event, &conditions, later(hours)).after;
        all.push(next);
    }
    all
}

fn is_at_work(delivery: &Delivery) -> bool {
    matches!(delivery.state, DeliveryState::Waiting | DeliveryState::Sending)
}

/// How far a state is: a delivery's rank never falls but for a retry that the schedule allowed.
fn rank(state: DeliveryState) -> u8 {
    match state {
        DeliveryState::Waiting | DeliveryState::Sending => 0,
        DeliveryState::Withdrawn | DeliveryState::Uncertain => 1,
        DeliveryState::Accepted => 2,
        DeliveryState::Failed => 3,
        DeliveryState::Proven => 4,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_is_ever_lost(
        plan in any_plan(),
        reach in any_reach(),
        times in any_times(),
        events in proptest::collection::vec(any_event_or_step_back(), 0..40),
    ) {
        for progress in lives(&plan, reach, &times, &events) {
            let enough = progress.deliveries.iter().any(|delivery| {
                delivery.proof >= Some(plan.rungs()[delivery.rung].enough)
            });
            let at_work = |channel_fits: fn(Channel) -> bool| {
                progress.deliveries.iter().any(|d| is_at_work(d) && channel_fits(d.channel))
            };
            match progress.state {
                AddresseeState::Reached => prop_assert!(enough, "reached without proof"),
                AddresseeState::Waiting => prop_assert!(
                    at_work(|c| !c.is_carried_by_people()) || progress.climb_at.is_some(),
                    "waits for nothing"
                ),
                AddresseeState::OnLetter => prop_assert!(at_work(|c| c == Channel::Letter)),
                AddresseeState::OnCall => prop_assert!(at_work(|c| c == Channel::Phone)),
                AddresseeState::Unreached
                | AddresseeState::Uncertain
                | AddresseeState::Cancelled => {
                    prop_assert!(!enough);
                    prop_assert!(!progress.deliveries.iter().any(is_at_work));
                }
            }
        }
    }

    #[test]
    fn states_never_go_back(
        plan in any_plan(),
        reach in any_reach(),
        times in any_times(),
        events in proptest::collection::vec(any_event(), 0..40),
    ) {
        for pair in lives(&plan, reach, &times, &events).windows(2) {
            for (was, is) in pair[0].deliveries.iter().zip(&pair[1].deliveries) {
                let never_arrived = was.state == DeliveryState::Uncertain
                    && is.state == DeliveryState::Waiting
                    && is.tries > was.tries;
                prop_assert!(
                    rank(is.state) >= rank(was.state) || never_arrived,
                    "{:?} became {:?}", was.state, is.state
                );
                let bounced = is.state == DeliveryState::Failed;
                prop_assert!(is.proof >= was.proof || bounced);
            }
            prop_assert!(pair[1].rung >= pair[0].rung);
            prop_assert!(pair[1].deliveries.len() >= pair[0].deliveries.len());
        }
    }

    #[test]
    fn nothing_starts_again_once_a_provider_may_have_it(
        plan in any_plan(),
        reach in any_reach(),
        times in any_times(),
        events in proptest::collection::vec(any_event(), 0..40),
    ) {
        let lives = lives(&plan, reach, &times, &events);
        let legs = lives.last().map_or(0, |last| last.deliveries.len());
        for leg in 0..legs {
            let mut may_have_it = false;
            for progress in &lives {
                let Some(delivery) = progress.deliveries.get(leg) else { continue };
                match delivery.state {
                    DeliveryState::Accepted | DeliveryState::Proven => may_have_it = true,
                    DeliveryState::Sending => prop_assert!(!may_have_it, "sent twice"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn the_ladder_always_ends(
        plan in any_plan(),
        reach in any_reach(),
        times in any_times(),
    ) {
        let events = vec![Event::PatienceOver; 200];
        let lives = lives(&plan, reach, &times, &events);
        prop_assert_eq!(lives.last().unwrap().climb_at, None);
    }
}

// ---- gathered ----------------------------------------------------------------------------------

#[test]
fn who_is_gathered_waits_for_the_digest_alone() {
    let gathered = lifecycle::gathered(everywhere());
    assert!(gathered.is_gathered());
    for event in [Event::PatienceOver, Event::ChannelClosed(Channel::Ent), Event::Expired] {
        assert!(!apply_on(&gathered, event, &family_plan(), later(9_999)).taken, "{event:?}");
    }
    for state in DeliveryState::ALL {
        assert_ne!(with_first_delivery(state).is_carried(), gathered.is_carried(), "{state:?}");
    }
}

#[test]
fn who_is_released_begins_the_plan_or_is_unreached() {
    let released = Event::Released { wave: Duration::ZERO };
    let after = apply_on(&lifecycle::gathered(everywhere()), released, &family_plan(), NOW).after;
    assert_eq!(after, launched());
    let nowhere = apply_on(&lifecycle::gathered(Vec::new()), released, &family_plan(), NOW);
    assert_eq!((nowhere.taken, nowhere.after.state), (true, AddresseeState::Unreached));
    assert!(!apply_on(&launched(), released, &family_plan(), NOW).taken, "once");
}

#[test]
fn who_is_carried_stands_as_the_digest_until_a_person_stops_the_message() {
    let mut carried = lifecycle::gathered(everywhere());
    for state in AddresseeState::ALL {
        let after = apply_on(&carried, Event::Carried(state), &family_plan(), NOW).after;
        assert_eq!((after.state, after.deliveries.len()), (state, 0));
        carried = after;
        assert_eq!(
            launched(),
            apply_on(&launched(), Event::Carried(state), &family_plan(), NOW).after
        );
    }
    let waiting = lifecycle::gathered(everywhere());
    let stopped = apply_on(&waiting, Event::Cancelled, &family_plan(), NOW).after;
    assert_eq!(stopped.state, AddresseeState::Cancelled);
    for event in [Event::Carried(AddresseeState::Reached), Event::Released { wave: Duration::ZERO }]
    {
        assert!(!apply_on(&stopped, event, &family_plan(), NOW).taken, "{event:?}");
    }
    for state in [AddresseeState::Reached, AddresseeState::Uncertain] {
        let has_it = Progress { state, ..waiting.clone() };
        assert!(!apply_on(&has_it, Event::Cancelled, &family_plan(), NOW).taken, "{state:?}");
    }
}

#[test]
fn what_was_gathered_and_is_stale_stands_on_the_list_with_the_reason() {
    let plan = family_plan();
    let openings = Openings::always();
    let conditions = Conditions { expires_at: Some(later(1)), ..Conditions::new(&plan, &openings) };
    let waiting = lifecycle::gathered(everywhere());
    assert!(!lifecycle::apply(&waiting, Event::Expired, &conditions, NOW).taken);
    let after = lifecycle::apply(&waiting, Event::Expired, &conditions, later(1)).after;
    assert_eq!(after.state, AddresseeState::Unreached);
    assert_eq!(after.deliveries[0].failure, Some(FailureKind::Expired));
}
