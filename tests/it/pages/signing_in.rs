//! Who gets in, and how.

use std::sync::Arc;

use chappe::accounts::{AccountRole, Right};
use chappe::app::Daemon;
use chappe::office::{self, NewAccount};
use chappe::people::Actor;
use chappe::providers::Guard;
use reqwest::{Method, StatusCode};

use super::site::{PASSWORD, Site, families};
use crate::browser::Browser;
use crate::promises::scene::{FAMILLE, Scene};

const ENTER: &str = "/connexion";

fn typed<'a>(login: &'a str, password: &'a str) -> [(&'a str, &'a str); 3] {
    [("identifiant", login), ("mot-de-passe", password), ("vers", "/annonces/nouvelle")]
}

#[tokio::test]
async fn whoever_signs_in_goes_on_to_what_they_wanted() {
    let site = Site::open().await;
    site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.stranger();
    let page = visitor.get("/annonces/nouvelle").await;
    assert!(page.title().starts_with("Se connecter"), "{}", page.title());
    let page = visitor.post(ENTER, &typed("camille", PASSWORD)).await;
    assert!(page.title().starts_with("Nouvelle annonce"), "{}", page.title());
    visitor.post("/deconnexion", &[]).await;
    assert!(visitor.get("/").await.title().starts_with("Se connecter"));
}

#[tokio::test]
async fn a_wrong_password_says_neither_whether_the_login_exists_nor_what_was_typed() {
    let site = Site::open().await;
    site.account("camille", AccountRole::Secretariat).await;
    let mut told = Vec::new();
    for login in ["camille", "sans.compte"] {
        let mut visitor = site.stranger();
        visitor.get(ENTER).await;
        let answer = visitor.send(ENTER, &typed(login, "un secret tout faux")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(!answer.text().contains("tout faux"));
        assert!(answer.headers.get("set-cookie").is_none());
        told.push(answer.text().replace(login, "…").replace(&visitor.token.unwrap(), "…"));
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn behind_a_proxy_whoever_guesses_waits_and_nobody_else_does() {
    for (setting, waits) in [("[\"127.0.0.1\"]", false), ("[]", true)] {
        let site = Site::with(families(), &[("WEB__BEHIND", setting)]).await;
        site.account("camille", AccountRole::Secretariat).await;
        let knock = async |from: &str, password: &str| {
            let mut visitor = site.stranger();
            visitor.get(ENTER).await;
            let [login, password, to] = typed("camille", password);
            let form = [login, password, to, ("csrf", &visitor.token.clone().unwrap())];
            let asked = visitor.request(Method::POST, ENTER).header("origin", &site.root);
            visitor.answer(asked.header("x-forwarded-for", from).form(&form)).await.status
        };
        for _ in 0..6 {
            assert_ne!(knock("203.0.113.7", "un secret tout faux").await, StatusCode::SEE_OTHER);
        }
        assert_ne!(knock("203.0.113.7", PASSWORD).await, StatusCode::SEE_OTHER);
        // A proxy whom nobody trusts is a place like any other, whoever it says that it speaks for.
        let elsewhere = knock("203.0.113.8", PASSWORD).await;
        assert_eq!(elsewhere != StatusCode::SEE_OTHER, waits, "behind = {setting}");
    }
}

#[tokio::test]
async fn nobody_brings_a_session_that_becomes_theirs() {
    let site = Site::open().await;
    site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.stranger();
    visitor.cookies.insert("chappe".to_owned(), "0".repeat(64));
    visitor.get(ENTER).await;
    visitor.send(ENTER, &typed("camille", PASSWORD)).await;
    assert_ne!(visitor.cookies["chappe"], "0".repeat(64));
}

#[tokio::test]
async fn a_session_that_ends_meanwhile_leads_to_the_form() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    assert!(visitor.get("/").await.title().starts_with("Accueil"));
    office::end_sessions(site.school(), Actor::Program, account.id, None).await.unwrap();
    assert!(visitor.get("/").await.title().starts_with("Se connecter"));
    let answer = visitor.send("/annonces/nouvelle", &[("modele", "annonce")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(office::draft::list(site.school()).await.unwrap().is_empty());
}

const TEXT: &str = "/annonces/brouillons/1/texte";
const WRITTEN: &str = "Mardi à 18h, <b>salle & \"B\"</b>\net mercredi.";

/// The text as the draft has it.
async fn agenda(site: &Site) -> Option<String> {
    let kept = office::draft::open(site.school(), 1).await.unwrap();
    kept.draft.fields.get("agenda").cloned()
}

#[tokio::test]
async fn what_was_written_as_a_session_ended_is_saved_after_signing_in_again() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    visitor.get("/annonces/nouvelle").await;
    let page = visitor.post("/annonces/nouvelle", &[("modele", "annonce")]).await;
    let version = page.value("version").unwrap().to_owned();
    let written = [("version", version.as_str()), ("champ-agenda", WRITTEN), ("plus-tard", "oui")];
    office::end_sessions(site.school(), Actor::Program, account.id, None).await.unwrap();
    // The page says so, and holds what was written; pressed too early, it says so again.
    let page = visitor.send(TEXT, &written).await.page();
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert_eq!(page.link("Se connecter (nouvel onglet)"), Some("/connexion"));
    assert!(page.text().contains("salle & \"B\""), "{}", page.text());
    let early = visitor.send(TEXT, &page.hidden(TEXT)).await.page();
    assert_eq!(early.hidden(TEXT), page.hidden(TEXT));
    assert_eq!(page.hidden(TEXT).len(), written.len(), "all but the token of the session");
    // Somebody else signed in meanwhile: nothing is done in their name before they have read it.
    let (login, name) = ("sam.roux".to_owned(), "Sam Roux".to_owned());
    let (classes, pupils) = (Vec::new(), Vec::new());
    let role = AccountRole::Direction;
    let other = NewAccount { login, name, role, rights: None, classes, pupils };
    let other = office::add_account(site.school(), Actor::Program, other).await.unwrap();
    visitor.get(&site.link(&other).await).await;
    visitor.token = None;
    let asked = visitor.send(TEXT, &page.hidden(TEXT)).await.page();
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
    let text = asked.text();
    assert!(text.contains("Vous êtes connecté comme Sam Roux"), "{text}");
    assert!(text.contains("salle & \"B\""), "{text}");
    assert_eq!(agenda(&site).await, None);
    visitor.get(&site.link(&account).await).await;
    visitor.token = None;
    let asked = visitor.send(TEXT, &page.hidden(TEXT)).await.page();
    assert!(asked.text().contains("Vous êtes connecté comme Camille Arago"), "{}", asked.text());
    let saved = visitor.send(TEXT, &asked.hidden(TEXT)).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, Some(TEXT)));
    assert_eq!(agenda(&site).await.as_deref(), Some(WRITTEN));
    // A page of elsewhere is told nothing of what it sent, whoever is signed in.
    for signed_in in [true, false] {
        if !signed_in {
            visitor.cookies.clear();
        }
        for origin in ["https://example.org", "null"] {
            let asked = visitor.request(Method::POST, TEXT).header("origin", origin);
            let answer = visitor.answer(asked.form(&written)).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{origin}");
            assert!(!answer.text().contains("salle"), "{origin}: {}", answer.text());
        }
    }
}

#[tokio::test]
async fn no_secret_is_shown_again_when_a_session_has_ended() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    visitor.get("/compte").await;
    let stale = visitor.token.clone();
    let secrets = [
        ("mot-de-passe", "secret un"),
        ("mot-de-passe-actuel", "secret deux"),
        ("mot-de-passe-nouveau", "secret trois"),
        ("code", "secret quatre"),
    ];
    let typed = [secrets.as_slice(), &[("identifiant", "camille")]].concat();
    office::end_sessions(site.school(), Actor::Program, account.id, None).await.unwrap();
    for is_ended in [true, false] {
        if !is_ended {
            visitor.get(&site.link(&account).await).await;
            visitor.token.clone_from(&stale);
        }
        for path in ["/compte/mot-de-passe", "/compte/telephone"] {
            let answer = visitor.send(path, &typed).await;
            assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
            let html = answer.text();
            assert!(!html.contains("secret ") && html.contains("value=\"camille\""), "{html}");
            assert!(!html.contains(stale.as_deref().unwrap()), "nor the token: {html}");
            let html = visitor.send(path, &secrets).await.text();
            assert!(!html.contains("secret ") && !html.contains(path), "nothing is left: {html}");
        }
    }
    // Nobody signs in by what a former page held.
    let answer = visitor.send(ENTER, &typed).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!answer.text().contains("value=\"camille\""), "{}", answer.text());
}

#[tokio::test]
async fn the_first_account_is_made_with_a_code_and_no_second_one() {
    let site = Site::open().await;
    let code = office::first_code(site.school()).await.unwrap();
    let mut visitor = site.stranger();
    assert!(visitor.get(ENTER).await.text().contains("Aucun compte n’existe encore"));
    visitor.get("/code").await;
    let wrong = [
        ("code", "AAAA-AAAA-AAAA"),
        ("nom", "Camille Arago"),
        ("identifiant", "camille"),
        ("mot-de-passe", PASSWORD),
    ];
    let page = visitor.post("/code", &wrong).await;
    assert!(page.text().contains("Ce code n’est pas le bon"), "{}", page.text());
    let right =
        wrong.map(
            |(name, typed)| {
                if name == "code" { (name, code.expose()) } else { (name, typed.to_owned()) }
            },
        );
    let right: Vec<(&str, &str)> =
        right.iter().map(|(name, typed)| (*name, typed.as_str())).collect();
    assert!(visitor.post("/code", &right).await.title().starts_with("Accueil"));
    let mut other = site.stranger();
    other.get("/code").await;
    let page = other.post("/code", &right).await;
    assert!(page.text().contains("Ce code n’est pas le bon"), "{}", page.text());
    let accounts = office::accounts(site.school()).await.unwrap();
    assert_eq!(accounts.len(), 1);
    assert!(accounts[0].may(Right::Accounts));
}

#[tokio::test]
async fn the_form_is_for_everybody_and_signs_in_without_scripts() {
    let site = Site::open().await;
    site.account("camille", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    browser.open(&format!("{}{ENTER}", site.root)).await;
    browser.is_fit().await;
    browser.scripts(false).await;
    browser.fill("Identifiant", "camille").await;
    browser.fill("Mot de passe", "faux et trop court").await;
    browser.click("Se connecter").await;
    browser.sees("Vous n’êtes pas connecté").await;
    browser.fill("Mot de passe", PASSWORD).await;
    browser.click("Se connecter").await;
    browser.sees("À faire par quelqu’un").await;
    let cookies = browser.cookies().await;
    assert!(cookies.iter().any(|it| it.name == "chappe" && it.http_only), "{cookies:?}");
}

#[tokio::test]
async fn no_daemon_serves_pages_where_passwords_would_travel_in_the_clear() {
    let url = [("WEB__URL", "\"http://chappe.example.org\"")];
    let scene = Scene::set_with(families(), FAMILLE, &url).await;
    let refused = Daemon::start(Arc::clone(&scene.app), Guard::LoopbackOnly).await;
    let Err(refused) = refused else { panic!("it started") };
    assert!(refused.to_string().contains("[web] url"), "{refused}");
}
