//! Canaux: a person closes one and says why, opens it again, holds everything and lets it go.

use chappe::accounts::AccountRole;
use reqwest::StatusCode;

use super::site::{Site, families};

#[tokio::test]
async fn a_channel_is_closed_with_a_reason_and_opened_again() {
    let rates = ("PROVIDERS__RELAY__SMTP__PACE", "{ per_minute = 30 }");
    let site = Site::with(families(), &[rates]).await;
    let mut visitor = site.secretary().await;
    let text = visitor.get("/canaux").await.text();
    assert!(text.contains("0 sur 30"), "{text}");
    let page = visitor.get("/canaux/voies/email/fermer").await;
    assert!(page.text().contains("Fermer le canal courriel"), "{}", page.text());
    for (until, reason, told) in [
        ("", "", "Dites pourquoi, en quelques mots."),
        ("hier peut-être", "Panne", "Cette date ne se lit pas"),
        ("01/01/2020 8h", "Panne", "Cette date est passée"),
    ] {
        let fields = [("jusqu-a", until), ("raison", reason)];
        let page = visitor.post("/canaux/voies/email/fermer", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
        assert!(page.text().contains(told), "{}", page.text());
        assert_eq!(page.value("raison"), Some(reason));
    }
    let fields = [("jusqu-a", "demain 18h"), ("raison", "Panne du relais")];
    let page = visitor.post("/canaux/voies/email/fermer", &fields).await;
    let text = page.text();
    assert!(text.contains("Le canal est fermé ; personne n’y attendait."), "{text}");
    assert!(text.contains("fermé par Camille Arago") && text.contains("Panne du relais"), "{text}");
    let page = visitor.post("/canaux/voies/email/rouvrir", &[]).await;
    assert!(page.text().contains("Le canal est rouvert."), "{}", page.text());
    let again = visitor.send("/canaux/voies/email/rouvrir", &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(visitor.fetch("/canaux/voies/pigeon/fermer").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_channel_is_tried_without_sending_anything() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/canaux").await;
    assert!(page.paths().contains(&"/canaux/services/relay".to_owned()), "{}", page.html);
    let text = visitor.get("/canaux/services/relay").await.text();
    assert!(
        text.contains("Le service répond : relais") && text.contains("Retour aux canaux"),
        "{text}"
    );
    assert!(site.scene.mails().is_empty());
    assert_eq!(visitor.fetch("/canaux/services/autre").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn everything_is_held_and_goes_on_when_somebody_says_so() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    visitor.get("/canaux/suspendre").await;
    let page = visitor.post("/canaux/suspendre", &[("raison", "")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = visitor.post("/canaux/suspendre", &[("raison", "Mauvaise classe")]).await;
    let text = page.text();
    assert!(text.contains("suspendus depuis") && text.contains("Mauvaise classe"), "{text}");
    assert!(!text.contains("depuis à"), "{text}");
    for path in ["/", "/annuaire", "/courriers"] {
        let text = visitor.get(path).await.text();
        assert_eq!(text.matches("Tous les envois sont suspendus").count(), 1, "{path}: {text}");
    }
    site.scene.launch().await;
    site.is_fit(&visitor, "/canaux/reprendre").await;
    let page = visitor.get("/canaux/reprendre").await;
    assert!(page.text().contains("messages partiront dès la reprise."), "{}", page.text());
    let page = visitor.post("/canaux/reprendre", &[]).await;
    let text = page.text();
    assert!(text.contains("Les envois reprennent.") && !text.contains("sont suspendus"), "{text}");
    assert_eq!(visitor.fetch("/canaux/reprendre").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn who_may_not_send_closes_nothing() {
    let site = Site::open().await;
    let tutor = site.account("lea", AccountRole::Tutor).await;
    let mut visitor = site.signed_in(&tutor).await;
    for path in ["/canaux", "/canaux/suspendre", "/canaux/voies/sms/fermer"] {
        assert_eq!(visitor.fetch(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}
