//! What is foretold of an announcement is what happens.

use std::time::Duration;

use chappe::channel::Channel;

use super::people::{People, Way};
use super::scene::{FAMILLE, Scene};

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

/// Three families, of 3e, 4e and 6e, each with an account in the ENT.
fn of_three_levels() -> People {
    let mut people = People::none();
    people.families(3, true, false);
    for (pupil, level) in people.reading.pupils.iter_mut().zip(["3e", "4e", "6e"]) {
        pupil.level = Some(level.to_owned());
    }
    people
}

#[tokio::test]
async fn where_levels_leave_one_after_the_other_it_takes_as_long_as_is_foretold() {
    let settings = [
        ("WAVES__ORDER", "[\"3e\", \"6e\"]"),
        ("PROVIDERS__ENT__EDIFICE__PACE", "{ every = \"3.1s\", at_once = 1 }"),
    ];
    let scene = Scene::set_with(of_three_levels(), FAMILLE, &settings).await;
    let foretold = scene.outlook().await.departures[&Channel::Ent];
    assert_eq!((foretold.calls, foretold.waves, foretold.seconds), (2, 2, 600));
    assert!(foretold.notifies_all);
    scene.launch().await;
    let begun = async || scene.begin(Channel::Ent, 9).await.len();
    assert_eq!(begun().await, 2, "who has none of these levels waits for nobody");
    scene.pass(Duration::from_mins(9));
    assert_eq!(begun().await, 0);
    scene.pass(Duration::from_mins(1));
    assert_eq!(begun().await, 1);
}

#[tokio::test]
async fn where_calls_follow_each_other_too_soon_it_is_not_foretold_that_all_are_notified() {
    // Its operator may have chosen another time within which nobody is told of a further message.
    for (every, notifies_after, notifies_all) in
        [("0s", "3s", false), ("1s", "3s", false), ("1s", "900ms", true)]
    {
        let pace = format!("{{ every = \"{every}\", at_once = 1 }}");
        let settings = [
            ("PROVIDERS__ENT__EDIFICE__PACE", pace.as_str()),
            ("PROVIDERS__ENT__EDIFICE__NOTIFIES_AFTER", notifies_after),
            ("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "2"),
        ];
        let scene = Scene::set_with(of_three_levels(), FAMILLE, &settings).await;
        let foretold = scene.outlook().await.departures[&Channel::Ent];
        assert_eq!((foretold.calls, foretold.waves), (2, 1));
        assert_eq!(foretold.notifies_all, notifies_all, "{every} {notifies_after}");
    }
}
