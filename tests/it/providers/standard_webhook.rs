//! Any other system, by webhooks: what is posted, what is answered, what it means.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::{Clock, Moment};
use chappe::delivery::FailureKind::{
    self, Denied, Misconfigured, Refused, Throttled, Uncertain, Unreachable,
};
use chappe::delivery::{Accepted, Envelope, SendError};
use chappe::providers::{
    BadSettings, Guard, Provider, StandardWebhook, StandardWebhookSettings, WhenUnknown,
};
use chappe::settings::{SecretPlace, Span};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::python::python;
use crate::scripted::Reply::{self, HangUp, Say, Silence};
use crate::scripted::{an_email, an_ent_message, an_sms, http};

const NOW: Moment = Moment(1_584_345_600_999);
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn settings(channel: Channel, url: &str) -> StandardWebhookSettings {
    StandardWebhookSettings {
        private_host: Some("127.0.0.1".to_owned()),
        answer_limit: Span::millis(400),
        ..StandardWebhookSettings::new(channel, url, SecretPlace::Env("UNUSED".to_owned()))
    }
}

fn built(settings: &StandardWebhookSettings, guard: Guard) -> Result<StandardWebhook, BadSettings> {
    let secret = SecretString::from(SECRET);
    StandardWebhook::new("si", settings, &secret, Clock::standing_at(NOW), guard)
}

fn system(url: &str) -> StandardWebhook {
    built(&settings(Channel::Sms, url), Guard::LoopbackOnly).unwrap()
}

// ---- send --------------------------------------------------------------------------------------

/// What is answered to a message, and what it means; `None`: it was taken.
const CASES: [(&str, Reply, Option<FailureKind>); 30] = [
    ("200", Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), None),
    ("a word", Say("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\nok"), None),
    ("202", Say("HTTP/1.1 202 Accepted\r\n\r\n{\"queued\":true}"), None),
    ("204", Say("HTTP/1.1 204 No Content\r\n\r\n"), None),
    ("a page", Say("HTTP/1.1 200 OK\r\n\r\n\n<!doctype html><h1>Sign in"), Some(Misconfigured)),
    (
        "301",
        Say("HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\n\r\n"),
        Some(Misconfigured),
    ),
    (
        "302",
        Say("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"),
        Some(Misconfigured),
    ),
    (
        "307",
        Say("HTTP/1.1 307 There\r\nLocation: http://127.0.0.1:1/\r\n\r\n"),
        Some(Misconfigured),
    ),
    (
        "308",
        Say("HTTP/1.1 308 There\r\nLocation: http://127.0.0.1:1/\r\n\r\n"),
        Some(Misconfigured),
    ),
    ("410", Say("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"), Some(Misconfigured)),
    ("401", Say("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"), Some(Misconfigured)),
    ("403", Say("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), Some(Misconfigured)),
    ("404", Say("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"), Some(Misconfigured)),
    ("405", Say("HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n"), Some(Misconfigured)),
    ("400", Say("HTTP/1.1 400 No\r\nContent-Length: 0\r\n\r\n"), Some(Denied)),
    ("418", Say("HTTP/1.1 418 Teapot\r\nContent-Length: 0\r\n\r\n"), Some(Denied)),
    ("413", Say("HTTP/1.1 413 Long\r\nContent-Length: 0\r\n\r\n"), Some(Refused)),
    ("422", Say("HTTP/1.1 422 No\r\n\r\n+33639980001 is wrong"), Some(Refused)),
    ("429", Say("HTTP/1.1 429 Later\r\nRetry-After: 120\r\n\r\n"), Some(Throttled)),
    ("503 for a while", Say("HTTP/1.1 503 Later\r\nRetry-After: 120\r\n\r\n"), Some(Throttled)),
    ("503", Say("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("500", Say("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("502", Say("HTTP/1.1 502 Oops\r\n\r\n<h1>Bad gateway"), Some(Uncertain)),
    ("504", Say("HTTP/1.1 504 Oops\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("408", Say("HTTP/1.1 408 Late\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("409", Say("HTTP/1.1 409 Known\r\nContent-Length: 0\r\n\r\n"), Some(Uncertain)),
    ("cut short", Say("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nok"), Some(Uncertain)),
    ("not HTTP", Say("250 Ok\r\n"), Some(Uncertain)),
    ("no answer", Silence, Some(Uncertain)),
    ("hung up", HangUp, Some(Uncertain)),
];

#[tokio::test]
async fn every_answer_to_a_webhook_has_its_verdict() {
    for (label, reply, expected) in CASES {
        let server = http::start(vec![("POST", vec![reply])]).await;
        let given = system(&server.root).send(&an_sms("Bonjour")).await;
        assert_eq!(given.as_ref().err().map(|it| it.kind), expected, "{label}: {given:?}");
        if let Err(error) = given {
            assert!(!error.detail.contains("3998"), "{label}: {}", error.detail);
            let expected = label.starts_with("429") || label == "503 for a while";
            let expected = expected.then_some(Duration::from_mins(2));
            assert_eq!(error.retry_after, expected, "{label}");
        }
        assert_eq!(server.asked().len(), 1, "{label}: a message leaves once");
    }
}

#[tokio::test]
async fn nobody_there_is_no_message() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = system(&format!("http://{nobody}")).send(&an_sms("Bonjour")).await.unwrap_err();
    assert_eq!(error.kind, Unreachable, "{error}");
}

#[tokio::test]
async fn each_channel_has_its_fields() {
    let server = http::start(vec![("POST", vec![Say("HTTP/1.1 204 Taken\r\n\r\n")])]).await;
    let url = format!("{}/chappe/?school=0319999Z", server.root);
    for envelope in [an_email(), an_ent_message("u-1"), an_sms("Bonjour")] {
        let settings = settings(envelope.to.channel(), &url);
        let system = built(&settings, Guard::LoopbackOnly).unwrap();
        assert_eq!((system.name(), system.channel()), ("si", envelope.to.channel()));
        let accepted = system.send(&envelope).await.unwrap();
        let answer = "HTTP 204".to_owned();
        assert_eq!(accepted, Accepted { answer, ..Accepted::default() });
    }
    let asked = server.asked();
    assert!(asked.iter().all(|it| it.line == "POST /chappe/?school=0319999Z"), "{asked:?}");
    assert!(asked.iter().all(|it| it.header("content-type") == "application/json"));
    assert!(asked.iter().all(|it| it.header("webhook-timestamp") == "1584345600"));
    let bodies: Vec<Value> =
        asked.iter().map(|it| serde_json::from_str(&it.body).unwrap()).collect();
    let event = |data: Value| json!({ "type": "delivery", "timestamp": "2020-03-16T08:00:00.999Z", "data": data });
    let html = "<p>Le collège ouvre à 10 h.</p>";
    let expected = [
        event(json!({
            "reference": "0199-ab", "channel": "email", "to": "ines.durand@example.org",
            "subject": "Rentrée décalée", "html": html,
            "text": "Bonjour,\n.\n.point en tête\nLe collège ouvre à 10 h.\n",
        })),
        event(json!({
            "reference": "0199-ef", "channel": "ent", "to": "u-1",
            "subject": "Rentrée décalée", "html": html,
        })),
        event(json!({
            "reference": "0199-cd", "channel": "sms", "to": "+33639980001", "text": "Bonjour",
        })),
    ];
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn what_is_sent_again_carries_the_same_id() {
    let replies = vec![Silence, Say("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")];
    let server = http::start(vec![("POST", replies)]).await;
    let system = system(&format!("{}/", server.root));
    assert_eq!(system.when_unknown(), WhenUnknown::Resend);
    assert_eq!(system.send(&an_sms("Bonjour")).await.unwrap_err().kind, Uncertain);
    system.send(&an_sms("Bonjour")).await.unwrap();
    let ids: Vec<_> = server.asked().iter().map(|it| it.header("webhook-id").to_owned()).collect();
    assert_eq!(ids, ["0199-cd", "0199-cd"]);
}

// ---- where to ----------------------------------------------------------------------------------

#[test]
fn only_public_addresses_are_called_unless_the_host_is_named() {
    let refusal = |url: &str, private_host: Option<&str>| {
        let private_host = private_host.map(str::to_owned);
        let settings = StandardWebhookSettings { private_host, ..settings(Channel::Sms, url) };
        built(&settings, Guard::Anywhere).err().map(|error| error.key)
    };
    let inside = [
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://10.0.0.8/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.8]/",
        "https://[fd00::1]:8443/",
        "http://hooks.example.org/",
        "http://localhost/",
        "ftp://hooks.example.org/",
        "https://user:pass@hooks.example.org/",
    ];
    for url in inside {
        assert_eq!(refusal(url, None), Some("url"), "{url}");
        assert_eq!(refusal(url, Some("si.example.org")), Some("url"), "{url}");
    }
    for url in ["https://hooks.example.org/a", "https://193.51.208.13/", "https://[2001:660::1]/"] {
        assert_eq!(refusal(url, None), None, "{url}");
    }
    assert_eq!(refusal("http://si.lan:8080/chappe", Some("SI.lan")), None);
    assert_eq!(refusal("http://10.0.0.8/chappe", Some("10.0.0.8")), None);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/", listener.local_addr().unwrap().port());
    let settings = StandardWebhookSettings { private_host: None, ..settings(Channel::Sms, &url) };
    let system = built(&settings, Guard::LoopbackOnly).unwrap();
    for error in
        [system.send(&an_sms("Bonjour")).await.unwrap_err(), system.check().await.unwrap_err()]
    {
        assert_eq!(error.kind, Unreachable, "{error}");
        assert!(error.detail.contains("not public"), "{error}");
    }
    tokio::select! {
        biased;
        _ = listener.accept() => panic!("it was connected to"),
        () = std::future::ready(()) => {}
    }
    // The same name, allowed, is.
    let private_host = Some("localhost".to_owned());
    let system = built(&StandardWebhookSettings { private_host, ..settings }, Guard::LoopbackOnly);
    let system = system.unwrap();
    let called = tokio::join!(listener.accept(), system.check());
    assert!(called.0.is_ok());
}

#[test]
fn a_secret_that_is_none_and_a_channel_that_people_carry_are_told() {
    let url = "https://hooks.example.org/";
    let clock = Clock::standing_at(NOW);
    let key = |channel, secret: &str| {
        let (settings, secret) = (settings(channel, url), SecretString::from(secret));
        let settings = StandardWebhookSettings { private_host: None, ..settings };
        let built = StandardWebhook::new("si", &settings, &secret, clock.clone(), Guard::Anywhere);
        built.err().map(|error| error.key)
    };
    assert_eq!(key(Channel::Letter, SECRET), Some("channel"));
    assert_eq!(key(Channel::Phone, SECRET), Some("channel"));
    assert_eq!(key(Channel::Sms, "whsec_trop court"), Some("secret"));
    assert_eq!(key(Channel::Sms, SECRET), None);
}

// ---- check -------------------------------------------------------------------------------------

#[tokio::test]
async fn a_check_posts_nothing() {
    let cases = [
        ("HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n", None),
        ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", None),
        ("HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", Some(Misconfigured)),
        ("HTTP/1.1 302 There\r\nContent-Length: 0\r\n\r\n", Some(Misconfigured)),
        ("HTTP/1.1 502 Oops\r\nContent-Length: 0\r\n\r\n", Some(Unreachable)),
    ];
    for (reply, expected) in cases {
        let server = http::start(vec![("HEAD /chappe", vec![Say(reply)])]).await;
        let health = system(&format!("{}/chappe", server.root)).check().await;
        assert_eq!(health.as_ref().err().map(|it| it.kind), expected, "{reply}: {health:?}");
        if let Ok(health) = health {
            let in_french = " ; seul un envoi montrera s’il prend nos messages";
            assert!(health.in_french.ends_with(in_french), "{health:?}");
        }
    }
}

// ---- the reference library of Standard Webhooks ------------------------------------------------

struct Receiver {
    root: String,
    process: Child,
    says: BufReader<ChildStdout>,
}

impl Receiver {
    fn start() -> Self {
        let mut command = Command::new(python());
        command.args(["-c", include_str!("standard_webhook/receiver.py"), SECRET]);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut says = BufReader::new(process.stdout.take().unwrap());
        let mut port = String::new();
        says.read_line(&mut port).unwrap();
        Self { root: format!("http://127.0.0.1:{}/", port.trim()), process, says }
    }

    /// The next event that it took.
    fn took(&mut self) -> Value {
        let mut line = String::new();
        self.says.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Hands it this, signed with that secret, at that time.
    async fn is_sent(
        &self,
        envelope: &Envelope,
        secret: &str,
        clock: Clock,
    ) -> Result<Accepted, SendError> {
        let settings = StandardWebhookSettings {
            answer_limit: Span::secs(20),
            ..settings(envelope.to.channel(), &self.root)
        };
        let secret = SecretString::from(secret);
        let system = StandardWebhook::new("si", &settings, &secret, clock, Guard::LoopbackOnly);
        system.unwrap().send(envelope).await
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn the_reference_library_verifies_what_is_sent() {
    let mut receiver = Receiver::start();
    let text = "Le collège ouvre à 10 h.\n« Prévoir un repas » 🥪 \u{2028} \"\\";
    for envelope in [an_email(), an_ent_message("u-1"), an_sms(text)] {
        receiver.is_sent(&envelope, SECRET, Clock::system()).await.unwrap();
        let took = receiver.took();
        assert_eq!(took["id"], envelope.reference.as_str());
        let data = &took["event"]["data"];
        assert_eq!(data["reference"], envelope.reference.as_str());
        if envelope.to.channel() == Channel::Sms {
            assert_eq!(data["text"], text);
        }
    }
    // Another secret and a clock that is wrong by far are refused there: the check can fail.
    let another = "whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    let refused = receiver.is_sent(&an_email(), another, Clock::system()).await.unwrap_err();
    assert_eq!(refused.kind, Denied, "{refused}");
    let late = receiver.is_sent(&an_email(), SECRET, Clock::standing_at(NOW)).await.unwrap_err();
    assert_eq!(late.kind, Denied, "{late}");
}
