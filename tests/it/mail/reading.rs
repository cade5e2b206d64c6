//! What Postfix 3.7.11, Exim 4.96, `OpenSMTPD` 6.8.0p2, Dovecot 2.3.19 and Pigeonhole 0.5.19 wrote, made by running them:
//! a relay handed the mail on to a server that answered RCPT as the file's name says. `mail::servers` makes such mails anew.

use std::path::Path;

use chappe::mail::{self, Arrival, BounceCause, Mail, MailFate, MailKind};

/// The mail of this name, as it came.
pub(super) fn real(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mail/real");
    std::fs::read(folder.join(format!("{name}.eml"))).unwrap()
}

fn read(name: &str) -> Mail {
    mail::read(&real(name), &Arrival { return_path: Some(""), ..Arrival::default() })
}

/// The only report of a bounce: of whom, and what it says.
fn report(name: &str) -> (String, MailFate) {
    let MailKind::Bounce(reports) = read(name).kind else { panic!("{name} is no bounce") };
    let [report] = reports.as_slice() else { panic!("{name}: {} reports", reports.len()) };
    (report.recipient.split_once('@').unwrap().0.to_owned(), report.fate)
}

const NOBODY: MailFate = MailFate::Failed(BounceCause::Address);
const FULL: MailFate = MailFate::Failed(BounceCause::Recipient);
const OURS: MailFate = MailFate::Failed(BounceCause::Sender);

#[test]
fn every_server_s_bounce_says_what_its_cause_was() {
    for server in ["postfix", "exim", "opensmtpd"] {
        for (name, recipient, fate) in [
            ("unknown", "inconnu", NOBODY),
            ("no-code", "sanscode", NOBODY),
            ("over-quota", "plein5", FULL),
            ("our-quota", "quota", OURS),
            ("relay-denied", "relais", OURS),
            ("taken", "bien", MailFate::HandedOver),
        ] {
            let name = format!("{server}-{name}");
            assert_eq!(report(&name), (recipient.to_owned(), fate), "{name}");
        }
    }
    assert_eq!(report("postfix-dovecot-full"), ("plein".to_owned(), FULL));
}

#[test]
fn a_delay_is_no_verdict_until_the_server_gives_up() {
    for server in ["postfix", "opensmtpd"] {
        for (name, recipient) in [("full-delayed", "plein"), ("greylisted-delayed", "gris")] {
            let name = format!("{server}-{name}");
            assert_eq!(report(&name), (recipient.to_owned(), MailFate::Delayed), "{name}");
        }
    }
    for name in ["postfix-full", "postfix-greylisted", "exim-full", "exim-greylisted"] {
        assert_eq!(report(&format!("{name}-given-up")).1, FULL, "{name}");
    }
    // OpenSMTPD calls that "delayed" too: its last word is known by the code of a time that ran out.
    for name in ["opensmtpd-full-expired", "opensmtpd-greylisted-expired"] {
        assert_eq!(report(name).1, FULL, "{name}");
    }
}

#[test]
fn a_sieve_script_that_rejects_is_heard_although_the_server_took_the_mail() {
    assert_eq!(report("dovecot-sieve-reject"), ("refus".to_owned(), FULL));
}

#[test]
fn a_vacation_note_is_no_answer() {
    let note = read("dovecot-vacation");
    assert_eq!(note.kind, MailKind::Automatic);
    assert_eq!(note.words, "Je suis absente.");
    // Also where a mailbox does not tell whose return path it had.
    assert_eq!(
        mail::read(&real("dovecot-vacation"), &Arrival::default()).kind,
        MailKind::Automatic
    );
}

#[test]
fn every_mail_of_a_server_names_the_one_that_it_is_about() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mail/real");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let raw = std::fs::read(&path).unwrap();
        // The address that it came to is one of its headers; what is inside it names ours as well.
        for raw in [raw.clone(), without_address(&raw)] {
            let mail = mail::read(&raw, &Arrival::default());
            let is_named = mail.sealed.iter().any(|it| is_ours(it));
            assert!(is_named, "{}: {:?}", path.display(), mail.sealed);
            seen += 1;
        }
    }
    assert!(seen > 50, "{seen}");
}

/// Whether it is written as the references are that those mails had.
fn is_ours(word: &str) -> bool {
    let word = word.to_uppercase();
    word.len() == 18 && word.contains("K4M-00") && word.contains("B-TTTTTTT")
}

/// The mail as if it had come to an address without anything behind a `+`.
fn without_address(raw: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(raw.to_vec()).unwrap();
    let head = text.find("\r\n\r\n").unwrap();
    let (head, rest) = text.split_at(head);
    let plain: Vec<&str> = head.split("\r\n").filter(|line| !line.contains("retours+")).collect();
    let lines: Vec<&str> = rest.split("\r\n").filter(|line| !line.contains("retours+")).collect();
    format!("{}{}", plain.join("\r\n"), lines.join("\r\n")).into_bytes()
}

#[test]
fn the_same_mail_brought_twice_is_known_whatever_servers_added_above_it() {
    let raw = real("postfix-unknown");
    let again =
        [b"Delivered-To: retours@ecole.example.org\r\nReceived: by b.example.org\r\n", &raw[..]];
    let digest = |raw: &[u8]| mail::read(raw, &Arrival::default()).digest;
    assert_eq!(digest(&raw), digest(&again.concat()));
    assert_ne!(digest(&raw), digest(&real("postfix-over-quota")));
    let other = String::from_utf8(raw.clone()).unwrap().replace("User unknown", "User known");
    assert_ne!(digest(&raw), digest(other.as_bytes()), "an id alone keeps no other mail out");
}

const ANSWER: &str = "Return-Path: <ines.durand@example.org>\r\n\
    From: =?utf-8?q?In=C3=A8s?= Durand <ines.durand@example.org>\r\n\
    To: Secretariat <secretariat@ecole.example.org>\r\nSubject: Re: Sortie\r\n\
    Message-ID: <1@example.org>\r\nIn-Reply-To: <7K4M-000B-TTTTTTT0@ecole.example.org>\r\n";

#[test]
fn a_person_s_answer_is_read_without_what_it_quotes() {
    // In Latin-9, as some programs still write.
    let raw = [
        ANSWER.as_bytes(),
        b"Content-Type: text/plain; charset=iso-8859-15\r\n\r\nOui, \xe0 demain\r\n\r\n",
        b"Le 16 mars 2026, Coll\xe8ge a \xe9crit :\r\n> Venez-vous ?\r\n",
    ];
    let answer = mail::read(&raw.concat(), &Arrival::default());
    assert_eq!(answer.kind, MailKind::Answer);
    assert!(answer.words.starts_with("Oui, à demain"), "{}", answer.words);
    assert!(!answer.words.contains("Venez"), "{}", answer.words);
    assert_eq!(
        (answer.from.as_str(), answer.subject.as_str()),
        ("ines.durand@example.org", "Re: Sortie")
    );
    assert!(answer.sealed.contains(&"7K4M-000B-TTTTTTT0".to_owned()));
}

#[test]
fn what_a_machine_says_of_itself_is_believed() {
    for (header, kind) in [
        ("Auto-Submitted: auto-replied", MailKind::Automatic),
        ("Auto-Submitted: auto-generated", MailKind::Automatic),
        ("Auto-Submitted: no", MailKind::Answer),
        // It asks machines not to answer; whoever wrote it may be a person.
        ("X-Auto-Response-Suppress: All", MailKind::Answer),
        ("X-Autoreply: yes", MailKind::Automatic),
        ("Precedence: auto_reply", MailKind::Automatic),
        ("Precedence: bulk", MailKind::OfAList),
        ("List-Id: <parents.example.org>", MailKind::OfAList),
        ("Precedence: first-class", MailKind::Answer),
    ] {
        let raw = format!("{ANSWER}{header}\r\n\r\nOui\r\n");
        assert_eq!(mail::read(raw.as_bytes(), &Arrival::default()).kind, kind, "{header}");
    }
    let nobody_s = ANSWER.replace("<ines.durand@example.org>\r\nFrom", "<>\r\nFrom");
    let raw = format!("{nobody_s}\r\nOui\r\n");
    assert_eq!(mail::read(raw.as_bytes(), &Arrival::default()).kind, MailKind::Automatic);
}

#[test]
fn a_reading_receipt_proves_nothing_and_refuses_nothing() {
    for (disposition, is_refusal) in [
        ("manual-action/MDN-sent-manually; displayed", false),
        ("automatic-action/MDN-sent-automatically; displayed", false),
        ("manual-action/MDN-sent-automatically; deleted", false),
        ("automatic-action/MDN-sent-automatically; deleted", true),
    ] {
        let raw = String::from_utf8(real("dovecot-sieve-reject")).unwrap();
        let raw = raw.replace("automatic-action/MDN-sent-automatically; deleted", disposition);
        let kind = mail::read(raw.as_bytes(), &Arrival::default()).kind;
        assert_eq!(matches!(kind, MailKind::Bounce(_)), is_refusal, "{disposition}");
        assert_eq!(kind == MailKind::ReadingReceipt, !is_refusal, "{disposition}");
    }
}

#[test]
fn a_bounce_that_a_person_forwards_is_theirs() {
    let path = Some("ines.durand@example.org");
    let forwarded = Arrival { return_path: path, ..Arrival::default() };
    let kind = mail::read(&real("opensmtpd-unknown"), &forwarded).kind;
    assert_eq!(kind, MailKind::Answer);
}
