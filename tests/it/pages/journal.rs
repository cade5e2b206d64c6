//! Journal: who did what, in French, the newest first, a page at a time.

use std::time::Duration;

use chappe::accounts::AccountRole;
use chappe::office;
use chappe::people::Actor;
use chappe::queue::MayHaveLeft;

use super::site::Site;

#[tokio::test]
async fn what_was_done_is_told_with_who_did_it() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    visitor.get("/canaux/voies/sms/fermer").await;
    visitor.post("/canaux/voies/sms/fermer", &[("raison", "Panne")]).await;
    let page = visitor.get("/journal").await;
    let text = page.text();
    assert!(text.contains("Camille Arago") && text.contains("a fermé un canal"), "{text}");
    assert!(text.contains("s’est connecté") && text.contains("par un lien"), "{text}");
}

#[tokio::test]
async fn a_long_journal_has_numbered_pages_and_none_is_left_out() {
    let site = Site::open().await;
    for _ in 0..60 {
        office::hold(site.school(), Actor::Program, "essai".to_owned()).await.unwrap();
        office::release(site.school(), Actor::Program, MayHaveLeft::Send).await.unwrap();
    }
    let mut visitor = site.secretary().await;
    let total = office::journal_length(site.school()).await.unwrap();
    let mut seen = 0;
    for (asked, told) in [("1", "Page 1 sur 2"), ("2", "Page 2 sur 2")] {
        let page = visitor.get(&format!("/journal?page={asked}")).await;
        assert!(page.text().contains(told), "{}", page.text());
        seen += page.html.matches("<tr><td>").count();
    }
    assert_eq!(seen, total);
    let page = visitor.get("/journal?page=beaucoup").await;
    assert!(page.text().contains("Page 1 sur 2"), "{}", page.text());
}

#[tokio::test]
async fn whoever_opens_a_record_is_noted_once_an_hour_without_a_name() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    visitor.get("/annuaire").await;
    let found = visitor.post("/annuaire", &[("q", "petit")]).await.paths();
    let records: Vec<&String> = found
        .iter()
        .filter(|path| path.contains("/eleves/") || path.contains("/personnes/"))
        .collect();
    for path in records.iter().chain(&records) {
        visitor.get(path).await;
    }
    let page = visitor.get("/journal").await;
    for told in ["a consulté la fiche d’un élève", "a consulté la fiche d’un adulte"] {
        assert_eq!(page.text().matches(told).count(), 1, "{}", page.text());
    }
    assert!(records.iter().all(|path| page.paths().contains(path)), "{}", page.html);
    assert!(!page.text().to_lowercase().contains("petit"), "{}", page.text());
    site.scene.clock.advance(Duration::from_hours(2));
    let mut visitor = site.signed_in(&site.account("sam", AccountRole::Direction).await).await;
    visitor.get(records[0]).await;
    let text = visitor.get("/journal").await.text();
    assert_eq!(text.matches("a consulté").count(), 3, "{text}");
}
