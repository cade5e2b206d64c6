//! What an announcement asks, who answered it, and who has not; a STOP that is undone.

use chappe::message::{AnswerKind, Question};
use reqwest::StatusCode;

use super::composing::{SAID, written_so};
use super::site::{Site, families};
use crate::promises::scene::is_settled;

#[tokio::test]
async fn answers_are_counted_noted_and_taken_out_by_whoever_may() {
    let site = Site::of(families()).await;
    let question = Question::new("Venez-vous <jeudi> ?", AnswerKind::YesNo).unwrap();
    let message = site.scene.launch_asking("familles", question).await;
    site.scene.until(&message, is_settled).await;
    let mut visitor = site.secretary().await;
    let announcement = format!("/annonces/{}", message.code);
    let page = visitor.get(&announcement).await;
    assert!(page.text().contains("Venez-vous <jeudi>"), "{}", page.text());
    assert!(page.text().contains("3 personnes"), "{}", page.text());
    let answers = format!("{announcement}/reponses");
    let page = visitor.get(&answers).await;
    assert!(page.text().contains("n'ayant pas répondu"), "{}", page.text());
    let noted = visitor.post(&answers, &[("destinataire", "0"), ("reponse", "oui")]).await;
    assert!(noted.text().contains("La réponse est notée."), "{}", noted.text());
    let yes = visitor.get(&format!("{answers}?reponse=oui")).await;
    assert!(yes.text().contains("Oui (1)") && yes.text().contains("saisie par"), "{}", yes.text());
    for bad in [("9", "oui"), ("0", "4"), ("x", "oui"), ("0", "")] {
        let fields = [("destinataire", bad.0), ("reponse", bad.1)];
        assert!(visitor.send(&answers, &fields).await.status.is_client_error(), "{bad:?}");
    }
    let without = site.scene.launch().await;
    let nothing = visitor.fetch(&format!("/annonces/{}/reponses", without.code)).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let table = visitor.send(&format!("{answers}/exporter"), &[]).await;
    assert_eq!(table.kind(), "text/csv; charset=utf-8");
}

#[tokio::test]
async fn a_question_is_typed_with_the_text_and_kept() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let version =
        written_so(&mut visitor, &[("question", "Venez-vous ?"), ("reponses", "1-5")]).await;
    let page = visitor.get("/annonces/brouillons/1/texte").await;
    assert!(page.html.contains("value=\"Venez-vous ?\""), "{}", page.html);
    let long = "a".repeat(200);
    let fields = [SAID.as_slice(), &[("question", &long), ("version", &version)]].concat();
    let page = visitor.post("/annonces/brouillons/1/texte", &fields).await;
    assert!(page.text().contains("160 signes"), "{}", page.text());
}
