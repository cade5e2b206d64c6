//! Réglages: what the configuration says in words, never a secret; and whether everything is in order.

use chappe::accounts::AccountRole;
use reqwest::StatusCode;

use super::site::Site;
use crate::browser::Visitor;

async fn of_it(site: &Site) -> Visitor {
    let account = site.account("marie", AccountRole::It).await;
    site.signed_in(&account).await
}

#[tokio::test]
async fn settings_are_told_in_words_and_no_secret_is() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let page = visitor.get("/reglages").await;
    let text = page.text();
    for said in ["0319999Z", "famille", "relais de courriel (SMTP)", "secret gardé dans"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let secrets = std::fs::read_dir(site.scene.folder.path().join("secrets")).unwrap();
    for file in secrets {
        let secret = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!page.html.contains(secret.trim()), "a secret is shown");
    }
}

#[tokio::test]
async fn a_service_is_asked_whether_it_answers_and_everything_is_looked_at() {
    let site = Site::open().await;
    let mut visitor = of_it(&site).await;
    let page = visitor.get("/reglages/services/relay").await;
    assert!(page.text().contains("Le service répond."), "{}", page.text());
    assert!(site.scene.mails().is_empty(), "nothing was sent");
    assert_eq!(visitor.fetch("/reglages/services/personne").await.status, StatusCode::NOT_FOUND);
    let page = visitor.get("/reglages/verification").await;
    let text = page.text();
    for said in ["Base de données", "Un courrier d’essai a été imprimé", "3 élèves, 3 adultes"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}
