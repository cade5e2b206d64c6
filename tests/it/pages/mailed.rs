//! Boîte de réception: documents that colleagues sent by e-mail are left, and pages of work are read, by a press.

use chappe::channel::Channel;
use chappe::mail::{self, Arrival};
use chappe::people::{Duties, Role};
use chappe::providers::{Inbox as _, Word};
use reqwest::StatusCode;

use super::site::Site;
use crate::documents::page::{pdf_of, sheet};
use crate::mail::attached::with_files;
use crate::promises::people::{People, Way};
use crate::scans::glass::{jpeg, locked, scanned, without_code};
use crate::town::settings::until;

/// A pupil in 6A and one in 6B; a teacher of 6A, and one of 6A whose child is there.
async fn two_classes() -> Site {
    let mut people = People::none();
    let parent = people.guardian("Anne DURAND", &[Way::Email("durand@example.org")]);
    people.pupil("Zoe DURAND", "6A", &[&parent]);
    let other = people.guardian("Paul MARTIN", &[Way::Email("martin@example.org")]);
    people.pupil("Leo MARTIN", "6B", &[&other]);
    for (name, address) in [("Rose ROY", "roy@example.org"), ("Max MARTIN", "martin@example.org")] {
        let teacher = people.guardian(name, &[Way::Email(address)]);
        let duties = Duties { teaches: vec!["6A".to_owned()], ..Duties::default() };
        people.person(&teacher).role = Role::Staff(Box::new(duties));
    }
    Site::of(people).await
}

/// A mail comes in.
async fn came(site: &Site, from: &str, subject: &str, files: &[(&str, &[u8])]) {
    let raw = with_files(from, subject, files);
    let mail = mail::read(raw.as_bytes(), &Arrival::default());
    let provider = site.scene.provider(Channel::Email);
    let inbox = site.scene.inbox(provider.as_ref());
    inbox.take(vec![Word::Mail(Box::new(mail))]).await.unwrap();
}

#[tokio::test]
async fn a_colleague_s_documents_stand_in_the_list_and_are_left_as_whoever_presses_says() {
    let site = two_classes().await;
    let (page, secret) = (pdf_of(&[sheet("fractions")]), locked(&scanned(&[without_code(50)], 50)));
    let files = [("fractions.pdf", &page[..]), ("secret.pdf", &secret[..])];
    came(&site, "roy@example.org", "6A / <i>maths", &files).await;
    let mut visitor = site.secretary().await;
    let list = visitor.get("/a-traiter/boite").await;
    assert!(list.text().contains("a envoyé des documents pour 6A par"), "{}", list.text());
    let path = "/a-traiter/boite/1";
    let page = visitor.get(path).await;
    for part in ["Déposer ces pièces", "qui peut être imitée", "value=\"6A\"", "<details open"]
    {
        assert!(page.html.contains(part), "{part} in\n{}", page.html);
    }
    assert!(!page.html.contains("<i>maths"), "{}", page.html);
    // Next week: the clock of these schools shows the 16th of March 2026, or a day of its own.
    let monday = chappe::message::Week::of(site.school().today()).next();
    let shown = monday.monday().strftime("%d/%m/%Y").to_string();
    assert!(page.html.contains(&format!("value=\"{shown}\"")), "{}", page.html);

    let leave = format!("{path}/deposer");
    let typed = |meant_for, week, pieces: &[&'static str]| {
        let mut typed = vec![("pour", meant_for), ("matiere", "Maths"), ("semaine", week)];
        typed.extend(pieces.iter().map(|number| ("piece", *number)));
        typed
    };
    for (typed, why) in [
        (typed("6A", &shown, &["1", "2"]), "6A/Maths/secret.pdf : il demande un mot de passe"),
        (typed("6Z", &shown, &["1"]), "aucune classe"),
        (typed("", &shown, &["1"]), "Dites pour qui ils sont."),
        (typed("6B", &shown, &["1"]), "n’enseigne pas à 6B"),
        (typed("6A", "lundi", &["1"]), "Ce n’est pas une date"),
        (typed("6A", &shown, &[]), "Cochez au moins une pièce."),
    ] {
        let answer = visitor.post(&leave, &typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        let text = answer.text().replace(['\u{a0}', '\u{202f}'], " ");
        assert!(text.contains(why) && text.contains("Rien n’a été gardé."), "{why} in\n{text}");
        assert!(text.contains("C’est traité"), "it waits as it did");
    }
    let week = visitor.post(&leave, &typed("6A", &shown, &["1"])).await;
    let text = week.text();
    assert!(text.contains("1 document déposé.") && text.contains("Maths"), "{text}");
    let text = visitor.get(path).await.text();
    assert!(text.contains("documents déposés") && !text.contains("Déposer ces pièces"), "{text}");
    let twice = visitor.send(&leave, &typed("6A", &shown, &["1"])).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_teacher_sees_and_leaves_what_is_mailed_for_their_own_pupils_alone() {
    let site = two_classes().await;
    let page = pdf_of(&[sheet("fractions")]);
    let files = [("fractions.pdf", &page[..])];
    came(&site, "roy@example.org", "6A maths", &files).await;
    // What a parent of the staff writes of a class may be about their child; a stranger's names it in vain.
    came(&site, "martin@example.org", "6A certificat de Léo", &files).await;
    came(&site, "stranger@example.org", "6A maths", &files).await;
    let mut others = site.signed_in(&site.head_of("6B").await).await;
    let mut theirs = site.signed_in(&site.head_of("6A").await).await;
    let list = theirs.get("/a-traiter/boite").await;
    assert_eq!(list.link("Rose ROY"), Some("/a-traiter/boite/1"), "{}", list.text());
    assert!(!list.text().contains("certificat") && !list.text().contains("stranger"));
    assert!(others.get("/a-traiter/boite").await.text().contains("Rien n’attend personne."));
    for (is_theirs, number) in [(false, 1), (true, 2), (true, 3)] {
        let visitor = if is_theirs { &mut theirs } else { &mut others };
        let path = format!("/a-traiter/boite/{number}");
        for path in [format!("{path}/pieces/1"), path] {
            assert_eq!(visitor.fetch(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
    let shown = theirs.get("/a-traiter/boite/1").await;
    assert!(!shown.html.contains("/lire\"") && !shown.html.contains("/repondre\""));
    let typed = |meant_for| {
        [("pour", meant_for), ("matiere", ""), ("semaine", "18/01/2027"), ("piece", "1")]
    };
    let not_theirs = others.send("/a-traiter/boite/1/deposer", &typed("6A")).await;
    assert_eq!(not_theirs.status, StatusCode::NOT_FOUND);
    let beyond = theirs.post("/a-traiter/boite/1/deposer", &typed("6B")).await;
    assert_eq!(beyond.status, StatusCode::UNPROCESSABLE_ENTITY);
    let left = theirs.post("/a-traiter/boite/1/deposer", &typed("6A")).await;
    assert!(left.text().contains("1 document déposé."), "{}", left.text());
    let mut secretary = site.secretary().await;
    let stranger = secretary.get("/a-traiter/boite/3").await;
    assert!(!stranger.text().contains("Déposer ces pièces"), "{}", stranger.text());
    let parent = secretary.get("/a-traiter/boite/2").await;
    assert!(parent.text().contains("Déposer ces pièces"), "{}", parent.text());
}

#[tokio::test]
async fn a_photograph_leads_to_its_reading_and_one_without_a_code_is_shown_there() {
    let site = two_classes().await;
    let photo = jpeg(&without_code(100), 75);
    came(&site, "durand@example.org", "Travail", &[("photo.jpg", &photo)]).await;
    let mut visitor = site.secretary().await;
    let shown = visitor.get("/a-traiter/boite/1").await;
    assert!(shown.html.contains("/lire\"") && !shown.text().contains("Déposer ces"));
    let answer = visitor.send("/a-traiter/boite/1/lire", &[]).await;
    let scan = answer.location().unwrap().to_owned();
    assert!(scan.starts_with("/coupons/"), "{scan}");
    until(async || site_has_read(&site)).await;
    let text = visitor.get(&scan).await.text();
    assert!(text.contains("1 page sans code lu") && text.contains("photo.jpg, page 1"), "{text}");
    assert!(visitor.get("/a-traiter/boite").await.text().contains("Anne DURAND"), "it waits");
}

/// Whether no scan of the school is still to be read.
fn site_has_read(site: &Site) -> bool {
    chappe::office::unread_scans(site.school()).is_empty()
}
