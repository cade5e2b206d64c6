//! The accounts of the school, seen to by pages: made, changed, helped in, closed, and never one's own.

use chappe::accounts::{Account, AccountRole, Right, TotpSecret};
use chappe::office::{self, AccountChange, AccountRefusal, Sight};
use chappe::people::{Act, Actor};
use reqwest::StatusCode;

use super::site::{PASSWORD, Site, families};
use crate::browser::{Browser, Visitor};

const LIST: &str = "/reglages/comptes";
const NEW: &str = "/reglages/comptes/nouveau";
const ELSEWHERE: &str = "/reglages/comptes/01900000-0000-7000-8000-000000000000";

/// Somebody of the direction, who sees to the accounts.
async fn head(site: &Site) -> Visitor {
    let account = site.account("ines", AccountRole::Direction).await;
    site.signed_in(&account).await
}

fn path(account: &Account) -> String {
    format!("{LIST}/{}", account.id)
}

async fn now(site: &Site, login: &str) -> Account {
    office::account(site.school(), login).await.unwrap()
}

async fn acts(site: &Site) -> Vec<Act> {
    office::journal(site.school(), 100).await.unwrap().into_iter().map(|it| it.act).collect()
}

async fn signs_in(site: &Site, login: &str, password: &str) -> Visitor {
    let mut visitor = site.stranger();
    visitor.get("/connexion").await;
    let typed = [("identifiant", login), ("mot-de-passe", password), ("vers", "/compte")];
    visitor.send("/connexion", &typed).await;
    visitor
}

/// A code as it stands on a page: `7KQ2-M0XD-93AV`.
fn code(text: &str) -> String {
    let is_code = |word: &&str| {
        word.len() == 14 && word.split('-').count() == 3 && word.split('-').all(|it| it.len() == 4)
    };
    text.split_whitespace().find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

#[tokio::test]
async fn an_account_is_added_its_owner_invited_and_signs_in() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    assert!(head.get("/").await.text().contains("Comptes"), "the heading leads there");
    head.get(NEW).await;
    let typed = [
        ("nom", "Sylvie Durand"),
        ("identifiant", "Sylvie"),
        ("fonction", "head_teacher"),
        ("droits", "habituels"),
        ("droit", "export"),
        ("classe", "6A"),
    ];
    let page = head.post(NEW, &typed).await;
    let text = page.text();
    assert!(text.contains("Le compte est ajouté") && text.contains("sans mot de passe"), "{text}");
    let account = now(&site, "sylvie").await;
    assert!(account.classes == ["6A"] && !account.may(Right::Export), "not what was not meant");
    let page = head.post(&format!("{}/code", path(&account)), &[]).await;
    let code = code(&page.text());
    assert!(page.text().contains("/code") && page.text().contains("Sylvie Durand"));
    assert!(!head.get(&path(&account)).await.text().contains(&code), "it is shown once");
    let mut sylvie = site.stranger();
    sylvie.get("/code").await;
    let page = sylvie.post("/code", &[("code", &code), ("mot-de-passe", PASSWORD)]).await;
    assert!(page.title().starts_with("Accueil"), "{}", page.title());
    let text = head.get(LIST).await.text();
    assert!(
        text.contains("professeur principal") && text.contains("ceux de la fonction"),
        "{text}"
    );
    let noted = acts(&site).await;
    assert!(noted.contains(&Act::AddAccount) && noted.contains(&Act::MakeCode), "{noted:?}");
    assert!(!head.get("/journal").await.text().contains(&code));
}

#[tokio::test]
async fn a_form_that_is_refused_is_shown_again_as_it_was_typed() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    head.get(NEW).await;
    for (name, login, told) in [
        ("Sylvie Durand", "sylvie durand", "Cet identifiant ne convient pas"),
        ("Sylvie Durand", "INES", "Un autre compte a l’identifiant"),
        (" ", "sylvie", "Écrivez le prénom et le nom"),
    ] {
        let typed = [
            ("nom", name),
            ("identifiant", login),
            ("fonction", "cpe"),
            ("droits", "choisis"),
            ("droit", "send"),
        ];
        let answer = head.send(NEW, &typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let page = answer.page();
        assert!(page.text().contains(told), "{}", page.text());
        assert_eq!(page.value("identifiant"), Some(login));
        assert!(page.html.contains("value=\"send\" checked"), "{}", page.html);
    }
    assert_eq!(office::accounts(site.school()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_somebody_may_is_changed_and_holds_from_their_next_page() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    let account = site.account("sylvie", AccountRole::Secretariat).await;
    let mut sylvie = site.signed_in(&account).await;
    assert_eq!(sylvie.fetch("/annonces/nouvelle").await.status, StatusCode::OK);
    let change = format!("{}/modifier", path(&account));
    head.get(&change).await;
    let typed = [
        ("version", "1"),
        ("nom", "Sylvie Durand"),
        ("fonction", "secretariat"),
        ("droits", "choisis"),
        ("droit", "see_families"),
        ("droit", "accounts"),
    ];
    let page = head.post(&change, &typed).await;
    assert!(page.text().contains("Le compte est modifié"), "{}", page.text());
    assert_eq!(sylvie.fetch("/annonces/nouvelle").await.status, StatusCode::FORBIDDEN);
    let listed = sylvie.get(LIST).await.text();
    assert!(
        listed.contains("en plus : gérer les comptes ; sans : modifier les familles"),
        "{listed}"
    );
    let typed = [("nom", "Sylvie"), ("fonction", "it"), ("droits", "habituels"), ("version", "2")];
    head.post(&change, &typed).await;
    assert_eq!(now(&site, "sylvie").await.rights, [Right::Settings, Right::Accounts].into());
    let bad = head.send(&change, &[("nom", "Sylvie"), ("fonction", "roi"), ("droits", "")]).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    assert!(acts(&site).await.contains(&Act::ChangeAccount));
}

#[tokio::test]
async fn two_who_change_one_account_do_not_undo_each_other() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    let other = site.account("rosa", AccountRole::Direction).await;
    let mut other = site.signed_in(&other).await;
    let account = site.account("sylvie", AccountRole::Secretariat).await;
    let change = format!("{}/modifier", path(&account));
    let seen = head.get(&change).await.value("version").unwrap().to_owned();
    other.get(&change).await;
    let typed =
        |name| [("version", &*seen), ("nom", name), ("fonction", "cpe"), ("droits", "habituels")];
    head.post(&change, &typed("Sylvie Leroy")).await;
    let answer = other.send(&change, &typed("Sylvie Durand")).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = answer.page();
    assert!(page.text().contains("modifié ce compte entre-temps"), "{}", page.text());
    assert_eq!((page.value("nom"), page.value("version")), (Some("Sylvie Leroy"), Some("2")));
    assert_eq!(now(&site, "sylvie").await.name, "Sylvie Leroy");
}

/// Each thing that can be asked about an account, and what it says beside.
const ASKED: [(&str, &[(&str, &str)]); 9] = [
    (
        "modifier",
        &[("nom", "Moi"), ("fonction", "direction"), ("droits", "choisis"), ("droit", "settings")],
    ),
    ("code", &[]),
    ("exiger", &[("exige", "oui")]),
    ("debloquer", &[]),
    ("deconnecter", &[]),
    ("telephone-perdu", &[]),
    ("detacher", &[]),
    ("fermer", &[]),
    ("rouvrir", &[]),
];

#[tokio::test]
async fn nobody_changes_what_they_themselves_may_and_nobody_without_the_right_anything() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    let own = now(&site, "ines").await;
    let page = head.get(&path(&own)).await;
    assert!(page.text().contains("C’est votre compte"), "{}", page.text());
    for (act, said) in ASKED {
        let answer = head.send(&format!("{}/{act}", path(&own)), said).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{act}");
        let elsewhere = head.send(&format!("{ELSEWHERE}/{act}"), said).await;
        assert_eq!(elsewhere.status, StatusCode::NOT_FOUND, "{act}");
    }
    for (number, right) in Right::ALL.into_iter().enumerate() {
        let login = format!("compte-{number}");
        let account = site.account_with(&login, AccountRole::Cpe, Some(&[right])).await;
        let mut visitor = site.signed_in(&account).await;
        visitor.get("/compte").await;
        let may = right == Right::Accounts;
        assert_eq!(visitor.fetch(LIST).await.status == StatusCode::OK, may, "{right:?}");
        for (act, said) in ASKED.iter().filter(|_| !may) {
            let answer = visitor.send(&format!("{}/{act}", path(&own)), said).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{right:?} {act}");
        }
    }
    assert_eq!(now(&site, "ines").await, own);
}

#[tokio::test]
async fn who_is_closed_while_they_are_signed_in_is_led_to_the_form_by_the_next_click() {
    let site = Site::open().await;
    let head = site.account("ines", AccountRole::Direction).await;
    let account = site.account("sylvie", AccountRole::Secretariat).await;
    let [desk, office] = Browser::several().await;
    site.sign_in(&desk, &account).await;
    desk.sees("Nouvelle annonce").await;
    site.sign_in(&office, &head).await;
    office.open(&format!("{}{}", site.root, path(&account))).await;
    office.click("Fermer le compte…").await;
    office.sees("Fermer ce compte").await;
    office.is_fit().await;
    assert!(now(&site, "sylvie").await.disabled_at.is_none(), "it is asked first");
    office.click("Fermer le compte").await;
    office.sees("Le compte est fermé").await;
    desk.click("Nouvelle annonce").await;
    desk.sees("Se connecter").await;
    desk.fill("Identifiant", "sylvie").await;
    desk.fill("Mot de passe", PASSWORD).await;
    desk.click("Se connecter").await;
    desk.sees("Vous n’êtes pas connecté").await;
    office.back().await;
    office.reload().await;
    office.open(&format!("{}{}", site.root, path(&account))).await;
    office.click("Rouvrir le compte").await;
    office.sees("Le compte est rouvert").await;
    desk.fill("Mot de passe", PASSWORD).await;
    desk.click("Se connecter").await;
    desk.sees("Annonce aux familles").await;
}

#[tokio::test]
async fn every_device_is_signed_out_once_somebody_confirmed_it() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    let account = site.account("sylvie", AccountRole::Secretariat).await;
    let (mut one, mut other) = (site.signed_in(&account).await, site.signed_in(&account).await);
    let end = format!("{}/deconnecter", path(&account));
    assert!(head.get(&path(&account)).await.text().contains("2 appareils connectés"));
    head.get(&end).await;
    assert!(one.get("/").await.title().starts_with("Accueil"), "to look ends nothing");
    head.post(&end, &[]).await;
    for visitor in [&mut one, &mut other] {
        assert!(visitor.get("/").await.title().starts_with("Se connecter"));
    }
    assert!(acts(&site).await.contains(&Act::EndSession));
}

#[tokio::test]
async fn a_second_factor_that_is_required_is_taken_before_anything_else() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    let account = site.account("sylvie", AccountRole::Secretariat).await;
    let mut sylvie = site.signed_in(&account).await;
    sylvie.get("/annonces/nouvelle").await;
    head.get(&path(&account)).await;
    head.post(&format!("{}/exiger", path(&account)), &[("exige", "oui")]).await;
    for address in ["/", "/annonces", "/annonces/nouvelle", "/comptes"] {
        let status = sylvie.fetch(address).await.status;
        assert!(status.is_client_error(), "{address}: {status}");
    }
    let answer = sylvie.send("/annonces/nouvelle", &[("modele", "annonce")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.page().text().contains("Un code du téléphone est exigé"));
    assert!(office::draft::list(site.school()).await.unwrap().is_empty());
    sylvie.get("/compte/telephone").await;
    let text = sylvie.post("/compte/telephone", &[]).await.text();
    let mut words = text.split(|sign: char| !sign.is_ascii_alphanumeric());
    let key = TotpSecret::from_base_32(words.find(|word| word.len() == 32).unwrap()).unwrap();
    let shown = key.code_at(site.scene.clock.now()).unwrap();
    sylvie.post("/compte/telephone/confirmer", &[("code", &shown)]).await;
    assert_eq!(sylvie.fetch("/annonces/nouvelle").await.status, StatusCode::OK);

    let forget = format!("{}/telephone-perdu", path(&account));
    site.is_fit(&head, &forget).await;
    let asked = head.get(&forget).await.text();
    assert!(asked.contains("devra en prendre un autre"), "it is required still: {asked}");
    let told = head.post(&forget, &[]).await.text();
    assert!(told.contains("doit en prendre un autre dès sa prochaine page"), "{told}");
    assert!(!now(&site, "sylvie").await.has_second_factor);
    assert_eq!(sylvie.fetch("/").await.status, StatusCode::FORBIDDEN, "it is required still");
    head.post(&format!("{}/exiger", path(&account)), &[("exige", "non")]).await;
    assert_eq!(sylvie.fetch("/").await.status, StatusCode::OK);
    assert!(acts(&site).await.contains(&Act::RemoveSecondFactor));
}

#[tokio::test]
async fn who_has_to_wait_is_let_try_again_at_once_and_nobody_else_is() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    for login in ["sylvie", "rosa"] {
        site.account(login, AccountRole::Secretariat).await;
        for _ in 0..6 {
            signs_in(&site, login, "un secret tout faux").await;
        }
        let mut visitor = signs_in(&site, login, PASSWORD).await;
        assert!(visitor.get("/").await.title().starts_with("Se connecter"), "patience is over");
    }
    let account = now(&site, "sylvie").await;
    let listed = head.get(LIST).await.text();
    assert!(listed.contains("bloqué à un endroit jusqu’à"), "one place is not all: {listed}");
    head.get(&path(&account)).await;
    let page = head.post(&format!("{}/debloquer", path(&account)), &[]).await;
    assert!(page.text().contains("Le compte est débloqué"), "{}", page.text());
    let mut sylvie = signs_in(&site, "sylvie", PASSWORD).await;
    assert!(sylvie.get("/").await.title().starts_with("Accueil"));
    let mut rosa = signs_in(&site, "rosa", PASSWORD).await;
    assert!(rosa.get("/").await.title().starts_with("Se connecter"));
    let listed = office::listed_accounts(site.school()).await.unwrap();
    let of = |login: &str| listed.iter().find(|it| it.account.login == login).unwrap();
    assert!(of("sylvie").signed_in_at.is_some() && of("rosa").signed_in_at.is_none());
    assert!(of("sylvie").lock.is_none() && of("rosa").lock.is_some_and(|it| !it.is_everywhere));
    assert!(acts(&site).await.contains(&Act::UnlockAccount));
}

#[tokio::test]
async fn a_tutor_is_given_pupils_by_whoever_may_see_them() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    let account = site.account("sam", AccountRole::Tutor).await;
    let pupils = format!("{}/eleves", path(&account));
    head.get(&pupils).await;
    let page = head.post(&pupils, &[("q", "petit")]).await;
    let pupil = page.value("eleve").unwrap().to_owned();
    let page = head.post(&format!("{pupils}/ajouter"), &[("eleve", &pupil)]).await;
    assert!(page.text().contains("L’élève est ajouté"), "{}", page.text());
    assert_eq!(now(&site, "sam").await.pupils.len(), 1);
    assert!(head.get(&path(&account)).await.text().contains("PETIT (6A)"));
    let unknown = head.send(&format!("{pupils}/ajouter"), &[("eleve", "0123456789abcdef")]).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let machine = site.account("rosa", AccountRole::It).await;
    let mut machine = site.signed_in(&machine).await;
    assert!(!machine.get(&path(&account)).await.text().contains("PETIT"));
    assert_eq!(machine.fetch(&pupils).await.status, StatusCode::FORBIDDEN);
    head.post(&format!("{pupils}/retirer"), &[("eleve", &pupil)]).await;
    assert!(now(&site, "sam").await.pupils.is_empty());
}

#[tokio::test]
async fn pupils_given_at_once_are_all_kept_and_those_whom_one_may_not_see_are_not_named() {
    let mut people = families();
    for number in 0..21 {
        people.family(&format!("Lou{number} MARTIN"), &[]);
    }
    let site = Site::of(people).await;
    let (school, mut head) = (site.school(), head(&site).await);
    let (ines, sam) = (now(&site, "ines").await, site.account("sam", AccountRole::Tutor).await);
    let found = office::look_up(school, &Sight::ALL, "m", 30).await.unwrap().pupils;
    let given = found.iter().map(|it| office::give_pupil(school, &ines, sam.id, it.brief.handle));
    for given in futures_util::future::join_all(given).await {
        given.unwrap();
    }
    assert_eq!(now(&site, "sam").await.pupils.len(), found.len());
    assert!(found.len() > 20, "{}", found.len());
    let pupils = format!("{}/eleves", path(&sam));
    head.get(&pupils).await;
    let text = head.post(&pupils, &[("q", "martin")]).await.text();
    assert!(text.contains("D’autres élèves correspondent"), "{text}");

    let rights = [Right::SeeFamilies, Right::Accounts];
    let tutor = site.account_with("rosa", AccountRole::Tutor, Some(&rights)).await;
    let theirs = found[0].brief.handle;
    office::give_pupil(school, &ines, tutor.id, theirs).await.unwrap();
    let tutor = now(&site, "rosa").await;
    let mut visitor = site.signed_in(&tutor).await;
    let text = visitor.get(&path(&sam)).await.text();
    let others = format!("et {} autres élèves, que vous ne voyez pas", found.len() - 1);
    assert!(text.contains(&others), "{text}");
    let unseen = found[1].brief.handle;
    let taken = office::take_pupil(school, &tutor, sam.id, unseen).await;
    assert!(matches!(taken, Err(AccountRefusal::NoSuchPupil)), "{taken:?}");
    office::take_pupil(school, &tutor, sam.id, theirs).await.unwrap();
    assert_eq!(now(&site, "sam").await.pupils.len(), found.len() - 1);
}

#[tokio::test]
async fn whom_an_account_has_to_do_with_is_shown_as_it_is() {
    let site = Site::open().await;
    let mut head = head(&site).await;
    let account = site.account("sam", AccountRole::Tutor).await;
    let change = |role, classes: &[&str]| AccountChange {
        role: Some(role),
        classes: Some(classes.iter().map(|it| (*it).to_owned()).collect()),
        ..AccountChange::default()
    };
    let to = async |change| {
        office::change_account(site.school(), Actor::Program, account.id, change).await.unwrap();
    };
    to(change(AccountRole::Tutor, &["3B", "6A", "6B"])).await;
    let ines = now(&site, "ines").await;
    let found = office::look_up(site.school(), &Sight::ALL, "petit", 1).await.unwrap().pupils;
    let handle = found[0].brief.handle;
    office::give_pupil(site.school(), &ines, account.id, handle).await.unwrap();
    let text = head.get(&path(&account)).await.text();
    assert!(text.contains("6A, 6B, 3B"), "{text}");
    to(change(AccountRole::HeadTeacher, &["6B"])).await;
    let text = head.get(&path(&account)).await.text();
    assert!(text.contains("PETIT (6A)"), "they see this pupil still: {text}");
    to(change(AccountRole::Cpe, &["6B"])).await;
    let text = head.get(&path(&account)).await.text();
    assert!(!text.contains("PETIT") && !text.contains("6B"), "they see everybody: {text}");
}

#[tokio::test]
async fn its_pages_are_for_everybody() {
    let site = Site::open().await;
    let head = site.account("ines", AccountRole::Direction).await;
    let account = site.account("sam", AccountRole::Tutor).await;
    let rights = Some([Right::SeeFamilies, Right::Export].into());
    let name = Some("Sam Ouedraogo".to_owned());
    let change = AccountChange { name, rights, ..AccountChange::default() };
    office::change_account(site.school(), Actor::Program, account.id, change).await.unwrap();
    let browser = Browser::start().await;
    site.sign_in(&browser, &head).await;
    let one = path(&account);
    let its_own = ["", "/modifier", "/eleves", "/fermer"].map(|it| format!("{one}{it}"));
    let paths = [LIST.to_owned(), NEW.to_owned()].into_iter().chain(its_own);
    for (number, path) in paths.enumerate() {
        browser.open(&format!("{}{path}", site.root)).await;
        browser.is_fit().await;
        browser.size(1280, 900).await;
        browser.picture(&format!("comptes-{number}")).await;
        browser.size(390, 844).await;
        browser.picture(&format!("comptes-{number}-telephone")).await;
    }
    browser.open(&format!("{}{one}", site.root)).await;
    browser.click("Faire un code").await;
    browser.sees("ne sera plus montré").await;
    browser.is_fit().await;
    browser.picture("comptes-code").await;
}
