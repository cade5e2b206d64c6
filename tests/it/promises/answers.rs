//! What families answer, by whatever way it comes, counts once; what is in doubt is left to a person; and no STOP
//! silences what is vital.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent};
use chappe::delivery::{FailureKind, Reply};
use chappe::directory::Who;
use chappe::message::{
    AnswerChoice, AnswerKind, Message, Proof, Question, Reference, Terms, Urgency,
};
use chappe::office::slips::{self, Slip, SlipPart};
use chappe::office::{
    self, Amendments, AnswerCounts, Campaign, Dossier, EntryName, NoteAnswerRefusal, StopFrom,
    ToldApplied, ToldContact, ToldRefusal, UndoStopRefusal,
};
use chappe::people::{Act, Actor, ContactPoint, ContactState, PersonKey, Whom};
use chappe::phone_number::PhoneNumber;
use chappe::providers::{Inbox, Word};
use chappe::queue::{Outcome, SaidBack};
use chappe::store::replies::{self, StandingReply};
use chappe::store::{Tx, answers};

use super::people::{People, Way};
use super::scene::{Scene, is_settled};
use crate::providers::pushing::Pushing;

const SMS: &str = "[{ channels = [\"sms\"], enough = \"delivered\", patience = \"1h\" }]";
const THEN_EMAIL: &str = "[{ channels = [\"sms\"], enough = \"delivered\", patience = \"1h\" }, \
    { channels = [\"email\"], patience = \"1h\" }]";
const ON_PAPER: &str = "[{ channels = [\"letter\"] }]";

fn coming() -> Question {
    Question::new("Venez-vous à la réunion ?", AnswerKind::YesNo).unwrap()
}

fn number(family: usize) -> PhoneNumber {
    PhoneNumber::from_e164(&format!("+336399800{family:02}")).unwrap()
}

/// Families with a mobile each, and a mailbox.
async fn families(count: usize, plan: &str) -> (Scene, Vec<PersonKey>) {
    let mut people = People::none();
    let family = |at: usize| {
        let mobile = format!("06 39 98 00 {at:02}").leak();
        let mailbox = format!("famille{at}@example.org").leak();
        people.family(&format!("Alix DURAND{at}"), &[Way::Mobile(mobile), Way::Email(mailbox)])
    };
    let families = (1..=count).map(family).collect();
    (Scene::set(people, plan).await, families)
}

impl Scene {
    /// What waits on a channel leaves, and is taken there.
    async fn leave_by(&self, channel: Channel) {
        let begun = self.begin(channel, 99).await.into_iter();
        let accepted = DeliveryEvent::Accepted { look_at: None };
        let outcomes = begun.map(|it| Outcome::of(it.due, accepted)).collect();
        self.app.queue.settle(outcomes, self.clock.now()).await.unwrap();
    }

    /// A family answers this by text message.
    async fn texts(&self, family: usize, text: &str) {
        self.pass(Duration::from_secs(1));
        let (at, from) = (self.clock.now(), number(family));
        let provider_ref = format!("{family}-{}", at.0);
        let reply = Reply { provider_ref, from, text: text.to_owned(), at };
        // The same word again changes nothing.
        for _ in 0..2 {
            let word = vec![Word::Reply(reply.clone())];
            self.inbox(&Pushing).take(word).await.unwrap();
        }
    }

    async fn counts(&self, message: &Message) -> AnswerCounts {
        office::answer_counts(&self.app, message).await.unwrap().unwrap()
    }

    /// How many said yes, how many no, and how many nothing.
    async fn yes_no(&self, message: &Message) -> (usize, usize, usize) {
        let counts = self.counts(message).await;
        (counts.counts[&AnswerChoice::Yes], counts.counts[&AnswerChoice::No], counts.silent)
    }

    async fn to_read(&self) -> Vec<StandingReply> {
        let id = self.app.queue.school().clone();
        self.app.store().read(move |tx: &Tx<'_>| replies::open(tx, &id)).await.unwrap()
    }

    async fn answered(&self, message: &Message) -> usize {
        self.status(message).await.levels.answered
    }

    async fn dossier(&self, family: usize) -> Dossier {
        let who = Who { name: format!("Alix DURAND{family}"), ..Who::default() };
        office::dossiers(&self.app, who).await.unwrap().pop().unwrap()
    }

    /// The reference of the copy of an addressee.
    fn reference(message: &Message, number: u32) -> String {
        message.code.delivery(number, 0)
    }
}

#[tokio::test]
async fn an_answer_by_text_message_is_counted_once_and_is_a_proof() {
    let (scene, _) = families(3, SMS).await;
    let message = scene.launch_asking("familles", coming()).await;
    scene.leave_by(Channel::Sms).await;
    assert_eq!(scene.yes_no(&message).await, (0, 0, 3));
    scene.texts(1, "Oui nous viendrons").await;
    scene.texts(2, "non désolé").await;
    assert_eq!(scene.yes_no(&message).await, (1, 1, 1));
    assert_eq!(scene.answered(&message).await, 2);
    assert!(scene.to_read().await.is_empty(), "nobody need read an answer");
    let all = office::answers(&scene.app, &message, &Whom::Everybody).await.unwrap().unwrap();
    let told: Vec<_> = all.asked.iter().map(|it| (it.answer, it.channel)).collect();
    let by_sms = Some(Channel::Sms);
    assert_eq!(
        told,
        [(Some(AnswerChoice::Yes), by_sms), (Some(AnswerChoice::No), by_sms), (None, None)],
        "by class and name"
    );
}

#[tokio::test]
async fn the_last_word_holds_and_each_stays_known() {
    let (scene, _) = families(1, SMS).await;
    let message = scene.launch_asking("familles", coming()).await;
    scene.leave_by(Channel::Sms).await;
    for text in ["OUI", "non merci", "Oui finalement"] {
        scene.texts(1, text).await;
    }
    assert_eq!(scene.yes_no(&message).await, (1, 0, 0));
    let (id, of) = (scene.app.queue.school().clone(), message.id);
    let history = move |tx: &Tx<'_>| {
        let asked = answers::asked(tx, &id, of)?;
        answers::of_addressee(tx, &id, (of, asked[0].id))
    };
    let history = scene.app.store().read(history).await.unwrap();
    let said: Vec<AnswerChoice> = history.iter().map(|it| it.answer).collect();
    assert_eq!(said, [AnswerChoice::Yes, AnswerChoice::No, AnswerChoice::Yes]);
}

#[tokio::test]
async fn what_is_neither_yes_nor_no_waits_for_a_person_and_counts_for_nothing() {
    let (scene, _) = families(1, SMS).await;
    let message = scene.launch_asking("familles", coming()).await;
    scene.leave_by(Channel::Sms).await;
    for text in ["Peut-être", "ok", "Oui, à quelle heure ?", "4"] {
        scene.texts(1, text).await;
    }
    assert_eq!(scene.yes_no(&message).await, (0, 0, 1));
    let open = scene.to_read().await;
    assert_eq!(open.len(), 4);
    assert!(open.iter().all(|it| it.reply.answers.is_some_and(|of| of.message == message.id)));
    assert_eq!(scene.answered(&message).await, 0);
}

#[tokio::test]
async fn an_answer_goes_to_the_newest_question_or_to_the_one_that_it_names() {
    let (scene, _) = families(2, SMS).await;
    let first = scene.launch_asking("familles", coming()).await;
    scene.leave_by(Channel::Sms).await;
    scene.pass(Duration::from_hours(1));
    let mark = Question::new("Votre avis, de 1 à 5 ?", AnswerKind::Mark).unwrap();
    let second = scene.launch_asking("familles", mark).await;
    scene.leave_by(Channel::Sms).await;
    scene.texts(1, "4").await;
    scene.texts(2, "oui").await;
    assert_eq!(scene.counts(&second).await.counts[&AnswerChoice::Four], 1);
    assert_eq!(scene.yes_no(&first).await, (0, 0, 2), "oui is no answer to the newest");
    scene.texts(2, &format!("oui {}", first.code)).await;
    assert_eq!(scene.yes_no(&first).await, (1, 0, 1));
}

#[tokio::test]
async fn an_email_offers_to_stop_unless_it_is_urgent_or_asks_something() {
    let way_back = ("PROVIDERS__RELAY__SMTP__MAILBOX", "{ lmtp = { address = \"127.0.0.1:0\" } }");
    let mut people = People::none();
    people.family("Alix ALPHA", &[Way::Email("alix.alpha@example.org")]);
    let email = "[{ channels = [\"email\"], patience = \"1h\" }]";
    let scene = Scene::set_with(people, email, &[way_back]).await;
    let _daemon = scene.start().await;
    let sent = [
        (scene.launch().await, true),
        (scene.launch_to("familles", Urgency::Urgent).await, false),
        (scene.launch_asking("familles", coming()).await, false),
    ];
    for (message, offers) in &sent {
        scene.until(message, is_settled).await;
        let mails = scene.mails();
        let id = format!("Message-ID: <{}-", message.code);
        let mail = mails.iter().find(|mail| mail.contains(&id)).unwrap();
        assert_eq!(mail.contains("List-Unsubscribe: <mailto:"), *offers, "{mail}");
    }
}

#[tokio::test]
async fn a_reference_that_is_somebody_else_s_is_not_believed() {
    let (scene, families) = families(2, SMS).await;
    let message = scene.launch_asking("familles", coming()).await;
    scene.leave_by(Channel::Sms).await;
    let all = office::answers(&scene.app, &message, &Whom::Everybody).await.unwrap().unwrap();
    let of_first = all.asked[0].reference.clone();
    scene.texts(2, &format!("non {of_first}")).await;
    assert_eq!(scene.yes_no(&message).await, (0, 0, 2));
    assert_eq!(scene.to_read().await[0].reply.answers, None);
    assert_eq!(scene.to_read().await[0].reply.person.as_ref(), Some(&families[1]));
    scene.texts(1, &format!("{of_first} : oui")).await;
    assert_eq!(scene.yes_no(&message).await, (1, 0, 1));
}

#[tokio::test]
async fn who_has_two_copies_says_which_one_is_answered() {
    let mut people = People::none();
    let mother = people.family("Alix DURAND", &[Way::Mobile("06 39 98 00 01")]);
    people.pupil("Leo DURAND", "5A", &[&mother]);
    let scene = Scene::set(people, SMS).await;
    let message = scene.launch_asking("familles par élève", coming()).await;
    scene.leave_by(Channel::Sms).await;
    scene.texts(1, "oui").await;
    assert_eq!(scene.yes_no(&message).await, (0, 0, 2));
    scene.texts(1, &format!("oui {}", Scene::reference(&message, 1))).await;
    assert_eq!(scene.yes_no(&message).await, (1, 0, 1));
}

#[tokio::test]
async fn one_telephone_of_two_parents_answers_for_both() {
    let mut people = People::none();
    let mother = people.guardian("Alix DURAND", &[Way::Mobile("06 39 98 00 01")]);
    let father = people.guardian("Paul DURAND", &[Way::Mobile("06 39 98 00 01")]);
    people.pupil("Zoe DURAND", "6A", &[&mother, &father]);
    let scene = Scene::set(people, SMS).await;
    let message = scene.launch_asking("familles", coming()).await;
    scene.leave_by(Channel::Sms).await;
    scene.texts(1, "OUI").await;
    assert_eq!(scene.yes_no(&message).await, (2, 0, 0));
    assert_eq!(scene.answered(&message).await, 2);
}

#[tokio::test]
async fn an_answer_to_an_e_mail_is_the_one_of_whom_it_was_for() {
    let (scene, _) = families(1, "[{ channels = [\"email\"], patience = \"1h\" }]").await;
    let message = scene.launch_asking("familles", coming()).await;
    let begun = scene.begin(Channel::Email, 9).await;
    let accepted = Outcome::of(begun[0].due, DeliveryEvent::Accepted { look_at: None });
    scene.app.queue.settle(vec![accepted], scene.clock.now()).await.unwrap();
    let (queue, due, at) = (scene.app.queue.clone(), begun[0].due, scene.clock.now());
    let point = begun[0].recipient.contact_point(Channel::Email).unwrap();
    let hear = move |tx: &Tx<'_>| {
        let said = SaidBack { to: Some(due), from: &point, text: "Oui, merci.", at };
        let heard = queue.hear(tx, &said)?;
        Ok((heard.outcome.into_iter().collect(), heard.done))
    };
    let done = scene.app.queue.settle_found(hear, at).await.unwrap();
    assert_eq!(done, Some("oui"));
    assert_eq!(scene.yes_no(&message).await, (1, 0, 0));
    assert_eq!(scene.answered(&message).await, 1);
}

#[tokio::test]
async fn whoever_answers_another_try_has_answered_the_message() {
    let (scene, _) = families(1, SMS).await;
    let message = scene.launch_asking("familles", coming()).await;
    for it in scene.begin(Channel::Sms, 9).await {
        let kind = FailureKind::BadAddress;
        let failed = DeliveryEvent::Failed { kind, retry_at: None };
        scene.app.queue.settle(vec![Outcome::of(it.due, failed)], scene.clock.now()).await.unwrap();
    }
    let undone = "UPDATE contact_points SET state = 'unverified'";
    scene.app.store().write(move |tx| tx.touched(undone, &[])).await.unwrap();
    scene.pass(Duration::from_mins(1));
    let again = office::again(&scene.app, &message, false, Terms::default()).await.unwrap();
    let again = office::prepare(&scene.app, again).await.unwrap();
    let again = office::launch(&scene.app, Actor::Program, again).await.unwrap();
    scene.leave_by(Channel::Sms).await;
    scene.texts(1, "oui").await;
    assert_eq!(scene.yes_no(&again).await, (1, 0, 0));
    assert_eq!(scene.yes_no(&message).await, (1, 0, 0));
}

#[tokio::test]
async fn what_was_answered_holds_for_the_corrected_text_unless_that_asks_something_else() {
    let (scene, _) = families(3, SMS).await;
    let message = scene.launch_asking("familles", coming()).await;
    scene.leave_by(Channel::Sms).await;
    scene.texts(1, "oui").await;
    let correct = async |earlier: &Message, question: Question| {
        let later = ("agenda".to_owned(), question.text().to_owned());
        let changes = Amendments { fields: [later].into(), ..Amendments::default() };
        let correction = office::prepare_correction(&scene.app, earlier, changes).await.unwrap();
        let correction = Message { question: Some(question), ..correction };
        let corrected = office::correct(&scene.app, Actor::Program, earlier, correction);
        let (correction, to) = corrected.await.unwrap();
        assert_eq!(to.all(), 3, "whoever answered reads the new text too");
        scene.leave_by(Channel::Sms).await;
        correction
    };
    let corrected = correct(&message, coming()).await;
    assert_eq!(scene.yes_no(&corrected).await, (1, 0, 2), "nobody need answer twice");
    scene.texts(2, "non").await;
    assert_eq!(scene.yes_no(&corrected).await, (1, 1, 1));
    scene.texts(3, &format!("oui {}", message.code)).await;
    assert_eq!(scene.yes_no(&corrected).await, (2, 1, 0), "to whichever text they answered");
    let (yes, no, _) = scene.yes_no(&message).await;
    assert_eq!((yes, no), (2, 1), "and whichever is looked at");
    let mark = Question::new("Votre avis, de 1 à 5 ?", AnswerKind::Mark).unwrap();
    let other = correct(&corrected, mark).await;
    assert_eq!(scene.counts(&other).await.silent, 3, "nobody answered that");
    scene.texts(1, "4").await;
    assert_eq!(scene.counts(&other).await.counts[&AnswerChoice::Four], 1);
    assert_eq!(scene.yes_no(&corrected).await, (2, 1, 0));
}

#[tokio::test]
async fn what_somebody_says_on_the_telephone_is_typed_and_the_last_word_holds() {
    let (scene, _) = families(2, SMS).await;
    let message = scene.launch_asking("familles", coming()).await;
    scene.leave_by(Channel::Sms).await;
    scene.texts(1, "oui").await;
    let actor = || Actor::CommandLine("sylvie".to_owned());
    let reference = || Scene::reference(&message, 0).parse().unwrap();
    scene.pass(Duration::from_mins(1));
    let note_for = async |whom: Whom, reference: Reference, answer| {
        office::note_answer(&scene.app, actor(), &whom, reference, answer).await
    };
    let note = async |reference, answer| note_for(Whom::Everybody, reference, answer).await;
    let noted = note(reference(), AnswerChoice::No).await.unwrap();
    assert_eq!((noted.answer, noted.before), (AnswerChoice::No, Some(AnswerChoice::Yes)));
    assert_eq!(scene.yes_no(&message).await, (0, 1, 1));
    let wrong = note(reference(), AnswerChoice::Four).await;
    assert!(matches!(wrong, Err(NoteAnswerRefusal::NotOfKind { .. })), "{wrong:?}");
    let nobody = "ZZZZ-000A".parse().unwrap();
    let nobody = note(nobody, AnswerChoice::No).await;
    assert!(matches!(nobody, Err(NoteAnswerRefusal::NoSuchReference(_))), "{nobody:?}");
    let asks_nothing = scene.launch().await;
    let nothing = Scene::reference(&asks_nothing, 0).parse().unwrap();
    let nothing = note(nothing, AnswerChoice::Yes).await;
    assert!(matches!(nothing, Err(NoteAnswerRefusal::AsksNothing(_))), "{nothing:?}");
    let own = |class: &str| Whom::Own { classes: vec![class.to_owned()], pupils: Vec::new() };
    let not_theirs = note_for(own("5A"), reference(), AnswerChoice::Yes).await;
    assert!(matches!(not_theirs, Err(NoteAnswerRefusal::NoSuchReference(_))), "{not_theirs:?}");
    assert_eq!(scene.yes_no(&message).await, (0, 1, 1));
    note_for(own("6A"), reference(), AnswerChoice::No).await.unwrap();
    let journal = office::journal(&scene.app, 5).await.unwrap();
    assert!(journal.iter().any(|it| it.act == Act::NoteAnswer && it.by == actor()));
}

#[tokio::test]
async fn whoever_asked_for_no_text_messages_is_told_what_is_vital_by_the_next_way() {
    let (scene, families) = families(1, THEN_EMAIL).await;
    scene.texts(1, "Arrêtez les SMS svp").await;
    assert!(scene.to_read().await.is_empty(), "a STOP is honoured, and nobody need read it");
    let message = scene.launch_to("familles", Urgency::Urgent).await;
    assert!(scene.begin(Channel::Sms, 9).await.is_empty());
    scene.leave_by(Channel::Email).await;
    assert_eq!(scene.states(&message).await[&families[0]], AddresseeState::Reached);
}

#[tokio::test]
async fn a_stop_after_the_launch_sends_what_is_vital_on_to_the_next_way() {
    let (scene, families) = families(1, THEN_EMAIL).await;
    let message = scene.launch_to("familles", Urgency::Urgent).await;
    scene.texts(1, "ARRET").await;
    assert!(scene.begin(Channel::Sms, 9).await.is_empty());
    scene.leave_by(Channel::Email).await;
    assert_eq!(scene.states(&message).await[&families[0]], AddresseeState::Reached);
}

#[tokio::test]
async fn the_office_undoes_a_stop_and_is_told_whence_it_came() {
    let (scene, families) = families(1, SMS).await;
    let (actor, who) = (
        Actor::CommandLine("sylvie".into()),
        Who { name: families[0].0.clone(), ..Who::default() },
    );
    let none = office::undo_stop(&scene.app, actor.clone(), &who, None).await;
    assert!(matches!(none, Err(UndoStopRefusal::NoStop)), "{none:?}");
    scene.texts(1, "STOP").await;
    let of_sms = |dossier: &Dossier| {
        let sms = dossier.contacts.iter().find(|it| it.channel == Channel::Sms).unwrap();
        (sms.state, sms.stop_from)
    };
    let stopped = of_sms(&scene.dossier(1).await);
    assert_eq!(stopped, (ContactState::OptedOut, Some(StopFrom::Reply)));
    let undone = office::undo_stop(&scene.app, actor, &who, Some(Channel::Sms)).await.unwrap();
    assert_eq!(undone.ways, 1);
    assert_eq!(of_sms(&scene.dossier(1).await), (ContactState::Unverified, None));
    scene.launch().await;
    assert_eq!(scene.begin(Channel::Sms, 9).await.len(), 1, "they are written to again");
}

#[tokio::test]
async fn a_contact_is_verified_by_a_yes_and_a_no_waits_for_a_person() {
    let (scene, _) = families(2, SMS).await;
    let campaign = Campaign { list: None, audience: "familles".to_owned(), before: None };
    let ready = office::prepare_verification(&scene.app, campaign).await.unwrap();
    let message = office::launch(&scene.app, Actor::Program, ready).await.unwrap();
    scene.leave_by(Channel::Sms).await;
    scene.texts(1, "OUI").await;
    scene.texts(2, "NON").await;
    assert_eq!(scene.yes_no(&message).await, (1, 1, 0));
    assert_eq!(scene.answered(&message).await, 1, "a number that is not theirs reached nobody");
    assert_eq!(scene.to_read().await.len(), 1);
    let id = scene.app.queue.school().clone();
    let proofs = move |tx: &Tx<'_>| {
        let mut proofs = Vec::new();
        for family in 1..=2 {
            let point = ContactPoint::Sms(number(family));
            let owner = chappe::store::contact_points::owners(tx, &id, &point)?.pop().unwrap();
            let kept = chappe::store::people::kept_person(tx, &id, &owner)?.unwrap();
            let kept = kept.points.into_iter().find(|it| it.point == point).unwrap();
            proofs.push((kept.state, kept.proof));
        }
        Ok(proofs)
    };
    let proofs = scene.app.store().read(proofs).await.unwrap();
    assert_eq!(proofs[0], (ContactState::Working, Some(Proof::Acknowledged)));
    assert_eq!(proofs[1], (ContactState::Unverified, None));
}

// ---- slips -----------------------------------------------------------------------------------------

async fn on_paper() -> (Scene, Message, PersonKey) {
    let mut people = People::none();
    let mother = people.family("Alix DURAND", &[Way::Home("1 rue du Port")]);
    people.family("Rosa PETIT", &[Way::Home("2 rue du Port")]);
    let scene = Scene::set(people, ON_PAPER).await;
    let message = scene.launch_asking("familles", coming()).await;
    (scene, message, mother)
}

fn slip(message: &Message, answer: Option<AnswerChoice>) -> Slip {
    Slip { answer, ..Slip::plain(Scene::reference(message, 0).parse().unwrap()) }
}

#[tokio::test]
async fn a_slip_closes_the_loop_and_twice_the_same_changes_nothing() {
    let (scene, message, mother) = on_paper().await;
    let close = async |slip: Slip| slips::close(&scene.app, Actor::Program, slip).await.unwrap();
    let closed = close(slip(&message, Some(AnswerChoice::Yes))).await;
    assert!(!closed.already && !closed.to_call, "{closed:?}");
    assert_eq!(scene.yes_no(&message).await, (1, 0, 1));
    assert_eq!(scene.states(&message).await[&mother], AddresseeState::Reached);
    assert_eq!(scene.answered(&message).await, 1);
    let again = close(slip(&message, Some(AnswerChoice::Yes))).await;
    assert!(again.already, "{again:?}");
    scene.pass(Duration::from_mins(1));
    let righted = close(slip(&message, Some(AnswerChoice::No))).await;
    assert_eq!((righted.already, righted.before), (false, Some(AnswerChoice::Yes)));
    assert_eq!(scene.yes_no(&message).await, (0, 1, 1));
    assert!(scene.to_read().await.is_empty());
    let id = scene.app.queue.school().clone();
    let kept = move |tx: &Tx<'_>| replies::newest(tx, &id, 9);
    let kept = scene.app.store().read(kept).await.unwrap();
    assert_eq!(kept.iter().filter(|it| it.settled.is_some()).count(), 2);
}

#[tokio::test]
async fn what_a_slip_asks_for_waits_for_a_person() {
    let (scene, message, mother) = on_paper().await;
    let written = Slip {
        call_back: Some("le soir après 18 h au 06 39 98 00 09".to_owned()),
        corrections: vec![(SlipPart::Email, "alix@example.org\nfaux".to_owned())],
        ..slip(&message, None)
    };
    let closed = slips::close(&scene.app, Actor::Program, written).await.unwrap();
    assert!(closed.to_call && closed.to_confirm, "{closed:?}");
    let open = scene.to_read().await;
    let [only] = open.as_slice() else { panic!("{open:?}") };
    assert_eq!(only.reply.person.as_ref(), Some(&mother));
    assert_eq!(
        only.reply.body,
        "À rappeler : le soir après 18 h au 06 39 98 00 09\n\
         Adresse électronique, à confirmer : alix@example.org faux"
    );
    assert_eq!(scene.answered(&message).await, 1, "they gave it back");
}

#[tokio::test]
async fn what_a_slip_puts_right_stands_old_and_new_and_leaves_the_list_once_all_is_applied() {
    let mut people = People::none();
    let ways =
        [Way::Home("1 rue du Port"), Way::Mobile("06 39 98 00 01"), Way::Email("alix@example.org")];
    people.family("Alix DURAND1", &ways);
    let scene = Scene::set(people, ON_PAPER).await;
    let message = scene.launch_asking("familles", coming()).await;
    let close = async |corrections: &[(SlipPart, &str)], call_back: Option<&str>| {
        let said = |(part, said): &(SlipPart, &str)| (*part, (*said).to_owned());
        let corrections = corrections.iter().map(said).collect();
        let call_back = call_back.map(str::to_owned);
        let slip = Slip { corrections, call_back, ..slip(&message, Some(AnswerChoice::Yes)) };
        slips::close(&scene.app, Actor::Program, slip).await.unwrap();
    };
    let told = async |number: u32| {
        let name = EntryName::Said(number);
        let entry = office::inbox_entry(&scene.app, &Whom::Everybody, &name).await.unwrap();
        entry.unwrap().told
    };
    let apply = async |whom: Whom, number: u32, told: &ToldContact| {
        let (actor, name) = (Actor::CommandLine("sylvie".to_owned()), EntryName::Said(number));
        office::apply_told_contact(&scene.app, actor, &whom, name, told.clone()).await
    };
    close(&[(SlipPart::Email, "neuf@example.org"), (SlipPart::Mobile, "0639980002 !")], None).await;
    let both = told(1).await;
    let shown: Vec<_> = both.iter().map(|it| (it.was.as_deref(), it.is.as_str())).collect();
    assert_eq!(
        shown,
        [(Some("alix@example.org"), "neuf@example.org"), (Some("+33639980001"), "+33639980002"),]
    );
    let own = Whom::Own { classes: vec!["6A".to_owned()], pupils: Vec::new() };
    let not_theirs = apply(own, 1, &both[0]).await;
    assert!(matches!(not_theirs, Err(ToldRefusal::Entry(_))), "{not_theirs:?}");
    let forged = ToldContact { is: "autre@example.org".to_owned(), ..both[0].clone() };
    let forged = apply(Whom::Everybody, 1, &forged).await;
    assert!(matches!(forged, Err(ToldRefusal::NotTold(_))), "{forged:?}");
    assert!(!apply(Whom::Everybody, 1, &both[0]).await.unwrap().settled, "one is left");
    assert_eq!(told(1).await, both[1..]);
    assert!(apply(Whom::Everybody, 1, &both[1]).await.unwrap().settled);
    assert!(scene.to_read().await.is_empty(), "nothing is left to be done about it");
    let kept = scene.dossier(1).await.contacts;
    let values: Vec<&str> = kept.iter().map(|it| it.value.as_str()).collect();
    assert!(values.contains(&"neuf@example.org") && !values.contains(&"alix@example.org"));
    let journal = office::journal(&scene.app, 20).await.unwrap();
    let corrected: Vec<_> = journal.iter().filter(|it| it.act == Act::CorrectContact).collect();
    assert_eq!(corrected.len(), 2);
    assert!(corrected.iter().all(|it| !it.about.contains("example.org")), "{corrected:?}");

    // What is no contact is read by a person alone, and so is whoever wants to be called, wherever that is.
    let odd = [(SlipPart::Email, "alix@@example"), (SlipPart::Phone, "<b>'; DROP TABLE persons")];
    close(&odd, Some("au 06 39 98 00 77")).await;
    assert!(told(2).await.is_empty());
    // A landline stands beside the mobile, and the call that is asked for keeps the slip on the list.
    close(&[(SlipPart::Phone, "05 36 49 00 99")], Some("ce soir")).await;
    let third = told(3).await;
    let [landline] = &third[..] else { panic!("one contact: {third:?}") };
    assert_eq!((landline.was.as_deref(), landline.is.as_str()), (None, "+33536490099"));
    assert!(!apply(Whom::Everybody, 3, landline).await.unwrap().settled);
    assert_eq!(scene.to_read().await.len(), 2);
    let points = scene.dossier(1).await.contacts.len();
    assert_eq!(points, kept.len() + 1, "beside what there was");
}

/// A family with these ways gives a slip back on which this stands; what it tells is applied, one after the other.
async fn applied(
    ways: &[Way],
    said: &[(SlipPart, &str)],
) -> (Scene, Vec<Result<ToldApplied, ToldRefusal>>) {
    let mut people = People::none();
    people.family("Alix DURAND1", ways);
    let scene = Scene::set(people, ON_PAPER).await;
    let message = scene.launch_asking("familles", coming()).await;
    let corrections = said.iter().map(|(part, said)| (*part, (*said).to_owned())).collect();
    let slip = Slip { corrections, ..slip(&message, Some(AnswerChoice::Yes)) };
    slips::close(&scene.app, Actor::Program, slip).await.unwrap();
    let name = EntryName::Said(1);
    let entry = office::inbox_entry(&scene.app, &Whom::Everybody, &name).await.unwrap().unwrap();
    let are_contacts = |(part, _): &(SlipPart, &str)| *part != SlipPart::Other;
    assert_eq!(entry.tells_contacts_alone, said.iter().all(are_contacts));
    let mut all = Vec::new();
    for told in entry.told {
        let (actor, name) = (Actor::CommandLine("sylvie".to_owned()), name.clone());
        let whom = Whom::Everybody;
        all.push(office::apply_told_contact(&scene.app, actor, &whom, name, told).await);
    }
    (scene, all)
}

#[tokio::test]
async fn words_beside_a_contact_are_left_to_a_person_once_it_is_applied() {
    let ways = [Way::Home("1 rue du Port"), Way::Mobile("06 39 98 00 01")];
    for said in [
        (SlipPart::Other, "06 39 98 00 55, et Alix est allergique"),
        (SlipPart::Mobile, "06 39 98 00 56 sauf le soir"),
    ] {
        let (scene, applied) = applied(&ways, &[said]).await;
        assert!(matches!(&applied[..], [Ok(it)] if !it.settled), "{said:?}: {applied:?}");
        assert_eq!(scene.to_read().await.len(), 1);
    }
}

#[tokio::test]
async fn a_contact_that_replaces_none_is_not_laid_over_another_such() {
    let said = [(SlipPart::Mobile, "06 39 98 00 01"), (SlipPart::Phone, "05 36 49 00 99")];
    let (scene, applied) = applied(&[Way::Home("1 rue du Port")], &said).await;
    assert!(
        matches!(&applied[..], [Ok(it), Err(ToldRefusal::Another)] if !it.settled),
        "{applied:?}"
    );
    let kept = scene.dossier(1).await.contacts;
    let digits = |value: &str| value.chars().filter(char::is_ascii_digit).collect::<String>();
    let has = |end: &str| kept.iter().any(|it| digits(&it.value).ends_with(end));
    assert!(has("639980001") && !has("536490099"));
    assert_eq!(scene.to_read().await.len(), 1, "the slip waits");
}

#[tokio::test]
async fn a_slip_of_no_copy_or_with_another_kind_of_answer_is_refused_and_changes_nothing() {
    let (scene, message, _) = on_paper().await;
    let nobody = Slip::plain("ZZZZ-000A".parse().unwrap());
    let refused = slips::close(&scene.app, Actor::Program, nobody).await;
    assert!(matches!(refused, Err(NoteAnswerRefusal::NoSuchReference(_))), "{refused:?}");
    let refused =
        slips::close(&scene.app, Actor::Program, slip(&message, Some(AnswerChoice::Two))).await;
    assert!(matches!(refused, Err(NoteAnswerRefusal::NotOfKind { .. })), "{refused:?}");
    assert_eq!(scene.yes_no(&message).await, (0, 0, 2));
    assert_eq!(scene.answered(&message).await, 0);
}
