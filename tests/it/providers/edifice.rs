//! An Edifice ENT: what is asked, what is answered, what it means.

mod recall;
mod together;
mod visible;

use std::time::Duration;

use chappe::clock::{Clock, Moment};
use chappe::delivery::Envelope;
use chappe::delivery::FailureKind::{
    self, BadAddress, Denied, Misconfigured, Refused, Throttled, Uncertain, Unreachable, Unseen,
};
use chappe::demo::ent::{
    CLIENT_ID, CLIENT_SECRET, EntAccount, EntStandIn, LOGIN, PASSWORD, Weather,
};
use chappe::providers::{
    Edifice, EdificeGrant, EdificeSecrets, EdificeSettings, Guard, Provider, WhenUnknown,
};
use chappe::settings::{SecretPlace, Span};
use secrecy::SecretString;

use crate::scripted::Reply::{self, HangUp, Say, Silence};
use crate::scripted::{an_ent_message, http};

const NOW: Moment = Moment(1_584_345_600_000);

pub fn settings(url: &str) -> EdificeSettings {
    let nowhere = SecretPlace::Env("UNUSED".to_owned());
    let grant = EdificeGrant::Password { user: LOGIN.to_owned(), password: nowhere.clone() };
    EdificeSettings {
        grant,
        answer_limit: Span::millis(400),
        ..EdificeSettings::new(url, CLIENT_ID, nowhere)
    }
}

pub fn secrets() -> EdificeSecrets {
    let password = Some(SecretString::from(PASSWORD));
    EdificeSecrets { client_secret: SecretString::from(CLIENT_SECRET), password }
}

fn edifice(settings: &EdificeSettings, clock: &Clock) -> Edifice {
    Edifice::new("ent", settings, secrets(), clock.clone(), Guard::LoopbackOnly).unwrap()
}

fn account(id: &str, name: &str, profile: &str, active: bool) -> EntAccount {
    let (id, display_name, profile) = (id.to_owned(), name.to_owned(), profile.to_owned());
    EntAccount { id, display_name, profile, active, children: Vec::new() }
}

async fn stand_in() -> EntStandIn {
    let accounts = vec![
        account("u-1", "Inès DURAND", "Relative", true),
        account("u-2", "Paul DURAND", "Relative", false),
        account("u-3", "Zoé DURAND", "Student", true),
        account("u-4", "Anne LEROY", "Teacher", true),
        account("u-5", "Karim BENALI", "Personnel", true),
    ];
    EntStandIn::start(accounts, Vec::new(), Clock::system()).await.unwrap()
}

// ---- send --------------------------------------------------------------------------------------

const TOKEN: &str = "HTTP/1.1 200 OK\r\n\r\n{\"access_token\":\"t0ken\",\"expires_in\":3600}";
const PAGE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
    <html><img src=\"img/tooload.svg\"></html>";

/// What is answered to a message, and what it means; `None`: it was taken.
const CASES: [(&str, Reply, Option<FailureKind>); 28] = [
    ("taken", Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\",\"sent\":1,\"inactiveCount\":0}"), None),
    ("only an id", Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\"}"), None),
    (
        "inactive by count",
        Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\",\"sent\":0,\"inactiveCount\":1}"),
        Some(BadAddress),
    ),
    (
        "inactive by name",
        Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\",\"inactive\":[\"Inès DURAND\"]}"),
        Some(BadAddress),
    ),
    (
        "inactive, counted as sent",
        Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\",\"sent\":1,\"inactiveCount\":1}"),
        Some(BadAddress),
    ),
    (
        "undelivered",
        Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\",\"undelivered\":[\"Inès DURAND\"]}"),
        Some(BadAddress),
    ),
    ("a page", Say(PAGE), Some(Uncertain)),
    (
        "a page that says JSON",
        Say("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n <!doctype html>"),
        Some(Uncertain),
    ),
    ("no id", Say("HTTP/1.1 200 OK\r\n\r\n{\"sent\":1}"), Some(Uncertain)),
    ("other JSON", Say("HTTP/1.1 200 OK\r\n\r\n[1,2]"), Some(Uncertain)),
    ("nothing", Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("no answer", Silence, Some(Uncertain)),
    ("hung up", HangUp, Some(Uncertain)),
    ("500", Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("429", Say("HTTP/1.1 429 Later\r\nRetry-After: 90\r\n\r\n"), Some(Throttled)),
    ("502", Say("HTTP/1.1 502 Oops\r\nContent-Type: text/html\r\n\r\n<h1>"), Some(Uncertain)),
    ("503", Say("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("504", Say("HTTP/1.1 504 Later\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("509", Say("HTTP/1.1 509 Quota\r\n\r\n{\"error\":\"quota_overflow\"}"), Some(Uncertain)),
    ("401", Say("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), Some(Misconfigured)),
    ("403", Say("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), Some(Denied)),
    ("404", Say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), Some(Denied)),
    (
        "sent to log in",
        Say("HTTP/1.1 302 Found\r\nLocation: /auth/login?callback=x\r\n\r\n"),
        Some(Misconfigured),
    ),
    (
        "sent to a page of excuses",
        Say("HTTP/1.1 302 Found\r\nLocation: /maintenance\r\n\r\n"),
        Some(Uncertain),
    ),
    (
        "not visible",
        Say("HTTP/1.1 400 No\r\n\r\n{\"error\":\"conversation.error.send.visible\"}"),
        Some(Unseen),
    ),
    (
        "not visible, 401",
        Say("HTTP/1.1 401 No\r\n\r\n{\"error\":\"conversation.error.send.visible\"}"),
        Some(Unseen),
    ),
    (
        "no reply allowed",
        Say("HTTP/1.1 403 No\r\n\r\n{\"error\":\"conversation.error.reply.not.allowed\"}"),
        Some(Refused),
    ),
    (
        "400",
        Say("HTTP/1.1 400 No\r\n\r\n{\"error\":\"Durand@example.org is wrong\"}"),
        Some(Refused),
    ),
];

#[tokio::test]
async fn every_answer_to_an_ent_message_has_its_verdict() {
    for (label, reply, expected) in CASES {
        let script = vec![
            ("POST /auth", vec![Say(TOKEN)]),
            ("POST /conversation/send", vec![reply]),
            (
                "POST /conversation/visibles",
                vec![Say("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")],
            ),
        ];
        let server = http::start(script).await;
        let ent = edifice(&settings(&server.root), &Clock::standing_at(NOW));
        let given = ent.send(&an_ent_message("u-1")).await;
        assert_eq!(given.as_ref().err().map(|it| it.kind), expected, "{label}: {given:?}");
        if let Err(error) = given {
            assert!(!error.detail.to_lowercase().contains("durand"), "{label}: {}", error.detail);
            let expected = (label == "429").then_some(Duration::from_secs(90));
            assert_eq!(error.retry_after, expected, "{label}");
        }
    }
}

/// What is answered to the demand of a token. No message has left: nothing is uncertain.
const TOKEN_CASES: [(&str, Reply, FailureKind); 11] = [
    ("302", Say("HTTP/1.1 302 Found\r\nLocation: /maintenance\r\n\r\n"), Misconfigured),
    ("509", Say("HTTP/1.1 509 Quota\r\n\r\n{\"error\":\"quota_overflow\"}"), Throttled),
    ("503", Say("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"), Throttled),
    ("a page", Say(PAGE), Throttled),
    ("no answer", Silence, Unreachable),
    ("hung up", HangUp, Unreachable),
    ("500", Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), Unreachable),
    ("no token", Say("HTTP/1.1 200 OK\r\n\r\n{}"), Unreachable),
    ("400", Say("HTTP/1.1 400 No\r\n\r\n{\"error\":\"invalid_grant\"}"), Misconfigured),
    ("401", Say("HTTP/1.1 401 No\r\n\r\n{\"error\":\"invalid_client\"}"), Misconfigured),
    ("403", Say("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), Misconfigured),
];

#[tokio::test]
async fn every_answer_to_the_demand_of_a_token_has_its_verdict() {
    for (label, reply, expected) in TOKEN_CASES {
        let server = http::start(vec![("POST /auth/oauth2/token", vec![reply])]).await;
        let ent = edifice(&settings(&server.root), &Clock::standing_at(NOW));
        let error = ent.send(&an_ent_message("u-1")).await.unwrap_err();
        assert_eq!(error.kind, expected, "{label}: {error}");
        assert!(!error.to_string().contains(CLIENT_SECRET), "{label}");
    }
}

#[tokio::test]
async fn a_message_goes_to_one_account_and_holds_our_reference() {
    let script = vec![
        ("POST /auth", vec![Say(TOKEN)]),
        ("POST /conversation/send", vec![Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\"}")]),
    ];
    let server = http::start(script).await;
    let grant = EdificeGrant::ClientCredentials;
    let settings = EdificeSettings { no_reply: true, grant, ..settings(&server.root) };
    let secrets = EdificeSecrets { password: None, ..secrets() };
    let clock = Clock::standing_at(NOW);
    let ent = Edifice::new("ent", &settings, secrets, clock, Guard::LoopbackOnly).unwrap();
    let accepted = ent.send(&an_ent_message("u-1")).await.unwrap();
    assert_eq!(accepted.provider_ref.as_deref(), Some("m1"));
    let asked = server.asked();
    assert_eq!(asked[0].line, "POST /auth/oauth2/token");
    assert_eq!(asked[0].header("authorization"), "Basic Y2hhcHBlOmVudC1zZWNyZXQ=");
    assert_eq!(asked[0].body, "scope=conversation+communication&grant_type=client_credentials");
    assert_eq!(asked[1].line, "POST /conversation/send");
    assert_eq!(asked[1].header("authorization"), "Bearer t0ken");
    let message: serde_json::Value = serde_json::from_str(&asked[1].body).unwrap();
    let body =
        "<p>Le collège ouvre à 10 h.</p><p><small>Réf. 0199-ef, suivi : E0199Uef</small></p>";
    let expected = serde_json::json!({
        "subject": "Rentrée décalée", "body": body, "to": ["u-1"], "cc": [], "cci": [],
        "noReply": true,
    });
    assert_eq!(message, expected);
}

#[tokio::test]
async fn a_person_s_grant_sends_their_login_in_the_body_only() {
    let script = vec![
        ("POST /auth", vec![Say(TOKEN)]),
        ("POST /conversation/send", vec![Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\"}")]),
    ];
    let server = http::start(script).await;
    let password = SecretPlace::Env("UNUSED".to_owned());
    let grant = EdificeGrant::Password { user: "secretariat".to_owned(), password };
    let settings = EdificeSettings { grant, ..settings(&server.root) };
    let secrets = EdificeSecrets { password: Some(SecretString::from("p4ss w0rd&")), ..secrets() };
    let clock = Clock::standing_at(NOW);
    let ent = Edifice::new("ent", &settings, secrets, clock, Guard::LoopbackOnly).unwrap();
    ent.send(&an_ent_message("u-1")).await.unwrap();
    let token = &server.asked()[0];
    assert_eq!(token.line, "POST /auth/oauth2/token");
    assert_eq!(
        token.body,
        "scope=conversation+communication&grant_type=password&username=secretariat\
         &password=p4ss+w0rd%26"
    );
}

#[tokio::test]
async fn an_account_that_was_never_opened_was_not_reached() {
    let ent = stand_in().await;
    let edifice = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    edifice.send(&an_ent_message("u-1")).await.unwrap();
    assert_eq!(edifice.send(&an_ent_message("u-2")).await.unwrap_err().kind, BadAddress);
    assert_eq!(edifice.send(&an_ent_message("u-9")).await.unwrap_err().kind, Unseen);
}

// ---- the session -------------------------------------------------------------------------------

#[tokio::test]
async fn one_token_serves_until_shortly_before_its_end() {
    let ent = stand_in().await;
    let clock = Clock::standing_at(NOW);
    let edifice = edifice(&settings(ent.url()), &clock);
    for _ in 0..5 {
        edifice.send(&an_ent_message("u-1")).await.unwrap();
    }
    clock.advance(Duration::from_secs(3_539));
    edifice.send(&an_ent_message("u-1")).await.unwrap();
    assert_eq!(ent.tokens_given(), 1);
    clock.advance(Duration::from_secs(1));
    edifice.send(&an_ent_message("u-1")).await.unwrap();
    assert_eq!(ent.tokens_given(), 2);
}

#[tokio::test]
async fn a_session_that_the_ent_ended_is_opened_again_once() {
    let ent = stand_in().await;
    let edifice = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    edifice.send(&an_ent_message("u-1")).await.unwrap();
    ent.end_sessions();
    edifice.send(&an_ent_message("u-1")).await.unwrap();
    assert_eq!((ent.tokens_given(), ent.messages().len()), (2, 2));
    let script = vec![
        ("POST /auth", vec![Say(TOKEN)]),
        ("POST", vec![Say("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")]),
    ];
    let server = http::start(script).await;
    let stubborn = self::edifice(&settings(&server.root), &Clock::standing_at(NOW));
    assert_eq!(stubborn.send(&an_ent_message("u-1")).await.unwrap_err().kind, Misconfigured);
    let asked = server.asked();
    let tokens = asked.iter().filter(|it| it.line.contains("/token")).count();
    assert_eq!(
        (tokens, asked.len()),
        (2, 5),
        "it is sent once, and twice it is asked whether it may be"
    );
}

// ---- bad days ----------------------------------------------------------------------------------

#[tokio::test]
async fn an_overload_is_seen_in_each_of_its_forms_and_its_end_too() {
    let ent = stand_in().await;
    let edifice = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    let cases = [
        (Weather::Quota509, Some(Throttled)),
        (Weather::HtmlPage, Some(Throttled)),
        (Weather::Unavailable503, Some(Throttled)),
        (Weather::Fine, None),
        (Weather::Silent, Some(Uncertain)),
        (Weather::Fine, None),
    ];
    for (number, (weather, expected)) in cases.into_iter().enumerate() {
        ent.set_weather(weather);
        let reference = format!("0199-{number}");
        let given = edifice.send(&Envelope { reference, ..an_ent_message("u-1") }).await;
        assert_eq!(given.as_ref().err().map(|it| it.kind), expected, "{weather:?}: {given:?}");
    }
    assert_eq!(ent.messages().len(), 2);
}

#[tokio::test]
async fn the_weather_follows_its_script() {
    let script = vec![
        (Duration::from_secs(10), Weather::Quota509),
        (Duration::from_secs(20), Weather::Fine),
    ];
    let clock = Clock::standing_at(NOW);
    let ent = EntStandIn::start(Vec::new(), script, clock.clone()).await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(ent.weather());
        clock.advance(Duration::from_secs(10));
    }
    assert_eq!(seen, [Weather::Fine, Weather::Quota509, Weather::Fine]);
}

#[tokio::test]
async fn a_message_whose_answer_was_lost_is_found_in_the_outbox() {
    let ent = stand_in().await;
    let edifice = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    assert_eq!(edifice.when_unknown(), WhenUnknown::Ask);
    let envelope = an_ent_message("u-1");
    assert_eq!(edifice.ask(&envelope).await.unwrap(), None);
    ent.set_weather(Weather::SilentOnceTaken);
    assert_eq!(edifice.send(&envelope).await.unwrap_err().kind, Uncertain);
    ent.set_weather(Weather::Fine);
    let found = edifice.ask(&envelope).await.unwrap().expect("it was taken");
    assert_eq!(found.provider_ref.as_deref(), Some("message-1"));
    assert!(found.may_reach_nobody, "the lost answer alone told whether its reader exists");
    assert_eq!(ent.count("0199-ef"), 1);
}

#[tokio::test]
async fn who_was_told_to_have_opened_their_account_has_it_whatever_answer_is_lost() {
    let ent = stand_in().await;
    let edifice = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    edifice.send(&an_ent_message("u-1")).await.unwrap();
    assert_eq!(edifice.send(&an_ent_message("u-2")).await.unwrap_err().kind, BadAddress);
    for (number, id, may_reach_nobody) in [(1, "u-1", false), (2, "u-2", true), (4, "u-4", true)] {
        let later = Envelope { reference: format!("0199-{number}"), ..an_ent_message(id) };
        ent.set_weather(Weather::SilentOnceTaken);
        assert_eq!(edifice.send(&later).await.unwrap_err().kind, Uncertain);
        ent.set_weather(Weather::Fine);
        let found = edifice.ask(&later).await.unwrap().expect("it was taken");
        assert_eq!(found.may_reach_nobody, may_reach_nobody, "{id}");
    }
}

#[tokio::test]
async fn a_message_that_only_looks_like_ours_is_not_taken_for_it() {
    let script = vec![
        ("POST /auth", vec![Say(TOKEN)]),
        (
            "GET /conversation/api/folders/outbox/messages?search=E0199Uef&",
            vec![Say("HTTP/1.1 200 OK\r\n\r\n[{\"id\":\"m1\"},{\"id\":\"../x\"},{\"id\":\"m2\"}]")],
        ),
        (
            "GET /conversation/api/messages/m1",
            vec![Say("HTTP/1.1 200 OK\r\n\r\n{\"body\":\"0199\"}")],
        ),
        ("GET /conversation/api/messages/m2", vec![Say("HTTP/1.1 404 No\r\n\r\n0199-ef")]),
    ];
    let server = http::start(script).await;
    let ent = edifice(&settings(&server.root), &Clock::standing_at(NOW));
    assert_eq!(ent.ask(&an_ent_message("u-1")).await.unwrap(), None);
}

#[tokio::test]
async fn a_page_in_place_of_a_message_says_nothing_of_it() {
    let outbox = "GET /conversation/api/folders/outbox/messages?search=E0199Uef&";
    for (reply, expected) in [
        (Say(PAGE), Throttled),
        (Say("HTTP/1.1 504 Later\r\nContent-Length: 0\r\n\r\n"), Throttled),
        (Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), Unreachable),
        (Say("HTTP/1.1 200 OK\r\n\r\n0199-ef"), Unreachable),
        (Silence, Unreachable),
    ] {
        let script = vec![
            ("POST /auth", vec![Say(TOKEN)]),
            (outbox, vec![Say("HTTP/1.1 200 OK\r\n\r\n[{\"id\":\"m1\"}]")]),
            ("GET /conversation/api/messages/m1", vec![reply]),
        ];
        let server = http::start(script).await;
        let ent = edifice(&settings(&server.root), &Clock::standing_at(NOW));
        let asked = ent.ask(&an_ent_message("u-1")).await;
        assert_eq!(asked.unwrap_err().kind, expected, "{reply:?}");
    }
}

#[tokio::test]
async fn a_message_that_was_kept_behind_a_redirect_is_found_in_the_outbox() {
    let excuses = Say("HTTP/1.1 302 Found\r\nLocation: /maintenance\r\n\r\n");
    let outbox = "GET /conversation/api/folders/outbox/messages?search=E0199Uef&";
    let script = vec![
        ("POST /auth", vec![Say(TOKEN)]),
        ("POST /conversation/send", vec![excuses]),
        (outbox, vec![excuses, Say("HTTP/1.1 200 OK\r\n\r\n[{\"id\":\"m1\"}]")]),
        ("GET /conversation/api/messages/m1", vec![http::json("{\"body\":\"Suivi : E0199Uef\"}")]),
    ];
    let server = http::start(script).await;
    let ent = edifice(&settings(&server.root), &Clock::standing_at(NOW));
    let message = an_ent_message("u-1");
    assert_eq!(ent.send(&message).await.unwrap_err().kind, Uncertain);
    assert_eq!(ent.ask(&message).await.unwrap_err().kind, Misconfigured, "it says nothing yet");
    let found = ent.send(&message).await.unwrap();
    assert_eq!(found.provider_ref.as_deref(), Some("m1"));
    let sent = server.asked().iter().filter(|it| it.line.ends_with("/send")).count();
    assert_eq!(sent, 1, "it leaves once");
}

#[tokio::test]
async fn what_a_gateway_gave_up_on_is_looked_for_before_it_leaves_again() {
    let ent = stand_in().await;
    let edifice = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    let envelope = an_ent_message("u-1");
    ent.set_weather(Weather::TimesOut504);
    assert_eq!(edifice.send(&envelope).await.unwrap_err().kind, Uncertain);
    // While it can still not be asked, nothing leaves.
    assert_eq!(edifice.send(&envelope).await.unwrap_err().kind, Throttled);
    ent.set_weather(Weather::Fine);
    let found = edifice.send(&envelope).await.unwrap();
    assert_eq!(found.provider_ref.as_deref(), Some("message-1"));
    assert_eq!(ent.count("0199-ef"), 1);
}

// ---- what it says later ------------------------------------------------------------------------

#[tokio::test]
async fn the_accounts_of_adults_are_fetched_and_no_pupil_s() {
    let ent = stand_in().await;
    let accounts =
        edifice(&settings(ent.url()), &Clock::standing_at(NOW)).fetch_accounts().await.unwrap();
    let ids: Vec<_> = accounts.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, ["u-1", "u-2", "u-4", "u-5"]);
    assert_eq!(accounts[0].display_name, "Inès DURAND");
    assert!(!format!("{accounts:?}").contains("DURAND"));
}

#[tokio::test]
async fn a_newer_ent_tells_whose_guardian_an_account_is_and_an_older_one_does_not() {
    let users = "{\"id\":\"u-1\",\"displayName\":\"Inès DURAND\",\"profile\":\"Relative\",\
        \"children\":[{\"displayName\":\"Zoé DURAND\"},null,{}]}, {\"id\":\"../x\"}, null, 7";
    let no = Say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
    let newer = http::json(&format!("[{users}]"));
    let older = http::json(&format!("{{\"groups\":null,\"users\":[{users}]}}"));
    for search in [newer, no] {
        let script = vec![
            ("POST /auth", vec![Say(TOKEN)]),
            ("GET /communication/visible/search", vec![search]),
            ("GET /conversation/visible?search=", vec![older]),
        ];
        let server = http::start(script).await;
        let ent = edifice(&settings(&server.root), &Clock::standing_at(NOW));
        let accounts = ent.fetch_accounts().await.unwrap();
        assert_eq!(accounts.len(), 1, "{search:?}");
        assert_eq!((accounts[0].id.as_str(), accounts[0].is_staff), ("u-1", false));
        assert_eq!(accounts[0].pupils, ["Zoé DURAND"]);
    }
}

#[tokio::test]
async fn a_check_sends_nothing() {
    let ent = stand_in().await;
    let edifice = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    let health = edifice.check().await.unwrap();
    assert_eq!(health.summary, "signed in to the ENT, 0 messages unread, 2 guardians visible");
    let in_french = "connecté à l’ENT, messages non lus : 0, responsables visibles : 2";
    assert_eq!(health.in_french, in_french);
    assert!(ent.messages().is_empty());
    ent.set_weather(Weather::HtmlPage);
    assert_eq!(edifice.check().await.unwrap_err().kind, Throttled);
    ent.set_weather(Weather::Silent);
    assert_eq!(edifice.check().await.unwrap_err().kind, Unreachable);
}

// ---- settings ----------------------------------------------------------------------------------

#[test]
fn settings_that_cannot_work_are_refused_with_their_key() {
    let good = settings("https://ent.example.org");
    let grant = EdificeGrant::ClientCredentials;
    let cases = [
        ("url", Guard::LoopbackOnly, good.clone()),
        ("url", Guard::Anywhere, settings("http://ent.example.org")),
        ("most_together", Guard::Anywhere, EdificeSettings { most_together: 51, ..good.clone() }),
        ("most_together", Guard::Anywhere, EdificeSettings { most_together: 0, ..good.clone() }),
        ("grant", Guard::Anywhere, EdificeSettings { grant, ..good }),
    ];
    for (key, guard, settings) in cases {
        let Err(error) = Edifice::new("ent", &settings, secrets(), Clock::system(), guard) else {
            panic!("{key} was not refused");
        };
        assert_eq!(error.key, key, "{error}");
    }
}

#[test]
fn settings_are_read_as_a_person_writes_them() {
    let settings: EdificeSettings = toml::from_str(
        r#"
        url = "https://ent.example.org"
        client_id = "chappe"
        client_secret = { env = "ENT_SECRET" }
        grant = { kind = "password", user = "secretariat", password = { file = "/run/ent" } }
        "#,
    )
    .unwrap();
    assert!(matches!(settings.grant, EdificeGrant::Password { .. }));
    assert_eq!(settings.pace.apart(), Duration::from_millis(3_100), "each is notified");
    assert_eq!(
        (settings.scope.as_str(), settings.most_together),
        ("conversation communication", 50)
    );
}

#[test]
fn a_pace_that_says_nothing_of_it_lets_each_be_notified_and_one_that_does_holds() {
    let cases =
        [("{ at_once = 2 }", 3_100), ("{ every = \"5s\" }", 5_000), ("{ every = \"0s\" }", 0)];
    for (pace, apart) in cases {
        let read: EdificeSettings = toml::from_str(&format!(
            "url = \"https://ent.example.org\"\nclient_id = \"chappe\"\n\
             client_secret = {{ env = \"ENT_SECRET\" }}\ngrant = {{ kind = \"client_credentials\" }}\n\
             pace = {pace}\n"
        ))
        .unwrap();
        assert_eq!(read.pace.apart(), Duration::from_millis(apart), "{pace}");
    }
}

#[tokio::test]
async fn another_channel_s_content_is_refused_before_anything_leaves() {
    let ent = stand_in().await;
    let edifice = edifice(&settings(ent.url()), &Clock::standing_at(NOW));
    let envelope =
        Envelope { content: crate::scripted::an_email().content, ..an_ent_message("u-1") };
    assert_eq!(edifice.send(&envelope).await.unwrap_err().kind, Refused);
    assert!(ent.requests().is_empty());
}
