//! A page that follows what happens: the parts that changed are sent to all who look, and nothing else is.

use std::time::Duration;

use chappe::accounts::{AccountRole, Right};
use chappe::message::MessageState;
use chappe::office::{self, AccountChange};
use chappe::people::Actor;
use reqwest::{Method, Response, StatusCode};

use super::site::{Site, families};
use crate::browser::{Browser, Visitor};
use crate::promises::scene::is_settled;
use crate::town::settings::DEADLINE;

/// Streams of one account at once.
const OF_ACCOUNT: usize = 12;

/// A stream, read event by event.
struct Heard {
    response: Response,
    left: String,
}

impl Heard {
    async fn of(visitor: &Visitor, path: &str) -> Self {
        let response = visitor.request(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(response.headers()["content-type"].to_str().unwrap().contains("event-stream"));
        assert_eq!(response.headers()["cache-control"], "no-cache");
        Self { response, left: String::new() }
    }

    /// The next event; `None` once the stream has ended.
    async fn next(&mut self) -> Option<String> {
        let next = tokio::time::timeout(DEADLINE, async {
            loop {
                if let Some((event, rest)) = self.left.split_once("\n\n") {
                    let (event, rest) = (event.to_owned(), rest.to_owned());
                    self.left = rest;
                    if !event.starts_with(':') {
                        return Some(event);
                    }
                    continue;
                }
                let more = self.response.chunk().await.ok().flatten()?;
                self.left.push_str(&String::from_utf8_lossy(&more));
            }
        });
        next.await.expect("nothing came")
    }

    /// The first event that says this.
    async fn until(&mut self, words: &str) -> String {
        loop {
            let event = self.next().await.expect("the stream has ended");
            if event.contains(words) {
                return event;
            }
        }
    }
}

#[tokio::test]
async fn the_sum_of_an_announcement_comes_as_it_changes_and_names_nobody() {
    let site = Site::with(families(), &[("DISPATCH__UNDO", "1h")]).await;
    let message = site.scene.launch().await;
    let visitor = site.secretary().await;
    let mut heard = Heard::of(&visitor, &format!("/annonces/{}/direct", message.code)).await;
    let first = heard.next().await.unwrap();
    assert!(first.starts_with("event: part\ndata: somme\n"), "{first}");
    assert!(first.contains("En chemin"), "{first}");
    site.scene.pass(Duration::from_hours(2));
    let last = heard.until("2 + 1 = 3 destinataires.").await;
    for name in ["DURAND", "PETIT", "MOREAU"] {
        assert!(!first.contains(name) && !last.contains(name), "{name}");
    }
}

#[tokio::test]
async fn the_first_page_comes_as_it_changes_for_whoever_may_see_it() {
    let site = Site::open().await;
    let account = site.account("tutrice", AccountRole::Tutor).await;
    let (secretary, tutor) = (site.secretary().await, site.signed_in(&account).await);
    let mut heard = [Heard::of(&secretary, "/direct").await, Heard::of(&tutor, "/direct").await];
    for one in &mut heard {
        assert!(one.next().await.unwrap().contains("data: bilan\ndata: Rien ne part"));
        assert!(one.next().await.unwrap().contains("Aucune annonce"));
    }
    site.scene.launch().await;
    let seen = heard[0].until("Imprimer").await;
    assert!(seen.starts_with("event: part\ndata: jour\n"), "{seen}");
    let theirs = heard[1].until("joints sur").await;
    assert!(!theirs.contains("Imprimer"), "{theirs}");
}

#[tokio::test]
async fn the_page_says_the_same_without_a_script() {
    let site = Site::open().await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    let mut visitor = site.secretary().await;
    let path = format!("/annonces/{}", message.code);
    for (path, stream, parts) in
        [(path.as_str(), format!("{path}/direct"), 1), ("/", "/direct".to_owned(), 2)]
    {
        let page = visitor.get(path).await;
        let mut heard = Heard::of(&visitor, &stream).await;
        for _ in 0..parts {
            let part = heard.next().await.unwrap();
            let lines = part.lines().skip(2).filter_map(|line| line.strip_prefix("data: "));
            for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
                assert!(page.html.contains(line), "{line}");
            }
        }
    }
}

#[tokio::test]
async fn whoever_comes_later_or_again_sees_at_once_what_the_others_see() {
    let site = Site::open().await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    let visitor = site.secretary().await;
    let path = format!("/annonces/{}/direct", message.code);
    let mut first = Heard::of(&visitor, &path).await;
    let seen = first.next().await.unwrap();
    assert_eq!(Heard::of(&visitor, &path).await.next().await.unwrap(), seen);
}

#[tokio::test]
async fn whoever_comes_is_never_shown_less_than_their_page() {
    let site = Site::open().await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    let mut visitor = site.secretary().await;
    let path = format!("/annonces/{}", message.code);
    let mut before = Heard::of(&visitor, &format!("{path}/direct")).await;
    assert!(!before.next().await.unwrap().contains("Suspendue"));
    // Nothing is looked at anew for seconds, where people alone can change it.
    let (paused, by) = (MessageState::Paused, "le secrétariat".to_owned());
    office::decide(site.school(), Actor::Program, &message, paused, by).await.unwrap();
    assert!(visitor.get(&path).await.html.contains("Suspendue"));
    let mut after = Heard::of(&visitor, &format!("{path}/direct")).await;
    let seen = after.next().await.unwrap();
    assert!(seen.contains("Suspendue"), "{seen}");
}

#[tokio::test]
async fn whose_right_is_taken_away_sees_no_more_and_comes_in_anew_as_what_they_are() {
    let site = Site::open().await;
    let account = site.account("camille.arago", AccountRole::Secretariat).await;
    let visitor = site.signed_in(&account).await;
    let mut heard = Heard::of(&visitor, "/direct").await;
    for _ in 0..2 {
        heard.next().await.unwrap();
    }
    let rights = account.rights.iter().copied().filter(|it| *it != Right::CarryByHand).collect();
    let change = AccountChange { rights: Some(rights), ..AccountChange::default() };
    office::change_account(site.school(), Actor::Program, account.id, change).await.unwrap();
    let mut anew = Heard::of(&visitor, "/direct").await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    assert_eq!(heard.next().await, None, "the next of it is not theirs to see");
    let seen = anew.until("joints sur").await;
    assert!(!seen.contains("Imprimer"), "{seen}");
    office::disable_account(site.school(), Actor::Program, account.id).await.unwrap();
    site.scene.launch().await;
    while let Some(event) = anew.next().await {
        assert!(event.starts_with("event: end"), "{event}");
    }
}

#[tokio::test]
async fn what_is_shown_is_told_by_the_settings_of_now() {
    let site = Site::open().await;
    let account = site.account_with("sam", AccountRole::Direction, Some(&Right::ALL)).await;
    let mut visitor = site.signed_in(&account).await;
    let mut heard = Heard::of(&visitor, "/direct").await;
    heard.until("ENT").await;
    let page = visitor.get("/reglages/heures/email").await;
    let version = page.value("version").unwrap().to_owned();
    let fields = [("version", version.as_str()), ("repos", "7h-12h"), ("jours", "")];
    let page = visitor.post("/reglages/heures/email", &fields).await;
    assert!(page.text().contains("en vigueur"), "{}", page.text());
    heard.until("au repos jusqu’à 12").await;
}

#[tokio::test]
async fn a_stream_ends_with_the_daemon_at_once() {
    let site = Site::open().await;
    let message = site.scene.launch().await;
    let visitor = site.secretary().await;
    let mut heard = Heard::of(&visitor, &format!("/annonces/{}/direct", message.code)).await;
    heard.next().await.unwrap();
    site.stop().await;
    while heard.next().await.is_some() {}
}

#[tokio::test]
async fn an_account_has_a_dozen_streams_and_its_next_page_is_still() {
    let site = Site::open().await;
    let visitor = site.secretary().await;
    let mut all = Vec::new();
    for _ in 0..OF_ACCOUNT {
        all.push(Heard::of(&visitor, "/direct").await);
    }
    let late = visitor.request(Method::GET, "/direct").send().await.unwrap();
    assert_eq!(late.status(), StatusCode::NO_CONTENT);
    let other = site.signed_in(&site.account("direction", AccountRole::Direction).await).await;
    Heard::of(&other, "/direct").await.next().await.unwrap();
    all.truncate(1);
    let came = tokio::time::timeout(DEADLINE, async {
        let again = async || visitor.request(Method::GET, "/direct").send().await.unwrap().status();
        while again().await != StatusCode::OK {}
    });
    came.await.expect("no place became free");
}

#[tokio::test]
async fn nobody_who_is_not_signed_in_is_shown_anything() {
    let site = Site::open().await;
    let message = site.scene.launch().await;
    let stranger = site.stranger();
    let path = format!("/annonces/{}/direct", message.code);
    let answer = stranger.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let account = site.account("machine", AccountRole::It).await;
    let visitor = site.signed_in(&account).await;
    let mut heard = Heard::of(&visitor, &path).await;
    assert!(!heard.next().await.unwrap().contains("/destinataires"));
    office::end_sessions(site.school(), Actor::Program, account.id, None).await.unwrap();
    let gone = visitor.request(Method::GET, &path).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn seven_windows_of_a_browser_open_and_those_with_a_place_follow() {
    let site = Site::open().await;
    let account = site.account("camille.arago", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.sees("Aucune annonce").await;
    for _ in 0..6 {
        browser.opens_window().await;
        browser.open(&site.root).await;
        browser.sees("Bonjour Camille Arago").await;
    }
    site.scene.launch().await;
    browser.goes_to_window(0).await;
    browser.sees("joints sur 3").await;
}

#[tokio::test]
async fn updates_can_be_stopped_and_taken_up_again() {
    let site = Site::open().await;
    let account = site.account("camille.arago", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.click("Arrêter les mises à jour").await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    assert!(browser.text().await.contains("Aucune annonce"));
    browser.click("Reprendre les mises à jour").await;
    browser.sees("joints sur 3").await;
    // That nobody answered meanwhile, the browser rightly says.
    browser.complaints().await;
    browser.is_fit().await;
}

#[tokio::test]
async fn what_one_stands_in_changes_once_one_has_gone_on() {
    let site = Site::open().await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    let account = site.account("camille.arago", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.open(&format!("{}/annonces/{}", site.root, message.code)).await;
    browser.comes_to("region: Ce que les voies ont fait").await;
    let (paused, by) = (MessageState::Paused, "le secrétariat".to_owned());
    office::decide(site.school(), Actor::Program, &message, paused, by).await.unwrap();
    let visitor = site.signed_in(&account).await;
    let mut heard = Heard::of(&visitor, &format!("/annonces/{}/direct", message.code)).await;
    heard.until("Suspendue").await;
    // The browser hears it too.
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(browser.focus().await, "region: Ce que les voies ont fait");
    assert!(!browser.text().await.contains("Suspendue : rien ne part"));
    browser.press("Tab").await;
    browser.sees("Suspendue : rien ne part").await;
}

#[tokio::test]
async fn a_page_goes_on_by_itself_once_the_daemon_is_back() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let listen = format!("127.0.0.1:{port}");
    let site = Site::with(families(), &[("HTTP__LISTEN", &listen)]).await;
    let account = site.account("camille.arago", AccountRole::Secretariat).await;
    let browser = Browser::start().await;
    site.sign_in(&browser, &account).await;
    browser.sees("Aucune annonce").await;
    let site = site.restarted().await;
    let message = site.scene.launch().await;
    site.scene.until(&message, is_settled).await;
    browser.sees("joints sur 3").await;
    // That nobody answered meanwhile, the browser rightly says.
    browser.complaints().await;
    browser.is_fit().await;
}
