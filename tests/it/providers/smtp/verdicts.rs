//! What a relay's replies mean: by a scripted server, and by Postfix's own test server.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chappe::clock::Clock;
use chappe::delivery::FailureKind::{
    self, BadAddress, Deferred, Denied, Misconfigured, OverQuota, Refused, Throttled, Uncertain,
    Unreachable,
};
use chappe::delivery::{Content, Envelope, SendError};
use chappe::providers::{Guard, Provider, Smtp, SmtpSecurity, SmtpSettings};
use chappe::settings::Span;
use secrecy::SecretString;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::scripted::an_email;
use crate::scripted::smtp::Reply::{HangUp, Say, Silence};
use crate::scripted::smtp::{self, Rule};

/// What the relay does at one point, and what it means; `None`: the message was taken.
const CASES: &[(Rule, Option<FailureKind>)] = &[
    (("NOTHING", HangUp), None),
    (("CONNECT", Say("421 4.3.2 Too busy")), Some(Throttled)),
    (("CONNECT", Say("554 5.7.1 You are on a list")), Some(Misconfigured)),
    (("CONNECT", Say("HTTP/1.1 400 Bad Request")), Some(Unreachable)),
    (("CONNECT", HangUp), Some(Unreachable)),
    (("CONNECT", Silence), Some(Unreachable)),
    (("EHLO", Say("421 4.3.2 Too busy")), Some(Throttled)),
    (("EHLO", Say("550 5.7.1 Not you")), Some(Misconfigured)),
    (("EHLO", Say("250 scripted")), Some(Misconfigured)),
    (("AUTH", Say("535 5.7.8 Wrong password")), Some(Misconfigured)),
    (("AUTH", Say("534 5.7.9 Too weak")), Some(Misconfigured)),
    (("AUTH", Say("454 4.7.0 Directory is away")), Some(Throttled)),
    (("AUTH", HangUp), Some(Unreachable)),
    (("MAIL", Say("451 4.3.0 Later")), Some(Throttled)),
    (("MAIL", Say("450 4.7.1 sender rate limit exceeded")), Some(Throttled)),
    (("MAIL", Say("421 4.3.2 Too busy")), Some(Throttled)),
    (("MAIL", Say("530 5.7.0 Log in first")), Some(Misconfigured)),
    (("MAIL", Say("550 5.7.1 Sender refused")), Some(Misconfigured)),
    (("MAIL", Say("550 5.1.8 Unknown sender")), Some(Misconfigured)),
    (("MAIL", Say("550 5.4.5 Daily sending quota exceeded")), Some(OverQuota)),
    (("MAIL", Say("550 5.6.7 No such address in clear")), Some(Refused)),
    (("MAIL", HangUp), Some(Unreachable)),
    (("MAIL", Silence), Some(Unreachable)),
    (("RCPT", Say("421 4.3.2 Too busy")), Some(Throttled)),
    // Not this one, not now.
    (("RCPT", Say("450 4.2.0 <ines.durand@example.org>: Greylisted")), Some(Deferred)),
    (("RCPT", Say("451 4.7.1 Greylisting in action, come back")), Some(Deferred)),
    (("RCPT", Say("421 4.7.0 Greylisted")), Some(Deferred)),
    (("RCPT", Say("450 4.1.1 Address not verified yet")), Some(Deferred)),
    (("RCPT", Say("450 4.2.1 The user receives mail too quickly")), Some(Deferred)),
    (("RCPT", Say("452 4.2.2 Mailbox full")), Some(Deferred)),
    (("RCPT", Say("452 4.2.2 The account that you tried to reach is over quota")), Some(Deferred)),
    (("RCPT", Say("450 Requested action not taken")), Some(Deferred)),
    (("RCPT", Say("452 Mailbox full")), Some(Deferred)),
    // Not so many, or not now, of anybody.
    (("RCPT", Say("450 4.7.0 Transmit rate limit exceeded")), Some(Throttled)),
    (("RCPT", Say("450 Too many messages")), Some(Throttled)),
    (("RCPT", Say("450 4.1.8 Sender domain not found")), Some(Throttled)),
    (("RCPT", Say("451 4.7.1 Later")), Some(Throttled)),
    (("RCPT", Say("452 4.3.1 Disk full")), Some(Throttled)),
    (("RCPT", Say("451 4.3.0 Temporary lookup failure")), Some(Throttled)),
    (("RCPT", Say("452 Insufficient storage")), Some(Throttled)),
    // No such address.
    (("RCPT", Say("550 5.1.1 <ines.durand@example.org>: unknown")), Some(BadAddress)),
    (("RCPT", Say("550-5.1.1 No such\r\n550 5.1.1 user")), Some(BadAddress)),
    (("RCPT", Say("550 5.1.2 No such domain")), Some(BadAddress)),
    (("RCPT", Say("550 No such user")), Some(BadAddress)),
    (("RCPT", Say("550 <daily.relaying@example.org>: unknown")), Some(BadAddress)),
    (("RCPT", Say("550 User unknown in relay recipient table")), Some(BadAddress)),
    (("RCPT", Say("551 5.1.6 Moved")), Some(BadAddress)),
    (("RCPT", Say("553 5.1.3 Bad syntax")), Some(BadAddress)),
    (("RCPT", Say("556 5.1.10 No mail there")), Some(BadAddress)),
    // However it names the recipient.
    (("RCPT", Say("550 5.1.1 Inès Durand: pas de boîte ici")), Some(BadAddress)),
    (("RCPT", Say("550 5.1.1 ines_durand%example.org")), Some(BadAddress)),
    (("RCPT", Say("550 5.1.1 ines.durand(at)example.org")), Some(BadAddress)),
    (("RCPT", Say("550 5.1.1 \u{202E}In\u{200B}es DURAND, unknown")), Some(BadAddress)),
    // Not this one.
    (("RCPT", Say("552 5.2.2 Mailbox full")), Some(Refused)),
    (("RCPT", Say("552 Mailbox full")), Some(Refused)),
    (("RCPT", Say("550 5.2.1 Mailbox disabled")), Some(Refused)),
    (("RCPT", Say("550 5.4.1 Recipient address rejected: Access denied")), Some(Refused)),
    // Not this one, or not us.
    (("RCPT", Say("550 5.7.1 Policy")), Some(Denied)),
    (("RCPT", Say("554 5.7.1 <ines.durand@example.org>: Relay access denied")), Some(Denied)),
    (("RCPT", Say("550 5.7.1 Client host blocked using a list")), Some(Denied)),
    (("RCPT", Say("550 relay not permitted")), Some(Denied)),
    (("RCPT", Say("554 No")), Some(Denied)),
    (("RCPT", Say("550 5.3.2 System not accepting messages")), Some(Denied)),
    (("RCPT", Say("503 5.5.1 Out of order")), Some(Denied)),
    (("RCPT", Say("554 5.7.1 Daily sending quota exceeded")), Some(Denied)),
    (("RCPT", Say("452 4.7.1 Messages per day exceeded")), Some(Denied)),
    (("RCPT", Say("450 4.7.1 <a@b>: recipient gets too many messages per hour")), Some(Denied)),
    (("RCPT", Say("550 5.7.1 <a@b>: Sender address rejected: Access denied")), Some(Denied)),
    (("RCPT", Say("550 5.1.0 <a@b>: Sender address rejected: unknown")), Some(Denied)),
    (("RCPT", Say("553 5.1.8 Sender domain not found")), Some(Denied)),
    // Not us.
    (("MAIL", Say("550 5.7.1 <a@b>: Sender address rejected: Access denied")), Some(Misconfigured)),
    (("MAIL", Say("452 4.7.1 Too many messages per hour")), Some(OverQuota)),
    (("RCPT", Say("550 5.4.5 Daily user sending limit exceeded")), Some(OverQuota)),
    (("RCPT", Say("530 5.7.0 Log in first")), Some(Misconfigured)),
    (("RCPT", HangUp), Some(Unreachable)),
    (("RCPT", Silence), Some(Unreachable)),
    (("DATA", Say("451 4.3.0 Later")), Some(Throttled)),
    (("DATA", Say("554 5.6.0 No")), Some(Refused)),
    (("DATA", Say("554 5.5.1 No valid recipients")), Some(Denied)),
    (("DATA", HangUp), Some(Unreachable)),
    (("DATA", Silence), Some(Unreachable)),
    ((".", Say("451 4.3.0 Disk full")), Some(Throttled)),
    ((".", Say("451 4.7.1 Greylisted")), Some(Deferred)),
    ((".", Say("452 4.2.2 Mailbox full")), Some(Deferred)),
    ((".", Say("421 4.3.2 Going down")), Some(Throttled)),
    ((".", Say("552 Message would take you over your relay quota of 500")), Some(Denied)),
    ((".", Say("552 5.3.4 Too big")), Some(Refused)),
    ((".", Say("552 5.2.2 Mailbox full")), Some(Refused)),
    ((".", Say("550 5.1.1 Unknown")), Some(Refused)),
    ((".", Say("554 5.6.0 Spam")), Some(Refused)),
    ((".", Say("554 5.7.1 Spam message rejected")), Some(Refused)),
    ((".", Say("554 5.7.1 Not allowed to send as this sender")), Some(Denied)),
    ((".", Say("tout va bien")), Some(Uncertain)),
    ((".", Say("<html><body>proxy</body></html>")), Some(Uncertain)),
    ((".", HangUp), Some(Uncertain)),
    ((".", Silence), Some(Uncertain)),
];

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        port: Some(port),
        security: SmtpSecurity::None,
        user: Some("college".to_owned()),
        answer_limit: Span::millis(300),
        final_answer_limit: Span::millis(300),
        ..SmtpSettings::new("127.0.0.1", "secretariat@example.org")
    }
}

async fn verdict(settings: &SmtpSettings) -> Result<(), SendError> {
    let password = settings.user.as_ref().map(|_| SecretString::from("p4ssw0rd"));
    let relay =
        Smtp::new("relay", settings, password, Clock::system(), Guard::LoopbackOnly).unwrap();
    relay.send(&an_email()).await.map(|_| ())
}

#[tokio::test]
async fn every_reply_of_a_relay_has_its_verdict() {
    for pipelining in [false, true] {
        for &(rule, expected) in CASES {
            let server = smtp::start(vec![rule], pipelining, usize::MAX).await;
            let given = verdict(&settings(server.address.port())).await;
            let label = format!("{rule:?}, pipelining: {pipelining}: {given:?}");
            assert_eq!(given.as_ref().err().map(|error| error.kind), expected, "{label}");
            if let Err(error) = given {
                let told = error.detail.to_lowercase();
                assert!(!["durand", "inès", "ines"].iter().any(|it| told.contains(it)), "{label}");
                assert!(!told.contains('\u{202E}'), "{label}");
                assert!(!error.detail.contains("p4ssw0rd"), "{label}");
                assert!(!error.detail.is_empty(), "{label}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_relay_says_of_what_it_took_names_nobody() {
    let rule = (".", Say("250 2.0.0 queued for Ines DURAND, ines_durand%example.org"));
    let server = smtp::start(vec![rule], true, usize::MAX).await;
    let settings = SmtpSettings { user: None, ..settings(server.address.port()) };
    let relay = Smtp::new("relay", &settings, None, Clock::system(), Guard::LoopbackOnly).unwrap();
    let taken = relay.send(&an_email()).await.unwrap();
    assert_eq!(taken.answer, "2.0.0 queued for … …, …_…%example.org");
}

#[tokio::test]
async fn a_relay_that_is_not_there_is_unreachable() {
    let port = free_port();
    let error = verdict(&settings(port)).await.unwrap_err();
    assert_eq!(error.kind, Unreachable);
}

#[tokio::test]
async fn a_relay_that_waits_for_data_despite_its_refusal_is_hung_up_on() {
    let rules = vec![("RCPT", Say("550 5.1.1 Unknown"))];
    let server = smtp::start(rules, true, usize::MAX).await;
    let settings = SmtpSettings { user: None, ..settings(server.address.port()) };
    let clock = Clock::system();
    let relay = Smtp::new("relay", &settings, None, clock, Guard::LoopbackOnly).unwrap();
    for _ in 0..3 {
        assert_eq!(relay.send(&an_email()).await.unwrap_err().kind, BadAddress);
    }
    assert_eq!(server.dialogues.load(std::sync::atomic::Ordering::SeqCst), 3);
}

/// The relay asks for the message and then reads nothing of it.
async fn a_relay_that_stops_reading() -> (u16, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let running = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 scripted\r\n").await.unwrap();
        let mut line = String::new();
        while !line.starts_with("DATA") {
            line.clear();
            stream.read_line(&mut line).await.unwrap();
            let reply = if line.starts_with("DATA") { "354 Go on" } else { "250 Ok" };
            stream.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
        }
        std::future::pending::<()>().await;
    });
    (port, running)
}

#[tokio::test]
async fn a_message_that_had_not_wholly_left_is_not_uncertain() {
    let (port, running) = a_relay_that_stops_reading().await;
    let settings = SmtpSettings { user: None, ..settings(port) };
    let clock = Clock::system();
    let relay = Smtp::new("relay", &settings, None, clock, Guard::LoopbackOnly).unwrap();
    let html = "<p>Le collège ouvre à 10 h.</p>".repeat(500_000);
    let content = Content::Email { subject: String::new(), text: String::new(), html };
    let error = relay.send(&Envelope { content, ..an_email() }).await.unwrap_err();
    assert_eq!(error.kind, Unreachable, "{error}");
    running.abort();
}

// ---- Postfix's smtp-sink -----------------------------------------------------------------------

struct Sink {
    port: u16,
    process: Child,
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

async fn smtp_sink(flags: &[&str]) -> Sink {
    let port = free_port();
    let mut command = Command::new("/usr/sbin/smtp-sink");
    let user = Command::new("id").arg("-u").output().unwrap();
    if user.stdout == b"0\n" {
        command.args(["-u", "nobody"]);
    }
    command.args(flags).arg(format!("127.0.0.1:{port}")).arg("64");
    let process = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("smtp-sink is missing: apt-get install postfix");
    let sink = Sink { port, process };
    let listening = async {
        while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), listening).await.expect("smtp-sink is silent");
    sink
}

/// What smtp-sink is told to do, and what it means.
const SINK_CASES: [(&[&str], Option<FailureKind>); 17] = [
    (&[], None),
    (&["-p"], None),
    (&["-8"], None),
    (&["-r", "CONNECT"], Some(Throttled)),
    (&["-f", "CONNECT"], Some(Misconfigured)),
    (&["-r", "MAIL"], Some(Throttled)),
    (&["-f", "MAIL"], Some(Misconfigured)),
    (&["-r", "RCPT"], Some(Throttled)),
    (&["-f", "RCPT", "-B", "550 5.1.1 unknown"], Some(BadAddress)),
    (&["-f", "RCPT"], Some(Denied)),
    (&["-r", "DATA"], Some(Throttled)),
    (&["-f", "."], Some(Denied)),
    (&["-r", "."], Some(Throttled)),
    (&["-Q", "MAIL"], Some(Throttled)),
    (&["-q", "RCPT"], Some(Unreachable)),
    (&["-q", "DATA"], Some(Unreachable)),
    (&["-q", "."], Some(Uncertain)),
];

#[tokio::test]
async fn what_postfix_s_sink_does_has_its_verdict() {
    for (flags, expected) in SINK_CASES {
        let sink = smtp_sink(flags).await;
        let settings = SmtpSettings {
            user: None,
            answer_limit: Span::secs(10),
            final_answer_limit: Span::secs(10),
            ..settings(sink.port)
        };
        let given = verdict(&settings).await;
        assert_eq!(given.as_ref().err().map(|it| it.kind), expected, "{flags:?}: {given:?}");
    }
}
