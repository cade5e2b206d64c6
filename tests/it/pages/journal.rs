//! Journal: who did what, in French, the newest first, a page at a time.

use std::time::Duration;

use chappe::accounts::AccountRole;
use chappe::message::Message;
use chappe::office;
use chappe::people::Actor;
use chappe::queue::MayHaveLeft;

use super::composing::written;
use super::letters::print;
use super::site::{Site, families};
use crate::browser::Visitor;
use crate::promises::people::Way;

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

/// Looks at what tells of families beside their records.
async fn look_around(visitor: &mut Visitor, message: &Message) {
    let list = visitor.get(&format!("/annonces/{}/destinataires", message.code)).await;
    let one = list.link("Marc PETIT").unwrap().to_owned();
    let contacts = "/annuaire/coordonnees?etat=unverified";
    let paths = ["/annuaire/classes/6A", "/appels", "/courriers/lots/1", contacts, &one];
    for path in paths {
        visitor.get(path).await;
    }
    let pdf = visitor.fetch("/courriers/lots/1/lettres.pdf").await;
    assert!(pdf.body.starts_with(b"%PDF"), "{}", pdf.status);
    visitor.get("/annonces/brouillons/1/apercu").await;
}

#[tokio::test]
async fn whatever_else_tells_of_families_is_noted_once_an_hour_without_a_name() {
    let mut people = families();
    people.family("Karim BENALI", &[Way::Mobile("06 39 98 00 01")]);
    let site = Site::with(people, &[("PLANS__TELEPHONE", "[{ channels = [\"phone\"] }]")]).await;
    let message = site.scene.launch().await;
    site.scene.launch_by("telephone").await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    print(&mut visitor).await;
    written(&mut visitor).await;
    let letters = office::letters_of_batch(site.school(), 1, 0..9).await.unwrap();
    let reference = &letters[0].reference;
    let letter = visitor.fetch(&format!("/courriers/lots/1/lettres/{reference}")).await;
    assert!(letter.body.starts_with(b"%PDF"), "{}", letter.status);
    let told = [
        ("a consulté une classe", "classe 6A"),
        ("a consulté le suivi d’un destinataire", message.code.as_str()),
        ("a consulté des personnes à joindre", "à traiter"),
        ("a consulté un lot de courriers", "lot 1"),
        ("a consulté des coordonnées", "jamais vérifié"),
        ("a vu une annonce comme une famille la reçoit", "la fiche"),
    ];
    for times in 1..=2 {
        look_around(&mut visitor, &message).await;
        look_around(&mut visitor, &message).await;
        let page = visitor.get("/journal").await;
        let text = page.text();
        for (what, about) in told {
            assert_eq!(text.matches(what).count(), times, "{what}: {text}");
            assert!(page.link(about).is_some(), "{about}: {text}");
        }
        for name in ["PETIT", "DURAND", "MOREAU", "BENALI", "06 39"] {
            assert!(!page.html.contains(name), "{name}: {text}");
        }
        site.scene.clock.advance(Duration::from_mins(61));
        visitor = site.signed_in(&account).await;
    }
}
