//! Promise 4: without any service, with broken ones, with one of two, with many at once.

use chappe::app;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::config::Config;
use chappe::delivery::lifecycle::AddresseeState;
use chappe::demo::ent::Weather;
use chappe::message::Urgency;
use chappe::providers::Guard;

use super::people::{People, Way};
use super::scene::{FAMILLE, Scene, is_settled};

const EMAIL_ONLY: &str = "[{ channels = [\"email\"], patience = \"24h\" }]";
const ENT_OR_EMAIL: &str = "[{ channels = [\"ent\"], patience = \"24h\" }, \
    { channels = [\"email\"], patience = \"24h\" }]";
const EMAIL_THEN_LETTER: &str = "[{ channels = [\"email\"], patience = \"24h\" }, \
    { channels = [\"letter\"] }]";

#[test]
fn a_school_without_any_service_needs_its_own_name_only() {
    let folder = tempfile::TempDir::new().unwrap();
    let text = "school = { uai = \"0319999Z\", name = \"Collège Claude-Chappe\" }\n\
        plans.papier = [{ channels = [\"letter\"] }]";
    let config = Config::read("chappe.toml", text, []).unwrap();
    let app = app::build(config, folder.path(), Clock::system()).unwrap();
    assert!(app::carriers(&app, Guard::LoopbackOnly).unwrap().is_empty());
    assert_eq!(app.config.plan("papier").unwrap().channels(), [Channel::Letter]);
}

#[tokio::test]
async fn families_whom_only_paper_reaches_are_on_the_list_of_letters_at_once() {
    let mut people = People::none();
    let ines = people.family("Ines DURAND", &[Way::Home("1 RUE DU MOULIN")]);
    let scene = Scene::set(people, FAMILLE).await;
    let message = scene.launch().await;
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::OnLetter);
}

#[tokio::test]
async fn without_internet_everybody_ends_on_a_list_of_people() {
    let mut people = People::none();
    let ways = [
        Way::Account,
        Way::Email("ines@example.org"),
        Way::Mobile("06 39 98 00 01"),
        Way::Home("1 RUE DU MOULIN"),
    ];
    let ines = people.family("Ines DURAND", &ways);
    let plan = "[{ channels = [\"ent\"], patience = \"1min\" }, \
        { channels = [\"email\"], patience = \"1min\" }, \
        { channels = [\"sms\"], patience = \"1min\" }, { channels = [\"letter\"] }]";
    // Port 9 of this machine: nobody listens there.
    let settings = [
        ("PROVIDERS__ENT__EDIFICE__URL", "http://127.0.0.1:9"),
        ("PROVIDERS__RELAY__SMTP__PORT", "9"),
        ("PROVIDERS__SMS__OVH__ENDPOINT", "http://127.0.0.1:9/1.0"),
    ];
    let scene = Scene::set_with(people, plan, &settings).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.later(&message, is_settled).await;
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::OnLetter);
}

#[tokio::test]
async fn a_service_that_never_answers_keeps_nobody_else_waiting() {
    let mut people = People::none();
    people.families(30, true, false);
    people.families(30, false, true);
    let scene = Scene::set(people, ENT_OR_EMAIL).await;
    scene.ent.set_weather(Weather::Silent);
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    // Time stands still: only what is not held up can be reached.
    let status = scene.until(&message, |status| status.addressees.reached == 30).await;
    assert_eq!(status.channels[&Channel::Email].sent, 30);
    assert_eq!(status.channels[&Channel::Ent].waiting, 30);
    scene.ent.set_weather(Weather::Fine);
}

#[tokio::test]
async fn one_whose_rendering_fails_keeps_nobody_else_waiting() {
    let mut people = People::none();
    people.families(30, false, true);
    let ways = [Way::Email("ines@example.org"), Way::Home("1 RUE DU MOULIN")];
    let endless = people.family("Ines DURAND", &ways);
    people.reading.pupils.last_mut().unwrap().first_name = "N".repeat(200_000);
    people.families(30, false, true);
    let settings = [("PROVIDERS__RELAY__SMTP__PACE", "{ at_once = 1 }")];
    let scene = Scene::set_with(people, EMAIL_THEN_LETTER, &settings).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    let status = scene.until(&message, is_settled).await;
    assert_eq!((status.addressees.reached, scene.mailbox.messages()), (60, 60));
    assert_eq!(scene.states(&message).await[&endless], AddresseeState::OnLetter);
    let refused = scene.outcomes().await.into_values().filter(|it| *it == ["refused"]).count();
    assert_eq!(refused, 1, "tried again, or never");
}

#[tokio::test]
async fn an_urgent_message_leaves_before_the_five_hundred_that_wait() {
    let mut people = People::none();
    people.families(500, false, true);
    let rosa = people.guardian("Rosa PETIT", &[Way::Email("rosa@example.org")]);
    people.pupil("Lou PETIT", "6B", &[&rosa]);
    let settings = [("PROVIDERS__RELAY__SMTP__PACE", "{ at_once = 1 }")];
    let scene = Scene::set_with(people, EMAIL_ONLY, &settings).await;
    let bulk = scene.launch_to("familles classe:6A", Urgency::Bulk).await;
    let reply = scene.launch_to("familles classe:6B", Urgency::Reply).await;
    let urgent = scene.launch_to("familles classe:6B", Urgency::Urgent).await;
    let first = scene.waiting(Channel::Email, 3).await;
    let order: Vec<_> = first.iter().map(|claimed| claimed.message.id).collect();
    assert_eq!(order, [urgent.id, reply.id, bulk.id]);

    let daemon = scene.start().await;
    let is_sent = |status: &chappe::queue::Status| status.addressees.reached == 1;
    scene.until(&urgent, is_sent).await;
    scene.until(&reply, is_sent).await;
    daemon.stop().await;
    let commands = scene.mailbox.commands();
    let receivers = commands.iter().filter(|it| it.starts_with("RCPT"));
    let first: Vec<_> = receivers.take(2).collect();
    assert!(first.iter().all(|it| it.contains("rosa@example.org")), "{first:?}");
}

#[tokio::test]
async fn a_drill_writes_files_and_calls_nobody() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Mobile("06 39 98 00 01")]);
    let plan = "[{ channels = [\"sms\"], patience = \"1h\" }]";
    let settings = [("PROVIDERS__SMS", "{ folder = { channel = \"sms\", path = \"drill\" } }")];
    let scene = Scene::set_with(people, plan, &settings).await;
    let daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, is_settled).await;
    daemon.stop().await;
    let files = std::fs::read_dir(scene.folder.path().join("drill")).unwrap();
    assert_eq!(files.count(), 1);
    assert!(scene.sms.requests().is_empty());
}
