//! Appels: one call at a time, several callers at once; what it gave, corrected; who rang the school.

use chappe::accounts::AccountRole;
use chappe::message::{AnswerKind, Message, Question};
use chappe::office;
use chappe::people::Whom;
use reqwest::StatusCode;

use super::site::Site;
use crate::browser::{Browser, Visitor};
use crate::letters::Paper;
use crate::promises::people::{People, Way};

const CALL: (&str, &str) = (
    "PLANS__FAMILLE",
    "[{ channels = [\"phone\"], enough = \"acknowledged\" }, { channels = [\"letter\"] }]",
);

/// Two families that are to be called and asked something, the second of another class.
async fn two() -> (Site, Message) {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Mobile("06 39 98 00 01")]);
    let marc = people.guardian("Marc PETIT", &[Way::Mobile("06 39 98 00 02")]);
    people.pupil("Tom PETIT", "6B", &[&marc]);
    let site = Site::with(people, &[CALL]).await;
    let question = Question::new("Venez-vous <jeudi> ?", AnswerKind::YesNo).unwrap();
    let message = site.scene.launch_asking("familles", question).await;
    (site, message)
}

/// Takes the next call; the address of its page.
async fn next(visitor: &mut Visitor) -> String {
    visitor.get("/appels").await;
    let page = visitor.post("/appels/suivant", &[]).await;
    assert_eq!(page.status, StatusCode::OK);
    let action = page.html.split("action=\"").find(|it| it.contains("/dire\""));
    action
        .unwrap_or_else(|| panic!("no call: {}", page.text()))
        .split("/dire")
        .next()
        .unwrap()
        .to_owned()
}

async fn say(visitor: &mut Visitor, path: &str, outcome: &str, word: &str) -> String {
    visitor.get(path).await;
    let fields = [("resultat", outcome), ("mot", word), ("essai", "1")];
    visitor.post(&format!("{path}/dire"), &fields).await.text()
}

#[tokio::test]
async fn calls_are_made_one_after_the_other_and_a_slip_is_corrected() {
    let (site, message) = two().await;
    let mut visitor = site.secretary().await;
    let list = visitor.get("/appels").await;
    assert!(list.text().contains("Commencer : 2 appels à faire"), "{}", list.text());
    assert_eq!(list.link("06 39 98 00 01"), Some("tel:+33639980001"));
    let path = next(&mut visitor).await;
    let page = visitor.get(&path).await;
    let text = page.text();
    assert!(
        text.contains("Appeler Ines DURAND") && text.contains("Suis-je bien en ligne"),
        "{text}"
    );
    assert_eq!(page.link("06 39 98 00 01"), Some("tel:+33639980001"));
    let noted = say(&mut visitor, &path, "wrong-number", "").await;
    assert!(noted.contains("C’est noté.") && noted.contains("faux numéro"), "{noted}");
    let corrected = visitor.post(&format!("{path}/corriger"), &[]).await.text();
    assert!(corrected.contains("C’est repris"), "{corrected}");
    // An answer of whom nobody reached is none; what was typed stands there.
    assert!(text.contains("Venez-vous <jeudi>") && !page.html.contains("<jeudi>"), "{text}");
    visitor.get(&path).await;
    let said = |outcome| {
        [("resultat", outcome), ("mot", "un ordinateur"), ("essai", "1"), ("reponse", "oui")]
    };
    let unheard = visitor.post(&format!("{path}/dire"), &said("busy")).await;
    assert_eq!(unheard.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unheard.text().contains("que si la famille est jointe"), "{}", unheard.text());
    assert!(unheard.html.contains("value=\"oui\" checked"), "{}", unheard.html);
    let noted = visitor.post(&format!("{path}/dire"), &said("reached")).await.text();
    assert!(noted.contains("réponse : Oui") && noted.contains("« un ordinateur »"), "{noted}");
    let answers = visitor.get(&format!("/annonces/{}/reponses?reponse=oui", message.code)).await;
    assert!(answers.text().contains("Oui (1)"), "{}", answers.text());
    assert_eq!(site.scene.status(&message).await.levels.answered, 1);
    assert!(visitor.get("/a-traiter").await.text().contains("un ordinateur"));
    let other = next(&mut visitor).await;
    assert_ne!(other, path);
    say(&mut visitor, &other, "no-answer", "").await;
    visitor.get("/appels").await;
    let done = visitor.post("/appels/suivant", &[]).await.text();
    assert!(done.contains("plus d’appel à faire pour vous"), "{done}");
    assert!(done.contains("à rappeler") && done.contains("pas de réponse"), "{done}");
}

#[tokio::test]
async fn two_colleagues_are_never_given_the_same_family() {
    let (site, _) = two().await;
    let mut one = site.secretary().await;
    let cpe = site.account("louis", AccountRole::Cpe).await;
    let mut other = site.signed_in(&cpe).await;
    let (first, second) = (next(&mut one).await, next(&mut other).await);
    assert_ne!(first, second);
    // Both accounts of these tests have one name: what counts is who signed in.
    let page = other.get(&first).await;
    assert!(!page.html.contains("/prendre\"") || page.text().contains("appelle cette famille"));
    other.post(&format!("{first}/prendre"), &[]).await;
    let calls = office::calls(site.school(), cpe.actor(), &Whom::Everybody).await.unwrap().calls;
    assert_eq!(calls.iter().filter(|it| it.taken_by.is_some()).count(), 2);
    one.get(&first).await;
    one.post("/appels/laisser", &[]).await;
    let calls = office::calls(site.school(), cpe.actor(), &Whom::Everybody).await.unwrap().calls;
    assert_eq!(calls.iter().filter(|it| it.taken_by.is_some()).count(), 1);
}

#[tokio::test]
async fn what_was_said_of_a_call_already_is_not_said_twice() {
    let (site, _) = two().await;
    let mut visitor = site.secretary().await;
    let path = next(&mut visitor).await;
    visitor.get(&path).await;
    let fields = [("resultat", "no-answer"), ("mot", ""), ("essai", "1")];
    visitor.send(&format!("{path}/dire"), &fields).await;
    let twice = visitor.send(&format!("{path}/dire"), &fields).await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.text().contains("Quelqu’un a déjà dit"), "{}", twice.text());
    let unknown = [("resultat", "peut-être"), ("mot", ""), ("essai", "2")];
    let unknown = visitor.send(&format!("{path}/dire"), &unknown).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
    for nowhere in ["/appels/0000-000A", "/appels/rien"] {
        assert_eq!(visitor.fetch(nowhere).await.status, StatusCode::NOT_FOUND, "{nowhere}");
    }
}

#[tokio::test]
async fn a_professeur_principal_calls_the_families_of_their_class_alone() {
    let (site, _) = two().await;
    let teacher = site.head_of("6B").await;
    let mut visitor = site.signed_in(&teacher).await;
    let list = visitor.get("/appels").await;
    assert!(
        list.text().contains("Marc PETIT") && !list.text().contains("DURAND"),
        "{}",
        list.text()
    );
    let path = next(&mut visitor).await;
    assert!(visitor.get(&path).await.text().contains("Marc PETIT"));
    let mut secretary = site.secretary().await;
    let theirs = next(&mut secretary).await;
    assert_eq!(visitor.fetch(&theirs).await.status, StatusCode::NOT_FOUND);
    let fields = [("resultat", "reached"), ("mot", ""), ("essai", "1")];
    let said = visitor.send(&format!("{theirs}/dire"), &fields).await;
    assert_eq!(said.status, StatusCode::NOT_FOUND, "nor says anything of it");
}

#[tokio::test]
async fn who_rang_is_noted_with_what_they_want() {
    let (site, message) = two().await;
    let mut visitor = site.secretary().await;
    visitor.get("/appels/recu").await;
    let blank = [("qui", "Ines DURAND"), ("eleve", ""), ("annonce", ""), ("mot", "")];
    let page = visitor.post("/appels/recu", &blank).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.value("qui"), Some("Ines DURAND"));
    let nobody = [("qui", "Zorro"), ("eleve", ""), ("annonce", ""), ("mot", "la cantine")];
    assert!(visitor.post("/appels/recu", &nobody).await.text().contains("Personne de ce nom"));
    let code = message.code.to_string();
    let rang = [("qui", "Ines DURAND"), ("eleve", ""), ("annonce", &code), ("mot", "la cantine")];
    assert!(visitor.post("/appels/recu", &rang).await.text().contains("C’est noté"));
    assert_eq!(site.scene.status(&message).await.levels.answered, 1);
    assert!(visitor.get("/a-traiter").await.text().contains("la cantine"));
}

#[tokio::test]
async fn calls_are_shared_out_and_taken_along_on_paper() {
    let (site, _) = two().await;
    let mut visitor = site.secretary().await;
    visitor.get("/appels").await;
    let page =
        visitor.post("/appels/repartir", &[("noms", "Sylvie Martin\nPaul Roy : ar, tr")]).await;
    let text = page.text();
    assert!(text.contains("sur la feuille de Sylvie Martin"), "{text}");
    assert!(text.contains("sur la feuille de Paul Roy"), "{text}");
    let nobody = visitor.send("/appels/repartir", &[("noms", " \n")]).await;
    assert_eq!(nobody.status, StatusCode::CONFLICT);
    let table = visitor.fetch("/appels/feuilles.csv").await.text();
    assert!(table.contains("06 39 98 00 02") && table.contains("Paul Roy"), "{table}");
    let sheets = visitor.fetch("/appels/feuilles.pdf").await;
    assert_eq!(sheets.status, StatusCode::OK);
    // Each on one sheet alone, by the number as people dial it.
    let paper = Paper::of_file(&sheets.body);
    let (one, other) = (paper.text(1, &[]), paper.text(3, &[]));
    for (number, name) in [("06 39 98 00 01", "Ines DURAND"), ("06 39 98 00 02", "Marc PETIT")] {
        let on = [&one, &other].map(|page| page.matches(number).count());
        assert!(matches!(on, [1, 0] | [0, 1]), "{number}: {one}{other}");
        assert_eq!(on, [&one, &other].map(|page| page.matches(name).count()), "{name}");
    }
    assert!(one.contains("Réponse :") && one.contains("Oui"), "what may be answered: {one}");
}

/// On a telephone: one hand, one button.
#[tokio::test]
async fn a_call_is_made_on_a_telephone_s_screen() {
    let (site, _) = two().await;
    let mut visitor = site.secretary().await;
    let path = next(&mut visitor).await;
    let browser = Browser::start().await;
    browser.goes_on_as(&visitor).await;
    for page in ["/appels", &path, "/appels/recu"] {
        browser.open(&format!("{}{page}", site.root)).await;
        browser.is_fit().await;
        browser.pictures(&page.replace('/', "-")).await;
    }
}
