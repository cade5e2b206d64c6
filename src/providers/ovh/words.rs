//! The words of `OVHcloud`, and what they mean in ours.

use serde::Deserialize;

use super::super::http::Answer;
use crate::clock::Moment;
use crate::delivery::{FailureKind, Proof, Reply, SendError, Verdict};
use crate::phone_number::PhoneNumber;

/// The default alphabet of 3GPP TS 23.038 and its extension table.
const GSM_7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡\
    ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€";

/// How `text` must be coded so that no character is lost.
pub(super) fn coding(text: &str) -> &'static str {
    if text.chars().all(|c| GSM_7.contains(c)) { "7bit" } else { "8bit" }
}

/// What became of a job.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    /// One for each receiver that was taken.
    pub ids: Vec<i64>,
    /// Those that were not: 200 alone says nothing.
    #[serde(default)]
    pub invalid_receivers: Vec<String>,
    pub credits_left: Option<f64>,
}

/// A job that waits.
#[derive(Deserialize)]
pub(super) struct Pending {
    pub receiver: String,
    pub message: String,
}

/// An account.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Account {
    pub credits_left: f64,
}

/// A message that left.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outgoing {
    #[serde(default)]
    delivery_receipt: i64,
    #[serde(default)]
    ptt: i64,
}

impl Outgoing {
    /// 1 is the code that their own control panel counts as delivered. 2 (not delivered) and 16
    /// (refused) are those of the SMPP world, whose table has 4 and 8 for "on its way". Any other
    /// moves nothing: the delivery's patience decides.
    pub fn verdict(&self) -> Verdict {
        match self.delivery_receipt {
            1 => Verdict::Proven(Proof::Delivered),
            2 | 16 => Verdict::Undeliverable(format!(
                "receipt {}, operator's code {}",
                self.delivery_receipt, self.ptt
            )),
            _ => Verdict::Pending,
        }
    }
}

/// A reply.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Incoming {
    id: i64,
    sender: String,
    message: String,
    creation_datetime: String,
}

impl Incoming {
    /// In our words; `None` when it comes from no telephone.
    pub fn reply(self) -> Option<Reply> {
        let at: jiff::Timestamp = self.creation_datetime.parse().ok()?;
        let sender = PhoneNumber::from_e164(&self.sender);
        Some(Reply {
            provider_ref: self.id.to_string(),
            from: sender.or_else(|| PhoneNumber::parse(&self.sender, "FR").ok())?,
            text: self.message,
            at: Moment(at.as_millisecond()),
        })
    }
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Refusal {
    error_code: String,
    message: String,
}

/// Whether a call was refused because the clocks disagree.
pub(super) fn is_about_time(answer: &Answer) -> bool {
    (400..=403).contains(&answer.status)
        && answer.json().is_some_and(|Refusal { error_code, message }| {
            let message = message.to_lowercase();
            error_code == "QUERY_TIME_OUT"
                || message.contains("timestamp")
                || message.contains("out of time")
        })
}

/// The verdict on a message that was not answered by 200.
pub(super) fn refusal(answer: &Answer) -> SendError {
    let Refusal { error_code, message } = answer.json().unwrap_or_default();
    let kind = match answer.status {
        402 => FailureKind::OutOfCredit,
        400 | 403 if message.to_lowercase().contains("credit") => FailureKind::OutOfCredit,
        // Not signed in, not allowed, no such account, account expired; or moved elsewhere.
        300..=399 | 401 | 403 | 404 | 460 => FailureKind::Misconfigured,
        400 if error_code.starts_with("INVALID_") || is_about_time(answer) => {
            FailureKind::Misconfigured
        }
        409 | 429 | 503 => FailureKind::Throttled,
        400..=499 => FailureKind::Refused,
        // 500, 502, 504, and a success that is none: the message may have been taken.
        _ => FailureKind::Uncertain,
    };
    answer.error(kind, format!("{error_code} {message}").trim())
}

/// The verdict on a question that was not answered: it can be asked again.
pub(super) fn refused_question(answer: &Answer) -> SendError {
    let refusal = refusal(answer);
    match refusal.kind {
        FailureKind::Uncertain => SendError { kind: FailureKind::Unreachable, ..refusal },
        _ => refusal,
    }
}

/// `moment` as a part of a query.
pub(super) fn encoded(moment: jiff::Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().replace(':', "%3A")
}
