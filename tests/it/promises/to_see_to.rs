//! What waits for a person stands in one list, and leaves it by a person's word alone.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::delivery::ReplyKind;
use chappe::id::Id;
use chappe::message::{Message, Urgency};
use chappe::office::{
    self, AnswerRefusal, EntryKind, EntryName, InboxList, InboxRefusal, InboxSought, School,
};
use chappe::people::{Act, Actor, ContactPoint, ContactState, PersonKey, PupilKey, Whom};
use chappe::phone_number::PhoneNumber;
use chappe::providers::Guard;
use chappe::store::replies::{self, AnsweredCopy, KeptReply};
use chappe::store::{Tx, contact_points};

use super::people::{People, Way};
use super::scene::{Scene, is_settled};

const EMAIL_ALONE: &str = "[{ channels = [\"email\"], patience = \"1h\" }]";
const ALL: &Whom = &Whom::Everybody;
const INES: &str = "+33639981001";

/// One with a mailbox and a mobile, one whom nothing reaches.
fn people() -> People {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines@example.org"), Way::Mobile("06 39 98 10 01")]);
    people.family("Marc PETIT", &[Way::Mobile("06 39 98 10 02")]);
    people
}

async fn set() -> Scene {
    Scene::set(people(), EMAIL_ALONE).await
}

fn somebody() -> Actor {
    Actor::CommandLine("anne".to_owned())
}

async fn listed(scene: &Scene) -> InboxList {
    listed_for(scene, &Whom::Everybody, InboxSought::default()).await
}

async fn listed_for(scene: &Scene, whom: &Whom, sought: InboxSought) -> InboxList {
    office::inbox(&scene.app, whom, InboxSought { most: 20, ..sought }).await.unwrap()
}

fn names(inbox: &InboxList) -> Vec<String> {
    inbox.entries.iter().map(|it| it.name.to_string()).collect()
}

/// Somebody wrote a text message, about a message or about none.
async fn wrote(scene: &Scene, body: &'static str, answers: Option<&Message>) {
    let now = scene.clock.now();
    let reply = KeptReply {
        id: Id::new(now),
        kind: ReplyKind::Reply,
        channel: Channel::Sms,
        provider: "sms".to_owned(),
        provider_ref: body.to_owned(),
        answers: answers.map(|message| AnsweredCopy {
            message: message.id,
            addressee: Id::new(message.launched_at),
        }),
        person: Some(PersonKey("siecle:1".to_owned())),
        sender: Some(INES.to_owned()),
        subject: None,
        body: body.to_owned(),
        received_at: now,
    };
    let id = scene.app.queue.school().clone();
    let kept = scene.app.store().write(move |tx| replies::insert(tx, &id, &reply)).await.unwrap();
    assert!(kept);
}

async fn launched(scene: &Scene, urgency: Urgency) -> Message {
    let message = scene.launch_to("familles", urgency).await;
    scene.until(&message, is_settled).await;
    message
}

#[tokio::test]
async fn what_is_urgent_comes_first_then_the_oldest_and_each_says_whose_it_is() {
    let scene = set().await;
    let daemon = scene.start().await;
    wrote(&scene, "Zoé sera absente", None).await;
    let bulk = launched(&scene, Urgency::Bulk).await;
    scene.pass(Duration::from_mins(1));
    let urgent = launched(&scene, Urgency::Urgent).await;
    daemon.stop().await;
    let inbox = listed(&scene).await;
    let by_reference = |message: &Message| message.code.delivery(1, 0);
    let expected = [by_reference(&urgent), "1".to_owned(), by_reference(&bulk)];
    assert_eq!((names(&inbox), inbox.total), (expected.to_vec(), 3));
    let [first, said, _] = &inbox.entries[..] else { unreachable!() };
    assert_eq!((first.kind, first.is_urgent), (EntryKind::Unreached, true));
    assert_eq!(first.who.as_deref(), Some("Marc PETIT"));
    assert_eq!(
        (first.about.as_slice(), first.message.as_ref()),
        (&["Zoe PETIT (6A)".to_owned()][..], Some(&urgent.code))
    );
    assert_eq!(
        (said.who.as_deref(), said.said.as_deref()),
        (Some("Ines DURAND"), Some("Zoé sera absente"))
    );
    assert_eq!(said.sender.as_deref(), Some("06 39 98 10 01"));
    let one_kind = InboxSought { kind: Some(EntryKind::Reply), ..InboxSought::default() };
    assert_eq!(names(&listed_for(&scene, &Whom::Everybody, one_kind).await), ["1"]);
    let others = Whom::Own { classes: Vec::new(), pupils: vec![PupilKey("siecle:2".to_owned())] };
    let theirs = listed_for(&scene, &others, InboxSought::default()).await;
    assert_eq!(
        (names(&theirs), theirs.total),
        (vec![by_reference(&urgent), by_reference(&bulk)], 2)
    );
}

/// Whoever has pupils of their own does nothing about an entry that is about others: to them there is none.
async fn nobody_else_touches(app: &School, name: EntryName) {
    let others = &Whom::Own { classes: vec!["5A".to_owned()], pupils: Vec::new() };
    let (us, named, blank) = (somebody, || name.clone(), String::new);
    let there_is_none = |done: Option<InboxRefusal>, act: &str| {
        assert!(matches!(done, Some(InboxRefusal::NoSuchEntry(_))), "{act}: {done:?}");
    };
    there_is_none(office::assign_entry(app, us(), others, named(), None).await.err(), "assign");
    there_is_none(office::settle_entry(app, us(), others, named(), blank()).await.err(), "settle");
    there_is_none(office::reopen_entry(app, us(), others, named()).await.err(), "reopen");
    let answered = office::answer_entry(app, us(), others, named(), "oui", Guard::LoopbackOnly);
    let Err(AnswerRefusal::Entry(refused)) = answered.await else { panic!("answered {name}") };
    there_is_none(Some(refused), "answer");
}

#[tokio::test]
async fn an_entry_is_given_to_a_colleague_settled_once_and_put_back() {
    let scene = set().await;
    let daemon = scene.start().await;
    let message = launched(&scene, Urgency::Bulk).await;
    daemon.stop().await;
    wrote(&scene, "Merci", Some(&message)).await;
    for name in names(&listed(&scene).await) {
        let (app, named) = (&*scene.app, || name.parse::<EntryName>().unwrap());
        nobody_else_touches(app, named()).await;
        office::assign_entry(app, somebody(), ALL, named(), Some("Mme Roy".to_owned()))
            .await
            .unwrap();
        let given = InboxSought { assigned_to: Some("mme roy".to_owned()), ..Default::default() };
        assert!(names(&listed_for(&scene, &Whom::Everybody, given).await).contains(&name));
        office::settle_entry(app, somebody(), ALL, named(), "vue à la grille".to_owned())
            .await
            .unwrap();
        assert!(!names(&listed(&scene).await).contains(&name));
        let again = office::settle_entry(app, somebody(), ALL, named(), String::new()).await;
        assert!(matches!(again, Err(InboxRefusal::SettledAlready { by, .. }) if by == "anne"));
        let entry = office::inbox_entry(app, &Whom::Everybody, &named()).await.unwrap().unwrap();
        assert_eq!(entry.how.as_deref(), Some("vue à la grille"));
        office::reopen_entry(app, somebody(), ALL, named()).await.unwrap();
        assert!(names(&listed(&scene).await).contains(&name));
        let again = office::reopen_entry(app, somebody(), ALL, named()).await;
        assert!(matches!(again, Err(InboxRefusal::NotSettled(_))));
    }
    for (unknown, is_there) in [("99".to_owned(), false), (message.code.delivery(0, 0), true)] {
        let done = office::settle_entry(
            &scene.app,
            somebody(),
            ALL,
            unknown.parse().unwrap(),
            String::new(),
        );
        match done.await {
            Err(InboxRefusal::NoSuchEntry(_)) => assert!(!is_there),
            Err(InboxRefusal::NotInHands { .. }) => assert!(is_there, "whoever is reached"),
            other => panic!("{unknown}: {other:?}"),
        }
    }
    let acts = office::journal(&scene.app, 20).await.unwrap();
    for act in [Act::Assign, Act::Settle, Act::Reopen] {
        assert_eq!(acts.iter().filter(|it| it.act == act).count(), 2, "{act:?}");
    }
}

#[tokio::test]
async fn whoever_is_unreached_anew_is_on_the_list_again() {
    let scene = set().await;
    let daemon = scene.start().await;
    let message = launched(&scene, Urgency::Bulk).await;
    let name: EntryName = message.code.delivery(1, 0).parse().unwrap();
    let own = Whom::Own { classes: Vec::new(), pupils: vec![PupilKey("siecle:2".to_owned())] };
    office::settle_entry(&scene.app, somebody(), &own, name.clone(), String::new()).await.unwrap();
    assert_eq!(listed(&scene).await.total, 0);
    // What was said of another state does not hold for this one.
    let stands = "UPDATE addressees SET state = 'uncertain' WHERE number = 1";
    scene.app.store().write(move |tx| tx.touched(stands, &[])).await.unwrap();
    assert_eq!(names(&listed(&scene).await), [name.to_string()]);
    daemon.stop().await;
}

async fn answer(app: &School, name: &str, text: &str) -> Result<(), AnswerRefusal> {
    let named = name.parse().unwrap();
    let left = office::answer_entry(app, somebody(), ALL, named, text, Guard::LoopbackOnly).await;
    left.map(drop)
}

#[tokio::test]
async fn whoever_wrote_is_answered_by_the_same_way_unless_they_asked_for_no_more() {
    let scene = set().await;
    wrote(&scene, "À quelle heure ?", None).await;
    wrote(&scene, "Et le bus ?", None).await;
    let empty = answer(&scene.app, "1", "  ").await;
    assert!(matches!(empty, Err(AnswerRefusal::NoText)));
    answer(&scene.app, "1", "À 18 h, au gymnase.").await.unwrap();
    let [text] = &scene.sms.messages()[..] else { panic!("one text message") };
    assert_eq!((text.receiver.as_str(), text.message.as_str()), (INES, "À 18 h, au gymnase."));
    assert_eq!(names(&listed(&scene).await), ["2"], "what was answered left the list");
    let stop = |tx: &Tx<'_>, id: &_, now| {
        let number = ContactPoint::Sms(PhoneNumber::from_e164(INES).unwrap());
        contact_points::set_state(tx, id, &number, ContactState::OptedOut, now)
    };
    let (id, now) = (scene.app.queue.school().clone(), scene.clock.now());
    scene.app.store().write(move |tx| stop(tx, &id, now)).await.unwrap();
    let refused = answer(&scene.app, "2", "À 17 h.").await;
    assert!(matches!(refused, Err(AnswerRefusal::Stopped(_))), "{refused:?}");
    assert_eq!(names(&listed(&scene).await), ["2"]);
    office::hold(&scene.app, somebody(), "exercice".to_owned()).await.unwrap();
    let held = answer(&scene.app, "99", "À 17 h.").await;
    assert!(matches!(held, Err(AnswerRefusal::Entry(InboxRefusal::NoSuchEntry(_)))), "{held:?}");
    assert_eq!(scene.sms.messages().len(), 1);
}

/// Tells the direction, as the daemon does; how many were told.
async fn alert(scene: &Scene) -> usize {
    let providers = [scene.provider(Channel::Email)];
    office::send_inbox_alert(&scene.app, &providers).await.unwrap()
}

#[tokio::test]
async fn the_direction_is_told_once_of_what_is_urgent_and_lies_too_long() {
    let scene = Scene::set_with(people(), EMAIL_ALONE, &[("INBOX__ALERT_AFTER", "2h")]).await;
    let daemon = scene.start().await;
    launched(&scene, Urgency::Bulk).await;
    daemon.stop().await;
    scene.pass(Duration::from_hours(3));
    assert_eq!(alert(&scene).await, 0, "nothing urgent waits");
    let daemon = scene.start().await;
    let urgent = launched(&scene, Urgency::Urgent).await;
    daemon.stop().await;
    let mails = scene.mails().len();
    assert_eq!(alert(&scene).await, 0, "not for long yet");
    scene.pass(Duration::from_hours(2));
    assert_eq!((alert(&scene).await, alert(&scene).await), (1, 0), "once");
    let told = scene.mails().split_off(mails).concat();
    assert!(told.contains("Une chose attend") && told.contains("À traiter"), "{told}");
    assert!(!told.contains("PETIT") && !told.contains(urgent.code.as_str()), "{told}");
    scene.pass(Duration::from_mins(121));
    assert_eq!(alert(&scene).await, 1, "it lies there still");
    let name = urgent.code.delivery(1, 0).parse().unwrap();
    office::settle_entry(&scene.app, somebody(), ALL, name, String::new()).await.unwrap();
    scene.pass(Duration::from_hours(3));
    assert_eq!(alert(&scene).await, 0, "somebody saw to it");
}
