//! An announcement is looked at as one family gets it, and read over, before it leaves.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chappe::accounts::{AccountRole, Right};
use chappe::channel::Channel;
use chappe::office;
use chappe::wording::markdown::to_html;
use reqwest::header::{ACCEPT_ENCODING, HeaderValue};
use reqwest::{Method, StatusCode};
use sha2::{Digest, Sha256};

use super::composing::{written, written_so};
use super::site::{Site, families};
use crate::browser::{Browser, axe};
use crate::promises::people::{People, Way};

const LOOK: &str = "/annonces/brouillons/1/apercu";
/// A page of a letter, each of its signs drawn; and packed, as browsers take it.
const LARGEST: usize = 300_000;
const LARGEST_PACKED: usize = 100_000;

/// What stands in a document's sheet and in its attributes of style.
fn styles(html: &str) -> Vec<&str> {
    let between = |opens, closes| {
        let begun = html.split(opens).skip(1);
        begun.filter_map(move |rest: &str| Some(rest.split_once(closes)?.0))
    };
    between("<style>", "</style>").chain(between("style=\"", "\"")).collect()
}

fn hashed(style: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style)))
}

fn of_one(name: &str, ways: &[Way]) -> People {
    let mut people = People::none();
    people.family(name, ways);
    people
}

#[tokio::test]
async fn every_way_of_a_family_is_shown_and_what_it_lacks_is_said() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let text = visitor.get(LOOK).await.text();
    assert!(text.contains("Ines DURAND") && text.contains("Destinataire 1 sur 3"), "{text}");
    assert!(text.contains("La réunion a lieu mardi."), "{text}");
    assert!(text.contains("Rien : pas d’adresse connue pour cette voie"), "no mobile: {text}");
}

#[tokio::test]
async fn a_family_is_found_by_name_and_by_what_is_special_about_it() {
    let mut people = families();
    people.family("Paul NGUYEN", &[Way::Mobile("06 39 98 00 12")]);
    let site = Site::of(people).await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    visitor.get(LOOK).await;
    let page = visitor.post(LOOK, &[("q", "petit")]).await;
    let link = page.link("Marc PETIT").unwrap().to_owned();
    assert!(link.contains("?qui=") && !link.contains("PETIT"), "no name in an address: {link}");
    let shown = visitor.get(&link).await.text();
    assert!(shown.contains("Marc PETIT") && shown.contains("sur 4"), "{shown}");
    let no_home = ["Marc PETIT", "Paul NGUYEN"];
    let offline = ["Lea MOREAU", "Paul NGUYEN"];
    for (case, who) in [("sans-adresse", no_home), ("hors-ligne", offline)] {
        let text = visitor.get(&format!("{LOOK}?cas={case}")).await.text();
        assert!(who.iter().any(|name| text.contains(name)), "{case}: {text}");
    }
    let text = visitor.get(&format!("{LOOK}?cas=plusieurs")).await.text();
    assert!(text.contains("Personne de ce genre ne reçoit cette annonce"), "{text}");
}

#[tokio::test]
async fn each_way_says_when_it_is_used_or_why_not() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines@example.org"), Way::Mobile("06 39 98 00 11")]);
    let site = Site::of(people).await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let text = visitor.get(LOOK).await.text();
    assert_eq!(text.matches("d’abord").count(), 1, "the e-mail, as she has no account: {text}");
    assert_eq!(text.matches("si la voie précédente").count(), 1, "the text message: {text}");
    site.scene.close(Channel::Email).await;
    let text = visitor.get(LOOK).await.text();
    assert!(text.contains("Rien pour l’instant : cette voie est fermée."), "{text}");
    assert_eq!(text.matches("d’abord").count(), 1, "the text message now: {text}");
    assert!(!text.contains("si la voie précédente"), "{text}");
}

#[tokio::test]
async fn whoever_has_a_class_of_their_own_sees_its_families_and_no_other() {
    let mut people = People::none();
    people.family("Marc PETIT", &[Way::Email("marc@example.org")]);
    let own = people.guardian("Lea MOREAU", &[Way::Email("lea@example.org")]);
    people.pupil("Tom MOREAU", "6B", &[&own]);
    let site = Site::of(people).await;
    let mut writer = site.secretary().await;
    written(&mut writer).await;
    let account = site.head_of("6B").await;
    let mut visitor = site.signed_in(&account).await;
    let text = visitor.get(LOOK).await.text();
    assert!(text.contains("Lea MOREAU") && text.contains("Destinataire 1 sur 1"), "{text}");
    let mail = visitor.fetch(&format!("{LOOK}/0/courriel")).await;
    assert!(mail.text().contains("Tom MOREAU"), "{}", mail.text());
    assert_eq!(visitor.fetch(&format!("{LOOK}/1/courriel")).await.status, StatusCode::NOT_FOUND);
    let text = visitor.post(LOOK, &[("q", "moreau")]).await.text();
    assert!(text.contains("Lea MOREAU") && !text.contains("Personne de ce genre"), "{text}");
    let text = visitor.post(LOOK, &[("q", "petit")]).await.text();
    assert!(text.contains("Personne ne correspond à « petit »"), "{text}");
    let account = site.head_of("5C").await;
    let mut visitor = site.signed_in(&account).await;
    let text = visitor.get(LOOK).await.text();
    assert!(text.contains("Cette annonce ne va à aucune famille de vos élèves"), "{text}");
}

#[tokio::test]
async fn the_e_mail_stands_in_a_frame_that_runs_nothing_and_loads_nothing() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let mail = visitor.fetch(&format!("{LOOK}/0/courriel")).await;
    assert_eq!(mail.status, StatusCode::OK);
    let policy = mail.headers["content-security-policy"].to_str().unwrap().to_owned();
    for wanted in ["default-src 'none'", "sandbox", "frame-ancestors 'self'"] {
        assert!(policy.contains(wanted), "{policy}");
    }
    assert!(!policy.contains("script-src"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");
    // Each style that a mail can have is allowed by its hash, and no other.
    let text = "> Un cadre\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nhttps://www.example.org/page";
    let parts = to_html(text);
    let styles: BTreeSet<String> =
        [mail.text().as_str(), &parts].into_iter().flat_map(styles).map(hashed).collect();
    let allowed = policy.split_whitespace().filter(|word| word.starts_with("'sha256-"));
    let allowed = allowed.map(|word| word.trim_end_matches(';').to_owned());
    assert_eq!(allowed.collect::<BTreeSet<_>>(), styles);
    assert_eq!(styles.len(), 5, "the sheet, the preview, a strip, a table, an address");
    assert_eq!(mail.headers["x-frame-options"], "SAMEORIGIN");
    assert_eq!(mail.headers["cache-control"], "no-store");
    let page = visitor.fetch("/annonces/brouillons/1/texte").await;
    assert_eq!(page.headers["x-frame-options"], "DENY");
    let none = visitor.fetch(&format!("{LOOK}/9/courriel")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_letter_is_seen_as_its_page() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let drawn = visitor.fetch(&format!("{LOOK}/0/lettre")).await;
    assert_eq!((drawn.status, drawn.kind()), (StatusCode::OK, "image/svg+xml"));
    assert!(drawn.text().starts_with("<svg") && drawn.body.len() < LARGEST, "{}", drawn.body.len());
    assert!(!drawn.text().contains("<script") && !drawn.text().contains("http://127"));
    assert_eq!(drawn.headers["cache-control"], "no-store");
    let asked = visitor.request(Method::GET, &format!("{LOOK}/0/lettre"));
    let packed = visitor.answer(asked.header(ACCEPT_ENCODING, "gzip")).await;
    assert_eq!(
        (&packed.headers["content-encoding"], packed.kind()),
        (&HeaderValue::from_static("gzip"), "image/svg+xml")
    );
    assert!(packed.body.len() < LARGEST_PACKED, "{} of {}", packed.body.len(), drawn.body.len());
    let answer = visitor.fetch(&format!("{LOOK}/9/lettre")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_may_not_see_families_sees_none_of_it() {
    let site = Site::open().await;
    let mut writer = site.secretary().await;
    written(&mut writer).await;
    let account = site.account_with("plume", AccountRole::Secretariat, Some(&[Right::Write])).await;
    let mut visitor = site.signed_in(&account).await;
    for path in ["", "/0/courriel", "/0/lettre"] {
        let answer = visitor.fetch(&format!("{LOOK}{path}")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn what_makes_a_text_message_dear_is_named_and_the_cheaper_one_is_taken_by_a_press() {
    let ways = [Way::Mobile("06 39 98 00 11")];
    let site = Site::of(of_one("Ines DURAND", &ways)).await;
    let mut visitor = site.secretary().await;
    let agenda = "Mardi à 18h, dans la cour du collège, avec le goûter des élèves de 6e.";
    let said = [("champ-objet", "Fête de l'école"), ("champ-agenda", agenda)];
    let version = written_so(&mut visitor, &said).await;
    let text = visitor.get(LOOK).await.text();
    assert!(text.contains("« ê » oblige à envoyer tout le message en Unicode"), "{text}");
    assert!(text.contains("Pour moins cher") && text.contains("« ê » devient « e »"), "{text}");
    let taken = [("version", version.as_str()), ("simple", "oui"), ("place", "0")];
    let page = visitor.post("/annonces/brouillons/1/alphabet", &taken).await;
    assert!(page.text().contains("l’alphabet le moins cher"), "{}", page.text());
    let kept = office::draft::open(site.school(), 1).await.unwrap();
    assert!(kept.draft.plain_sms);
    let again = visitor.send("/annonces/brouillons/1/alphabet", &taken).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "it was saved since");
}

#[tokio::test]
async fn advice_stands_beside_the_text_and_in_a_line_on_the_last_page() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let badly = [
        ("champ-ce_qui_change", "Les élèves iront en permanence."),
        ("champ-prochain_rendez_vous", "bientôt"),
    ];
    written_so(&mut visitor, &badly).await;
    let text = visitor.get("/annonces/brouillons/1/texte").await.text();
    assert!(text.contains("« permanence » peut se comprendre de deux façons"), "{text}");
    assert!(text.contains("Par SMS :"), "{text}");
    let last = visitor.get("/annonces/brouillons/1/verifier").await;
    assert!(last.text().contains("2 conseils sur le texte"), "{}", last.text());
    assert!(last.value("version").is_some(), "it may leave all the same");
    let typed = [("champ-ce_qui_change", "TOUT LE MONDE RENTRE !!")];
    let part = visitor.send("/annonces/brouillons/1/relecture", &typed).await;
    assert!(part.text().contains("inquiètent"), "{}", part.text());
    let kept = office::draft::open(site.school(), 1).await.unwrap();
    assert_eq!(kept.draft.fields["agenda"], "Mardi à 18h.", "nothing is kept by reading");
}

#[tokio::test]
async fn it_is_read_over_while_one_writes_and_the_page_is_for_everybody() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    written(&mut visitor).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.open(&format!("{}/annonces/brouillons/1/texte", site.root)).await;
    browser.fill("Ce qui change", "Les élèves iront en permanence.").await;
    browser.sees("peut se comprendre de deux façons").await;
    for path in ["texte", "apercu"] {
        browser.open(&format!("{}/annonces/brouillons/1/{path}", site.root)).await;
        browser.is_fit().await;
        browser.pictures(&format!("annonces-brouillons-1-{path}")).await;
    }
    assert!(axe(&browser).await.is_empty());
    assert!(browser.complaints().await.is_empty());
}

#[tokio::test]
async fn two_browsers_on_one_draft_overwrite_nothing() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    written(&mut visitor).await;
    let [one, other] = Browser::several::<2>().await;
    for browser in [&one, &other] {
        site.sign_in(browser, &account).await;
        browser.open(&format!("{}/annonces/brouillons/1/texte", site.root)).await;
    }
    one.fill("Objet", "Réunion de l’une").await;
    one.click("Continuer").await;
    one.sees("Combien de personnes").await;
    other.fill("Objet", "Réunion de l’autre").await;
    other.click("Enregistrer et rester ici").await;
    other.sees("pendant que vous écriviez").await;
    assert_eq!(other.filled("Objet").await, "Réunion de l’autre");
    let kept = office::draft::open(site.school(), 1).await.unwrap();
    assert_eq!(kept.draft.fields["objet"], "Réunion de l’une");
}

#[tokio::test]
async fn a_double_click_on_send_sends_once() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    written(&mut visitor).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.open(&format!("{}/annonces/brouillons/1/verifier", site.root)).await;
    browser.double_click("Envoyer à 3 personnes").await;
    browser.sees("Réunion des parents").await;
    site.sent(1).await;
    browser.back().await;
    browser.reload().await;
    assert_eq!(office::newest(site.school(), 9).await.unwrap().len(), 1);
}
