//! Modèles: what each says, and a copy of the school's own, saved whole or refused with its line.

use chappe::accounts::AccountRole;
use reqwest::StatusCode;

use super::site::Site;
use crate::browser::Visitor;

const EDIT: &str = "/modeles/fermeture/modifier";

async fn editor() -> (Site, Visitor) {
    let site = Site::open().await;
    let account = site.account("marie", AccountRole::It).await;
    let visitor = site.signed_in(&account).await;
    (site, visitor)
}

#[tokio::test]
async fn every_template_is_shown_as_it_reads_on_each_channel() {
    let (_site, mut visitor) = editor().await;
    let page = visitor.get("/modeles").await;
    assert!(page.text().contains("Fermeture de l’établissement"), "{}", page.text());
    let page = visitor.get("/modeles/fermeture").await;
    let text = page.text();
    for said in ["SMS", "courrier", "Inès DURAND", "version livrée"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(visitor.fetch("/modeles/inconnu").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_copy_is_saved_when_it_holds_and_earlier_ones_are_set_back() {
    let (site, mut visitor) = editor().await;
    visitor.get(EDIT).await;
    let fields = [("version", "0"), ("fichier-sms.hbs", "{{objet}} Bonjour {{inconnu}}")];
    let page = visitor.post(EDIT, &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = page.text();
    assert!(text.contains("SMS, ligne 1 : « inconnu » n’existe pas ici"), "{text}");
    assert!(page.html.contains("Bonjour {{inconnu}}"), "what was typed is still there");
    let sound = [("version", "0"), ("fichier-sms.hbs", "{{objet}} Bonjour à tous")];
    let page = visitor.post(EDIT, &sound).await;
    let text = page.text();
    assert!(text.contains("C’est enregistré") && text.contains("Bonjour à tous"), "{text}");
    assert!(text.contains("version de l’établissement"), "{text}");
    let own = site.school().folder.join("message-templates/fermeture/sms.hbs");
    assert!(std::fs::read_to_string(own).unwrap().contains("Bonjour à tous"), "beside the rest");
    // The second of two who save at once is told of the first.
    let page = visitor.post(EDIT, &sound).await;
    assert!(page.text().contains("Quelqu’un a enregistré ce modèle entre-temps."));
    visitor.get("/modeles/fermeture/versions/1").await;
    let page = visitor.post("/modeles/fermeture/versions/1", &[]).await;
    assert!(!page.text().contains("Bonjour à tous"), "{}", page.text());
    assert!(page.text().contains("Version 2"), "what was replaced is kept: {}", page.text());
    let beyond = visitor.fetch("/modeles/fermeture/versions/9").await;
    assert_eq!(beyond.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_typed_is_seen_before_it_is_saved() {
    let (_site, mut visitor) = editor().await;
    let typed = |text| [("version", "0"), ("fichier-sms.hbs", text), ("voir", "oui")];
    visitor.get(EDIT).await;
    let page = visitor.post(EDIT, &typed("{{objet}} Bonjour à vous")).await;
    let text = page.text();
    assert!(text.contains("Rien n’est enregistré"), "{text}");
    assert_eq!(page.html.matches("Bonjour à vous").count(), 2, "as typed, and as it reads: {text}");
    let page = visitor.post(EDIT, &typed("{{objet}}\nBonjour {{inconnu}}")).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = page.text();
    assert!(text.contains("SMS, ligne 2 : « inconnu » n’existe pas ici"), "{text}");
    assert!(page.html.contains("Bonjour {{inconnu}}"), "what was typed is still there");
    // A channel without its file: no field of the form is to blame.
    let (edit, about) = (
        "/modeles/verification/modifier",
        include_str!("../../../message-templates/verification/about.toml"),
    );
    let about = about.replace("channels = [", "channels = [\"letter\", ");
    let page = visitor.post(edit, &[("fichier-about.toml", &about), ("voir", "oui")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
    assert!(page.text().contains("Courrier : "), "{}", page.text());
    let shown = visitor.get("/modeles/fermeture").await;
    assert!(!shown.text().contains("Bonjour à vous"), "{}", shown.text());
    // Who looked first and saves last is told that a colleague saved meanwhile.
    visitor.post(EDIT, &[("version", "0"), ("fichier-sms.hbs", "{{objet}} Bonjour")]).await;
    let page = visitor.post(EDIT, &typed("{{objet}} Bonjour à vous")).await;
    assert_eq!(page.value("version"), Some("0"), "still the version that was read");
    let page = visitor.post(EDIT, &typed("{{objet}} Bonjour à vous")[..2]).await;
    assert!(
        page.text().contains("Quelqu’un a enregistré ce modèle entre-temps."),
        "{}",
        page.text()
    );
}
