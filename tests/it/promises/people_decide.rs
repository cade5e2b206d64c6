//! What people decide about a channel or a message holds at once, and for everybody.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::FailureKind;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent};
use chappe::id::Id;
use chappe::message::{Message, MessageState, Override, PlansBeside, Terms, Urgency};

use chappe::office::{self, Amendments, Ready, Refusal, Request};
use chappe::people::{Actor, By, PersonKey, Whom};
use chappe::queue::{Claimed, HeldBack, MayHaveLeft, Outcome};
use chappe::store::closings::Closing;
use chappe::store::controls::{self, Control};
use chappe::store::daemons::IdleProvider;
use chappe::store::deliveries::Claim;
use chappe::store::{Tx, addressees, messages};
use chappe::upkeep;

use super::people::{People, Way};
use super::scene::{FAMILLE, LEASE, PATIENCE, Scene, announcement, is_settled};

const ENT_ONLY: &str = "[{ channels = [\"ent\"], patience = \"24h\" }]";
const CALL: &str = "[{ channels = [\"phone\"] }]";
const ENT_THEN_LETTER: &str =
    "[{ channels = [\"ent\"], patience = \"1h\" }, { channels = [\"letter\"] }]";
const NIGHTS: [(&str, &str); 2] =
    [("HOURS__ENT__QUIET", "[\"20:00-07:00\"]"), ("HOURS__SMS__QUIET", "[\"20:00-07:00\"]")];

fn some_families(count: usize) -> People {
    let mut people = People::none();
    people.families(count, true, true);
    people
}

fn closing(scene: &Scene, channel: Channel, until: Option<Moment>) -> Closing {
    let reason = "ENT fermé par l’académie".to_owned();
    Closing { channel, until, reason, by: "Camille Arago".to_owned(), at: scene.clock.now() }
}

fn request(scene: &Scene, urgency: Urgency, terms: Terms) -> Request {
    Request {
        template: "fermeture".to_owned(),
        fields: announcement(),
        audience: "familles".to_owned(),
        plan: scene.app.config.plan("famille").unwrap(),
        plans: PlansBeside::default(),
        urgency: Some(urgency),
        plain_sms: false,
        question: None,
        terms,
        among: None,
        again: true,
    }
}

async fn prepared(scene: &Scene, request: Request) -> Ready {
    office::prepare(&scene.app, request).await.unwrap()
}

async fn launch(scene: &Scene, urgency: Urgency, terms: Terms) -> Result<Message, Refusal> {
    let draft = prepared(scene, request(scene, urgency, terms)).await;
    office::launch(&scene.app, Actor::Program, draft).await
}

async fn decide(scene: &Scene, message: &Message, state: MessageState) -> bool {
    let (by, now) = ("Camille Arago".to_owned(), scene.clock.now());
    scene.app.queue.decisions().decide(message, state, by, By::program(now)).await.unwrap()
}

async fn accept(scene: &Scene, claimed: &Claimed) {
    let event = DeliveryEvent::Accepted { look_at: None };
    let outcome = Outcome::of(claimed.due, event);
    scene.app.queue.settle(vec![outcome], scene.clock.now()).await.unwrap();
}

async fn waiting(scene: &Scene, channel: Channel) -> Vec<Claimed> {
    scene.waiting(channel, 99).await
}

/// Why each delivery of the addressees in a state failed or was given up.
async fn reasons(
    scene: &Scene,
    message: &Message,
    state: AddresseeState,
) -> Vec<(Channel, Option<FailureKind>)> {
    let (school, id) = (scene.app.queue.school().clone(), message.id);
    let read = scene.app.store().read(move |tx| {
        let mut all = Vec::new();
        for (addressee, _) in addressees::in_state(tx, &school, id, state)? {
            let found = addressees::load(tx, &school, addressee)?.unwrap();
            all.extend(found.progress.deliveries.iter().map(|one| (one.channel, one.failure)));
        }
        Ok(all)
    });
    read.await.unwrap()
}

// ---- closing a channel -------------------------------------------------------------------------

#[tokio::test]
async fn everything_that_waits_on_a_channel_moves_on_when_it_is_closed() {
    let scene = Scene::set(some_families(1_200), FAMILLE).await;
    let message = scene.launch().await;
    let moved = scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Ent, None), Actor::Program)
        .await
        .unwrap();
    assert_eq!(moved, 1_200);
    let status = scene.status(&message).await;
    assert_eq!(status.channels[&Channel::Ent].waiting, 0);
    assert_eq!(status.channels[&Channel::Email].waiting, 1_200);
    assert_eq!(status.addressees.waiting, 1_200);
}

#[tokio::test]
async fn nothing_leaves_by_a_closed_channel_whatever_is_launched() {
    let scene = Scene::set(some_families(3), FAMILLE).await;
    scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Ent, None), Actor::Program)
        .await
        .unwrap();
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    assert_eq!(scene.until(&message, is_settled).await.addressees.reached, 3);
    assert_eq!((scene.ent.messages().len(), scene.mailbox.messages()), (0, 3));
}

#[tokio::test]
async fn who_has_no_other_way_is_unreached_with_the_reason() {
    let scene = Scene::set(some_families(2), ENT_ONLY).await;
    let message = scene.launch().await;
    scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Ent, None), Actor::Program)
        .await
        .unwrap();
    let later = scene.launch().await;
    for message in [message, later] {
        let told = reasons(&scene, &message, AddresseeState::Unreached).await;
        assert_eq!(told, [(Channel::Ent, Some(FailureKind::Closed)); 2]);
    }
}

#[tokio::test]
async fn what_waits_when_its_channel_closes_moves_on_and_what_is_under_way_ends() {
    let scene = Scene::set(some_families(2), FAMILLE).await;
    let message = scene.launch().await;
    let mut begun = scene.begin(Channel::Ent, 1).await;
    scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Ent, None), Actor::Program)
        .await
        .unwrap();
    assert!(scene.begin(Channel::Ent, 1).await.is_empty());
    accept(&scene, &begun.remove(0)).await;
    let status = scene.status(&message).await;
    assert_eq!(status.addressees.reached, 1, "what was under way is let to its end");
    assert_eq!(status.channels[&Channel::Email].waiting, 1);
}

#[tokio::test]
async fn two_who_share_an_address_both_move_on_and_get_one_copy() {
    let mut people = People::none();
    let mailbox = Way::Email("famille.durand@example.org");
    let mobile = Way::Mobile("06 39 98 00 01");
    let ines = people.guardian("Ines DURAND", &[mailbox, mobile]);
    let paul = people.guardian("Paul MARTIN", &[mailbox, mobile]);
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    let scene = Scene::set(people, FAMILLE).await;
    let message = scene.launch().await;
    scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Email, None), Actor::Program)
        .await
        .unwrap();
    let _daemon = scene.start().await;
    assert_eq!(scene.later(&message, is_settled).await.addressees.reached, 2);
    assert_eq!((scene.mailbox.messages(), scene.sms.messages().len()), (0, 1));
}

#[tokio::test]
async fn a_closing_that_ended_by_its_date_is_open_without_anybody() {
    let scene = Scene::set(some_families(1), FAMILLE).await;
    let until = scene.clock.now() + Duration::from_hours(1);
    scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Ent, Some(until)), Actor::Program)
        .await
        .unwrap();
    let before = scene.launch().await;
    scene.pass(Duration::from_hours(1));
    assert!(scene.app.queue.decisions().closings(scene.clock.now()).await.unwrap().is_empty());
    let after = scene.launch().await;
    assert_eq!(scene.status(&before).await.channels[&Channel::Email].waiting, 1);
    assert_eq!(scene.status(&after).await.channels[&Channel::Ent].waiting, 1);
    assert!(
        !scene
            .app
            .queue
            .decisions()
            .open(Channel::Ent, By::program(scene.clock.now()))
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn a_channel_that_somebody_opens_is_for_what_comes_and_nothing_goes_back() {
    let scene = Scene::set(some_families(1), FAMILLE).await;
    let before = scene.launch().await;
    scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Ent, None), Actor::Program)
        .await
        .unwrap();
    assert!(
        scene
            .app
            .queue
            .decisions()
            .open(Channel::Ent, By::program(scene.clock.now()))
            .await
            .unwrap()
    );
    let after = scene.launch().await;
    assert_eq!(scene.status(&before).await.channels[&Channel::Ent].waiting, 0);
    assert_eq!(scene.status(&after).await.channels[&Channel::Ent].waiting, 1);
}

// ---- quiet hours -------------------------------------------------------------------------------

#[tokio::test]
async fn what_is_launched_at_night_waits_for_the_morning_and_does_not_climb() {
    let scene = Scene::set_with(some_families(1), FAMILLE, &NIGHTS).await;
    scene.pass(Duration::from_hours(14));
    let message = scene.launch().await;
    scene.pass(Duration::from_hours(3));
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
    assert!(waiting(&scene, Channel::Ent).await.is_empty());
    assert_eq!(scene.status(&message).await.channels[&Channel::Ent].waiting, 1);
    scene.pass(Duration::from_hours(6));
    assert_eq!(waiting(&scene, Channel::Ent).await.len(), 1);
}

#[tokio::test]
async fn what_was_due_before_the_night_does_not_leave_in_it_and_what_is_urgent_does() {
    let scene = Scene::set_with(some_families(1), FAMILLE, &NIGHTS).await;
    let bulk = scene.launch().await;
    scene.pass(Duration::from_hours(14));
    let why = Override { by: "Camille Arago".to_owned(), reason: "Inondation".to_owned() };
    let terms = Terms { passes_hours: Some(why.clone()), ..Terms::default() };
    let urgent = launch(&scene, Urgency::Urgent, terms).await.unwrap();
    let claimed = waiting(&scene, Channel::Ent).await;
    assert_eq!(claimed.iter().map(|one| one.due.message).collect::<Vec<_>>(), [urgent.id]);
    assert_eq!(scene.status(&bulk).await.channels[&Channel::Ent].waiting, 1);
    let (school, id) = (scene.app.queue.school().clone(), urgent.id);
    let kept = scene.app.store().read(move |tx| messages::by_id(tx, &school, id)).await.unwrap();
    assert_eq!(kept.unwrap().terms.passes_hours, Some(why));
}

#[tokio::test]
async fn an_urgent_message_of_the_day_leaves_at_night_only_by_somebodys_word() {
    for reason in [None, Some("Inondation".to_owned())] {
        let scene = Scene::set_with(some_families(2), ENT_ONLY, &NIGHTS).await;
        scene.pass(Duration::from_mins(11 * 60 + 30));
        let said = reason.is_some();
        let passes_hours = reason.map(|reason| Override { by: "Camille Arago".to_owned(), reason });
        let terms = Terms { passes_hours, ..Terms::default() };
        launch(&scene, Urgency::Urgent, terms).await.unwrap();
        // The provider was out of order until the night came.
        scene.pass(Duration::from_hours(1));
        let left_at_night = scene.begin(Channel::Ent, 9).await.len();
        assert_eq!(left_at_night, if said { 2 } else { 0 });
        assert!(scene.begin(Channel::Ent, 9).await.is_empty());
        scene.pass(Duration::from_mins(10 * 60 + 30));
        assert_eq!(scene.begin(Channel::Ent, 9).await.len(), 2 - left_at_night, "at seven");
    }
}

#[tokio::test]
async fn what_waits_when_the_night_comes_does_not_start_in_it() {
    let scene = Scene::set_with(some_families(2), FAMILLE, &NIGHTS).await;
    scene.pass(Duration::from_mins(11 * 60 + 30));
    let message = scene.launch().await;
    assert_eq!(waiting(&scene, Channel::Ent).await.len(), 2);
    scene.pass(PATIENCE / 2);
    assert!(scene.begin(Channel::Ent, 9).await.is_empty());
    scene.pass(PATIENCE);
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
    let status = scene.status(&message).await;
    assert_eq!(status.channels[&Channel::Ent].waiting, 2, "nobody climbs for that");
    scene.pass(Duration::from_hours(11));
    assert_eq!(waiting(&scene, Channel::Ent).await.len(), 2);
}

#[tokio::test]
async fn an_urgent_message_without_a_reason_is_refused_at_night_with_the_next_opening() {
    let scene = Scene::set_with(some_families(1), FAMILLE, &NIGHTS).await;
    scene.pass(Duration::from_hours(14));
    let refused = launch(&scene, Urgency::Urgent, Terms::default()).await.unwrap_err();
    assert!(refused.to_string().contains("opens on 2026-03-17 07:00"), "{refused}");
    let school = scene.app.queue.school().clone();
    let kept = scene.app.store().read(move |tx| messages::newest(tx, &school, 9)).await.unwrap();
    assert!(kept.is_empty(), "nothing was kept of it");
}

#[tokio::test]
async fn only_channels_that_are_open_and_carried_keep_an_urgent_message_from_leaving_at_night() {
    let scene = Scene::set_with(some_families(1), ENT_THEN_LETTER, &NIGHTS).await;
    scene.pass(Duration::from_hours(14));
    let refused = launch(&scene, Urgency::Urgent, Terms::default()).await.unwrap_err();
    assert!(matches!(refused, Refusal::QuietHours { channel: Channel::Ent, .. }), "{refused}");
    scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Ent, None), Actor::Program)
        .await
        .unwrap();
    launch(&scene, Urgency::Urgent, Terms::default()).await.unwrap();

    let scene = Scene::set_with(some_families(1), ENT_THEN_LETTER, &NIGHTS).await;
    scene.pass(Duration::from_hours(14));
    let provider = scene.provider(Channel::Ent).name().to_owned();
    let without_secret = IdleProvider { provider, channel: Channel::Ent, reason: String::new() };
    let (now, attendance) = (scene.clock.now(), scene.app.queue.attendance());
    attendance.note_at_work(Id::new(now), vec![without_secret], now).await.unwrap();
    launch(&scene, Urgency::Urgent, Terms::default()).await.unwrap();

    let chat = "[{ channels = [\"chat\"], patience = \"1h\" }, { channels = [\"letter\"] }]";
    let quiet = [("HOURS__CHAT__QUIET", "[\"20:00-07:00\"]")];
    let scene = Scene::set_with(some_families(1), chat, &quiet).await;
    scene.pass(Duration::from_hours(14));
    launch(&scene, Urgency::Urgent, Terms::default()).await.unwrap();
}

// ---- pause, resume, cancel, undo ---------------------------------------------------------------

#[tokio::test]
async fn a_paused_message_does_not_leave_and_does_not_climb_until_it_is_resumed() {
    let scene = Scene::set(some_families(1_200), FAMILLE).await;
    let message = scene.launch().await;
    assert!(decide(&scene, &message, MessageState::Paused).await);
    assert!(!decide(&scene, &message, MessageState::Paused).await, "it is paused already");
    scene.pass(PATIENCE * 3);
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
    assert!(waiting(&scene, Channel::Ent).await.is_empty());
    let status = scene.status(&message).await;
    assert_eq!(status.state, MessageState::Paused);
    assert_eq!(status.channels[&Channel::Ent].waiting, 1_200);

    assert!(decide(&scene, &message, MessageState::Running).await);
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
    assert_eq!(scene.status(&message).await.channels[&Channel::Email].waiting, 0);
    assert_eq!(waiting(&scene, Channel::Ent).await.len(), 99, "patience did not pass meanwhile");
    scene.pass(PATIENCE);
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
    assert_eq!(scene.status(&message).await.channels[&Channel::Email].waiting, 1_200);
}

#[tokio::test]
async fn what_waits_when_its_message_is_paused_does_not_start() {
    let scene = Scene::set(some_families(1), FAMILLE).await;
    let message = scene.launch().await;
    decide(&scene, &message, MessageState::Paused).await;
    assert!(scene.begin(Channel::Ent, 9).await.is_empty());
    decide(&scene, &message, MessageState::Running).await;
    assert_eq!(waiting(&scene, Channel::Ent).await.len(), 1, "it waits as before");
}

#[tokio::test]
async fn what_was_seen_paused_does_not_stand_aside_once_it_goes_on() {
    let scene = Scene::set(some_families(3), FAMILLE).await;
    let message = scene.launch().await;
    let (queue, now) = (scene.app.queue.clone(), scene.clock.now());
    let state = |state| Control { state, at: Some(now), by: String::new(), paused_at: Some(now) };
    let [paused, running] = [MessageState::Paused, MessageState::Running].map(state);
    let start = move |tx: &Tx<'_>| {
        let (school, id) = (queue.school(), message.id);
        controls::decide(tx, school, id, &paused)?;
        let seen = queue.circumstances(tx, now)?;
        controls::decide(tx, school, id, &running)?;
        let claim = Claim {
            channel: Channel::Ent,
            carrier: "ent".into(),
            now,
            lease_ends: now + LEASE,
            most: 9,
        };
        let picked = queue.pick_in(tx, &claim, &seen)?;
        assert_eq!(picked.len(), 3);
        queue.start_in(tx, picked, &claim, &seen)
    };
    assert!(scene.app.store().write(start).await.unwrap().claimed.is_empty());
    assert_eq!(waiting(&scene, Channel::Ent).await.len(), 3, "nobody would call them back");
}

#[tokio::test]
async fn letters_of_a_paused_message_are_not_gathered() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Home("1 RUE DU MOULIN")]);
    let scene = Scene::set(people, FAMILLE).await;
    let message = scene.launch().await;
    decide(&scene, &message, MessageState::Paused).await;
    assert!(scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().is_none());
    decide(&scene, &message, MessageState::Running).await;
    assert!(scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().is_some());
}

fn one_with_a_home() -> People {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Home("1 RUE DU MOULIN")]);
    people
}

async fn one_by_letter() -> Scene {
    Scene::set(one_with_a_home(), FAMILLE).await
}

async fn held_back(scene: &Scene) -> Vec<(HeldBack, usize)> {
    scene.app.queue.letters().held_back(None, scene.clock.now()).await.unwrap()
}

#[tokio::test]
async fn letters_that_can_still_be_undone_are_not_gathered_before() {
    let undo = [("DISPATCH__UNDO", "2min")];
    let scene = Scene::set_with(one_with_a_home(), FAMILLE, &undo).await;
    let starts_at = scene.clock.now() + Duration::from_mins(2);
    let message = launch(&scene, Urgency::Bulk, Terms::default()).await.unwrap();
    assert!(scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().is_none());
    let why = HeldBack::NotBefore(message.code.clone(), starts_at);
    assert_eq!(held_back(&scene).await, [(why, 1)]);
    scene.pass(Duration::from_mins(2));
    assert_eq!(held_back(&scene).await, []);
    assert!(scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().is_some());
}

#[tokio::test]
async fn letters_of_a_school_on_hold_are_not_gathered() {
    let scene = one_by_letter().await;
    let message = scene.launch().await;
    scene.app.queue.holds().put("essai".to_owned(), By::program(scene.clock.now())).await.unwrap();
    assert!(scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().is_none());
    assert_eq!(held_back(&scene).await, [(HeldBack::OnHold, 1)]);
    scene
        .app
        .queue
        .holds()
        .release(MayHaveLeft::Send, By::program(scene.clock.now()))
        .await
        .unwrap();
    decide(&scene, &message, MessageState::Paused).await;
    assert_eq!(held_back(&scene).await, [(HeldBack::Paused(message.code.clone()), 1)]);
}

#[tokio::test]
async fn printed_letters_of_a_cancelled_message_are_named_until_they_are_posted() {
    let scene = one_by_letter().await;
    let message = scene.launch().await;
    let queue = &scene.app.queue;
    let batch = queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
    decide(&scene, &message, MessageState::Cancelled).await;
    assert_eq!(queue.letters().unposted(message.id).await.unwrap(), [(batch.number, 1)]);
    queue.letters().mark_posted(&batch, By::program(scene.clock.now())).await.unwrap();
    assert_eq!(queue.letters().unposted(message.id).await.unwrap(), []);
}

#[tokio::test]
async fn a_climb_of_a_paused_message_waits_with_it() {
    let scene = Scene::set(some_families(1), FAMILLE).await;
    let message = scene.launch().await;
    decide(&scene, &message, MessageState::Paused).await;
    scene
        .app
        .queue
        .decisions()
        .close(closing(&scene, Channel::Ent, None), Actor::Program)
        .await
        .unwrap();
    assert_eq!(scene.status(&message).await.channels[&Channel::Email].waiting, 1);
    assert!(waiting(&scene, Channel::Email).await.is_empty());
    decide(&scene, &message, MessageState::Running).await;
    assert_eq!(waiting(&scene, Channel::Email).await.len(), 1);
}

#[tokio::test]
async fn a_message_that_is_cancelled_in_its_first_minutes_reaches_nobody() {
    let undo = [("DISPATCH__UNDO", "2min")];
    let scene = Scene::set_with(some_families(3), FAMILLE, &undo).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    assert!(waiting(&scene, Channel::Ent).await.is_empty(), "it does not leave yet");
    scene.pass(Duration::from_mins(1));
    assert!(decide(&scene, &message, MessageState::Cancelled).await);
    scene.pass(Duration::from_hours(9));
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
    let all = scene.status(&message).await.addressees;
    assert_eq!((all.total, all.cancelled, all.waiting), (3, 3, 0));
    assert_eq!(scene.ent.messages().len() + scene.mailbox.messages(), 0);
    assert!(!decide(&scene, &message, MessageState::Running).await, "that is for good");
}

#[tokio::test]
async fn what_is_urgent_can_be_undone_for_twenty_seconds() {
    let shipped = chappe::config::DispatchSettings::default();
    assert_eq!(shipped.undo_urgent.0, Duration::from_secs(20));
    let undo = [("DISPATCH__UNDO", "2min"), ("DISPATCH__UNDO_URGENT", "20s")];
    let scene = Scene::set_with(some_families(2), FAMILLE, &undo).await;
    let message = launch(&scene, Urgency::Urgent, Terms::default()).await.unwrap();
    assert_eq!(message.terms.starts_at, Some(scene.clock.now() + Duration::from_secs(20)));
    scene.pass(Duration::from_secs(19));
    assert!(waiting(&scene, Channel::Ent).await.is_empty());
    scene.pass(Duration::from_secs(1));
    assert_eq!(waiting(&scene, Channel::Ent).await.len(), 2);
    assert!(decide(&scene, &message, MessageState::Cancelled).await);
    assert_eq!(scene.status(&message).await.addressees.cancelled, 2);
}

#[tokio::test]
async fn who_had_a_message_when_it_was_cancelled_stays_reached_and_the_numbers_add_up() {
    let scene = Scene::set(some_families(3), FAMILLE).await;
    let message = scene.launch().await;
    let mut begun = scene.begin(Channel::Ent, 2).await;
    let (under_way, had) = (begun.remove(1), begun.remove(0));
    accept(&scene, &had).await;
    decide(&scene, &message, MessageState::Cancelled).await;
    let all = scene.status(&message).await.addressees;
    assert_eq!((all.total, all.reached, all.waiting, all.cancelled), (3, 1, 1, 1));
    accept(&scene, &under_way).await;
    let all = scene.status(&message).await.addressees;
    assert_eq!((all.total, all.reached, all.waiting, all.cancelled), (3, 2, 0, 1));
}

#[tokio::test]
async fn a_decision_that_a_crash_left_half_done_holds_and_is_ended_by_upkeep() {
    let scene = Scene::set(some_families(2), FAMILLE).await;
    let message = scene.launch().await;
    let now = scene.clock.now();
    let (school, id) = (scene.app.queue.school().clone(), message.id);
    let state = MessageState::Cancelled;
    let control = Control { state, at: Some(now), by: String::new(), paused_at: None };
    let write = scene.app.store().write(move |tx| controls::decide(tx, &school, id, &control));
    write.await.unwrap();
    assert!(scene.begin(Channel::Ent, 1).await.is_empty(), "it holds at once");
    assert_eq!(upkeep::round(&scene.app.queue, now).await.unwrap(), 1);
    assert_eq!(scene.status(&message).await.addressees.cancelled, 2);
    assert_eq!(upkeep::round(&scene.app.queue, now).await.unwrap(), 0);
}

// ---- a later start -----------------------------------------------------------------------------

#[tokio::test]
async fn what_is_to_leave_later_waits_for_its_hour_and_can_be_undone_until_then() {
    let scene = Scene::set(some_families(2), FAMILLE).await;
    let starts_at = Some(scene.clock.now() + Duration::from_hours(10));
    let terms = || Terms { starts_at, ..Terms::default() };
    let kept = launch(&scene, Urgency::Bulk, terms()).await.unwrap();
    let undone = launch(&scene, Urgency::Bulk, terms()).await.unwrap();
    assert_eq!((kept.terms.starts_at, undone.terms.starts_at), (starts_at, starts_at));
    assert_eq!(office::chosen_start(&scene.app, &kept), starts_at);
    scene.pass(Duration::from_hours(10) - Duration::from_millis(1));
    assert!(scene.begin(Channel::Ent, 9).await.is_empty(), "a moment too soon");
    assert!(decide(&scene, &undone, MessageState::Cancelled).await);
    assert_eq!(scene.status(&undone).await.addressees.cancelled, 2);
    scene.pass(Duration::from_millis(1));
    let begun = scene.begin(Channel::Ent, 9).await;
    assert_eq!(begun.len(), 2, "those of the other");
}

#[tokio::test]
async fn nobody_is_called_of_what_has_yet_to_begin() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Mobile("06 39 98 00 11")]);
    let scene = Scene::set(people, CALL).await;
    let starts_at = Some(scene.clock.now() + Duration::from_hours(10));
    let calls = async || office::count_to_call(&scene.app, &Whom::Everybody).await.unwrap();
    let terms = Terms { starts_at, ..Terms::default() };
    launch(&scene, Urgency::Bulk, terms).await.unwrap();
    assert_eq!(calls().await, 0);
    scene.pass(Duration::from_hours(10));
    assert_eq!(calls().await, 1);
}

#[tokio::test]
async fn an_hour_that_is_past_or_comes_after_its_end_is_refused() {
    let scene = Scene::set(some_families(1), FAMILLE).await;
    let now = scene.clock.now();
    let past = Terms { starts_at: Some(now), ..Terms::default() };
    let refused = launch(&scene, Urgency::Bulk, past).await.unwrap_err();
    assert!(matches!(refused, Refusal::StartPast(_)), "{refused}");
    let (starts_at, expires_at) = (Some(now + PATIENCE), Some(now + PATIENCE));
    let stale = Terms { starts_at, expires_at, ..Terms::default() };
    let refused = launch(&scene, Urgency::Bulk, stale).await.unwrap_err();
    assert!(matches!(refused, Refusal::Stale(_)), "{refused}");
}

// ---- expiry ------------------------------------------------------------------------------------

#[tokio::test]
async fn what_is_stale_after_an_outage_is_not_sent_and_stands_on_a_list_with_the_reason() {
    let scene = Scene::set(some_families(2), FAMILLE).await;
    let expires_at = Some(scene.clock.now() + Duration::from_mins(30));
    let terms = Terms { expires_at, ..Terms::default() };
    let message = launch(&scene, Urgency::Bulk, terms).await.unwrap();
    scene.pass(Duration::from_mins(30));
    assert!(scene.begin(Channel::Ent, 1).await.is_empty(), "looked at before the start");
    let _daemon = scene.start().await;
    let status = scene.until(&message, is_settled).await;
    assert_eq!(status.addressees.unreached, 2);
    assert_eq!(scene.ent.messages().len() + scene.mailbox.messages(), 0);
    let told = reasons(&scene, &message, AddresseeState::Unreached).await;
    assert_eq!(told, [(Channel::Ent, Some(FailureKind::Expired)); 2]);
}

#[tokio::test]
async fn a_stale_letter_is_not_gathered() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Home("1 RUE DU MOULIN")]);
    let scene = Scene::set(people, FAMILLE).await;
    let expires_at = Some(scene.clock.now() + Duration::from_mins(30));
    let message = launch(&scene, Urgency::Bulk, Terms { expires_at, ..Terms::default() }).await;
    scene.pass(Duration::from_mins(30));
    assert!(scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().is_none());
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
    assert_eq!(scene.status(&message.unwrap()).await.addressees.unreached, 1);
}

#[tokio::test]
async fn a_message_that_is_stale_already_is_refused() {
    let scene = Scene::set(some_families(1), FAMILLE).await;
    let terms = Terms { expires_at: Some(scene.clock.now()), ..Terms::default() };
    let refused = launch(&scene, Urgency::Bulk, terms).await.unwrap_err();
    assert!(matches!(refused, Refusal::Stale(_)), "{refused}");
}

#[tokio::test]
async fn a_template_says_when_its_messages_and_their_corrections_are_stale() {
    let scene = Scene::set(some_families(1), FAMILLE).await;
    let fields = ["objet", "agenda", "moyens", "prochain_rendez_vous"];
    let fields = fields.map(|name| (name.to_owned(), "Mardi 17 mars à 10h".to_owned())).into();
    let template = "rappel-classe-virtuelle".to_owned();
    let request = Request { template, fields, ..request(&scene, Urgency::Reply, Terms::default()) };
    let draft = prepared(&scene, request).await;
    let message = office::launch(&scene.app, Actor::Program, draft).await.unwrap();
    let a_day = Duration::from_hours(24);
    assert_eq!(message.terms.expires_at, Some(scene.clock.now() + a_day));
    scene.pass(PATIENCE);
    let now = scene.clock.now();
    let correction = office::prepare_correction(&scene.app, &message, Amendments::default());
    assert_eq!(correction.await.unwrap().terms.expires_at, Some(now + a_day));
}

/// How many have climbed to e-mail by a minute, counted from nine in the evening, when a message of that
/// moment was kept back until another.
async fn climbed_by(minute: u64, kept_back_until: u64, by_hold: bool) -> usize {
    let scene = Scene::set_with(some_families(3), FAMILLE, &NIGHTS).await;
    let queue = &scene.app.queue;
    scene.pass(Duration::from_hours(13));
    let message = scene.launch().await;
    if by_hold {
        queue.holds().put("essai".to_owned(), By::program(scene.clock.now())).await.unwrap();
    } else {
        decide(&scene, &message, MessageState::Paused).await;
    }
    scene.pass(Duration::from_mins(kept_back_until));
    if by_hold {
        queue.holds().release(MayHaveLeft::Send, By::program(scene.clock.now())).await.unwrap();
    } else {
        decide(&scene, &message, MessageState::Running).await;
    }
    scene.pass(Duration::from_mins(minute - kept_back_until));
    upkeep::round(queue, scene.clock.now()).await.unwrap();
    scene.status(&message).await.channels[&Channel::Email].waiting
}

#[tokio::test]
async fn a_patience_that_had_not_begun_is_no_longer_for_a_pause_or_a_hold() {
    assert_eq!(PATIENCE, Duration::from_hours(1));
    let (six, seven, eight) = (9 * 60, 10 * 60, 11 * 60);
    for by_hold in [false, true] {
        // Kept back while the ENT sleeps: patience begins at seven all the same.
        assert_eq!(climbed_by(seven + 59, six, by_hold).await, 0);
        assert_eq!(climbed_by(seven + 60, six, by_hold).await, 3, "by hold: {by_hold}");
        // Until eight: it begins then.
        assert_eq!(climbed_by(eight + 59, eight, by_hold).await, 0);
        assert_eq!(climbed_by(eight + 60, eight, by_hold).await, 3, "by hold: {by_hold}");
    }
}

// ---- waves -------------------------------------------------------------------------------------

#[tokio::test]
async fn levels_leave_by_the_ent_one_after_the_other() {
    let mut people = People::none();
    let waves = [("WAVES__ORDER", "[\"3e\", \"6e\"]"), ("WAVES__EVERY", "10min")];
    let sixth = people.family("Ines DURAND", &[Way::Account]);
    let third = people.family("Rosa PETIT", &[Way::Account]);
    let both = people.family("Anne LEROY", &[Way::Account]);
    people.pupil("Luc LEROY", "3A", &[&both]);
    for pupil in [1, 3] {
        people.reading.pupils[pupil].level = Some("3e".to_owned());
    }
    let scene = Scene::set_with(people, ENT_THEN_LETTER, &waves).await;
    scene.launch().await;
    let persons = |claimed: Vec<Claimed>| {
        let mut keys: Vec<PersonKey> =
            claimed.into_iter().map(|one| one.recipient.person).collect();
        keys.sort();
        keys
    };
    assert_eq!(persons(scene.begin(Channel::Ent, 9).await), [third, both]);
    scene.pass(Duration::from_mins(9));
    assert!(waiting(&scene, Channel::Ent).await.is_empty());
    scene.pass(Duration::from_mins(1));
    assert_eq!(persons(waiting(&scene, Channel::Ent).await), [sixth]);
}
