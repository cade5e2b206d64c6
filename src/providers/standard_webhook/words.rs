//! What the other side's answers mean in ours: it says all by the status.

use super::super::http::Answer;
use crate::delivery::{Accepted, FailureKind, SendError};

/// The answer to a message.
pub(super) fn taken(answer: &Answer) -> Result<Accepted, SendError> {
    let error = |kind, words: &str| Err(answer.error(kind, words));
    match answer.status {
        // Many a receiver says nothing, or a word of its own; none says a page.
        200..=299 if !is_a_page(answer) => {
            Ok(Accepted { answer: format!("HTTP {}", answer.status), ..Accepted::default() })
        }
        200..=299 => error(FailureKind::Misconfigured, "a page is there, and nobody for webhooks"),
        300..=399 => error(FailureKind::Misconfigured, "it moved: its new address is for url"),
        410 => error(FailureKind::Misconfigured, "it wants no webhooks any more"),
        401 | 403..=407 | 415 | 426 => error(FailureKind::Misconfigured, ""),
        413 | 422 => error(FailureKind::Refused, ""),
        429 => error(FailureKind::Throttled, ""),
        503 if answer.retry_after.is_some() => error(FailureKind::Throttled, ""),
        // Late, in conflict with what may be this very message, or broken on the way.
        408 | 409 | 500..=599 => error(FailureKind::Uncertain, ""),
        // 400 too: examples of the libraries answer so to a wrong signature, others to a wrong recipient.
        _ => error(FailureKind::Denied, ""),
    }
}

/// The answer to whether anybody is there.
pub(super) fn reached(answer: &Answer) -> Result<(), SendError> {
    match answer.status {
        410 => Err(answer.error(FailureKind::Misconfigured, "it wants no webhooks any more")),
        300..=399 => taken(answer).map(drop),
        500..=599 => Err(answer.error(FailureKind::Unreachable, "")),
        _ => Ok(()),
    }
}

/// Whether it looks like one, whatever its headers say: programs often call a mere "ok" HTML.
fn is_a_page(answer: &Answer) -> bool {
    answer.body().trim_ascii_start().starts_with(b"<")
}
