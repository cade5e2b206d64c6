//! What leaves for a relay, and by how many connections.

mod hostile;
mod named;
mod tls;
mod verdicts;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use chappe::clock::{Clock, Moment};
use chappe::delivery::{Content, Envelope, FailureKind};
use chappe::demo::mailbox::MailStandIn;
use chappe::providers::{Guard, Provider, Smtp, SmtpSecurity, SmtpSettings, WhenUnknown};
use chappe::settings::{Pace, Span};
use secrecy::SecretString;
use tempfile::TempDir;

use crate::scripted::smtp::Reply::{Drip, Say};
use crate::scripted::{an_email, smtp};

fn settings(port: u16) -> SmtpSettings {
    SmtpSettings {
        port: Some(port),
        security: SmtpSecurity::None,
        from_name: "Collège Jean Moulin".to_owned(),
        reply_to: Some("vie.scolaire@example.org".to_owned()),
        return_path: Some("retours@example.org".to_owned()),
        ..SmtpSettings::new("127.0.0.1", "secretariat@example.org")
    }
}

fn relay(settings: &SmtpSettings) -> Smtp {
    let clock = Clock::standing_at(Moment(1_584_345_600_000));
    Smtp::new("relay", settings, None, clock, Guard::LoopbackOnly).unwrap()
}

async fn mailbox() -> (MailStandIn, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (MailStandIn::start(folder.path()).await.unwrap(), folder)
}

/// The only message of the mailbox, and its headers unfolded.
fn the_message(mailbox: &MailStandIn) -> (Vec<String>, String) {
    let files: Vec<_> = std::fs::read_dir(mailbox.folder().join("new")).unwrap().collect();
    assert_eq!(files.len(), 1);
    let text = std::fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
    let (headers, body) = text.split_once("\r\n\r\n").unwrap();
    let headers = headers.replace("\r\n ", " ").split("\r\n").map(str::to_owned).collect();
    (headers, body.to_owned())
}

#[tokio::test]
async fn a_message_carries_all_that_a_mail_reader_wants() {
    let (mailbox, _folder) = mailbox().await;
    let relay = relay(&settings(mailbox.address().port()));
    relay.send(&an_email()).await.unwrap();
    let (headers, body) = the_message(&mailbox);
    for expected in [
        "Return-Path: <retours@example.org>",
        "From: =?utf-8?b?Q29sbMOoZ2UgSmVhbiBNb3VsaW4=?= <secretariat@example.org>",
        "To: =?utf-8?b?SW7DqHMgRFVSQU5E?= <ines.durand@example.org>",
        "Reply-To: vie.scolaire@example.org",
        "Date: Mon, 16 Mar 2020 08:00:00 +0000",
        "Message-ID: <0199-ab@example.org>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
    ] {
        assert!(headers.iter().any(|header| header == expected), "{expected} in {headers:#?}");
    }
    let kind = headers.iter().find(|header| header.starts_with("Content-Type:")).unwrap();
    assert!(kind.contains("multipart/alternative"), "{kind}");
    assert!(body.find("text/plain").unwrap() < body.find("text/html").unwrap());
    assert!(body.contains("\r\n.\r\n.point en t"), "dots at the head of a line stay: {body}");
    assert!(!body.contains("\r\n..point"), "and are not doubled: {body}");
}

#[tokio::test]
async fn no_field_can_begin_another_header() {
    let hostile = "X\r\nBcc: espion@example.org\r\n\r\n<b>\u{2028}\u{0}\u{85}\n Bcc: a@example.org";
    let (mailbox, _folder) = mailbox().await;
    let settings =
        SmtpSettings { from_name: hostile.to_owned(), ..settings(mailbox.address().port()) };
    let envelope = Envelope {
        name: hostile.to_owned(),
        content: Content::Email {
            subject: hostile.to_owned(),
            text: "texte\r\n.\r\nMAIL FROM:<espion@example.org>\r\n".to_owned(),
            html: "<p>texte</p>".to_owned(),
        },
        ..an_email()
    };
    relay(&settings).send(&envelope).await.unwrap();
    let (headers, _) = the_message(&mailbox);
    assert!(!headers.iter().any(|header| header.to_lowercase().starts_with("bcc")), "{headers:#?}");
    let recipients = mailbox.commands().iter().filter(|it| it.starts_with("RCPT")).count();
    let senders = mailbox.commands().iter().filter(|it| it.starts_with("MAIL")).count();
    assert_eq!((recipients, senders, mailbox.messages()), (1, 1, 1));
}

#[tokio::test]
async fn a_reference_that_is_no_word_is_refused() {
    let (mailbox, _folder) = mailbox().await;
    let relay = relay(&settings(mailbox.address().port()));
    for reference in ["a>\r\nBcc: x@example.org", "a b", "a@b", "é"] {
        let envelope = Envelope { reference: reference.to_owned(), ..an_email() };
        let error = relay.send(&envelope).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Refused, "{reference:?}");
    }
    assert_eq!(mailbox.dialogues(), 0);
}

#[tokio::test]
async fn a_second_copy_carries_the_same_message_id() {
    let (mailbox, _folder) = mailbox().await;
    let relay = relay(&settings(mailbox.address().port()));
    assert_eq!(relay.when_unknown(), WhenUnknown::Resend);
    mailbox.hang_up_after_data(true);
    assert_eq!(relay.send(&an_email()).await.unwrap_err().kind, FailureKind::Uncertain);
    mailbox.hang_up_after_data(false);
    relay.send(&an_email()).await.unwrap();
    assert_eq!(mailbox.count("<0199-ab@example.org>"), 2);
    assert_eq!(mailbox.messages(), 2);
}

#[tokio::test]
async fn one_connection_carries_message_after_message_also_past_a_refusal() {
    let (mailbox, _folder) = mailbox().await;
    let relay = relay(&settings(mailbox.address().port()));
    mailbox.refuse("ines.durand@example.org");
    assert_eq!(relay.send(&an_email()).await.unwrap_err().kind, FailureKind::BadAddress);
    let elsewhere = chappe::email_address::EmailAddress::parse("paul@example.org").unwrap();
    let to = chappe::people::ContactPoint::Email(elsewhere);
    for _ in 0..10 {
        relay.send(&Envelope { to: to.clone(), ..an_email() }).await.unwrap();
    }
    assert_eq!((mailbox.dialogues(), mailbox.messages()), (1, 10));
}

#[tokio::test]
async fn no_more_connections_are_open_than_allowed() {
    let (mailbox, _folder) = mailbox().await;
    let settings = SmtpSettings {
        pace: Pace { at_once: 3, ..Pace::default() },
        ..settings(mailbox.address().port())
    };
    let relay = Arc::new(relay(&settings));
    let sends: Vec<_> = (0..40)
        .map(|number| {
            let relay = Arc::clone(&relay);
            let envelope = Envelope { reference: format!("ref-{number}"), ..an_email() };
            tokio::spawn(async move { relay.send(&envelope).await })
        })
        .collect();
    for send in sends {
        send.await.unwrap().unwrap();
    }
    assert_eq!(mailbox.messages(), 40);
    assert!(mailbox.dialogues() <= 3, "{}", mailbox.dialogues());
    assert!((0..40).all(|number| mailbox.count(&format!("<ref-{number}@example.org>")) == 1));
}

#[tokio::test]
async fn a_connection_is_closed_after_its_share_of_messages() {
    let (mailbox, _folder) = mailbox().await;
    let settings =
        SmtpSettings { connection_max_messages: 2, ..settings(mailbox.address().port()) };
    let relay = relay(&settings);
    for _ in 0..5 {
        relay.send(&an_email()).await.unwrap();
    }
    assert_eq!(mailbox.dialogues(), 3);
    assert_eq!(mailbox.commands().iter().filter(|it| *it == "QUIT").count(), 2);
}

#[tokio::test]
async fn a_connection_that_idled_too_long_is_not_used_again() {
    let (mailbox, _folder) = mailbox().await;
    let settings =
        SmtpSettings { idle_limit: Span::millis(0), ..settings(mailbox.address().port()) };
    let relay = relay(&settings);
    for _ in 0..3 {
        relay.send(&an_email()).await.unwrap();
    }
    assert_eq!(mailbox.dialogues(), 3);
}

#[tokio::test]
async fn a_relay_that_hung_up_between_two_messages_costs_no_message() {
    for pipelining in [false, true] {
        let server = smtp::start(Vec::new(), pipelining, 1).await;
        let relay = relay(&settings(server.address.port()));
        for _ in 0..4 {
            relay.send(&an_email()).await.unwrap();
        }
        assert_eq!(server.dialogues.load(Ordering::SeqCst), 4);
    }
}

#[tokio::test]
async fn a_login_by_questions_is_answered_in_their_order() {
    let rules = vec![
        ("EHLO", Say("250-scripted\r\n250 AUTH LOGIN")),
        ("AUTH LOGIN", Say("334 VXNlcm5hbWU6")),
        ("Y29sbGVnZQ==", Say("334 UGFzc3dvcmQ6")),
        ("cDRzc3cwcmQ=", Say("235 2.7.0 Bienvenue")),
    ];
    let server = smtp::start(rules, false, usize::MAX).await;
    let user = Some("college".to_owned());
    let settings = SmtpSettings { user, ..settings(server.address.port()) };
    let password = Some(SecretString::from("p4ssw0rd"));
    let clock = Clock::system();
    let relay = Smtp::new("relay", &settings, password, clock, Guard::LoopbackOnly).unwrap();
    relay.send(&an_email()).await.unwrap();
}

#[tokio::test]
async fn a_relay_that_makes_us_wait_at_every_step_does_not_keep_a_message() {
    // Each answer is in time, all of them together are not.
    let slowly = |octets: &'static [u8]| Drip(octets);
    let rules = vec![
        ("CONNECT", slowly(b"220 r\r\n")),
        ("EHLO", slowly(b"250 r\r\n")),
        ("MAIL", slowly(b"250 r\r\n")),
        ("RCPT", slowly(b"250 r\r\n")),
        ("DATA", slowly(b"354 r\r\n")),
    ];
    let server = smtp::start(rules, false, usize::MAX).await;
    let settings =
        SmtpSettings { answer_limit: Span::millis(400), ..settings(server.address.port()) };
    let error = relay(&settings).send(&an_email()).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unreachable, "{error}");
}

#[tokio::test]
async fn a_check_sends_nothing() {
    let (mailbox, _folder) = mailbox().await;
    let health = relay(&settings(mailbox.address().port())).check().await.unwrap();
    let port = mailbox.address().port();
    assert_eq!(health.summary, format!("relay 127.0.0.1:{port}, in clear"));
    assert_eq!(health.in_french, format!("relais 127.0.0.1:{port}, en clair"));
    assert_eq!(mailbox.messages(), 0);
    assert!(!mailbox.commands().iter().any(|command| command.starts_with("MAIL")));
}

#[test]
fn settings_that_cannot_work_are_refused_with_their_key() {
    let good = SmtpSettings::new("relais.example.org", "secretariat@example.org");
    let in_clear = SmtpSettings { security: SmtpSecurity::None, ..good.clone() };
    let user = Some("college".to_owned());
    let cases = [
        ("host", Guard::LoopbackOnly, good.clone()),
        ("security", Guard::Anywhere, in_clear.clone()),
        ("from", Guard::Anywhere, SmtpSettings { from: "personne".to_owned(), ..good.clone() }),
        ("password", Guard::Anywhere, SmtpSettings { user, ..good.clone() }),
        (
            "authority",
            Guard::Anywhere,
            SmtpSettings { authority: Some("/nulle/part.pem".into()), ..good.clone() },
        ),
        (
            "message_id_domain",
            Guard::Anywhere,
            SmtpSettings { message_id_domain: Some("a>\r\nb".to_owned()), ..good.clone() },
        ),
        (
            "hello",
            Guard::Anywhere,
            SmtpSettings { hello: Some("a\r\nMAIL".to_owned()), ..good.clone() },
        ),
    ];
    for (key, guard, settings) in cases {
        let Err(error) = Smtp::new("relay", &settings, None, Clock::system(), guard) else {
            panic!("{key} was not refused");
        };
        assert_eq!(error.key, key, "{error}");
    }
    let allowed = SmtpSettings { allow_plaintext: true, ..in_clear };
    assert!(Smtp::new("relay", &allowed, None, Clock::system(), Guard::Anywhere).is_ok());
    let orphan = Some(SecretString::from("p4ssw0rd"));
    let Err(error) = Smtp::new("relay", &good, orphan, Clock::system(), Guard::Anywhere) else {
        panic!("a password without user was not refused");
    };
    assert!(!error.to_string().contains("p4ssw0rd"));
}

#[test]
fn settings_are_read_as_a_person_writes_them() {
    let settings: SmtpSettings = toml::from_str(
        r#"
        host = "relais.example.org"
        security = "tls"
        user = "college"
        password = { file = "/run/credentials/chappe/relay" }
        from = "secretariat@example.org"
        answer_limit = "45s"
        pace = { at_once = 4, per_minute = 300 }
        "#,
    )
    .unwrap();
    assert_eq!(settings.security.default_port(), 465);
    assert_eq!(settings.answer_limit, Span::secs(45));
    assert_eq!((settings.pace.at_once, settings.connection_max_messages), (4, 100));
    let wrong = "host = \"a\"\nfrom = \"b@example.org\"\npasword = \"secret\"\n";
    let error = toml::from_str::<SmtpSettings>(wrong).unwrap_err();
    assert!(error.to_string().contains("pasword"), "{error}");
}
