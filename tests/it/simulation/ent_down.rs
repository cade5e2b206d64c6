//! The ENT is down for an hour on the day of an announcement to 1,200 families.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::message::Proof;
use chappe::providers::WhenUnknown;

use super::life::run::{MORNING, on_simulated_time};
use super::scripted::{Call, Stage, Weather};

const FAMILIES: usize = 1_200;
const TEN_MINUTES: Duration = Duration::from_mins(10);
/// Calls that an ENT in trouble must bear in ten minutes.
const PROBES: usize = 20;
const ENT_THEN_EMAIL: [(Channel, Proof); 2] =
    [(Channel::Ent, Proof::Accepted), (Channel::Email, Proof::Accepted)];

/// The most calls in any ten minutes from `from` on.
fn most_in_ten_minutes(calls: &[Call], from: Duration) -> usize {
    let at: Vec<Duration> = calls.iter().map(|call| call.at).filter(|at| *at > from).collect();
    let since = |first: &Duration| {
        at.iter().filter(|at| *at >= first && **at < *first + TEN_MINUTES).count()
    };
    at.iter().map(since).max().unwrap_or(0)
}

/// Some families have it when the ENT goes down; the others have it by e-mail; a cut of power on
/// the way and the ENT that is back give it to nobody again.
fn is_ridden_out(weather: Weather) {
    on_simulated_time(async {
        let way = [(Channel::Ent, WhenUnknown::Ask), (Channel::Email, WhenUnknown::Resend)];
        let mut stage = Stage::set(MORNING, &way);
        let message = stage.launch(0..FAMILIES, &ENT_THEN_EMAIL).await;
        tokio::time::sleep(Duration::from_secs(10)).await;
        stage.provider(Channel::Ent).set(weather);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (down_at, early) = (stage.age(), stage.copies().len());
        assert!((100..FAMILIES).contains(&early), "{early} families have it before");
        tokio::time::sleep(TEN_MINUTES).await;
        stage = stage.cut_power().await;
        tokio::time::sleep(Duration::from_mins(50)).await;

        let status = stage.status(&message).await;
        assert_eq!(status.addressees.reached, FAMILIES, "everybody has advanced");
        let calls = stage.provider(Channel::Ent).calls();
        let most = most_in_ten_minutes(&calls, down_at);
        assert!((1..=PROBES).contains(&most), "{most} calls in ten minutes");
        stage.assert_once_each(FAMILIES);

        stage.provider(Channel::Ent).set(Weather::Fine);
        let later = stage.launch(FAMILIES..FAMILIES + 10, &ENT_THEN_EMAIL).await;
        tokio::time::sleep(Duration::from_mins(30)).await;
        assert_eq!(stage.status(&later).await.addressees.reached, 10);
        assert_eq!(stage.status(&later).await.channels[&Channel::Ent].sent, 10, "by the ENT");
        stage.assert_once_each(FAMILIES + 10);
    });
}

#[test]
fn an_overloaded_ent_is_left_in_peace_and_families_advance() {
    is_ridden_out(Weather::Overloaded);
}

#[test]
fn an_ent_that_cannot_be_reached_is_left_in_peace_and_families_advance() {
    is_ridden_out(Weather::Down);
}

#[test]
fn an_ent_that_never_answers_is_left_in_peace_and_families_advance() {
    is_ridden_out(Weather::Mute);
}
