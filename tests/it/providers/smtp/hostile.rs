//! Relays that are broken, or want us to be: each script has its verdict, and none hangs, panics or passes
//! for an acceptance.

use std::time::Duration;

use chappe::clock::Clock;
use chappe::delivery::FailureKind::{
    self, BadAddress, Deferred, Misconfigured, Refused, Uncertain, Unreachable,
};
use chappe::delivery::SendError;
use chappe::providers::{Guard, Provider, Smtp, SmtpSecurity, SmtpSettings};
use chappe::settings::Span;
use secrecy::SecretString;

use crate::scripted::an_email;
use crate::scripted::smtp::Reply::{Drip, Endless, Raw};
use crate::scripted::smtp::{self, Rule};

/// What the relay does at one point, and what it means; `None`: the message was taken.
const SCRIPTS: &[(Rule, Option<FailureKind>)] = &[
    // The greeting.
    (("CONNECT", Raw(b"220 \xff\xfe\x00\x1b[2J\r\n")), None),
    (("CONNECT", Raw(b"220\r\n")), None),
    (("CONNECT", Raw(b"220 only a line feed\n")), None),
    (("CONNECT", Raw(b"\r\n")), Some(Unreachable)),
    (("CONNECT", Raw(b"22\r\n")), Some(Unreachable)),
    (("CONNECT", Raw(b"2200 ESMTP\r\n")), Some(Unreachable)),
    (("CONNECT", Raw(b"100 wait\r\n")), Some(Unreachable)),
    (("CONNECT", Raw(b"999 welcome\r\n")), Some(Unreachable)),
    (("CONNECT", Raw(b"+OK POP3 ready\r\n")), Some(Unreachable)),
    (("CONNECT", Raw(b"SSH-2.0-OpenSSH_9.2\r\n")), Some(Unreachable)),
    (("CONNECT", Raw(b"\x15\x03\x01\x00\x02\x02\x50")), Some(Unreachable)),
    (("CONNECT", Raw(b"220-one\r\n550 another\r\n")), Some(Unreachable)),
    (
        ("CONNECT", Raw(b"220 a\r\n250 b\r\n250 c\r\n250 d\r\n354 e\r\n250 f\r\n")),
        Some(Unreachable),
    ),
    (("CONNECT", Raw(b"554 5.7.1 Acc\xe8s refus\xe9\r\n")), Some(Misconfigured)),
    (("CONNECT", Endless(b"220-")), Some(Unreachable)),
    (("CONNECT", Endless(b"220-again\r\n")), Some(Unreachable)),
    (("CONNECT", Endless(b"\0")), Some(Unreachable)),
    (("CONNECT", Drip(b"220-a relay that takes its time\r\n220 to greet\r\n")), Some(Unreachable)),
    // EHLO.
    (("EHLO", Raw(b"250-\r\n250 \r\n")), None),
    (("EHLO", Raw(b"250-x\r\n250-AUTH \xe9\xe8 =\r\n250 SIZE 99999999999999999999\r\n")), None),
    (("EHLO", Raw(b"250 x\r\n250 y\r\n")), Some(Unreachable)),
    (("EHLO", Raw(b"354 go on\r\n")), Some(Unreachable)),
    (("EHLO", Raw(b"250-and then nothing\r\n")), Some(Unreachable)),
    (("EHLO", Endless(b"250-X\r\n")), Some(Unreachable)),
    (("EHLO", Endless(b"A")), Some(Unreachable)),
    // MAIL FROM.
    (("MAIL", Raw(b"250 a\r\n250 b\r\n250 c\r\n250 d\r\n")), Some(Unreachable)),
    (("MAIL", Raw(b"354 now\r\n")), Some(Unreachable)),
    (("MAIL", Raw(b"000 nothing\r\n")), Some(Unreachable)),
    (("MAIL", Raw(b"550 5.1.8 exp\xe9diteur inconnu\r\n")), Some(Misconfigured)),
    (("MAIL", Endless(b"2")), Some(Unreachable)),
    (("MAIL", Endless(b"550-5.7.1 no\r\n")), Some(Unreachable)),
    // RCPT TO.
    (("RCPT", Raw(b"251 will forward\r\n")), None),
    (("RCPT", Raw(b"252 will try\r\n")), None),
    (("RCPT", Raw(b"550 5.1.1 Bo\xeete inconnue\r\n")), Some(BadAddress)),
    (("RCPT", Raw(b"452 4.2.2 Bo\xeete pleine\r\n")), Some(Deferred)),
    (("RCPT", Raw(b"550 5.1.1 <ines.durand@example.org> \x1b]0;x\x07 no\r\n")), Some(BadAddress)),
    (("RCPT", Raw(b"250-yes\r\n550 no\r\n")), Some(Unreachable)),
    (("RCPT", Raw(b"5500 no\r\n")), Some(Unreachable)),
    (("RCPT", Raw(b"-550 no\r\n")), Some(Unreachable)),
    (("RCPT", Endless(b"550 ")), Some(Unreachable)),
    (
        ("RCPT", Drip(b"550-5.1.1 no such mailbox at this place, we looked everywhere\r\n")),
        Some(Unreachable),
    ),
    // DATA.
    (("DATA", Raw(b"250 ok\r\n")), Some(Unreachable)),
    (("DATA", Raw(b"354 go on\r\n250 taken already\r\n")), Some(Unreachable)),
    (("DATA", Raw(b"354-go\r\n")), Some(Unreachable)),
    (("DATA", Endless(b"354-go\r\n")), Some(Unreachable)),
    // The end of the data.
    ((".", Raw(b"250 pris en charge \xe0 10 h\r\n")), None),
    ((".", Raw(b"250-one\r\n250 two\r\n")), None),
    ((".", Raw(b"251 forwarded\r\n")), None),
    ((".", Raw(b"550 5.1.1 bo\xeete inconnue\r\n")), Some(Refused)),
    ((".", Raw(b"354 go on\r\n")), Some(Uncertain)),
    ((".", Raw(b"220 hello\r\n")), Some(Uncertain)),
    ((".", Raw(b"221 bye\r\n")), Some(Uncertain)),
    ((".", Raw(b"334 VXNlcm5hbWU6\r\n")), Some(Uncertain)),
    ((".", Raw(b"299 fine\r\n")), Some(Uncertain)),
    ((".", Raw(b"150 working\r\n")), Some(Uncertain)),
    ((".", Raw(b"250-yes\r\n550 no\r\n")), Some(Uncertain)),
    ((".", Raw(b"250")), Some(Uncertain)),
    ((".", Raw(b"2\r\n50 ok\r\n")), Some(Uncertain)),
    ((".", Raw(b"\0\0\0\0\r\n")), Some(Uncertain)),
    ((".", Endless(b"250-ok\r\n")), Some(Uncertain)),
    ((".", Endless(b"x")), Some(Uncertain)),
    ((".", Drip(b"250-taken, and I shall tell you the whole story\r\n")), Some(Uncertain)),
];

/// The same for a login.
const LOGINS: &[(Rule, Option<FailureKind>)] = &[
    (("AUTH", Raw(b"250 welcome\r\n")), None),
    (("AUTH", Raw(b"334 \r\n")), Some(Unreachable)),
    (("AUTH", Raw(b"334 cDRzc3cwcmQ=\r\n")), Some(Unreachable)),
    (("AUTH", Raw(b"235 a\r\n235 b\r\n")), Some(Unreachable)),
    (("AUTH", Raw(b"535 Identifiant p\xe9rim\xe9\r\n")), Some(Misconfigured)),
    (("AUTH", Endless(b"334-x\r\n")), Some(Unreachable)),
    (("EHLO", Raw(b"250-x\r\n250 AUTH CRAM-MD5 XOAUTH2\r\n")), Some(Misconfigured)),
    // A login of several questions that is granted before they were asked.
    (("EHLO", Raw(b"250-x\r\n250 AUTH LOGIN\r\n")), Some(Unreachable)),
];

async fn verdict(port: u16, user: Option<&str>) -> Result<(), SendError> {
    let settings = SmtpSettings {
        port: Some(port),
        security: SmtpSecurity::None,
        user: user.map(str::to_owned),
        answer_limit: Span::millis(300),
        final_answer_limit: Span::millis(300),
        ..SmtpSettings::new("127.0.0.1", "secretariat@example.org")
    };
    let password = user.map(|_| SecretString::from("p4ssw0rd"));
    let clock = Clock::system();
    let relay = Smtp::new("relay", &settings, password, clock, Guard::LoopbackOnly).unwrap();
    // Each phase has its limit: far more than all of them together is a hang.
    let envelope = an_email();
    let sent = tokio::time::timeout(Duration::from_secs(10), relay.send(&envelope));
    sent.await.expect("the relay holds us").map(|_| ())
}

async fn is_judged(scripts: &[(Rule, Option<FailureKind>)], pipelining: bool, user: Option<&str>) {
    for &(rule, expected) in scripts {
        let server = smtp::start(vec![rule], pipelining, usize::MAX).await;
        let given = verdict(server.address.port(), user).await;
        let label = format!("{rule:?}, pipelining: {pipelining}: {given:?}");
        assert_eq!(given.as_ref().err().map(|error| error.kind), expected, "{label}");
        if let Err(error) = given {
            assert!(!error.detail.contains("durand") && !error.detail.contains("p4ss"), "{label}");
            assert!(!error.detail.contains(char::is_control), "{label}");
        }
    }
}

#[tokio::test]
async fn every_hostile_script_has_its_verdict() {
    assert!(SCRIPTS.len() + LOGINS.len() >= 45);
    is_judged(SCRIPTS, false, None).await;
}

#[tokio::test]
async fn every_hostile_script_has_its_verdict_where_all_is_said_at_once() {
    is_judged(SCRIPTS, true, None).await;
}

#[tokio::test]
async fn every_hostile_login_has_its_verdict() {
    is_judged(LOGINS, false, Some("college")).await;
}
