//! Every address as every role: nothing is open that nobody opened.

use std::collections::BTreeMap;

use chappe::accounts::{Account, AccountRole, Right};
use chappe::audience::InPlaceOf;
use chappe::directory;
use chappe::message::{Draft, Message, MessageState, Urgency};
use chappe::office::{self, NewAccount, School};
use chappe::people::{Actor, By, Handle, SchoolId, Whom};
use chappe::web::Needs;
use reqwest::StatusCode;

use super::site::{Site, families};
use crate::promises::people::Way;

/// An address with something in the place of what varies.
fn one_of(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn an_address_lets_in_whoever_has_its_right_and_nobody_else() {
    let site = Site::open().await;
    let mut let_in: BTreeMap<String, String> = BTreeMap::new();
    for role in AccountRole::ALL {
        let account = site.account(role.as_str(), role).await;
        let mut visitor = site.signed_in(&account).await;
        for door in site.doors() {
            let path = one_of(door.path);
            // What has no end is held by `live`.
            let is_apart = door.path == "/deconnexion" || door.path == "/direct";
            if is_apart || door.path.starts_with("/lien/") {
                continue;
            }
            let answer = match door.method {
                "GET" => visitor.fetch(&path).await,
                _ => visitor.send(&path, &[]).await,
            };
            let may = match door.needs {
                Needs::Nobody | Needs::Account => true,
                Needs::Right(right) => account.may(right),
            };
            if may && door.needs != Needs::Nobody {
                let address = format!("{} {}", door.method, door.path);
                let roles = let_in.entry(address).or_default();
                roles.push_str(if roles.is_empty() { "" } else { " " });
                roles.push_str(role.as_str());
            }
            let is_shut =
                answer.status == StatusCode::FORBIDDEN || answer.status == StatusCode::NOT_FOUND;
            // Whoever sees all families comes in wherever they may.
            let sees_all = account.may(Right::SeeFamilies) && Whom::of(&account) == Whom::Everybody;
            assert!(
                !may || !sees_all || answer.status != StatusCode::FORBIDDEN,
                "{} {path} as {}: shut",
                door.method,
                role.as_str()
            );
            assert!(
                may || is_shut,
                "{} {path} as {}: {}",
                door.method,
                role.as_str(),
                answer.status
            );
            assert!(
                !answer.status.is_server_error(),
                "{} {path} as {}",
                door.method,
                role.as_str()
            );
        }
    }
    // Each address that an account is needed for, and the roles that may come there: a change of it is read.
    insta::assert_json_snapshot!("roles", let_in);
}

#[tokio::test]
async fn whoever_is_not_signed_in_sees_nothing_of_the_school() {
    let site = Site::open().await;
    for door in site.doors().into_iter().filter(|door| door.needs != Needs::Nobody) {
        let mut stranger = site.stranger();
        let path = one_of(door.path);
        let answer = match door.method {
            "GET" => stranger.fetch(&path).await,
            _ => stranger.send(&path, &[]).await,
        };
        let status =
            if door.method == "GET" { StatusCode::SEE_OTHER } else { StatusCode::UNAUTHORIZED };
        assert_eq!(answer.status, status, "{} {path}", door.method);
        assert!(!answer.text().contains("DURAND"), "{path}");
    }
}

#[tokio::test]
async fn a_form_of_another_page_or_of_another_session_does_nothing() {
    let site = Site::open().await;
    let account = site.account_with("camille", AccountRole::Secretariat, Some(&Right::ALL)).await;
    let mut visitor = site.signed_in(&account).await;
    let mut other = site.signed_in(&account).await;
    visitor.get("/annonces/nouvelle").await;
    other.get("/annonces/nouvelle").await;
    for door in
        site.doors().into_iter().filter(|it| it.method == "POST" && it.needs != Needs::Nobody)
    {
        let path = one_of(door.path);
        let request =
            visitor.request(reqwest::Method::POST, &path).header("origin", "https://example.org");
        let answer =
            visitor.answer(request.form(&[("csrf", visitor.token.clone().unwrap())])).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        let theirs = other.token.clone().unwrap();
        let request = visitor.request(reqwest::Method::POST, &path).header("origin", &site.root);
        let answer = visitor.answer(request.form(&[("csrf", theirs)])).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
    }
    assert!(chappe::office::draft::list(site.school()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_not_the_schools_address() {
    let site = Site::open().await;
    let mut stranger = site.stranger();
    let request =
        stranger.request(reqwest::Method::GET, "/connexion").header("host", "evil.example.org");
    let answer = stranger.answer(request).await;
    assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST);
}

/// What another school of the same database has, by what addresses call it; where they count, it is their first.
struct Theirs {
    message: Message,
    account: Account,
    adult: Handle,
    pupil: Handle,
    upload: String,
    scan: String,
}

impl Theirs {
    async fn of(site: &Site, app: &School) -> Self {
        // Keys are a school's own: theirs must be none of ours.
        let mut people = families();
        people.family("Awa DIALLO", &[Way::Email("awa@example.org"), Way::Home("9 rue du Port")]);
        let (other, now) = (app.queue.school(), site.scene.clock.now());
        let diff = directory::diff(app.store(), other, people.reading).await.unwrap();
        directory::apply(app.store(), other, &diff, By::program(now)).await.unwrap();
        let found = directory::look_up(app.store(), other, &Whom::Everybody, "diallo", 9);
        let found = found.await.unwrap();
        let new = NewAccount {
            login: "awa".to_owned(),
            name: "Awa DIALLO".to_owned(),
            role: AccountRole::Secretariat,
            rights: None,
            classes: Vec::new(),
            pupils: Vec::new(),
        };
        let message = site.scene.launch_in(app, "familles", Urgency::Bulk).await;
        let batch = app.queue.letters().gather(None, now).await.unwrap().unwrap();
        let draft = office::draft::save(app, Actor::Program, draft(), None).await.unwrap();
        assert_eq!((draft.number, batch.number), (1, 1));
        let (rule, named) = ("familles classe:6A".parse().unwrap(), (LIST, InPlaceOf::Nothing));
        office::save_rule(app, Actor::Program, named, &rule).await.unwrap();
        let upload = office::begin_upload(app).await.unwrap();
        let scan = office::begin_scan(app).unwrap();
        Self {
            message,
            account: office::add_account(app, Actor::Program, new).await.unwrap(),
            adult: Handle::of_person(&found.persons[0].0.key),
            pupil: Handle::of_pupil(&found.pupils[0].0.key),
            upload: office::keep_upload(app, Actor::Program, upload).await.unwrap().id.to_string(),
            scan: office::keep_scan(app, &Actor::Program, scan, None).await.unwrap().to_string(),
        }
    }

    /// An address with theirs in the place of what varies.
    fn asked_for(&self, path: &str) -> String {
        let handle = match path {
            path if path.starts_with("/annuaire/eleves/") => self.pupil,
            path if path.starts_with("/annuaire/listes/") => Handle::of_list(LIST),
            _ => self.adult,
        };
        let path = path.replace("{code}", self.message.code.as_str());
        let path = path.replace("{id}", &self.account.id.to_string()).replace("{number}", "1");
        let path = path.replace("{upload}", &self.upload).replace("{scan}", &self.scan);
        path.replace("{handle}", &handle.to_string())
    }
}

const LIST: &str = "voyage";

fn draft() -> Draft {
    Draft {
        template: "annonce".to_owned(),
        fields: BTreeMap::from([("objet".to_owned(), "Le voyage d’Awa DIALLO".to_owned())]),
        audience: "familles".to_owned(),
        plan: "famille".to_owned(),
        ..Draft::default()
    }
}

#[tokio::test]
async fn what_another_school_has_in_the_same_database_is_not_there() {
    let site = Site::open().await;
    let (app, _folder) = site.scene.another_app(SchoolId::parse("0750001P").unwrap());
    let theirs = Theirs::of(&site, &app).await;
    let account = site.account_with("camille", AccountRole::Direction, Some(&Right::ALL)).await;
    let mut visitor = site.signed_in(&account).await;
    visitor.get("/annonces").await;
    let mut wrong = Vec::new();
    for door in site.doors() {
        let path = theirs.asked_for(door.path);
        if path == door.path {
            continue;
        }
        let path = one_of(&path);
        let answer = match door.method {
            "GET" => visitor.fetch(&format!("{path}?eleve={}", theirs.pupil)).await,
            _ => visitor.send(&path, &[]).await,
        };
        // What a form says is looked at first, and how many a rule means here is no secret.
        let is_refused = match (door.method, door.path) {
            (_, "/annonces/brouillons/{number}/compte") => true,
            ("POST", path) if path.contains("{number}") => answer.status.is_client_error(),
            _ => answer.status == StatusCode::NOT_FOUND,
        };
        if !is_refused || answer.text().contains("DIALLO") {
            wrong.push(format!("{} {path}: {}", door.method, answer.status));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(office::draft::list(&app).await.unwrap().len(), 1);
    assert_eq!(office::accounts(&app).await.unwrap(), [theirs.account]);
    let stands = office::overview(&app, &theirs.message).await.unwrap();
    assert_eq!(stands.status.state, MessageState::Running, "no form of ours changed it");
}
