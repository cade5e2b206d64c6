//! The words of a homeserver, and what they mean in ours.

use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::http::Answer;
use super::super::lenient;
use crate::delivery::{FailureKind, SendError};

/// The most octets of both bodies of a message: an event has 65,536 at most, with all that stands around them.
const LONGEST_BODIES: usize = 48_000;

/// The longest id, in octets.
const LONGEST_ID: usize = 255;

/// Who we are on the homeserver.
#[derive(Deserialize)]
pub(super) struct Whoami {
    /// `@chappe:example.org`.
    pub user_id: String,
    /// The device that our token belongs to.
    #[serde(default)]
    pub device_id: Option<String>,
}

/// A refusal, in a homeserver's own words.
#[derive(Deserialize, Default)]
#[serde(default)]
struct MatrixError {
    errcode: Value,
    error: Value,
    retry_after_ms: Value,
}

/// A message, ready for its room. Whoever shows no HTML, or gets none since it would be too long with it,
/// reads the same in plain text.
pub(super) fn message(subject: &str, text: &str, html: &str) -> Value {
    let body = format!("{subject}\n\n{text}");
    let heading = subject.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let formatted = format!("<h3>{heading}</h3>{html}");
    // Text, since notices are shown without a sound, and nobody is called by a name that stands in it.
    let mut message = json!({ "msgtype": "m.text", "body": body, "m.mentions": {} });
    if body.len() + formatted.len() <= LONGEST_BODIES {
        message["format"] = json!("org.matrix.custom.html");
        message["formatted_body"] = json!(formatted);
    }
    message
}

/// `segment` as it can stand in a path or a query.
pub(super) fn encoded(segment: &str) -> String {
    let stands = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let written = |byte| match byte {
        byte if stands(byte) => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    segment.bytes().map(written).collect()
}

/// Whether a text is an id of this kind: an event's begins with `$`, a room's with `!`.
pub(super) fn is_id(kind: char, id: &str) -> bool {
    id.starts_with(kind) && (2..=LONGEST_ID).contains(&id.len()) && !id.contains(char::is_control)
}

/// The data of an answer to a question.
pub(super) fn data<T: DeserializeOwned>(answer: &Answer) -> Result<T, SendError> {
    let data = answer.object().filter(|_| answer.status == 200);
    data.ok_or_else(|| refused_question(answer))
}

/// The id of the event that a message became.
pub(super) fn sent(answer: &Answer) -> Result<String, SendError> {
    #[derive(Deserialize)]
    struct SentEvent {
        event_id: String,
    }

    let sent: Option<SentEvent> = answer.object().filter(|_| answer.status == 200);
    let event = sent.map(|sent| sent.event_id).filter(|id| is_id('$', id));
    event.ok_or_else(|| refusal(answer))
}

/// The verdict on what was asked before a message left: nothing is uncertain, it can be asked again.
pub(super) fn refused_question(answer: &Answer) -> SendError {
    let refusal = refusal(answer);
    match refusal.kind {
        FailureKind::Uncertain => SendError { kind: FailureKind::Unreachable, ..refusal },
        _ => refusal,
    }
}

/// The same of what was asked about one person: who is not known is theirs, and so is another homeserver that
/// ours cannot reach.
pub(super) fn refused_person(answer: &Answer) -> SendError {
    match answer.status {
        400 | 404 if is_its_own(answer) => answer.error(FailureKind::BadAddress, "nobody has it"),
        502 | 504 if is_its_own(answer) => {
            answer.error(FailureKind::Deferred, "their homeserver cannot be reached")
        }
        _ => refused_question(answer),
    }
}

/// Whether the homeserver itself refuses, and nobody in its place.
fn is_its_own(answer: &Answer) -> bool {
    answer.object().is_some_and(|error: MatrixError| error.errcode.is_string())
}

/// The verdict on a message that left. Only the homeserver's own words are clear ones: whatever stands before
/// it may have passed the message on.
fn refusal(answer: &Answer) -> SendError {
    let error: MatrixError = answer.object().unwrap_or_default();
    let code = lenient::text(&error.errcode).unwrap_or_default();
    let kind = match (code.as_str(), answer.status) {
        ("M_LIMIT_EXCEEDED", _) | ("", 429) => FailureKind::Throttled,
        (
            "M_UNKNOWN_TOKEN"
            | "M_MISSING_TOKEN"
            | "M_USER_DEACTIVATED"
            | "M_USER_LOCKED"
            | "M_USER_SUSPENDED"
            | "M_CONSENT_NOT_GIVEN"
            | "M_RESOURCE_LIMIT_EXCEEDED"
            | "M_UNRECOGNIZED",
            _,
        ) => FailureKind::Misconfigured,
        // Our right to write, or this person's wish that we do not.
        ("M_FORBIDDEN" | "M_NOT_FOUND", _) => FailureKind::Denied,
        ("M_TOO_LARGE" | "M_BAD_JSON" | "M_NOT_JSON" | "M_INVALID_PARAM", _) => {
            FailureKind::Refused
        }
        _ => FailureKind::Uncertain,
    };
    let words = lenient::text(&error.error).unwrap_or_default();
    let refusal = answer.error(kind, format!("{code} {words}").trim());
    match (kind, refusal.retry_after, lenient::whole(&error.retry_after_ms)) {
        (FailureKind::Throttled, None, Some(millis)) => {
            let wait = Duration::from_millis(u64::try_from(millis).unwrap_or(0));
            refusal.retry_after(Some(wait.min(Duration::from_hours(24))))
        }
        _ => refusal,
    }
}
