//! What an SMTP reply means for a message.

use std::error::Error as _;
use std::io;
use std::iter::successors;

use lettre::transport::smtp::Error;

use super::super::masked::masked;
use crate::delivery::{FailureKind, SendError};

/// Where in the dialogue a reply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Greeting, EHLO, STARTTLS.
    Greeting,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, and the end of the data.
    Message,
}

/// The verdict on a negative reply; `None` when `error` holds no reply (the dialogue broke).
pub(super) fn of_reply(step: Step, error: &Error) -> Option<SendError> {
    let code = u16::from(error.status()?);
    let words = error.source().map(ToString::to_string).unwrap_or_default();
    let kind = kind_of(step, code, &words);
    Some(SendError::new(kind, format!("{code} {}", masked(&words)).trim_end().to_owned()))
}

/// The verdict on a dialogue that broke before the message was handed over.
pub(super) fn of_break(error: &Error) -> SendError {
    let causes = || successors(error.source(), |cause| (*cause).source());
    let words = causes().last().map_or_else(|| error.to_string(), ToString::to_string);
    // A missing extension, or a certificate that is not trusted: it will not pass by itself.
    let is_invalid = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|it| it.kind() == io::ErrorKind::InvalidData)
    };
    let is_ours = error.is_client() || causes().any(is_invalid);
    let kind = if is_ours { FailureKind::Misconfigured } else { FailureKind::Unreachable };
    SendError::new(kind, masked(&words))
}

fn kind_of(step: Step, code: u16, words: &str) -> FailureKind {
    match (code, step) {
        (400..=499, _) => FailureKind::Throttled,
        // It wants another login; or nothing was said yet about the recipient or the message, so
        // that all messages will fare alike.
        (530 | 534 | 535 | 538, _) | (_, Step::Greeting | Step::Login | Step::Sender) => {
            FailureKind::Misconfigured
        }
        (550 | 551 | 553, Step::Recipient) if is_about_the_address(words) => {
            FailureKind::BadAddress
        }
        _ => FailureKind::Refused,
    }
}

/// Whether the enhanced code (RFC 3463) blames the address, or there is none to say otherwise.
fn is_about_the_address(words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or_default();
    let mut parts = first.split('.');
    let is_enhanced = parts.clone().count() == 3
        && parts.clone().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
    !is_enhanced || parts.nth(1) == Some("1")
}
