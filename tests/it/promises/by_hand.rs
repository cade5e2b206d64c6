//! PRONOTE, École Directe, Skolengo: a person publishes there, and whoever reads there is told by that person's
//! word alone. Whoever is not told in time goes on by themselves, and nobody is counted as reached who was not.

use std::time::Duration;

use chappe::accounts::AccountRole;
use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::lifecycle::AddresseeState::{self, Cancelled, Reached, Waiting};
use chappe::demo::ent::Weather;
use chappe::directory::{self, Who};
use chappe::message::{Message, MessageState, Urgency};
use chappe::office::{
    self, Amendments, Card, CardRefusal, CardShown, CardState, NewAccount, Published,
    RestrictRequest, School,
};
use chappe::people::{
    Act, Actor, By, ContactPoint, PersonKey, PupilKey, RestrictedTie, Restriction,
};
use chappe::store::cards::SaidDone;
use chappe::store::{Tx, own_addresses};

use chappe::upkeep;

use super::people::{People, Way};
use super::scene::{Scene, is_settled};
use crate::town::settings::until;

const PRONOTE: (&str, &str) = ("PROVIDERS__ENT", "{ manual = { tool = \"pronote\" } }");
const AT_ONCE: (&str, &str) = ("DISPATCH__UNDO", "0s");
/// Half an hour for the person who publishes, then a text message.
const THEN_SMS: &str = "[{ channels = [\"ent\"], patience = \"30min\" }, \
    { channels = [\"sms\"], enough = \"delivered\", patience = \"1h\" }]";
const HALF_AN_HOUR: Duration = Duration::from_mins(30);

/// So many families with a mobile, none of whom the school knows an account of.
fn families(count: usize) -> People {
    let mut people = People::none();
    let names = ["Ana ROY", "Ines DURAND", "Dora PETIT", "Iris MOULIN"];
    let mobiles = ["06 39 98 10 01", "06 39 98 10 02", "06 39 98 10 03", "06 39 98 10 04"];
    for (name, mobile) in names.iter().zip(mobiles).take(count) {
        people.family(name, &[Way::Mobile(mobile)]);
    }
    people
}

async fn set(people: People) -> Scene {
    Scene::set_with(people, THEN_SMS, &[PRONOTE, AT_ONCE]).await
}

fn said(at: Moment, by: &str) -> SaidDone {
    SaidDone { at, by: by.to_owned() }
}

fn somebody() -> Actor {
    Actor::CommandLine("anne".to_owned())
}

/// Says now that a card was published.
async fn publish(scene: &Scene, card: &str, by: &str) -> Result<Published, CardRefusal> {
    let done = said(scene.clock.now(), by);
    office::publish_card(&scene.app, somebody(), card, done).await
}

async fn take_back(scene: &Scene, card: &str) -> Result<Published, CardRefusal> {
    office::take_back_card(&scene.app, somebody(), card).await
}

async fn shown(scene: &Scene, card: &str) -> CardShown {
    office::show_card(&scene.app, card).await.unwrap()
}

async fn card(scene: &Scene, card: &str) -> Card {
    shown(scene, card).await.card
}

/// Ends what time ends, as the daemon does.
async fn keep_up(app: &School) {
    upkeep::round(&app.queue, app.clock.now()).await.unwrap();
}

async fn standing(scene: &Scene, message: &Message, state: AddresseeState) -> usize {
    scene.states(message).await.values().filter(|it| **it == state).count()
}

/// How many hand-overs there were, by their outcome.
async fn handed_over(scene: &Scene) -> usize {
    scene.outcomes().await.values().map(Vec::len).sum()
}

#[tokio::test]
async fn who_reads_there_needs_no_account_and_waits_for_a_person_alone() {
    let scene = set(families(4)).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    let code = message.code.as_str();
    let waiting = card(&scene, code).await;
    assert_eq!((waiting.state, waiting.waiting), (CardState::ToPublish, 4));
    assert_eq!(waiting.until, Some(message.launched_at + HALF_AN_HOUR));
    scene.pass(Duration::from_mins(29));
    keep_up(&scene.app).await;
    assert_eq!(standing(&scene, &message, Waiting).await, 4, "nothing is called");

    assert_eq!(publish(&scene, code, "Sylvie").await.unwrap().addressees, 4);
    let status = scene.status(&message).await;
    assert_eq!((status.addressees.reached, status.levels.handed_over), (4, 4));
    scene.pass(Duration::from_hours(2));
    keep_up(&scene.app).await;
    assert_eq!(scene.status(&message).await.channels[&Channel::Sms].sent, 0, "nor sent twice");
    let published = card(&scene, code).await;
    assert_eq!((published.state, published.told), (CardState::Published, 4));
    assert_eq!(published.published.unwrap().by, "Sylvie");
}

#[tokio::test]
async fn the_half_that_is_not_told_in_time_goes_on_and_what_is_published_then_counts_for_nobody() {
    let mut people = families(4);
    for pupil in people.reading.pupils.iter_mut().skip(2) {
        pupil.level = Some("3e".to_owned());
        pupil.class = Some("3B".to_owned());
    }
    let ana = people.reading.guardianships[0].person.clone();
    people.pupil("Max ROY", "5B", &[&ana]);
    people.reading.pupils.last_mut().unwrap().level = Some("5e".to_owned());
    let two = [
        ("PROVIDERS__ENT", "{ manual = { tool = \"pronote\", readers = { levels = [\"6e\"] } } }"),
        (
            "PROVIDERS__DIRECTE",
            "{ manual = { tool = \"ecole-directe\", readers = { levels = [\"3e\"] }, \
             steps = [\"Messagerie, crayon\", \"Familles de 3e\"] } }",
        ),
        ("ROUTES__ENT", "[\"ent\", \"directe\"]"),
        AT_ONCE,
    ];
    let scene = Scene::set_with(people, THEN_SMS, &two).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    let (ours, theirs) = (format!("{}/ent", message.code), format!("{}/directe", message.code));
    let destination = shown(&scene, &ours).await.destination;
    assert_eq!(destination.steps[0], "Onglet Communication, puis « Informations & sondages »");
    let noted = shown(&scene, &theirs).await.destination.steps;
    assert_eq!(noted, ["Messagerie, crayon", "Familles de 3e"], "as the school noted it");
    let classes = destination.classes;
    assert_eq!(classes, ["6A"], "not the class of a brother who is elsewhere");
    let several = office::show_card(&scene.app, message.code.as_str()).await.err();
    assert!(matches!(several, Some(CardRefusal::Several { .. })), "{several:?}");

    scene.pass(Duration::from_mins(10));
    assert_eq!(publish(&scene, &ours, "Sylvie").await.unwrap().addressees, 2);
    assert_eq!(standing(&scene, &message, Waiting).await, 2, "those of the other program");

    scene.pass(HALF_AN_HOUR);
    scene.later(&message, is_settled).await;
    let late = publish(&scene, &theirs, "Luc").await;
    assert!(
        matches!(&late, Err(CardRefusal::Expired { now, .. }) if now == &["4 reached"]),
        "{late:?}"
    );
    assert_eq!(card(&scene, &theirs).await.state, CardState::Expired);
    let status = scene.status(&message).await;
    assert_eq!((status.channels[&Channel::Ent].sent, status.channels[&Channel::Sms].sent), (2, 2));
    assert_eq!((status.levels.handed_over, status.levels.arrived), (2, 2));
    assert_eq!(handed_over(&scene).await, 4, "each once");
}

#[tokio::test]
async fn of_two_who_say_so_at_once_one_is_told_of_the_other() {
    let scene = set(families(3)).await;
    let message = scene.launch().await;
    let code = message.code.as_str();
    let both = tokio::join!(publish(&scene, code, "Sylvie"), publish(&scene, code, "Luc"));
    let (done, refused) = match both {
        (Ok(done), Err(refused)) | (Err(refused), Ok(done)) => (done, refused),
        both => panic!("{both:?}"),
    };
    assert_eq!(done.addressees, 3);
    let first = card(&scene, code).await.published.unwrap().by;
    let CardRefusal::PublishedAlready { by, .. } = refused else { panic!("{refused}") };
    assert_eq!(by, first);
    assert_eq!(handed_over(&scene).await, 3, "noted once for each");
}

#[tokio::test]
async fn said_twice_it_changes_nothing() {
    let scene = set(families(2)).await;
    let message = scene.launch().await;
    let code = message.code.as_str();
    publish(&scene, code, "Sylvie").await.unwrap();
    let first = card(&scene, code).await;
    scene.pass(Duration::from_mins(5));
    let again = publish(&scene, code, "Luc").await.unwrap_err();
    assert!(again.to_string().contains("by Sylvie"), "{again}");
    assert_eq!(card(&scene, code).await, first);
}

#[tokio::test]
async fn what_is_taken_back_proves_nothing_and_its_readers_wait_or_go_on() {
    let scene = set(families(2)).await;
    let _daemon = scene.start().await;
    let message = scene.launch().await;
    let code = message.code.as_str();
    assert!(matches!(take_back(&scene, code).await, Err(CardRefusal::NotPublished(_))));
    publish(&scene, code, "Sylvie").await.unwrap();
    scene.pass(Duration::from_hours(2));

    assert_eq!(take_back(&scene, code).await.unwrap().addressees, 2);
    let again = card(&scene, code).await;
    assert_eq!((again.state, again.waiting, again.told), (CardState::TakenBack, 2, 0));
    assert_eq!(again.until, Some(scene.clock.now() + HALF_AN_HOUR), "its patience runs anew");
    let status = scene.status(&message).await;
    assert_eq!((status.addressees.reached, status.addressees.waiting), (0, 2));
    assert!(matches!(take_back(&scene, code).await, Err(CardRefusal::NotPublished(_))));

    scene.pass(HALF_AN_HOUR);
    scene.later(&message, is_settled).await;
    let status = scene.status(&message).await;
    assert_eq!((status.addressees.reached, status.levels.arrived), (2, 2), "by text message");
    assert_eq!(card(&scene, code).await.state, CardState::Expired);
}

#[tokio::test]
async fn who_was_told_in_two_programs_stays_told_while_one_of_them_holds() {
    let two = [
        PRONOTE,
        ("PROVIDERS__DIRECTE", "{ manual = { tool = \"ecole-directe\" } }"),
        ("ROUTES__ENT", "[\"ent\", \"directe\"]"),
        AT_ONCE,
    ];
    let scene = Scene::set_with(families(2), THEN_SMS, &two).await;
    let message = scene.launch().await;
    let (one, other) = (format!("{}/ent", message.code), format!("{}/directe", message.code));
    assert_eq!(publish(&scene, &one, "Sylvie").await.unwrap().addressees, 2);
    let there = card(&scene, &other).await;
    assert_eq!((there.state, there.told_otherwise), (CardState::StandsBy, 2));
    assert_eq!(publish(&scene, &other, "Luc").await.unwrap().addressees, 0, "told already");

    assert_eq!(take_back(&scene, &one).await.unwrap().addressees, 0, "the other one holds");
    assert_eq!(standing(&scene, &message, Reached).await, 2);
    assert_eq!(take_back(&scene, &other).await.unwrap().addressees, 2);
    assert_eq!(standing(&scene, &message, Waiting).await, 2);
}

#[tokio::test]
async fn who_is_under_a_ruling_is_not_told_and_the_card_says_whom_to_leave_out() {
    let mut people = families(1);
    let bob = people.guardian("Bob NOIR", &[Way::Mobile("06 39 98 10 09")]);
    let zoe = people.reading.pupils[0].key.clone();
    people.reading.guardianships.push(chappe::people::Guardianship {
        pupil: zoe,
        person: bob.clone(),
        standing: chappe::people::Standing::LegalRepresentative,
        kinship: 20,
    });
    let scene = set(people).await;
    let before = scene.launch().await;
    assert!(shown(&scene, before.code.as_str()).await.destination.to_untick.is_empty());
    restrict(&scene, &bob).await;
    let after = scene.launch().await;
    for message in [&before, &after] {
        let shown = shown(&scene, message.code.as_str()).await;
        let names: Vec<&str> =
            shown.destination.to_untick.iter().map(|one| one.name.as_str()).collect();
        assert_eq!((names, shown.card.waiting), (vec!["Bob NOIR"], 1));
        assert_eq!(publish(&scene, message.code.as_str(), "Sylvie").await.unwrap().addressees, 1);
        assert_ne!(scene.states(message).await.get(&bob), Some(&Reached));
    }
}

#[tokio::test]
async fn a_ruling_that_is_noted_late_names_what_stands_published_to_the_class() {
    let mut people = families(2);
    people.reading.pupils[1].class = Some("6B".to_owned());
    let scene = set(people).await;
    let [both, other, taken_back, waits] = [
        scene.launch().await,
        scene.launch_to("familles classe:6B", Urgency::Bulk).await,
        scene.launch().await,
        scene.launch().await,
    ];
    for message in [&both, &other, &taken_back] {
        publish(&scene, message.code.as_str(), "Sylvie").await.unwrap();
    }
    take_back(&scene, taken_back.code.as_str()).await.unwrap();
    let who = Who { name: "Ana ROY".to_owned(), ..Who::default() };
    let request = RestrictRequest { who, why: Restriction::Court, note: String::new() };
    let restricted = office::restrict(&scene.app, somebody(), request).await.unwrap();
    let cards: Vec<&str> = restricted.read_there.iter().map(|it| it.card.as_str()).collect();
    assert_eq!(cards, [format!("{}/ent", both.code)], "not {} nor {}", other.code, waits.code);
    let told = restricted.read_there[0].in_french(&scene.app);
    assert!(told.starts_with("déjà publiée dans PRONOTE pour la classe 6A à "), "{told}");
    assert!(told.ends_with(" par Sylvie : à retirer là-bas"), "{told}");
}

async fn restrict(scene: &Scene, person: &PersonKey) {
    let tie = RestrictedTie {
        pupil: PupilKey("siecle:1".to_owned()),
        person: person.clone(),
        why: Restriction::Court,
        note: String::new(),
    };
    let (queue, by) = (&scene.app.queue, By::program(scene.clock.now()));
    directory::restrict(scene.app.store(), queue.school(), tie, by).await.unwrap();
}

#[tokio::test]
async fn what_is_stopped_paused_or_can_be_undone_is_not_published() {
    let scene =
        Scene::set_with(families(2), THEN_SMS, &[PRONOTE, ("DISPATCH__UNDO", "2min")]).await;
    let message = scene.launch().await;
    let code = message.code.as_str();
    let early = publish(&scene, code, "Sylvie").await.unwrap_err();
    assert!(early.to_string().contains("can be undone until"), "{early}");
    scene.pass(Duration::from_mins(3));

    for (state, told) in [(MessageState::Paused, "paused"), (MessageState::Running, "")] {
        office::decide(&scene.app, somebody(), &message, state, "Anne".to_owned()).await.unwrap();
        if !told.is_empty() {
            let refused = publish(&scene, code, "Sylvie").await.unwrap_err();
            assert!(refused.to_string().contains(told), "{refused}");
        }
    }
    let cancelled = MessageState::Cancelled;
    office::decide(&scene.app, somebody(), &message, cancelled, "Anne".to_owned()).await.unwrap();
    let refused = publish(&scene, code, "Sylvie").await.unwrap_err();
    assert!(
        matches!(&refused, CardRefusal::Expired { now, .. } if now == &["2 cancelled"]),
        "{refused}"
    );
    assert_eq!(standing(&scene, &message, Cancelled).await, 2);
    assert_eq!(handed_over(&scene).await, 0);
}

#[tokio::test]
async fn a_message_that_is_cancelled_after_it_was_published_is_to_be_removed_there() {
    let scene = set(families(2)).await;
    let message = scene.launch().await;
    let code = message.code.as_str();
    publish(&scene, code, "Sylvie").await.unwrap();
    let cancelled = MessageState::Cancelled;
    let decided =
        office::decide(&scene.app, somebody(), &message, cancelled, "Anne".to_owned()).await;
    assert_eq!(decided.unwrap().cards_published, [format!("{code}/ent")]);
    let there = card(&scene, code).await;
    assert!(there.is_to_remove() && there.cancelled);
    assert!(there.in_french(&scene.app).contains("à retirer"));
    assert_eq!(standing(&scene, &message, Reached).await, 2, "who read it has read it");
}

#[tokio::test]
async fn the_office_is_reminded_and_again_when_half_of_the_time_is_over() {
    let scene = set(families(2)).await;
    assert_eq!(office::card_reminders(&scene.app).await.unwrap(), []);
    let message = scene.launch().await;
    for (minutes, is_half_over, told) in [
        (10, false, "1 carte à publier dans PRONOTE depuis 10 minutes"),
        (10, true, "1 carte à publier dans PRONOTE depuis 20 minutes ; voie suivante à 8 h 30"),
    ] {
        scene.pass(Duration::from_mins(minutes));
        let reminders = office::card_reminders(&scene.app).await.unwrap();
        assert_eq!((reminders.len(), reminders[0].is_half_over), (1, is_half_over));
        assert_eq!(reminders[0].in_french(&scene.app), told);
    }
    publish(&scene, message.code.as_str(), "Sylvie").await.unwrap();
    assert_eq!(office::card_reminders(&scene.app).await.unwrap(), []);
}

/// The reminders that leave by e-mail now, as the daemon sends them.
async fn reminded(scene: &Scene) -> usize {
    let relay = [scene.provider(Channel::Email)];
    office::send_card_reminders(&scene.app, &relay).await.unwrap()
}

/// Whom an e-mail goes to.
fn to(mail: &str) -> &str {
    mail.lines().find(|line| line.starts_with("To: ")).unwrap()
}

/// A colleague with an account, who keeps an e-mail address of their own.
async fn colleague(scene: &Scene, name: &str, address: &'static str) {
    let (login, role) = ("sylvie.prat".to_owned(), AccountRole::Secretariat);
    let (classes, pupils) = (Vec::new(), Vec::new());
    let new = NewAccount { login, name: name.to_owned(), role, rights: None, classes, pupils };
    let account = office::add_account(&scene.app, somebody(), new).await.unwrap();
    let school = scene.app.queue.school().clone();
    let address = ContactPoint::from_stored(Channel::Email, address).unwrap();
    let keep = move |tx: &Tx<'_>| own_addresses::put(tx, &school, account.id, &address);
    scene.app.store().write(keep).await.unwrap();
}

#[tokio::test]
async fn whoever_is_to_publish_is_reminded_by_e_mail_when_it_begins_and_at_half_of_the_time() {
    let scene = set(families(2)).await;
    let message = scene.launch().await;
    let code = message.code.as_str();
    scene.pass(Duration::from_mins(10));
    let daemon = scene.start().await;
    until(async || !scene.mails().is_empty()).await;
    daemon.stop().await;
    assert_eq!(reminded(&scene).await, 0, "whoever starts after it has nothing to say");
    let [mail]: [String; 1] = scene.mails().try_into().unwrap();
    let said = format!("Le message {code} est à publier dans PRONOTE depuis 10 minutes");
    assert!(mail.contains(&said) && mail.contains("2 personnes l’attendent"), "{mail}");
    assert!(to(&mail).contains(&scene.app.config.school.email), "to the school itself: {mail}");
    for personal in ["ROY", "DURAND", "Zoe", "Fermeture"] {
        assert!(!mail.contains(personal), "{mail}");
    }

    colleague(&scene, "Sylvie PRAT", "sylvie@example.org").await;
    let name = "Sylvie Prat".to_owned();
    office::assign_card(&scene.app, somebody(), code, name).await.unwrap();
    scene.pass(Duration::from_mins(10));
    assert_eq!((reminded(&scene).await, reminded(&scene).await), (1, 0), "half of it is over");
    let mails = scene.mails();
    assert!(to(&mails[1]).contains("sylvie@example.org"), "{}", mails[1]);
    assert!(mails[1].contains("elles passeront à leur voie suivante à 8 h 30"), "{}", mails[1]);

    publish(&scene, code, "Sylvie").await.unwrap();
    assert_eq!(reminded(&scene).await, 0);
    scene.pass(Duration::from_mins(1));
    take_back(&scene, code).await.unwrap();
    assert_eq!((reminded(&scene).await, reminded(&scene).await), (1, 0), "it waits anew");
    let journal = office::journal(&scene.app, 99).await.unwrap();
    let noted: Vec<_> = journal.iter().filter(|it| it.act == Act::RemindOfCard).collect();
    assert_eq!(noted.len(), 3);
    assert!(noted.iter().all(|it| it.by == Actor::Program && it.about == format!("{code}/ent")));
}

#[tokio::test]
async fn nobody_is_reminded_by_e_mail_while_nothing_may_leave_or_no_address_is_known() {
    let scene = set(families(2)).await;
    let message = scene.launch().await;
    scene.close(Channel::Email).await;
    assert_eq!(reminded(&scene).await, 0, "closed");
    office::open_channel(&scene.app, somebody(), Channel::Email).await.unwrap();
    let paused = MessageState::Paused;
    office::decide(&scene.app, somebody(), &message, paused, "Anne".to_owned()).await.unwrap();
    assert_eq!(reminded(&scene).await, 0, "it is not to be published now");
    let running = MessageState::Running;
    office::decide(&scene.app, somebody(), &message, running, "Anne".to_owned()).await.unwrap();
    assert_eq!(office::send_card_reminders(&scene.app, &[]).await.unwrap(), 0, "by nobody");
    assert_eq!(reminded(&scene).await, 1, "what did not leave is not taken for sent");

    let nowhere = [PRONOTE, AT_ONCE, ("SCHOOL__EMAIL", "")];
    let scene = Scene::set_with(families(2), THEN_SMS, &nowhere).await;
    scene.launch().await;
    assert_eq!(reminded(&scene).await, 0);
    let journal = office::journal(&scene.app, 99).await.unwrap();
    assert!(journal.iter().all(|it| it.act != Act::RemindOfCard));
}

#[tokio::test]
async fn what_is_published_for_all_names_nobody_and_is_shown_so_before_it_leaves() {
    let scene = set(families(1)).await;
    let message = scene.launch().await;
    let posted = shown(&scene, message.code.as_str()).await.text;
    let foretold = office::show(&scene.app, &message).await.unwrap();
    assert_eq!(foretold.texts[&Channel::Ent], format!("{}\n\n{}", posted.subject, posted.text));
    for text in [&posted.subject, &posted.text, &posted.html] {
        assert!(!text.contains("ROY") && !text.contains("Zoe"), "{text}");
    }
}

#[tokio::test]
async fn nobody_publishes_a_digest_which_says_something_else_to_everybody() {
    let cap = [("LOAD__PER_WEEK", "1"), ("LOAD__DIGEST", "fri 17:00"), PRONOTE, AT_ONCE];
    let scene = Scene::set_with(families(1), THEN_SMS, &cap).await;
    let first = scene.launch().await;
    publish(&scene, first.code.as_str(), "Sylvie").await.unwrap();
    let (second, third) = (scene.launch().await, scene.launch().await);
    for message in [&second, &third] {
        assert_eq!(card(&scene, message.code.as_str()).await.state, CardState::NotYet);
    }
    scene.pass(Duration::from_hours(4 * 24 + 9));
    keep_up(&scene.app).await;
    let newest = office::newest(&scene.app, 1).await.unwrap();
    assert!(newest[0].is_digest());
    let status = scene.status(&newest[0]).await;
    assert_eq!(status.channels[&Channel::Sms].waiting, 1, "it goes by text message");
    assert!(office::show_card(&scene.app, newest[0].code.as_str()).await.is_err());
}

#[tokio::test]
async fn nobody_publishes_tomorrow_nor_before_the_message() {
    let scene = set(families(1)).await;
    let message = scene.launch().await;
    scene.pass(Duration::from_mins(10));
    let now = scene.clock.now();
    for at in [now + Duration::from_mins(1), message.launched_at - Duration::from_mins(1)] {
        let code = message.code.as_str();
        let odd = office::publish_card(&scene.app, somebody(), code, said(at, "Luc")).await;
        assert!(matches!(odd, Err(CardRefusal::OddHour { .. })), "{odd:?}");
    }
    assert_eq!(standing(&scene, &message, Waiting).await, 1);
}

async fn put_right(scene: &Scene, earlier: &Message) -> Message {
    let fields = [("agenda".to_owned(), "Reprise lundi 23 mars à 8h30.".to_owned())];
    let changes = Amendments { fields: fields.into(), ..Amendments::default() };
    let correction = office::prepare_correction(&scene.app, earlier, changes).await.unwrap();
    office::correct(&scene.app, Actor::Program, earlier, correction).await.unwrap().0
}

#[tokio::test]
async fn a_card_whose_text_was_put_right_is_not_published_any_more() {
    let scene = set(families(2)).await;
    let earlier = scene.launch().await;
    let correction = put_right(&scene, &earlier).await;
    let old = card(&scene, earlier.code.as_str()).await;
    assert_eq!((old.state, old.waiting), (CardState::Superseded, 0));
    assert!(publish(&scene, earlier.code.as_str(), "Sylvie").await.is_err());
    let new = card(&scene, correction.code.as_str()).await;
    assert_eq!((new.state, new.waiting, new.replaces), (CardState::ToPublish, 2, None));
}

#[tokio::test]
async fn what_was_published_is_to_be_edited_when_it_is_put_right() {
    let scene = set(families(2)).await;
    let earlier = scene.launch().await;
    publish(&scene, earlier.code.as_str(), "Sylvie").await.unwrap();
    let correction = put_right(&scene, &earlier).await;
    let published = office::cards_published(&scene.app, &earlier).await.unwrap();
    assert_eq!(published, [format!("{}/ent", earlier.code)]);
    assert!(card(&scene, earlier.code.as_str()).await.is_to_remove());
    let new = shown(&scene, correction.code.as_str()).await;
    assert_eq!((new.card.waiting, new.card.replaces.as_ref().unwrap().by.as_str()), (2, "Sylvie"));
    let told = new.in_french(&scene.app).join("\n");
    assert!(told.contains("modifiez ou retirez d’abord l’ancien texte"), "{told}");
    assert!(new.text.text.contains("Reprise lundi"), "{}", new.text.text);
}

#[tokio::test]
async fn where_the_ent_is_called_the_card_stands_by_until_it_refuses() {
    let mut people = families(1);
    people.family("Alix BLANC", &[Way::Account, Way::Mobile("06 39 98 10 09")]);
    let second = [
        ("PROVIDERS__PRONOTE", "{ manual = { tool = \"pronote\" } }"),
        ("ROUTES__ENT", "[\"ent\", \"pronote\"]"),
        AT_ONCE,
    ];
    let scene = Scene::set_with(people, THEN_SMS, &second).await;
    let message = scene.launch().await;
    let code = message.code.as_str();
    let standing_by = card(&scene, code).await;
    assert_eq!((standing_by.state, standing_by.waiting), (CardState::StandsBy, 1), "one account");

    scene.ent.set_weather(Weather::Unavailable503);
    let _daemon = scene.start().await;
    let is_left = async || {
        scene.pass(Duration::from_secs(1));
        card(&scene, code).await.state == CardState::ToPublish
    };
    crate::town::settings::until(is_left).await;
    assert_eq!(publish(&scene, code, "Sylvie").await.unwrap().addressees, 1);
    scene.ent.set_weather(Weather::Fine);
    scene.pass(Duration::from_mins(10));
    scene.later(&message, is_settled).await;
    assert_eq!(scene.ent.messages().len(), 0, "told by the card, and not by the ENT as well");
}
