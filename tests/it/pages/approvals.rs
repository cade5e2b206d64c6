//! A second person says yes before something leaves: asked for, given on a telephone, refused, passed on.

use std::time::Duration;

use chappe::accounts::{Account, AccountRole, Right};
use chappe::message::{Message, Urgency};
use chappe::office::{self, AccountChange};
use chappe::people::{Act, Actor};
use reqwest::StatusCode;

use super::composing::written;
use super::site::{Site, families};
use crate::browser::{Browser, Visitor};
use crate::promises::people::Way;
use crate::promises::scene::is_settled;

const ABOVE_TWO: (&str, &str) = ("APPROVAL__ABOVE", "2");
const CHAIN: (&str, &str) = ("APPROVAL__CHAIN", "[{ login = \"ines\" }, { login = \"rosa\" }]");
const CHECK: &str = "/annonces/brouillons/1/verifier";
const ASK: &str = "/annonces/brouillons/1/accord";
const TAKE_BACK: &str = "/annonces/brouillons/1/accord/reprendre";
const ANSWER: &str = "/accords/1";
const REFUSE: &str = "/accords/1/refuser";

/// A site where three recipients are too many for one alone to decide.
async fn site(settings: &[(&str, &str)]) -> Site {
    let all: Vec<(&str, &str)> = [ABOVE_TWO].iter().chain(settings).copied().collect();
    Site::with(families(), &all).await
}

pub(super) async fn named(site: &Site, login: &str, name: &str, role: AccountRole) -> Account {
    let account = site.account(login, role).await;
    let change = AccountChange { name: Some(name.to_owned()), ..AccountChange::default() };
    office::change_account(site.school(), Actor::Program, account.id, change).await.unwrap()
}

async fn sylvie(site: &Site) -> Visitor {
    let account = named(site, "sylvie", "Sylvie Durand", AccountRole::Secretariat).await;
    site.signed_in(&account).await
}

async fn head(site: &Site, login: &str, name: &str) -> Visitor {
    let account = named(site, login, name, AccountRole::Direction).await;
    site.signed_in(&account).await
}

/// Asks for a yes to the draft as it stands; its version.
async fn asked(visitor: &mut Visitor) -> String {
    let version = visitor.get(CHECK).await.value("version").unwrap().to_owned();
    let page = visitor.post(ASK, &[("version", &version)]).await;
    assert!(page.text().contains("L’accord est demandé"), "{}", page.text());
    version
}

async fn sent(site: &Site) -> usize {
    office::newest(site.school(), 10).await.unwrap().len()
}

#[tokio::test]
async fn it_is_asked_for_given_on_a_telephone_and_leaves_once() {
    let site = site(&[]).await;
    let secretary = named(&site, "sylvie", "Sylvie Durand", AccountRole::Secretariat).await;
    let head = named(&site, "ines", "Ines Bel", AccountRole::Direction).await;
    written(&mut site.signed_in(&secretary).await).await;
    let [desk, telephone] = Browser::several().await;
    site.sign_in(&desk, &secretary).await;
    desk.open(&format!("{}{CHECK}", site.root)).await;
    desk.is_fit().await;
    desk.picture("accord-a-demander").await;
    desk.click("Demander l’accord de Ines Bel").await;
    desk.sees("L’accord est demandé").await;
    desk.sees("Ines Bel peut répondre depuis").await;
    desk.is_fit().await;
    desk.picture("accord-demande").await;
    assert_eq!(sent(&site).await, 0);

    site.sign_in(&telephone, &head).await;
    telephone.size(390, 844).await;
    telephone.sees("Donner votre accord : Réunion des parents").await;
    telephone.click("Donner votre accord : Réunion des parents").await;
    telephone.sees("3 personnes recevront cette annonce tout de suite : 1 par l’ENT d’abord").await;
    telephone.sees("Ce que verra Ines DURAND").await;
    telephone.is_fit().await;
    telephone.size(390, 844).await;
    telephone.picture("accord-telephone").await;
    telephone.dark(true).await;
    telephone.picture("accord-telephone-nuit").await;
    telephone.scripts(false).await;
    telephone.double_click("Donner mon accord : envoyer à 3 personnes").await;
    let message = site.sent(1).await.remove(0);
    telephone.sees("Accord donné par Ines Bel").await;
    telephone.back().await;
    telephone.reload().await;
    assert_eq!(sent(&site).await, 1);
    assert_eq!(message.launched_by.name(), "Sylvie Durand");
    telephone.open(&format!("{}{ANSWER}", site.root)).await;
    telephone.sees("rien n’est parti une seconde fois").await;
}

#[tokio::test]
async fn a_no_has_a_reason_which_goes_back_to_who_asked() {
    let site = site(&[]).await;
    let (mut sylvie, mut ines) = (sylvie(&site).await, head(&site, "ines", "Ines Bel").await);
    written(&mut sylvie).await;
    let version = asked(&mut sylvie).await;
    site.is_fit(&ines, REFUSE).await;
    ines.get(REFUSE).await;
    let silent = ines.send(REFUSE, &[("version", &version), ("motif", "  ")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.page().text().contains("Écrivez pourquoi"));
    let reason = "La date est <b>fausse</b>";
    let page = ines.post(REFUSE, &[("version", &version), ("motif", reason)]).await;
    assert!(page.text().contains("Votre refus est noté"), "{}", page.text());
    let late = ines.send(ANSWER, &[("version", &version)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    let home = sylvie.get("/").await.text();
    assert!(home.contains("Refusé : Réunion des parents"), "{home}");
    let page = sylvie.get(CHECK).await.text();
    assert!(page.contains("Ines Bel a refusé cet envoi") && page.contains(reason), "{page}");
    assert!(page.contains("Demander l’accord de Ines Bel"), "it may be asked for again: {page}");
    assert_eq!(sent(&site).await, 0);
}

#[tokio::test]
async fn what_cannot_leave_any_more_is_still_refused_by_whoever_is_asked() {
    let site = site(&[]).await;
    let (mut sylvie, mut ines) = (sylvie(&site).await, head(&site, "ines", "Ines Bel").await);
    let version = written(&mut sylvie).await;
    let start = site.scene.clock.now() + Duration::from_hours(1);
    let start = site.school().queue.timing().hours.wall(start).strftime("%d/%m/%Y %Hh%M");
    let start = start.to_string();
    let by = [
        ("version", version.as_str()),
        ("plan", "famille"),
        ("urgence", ""),
        ("depart", start.as_str()),
    ];
    sylvie.send("/annonces/brouillons/1/envoi", &by).await;
    let version = asked(&mut sylvie).await;
    site.scene.clock.advance(Duration::from_hours(2));
    let page = ines.get(ANSWER).await;
    assert!(page.text().contains("cette heure est passée"), "{}", page.text());
    assert_eq!(page.link("Refuser cet envoi"), Some(REFUSE));
    ines.get(REFUSE).await;
    ines.send(REFUSE, &[("version", &version), ("motif", "Trop tard")]).await;
    let home = sylvie.get("/").await.text();
    assert!(home.contains("Refusé : Réunion des parents"), "{home}");
    assert_eq!(sent(&site).await, 0);
}

#[tokio::test]
async fn what_nobody_answers_is_passed_on_and_who_asked_sees_whose_turn_it_is() {
    let site = site(&[CHAIN]).await;
    let (mut sylvie, mut rosa) = (sylvie(&site).await, head(&site, "rosa", "Rosa Lune").await);
    let mut ines = head(&site, "ines", "Ines Bel").await;
    written(&mut sylvie).await;
    let version = asked(&mut sylvie).await;
    let page = sylvie.get(CHECK).await.text();
    assert!(page.contains("Ines Bel peut répondre depuis") && !page.contains("Rosa"), "{page}");
    assert!(page.contains("la personne suivante pourra répondre aussi"), "{page}");
    assert!(ines.get("/").await.text().contains("Donner votre accord"));
    assert!(!rosa.get("/").await.text().contains("Donner votre accord"));
    assert!(rosa.get(ANSWER).await.text().contains("C’est d’abord à quelqu’un d’autre"));
    let early = rosa.send(ANSWER, &[("version", &version)]).await;
    assert_eq!((early.status, sent(&site).await), (StatusCode::CONFLICT, 0));
    site.scene.clock.advance(Duration::from_mins(30));
    assert!(rosa.get("/").await.text().contains("Donner votre accord"));
    assert!(sylvie.get(CHECK).await.text().contains("Rosa Lune peut répondre depuis"));
    rosa.get(ANSWER).await;
    rosa.send(ANSWER, &[("version", &version)]).await;
    assert_eq!(sent(&site).await, 1);
    let journal = office::journal(site.school(), 50).await.unwrap();
    for act in [Act::AskApproval, Act::PassOn, Act::Approve, Act::Launch] {
        assert_eq!(journal.iter().filter(|it| it.act == act).count(), 1, "{act:?}");
    }
}

#[tokio::test]
async fn of_two_who_say_yes_at_once_one_counts_and_the_other_is_told() {
    let site = site(&[]).await;
    let (mut sylvie, mut ines) = (sylvie(&site).await, head(&site, "ines", "Ines Bel").await);
    let mut rosa = head(&site, "rosa", "Rosa Lune").await;
    written(&mut sylvie).await;
    let version = asked(&mut sylvie).await;
    ines.get(ANSWER).await;
    rosa.get(ANSWER).await;
    let said = [("version", version.as_str())];
    let (one, other) = tokio::join!(ines.send(ANSWER, &said), rosa.send(ANSWER, &said));
    let message = site.sent(1).await.remove(0);
    let mut told = [one.location().unwrap(), other.location().unwrap()];
    told.sort_unstable();
    let page = format!("/annonces/{}", message.code);
    assert_eq!(told, [format!("{page}?fait=deja"), format!("{page}?fait=envoyee")]);
}

#[tokio::test]
async fn what_was_changed_meanwhile_is_asked_for_anew() {
    let site = site(&[]).await;
    let (mut sylvie, mut ines) = (sylvie(&site).await, head(&site, "ines", "Ines Bel").await);
    written(&mut sylvie).await;
    let before = asked(&mut sylvie).await;
    ines.get(ANSWER).await;
    let by = [("version", before.as_str()), ("plan", "famille"), ("urgence", "")];
    sylvie.send("/annonces/brouillons/1/envoi", &by).await;
    let refused = ines.send(ANSWER, &[("version", &before)]).await;
    assert_eq!((refused.status, sent(&site).await), (StatusCode::CONFLICT, 0));
    assert!(refused.page().text().contains("a changé cette annonce"));
    let now = (before.parse::<u32>().unwrap() + 1).to_string();
    for version in [&before, &now] {
        let unasked = ines.send(ANSWER, &[("version", version)]).await;
        assert_eq!((unasked.status, sent(&site).await), (StatusCode::CONFLICT, 0));
    }
    assert!(!ines.get("/").await.text().contains("Donner votre accord"));
    let late = sylvie.send(ASK, &[("version", &before)]).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "what was looked at is what is asked about");
    assert_eq!(asked(&mut sylvie).await, now);
    ines.send(ANSWER, &[("version", &now)]).await;
    assert_eq!(sent(&site).await, 1);
}

#[tokio::test]
async fn whoever_asked_takes_it_back_and_says_no_yes_to_themselves() {
    let site = site(&[]).await;
    let (mut ines, mut rosa) =
        (head(&site, "ines", "Ines Bel").await, head(&site, "rosa", "Rosa Lune").await);
    written(&mut ines).await;
    let version = asked(&mut ines).await;
    let said = [("version", version.as_str())];
    assert!(ines.get(ANSWER).await.text().contains("C’est votre demande"));
    for path in [ANSWER, REFUSE] {
        let own = ines.send(path, &[said[0], ("motif", "Non")]).await;
        assert_eq!((own.status, sent(&site).await), (StatusCode::CONFLICT, 0), "{path}");
    }
    rosa.get(CHECK).await;
    assert_eq!(rosa.send(TAKE_BACK, &said).await.status, StatusCode::CONFLICT);
    ines.get(CHECK).await;
    let page = ines.post(TAKE_BACK, &said).await;
    assert!(page.text().contains("La demande est reprise"), "{}", page.text());
    let late = rosa.send(ANSWER, &said).await;
    assert_eq!((late.status, sent(&site).await), (StatusCode::CONFLICT, 0));
    let answer = rosa.fetch(ANSWER).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.page().text().contains("la demande a été reprise"));
}

/// What each right opens of it; who is to ask may send, who is to answer may approve.
#[tokio::test]
async fn each_right_opens_its_own_part_and_no_other() {
    let rows: [(&[Right], [bool; 3]); 4] = [
        (&[Right::Write], [false, false, false]),
        (&[Right::Write, Right::Send], [true, false, false]),
        (&[Right::Write, Right::Approve], [false, true, true]),
        (&[Right::SeeFamilies, Right::SeeJournal], [false, false, false]),
    ];
    let site = site(&[]).await;
    let mut sylvie = sylvie(&site).await;
    named(&site, "ines", "Ines Bel", AccountRole::Direction).await;
    written(&mut sylvie).await;
    asked(&mut sylvie).await;
    for (number, (rights, may)) in rows.iter().enumerate() {
        let login = format!("compte-{number}");
        let account = site.account_with(&login, AccountRole::Cpe, Some(rights)).await;
        let mut visitor = site.signed_in(&account).await;
        visitor.get("/compte").await;
        // A version that nobody has: what is let in is refused for that.
        let nothing = [("version", "99"), ("motif", "")];
        let answers = [
            visitor.send(ASK, &nothing).await.status,
            visitor.fetch(ANSWER).await.status,
            visitor.send(REFUSE, &nothing).await.status,
        ];
        let let_in = answers.map(|status| status != StatusCode::FORBIDDEN);
        assert_eq!(let_in, *may, "{rights:?}: {answers:?}");
        assert_eq!(sent(&site).await, 0);
    }
}

#[tokio::test]
async fn whose_right_was_taken_away_meanwhile_says_neither_yes_nor_no() {
    let site = site(&[]).await;
    let mut sylvie = sylvie(&site).await;
    let head = named(&site, "ines", "Ines Bel", AccountRole::Direction).await;
    let mut ines = site.signed_in(&head).await;
    written(&mut sylvie).await;
    let version = asked(&mut sylvie).await;
    ines.get(ANSWER).await;
    let role = Some(AccountRole::Cpe);
    let change = AccountChange { role, ..AccountChange::default() };
    office::change_account(site.school(), Actor::Program, head.id, change).await.unwrap();
    for path in [ANSWER, REFUSE] {
        let answer = ines.send(path, &[("version", &version), ("motif", "Non")]).await;
        assert_eq!((answer.status, sent(&site).await), (StatusCode::FORBIDDEN, 0), "{path}");
    }
    let page = sylvie.get(CHECK).await.text();
    assert!(page.contains("Plus personne ne peut répondre"), "{page}");
}

#[tokio::test]
async fn an_urgent_one_asks_and_without_the_setting_nothing_of_it_shows() {
    let urgent = Site::with(families(), &[("APPROVAL__URGENT", "true")]).await;
    let usual = Site::open().await;
    for (site, plain, pressing) in [
        (&urgent, "Envoyer à 3", "Demander l’accord de Ines Bel"),
        (&usual, "Envoyer à 3", "Envoyer à 3"),
    ] {
        let mut sylvie = sylvie(site).await;
        named(site, "ines", "Ines Bel", AccountRole::Direction).await;
        let version = written(&mut sylvie).await;
        let page = sylvie.get(CHECK).await.text();
        assert!(page.contains(plain) && !page.contains("accord"), "{page}");
        let by = [("version", version.as_str()), ("plan", "famille"), ("urgence", "urgent")];
        let page = sylvie.post("/annonces/brouillons/1/envoi", &by).await.text();
        assert!(page.contains(pressing), "{page}");
    }
    let mut ines = head(&usual, "rosa", "Rosa Lune").await;
    assert_eq!(ines.fetch(ANSWER).await.status, StatusCode::CONFLICT);
}

/// What the form of a correction is sent, with another subject.
fn corrected(message: &Message) -> Vec<(String, String)> {
    let fields = message.fields.iter();
    let mut fields: Vec<(String, String)> =
        fields.map(|(name, text)| (format!("champ-{name}"), text.clone())).collect();
    let subject = fields.iter_mut().find(|(name, _)| name == "champ-objet").unwrap();
    subject.1.push_str(" (corrigé)");
    fields
}

fn borrowed(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect()
}

#[tokio::test]
async fn a_correction_waits_for_the_yes_of_another_and_can_be_changed_meanwhile() {
    let site = site(&[]).await;
    let earlier = site.scene.launch().await;
    site.scene.until(&earlier, is_settled).await;
    let (mut sylvie, mut ines) = (sylvie(&site).await, head(&site, "ines", "Ines Bel").await);
    let form = format!("/annonces/{}/rectifier", earlier.code);
    sylvie.get(&form).await;
    let mut fields = corrected(&earlier);
    let looked = sylvie.send(&form, &borrowed(&fields)).await.page();
    let (text, seen) = (looked.text(), looked.value("vu").unwrap().to_owned());
    assert!(text.contains("Demander l’accord de Ines Bel"), "{text}");
    assert!(!text.contains("Envoyer le rectificatif"), "{text}");
    fields.extend([("envoyer".to_owned(), "oui".to_owned()), ("vu".to_owned(), seen)]);
    let page = sylvie.post(&form, &borrowed(&fields)).await;
    let text = page.text();
    assert!(text.contains("L’accord est demandé") && text.contains("Rectificatif de"), "{text}");
    assert_eq!(page.link("Le texte"), Some("/annonces/brouillons/1/texte"));
    assert_eq!(page.link("Les destinataires"), None, "the announcement says whom it goes to");
    let elsewhere = sylvie.fetch("/annonces/brouillons/1/destinataires").await;
    assert_eq!((elsewhere.status, sent(&site).await), (StatusCode::CONFLICT, 1));
    assert!(sylvie.get(&form).await.text().contains("Un rectificatif de cette annonce attend"));
    let told = sylvie.get(&format!("/annonces/{}", earlier.code)).await;
    let waits = format!("Rectificatif : {} (corrigé)", earlier.fields["objet"]);
    assert_eq!(told.link(&waits), Some(CHECK), "{}", told.text());

    let home = ines.get("/").await.text();
    assert!(home.contains("Donner votre accord : Rectificatif"), "{home}");
    let page = ines.get(ANSWER).await;
    let (text, version) = (page.text(), page.value("version").unwrap().to_owned());
    assert!(text.contains("ont eu, ou peut-être eu, l’ancien texte"), "{text}");
    assert!(text.contains("Donner mon accord : envoyer à 3 destinataires"), "{text}");
    ines.get(REFUSE).await;
    ines.post(REFUSE, &[("version", &version), ("motif", "L’heure est fausse")]).await;
    let written = "/annonces/brouillons/1/texte";
    let page = sylvie.get(written).await;
    let subject = page.value("champ-objet").unwrap().replace("corrigé", "à 14 h");
    let mut fields: Vec<(String, String)> = corrected(&earlier);
    fields.retain(|(name, _)| name != "champ-objet");
    fields.extend([("champ-objet".to_owned(), subject), ("version".to_owned(), version)]);
    let page = sylvie.post(written, &borrowed(&fields)).await;
    assert!(page.text().contains("Demander l’accord de Ines Bel"), "{}", page.text());
    let version = asked(&mut sylvie).await;
    ines.get(ANSWER).await;
    site.scene.pass(Duration::from_secs(1));
    let page = ines.post(ANSWER, &[("version", &version)]).await;
    assert!(page.title().contains("(à 14 h)"), "{}", page.title());
    let newest = site.sent(2).await.remove(0);
    assert_eq!(newest.terms.corrects, Some(earlier.code));
    assert_eq!(newest.launched_by.name(), "Sylvie Durand");
}

#[tokio::test]
async fn another_try_waits_for_the_yes_of_another() {
    let mut people = families();
    people.family("Mei OUEDRAOGO", &[]);
    let site = Site::with(people, &[("APPROVAL__URGENT", "true")]).await;
    let message = site.scene.launch_to("familles", Urgency::Urgent).await;
    site.scene.until(&message, |it| it.addressees.unreached == 1).await;
    let (mut sylvie, mut ines) = (sylvie(&site).await, head(&site, "ines", "Ines Bel").await);
    let mut people = families();
    people.family("Mei OUEDRAOGO", &[Way::Email("mei@example.org")]);
    site.import(people).await;
    let form = format!("/annonces/{}/relancer", message.code);
    let text = sylvie.get(&form).await.text();
    assert!(text.contains("Demander l’accord de Ines Bel"), "{text}");
    for _ in 0..2 {
        let page = sylvie.post(&form, &[]).await;
        assert!(page.text().contains("L’accord est demandé"), "{}", page.text());
        assert_eq!(sent(&site).await, 1);
        sylvie.get(&form).await;
    }
    let page = ines.get(ANSWER).await;
    let (text, version) = (page.text(), page.value("version").unwrap().to_owned());
    assert!(text.contains("Relance : ") && text.contains("Mei OUEDRAOGO"), "{text}");
    site.scene.pass(Duration::from_secs(1));
    ines.post(ANSWER, &[("version", &version)]).await;
    let newest = site.sent(2).await.remove(0);
    assert_eq!(newest.terms.retries, Some(message.code));
}
