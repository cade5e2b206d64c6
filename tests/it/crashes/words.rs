//! Words that come back while the program dies: typed by people, or handed over by a mail server. What was said is kept
//! whole or not at all; said again, it is kept once.

use std::path::Path;

use chappe::channel::Channel;
use chappe::delivery::Recipient;
use chappe::demo::school::Size;
use chappe::message::Code;
use chappe::office::{self, Actor, EntryKind, InboxSought};
use chappe::people::Whom;
use chappe::store::Tx;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

use super::points::{armed, dies_at};
use crate::town::Town;
use crate::town::settings::until;

const COMMITS: [&str; 2] = ["store.before_commit", "store.after_commit"];
const TAKING: [&str; 2] = ["mailbox.before_take", "mailbox.after_take"];
/// More passages than any command has.
const END: usize = 20;
const SMALL: Size = Size { pupils: 16, classes: 2 };
const BY_TELEPHONE: (&str, &str) =
    ("PLANS__FAMILLE", "[{ channels = [\"phone\"], enough = \"acknowledged\" }]");
const SOCKET: &str = "lmtp.sock";
const BY_EMAIL: [(&str, &str); 2] = [
    ("PLANS__FAMILLE", "[{ channels = [\"email\"] }, { channels = [\"letter\"] }]"),
    ("PROVIDERS__RELAY__SMTP__MAILBOX", "{ lmtp = { socket = \"lmtp.sock\" } }"),
];

/// How much the database holds of each thing that a word may leave behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Kept {
    words: usize,
    settled: usize,
    outcomes: usize,
    bounces: usize,
    acts: usize,
}

impl Kept {
    async fn look(town: &Town) -> Self {
        let read = |tx: &Tx<'_>| {
            let count = |sql: &'static str| {
                Ok::<_, chappe::store::StoreError>(
                    tx.query_one(sql, &[], |row| row.count(0))?.unwrap_or_default(),
                )
            };
            Ok(Self {
                words: count("SELECT COUNT(*) FROM replies")?,
                settled: count("SELECT COUNT(*) FROM replies WHERE settled_at IS NOT NULL")?,
                outcomes: count("SELECT COUNT(*) FROM call_outcomes")?,
                bounces: count("SELECT COUNT(*) FROM bounces")?,
                acts: count(
                    "SELECT COUNT(*) FROM journal WHERE act IN ('note_call', 'close_slip', 'settle')",
                )?,
            })
        };
        town.app.store().read(read).await.unwrap()
    }

    /// The same, and what is in `more` too.
    const fn and(self, more: Self) -> Self {
        Self {
            words: self.words + more.words,
            settled: self.settled + more.settled,
            outcomes: self.outcomes + more.outcomes,
            bounces: self.bounces + more.bounces,
            acts: self.acts + more.acts,
        }
    }
}

/// What somebody types.
#[derive(Debug, Clone, Copy)]
enum Typed {
    Call,
    Slip,
    SeenTo,
}

impl Typed {
    /// The command, about something that nobody spoke of yet.
    async fn command(self, town: &Town, code: &Code, nth: u32) -> Vec<String> {
        match self {
            Self::Call => {
                let calls = office::calls(&town.app, Actor::Program, &Whom::Everybody).await;
                let call = calls.unwrap().calls.remove(0).reference;
                ["calls", "done", &call, "asks-for", "un ordinateur"].map(str::to_owned).to_vec()
            }
            Self::Slip => {
                let slip = code.delivery(nth, 0);
                ["slips", &slip, "--call-back", "vers 18 h"].map(str::to_owned).to_vec()
            }
            Self::SeenTo => {
                let kind = Some(EntryKind::Call);
                let sought = InboxSought { kind, most: 1, ..InboxSought::default() };
                let listed = office::inbox(&town.app, &Whom::Everybody, sought).await;
                let entry = listed.unwrap().entries.remove(0).name.to_string();
                ["inbox", "done", &entry, "vu"].map(str::to_owned).to_vec()
            }
        }
    }

    /// All that it leaves behind.
    const fn whole(self) -> Kept {
        let nothing = Kept { words: 0, settled: 0, outcomes: 0, bounces: 0, acts: 1 };
        match self {
            Self::Call => Kept { words: 1, outcomes: 1, ..nothing },
            Self::Slip => Kept { words: 1, ..nothing },
            Self::SeenTo => Kept { settled: 1, ..nothing },
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_people_type_as_the_program_dies_is_kept_whole_or_not_at_all() {
    let town = Town::set(SMALL, &[BY_TELEPHONE]).await;
    let code = town.launch().await.code;
    let mut slips = 0;
    for typed in [Typed::Call, Typed::Slip, Typed::SeenTo] {
        let mut crashes = 0;
        for point in COMMITS {
            for nth in 1..END {
                let before = Kept::look(&town).await;
                let command = typed.command(&town, &code, slips).await;
                slips += u32::from(matches!(typed, Typed::Slip));
                let command: Vec<&str> = command.iter().map(String::as_str).collect();
                let has_died = dies_at(town.program(&command), point, nth).await;
                let (after, whole) = (Kept::look(&town).await, before.and(typed.whole()));
                let what = format!("{typed:?}, {point} {nth}");
                if !has_died {
                    assert_eq!(after, whole, "{what}");
                    break;
                }
                crashes += 1;
                assert!(after == before || after == whole, "{what}: {before:?}, {after:?}");
                // Whoever got no answer says it again.
                town.program(&command).status().await.unwrap();
                assert_eq!(Kept::look(&town).await, whole, "{what}, said again");
            }
        }
        assert!(crashes >= COMMITS.len(), "{typed:?}: {crashes} crashes");
    }
}

/// Hands a mail over as a mail server does; whether it was told that it is kept.
async fn hand_over(socket: &Path, (from, mail): (&str, &str)) -> bool {
    until(async || UnixStream::connect(socket).await.is_ok()).await;
    let mut link = BufReader::new(UnixStream::connect(socket).await.unwrap());
    let from = format!("MAIL FROM:<{from}>");
    let said = ["LHLO relais.example.org", &from, "RCPT TO:<retours@example.org>", "DATA"];
    let mut answer = String::new();
    for line in said.into_iter().chain([mail]) {
        let end = if line == mail { "\r\n.\r\n" } else { "\r\n" };
        if link.write_all(format!("{line}{end}").as_bytes()).await.is_err() {
            return false;
        }
        if line == "LHLO relais.example.org" {
            // The greeting, and the lines before the last one of what is offered.
            while !answer.starts_with("250 ") {
                answer.clear();
                if link.read_line(&mut answer).await.unwrap_or(0) == 0 {
                    return false;
                }
            }
            continue;
        }
        answer.clear();
        if link.read_line(&mut answer).await.unwrap_or(0) == 0 {
            return false;
        }
    }
    answer.starts_with("250")
}

/// One of those who were sent an e-mail: its reference under our seal, and their address.
async fn written_to(town: &Town) -> Vec<(String, String)> {
    let read = |tx: &Tx<'_>| {
        tx.query(
            "SELECT m.code, a.number, d.leg, a.recipient FROM deliveries d \
             JOIN addressees a ON a.id = d.addressee_id JOIN messages m ON m.id = d.message_id \
             WHERE d.channel = 'email' AND d.state = 'accepted' AND d.leader_id IS NULL \
             ORDER BY a.number",
            &[],
            |row| {
                let to = row.json::<Recipient>(3)?.contact_point(Channel::Email);
                let reference =
                    Code::from_stored(row.text(0)?).delivery(row.number(1)?, row.count(2)?);
                Ok((reference, to.unwrap().value().to_owned()))
            },
        )
    };
    let all = town.app.store().read(read).await.unwrap();
    let key = town.app.queue.seal_key().await.unwrap();
    all.into_iter().map(|(reference, address)| (key.sealed(&reference), address)).collect()
}

fn bounce((sealed, address): &(String, String)) -> String {
    format!(
        "From: MAILER-DAEMON@relais.example.org\r\nTo: retours+{sealed}@example.org\r\n\
         Message-ID: <{sealed}@relais.example.org>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; relais.example.org\r\n\r\nFinal-Recipient: rfc822; {address}\r\n\
         Action: failed\r\nStatus: 5.1.1\r\n\r\n--b--"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_mail_whose_taker_dies_is_handed_over_again_and_counts_once() {
    let town = Town::set(SMALL, &BY_EMAIL).await;
    let message = town.launch().await;
    let mut daemon = town.daemon();
    until(async || town.is_at_rest(&message).await).await;
    daemon.kill().await.unwrap();
    let (socket, written) = (town.folder.path().join(SOCKET), written_to(&town).await);
    assert!(written.len() > 2 * TAKING.len(), "{} were written to", written.len());
    for (point, of) in TAKING.into_iter().zip(written.chunks(2)) {
        let reached = town.status(&message).await.addressees.reached;
        let before = Kept::look(&town).await;
        let bounced = bounce(&of[0]);
        let answered = format!(
            "From: tante@example.org\r\nMessage-ID: <{point}@example.org>\r\n\
             In-Reply-To: <{}@example.org>\r\n\r\nBien recu",
            of[1].0
        );
        // It dies at the first mail, then at the second, which comes after the first one is brought again.
        let (bounced, answered) =
            (("", bounced.as_str()), ("tante@example.org", answered.as_str()));
        for (nth, mails) in [(1, vec![bounced]), (2, vec![bounced, answered])] {
            let mut dying = town.program(&["serve"]);
            let mut dying = dying.env("FAILPOINTS", armed(point, nth)).spawn().unwrap();
            for (number, mail) in (1..).zip(mails) {
                assert_eq!(hand_over(&socket, mail).await, number < nth, "{point}, mail {number}");
            }
            assert!(!dying.wait().await.unwrap().success(), "{point} {nth}");
        }
        let mut daemon = town.daemon();
        assert!(hand_over(&socket, answered).await, "{point}");
        daemon.kill().await.unwrap();
        let more = Kept { words: 1, bounces: 1, ..Kept::default() };
        assert_eq!(Kept::look(&town).await, before.and(more), "{point}");
        let now = town.status(&message).await;
        assert_eq!(now.addressees.reached + 1, reached, "{point}: one of them is written a letter");
    }
    assert_eq!(town.status(&message).await.levels.answered, TAKING.len());
}
