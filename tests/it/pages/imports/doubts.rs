//! What is doubted of files is applied once somebody who may know of it says that it is right.

use std::io::Write as _;

use chappe::accounts::Right;
use chappe::directory;
use chappe::people::{By, RestrictedTie, Restriction, Whom};
use reqwest::StatusCode;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{anyone, found, give, settled};
use crate::browser::Visitor;
use crate::pages::site::Site;
use crate::reading_tables::{GUARDIANS, OLD_PUPILS, csv, guardian, pupil};

#[tokio::test]
async fn what_is_doubted_is_applied_only_after_it_was_said_to_be_right() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let onde = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Cycle;Niveau;Libellé classe\r\n\
                GARNIER;;Nina;01/02/2015;CYCLE III;CM2;CM2 A\r\n";
    let path = give(&mut visitor, "CSVExtraction.csv", onde.as_bytes()).await;
    let page = settled(&mut visitor, &path).await;
    assert!(page.text().contains("À vérifier"), "{}", page.text());
    assert_eq!(page.value("lecture"), None, "no button applies it at once");
    let page = visitor.get(&format!("{path}/confirmer")).await;
    let reading = page.value("lecture").unwrap().to_owned();
    let apply = format!("{path}/appliquer");
    let page = visitor.post(&apply, &[("lecture", &reading)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(found(&site, "garnier").await, 0);
    let page = visitor.post(&apply, &[("lecture", &reading), ("sur", "archives")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "that answers another doubt");
    visitor.post(&apply, &[("lecture", &reading), ("sur", "source")]).await;
    let page = settled(&mut visitor, &path).await;
    assert!(page.text().contains("L’import est appliqué"), "{}", page.text());
    assert_eq!(found(&site, "garnier").await, 1);
}

/// What a primary school exports of these children of one mother, packed together.
fn of_one_mother(children: &[&str]) -> Vec<u8> {
    let pupils = children.iter().map(|first| pupil("GARNIER", first, "2016-05-12", "CM1", "CM1"));
    let pupils: Vec<String> = pupils.collect();
    let pupils: Vec<&str> = pupils.iter().map(String::as_str).collect();
    let theirs: Vec<[&str; 2]> = children.iter().map(|first| ["GARNIER", first]).collect();
    let mother = guardian(["GARNIER", "Aline"], "06 39 98 00 01", &theirs);
    let mut packed = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in
        [("eleves.csv", csv(OLD_PUPILS, &pupils)), ("parents.csv", csv(GUARDIANS, &[&mother]))]
    {
        packed.start_file(name, SimpleFileOptions::default()).unwrap();
        packed.write_all(&content).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

#[tokio::test]
async fn a_doubt_is_answered_by_itself_and_one_of_rulings_by_who_may_know_of_them() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let path = give(&mut visitor, "onde.zip", &of_one_mother(&["Nina", "Tom"])).await;
    let page = settled(&mut visitor, &path).await;
    assert!(page.text().contains("deuxième source"), "{}", page.text());
    let reading = confirmed(&mut visitor, &path).await;
    let apply = format!("{path}/appliquer");
    visitor.post(&apply, &[("lecture", &reading), ("sur", "source")]).await;
    assert!(settled(&mut visitor, &path).await.text().contains("L’import est appliqué"));
    let (store, id) = (site.school().store(), site.school().queue.school());
    let known = directory::look_up(store, id, &Whom::Everybody, "garnier", 9).await.unwrap();
    let nina = known.pupils.iter().find(|it| it.0.first_name == "Nina").unwrap().0.key.clone();
    let tie = RestrictedTie {
        pupil: nina,
        person: known.persons[0].0.key.clone(),
        why: Restriction::Court,
        note: String::new(),
    };
    let by = By::program(site.scene.clock.now());
    directory::restrict(store, id, tie, by).await.unwrap();
    // Nina is gone, on whom the ruling hangs, and it is a second source as before.
    let path = give(&mut visitor, "onde.zip", &of_one_mother(&["Tom"])).await;
    let told = settled(&mut visitor, &path).await.text();
    assert!(told.contains("deuxième source") && told.contains("Une restriction"), "{told}");
    assert!(told.contains("1 fiche archivée\n"), "{told}");
    let reading = confirmed(&mut visitor, &path).await;
    site.is_fit(&visitor, &format!("{path}/confirmer")).await;
    let others = Right::ALL.into_iter().filter(|right| *right != Right::SeeRulings);
    let mut other = anyone(&site, "autre", &others.collect::<Vec<_>>()).await;
    let told = other.get(&path).await.text();
    assert!(!told.contains("restriction") && told.contains("Demandez à la direction"), "{told}");
    let apply = format!("{path}/appliquer");
    let said = ["source", "decisions", "archives", "responsables"].map(|word| ("sur", word));
    other.post(&apply, &[&[("lecture", reading.as_str())], &said[..]].concat()).await;
    assert_eq!(found(&site, "garnier").await, 2, "a ruling that they may not know of stands there");
    let page = visitor.post(&apply, &[("lecture", &reading), ("sur", "source")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(found(&site, "garnier").await, 2, "one doubt is left");
    visitor.post(&apply, &[("lecture", &reading), ("sur", "source"), ("sur", "decisions")]).await;
    assert!(settled(&mut visitor, &path).await.text().contains("L’import est appliqué"));
    assert_eq!(found(&site, "garnier").await, 1);
}

/// Which reading the page of the doubts asks about.
async fn confirmed(visitor: &mut Visitor, path: &str) -> String {
    let page = visitor.get(&format!("{path}/confirmer")).await;
    page.value("lecture").unwrap().to_owned()
}
