//! To whom the account that sends may write, and as whom it acts.

use chappe::clock::Clock;
use chappe::delivery::FailureKind::{Misconfigured, Throttled, Unseen};
use chappe::demo::ent::Weather;
use chappe::providers::{
    Edifice, EdificeGrant, EdificeSecrets, EdificeSettings, Guard, Health, Provider,
};

use super::{NOW, edifice, secrets, settings, stand_in};
use crate::scripted::an_ent_message;

#[tokio::test]
async fn one_who_is_not_visible_is_refused_alone_and_costs_no_session() {
    let ent = stand_in().await;
    let ours = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    ent.hide("u-4");
    assert_eq!(ours.send(&an_ent_message("u-4")).await.unwrap_err().kind, Unseen);
    ours.send(&an_ent_message("u-1")).await.unwrap();
    assert_eq!((ent.tokens_given(), ent.taken()), (1, 1));
}

#[tokio::test]
async fn an_application_that_acts_as_itself_may_write_to_nobody() {
    let ent = stand_in().await;
    let nobody = EdificeSettings { grant: EdificeGrant::ClientCredentials, ..settings(ent.url()) };
    let secrets = EdificeSecrets { password: None, ..secrets() };
    let clock = Clock::standing_at(NOW);
    let ours = Edifice::new("ent", &nobody, secrets, clock, Guard::LoopbackOnly).unwrap();
    assert_eq!(ours.send(&an_ent_message("u-1")).await.unwrap_err().kind, Unseen);
    assert!(ours.fetch_accounts().await.unwrap().is_empty());
    let said = ours.check().await.unwrap_err();
    assert_eq!(said.kind, Misconfigured);
    assert!(said.detail.contains("client_credentials acts as nobody of the school"), "{said}");
    assert!(ent.messages().is_empty());
}

#[tokio::test]
async fn an_account_that_may_write_to_no_guardian_is_not_well() {
    let ent = stand_in().await;
    let ours = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    assert!(ours.check().await.unwrap().summary.ends_with("2 guardians visible"));
    ent.hide("u-1");
    ent.hide("u-2");
    let Health { summary, in_french } = ours.check().await.unwrap();
    assert!(summary.ends_with("0 guardians visible: families get nothing by it"), "{summary}");
    assert!(in_french.ends_with("visibles : 0, donc rien pour les familles"), "{in_french}");
    ent.hide("u-4");
    ent.hide("u-5");
    let said = ours.check().await.unwrap_err();
    assert_eq!(said.kind, Misconfigured);
    assert!(said.detail.starts_with("nobody is visible to this account"), "{said}");
}

#[tokio::test]
async fn a_scope_that_lacks_a_module_falls_back_to_the_other() {
    let ent = stand_in().await;
    let narrow = EdificeSettings { scope: "conversation".to_owned(), ..settings(ent.url()) };
    let ours = edifice(&narrow, &Clock::standing_at(NOW));
    assert_eq!(ours.fetch_accounts().await.unwrap().len(), 4);
    ent.set_weather(Weather::HtmlPage);
    assert_eq!(ours.fetch_accounts().await.unwrap_err().kind, Throttled);
    ent.set_weather(Weather::Fine);
    let none = EdificeSettings { scope: "timeline".to_owned(), ..settings(ent.url()) };
    let ours = edifice(&none, &Clock::standing_at(NOW));
    assert_eq!(ours.send(&an_ent_message("u-1")).await.unwrap_err().kind, Misconfigured);
}
