//! Whoever writes an announcement has it sent to themselves first, or a few words by a service, and nobody else gets
//! anything.

use chappe::accounts::{AccountRole, Right};
use chappe::channel::Channel;
use chappe::office;
use chappe::people::{Act, Actor};
use reqwest::StatusCode;

use super::composing::written;
use super::site::{Site, families};
use crate::browser::Visitor;
use crate::promises::people::{People, Way};

const TRY: &str = "/annonces/brouillons/1/essai";
const OWN: &str = "camille@example.org";

async fn tried(visitor: &mut Visitor, way: &str, address: &str) -> StatusCode {
    visitor.send(TRY, &[("place", "0"), ("voie", way), ("adresse", address)]).await.status
}

#[tokio::test]
async fn it_comes_by_e_mail_as_the_family_would_get_it_and_says_that_it_is_a_trial() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let page = visitor.get("/annonces/brouillons/1/apercu").await;
    assert!(page.text().contains("M’envoyer un essai"), "{}", page.text());
    let fields = [("place", "0"), ("voie", "email"), ("adresse", OWN)];
    let text = visitor.post(TRY, &fields).await.text();
    assert!(text.contains("L’essai est parti par courriel"), "{text}");
    assert!(text.contains("c…@example.org") && !text.contains(OWN), "kept, and masked: {text}");
    let [mail]: [String; 1] = site.scene.mails().try_into().unwrap();
    assert!(mail.contains(OWN) && !mail.contains("ines@example.org"), "{mail}");
    assert!(mail.contains("Ceci est un essai"), "{mail}");
    assert!(mail.contains("DURAND"), "the family that was looked at: {mail}");
    assert_eq!(tried(&mut visitor, "email", "").await, StatusCode::SEE_OTHER, "to what is kept");
    assert_eq!(site.scene.mails().len(), 2);
    assert!(office::newest(site.school(), 9).await.unwrap().is_empty(), "nobody is an addressee");
    let journal = office::journal(site.school(), 99).await.unwrap();
    let noted = format!("{journal:?}");
    let tries = journal.iter().filter(|it| it.act == Act::Try);
    assert!(tries.count() == 2 && !noted.contains("example.org"), "{noted}");
}

#[tokio::test]
async fn it_comes_as_a_text_message_to_a_number_that_is_typed() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Mobile("06 39 98 00 11")]);
    let site = Site::of(people).await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    assert_eq!(tried(&mut visitor, "sms", "06 39 98 00 77").await, StatusCode::SEE_OTHER);
    let [sms]: [_; 1] = site.scene.sms.messages().try_into().unwrap();
    assert!(sms.message.starts_with("ESSAI : ") && sms.receiver.ends_with("639980077"), "{sms:?}");
}

#[tokio::test]
async fn it_never_goes_to_a_family_nor_where_nothing_may_go() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    for address in ["marc@example.org", "Marc@Example.org", "pas une adresse", ""] {
        assert_eq!(tried(&mut visitor, "email", address).await, StatusCode::CONFLICT, "{address}");
    }
    site.scene.close(Channel::Email).await;
    assert_eq!(tried(&mut visitor, "email", OWN).await, StatusCode::CONFLICT, "closed");
    office::open_channel(site.school(), Actor::Program, Channel::Email).await.unwrap();
    office::hold(site.school(), Actor::Program, "Panne".to_owned()).await.unwrap();
    assert_eq!(tried(&mut visitor, "email", OWN).await, StatusCode::CONFLICT, "on hold");
    assert!(site.scene.mails().is_empty());
    let journal = office::journal(site.school(), 99).await.unwrap();
    assert!(journal.iter().all(|it| it.act != Act::Try), "what did not leave is no trial");
}

#[tokio::test]
async fn somebody_has_ten_of_them_within_an_hour() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    for _ in 0..office::MOST_TRIALS {
        assert_eq!(tried(&mut visitor, "email", OWN).await, StatusCode::SEE_OTHER);
    }
    let answer = visitor.send(TRY, &[("place", "0"), ("voie", "email"), ("adresse", OWN)]).await;
    let text = answer.page().text();
    assert!(text.contains("10 essais en une heure"), "{text}");
    assert_eq!(site.scene.mails().len(), office::MOST_TRIALS);
    let other = site.account("sam", AccountRole::Secretariat).await;
    let mut other = site.signed_in(&other).await;
    other.get("/annonces/brouillons/1/apercu").await;
    assert_eq!(tried(&mut other, "email", "sam@example.org").await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn it_counts_under_the_rates_of_the_provider() {
    let site = Site::with(families(), &[("PROVIDERS__RELAY__SMTP__PACE__PER_HOUR", "1")]).await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    assert_eq!(tried(&mut visitor, "email", OWN).await, StatusCode::SEE_OTHER);
    let answer = visitor.send(TRY, &[("place", "0"), ("voie", "email"), ("adresse", OWN)]).await;
    let text = answer.page().text();
    assert!(text.contains("Le débit permis"), "{text}");
    let used = office::rates_in_use(site.school()).await.unwrap();
    let relay = used.iter().find(|it| it.channel == Channel::Email).unwrap();
    assert_eq!(relay.windows[0].used, 1);
}

#[tokio::test]
async fn whoever_may_not_see_families_tries_nothing_out() {
    let site = Site::open().await;
    let mut writer = site.secretary().await;
    written(&mut writer).await;
    let account = site.account_with("plume", AccountRole::Secretariat, Some(&[Right::Write])).await;
    let mut visitor = site.signed_in(&account).await;
    visitor.get("/annonces/brouillons/1/texte").await;
    assert_eq!(tried(&mut visitor, "email", OWN).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_service_sends_whoever_asks_a_message_of_their_own() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/canaux/services/relay").await;
    assert!(page.text().contains("M’envoyer un message d’essai"), "{}", page.text());
    let own = "/canaux/services/relay/essai";
    let refused = visitor.send(own, &[("adresse", "marc@example.org")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "a family's");
    site.scene.close(Channel::Email).await;
    let text = visitor.post(own, &[("adresse", OWN)]).await.text();
    assert!(text.contains("Le message d’essai est parti"), "before it is opened again: {text}");
    let [mail]: [String; 1] = site.scene.mails().try_into().unwrap();
    assert!(mail.contains(OWN) && mail.contains("Ceci est un essai"), "{mail}");
    assert!(mail.contains(&site.school().config.school.name), "{mail}");
    assert!(visitor.get("/canaux/services/relay").await.text().contains("c…@example.org"));
    let journal = office::journal(site.school(), 99).await.unwrap();
    let noted: Vec<_> = journal.iter().filter(|it| it.act == Act::TryService).collect();
    assert_eq!((noted.len(), noted[0].about.as_str()), (1, "relay"));
    office::hold(site.school(), Actor::Program, "Panne".to_owned()).await.unwrap();
    assert_eq!(visitor.send(own, &[]).await.status, StatusCode::CONFLICT, "on hold");
    assert_eq!(site.scene.mails().len(), 1);
}

#[tokio::test]
async fn a_service_of_text_messages_sends_one_to_a_mobile_that_is_typed() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let own = "/canaux/services/sms/essai";
    for address in ["01 99 00 12 34", "camille@example.org", ""] {
        let refused = visitor.send(own, &[("adresse", address)]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{address}");
    }
    visitor.post(own, &[("adresse", "06 39 98 00 77")]).await;
    let [sms]: [_; 1] = site.scene.sms.messages().try_into().unwrap();
    assert!(sms.message.starts_with("ESSAI : ") && sms.receiver.ends_with("639980077"), "{sms:?}");
}

#[tokio::test]
async fn a_service_by_which_nobody_gets_a_message_of_their_own_offers_none() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/canaux/services/ent").await;
    assert!(!page.text().contains("M’envoyer un message"), "{}", page.text());
    for name in ["ent", "personne"] {
        let refused = visitor.send(&format!("/canaux/services/{name}/essai"), &[]).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{name}");
    }
}
