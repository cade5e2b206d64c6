//! Coupons: a scan or a picture is given, read beside the page, and a person types what no program reads.

use std::time::Duration;

use chappe::accounts::AccountRole;
use chappe::message::{AnswerKind, Message, Question};
use chappe::office;
use chappe::people::{Act, Actor};
use reqwest::StatusCode;

use super::letters::print;
use super::site::Site;
use crate::browser::{Page, Visitor};
use crate::promises::people::{People, Way};
use crate::scans::glass::{jpeg, without_code};
use crate::town::settings::{DEADLINE, LOOK};

const FORM: &str = "/coupons";

/// Gives a file; the page of it once it is read.
pub(super) async fn read(visitor: &mut Visitor, name: &str, content: &[u8]) -> (String, Page) {
    visitor.get(FORM).await;
    let answer = visitor.upload(FORM, &[], ("scan", name, content)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let path = answer.location().unwrap().to_owned();
    let waited = tokio::time::timeout(DEADLINE, async {
        loop {
            let page = visitor.get(&path).await;
            if !page.title().starts_with("Lecture en cours") {
                return page;
            }
            tokio::time::sleep(LOOK).await;
        }
    });
    let page = waited.await.expect("it ends");
    (path, page)
}

/// The letters of the first batch, as they were printed.
pub(super) fn first_batch(site: &Site) -> Vec<u8> {
    std::fs::read(site.scene.folder.path().join("letters/lettres-0001.pdf")).unwrap()
}

/// Two families who were asked something on paper.
async fn asked() -> (Site, Visitor, Message) {
    let mut people = People::none();
    people.family("Lea MOREAU", &[Way::Home("3 rue du Port")]);
    people.family("Marc PETIT", &[Way::Home("5 rue du Port")]);
    let site = Site::of(people).await;
    let question = Question::new("Venez-vous à la réunion ?", AnswerKind::YesNo).unwrap();
    let message = site.scene.launch_asking("familles", question).await;
    let mut visitor = site.secretary().await;
    print(&mut visitor).await;
    (site, visitor, message)
}

async fn acts(site: &Site, act: Act) -> usize {
    let noted = office::journal(site.school(), 100).await.unwrap();
    noted.iter().filter(|noted| noted.act == act).count()
}

#[tokio::test]
async fn slips_are_read_off_a_scan_once_and_a_person_types_what_is_ticked() {
    let (site, mut visitor, message) = asked().await;
    let letters = office::letters_of_batch(site.school(), 1, 0..9).await.unwrap();
    let pile = first_batch(&site);
    let (path, page) = read(&mut visitor, "pile.pdf", &pile).await;
    let text = page.text();
    for part in [
        "2 familles ont répondu",
        "2 familles ont répondu sur 2 coupons imprimés ; il n’en manque aucun",
        "Lea MOREAU",
        "Venez-vous à la réunion ?",
    ] {
        assert!(text.contains(part), "{part:?} in\n{text}");
    }
    let of_marc = letters.iter().find(|it| it.names.contains(&"Marc PETIT".to_owned())).unwrap();
    let answer = format!("reponse-{}", of_marc.reference);
    let note = format!("rappel-{}", of_marc.reference);
    let page = visitor.post(&path, &[(&answer, "non"), (&note, "le soir")]).await;
    assert!(page.text().contains("1 coupon noté."), "{}", page.text());
    assert!(page.text().contains("a répondu Non"), "{}", page.text());
    let answers = visitor.get(&format!("/annonces/{}/reponses?reponse=non", message.code)).await;
    assert!(answers.text().contains("Non (1)"), "{}", answers.text());
    // The same pile once more, and nothing that was typed is unsaid.
    let (again, page) = read(&mut visitor, "encore.pdf", &pile).await;
    assert!(page.text().contains("2 coupons déjà revenus"), "{}", page.text());
    assert!(page.text().contains("a répondu Non"), "{}", page.text());
    assert_eq!((acts(&site, Act::CloseSlip).await, acts(&site, Act::LookAtSlips).await), (3, 1));
    let pictures: Vec<String> =
        page.paths().into_iter().filter(|it| it.contains("/images/")).collect();
    assert!(!pictures.is_empty());
    let picture = visitor.fetch(&pictures[0]).await;
    assert_eq!((picture.status, picture.kind()), (StatusCode::OK, "image/jpeg"));
    let outside = visitor.fetch(&format!("{again}/images/..%2Freport.json")).await;
    assert_eq!(outside.status, StatusCode::NOT_FOUND);
    // They are removed by hand, or after a week.
    visitor.get(&path).await;
    let page = visitor.post(&format!("{path}/supprimer"), &[]).await;
    assert!(page.text().contains("Les images sont supprimées."), "{}", page.text());
    assert_eq!(visitor.fetch(&path).await.status, StatusCode::NOT_FOUND);
    site.scene.clock.advance(Duration::from_hours(8 * 24));
    office::sweep_scans(site.school());
    assert!(office::kept_scans(site.school()).is_empty());
}

#[tokio::test]
async fn what_was_given_before_a_restart_is_read_after_it_by_whose_name_it_came() {
    let (site, visitor, message) = asked().await;
    let mut incoming = office::begin_scan(site.school()).unwrap();
    let file = incoming.file("pile.pdf").unwrap();
    file.add(first_batch(&site)).await;
    file.end().await.unwrap();
    let by = Actor::Account { login: "zoe".to_owned(), name: "Zoé Roux".to_owned() };
    office::keep_scan(site.school(), &by, incoming, None).await.unwrap();
    drop(visitor);
    let site = site.restarted().await;
    site.scene.until(&message, |status| status.addressees.reached == 2).await;
    let journal = office::journal(site.school(), 100).await.unwrap();
    let closed: Vec<_> = journal.iter().filter(|it| it.act == Act::CloseSlip).collect();
    assert!(closed.len() == 2 && closed.iter().all(|it| it.by == by), "{closed:?}");
}

#[tokio::test]
async fn what_cannot_be_read_is_named_and_a_page_without_a_code_is_typed_by_its_reference() {
    let (site, mut visitor, _) = asked().await;
    visitor.get(FORM).await;
    let none = visitor.upload(FORM, &[], ("scan", "", b"")).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(none.text().contains("Choisissez au moins un fichier."), "{}", none.text());
    let (_, page) = read(&mut visitor, "photo.heic", b"ftypheic").await;
    assert!(page.text().contains("photo.heic : ce n’est ni un PDF"), "{}", page.text());
    let (path, page) = read(&mut visitor, "photo.jpg", &jpeg(&without_code(80), 80)).await;
    let text = page.text();
    assert!(text.contains("1 page sans code lu") && text.contains("photo.jpg, page 1"), "{text}");
    let reference = &office::letters_of_batch(site.school(), 1, 0..9).await.unwrap()[0].reference;
    for (typed, told) in [
        ("7K4M", "pas une référence"),
        ("ZZZZ-000A", "Aucun coupon ne porte la référence ZZZZ-000A."),
    ] {
        let refused = visitor.send(&path, &[("sans-0", typed)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains(told), "{}", refused.text());
    }
    let page = visitor.post(&path, &[("sans-0", reference)]).await;
    assert!(page.text().contains("1 coupon noté."), "{}", page.text());
    assert_eq!(acts(&site, Act::CloseSlip).await, 1);
    // Whoever has to do with pupils of their own alone reads no family's slip.
    let tutor = site.account("sam", AccountRole::Tutor).await;
    assert_eq!(site.signed_in(&tutor).await.fetch(&path).await.status, StatusCode::FORBIDDEN);
}
