//! Modèles: what each says, and a copy of the school's own, saved whole or refused with its line.

use chappe::accounts::AccountRole;
use reqwest::StatusCode;

use super::site::{Site, families};
use crate::browser::Visitor;

const OWN: (&str, &str) = ("TEMPLATES__FOLDER", "modeles");

async fn with_folder() -> (Site, Visitor) {
    let folder = tempfile::tempdir().unwrap().keep();
    let path = format!("\"{}\"", folder.display());
    let site = Site::with(families(), &[(OWN.0, &path)]).await;
    let account = site.account("marie", AccountRole::It).await;
    let visitor = site.signed_in(&account).await;
    (site, visitor)
}

#[tokio::test]
async fn every_template_is_shown_as_it_reads_on_each_channel() {
    let site = Site::open().await;
    let account = site.account("marie", AccountRole::It).await;
    let mut visitor = site.signed_in(&account).await;
    let page = visitor.get("/modeles").await;
    assert!(page.text().contains("Fermeture de l’établissement"), "{}", page.text());
    let page = visitor.get("/modeles/fermeture").await;
    let text = page.text();
    for said in ["SMS", "courrier", "Inès DURAND", "version livrée"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(visitor.fetch("/modeles/inconnu").await.status, StatusCode::NOT_FOUND);
    visitor.get("/modeles/fermeture/modifier").await;
    let refused = visitor.send("/modeles/fermeture/modifier", &[("version", "0")]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "no folder is configured");
}

#[tokio::test]
async fn a_copy_is_saved_when_it_holds_and_earlier_ones_are_set_back() {
    let (_site, mut visitor) = with_folder().await;
    visitor.get("/modeles/fermeture/modifier").await;
    let fields = [("version", "0"), ("fichier-sms.hbs", "{{objet}} Bonjour {{inconnu}}")];
    let page = visitor.post("/modeles/fermeture/modifier", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = page.text();
    assert!(text.contains("SMS, ligne 1 : « inconnu » n’existe pas ici"), "{text}");
    assert!(page.html.contains("Bonjour {{inconnu}}"), "what was typed is still there");
    let sound = [("version", "0"), ("fichier-sms.hbs", "{{objet}} Bonjour à tous")];
    let page = visitor.post("/modeles/fermeture/modifier", &sound).await;
    let text = page.text();
    assert!(text.contains("C’est enregistré") && text.contains("Bonjour à tous"), "{text}");
    assert!(text.contains("version de l’établissement"), "{text}");
    // The second of two who save at once is told of the first.
    let page = visitor.post("/modeles/fermeture/modifier", &sound).await;
    assert!(page.text().contains("Quelqu’un a enregistré ce modèle entre-temps."));
    visitor.get("/modeles/fermeture/versions/1").await;
    let page = visitor.post("/modeles/fermeture/versions/1", &[]).await;
    assert!(!page.text().contains("Bonjour à tous"), "{}", page.text());
    assert!(page.text().contains("Version 2"), "what was replaced is kept: {}", page.text());
    let beyond = visitor.fetch("/modeles/fermeture/versions/9").await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND);
}
