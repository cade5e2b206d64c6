//! What is foretold of an announcement is what happens.

use std::time::Duration;

use chappe::channel::Channel;

use super::people::{People, Way};
use super::scene::Scene;

const BY_MACHINE_OR_PAPER: &str =
    "[{ channels = [\"email\"], patience = \"1h\" }, { channels = [\"letter\"] }]";
const QUIET: [(&str, &str); 1] = [("HOURS__EMAIL__QUIET", "[\"20:00-07:00\"]")];

#[tokio::test]
async fn whoever_has_closed_ways_alone_is_not_among_those_who_get_it() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines@example.org"), Way::Home("1 rue du Port")]);
    people.family("Marc PETIT", &[Way::Email("marc@example.org")]);
    people.family("Lea MOREAU", &[Way::Home("3 rue du Port")]);
    let scene = Scene::set(people, BY_MACHINE_OR_PAPER).await;
    scene.close(Channel::Letter).await;
    let outlook = scene.outlook().await;
    assert_eq!((outlook.reached(), outlook.out_of_reach.len(), outlook.shut_off), (2, 1, 1));
    assert_eq!(outlook.cost.at_most.letters, 0);
    let message = scene.launch().await;
    assert_eq!(scene.status(&message).await.addressees.unreached, 1, "at once");
}

#[tokio::test]
async fn it_begins_to_leave_when_the_first_way_wakes() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines@example.org"), Way::Home("1 rue du Port")]);
    let scene = Scene::set_with(people, BY_MACHINE_OR_PAPER, &QUIET).await;
    assert_eq!(scene.outlook().await.starts_at, Some(scene.clock.now()), "by day at once");
    scene.pass(Duration::from_hours(14));
    let starts_at = scene.outlook().await.starts_at.unwrap();
    let shown = scene.app.queue.timing().hours.shown(starts_at);
    assert_eq!(shown, "2026-03-17 07:00");
    scene.close(Channel::Email).await;
    assert_eq!(scene.outlook().await.starts_at, Some(scene.clock.now()), "paper does not sleep");
}
