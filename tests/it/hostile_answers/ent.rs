//! An Edifice ENT, or what answers in its place.

use chappe::clock::{Clock, Moment};
use chappe::delivery::FailureKind::{
    self, BadAddress, Misconfigured, Refused, Throttled, Uncertain, Unreachable, Unseen,
};
use chappe::providers::{Edifice, EdificeSecrets, EdificeSettings, Guard, Provider};
use chappe::settings::{SecretPlace, Span};
use secrecy::SecretString;

use super::{broken, nonsense, verdict};
use crate::scripted::Reply::{self, Silence};
use crate::scripted::an_ent_message;
use crate::scripted::http::{self, Server, answer, json};

const NOW: Moment = Moment(1_584_345_600_000);

fn edifice(server: &Server) -> Edifice {
    let settings = EdificeSettings {
        answer_limit: Span::millis(400),
        ..EdificeSettings::new(&server.root, "chappe", SecretPlace::Env("UNUSED".to_owned()))
    };
    let secrets = EdificeSecrets { client_secret: SecretString::from("s3cret"), password: None };
    Edifice::new("ent", &settings, secrets, Clock::standing_at(NOW), Guard::LoopbackOnly).unwrap()
}

fn token() -> (&'static str, Vec<Reply>) {
    ("POST /auth", vec![json("{\"access_token\":\"t0ken\",\"expires_in\":3600}")])
}

/// What is answered to a message; `None`: it was taken.
fn answers() -> Vec<(&'static str, Reply, Option<FailureKind>)> {
    let id = |id: &str| json(&format!("{{\"id\":{id}}}"));
    let long = |length: usize| id(&format!("\"{}\"", "a".repeat(length)));
    let with = |field: &str| json(&format!("{{\"id\":\"m1\",{field}}}"));
    let refused = |status: &str, words: &str| answer(status, "", &format!("{{\"error\":{words}}}"));
    let page = |status: &str| answer(status, "Content-Type: text/html\r\n", "<h1>Patience");
    let moved = |status: &str| answer(status, "Location: http://127.0.0.1:1/\r\n", "");
    vec![
        ("a number for an id", id("5"), None),
        ("an id of 200", long(200), None),
        ("nobody inactive", with("\"inactive\":null,\"inactiveCount\":null"), None),
        ("nobody inactive, in other ways", with("\"inactive\":{},\"inactiveCount\":\"0\""), None),
        ("nothing undelivered", with("\"undelivered\":false,\"sent\":\"many\""), None),
        ("one inactive, between quotes", with("\"inactiveCount\":\"1\""), Some(BadAddress)),
        ("one inactive, no list", with("\"inactive\":\"Inès DURAND\""), Some(BadAddress)),
        ("somebody inactive", with("\"inactive\":[null]"), Some(BadAddress)),
        ("an id of 201", long(201), Some(Uncertain)),
        ("an id of a megabyte", long(1 << 20), Some(Uncertain)),
        ("no id", id("null"), Some(Uncertain)),
        ("an empty id", id("\"\""), Some(Uncertain)),
        ("an id that climbs", id("\"../../admin\""), Some(Uncertain)),
        ("an id with a blank", id("\"m 1\""), Some(Uncertain)),
        ("an id with a NUL", id("\"m\\u00001\""), Some(Uncertain)),
        ("an id with a line", id("\"m1\\r\\nX: y\""), Some(Uncertain)),
        ("an id that is an object", id("{\"id\":\"m1\"}"), Some(Uncertain)),
        ("inactive, without an id", json("{\"inactive\":[\"x\"]}"), Some(Uncertain)),
        ("502", page("502 Bad"), Some(Uncertain)),
        ("503", page("503 Busy"), Some(Uncertain)),
        ("509", page("509 Quota"), Some(Uncertain)),
        ("429", page("429 Later"), Some(Throttled)),
        (
            "not visible, all well",
            refused("200 OK", "\"conversation.error.send.visible\""),
            Some(Unseen),
        ),
        ("an error that is an object", refused("400 No", "{\"visible\":1}"), Some(Refused)),
        (
            "who it is",
            refused("400 No", "\"INES.DURAND (06 39 98 00 01) inconnue\""),
            Some(Refused),
        ),
        ("a login", refused("400 No", "\"no inbox of inesdurand7\""), Some(Refused)),
        ("a novel", refused("400 No", &format!("\"{}\"", "x".repeat(100_000))), Some(Refused)),
        ("gone", answer("410 Gone", "", ""), Some(Refused)),
        ("signed out for ever", answer("401 No", "", ""), Some(Misconfigured)),
        ("to a page of excuses", moved("302 Found"), Some(Uncertain)),
        ("moved with the message", moved("307 Moved"), Some(Uncertain)),
        ("moved, nowhere", answer("303 Other", "", ""), Some(Uncertain)),
        ("silence", Silence, Some(Uncertain)),
    ]
}

#[tokio::test]
async fn every_hostile_answer_to_an_ent_message_has_its_verdict() {
    let unclear = broken().into_iter().chain(nonsense());
    let unclear = unclear.map(|(label, reply)| (label, reply, Some(Uncertain)));
    let mut tried = 0;
    for (label, reply, expected) in answers().into_iter().chain(unclear) {
        let visibles = ("POST /conversation/visibles", vec![answer("401 No", "", "")]);
        let post = ("POST /conversation/send", vec![reply]);
        let server = http::start(vec![token(), post, visibles]).await;
        let given = edifice(&server).send(&an_ent_message("u-1")).await;
        assert_eq!(verdict(label, &given), expected, "{label}: {given:?}");
        let sent = server.asked().iter().filter(|it| it.line.ends_with("/send")).count();
        assert_eq!(sent, 1, "{label}");
        tried += 1;
    }
    assert!(tried > 60, "{tried}");
}

#[tokio::test]
async fn no_hostile_answer_to_the_demand_of_a_token_lets_anything_leave() {
    let granted = |token: &str, lifetime: &str| {
        json(&format!("{{\"access_token\":{token},\"expires_in\":{lifetime}}}"))
    };
    let long = format!("\"{}\"", "t".repeat(100_000));
    let bad = [
        ("no token", granted("null", "3600")),
        ("an empty token", granted("\"\"", "3600")),
        ("a token with a line", granted("\"a\\r\\nX: y\"", "3600")),
        ("a token of 100 kB", granted(&long, "3600")),
        ("a token in a list", granted("[\"t\"]", "3600")),
    ];
    for (label, reply) in bad.into_iter().chain(broken()).chain(nonsense()) {
        let server = http::start(vec![("POST /auth", vec![reply])]).await;
        let given = edifice(&server).send(&an_ent_message("u-1")).await;
        let kind = verdict(label, &given).unwrap();
        assert!(matches!(kind, Unreachable | Throttled), "{label}: {given:?}");
    }
    for lifetime in ["\"3600\"", "null", "-1", "0", "1e300", "\"soon\"", "{}"] {
        let send = ("POST /conversation/send", vec![json("{\"id\":\"m1\"}")]);
        let server =
            http::start(vec![("POST /auth", vec![granted("\"t0ken\"", lifetime)]), send]).await;
        let ent = edifice(&server);
        for _ in 0..2 {
            ent.send(&an_ent_message("u-1")).await.unwrap();
        }
        let tokens = server.asked().iter().filter(|it| it.line.contains("/auth")).count();
        assert_eq!(tokens, 1, "{lifetime}: one token serves");
    }
}

#[tokio::test]
async fn no_hostile_outbox_means_that_a_message_never_arrived() {
    let found = json("[{\"id\":\"m1\"},{\"id\":null},null,{\"id\":\"../x\"}]");
    for (label, reply) in broken().into_iter().chain(nonsense()) {
        for script in [
            vec![token(), ("GET /conversation/api/folders", vec![reply])],
            vec![
                token(),
                ("GET /conversation/api/folders", vec![found]),
                ("GET /conversation/api/messages/m1", vec![reply]),
            ],
        ] {
            // A list without messages is an outbox that does not hold ours.
            let is_empty = label == "a list" && script.len() == 2;
            let server = http::start(script).await;
            let asked = edifice(&server).ask(&an_ent_message("u-1")).await;
            assert_eq!(verdict(label, &asked).is_none(), is_empty, "{label}: {asked:?}");
        }
    }
}

#[tokio::test]
async fn an_outbox_of_thousands_is_not_opened_message_by_message() {
    let many: Vec<String> = (0..5_000).map(|number| format!("{{\"id\":\"m{number}\"}}")).collect();
    let server = http::start(vec![
        token(),
        ("GET /conversation/api/folders", vec![json(&format!("[{}]", many.join(",")))]),
        ("GET /conversation/api/messages/", vec![json("{\"body\":\"another\"}")]),
    ])
    .await;
    let asked = edifice(&server).ask(&an_ent_message("u-1")).await;
    assert_eq!(verdict("thousands", &asked), Some(Unreachable), "ours may be a later one");
    assert_eq!(server.asked().len(), 22, "a token, a search, twenty messages");
}

#[tokio::test]
async fn only_an_outbox_that_was_seen_whole_does_not_hold_a_message() {
    for (length, expected) in [(19, None), (20, Some(Unreachable)), (21, Some(Unreachable))] {
        let page: Vec<String> =
            (0..length).map(|number| format!("{{\"id\":\"m{number}\"}}")).collect();
        let server = http::start(vec![
            token(),
            ("GET /conversation/api/folders", vec![json(&format!("[{}]", page.join(",")))]),
            ("GET /conversation/api/messages/", vec![json("{\"body\":\"another\"}")]),
            ("POST /conversation/send", vec![Silence]),
        ])
        .await;
        let (ent, message) = (edifice(&server), an_ent_message("u-1"));
        let asked = ent.ask(&message).await;
        assert_eq!(verdict("a page", &asked), expected, "{length}: {asked:?}");
        // One without an answer does not leave again by such a page.
        assert_eq!(ent.send(&message).await.unwrap_err().kind, Uncertain);
        let again = ent.send(&message).await.unwrap_err().kind;
        assert_eq!(again, expected.unwrap_or(Uncertain), "{length}");
        let sent = server.asked().iter().filter(|it| it.line.ends_with("/send")).count();
        assert_eq!(sent, if expected.is_none() { 2 } else { 1 }, "{length}");
    }
}

#[tokio::test]
async fn no_hostile_list_of_accounts_is_taken_for_an_ent_without_any() {
    for (label, reply) in broken().into_iter().chain(nonsense()) {
        if label == "a list" {
            continue; // of which nothing is an account
        }
        let script = vec![token(), ("GET /communication/visible/search", vec![reply])];
        let server = http::start(script).await;
        let accounts = edifice(&server).fetch_accounts().await;
        assert!(verdict(label, &accounts).is_some(), "{label}: {accounts:?}");
        let no = answer("404 No", "", "");
        let script = vec![
            token(),
            ("GET /communication/visible/search", vec![no]),
            ("GET /conversation/visible", vec![reply]),
        ];
        let server = http::start(script).await;
        let accounts = edifice(&server).fetch_accounts().await;
        assert!(verdict(label, &accounts).is_some(), "{label}: {accounts:?}");
    }
}
