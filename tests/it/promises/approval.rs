//! What needs the yes of a second person does not leave without it, and leaves once with it.

use std::collections::BTreeSet;
use std::time::Duration;

use chappe::accounts::{Account, AccountRole, Right};
use chappe::channel::Channel;
use chappe::delivery::FailureKind;
use chappe::delivery::lifecycle::DeliveryEvent;
use chappe::message::{Draft, DraftVersion, Fields, Follows, Message, Terms, Urgency};
use chappe::office::{
    self, AccountChange, Amendments, ApprovalRefusal, AskedApproval, NewAccount, Refusal, School,
    draft,
};
use chappe::people::{Act, Actor};
use chappe::queue::Outcome;

use super::drafts;
use super::people::People;
use super::scene::{FAMILLE, Scene};

const ABOVE_TWO: (&str, &str) = ("APPROVAL__ABOVE", "2");
const HALF_AN_HOUR: Duration = Duration::from_mins(30);
const CHAIN: (&str, &str) = ("APPROVAL__CHAIN", "[{ login = \"camille\" }, { login = \"rosa\" }]");

async fn scene(families: u32, settings: &[(&str, &str)]) -> Scene {
    let mut people = People::none();
    people.families(families as usize, true, true);
    Scene::set_with(people, FAMILLE, settings).await
}

async fn account(school: &School, login: &str) -> Account {
    let (role, login) = (AccountRole::Direction, login.to_owned());
    let rights: BTreeSet<Right> = role.usual().iter().copied().collect();
    let (name, rights) = (login.to_uppercase(), Some(rights));
    let new = NewAccount { login, name, role, rights, classes: Vec::new(), pupils: Vec::new() };
    office::add_account(school, Actor::Program, new).await.unwrap()
}

async fn written(school: &School, by: &Account) -> DraftVersion {
    draft::save(school, by.actor(), drafts::written(), None).await.unwrap()
}

async fn launch(school: &School, actor: Actor, at: DraftVersion) -> Result<(), Refusal> {
    let kept = draft::open(school, at.number).await?;
    let ready = draft::prepare(school, kept, true).await?;
    office::launch(school, actor, ready).await.map(drop)
}

/// Who is asked by now.
fn logins(asked: &AskedApproval) -> Vec<&str> {
    asked.asked.iter().map(|it| it.login.as_str()).collect()
}

async fn acts(school: &School) -> Vec<Act> {
    office::journal(school, 100).await.unwrap().into_iter().map(|it| it.act).collect()
}

#[tokio::test]
async fn what_needs_a_yes_leaves_with_it_once_and_by_the_name_of_who_asked() {
    let scene = scene(3, &[ABOVE_TWO]).await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let at = written(app, &sylvie).await;
    let refused = launch(app, sylvie.actor(), at).await.unwrap_err();
    assert!(matches!(refused, Refusal::NeedsApproval { .. }), "{refused}");
    let unasked = office::approve(app, &camille, at).await.unwrap_err();
    assert!(matches!(unasked, ApprovalRefusal::NotAsked), "{unasked}");
    office::ask_approval(app, &sylvie, at).await.unwrap();
    let own = office::approve(app, &sylvie, at).await.unwrap_err();
    assert!(matches!(own, ApprovalRefusal::OwnRequest), "{own}");
    let [asked] = office::approvals(app).await.unwrap().try_into().unwrap();
    assert_eq!((asked.draft.at(), asked.recipients, logins(&asked)), (at, 3, vec!["camille"]));
    let (one, two) =
        tokio::join!(office::approve(app, &camille, at), office::approve(app, &camille, at));
    let message = one.or(two).unwrap();
    assert_eq!(message.launched_by, sylvie.actor());
    let launched = acts(app).await.into_iter().filter(|act| *act == Act::Launch).count();
    assert_eq!(launched, 1);
    assert!(acts(app).await.contains(&Act::Approve));
    assert!(office::approvals(app).await.unwrap().is_empty());
    assert!(office::approve(app, &camille, at).await.is_err());
}

#[tokio::test]
async fn a_yes_is_to_the_text_that_was_read_and_to_no_other() {
    let scene = scene(3, &[ABOVE_TWO]).await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let at = written(app, &sylvie).await;
    office::ask_approval(app, &sylvie, at).await.unwrap();
    let kept = draft::open(app, at.number).await.unwrap();
    let now = draft::save(app, sylvie.actor(), kept.draft, Some(at)).await.unwrap();
    assert!(office::approvals(app).await.unwrap().is_empty(), "the text is another");
    for version in [at, now] {
        let refused = office::approve(app, &camille, version).await;
        assert!(refused.is_err(), "{version:?}");
    }
    assert!(!acts(app).await.contains(&Act::Launch));
}

#[tokio::test]
async fn a_no_has_a_reason_and_keeps_the_draft() {
    let scene = scene(3, &[ABOVE_TWO]).await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let at = written(app, &sylvie).await;
    office::ask_approval(app, &sylvie, at).await.unwrap();
    let silent = office::decline(app, &camille, at, " ").await.unwrap_err();
    assert!(matches!(silent, ApprovalRefusal::NoReason));
    office::decline(app, &camille, at, "La date est fausse").await.unwrap();
    let [told] = office::approvals(app).await.unwrap().try_into().unwrap();
    assert_eq!(told.declined.unwrap().reason, "La date est fausse");
    let late = office::approve(app, &camille, at).await.unwrap_err();
    assert!(matches!(late, ApprovalRefusal::NotAsked), "{late}");
    assert_eq!(draft::list(app).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_nobody_answers_is_passed_on_along_the_chain_and_the_journal_says_so() {
    let scene = scene(3, &[ABOVE_TWO, CHAIN]).await;
    let app = &scene.app;
    let sylvie = account(app, "sylvie").await;
    account(app, "camille").await;
    let (rosa, ines) = (account(app, "rosa").await, account(app, "ines").await);
    let at = written(app, &sylvie).await;
    office::ask_approval(app, &sylvie, at).await.unwrap();
    let asked = async || office::approvals(app).await.unwrap().remove(0);
    let first = asked().await;
    assert_eq!(logins(&first), ["camille"]);
    assert_eq!(first.passed_on_at, Some(first.asked_at + HALF_AN_HOUR));
    let early = office::approve(app, &rosa, at).await.unwrap_err();
    assert!(matches!(early, ApprovalRefusal::NotYourTurn), "{early}");
    scene.clock.advance(HALF_AN_HOUR);
    let passed = asked().await;
    assert_eq!(logins(&passed), ["camille", "rosa"]);
    assert_eq!(passed.asked[1].since, first.asked_at + HALF_AN_HOUR);
    let last = office::approve(app, &ines, at).await.unwrap_err();
    assert!(matches!(last, ApprovalRefusal::NotYourTurn), "{last}");
    scene.clock.advance(HALF_AN_HOUR);
    let everybody = asked().await;
    assert_eq!(
        (logins(&everybody), everybody.passed_on_at),
        (vec!["camille", "rosa", "ines"], None)
    );
    let passed_on = acts(app).await.into_iter().filter(|act| *act == Act::PassOn).count();
    assert_eq!(passed_on, 2);
    office::approve(app, &ines, at).await.unwrap();
}

#[tokio::test]
async fn whoever_of_the_chain_is_away_or_may_not_approve_is_passed_over() {
    let chain = "[{ login = \"camille\", until = \"2026-03-15\" }, { login = \"ines\" }, { login = \"rosa\" }]";
    let scene = scene(3, &[ABOVE_TWO, ("APPROVAL__CHAIN", chain)]).await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let (ines, rosa) = (account(app, "ines").await, account(app, "rosa").await);
    let at = written(app, &sylvie).await;
    office::ask_approval(app, &sylvie, at).await.unwrap();
    let before = office::approvals(app).await.unwrap().remove(0);
    assert_eq!(logins(&before), ["ines"], "Camille was there until the day before");
    let less = Some([Right::Send].into());
    let change = AccountChange { rights: less, ..AccountChange::default() };
    office::change_account(app, Actor::Program, ines.id, change).await.unwrap();
    let [now] = office::approvals(app).await.unwrap().try_into().unwrap();
    assert_eq!(logins(&now), ["rosa"]);
    for late in [&ines, &camille] {
        let refused = office::approve(app, late, at).await.unwrap_err();
        assert!(matches!(refused, ApprovalRefusal::NotYourTurn), "{refused}");
    }
    office::approve(app, &rosa, at).await.unwrap();
    assert!(!acts(app).await.contains(&Act::PassOn), "nobody let it wait");
}

#[tokio::test]
async fn whoever_asked_takes_it_back_and_nobody_else_does() {
    let scene = scene(3, &[ABOVE_TWO]).await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let at = written(app, &sylvie).await;
    for _ in 0..2 {
        office::ask_approval(app, &sylvie, at).await.unwrap();
    }
    let of_another = office::take_back_approval(app, &camille, at).await.unwrap_err();
    assert!(matches!(of_another, ApprovalRefusal::NotAsked), "{of_another}");
    office::take_back_approval(app, &sylvie, at).await.unwrap();
    let late = office::approve(app, &camille, at).await.unwrap_err();
    assert!(matches!(late, ApprovalRefusal::NotAsked), "{late}");
    let noted = acts(app).await;
    let times = |act| noted.iter().filter(|it| **it == act).count();
    assert_eq!((times(Act::AskApproval), times(Act::TakeBackApproval)), (1, 1));
}

#[tokio::test]
async fn nothing_leaves_by_the_name_of_who_may_not_send_any_more() {
    let scene = scene(3, &[ABOVE_TWO]).await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let at = written(app, &sylvie).await;
    office::ask_approval(app, &sylvie, at).await.unwrap();
    office::disable_account(app, Actor::Program, sylvie.id).await.unwrap();
    let refused = office::approve(app, &camille, at).await.unwrap_err();
    assert!(matches!(refused, ApprovalRefusal::MaySendNoMore), "{refused}");
    assert!(!acts(app).await.contains(&Act::Launch));
}

#[tokio::test]
async fn nobody_is_asked_where_nobody_else_may_approve() {
    let scene = scene(3, &[ABOVE_TWO]).await;
    let sylvie = account(&scene.app, "sylvie").await;
    let at = written(&scene.app, &sylvie).await;
    let alone = office::ask_approval(&scene.app, &sylvie, at).await.unwrap_err();
    assert!(matches!(alone, ApprovalRefusal::NobodyElse), "{alone}");
}

#[tokio::test]
async fn few_recipients_and_whoever_has_the_machine_need_no_yes() {
    let scene = scene(3, &[("APPROVAL__ABOVE", "3")]).await;
    let app = &scene.app;
    let sylvie = account(app, "sylvie").await;
    let at = written(app, &sylvie).await;
    launch(app, sylvie.actor(), at).await.unwrap();
    let scene = self::scene(3, &[ABOVE_TWO]).await;
    let app = &scene.app;
    let sylvie = account(app, "sylvie").await;
    account(app, "camille").await;
    let at = written(app, &sylvie).await;
    office::ask_approval(app, &sylvie, at).await.unwrap();
    launch(app, Actor::CommandLine("essai".to_owned()), at).await.unwrap();
    assert!(office::approvals(app).await.unwrap().is_empty());
}

/// What puts a message right, as the office is asked for it.
fn amended() -> Fields {
    Fields::from([("agenda".to_owned(), "Reprise lundi 23 mars à 8h30.".to_owned())])
}

async fn correction(school: &School, earlier: &Message) -> Result<Message, Refusal> {
    let changes = Amendments { fields: amended(), ..Amendments::default() };
    office::prepare_correction(school, earlier, changes).await
}

/// The same, to be kept until somebody says yes.
fn correcting(earlier: &Message) -> Draft {
    let follows = Follows::Corrects { message: earlier.code.clone(), what: None };
    let mut draft = Draft::following(earlier, follows);
    draft.fields.extend(amended());
    draft
}

#[tokio::test]
async fn a_correction_needs_a_yes_as_well_and_leaves_with_it_once() {
    let scene = scene(3, &[ABOVE_TWO]).await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let earlier = scene.launch().await;
    let message = correction(app, &earlier).await.unwrap();
    let refused = office::correct(app, sylvie.actor(), &earlier, message).await.unwrap_err();
    assert!(matches!(refused, Refusal::NeedsApproval { recipients: 3 }), "{refused}");

    let draft = correcting(&earlier);
    let asked = async |by, draft| office::ask_to_follow(app, by, draft).await;
    let number = asked(&sylvie, draft.clone()).await.unwrap();
    assert_eq!(asked(&sylvie, draft.clone()).await.unwrap(), number, "asked twice, kept once");
    let other = Draft { fields: earlier.fields.clone(), ..draft };
    let second = asked(&camille, other).await.unwrap_err();
    let waits_already = matches!(second, ApprovalRefusal::Message(Refusal::FollowedAlready { .. }));
    assert!(waits_already, "{second}");
    let kept = draft::open(app, number).await.unwrap();
    let at = kept.at();
    let plain = draft::prepare(app, kept.clone(), true).await.unwrap_err();
    assert!(matches!(plain, Refusal::DraftFollows { .. }), "{plain}");
    let ready = office::ready_draft(app, kept, true).await.unwrap();
    let alone = office::launch_draft(app, sylvie.actor(), ready, at).await.unwrap_err();
    assert!(matches!(alone, Refusal::NeedsApproval { recipients: 3 }), "{alone}");
    let own = office::approve(app, &sylvie, at).await.unwrap_err();
    assert!(matches!(own, ApprovalRefusal::OwnRequest), "{own}");

    let approve = async || office::approve(app, &camille, at).await;
    let (one, two) = tokio::join!(approve(), approve());
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    let message = one.or(two).unwrap();
    assert_eq!(message.launched_by, sylvie.actor());
    assert_eq!(message.terms.corrects, Some(earlier.code.clone()));
    assert_eq!(message.fields["agenda"], amended()["agenda"]);
    assert_eq!(scene.status(&earlier).await.addressees.cancelled, 3);
    let noted = acts(app).await;
    let times = |act| noted.iter().filter(|it| **it == act).count();
    assert_eq!((times(Act::Correct), times(Act::Approve), times(Act::AskApproval)), (1, 1, 1));
    assert!(office::approvals(app).await.unwrap().is_empty());
    assert!(matches!(draft::open(app, number).await, Err(Refusal::DraftLaunched { .. })));
}

#[tokio::test]
async fn a_correction_that_waits_leaves_as_well_by_whoever_has_the_machine() {
    let scene = scene(3, &[ABOVE_TWO]).await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let earlier = scene.launch().await;
    let number = office::ask_to_follow(app, &sylvie, correcting(&earlier)).await.unwrap();
    let kept = draft::open(app, number).await.unwrap();
    let (at, here) = (kept.at(), Actor::CommandLine("essai".to_owned()));
    let ready = async || office::ready_draft(app, kept.clone(), true).await.unwrap();
    let (one, other) = (ready().await, ready().await);
    let message = office::launch_draft(app, here.clone(), one, at).await.unwrap();
    assert_eq!(message.terms.corrects, Some(earlier.code));
    let again = office::launch_draft(app, here, other, at).await.unwrap_err();
    assert!(matches!(again, Refusal::DraftLaunched { .. }), "{again}");
    assert!(office::approvals(app).await.unwrap().is_empty());
    assert!(office::approve(app, &camille, at).await.is_err());
}

/// An urgent message that one family got, and that was refused for another.
async fn one_is_left() -> (Scene, Message) {
    let mut people = People::none();
    people.families(2, true, false);
    let ent_only = "[{ channels = [\"ent\"], patience = \"24h\" }]";
    let scene = Scene::set_with(people, ent_only, &[("APPROVAL__URGENT", "true")]).await;
    let message = scene.launch_to("familles", Urgency::Urgent).await;
    let begun = scene.begin(Channel::Ent, 2).await;
    let refused = DeliveryEvent::Failed { kind: FailureKind::Refused, retry_at: None };
    let events = [DeliveryEvent::Accepted { look_at: None }, refused];
    let outcomes = begun.iter().zip(events).map(|(one, event)| Outcome::of(one.due, event));
    scene.app.queue.settle(outcomes.collect(), scene.clock.now()).await.unwrap();
    (scene, message)
}

fn retrying(message: &Message) -> Draft {
    let follows = Follows::Retries { message: message.code.clone(), or_uncertain: false };
    Draft::following(message, follows)
}

#[tokio::test]
async fn another_try_needs_a_yes_as_well_and_leaves_with_it() {
    let (scene, message) = one_is_left().await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let request = office::again(app, &message, false, Terms::default()).await.unwrap();
    let ready = office::prepare(app, request).await.unwrap();
    let refused = office::launch(app, sylvie.actor(), ready).await.unwrap_err();
    assert!(matches!(refused, Refusal::NeedsApproval { recipients: 1 }), "{refused}");
    let number = office::ask_to_follow(app, &sylvie, retrying(&message)).await.unwrap();
    let at = draft::open(app, number).await.unwrap().at();
    let again = office::approve(app, &camille, at).await.unwrap();
    assert_eq!(again.terms.retries, Some(message.code.clone()));
    assert_eq!(scene.status(&again).await.addressees.total, 1);
    assert_eq!(again.launched_by, sylvie.actor());
}

#[tokio::test]
async fn a_yes_to_another_try_is_to_the_text_that_was_read() {
    let (scene, message) = one_is_left().await;
    let app = &scene.app;
    let (sylvie, camille) = (account(app, "sylvie").await, account(app, "camille").await);
    let number = office::ask_to_follow(app, &sylvie, retrying(&message)).await.unwrap();
    let at = draft::open(app, number).await.unwrap().at();
    let right = correction(app, &message).await.unwrap();
    let here = Actor::CommandLine("essai".to_owned());
    let (right, _) = office::correct(app, here, &message, right).await.unwrap();
    let refused = office::approve(app, &camille, at).await.unwrap_err();
    let ApprovalRefusal::Message(Refusal::Corrected(earlier, by)) = refused else {
        panic!("{refused}");
    };
    assert_eq!((earlier, by), (message.code, right.code));
    assert!(!acts(app).await.contains(&Act::Retry));
}
