//! A provider that is not polled: it pushes what comes back, as several services do, with a secret in a header.

use async_trait::async_trait;
use chappe::channel::Channel;
use chappe::clock::Moment;
use chappe::delivery::{Accepted, DeliveryName, Envelope, Receipt, Reply, SendError, Verdict};
use chappe::message::Proof;
use chappe::phone_number::PhoneNumber;
use chappe::providers::{Health, Provider, Rejected, WebhookRequest, WhenUnknown, Word};
use serde_json::Value;

/// What it proves itself with.
pub const SECRET: &str = "s3cr3t";

/// The provider, which takes everything and gives it no id.
pub struct Pushing;

#[async_trait]
impl Provider for Pushing {
    fn name(&self) -> &'static str {
        "sms"
    }

    fn channel(&self) -> Channel {
        Channel::Sms
    }

    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::AwaitReceipt
    }

    async fn send(&self, _: &Envelope) -> Result<Accepted, SendError> {
        Ok(Accepted::default())
    }

    fn webhook(&self, request: &WebhookRequest<'_>) -> Result<Vec<Word>, Rejected> {
        if !is_same(request.header("x-secret").unwrap_or_default(), SECRET) {
            return Err(Rejected::Unproven);
        }
        let pushed: Vec<Value> =
            serde_json::from_slice(request.body).map_err(|_| Rejected::Unreadable)?;
        pushed.iter().map(word).collect::<Option<_>>().ok_or(Rejected::Unreadable)
    }

    async fn check(&self) -> Result<Health, SendError> {
        Ok(Health::default())
    }
}

/// Takes as long whatever differs.
fn is_same(given: &str, expected: &str) -> bool {
    let pairs = given.bytes().zip(expected.bytes());
    given.len() == expected.len() && pairs.fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

/// `{"id":"1","from":"+33…","text":"STOP"}`, `{"id":"77","status":"delivered"}`, or the same with `"ref"`.
fn word(pushed: &Value) -> Option<Word> {
    let text = |key: &str| pushed[key].as_str().map(str::to_owned);
    if let Some(from) = text("from") {
        let from = PhoneNumber::from_e164(&from)?;
        let at = Moment(1_773_644_400_000);
        return Some(Word::Reply(Reply {
            provider_ref: text("id")?,
            from,
            text: text("text")?,
            at,
        }));
    }
    let of = text("ref").map(DeliveryName::ByUs).or(text("id").map(DeliveryName::ByThem))?;
    let verdict = match text("status")?.as_str() {
        "pending" => Verdict::Pending,
        "delivered" => Verdict::Proven(Proof::Delivered),
        "failed" => Verdict::Undeliverable("absent".to_owned()),
        _ => return None,
    };
    Some(Word::Receipt(Receipt { of, verdict, to: None }))
}
