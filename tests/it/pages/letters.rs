//! Courriers: what waits is printed beside the pages, kept as it was printed, posted, taken back, given back by the
//! post; and lists of names, which are given once.

use std::time::Instant;

use chappe::accounts::{AccountRole, Right};
use chappe::message::{Message, MessageState};
use chappe::office;
use chappe::people::{Actor, Handle, PersonKey};
use reqwest::StatusCode;

use super::site::{Site, families};
use crate::browser::{Page, Visitor};
use crate::promises::people::{People, Way};
use crate::town::settings::{DEADLINE, LOOK};

/// A public key of age whose other half nobody kept.
const KEY_OF_NOBODY: &str = "age1jy57fzd4jamq9cguyxhjcqauskhqc5qy0xgc090fd92whvem7qsqka0m0m";

/// Prints what waits; the page once that is done.
pub(super) async fn print(visitor: &mut Visitor) -> Page {
    visitor.get("/courriers").await;
    visitor.post("/courriers/imprimer", &[]).await;
    settled(visitor).await
}

/// The page of letters once nothing is printed any more.
async fn settled(visitor: &mut Visitor) -> Page {
    let mut page = visitor.get("/courriers").await;
    let began = Instant::now();
    while page.text().contains("Impression en cours") {
        assert!(began.elapsed() < DEADLINE, "{}", page.text());
        tokio::time::sleep(LOOK * 10).await;
        page = visitor.get("/courriers").await;
    }
    page
}

/// A batch of one letter, and who printed it.
async fn printed() -> (Site, Visitor, Message, String) {
    let site = Site::open().await;
    let message = site.scene.launch().await;
    let mut visitor = site.secretary().await;
    let page = print(&mut visitor).await;
    assert!(page.text().contains("Lot 1 : 1 courrier sur"), "{}", page.text());
    let letters = office::letters_of_batch(site.school(), 1, 0..9).await.unwrap();
    let reference = letters[0].reference.clone();
    (site, visitor, message, reference)
}

#[tokio::test]
async fn what_waits_is_counted_by_class_and_printed() {
    let site = Site::open().await;
    site.scene.launch().await;
    let mut visitor = site.secretary().await;
    let page = visitor.get("/courriers").await;
    let text = page.text();
    assert!(text.contains("Imprimer 1 courrier") && text.contains("6A"), "{text}");
    let page = print(&mut visitor).await;
    assert!(page.text().contains("Aucun courrier n’attend d’être imprimé."), "{}", page.text());
    let page = visitor.get("/courriers/lots/1").await;
    let text = page.text();
    assert!(text.contains("Lea MOREAU") && text.contains("Zoe MOREAU (6A)"), "{text}");
    assert!(text.contains("à poster ou à remettre"), "{text}");
}

#[tokio::test]
async fn the_file_is_the_one_that_was_printed_and_its_rest_begins_on_a_front() {
    let mut people = People::none();
    for (name, home, pupil, class) in [
        ("Lea MOREAU", "1 rue du Port", "Zoe MOREAU", "3B"),
        ("Ines DURAND", "2 rue du Port", "Leo DURAND", "6A"),
        ("Marc PETIT", "3 rue du Port", "Anna PETIT", "6A"),
    ] {
        let guardian = people.guardian(name, &[Way::Home(home)]);
        people.pupil(pupil, class, &[&guardian]);
    }
    let site = Site::of(people).await;
    site.scene.launch().await;
    let mut visitor = site.secretary().await;
    print(&mut visitor).await;
    let holds = async |places| {
        let letters = office::letters_of_batch(site.school(), 1, places).await.unwrap();
        letters.into_iter().flat_map(|it| it.names).collect::<Vec<_>>()
    };
    assert_eq!(holds(0..9).await, ["Ines DURAND", "Marc PETIT", "Lea MOREAU"]);
    assert_eq!(holds(1..2).await, ["Marc PETIT"], "a page of it");
    let pages = office::letter_batch(site.school(), 1).await.unwrap().batch.pages.unwrap();
    let file = visitor.fetch("/courriers/lots/1/lettres.pdf").await;
    assert_eq!(file.kind(), "application/pdf");
    let folder = site.scene.folder.path().join("letters");
    assert_eq!(file.body, std::fs::read(folder.join("lettres-0001.pdf")).unwrap());
    // A back is printed with its front.
    for (from, before) in [(1, 0), (2, 0), (3, 2), (4, 2), (5, 4)] {
        let rest = visitor.fetch(&format!("/courriers/lots/1/lettres.pdf?de={from}")).await;
        let rest = lopdf::Document::load_mem(&rest.body).unwrap();
        assert_eq!(rest.get_pages().len(), pages - before, "from page {from}");
    }
    let beyond = visitor.fetch(&format!("/courriers/lots/1/lettres.pdf?de={}", pages + 1)).await;
    assert_eq!(beyond.status, StatusCode::CONFLICT);
    let nonsense = visitor.fetch("/courriers/lots/1/lettres.pdf?de=deux").await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_batch_is_sealed_for_whoever_prints_it_in_the_schools_place() {
    let site = Site::with(families(), &[("PARTNERS__MAIRIE__KEY", KEY_OF_NOBODY)]).await;
    site.scene.launch().await;
    let mut visitor = site.secretary().await;
    print(&mut visitor).await;
    let page = visitor.get("/courriers/lots/1").await;
    assert!(page.text().contains("un partenaire"), "{}", page.text());
    let path = "/courriers/lots/1/sceller";
    let sealed = visitor.send(path, &[("partenaire", "mairie")]).await;
    assert_eq!((sealed.status, sealed.kind()), (StatusCode::OK, "application/octet-stream"));
    assert!(sealed.text().starts_with("age-encryption.org/v1\n"));
    visitor.get("/courriers/lots/1").await;
    let other = visitor.send(path, &[("partenaire", "lycee")]).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn one_letter_is_printed_alone_with_the_same_reference() {
    let (site, mut visitor, message, reference) = printed().await;
    let path = format!("/courriers/lots/1/lettres/{reference}");
    let letter = visitor.fetch(&path).await;
    assert_eq!((letter.status, letter.kind()), (StatusCode::OK, "application/pdf"));
    let other = visitor.fetch("/courriers/lots/1/lettres/7K4M-02QB").await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    let said_by = "Camille".to_owned();
    let cancelled = MessageState::Cancelled;
    office::decide(site.school(), Actor::Program, &message, cancelled, said_by).await.unwrap();
    assert_eq!(visitor.fetch(&path).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_batch_is_posted_once_and_that_is_taken_back_on_a_page_of_its_own() {
    let (_site, mut visitor, ..) = printed().await;
    visitor.get("/courriers/lots/1").await;
    let page = visitor.post("/courriers/lots/1/poster", &[]).await;
    let text = page.text();
    assert!(text.contains("C’est noté : ces familles sont jointes."), "{text}");
    assert!(text.contains("noté par Camille Arago"), "{text}");
    let twice = visitor.send("/courriers/lots/1/poster", &[]).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let page = visitor.get("/courriers/lots/1/reprendre").await;
    assert!(page.text().contains("1 courrier sera de nouveau à poster"), "{}", page.text());
    let page = visitor.post("/courriers/lots/1/reprendre", &[]).await;
    assert!(page.text().contains("C’est repris"), "{}", page.text());
    let again = visitor.fetch("/courriers/lots/1/reprendre").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn letters_that_came_back_are_noted_and_what_is_no_reference_is_asked_again() {
    let (_site, mut visitor, _, reference) = printed().await;
    visitor.get("/courriers/lots/1").await;
    visitor.post("/courriers/lots/1/poster", &[]).await;
    let typed = format!("{}\nbonjour", reference.to_lowercase());
    let page = visitor.post("/courriers/retours", &[("references", &typed)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = page.text();
    assert!(text.contains("1 courrier noté comme revenu"), "{text}");
    assert!(text.contains("« bonjour » n’est pas une référence."), "{text}");
    let page = visitor.post("/courriers/retours", &[("references", &reference)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = visitor.post("/courriers/retours", &[("references", " ")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_list_of_names_is_given_once_and_says_to_whom_it_went() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    visitor.get("/courriers/listes").await;
    let fields = [
        ("destinataires", "familles classe:6A"),
        ("remise-a", "Mme Roy, tutrice"),
        ("jours", "7"),
        ("colonnes", "name"),
    ];
    let list = visitor.send("/courriers/listes", &fields).await;
    assert_eq!((list.status, list.kind()), (StatusCode::OK, "text/csv; charset=utf-8"));
    let text = list.text();
    assert!(text.contains("DURAND") && text.contains("Mme Roy, tutrice"), "{text}");
    let page = visitor.get("/courriers/listes").await;
    assert!(page.text().contains("Mme Roy, tutrice"), "{}", page.text());
    assert!(!page.html.contains("DURAND"), "the page keeps no name of the list");
    for (field, wrong, told) in [
        ("destinataires", "familles classe:9Z", "Il n’y a personne dans « classe:9Z »"),
        ("remise-a", "", "Dites à qui la liste est remise"),
        ("jours", "0", "Donnez un nombre de jours"),
        ("colonnes", "", "Choisissez au moins une colonne."),
    ] {
        let fields = fields.map(|(name, typed)| (name, if name == field { wrong } else { typed }));
        let page = visitor.post("/courriers/listes", &fields).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert!(page.text().contains(told), "{field}: {}", page.text());
    }
}

#[tokio::test]
async fn who_may_not_export_makes_no_list() {
    let site = Site::open().await;
    let rights = [Right::CarryByHand];
    let account = site.account_with("lea", AccountRole::Secretariat, Some(&rights)).await;
    let mut visitor = site.signed_in(&account).await;
    let page = visitor.get("/courriers").await;
    assert!(!page.text().contains("liste de noms"), "{}", page.text());
    let refused = visitor.send("/courriers/listes", &[("destinataires", "familles")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_packet_that_is_fetched_is_noted_by_its_reference_with_who_took_it() {
    let (site, mut visitor, message, reference) = printed().await;
    let page = visitor.get("/courriers/remis").await;
    assert!(page.text().contains("en main propre"), "{}", page.text());
    for (typed, told) in [
        ("", "Tapez au moins une référence."),
        ("7K4M", "n’est pas une référence."),
        ("ZZZZ-000A", "Aucun courrier imprimé ne porte la référence ZZZZ-000A."),
    ] {
        let refused = visitor.send("/courriers/remis", &[("references", typed)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains(told), "{}", refused.text());
    }
    let before = site.scene.status(&message).await.addressees;
    let fields = [("references", reference.as_str()), ("a", "Lea MOREAU")];
    let page = visitor.post("/courriers/remis", &fields).await;
    assert!(page.text().contains("1 courrier noté comme remis."), "{}", page.text());
    let after = site.scene.status(&message).await.addressees;
    assert_eq!((after.reached, after.on_letter), (before.reached + 1, before.on_letter - 1));
    let page = visitor.get("/courriers/lots/1").await;
    assert!(page.text().contains("remis à Lea MOREAU"), "{}", page.text());
    visitor.get("/courriers/remis").await;
    let fields = [("references", reference.as_str()), ("repris", "oui")];
    let page = visitor.post("/courriers/remis", &fields).await;
    assert!(page.text().contains("1 courrier de nouveau à remettre."), "{}", page.text());
    assert_eq!(site.scene.status(&message).await.addressees.on_letter, before.on_letter);
    let tutor = site.account("sam", AccountRole::Tutor).await;
    assert_eq!(
        site.signed_in(&tutor).await.fetch("/courriers/remis").await.status,
        StatusCode::FORBIDDEN
    );
}

/// Three families, one of whom fetches letters: the page of that household.
async fn with_a_pick_up() -> (Site, Visitor, String) {
    let mut people = People::none();
    let lea = people.guardian("Lea MOREAU", &[Way::Home("1 rue du Port")]);
    people.pupil("Zoe MOREAU", "3B", &[&lea]);
    let ines = people.guardian("Ines DURAND", &[Way::Home("2 rue du Port")]);
    people.pupil("Leo DURAND", "6A", &[&ines]);
    let marc = people.guardian("Marc PETIT", &[Way::Home("3 rue du Port")]);
    people.pupil("Anna PETIT", "6A", &[&marc]);
    let site = Site::of(people).await;
    let account = site.account_with("tete", AccountRole::Direction, Some(&Right::ALL)).await;
    let mut visitor = site.signed_in(&account).await;
    let home = |key: &PersonKey| format!("/annuaire/personnes/{}", Handle::of_person(key));
    let form = format!("{}/connexion", home(&lea));
    visitor.get(&form).await;
    let fields = [("connexion", "full"), ("imprimante", "oui"), ("caracteres", "ordinaires")];
    let said = [&fields[..], &[("retrait", "Mairie de Saint-Martin")]].concat();
    let page = visitor.post(&form, &said).await;
    assert!(page.text().contains("Mairie de Saint-Martin"), "{}", page.text());
    let known = visitor.get(&format!("{}/connexion", home(&ines))).await;
    assert!(known.html.contains("<option value=\"Mairie de Saint-Martin\">"), "{}", known.html);
    site.scene.launch().await;
    (site, visitor, form)
}

#[tokio::test]
async fn whoever_prints_chooses_the_order_and_takes_each_pile_alone() {
    let (site, mut visitor, home) = with_a_pick_up().await;
    let page = visitor.get("/courriers").await;
    assert!(page.text().contains("par lieu de retrait, puis par code postal"), "{}", page.text());
    let wrong = visitor.send("/courriers/imprimer", &[("tri", "poids")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    visitor.get("/courriers").await;
    visitor.post("/courriers/imprimer", &[("tri", "pick-up"), ("separations", "oui")]).await;
    settled(&mut visitor).await;
    let letters = office::letters_of_batch(site.school(), 1, 0..9).await.unwrap();
    let names: Vec<String> = letters.into_iter().flat_map(|it| it.names).collect();
    assert_eq!(names, ["Lea MOREAU", "Ines DURAND", "Marc PETIT"]);

    let page = visitor.get("/courriers/lots/1").await;
    let text = page.text();
    for part in ["par lieu de retrait", "Mairie de Saint-Martin", "À poster", "La liste du lot"] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let piles = office::piles_of_batch(site.school(), 1).await.unwrap();
    let told: Vec<_> = piles.iter().map(|it| (it.letters, it.pages, it.sheets)).collect();
    assert_eq!(told, [(1, Some(4), Some(2)), (2, Some(6), Some(3))]);
    for (number, pages) in [(1, 4), (2, 6)] {
        let pile = visitor.fetch(&format!("/courriers/lots/1/piles/{number}")).await;
        assert_eq!((pile.status, pile.kind()), (StatusCode::OK, "application/pdf"));
        assert_eq!(lopdf::Document::load_mem(&pile.body).unwrap().get_pages().len(), pages);
    }
    assert_eq!(visitor.fetch("/courriers/lots/1/piles/3").await.status, StatusCode::CONFLICT);
    assert_eq!(visitor.fetch("/courriers/lots/1/piles/x").await.status, StatusCode::NOT_FOUND);
    let list = visitor.fetch("/courriers/lots/1/liste.csv").await;
    assert!(
        list.kind() == "text/csv; charset=utf-8" && list.text().contains("Remis le, signature")
    );

    let labels = "/courriers/lots/1/etiquettes.pdf?planche=14&premiere=13";
    let labels = visitor.fetch(labels).await;
    assert_eq!((labels.status, labels.kind()), (StatusCode::OK, "application/pdf"));
    assert_eq!(lopdf::Document::load_mem(&labels.body).unwrap().get_pages().len(), 2);
    for (asked, status) in [
        ("planche=14&premiere=15", StatusCode::CONFLICT),
        ("planche=14&premiere=0", StatusCode::CONFLICT),
        ("planche=12&premiere=1", StatusCode::BAD_REQUEST),
    ] {
        let refused = visitor.fetch(&format!("/courriers/lots/1/etiquettes.pdf?{asked}")).await;
        assert_eq!(refused.status, status, "{asked}");
    }
    let folder = site.scene.folder.path().join("letters");
    let left = std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().file_name());
    let mut left: Vec<_> = left.collect();
    left.sort();
    assert_eq!(left, ["lettres-0001.csv", "lettres-0001.pdf"], "labels are kept nowhere");

    // Nothing typed takes the place away.
    visitor.get(&home).await;
    let fields = [("connexion", "full"), ("imprimante", "oui"), ("retrait", "")];
    let page = visitor.post(&home, &fields).await;
    assert!(page.text().contains("par la poste"), "{}", page.text());
}
