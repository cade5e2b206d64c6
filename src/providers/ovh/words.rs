//! The words of `OVHcloud`, and what they mean in ours.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer as _};
use serde_json::Value;

use super::super::http::Answer;
use super::super::lenient;
use crate::clock::Moment;
use crate::delivery::{FailureKind, Reply, SendError, Verdict};
use crate::message::Proof;
use crate::people::ContactPoint;
use crate::phone_number::PhoneNumber;
use crate::wording::sms::{Encoding, segments};

/// The longest reply that is kept, in characters: twelve text messages.
const LONGEST_REPLY: usize = 2_000;
/// Fewer digits than this are no number of anybody.
const FEWEST_DIGITS: usize = 8;
/// Codes of refusals that are about our key, its rights, or our clock.
const OUR_CODES: [&str; 5] = [
    "INVALID_KEY",
    "INVALID_CREDENTIAL",
    "INVALID_SIGNATURE",
    "NOT_CREDENTIAL",
    "NOT_GRANTED_CALL",
];

/// How `text` must be coded so that no character is lost.
pub(super) fn coding(text: &str) -> &'static str {
    match segments(text).encoding {
        Encoding::Gsm7 => "7bit",
        Encoding::Ucs2 => "8bit",
    }
}

/// Hands over each id of a list, of which there may be very many; `None` when it is no list.
pub(super) fn each_id(answer: &Answer, take: impl FnMut(i64)) -> Option<()> {
    struct Ids<F>(F);

    impl<'de, F: FnMut(i64)> Visitor<'de> for Ids<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of ids")
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
            while let Some(item) = list.next_element::<Value>()? {
                lenient::whole(&item).into_iter().for_each(&mut self.0);
            }
            Ok(())
        }
    }

    let mut json = serde_json::Deserializer::from_slice(answer.body());
    json.deserialize_seq(Ids(take)).ok()?;
    json.end().ok()
}

/// What became of a job.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct SendingReport {
    /// One for each receiver that was taken.
    ids: Value,
    valid_receivers: Value,
    /// Those that were not taken: 200 alone says nothing.
    invalid_receivers: Value,
    credits_left: Value,
}

/// What an answer says of the message to one number.
pub(super) enum NumberVerdict {
    /// It was taken under this id.
    Taken(i64),
    /// The number is none.
    Invalid,
    /// Nothing, or of another number.
    Nothing,
}

impl SendingReport {
    /// What it says of the message to `number` (E.164).
    pub fn of(&self, number: &str) -> NumberVerdict {
        let first = self.ids.as_array().and_then(|ids| ids.iter().find_map(lenient::whole));
        let valid = lenient::texts(&self.valid_receivers);
        let is_another_s = !valid.is_empty() && !holds(&valid, number);
        let is_invalid = holds(&lenient::texts(&self.invalid_receivers), number);
        match (first.filter(|id| *id > 0), is_invalid) {
            (Some(id), false) if !is_another_s => NumberVerdict::Taken(id),
            (None, true) => NumberVerdict::Invalid,
            _ => NumberVerdict::Nothing,
        }
    }

    /// The same of each of several numbers, in their order. Of the ids it does not say whose each is: each number
    /// that was taken is given one of them, and receipts tell the rest. Ids of another number of messages than that
    /// are nobody's for sure.
    pub fn of_each(&self, numbers: &[&str]) -> Vec<NumberVerdict> {
        let valid = lenient::texts(&self.valid_receivers);
        let invalid = lenient::texts(&self.invalid_receivers);
        let ids = self.ids.as_array().into_iter().flatten().filter_map(lenient::whole);
        let ids: BTreeSet<i64> = ids.filter(|id| *id > 0).collect();
        let is_taken = |number: &str| holds(&valid, number) && !holds(&invalid, number);
        let taken = numbers.iter().filter(|number| is_taken(number)).count();
        let is_clear = taken == ids.len() && taken == valid.len();
        let mut ids = ids.into_iter().filter(|_| is_clear);
        let of = |number: &&str| match (is_taken(number), holds(&invalid, number)) {
            (true, _) => ids.next().map_or(NumberVerdict::Nothing, NumberVerdict::Taken),
            (false, true) if !holds(&valid, number) => NumberVerdict::Invalid,
            (false, _) => NumberVerdict::Nothing,
        };
        numbers.iter().map(of).collect()
    }

    pub fn credits_left(&self) -> Option<f64> {
        lenient::decimal(&self.credits_left)
    }
}

/// Whether `number` (E.164) is one of these, however they are written.
fn holds(numbers: &[String], number: &str) -> bool {
    numbers.iter().any(|written| is(written, number))
}

/// Whether `number` (E.164) is this one, however it is written.
pub(super) fn is(written: &str, number: &str) -> bool {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    digits.len() >= FEWEST_DIGITS && number.ends_with(digits)
}

/// The number that is written so.
fn number(written: &str) -> Option<PhoneNumber> {
    PhoneNumber::from_e164(written).or_else(|| PhoneNumber::parse(written, "FR").ok())
}

/// A job that waits.
#[derive(Deserialize)]
pub(super) struct Pending {
    receiver: Value,
    message: Value,
}

impl Pending {
    /// What it says, and to whom; `None` when it does not tell.
    pub fn told(&self) -> Option<(String, String)> {
        Some((lenient::text(&self.message)?, lenient::text(&self.receiver)?))
    }
}

/// An account.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OvhAccount {
    credits_left: Value,
}

impl OvhAccount {
    pub fn credits_left(&self) -> Option<f64> {
        lenient::decimal(&self.credits_left)
    }
}

/// A message that left.
#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Outgoing {
    receiver: Value,
    delivery_receipt: Value,
    ptt: Value,
}

impl Outgoing {
    /// Whether it went to `number` (E.164), as far as it tells.
    pub fn may_be_to(&self, number: &str) -> bool {
        lenient::text(&self.receiver).is_none_or(|receiver| is(&receiver, number))
    }

    /// Whom it went to, where it tells.
    pub fn to(&self) -> Option<ContactPoint> {
        lenient::text(&self.receiver).as_deref().and_then(number).map(ContactPoint::Sms)
    }

    /// 1 is the code that their own control panel counts as delivered. 2 (not delivered) and 16
    /// (refused) are those of the SMPP world, whose table has 4 and 8 for "on its way". Any other
    /// moves nothing: the delivery's patience decides.
    pub fn verdict(&self) -> Verdict {
        let ptt = lenient::whole(&self.ptt).unwrap_or(0);
        match lenient::whole(&self.delivery_receipt) {
            Some(1) => Verdict::Proven(Proof::Delivered),
            Some(receipt @ (2 | 16)) => {
                Verdict::Undeliverable(format!("receipt {receipt}, operator's code {ptt}"))
            }
            _ => Verdict::Pending,
        }
    }
}

/// A reply.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct IncomingSms {
    sender: Value,
    message: Value,
    #[serde(default)]
    creation_datetime: Value,
}

impl IncomingSms {
    /// In our words; `None` when it comes from no telephone. One without a time that can be read came
    /// now: a STOP is a STOP.
    pub fn reply(self, id: i64, now: Moment) -> Option<Reply> {
        let sender = lenient::text(&self.sender)?;
        let at = self.creation_datetime.as_str().and_then(|at| at.parse::<jiff::Timestamp>().ok());
        Some(Reply {
            provider_ref: id.to_string(),
            from: number(&sender)?,
            text: shortened(&lenient::text(&self.message).unwrap_or_default()),
            at: at.map_or(now, |at| Moment(at.as_millisecond())),
        })
    }
}

/// The words of a reply, without what is no text, and marked where they are cut: nobody types so much.
fn shortened(text: &str) -> String {
    let is_text = |c: char| if c.is_control() && c != '\n' { ' ' } else { c };
    let mut kept: String = text.chars().take(LONGEST_REPLY).map(is_text).collect();
    if text.chars().nth(LONGEST_REPLY).is_some() {
        kept.push('…');
    }
    kept
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct ErrorBody {
    error_code: Value,
    message: Value,
}

/// The code and the words of a refusal; empty where there are none.
fn refused(answer: &Answer) -> (String, String) {
    let ErrorBody { error_code, message } = answer.object().unwrap_or_default();
    let text = |value: &Value| lenient::text(value).unwrap_or_default();
    (text(&error_code), text(&message))
}

/// Whether a call was refused because the clocks disagree.
pub(super) fn is_about_time(answer: &Answer) -> bool {
    if !(400..=403).contains(&answer.status) {
        return false;
    }
    let (error_code, message) = refused(answer);
    let message = message.to_lowercase();
    error_code == "QUERY_TIME_OUT"
        || message.contains("timestamp")
        || message.contains("out of time")
}

/// Whether a refusal is about us for sure: our key, our clock, a sender of ours that is not declared ("Sms
/// sender X does not exists"), or a short number ("cannot send contact information with shortcode").
fn is_about_us(answer: &Answer) -> bool {
    let (error_code, message) = refused(answer);
    let message = message.to_lowercase();
    OUR_CODES.contains(&error_code.as_str())
        || is_about_time(answer)
        || message.contains("contact information")
        || message.contains("sms sender") && message.contains("not exist")
}

/// Whether a refusal may be about who sends, or about the receiver.
fn may_be_about_sender(error_code: &str, message: &str) -> bool {
    let message = message.to_lowercase();
    error_code.starts_with("INVALID_")
        || ["shortcode", "short code", "sender"].iter().any(|word| message.contains(word))
}

/// The verdict on a message that was not answered by 200. Of all that speaks of overload only 429 says that
/// it was not taken: the server behind a gateway that gives up, or that sends us elsewhere, may have it. An
/// endpoint that is a wrong one is found out before, when their clock is read there.
pub(super) fn refusal_after_sending(answer: &Answer) -> SendError {
    let refusal = refusal(answer);
    match answer.status {
        300..=399 | 409 | 503 => SendError { kind: FailureKind::Uncertain, ..refusal },
        _ => refusal,
    }
}

fn refusal(answer: &Answer) -> SendError {
    let (error_code, message) = refused(answer);
    let kind = match answer.status {
        402 => FailureKind::OutOfCredit,
        400 | 403 if message.to_lowercase().contains("credit") => FailureKind::OutOfCredit,
        // Not signed in, account expired; or moved elsewhere.
        300..=399 | 401 | 460 => FailureKind::Misconfigured,
        400 | 403 | 404 if is_about_us(answer) => FailureKind::Misconfigured,
        // Not allowed, or not there: our account, or that one number.
        403 | 404 => FailureKind::Denied,
        400 if may_be_about_sender(&error_code, &message) => FailureKind::Denied,
        409 | 429 | 503 => FailureKind::Throttled,
        // It did not hear all of us in time.
        408 => FailureKind::Uncertain,
        400..=499 => FailureKind::Refused,
        // 500, 502, 504, and a success that is none: the message may have been taken.
        _ => FailureKind::Uncertain,
    };
    answer.error(kind, format!("{error_code} {message}").trim())
}

/// The verdict on a question that was not answered: it can be asked again. It is about nobody but us.
pub(super) fn refused_question(answer: &Answer) -> SendError {
    let refusal = refusal(answer);
    match refusal.kind {
        FailureKind::Denied => SendError { kind: FailureKind::Misconfigured, ..refusal },
        FailureKind::Uncertain => SendError { kind: FailureKind::Unreachable, ..refusal },
        _ => refusal,
    }
}

/// `moment` as a part of a query.
pub(super) fn encoded(moment: jiff::Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().replace(':', "%3A")
}
