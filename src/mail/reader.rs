//! Takes a mail apart, within its limits.

use mail_parser::{Message, MessageParser};
use sha2::{Digest, Sha256};

use super::arrival::{Arrival, LARGEST};
use super::attachments::{self, Attachment};
use super::kind::{self, MailKind};
use super::{names, words};
use crate::plain_text::one_line;

/// A mail has no more parts than this, and a part within a part takes stack: beyond, it is text.
const MOST_PARTS: usize = 200;
/// Nor more lines: each may be a header, which is kept apart.
const MOST_LINES: usize = 400_000;
/// Signs of a subject, a name, an address that are kept.
const LONGEST_LINE: usize = 300;

/// A mail that came in. `Debug` hides what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// By which the same mail is known when it is brought again.
    pub digest: String,
    /// What it is.
    pub kind: MailKind,
    /// The sender's address, as the mail has it: anybody can write any there.
    pub from: String,
    /// Its subject.
    pub subject: String,
    /// What it says, without what it quotes of the mail that it answers.
    pub words: String,
    /// The words in it that may be a reference of ours under its seal, in the order in which they are asked.
    pub sealed: Vec<String>,
    /// What is attached to it.
    pub attachments: Vec<Attachment>,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({}, {})", self.kind.as_str(), self.digest)
    }
}

/// Reads a mail, whatever it is: what cannot be taken apart is an answer that people read.
#[must_use]
pub fn read(raw: &[u8], arrival: &Arrival<'_>) -> Mail {
    let arrival = &Arrival { octets: arrival.octets.max(raw.len()), ..*arrival };
    let raw = raw.get(..LARGEST).unwrap_or(raw);
    // What it is built of is its sender's choice.
    let parsed = std::panic::catch_unwind(|| parse(raw).map(|mail| read_parsed(&mail, arrival)));
    parsed.ok().flatten().unwrap_or_else(|| unread(raw))
}

fn parse(raw: &[u8]) -> Option<Message<'_>> {
    let (mut lines, mut parts) = (0, 0);
    for line in raw.split(|octet| *octet == b'\n') {
        lines += 1;
        let name = line.trim_ascii_start().get(..CONTENT_TYPE.len());
        parts += usize::from(name.is_some_and(|it| it.eq_ignore_ascii_case(CONTENT_TYPE)));
    }
    let is_sound = lines <= MOST_LINES && parts <= MOST_PARTS && !hides_a_mail(raw);
    is_sound.then(|| MessageParser::default().parse(raw)).flatten()
}

/// Whether a mail within it is written in base64 or the like, which no standard allows (RFC 2046, 5.2.1): how deep it goes
/// could not be told before it is taken apart.
fn hides_a_mail(raw: &[u8]) -> bool {
    let (mut is_type, mut holds_mails, mut is_encoded) = (false, false, false);
    raw.split(|octet| *octet == b'\n').any(|line| {
        if line.trim_ascii().is_empty() {
            (is_type, holds_mails, is_encoded) = (false, false, false);
            return false;
        }
        let words = line.trim_ascii().to_ascii_lowercase();
        let says = |word: &[u8]| words.windows(word.len()).any(|it| it == word);
        let goes_on = line.starts_with(b" ") || line.starts_with(b"\t");
        is_type = words.starts_with(CONTENT_TYPE) || (is_type && goes_on);
        holds_mails |= is_type && (says(b"rfc822") || says(b"global") || says(b"digest"));
        is_encoded |= words.starts_with(b"content-transfer-encoding")
            && !(says(b"7bit") || says(b"8bit") || says(b"binary"));
        is_encoded && holds_mails
    })
}

/// What takes a parser deeper says so by this header.
const CONTENT_TYPE: &[u8] = b"content-type";

fn read_parsed(mail: &Message<'_>, arrival: &Arrival<'_>) -> Mail {
    let raw = mail.raw_message();
    let body = mail.parts.first().map_or(0, |root| root.raw_body_offset() as usize);
    let kind = kind::of(mail, arrival);
    let is_for_people = matches!(kind, MailKind::Answer | MailKind::OfAList);
    let attachments = if is_for_people { attachments::of(mail, arrival) } else { Vec::new() };
    let (body, said) = (raw.get(body..).unwrap_or_default(), words::of(mail));
    // What it says may have hidden where nobody looks for words.
    let words = if !said.is_empty() || !attachments.is_empty() {
        said
    } else if body.trim_ascii().is_empty() && mail.from().is_none() {
        words::of_octets(raw)
    } else {
        words::of_octets(body)
    };
    Mail {
        digest: digest(mail, body),
        from: short(mail.from().and_then(|it| it.first()).and_then(|it| it.address())),
        subject: short(mail.subject()),
        words,
        sealed: names::of(mail, arrival),
        attachments,
        kind,
    }
}

/// What no parser takes apart: its beginning, as text. It is shown, and nothing that it says is believed.
fn unread(raw: &[u8]) -> Mail {
    Mail {
        digest: hex::encode(Sha256::digest(raw)),
        kind: MailKind::Answer,
        from: String::new(),
        subject: String::new(),
        words: words::of_octets(raw),
        sealed: Vec::new(),
        attachments: Vec::new(),
    }
}

/// The same for the same mail brought again, also by another way: without what servers add above it. With all its
/// body, so that nobody keeps another's mail out by its id.
fn digest(mail: &Message<'_>, body: &[u8]) -> String {
    let mut digest = Sha256::new();
    for name in ["Message-ID", "Date", "From", "Subject"] {
        digest.update(mail.header_raw(name).unwrap_or_default().trim().as_bytes());
        digest.update([0]);
    }
    digest.update(body);
    hex::encode(digest.finalize())
}

/// One line of it, of a size that is kept.
fn short(text: Option<&str>) -> String {
    let line = one_line(text.unwrap_or_default());
    line.chars().take(LONGEST_LINE).collect()
}
