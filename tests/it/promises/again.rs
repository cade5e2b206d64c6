//! A message again: put right for exactly those who had it, tried again for those whom it left.

use chappe::channel::Channel;
use chappe::delivery::FailureKind;
use chappe::delivery::lifecycle::DeliveryEvent;
use chappe::message::{Message, Terms, Urgency};
use chappe::office::{self, Amendments, Ready, Refusal, Request};
use chappe::people::Actor;
use chappe::queue::{Claimed, Corrected, Outcome};
use chappe::store::StoreError;

use super::people::{People, Way};
use super::scene::{FAMILLE, Scene, is_settled};

const ENT_ONLY: &str = "[{ channels = [\"ent\"], patience = \"24h\" }]";

fn some_families(count: usize) -> People {
    let mut people = People::none();
    people.families(count, true, true);
    people
}

async fn settle(scene: &Scene, claimed: &Claimed, event: DeliveryEvent) {
    let outcome = Outcome::of(claimed.due, event);
    scene.app.queue.settle(vec![outcome], scene.clock.now()).await.unwrap();
}

async fn accept(scene: &Scene, claimed: &Claimed) {
    settle(scene, claimed, DeliveryEvent::Accepted { look_at: None }).await;
}

async fn refuse(scene: &Scene, claimed: &Claimed) {
    settle(scene, claimed, DeliveryEvent::Failed { kind: FailureKind::Refused, retry_at: None })
        .await;
}

async fn prepared(scene: &Scene, request: Request) -> Ready {
    office::prepare(&scene.app, request).await.unwrap()
}

/// The message again, for those whom it left; nothing of it is kept yet.
async fn drafted_again(scene: &Scene, message: &Message) -> Result<Ready, Refusal> {
    let beside = Terms::default();
    let request = office::again(&scene.app, message, false, beside).await?;
    Ok(prepared(scene, request).await)
}

async fn launch(scene: &Scene, draft: Ready) -> Result<Message, Refusal> {
    office::launch(&scene.app, Actor::Program, draft).await
}

async fn try_again(scene: &Scene, message: &Message) -> Result<Message, Refusal> {
    launch(scene, drafted_again(scene, message).await?).await
}

/// A correction; nothing of it is kept yet.
async fn drafted_correction(scene: &Scene, earlier: &Message) -> Result<Message, Refusal> {
    let fields = [("agenda".to_owned(), "Reprise lundi 23 mars à 8h30.".to_owned())];
    let changes = Amendments { fields: fields.into(), ..Amendments::default() };
    office::prepare_correction(&scene.app, earlier, changes).await
}

async fn put_right(
    scene: &Scene,
    earlier: &Message,
    correction: Message,
) -> Result<(Message, Corrected), Refusal> {
    office::correct(&scene.app, Actor::Program, earlier, correction).await
}

/// A message that two families got, and that was refused for a third.
async fn one_is_left(scene: &Scene) -> Message {
    let message = scene.launch().await;
    let begun = scene.begin(Channel::Ent, 3).await;
    accept(scene, &begun[0]).await;
    accept(scene, &begun[1]).await;
    refuse(scene, &begun[2]).await;
    message
}

#[tokio::test]
async fn a_correction_goes_to_exactly_those_who_had_the_text_or_wait_for_it() {
    let mut people = some_families(2);
    people.family("Sans ADRESSE", &[]);
    let scene = Scene::set(people, FAMILLE).await;
    let earlier = scene.launch().await;
    let begun = scene.begin(Channel::Ent, 1).await;
    accept(&scene, &begun[0]).await;
    let correction = drafted_correction(&scene, &earlier).await.unwrap();
    let (correction, to) = put_right(&scene, &earlier, correction).await.unwrap();
    assert_eq!((to.had_it, to.waited), (1, 1));
    let all = scene.status(&earlier).await.addressees;
    assert_eq!((all.reached, all.cancelled, all.unreached, all.waiting), (1, 1, 1, 0));
    let _daemon = scene.start().await;
    let status = scene.until(&correction, is_settled).await;
    assert_eq!((status.addressees.total, status.addressees.reached), (2, 2));
    let texts = scene.ent.messages();
    let readers: usize = texts.iter().map(|one| one.to.len()).sum();
    assert_eq!(readers, 2, "the earlier text leaves to nobody any more");
    assert!(texts.iter().all(|one| one.subject.starts_with("Rectificatif\u{a0}: Fermeture")));
    assert!(texts.iter().all(|one| one.body.contains("Reprise lundi 23\u{a0}mars")));
    let told = texts[0].body.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(told.contains("du lundi 16 mars : la rubrique « Agenda » a changé."), "{told}");
    let refused = drafted_correction(&scene, &earlier).await.unwrap_err();
    assert!(matches!(refused, Refusal::Corrected(..)), "{refused}");
}

#[tokio::test]
async fn a_retry_goes_to_those_who_were_not_reached_and_to_nobody_else() {
    let mut people = some_families(2);
    let unopened = people.family("Ines DURAND", &[Way::UnopenedAccount]);
    let scene = Scene::set(people, ENT_ONLY).await;
    let daemon = scene.start().await;
    let message = scene.launch().await;
    let all = scene.later(&message, is_settled).await.addressees;
    assert_eq!((all.reached, all.unreached), (2, 1));
    daemon.stop().await;
    let retried = try_again(&scene, &message).await.unwrap();
    assert_eq!(scene.states(&retried).await.into_keys().collect::<Vec<_>>(), [unopened]);
    let refused = drafted_again(&scene, &message).await.unwrap_err();
    assert!(matches!(refused, Refusal::NobodyLeft(_)), "one is on its way: {refused}");
    let _daemon = scene.start().await;
    assert_eq!(scene.later(&retried, is_settled).await.addressees.unreached, 1);
    assert!(drafted_again(&scene, &message).await.is_ok(), "not reached this time either");
}

#[tokio::test]
async fn a_correction_goes_to_those_who_had_the_text_from_a_retry_as_well() {
    let scene = Scene::set(some_families(3), ENT_ONLY).await;
    let message = one_is_left(&scene).await;
    let retried = try_again(&scene, &message).await.unwrap();
    accept(&scene, &scene.begin(Channel::Ent, 9).await[0]).await;
    assert_eq!(scene.status(&retried).await.addressees.reached, 1);
    let correction = drafted_correction(&scene, &message).await.unwrap();
    let (correction, to) = put_right(&scene, &message, correction).await.unwrap();
    assert_eq!((to.had_it, to.waited), (3, 0));
    assert_eq!(scene.states(&correction).await.len(), 3);
    let begun = scene.begin(Channel::Ent, 9).await;
    let mut references: Vec<_> = begun.iter().map(|one| one.number).collect();
    references.sort_unstable();
    references.dedup();
    assert_eq!(references.len(), 3, "each has a reference of their own");
}

#[tokio::test]
async fn a_retry_that_waits_when_its_text_is_corrected_leaves_no_more() {
    let scene = Scene::set(some_families(3), ENT_ONLY).await;
    let message = one_is_left(&scene).await;
    let retried = try_again(&scene, &message).await.unwrap();
    let correction = drafted_correction(&scene, &message).await.unwrap();
    let (correction, to) = put_right(&scene, &message, correction).await.unwrap();
    assert_eq!((to.had_it, to.waited), (2, 1));
    assert_eq!(scene.status(&retried).await.addressees.cancelled, 1);
    let begun = scene.begin(Channel::Ent, 9).await;
    assert!(begun.iter().all(|one| one.message.id == correction.id), "the old text left");
    // Those whom a correction leaves are tried again with its text, and belong to it from then on.
    for claimed in &begun {
        refuse(&scene, claimed).await;
    }
    try_again(&scene, &correction).await.unwrap();
    let second = drafted_correction(&scene, &correction).await.unwrap();
    let (_, to) = put_right(&scene, &correction, second).await.unwrap();
    assert_eq!((to.had_it, to.waited), (0, 3));
}

#[tokio::test]
async fn two_who_try_again_or_correct_at_the_same_moment_do_it_once() {
    let scene = Scene::set(some_families(3), ENT_ONLY).await;
    let message = one_is_left(&scene).await;
    let (one, other) = (
        drafted_again(&scene, &message).await.unwrap(),
        drafted_again(&scene, &message).await.unwrap(),
    );
    launch(&scene, one).await.unwrap();
    let refused = launch(&scene, other).await.unwrap_err();
    assert!(matches!(refused, Refusal::Store(StoreError::Overtaken)), "{refused}");

    let one = drafted_correction(&scene, &message).await.unwrap();
    let other = drafted_correction(&scene, &message).await.unwrap();
    put_right(&scene, &message, one).await.unwrap();
    let refused = put_right(&scene, &message, other).await.unwrap_err();
    assert!(matches!(refused, Refusal::Corrected(..)), "{refused}");
}

#[tokio::test]
async fn a_retry_that_was_drafted_before_a_correction_does_not_bring_the_old_text_after_it() {
    let scene = Scene::set(some_families(3), ENT_ONLY).await;
    let message = one_is_left(&scene).await;
    let old = drafted_again(&scene, &message).await.unwrap();
    let correction = drafted_correction(&scene, &message).await.unwrap();
    put_right(&scene, &message, correction.clone()).await.unwrap();
    let refused = launch(&scene, old).await.unwrap_err();
    assert!(matches!(refused, Refusal::Store(StoreError::Overtaken)), "{refused}");
    let retried = try_again(&scene, &message).await.unwrap();
    assert_eq!(retried.fields, correction.fields);
}

/// A mother of two, with a copy about each.
async fn two_copies() -> (Scene, Message) {
    let mut people = People::none();
    let mother = people.guardian("Ines DURAND", &[Way::Account]);
    people.pupil("Zoe DURAND", "6A", &[&mother]);
    people.pupil("Luc DURAND", "3A", &[&mother]);
    let scene = Scene::set(people, ENT_ONLY).await;
    let message = scene.launch_to("familles par élève", Urgency::Bulk).await;
    (scene, message)
}

fn is_about(claimed: &Claimed) -> String {
    claimed.recipient.about[0].name.clone()
}

#[tokio::test]
async fn a_parent_whose_copy_about_one_child_arrived_gets_the_one_about_the_other_again() {
    let (scene, message) = two_copies().await;
    let begun = scene.begin(Channel::Ent, 9).await;
    let missed = is_about(&begun[1]);
    accept(&scene, &begun[0]).await;
    refuse(&scene, &begun[1]).await;
    try_again(&scene, &message).await.unwrap();
    let begun = scene.begin(Channel::Ent, 9).await;
    assert_eq!(begun.iter().map(is_about).collect::<Vec<_>>(), [missed]);
    accept(&scene, &begun[0]).await;
    let refused = drafted_again(&scene, &message).await.unwrap_err();
    assert!(matches!(refused, Refusal::NobodyLeft(_)), "{refused}");
}

#[tokio::test]
async fn a_retry_that_brought_one_of_two_copies_leaves_the_other_to_be_tried_again() {
    let (scene, message) = two_copies().await;
    for claimed in scene.begin(Channel::Ent, 9).await {
        refuse(&scene, &claimed).await;
    }
    try_again(&scene, &message).await.unwrap();
    let begun = scene.begin(Channel::Ent, 9).await;
    let missed = is_about(&begun[1]);
    accept(&scene, &begun[0]).await;
    refuse(&scene, &begun[1]).await;
    try_again(&scene, &message).await.unwrap();
    let begun = scene.begin(Channel::Ent, 9).await;
    assert_eq!(begun.iter().map(is_about).collect::<Vec<_>>(), [missed]);
}

#[tokio::test]
async fn a_pupil_who_bears_another_name_since_is_neither_forgotten_nor_written_about_twice() {
    let (scene, message) = two_copies().await;
    for claimed in scene.begin(Channel::Ent, 9).await {
        refuse(&scene, &claimed).await;
    }
    let renamed = "UPDATE pupils SET first_name = first_name || '-Marie'";
    scene.app.store().write(move |tx| tx.touched(renamed, &[])).await.unwrap();
    let retried = try_again(&scene, &message).await.unwrap();
    for claimed in scene.begin(Channel::Ent, 9).await {
        accept(&scene, &claimed).await;
    }
    assert_eq!(scene.status(&retried).await.addressees.reached, 2);
    let refused = drafted_again(&scene, &message).await.unwrap_err();
    assert!(matches!(refused, Refusal::NobodyLeft(_)), "{refused}");
}
