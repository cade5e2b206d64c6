//! Promise 2: no one gets the same thing twice, and a channel that was refused is left in peace.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::delivery::FailureKind;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent};
use chappe::demo::ent::Weather;
use chappe::message::{Proof, Urgency};
use chappe::people::{Civility, ContactPoint, ContactState, PersonKey};
use chappe::phone_number::PhoneNumber;
use chappe::queue::{Claimed, Outcome};
use chappe::store::{contact_points, people as stored};

use super::people::{People, Way};
use super::scene::{FAMILLE, PATIENCE, Scene, is_settled};
use crate::town::settings::until;

const SMS_ONLY: &str = "[{ channels = [\"sms\"], patience = \"1h\" }]";
const EMAIL_ONLY: &str = "[{ channels = [\"email\"], patience = \"1h\" }]";
const ENT_THEN_EMAIL: &str = "[{ channels = [\"ent\"], patience = \"1h\" }, \
    { channels = [\"email\"], patience = \"1h\" }]";
const SMS_THEN_LETTER: &str =
    "[{ channels = [\"sms\"], patience = \"1h\" }, { channels = [\"letter\"] }]";

fn outcome(claimed: &Claimed, event: DeliveryEvent) -> Outcome {
    Outcome::of(claimed.due, event)
}

fn failed(claimed: &Claimed) -> Outcome {
    let kind = FailureKind::BadAddress;
    outcome(claimed, DeliveryEvent::Failed { kind, retry_at: None })
}

/// The one in hand whose person this is.
fn of<'c>(claimed: &'c [Claimed], key: &PersonKey) -> &'c Claimed {
    claimed.iter().find(|claimed| claimed.recipient.person == *key).unwrap()
}

/// Two parents of one pupil, each with these ways.
fn parents(one: &[Way], other: &[Way]) -> (People, PersonKey, PersonKey) {
    let mut people = People::none();
    let one = people.guardian("Ines DURAND", one);
    let other = people.guardian("Paul MARTIN", other);
    people.pupil("Zoe DURAND", "6A", &[&one, &other]);
    (people, one, other)
}

#[tokio::test]
async fn a_telephone_that_a_family_shares_rings_once() {
    let phone = [Way::Mobile("06 39 98 00 01")];
    let (people, ..) = parents(&phone, &phone);
    let scene = Scene::set(people, SMS_ONLY).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    let status = scene.until(&message, is_settled).await;
    assert_eq!((status.addressees.total, status.addressees.reached), (2, 2));
    assert_eq!(scene.sms.messages().len(), 1);
}

#[tokio::test]
async fn a_mailbox_that_a_family_shares_gets_one_copy() {
    let mailbox = [Way::Email("famille.durand@example.org")];
    let (people, ..) = parents(&mailbox, &mailbox);
    let scene = Scene::set(people, EMAIL_ONLY).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    let status = scene.until(&message, is_settled).await;
    assert_eq!((status.addressees.total, status.addressees.reached), (2, 2));
    assert_eq!(scene.mailbox.messages(), 1);
}

#[tokio::test]
async fn the_copy_in_a_shared_mailbox_is_for_both_and_names_neither() {
    let mailbox = [Way::Email("famille.durand@example.org")];
    let (mut people, _, paul) = parents(&mailbox, &mailbox);
    people.person(&paul).civility = Some(Civility::M);
    let scene = Scene::set(people, EMAIL_ONLY).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, is_settled).await;
    let mail = &scene.mails()[0];
    assert!(mail.contains("Madame, Monsieur,"), "{mail}");
    assert!(!mail.contains("Ines DURAND") && !mail.contains("Paul MARTIN"), "{mail}");
}

#[tokio::test]
async fn a_guardian_of_three_gets_one_message() {
    let mut people = People::none();
    let ines = people.guardian("Ines DURAND", &[Way::Email("ines@example.org")]);
    for (name, class) in [("Zoe DURAND", "6A"), ("Leo DURAND", "4B"), ("Anna MARTIN", "3C")] {
        people.pupil(name, class, &[&ines]);
    }
    let scene = Scene::set(people, EMAIL_ONLY).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, is_settled).await;
    assert_eq!(scene.mailbox.messages(), 1);
}

/// Both fail on the ENT one after the other; the second finds the first at the same mailbox.
async fn shared_mailbox_after_the_ent() -> (Scene, chappe::message::Message, PersonKey, PersonKey) {
    let ways = [Way::Account, Way::Email("famille.durand@example.org")];
    let (people, ines, paul) = parents(&ways, &ways);
    let scene = Scene::set(people, ENT_THEN_EMAIL).await;
    let message = scene.launch().await;
    (scene, message, ines, paul)
}

#[tokio::test]
async fn who_comes_late_to_a_shared_mailbox_finds_the_copy_that_is_there() {
    let (scene, message, ines, paul) = shared_mailbox_after_the_ent().await;
    let on_ent = scene.begin(Channel::Ent, 9).await;
    let now = scene.clock.now();
    scene.app.queue.settle(vec![failed(of(&on_ent, &ines))], now).await.unwrap();
    let _daemon = scene.start().await;
    scene.until(&message, |status| status.addressees.reached == 1).await;
    assert_eq!(scene.mailbox.messages(), 1);
    scene.app.queue.settle(vec![failed(of(&on_ent, &paul))], now).await.unwrap();
    let states = scene.states(&message).await;
    assert_eq!(states[&paul], AddresseeState::Reached, "the family has it");
    assert_sends_no_more(&scene, 1).await;
}

/// Whatever waits had its time to leave: another message has come through since.
async fn assert_sends_no_more(scene: &Scene, mails: usize) {
    let later = scene.launch_to("familles", Urgency::Bulk).await;
    scene.ent.set_weather(Weather::Fine);
    scene.later(&later, |status| status.addressees.reached == status.addressees.total).await;
    assert_eq!(scene.mailbox.messages(), mails);
}

#[tokio::test]
async fn who_is_reached_otherwise_hands_the_shared_mailbox_on() {
    let (scene, message, ines, paul) = shared_mailbox_after_the_ent().await;
    let on_ent = scene.begin(Channel::Ent, 9).await;
    let arrived = DeliveryEvent::Proven(Proof::Delivered);
    let story = [
        failed(of(&on_ent, &ines)),
        failed(of(&on_ent, &paul)),
        // It had arrived after all: her e-mail, which would have served both, is withdrawn.
        outcome(of(&on_ent, &ines), arrived),
    ];
    for event in story {
        scene.app.queue.settle(vec![event], scene.clock.now()).await.unwrap();
    }
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::Reached);
    let _daemon = scene.start().await;
    let status = scene.until(&message, is_settled).await;
    assert_eq!(status.addressees.reached, 2);
    assert_eq!(scene.mailbox.messages(), 1);
    assert!(scene.mails()[0].contains(&message.code.delivery(1, 1)), "it is his copy");
}

#[tokio::test]
async fn who_follows_waits_as_long_as_the_attempt_that_serves_them_both() {
    let mailbox = [Way::Email("famille.durand@example.org"), Way::Home("1 RUE DU MOULIN")];
    let (people, ines, paul) = parents(&mailbox, &mailbox);
    let plan = "[{ channels = [\"email\"], patience = \"1min\" }, { channels = [\"letter\"] }]";
    let scene = Scene::set(people, plan).await;
    let message = scene.launch().await;
    let under_way = scene.begin(Channel::Email, 9).await;
    scene.pass(Duration::from_mins(2));
    scene.app.queue.climb(scene.clock.now(), 9).await.unwrap();
    let accepted = DeliveryEvent::Accepted { look_at: None };
    let outcomes = under_way.iter().map(|it| outcome(it, accepted)).collect();
    scene.app.queue.settle(outcomes, scene.clock.now()).await.unwrap();
    let states = scene.states(&message).await;
    assert_eq!((states[&ines], states[&paul]), (AddresseeState::Reached, AddresseeState::Reached));
    let letters = scene.status(&message).await.channels.remove(&Channel::Letter).unwrap();
    assert_eq!(letters.withdrawn + letters.waiting, 0, "nobody was put on the list of letters");
}

#[tokio::test]
async fn who_followed_a_copy_that_may_have_left_is_not_sent_another() {
    let mut people = People::none();
    let mailbox = Way::Email("famille.durand@example.org");
    let ines = people.guardian("Ines DURAND", &[mailbox, Way::Home("1 RUE DU MOULIN")]);
    let paul = people.guardian("Paul MARTIN", &[mailbox]);
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    let plan = "[{ channels = [\"email\"], patience = \"1h\" }, { channels = [\"letter\"] }]";
    let scene = Scene::set(people, plan).await;
    let message = scene.launch().await;
    let begun = scene.begin(Channel::Email, 9).await;
    let resend = DeliveryEvent::UnknownResend { retry_at: Some(scene.clock.now() + PATIENCE * 2) };
    let lost = begun.iter().map(|it| outcome(it, resend)).collect();
    scene.app.queue.settle(lost, scene.clock.now()).await.unwrap();
    scene.pass(PATIENCE);
    scene.app.queue.climb(scene.clock.now(), 9).await.unwrap();
    let states = scene.states(&message).await;
    assert_eq!(states[&ines], AddresseeState::OnLetter);
    assert_eq!(states[&paul], AddresseeState::Uncertain, "he may have it");
    scene.pass(PATIENCE * 3);
    assert!(scene.waiting(Channel::Email, 9).await.is_empty());
}

/// While the ENT refuses in this way: few probes, then e-mail; and nothing again once it is back.
async fn assert_is_left_in_peace(weather: Weather) {
    const FAMILIES: usize = 40;
    /// Four at once before the breaker trips, then the probes of three minutes.
    const MOST_CALLS: usize = 16;
    let mut people = People::none();
    people.families(FAMILIES, true, true);
    let other = people.guardian("Rosa PETIT", &[Way::Account]);
    people.pupil("Lou PETIT", "6B", &[&other]);
    let plan = "[{ channels = [\"ent\"], patience = \"3min\" }, \
        { channels = [\"email\"], patience = \"1h\" }]";
    let settings = [
        ("BREAKER__FIRST_PAUSE", "10s"),
        ("BREAKER__LONGEST_PAUSE", "40s"),
        ("PROVIDERS__ENT__EDIFICE__ANSWER_LIMIT", "300ms"),
    ];
    let scene = Scene::set_with(people, plan, &settings).await;
    scene.ent.set_weather(weather);
    let message = scene.launch_to("familles classe:6A", Urgency::Bulk).await;
    let _daemon = scene.start().await;
    let status = scene.later(&message, is_settled).await;
    assert_eq!(status.addressees.reached, FAMILIES);
    assert_eq!(scene.mailbox.messages(), FAMILIES);
    // A call may ask for a token first.
    let calls: Vec<String> = scene.ent.requests();
    let posts = calls.iter().filter(|it| it.starts_with("POST")).count();
    assert!(posts <= 2 * MOST_CALLS, "{calls:?}");

    scene.ent.set_weather(Weather::Fine);
    let later = scene.launch_to("familles classe:6B", Urgency::Bulk).await;
    scene.later(&later, is_settled).await;
    let accounts: Vec<String> = scene.ent.messages().into_iter().flat_map(|it| it.to).collect();
    assert_eq!(accounts, [other.0.replace("siecle:", "ent-")], "only what is new");
    assert_eq!(scene.mailbox.messages(), FAMILIES);
}

#[tokio::test]
async fn an_ent_over_quota_is_probed_seldom_and_families_get_nothing_twice() {
    assert_is_left_in_peace(Weather::Quota509).await;
}

#[tokio::test]
async fn an_ent_under_repair_is_probed_seldom_and_families_get_nothing_twice() {
    assert_is_left_in_peace(Weather::Unavailable503).await;
}

#[tokio::test]
async fn an_ent_that_shows_a_page_is_probed_seldom_and_families_get_nothing_twice() {
    assert_is_left_in_peace(Weather::HtmlPage).await;
}

#[tokio::test]
async fn an_ent_that_says_nothing_is_probed_seldom_and_families_get_nothing_twice() {
    assert_is_left_in_peace(Weather::Silent).await;
}

#[tokio::test]
async fn after_a_stop_no_sms_comes_any_more_and_nobody_falls_silent() {
    let mut people = People::none();
    let ines = people
        .family("Ines DURAND", &[Way::Mobile("06 39 98 00 01"), Way::Home("1 RUE DU MOULIN")]);
    let rosa = people.family("Rosa PETIT", &[Way::Mobile("06 39 98 00 02")]);
    let lea = people.family("Lea MOREAU", &[Way::Mobile("06 39 98 00 03")]);
    people.replies = vec![
        ("+33639980001".to_owned(), "STOP".to_owned()),
        ("+33639980002".to_owned(), "Stop merci".to_owned()),
        ("+33639980003".to_owned(), "Merci !".to_owned()),
    ];
    let scene = Scene::set(people, SMS_THEN_LETTER).await;
    let _daemon = scene.start().await;
    let first = scene.launch().await;
    scene.until(&first, is_settled).await;
    scene.pass(Duration::from_secs(2));
    until(async || opted_out(&scene).await == 2).await;

    let second = scene.launch().await;
    scene.until(&second, is_settled).await;
    let states = scene.states(&second).await;
    assert_eq!(states[&ines], AddresseeState::OnLetter);
    assert_eq!(states[&rosa], AddresseeState::Unreached, "a human has her on a list");
    assert_eq!(states[&lea], AddresseeState::Reached);
    assert_eq!(scene.sms.messages().len(), 4);
}

#[tokio::test]
async fn a_stop_holds_for_the_sms_that_already_waits() {
    let ways = [Way::Mobile("06 39 98 00 01"), Way::Home("1 RUE DU MOULIN")];
    let mut people = People::none();
    let ines = people.family("Ines DURAND", &ways);
    let scene = Scene::set(people, SMS_THEN_LETTER).await;
    let message = scene.launch().await;
    let (school, now) = (scene.app.queue.school().clone(), scene.clock.now());
    let phone = ContactPoint::Sms(PhoneNumber::from_e164("+33639980001").unwrap());
    let stop = scene.app.store().write(move |tx| {
        contact_points::set_state(tx, &school, &phone, ContactState::OptedOut, now)
    });
    assert_eq!(stop.await.unwrap(), 1);
    let _daemon = scene.start().await;
    scene.until(&message, is_settled).await;
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::OnLetter);
    assert_eq!(scene.sms.messages().len(), 0);
    assert_eq!(scene.outcomes().await.into_values().collect::<Vec<_>>(), [["opted_out"]]);
}

async fn opted_out(scene: &Scene) -> usize {
    let school = scene.app.queue.school().clone();
    let counted = scene.app.store().read(move |tx| {
        let mut count = 0;
        stored::each_person(tx, &school, |kept| {
            count += kept.points.iter().filter(|it| it.state == ContactState::OptedOut).count();
            Ok(())
        })?;
        Ok(count)
    });
    counted.await.unwrap()
}

#[tokio::test]
async fn a_family_that_declined_sms_gets_none() {
    let mut people = People::none();
    let ways = [Way::Mobile("06 39 98 00 01"), Way::Home("1 RUE DU MOULIN")];
    let ines = people.family("Ines DURAND", &ways);
    people.person(&ines).accepts_sms = false;
    let scene = Scene::set(people, SMS_THEN_LETTER).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, is_settled).await;
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::OnLetter);
    assert_eq!(scene.sms.messages().len(), 0);
}

#[tokio::test]
async fn a_late_receipt_takes_people_off_the_list_of_letters() {
    let mut people = People::none();
    let ways = [Way::Mobile("06 39 98 00 01"), Way::Home("1 RUE DU MOULIN")];
    let ines = people.family("Ines DURAND", &ways);
    let scene = Scene::set(people, FAMILLE).await;
    // The operator holds the message for longer than the plan is patient.
    scene.sms.hold_jobs(true);
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, |status| status.channels[&Channel::Sms].sent == 1).await;
    scene.pass(PATIENCE);
    scene.later(&message, |status| status.addressees.on_letter == 1).await;
    scene.sms.hold_jobs(false);
    scene.pass(PATIENCE);
    scene.until(&message, |status| status.addressees.reached == 1).await;
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::Reached);
    let gathered = scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap();
    assert!(gathered.is_none(), "no letter waits");
}

#[tokio::test]
async fn letters_that_are_gathered_twice_are_printed_once() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Home("1 RUE DU MOULIN")]);
    let scene = Scene::set(people, FAMILLE).await;
    scene.launch().await;
    let queue = &scene.app.queue;
    let first = queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
    assert!(queue.letters().gather(None, scene.clock.now()).await.unwrap().is_none());
    assert_eq!(queue.letters().of(&first).await.unwrap().len(), 1);
}
