//! What a provider refuses from everybody is no fault of anybody's number: the channel stops, says why, and
//! nobody's copy is burnt.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::store::gates::{self, GateState};

use super::people::{People, Way};
use super::scene::Scene;
use crate::town::settings::until;

const SMS_THEN_LETTER: &str = "[{ channels = [\"sms\"], enough = \"delivered\", patience = \"1h\" }, \
    { channels = [\"letter\"] }]";
const NUMBERS: [&str; 6] = [
    "06 39 98 06 00",
    "06 39 98 06 01",
    "06 39 98 06 02",
    "06 39 98 06 03",
    "06 39 98 06 04",
    "06 39 98 06 05",
];

/// Why the provider of text messages is not used; `None` while it is.
async fn reason(scene: &Scene) -> Option<String> {
    let school = scene.app.queue.school().clone();
    let gates = scene.app.store().read(move |tx| gates::all(tx, &school)).await.unwrap();
    let refusing =
        gates.into_iter().find(|it| it.channel == Channel::Sms && it.state != GateState::Admitting);
    refusing.map(|gate| gate.reason)
}

#[tokio::test]
async fn a_sender_that_is_not_declared_stops_the_channel_and_puts_nobody_on_paper() {
    let mut people = People::none();
    for number in NUMBERS {
        let name: &'static str = format!("Ines QX{}", number.replace(' ', "")).leak();
        people.family(name, &[Way::Mobile(number), Way::Home("1 RUE DU MOULIN")]);
    }
    let sender = ("PROVIDERS__SMS__OVH__SENDER", "CLG CHAPPE");
    let scene = Scene::set_with(people, SMS_THEN_LETTER, &[sender]).await;
    scene.sms.declare_senders(false);
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    until(async || reason(&scene).await.is_some()).await;
    let told = reason(&scene).await.unwrap();
    assert!(told.contains("réglage") && told.contains("does not exists"), "{told}");
    let all = scene.status(&message).await.addressees;
    assert_eq!((all.waiting, all.on_letter, all.unreached), (6, 0, 0));
    scene.sms.declare_senders(true);
    for _ in 0..40 {
        scene.pass(Duration::from_mins(1));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    scene.later(&message, |status| status.addressees.reached == 6).await;
    assert_eq!(scene.sms.taken(), 6, "each has it once, by text message");
}
