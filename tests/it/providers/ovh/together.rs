//! One job for several: who is counted, who has it, and whose each id is.

use std::time::Duration;

use chappe::clock::Clock;
use chappe::delivery::FailureKind::{self, BadAddress, Deferred, Denied, OutOfCredit, Uncertain};
use chappe::delivery::{Circular, Content, Verdicts};
use chappe::people::ContactPoint;
use chappe::phone_number::PhoneNumber;
use chappe::providers::{Guard, Ovh, OvhSettings, Polled, Provider};

use super::{NOW, TIME, ovh, secrets, settings, stand_in};
use crate::scripted::Reply::{self, Say};
use crate::scripted::http;

const TEXT: &str = "Le college ouvre a 10 h.";
const NUMBERS: [&str; 3] = ["+33639980001", "+33639980004", "+33639980003"];

fn point(number: &str) -> ContactPoint {
    ContactPoint::Sms(PhoneNumber::from_e164(number).unwrap())
}

fn circular(numbers: &[&str]) -> Circular {
    Circular {
        reference: "7K4M-02QB-3".to_owned(),
        to: numbers.iter().map(|number| point(number)).collect(),
        content: Content::Sms { text: TEXT.to_owned(), segments: 2 },
    }
}

/// What became of each; `None`: it was taken.
fn kinds(verdicts: &Verdicts) -> Vec<Option<FailureKind>> {
    verdicts.iter().map(|verdict| verdict.as_ref().err().map(|error| error.kind)).collect()
}

fn ids(verdicts: &Verdicts) -> Vec<Option<String>> {
    let id = |verdict: &Result<chappe::delivery::Accepted, _>| {
        verdict.as_ref().ok().and_then(|it| it.provider_ref.clone())
    };
    verdicts.iter().map(id).collect()
}

#[tokio::test]
async fn each_who_gets_it_is_a_message_of_one_job_and_counts() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    let all = circular(&NUMBERS);
    assert_eq!((ovh.most_together(), ovh.units_together(&all.content, 3)), (50, 6));
    let verdicts = ovh.send_together(&all).await.unwrap();
    assert_eq!(kinds(&verdicts), [None, None, Some(BadAddress)]);
    let given = ids(&verdicts);
    assert!(given[0].is_some() && given[1].is_some() && given[0] != given[1], "{given:?}");
    let requests = service.requests();
    assert_eq!(requests.iter().filter(|it| it.starts_with("POST")).count(), 1, "{requests:?}");
    let job = &service.messages()[0].job;
    assert_eq!((&job["receivers"], &job["tag"]), (&NUMBERS.into(), &"7K4M-02QB-3".into()));
    assert!(!format!("{verdicts:?}").contains("3998"), "{verdicts:?}");
}

#[tokio::test]
async fn a_receipt_says_to_whom_an_id_went() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    let verdicts = ovh.send_together(&circular(&NUMBERS[..2])).await.unwrap();
    let awaited: Vec<String> = ids(&verdicts).into_iter().flatten().collect();
    clock.advance(Duration::from_mins(1));
    let mut told: Vec<_> = ovh.fetch_receipts(&awaited).await.unwrap();
    told.sort_by_key(|receipt| format!("{:?}", receipt.of));
    let to: Vec<_> = told.iter().filter_map(|it| it.to.as_ref().map(ContactPoint::value)).collect();
    assert_eq!(to, NUMBERS[..2]);
}

/// What an answer with these parts says of two numbers.
async fn answered(ids: &str, valid: &str, invalid: &str) -> Vec<Option<FailureKind>> {
    let body = format!(
        "{{\"ids\":{ids},\"validReceivers\":{valid},\"invalidReceivers\":{invalid},\"creditsLeft\":9}}"
    );
    let script = vec![("GET /1.0/auth/time", vec![Say(TIME)]), ("POST", vec![http::json(&body)])];
    let server = http::start(script).await;
    let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
    kinds(&ovh.send_together(&circular(&NUMBERS[..2])).await.unwrap())
}

#[tokio::test]
async fn what_an_answer_does_not_say_for_sure_of_each_is_asked_about() {
    let (taken, bad, unknown) = (None, Some(BadAddress), Some(Uncertain));
    let both = "[\"+33639980001\",\"0033639980004\"]";
    let cases = [
        ("[7,8]", both, "[]", [taken, taken]),
        ("[\"7\",\"8\"]", both, "null", [taken, taken]),
        ("[7]", "[\"+33639980004\"]", "[\"06 39 98 00 01\"]", [bad, taken]),
        ("[]", "[]", both, [bad, bad]),
        // Fewer ids than receivers, or the same twice: whose they are nobody knows.
        ("[7]", both, "[]", [unknown, unknown]),
        ("[7,7]", both, "[]", [unknown, unknown]),
        ("[7,8,9]", both, "[]", [unknown, unknown]),
        ("[7,0]", both, "[]", [unknown, unknown]),
        ("null", both, "[]", [unknown, unknown]),
        // One is not spoken of; one is both; somebody else is.
        ("[7]", "[\"+33639980001\"]", "[]", [taken, unknown]),
        ("[7,8]", both, "[\"+33639980001\"]", [unknown, unknown]),
        ("[7,8]", "[\"+33639980001\",\"+33639980009\"]", "[]", [unknown, unknown]),
        ("[7,8]", "null", "null", [unknown, unknown]),
    ];
    for (ids, valid, invalid, expected) in cases {
        assert_eq!(answered(ids, valid, invalid).await, expected, "{ids} {valid} {invalid}");
    }
}

#[tokio::test]
async fn a_refusal_is_of_the_whole_job() {
    let credit = "HTTP/1.1 402 Pay\r\nContent-Length: 0\r\n\r\n";
    let one_of_them = "HTTP/1.1 403 No\r\n\r\n{\"message\":\"receiver +33639980004 not allowed\"}";
    let lost = "HTTP/1.1 502 Oops\r\nContent-Length: 0\r\n\r\n";
    for (reply, expected) in [(credit, OutOfCredit), (one_of_them, Denied), (lost, Uncertain)] {
        let script = vec![("GET /1.0/auth/time", vec![Say(TIME)]), ("POST", vec![Say(reply)])];
        let server = http::start(script).await;
        let ovh = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
        let error = ovh.send_together(&circular(&NUMBERS)).await.unwrap_err();
        assert_eq!(error.kind, expected, "{error}");
        assert!(!error.detail.contains("3998"), "{error}");
    }
}

// ---- ask ---------------------------------------------------------------------------------------

#[tokio::test]
async fn a_job_whose_answer_was_lost_is_found_whole_waiting_or_gone() {
    let clock = Clock::standing_at(NOW);
    let (service, _folder) = stand_in(&clock).await;
    let ovh = ovh(&settings(service.endpoint()), &clock);
    let all = circular(&NUMBERS);
    assert_eq!(ovh.ask_together(&all).await.unwrap(), None, "not sent yet");
    service.hold_jobs(true);
    service.fall_silent(true);
    assert_eq!(ovh.send_together(&all).await.unwrap_err().kind, Uncertain);
    service.fall_silent(false);
    for waits in [true, false] {
        let found = ovh.ask_together(&all).await.unwrap().expect("it was taken");
        assert_eq!(kinds(&found), [None, None, Some(Deferred)], "waiting: {waits}");
        let by_number = |number: &str| {
            let sms = service.messages().into_iter().find(|it| it.receiver == number);
            sms.map(|it| it.id.to_string())
        };
        assert_eq!(ids(&found), NUMBERS.map(by_number), "waiting: {waits}");
        service.hold_jobs(false);
    }
    assert_eq!(service.taken(), 2);
}

#[tokio::test]
async fn a_question_that_finds_others_of_that_tag_finds_nobody_of_ours() {
    let script = |outgoing: Reply| {
        vec![
            ("GET /1.0/auth/time", vec![Say(TIME)]),
            ("GET /1.0/sms/sms-ab12345-1/outgoing?tag=", vec![http::json("[7,8]")]),
            ("GET /1.0/sms/sms-ab12345-1/outgoing/", vec![outgoing]),
            ("GET /1.0/sms/sms-ab12345-1/jobs", vec![http::json("[]")]),
        ]
    };
    let elsewhere = http::json("{\"receiver\":\"+33639980009\"}");
    let server = http::start(script(elsewhere)).await;
    let ours = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
    assert_eq!(ours.ask_together(&circular(&NUMBERS)).await.unwrap(), None);
    let page = http::answer("200 OK", "Content-Type: text/html\r\n", "<p>Maintenance");
    let server = http::start(script(page)).await;
    let ours = ovh(&settings(&format!("{}/1.0", server.root)), &Clock::standing_at(NOW));
    assert!(ours.ask_together(&circular(&NUMBERS)).await.is_err(), "it is asked again");
}

#[test]
fn a_job_carries_one_to_fifty() {
    for most_together in [0, 51] {
        let settings = OvhSettings { most_together, ..settings("http://127.0.0.1:1/1.0") };
        let refused =
            Ovh::new("sms", &settings, secrets(), Clock::system(), Guard::LoopbackOnly).err();
        assert_eq!(refused.map(|it| it.key), Some("most_together"), "{most_together}");
    }
}
