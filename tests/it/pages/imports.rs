//! Annuaire, Import: files are given, looked at, applied once and taken back; what is wrong is refused whole, and
//! nothing of it stays.

mod columns;
mod doubts;

use std::io::Write as _;
use std::time::Duration;

use chappe::accounts::{AccountRole, Right};
use chappe::directory::{self, NewPupil};
use chappe::office::{self, ImportFile, ImportRequest, Proposal};
use chappe::people::{Act, Actor, Whom};
use chappe::store::Tx;
use reqwest::{Method, StatusCode};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::site::Site;
use crate::browser::{Page, Visitor};
use crate::town::settings::{DEADLINE, LOOK};

const FORM: &str = "/annuaire/import";
/// A list that the program knows how to read.
pub(super) const LIST: &[u8] =
    b"Nom;Prenom;Classe;Nom responsable 1;Prenom responsable 1;Courriel responsable 1\r\n\
    GARNIER;Nina;6B;GARNIER;Aline;aline@example.org\r\n";
/// One whose titles say nothing.
const STRANGE: &[u8] =
    b"Kolonn A;Kolonn B;Kolonn C;Kolonn D\r\nGARNIER;Nina;6B;aline@example.org\r\n\
    ROUX;Tom;6B;roux@example.org\r\n";

async fn anyone(site: &Site, login: &str, rights: &[Right]) -> Visitor {
    let account = site.account_with(login, AccountRole::Direction, Some(rights)).await;
    site.signed_in(&account).await
}

/// Gives a file; where it leads.
pub(super) async fn give(visitor: &mut Visitor, name: &str, content: &[u8]) -> String {
    visitor.get(FORM).await;
    let answer = visitor.upload(FORM, &[], ("fichiers", name, content)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    answer.location().unwrap().to_owned()
}

/// The page of files once nothing is under way.
pub(super) async fn settled(visitor: &mut Visitor, path: &str) -> Page {
    let waited = tokio::time::timeout(DEADLINE, async {
        loop {
            let page = visitor.get(path).await;
            if !page.title().starts_with("Import en cours") {
                return page;
            }
            tokio::time::sleep(LOOK).await;
        }
    });
    waited.await.expect("it ends")
}

async fn found(site: &Site, name: &str) -> usize {
    let (store, id) = (site.school().store(), site.school().queue.school());
    directory::look_up(store, id, &Whom::Everybody, name, 9).await.unwrap().pupils.len()
}

async fn imports(site: &Site) -> usize {
    let noted = office::journal(site.school(), 100).await.unwrap();
    noted.iter().filter(|noted| noted.act == Act::Import).count()
}

/// Whether nothing that somebody gave lies on the disk or waits.
async fn nothing_is_kept(site: &Site) -> bool {
    let folder =
        site.scene.folder.path().join("uploads").join(site.school().queue.school().as_str());
    let lies = std::fs::read_dir(folder).map_or(0, Iterator::count);
    lies == 0 && office::waiting_upload(site.school()).await.unwrap().is_none()
}

#[tokio::test]
async fn files_are_shown_applied_once_and_taken_back() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let before = imports(&site).await;
    let path = give(&mut visitor, "liste.csv", LIST).await;
    let page = settled(&mut visitor, &path).await;
    let text = page.text();
    for said in
        ["Nina GARNIER", "liste.csv, ligne 2", "Appliquer à 2 fiches", "Rien n’est encore changé"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(found(&site, "garnier").await, 0, "a dry run changes nothing");
    // A colleague finds it, and both press at the same moment.
    let mut colleague = anyone(&site, "autre", &Right::ALL).await;
    let theirs = colleague.get(&path).await;
    let reading = theirs.value("lecture").unwrap().to_owned();
    assert_eq!(page.value("lecture"), Some(reading.as_str()));
    let apply = format!("{path}/appliquer");
    let fields = [("lecture", reading.as_str())];
    let (one, other) = tokio::join!(visitor.send(&apply, &fields), colleague.send(&apply, &fields));
    for answer in [one, other] {
        assert_eq!(answer.location(), Some(path.as_str()), "{}", answer.text());
    }
    let text = settled(&mut visitor, &path).await.text();
    assert!(text.contains("2 fiches ajoutées, 0 modifiée et 0 archivée"), "{text}");
    assert_eq!((imports(&site).await, found(&site, "garnier").await), (before + 1, 1));
    assert!(nothing_is_kept(&site).await);
    let page = visitor.get("/annuaire/import/annuler").await;
    assert!(page.text().contains("1 élève et 1 adulte"), "{}", page.text());
    let seen = page.value("applique").unwrap().to_owned();
    let seen = [("applique", seen.as_str())];
    let page = visitor.post("/annuaire/import/annuler", &seen).await;
    assert!(page.text().contains("L’import est annulé"), "{}", page.text());
    assert_eq!(found(&site, "garnier").await, 0);
    let refused = visitor.send("/annuaire/import/annuler", &seen).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
}

/// Reads a file as the command line does.
async fn proposed(site: &Site, content: &[u8], said: &[&str]) -> Proposal {
    let file = site.scene.folder.path().join("liste.csv");
    std::fs::write(&file, content).unwrap();
    let said = said.iter().map(|typed| (*typed).to_owned()).collect();
    let request = ImportRequest { files: vec![ImportFile::from(file)], said };
    office::propose_import(site.school(), &request).await.unwrap()
}

#[tokio::test]
async fn the_import_that_was_looked_at_is_taken_back_and_no_later_one() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let first = proposed(&site, LIST, &[]).await;
    office::apply_import(site.school(), Actor::Program, &first).await.unwrap();
    let page = visitor.get("/annuaire/import/annuler").await;
    let seen = page.value("applique").unwrap().to_owned();
    site.scene.clock.advance(Duration::from_mins(1));
    let list = String::from_utf8_lossy(LIST).replace("GARNIER", "ROUX");
    let second = proposed(&site, list.as_bytes(), &[]).await;
    office::apply_import(site.school(), Actor::Program, &second).await.unwrap();
    let refused = visitor.send("/annuaire/import/annuler", &[("applique", &seen)]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text().contains("Un autre import"), "{}", refused.text());
    assert_eq!((found(&site, "garnier").await, found(&site, "roux").await), (1, 1));
}

#[tokio::test]
async fn what_was_said_of_columns_is_kept_with_the_import_or_neither_is() {
    let site = Site::open().await;
    let said = ["A=family-name", "B=first-name", "C=class", "D=relative-1-email"];
    let said = said.map(|said| format!("Kolonn {said}"));
    let read = proposed(&site, STRANGE, &said.each_ref().map(String::as_str)).await;
    let (store, id) = (site.school().store(), site.school().queue.school().clone());
    let break_off = move |tx: &Tx<'_>| {
        tx.execute(
            "INSERT INTO header_maps (school_id, head, map, saved_at) VALUES ($1, 'x', 'none', 0)",
            &[id.as_str().into()],
        )
    };
    store.write(break_off).await.unwrap();
    let applied = office::apply_import(site.school(), Actor::Program, &read).await;
    assert!(applied.is_err(), "what was said cannot be kept");
    assert_eq!(found(&site, "garnier").await, 0);
}

#[tokio::test]
async fn files_that_were_applied_are_not_said_to_be_given_up() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let path = give(&mut visitor, "liste.csv", LIST).await;
    let page = settled(&mut visitor, &path).await;
    let waiting = office::waiting_upload(site.school()).await.unwrap().unwrap();
    let mut colleague = anyone(&site, "autre", &Right::ALL).await;
    colleague.get(&path).await;
    let fields = [("lecture", page.value("lecture").unwrap())];
    let apply = format!("{path}/appliquer");
    let give_up = format!("{path}/abandonner");
    let (_, answered) = tokio::join!(visitor.send(&apply, &fields), colleague.send(&give_up, &[]));
    let ended = async {
        while office::waiting_upload(site.school()).await.unwrap().is_some() {
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::time::timeout(DEADLINE, ended).await.unwrap();
    let said = answered.location().is_some_and(|to| to.ends_with("fait=abandon"));
    assert_eq!(said, found(&site, "garnier").await == 0, "{:?}", answered.location());
    let again = office::abandon_upload(site.school(), waiting.kept.id).await.unwrap();
    assert!(!again, "they wait no more");
}

#[tokio::test]
async fn a_wrong_file_is_refused_whole_with_what_to_do_and_nothing_is_kept() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let mut locked = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    locked.start_file("a.csv", SimpleFileOptions::default()).unwrap();
    locked.write_all(LIST).unwrap();
    let mut locked = locked.finish().unwrap().into_inner();
    for (mark, flags) in [(b"PK\x03\x04", 6), (b"PK\x01\x02", 8)] {
        let at = locked.windows(4).position(|four| four == mark).unwrap();
        locked[at + flags] |= 1;
    }
    let elsewhere = br#"<?xml version="1.0" encoding="UTF-8"?><BEE_ELEVES VERSION="2.1"><PARAMETRES>
        <UAJ>0319998A</UAJ><ANNEE_SCOLAIRE>2025</ANNEE_SCOLAIRE></PARAMETRES><DONNEES/></BEE_ELEVES>"#;
    for (name, content, said) in [
        ("photo.jpg", &b"\xFF\xD8\xFF\xE0 ..."[..], "image"),
        ("vide.csv", &b""[..], "vide"),
        ("clef.zip", &locked[..], "mot de passe"),
        ("Eleves.xml", &elsewhere[..], "autre établissement"),
    ] {
        let path = give(&mut visitor, name, content).await;
        let text = settled(&mut visitor, &path).await.text();
        assert!(
            text.contains("ne peuvent pas être importés") && text.contains(said),
            "{name}: {text}"
        );
        assert!(text.contains("Rien n’a été changé"), "{name}: {text}");
        assert!(nothing_is_kept(&site).await, "{name}");
    }
    visitor.get(FORM).await;
    let answer = visitor.upload(FORM, &[], ("fichiers", "", b"")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text().contains("Choisissez au moins un fichier"));
}

#[tokio::test]
async fn a_form_that_is_not_ours_leaves_no_file() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    visitor.get(FORM).await;
    let token = visitor.token.take().unwrap();
    let without = visitor.upload(FORM, &[], ("fichiers", "liste.csv", LIST)).await;
    assert_eq!(without.status, StatusCode::FORBIDDEN);
    let wrong = visitor.upload(FORM, &[("csrf", "x")], ("fichiers", "liste.csv", LIST)).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let long = "x".repeat(100_000);
    let long = visitor.upload(FORM, &[("csrf", &long)], ("fichiers", "liste.csv", LIST)).await;
    assert_eq!(long.status, StatusCode::FORBIDDEN);
    // The token after the file: the file would be kept before anybody has asked for it.
    let request = visitor.request(Method::POST, FORM).header("origin", &site.root);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"fichiers\"; filename=\"a.csv\"\r\n\r\nNom\r\n\
         --b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n--b--\r\n"
    );
    let kind = "multipart/form-data; boundary=b";
    let late = visitor.answer(request.header("content-type", kind).body(body)).await;
    assert_eq!(late.status, StatusCode::FORBIDDEN);
    // A form that ends in the middle of a file.
    let request = visitor.request(Method::POST, FORM).header("origin", &site.root);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n\
         --b\r\nContent-Disposition: form-data; name=\"fichiers\"; filename=\"a.csv\"\r\n\r\nNom;Pre"
    );
    let cut = visitor.answer(request.header("content-type", kind).body(body)).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST);
    assert!(nothing_is_kept(&site).await);
    // Too many files, each told in words.
    let file = "--b\r\nContent-Disposition: form-data; name=\"fichiers\"; filename=\"a.csv\"\r\n\r\nNom\r\n";
    let request = visitor.request(Method::POST, FORM).header("origin", &site.root);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n{}--b--\r\n",
        file.repeat(21)
    );
    let many = visitor.answer(request.header("content-type", kind).body(body)).await;
    assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(many.page().text().contains("plus de 20 fichiers"));
    assert!(nothing_is_kept(&site).await);
    // Fields without end that are no files.
    let field = "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n";
    let request = visitor.request(Method::POST, FORM).header("origin", &site.root);
    let body = format!(
        "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{token}\r\n{}{file}--b--\r\n",
        field.repeat(1_000)
    );
    let fields = visitor.answer(request.header("content-type", kind).body(body)).await;
    assert_eq!(fields.status, StatusCode::BAD_REQUEST);
    assert!(nothing_is_kept(&site).await);
}

#[tokio::test]
async fn one_set_of_files_comes_in_at_a_time_and_what_was_lost_is_said_to_be() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    visitor.get(FORM).await;
    let coming = office::begin_upload(site.school()).await.unwrap();
    let second = visitor.upload(FORM, &[], ("fichiers", "liste.csv", LIST)).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.text().contains("en train de donner des fichiers"), "{}", second.text());
    drop(coming);
    let path = give(&mut visitor, "liste.csv", LIST).await;
    settled(&mut visitor, &path).await;
    let folder =
        site.scene.folder.path().join("uploads").join(site.school().queue.school().as_str());
    let waiting = office::waiting_upload(site.school()).await.unwrap().unwrap();
    std::fs::remove_dir_all(folder.join(waiting.kept.id.to_string())).unwrap();
    for page in [FORM, &path] {
        let answer = visitor.fetch(page).await;
        let text = answer.text();
        assert!(text.contains("ne sont plus sur le disque"), "{page}: {text}");
        assert!(!text.contains("autre machine"), "{page}: {text}");
    }
    visitor.get(FORM).await;
    visitor.post(&format!("{path}/abandonner"), &[]).await;
    assert!(nothing_is_kept(&site).await);
}

#[tokio::test]
async fn names_of_files_and_people_are_never_markup() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let list = "Nom;Prénom;Classe;Kolonn\r\n<script>alert(1)</script>;<b>Zoé</b>;6B;'><i onload=x>\r\n\
                X;;6B;y\r\n";
    let path = give(&mut visitor, "../<img src=x onerror=1>.csv", list.as_bytes()).await;
    let first = settled(&mut visitor, &path).await;
    assert!(
        first.text().contains("<SCRIPT>") || first.text().contains("<script>"),
        "{}",
        first.text()
    );
    assert!(!first.text().contains("../"), "{}", first.text());
    for more in ["", "/fiches", "/fiches?qui=eleves&sorte=ajoutees", "/ecartees", "/colonnes"] {
        let html = visitor.get(&format!("{path}{more}")).await.html;
        for live in ["<script>alert", "<SCRIPT>ALERT", "<b>Zo", "<img src", "<i onload"] {
            assert!(!html.contains(live), "{more}: {live}");
        }
    }
    let set_aside = format!("{path}/ecartees");
    let title = visitor.get(&set_aside).await.title();
    assert!(title.starts_with("Rien n’est laissé de côté"), "{title}");
    site.is_fit(&visitor, &set_aside).await;
}

#[tokio::test]
async fn a_dry_run_of_a_directory_that_changed_is_not_applied_but_shown_again() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let path = give(&mut visitor, "liste.csv", LIST).await;
    let page = settled(&mut visitor, &path).await;
    let reading = page.value("lecture").unwrap().to_owned();
    let new = NewPupil { first_name: "Ana".into(), family_name: "COSTA".into(), class: None };
    office::add_pupil(site.school(), Actor::Program, new).await.unwrap();
    let apply = format!("{path}/appliquer");
    visitor.post(&apply, &[("lecture", &reading)]).await;
    let page = settled(&mut visitor, &path).await;
    assert!(page.text().contains("Quelqu’un a changé l’annuaire"), "{}", page.text());
    assert_eq!(found(&site, "garnier").await, 0);
    // What was looked at before is not what is applied now.
    let page = visitor.post(&apply, &[("lecture", &reading)]).await;
    assert!(page.text().contains("ont été relus"), "{}", page.text());
    let reading = page.value("lecture").unwrap().to_owned();
    visitor.post(&apply, &[("lecture", &reading)]).await;
    let page = settled(&mut visitor, &path).await;
    assert!(page.text().contains("L’import est appliqué"), "{}", page.text());
    assert_eq!(found(&site, "garnier").await, 1);
}

#[tokio::test]
async fn one_import_waits_at_a_time_and_is_gone_when_it_is_given_up_or_after_a_day() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let path = give(&mut visitor, "liste.csv", LIST).await;
    settled(&mut visitor, &path).await;
    let second = visitor.upload(FORM, &[], ("fichiers", "autre.csv", LIST)).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.page().text().contains("D’autres fichiers attendent"));
    let page = visitor.get(FORM).await;
    assert!(
        page.text().contains("liste.csv") && page.text().contains("donnés par"),
        "{}",
        page.text()
    );
    for unknown in ["019a0000-0000-7000-8000-000000000000", "1", "annuler2"] {
        for more in ["", "/fiches", "/ecartees", "/colonnes", "/confirmer"] {
            let answer = visitor.fetch(&format!("{FORM}/{unknown}{more}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}{more}");
        }
        for act in ["appliquer", "abandonner", "colonnes"] {
            let answer = visitor.send(&format!("{FORM}/{unknown}/{act}"), &[]).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}/{act}");
        }
    }
    let mut teacher = site.account_with("prof", AccountRole::HeadTeacher, Some(&Right::ALL)).await;
    teacher.classes = vec!["6A".to_owned()];
    let mut teacher = site.signed_in(&teacher).await;
    assert_eq!(teacher.fetch(&path).await.status, StatusCode::FORBIDDEN);
    let page = visitor.post(&format!("{path}/abandonner"), &[]).await;
    assert!(page.text().contains("abandonnés"), "{}", page.text());
    assert!(nothing_is_kept(&site).await);
    assert_eq!(visitor.fetch(&path).await.status, StatusCode::NOT_FOUND);
    let path = give(&mut visitor, "liste.csv", LIST).await;
    site.scene.clock.advance(Duration::from_hours(23));
    office::sweep_uploads(site.school()).await.unwrap();
    assert!(!nothing_is_kept(&site).await, "a day is a day");
    site.scene.clock.advance(Duration::from_hours(2));
    office::sweep_uploads(site.school()).await.unwrap();
    assert!(nothing_is_kept(&site).await);
    let mut again = anyone(&site, "deux", &Right::ALL).await;
    assert_eq!(again.fetch(&path).await.status, StatusCode::NOT_FOUND);
}

/// What the pages of files say of a hundred while something is under way, and the page that they end on.
async fn watched(visitor: &mut Visitor, path: &str) -> (Vec<u64>, Page) {
    let mut told = Vec::new();
    let watched = tokio::time::timeout(DEADLINE, async {
        loop {
            let page = visitor.get(path).await;
            if !page.title().starts_with("Import en cours") {
                return page;
            }
            let text = page.text();
            let after = text.rsplit("en cours").next().unwrap_or_default();
            let digits: String = after.chars().take(7).filter(char::is_ascii_digit).collect();
            told.extend(digits.parse::<u64>());
        }
    });
    let page = watched.await.expect("it ends");
    (told, page)
}

#[tokio::test]
async fn an_import_tells_of_a_hundred_how_far_it_is_read_and_applied() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let row = |at| format!("GARNIER{at};Nina;6B;GARNIER{at};Aline;aline{at}@example.org\r\n");
    let rows: String = (0..4_000).map(row).collect();
    let head = String::from_utf8_lossy(LIST);
    let list = format!("{}\n{rows}", head.lines().next().unwrap());
    let path = give(&mut visitor, "liste.csv", list.as_bytes()).await;
    let (read, page) = watched(&mut visitor, &path).await;
    assert!(!read.is_empty() && read.iter().all(|it| *it <= 100), "{read:?}");
    let reading = page.value("lecture").unwrap().to_owned();
    visitor.send(&format!("{path}/appliquer"), &[("lecture", &reading)]).await;
    let (applied, page) = watched(&mut visitor, &path).await;
    assert!(page.text().contains("8 000 fiches ajoutées"), "{}", page.text());
    assert!(applied.is_sorted(), "{applied:?}");
    assert!(applied.iter().any(|it| (1..100).contains(it)), "{applied:?}");
}
