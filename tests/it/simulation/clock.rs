//! Clocks that jump, and both nights of the time change.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::message::Proof;
use chappe::providers::WhenUnknown;

use super::life::run::{MORNING, on_simulated_time};
use super::scripted::{Stage, Weather};

const FAMILIES: usize = 60;
const WAYS: [WhenUnknown; 3] = [WhenUnknown::Ask, WhenUnknown::Resend, WhenUnknown::AwaitReceipt];
const EMAIL: [(Channel, Proof); 1] = [(Channel::Email, Proof::Accepted)];
const EMAIL_THEN_SMS: [(Channel, Proof); 2] =
    [(Channel::Email, Proof::Accepted), (Channel::Sms, Proof::Delivered)];
/// 1:45 in the night of 29 March 2026, in which 3:00 follows 1:59.
const SPRING: Moment = Moment(1_774_745_100_000);
/// 2:45 in the night of 25 October 2026, the first of the two.
const AUTUMN: Moment = Moment(1_792_889_100_000);

/// Some have it, two wait for their next try, four are under way; then the clock jumps.
fn has_once_each(jump: impl Fn(&Stage), when_unknown: WhenUnknown) {
    on_simulated_time(async {
        let mut stage = Stage::set(MORNING, &[(Channel::Email, when_unknown)]);
        let mut messages = Vec::new();
        let few = FAMILIES + 2;
        let scene = [
            (0..FAMILIES, Weather::Fine, Duration::from_millis(200)),
            (FAMILIES..few, Weather::Overloaded, Duration::from_millis(200)),
            (few..few + 4, Weather::Fine, Duration::from_secs(70)),
        ];
        for (families, weather, answers_after) in scene {
            stage.provider(Channel::Email).set(weather);
            stage.provider(Channel::Email).answer_after(answers_after);
            messages.push(stage.launch(families, &EMAIL).await);
            tokio::time::sleep(Duration::from_secs(10)).await;
        }
        jump(&stage);
        tokio::time::sleep(Duration::from_mins(2)).await;
        stage.provider(Channel::Email).answer_after(Duration::from_millis(200));
        tokio::time::sleep(Duration::from_hours(4)).await;
        for message in &messages {
            let addressees = stage.status(message).await.addressees;
            assert_eq!(addressees.reached, addressees.total);
        }
        stage.assert_once_each(few + 4);
    });
}

#[test]
fn a_clock_that_is_put_back_two_hours_sends_nothing_twice() {
    for when_unknown in WAYS {
        has_once_each(|stage| stage.clock.set_back(Duration::from_hours(2)), when_unknown);
    }
}

#[test]
fn a_clock_that_is_put_forward_a_day_sends_nothing_twice() {
    for when_unknown in WAYS {
        has_once_each(|stage| stage.clock.advance(Duration::from_hours(24)), when_unknown);
    }
}

/// E-mail is down all night: everybody gets an SMS, when half an hour has really passed.
fn waits_half_an_hour(night: Moment) {
    on_simulated_time(async {
        let email_and_sms =
            [(Channel::Email, WhenUnknown::Resend), (Channel::Sms, WhenUnknown::AwaitReceipt)];
        let mut stage = Stage::set(night, &email_and_sms);
        stage.provider(Channel::Email).set(Weather::Down);
        let message = stage.launch(0..FAMILIES, &EMAIL_THEN_SMS).await;
        tokio::time::sleep(Duration::from_hours(3)).await;
        let status = stage.status(&message).await;
        assert_eq!(status.addressees.reached, FAMILIES);
        assert_eq!(status.channels[&Channel::Sms].proven, FAMILIES, "by their receipts");
        stage.assert_once_each(FAMILIES);
        for call in stage.provider(Channel::Sms).calls() {
            let minutes = call.at.as_secs() / 60;
            assert!((30..32).contains(&minutes), "after {minutes} minutes");
        }
    });
}

#[test]
fn patience_is_as_long_in_the_night_that_lacks_an_hour() {
    waits_half_an_hour(SPRING);
}

#[test]
fn patience_is_as_long_in_the_night_that_has_one_twice() {
    waits_half_an_hour(AUTUMN);
}

#[test]
fn a_lost_answer_is_cleared_up_in_the_nights_of_the_time_change() {
    for (night, when_unknown) in [(SPRING, WhenUnknown::Ask), (AUTUMN, WhenUnknown::Ask)] {
        on_simulated_time(async {
            let mut stage = Stage::set(night, &[(Channel::Email, when_unknown)]);
            stage.provider(Channel::Email).set(Weather::AnswersAreLost);
            let message = stage.launch(0..FAMILIES, &EMAIL).await;
            tokio::time::sleep(Duration::from_mins(10)).await;
            stage.provider(Channel::Email).set(Weather::Fine);
            tokio::time::sleep(Duration::from_hours(2)).await;
            assert_eq!(stage.status(&message).await.addressees.reached, FAMILIES);
            stage.assert_once_each(FAMILIES);
        });
    }
}
