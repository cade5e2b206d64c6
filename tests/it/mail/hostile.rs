//! Mails that are broken, or made to break whoever reads them: none is lost, none takes the program with it.

use std::path::Path;

use chappe::mail::{self, Arrival, LARGEST, MOST_KEPT, Mail, MailKind};

use super::reading::real;

fn read(raw: &[u8]) -> Mail {
    mail::read(raw, &Arrival::default())
}

const HEAD: &str = "From: ines.durand@example.org\r\nSubject: Re: Sortie\r\nMIME-Version: 1.0\r\n";

/// A mail with one attachment, of these octets as they are written.
fn with_attachment(name: &str, written: &str) -> Vec<u8> {
    format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Voici le certificat.\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: attachment; filename=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{written}\r\n--b--\r\n"
    )
    .into_bytes()
}

#[test]
fn broken_mails_are_answers_that_people_read() {
    let words = "Bonjour, mon fils est malade.";
    for raw in [
        words.to_owned(),
        format!("\r\n\r\n{words}"),
        format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{words}"),
        format!("Content-Type: multipart/mixed\r\n\r\n--b\r\n\r\n{words}"),
        format!("Content-Type: multipart/mixed; boundary=\"\r\n\r\n--b\r\n\r\n{words}"),
        format!("{HEAD}Content-Type: text/plain; charset=klingon\r\n\r\n{words}"),
        format!(
            "{HEAD}Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n{words}"
        ),
        format!("{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{words}\r\n--b"),
        format!("{HEAD}Content-Type: a/b/c; ;; =\r\n\r\n{words}"),
    ] {
        let mail = read(raw.as_bytes());
        assert!(matches!(mail.kind, MailKind::Answer), "{raw}: {:?}", mail.kind);
        let kept = mail.words.contains("malade")
            || mail.attachments.iter().any(|it| {
                let content = it.content.as_deref().unwrap_or_default();
                String::from_utf8_lossy(content).contains("malade")
            });
        assert!(kept, "{raw}: {}", mail.words);
    }
}

#[test]
fn every_beginning_of_a_real_mail_is_read_without_a_crash() {
    for name in ["postfix-unknown", "exim-unknown", "opensmtpd-unknown", "dovecot-sieve-reject"] {
        let raw = real(name);
        for end in 0..raw.len() {
            let _ = read(&raw[..end]);
        }
        // … and each with an octet that is not what it was.
        for at in (0..raw.len()).step_by(3) {
            let mut raw = raw.clone();
            raw[at] ^= 0x5A;
            let _ = read(&raw);
        }
    }
}

#[test]
fn a_mail_within_a_mail_within_a_mail_takes_no_stack() {
    for part in [
        "Content-Type: message/rfc822\r\n\r\n",
        "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
        "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    ] {
        for depth in [150, 100_000] {
            let raw = format!("{HEAD}{}Bonjour", part.repeat(depth));
            let mail = read(raw.as_bytes());
            assert!(mail.attachments.len() <= 50, "{part}");
        }
    }
}

#[test]
fn very_many_parts_headers_and_addresses_are_bounded() {
    let many = [
        format!("{HEAD}{}\r\nBonjour", "X-A: b\r\n".repeat(1_000_000)),
        format!("{HEAD}To: {}\r\n\r\nBonjour", "a+b@example.org, ".repeat(100_000)),
        format!("{HEAD}References: {}\r\n\r\nBonjour", "<a@example.org> ".repeat(100_000)),
        format!("{HEAD}Content-Type: text/html\r\n\r\n{}", "<b>".repeat(1_000_000)),
        format!("{HEAD}\r\n{}", "à".repeat(5_000_000)),
    ];
    for raw in many {
        let mail = read(raw.as_bytes());
        assert!(mail.sealed.len() <= 40);
        assert!(mail.words.chars().count() <= 20_000);
        assert!(matches!(mail.kind, MailKind::Answer));
    }
}

#[test]
fn an_attachment_of_fifty_megabytes_is_named_and_not_kept() {
    let raw = with_attachment("certificat.pdf", &"QUJD".repeat(50 * 1024 * 1024 / 4));
    let arrival = Arrival { octets: raw.len(), ..Arrival::default() };
    let mail = mail::read(&raw[..LARGEST], &arrival);
    assert_eq!(mail.words, "Voici le certificat.");
    let [attachment] = mail.attachments.as_slice() else { panic!("{:?}", mail.attachments) };
    assert_eq!(attachment.name, "certificat.pdf");
    assert!(attachment.content.is_none());
    assert!(attachment.octets > 49 * 1024 * 1024, "{}", attachment.octets);
}

#[test]
fn nineteen_megabytes_in_all_are_kept() {
    let half = "QUJD".repeat(10 * 1024 * 1024 / 3);
    let part = |name: &str| {
        format!(
            "--b\r\nContent-Type: application/pdf; name={name}\r\nContent-Disposition: attachment\r\n\
             Content-Transfer-Encoding: base64\r\n\r\n{half}\r\n"
        )
    };
    let raw = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}{}--b--\r\n",
        part("a.pdf"),
        part("b.pdf")
    );
    let mail = read(raw.as_bytes());
    let kept: Vec<_> =
        mail.attachments.iter().map(|it| (it.name.as_str(), it.content.is_some())).collect();
    assert_eq!(kept, [("a.pdf", true), ("b.pdf", false)], "{} octets", raw.len());
    let octets: usize =
        mail.attachments.iter().filter_map(|it| Some(it.content.as_ref()?.len())).sum();
    assert!(octets <= MOST_KEPT);
}

#[test]
fn attachments_beyond_fifty_are_told_of_together() {
    let part = "--b\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment\r\n\r\nABC\r\n";
    let raw = format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=b\r\n\r\n{}--b--\r\n",
        part.repeat(53)
    );
    let mail = read(raw.as_bytes());
    let last = mail.attachments.last().unwrap();
    let told = (mail.attachments.len(), last.name.as_str(), last.octets);
    assert_eq!(told, (51, "3 autres pièces", 9));
    assert!(last.content.is_none());
}

#[test]
fn no_name_of_an_attachment_leads_anywhere() {
    for (name, safe) in [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\\\Windows\\\\a.exe", "C__Windows_a.exe"),
        ("...", "piece-jointe"),
        ("", "piece-jointe"),
        ("certificat médical.pdf", "certificat médical.pdf"),
        ("a<b>|c?.pdf", "a_b__c_.pdf"),
    ] {
        let mail = read(&with_attachment(name, "QUJD"));
        let names: Vec<_> = mail.attachments.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, [safe], "{name}");
        assert_eq!(mail.attachments[0].content.as_deref(), Some(&b"ABC"[..]));
    }
    let long = format!("{}.pdf", "a".repeat(500));
    let mail = read(&with_attachment(&long, "QUJD"));
    assert_eq!(mail.attachments[0].name.chars().count(), 100);
    assert_eq!(Path::new(&mail.attachments[0].name).extension().unwrap(), "pdf");
}

#[test]
fn nothing_of_a_mail_stands_in_a_log() {
    let mail = read(&with_attachment("certificat.pdf", "QUJD"));
    let shown = format!("{mail:?} {:?}", mail.attachments);
    for word in ["certificat", "ines", "Sortie", "Voici"] {
        assert!(!shown.contains(word), "{shown}");
    }
}

#[test]
fn a_mail_within_a_mail_that_is_encoded_is_shown_and_not_taken_apart() {
    let head = "From: ines@example.org\r\nMIME-Version: 1.0\r\n";
    for kind in ["message/rfc822", "message/global;\r\n x=y", "multipart/digest; boundary=b"] {
        let inner = "Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n";
        let mail = read(format!("{head}Content-Type: {kind}\r\n{inner}").as_bytes());
        assert!(mail.from.is_empty() && mail.sealed.is_empty(), "{kind}");
        assert_eq!(mail.kind, MailKind::Answer);
        assert!(mail.words.contains("ines@example.org"), "people see what came: {}", mail.words);
    }
}
