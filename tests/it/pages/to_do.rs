//! À traiter: cards that are published by hand, people to call, those whom nothing reached.

use chappe::message::Message;
use chappe::office;
use reqwest::StatusCode;

use super::site::{Site, families};
use crate::promises::people::{People, Way};

pub(super) const PRONOTE: (&str, &str) = ("PROVIDERS__ENT", "{ manual = { tool = \"pronote\" } }");
const BY_PHONE: (&str, &str) = ("PLANS__FAMILLE", "[{ channels = [\"phone\"] }]");

/// A card for three families, and its address.
async fn with_card() -> (Site, Message, String) {
    let site = Site::with(families(), &[PRONOTE]).await;
    let message = site.scene.launch().await;
    let path = format!("/a-traiter/cartes/{}/ent", message.code);
    (site, message, path)
}

#[tokio::test]
async fn a_card_is_published_and_taken_back_by_those_who_say_so() {
    let (site, message, path) = with_card().await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/a-traiter").await;
    assert!(
        page.html.contains(&format!("id=\"{}/ent\"", message.code)),
        "the first page leads there"
    );
    let page = visitor.get(&path).await;
    let text = page.text();
    assert!(text.contains("Publiée : 3 personnes prévenues"), "{text}");
    assert!(text.contains("Onglet Communication") && text.contains("Responsables"), "{text}");
    let shown = office::show_card(site.school(), message.code.as_str()).await.unwrap();
    assert!(page.html.contains("<textarea id=\"texte\""), "the text is there to be copied");
    assert!(!shown.text.text.is_empty());
    let done = [("heure", ""), ("par", "Sylvie")];
    let page = visitor.post(&format!("{path}/publier"), &done).await;
    let text = page.text();
    assert!(text.contains("C’est noté : ces personnes sont prévenues."), "{text}");
    assert!(text.contains("par Sylvie : 3 personnes prévenues"), "{text}");
    let twice = visitor.send(&format!("{path}/publier"), &done).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    visitor.get(&format!("{path}/reprendre")).await;
    let page = visitor.post(&format!("{path}/reprendre"), &[]).await;
    assert!(page.text().contains("Publiée : 3 personnes prévenues"), "{}", page.text());
    assert_eq!(visitor.fetch(&format!("{path}/reprendre")).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn an_hour_that_cannot_be_is_asked_again_with_what_was_typed() {
    let (site, _, path) = with_card().await;
    let mut visitor = site.secretary().await;
    visitor.get(&path).await;
    for (hour, told) in [("bientôt", "ne se lit pas"), ("demain 8h", "n’a pas pu être publiée")]
    {
        let fields = [("heure", hour), ("par", "Sylvie")];
        let page = visitor.post(&format!("{path}/publier"), &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{hour}");
        assert!(page.text().contains(told), "{}", page.text());
        assert_eq!((page.value("heure"), page.value("par")), (Some(hour), Some("Sylvie")));
    }
    let page = visitor.post(&format!("{path}/publier"), &[("heure", ""), ("par", "")]).await;
    assert!(page.text().contains("Dites qui l’a publiée."), "{}", page.text());
}

#[tokio::test]
async fn a_card_is_given_to_a_colleague() {
    let (site, _, path) = with_card().await;
    let mut visitor = site.secretary().await;
    visitor.get(&path).await;
    let page = visitor.post(&format!("{path}/confier"), &[("a", "Paul Roy")]).await;
    assert!(page.text().contains("confiée à Paul Roy"), "{}", page.text());
    let page = visitor.post(&format!("{path}/confier"), &[("a", "")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for nowhere in ["/a-traiter/cartes/ZZZZ/ent", "/a-traiter/cartes/7K4M/personne"] {
        assert_eq!(visitor.fetch(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[tokio::test]
async fn who_is_to_be_called_stands_there_and_is_rung_from_the_calls() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Mobile("06 39 98 00 01")]);
    let site = Site::with(people, &[BY_PHONE]).await;
    site.scene.launch().await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/a-traiter").await;
    assert_eq!(page.link("1 personne à appeler"), Some("/appels"), "{}", page.text());
    assert!(!page.html.contains("tel:"), "nobody rings whom a colleague may be ringing");
    assert!(visitor.get("/appels").await.text().contains("Ines DURAND"));
}

#[tokio::test]
async fn whom_nothing_reached_is_named_with_what_was_tried() {
    let mut people = People::none();
    people.family("Marc PETIT", &[]);
    let site = Site::of(people).await;
    site.scene.launch().await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/a-traiter").await;
    let text = page.text();
    assert!(text.contains("Marc PETIT") && text.contains("Zoe PETIT (6A)"), "{text}");
    assert!(text.contains("Rien n’attend d’être publié."), "{text}");
    let page = visitor.get("/a-traiter/non-jointes?page=99").await;
    assert!(page.text().contains("Marc PETIT"), "the last page is the nearest one");
    let page = visitor.get("/a-traiter/incertains").await;
    assert!(page.text().contains("Aucun envoi n’est incertain."), "{}", page.text());
}
