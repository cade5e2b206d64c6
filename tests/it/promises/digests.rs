//! What is over a household's week is gathered, and leaves once, as one message.

use std::collections::BTreeMap;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent};
use chappe::delivery::{Content, FailureKind};
use chappe::message::{Message, MessageState, PlansBeside, Terms, Urgency};
use chappe::office::{self, Amendments, Among, Refusal, Request};
use chappe::people::{Actor, By, PersonKey};
use chappe::queue::{Claimed, Corrected, DigestCount, MayHaveLeft, Outcome};
use chappe::store::Tx;
use chappe::upkeep;

use super::people::{People, Way};
use super::scene::{LEASE, Scene, announcement, is_settled};

const EMAIL: &str =
    "[{ channels = [\"email\"], patience = \"200h\" }, { channels = [\"letter\"] }]";
const SMS: &str = "[{ channels = [\"sms\"], patience = \"200h\" }]";
const LETTER: &str = "[{ channels = [\"letter\"] }]";
/// One message a week, and the digest on Friday.
const CAP: [(&str, &str); 2] = [("LOAD__PER_WEEK", "1"), ("LOAD__DIGEST", "fri 17:00")];
/// From the Monday morning on which scenes begin.
const TO_FRIDAY: Duration = Duration::from_hours(4 * 24 + 9);
const TO_NEXT_MONDAY: Duration = Duration::from_hours(7 * 24 - 8);

fn one_family() -> People {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines.durand@example.org")]);
    people
}

async fn school(people: People, plan: &str) -> Scene {
    Scene::set_with(people, plan, &CAP).await
}

fn request(scene: &Scene, about: &str, urgency: Urgency) -> Request {
    let mut fields = announcement();
    fields.insert("objet".to_owned(), about.to_owned());
    Request {
        template: "fermeture".to_owned(),
        fields,
        audience: "familles".to_owned(),
        plan: scene.app.config.plan("famille").unwrap(),
        plans: PlansBeside::default(),
        urgency: Some(urgency),
        plain_sms: false,
        question: None,
        terms: Terms::default(),
        among: None,
        again: true,
    }
}

async fn send(scene: &Scene, request: Request) -> Message {
    let draft = office::prepare(&scene.app, request);
    office::launch(&scene.app, Actor::Program, draft.await.unwrap()).await.unwrap()
}

async fn announce(scene: &Scene, about: &str) -> Message {
    send(scene, request(scene, about, Urgency::Bulk)).await
}

async fn keep_up(scene: &Scene) {
    upkeep::round(&scene.app.queue, scene.clock.now()).await.unwrap();
}

/// What leaves by a channel now.
async fn leaving(scene: &Scene, channel: Channel) -> Vec<Claimed> {
    scene.begin(channel, 999).await
}

async fn settle(scene: &Scene, claimed: &Claimed, event: DeliveryEvent) {
    let outcome = Outcome::of(claimed.due, event);
    scene.app.queue.settle(vec![outcome], scene.clock.now()).await.unwrap();
}

async fn accept(scene: &Scene, claimed: &Claimed) {
    settle(scene, claimed, DeliveryEvent::Accepted { look_at: None }).await;
}

async fn decide(scene: &Scene, message: &Message, state: MessageState) {
    let (by, now) = ("Camille Arago".to_owned(), scene.clock.now());
    assert!(
        scene.app.queue.decisions().decide(message, state, by, By::program(now)).await.unwrap()
    );
}

fn text(scene: &Scene, claimed: &Claimed) -> String {
    let (to, reference) = (&claimed.recipient, claimed.reference());
    let content = scene.app.renderer.content_with(
        &claimed.message,
        &claimed.enclosed,
        to,
        claimed.delivery.channel,
        &reference,
    );
    match content.unwrap() {
        Content::Email { text, .. } | Content::Chat { text, .. } | Content::Sms { text, .. } => {
            text
        }
        Content::Ent { html, .. } => html,
    }
}

async fn state(scene: &Scene, message: &Message) -> AddresseeState {
    let states = scene.states(message).await;
    assert_eq!(states.len(), 1);
    states.into_values().next().unwrap()
}

/// The first message of the week has left, and these wait.
async fn with_gathered(scene: &Scene, about: &[&str]) -> Vec<Message> {
    announce(scene, "La premiere").await;
    for first in leaving(scene, Channel::Email).await {
        accept(scene, &first).await;
    }
    let mut gathered = Vec::new();
    for about in about {
        gathered.push(announce(scene, about).await);
    }
    assert!(leaving(scene, Channel::Email).await.is_empty(), "they wait");
    gathered
}

// ---- the digest ----------------------------------------------------------------------------------

#[tokio::test]
async fn what_is_over_the_cap_waits_and_leaves_once_with_the_others_of_the_household() {
    let scene = school(one_family(), EMAIL).await;
    let two = with_gathered(&scene, &["Les photos", "Le cross"]).await;
    let friday = scene.clock.now() + TO_FRIDAY;
    for message in &two {
        let status = scene.status(message).await;
        let waits = DigestCount { waiting: 1, leaves_at: Some(friday), carried: 0 };
        assert_eq!((status.digest, status.addressees.waiting), (waits, 1));
    }
    scene.pass(TO_FRIDAY.saturating_sub(Duration::from_millis(1)));
    keep_up(&scene).await;
    assert!(leaving(&scene, Channel::Email).await.is_empty());
    scene.pass(Duration::from_millis(1));
    keep_up(&scene).await;
    keep_up(&scene).await;
    let digest = leaving(&scene, Channel::Email).await;
    assert_eq!(digest.len(), 1);
    assert!(digest[0].message.is_digest());
    let text = text(&scene, &digest[0]);
    for message in &two {
        let title = format!("{} (réf. {})", message.fields["objet"], message.code.as_str());
        assert!(text.contains(&title), "{text}");
    }
    assert_eq!(text.matches("Le professeur principal suit chaque élève").count(), 2, "{text}");
    assert!(!text.contains("La premiere"));
    accept(&scene, &digest[0]).await;
    for message in &two {
        let status = scene.status(message).await;
        let carried = DigestCount { waiting: 0, leaves_at: None, carried: 1 };
        assert_eq!((status.digest, status.addressees.reached), (carried, 1));
    }
    keep_up(&scene).await;
    assert!(leaving(&scene, Channel::Email).await.is_empty());
}

#[tokio::test]
async fn a_digest_arrives_whole_in_a_real_mailbox_and_once() {
    let scene = school(one_family(), EMAIL).await;
    let daemon = scene.start().await;
    let first = announce(&scene, "La premiere").await;
    scene.until(&first, is_settled).await;
    let (photos, cross) =
        (announce(&scene, "Les photos").await, announce(&scene, "Le cross").await);
    scene.pass(TO_FRIDAY);
    scene.until(&photos, is_settled).await;
    assert_eq!(scene.until(&cross, is_settled).await.addressees.reached, 1);
    daemon.stop().await;
    let mails = scene.mails();
    assert_eq!(mails.len(), 2);
    assert!(mails[1].contains("Les photos") && mails[1].contains("Le cross"));
    assert_eq!(mails[1].matches("<h3>Ce qui change</h3>").count(), 2, "{}", mails[1]);
}

#[tokio::test]
async fn a_text_message_holds_what_the_texts_are_about_and_where_they_stand() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Mobile("06 39 98 00 01")]);
    let scene = school(people, SMS).await;
    announce(&scene, "La premiere").await;
    assert_eq!(leaving(&scene, Channel::Sms).await.len(), 1);
    announce(&scene, "Les photos").await;
    scene.pass(Duration::from_secs(1));
    announce(&scene, "Le cross").await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let digest = leaving(&scene, Channel::Sms).await;
    let text = text(&scene, &digest[0]);
    let reference = digest[0].reference();
    assert_eq!(
        text,
        format!(
            "Collège Claude-Chappe, cette semaine : Les photos ; Le cross. \
             Textes complets à l'accueil (réf. {reference})"
        )
    );
}

#[tokio::test]
async fn a_message_that_was_gathered_alone_leaves_as_itself() {
    let scene = school(one_family(), EMAIL).await;
    let photos = with_gathered(&scene, &["Les photos"]).await.remove(0);
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let alone = leaving(&scene, Channel::Email).await;
    assert_eq!(alone.len(), 1);
    assert_eq!(alone[0].message.id, photos.id);
    accept(&scene, &alone[0]).await;
    assert_eq!(state(&scene, &photos).await, AddresseeState::Reached);
}

#[tokio::test]
async fn what_is_urgent_an_answer_or_a_correction_never_waits_and_never_counts() {
    let scene = school(one_family(), EMAIL).await;
    for urgency in [Urgency::Urgent, Urgency::Reply] {
        send(&scene, request(&scene, "Vite", urgency)).await;
    }
    assert_eq!(leaving(&scene, Channel::Email).await.len(), 2);
    let first = announce(&scene, "La premiere").await;
    assert_eq!(leaving(&scene, Channel::Email).await.len(), 1, "those did not count");
    for urgency in [Urgency::Urgent, Urgency::Reply] {
        send(&scene, request(&scene, "Vite", urgency)).await;
    }
    correct(&scene, &first).await;
    assert_eq!(leaving(&scene, Channel::Email).await.len(), 3);
}

#[tokio::test]
async fn the_households_that_had_less_do_not_wait() {
    let mut people = one_family();
    people.family("Rosa PETIT", &[Way::Email("rosa.petit@example.org")]);
    let scene = school(people, EMAIL).await;
    let among = Some(Among::Persons([PersonKey("siecle:1".to_owned())].into()));
    send(&scene, Request { among, ..request(&scene, "A Ines seule", Urgency::Bulk) }).await;
    assert_eq!(leaving(&scene, Channel::Email).await.len(), 1);
    let all = announce(&scene, "A tous").await;
    let left = leaving(&scene, Channel::Email).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].recipient.person.0, "siecle:2");
    assert_eq!(scene.status(&all).await.digest.waiting, 1);
}

#[tokio::test]
async fn counting_begins_anew_on_monday() {
    let scene = school(one_family(), EMAIL).await;
    announce(&scene, "La premiere").await;
    scene.pass(TO_NEXT_MONDAY.saturating_sub(Duration::from_millis(1)));
    let on_sunday = announce(&scene, "Dimanche").await;
    assert_eq!(scene.status(&on_sunday).await.digest.waiting, 1);
    scene.pass(Duration::from_millis(1));
    let on_monday = announce(&scene, "Lundi").await;
    assert_eq!(scene.status(&on_monday).await.digest.waiting, 0);
}

#[tokio::test]
async fn what_is_launched_at_the_weekend_counts_for_the_week_in_which_it_leaves() {
    let weekend = ("HOURS__SMS__QUIET", "[\"fri 20:00-mon 07:00\"]");
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Mobile("06 39 98 00 01")]);
    let scene = Scene::set_with(people, SMS, &[CAP[0], CAP[1], weekend]).await;
    announce(&scene, "Cette semaine").await;
    scene.pass(TO_FRIDAY + Duration::from_hours(48));
    let on_sunday = announce(&scene, "Dimanche").await;
    assert_eq!(scene.status(&on_sunday).await.digest.waiting, 0, "it leaves on Monday");
    scene.pass(TO_NEXT_MONDAY.saturating_sub(TO_FRIDAY + Duration::from_hours(48)));
    scene.pass(Duration::from_hours(8));
    let on_monday = announce(&scene, "Lundi").await;
    assert_eq!(scene.status(&on_monday).await.digest.waiting, 1, "that week is full");
}

#[tokio::test]
async fn a_message_that_reached_nobody_of_the_household_does_not_count() {
    let scene = school(one_family(), EMAIL).await;
    let cancelled = announce(&scene, "Non").await;
    decide(&scene, &cancelled, MessageState::Cancelled).await;
    announce(&scene, "La premiere").await;
    assert_eq!(leaving(&scene, Channel::Email).await.len(), 1);
}

#[tokio::test]
async fn who_cannot_be_reached_is_told_of_at_once() {
    let mut people = People::none();
    let lost = people.family("Sans ADRESSE", &[]);
    let other = people.guardian("Luc ADRESSE", &[Way::Email("luc@example.org")]);
    people.pupil("Max ADRESSE", "6A", &[&lost, &other]);
    let scene = school(people, EMAIL).await;
    with_gathered(&scene, &[]).await;
    let next = announce(&scene, "La suite").await;
    assert_eq!(scene.states(&next).await[&lost], AddresseeState::Unreached);
}

// ---- true pictures -------------------------------------------------------------------------------

#[tokio::test]
async fn what_a_digest_holds_stands_as_the_digest_stands() {
    let mut people = People::none();
    let ways = [Way::Email("ines.durand@example.org"), Way::Home("1 rue des Lilas")];
    people.family("Ines DURAND", &ways);
    let scene = school(people, EMAIL).await;
    let two = with_gathered(&scene, &["Les photos", "Le cross"]).await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let digest = leaving(&scene, Channel::Email).await;
    let kind = FailureKind::BadAddress;
    settle(&scene, &digest[0], DeliveryEvent::Failed { kind, retry_at: None }).await;
    for message in &two {
        assert_eq!(state(&scene, message).await, AddresseeState::OnLetter);
    }
    let batch = scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
    let letters = scene.app.queue.letters().of(&batch).await.unwrap();
    assert_eq!((batch.letters, letters.len(), letters[0].enclosed.len()), (1, 1, 2));
    let letter = &letters[0];
    let words = scene.app.renderer.digest(
        &letter.message,
        &letter.enclosed,
        &letter.recipients[0],
        Channel::Letter,
    );
    let words = words.unwrap().letter(&letter.recipients[0], &letter.reference).unwrap();
    let words = format!("{:?}", words.body);
    assert!(words.contains("Les photos") && words.contains("Le cross"));
    assert_eq!(
        words.matches("Madame,").count(),
        2,
        "one greeting and one closing for all: {words}"
    );
    scene.app.queue.letters().mark_posted(&batch, By::program(scene.clock.now())).await.unwrap();
    for message in &two {
        assert_eq!(state(&scene, message).await, AddresseeState::Reached);
    }
    // A bounce of the e-mail says nothing new, a letter that comes back does.
    let reference = letter.reference.parse().unwrap();
    assert!(
        scene
            .app
            .queue
            .letters()
            .mark_returned(reference, By::program(scene.clock.now()))
            .await
            .unwrap()
    );
    for message in &two {
        assert_eq!(state(&scene, message).await, AddresseeState::Unreached);
    }
}

#[tokio::test]
async fn two_guardians_of_a_household_each_get_theirs_at_their_own_address() {
    let mut people = People::none();
    let home = Way::Home("1 rue des Lilas");
    let ines = people.guardian("Ines DURAND", &[Way::Email("ines@example.org"), home]);
    let paul = people.guardian("Paul DURAND", &[Way::Email("paul@example.org"), home]);
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    let scene = school(people, EMAIL).await;
    with_gathered(&scene, &["Les photos", "Le cross"]).await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let digest = leaving(&scene, Channel::Email).await;
    let mut to: Vec<PersonKey> = digest.iter().map(|one| one.recipient.person.clone()).collect();
    to.sort();
    assert_eq!(to, [ines, paul]);
    assert!(digest.iter().all(|one| one.enclosed.len() == 2));
}

#[tokio::test]
async fn two_who_share_a_letterbox_get_one_digest_there() {
    let mut people = People::none();
    let home = Way::Home("1 rue des Lilas");
    let (ines, paul) =
        (people.guardian("Ines DURAND", &[home]), people.guardian("Paul DURAND", &[home]));
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    let scene = school(people, LETTER).await;
    announce(&scene, "La premiere").await;
    let two = [announce(&scene, "Les photos").await, announce(&scene, "Le cross").await];
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let now = scene.clock.now();
    let batch = scene.app.queue.letters().gather(None, now).await.unwrap().unwrap();
    assert_eq!(batch.letters, 2, "the first message of the week, and the digest");
    let letters = scene.app.queue.letters().of(&batch).await.unwrap();
    assert!(letters.iter().all(|letter| letter.recipients.len() == 2));
    scene.app.queue.letters().mark_posted(&batch, By::program(now)).await.unwrap();
    for message in &two {
        assert_eq!(scene.status(message).await.addressees.reached, 2);
    }
}

#[tokio::test]
async fn two_who_share_a_mailbox_since_yesterday_get_one_digest_there() {
    let mut people = People::none();
    let ines = people.guardian("Ines DURAND", &[Way::Email("ines@example.org")]);
    let paul = people.guardian("Paul DURAND", &[Way::Email("paul@example.org")]);
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    let scene = school(people, EMAIL).await;
    let before = with_gathered(&scene, &["Les photos"]).await.remove(0);
    let now_one = "UPDATE contact_points SET value = 'durand@example.org' WHERE channel = 'email'";
    scene.app.store().write(|tx| tx.execute(now_one, &[])).await.unwrap();
    scene.pass(Duration::from_hours(1));
    let after = announce(&scene, "Le cross").await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let digest = leaving(&scene, Channel::Email).await;
    assert_eq!(digest.len(), 1);
    accept(&scene, &digest[0]).await;
    for message in [before, after] {
        assert_eq!(scene.status(&message).await.addressees.reached, 2);
    }
}

#[tokio::test]
async fn a_shared_letterbox_gets_two_digests_when_they_do_not_say_the_same() {
    let mut people = People::none();
    let home = Way::Home("1 rue des Lilas");
    let (ines, paul) =
        (people.guardian("Ines DURAND", &[home]), people.guardian("Paul DURAND", &[home]));
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    people.pupil("Leo DURAND", "6B", &[&ines]);
    let scene = school(people, LETTER).await;
    announce(&scene, "La premiere").await;
    announce(&scene, "Les photos").await;
    let audience = "familles classe:6A".to_owned();
    send(&scene, Request { audience, ..request(&scene, "Le cross", Urgency::Bulk) }).await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let batch = scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap().unwrap();
    let letters = scene.app.queue.letters().of(&batch).await.unwrap();
    let digests: Vec<_> = letters.iter().filter(|letter| letter.message.is_digest()).collect();
    assert_eq!(digests.len(), 2);
    for letter in digests {
        let to = &letter.recipients[0];
        let words = scene
            .app
            .renderer
            .digest(&letter.message, &letter.enclosed, to, Channel::Letter)
            .unwrap();
        let words = format!("{:?}", words.letter(to, &letter.reference).unwrap().body);
        assert_eq!(words.contains("Leo DURAND"), to.person == ines, "{words}");
    }
}

#[tokio::test]
async fn a_digest_is_about_pupils_in_the_order_of_their_classes_whichever_message_came_first() {
    let mut people = People::none();
    let ines = people.guardian("Ines DURAND", &[Way::Email("ines.durand@example.org")]);
    people.pupil("Leo DURAND", "3B", &[&ines]);
    people.pupil("Zoe DURAND", "6A", &[&ines]);
    let scene = school(people, EMAIL).await;
    with_gathered(&scene, &[]).await;
    for class in ["3B", "6A"] {
        let audience = format!("familles classe:{class}");
        send(&scene, Request { audience, ..request(&scene, "Le cross", Urgency::Bulk) }).await;
    }
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let digest = leaving(&scene, Channel::Email).await;
    let about = digest[0].recipient.about.iter().map(chappe::delivery::About::with_class);
    assert_eq!(about.collect::<Vec<_>>(), ["Zoe DURAND (6A)", "Leo DURAND (3B)"]);
}

// ---- what people decide --------------------------------------------------------------------------

#[tokio::test]
async fn what_was_cancelled_before_the_digest_is_not_in_it() {
    let scene = school(one_family(), EMAIL).await;
    let three = with_gathered(&scene, &["Les photos", "Le cross", "Le bal"]).await;
    decide(&scene, &three[0], MessageState::Cancelled).await;
    assert_eq!(state(&scene, &three[0]).await, AddresseeState::Cancelled);
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let digest = leaving(&scene, Channel::Email).await;
    let text = text(&scene, &digest[0]);
    assert!(!text.contains("Les photos") && text.contains("Le cross") && text.contains("Le bal"));
}

#[tokio::test]
async fn what_is_cancelled_after_the_digest_was_made_leaves_it_as_long_as_it_waits() {
    let scene = school(one_family(), EMAIL).await;
    let two = with_gathered(&scene, &["Les photos", "Le cross"]).await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    decide(&scene, &two[0], MessageState::Cancelled).await;
    assert_eq!(state(&scene, &two[0]).await, AddresseeState::Cancelled);
    let digest = leaving(&scene, Channel::Email).await;
    assert_eq!(digest[0].enclosed.len(), 1);
    assert_eq!(digest[0].enclosed[0].message.id, two[1].id);
    decide(&scene, &two[1], MessageState::Cancelled).await;
    accept(&scene, &digest[0]).await;
    assert_eq!(state(&scene, &two[1]).await, AddresseeState::Reached, "it had left");
    assert_eq!(state(&scene, &two[0]).await, AddresseeState::Cancelled);
}

#[tokio::test]
async fn a_digest_with_nothing_left_in_it_does_not_leave() {
    let scene = school(one_family(), EMAIL).await;
    let two = with_gathered(&scene, &["Les photos", "Le cross"]).await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    for message in &two {
        decide(&scene, message, MessageState::Cancelled).await;
    }
    assert!(leaving(&scene, Channel::Email).await.is_empty());
    keep_up(&scene).await;
    assert!(leaving(&scene, Channel::Email).await.is_empty());
    for message in &two {
        assert_eq!(state(&scene, message).await, AddresseeState::Cancelled);
    }
}

#[tokio::test]
async fn what_is_paused_stays_out_of_the_digest_and_leaves_when_it_is_resumed() {
    let scene = school(one_family(), EMAIL).await;
    let three = with_gathered(&scene, &["Les photos", "Le cross", "Le bal"]).await;
    decide(&scene, &three[0], MessageState::Paused).await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    // Another one is paused between the making of the digest and its start.
    decide(&scene, &three[1], MessageState::Paused).await;
    let digest = leaving(&scene, Channel::Email).await;
    assert_eq!((digest.len(), digest[0].enclosed.len()), (1, 1));
    assert_eq!(digest[0].enclosed[0].message.id, three[2].id);
    accept(&scene, &digest[0]).await;
    for paused in &three[..2] {
        assert_eq!(state(&scene, paused).await, AddresseeState::Waiting);
        decide(&scene, paused, MessageState::Running).await;
    }
    keep_up(&scene).await;
    let later = leaving(&scene, Channel::Email).await;
    assert_eq!((later.len(), later[0].enclosed.len()), (1, 2));
    accept(&scene, &later[0]).await;
    for message in &three {
        assert_eq!(state(&scene, message).await, AddresseeState::Reached);
    }
}

#[tokio::test]
async fn what_would_be_stale_by_then_does_not_wait() {
    let scene = school(one_family(), EMAIL).await;
    with_gathered(&scene, &[]).await;
    let expires_at = Some(scene.clock.now() + TO_FRIDAY);
    let terms = Terms { expires_at, ..Terms::default() };
    send(&scene, Request { terms, ..request(&scene, "Demain", Urgency::Bulk) }).await;
    assert_eq!(leaving(&scene, Channel::Email).await.len(), 1);
}

#[tokio::test]
async fn what_grew_stale_before_a_late_digest_is_not_in_it_and_stands_on_the_list() {
    let scene = school(one_family(), EMAIL).await;
    let cross = with_gathered(&scene, &["Le cross"]).await.remove(0);
    let expires_at = Some(scene.clock.now() + TO_FRIDAY + Duration::from_hours(1));
    let terms = Terms { expires_at, ..Terms::default() };
    let photos = send(&scene, Request { terms, ..request(&scene, "Les photos", Urgency::Bulk) });
    let photos = photos.await;
    assert_eq!(scene.status(&photos).await.digest.waiting, 1);
    // The daemon was off on Friday.
    scene.pass(TO_FRIDAY + Duration::from_hours(2));
    keep_up(&scene).await;
    let left = leaving(&scene, Channel::Email).await;
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].message.id, cross.id);
    assert_eq!(state(&scene, &photos).await, AddresseeState::Unreached);
    assert_eq!(scene.status(&photos).await.digest.waiting, 0);
}

async fn correct(scene: &Scene, earlier: &Message) -> (Message, Corrected) {
    let fields = [("agenda".to_owned(), "Lundi 23 mars à 8h30.".to_owned())];
    let changes = Amendments { fields: fields.into(), ..Amendments::default() };
    let correction = office::prepare_correction(&scene.app, earlier, changes);
    office::correct(&scene.app, Actor::Program, earlier, correction.await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_correction_replaces_what_waits_for_the_digest_and_follows_what_left_with_it() {
    let scene = school(one_family(), EMAIL).await;
    let three = with_gathered(&scene, &["Les photos", "Le cross", "Le bal"]).await;
    let (_, to) = correct(&scene, &three[0]).await;
    assert_eq!((to.had_it, to.waited), (0, 1));
    assert_eq!(state(&scene, &three[0]).await, AddresseeState::Cancelled);
    assert_eq!(leaving(&scene, Channel::Email).await.len(), 1, "the correction does not wait");
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let digest = leaving(&scene, Channel::Email).await;
    assert_eq!(digest[0].enclosed.len(), 2);
    accept(&scene, &digest[0]).await;
    let (_, to) = correct(&scene, &three[1]).await;
    assert_eq!((to.had_it, to.waited), (1, 0));
    assert_eq!(state(&scene, &three[1]).await, AddresseeState::Reached);
    assert_eq!(leaving(&scene, Channel::Email).await.len(), 1);
}

#[tokio::test]
async fn nobody_sends_a_digest_by_hand() {
    let scene = school(one_family(), EMAIL).await;
    let template = "recapitulatif".to_owned();
    let by_hand = Request { template, ..request(&scene, "A la main", Urgency::Bulk) };
    let refused = office::prepare(&scene.app, by_hand).await;
    assert!(matches!(refused.unwrap_err(), Refusal::Digest));
}

// ---- crashes and holds ---------------------------------------------------------------------------

#[tokio::test]
async fn a_digest_whose_answer_was_lost_is_told_as_uncertain_and_its_texts_stay() {
    let scene = school(one_family(), EMAIL).await;
    let two = with_gathered(&scene, &["Les photos", "Le cross"]).await;
    scene.pass(TO_FRIDAY);
    keep_up(&scene).await;
    let begun = leaving(&scene, Channel::Email).await;
    assert_eq!(begun.len(), 1, "once");
    // Killed after the start: what it holds is settled, whatever is decided now.
    decide(&scene, &two[0], MessageState::Cancelled).await;
    scene.pass(LEASE);
    keep_up(&scene).await;
    assert!(leaving(&scene, Channel::Email).await.is_empty(), "never sent blindly");
    let left = scene.lapsed(Channel::Email, 9).await;
    assert_eq!((left.len(), left[0].enclosed.len()), (1, 2));
    settle(&scene, &left[0], DeliveryEvent::UnknownAwait).await;
    scene.pass(Duration::from_hours(201));
    keep_up(&scene).await;
    for message in &two {
        assert_eq!(state(&scene, message).await, AddresseeState::Uncertain);
    }
}

#[tokio::test]
async fn no_digest_is_made_while_the_school_is_on_hold() {
    let scene = school(one_family(), EMAIL).await;
    with_gathered(&scene, &["Les photos", "Le cross"]).await;
    scene.app.queue.holds().put("essai".to_owned(), By::program(scene.clock.now())).await.unwrap();
    scene.pass(TO_FRIDAY);
    assert_eq!(scene.app.queue.digests().make_due(scene.clock.now()).await.unwrap(), 0);
    scene
        .app
        .queue
        .holds()
        .release(MayHaveLeft::Send, By::program(scene.clock.now()))
        .await
        .unwrap();
    keep_up(&scene).await;
    assert_eq!(leaving(&scene, Channel::Email).await[0].enclosed.len(), 2);
}

#[tokio::test]
async fn two_daemons_make_one_digest() {
    let mut people = People::none();
    people.families(150, false, true);
    let scene = school(people, EMAIL).await;
    let two = with_gathered(&scene, &["Les photos", "Le cross"]).await;
    scene.pass(TO_FRIDAY);
    let now: Moment = scene.clock.now();
    let other = scene.app.queue.clone();
    let (one, two_) =
        tokio::join!(scene.app.queue.digests().make_due(now), other.digests().make_due(now));
    assert_eq!(one.unwrap() + two_.unwrap(), 300, "each of them waits no longer, once");
    let digests = leaving(&scene, Channel::Email).await;
    assert_eq!(digests.len(), 150);
    for one in digests {
        assert_eq!(one.enclosed.len(), 2);
        accept(&scene, &one).await;
    }
    for message in &two {
        assert_eq!(scene.status(message).await.addressees.reached, 150);
    }
}

#[tokio::test]
async fn what_may_have_left_with_a_digest_since_a_backup_is_told_as_uncertain() {
    let scene = school(one_family(), EMAIL).await;
    let two = with_gathered(&scene, &["Les photos", "Le cross"]).await;
    let queue = &scene.app.queue;
    queue.holds().put("sauvegarde".to_owned(), By::program(scene.clock.now())).await.unwrap();
    // As the backup's own stamp would.
    let stamp = |tx: &Tx<'_>| tx.execute("UPDATE holds SET as_of = since", &[]);
    scene.app.store().write(stamp).await.unwrap();
    scene.pass(TO_FRIDAY);
    let asked = MayHaveLeft::Uncertain { asked: BTreeMap::new() };
    queue.holds().release(asked, By::program(scene.clock.now())).await.unwrap();
    keep_up(&scene).await;
    assert!(leaving(&scene, Channel::Email).await.is_empty());
    for message in &two {
        assert_eq!(state(&scene, message).await, AddresseeState::Uncertain);
        assert_eq!(queue.corrections().would_concern(message.id).await.unwrap().had_it, 1);
    }
    decide(&scene, &two[0], MessageState::Cancelled).await;
    assert_eq!(state(&scene, &two[0]).await, AddresseeState::Uncertain);
}
