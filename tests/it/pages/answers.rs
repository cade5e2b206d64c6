//! What an announcement asks, who answered it, and who has not; a STOP that is undone.

use chappe::accounts::{AccountRole, Right};
use chappe::message::{AnswerKind, Question};
use chappe::office;
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
    // Whom to remind is chosen by what an announcement is called and what was answered to it.
    let account = site.account_with("lise", AccountRole::Direction, Some(&Right::ALL)).await;
    let mut chooser = site.signed_in(&account).await;
    let form = chooser.get("/annuaire/listes/nouvelle").await;
    let subject = site.school().subject(&message.template, &message.fields);
    assert!(form.html.contains(&format!("<optgroup label=\"{subject}, envoyée")), "{}", form.html);
    let (silent, said) = (message.code.to_string(), format!("oui {}", message.code));
    for (chosen, told) in [(&silent, "2 destinataires"), (&said, "1 destinataire")] {
        let chosen = [("qui", "familles"), ("repondu", chosen)];
        let counted = chooser.send("/annuaire/listes/compte", &chosen).await;
        assert!(counted.text().contains(told), "{told}: {}", counted.text());
    }
    let kept = [("nom", "à rappeler"), ("qui", "familles"), ("classe", "6A"), ("repondu", &silent)];
    let kept = chooser.post("/annuaire/listes/nouvelle", &kept).await;
    let rule = format!("familles n'ayant pas répondu {} classe:6A", message.code);
    let lists = office::saved_lists(site.school()).await.unwrap().lists;
    assert_eq!(lists[0].rule.as_ref(), Some(&rule), "{}", kept.text());
    let change = kept.paths().into_iter().find(|it| it.ends_with("/modifier")).unwrap();
    let again = chooser.get(&change).await;
    assert!(again.html.contains(&format!("value=\"{silent}\" selected")), "{}", again.html);
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
