//! A court ruling holds from the moment when it is noted, whatever was frozen before: nothing about that pupil
//! leaves for that person, by any way.

use std::time::Duration;

use chappe::audience::{self, Rule};
use chappe::batches::Printer;
use chappe::channel::Channel;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent};
use chappe::delivery::{FailureKind, Piling};
use chappe::directory;
use chappe::message::{Message, PlansBeside, Terms, Urgency};
use chappe::office::{self, Amendments, Column, HandoutRequest, Request};
use chappe::people::{Actor, By, PersonKey, PupilKey, RestrictedTie, Restriction};
use chappe::queue::{Claimed, Outcome, Withheld};
use chappe::render::letters::Sides;
use chappe::render::press::Press;
use chappe::store::{addressees, restrictions};
use chappe::upkeep;

use super::people::{People, Way};
use super::scene::{FAMILLE, LEASE, PATIENCE, Scene, announcement};

const EMAIL_THEN_LETTER: &str =
    "[{ channels = [\"email\"], patience = \"1h\" }, { channels = [\"letter\"] }]";
const EMAIL_THEN_SMS: &str =
    "[{ channels = [\"email\"], patience = \"1h\" }, { channels = [\"sms\"], patience = \"1h\" }]";
const LETTER: &str = "[{ channels = [\"letter\"] }]";
const CALL: &str = "[{ channels = [\"phone\"] }]";
const CAP: [(&str, &str); 2] = [("LOAD__PER_WEEK", "1"), ("LOAD__DIGEST", "fri 17:00")];
const TO_FRIDAY: Duration = Duration::from_hours(4 * 24 + 9);

const ANNE: [Way; 3] =
    [Way::Email("anne@example.org"), Way::Mobile("06 39 98 10 01"), Way::Home("1 rue des Lilas")];
const BOB: [Way; 3] =
    [Way::Email("bob@example.org"), Way::Mobile("06 39 98 10 02"), Way::Home("2 rue du Puits")];

/// Anne and Bob, who live apart, and their daughter Zoe.
struct Family {
    anne: PersonKey,
    bob: PersonKey,
}

fn apart(people: &mut People) -> Family {
    of(people, &ANNE, &BOB, &["Zoe DURAND"])
}

fn of(people: &mut People, anne: &[Way], bob: &[Way], pupils: &[&str]) -> Family {
    let anne = people.guardian("Anne DURAND", anne);
    let bob = people.guardian("Bob PETIT", bob);
    for pupil in pupils {
        people.pupil(pupil, "6A", &[&anne, &bob]);
    }
    Family { anne, bob }
}

fn ruling(person: &PersonKey) -> RestrictedTie {
    RestrictedTie {
        pupil: PupilKey("siecle:1".to_owned()),
        person: person.clone(),
        why: Restriction::Court,
        note: String::new(),
    }
}

/// As `chappe people restrict` does it.
async fn restrict(scene: &Scene, person: &PersonKey) -> Vec<Withheld> {
    let (queue, now) = (&scene.app.queue, scene.clock.now());
    directory::restrict(scene.app.store(), queue.school(), ruling(person), By::program(now))
        .await
        .unwrap();
    queue.restrictions().obey(now).await.unwrap()
}

/// Noted, and the program dies before it has looked at any copy under way.
async fn restrict_and_die(scene: &Scene, person: &PersonKey) {
    let (school, tie, now) = (scene.app.queue.school().clone(), ruling(person), scene.clock.now());
    scene
        .app
        .store()
        .write(move |tx| restrictions::put(tx, &school, &tie, &By::program(now)))
        .await
        .unwrap();
}

fn request(scene: &Scene) -> Request {
    Request {
        template: "fermeture".to_owned(),
        fields: announcement(),
        audience: "familles".to_owned(),
        plan: scene.app.config.plan("famille").unwrap(),
        plans: PlansBeside::default(),
        urgency: Some(Urgency::Bulk),
        plain_sms: false,
        question: None,
        terms: Terms::default(),
        among: None,
        again: true,
    }
}

async fn launch(scene: &Scene, request: Request) -> Message {
    let draft = office::prepare(&scene.app, request);
    office::launch(&scene.app, Actor::Program, draft.await.unwrap()).await.unwrap()
}

async fn settle(scene: &Scene, claimed: &Claimed, event: DeliveryEvent) {
    let outcome = Outcome::of(claimed.due, event);
    scene.app.queue.settle(vec![outcome], scene.clock.now()).await.unwrap();
}

async fn accept(scene: &Scene, claimed: &Claimed) {
    settle(scene, claimed, DeliveryEvent::Accepted { look_at: None }).await;
}

async fn keep_up(scene: &Scene) {
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
}

fn to(claimed: &[Claimed]) -> Vec<&PersonKey> {
    claimed.iter().map(|one| &one.recipient.person).collect()
}

/// Why each delivery of one person failed or was given up.
async fn reasons(scene: &Scene, message: &Message, who: &PersonKey) -> Vec<Option<FailureKind>> {
    let (school, id, who) = (scene.app.queue.school().clone(), message.id, who.clone());
    let read = scene.app.store().read(move |tx| {
        let mut all = Vec::new();
        for state in AddresseeState::ALL {
            for (addressee, to) in addressees::in_state(tx, &school, id, state)? {
                if to.person == who {
                    let found = addressees::load(tx, &school, addressee)?.unwrap();
                    all.extend(found.progress.deliveries.iter().map(|one| one.failure));
                }
            }
        }
        Ok(all)
    });
    read.await.unwrap()
}

// ---- what waits ---------------------------------------------------------------------------------

#[tokio::test]
async fn a_first_copy_that_waits_is_withdrawn_with_the_reason() {
    let mut people = People::none();
    let Family { anne, bob } = apart(&mut people);
    let scene = Scene::set(people, EMAIL_THEN_LETTER).await;
    let message = scene.launch().await;
    let withheld = restrict(&scene, &bob).await;
    assert_eq!(withheld.len(), 1);
    assert_eq!((&withheld[0].message, withheld[0].is_all), (&message.code, true));
    assert_eq!(to(&scene.begin(Channel::Email, 99).await), [&anne]);
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Cancelled);
    assert_eq!(reasons(&scene, &message, &bob).await, [Some(FailureKind::Restricted)]);
}

#[tokio::test]
async fn whoever_starts_looks_at_it_even_when_nobody_was_told() {
    let mut people = People::none();
    let Family { anne, bob } = apart(&mut people);
    let scene = Scene::set(people, EMAIL_THEN_LETTER).await;
    let message = scene.launch().await;
    restrict_and_die(&scene, &bob).await;
    assert_eq!(to(&scene.begin(Channel::Email, 99).await), [&anne]);
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Cancelled);
}

#[tokio::test]
async fn a_copy_that_cannot_be_read_keeps_a_ruling_from_no_other() {
    let mut people = People::none();
    let Family { bob, .. } = apart(&mut people);
    let scene = Scene::set(people, EMAIL_THEN_LETTER).await;
    let (spoilt, whole) = (scene.launch().await, scene.launch().await);
    let damage = "UPDATE addressees SET rung = -1 WHERE message_id = $1 \
                  AND recipient LIKE '%Bob PETIT%'";
    let id = spoilt.id;
    let damaged = scene.app.store().write(move |tx| tx.touched(damage, &[(&id).into()]));
    let damaged = damaged.await.unwrap();
    assert_eq!(damaged, 1);
    assert_eq!(restrict(&scene, &bob).await.len(), 2);
    assert_eq!(scene.states(&spoilt).await[&bob], AddresseeState::Unreached);
    assert_eq!(scene.states(&whole).await[&bob], AddresseeState::Cancelled);
}

#[tokio::test]
async fn upkeep_ends_what_a_crash_left_half_done() {
    let mut people = People::none();
    let Family { bob, .. } = apart(&mut people);
    let scene = Scene::set(people, CALL).await;
    let message = scene.launch().await;
    restrict_and_die(&scene, &bob).await;
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::OnCall);
    keep_up(&scene).await;
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Cancelled);
}

#[tokio::test]
async fn between_two_tries_it_holds() {
    let mut people = People::none();
    let Family { anne, bob } = apart(&mut people);
    let scene = Scene::set(people, EMAIL_THEN_LETTER).await;
    let message = scene.launch().await;
    for claimed in scene.begin(Channel::Email, 99).await {
        let retry_at = Some(scene.clock.now() + Duration::from_secs(10));
        let kind = FailureKind::Throttled;
        settle(&scene, &claimed, DeliveryEvent::Failed { kind, retry_at }).await;
    }
    restrict(&scene, &bob).await;
    scene.pass(Duration::from_secs(11));
    assert_eq!(to(&scene.begin(Channel::Email, 99).await), [&anne]);
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Cancelled);
}

#[tokio::test]
async fn no_later_rung_is_climbed_also_after_a_late_bounce() {
    let mut people = People::none();
    let Family { bob, .. } = apart(&mut people);
    let scene = Scene::set(people, EMAIL_THEN_LETTER).await;
    let message = scene.launch().await;
    let begun = scene.begin(Channel::Email, 99).await;
    for claimed in &begun {
        accept(&scene, claimed).await;
    }
    // His copy has left, and is not under way any more: nothing is looked at but what a bounce brings.
    restrict_and_die(&scene, &bob).await;
    let his = begun.iter().find(|one| one.recipient.person == bob).unwrap();
    settle(&scene, his, DeliveryEvent::Undeliverable).await;
    assert_ne!(scene.states(&message).await[&bob], AddresseeState::OnLetter);
    assert!(scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().is_none());
}

#[tokio::test]
async fn patience_that_ends_afterwards_puts_nobody_on_a_list() {
    let mut people = People::none();
    let Family { anne, bob } = apart(&mut people);
    let scene = Scene::set(people, FAMILLE).await;
    let message = scene.launch().await;
    restrict_and_die(&scene, &bob).await;
    for _ in 0..4 {
        scene.pass(PATIENCE + LEASE);
        keep_up(&scene).await;
    }
    let states = scene.states(&message).await;
    assert_eq!(states[&bob], AddresseeState::Cancelled);
    assert_eq!(states[&anne], AddresseeState::OnLetter);
}

#[tokio::test]
async fn a_call_leaves_the_list_of_calls() {
    let mut people = People::none();
    let Family { anne, bob } = apart(&mut people);
    let scene = Scene::set(people, CALL).await;
    let message = scene.launch().await;
    restrict(&scene, &bob).await;
    let states = scene.states(&message).await;
    assert_eq!(states[&bob], AddresseeState::Cancelled);
    assert_eq!(states[&anne], AddresseeState::OnCall);
}

// ---- paper --------------------------------------------------------------------------------------

#[tokio::test]
async fn a_letter_is_neither_gathered_nor_printed_nor_printed_again() {
    for is_gathered_before in [false, true] {
        let mut people = People::none();
        let Family { anne, bob } = apart(&mut people);
        let scene = Scene::set(people, LETTER).await;
        let message = scene.launch().await;
        let queue = &scene.app.queue;
        if is_gathered_before {
            queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
        }
        restrict(&scene, &bob).await;
        if !is_gathered_before {
            queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
        }
        let batch = queue.letters().batches().await.unwrap().remove(0);
        let letters = queue.letters().of(&batch).await.unwrap();
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].recipients[0].person, anne);
        let posted =
            queue.letters().mark_posted(&batch, By::program(scene.clock.now())).await.unwrap();
        assert_eq!(posted, Some(1), "the other is nobody's letter any more");
        let states = scene.states(&message).await;
        assert_eq!(states[&anne], AddresseeState::Reached);
        assert_eq!(states[&bob], AddresseeState::Cancelled);
    }
}

#[tokio::test]
async fn a_letter_that_is_printed_already_is_told_of_and_not_taken_for_posted() {
    let mut people = People::none();
    let Family { bob, .. } = apart(&mut people);
    let scene = Scene::set(people, LETTER).await;
    let message = scene.launch().await;
    let (queue, now) = (&scene.app.queue, scene.clock.now());
    let batch = queue.letters().gather(None, now).await.unwrap().unwrap();
    let letters = queue.letters().of(&batch).await.unwrap();
    let made = (2, "lettres-0001.pdf".to_owned(), Vec::new());
    assert!(queue.letters().mark_printed(&batch, letters, made, Vec::new(), now).await.unwrap());
    let withheld = restrict(&scene, &bob).await;
    assert_eq!(withheld[0].printed_in, [1]);
    assert_eq!(queue.letters().mark_posted(&batch, By::program(now)).await.unwrap(), Some(1));
    assert_eq!(queue.letters().mark_posted(&batch, By::program(now)).await.unwrap(), None, "twice");
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Cancelled);
    assert_eq!(queue.letters().mark_unposted(&batch, By::program(now)).await.unwrap(), Some(1));
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Cancelled);
}

#[tokio::test]
async fn what_is_printed_while_it_is_noted_is_printed_once_more_without_it() {
    let mut people = People::none();
    let Family { bob, .. } = apart(&mut people);
    let scene = Scene::set(people, LETTER).await;
    scene.launch().await;
    let (queue, now) = (&scene.app.queue, scene.clock.now());
    let batch = queue.letters().gather(None, now).await.unwrap().unwrap();
    let read_before = queue.letters().of(&batch).await.unwrap();
    restrict(&scene, &bob).await;
    let made = (2, "lettres-0001.pdf".to_owned(), Vec::new());
    let is_right =
        queue.letters().mark_printed(&batch, read_before, made, Vec::new(), now).await.unwrap();
    assert!(!is_right, "the pile on the printer holds his letter");
    let folder = scene.folder.path().join("letters");
    let program = env!("CARGO_BIN_EXE_chappe").into();
    let press = Press { program, ..scene.app.press() };
    let desk = Printer {
        queue,
        renderer: &scene.app.renderer,
        press: &press,
        folder: &folder,
        sides: Sides::default(),
        piling: Piling::default(),
        day: scene.app.today(),
    };
    let printed = desk.print_waiting(None, now, |_, _| {}).await.unwrap();
    assert_eq!((printed.len(), printed[0].letters), (1, 1));
}

// ---- shared addresses ---------------------------------------------------------------------------

#[tokio::test]
async fn a_mailbox_that_the_restricted_person_has_too_is_not_used_until_somebody_says_so() {
    let shared = Way::Email("famille@example.org");
    let mut people = People::none();
    let anne = [shared, Way::Mobile("06 39 98 10 01")];
    let Family { anne, bob } = of(&mut people, &anne, &[shared], &["Zoe DURAND"]);
    let scene = Scene::set(people, EMAIL_THEN_SMS).await;
    let message = scene.launch().await;
    restrict(&scene, &bob).await;
    assert!(scene.begin(Channel::Email, 99).await.is_empty(), "he reads it there");
    assert_eq!(to(&scene.begin(Channel::Sms, 99).await), [&anne]);
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Cancelled);

    let later = scene.launch().await;
    assert!(scene.begin(Channel::Email, 99).await.is_empty());
    assert_eq!(to(&scene.begin(Channel::Sms, 99).await), [&anne]);
    let (store, school) = (scene.app.store(), scene.app.queue.school());
    let rule: Rule = "familles".parse().unwrap();
    let told = audience::find(store, school, &rule, scene.app.today()).await.unwrap().left_out;
    let told: Vec<String> =
        told.iter().map(|one| format!("{}: {}", one.name, one.reason)).collect();
    assert!(told.iter().any(|it| it.contains("Anne") && it.contains("courriel")), "{told:?}");
    assert!(!scene.states(&later).await.contains_key(&bob));

    let person = scene.app.store().read({
        let (school, anne) = (school.clone(), anne.clone());
        move |tx| chappe::store::people::person(tx, &school, &anne)
    });
    let (person, pupil) = (person.await.unwrap().unwrap(), PupilKey("siecle:1".to_owned()));
    let (of, now) = ((&person, &pupil), scene.clock.now());
    assert_eq!(
        directory::trust(store, school, of, &[Channel::Email], By::program(now)).await.unwrap(),
        1
    );
    scene.launch().await;
    assert_eq!(to(&scene.begin(Channel::Email, 99).await), [&anne]);
}

#[tokio::test]
async fn a_mail_that_both_would_have_had_goes_to_neither_mailbox_of_his() {
    let shared = Way::Email("famille@example.org");
    let mut people = People::none();
    let anne = [shared, Way::Mobile("06 39 98 10 01")];
    let Family { anne, bob } = of(&mut people, &anne, &[shared], &["Zoe DURAND"]);
    let scene = Scene::set(people, EMAIL_THEN_SMS).await;
    scene.launch().await;
    restrict_and_die(&scene, &bob).await;
    assert!(scene.begin(Channel::Email, 99).await.is_empty());
    assert_eq!(to(&scene.begin(Channel::Sms, 99).await), [&anne]);
}

#[tokio::test]
async fn a_letter_to_the_house_where_he_lives_is_not_printed() {
    let home = Way::Home("1 rue des Lilas");
    let mut people = People::none();
    let Family { anne, bob } = of(&mut people, &[home], &[home], &["Zoe DURAND"]);
    let scene = Scene::set(people, LETTER).await;
    let message = scene.launch().await;
    scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
    restrict(&scene, &bob).await;
    let states = scene.states(&message).await;
    assert_eq!(states[&bob], AddresseeState::Cancelled);
    assert_eq!(states[&anne], AddresseeState::Unreached, "a human sees to her");
    let batch = scene.app.queue.letters().batches().await.unwrap().remove(0);
    assert!(scene.app.queue.letters().of(&batch).await.unwrap().is_empty());
}

// ---- several children ---------------------------------------------------------------------------

#[tokio::test]
async fn who_is_restricted_about_one_child_still_gets_what_concerns_the_other() {
    let mut people = People::none();
    let Family { anne, bob } = of(&mut people, &ANNE, &BOB, &["Zoe DURAND", "Tom DURAND"]);
    let scene = Scene::set(people, EMAIL_THEN_LETTER).await;
    let message = scene.launch().await;
    let withheld = restrict(&scene, &bob).await;
    assert_eq!((withheld.len(), withheld[0].is_all), (1, false));
    let begun = scene.begin(Channel::Email, 99).await;
    let about = |who: &PersonKey| {
        let one = begun.iter().find(|one| one.recipient.person == *who).unwrap();
        one.recipient.about.iter().map(|pupil| pupil.name.clone()).collect::<Vec<_>>()
    };
    assert_eq!(about(&bob), ["Tom DURAND"]);
    assert_eq!(about(&anne).len(), 2);
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Waiting);
}

// ---- digests, corrections, retries, lists --------------------------------------------------------

#[tokio::test]
async fn a_digest_says_nothing_of_it() {
    let mut people = People::none();
    let Family { anne, bob } = of(&mut people, &ANNE, &BOB, &["Zoe DURAND"]);
    people.pupil("Tom DURAND", "6B", &[&anne, &bob]);
    for is_told in [true, false] {
        let scene = Scene::set_with(people_again(&people), EMAIL_THEN_LETTER, &CAP).await;
        for claimed in {
            scene.launch().await;
            scene.begin(Channel::Email, 99).await
        } {
            accept(&scene, &claimed).await;
        }
        let zoe = launch(
            &scene,
            Request { audience: "familles classe:6A".to_owned(), ..request(&scene) },
        );
        let zoe = zoe.await;
        for audience in ["familles classe:6B", "familles classe:6B"] {
            launch(&scene, Request { audience: audience.to_owned(), ..request(&scene) }).await;
        }
        if is_told {
            restrict(&scene, &bob).await;
        } else {
            restrict_and_die(&scene, &bob).await;
        }
        scene.pass(TO_FRIDAY);
        keep_up(&scene).await;
        let begun = scene.begin(Channel::Email, 99).await;
        let his = begun.iter().find(|one| one.recipient.person == bob).expect("the rest is his");
        assert_eq!(his.enclosed.len(), 2);
        assert!(his.recipient.about.iter().all(|pupil| pupil.name == "Tom DURAND"));
        let hers = begun.iter().find(|one| one.recipient.person == anne).unwrap();
        assert_eq!(hers.enclosed.len(), 3);
        assert_eq!(scene.states(&zoe).await[&bob], AddresseeState::Cancelled);
    }
}

#[tokio::test]
async fn a_digest_that_is_made_already_lets_it_go() {
    let mut people = People::none();
    let Family { anne, bob } = of(&mut people, &ANNE, &BOB, &["Zoe DURAND"]);
    people.pupil("Tom DURAND", "6B", &[&anne, &bob]);
    let scene = Scene::set_with(people, EMAIL_THEN_LETTER, &CAP).await;
    scene.launch().await;
    for claimed in scene.begin(Channel::Email, 99).await {
        accept(&scene, &claimed).await;
    }
    for audience in ["familles classe:6A", "familles classe:6B", "familles classe:6B"] {
        launch(&scene, Request { audience: audience.to_owned(), ..request(&scene) }).await;
    }
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    restrict(&scene, &bob).await;
    let begun = scene.begin(Channel::Email, 99).await;
    let his = begun.iter().find(|one| one.recipient.person == bob).expect("the rest is his");
    assert_eq!(his.enclosed.len(), 2);
    assert!(his.recipient.about.iter().all(|pupil| pupil.name == "Tom DURAND"));
}

#[tokio::test]
async fn who_is_under_a_ruling_is_not_in_the_call_that_carries_everybody_else() {
    for pace in ["{ every = \"20ms\", at_once = 1 }", "{ every = \"0s\", at_once = 4 }"] {
        let mut people = People::none();
        let bob = people.guardian("Bob PETIT", &[Way::Account]);
        people.pupil("Zoe DURAND", "6A", &[&bob]);
        people.families(59, true, false);
        let plan = "[{ channels = [\"ent\"], patience = \"24h\" }]";
        let paced = [("PROVIDERS__ENT__EDIFICE__PACE", pace)];
        let scene = Scene::set_with(people, plan, &paced).await;
        let message = scene.launch().await;
        restrict_and_die(&scene, &bob).await;
        let _daemon = scene.start().await;
        let found = scene.later(&message, |it| it.addressees.waiting == 0).await.addressees;
        assert_eq!((found.reached, found.cancelled), (59, 1), "{pace}");
        let messages = scene.ent.messages();
        let mut named: Vec<&String> = messages.iter().flat_map(|it| &it.to).collect();
        named.sort_unstable();
        named.dedup();
        assert!(named.len() == 59 && named.iter().all(|id| *id != "ent-1"), "{named:?}");
        assert!(
            messages.len() <= 3 && messages.iter().all(|it| it.is_hidden),
            "{}",
            messages.len()
        );
        assert_eq!(scene.ent.delivered_and_notified().0, 59, "nobody twice");
    }
}

#[tokio::test]
async fn a_correction_and_a_retry_pass_them_by() {
    let mut people = People::none();
    let Family { anne, bob } = apart(&mut people);
    let scene = Scene::set(people, "[{ channels = [\"email\"], patience = \"24h\" }]").await;
    let message = scene.launch().await;
    for claimed in scene.begin(Channel::Email, 99).await {
        accept(&scene, &claimed).await;
    }
    restrict(&scene, &bob).await;
    let mut changes = Amendments::default();
    changes.fields.insert("agenda".to_owned(), "À 9h30.".to_owned());
    let correction = office::prepare_correction(&scene.app, &message, changes);
    let (correction, _) =
        office::correct(&scene.app, Actor::Program, &message, correction.await.unwrap())
            .await
            .unwrap();
    assert_eq!(
        scene.states(&correction).await.into_keys().collect::<Vec<_>>(),
        std::slice::from_ref(&anne)
    );
    for claimed in scene.begin(Channel::Email, 99).await {
        let kind = FailureKind::Refused;
        settle(&scene, &claimed, DeliveryEvent::Failed { kind, retry_at: None }).await;
    }
    let with = Terms::default();
    let again = office::again(&scene.app, &correction, false, with).await.unwrap();
    let again = launch(&scene, again).await;
    assert_eq!(scene.states(&again).await.into_keys().collect::<Vec<_>>(), [anne]);
}

#[tokio::test]
async fn a_correction_about_fewer_pupils_shares_no_letter_with_one_about_more() {
    let home = Way::Home("1 rue des Lilas");
    let mut people = People::none();
    let Family { anne, bob } = of(&mut people, &[home], &[home], &["Zoe DURAND", "Tom DURAND"]);
    let scene = Scene::set(people, LETTER).await;
    let message = scene.launch().await;
    let (queue, now) = (&scene.app.queue, scene.clock.now());
    let batch = queue.letters().gather(None, now).await.unwrap().unwrap();
    assert_eq!(queue.letters().of(&batch).await.unwrap().len(), 1, "one letter for both");
    queue.letters().mark_posted(&batch, By::program(now)).await.unwrap();
    restrict(&scene, &bob).await;
    let (store, school) = (scene.app.store(), queue.school().clone());
    let key = anne.clone();
    let person = store.read(move |tx| chappe::store::people::person(tx, &school, &key));
    let (person, pupil) = (person.await.unwrap().unwrap(), PupilKey("siecle:1".to_owned()));
    let of = (&person, &pupil);
    directory::trust(store, queue.school(), of, &[Channel::Letter], By::program(now))
        .await
        .unwrap();
    let mut changes = Amendments::default();
    changes.fields.insert("agenda".to_owned(), "À 9h30.".to_owned());
    let correction = office::prepare_correction(&scene.app, &message, changes);
    office::correct(&scene.app, Actor::Program, &message, correction.await.unwrap()).await.unwrap();
    let batch = queue.letters().gather(None, now).await.unwrap().unwrap();
    let letters = queue.letters().of(&batch).await.unwrap();
    assert_eq!(letters.len(), 2, "hers about both, his about Tom");
    for letter in letters {
        let [to] = letter.recipients.as_slice() else { panic!("one each") };
        let names: Vec<&str> = to.about.iter().map(|pupil| pupil.name.as_str()).collect();
        assert_eq!(names.contains(&"Zoe DURAND"), to.person == anne, "{names:?}");
    }
}

#[tokio::test]
async fn who_could_not_be_reached_leaves_the_list_of_those_to_call() {
    let mut people = People::none();
    let Family { anne, bob } = of(
        &mut people,
        &[Way::Mobile("06 39 98 10 01")],
        &[Way::Mobile("06 39 98 10 02")],
        &["Zoe DURAND"],
    );
    let scene = Scene::set(people, LETTER).await;
    let message = scene.launch().await;
    assert_eq!(scene.states(&message).await[&bob], AddresseeState::Unreached);
    restrict(&scene, &bob).await;
    let states = scene.states(&message).await;
    assert_eq!(states[&bob], AddresseeState::Cancelled);
    assert_eq!(states[&anne], AddresseeState::Unreached);
}

#[tokio::test]
async fn a_draft_that_was_made_before_is_launched_without_them() {
    let mut people = People::none();
    let Family { anne, bob } = apart(&mut people);
    let scene = Scene::set(people, EMAIL_THEN_LETTER).await;
    let draft = office::prepare(&scene.app, request(&scene));
    let draft = draft.await.unwrap();
    restrict(&scene, &bob).await;
    let message = office::launch(&scene.app, Actor::Program, draft).await.unwrap();
    assert_eq!(scene.states(&message).await.into_keys().collect::<Vec<_>>(), [anne]);
}

#[tokio::test]
async fn a_list_that_is_handed_out_names_them_not() {
    let mut people = People::none();
    let Family { bob, .. } = apart(&mut people);
    let scene = Scene::set(people, CALL).await;
    restrict(&scene, &bob).await;
    let request = HandoutRequest {
        audience: "familles".to_owned(),
        columns: vec![Column::Name, Column::Phone],
        receiver: "Déléguée de 6A".to_owned(),
        days: 7,
    };
    let made = office::hand_out(&scene.app, Actor::Program, request).await.unwrap();
    let csv = String::from_utf8(made.csv).unwrap();
    assert!(csv.contains("Anne DURAND") && !csv.contains("Bob PETIT"), "{csv}");
}

#[tokio::test]
async fn what_had_left_before_is_told_by_message_way_and_time() {
    let mut people = People::none();
    let Family { bob, .. } = apart(&mut people);
    let scene = Scene::set(people, EMAIL_THEN_LETTER).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, super::scene::is_settled).await;
    let withheld = restrict(&scene, &bob).await;
    assert!(withheld.is_empty());
    let left = scene.app.queue.restrictions().left_before(&ruling(&bob)).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((&left[0].message, left[0].channel), (&message.code, Channel::Email));
    assert!(left[0].at.is_some());
}

/// The same people for another scene.
fn people_again(people: &People) -> People {
    People { reading: people.reading.clone(), ..People::none() }
}
