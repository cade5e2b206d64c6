//! What is posted, and its signature (Standard Webhooks 1.0).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use sha2::Sha256;

use crate::clock::Moment;
use crate::delivery::{Content, Envelope};

/// What a written secret begins with.
const PREFIX: &str = "whsec_";

/// The secret that both sides have, ready to sign with.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// The key that a secret spells, or what is wrong with it.
    pub fn of(secret: &SecretString) -> Result<Self, &'static str> {
        let written = secret.expose_secret().trim();
        let octets = BASE64.decode(written.strip_prefix(PREFIX).unwrap_or(written));
        let octets = octets.map_err(|_| "is not whsec_ and base64")?;
        if !(24..=64).contains(&octets.len()) {
            return Err("must be 24 to 64 octets in base64");
        }
        Hmac::new_from_slice(&octets).map(Self).map_err(|_| "is no key")
    }

    /// The value of `webhook-signature`.
    pub fn signature(&self, id: &str, seconds: i64, body: &str) -> String {
        let mut signed = self.0.clone();
        signed.update(format!("{id}.{seconds}.{body}").as_bytes());
        format!("v1,{}", BASE64.encode(signed.finalize().into_bytes()))
    }
}

/// The body: an event, as the specification advises.
#[derive(Serialize)]
struct DeliveryEventBody<'a> {
    r#type: &'static str,
    /// When this attempt is made.
    timestamp: Moment,
    data: DeliveryData<'a>,
}

#[derive(Serialize)]
struct DeliveryData<'a> {
    reference: &'a str,
    channel: &'static str,
    to: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
}

/// The body for `envelope`, in JSON.
pub(super) fn body(envelope: &Envelope, now: Moment) -> Result<String, serde_json::Error> {
    let (subject, text, html) = match &envelope.content {
        Content::Ent { subject, html } => (Some(subject), None, Some(html)),
        Content::Email { subject, text, html } | Content::Chat { subject, text, html } => {
            (Some(subject), Some(text), Some(html))
        }
        Content::Sms { text, .. } => (None, Some(text), None),
    };
    serde_json::to_string(&DeliveryEventBody {
        r#type: "delivery",
        timestamp: now,
        data: DeliveryData {
            reference: &envelope.reference,
            channel: envelope.to.channel().as_str(),
            to: envelope.to.value(),
            subject: subject.map(String::as_str),
            text: text.map(String::as_str),
            html: html.map(String::as_str),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_specification_s_example() {
        let key = SigningKey::of(&"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".into()).ok().unwrap();
        let body = r#"{"test": 2432232314}"#;
        assert_eq!(
            key.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }

    #[test]
    fn a_secret_is_long_enough_and_in_base64() {
        for wrong in ["", "whsec_", "whsec_c2hvcnQ=", "whsec_not base64 at all, but long enough"] {
            assert!(SigningKey::of(&wrong.into()).is_err(), "{wrong}");
        }
        assert!(SigningKey::of(&"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n".into()).is_ok());
    }
}
