//! Calls: who is rung, by whom, and what becomes of what it gave. Nobody is rung twice, nobody under a ruling, and nobody is
//! forgotten whom nobody could reach.

use std::time::Duration;

use chappe::channel::Channel;
use chappe::delivery::lifecycle::AddresseeState;
use chappe::delivery::{CallOutcome, FailureKind};
use chappe::directory;
use chappe::message::{
    AnswerChoice, AnswerKind, Message, MessageState, Proof, Question, Reference,
};
use chappe::office::{
    self, CallInHand, CallNoted, CallRefusal, CallSaid, CallShown, CallerNamed, EntryKind,
    InboxEntry, InboxSought, IncomingCall, OutcomeTakenBack, SheetRefusal,
};
use chappe::people::{
    Actor, By, Connectivity, ContactPoint, ContactState, PersonKey, Profile, PupilKey,
    RestrictedTie, Restriction, Whom,
};
use chappe::phone_number::PhoneNumber;
use chappe::queue::{HeldBack, MayHaveLeft};
use chappe::store::answers::{self, GivenAnswer};
use chappe::store::{contact_points, households, places, replies};

use super::people::{People, Way};
use super::scene::Scene;

const CALL: &str =
    "[{ channels = [\"phone\"], enough = \"acknowledged\" }, { channels = [\"letter\"] }]";
const HOUR: Duration = Duration::from_hours(1);

const FIRST: &str = "06 39 98 10 01";
const SECOND: &str = "06 39 98 10 02";
const THIRD: &str = "06 39 98 10 03";

fn here() -> Actor {
    Actor::CommandLine("sylvie".to_owned())
}

fn colleague() -> Actor {
    Actor::CommandLine("paul".to_owned())
}

async fn calls(scene: &Scene) -> Vec<CallShown> {
    office::calls(&scene.app, here(), &Whom::Everybody).await.unwrap().calls
}

fn reference(call: &CallShown) -> Reference {
    call.reference.parse().unwrap()
}

async fn say(
    scene: &Scene,
    call: &CallShown,
    outcome: CallOutcome,
) -> Result<CallNoted, CallRefusal> {
    say_to(scene, &Whom::Everybody, call, said(outcome, None)).await
}

fn said(outcome: CallOutcome, answer: Option<AnswerChoice>) -> CallSaid {
    let word = (outcome == CallOutcome::AsksFor).then(|| "un ordinateur".to_owned());
    CallSaid { outcome, word, answer, by: None, nth: None }
}

async fn say_to(
    scene: &Scene,
    whom: &Whom,
    call: &CallShown,
    said: CallSaid,
) -> Result<CallNoted, CallRefusal> {
    office::note_call(&scene.app, here(), whom, reference(call), said).await
}

async fn noted(scene: &Scene, call: &CallShown, outcome: CallOutcome) -> CallNoted {
    say(scene, call, outcome).await.unwrap()
}

async fn state(scene: &Scene, message: &Message, person: &PersonKey) -> AddresseeState {
    scene.states(message).await[person]
}

/// One family with these ways, called.
async fn one(ways: &[Way]) -> (Scene, Message, PersonKey) {
    let mut people = People::none();
    let person = people.family("Ines DURAND", ways);
    let scene = Scene::set(people, CALL).await;
    let message = scene.launch().await;
    (scene, message, person)
}

async fn rule_out(scene: &Scene, person: &PersonKey) {
    let tie = RestrictedTie {
        pupil: PupilKey("siecle:1".to_owned()),
        person: person.clone(),
        why: Restriction::Court,
        note: String::new(),
    };
    let (queue, by) = (&scene.app.queue, By::program(scene.clock.now()));
    directory::restrict(scene.app.store(), queue.school(), tie, by).await.unwrap();
}

async fn contact_state(scene: &Scene, typed: &str) -> Option<ContactState> {
    let (school, number) =
        (scene.app.queue.school().clone(), PhoneNumber::parse(typed, "FR").unwrap());
    let point = ContactPoint::Phone(number);
    scene.app.store().read(move |tx| contact_points::state_of(tx, &school, &point)).await.unwrap()
}

#[tokio::test]
async fn who_answers_a_call_has_answered_and_is_on_no_list_any_more() {
    let (scene, message, person) = one(&[Way::Mobile(FIRST), Way::Home("1 rue du Port")]).await;
    let waiting = calls(&scene).await;
    let call = &waiting[0];
    assert_eq!((waiting.len(), call.phone.as_str(), call.nth), (1, FIRST, 1));
    assert_eq!(
        (call.names.as_slice(), call.about.as_slice()),
        (["Ines DURAND".to_owned()].as_slice(), ["Zoe DURAND (6A)".to_owned()].as_slice(),)
    );
    assert!(call.script.as_ref().unwrap().contains("Suis-je bien en ligne avec"));
    assert_eq!(noted(&scene, call, CallOutcome::Reached).await.state, AddresseeState::Reached);
    let status = scene.status(&message).await;
    assert_eq!(status.levels.answered, 1);
    assert!(calls(&scene).await.is_empty());
    assert_eq!(contact_state(&scene, FIRST).await, Some(ContactState::Working));
    let again = say(&scene, call, CallOutcome::NoAnswer).await.unwrap_err();
    assert!(matches!(again, CallRefusal::Already { outcome: CallOutcome::Reached, .. }), "{again}");
    assert_eq!(state(&scene, &message, &person).await, AddresseeState::Reached);
}

#[tokio::test]
async fn three_calls_that_nobody_takes_end_on_paper_and_each_comes_at_another_hour() {
    let (scene, message, person) = one(&[Way::Mobile(FIRST), Way::Home("1 rue du Port")]).await;
    // Eight o'clock: hours of calls begin at ten.
    let list = office::calls(&scene.app, here(), &Whom::Everybody).await.unwrap();
    let shown = |at| scene.app.queue.timing().hours.shown(at);
    assert_eq!(list.hours_begin.map(shown).as_deref(), Some("2026-03-16 10:00"));
    scene.pass(HOUR * 2);
    for (outcome, again) in [
        (CallOutcome::NoAnswer, Some("2026-03-16 14:00")),
        (CallOutcome::Busy, Some("2026-03-16 17:00")),
        (CallOutcome::NoAnswer, None),
    ] {
        let call = calls(&scene).await.remove(0);
        assert!(call.is_due);
        let noted = noted(&scene, &call, outcome).await;
        assert_eq!(noted.again_at.map(shown).as_deref(), again, "{outcome:?}");
        if let Some(at) = noted.again_at {
            assert!(!calls(&scene).await[0].is_due, "it waits for its hour");
            scene.pass(at.since(scene.clock.now()));
        }
    }
    assert_eq!(state(&scene, &message, &person).await, AddresseeState::OnLetter);
    assert!(calls(&scene).await.is_empty());
}

#[tokio::test]
async fn whom_nobody_could_reach_is_on_the_list_with_the_hours_of_the_calls() {
    let (scene, message, person) = one(&[Way::Mobile(FIRST)]).await;
    for _ in 0..3 {
        let call = calls(&scene).await.remove(0);
        noted(&scene, &call, CallOutcome::NoAnswer).await;
        scene.pass(HOUR * 5);
    }
    assert_eq!(state(&scene, &message, &person).await, AddresseeState::Unreached);
    let report = office::status_report(&scene.app, &message).await.unwrap();
    let left = &report.to_see_to[0];
    assert_eq!(left.tried[0].failure, Some(FailureKind::Unanswered));
    let hours: Vec<_> =
        left.called.iter().map(|it| scene.app.queue.timing().hours.shown(it.at)).collect();
    assert_eq!(hours, ["2026-03-16 08:00", "2026-03-16 13:00", "2026-03-16 18:00"]);
    assert!(left.called.iter().all(|it| it.outcome == CallOutcome::NoAnswer && it.by == "sylvie"));
}

#[tokio::test]
async fn a_message_left_is_handed_over_and_called_once_more() {
    let (scene, message, person) = one(&[Way::Mobile(FIRST), Way::Home("1 rue du Port")]).await;
    let call = calls(&scene).await.remove(0);
    let left = noted(&scene, &call, CallOutcome::MessageLeft).await;
    assert_eq!(left.state, AddresseeState::OnCall);
    assert!(left.again_at.is_some());
    let (school, of) = (scene.app.queue.school().clone(), message.id);
    let traced = scene.app.store().read(move |tx| places::trace(tx, &school, of, 0));
    let way = traced.await.unwrap().unwrap().ways.remove(0);
    assert_eq!((way.channel, way.proof), (Channel::Phone, Some(Proof::Accepted)));
    scene.pass(HOUR * 6);
    let call = calls(&scene).await.remove(0);
    assert_eq!(call.nth, 2);
    noted(&scene, &call, CallOutcome::NoAnswer).await;
    assert_eq!(state(&scene, &message, &person).await, AddresseeState::OnLetter);
}

#[tokio::test]
async fn a_wrong_number_is_dead_for_everybody_and_the_next_number_or_the_next_way_comes() {
    let mut people = People::none();
    let ines = people.family("Ines DURAND", &[Way::Mobile(FIRST), Way::Mobile(SECOND)]);
    let marc = people.family("Marc PETIT", &[Way::Mobile(FIRST), Way::Home("1 rue du Port")]);
    let scene = Scene::set(people, CALL).await;
    let message = scene.launch().await;
    let all = calls(&scene).await;
    let call = all.iter().find(|it| it.names[0] == "Ines DURAND").unwrap();
    let wrong = noted(&scene, call, CallOutcome::WrongNumber).await;
    assert_eq!(wrong.next_number.as_deref(), Some(SECOND));
    assert_eq!(contact_state(&scene, FIRST).await, Some(ContactState::Dead));
    let left = calls(&scene).await;
    assert_eq!(left.len(), 1, "nobody rings the dead number for the other family");
    assert_eq!((left[0].phone.as_str(), left[0].nth), (SECOND, 2));
    assert_eq!(state(&scene, &message, &marc).await, AddresseeState::OnLetter);
    noted(&scene, &left[0], CallOutcome::WrongNumber).await;
    assert_eq!(state(&scene, &message, &ines).await, AddresseeState::Unreached);
}

#[tokio::test]
async fn one_call_serves_both_who_share_a_telephone() {
    let mut people = People::none();
    let ways = [Way::Mobile(FIRST), Way::Home("1 rue du Port")];
    let (ines, paul) =
        (people.guardian("Ines DURAND", &ways), people.guardian("Paul DURAND", &ways));
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    let scene = Scene::set(people, CALL).await;
    let message = scene.launch().await;
    let waiting = calls(&scene).await;
    assert_eq!((waiting.len(), waiting[0].names.len()), (1, 2));
    noted(&scene, &waiting[0], CallOutcome::NoAnswer).await;
    let again = calls(&scene).await;
    assert_eq!((again.len(), again[0].nth), (1, 2));
    noted(&scene, &again[0], CallOutcome::Reached).await;
    for person in [&ines, &paul] {
        assert_eq!(state(&scene, &message, person).await, AddresseeState::Reached);
    }
}

#[tokio::test]
async fn households_without_a_screen_are_called_first_then_what_waits_for_the_longest_time() {
    let mut people = People::none();
    let first = people.family("Ines DURAND", &[Way::Mobile(FIRST)]);
    let second = people.family("Marc PETIT", &[Way::Mobile(SECOND)]);
    let scene = Scene::set(people, CALL).await;
    scene.launch().await;
    scene.pass(HOUR);
    scene.launch().await;
    let home = Profile {
        large_print: false,
        pick_up: None,
        connectivity: Connectivity::None,
        printer: false,
        language: Some("ar".to_owned()),
        call: Some("la grand-mère".to_owned()),
    };
    let (school, now, of) = (scene.app.queue.school().clone(), scene.clock.now(), second.clone());
    let put =
        move |tx: &chappe::store::Tx<'_>| households::put_profile(tx, &school, &of, &home, now);
    scene.app.store().write(put).await.unwrap();
    let waiting = calls(&scene).await;
    let order: Vec<&str> = waiting.iter().map(|it| it.names[0].as_str()).collect();
    assert_eq!(order, ["Marc PETIT", "Marc PETIT", "Ines DURAND", "Ines DURAND"]);
    assert!(waiting[0].message != waiting[1].message);
    assert_eq!(waiting[0].language.as_deref(), Some("ar"));
    assert_eq!(waiting[0].call.as_deref(), Some("la grand-mère"));
    assert!(first != second);
}

#[tokio::test]
async fn a_ruling_noted_between_gathering_and_calling_takes_the_call_away() {
    let (scene, message, person) = one(&[Way::Mobile(FIRST)]).await;
    let call = calls(&scene).await.remove(0);
    rule_out(&scene, &person).await;
    let refused = say(&scene, &call, CallOutcome::Reached).await.unwrap_err();
    assert!(matches!(refused, CallRefusal::Restricted(_)), "{refused}");
    assert!(calls(&scene).await.is_empty());
    assert_ne!(state(&scene, &message, &person).await, AddresseeState::Reached);
}

#[tokio::test]
async fn two_callers_never_ring_the_same_family_at_once() {
    let mut people = People::none();
    let ines = people.guardian("Ines DURAND", &[Way::Mobile(FIRST)]);
    let paul = people.guardian("Paul MARTIN", &[Way::Mobile(SECOND)]);
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    people.family("Marc PETIT", &[Way::Mobile(THIRD)]);
    let scene = Scene::set(people, CALL).await;
    scene.launch().await;
    let take = async |who: Actor, wanted: Option<Reference>| {
        office::take_call(&scene.app, who, &Whom::Everybody, wanted).await.unwrap()
    };
    let CallInHand::Theirs(first) = take(here(), None).await else { panic!("nothing to call") };
    let CallInHand::Theirs(second) = take(colleague(), None).await else {
        panic!("nothing is left for the other")
    };
    let families = |call: &CallShown| call.about.clone();
    assert_ne!(families(&first), families(&second), "Zoe's parents are one family");
    let others = calls(&scene).await;
    assert_eq!(others.iter().filter(|it| it.taken_by.is_some()).count(), 2);
    let wanted = Some(first.reference.parse().unwrap());
    let CallInHand::Colleagues { name, .. } = take(colleague(), wanted.clone()).await else {
        panic!("somebody else has it")
    };
    assert_eq!(name, "sylvie");
    // Whoever walked away keeps nobody from calling for ever.
    scene.pass(Duration::from_mins(11));
    assert!(matches!(take(colleague(), wanted).await, CallInHand::Theirs(_)));
    office::leave_calls(&scene.app, colleague()).await.unwrap();
    assert!(calls(&scene).await.iter().all(|it| it.taken_by.is_none()));
}

async fn take_back(
    scene: &Scene,
    whom: &Whom,
    call: &CallShown,
) -> Result<OutcomeTakenBack, CallRefusal> {
    office::take_back_call(&scene.app, here(), whom, reference(call)).await
}

#[tokio::test]
async fn a_slip_of_the_finger_is_taken_back_with_all_that_followed() {
    let (scene, message, person) = one(&[Way::Mobile(FIRST), Way::Home("1 rue du Port")]).await;
    let call = calls(&scene).await.remove(0);
    let back = async || take_back(&scene, &Whom::Everybody, &call).await;
    for outcome in CallOutcome::ALL {
        noted(&scene, &call, outcome).await;
        let taken_back = back().await.unwrap();
        assert_eq!((taken_back.outcome, taken_back.by.as_str()), (outcome, "sylvie"));
        let waiting = calls(&scene).await;
        assert_eq!((waiting.len(), waiting[0].nth), (1, 1), "{outcome:?}");
        assert!(waiting[0].is_due && waiting[0].tried.is_empty(), "{outcome:?}");
        assert_eq!(state(&scene, &message, &person).await, AddresseeState::OnCall);
        assert_ne!(contact_state(&scene, FIRST).await, Some(ContactState::Dead));
    }
    let nothing = back().await.unwrap_err();
    assert!(matches!(nothing, CallRefusal::NothingSaid(_)), "{nothing}");
    let (school, of) = (scene.app.queue.school().clone(), message.id);
    let kept = scene.app.store().read(move |tx| {
        let traced = places::trace(tx, &school, of, 0)?.unwrap();
        let words = replies::open(tx, &school)?.len();
        Ok((places::tries(tx, &school, traced.id)?, words))
    });
    let (tries, words) = kept.await.unwrap();
    assert!(tries.is_empty() && words == 0, "what was taken back is no history");
    let acts = office::journal(&scene.app, 100).await.unwrap();
    let said = acts.iter().filter(|it| it.act == chappe::people::Act::TakeBackCall).count();
    assert_eq!(said, CallOutcome::ALL.len(), "who wrote it, and when, stays in the journal");
    // Once a letter is printed because of it, it is too late.
    noted(&scene, &call, CallOutcome::Refused).await;
    scene.app.queue.letters().gather(None, scene.clock.now()).await.unwrap();
    let late = back().await.unwrap_err();
    assert!(matches!(late, CallRefusal::TooLate(_)), "{late}");
}

/// What waits for a person.
async fn waiting(scene: &Scene) -> Vec<InboxEntry> {
    let sought = InboxSought { most: 9, ..InboxSought::default() };
    office::inbox(&scene.app, &Whom::Everybody, sought).await.unwrap().entries
}

#[tokio::test]
async fn what_somebody_asks_for_on_the_telephone_is_kept_to_be_seen_to() {
    let (scene, message, person) = one(&[Way::Mobile(FIRST)]).await;
    let call = calls(&scene).await.remove(0);
    let wordless = CallSaid { word: None, ..said(CallOutcome::AsksFor, None) };
    let blank = say_to(&scene, &Whom::Everybody, &call, wordless).await.unwrap_err();
    assert!(matches!(blank, CallRefusal::NoWord(_)), "{blank}");
    noted(&scene, &call, CallOutcome::AsksFor).await;
    assert_eq!(state(&scene, &message, &person).await, AddresseeState::Reached);
    let entry = &waiting(&scene).await[0];
    assert_eq!((entry.kind, entry.said.as_deref()), (EntryKind::Call, Some("un ordinateur")));
    assert_eq!(entry.who.as_deref(), Some("Ines DURAND"));
}

#[tokio::test]
async fn whoever_rings_about_an_announcement_has_it() {
    let mut people = People::none();
    let ines = people.family("Ines DURAND", &[Way::Mobile(FIRST)]);
    let scene = Scene::set(people, CALL).await;
    let message = scene.launch().await;
    let who = |name: &str| directory::Who { name: name.to_owned(), ..directory::Who::default() };
    let word = "à quelle heure ouvre la cantine ?".to_owned();
    let about = Some(message.code.to_string());
    let call = IncomingCall { who: Some(who("Ines DURAND")), about, word };
    let rang = office::note_incoming_call(&scene.app, here(), call.clone()).await.unwrap();
    assert!(rang.is_answer && rang.name.as_deref() == Some("Ines DURAND"));
    assert_eq!(state(&scene, &message, &ines).await, AddresseeState::Reached);
    assert!(calls(&scene).await.is_empty(), "nobody rings them");
    assert_eq!(waiting(&scene).await.len(), 1);
    let unknown = IncomingCall { about: Some("ZZZZ".to_owned()), ..call.clone() };
    assert!(office::note_incoming_call(&scene.app, here(), unknown).await.is_err());
    let stranger = IncomingCall { who: None, about: None, ..call };
    let rang = office::note_incoming_call(&scene.app, here(), stranger).await.unwrap();
    assert!(!rang.is_answer && rang.name.is_none());
}

#[tokio::test]
async fn what_is_paused_or_held_is_told_and_not_called() {
    let (scene, message, _) = one(&[Way::Mobile(FIRST)]).await;
    let held = async || {
        let list = office::calls(&scene.app, here(), &Whom::Everybody).await.unwrap();
        assert!(list.calls.is_empty());
        list.held_back
    };
    office::hold(&scene.app, here(), "essai".to_owned()).await.unwrap();
    assert_eq!(held().await, [(HeldBack::OnHold, 1)]);
    office::release(&scene.app, here(), MayHaveLeft::Send).await.unwrap();
    let (paused, nobody) = (MessageState::Paused, String::new());
    office::decide(&scene.app, here(), &message, paused, nobody).await.unwrap();
    assert_eq!(held().await, [(HeldBack::Paused(message.code.clone()), 1)]);
}

/// A family that is called and asked whether they come.
async fn asked(ways: &[Way]) -> (Scene, Message) {
    let mut people = People::none();
    people.family("Ines DURAND", ways);
    let scene = Scene::set(people, CALL).await;
    let question = Question::new("Venez-vous à la réunion ?", AnswerKind::YesNo).unwrap();
    let message = scene.launch_asking("familles", question).await;
    (scene, message)
}

/// How many said yes, and how many no.
async fn yes_and_no(scene: &Scene, message: &Message) -> (usize, usize) {
    let counts = office::answer_counts(&scene.app, message).await.unwrap().unwrap().counts;
    (counts[&AnswerChoice::Yes], counts[&AnswerChoice::No])
}

#[tokio::test]
async fn what_is_answered_in_a_call_goes_with_what_it_gave_and_is_taken_back_with_it() {
    let (scene, message) = asked(&[Way::Mobile(FIRST), Way::Home("1 rue du Port")]).await;
    let call = calls(&scene).await.remove(0);
    assert_eq!(call.takes, Some(AnswerKind::YesNo));
    assert_eq!(call.question.as_deref(), Some("Venez-vous à la réunion ?"));
    let everybody = Whom::Everybody;
    let say =
        async |outcome, answer| say_to(&scene, &everybody, &call, said(outcome, answer)).await;
    let yes = Some(AnswerChoice::Yes);
    let unheard = say(CallOutcome::NoAnswer, yes).await.unwrap_err();
    assert!(matches!(unheard, CallRefusal::NotReached(_)), "{unheard}");
    let mark = say(CallOutcome::Reached, Some(AnswerChoice::Four)).await.unwrap_err();
    assert!(matches!(mark, CallRefusal::NotOfKind { takes: AnswerKind::YesNo, .. }), "{mark}");
    assert_eq!((yes_and_no(&scene, &message).await, calls(&scene).await.len()), ((0, 0), 1));

    // What they had written before holds again once the call is taken back.
    let (school, of, at) = (scene.app.queue.school().clone(), message.id, scene.clock.now());
    let write = move |tx: &chappe::store::Tx<'_>| {
        let (answer, channel) = (AnswerChoice::No, Channel::Sms);
        let before = GivenAnswer { answer, channel, at, typed_by: None, call: None };
        let family = answers::asked(tx, &school, of)?[0].id;
        answers::insert(tx, &school, (of, family), &before)
    };
    scene.app.store().write(write).await.unwrap();
    assert_eq!(yes_and_no(&scene, &message).await, (0, 1));
    for outcome in [CallOutcome::Reached, CallOutcome::AsksFor] {
        say(outcome, yes).await.unwrap();
        assert_eq!(yes_and_no(&scene, &message).await, (1, 0), "the last word holds");
        assert_eq!(scene.status(&message).await.levels.answered, 1);
        let back = take_back(&scene, &everybody, &call).await.unwrap();
        assert_eq!((back.outcome, back.answer), (outcome, yes));
        assert_eq!(yes_and_no(&scene, &message).await, (0, 1), "{outcome:?}");
    }
    say(CallOutcome::Reached, None).await.unwrap();
    assert_eq!(yes_and_no(&scene, &message).await, (0, 1), "who says nothing keeps their word");
}

#[tokio::test]
async fn an_answer_in_a_call_is_of_both_who_share_the_telephone_and_of_nobody_where_nothing_is_asked()
 {
    let mut people = People::none();
    let (ines, paul) = (
        people.guardian("Ines DURAND", &[Way::Mobile(FIRST)]),
        people.guardian("Paul DURAND", &[Way::Mobile(FIRST)]),
    );
    people.pupil("Zoe DURAND", "6A", &[&ines, &paul]);
    let scene = Scene::set(people, CALL).await;
    let silent = scene.launch().await;
    let no = said(CallOutcome::Reached, Some(AnswerChoice::No));
    let call = calls(&scene).await.remove(0);
    let nothing = say_to(&scene, &Whom::Everybody, &call, no.clone()).await.unwrap_err();
    assert!(matches!(nothing, CallRefusal::AsksNothing(_)), "{nothing}");
    noted(&scene, &call, CallOutcome::Reached).await;
    assert_eq!(scene.status(&silent).await.levels.answered, 2);
    let question = Question::new("Venez-vous à la réunion ?", AnswerKind::YesNo).unwrap();
    let message = scene.launch_asking("familles", question).await;
    let call = calls(&scene).await.remove(0);
    say_to(&scene, &Whom::Everybody, &call, no).await.unwrap();
    assert_eq!(yes_and_no(&scene, &message).await, (0, 2));
    take_back(&scene, &Whom::Everybody, &call).await.unwrap();
    assert_eq!(yes_and_no(&scene, &message).await, (0, 0));
}

#[tokio::test]
async fn whoever_has_pupils_of_their_own_speaks_of_their_calls_alone() {
    let (scene, message, _) = one(&[Way::Mobile(FIRST)]).await;
    let own = |class: &str| Whom::Own { classes: vec![class.to_owned()], pupils: Vec::new() };
    let call = calls(&scene).await.remove(0);
    let reached = || said(CallOutcome::Reached, None);
    let refused = say_to(&scene, &own("5A"), &call, reached()).await.unwrap_err();
    assert!(matches!(refused, CallRefusal::NoSuchCall(_)), "{refused}");
    assert_eq!(scene.status(&message).await.levels.answered, 0);
    say_to(&scene, &own("6A"), &call, reached()).await.unwrap();
    let refused = take_back(&scene, &own("5A"), &call).await.unwrap_err();
    assert!(matches!(refused, CallRefusal::NoSuchCall(_)), "{refused}");
    assert_eq!(scene.status(&message).await.levels.answered, 1);
    take_back(&scene, &own("6A"), &call).await.unwrap();
}

#[tokio::test]
async fn a_whole_sheet_is_typed_from_a_table_or_nothing_of_it() {
    let mut people = People::none();
    for (name, number) in [("Ines DURAND", FIRST), ("Marc PETIT", SECOND), ("Lea ROY", THIRD)] {
        people.family(name, &[Way::Mobile(number), Way::Home("1 rue du Port")]);
    }
    let scene = Scene::set(people, CALL).await;
    let message = scene.launch().await;
    let waiting = calls(&scene).await;
    let table = office::call_table(&scene.app, here(), &waiting).await.unwrap();
    let text = String::from_utf8(table.csv).unwrap();
    assert!(text.contains(FIRST) && text.lines().count() == 4, "{text}");
    // As a person fills it in.
    let filled = |outcomes: [&str; 3]| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for (line, outcome) in lines.iter_mut().skip(1).zip(outcomes) {
            *line = line.replacen("\"1\";\"\"", &format!("\"1\";\"{outcome}\""), 1);
        }
        lines.join("\r\n").into_bytes()
    };
    let read = async |bytes: Vec<u8>| office::read_call_sheet(&scene.app, here(), &bytes).await;
    let bad = read(filled(["joint", "peut-être", ""])).await.unwrap_err();
    assert!(matches!(&bad, SheetRefusal::Sheet(sheet) if sheet.line == 3), "{bad}");
    assert_eq!(calls(&scene).await.len(), 3, "nothing of it was noted");
    let done = read(filled(["joint", "", "Pas de réponse"])).await.unwrap();
    assert_eq!((done.noted, done.again), (2, 1));
    assert_eq!(scene.status(&message).await.levels.answered, 1);
    // The same file once more: what is done is done, and a try counts once.
    let twice = read(filled(["joint", "", "Pas de réponse"])).await.unwrap_err();
    assert!(matches!(&twice, SheetRefusal::Call { line: 2, .. }), "{twice}");
    let counted = read(filled(["", "", "Pas de réponse"])).await.unwrap_err();
    assert!(matches!(&counted, SheetRefusal::Call { line: 4, .. }), "{counted}");
    // The column of answers is read with the others, as long as something is asked.
    let asks_nothing =
        format!("ref;outcome;answer\n{};reached;oui\n", calls(&scene).await[0].reference);
    let asks_nothing = read(asks_nothing.into_bytes()).await.unwrap_err();
    assert!(
        matches!(asks_nothing, SheetRefusal::Call { line: 2, why: CallRefusal::AsksNothing(_) }),
        "{asks_nothing}"
    );
    let question = Question::new("Venez-vous à la réunion ?", AnswerKind::YesNo).unwrap();
    let asking = scene.launch_asking("familles", question).await;
    let waiting = calls(&scene).await;
    let table = office::call_table(&scene.app, here(), &waiting).await.unwrap();
    let table = String::from_utf8(table.csv).unwrap();
    assert!(table.contains("\"Résultat\";\"Réponse\""), "{table}");
    assert!(table.contains("\"Venez-vous à la réunion ? (OUI ou NON)\""), "{table}");
    let of_asking: Vec<&CallShown> = waiting.iter().filter(|it| it.takes.is_some()).collect();
    let (one, other) = (&of_asking[0].reference, &of_asking[1].reference);
    let answered = format!("ref;outcome;answer\n{one};reached;oui\n{other};joint;Non\n");
    read(answered.into_bytes()).await.unwrap();
    assert_eq!(yes_and_no(&scene, &asking).await, (1, 1));
    let unknown = "ref;outcome\n0000-000A;reached\n".as_bytes().to_vec();
    let unknown = read(unknown).await.unwrap_err();
    assert!(matches!(unknown, SheetRefusal::Call { why: CallRefusal::NoSuchCall(_), .. }));
}

#[tokio::test]
async fn calls_are_shared_out_by_family_language_and_class_and_stay_where_they_are() {
    let mut people = People::none();
    for number in 0..6_u8 {
        let name = format!("Alix FAMILLE{}", char::from(b'A' + number));
        let mobile: &'static str = format!("06 39 98 20 0{number}").leak();
        let person = people.guardian(&name, &[Way::Mobile(mobile)]);
        let class = if number < 4 { "6A" } else { "6B" };
        people.pupil(&format!("Zoe FAMILLE{}", char::from(b'A' + number)), class, &[&person]);
    }
    let scene = Scene::set(people, CALL).await;
    scene.launch().await;
    let home = Profile {
        large_print: false,
        pick_up: None,
        connectivity: Connectivity::Full,
        printer: false,
        language: Some("ar".to_owned()),
        call: None,
    };
    let (school, now) = (scene.app.queue.school().clone(), scene.clock.now());
    let put = move |tx: &chappe::store::Tx<'_>| {
        households::put_profile(tx, &school, &PersonKey("siecle:1".to_owned()), &home, now)
    };
    scene.app.store().write(put).await.unwrap();
    let among = || {
        vec![
            CallerNamed { name: "Sylvie".to_owned(), languages: Vec::new() },
            CallerNamed { name: "Karim".to_owned(), languages: vec!["ar".to_owned()] },
        ]
    };
    let counts = office::share_calls(&scene.app, here(), among()).await.unwrap();
    assert_eq!(counts.values().sum::<usize>(), 6);
    let shared = calls(&scene).await;
    let of = |name: &str| shared.iter().find(|it| it.names[0] == name).unwrap().caller.clone();
    assert_eq!(of("Alix FAMILLEA").as_deref(), Some("Karim"), "who speaks their language");
    let of_class = |class: &str| {
        let all = shared.iter().filter(|it| it.class.as_deref() == Some(class));
        let callers = all.filter(|it| it.language.is_none()).map(|it| it.caller.clone().unwrap());
        callers.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!((of_class("6A").len(), of_class("6B").len()), (1, 1), "a class stays together");
    office::share_calls(&scene.app, here(), among()).await.unwrap();
    let again = calls(&scene).await;
    let callers = |calls: &[CallShown]| -> Vec<_> {
        calls.iter().map(|it| (it.reference.clone(), it.caller.clone())).collect()
    };
    assert_eq!(callers(&again), callers(&shared), "nobody is on two sheets");
    let table = office::call_table(&scene.app, here(), &again).await.unwrap();
    let table = String::from_utf8(table.csv).unwrap();
    let lines = |call: &CallShown| table.matches(&format!("\"{}\"", call.reference)).count();
    assert!(again.iter().all(|call| lines(call) == 1), "each stands once in the table: {table}");
}
