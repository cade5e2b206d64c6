//! The ENT refuses on the day when it is needed most: families move on when their time comes, and
//! do not get it again when it is back.

use std::collections::BTreeSet;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::demo::ent::Weather;
use chappe::queue::Status;

use super::people::People;
use super::scene::{PATIENCE, Scene};
use crate::town::settings::until;

const ENT_THEN_EMAIL: &str = "[{ channels = [\"ent\"], patience = \"1h\" }, \
    { channels = [\"email\"], patience = \"24h\" }]";
const FAMILIES: usize = 1_200;
/// How many one call carries.
const TOGETHER: usize = 50;

/// Lets time pass in steps, each long enough for a dispatcher to look.
async fn pass(scene: &Scene, step: Duration, times: usize) {
    for _ in 0..times {
        scene.pass(step);
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn attempts(scene: &Scene) -> usize {
    scene.outcomes().await.values().map(Vec::len).sum()
}

#[tokio::test]
async fn twelve_hundred_families_go_on_by_email_and_nobody_gets_it_again() {
    let mut people = People::none();
    people.families(FAMILIES, true, true);
    let scene = Scene::set(people, ENT_THEN_EMAIL).await;
    scene.ent.set_weather(Weather::Unavailable503);
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    until(async || attempts(&scene).await >= 3).await;
    pass(&scene, Duration::ZERO, 20).await;
    let before = attempts(&scene).await;
    assert!(before <= 8 * TOGETHER, "as many as were under way when it tripped: {before}");

    pass(&scene, Duration::from_secs(5), 120).await;
    let probed = attempts(&scene).await - before;
    assert!((1..=20 * TOGETHER).contains(&probed), "probes in ten minutes, for {probed}");
    assert_eq!(scene.mailbox.messages(), 0, "the others wait");

    scene.pass(PATIENCE);
    // The one that is being probed goes on when its attempt is over.
    pass(&scene, Duration::from_secs(30), 40).await;
    scene.later(&message, |status| status.addressees.reached == FAMILIES).await;
    scene.ent.set_weather(Weather::Fine);
    pass(&scene, Duration::from_mins(1), 60).await;
    assert_eq!(scene.ent.messages().len(), 0, "whoever has it by e-mail does not get it again");
    let commands = scene.mailbox.commands();
    let receivers: Vec<_> = commands.iter().filter(|it| it.starts_with("RCPT")).collect();
    let different: BTreeSet<_> = receivers.iter().collect();
    assert_eq!((receivers.len(), different.len()), (FAMILIES, FAMILIES));
    let status = scene.status(&message).await;
    assert_eq!(status.channels[&Channel::Ent].waiting, 0);
}

/// Each account has the message once, although the gateway gave up on some of them.
async fn each_has_it_once(families: usize) {
    let mut people = People::none();
    people.families(families, true, true);
    let scene = Scene::set(people, ENT_THEN_EMAIL).await;
    scene.ent.set_weather(Weather::TimesOut504);
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    until(async || scene.ent.delivered_and_notified().0 >= families.min(3)).await;
    until(async || attempts(&scene).await >= families.min(3)).await;
    scene.ent.set_weather(Weather::Fine);
    pass(&scene, Duration::from_secs(30), 60).await;
    let lost = |it: &Status| it.channels[&Channel::Ent].uncertain;
    let found = scene.later(&message, |it| it.addressees.reached + lost(it) == families).await;
    assert!(lost(&found) > 0 && scene.mailbox.messages() == 0, "{found:?}");
    // Whether whoever has it ever opened their account was in the answers that were lost.
    scene.pass(PATIENCE);
    scene.later(&message, |it| it.addressees.reached == families).await;
    let taken = scene.ent.messages();
    let copies: Vec<_> = taken.iter().flat_map(|message| &message.to).collect();
    let accounts: BTreeSet<_> = copies.iter().collect();
    assert_eq!((copies.len(), accounts.len()), (families, families));
    assert_eq!(scene.mailbox.messages(), lost(&found), "they climb, and nobody else");
}

#[tokio::test]
async fn what_a_gateway_gave_up_on_is_asked_for_and_not_sent_again() {
    each_has_it_once(60).await;
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_when_nothing_is_left_to_probe_with() {
    each_has_it_once(3).await;
}
