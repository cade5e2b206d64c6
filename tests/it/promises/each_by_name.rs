//! Promise 1, as people look it through: every addressee stands in one place of the sum, is found by name, and
//! what was tried for them is told.

use chappe::channel::Channel;
use chappe::delivery::AddresseePlace;
use chappe::message::Message;
use chappe::office::{self, AddresseePage, Happened, Sought};
use chappe::people::{Act, Actor, PupilKey, Whom};

use super::people::{People, Way};
use super::scene::{Scene, is_settled};

const EMAIL_THEN_LETTER: &str =
    "[{ channels = [\"email\"], patience = \"1h\" }, { channels = [\"letter\"] }]";

/// Five families with a mailbox, one who have an address alone, one whom nothing reaches.
fn seven_families() -> People {
    let mut people = People::none();
    people.families(5, false, true);
    people.family("Anne-Laure NGUYÊN", &[Way::Home("3 rue des Lilas")]);
    let last = people.guardian("Mei OUEDRAOGO", &[]);
    people.pupil("Noe KEITA", "4D", &[&last]);
    people
}

async fn settled() -> (Scene, Message) {
    let scene = Scene::set(seven_families(), EMAIL_THEN_LETTER).await;
    let daemon = scene.start().await;
    let message = scene.launch().await;
    scene.until(&message, is_settled).await;
    drop(daemon);
    (scene, message)
}

async fn page(scene: &Scene, message: &Message, sought: Sought) -> AddresseePage {
    office::addressees(&scene.app, message, sought, 1, 50).await.unwrap()
}

fn names(page: &AddresseePage) -> Vec<&str> {
    page.addressees.iter().map(|one| one.name.as_str()).collect()
}

#[tokio::test]
async fn the_places_of_all_addressees_add_up_to_the_sum() {
    let (scene, message) = settled().await;
    let status = scene.status(&message).await;
    let mut sum = 0;
    for place in AddresseePlace::ALL {
        let found =
            page(&scene, &message, Sought { place: Some(place), ..Sought::default() }).await;
        assert!(found.addressees.iter().all(|one| one.place == place), "{place:?}");
        let told = match place {
            AddresseePlace::HandedOver => status.levels.handed_over,
            AddresseePlace::OnLetter => status.addressees.on_letter,
            AddresseePlace::Unreached => status.addressees.unreached,
            _ => 0,
        };
        assert_eq!(found.found, told, "{place:?}");
        sum += found.found;
    }
    assert_eq!((sum, status.addressees.total), (7, 7));
}

#[tokio::test]
async fn an_addressee_is_found_by_name_by_pupil_by_class_and_by_way() {
    let (scene, message) = settled().await;
    let by = |sought| page(&scene, &message, sought);
    let called = |it: &str| Sought { called: Some(it.to_owned()), ..Sought::default() };
    assert_eq!(names(&by(called("nguyen anne")).await), ["Anne-Laure NGUYÊN"]);
    assert_eq!(names(&by(called("keita")).await), ["Mei OUEDRAOGO"]);
    assert!(by(called("guyen")).await.addressees.is_empty());
    let class = Sought { class: Some("4D".to_owned()), ..Sought::default() };
    assert_eq!(names(&by(class).await), ["Mei OUEDRAOGO"]);
    let letters = Sought { channel: Some(Channel::Letter), ..Sought::default() };
    assert_eq!(names(&by(letters).await), ["Anne-Laure NGUYÊN"]);
}

#[tokio::test]
async fn pages_hold_everybody_once_and_in_one_order() {
    let (scene, message) = settled().await;
    let mut seen = Vec::new();
    for number in 1..=4 {
        let page =
            office::addressees(&scene.app, &message, Sought::default(), number, 2).await.unwrap();
        assert_eq!((page.page, page.pages, page.found), (number, 4, 7));
        seen.extend(page.addressees.into_iter().map(|one| one.number));
    }
    assert_eq!(seen, [0, 1, 2, 3, 4, 5, 6]);
    let past = office::addressees(&scene.app, &message, Sought::default(), 99, 2).await.unwrap();
    assert_eq!(past.page, 4);
}

#[tokio::test]
async fn whoever_has_a_class_of_their_own_sees_no_other_addressee() {
    let (scene, message) = settled().await;
    let whom = Whom::Own { classes: vec!["4D".to_owned()], pupils: vec![PupilKey("x".to_owned())] };
    let found = page(&scene, &message, Sought { whom: whom.clone(), ..Sought::default() }).await;
    assert_eq!((names(&found), found.found), (vec!["Mei OUEDRAOGO"], 1));
    let mine = found.addressees[0].number;
    for number in 0..9 {
        let one = office::addressee(&scene.app, &message, number, &whom).await.unwrap();
        assert_eq!(one.is_some(), number == mine, "{number}");
    }
    let table = office::addressee_table(&scene.app, Actor::Program, &message, whom).await.unwrap();
    assert_eq!(table.addressees, 1);
    assert!(!String::from_utf8(table.csv).unwrap().contains("NGUYÊN"));
}

#[tokio::test]
async fn what_happened_to_one_addressee_is_told_in_the_order_of_time() {
    let (scene, message) = settled().await;
    let one = office::addressee(&scene.app, &message, 0, &Whom::Everybody).await.unwrap().unwrap();
    assert_eq!(one.place, AddresseePlace::HandedOver);
    assert_eq!(one.ways[0].told, "courriel : remis au service");
    let events: Vec<&Happened> = one.events.iter().map(|event| &event.what).collect();
    let [Happened::Launched, Happened::Tried { channel, outcome, .. }, Happened::Settled(place)] =
        events.as_slice()
    else {
        panic!("{} events", events.len())
    };
    assert_eq!((*channel, *outcome, *place), (Channel::Email, "pris en charge", one.place));
    assert!(one.events.is_sorted_by_key(|event| event.at));
    let none = office::addressee(&scene.app, &message, 7, &Whom::Everybody).await.unwrap();
    assert!(none.is_none());
}

#[tokio::test]
async fn the_steps_of_a_message_rise_to_all_whom_it_reached() {
    let (scene, message) = settled().await;
    let steps = office::progress(&scene.app, &message).await.unwrap();
    assert!(!steps.is_empty() && steps.len() <= 120);
    assert!(steps.is_sorted());
    assert!(steps.iter().all(|(at, _)| *at >= message.launched_at));
    assert_eq!(steps.last().unwrap().1, scene.status(&message).await.addressees.reached);
}

#[tokio::test]
async fn a_message_that_reached_nobody_has_no_step() {
    let scene = Scene::set(seven_families(), EMAIL_THEN_LETTER).await;
    let message = scene.launch().await;
    assert!(office::progress(&scene.app, &message).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_table_of_addressees_stands_in_the_journal_and_says_how_each_is() {
    let (scene, message) = settled().await;
    let by = Actor::CommandLine("anne".to_owned());
    let table = office::addressee_table(&scene.app, by, &message, Whom::Everybody).await.unwrap();
    let csv = String::from_utf8(table.csv).unwrap();
    assert_eq!((table.addressees, csv.lines().count()), (7, 8));
    let line = csv.lines().find(|line| line.contains("NGUYÊN")).unwrap();
    assert!(line.contains("\"sur papier\""), "{line}");
    let noted = office::journal(&scene.app, 9).await.unwrap();
    let noted: Vec<_> = noted.iter().filter(|noted| noted.act == Act::Export).collect();
    let [noted] = noted.as_slice() else { panic!("{noted:?}") };
    assert_eq!((noted.by.name(), noted.about.as_str()), ("anne", message.code.as_str()));
}

#[tokio::test]
async fn what_was_sent_stands_newest_first_and_is_found_by_its_subject() {
    let (scene, first) = settled().await;
    scene.pass(std::time::Duration::from_mins(1));
    let second = scene.launch().await;
    let all = office::sent(&scene.app, "", 1).await.unwrap();
    let codes: Vec<&str> = all.messages.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(codes, [second.code.as_str(), first.code.as_str()]);
    assert_eq!((all.page, all.pages, all.found), (1, 1, 2));
    let by_code = office::sent(&scene.app, first.code.as_str(), 1).await.unwrap();
    assert_eq!(by_code.found, 1);
    let subject = &all.messages[0].subject.to_lowercase();
    assert_eq!(office::sent(&scene.app, subject, 9).await.unwrap().found, 2);
    assert_eq!(office::sent(&scene.app, "introuvable", 1).await.unwrap().found, 0);
}
