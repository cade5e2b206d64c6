//! What a mail is, by its headers and its parts.

use mail_parser::{Message, MessagePart, MimeHeaders as _};

use super::arrival::Arrival;
use super::cause::BounceCause;
use super::reports::{self, MailFate, Report};

/// What a mail is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailKind {
    /// What became of mails: one report a recipient.
    Bounce(Vec<Report>),
    /// A person's answer, as far as anybody can tell.
    Answer,
    /// An answering machine's note: nobody read anything.
    Automatic,
    /// A program says that something was shown.
    ReadingReceipt,
    /// A list's, or written to many.
    OfAList,
}

impl MailKind {
    /// Its word in logs.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Bounce(_) => "bounce",
            Self::Answer => "answer",
            Self::Automatic => "automatic",
            Self::ReadingReceipt => "reading receipt",
            Self::OfAList => "of a list",
        }
    }
}

/// What this one is.
pub(super) fn of(mail: &Message<'_>, arrival: &Arrival<'_>) -> MailKind {
    let is_nobody_s = is_nobody_s(mail, arrival);
    if is_nobody_s && let Some(report) = part(mail, DELIVERY_STATUS) {
        return MailKind::Bounce(reports::of(mail, report));
    }
    if let Some(receipt) = part(mail, DISPOSITION) {
        return match reports::refusal(receipt) {
            Some(report) if is_nobody_s || is_automatic(mail) => MailKind::Bounce(vec![report]),
            _ => MailKind::ReadingReceipt,
        };
    }
    if is_nobody_s || is_automatic(mail) {
        MailKind::Automatic
    } else if is_of_a_list(mail) {
        MailKind::OfAList
    } else {
        MailKind::Answer
    }
}

const DELIVERY_STATUS: [&str; 2] = ["delivery-status", "global-delivery-status"];
const DISPOSITION: [&str; 2] = ["disposition-notification", "global-disposition-notification"];
/// Headers by which machines say that nobody wrote this; each with no word of its own.
const OF_MACHINES: [&str; 4] = ["X-Autoreply", "X-Autorespond", "Auto-Reply", "X-AutoReply-From"];

fn part<'a>(mail: &'a Message<'_>, subtypes: [&str; 2]) -> Option<&'a MessagePart<'a>> {
    mail.parts.iter().find(|part| {
        part.content_type().is_some_and(|it| {
            let subtype = it.subtype().unwrap_or_default();
            it.ctype().eq_ignore_ascii_case("message")
                && subtypes.iter().any(|known| subtype.eq_ignore_ascii_case(known))
        })
    })
}

/// Whether nobody can be told that it failed to arrive: so are sent bounces, and most notes of machines. Who handed
/// it over knows; a mailbox has it as a header.
fn is_nobody_s(mail: &Message<'_>, arrival: &Arrival<'_>) -> bool {
    let told = arrival.return_path.or_else(|| mail.header_raw("Return-Path"));
    match told {
        Some(path) => path.trim().trim_matches(['<', '>']).is_empty(),
        // A mailbox without that header: what its sender says of itself.
        None => header(mail, "From").to_lowercase().contains("mailer-daemon"),
    }
}

fn is_automatic(mail: &Message<'_>) -> bool {
    let submitted = header(mail, "Auto-Submitted").to_lowercase();
    let precedence = header(mail, "Precedence").to_lowercase();
    !(submitted.is_empty() || submitted.starts_with("no"))
        || precedence == "auto_reply"
        || OF_MACHINES.iter().any(|name| mail.header_raw(*name).is_some())
}

fn is_of_a_list(mail: &Message<'_>) -> bool {
    let precedence = header(mail, "Precedence").to_lowercase();
    mail.header_raw("List-Id").is_some() || ["bulk", "list", "junk"].contains(&precedence.as_str())
}

fn header<'a>(mail: &'a Message<'_>, name: &'static str) -> &'a str {
    mail.header_raw(name).unwrap_or_default().trim()
}

impl Report {
    /// Whether it says that a mail did not arrive, and will not.
    #[must_use]
    pub const fn cause(&self) -> Option<BounceCause> {
        match self.fate {
            MailFate::Failed(cause) => Some(cause),
            MailFate::Delayed | MailFate::HandedOver => None,
        }
    }
}
