//! `chappe inbox leave` and `read`: what came attached to e-mails, put to its use.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;

use fastrand::Rng;
use rusqlite::params;

use super::answers;
use super::office::Office;
use super::works::{FRACTIONS, PACKET_PAGES, work_at_home};
use crate::documents::page::{pdf_of, sheet};
use crate::mail::attached::with_files;
use crate::scans::glass::{jpeg, locked, scanned, seen, without_code};

const RELAY: &str = "
[providers.relay.smtp]
host = \"127.0.0.1\"
port = 9
security = \"none\"
from = \"secretariat@ecole.example.org\"

[providers.relay.smtp.mailbox.lmtp]
socket = \"lmtp.sock\"
";
/// Two pupils, and a teacher of the class of each.
const PUPILS: &str = "Nom;Prénom;Classe\nDURAND;Zoé;6A\nMARTIN;Paul;6B\n";
const STAFF: &str = "Nom;Prénom;Fonction;Courriel;Classes\nROY;Anne;ENS;roy@example.org;6A\n\
     BLIN;Marc;ENS;blin@example.org;6B\n";

/// Hands a mail over as the school's mail server does.
fn hand_over(link: &mut BufReader<UnixStream>, mail: &str) {
    for said in ["MAIL FROM:<x@example.org>", "RCPT TO:<retours@example.org>", "DATA", mail] {
        let end = if said == mail { "\r\n.\r\n" } else { "\r\n" };
        link.get_mut().write_all(format!("{said}{end}").as_bytes()).unwrap();
        let mut answer = String::new();
        link.read_line(&mut answer).unwrap();
        assert!(answer.starts_with(['2', '3']), "{answer}");
    }
}

/// The mails come in by a daemon, which ends then.
fn brought(office: &Office, mails: &[String]) {
    let daemon = office.serve();
    let mut link = BufReader::new(UnixStream::connect(office.path("lmtp.sock")).unwrap());
    link.get_mut().write_all(b"LHLO relais.example.org\r\n").unwrap();
    let mut answer = String::new();
    while !answer.starts_with("250 ") {
        answer.clear();
        assert!(link.read_line(&mut answer).unwrap() > 0);
    }
    for mail in mails {
        hand_over(&mut link, mail);
    }
    daemon.terminate();
}

/// An office to which six mails came: a teacher's, a stranger's, and four that cannot be left as they are.
fn mails_came() -> Office {
    let office = Office::with_providers(RELAY);
    for (file, table) in [("eleves.csv", PUPILS), ("personnels.csv", STAFF)] {
        office.write(file, table);
        office.run(["import", file, "--yes"]).done();
    }
    let page = pdf_of(&[sheet("fractions"), sheet("suite")]);
    let fractions = ("fractions.pdf", &page[..]);
    let secret = locked(&scanned(&[without_code(50)], 50));
    let mails = [
        ("roy@example.org", "Re: 6A / maths / semaine du 20/01/2027", vec![fractions]),
        ("stranger@example.org", "6A maths", vec![fractions]),
        ("roy@example.org", "6Z maths", vec![fractions]),
        ("blin@example.org", "6A maths", vec![fractions]),
        ("roy@example.org", "6A lecture", vec![("secret.pdf", &secret[..]), fractions]),
        ("roy@example.org", "6A semaine du 20 janvier", vec![fractions]),
    ];
    let mails = mails.map(|(from, subject, files)| with_files(from, subject, &files));
    brought(&office, &mails);
    office
}

#[test]
fn what_a_colleague_mails_is_left_by_a_press_alone_and_what_cannot_be_waits_and_says_why() {
    let office = mails_came();
    let told = office.run(["inbox"]).done();
    for part in [
        "documents that came by e-mail: 6A, maths, week of 2027-01-18\n",
        "say for whom with --to",
        "6A, maths, week of 2",
        "(whoever wrote does not teach these)",
        "the week of its subject cannot be read: --week",
    ] {
        assert!(told.contains(part), "{part} in\n{told}");
    }
    assert_eq!(told.matches("documents that came by e-mail").count(), 5, "no stranger's: {told}");
    assert!(!office.run(["documents"]).done().contains("fractions"), "nothing by itself");
    answers::holds("inbox_mailed", &office.run(["inbox", "show", "4", "--json"]).json());

    refused(&office);

    let left = office.run(["inbox", "leave", "1", "--json"]).json();
    assert_eq!((&left["documents"], &left["pages"]), (&1.into(), &2.into()), "{left}");
    let shown = office.run(["inbox", "show", "1", "--json"]).json();
    assert_eq!(shown["how"], "documents déposés", "{shown}");
    let twice = office.run(["inbox", "leave", "1"]).failed();
    assert!(twice.contains("to put it back: chappe inbox reopen"), "{twice}");
    office.run(["inbox", "reopen", "1"]).done();
    let twice = office.run(["inbox", "leave", "1"]).failed();
    assert!(twice.contains("one of this name is there already"), "{twice}");
    // What is fit of a mail is left without the rest.
    let rest = ["inbox", "leave", "5", "--only", "2", "--week", "20/01/2027"];
    assert!(office.run(rest).done().contains("1 document of 2 pages kept."));
    let to_zoe = ["inbox", "leave", "6", "--to", "durand zoe", "--subject", "Latin"];
    office.run(to_zoe.into_iter().chain(["--week", "20/01/2027"])).done();
    let told = office.run(["documents", "list", "--week", "18/01/2027"]).done();
    for part in ["maths: fractions", "lecture: fractions", "Latin: fractions"] {
        assert!(told.contains(part), "{part} in\n{told}");
    }
    let coming = std::fs::read_dir(office.path("uploads/0319999Z/documents")).unwrap();
    assert_eq!(coming.count(), 0, "nothing lies about");
}

/// What cannot be left changes nothing, and says what to do.
fn refused(office: &Office) {
    let before = office.rows();
    for (arguments, why) in [
        (&["2"][..], "nobody of the staff is known"),
        (&["2", "--to", "6A"], "chappe documents add"),
        (&["3"], "say it with --to"),
        (&["3", "--to", "6Z"], "6Z/fractions.pdf: no class, level, group or pupil"),
        (&["4"], "whoever wrote does not teach 6A"),
        (&["1", "--to", "6B"], "whoever wrote does not teach 6B"),
        (&["1", "--to", "TOUS"], "whoever wrote does not teach TOUS"),
        (&["5"], "6A/lecture/secret.pdf: it asks for a password; nothing was kept"),
        (&["5", "--only", "3"], "attachment 3 is not there"),
        (&["6"], "say it with --week"),
        (&["9"], "`chappe inbox` lists them"),
    ] {
        let leave = ["inbox", "leave"].into_iter().chain(arguments.iter().copied());
        let told = office.run(leave).failed_in(&before, office);
        assert!(told.contains(why), "{arguments:?}: {why} in\n{told}");
    }
}

/// Writes down a mail of a family with these pictures.
fn mailed(office: &Office, number: u8, pictures: &[Vec<u8>]) {
    let database = rusqlite::Connection::open(office.path("chappe.sqlite3")).unwrap();
    let id = [number; 16];
    database
        .execute(
            "INSERT INTO replies (id, school_id, provider, provider_ref, body, received_at, number, channel) \
             VALUES (?1, '0319999Z', 'relay', ?2, 'Le travail', 0, ?2, 'email')",
            params![id, number],
        )
        .unwrap();
    for (place, picture) in (1_u8..).zip(pictures) {
        let octets = i64::try_from(picture.len()).unwrap();
        database
            .execute(
                "INSERT INTO attachments (school_id, reply_id, number, name, octets, content) \
                 VALUES ('0319999Z', ?1, ?2, ?3, ?4, ?5)",
                params![id, place, format!("photo{place}.jpg"), octets, picture],
            )
            .unwrap();
    }
}

#[test]
fn photographs_of_a_mail_are_read_once_and_those_without_a_code_wait_with_it() {
    let (office, packets) = work_at_home();
    let mut chance = Rng::with_seed(5);
    let mut photo = |page| jpeg(&seen(page, 2.0, 12, &mut chance), 75);
    let (first, other) = (photo(&packets[FRACTIONS]), photo(&packets[PACKET_PAGES + FRACTIONS]));
    let uncoded = photo(&without_code(150));
    mailed(&office, 1, &[first, uncoded]);
    mailed(&office, 2, &[other, b"GIF89a".to_vec()]);
    mailed(&office, 3, &[]);
    let read = office.run(["inbox", "read", "1", "--json"]).json();
    assert_eq!(read["works"].as_array().unwrap().len(), 1, "{read}");
    assert_eq!(
        (&read["works"][0]["became"], &read["without_code"][0]["file"]),
        (&"taken".into(), &"photo2.jpg".into())
    );
    let again = office.run(["inbox", "read", "1", "--json"]).json();
    assert_eq!(again["works"][0]["became"], "known", "{again}");
    // What is no picture is named, and what could be read is taken.
    let told = office.run(["inbox", "read", "2"]).failed();
    assert!(told.contains("photo2.jpg: it is neither a PDF nor a picture"), "{told}");
    let refused = office.run(["inbox", "read", "3"]).failed();
    assert!(refused.contains("nothing is attached to 3"), "{refused}");

    let shown = office.run(["inbox", "show", "1", "--json"]).json();
    assert_eq!((&shown["work_pages"], &shown["settled"]), (&1.into(), &serde_json::Value::Null));
    let works = office.run(["works", "--json"]).done();
    let of_mails = |number: u8| works.matches(&format!("\"mails\":[{number}]")).count();
    assert_eq!((of_mails(1), of_mails(2)), (1, 1), "{works}");
    let acts = office.run(["journal", "--json"]).done();
    assert_eq!(acts.matches("\"take_work\"").count(), 2, "{acts}");
    assert!(acts.contains("take_attachment"), "{acts}");
}
