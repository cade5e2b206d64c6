//! `OVHcloud`: what is asked, what is answered, what it means.

mod together;

use std::time::Duration;

use chappe::clock::{Clock, Moment};
use chappe::delivery::FailureKind::{
    self, BadAddress, Denied, Misconfigured, OutOfCredit, Refused, Throttled, Uncertain,
    Unreachable,
};
use chappe::delivery::{DeliveryName, Envelope, Receipt, Verdict};
use chappe::demo::sms_service::{
    APPLICATION_KEY, APPLICATION_SECRET, Behaviour, CONSUMER_KEY, SERVICE, SmsStandIn,
};
use chappe::message::Proof;
use chappe::providers::{
    Guard, Ovh, OvhPriority, OvhSecrets, OvhSettings, Polled, Provider, WhenUnknown, signature,
};
use chappe::settings::{SecretPlace, Span};
use secrecy::SecretString;
use tempfile::TempDir;

use crate::scripted::Reply::{self, HangUp, Say, Silence};
use crate::scripted::{an_sms, http};

const NOW: Moment = Moment(1_584_345_600_000);

fn settings(endpoint: &str) -> OvhSettings {
    let nowhere = SecretPlace::Env("UNUSED".to_owned());
    OvhSettings {
        endpoint: endpoint.to_owned(),
        answer_limit: Span::millis(400),
        ..OvhSettings::new(SERVICE, APPLICATION_KEY, nowhere.clone(), nowhere)
    }
}

fn secrets() -> OvhSecrets {
    OvhSecrets {
        application_secret: SecretString::from(APPLICATION_SECRET),
        consumer_key: SecretString::from(CONSUMER_KEY),
    }
}

fn ovh(settings: &OvhSettings, clock: &Clock) -> Ovh {
    Ovh::new("sms", settings, secrets(), clock.clone(), Guard::LoopbackOnly).unwrap()
}

async fn stand_in(clock: &Clock) -> (SmsStandIn, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let service = SmsStandIn::start(Behaviour {
        log: folder.path().join("sms.jsonl"),
        receipt_after: Duration::from_mins(1),
        failing: vec!["+33639980002".to_owned()],
        invalid: vec!["+33639980003".to_owned()],
        replies: vec![("+33639980001".to_owned(), "STOP".to_owned())],
        credits: 3,
        clock: clock.clone(),
    })
    .await
    .unwrap();
    (service, folder)
}

fn to(number: &str, reference: &str) -> Envelope {
    let number = chappe::phone_number::PhoneNumber::from_e164(number).unwrap();
    Envelope {
        to: chappe::people::ContactPoint::Sms(number),
        reference: reference.to_owned(),
        sealed: None,
        awaits_answer: false,
        offers_stop: false,
        ..an_sms("Le collège ouvre à 10 h.")
    }
}

#[test]
fn a_call_is_signed_as_the_service_expects() {
    let url = "https://eu.api.ovh.com/1.0/sms/sms-ab12345-1/jobs";
    let body = r#"{"message":"Bonjour","receivers":["+33600000001"],"noStopClause":true}"#;
    assert_eq!(
        signature(&secrets(), "POST", url, body, 1_584_345_600),
        "$1$3e4f2a3c599ab82a68b4b70a84f13c3d9359b46d"
    );
}

// ---- send --------------------------------------------------------------------------------------

const TIME: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n1584349200";

/// What is answered to a message, and what it means; `None`: it was taken.
const CASES: [(&str, Reply, Option<FailureKind>); 39] = [
    ("taken", Say(TAKEN), None),
    ("taken, other fields", Say("HTTP/1.1 200 OK\r\n\r\n{\"ids\":[7],\"new\":{}}"), None),
    ("invalid number", Say(INVALID), Some(BadAddress)),
    ("nobody at all", Say("HTTP/1.1 200 OK\r\n\r\n{\"ids\":[]}"), Some(Uncertain)),
    ("no ids", Say("HTTP/1.1 200 OK\r\n\r\n{\"creditsLeft\":9}"), Some(Uncertain)),
    ("ids of another kind", Say("HTTP/1.1 200 OK\r\n\r\n{\"ids\":\"7\"}"), Some(Uncertain)),
    ("a list", Say("HTTP/1.1 200 OK\r\n\r\n[]"), Some(Uncertain)),
    ("a page", Say("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>ok"), Some(Uncertain)),
    ("nothing", Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("another success", Say("HTTP/1.1 204 No Content\r\n\r\n"), Some(Uncertain)),
    ("cut short", Say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"ids\":"), Some(Uncertain)),
    ("not HTTP", Say("250 Ok\r\n"), Some(Uncertain)),
    ("no answer", Silence, Some(Uncertain)),
    ("hung up", HangUp, Some(Uncertain)),
    ("500", Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("502", Say("HTTP/1.1 502 Oops\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("504", Say("HTTP/1.1 504 Oops\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("503", Say("HTTP/1.1 503 Later\r\nRetry-After: 120\r\n\r\n"), Some(Uncertain)),
    (
        "503, a page",
        Say("HTTP/1.1 503 Later\r\nContent-Type: text/html\r\n\r\n<h1>"),
        Some(Uncertain),
    ),
    ("429", Say("HTTP/1.1 429 Later\r\nRetry-After: 120\r\n\r\n"), Some(Throttled)),
    ("409", Say("HTTP/1.1 409 Busy\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("408", Say("HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("402", Say("HTTP/1.1 402 Pay\r\nContent-Length: 0\r\n\r\n"), Some(OutOfCredit)),
    (
        "credit",
        Say("HTTP/1.1 403 No\r\n\r\n{\"message\":\"Not enough credits\"}"),
        Some(OutOfCredit),
    ),
    ("key", Say("HTTP/1.1 403 No\r\n\r\n{\"errorCode\":\"INVALID_KEY\"}"), Some(Misconfigured)),
    (
        "right",
        Say("HTTP/1.1 403 No\r\n\r\n{\"errorCode\":\"NOT_GRANTED_CALL\"}"),
        Some(Misconfigured),
    ),
    (
        "signature",
        Say("HTTP/1.1 400 No\r\n\r\n{\"errorCode\":\"INVALID_SIGNATURE\"}"),
        Some(Misconfigured),
    ),
    ("401", Say("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), Some(Misconfigured)),
    ("404", Say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), Some(Denied)),
    (
        "this receiver",
        Say("HTTP/1.1 403 No\r\n\r\n{\"message\":\"This receiver is not allowed\"}"),
        Some(Denied),
    ),
    (
        "our sender, says the receiver",
        Say("HTTP/1.1 400 No\r\n\r\n{\"message\":\"receiver blacklisted this sender\"}"),
        Some(Denied),
    ),
    (
        "an argument",
        Say("HTTP/1.1 400 No\r\n\r\n{\"errorCode\":\"INVALID_ARGUMENT\"}"),
        Some(Denied),
    ),
    (
        "sender not declared",
        Say("HTTP/1.1 403 No\r\n\r\n{\"message\":\"Sms sender MOULIN does not exists.\"}"),
        Some(Misconfigured),
    ),
    (
        "short number",
        Say("HTTP/1.1 400 No\r\n\r\n{\"message\":\"cannot send contact information with \
             shortcode\"}"),
        Some(Misconfigured),
    ),
    ("expired", Say("HTTP/1.1 460 Expired\r\nContent-Length: 0\r\n\r\n"), Some(Misconfigured)),
    ("moved", Say("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"), Some(Uncertain)),
    ("400", Say("HTTP/1.1 400 No\r\n\r\n{\"message\":\"+33639980001 is wrong\"}"), Some(Refused)),
    ("413", Say("HTTP/1.1 413 Long\r\nContent-Length: 0\r\n\r\n"), Some(Refused)),
    ("418", Say("HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n"), Some(Refused)),
];
const TAKEN: &str = "HTTP/1.1 200 OK\r\n\r\n{\"totalCreditsRemoved\":1,\"invalidReceivers\":[],\
    \"ids\":[26929925],\"validReceivers\":[\"+33639980001\"],\"creditsLeft\":99}";
const INVALID: &str = "HTTP/1.1 200 OK\r\n\r\n{\"totalCreditsRemoved\":0,\
    \"invalidReceivers\":[\"+33639980001\"],\"ids\":[],\"validReceivers\":[],\"creditsLeft\":99}";

#[tokio::test]
async fn every_answer_to_an_sms_has_its_verdict() {
    for (label, reply, expected) in CASES {
        let script = vec![("GET /1.0/auth/time", vec![Say(TIME)]), ("POST", vec![reply])];
        let server = http::start(script).await;
        let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
        let given = ovh.send(&an_sms("Bonjour")).await;
        assert_eq!(given.as_ref().err().map(|it| it.kind), expected, "{label}: {given:?}");
        if let Err(error) = given {
            assert!(!error.detail.contains("3998"), "{label}: {}", error.detail);
            let expected = ["503", "429"].contains(&label).then_some(Duration::from_mins(2));
            assert_eq!(error.retry_after, expected, "{label}");
        }
        let posts = server.asked().iter().filter(|it| it.line.starts_with("POST")).count();
        assert_eq!(posts, 1, "{label}: a message leaves once");
    }
}

#[tokio::test]
async fn an_sms_leaves_signed_on_the_service_s_clock_and_never_with_a_stop_clause() {
    let script = vec![("GET /1.0/auth/time", vec![Say(TIME)]), ("POST", vec![Say(TAKEN)])];
    let server = http::start(script).await;
    let endpoint = format!("{}/1.0", server.root);
    let settings = OvhSettings {
        sender: Some("CLG MOULIN".to_owned()),
        priority: OvhPriority::Medium,
        ..settings(&endpoint)
    };
    let ovh = ovh(&settings, &Clock::standing_at(NOW));
    let accepted = ovh.send(&an_sms("Le collège ouvre à 10 h.")).await.unwrap();
    assert_eq!(accepted.provider_ref.as_deref(), Some("26929925"));
    assert!(!accepted.answer.contains("3998"), "{}", accepted.answer);

    let asked = server.asked();
    let post = asked.last().unwrap();
    assert_eq!(post.line, "POST /1.0/sms/sms-ab12345-1/jobs");
    assert_eq!(post.header("x-ovh-application"), APPLICATION_KEY);
    assert_eq!(post.header("x-ovh-consumer"), CONSUMER_KEY);
    assert_eq!(post.header("x-ovh-timestamp"), "1584349200");
    let url = format!("{endpoint}/sms/{SERVICE}/jobs");
    let expected = signature(&secrets(), "POST", &url, &post.body, 1_584_349_200);
    assert_eq!(post.header("x-ovh-signature"), expected);
    let body: serde_json::Value = serde_json::from_str(&post.body).unwrap();
    let expected = serde_json::json!({
        "message": "Le collège ouvre à 10 h.",
        "receivers": ["+33639980001"],
        "sender": "CLG MOULIN",
        "senderForResponse": false,
        "noStopClause": true,
        "charset": "UTF-8",
        "coding": "7bit",
        "class": "phoneDisplay",
        "priority": "medium",
        "validityPeriod": 2880,
        "differedPeriod": 0,
        "tag": "0199-cd",
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn the_coding_follows_the_text_and_a_short_number_sends_without_a_name() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    let cases = [("à é è ù Ç € []", "7bit"), ("ça va ?", "8bit"), ("l’ENT", "8bit")];
    for (text, coding) in cases {
        ovh.send(&an_sms(text)).await.unwrap();
        let sms = service.messages().pop().unwrap();
        assert_eq!(sms.job["coding"], coding, "{text}");
        assert_eq!(sms.job["senderForResponse"], true);
        assert!(sms.job.get("sender").is_none());
    }
}

#[tokio::test]
async fn a_service_that_is_not_there_is_unreachable() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let ovh = ovh(&settings(&format!("http://{closed}/1.0")), &Clock::standing_at(NOW));
    assert_eq!(ovh.send(&an_sms("Bonjour")).await.unwrap_err().kind, Unreachable);
}

#[tokio::test]
async fn nothing_is_uncertain_before_the_message_has_left() {
    for reply in [HangUp, Silence, Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")] {
        let server = http::start(vec![("GET /1.0/auth/time", vec![reply])]).await;
        let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
        assert_eq!(ovh.send(&an_sms("Bonjour")).await.unwrap_err().kind, Unreachable, "{reply:?}");
    }
}

#[tokio::test]
async fn a_clock_that_differs_is_learnt_and_learnt_again() {
    let theirs = Clock::standing_at(NOW + Duration::from_hours(1));
    let (service, _folder) = stand_in(&theirs).await;
    let ovh = ovh(&settings(service.endpoint()), &Clock::standing_at(NOW));
    ovh.send(&to("+33639980001", "first")).await.unwrap();
    theirs.advance(Duration::from_hours(1));
    ovh.send(&to("+33639980001", "second")).await.unwrap();
    assert_eq!((service.count("first"), service.count("second")), (1, 1));
    assert_eq!(service.requests().len(), 3, "one was refused for its time, and made again");
}

#[tokio::test]
async fn clocks_that_never_agree_are_a_matter_of_settings() {
    let refused = Say("HTTP/1.1 400 No\r\n\r\n{\"message\":\"Query out of time\"}");
    let script = vec![("GET /1.0/auth/time", vec![Say(TIME)]), ("POST", vec![refused])];
    let server = http::start(script).await;
    let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
    assert_eq!(ovh.send(&an_sms("Bonjour")).await.unwrap_err().kind, Misconfigured);
    let lines: Vec<_> = server.asked().into_iter().map(|asked| asked.line).collect();
    assert_eq!(lines.len(), 4, "their clock, a try, their clock again, a last try: {lines:?}");
}

#[tokio::test]
async fn wrong_secrets_are_a_matter_of_settings() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let secrets = OvhSecrets { application_secret: SecretString::from("wr0ng"), ..secrets() };
    let settings = settings(service.endpoint());
    let ovh = Ovh::new("sms", &settings, secrets, clock, Guard::LoopbackOnly).unwrap();
    let error = ovh.send(&an_sms("Bonjour")).await.unwrap_err();
    assert_eq!(error.kind, Misconfigured);
    assert!(!error.to_string().contains("wr0ng"));
    assert!(service.messages().is_empty());
}

#[tokio::test]
async fn an_empty_account_is_told() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    let account = &settings(service.endpoint()).service;
    let health = ovh.check().await.unwrap();
    assert_eq!(health.summary, format!("account {account}, 3 credits left"));
    assert_eq!(health.in_french, format!("compte {account}, crédits restants : 3"));
    for _ in 0..3 {
        ovh.send(&an_sms("Bonjour")).await.unwrap();
    }
    assert_eq!(ovh.send(&an_sms("Bonjour")).await.unwrap_err().kind, OutOfCredit);
    assert_eq!(ovh.check().await.unwrap_err().kind, OutOfCredit);
}

// ---- ask ---------------------------------------------------------------------------------------

#[tokio::test]
async fn an_sms_that_was_kept_behind_a_word_of_overload_is_looked_for() {
    for status in ["503 Later", "409 Busy", "302 Found"] {
        let server = http::start(vec![
            ("GET /1.0/auth/time", vec![Say(TIME)]),
            ("POST", vec![http::answer(status, "Location: /maintenance\r\n", "")]),
            ("GET /1.0/sms/sms-ab12345-1/outgoing?tag=0199-cd", vec![http::json("[7]")]),
            (
                "GET /1.0/sms/sms-ab12345-1/outgoing/7",
                vec![http::json("{\"receiver\":\"+33639980001\"}")],
            ),
        ])
        .await;
        let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
        let sms = an_sms("Bonjour");
        assert_eq!(ovh.send(&sms).await.unwrap_err().kind, Uncertain, "{status}");
        let found = ovh.ask(&sms).await.unwrap().expect("it was taken");
        assert_eq!(found.provider_ref.as_deref(), Some("7"), "{status}");
    }
}

#[tokio::test]
async fn a_question_that_meets_overload_or_a_redirect_only_waits() {
    for (status, expected) in
        [("503 Later", Throttled), ("409 Busy", Throttled), ("302 Found", Misconfigured)]
    {
        let script = vec![
            ("GET /1.0/auth/time", vec![Say(TIME)]),
            ("GET", vec![http::answer(status, "", "")]),
        ];
        let server = http::start(script).await;
        let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
        assert_eq!(ovh.ask(&an_sms("Bonjour")).await.unwrap_err().kind, expected, "{status}");
    }
}

#[tokio::test]
async fn an_sms_whose_answer_was_lost_is_found_again_and_not_sent_twice() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    assert_eq!(ovh.when_unknown(), WhenUnknown::Ask);
    for holds in [true, false] {
        service.hold_jobs(holds);
        service.fall_silent(true);
        let envelope = to("+33639980001", if holds { "held" } else { "left" });
        assert_eq!(ovh.ask(&envelope).await.unwrap(), None, "not sent yet");
        assert_eq!(ovh.send(&envelope).await.unwrap_err().kind, Uncertain);
        service.fall_silent(false);
        let found = ovh.ask(&envelope).await.unwrap().expect("it was taken");
        let sms = service.messages().pop().unwrap();
        assert_eq!(found.provider_ref, Some(sms.id.to_string()));
        assert_eq!(service.count(&envelope.reference), 1);
        service.hold_jobs(false);
    }
}

#[tokio::test]
async fn another_school_s_message_of_the_same_reference_is_not_ours() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    ovh.send(&to("+33639980001", "7K4M-02QB")).await.unwrap();
    assert_eq!(ovh.ask(&to("+33639980004", "7K4M-02QB")).await.unwrap(), None);
    ovh.send(&to("+33639980004", "7K4M-02QB")).await.unwrap();
    let found = ovh.ask(&to("+33639980004", "7K4M-02QB")).await.unwrap().unwrap();
    assert_eq!(found.provider_ref, Some(service.messages()[1].id.to_string()));
}

/// What is known of an SMS that is asked for where `jobs/7` waits and nothing left yet.
async fn asked_of(job: Reply) -> Result<Option<String>, FailureKind> {
    let server = http::start(vec![
        ("GET /1.0/auth/time", vec![Say(TIME)]),
        ("GET /1.0/sms/sms-ab12345-1/outgoing?tag=", vec![http::json("[]")]),
        ("GET /1.0/sms/sms-ab12345-1/jobs/7", vec![job]),
        ("GET /1.0/sms/sms-ab12345-1/jobs", vec![http::json("[7]")]),
    ])
    .await;
    let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
    let asked = ovh.ask(&an_sms("Bonjour")).await.map_err(|error| error.kind);
    asked.map(|found| found.and_then(|it| it.provider_ref))
}

#[tokio::test]
async fn a_waiting_job_is_known_again_however_its_number_is_written() {
    let job = |receiver: &str, text: &str| {
        http::json(&format!("{{\"receiver\":{receiver},\"message\":\"{text}\"}}"))
    };
    for receiver in ["\"+33639980001\"", "\"0033639980001\"", "\"06 39 98 00 01\"", "33639980001"] {
        let found = asked_of(job(receiver, "Bonjour")).await;
        assert_eq!(found, Ok(Some("7".to_owned())), "{receiver}");
        assert_eq!(asked_of(job(receiver, "Bonsoir")).await, Ok(None), "{receiver}");
    }
    for receiver in ["\"+33639980004\"", "\"\"", "\"+33\""] {
        assert_eq!(asked_of(job(receiver, "Bonjour")).await, Ok(None), "{receiver}");
    }
}

#[tokio::test]
async fn a_page_in_place_of_a_waiting_job_says_nothing_of_it() {
    let page = http::answer("200 OK", "Content-Type: text/html\r\n", "<p>Maintenance");
    let nobody_s = http::json("{\"receiver\":null,\"message\":\"Bonjour\"}");
    for reply in [page, http::json("{}"), nobody_s] {
        assert_eq!(asked_of(reply).await, Err(Unreachable), "{reply:?}");
    }
    let gone = http::answer("404 No", "", "{}");
    assert_eq!(asked_of(gone).await, Ok(None), "it left or was withdrawn in the meantime");
}

#[tokio::test]
async fn more_messages_of_a_tag_than_are_looked_at_prove_nothing() {
    for (count, expected) in [(20, Ok(None)), (21, Err(Unreachable))] {
        let ids: Vec<String> = (1..=count).map(|id: u32| id.to_string()).collect();
        let server = http::start(vec![
            ("GET /1.0/auth/time", vec![Say(TIME)]),
            (
                "GET /1.0/sms/sms-ab12345-1/outgoing?tag=",
                vec![http::json(&format!("[{}]", ids.join(",")))],
            ),
            (
                "GET /1.0/sms/sms-ab12345-1/outgoing/",
                vec![http::json("{\"receiver\":\"+33639980004\"}")],
            ),
            ("GET /1.0/sms/sms-ab12345-1/jobs", vec![http::json("[]")]),
        ])
        .await;
        let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
        let asked = ovh.ask(&an_sms("Bonjour")).await.map_err(|error| error.kind);
        assert_eq!(asked, expected, "{count}");
    }
}

#[tokio::test]
async fn a_question_that_is_refused_names_nobody() {
    let refusal = Say("HTTP/1.1 403 No\r\n\r\n{\"message\":\"nothing of Ines DURAND\"}");
    let script = vec![("GET /1.0/auth/time", vec![Say(TIME)]), ("GET", vec![refusal])];
    let server = http::start(script).await;
    let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
    let error = ovh.ask(&an_sms("Bonjour")).await.unwrap_err();
    assert_eq!((error.kind, error.detail.as_str()), (Misconfigured, "HTTP 403: nothing of … …"));
}

#[tokio::test]
async fn a_question_without_an_answer_can_be_asked_again() {
    for reply in [HangUp, Silence, Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")] {
        let script = vec![("GET /1.0/auth/time", vec![Say(TIME)]), ("GET", vec![reply])];
        let server = http::start(script).await;
        let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
        assert_eq!(ovh.ask(&an_sms("Bonjour")).await.unwrap_err().kind, Unreachable);
        assert_eq!(ovh.check().await.unwrap_err().kind, Unreachable);
        assert_eq!(ovh.fetch_replies().await.unwrap_err().kind, Unreachable);
    }
}

// ---- what it says later ------------------------------------------------------------------------

#[tokio::test]
async fn receipts_come_when_the_operator_has_spoken() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    let arrives = ovh.send(&to("+33639980001", "a")).await.unwrap().provider_ref.unwrap();
    let fails = ovh.send(&to("+33639980002", "b")).await.unwrap().provider_ref.unwrap();
    let unknown = "1".to_owned();
    let awaited = [arrives.clone(), fails.clone(), unknown.clone()];
    let pending = ovh.fetch_receipts(&awaited).await.unwrap();
    assert!(pending.iter().all(|receipt| receipt.verdict == Verdict::Pending), "{pending:?}");
    clock.advance(Duration::from_mins(1));
    let receipts = ovh.fetch_receipts(&awaited).await.unwrap();
    let verdict = |id: &String| {
        let of = |it: &&Receipt| it.of == DeliveryName::ByThem(id.clone());
        receipts.iter().find(of).map(|receipt| receipt.verdict.clone()).unwrap()
    };
    assert_eq!(verdict(&arrives), Verdict::Proven(Proof::Delivered));
    assert!(matches!(verdict(&fails), Verdict::Undeliverable(_)));
    assert_eq!(verdict(&unknown), Verdict::Pending);
}

#[tokio::test]
async fn a_receipt_in_unknown_words_moves_nothing() {
    for body in ["{\"deliveryReceipt\":4}", "{\"deliveryReceipt\":8,\"ptt\":1}", "[]", "<p>"] {
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        let script =
            vec![("GET /1.0/auth/time", vec![Say(TIME)]), ("GET", vec![Say(answer.leak())])];
        let server = http::start(script).await;
        let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
        let receipts = ovh.fetch_receipts(&["7".to_owned()]).await.unwrap();
        assert_eq!(receipts[0].verdict, Verdict::Pending, "{body}");
    }
}

#[tokio::test]
async fn a_reply_is_told_until_it_was_seen_to_and_a_later_one_still_comes() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    ovh.send(&to("+33639980001", "a")).await.unwrap();
    assert!(ovh.fetch_replies().await.unwrap().is_empty());
    clock.advance(Duration::from_mins(1));
    for _ in 0..2 {
        let replies = ovh.fetch_replies().await.unwrap();
        assert_eq!(replies.len(), 1);
        assert_eq!((replies[0].from.as_str(), replies[0].text.as_str()), ("+33639980001", "STOP"));
        assert_eq!(replies[0].at, NOW + Duration::from_mins(1));
    }
    ovh.note_seen_to(&ovh.fetch_replies().await.unwrap());
    assert!(ovh.fetch_replies().await.unwrap().is_empty());
    ovh.send(&to("+33639980001", "b")).await.unwrap();
    clock.advance(Duration::from_mins(1));
    assert_eq!(ovh.fetch_replies().await.unwrap().len(), 1);
    let requests = service.requests();
    let details = requests.iter().filter(|it| it.contains("/incoming/")).count();
    assert_eq!(details, 4, "what was seen to costs no call");
    let window = "/incoming?creationDatetime.from=2020-03-13T08%3A00%3A00Z";
    assert!(requests.iter().any(|it| it.ends_with(window)), "{requests:#?}");
}

#[tokio::test]
async fn half_a_million_replies_are_read_a_few_at_a_time_newest_first() {
    let ids: Vec<String> = (100_000_000..100_500_000).map(|id: u32| id.to_string()).collect();
    let reply = format!(
        "{{\"sender\":\"+33639980001\",\"message\":\"{}\",\"creationDatetime\":null}}",
        "a\\u0000".repeat(20_000)
    );
    let server = http::start(vec![
        ("GET /1.0/auth/time", vec![Say(TIME)]),
        ("GET /1.0/sms/sms-ab12345-1/incoming?", vec![http::json(&format!("[{}]", ids.join(",")))]),
        ("GET /1.0/sms/sms-ab12345-1/incoming/", vec![http::json(&reply)]),
    ])
    .await;
    let settings =
        OvhSettings { answer_limit: Span::secs(30), ..settings(&format!("{}/1.0", server.root)) };
    let ovh = ovh(&settings, &Clock::standing_at(NOW));
    let first = ovh.fetch_replies().await.unwrap();
    assert_eq!((first.len(), first[0].provider_ref.as_str()), (100, "100499999"));
    let longest = first.iter().map(|reply| reply.text.chars().count()).max();
    assert_eq!(longest, Some(2_001), "cut where nobody types so much, and marked");
    assert!(!first[0].text.contains('\0'));
    ovh.note_seen_to(&first);
    assert_eq!(ovh.fetch_replies().await.unwrap()[0].provider_ref, "100499899");
    assert_eq!(server.asked().len(), 1 + 2 * 101);
}

// ---- settings ----------------------------------------------------------------------------------

#[test]
fn settings_that_cannot_work_are_refused_with_their_key() {
    let good = settings("https://eu.api.ovh.com/1.0");
    let with = |change: fn(&mut OvhSettings)| {
        let mut settings = good.clone();
        change(&mut settings);
        settings
    };
    let cases = [
        ("endpoint", Guard::LoopbackOnly, good.clone()),
        ("endpoint", Guard::Anywhere, with(|it| it.endpoint = "http://example.org".to_owned())),
        ("endpoint", Guard::Anywhere, with(|it| it.endpoint = "ovh".to_owned())),
        (
            "endpoint",
            Guard::Anywhere,
            with(|it| it.endpoint = "https://a:b@example.org".to_owned()),
        ),
        ("service", Guard::Anywhere, with(|it| it.service = "../me".to_owned())),
        ("application_key", Guard::Anywhere, with(|it| it.application_key = String::new())),
        ("sender", Guard::Anywhere, with(|it| it.sender = Some("COLLEGE MOULIN".to_owned()))),
        ("sender", Guard::Anywhere, with(|it| it.sender = Some("Collège".to_owned()))),
    ];
    for (key, guard, settings) in cases {
        let Err(error) = Ovh::new("sms", &settings, secrets(), Clock::system(), guard) else {
            panic!("{key} was not refused");
        };
        assert_eq!(error.key, key, "{error}");
    }
}
