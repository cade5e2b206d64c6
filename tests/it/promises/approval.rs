//! What needs the yes of a second person does not leave without it, and leaves once with it.

use std::collections::BTreeSet;
use std::time::Duration;

use chappe::accounts::{Account, AccountRole, Right};
use chappe::message::{Draft, DraftVersion};
use chappe::office::{self, ApprovalRefusal, NewAccount, Refusal, School, draft};
use chappe::people::{Act, Actor};

use super::people::People;
use super::scene::{FAMILLE, Scene, announcement};

const ABOVE_TWO: (&str, &str) = ("APPROVAL__ABOVE", "2");
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
    let draft = Draft {
        template: "fermeture".to_owned(),
        fields: announcement(),
        audience: "familles".to_owned(),
        plan: "famille".to_owned(),
        urgency: None,
        plain_sms: false,
        expires_at: None,
        passes_hours: None,
    };
    draft::save(school, by.actor(), draft, None).await.unwrap()
}

async fn launch(school: &School, actor: Actor, at: DraftVersion) -> Result<(), Refusal> {
    let kept = draft::open(school, at.number).await?;
    let ready = draft::prepare(school, kept, true).await?;
    office::launch(school, actor, ready).await.map(drop)
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
    assert_eq!((asked.draft.at(), asked.recipients, asked.asked), (at, 3, None));
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
    let (camille, rosa) = (account(app, "camille").await, account(app, "rosa").await);
    let at = written(app, &sylvie).await;
    office::ask_approval(app, &sylvie, at).await.unwrap();
    let asked = async || office::approvals(app).await.unwrap()[0].asked.clone();
    assert_eq!(asked().await, Some(vec![camille.login.clone()]));
    let early = office::approve(app, &rosa, at).await.unwrap_err();
    assert!(matches!(early, ApprovalRefusal::NotYourTurn), "{early}");
    scene.clock.advance(Duration::from_mins(30));
    assert_eq!(asked().await, Some(vec![camille.login.clone(), rosa.login.clone()]));
    asked().await;
    let passed_on = acts(app).await.into_iter().filter(|act| *act == Act::PassOn).count();
    assert_eq!(passed_on, 1);
    office::approve(app, &rosa, at).await.unwrap();
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
    let at = written(app, &sylvie).await;
    office::ask_approval(app, &sylvie, at).await.unwrap();
    launch(app, Actor::CommandLine("essai".to_owned()), at).await.unwrap();
    assert!(office::approvals(app).await.unwrap().is_empty());
}
