//! The words of Edifice, and what they mean in ours.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::http::Answer;
use crate::delivery::{FailureKind, SendError};

/// What became of a message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Sent {
    pub id: String,
    /// Names of those who never opened their account; cut when there are many.
    #[serde(default)]
    inactive: Vec<serde_json::Value>,
    /// How many they are.
    #[serde(default)]
    inactive_count: u64,
    #[serde(default)]
    undelivered: Vec<serde_json::Value>,
}

impl Sent {
    pub fn has_inactive(&self) -> bool {
        self.inactive_count > 0 || !self.inactive.is_empty()
    }

    pub fn has_undelivered(&self) -> bool {
        !self.undelivered.is_empty()
    }
}

/// A message of the outbox.
#[derive(Deserialize)]
pub(super) struct Found {
    pub id: String,
}

/// Whom we may write to.
#[derive(Deserialize)]
pub(super) struct Visible {
    #[serde(default)]
    pub users: Vec<User>,
}

/// A user of the ENT.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User {
    pub id: String,
    pub display_name: String,
    #[serde(default)]
    profile: String,
}

impl User {
    /// Guardians and staff; pupils are not written to.
    pub fn is_adult(&self) -> bool {
        matches!(self.profile.as_str(), "Relative" | "Personnel" | "Teacher")
    }
}

/// Unread messages.
#[derive(Deserialize)]
pub(super) struct Count {
    pub count: u64,
}

#[derive(Deserialize, Default)]
struct Refusal {
    #[serde(default)]
    error: String,
}

/// The data of an answer to a question.
pub(super) fn data<T: DeserializeOwned>(answer: &Answer) -> Result<T, SendError> {
    if answer.status == 200
        && let Some(data) = answer.json()
    {
        return Ok(data);
    }
    let refusal = refusal(answer);
    match refusal.kind {
        FailureKind::Uncertain => Err(SendError { kind: FailureKind::Unreachable, ..refusal }),
        _ => Err(refusal),
    }
}

/// The data of the answer to a message that left.
pub(super) fn data_after_sending<T: DeserializeOwned>(answer: &Answer) -> Result<T, SendError> {
    match answer.json() {
        Some(data) if answer.status == 200 => Ok(data),
        _ => Err(refusal(answer)),
    }
}

/// The grant of a token. Here 400 blames our credentials, not a message.
pub(super) fn grant<T: DeserializeOwned>(answer: &Answer) -> Result<T, SendError> {
    data(answer).map_err(|refusal| match refusal.kind {
        FailureKind::Refused => SendError { kind: FailureKind::Misconfigured, ..refusal },
        _ => refusal,
    })
}

fn refusal(answer: &Answer) -> SendError {
    let Refusal { error } = answer.json().unwrap_or_default();
    let kind = match answer.status {
        // 509 is quota_overflow. A page where data is due is the "too many people" page.
        429 | 502 | 503 | 504 | 509 => FailureKind::Throttled,
        200 if answer.is_html() => FailureKind::Throttled,
        // The communication rules between groups: another person may well be visible.
        _ if error.contains("visible") || error.contains("reply.not.allowed") => {
            FailureKind::Refused
        }
        // Signed out, forbidden, no such address, or sent to a login page.
        300..=399 | 401 | 403 | 404 => FailureKind::Misconfigured,
        400..=499 => FailureKind::Refused,
        _ => FailureKind::Uncertain,
    };
    let words = if answer.is_html() { "a page came where data was due" } else { error.as_str() };
    answer.error(kind, words)
}
