//! What the columns of a table are is chosen where their titles say nothing.

use std::path::Path;

use chappe::accounts::{AccountRole, Right};
use chappe::office;

use super::{STRANGE, anyone, found, give, settled};
use crate::browser::Browser;
use crate::pages::site::Site;

#[tokio::test]
async fn what_is_chosen_of_columns_goes_along_from_page_to_page() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, "une", &Right::ALL).await;
    let titles: Vec<String> = (0..20).map(|at| format!("Kolonn {at}")).collect();
    let mut cells = vec!["y"; 20];
    (cells[0], cells[1], cells[17]) = ("GARNIER", "Nina", "6B");
    let table = format!("{}\r\n{}\r\n", titles.join(";"), cells.join(";"));
    let path = give(&mut visitor, "rentree.csv", table.as_bytes()).await;
    settled(&mut visitor, &path).await;
    let columns = format!("{path}/colonnes");
    let first = visitor.get(&columns).await;
    assert_eq!(first.value("t0"), Some("Kolonn 0"));
    assert_eq!(first.value("t17"), None, "that is another page");
    let place = |words: &str| {
        let before = first.html.split(&format!(">{words}</option>")).next().unwrap();
        before.rsplit("<option value=\"").next().unwrap().trim_end_matches('"').to_owned()
    };
    let [name, first_name, class] = ["Nom de famille", "Prénom", "Classe"].map(place);
    let fields = [
        ("t0", "Kolonn 0"),
        ("c0", name.as_str()),
        ("t1", "Kolonn 1"),
        ("c1", first_name.as_str()),
        ("page", "2"),
    ];
    let second = visitor.post(&columns, &fields).await;
    for (carried, what) in [("t0", "Kolonn 0"), ("c0", &*name), ("t17", "Kolonn 17")] {
        assert_eq!(second.value(carried), Some(what), "{carried}");
    }
    // A column is known by its title, wherever it stood in the form.
    let said = [&fields[..4], &[("t3", "Kolonn 17"), ("c3", class.as_str())]].concat();
    visitor.post(&columns, &said).await;
    let page = settled(&mut visitor, &path).await;
    assert!(page.text().contains("Nina GARNIER"), "{}", page.text());
    let waiting = office::waiting_upload(site.school()).await.unwrap().unwrap();
    let said: Vec<&str> = waiting.kept.said.iter().map(String::as_str).collect();
    assert_eq!(said, ["Kolonn 0=family-name", "Kolonn 1=first-name", "Kolonn 17=class"]);
}

#[tokio::test]
async fn a_secretary_imports_a_table_of_strange_titles_by_choosing_what_they_are() {
    let site = Site::open().await;
    let account = site.account_with("camille", AccountRole::Secretariat, Some(&Right::ALL)).await;
    let file = site.scene.folder.path().join("rentree.csv");
    std::fs::write(&file, STRANGE).unwrap();
    let browser = Browser::start().await;
    for may_run in [true, false] {
        browser.scripts(may_run).await;
        site.sign_in(&browser, &account).await;
        journey(&site, &browser, &file, may_run).await;
    }
}

async fn journey(site: &Site, browser: &Browser, file: &Path, is_first: bool) {
    browser.open(&format!("{}/annuaire", site.root)).await;
    browser.click("Importer des fichiers").await;
    browser.attach("Fichiers de l’établissement", file).await;
    browser.click("Lire ces fichiers").await;
    // What was said of titles is remembered for the next file that has them.
    if is_first {
        browser.sees("aucune ligne de titres n’est reconnue").await;
        browser.click("Dire ce que contiennent les colonnes").await;
        browser.sees("aline@example.org").await;
        browser.is_fit().await;
        for (column, what) in [
            ("A", "Nom de famille"),
            ("B", "Prénom"),
            ("C", "Classe"),
            ("D", "Courriel du responsable 1"),
        ] {
            browser.choose_from(&format!("Ce que contient « Kolonn {column} »"), what).await;
        }
        browser.click("Relire avec ces choix").await;
    }
    browser.sees("Nina GARNIER").await;
    if is_first {
        browser.is_fit().await;
    }
    browser.click("Appliquer à 4 fiches").await;
    browser.sees("4 fiches ajoutées").await;
    browser.click("Voir l’annuaire").await;
    browser.fill("Élève, parent, personnel, numéro ou classe", "garnier").await;
    browser.click("Chercher").await;
    browser.sees("1 élève").await;
    browser.open(&format!("{}/annuaire/import", site.root)).await;
    browser.click("Annuler le dernier import").await;
    browser.sees("2 élèves et 2 adultes").await;
    browser.click("Annuler cet import").await;
    browser.sees("L’import est annulé").await;
    assert_eq!(found(site, "garnier").await, 0);
}
