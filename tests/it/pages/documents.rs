//! Documents to be printed: a teacher leaves them from a browser, for pupils of their own.

use std::time::Duration;

use chappe::accounts::{AccountRole, Right};
use chappe::channel::Channel;
use chappe::message::{Plan, Proof, Rung, Week};
use chappe::office;
use chappe::people::{Act, Actor, Whom};
use reqwest::StatusCode;

use super::site::Site;
use super::slips::{first_batch, read};
use crate::browser::{Browser, Visitor};
use crate::documents::page::{form, pdf_of, sheet};
use crate::promises::packets::request;
use crate::promises::people::{People, Way};
use crate::scans::glass::{jpeg, pages, scanned, without_code};

const WEEK: &str = "/documents?semaine=2026-03-18";

/// A pupil in 6A and one in 6B.
async fn two_classes() -> Site {
    let mut people = People::none();
    for (name, class) in [("Zoe DURAND", "6A"), ("Paul MARTIN", "6B")] {
        let (_, family) = name.split_once(' ').unwrap();
        let guardian = people.guardian(&format!("Anne {family}"), &[Way::Home("1 rue du Port")]);
        people.pupil(name, class, &[&guardian]);
    }
    Site::of(people).await
}

/// Gives one file; where that leads, or what is told.
async fn give(
    visitor: &mut Visitor,
    fields: &[(&str, &str)],
    (name, content): (&str, &[u8]),
) -> Result<String, String> {
    visitor.get(WEEK).await;
    let answer = visitor.upload(WEEK, fields, ("documents", name, content)).await;
    match answer.status {
        StatusCode::SEE_OTHER => Ok(answer.location().unwrap().to_owned()),
        StatusCode::UNPROCESSABLE_ENTITY => Err(answer.text().replace(['\u{a0}', '\u{202f}'], " ")),
        other => panic!("{other}: {}", answer.text()),
    }
}

#[tokio::test]
async fn documents_are_given_for_a_week_listed_and_taken_away() {
    let site = two_classes().await;
    let mut visitor = site.secretary().await;
    let empty = visitor.get(WEEK).await;
    assert!(empty.text().contains("Rien n’est encore déposé"), "{}", empty.text());
    assert!(empty.text().contains("Rien encore pour : 6A, 6B."), "{}", empty.text());
    let pdf = pdf_of(&[sheet("un"), sheet("deux")]);
    let fields = [("pour", "6A"), ("eleve", ""), ("matiere", "Mathématiques")];
    let led_to = give(&mut visitor, &fields, ("Fractions_1.pdf", &pdf)).await.unwrap();
    let page = visitor.get(&led_to).await;
    for part in [
        "1 document déposé.",
        "Fractions 1",
        "Mathématiques",
        "1 document, 2 pages.",
        "Rien encore pour : 6B.",
    ] {
        assert!(page.text().contains(part), "{part} in\n{}", page.text());
    }
    let later = visitor.get("/documents?semaine=25/03/2026").await;
    assert!(later.text().contains("Semaine du 23 mars 2026"), "{}", later.text());
    assert!(later.text().contains("Semaines avec des documents : 16 mars."), "{}", later.text());
    let one = [("pour", "6A"), ("eleve", "Martin Paul"), ("matiere", "")];
    let led_to = give(&mut visitor, &one, ("Lettre.pdf", &pdf)).await.unwrap();
    assert!(visitor.get(&led_to).await.text().contains("Paul MARTIN"));

    let noted = chappe::office::journal(site.school(), 100).await.unwrap();
    assert_eq!(noted.iter().filter(|it| it.act == Act::LeaveDocuments).count(), 2);

    visitor.get(WEEK).await;
    let page = visitor.post("/documents/1/retirer", &[("semaine", "2026-03-16")]).await;
    assert!(page.text().contains("Le document est retiré."), "{}", page.text());
    assert!(!page.text().contains("Fractions"), "{}", page.text());
    let gone = visitor.send("/documents/1/retirer", &[("semaine", "2026-03-16")]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    // Nothing lies about where files come in.
    assert_eq!(coming_in(&site), 0);
}

/// How many sets of documents are on their way in, of this school alone.
fn coming_in(site: &Site) -> usize {
    let uploads = site.scene.folder.path().join("uploads");
    let own = uploads.join(site.school().queue.school().as_str()).join("documents");
    std::fs::read_dir(own).unwrap().count()
}

#[tokio::test]
async fn what_was_on_its_way_in_when_the_program_died_is_removed_after_a_day() {
    let site = two_classes().await;
    // Nothing is tidied up where a program dies.
    std::mem::forget(office::begin_documents(site.school()).unwrap());
    site.scene.clock.advance(Duration::from_hours(23));
    office::sweep_documents(site.school());
    assert_eq!(coming_in(&site), 1);
    site.scene.clock.advance(Duration::from_hours(2));
    office::sweep_documents(site.school());
    assert_eq!(coming_in(&site), 0);
}

#[tokio::test]
async fn what_is_not_kept_is_told_with_its_reason_beside_what_was_typed() {
    let site = two_classes().await;
    let mut visitor = site.secretary().await;
    let pdf = pdf_of(&[sheet("un")]);
    let fields = [("pour", "6A"), ("eleve", ""), ("matiere", "Mathématiques")];
    give(&mut visitor, &fields, ("Fractions_1.pdf", &pdf)).await.unwrap();
    for (fields, (name, content), why) in [
        (
            fields,
            ("Fractions 1.pdf", pdf.as_slice()),
            "Fractions 1.pdf : un document de ce nom est déjà déposé",
        ),
        (fields, ("notes.docx", b"PNG en texte"), "notes.docx : ce n’est ni un PDF"),
        (
            fields,
            ("fiche.pdf", &form("Zoe", false)),
            "fiche.pdf : ce qui est tapé dans le formulaire de sa page 1",
        ),
        ([("pour", "6Z"), ("eleve", ""), ("matiere", "")], ("a.pdf", &pdf), "aucune classe"),
        (
            [("pour", "6A"), ("eleve", ""), ("matiere", "")],
            ("", b""),
            "Choisissez au moins un fichier.",
        ),
    ] {
        let told = give(&mut visitor, &fields, (name, content)).await.unwrap_err();
        assert!(told.contains(why), "{why} in\n{told}");
        // What was typed, and the week, are there still.
        let (_, subject) = fields[2];
        assert!(
            told.contains("Semaine du 16 mars 2026")
                && told.contains(&format!("value=\"{subject}\"")),
            "{told}"
        );
    }
}

#[tokio::test]
async fn a_teacher_leaves_and_sees_documents_of_their_own_pupils_alone() {
    let site = two_classes().await;
    let mut secretary = site.secretary().await;
    let pdf = pdf_of(&[sheet("un")]);
    for (class, name) in [("6A", "pour_A.pdf"), ("6B", "pour_B.pdf"), ("TOUS", "pour_tous.pdf")] {
        give(&mut secretary, &[("pour", class)], (name, &pdf)).await.unwrap();
    }
    let account = site.head_of("6A").await;
    let mut teacher = site.signed_in(&account).await;
    let page = teacher.get(WEEK).await;
    assert!(page.text().contains("pour A") && !page.text().contains("pour B"), "{}", page.text());
    assert!(!page.html.contains("6B") && !page.html.contains("Niveau"), "{}", page.html);
    let (others, nobody) = ("qui ne sont pas les vôtres", "aucun élève ne porte ce nom");
    for (fields, why) in [
        ([("pour", "6B"), ("eleve", "")], others),
        ([("pour", "6e"), ("eleve", "")], others),
        ([("pour", "TOUS"), ("eleve", "")], others),
        // That there is such a pupil elsewhere is not told.
        ([("pour", "6A"), ("eleve", "MARTIN Paul")], nobody),
        ([("pour", "6A"), ("eleve", "INCONNU Paul")], nobody),
    ] {
        let told = give(&mut teacher, &fields, ("b.pdf", &pdf)).await.unwrap_err();
        assert!(told.contains(why), "{fields:?}: {told}");
    }
    give(&mut teacher, &[("pour", "6A"), ("eleve", "Durand Zoe")], ("b.pdf", &pdf)).await.unwrap();
    for number in ["2", "3"] {
        let theirs = teacher
            .send(&format!("/documents/{number}/retirer"), &[("semaine", "2026-03-16")])
            .await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{number}");
    }
    teacher.get(WEEK).await;
    let page = teacher.post("/documents/1/retirer", &[("semaine", "2026-03-16")]).await;
    assert!(page.text().contains("Le document est retiré."), "{}", page.text());
}

#[tokio::test]
async fn whoever_may_not_see_families_is_told_no_pupil_s_name() {
    let site = two_classes().await;
    let mut secretary = site.secretary().await;
    let fields = [("pour", "6A"), ("eleve", "Martin Paul")];
    give(&mut secretary, &fields, ("Lettre.pdf", &pdf_of(&[sheet("un")]))).await.unwrap();
    let account = site.account_with("sam", AccountRole::Secretariat, Some(&[Right::Write])).await;
    let page = site.signed_in(&account).await.get(WEEK).await;
    assert!(page.text().contains("Un élève") && !page.html.contains("MARTIN"), "{}", page.text());
}

#[tokio::test]
async fn the_page_of_documents_is_for_everybody_on_a_telephone_too() {
    let site = two_classes().await;
    let mut visitor = site.secretary().await;
    let fields = [("pour", "6A"), ("matiere", "Mathématiques")];
    give(&mut visitor, &fields, ("Fractions.pdf", &pdf_of(&[sheet("un")]))).await.unwrap();
    let account = site.head_of("6A").await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.open(&format!("{}{WEEK}", site.root)).await;
    browser.is_fit().await;
    browser.pictures("-documents").await;
}

const WORKS: &str = "/documents/rendus?semaine=2026-03-18";

/// A packet to both families, printed, with work that is asked back of each pupil.
async fn work_at_home() -> (Site, Visitor) {
    let site = two_classes().await;
    let mut secretary = site.secretary().await;
    let pdf = pdf_of(&[sheet("un")]);
    for class in ["6A", "6B"] {
        let fields = [("pour", class), ("rendre", "pages"), ("jour", "20/03/2026")];
        give(&mut secretary, &fields, ("Fractions.pdf", &pdf)).await.unwrap();
    }
    let rung = Rung::new(vec![Channel::Letter], Proof::Accepted, Duration::ZERO);
    let mut packet = request(&site.scene, "foyers");
    packet.plan = Plan::new("papier", vec![rung]).unwrap();
    let ready = office::prepare(site.school(), packet).await.unwrap();
    office::launch(site.school(), Actor::Program, ready).await.unwrap();
    super::letters::print(&mut secretary).await;
    (site, secretary)
}

/// What is printed, as a scanner gives it.
fn pile(site: &Site) -> Vec<u8> {
    scanned(&pages(&first_batch(site), 150), 150)
}

#[tokio::test]
async fn work_that_came_back_is_its_teachers_alone_and_who_is_missing_is_named() {
    let (site, mut secretary) = work_at_home().await;
    let account = site.head_of("6A").await;
    let mut teacher = site.signed_in(&account).await;
    let before = teacher.get(WORKS).await;
    let text = before.text();
    assert!(
        text.contains("sur 1.") && text.contains("Pas encore rendu : Zoe DURAND, 6A."),
        "{text}"
    );
    assert!(text.contains("sur le document, pour le 20 mars"), "{text}");
    assert!(!before.html.contains("MARTIN"), "{}", before.html);

    let (path, page) = read(&mut secretary, "pile.pdf", &pile(&site)).await;
    assert!(page.text().contains("2 pages de travail gardées"), "{}", page.text());
    assert!(path.starts_with("/coupons/"));
    let page = teacher.get(WORKS).await;
    assert!(page.text().contains("1 travail rendu sur 1."), "{}", page.text());
    let files: Vec<String> =
        page.paths().into_iter().filter(|it| it.starts_with("/documents/rendus/")).collect();
    let [own] = files.as_slice() else { panic!("{files:?}") };
    let pdf = teacher.fetch(own).await;
    assert_eq!((pdf.status, pdf.kind()), (StatusCode::OK, "application/pdf"));
    let mut all = secretary.get(WORKS).await.paths().into_iter();
    let other = all.find(|it| it.starts_with("/documents/rendus/") && it != own).unwrap();
    assert_eq!(teacher.fetch(&other).await.status, StatusCode::NOT_FOUND);
    assert_eq!(secretary.fetch(&other).await.status, StatusCode::OK);
    let account = site.account_with("sam", AccountRole::Secretariat, Some(&[Right::Write])).await;
    let mut nameless = site.signed_in(&account).await;
    let page = nameless.get(WORKS).await;
    let number = own.rsplit('/').next().unwrap();
    let named = page.text().contains(&format!("T{number}"));
    assert!(named && !page.html.contains("DURAND"), "{}", page.text());
    assert_eq!(nameless.fetch(own).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_of_work_without_a_readable_code_is_typed_by_its_number() {
    let (site, mut secretary) = work_at_home().await;
    let (path, page) = read(&mut secretary, "photo.jpg", &jpeg(&without_code(80), 80)).await;
    assert!(page.text().contains("1 page sans code lu"), "{}", page.text());
    let refused = secretary.send(&path, &[("sans-0", "T99-1")]).await;
    assert!(refused.text().contains("Aucun travail à rendre ne porte le numéro T99-1"));
    let (actor, week) = (Actor::Program, Some(Week::of("2026-03-18".parse().unwrap())));
    let works =
        office::works_asked_back(site.school(), actor, week, Whom::Everybody).await.unwrap();
    let number = works[0].works[0].number;
    let beyond = format!("T{number}-2");
    let refused = secretary.send(&path, &[("sans-0", &beyond)]).await;
    assert!(refused.text().contains(&format!("ne porte le numéro {beyond}")), "of one page");
    let page = secretary.post(&path, &[("sans-0", &format!("t{number}-1"))]).await;
    assert!(page.text().contains("1 page de travail gardée."), "{}", page.text());
    assert!(secretary.get(WORKS).await.text().contains("1 travail rendu sur 1."));
}

#[tokio::test]
async fn a_day_that_is_none_is_told_and_an_archive_says_for_whom_itself() {
    let site = two_classes().await;
    let mut visitor = site.secretary().await;
    let pdf = pdf_of(&[sheet("un")]);
    let fields = [("pour", "6A"), ("rendre", "sheet"), ("jour", "lundi")];
    let told = give(&mut visitor, &fields, ("a.pdf", &pdf)).await.unwrap_err();
    assert!(told.contains("Ce n’est pas une date") && told.contains("value=\"lundi\""), "{told}");
    let fields = [("pour", "6A"), ("rendre", ""), ("jour", "20/03/2026")];
    let told = give(&mut visitor, &fields, ("a.pdf", &pdf)).await.unwrap_err();
    assert!(told.contains("Dites aussi sur quoi le travail est à rendre."), "{told}");
    let zip = crate::reading_tables::zipped(&[("6A/Maths/un.pdf", &pdf), ("6B/deux.pdf", &pdf)]);
    let told = give(&mut visitor, &[("pour", "6A")], ("s.zip", &zip)).await.unwrap_err();
    assert!(told.contains("ce ZIP dit lui-même pour qui"), "{told}");
    let led_to = give(&mut visitor, &[("pour", "ZIP"), ("matiere", "")], ("s.zip", &zip)).await;
    assert!(visitor.get(&led_to.unwrap()).await.text().contains("2 documents déposés."));
}

#[tokio::test]
async fn the_page_of_work_that_came_back_is_for_everybody_on_a_telephone_too() {
    let (site, mut secretary) = work_at_home().await;
    read(&mut secretary, "pile.pdf", &pile(&site)).await;
    let account = site.head_of("6A").await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.open(&format!("{}{WORKS}", site.root)).await;
    browser.is_fit().await;
    browser.pictures("-rendus").await;
}

#[tokio::test]
async fn form_teachers_of_the_classes_without_documents_are_reminded_by_a_draft_that_is_ready() {
    let site = two_classes().await;
    let mut visitor = site.secretary().await;
    let pdf = pdf_of(&[sheet("un")]);
    give(&mut visitor, &[("pour", "6A")], ("Fractions.pdf", &pdf)).await.unwrap();
    visitor.get(WEEK).await;
    let sent = visitor.send("/documents/rappel", &[("semaine", "2026-03-16")]).await;
    let led_to = sent.location().unwrap().to_owned();
    assert!(
        led_to.starts_with("/annonces/brouillons/") && led_to.ends_with("/verifier"),
        "{led_to}"
    );
    let kept = office::draft::list(site.school()).await.unwrap().remove(0).draft;
    assert_eq!(kept.audience, "professeurs-principaux classe:\"6B\"");
    assert!(kept.fields["objet"].contains("semaine du 16 mars"), "{:?}", kept.fields);
    visitor.get(WEEK).await;
    give(&mut visitor, &[("pour", "6B")], ("Fractions.pdf", &pdf)).await.unwrap();
    let page = visitor.get(WEEK).await;
    assert!(!page.text().contains("Le rappeler"), "{}", page.text());
    let nobody = visitor.send("/documents/rappel", &[("semaine", "2026-03-16")]).await;
    assert!(nobody.text().contains("Toutes les classes ont un document"), "{}", nobody.text());
    let account = site.head_of("6A").await;
    let mut teacher = site.signed_in(&account).await;
    assert!(!teacher.get(WEEK).await.text().contains("Le rappeler"));
    let refused = teacher.send("/documents/rappel", &[("semaine", "2026-03-16")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_diary_is_given_by_page_and_what_is_wrong_with_it_is_told_with_its_line() {
    let site = two_classes().await;
    let mut visitor = site.secretary().await;
    let fields = [("pour", "6A"), ("eleve", ""), ("matiere", "")];
    let text = "Date;Matière;Travail à faire\n17/03/2026;Maths;ex. 3\n24/03/2026;Maths;ex. 4\n";
    let bad = text.replace("24/03/2026", "24 mars 20266");
    let told = give(&mut visitor, &fields, ("cahier.csv", bad.as_bytes())).await.unwrap_err();
    assert!(told.contains("cahier.csv : ligne 3 : la date manque, ou n’en est pas une"), "{told}");
    assert!(told.contains("Rien n’a été gardé."), "{told}");
    let led_to = give(&mut visitor, &fields, ("cahier.csv", text.as_bytes())).await.unwrap();
    let page = visitor.get(&led_to).await;
    for part in [
        "1 document déposé.",
        "1 ligne d’autres semaines ou d’autres classes : non reprises.",
        "Cahier de textes",
    ] {
        assert!(
            page.text().replace(['\u{a0}', '\u{202f}'], " ").contains(part),
            "{part} in\n{}",
            page.text()
        );
    }
}
