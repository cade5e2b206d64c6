//! `OVHcloud`, or what answers in its place.

use chappe::clock::{Clock, Moment};
use chappe::delivery::FailureKind::{
    self, BadAddress, Denied, Misconfigured, OutOfCredit, Refused, Throttled, Uncertain,
    Unreachable,
};
use chappe::delivery::{DeliveryName, Verdict};
use chappe::demo::sms_service::{APPLICATION_KEY, APPLICATION_SECRET, CONSUMER_KEY, SERVICE};
use chappe::message::Proof;
use chappe::providers::{Guard, Ovh, OvhSecrets, OvhSettings, Polled, Provider};
use chappe::settings::{SecretPlace, Span};
use secrecy::SecretString;

use super::{broken, nonsense, verdict};
use crate::scripted::Reply::{self, Silence};
use crate::scripted::an_sms;
use crate::scripted::http::{self, Server, answer, json};

const NOW: Moment = Moment(1_584_345_600_000);

fn ovh(server: &Server) -> Ovh {
    let nowhere = SecretPlace::Env("UNUSED".to_owned());
    let settings = OvhSettings {
        endpoint: server.root.clone(),
        answer_limit: Span::millis(400),
        ..OvhSettings::new(SERVICE, APPLICATION_KEY, nowhere.clone(), nowhere)
    };
    let secrets = OvhSecrets {
        application_secret: SecretString::from(APPLICATION_SECRET),
        consumer_key: SecretString::from(CONSUMER_KEY),
    };
    Ovh::new("sms", &settings, secrets, Clock::standing_at(NOW), Guard::LoopbackOnly).unwrap()
}

fn time() -> (&'static str, Vec<Reply>) {
    ("GET /auth/time", vec![json("1584349200")])
}

/// What is said of a message to +33639980001; `None`: it was taken.
fn answers() -> Vec<(&'static str, Reply, Option<FailureKind>)> {
    let ours = "\"+33639980001\"";
    let others = "\"+33639980777\"";
    let invalid =
        |ids: &str, number: &str| json(&format!("{{\"ids\":{ids},\"invalidReceivers\":{number}}}"));
    let valid = |number: &str| json(&format!("{{\"ids\":[7],\"validReceivers\":{number}}}"));
    let left = |credit: &str| json(&format!("{{\"ids\":[7],\"creditsLeft\":{credit}}}"));
    vec![
        ("an id between quotes", json("{\"ids\":[\"7\"]}"), None),
        ("nothing before the id", json("{\"ids\":[null,7]}"), None),
        ("credit between quotes", left("\"1000\""), None),
        ("no credit told", left("null"), None),
        ("credit that is none", left("{\"a\":[]}"), None),
        ("credit without end", left("1e308"), None),
        (
            "data called a page",
            answer("200 OK", "Content-Type: text/html\r\n", "{\"ids\":[7]}"),
            None,
        ),
        ("ours in national digits", valid("[\"06 39 98 00 01\"]"), None),
        (
            "lists that are none",
            json("{\"ids\":[7],\"invalidReceivers\":null,\"validReceivers\":7}"),
            None,
        ),
        ("the id 0", json("{\"ids\":[0]}"), Some(Uncertain)),
        ("a negative id", json("{\"ids\":[-7]}"), Some(Uncertain)),
        ("half an id", json("{\"ids\":[7.5]}"), Some(Uncertain)),
        ("an id of twenty digits", json("{\"ids\":[99999999999999999999]}"), Some(Uncertain)),
        ("an id in a list", json("{\"ids\":[[7]]}"), Some(Uncertain)),
        ("ids by name", json("{\"ids\":{\"0\":7}}"), Some(Uncertain)),
        ("ids that are true", json("{\"ids\":true}"), Some(Uncertain)),
        ("ours is invalid", invalid("[]", &format!("[{ours}]")), Some(BadAddress)),
        ("ours is invalid, no ids", invalid("null", &format!("[{ours}]")), Some(BadAddress)),
        ("ours is invalid, as dialled", invalid("[]", "[\"0033639980001\"]"), Some(BadAddress)),
        ("ours is invalid, in pairs", invalid("[]", "[\"06 39 98 00 01\"]"), Some(BadAddress)),
        ("another is invalid", invalid("[]", &format!("[{others}]")), Some(Uncertain)),
        ("nothing is invalid", invalid("[]", "[\"\",null,1,\"+\"]"), Some(Uncertain)),
        ("taken, and invalid", invalid("[7]", &format!("[{ours}]")), Some(Uncertain)),
        ("another was taken", valid(&format!("[{others}]")), Some(Uncertain)),
        ("another was refused", invalid("[7]", &format!("[{others}]")), None),
    ]
}

/// How a message is refused, or put off.
fn refusals() -> Vec<(&'static str, Reply, Option<FailureKind>)> {
    let refused =
        |status: &str, words: &str| answer(status, "", &format!("{{\"message\":{words}}}"));
    let moved = |status: &str| answer(status, "Location: http://127.0.0.1:1/jobs\r\n", "");
    let later = |wait: &str| answer("429 Later", &format!("Retry-After: {wait}\r\n"), "");
    vec![
        (
            "no link over a short number",
            refused("400 No", "\"cannot send contact information with shortcode\""),
            Some(Misconfigured),
        ),
        (
            "sender unknown",
            refused("403 No", "\"Sms sender CLG does not exists. Please create it first\""),
            Some(Misconfigured),
        ),
        ("sender invalid", refused("400 No", "\"Invalid sender\""), Some(Denied)),
        ("no words", refused("400 No", "null"), Some(Refused)),
        ("words that are none", refused("400 No", "{\"fr\":[\"non\"]}"), Some(Refused)),
        ("the number, in pairs", refused("400 No", "\"06 39 98 00 01 is wrong\""), Some(Refused)),
        (
            "the number, and who it is",
            refused("400 No", "\"Ines Durand (+33 (0)6 39.98.00.01): no\""),
            Some(Refused),
        ),
        ("a novel", refused("400 No", &format!("\"{}\"", "x".repeat(100_000))), Some(Refused)),
        (
            "a page that refuses",
            answer("400 No", "Content-Type: text/html\r\n", "<h1>No"),
            Some(Refused),
        ),
        ("too long", answer("413 Long", "", ""), Some(Refused)),
        ("forbidden by law", answer("451 No", "", "[]"), Some(Refused)),
        ("pay", answer("402 Pay", "", "<p>"), Some(OutOfCredit)),
        ("a wait of words", later("soon"), Some(Throttled)),
        ("a negative wait", later("-5"), Some(Throttled)),
        ("a wait without end", later("99999999999999999999"), Some(Throttled)),
        ("a wait of years", later("1000000000"), Some(Throttled)),
        ("moved for good", moved("301 Moved"), Some(Uncertain)),
        ("moved with the message", moved("307 Moved"), Some(Uncertain)),
        ("moved, nowhere", answer("308 Moved", "", ""), Some(Uncertain)),
        ("silence", Silence, Some(Uncertain)),
    ]
}

#[tokio::test]
async fn every_hostile_answer_to_an_sms_has_its_verdict() {
    let unclear = broken().into_iter().chain(nonsense());
    let unclear = unclear.map(|(label, reply)| (label, reply, Some(Uncertain)));
    let mut tried = 0;
    for (label, reply, expected) in answers().into_iter().chain(refusals()).chain(unclear) {
        let server = http::start(vec![time(), ("POST", vec![reply])]).await;
        let given = ovh(&server).send(&an_sms("Bonjour")).await;
        assert_eq!(verdict(label, &given), expected, "{label}: {given:?}");
        let posts = server.asked().iter().filter(|it| it.line.starts_with("POST")).count();
        assert_eq!(posts, 1, "{label}: a message leaves once");
        tried += 1;
    }
    assert!(tried > 60, "{tried}");
}

#[tokio::test]
async fn no_hostile_answer_to_a_question_means_that_a_message_never_arrived() {
    for (label, reply) in broken().into_iter().chain(nonsense()) {
        if label == "a list" {
            continue; // of ids, among them none of ours
        }
        let server = http::start(vec![time(), ("GET", vec![reply])]).await;
        let ovh = ovh(&server);
        let asked = ovh.ask(&an_sms("Bonjour")).await;
        assert!(verdict(label, &asked).is_some(), "{label}: {asked:?}");
        let checked = ovh.check().await;
        assert!(verdict(label, &checked).is_some(), "{label}: {checked:?}");
        let replies = ovh.fetch_replies().await;
        assert!(verdict(label, &replies).is_some(), "{label}: {replies:?}");
    }
}

#[tokio::test]
async fn no_hostile_clock_lets_a_message_leave_twice() {
    for (label, reply) in broken().into_iter().chain(nonsense()) {
        let refused = answer("400 No", "", "{\"message\":\"Query out of time\"}");
        let server =
            http::start(vec![("GET /auth/time", vec![reply]), ("POST", vec![refused])]).await;
        let given = ovh(&server).send(&an_sms("Bonjour")).await;
        let expected = if label == "a number" { Misconfigured } else { Unreachable };
        let kind = verdict(label, &given).unwrap();
        let is_late = kind == Throttled && label.starts_with(|c: char| c.is_ascii_digit());
        assert!(kind == expected || is_late, "{label}: {given:?}");
    }
}

#[tokio::test]
async fn a_hostile_receipt_moves_nothing_and_delays_no_other() {
    for (label, reply) in broken().into_iter().chain(nonsense()) {
        let server = http::start(vec![
            time(),
            (
                "GET /sms/sms-ab12345-1/outgoing/7",
                vec![json("{\"deliveryReceipt\":\"1\",\"ptt\":null}")],
            ),
            ("GET /sms/sms-ab12345-1/outgoing/", vec![reply]),
        ])
        .await;
        let awaited = ["8", "9", "7", "x", "99999999999999999999"].map(str::to_owned);
        let receipts = ovh(&server).fetch_receipts(&awaited).await.unwrap();
        for receipt in receipts {
            let is_ours = receipt.of == DeliveryName::ByThem("7".to_owned());
            let expected =
                if is_ours { Verdict::Proven(Proof::Delivered) } else { Verdict::Pending };
            assert_eq!(receipt.verdict, expected, "{label}");
        }
    }
}

#[tokio::test]
async fn a_hostile_reply_keeps_no_other_from_being_read() {
    for (label, reply) in broken().into_iter().chain(nonsense()) {
        let stop = json(
            "{\"id\":\"7\",\"sender\":\"+33639980001\",\"message\":\"STOP\",\
            \"creationDatetime\":\"yesterday\"}",
        );
        let server = http::start(vec![
            time(),
            ("GET /sms/sms-ab12345-1/incoming?", vec![json("[\"7\",9,8,null,\"x\"]")]),
            ("GET /sms/sms-ab12345-1/incoming/7", vec![stop]),
            ("GET /sms/sms-ab12345-1/incoming/", vec![reply]),
        ])
        .await;
        let replies = ovh(&server).fetch_replies().await.unwrap();
        let told: Vec<_> = replies.iter().map(|it| (it.from.as_str(), it.text.as_str())).collect();
        assert_eq!(told, [("+33639980001", "STOP")], "{label}");
        assert_eq!(replies[0].at, NOW, "a time that cannot be read is now");
    }
}
