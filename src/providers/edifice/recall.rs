//! A message taken back by its sender. As entcore 6.15 does it (`SqlConversationService.recallMessage`, read there):
//!
//! - It is one state of the one message, so that it holds for all whom it went to, whether they have read it or not.
//! - What a reader then opens has neither subject, text nor enclosure. Where it was read it stands as "Message
//!   rappelé"; where it was not, the inbox shows nothing of it.
//! - The notification is left alone: its line, its e-mail and its push keep the subject, and nobody is told of the
//!   recall.
//! - A second recall, one that is too late and one of somebody else's message have one answer. The message's own
//!   state tells the first of them.
//! - It wants the right `conversation.recall`, which an operator gives or not: without it, the page of the 401.

use std::time::Duration;

use super::line::EntLine;
use super::words;
use crate::delivery::{FailureKind, SendError};

/// For how long (entcore 6.15, `recall-delay-minutes`; an operator may differ, and the ENT refuses then).
pub(super) const WITHIN: Duration = Duration::from_hours(1);

pub(super) async fn recall(line: &EntLine, id: &str) -> Result<(), SendError> {
    let message = format!("/conversation/api/messages/{id}");
    let answer = line.order(&format!("{message}/recall")).await?;
    match answer.status {
        204 => return Ok(()),
        401 | 403 | 404 => {
            return Err(answer.error(FailureKind::Denied, "it recalls nothing of ours"));
        }
        _ => {}
    }
    if !words::refuses_recall(&answer) {
        return Err(unclear(words::refused_question(&answer)));
    }
    if words::is_recalled(&line.get(&message).await?)? {
        return Ok(());
    }
    Err(answer.error(FailureKind::Refused, "it does not recall this one, or not any more"))
}

/// Any other word is none: it is asked again.
fn unclear(refusal: SendError) -> SendError {
    match refusal.kind {
        FailureKind::Refused => SendError { kind: FailureKind::Unreachable, ..refusal },
        _ => refusal,
    }
}
