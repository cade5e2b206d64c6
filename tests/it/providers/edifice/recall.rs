//! A message taken back: what is answered to that, and what it means.

use std::time::Duration;

use chappe::clock::Clock;
use chappe::delivery::FailureKind::{self, Denied, Misconfigured, Refused, Throttled, Unreachable};
use chappe::delivery::{Circular, Content};
use chappe::demo::ent::{EntStandIn, Weather};
use chappe::people::ContactPoint;
use chappe::providers::{Edifice, Provider};

use super::{CLIENT_SECRET, NOW, PAGE, TOKEN, account, edifice, settings};
use crate::scripted::Reply::{self, HangUp, Say, Silence};
use crate::scripted::http;

const NOT_RECALLED: Reply =
    Say("HTTP/1.1 400 No\r\n\r\n{\"error\":\"conversation.error.recall.mail\"}");
const STILL_SENT: Reply = Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\",\"state\":\"SENT\"}");
const UNAUTHORIZED: Reply =
    Say("HTTP/1.1 401 Unauthorized\r\nContent-Type: text/html\r\n\r\n<html>no</html>");

/// What is answered to a recall, what the message is found to be then, and what it means; `None`: it is recalled.
const CASES: [(&str, Reply, Reply, Option<FailureKind>); 19] = [
    ("recalled", Say("HTTP/1.1 204 No Content\r\n\r\n"), HangUp, None),
    (
        "recalled before",
        NOT_RECALLED,
        Say("HTTP/1.1 200 OK\r\n\r\n{\"id\":\"m1\",\"body\":\"x\",\"state\":\"RECALL\"}"),
        None,
    ),
    ("too late, or not ours", NOT_RECALLED, STILL_SENT, Some(Refused)),
    ("refused, and then a page", NOT_RECALLED, Say(PAGE), Some(Throttled)),
    ("refused, and then no answer", NOT_RECALLED, Silence, Some(Unreachable)),
    (
        "refused, and then other JSON",
        NOT_RECALLED,
        Say("HTTP/1.1 200 OK\r\n\r\n[1]"),
        Some(Unreachable),
    ),
    ("refused, and not to be opened", NOT_RECALLED, UNAUTHORIZED, Some(Misconfigured)),
    ("without the right", UNAUTHORIZED, STILL_SENT, Some(Denied)),
    ("403", Say("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), STILL_SENT, Some(Denied)),
    ("an older ENT", Say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), STILL_SENT, Some(Denied)),
    (
        "another 400",
        Say("HTTP/1.1 400 No\r\n\r\n{\"error\":\"visible\"}"),
        STILL_SENT,
        Some(Unreachable),
    ),
    ("a page", Say(PAGE), STILL_SENT, Some(Throttled)),
    ("200", Say("HTTP/1.1 200 OK\r\n\r\n{}"), STILL_SENT, Some(Unreachable)),
    ("500", Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), STILL_SENT, Some(Unreachable)),
    ("503", Say("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"), STILL_SENT, Some(Throttled)),
    ("429", Say("HTTP/1.1 429 Later\r\nRetry-After: 90\r\n\r\n"), STILL_SENT, Some(Throttled)),
    ("no answer", Silence, STILL_SENT, Some(Unreachable)),
    ("hung up", HangUp, STILL_SENT, Some(Unreachable)),
    (
        "sent to log in",
        Say("HTTP/1.1 302 Found\r\nLocation: /auth/login\r\n\r\n"),
        STILL_SENT,
        Some(Misconfigured),
    ),
];

#[tokio::test]
async fn every_answer_to_a_recall_has_its_verdict() {
    for (label, reply, state, expected) in CASES {
        let script = vec![
            ("POST /auth", vec![Say(TOKEN)]),
            ("POST /conversation/api/messages/m1/recall", vec![reply]),
            ("GET /conversation/api/messages/m1", vec![state]),
        ];
        let server = http::start(script).await;
        let ent = edifice(&settings(&server.root), &Clock::standing_at(NOW));
        let given = ent.recall("m1").await;
        assert_eq!(given.as_ref().err().map(|it| it.kind), expected, "{label}: {given:?}");
        let asked = server.asked();
        assert_eq!(
            (asked[1].body.as_str(), asked[1].header("authorization")),
            ("", "Bearer t0ken")
        );
        if let Err(error) = given {
            assert!(!error.to_string().contains(CLIENT_SECRET), "{label}");
            let expected = (label == "429").then_some(Duration::from_secs(90));
            assert_eq!(error.retry_after, expected, "{label}");
        }
    }
}

/// An ENT, our side of it, and a message for two of its accounts.
async fn scene(clock: &Clock) -> (EntStandIn, Edifice) {
    let accounts = ["f-1", "f-2"].map(|id| account(id, "Inès DURAND", "Relative", true));
    let ent = EntStandIn::start(accounts.to_vec(), Vec::new(), clock.clone()).await.unwrap();
    let ours = edifice(&settings(ent.url()), clock);
    let all = Circular {
        reference: "7K4M-G02".to_owned(),
        to: ["f-1", "f-2"].map(|id| ContactPoint::Ent(id.into())).to_vec(),
        content: Content::Ent { subject: "Rentrée".to_owned(), html: "<p>10 h</p>".to_owned() },
    };
    let sent = ours.send_together(&all).await.unwrap();
    assert_eq!(sent[1].as_ref().unwrap().provider_ref.as_deref(), Some("message-1"));
    (ent, ours)
}

#[tokio::test]
async fn a_recall_is_for_all_and_a_second_one_says_the_same() {
    let clock = Clock::standing_at(NOW);
    let (ent, ours) = scene(&clock).await;
    ours.recall("message-1").await.unwrap();
    assert!(ent.messages()[0].is_recalled);
    clock.advance(Duration::from_hours(2));
    ours.recall("message-1").await.unwrap();
    assert_eq!(
        ours.recall("message-9").await.unwrap_err().kind,
        Misconfigured,
        "it cannot be told"
    );
}

#[tokio::test]
async fn an_hour_after_its_sending_no_message_is_recalled() {
    let clock = Clock::standing_at(NOW);
    let (ent, ours) = scene(&clock).await;
    ent.set_weather(Weather::Unavailable503);
    assert_eq!(ours.recall("message-1").await.unwrap_err().kind, Throttled);
    ent.set_weather(Weather::Fine);
    clock.advance(Duration::from_mins(61));
    assert_eq!(ours.recall("message-1").await.unwrap_err().kind, Refused);
    assert!(!ent.messages()[0].is_recalled);
}
