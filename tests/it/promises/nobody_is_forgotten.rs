//! Promise 1: everybody is reached, or stands on a list of people. See `power_cuts` too.

use std::collections::BTreeSet;
use std::time::Duration;

use chappe::app;
use chappe::batches::Printer;
use chappe::channel::Channel;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent};
use chappe::delivery::{Circular, Envelope, Piling, Receipt, Verdict};
use chappe::demo::ent::{self, EntAccount};
use chappe::message::Proof;
use chappe::office::School;
use chappe::people::{By, PersonKey};
use chappe::providers::{EdificeGrant, Guard, Inbox, ProviderSettings, Word};
use chappe::queue::{Claimed, Outcome, Status};
use chappe::render::press::Press;

use super::people::{People, Way};
use super::scene::{FAMILLE, LEASE, Scene, is_settled};
use crate::providers::pushing::Pushing;
use crate::town::settings::until;

const EMAIL_ONLY: &str = "[{ channels = [\"email\"], patience = \"24h\" }]";
const ENT_ONLY: &str = "[{ channels = [\"ent\"], patience = \"24h\" }]";
const SMS_ONLY: &str = "[{ channels = [\"sms\"], patience = \"24h\" }]";
const SMS_THEN_LETTER: &str = "[{ channels = [\"sms\"], enough = \"delivered\", patience = \"1h\" }, \
    { channels = [\"letter\"] }]";

const EVERY_WAY: [Way; 3] =
    [Way::Account, Way::Email("ines@example.org"), Way::Mobile("06 39 98 00 01")];

fn one_family(ways: &[Way]) -> (People, PersonKey) {
    let mut people = People::none();
    let key = people.family("Ines DURAND", ways);
    (people, key)
}

// ---- crash points ------------------------------------------------------------------------------

/// What is sent alone is asked for alone.
const ALONE: [(&str, &str); 1] = [("PROVIDERS__ENT__EDIFICE__MOST_TOGETHER", "1")];

/// Begins the one attempt that waits, hands it to the provider when it `left`, and crashes. How
/// often the provider has it once the daemon was there, and the attempts that it wrote down.
async fn crash_in_an_attempt(channel: Channel, plan: &str, left: bool) -> (usize, Vec<String>) {
    let scene = Scene::set_with(one_family(&EVERY_WAY).0, plan, &ALONE).await;
    let message = scene.launch().await;
    let begun = scene.begin(channel, 9).await;
    if left {
        scene.provider(channel).send(&envelope(&scene, &begun[0], channel)).await.unwrap();
    }
    scene.pass(LEASE);
    let _daemon = scene.start().await;
    let is_found = left && channel == Channel::Ent;
    if is_found {
        lose_patience_once_found(&scene).await;
    }
    let found = scene.later(&message, is_settled).await.addressees;
    let (reached, uncertain) = if is_found { (0, 1) } else { (1, 0) };
    assert_eq!((found.reached, found.uncertain), (reached, uncertain));
    let reference = begun[0].reference();
    let count = match channel {
        Channel::Ent => scene.ent.count(&reference),
        Channel::Sms => scene.sms.count(&reference),
        _ => scene.mailbox.count(&format!("<{reference}@claude-chappe.example.org>")),
    };
    (count, scene.outcomes().await.remove(&reference).unwrap())
}

/// What lies in the outbox of the ENT may lie at somebody who never opened their account: it stays uncertain, and
/// patience goes on.
async fn lose_patience_once_found(scene: &Scene) {
    until(async || {
        scene.pass(Duration::from_secs(1));
        let all = scene.outcomes().await;
        !all.is_empty() && all.values().all(|outcomes| outcomes.len() == 2)
    })
    .await;
    scene.pass(Duration::from_hours(24));
}

fn envelope(scene: &Scene, claimed: &Claimed, channel: Channel) -> Envelope {
    let (reference, to) = (claimed.reference(), &claimed.recipient);
    let content = scene.app.renderer.content(&claimed.message, to, channel, &reference).unwrap();
    let address = to.contact_point(channel).unwrap();
    let sealed = scene.app.queue.sealed(channel, &reference);
    Envelope {
        reference,
        sealed,
        to: address,
        name: to.name.clone(),
        content,
        awaits_answer: false,
        offers_stop: false,
    }
}

/// The same with the one call that carries everybody. Everybody's attempts.
async fn crash_in_a_call_for_several(left: bool) -> Vec<Vec<String>> {
    let mut people = People::none();
    people.families(5, true, false);
    let scene = Scene::set_with(people, ENT_ONLY, &[]).await;
    let message = scene.launch().await;
    let begun = scene.begin_together(Channel::Ent, 9).await;
    if left {
        let Envelope { reference, content, .. } = envelope(&scene, &begun[0], Channel::Ent);
        let to = begun.iter().map(|it| it.recipient.contact_point(Channel::Ent).unwrap()).collect();
        let circular = Circular { reference, to, content };
        scene.provider(Channel::Ent).send_together(&circular).await.unwrap();
    }
    scene.pass(LEASE);
    let _daemon = scene.start().await;
    if left {
        lose_patience_once_found(&scene).await;
    }
    let found = scene.later(&message, is_settled).await.addressees;
    let (reached, uncertain) = if left { (0, 5) } else { (5, 0) };
    assert_eq!((found.reached, found.uncertain), (reached, uncertain));
    let messages = scene.ent.messages();
    let inboxes: BTreeSet<_> = messages.iter().flat_map(|it| it.to.iter().cloned()).collect();
    assert_eq!((messages.len(), inboxes.len()), (1, 5), "one call, for all of them");
    scene.outcomes().await.into_values().collect()
}

#[tokio::test]
async fn an_email_whose_answer_was_lost_comes_again_under_the_same_message_id() {
    let (count, outcomes) = crash_in_an_attempt(Channel::Email, EMAIL_ONLY, true).await;
    assert_eq!(count, 2);
    assert_eq!(outcomes, ["uncertain", "accepted"]);
}

#[tokio::test]
async fn a_message_that_the_ent_has_is_found_there_and_not_sent_again() {
    let (count, outcomes) = crash_in_an_attempt(Channel::Ent, ENT_ONLY, true).await;
    assert_eq!(count, 1);
    assert_eq!(outcomes, ["uncertain", "uncertain"]);
}

#[tokio::test]
async fn a_message_that_the_ent_never_had_is_sent_again_once() {
    let (count, outcomes) = crash_in_an_attempt(Channel::Ent, ENT_ONLY, false).await;
    assert_eq!(count, 1);
    assert_eq!(outcomes, ["uncertain", "never_arrived", "accepted"]);
}

#[tokio::test]
async fn a_call_for_several_that_the_ent_has_is_found_there_and_not_made_again() {
    let outcomes = crash_in_a_call_for_several(true).await;
    assert_eq!(outcomes, [["uncertain", "uncertain"]; 5]);
}

#[tokio::test]
async fn a_call_for_several_that_the_ent_never_had_is_made_again_once() {
    let outcomes = crash_in_a_call_for_several(false).await;
    assert_eq!(outcomes, [["uncertain", "never_arrived", "accepted"]; 5]);
}

#[tokio::test]
async fn an_sms_that_the_service_has_is_found_there_and_not_sent_again() {
    let (count, outcomes) = crash_in_an_attempt(Channel::Sms, SMS_ONLY, true).await;
    assert_eq!(count, 1);
    assert_eq!(outcomes, ["uncertain", "accepted"]);
}

#[tokio::test]
async fn an_sms_that_the_service_never_had_is_sent_again_once() {
    let (count, outcomes) = crash_in_an_attempt(Channel::Sms, SMS_ONLY, false).await;
    assert_eq!(count, 1);
    assert_eq!(outcomes, ["uncertain", "never_arrived", "accepted"]);
}

#[tokio::test]
async fn who_followed_an_attempt_that_was_lost_is_not_left_waiting_for_ever() {
    let mut people = People::none();
    let mailbox = Way::Email("famille.durand@example.org");
    let ines = people.guardian("Ines DURAND", &[mailbox, Way::Home("1 RUE DU MOULIN")]);
    let paul = people.guardian("Paul MARTIN", &[mailbox]);
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    let plan = "[{ channels = [\"email\"], patience = \"1min\" }, { channels = [\"letter\"] }]";
    let scene = Scene::set(people, plan).await;
    let message = scene.launch().await;
    scene.begin(Channel::Email, 9).await;
    scene.pass(LEASE);
    scene.app.queue.climb(scene.clock.now(), 9).await.unwrap();
    let _daemon = scene.start().await;
    scene.later(&message, is_settled).await;
    let states = scene.states(&message).await;
    assert_eq!(states[&ines], AddresseeState::OnLetter);
    assert_eq!(states[&paul], AddresseeState::Uncertain, "a human has him on a list");
}

// ---- the ENT hides somebody ---------------------------------------------------------------------

#[tokio::test]
async fn whom_the_ent_hides_is_told_before_it_leaves_with_the_way_that_they_go() {
    let mut people = People::none();
    people.families(3, true, true);
    people.family("Ines DURAND", &[Way::Email("ines@example.org"), Way::Mobile("06 39 98 00 01")]);
    people.family("Paul MARTIN", &[Way::Mobile("06 39 98 00 02")]);
    people.family("Rosa PETIT", &[]);
    let scene = Scene::set(people, FAMILLE).await;
    app::ask_the_ent(&scene.app, Guard::LoopbackOnly).await.unwrap();
    let told = scene.outlook().await.ent_unseen;
    let ways: Vec<_> = told.by_way().collect();
    assert_eq!(ways, [(Channel::Email, 1), (Channel::Sms, 1)], "{told:?}");
    scene.close(Channel::Email).await;
    let ways: Vec<_> = scene.outlook().await.ent_unseen.by_way().collect();
    assert_eq!(ways, [(Channel::Sms, 2)], "whoever has another way that is open goes by that");
}

/// The same ENT, by another account of the school's.
const OTHER: &str = "vie-scolaire";

#[tokio::test]
async fn what_each_of_two_senders_sees_of_the_ent_is_one_list() {
    let mut people = People::none();
    let names = ["Ines DURAND", "Paul MARTIN", "Rosa PETIT"];
    for (number, name) in names.into_iter().enumerate() {
        people.family(name, &[Way::Email("famille@example.org")]);
        people.accounts.push(EntAccount {
            id: format!("ent-{number}"),
            display_name: name.to_owned(),
            profile: "Relative".to_owned(),
            active: true,
            children: Vec::new(),
        });
    }
    let scene = Scene::set(people, FAMILLE).await;
    scene.ent.hide_from(ent::LOGIN, "ent-1");
    scene.ent.hide_from(OTHER, "ent-2");
    let app = with_another_sender(&scene);
    let unseen = async || scene.outlook().await.ent_unseen.by_way().count();
    app::ask_the_ent(&app, Guard::LoopbackOnly).await.unwrap();
    assert_eq!(unseen().await, 0, "each is seen by one of them");
    for provider in app::carriers(&app, Guard::LoopbackOnly).unwrap() {
        app::link_accounts(&app, provider.as_ref()).await.unwrap();
        assert_eq!(unseen().await, 0, "{} takes nothing that the other sees", provider.name());
    }
    // A daemon that begins anew has heard of one of them so far.
    let begun = with_another_sender(&scene);
    app::link_accounts(&begun, scene.provider(Channel::Ent).as_ref()).await.unwrap();
    assert_eq!(unseen().await, 0);
    scene.ent.hide_from(OTHER, "ent-1");
    app::ask_the_ent(&begun, Guard::LoopbackOnly).await.unwrap();
    let told = scene.outlook().await.ent_unseen;
    assert_eq!(told.by_way().collect::<Vec<_>>(), [(Channel::Email, 1)], "none sees him any more");
}

/// The same school, whose ENT is called by two accounts.
fn with_another_sender(scene: &Scene) -> School {
    let mut config = scene.app.config.clone();
    let ProviderSettings::Edifice(mut other) = config.providers["ent"].clone() else { panic!() };
    if let EdificeGrant::Password { user, .. } = &mut other.grant {
        OTHER.clone_into(user);
    }
    config.providers.insert("other".to_owned(), ProviderSettings::Edifice(other));
    let (store, clock) = (scene.app.store().clone(), scene.clock.clone());
    app::build_on(store, config, scene.folder.path(), clock).unwrap()
}

// ---- poison ------------------------------------------------------------------------------------

#[tokio::test]
async fn a_text_that_cannot_be_made_fails_for_that_person_alone_who_climbs() {
    let mut people = People::none();
    let ines = people.guardian("Ines DURAND", &EVERY_WAY);
    // No field of an export is that long; a hand-made file may well be.
    // It is the first of all in the order of the message, too: the preview meets it.
    people.pupil(&format!("Aaa {}", "DURAND-".repeat(20_000)), "6A", &[&ines]);
    people.families(20, false, true);
    let plan = "[{ channels = [\"email\"], patience = \"1h\" }, \
        { channels = [\"sms\"], patience = \"1h\" }]";
    let scene = Scene::set(people, plan).await;
    let _daemon = scene.start().await;
    let message = scene.launch_to("familles", chappe::message::Urgency::Bulk).await;
    let status = scene.later(&message, is_settled).await;
    assert_eq!(status.addressees.reached, 21);
    let sent = scene.sms.messages();
    assert_eq!(sent.len(), 1, "the SMS does not name pupils: it is the way that is left");
    assert_eq!(sent[0].receiver, "+33639980001");
    assert_eq!((scene.ent.messages().len(), scene.mailbox.messages()), (0, 20));
}

// ---- receipts ----------------------------------------------------------------------------------

/// One SMS that the service took under the id `77`, with a letter behind it.
async fn taken_sms() -> (Scene, chappe::message::Message, PersonKey, Claimed) {
    let ways = [Way::Mobile("06 39 98 00 01"), Way::Home("1 RUE DU MOULIN")];
    let (people, ines) = one_family(&ways);
    let scene = Scene::set(people, SMS_THEN_LETTER).await;
    let message = scene.launch().await;
    let begun = scene.begin(Channel::Sms, 9).await.remove(0);
    let event = DeliveryEvent::Accepted { look_at: Some(scene.clock.now()) };
    let provider_ref = Some("77".to_owned());
    let outcome = Outcome { provider_ref, ..Outcome::of(begun.due, event) };
    scene.app.queue.settle(vec![outcome], scene.clock.now()).await.unwrap();
    (scene, message, ines, begun)
}

async fn hear(scene: &Scene, said: &[(&str, Verdict)]) {
    let receipts = said.iter().map(|(id, verdict)| Receipt::by_them(*id, verdict.clone()));
    let words = receipts.map(Word::Receipt).collect();
    scene.pass(Duration::from_secs(1));
    scene.inbox(&Pushing).take(words).await.unwrap();
}

fn delivered() -> Verdict {
    Verdict::Proven(Proof::Delivered)
}

fn bounced() -> Verdict {
    Verdict::Undeliverable("no such number".to_owned())
}

#[tokio::test]
async fn a_receipt_of_nobody_moves_nobody() {
    let (scene, message, ines, _) = taken_sms().await;
    hear(&scene, &[("78", delivered()), ("", bounced())]).await;
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::Waiting);
    hear(&scene, &[("77", delivered())]).await;
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::Reached);
}

#[tokio::test]
async fn what_was_delivered_stays_delivered_whatever_is_said_afterwards() {
    let (scene, message, ines, begun) = taken_sms().await;
    hear(&scene, &[("77", delivered()), ("77", delivered()), ("77", bounced())]).await;
    hear(&scene, &[("77", bounced())]).await;
    let event = DeliveryEvent::Undeliverable;
    let late = Outcome::of(begun.due, event);
    scene.app.queue.settle(vec![late], scene.clock.now()).await.unwrap();
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::Reached);
    let channels = scene.status(&message).await.channels;
    assert_eq!((channels[&Channel::Sms].proven, channels[&Channel::Letter].waiting), (1, 0));
}

#[tokio::test]
async fn what_bounces_after_it_was_accepted_goes_on_to_the_next_way() {
    let (scene, message, ines, _) = taken_sms().await;
    hear(&scene, &[("77", bounced())]).await;
    assert_eq!(scene.states(&message).await[&ines], AddresseeState::OnLetter);
}

#[tokio::test]
async fn receipts_of_very_many_are_fetched_in_one_round() {
    let mut people = People::none();
    for number in 0..250 {
        let mobile = format!("06 39 98 {:02} {:02}", number / 100, number % 100);
        people.family(&format!("Alix DURAND{number}"), &[Way::Mobile(mobile.leak())]);
    }
    // The next round would be too late for this test.
    let settings = [("DISPATCH__RECEIPTS_EVERY", "10min")];
    let scene = Scene::set_with(people, SMS_THEN_LETTER, &settings).await;
    let daemon = scene.start().await;
    let message = scene.launch().await;
    let left = |status: &Status| status.channels[&Channel::Sms].sent == 250;
    scene.until(&message, left).await;
    daemon.stop().await;
    scene.pass(Duration::from_mins(11));
    let _daemon = scene.start().await;
    let status = scene.until(&message, is_settled).await;
    assert_eq!(status.addressees.reached, 250, "{status:#?}");
}

// ---- letters -----------------------------------------------------------------------------------

fn press(scene: &Scene, program: &str) -> Press {
    Press { program: program.into(), ..scene.app.press() }
}

fn printer<'a>(scene: &'a Scene, press: &'a Press, folder: &'a std::path::Path) -> Printer<'a> {
    let (queue, renderer) = (&scene.app.queue, &scene.app.renderer);
    let (day, sides) = (scene.app.today(), scene.app.config.letters.sides);
    Printer { queue, renderer, press, folder, day, sides, piling: Piling::default() }
}

#[tokio::test]
async fn a_batch_that_could_not_be_printed_is_printed_by_the_next_run() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Home("1 RUE DU MOULIN")]);
    people.family("Rosa PETIT", &[Way::Home("2 RUE DU MOULIN")]);
    let scene = Scene::set(people, FAMILLE).await;
    scene.launch().await;
    let (folder, now) = (scene.app.letters_folder(), scene.clock.now());
    let broken = press(&scene, "/nonexistent/press");
    let failed = printer(&scene, &broken, &folder).print_waiting(None, now, |_, _| {}).await;
    assert!(failed.unwrap_err().to_string().contains("the letters are kept in their batch"));
    let batch = scene.app.queue.letters().batches().await.unwrap().remove(0);
    let references = |letters: Vec<chappe::queue::DueLetter>| {
        letters.into_iter().map(|letter| letter.reference).collect::<Vec<_>>()
    };
    let before = references(scene.app.queue.letters().of(&batch).await.unwrap());

    let sound = press(&scene, env!("CARGO_BIN_EXE_chappe"));
    let printed = printer(&scene, &sound, &folder).print_waiting(None, now, |_, _| {}).await;
    let printed = printed.unwrap();
    assert_eq!((printed.len(), printed[0].number, printed[0].letters), (1, batch.number, 2));
    assert!(std::fs::read(&printed[0].file).unwrap().starts_with(b"%PDF-"));
    assert_eq!(references(scene.app.queue.letters().of(&batch).await.unwrap()), before);
}

#[tokio::test]
async fn a_batch_that_is_posted_reaches_everybody_in_it() {
    let mut people = People::none();
    let home = [Way::Home("1 RUE DU MOULIN")];
    let ines = people.guardian("Ines DURAND", &home);
    let paul = people.guardian("Paul DURAND", &home);
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    people.family("Rosa PETIT", &[Way::Home("2 RUE DU MOULIN")]);
    let scene = Scene::set(people, FAMILLE).await;
    let message = scene.launch().await;
    let queue = &scene.app.queue;
    let batch = queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
    let letters = queue.letters().of(&batch).await.unwrap();
    let at_home: Vec<usize> = letters.iter().map(|letter| letter.recipients.len()).collect();
    assert_eq!(at_home, [2, 1], "one letter for the couple, one for the neighbour");
    assert_eq!(scene.status(&message).await.addressees.on_letter, 3);
    queue.letters().mark_posted(&batch, By::program(scene.clock.now())).await.unwrap();
    assert_eq!(scene.status(&message).await.addressees.reached, 3);
}

#[tokio::test]
async fn a_letter_that_cannot_be_printed_goes_on_to_the_unreached_and_the_others_are_printed() {
    let mut people = People::none();
    // No face of the press has the sign of her name.
    let mei = people.family("Mei 王", &[Way::Home("1 RUE DU MOULIN")]);
    let many = people.guardian("Anne LEROY", &[Way::Home("3 RUE DU MOULIN")]);
    for number in 0..201 {
        people.pupil(&format!("Zoe{number} LEROY"), "6A", &[&many]);
    }
    let rosa = people.family("Rosa PETIT", &[Way::Home("2 RUE DU MOULIN")]);
    let scene = Scene::set(people, FAMILLE).await;
    let message = scene.launch_to("familles", chappe::message::Urgency::Bulk).await;
    let (folder, now) = (scene.app.letters_folder(), scene.clock.now());
    let press = press(&scene, env!("CARGO_BIN_EXE_chappe"));
    let printed = printer(&scene, &press, &folder).print_waiting(None, now, |_, _| {}).await;
    let printed = printed.unwrap().remove(0);
    assert_eq!((printed.letters, printed.set_aside.len()), (1, 2));
    let states = scene.states(&message).await;
    assert_eq!(states[&mei], AddresseeState::Unreached);
    assert_eq!(states[&many], AddresseeState::Unreached);
    assert_eq!(states[&rosa], AddresseeState::OnLetter);
    let batch = scene.app.queue.letters().batches().await.unwrap().remove(0);
    scene.app.queue.letters().mark_posted(&batch, By::program(now)).await.unwrap();
    let states = scene.states(&message).await;
    assert_eq!((states[&rosa], states[&mei]), (AddresseeState::Reached, AddresseeState::Unreached));
}
