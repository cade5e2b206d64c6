//! An announcement is written, checked and sent.

use std::time::Duration;

use chappe::accounts::{Account, AccountRole, Right};
use chappe::channel::Channel;
use chappe::office::{self, AccountChange, Amendments, Refusal};
use chappe::people::Actor;
use reqwest::StatusCode;

use super::site::{Site, families};
use crate::browser::{Browser, Visitor, axe};
use crate::promises::people::{People, Way};

const TO: &str = "/annonces/brouillons/1/destinataires";

pub(super) const SAID: [(&str, &str); 4] = [
    ("champ-objet", "Réunion des parents"),
    ("champ-ce_qui_change", "La réunion a lieu mardi."),
    ("champ-agenda", "Mardi à 18h."),
    ("champ-prochain_rendez_vous", "mardi 18h"),
];

/// Begins an announcement and says what it says; the version that is kept then.
pub(super) async fn written(visitor: &mut Visitor) -> String {
    written_so(visitor, &[]).await
}

/// The same, where some fields say something else: each by its name.
pub(super) async fn written_so(visitor: &mut Visitor, said: &[(&str, &str)]) -> String {
    visitor.get("/annonces/nouvelle").await;
    let page = visitor.post("/annonces/nouvelle", &[("modele", "annonce")]).await;
    let version = page.value("version").unwrap().to_owned();
    let mut fields = SAID.to_vec();
    fields.retain(|(usual, _)| said.iter().all(|(name, _)| name != usual));
    fields.extend(said);
    fields.push(("version", &version));
    let page = visitor.post("/annonces/brouillons/1/texte", &fields).await;
    assert!(page.title().starts_with("Les destinataires"), "{}", page.title());
    page.value("version").unwrap().to_owned()
}

/// The version that stands on the last page.
async fn checked(visitor: &mut Visitor) -> String {
    let page = visitor.get("/annonces/brouillons/1/verifier").await;
    page.value("version").unwrap().to_owned()
}

#[tokio::test]
async fn it_is_written_step_by_step_and_leaves_once() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let version = written(&mut visitor).await;
    let chosen = [("version", version.as_str()), ("qui", "familles"), ("classe", "6A")];
    let page = visitor.post("/annonces/brouillons/1/destinataires", &chosen).await;
    let version = page.value("version").unwrap().to_owned();
    let by = [("version", version.as_str()), ("plan", "famille"), ("urgence", "")];
    let page = visitor.post("/annonces/brouillons/1/envoi", &by).await;
    let text = page.text();
    assert!(
        text.contains("3 personnes recevront cette annonce tout de suite : 1 par l’ENT d’abord"),
        "{text}"
    );
    assert!(text.contains("Ce que verra Ines DURAND"), "{text}");
    let version = page.value("version").unwrap().to_owned();
    let first = visitor.send("/annonces/brouillons/1/envoyer", &[("version", &version)]).await;
    let again = visitor.send("/annonces/brouillons/1/envoyer", &[("version", &version)]).await;
    let sent = office::newest(site.school(), 10).await.unwrap();
    assert_eq!(sent.len(), 1);
    let address = format!("/annonces/{}", sent[0].code);
    assert_eq!(first.location(), Some(format!("{address}?fait=envoyee").as_str()));
    assert_eq!(again.location(), Some(address.as_str()));
    assert_eq!(sent[0].launched_by.name(), "Camille Arago");
}

/// What the third page is told, with the hours at which it leaves.
fn hours<'a>(version: &'a str, start: &'a str, end: &'a str) -> [(&'a str, &'a str); 5] {
    let by = [("version", version), ("plan", "famille"), ("urgence", "")];
    [by[0], by[1], by[2], ("depart", start), ("jusqu-a", end)]
}

#[tokio::test]
async fn it_leaves_at_the_hour_that_is_chosen_and_every_page_says_when() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let version = written(&mut visitor).await;
    let said = hours(&version, "02/09/2031 8h", "");
    let answer = visitor.send("/annonces/brouillons/1/envoi", &said).await;
    assert_eq!(answer.location(), Some("/annonces/brouillons/1/verifier"));
    let page = visitor.get("/annonces/brouillons/1/verifier").await;
    let when = "mardi 2 septembre 2031 à 8 h";
    assert!(page.text().contains(when), "{}", page.text());
    let version = page.value("version").unwrap().to_owned();
    let sent = visitor.send("/annonces/brouillons/1/envoyer", &[("version", &version)]).await;
    let page = visitor.get(sent.location().unwrap()).await;
    assert!(page.text().contains(&format!("le {when}")), "{}", page.text());
    let home = visitor.get("/").await.text();
    assert!(home.contains("Une annonce attend son heure.") && home.contains("septembre"), "{home}");
    let [sent] = office::newest(site.school(), 9).await.unwrap().try_into().unwrap();
    let undo = format!("/annonces/{}/annuler", sent.code);
    visitor.post(&undo, &[("avant-depart", "oui")]).await;
    let status = office::overview(site.school(), &sent).await.unwrap().status;
    assert_eq!(status.addressees.cancelled, 3);
}

#[tokio::test]
async fn the_last_page_says_in_one_sentence_what_happens_to_whom_when_and_for_how_much() {
    let prices = [("PRICES__SHEET", "0.04"), ("PRICES__POST", "1.52")];
    let site = Site::with(families(), &prices).await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let page = visitor.get("/annonces/brouillons/1/verifier").await.text();
    let said = "3 personnes recevront cette annonce tout de suite : 1 par l’ENT d’abord, 1 par courriel, \
                1 par lettre ; coût : 1,56 € au départ, 3,12 € au plus.";
    let page = page.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(page.contains(said), "{page}");
    let by_ent = "1 envoi groupé, toutes les familles prévenues en moins d’une minute";
    assert!(page.contains(by_ent), "{page}");
}

#[tokio::test]
async fn the_page_where_the_plan_is_chosen_says_what_each_would_cost() {
    let settings = [
        ("PRICES__SHEET", "0.04"),
        ("PRICES__POST", "1.52"),
        ("PLANS__COURRIEL", "[{ channels = [\"email\"] }]"),
        ("PLANS__PAPIER", "[{ channels = [\"letter\"] }]"),
    ];
    let site = Site::with(families(), &settings).await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let page = visitor.get("/annonces/brouillons/1/envoi").await.text();
    let said = "Pour cette annonce : au départ, 1 lettre (1 feuille) : 1,56 € ; au plus, 2 lettres (2 feuilles) : \
                3,12 €.";
    let page = page.replace(['\u{a0}', '\u{202f}'], " ");
    assert!(page.contains(said), "{page}");
    for said in [
        "courriel\nPour cette annonce : rien à payer.",
        "papier\ncourrier\nPour cette annonce : 2 lettres",
    ] {
        assert!(page.contains(said), "each plan has its own: {page}");
    }
}

#[tokio::test]
async fn at_night_it_says_that_it_leaves_in_the_morning() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Account, Way::Email("ines@example.org")]);
    let night = "[\"20:00-07:00\"]";
    let quiet = [("HOURS__ENT__QUIET", night), ("HOURS__EMAIL__QUIET", night)];
    let site = Site::with(people, &quiet).await;
    site.scene.pass(Duration::from_hours(14));
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let page = visitor.get("/annonces/brouillons/1/verifier").await.text();
    assert!(page.contains("recevra cette annonce mardi 17 mars à 7 h"), "{page}");
    assert!(!page.contains("tout de suite"), "{page}");
}

#[tokio::test]
async fn where_every_way_is_closed_it_says_that_nobody_gets_it() {
    let mut people = People::none();
    people.family("Ines DURAND", &[Way::Email("ines@example.org")]);
    let site = Site::of(people).await;
    site.scene.close(Channel::Email).await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let page = visitor.get("/annonces/brouillons/1/verifier").await.text();
    assert!(page.contains("Personne ne recevra cette annonce"), "{page}");
    assert!(page.contains("que par des voies fermées en ce moment"), "{page}");
    assert!(page.contains("Que rien ne joint (1)"), "{page}");
}

#[tokio::test]
async fn an_hour_that_cannot_be_kept_is_told_of_and_what_was_typed_stays() {
    let site = Site::with(families(), &[("SCHOOL__ZONE", "Europe/Paris")]).await;
    let mut visitor = site.secretary().await;
    let version = written(&mut visitor).await;
    for (start, expiry, told) in [
        ("01/09/2019 8h", "", "Cette date est passée"),
        ("30/03/2031 2h30", "", "les horloges passent à l’heure d’été"),
        ("bientôt", "", "Cette date ne se lit pas"),
        ("01/09/2031 8h", "31/08/2031 18h", "C’est avant le départ"),
    ] {
        let said = hours(&version, start, expiry);
        let answer = visitor.send("/annonces/brouillons/1/envoi", &said).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{start}");
        let page = answer.page();
        assert!(page.text().contains(told), "{}", page.text());
        assert_eq!(page.value("depart"), Some(start));
    }
}

#[tokio::test]
async fn two_presses_at_once_send_it_once() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    written(&mut visitor).await;
    let version = checked(&mut visitor).await;
    let token = visitor.token.clone().unwrap();
    let send = |visitor: &Visitor| {
        let form = [("version", version.clone()), ("csrf", token.clone())];
        let request = visitor.request(reqwest::Method::POST, "/annonces/brouillons/1/envoyer");
        request.header("origin", &site.root).form(&form).send()
    };
    let (one, other) = tokio::join!(send(&visitor), send(&visitor));
    for answer in [one.unwrap(), other.unwrap()] {
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
    assert_eq!(office::newest(site.school(), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn whoever_saves_over_a_colleague_is_told_and_nothing_is_lost() {
    let site = Site::open().await;
    let one = site.account("camille", AccountRole::Secretariat).await;
    let other = site.account("sam", AccountRole::Direction).await;
    let (mut one, mut other) = (site.signed_in(&one).await, site.signed_in(&other).await);
    written(&mut one).await;
    let seen = one.get("/annonces/brouillons/1/texte").await.value("version").unwrap().to_owned();
    other.get("/annonces/brouillons/1/texte").await;
    let say = |what| [("version", seen.as_str()), ("champ-objet", what), SAID[1], SAID[2], SAID[3]];
    other.post("/annonces/brouillons/1/texte", &say("Réunion de Sam")).await;
    let answer = one.send("/annonces/brouillons/1/texte", &say("Réunion de Camille")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.page();
    assert!(page.text().contains("pendant que vous écriviez"), "{}", page.text());
    assert_eq!(page.value("champ-objet"), Some("Réunion de Camille"));
    let kept = office::draft::open(site.school(), 1).await.unwrap();
    assert_eq!(kept.draft.fields["objet"], "Réunion de Sam");
    // What was looked at is what leaves.
    let version = seen.as_str();
    let answer = one.send("/annonces/brouillons/1/envoyer", &[("version", version)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(office::newest(site.school(), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_missing_is_named_and_what_was_typed_stays() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    visitor.get("/annonces/nouvelle").await;
    let page = visitor.post("/annonces/nouvelle", &[("modele", "annonce")]).await;
    let version = page.value("version").unwrap().to_owned();
    let typed = [("version", version.as_str()), ("champ-objet", "Réunion")];
    let answer = visitor.send("/annonces/brouillons/1/texte", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.page();
    assert!(page.text().contains("3 choses sont à corriger"), "{}", page.text());
    assert_eq!(page.value("champ-objet"), Some("Réunion"));
    let kept = office::draft::open(site.school(), 1).await.unwrap();
    assert_eq!(kept.draft.fields["objet"], "Réunion");
}

#[tokio::test]
async fn an_audience_of_nobody_is_told_of_with_the_names_there_are() {
    let site = Site::open().await;
    let mut visitor = site.secretary().await;
    let version = written(&mut visitor).await;
    let typed = [("version", version.as_str()), ("regle", "familles classe:6Q")];
    let answer = visitor.send("/annonces/brouillons/1/destinataires", &typed).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.page().text();
    assert!(text.contains("Il n’y a personne dans « classe:6Q »"), "{text}");
}

#[tokio::test]
async fn whoever_may_only_write_does_not_send() {
    let site = Site::open().await;
    let writes = [Right::SeeFamilies, Right::Write];
    let account = site.account_with("stagiaire", AccountRole::Secretariat, Some(&writes)).await;
    let mut visitor = site.signed_in(&account).await;
    written(&mut visitor).await;
    let page = visitor.get("/annonces/brouillons/1/verifier").await;
    assert!(page.text().contains("Votre compte ne permet pas d’envoyer"), "{}", page.text());
    let answer = visitor.send("/annonces/brouillons/1/envoyer", &[("version", "2")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(office::newest(site.school(), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_urgent_one_asks_for_its_own_right() {
    let site = Site::open().await;
    let sends = [Right::SeeFamilies, Right::Write, Right::Send];
    let account = site.account_with("camille", AccountRole::Secretariat, Some(&sends)).await;
    let mut visitor = site.signed_in(&account).await;
    let version = written(&mut visitor).await;
    let by = [("version", version.as_str()), ("plan", "famille"), ("urgence", "urgent")];
    visitor.post("/annonces/brouillons/1/envoi", &by).await;
    let version = (version.parse::<u32>().unwrap() + 1).to_string();
    let answer = visitor.send("/annonces/brouillons/1/envoyer", &[("version", &version)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(office::newest(site.school(), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn names_are_text_wherever_they_stand() {
    let mut people = families();
    people.family("Zoe <script>alert(1)</script>", &[Way::Email("zoe@example.org")]);
    let site = Site::of(people).await;
    let mut visitor = site.secretary().await;
    written(&mut visitor).await;
    let mut shown = String::new();
    for path in [
        "destinataires",
        "verifier?famille=0",
        "verifier?famille=1",
        "verifier?famille=2",
        "verifier?famille=3",
    ] {
        let answer = visitor.fetch(&format!("/annonces/brouillons/1/{path}")).await;
        let html = answer.text().to_lowercase();
        assert!(!html.contains("<script>alert"), "{path}: {html}");
        shown.push_str(&html);
        answer.page();
    }
    assert!(shown.contains("&lt;script&gt;alert") && shown.contains("&#60;script&#62;alert"));
}

#[tokio::test]
async fn someone_who_never_saw_it_sends_it_in_nine_clicks_at_most() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    for may_run in [true, false] {
        browser.scripts(may_run).await;
        site.sign_in(&browser, &account).await;
        let clicks = ["Nouvelle annonce", "Annonce aux familles"];
        for words in clicks {
            browser.click(words).await;
        }
        browser.fill("Objet", if may_run { "Réunion" } else { "Autre réunion" }).await;
        browser.fill("Ce qui change", "La réunion a lieu mardi.").await;
        browser.fill("Agenda : jours et heures", "Mardi à 18h.").await;
        browser.fill("Prochain rendez-vous", "mardi 18h").await;
        let then = ["Continuer", "Continuer", "Continuer", "Envoyer à 3 personnes"];
        for words in then {
            browser.click(words).await;
        }
        assert!(clicks.len() + then.len() <= 9);
        let sent = site.sent(if may_run { 1 } else { 2 }).await;
        // Going back and forth sends nothing again.
        browser.back().await;
        browser.reload().await;
        assert_eq!(office::newest(site.school(), 10).await.unwrap().len(), sent.len());
    }
}

#[tokio::test]
async fn each_of_its_pages_is_for_everybody() {
    let site = Site::open().await;
    let account = site.account("camille", AccountRole::Secretariat).await;
    let mut visitor = site.signed_in(&account).await;
    written(&mut visitor).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    for path in [
        "",
        "annonces/nouvelle",
        "annonces/brouillons/1/texte",
        "annonces/brouillons/1/destinataires",
        "annonces/brouillons/1/envoi",
        "annonces/brouillons/1/verifier",
        "annonces/brouillons/1/abandonner",
    ] {
        browser.open(&format!("{}/{path}", site.root)).await;
        browser.is_fit().await;
        browser.picture(&path.replace('/', "-")).await;
    }
    assert!(axe(&browser).await.is_empty());
}

#[tokio::test]
async fn whoever_has_a_class_of_their_own_is_told_how_many_and_nobody_s_name() {
    let mut people = families();
    people.family("Mei OUEDRAOGO", &[]);
    let site = Site::of(people).await;
    let mut visitor = site.signed_in(&teacher(&site, None).await).await;
    written(&mut visitor).await;
    for (path, told) in [
        ("/annonces/brouillons/1/destinataires", "joignable par"),
        ("/annonces/brouillons/1/verifier", "personnes recevront cette annonce"),
    ] {
        let text = visitor.get(path).await.text();
        assert!(text.contains(told), "{path}: {text}");
        for name in ["DURAND", "PETIT", "MOREAU", "OUEDRAOGO"] {
            assert!(!text.contains(name), "{path}: {text}");
        }
    }
}

/// The professeur principal of 6A.
async fn teacher(site: &Site, rights: Option<&[Right]>) -> Account {
    let account = site.account_with("paul", AccountRole::HeadTeacher, rights).await;
    let classes = Some(vec!["6A".to_owned()]);
    let change = AccountChange { classes, ..AccountChange::default() };
    office::change_account(site.school(), Actor::Program, account.id, change).await.unwrap()
}

#[tokio::test]
async fn whoever_has_a_class_of_their_own_writes_to_its_families_and_to_nobody_else() {
    let mut people = families();
    let other = people.guardian("Paul AUTRE", &[Way::Email("paul@example.org")]);
    people.pupil("Jean AUTRE", "3C", &[&other]);
    let site = Site::of(people).await;
    let rights = [Right::SeeFamilies, Right::Write, Right::Send];
    let teacher = teacher(&site, Some(&rights)).await;
    let mut visitor = site.signed_in(&teacher).await;
    let version = written(&mut visitor).await;
    let form = visitor.get(TO).await;
    assert!(form.text().contains("3 destinataires"), "the families of the class: {}", form.text());
    assert!(!form.html.contains("3C") && !form.html.contains("name=\"niveau\""), "{}", form.html);
    for rule in ["familles", "familles classe:3C", "tous", "familles classe:6A,3C"] {
        let answer = visitor.send(TO, &[("version", &version), ("regle", rule)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{rule}");
        let text = answer.page().text();
        assert!(text.contains("va au-delà de vos classes"), "{rule}: {text}");
        assert!(!text.contains("4 destinataires") && !text.contains("joignable"), "{text}");
        let kept = office::draft::open(site.school(), 1).await.unwrap();
        assert_eq!(kept.draft.audience, "familles classe:6A", "{rule}");
    }

    // What a colleague chose stays as they write, and is not theirs to send.
    let mut secretary = site.secretary().await;
    let all = [("version", &*version), ("regle", "familles")];
    secretary.get(TO).await;
    secretary.send(TO, &all).await;
    let by = [("version", "3"), ("plan", "famille"), ("urgence", "")];
    let saved = visitor.send("/annonces/brouillons/1/envoi", &by).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text());
    let answer = visitor.send("/annonces/brouillons/1/envoyer", &[("version", "4")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.page().text().contains("va au-delà de vos classes"));
    assert!(office::newest(site.school(), 1).await.unwrap().is_empty());
    secretary.send("/annonces/brouillons/1/envoyer", &[("version", "4")]).await;
    let message = site.sent(1).await.remove(0);
    let correct = Amendments::default();
    let correction = office::prepare_correction(site.school(), &message, correct).await.unwrap();
    let refused = office::correct(site.school(), teacher.actor(), &message, correction).await;
    assert!(matches!(refused, Err(Refusal::Beyond)), "{refused:?}");
}

#[tokio::test]
async fn who_was_overtaken_is_told_so_whatever_the_colleague_chose() {
    let mut people = families();
    let other = people.guardian("Paul AUTRE", &[Way::Email("paul@example.org")]);
    people.pupil("Jean AUTRE", "3C", &[&other]);
    let site = Site::of(people).await;
    let rights = [Right::SeeFamilies, Right::Write, Right::Send];
    let teacher = teacher(&site, Some(&rights)).await;
    let mut visitor = site.signed_in(&teacher).await;
    written(&mut visitor).await;
    let read = office::draft::open(site.school(), 1).await.unwrap();
    let mut draft = read.draft.clone();
    draft.audience = "familles".to_owned();
    let beyond = Some(read.at());
    let refused = office::draft::save(site.school(), teacher.actor(), draft.clone(), beyond).await;
    assert!(matches!(refused, Err(Refusal::Beyond)), "{refused:?}");
    office::draft::save(site.school(), Actor::Program, read.draft.clone(), beyond).await.unwrap();
    let refused = office::draft::save(site.school(), teacher.actor(), draft, beyond).await;
    assert!(matches!(refused, Err(Refusal::DraftChanged { .. })), "{refused:?}");
}
