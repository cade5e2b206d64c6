//! Somebody's own account.

use std::time::Duration;

use chappe::accounts::{AccountRole, TotpSecret};
use chappe::office;
use reqwest::StatusCode;

use super::site::{PASSWORD, Site};
use crate::browser::{Browser, Visitor};

const OTHER: &str = "cinq canards bleus";

async fn signs_in(site: &Site, password: &str) -> Visitor {
    let mut visitor = site.stranger();
    visitor.get("/connexion").await;
    let typed = [("identifiant", "camille"), ("mot-de-passe", password), ("vers", "/compte")];
    visitor.send("/connexion", &typed).await;
    visitor
}

/// The key that a page shows to be typed into a telephone.
fn key(text: &str) -> TotpSecret {
    let words = text.split(|sign: char| !sign.is_ascii_alphanumeric());
    let key = words.into_iter().find(|word| word.len() == 32).unwrap();
    TotpSecret::from_base_32(key).unwrap()
}

#[tokio::test]
async fn a_code_of_the_telephone_is_asked_for_once_somebody_wants_it() {
    let site = Site::open().await;
    site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = signs_in(&site, PASSWORD).await;
    visitor.get("/compte/telephone").await;
    let page = visitor.post("/compte/telephone", &[]).await;
    let (shown, key) = (page.text(), key(&page.text()));
    assert!(shown.contains("photographiez cette image"), "{shown}");
    let page = visitor.post("/compte/telephone/confirmer", &[("code", "000000")]).await;
    let text = page.text();
    assert!(text.contains("Ce code n’est pas le bon"), "{text}");
    assert!(!text.contains(&key.base_32()), "a key is shown once");
    let code = key.code_at(site.scene.clock.now()).unwrap();
    let page = visitor.post("/compte/telephone/confirmer", &[("code", &code)]).await;
    assert!(page.title().starts_with("Codes de secours"), "{}", page.title());
    let on_paper: Vec<String> = page
        .text()
        .split_whitespace()
        .filter(|it| it.matches('-').count() >= 2)
        .map(str::to_owned)
        .collect();
    assert!(on_paper.len() >= 10, "{on_paper:?}");

    let mut next = signs_in(&site, PASSWORD).await;
    assert!(next.get("/").await.title().starts_with("Se connecter"), "half a sign-in is none");
    next.get("/connexion/code").await;
    let again = next.send("/connexion/code", &[("code", &code), ("vers", "/compte")]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "a code is used once");
    let page = next.post("/connexion/code", &[("code", &on_paper[0]), ("vers", "/compte")]).await;
    assert!(page.text().contains("9 codes de secours"), "{}", page.text());
}

#[tokio::test]
async fn another_telephone_takes_the_place_of_one_by_the_password_alone() {
    let site = Site::open().await;
    site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = signs_in(&site, PASSWORD).await;
    visitor.get("/compte/telephone").await;
    let page = visitor.post("/compte/telephone", &[]).await;
    let code = key(&page.text()).code_at(site.scene.clock.now()).unwrap();
    visitor.post("/compte/telephone/confirmer", &[("code", &code)]).await;
    visitor.get("/compte/telephone").await;
    for wrong in ["", OTHER] {
        let page = visitor.post("/compte/telephone", &[("mot-de-passe", wrong)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let text = page.text();
        assert!(text.contains("Le mot de passe actuel n’est pas le bon"), "{text}");
        assert!(!text.contains("photographiez"), "{text}");
    }
    let page = visitor.post("/compte/telephone", &[("mot-de-passe", PASSWORD)]).await;
    assert!(page.text().contains("photographiez cette image"), "{}", page.text());
}

#[tokio::test]
async fn who_has_no_password_changes_their_telephone_by_a_code_of_the_one_they_have() {
    let site = Site::open().await;
    let account = site.account_without_password("camille", AccountRole::Secretariat, None).await;
    let mut visitor = site.signed_in(&account).await;
    visitor.get("/compte/telephone").await;
    let first = key(&visitor.post("/compte/telephone", &[]).await.text());
    let code = || first.code_at(site.scene.clock.now()).unwrap();
    visitor.post("/compte/telephone/confirmer", &[("code", &code())]).await;
    let asked = visitor.get("/compte/telephone").await;
    assert!(asked.text().contains("Le code que montre le téléphone actuel"), "{}", asked.text());
    for wrong in ["", "000000", &code()] {
        let page = visitor.post("/compte/telephone", &[("code", wrong)]).await;
        assert!(page.text().contains("Ce code n’est pas le bon"), "{wrong}: {}", page.text());
    }
    site.scene.clock.advance(Duration::from_secs(30));
    let page = visitor.post("/compte/telephone", &[("code", &code())]).await;
    assert!(page.text().contains("photographiez cette image"), "{}", page.text());
    site.scene.clock.advance(Duration::from_secs(30));
    let page = visitor.post("/compte/telephone/retirer", &[("code", &code())]).await;
    assert!(page.text().contains("Le téléphone n’est plus demandé"), "{}", page.text());
}

#[tokio::test]
async fn a_password_is_changed_by_the_one_before_and_other_devices_end() {
    let site = Site::open().await;
    site.account("camille", AccountRole::Secretariat).await;
    let (mut here, mut there) = (signs_in(&site, PASSWORD).await, signs_in(&site, PASSWORD).await);
    assert!(there.get("/").await.title().starts_with("Accueil"));
    here.get("/compte/mot-de-passe").await;
    let page = here
        .post(
            "/compte/mot-de-passe",
            &[("mot-de-passe-actuel", OTHER), ("mot-de-passe-nouveau", OTHER)],
        )
        .await;
    assert!(page.text().contains("Le mot de passe actuel n’est pas le bon"), "{}", page.text());
    let page = here
        .post(
            "/compte/mot-de-passe",
            &[("mot-de-passe-actuel", PASSWORD), ("mot-de-passe-nouveau", OTHER)],
        )
        .await;
    assert!(page.text().contains("Le mot de passe est changé"), "{}", page.text());
    assert!(there.get("/").await.title().starts_with("Se connecter"));
    assert!(signs_in(&site, PASSWORD).await.get("/").await.title().starts_with("Se connecter"));
}

#[tokio::test]
async fn a_device_is_signed_out_from_another_and_nobody_else_s() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let other = site.account("sam", AccountRole::Direction).await;
    let (mut here, mut lost) = (signs_in(&site, PASSWORD).await, signs_in(&site, PASSWORD).await);
    let mut sam = site.signed_in(&other).await;
    lost.get("/").await;
    sam.get("/compte").await;
    let all = office::sessions(site.school(), account.id).await.unwrap();
    for session in &all {
        let id = session.id.to_string();
        let answer = sam.send("/compte/appareils", &[("appareil", &id)]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
    let page = here.get("/compte").await;
    let id = page.value("appareil").unwrap().to_owned();
    let page = here.post("/compte/appareils", &[("appareil", &id)]).await;
    assert!(page.text().contains("L’appareil est déconnecté"), "{}", page.text());
    assert!(lost.get("/").await.title().starts_with("Se connecter"));
}

#[tokio::test]
async fn its_pages_are_for_everybody() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    for path in ["compte", "compte/mot-de-passe", "compte/telephone"] {
        browser.open(&format!("{}/{path}", site.root)).await;
        browser.is_fit().await;
        browser.picture(&path.replace('/', "-")).await;
    }
    browser.click("Commencer").await;
    browser.sees("photographiez cette image").await;
    browser.is_fit().await;
    browser.picture("compte-telephone-image").await;
}
