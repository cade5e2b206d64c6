//! Annuaire, Listes: recipients under a name, chosen or named, and offered where an announcement is written.

use chappe::accounts::{AccountRole, Right};
use chappe::audience::InPlaceOf;
use chappe::office;
use chappe::people::{Act, Actor};
use reqwest::StatusCode;

use super::site::Site;
use crate::browser::{Browser, Visitor};

const NEW: &str = "/annuaire/listes/nouvelle";

async fn anyone(site: &Site, rights: &[Right]) -> Visitor {
    let account = site.account_with("une", AccountRole::Direction, Some(rights)).await;
    site.signed_in(&account).await
}

/// The address of the only list.
async fn the_list(visitor: &mut Visitor) -> String {
    let paths = visitor.get("/annuaire/listes").await.paths();
    let is_list = |path: &&String| {
        let handle = path.strip_prefix("/annuaire/listes/");
        handle.is_some_and(|it| it.len() == 24)
    };
    paths.iter().find(is_list).expect("a list").clone()
}

#[tokio::test]
async fn a_list_is_chosen_counted_changed_offered_and_removed() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, &Right::ALL).await;
    let page = visitor.get(NEW).await;
    assert!(page.text().contains("3 destinataires"), "all families first: {}", page.text());
    let chosen = [("qui", "familles"), ("classe", "6A")];
    let page = visitor.post(NEW, &[&chosen[..], &[("nom", "voyage «x»")]].concat()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.value("nom"), Some("voyage «x»"), "what was typed stands there");
    let counted = [&chosen[..], &[("nom", "voyage"), ("compter", "oui")]].concat();
    visitor.post(NEW, &counted).await;
    assert!(office::saved_lists(site.school()).await.unwrap().lists.is_empty(), "only counted");
    let page = visitor.post(NEW, &[&chosen[..], &[("nom", "voyage")]].concat()).await;
    assert!(page.text().contains("La liste est enregistrée"), "{}", page.text());
    assert!(page.text().contains("familles classe:6A"), "{}", page.text());
    let page = visitor.post(NEW, &[&chosen[..], &[("nom", "voyage")]].concat()).await;
    assert!(page.text().contains("porte déjà ce nom"), "{}", page.text());
    let path = the_list(&mut visitor).await;
    visitor.get(&format!("{path}/modifier")).await;
    let seen = ("vu", "familles classe:6A");
    let page = visitor.post(&format!("{path}/modifier"), &[("qui", "familles"), seen]).await;
    assert!(page.text().contains("La règle : familles"), "{}", page.text());
    let itself = [("qui", "familles"), ("liste", "voyage"), ("vu", "familles")];
    let page = visitor.post(&format!("{path}/modifier"), &itself).await;
    assert!(page.text().contains("se sert d’elle-même"), "{}", page.text());
    visitor.get("/annonces/nouvelle").await;
    // A list that another one stands on stays.
    visitor.get(NEW).await;
    visitor.post(NEW, &[("nom", "autre"), ("qui", "familles"), ("liste", "voyage")]).await;
    visitor.get(&format!("{path}/supprimer")).await;
    let refused = visitor.send(&format!("{path}/supprimer"), &[]).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    office::remove_list(site.school(), Actor::Program, "autre").await.unwrap();
    let page = visitor.post(&format!("{path}/supprimer"), &[]).await;
    assert!(page.text().contains("La liste est supprimée"), "{}", page.text());
    assert_eq!(visitor.fetch(&path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pupils_are_named_and_a_line_that_is_nobody_is_told() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, &Right::ALL).await;
    let form = "/annuaire/listes/noms";
    visitor.get(form).await;
    let wrong = [("nom", "<b>ulis</b>"), ("eleves", "PERSONNE Paul")];
    let page = visitor.post(form, &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Ligne 1 : aucun élève"), "{}", page.text());
    let school = site.school();
    let found = office::audience(school, &"familles".parse().unwrap(), 1).await.unwrap();
    let pupil = found.recipients[0].about[0].split(" (").next().unwrap().to_owned();
    let page = visitor.post(form, &[("nom", "<b>ulis</b>"), ("eleves", &pupil)]).await;
    assert!(page.text().contains("1 élève."), "{}", page.text());
    assert!(!page.html.contains("<b>ulis"), "a name is never markup");
    assert!(page.text().contains("<b>ulis</b>"));
}

#[tokio::test]
async fn lists_are_of_the_whole_school_and_made_by_who_writes() {
    let site = Site::open().await;
    let mut reader = anyone(&site, &[Right::SeeFamilies]).await;
    assert_eq!(reader.fetch("/annuaire/listes").await.status, StatusCode::OK);
    assert_eq!(reader.fetch(NEW).await.status, StatusCode::FORBIDDEN);
    let teacher = site.account_with("prof", AccountRole::HeadTeacher, Some(&Right::ALL)).await;
    let mut teacher = site.signed_in(&teacher).await;
    for path in ["/annuaire/listes", NEW, "/annuaire/listes/noms"] {
        assert_eq!(teacher.fetch(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_list_made_by_pressing_is_offered_where_an_announcement_is_written() {
    let site = Site::open().await;
    let account = site.account_with("camille", AccountRole::Secretariat, Some(&Right::ALL)).await;
    let browser = Browser::start().await;
    for (may_run, name) in [(true, "voyage"), (false, "chorale")] {
        browser.scripts(may_run).await;
        site.sign_in(&browser, &account).await;
        browser.open(&format!("{}/annuaire", site.root)).await;
        browser.click("Les listes enregistrées").await;
        browser.click("Choisir des destinataires").await;
        browser.fill("Nom de la liste", name).await;
        browser.choose("6A").await;
        browser.click("Enregistrer la liste").await;
        browser.sees("La liste est enregistrée").await;
        if may_run {
            browser.is_fit().await;
        }
    }
    // The boxes are those of an announcement's recipients.
    browser.scripts(true).await;
    browser.open(&format!("{}{NEW}", site.root)).await;
    browser
        .click("Laisser des classes de côté, prendre une liste, choisir une copie par foyer")
        .await;
    browser.sees("voyage").await;
    browser.sees("chorale").await;
    browser.is_fit().await;
}

/// Saves an audience as the command line does.
async fn save(site: &Site, name: &str, rule: &str) {
    let (over, rule) = ((name, InPlaceOf::Whatever), rule.parse().unwrap());
    office::save_rule(site.school(), Actor::Program, over, &rule).await.unwrap();
}

#[tokio::test]
async fn a_list_is_saved_over_what_its_author_has_read_and_the_journal_names_no_list() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, &Right::ALL).await;
    save(&site, "voyage de Zoé", "familles classe:6A").await;
    let path = the_list(&mut visitor).await;
    let change = format!("{path}/modifier");
    let page = visitor.get(&change).await;
    let seen = page.value("vu").unwrap().to_owned();
    save(&site, "voyage de Zoé", "familles").await;
    let mine = [("qui", "familles"), ("classe", "6A"), ("par", "household")];
    let page = visitor.post(&change, &[&mine[..], &[("vu", &seen)]].concat()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text().contains("Quelqu’un a modifié cette liste"), "{}", page.text());
    assert!(page.html.contains("value=\"6A\" checked"), "what was chosen stands there");
    let seen = page.value("vu").unwrap().to_owned();
    let page = visitor.post(&change, &[&mine[..], &[("vu", &seen)]].concat()).await;
    assert!(page.text().contains("La liste est enregistrée"), "{}", page.text());
    visitor.get(&format!("{path}/supprimer")).await;
    visitor.post(&format!("{path}/supprimer"), &[]).await;
    let noted = office::journal(site.school(), 100).await.unwrap();
    let of_lists = noted.iter().filter(|it| matches!(it.act, Act::SaveList | Act::RemoveList));
    let of_lists: Vec<(Act, &str)> = of_lists.map(|it| (it.act, it.about.as_str())).collect();
    assert_eq!(of_lists.len(), 4, "each save and the removal: {of_lists:?}");
    assert!(of_lists.iter().all(|(_, about)| !about.contains("Zoé")), "{of_lists:?}");
    assert!(visitor.get("/journal").await.text().contains("a supprimé une liste"));
}

#[tokio::test]
async fn a_rule_is_chosen_again_whole_and_a_class_that_went_never_means_all_of_them() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, &Right::ALL).await;
    save(&site, "voyage", "foyers classe:6a").await;
    let change = format!("{}/modifier", the_list(&mut visitor).await);
    let page = visitor.get(&change).await;
    for shown in ["value=\"6A\" checked", "value=\"household\" selected"] {
        assert!(page.html.contains(shown), "{shown}: {}", page.html);
    }
    let kept = async || office::saved_lists(site.school()).await.unwrap().lists[0].rule.clone();
    // A class that an import took away meanwhile.
    let seen = ("vu", "foyers classe:6a");
    let gone = [("qui", "familles"), ("classe", "9Z"), seen];
    let page = visitor.post(&change, &gone).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kept().await.as_deref(), Some("foyers classe:6a"), "it is not all families");
    let shown = [("qui", "familles"), ("classe", "6A"), ("par", "household"), seen];
    visitor.get(&change).await;
    visitor.post(&change, &shown).await;
    assert_eq!(kept().await.as_deref(), Some("familles classe:6A par foyer"));
}

#[tokio::test]
async fn what_is_chosen_is_counted_without_its_names_in_an_address() {
    let site = Site::open().await;
    let mut visitor = anyone(&site, &Right::ALL).await;
    visitor.get("/annonces/nouvelle").await;
    let chosen = [("qui", "familles"), ("classe", "6A")];
    for path in ["/annuaire/listes/compte", "/annonces/brouillons/1/compte"] {
        let counted = visitor.send(path, &chosen).await;
        assert_eq!(counted.status, StatusCode::OK, "{path}");
        assert!(counted.text().contains("3 destinataires"), "{path}: {}", counted.text());
        let asked = visitor.fetch(&format!("{path}?qui=familles&classe=6A")).await;
        assert!(!asked.status.is_success(), "{path}: {}", asked.status);
    }
}
