//! What an SMTP answer means for a message, and whom it blames: one recipient, us, or the relay.
//!
//! | the relay says | it means |
//! |---|---|
//! | 4yz with x.1.z or x.2.z, a greylist, a bare 450 | this recipient, not now: `Deferred` |
//! | any other 4yz | the relay has enough: `Throttled` |
//! | 5yz with x.1.z, or no code and no word of a policy, to RCPT | no such address: `BadAddress` |
//! | 5yz with x.2.z, x.4.z, x.6.z, 5.3.4; spam | this recipient or this text: `Refused` |
//! | 5.4.5; before RCPT, a quota in words | our account has sent enough: `OverQuota` |
//! | 53z, any 5yz before RCPT | our account or our sender: `Misconfigured` |
//! | from RCPT on, 5yz with x.3.z, x.5.z, x.7.z, a bare 554 | this recipient or us, as others fare: `Denied` |
//! | from RCPT on, x.1.7, x.1.8, our sender or a quota in words | the same: `Denied` |
//!
//! By RFC 3463, x.1 is the address, x.2 the mailbox, x.3 the mail system, x.4 the network and routing, x.5
//! the protocol, x.6 the content, x.7 policy. Postfix checks the sender at RCPT too; but there one mailbox
//! may block our address, or have got enough, in the same words.

use super::super::masked::masked;
use super::answer::RelayAnswer;
use super::dialogue::Broken;
use crate::delivery::{FailureKind, SendError};

/// Where in the dialogue an answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DialogueStep {
    /// Greeting, EHLO, STARTTLS.
    Greeting,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA.
    Data,
    /// The end of the data.
    Message,
}

/// Words of relays about how much may be sent; those about the room of a mailbox say none.
const QUOTA: [&str; 9] = [
    "sending limit",
    "sending quota",
    "send quota",
    "relay quota",
    "daily",
    "hourly",
    "per day",
    "per hour",
    "quota d'envoi",
];
const GREYLIST: [&str; 4] = ["greylist", "graylist", "grey-list", "gray-list"];
/// They make a bare 450, which by RFC 5321 is about the mailbox, one about our pace.
const PACE: [&str; 5] = ["rate", "too many", "too much", "too fast", "limit"];
const MAILBOX: [&str; 3] = ["mailbox", "over quota", "user"];
/// Without an enhanced code, they tell a policy from an address that does not exist.
const POLICY: [&str; 12] = [
    "relay access",
    "relay not",
    "relaying",
    "to relay",
    "denied",
    "not permitted",
    "not allowed",
    "block",
    "blacklist",
    "policy",
    "spam",
    "auth",
];
const OUR_SENDER: [&str; 3] =
    ["sender address rejected", "sender verify failed", "sender domain must"];
const CONTENT: [&str; 4] = ["spam", "virus", "malware", "phishing"];

impl DialogueStep {
    /// Whether this code grants what was asked for. After the data a message is taken by a 25z alone: a
    /// 354, a 220 or a 221 there is about something else, and nobody knows what became of it.
    pub fn is_granted_by(self, code: u16) -> bool {
        match self {
            Self::Data => code == 354,
            Self::Message => (250..=259).contains(&code),
            _ => (200..=299).contains(&code),
        }
    }
}

/// The verdict on a negative answer; `None` where it is none.
pub(super) fn of_answer(step: DialogueStep, answer: &RelayAnswer) -> Option<SendError> {
    if answer.code < 400 {
        return None;
    }
    // Without addresses: a family's own may hold any word.
    let (code, words) = (answer.code, masked(&answer.words()));
    let kind = kind_of(step, answer, &words.to_lowercase());
    let error = SendError::new(kind, format!("{code} {words}").trim_end().to_owned());
    Some(error.that_passes(code < 500))
}

/// The verdict on a dialogue that broke before the message was handed over.
pub(super) fn of_break(broken: &Broken) -> SendError {
    let kind = match broken {
        // It will not pass by itself.
        Broken::InClear => FailureKind::Misconfigured,
        _ => FailureKind::Unreachable,
    };
    SendError::new(kind, masked(&broken.to_string()))
}

fn kind_of(step: DialogueStep, answer: &RelayAnswer, words: &str) -> FailureKind {
    let about_one =
        matches!(step, DialogueStep::Recipient | DialogueStep::Data | DialogueStep::Message);
    match quota(answer, words) {
        Quota::InWords if about_one => return FailureKind::Denied,
        Quota::Ours | Quota::InWords => return FailureKind::OverQuota,
        Quota::None => {}
    }
    match (answer.code, answer.subject()) {
        (400..=499, _) if about_one => put_off(answer, words),
        (400..=499, _) => FailureKind::Throttled,
        (530 | 534 | 535 | 538, _) => FailureKind::Misconfigured,
        (_, Some((6, _))) if step == DialogueStep::Sender => FailureKind::Refused,
        _ if about_one => refused(step, answer, words),
        // Nothing was said yet about a recipient or a text: all messages will fare alike.
        _ => FailureKind::Misconfigured,
    }
}

/// Of a quota, whose it is.
enum Quota {
    /// Our account's, by its code.
    Ours,
    /// Our account's, or a mailbox's that has got enough from us.
    InWords,
    None,
}

fn quota(answer: &RelayAnswer, words: &str) -> Quota {
    match answer.subject() {
        Some((1 | 2, _)) => Quota::None,
        Some((4, 5)) if answer.code >= 500 => Quota::Ours,
        _ if says(words, &QUOTA) && !says(words, &GREYLIST) => Quota::InWords,
        _ => Quota::None,
    }
}

fn put_off(answer: &RelayAnswer, words: &str) -> FailureKind {
    let is_about_the_recipient = match answer.subject() {
        _ if says(words, &GREYLIST) => true,
        Some((1, 7 | 8)) => false,
        Some((subject, _)) => matches!(subject, 1 | 2),
        None if answer.code == 450 => !says(words, &PACE),
        None => answer.code != 421 && says(words, &MAILBOX),
    };
    if is_about_the_recipient { FailureKind::Deferred } else { FailureKind::Throttled }
}

fn refused(step: DialogueStep, answer: &RelayAnswer, words: &str) -> FailureKind {
    if says(words, &OUR_SENDER) {
        return FailureKind::Denied;
    }
    let is_to_rcpt = step == DialogueStep::Recipient;
    match (answer.subject(), answer.code) {
        (Some((1, 7 | 8)), _) => FailureKind::Denied,
        (Some((1, 0..=3 | 6 | 10)), 550 | 551 | 553 | 554 | 556) if is_to_rcpt => {
            FailureKind::BadAddress
        }
        (Some((1 | 2 | 4 | 6, _) | (3, 4)), _) | (None | Some((0, _)), 552) => FailureKind::Refused,
        (None | Some((0, _)), 550 | 551 | 553 | 556) if is_to_rcpt && !says(words, &POLICY) => {
            FailureKind::BadAddress
        }
        _ if !is_to_rcpt && says(words, &CONTENT) => FailureKind::Refused,
        _ => FailureKind::Denied,
    }
}

fn says(words: &str, any: &[&str]) -> bool {
    any.iter().any(|it| words.contains(it))
}
