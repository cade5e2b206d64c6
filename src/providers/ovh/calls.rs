//! Signed calls, on the service's clock.

use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use sha1::{Digest, Sha1};

use super::super::http::{Answer, Http, NoAnswer, USUAL_ANSWER};
use super::super::lenient;
use super::settings::OvhSecrets;
use super::words;
use crate::clock::Clock;
use crate::delivery::SendError;

/// No difference between the clocks is known yet.
const UNKNOWN: i64 = i64::MIN;

/// Calls to one account.
pub(super) struct Calls {
    http: Http,
    application_key: String,
    secrets: OvhSecrets,
    clock: Clock,
    /// Their clock minus ours, in seconds.
    difference: AtomicI64,
}

/// One call: what is signed of it, and how much is read of its answer, in octets.
struct Call<'a> {
    method: Method,
    path: &'a str,
    body: &'a str,
    most: usize,
}

impl Calls {
    pub fn new(http: Http, application_key: String, secrets: OvhSecrets, clock: Clock) -> Self {
        Self { http, application_key, secrets, clock, difference: AtomicI64::new(UNKNOWN) }
    }

    /// Hands a message over: when no answer comes back, its outcome is uncertain.
    pub async fn hand_over(&self, path: &str, body: &str) -> Result<Answer, SendError> {
        let call = Call { method: Method::POST, path, body, most: USUAL_ANSWER };
        self.signed(call, NoAnswer::after_a_message).await
    }

    /// Asks something, which can be asked again, for an answer of `most` octets at most.
    pub async fn ask(&self, path: &str, most: usize) -> Result<Answer, SendError> {
        let call = Call { method: Method::GET, path, body: "", most };
        self.signed(call, NoAnswer::after_a_question).await
    }

    /// A call; when it is refused for its time, their clock is read again and it is made once more.
    async fn signed(
        &self,
        call: Call<'_>,
        no_answer: fn(NoAnswer) -> SendError,
    ) -> Result<Answer, SendError> {
        let mut difference = self.difference.load(Ordering::Relaxed);
        if difference == UNKNOWN {
            difference = self.read_their_clock().await?;
        }
        let answer = self.once(&call, difference).await.map_err(no_answer)?;
        if !words::is_about_time(&answer) {
            return Ok(answer);
        }
        let difference = self.read_their_clock().await?;
        self.once(&call, difference).await.map_err(no_answer)
    }

    async fn once(&self, call: &Call<'_>, difference: i64) -> Result<Answer, NoAnswer> {
        let Call { method, path, body, most } = call;
        let timestamp = (self.clock.now().0 / 1_000).saturating_add(difference);
        let url = self.http.url(path);
        let signature = signature(&self.secrets, method.as_str(), &url, body, timestamp);
        let mut request = self
            .http
            .request(method.clone(), path)
            .header("X-Ovh-Application", &self.application_key)
            .header("X-Ovh-Consumer", secret_header(&self.secrets.consumer_key)?)
            .header("X-Ovh-Timestamp", timestamp)
            .header("X-Ovh-Signature", signature)
            .header(CONTENT_TYPE, "application/json");
        if !body.is_empty() {
            request = request.body((*body).to_owned());
        }
        self.http.call_for(request, *most).await
    }

    async fn read_their_clock(&self) -> Result<i64, SendError> {
        let request = self.http.request(Method::GET, "/auth/time");
        let answer = self.http.call(request).await.map_err(NoAnswer::after_a_question)?;
        let theirs = answer.json().as_ref().and_then(lenient::whole);
        let theirs = theirs
            .filter(|_| answer.status == 200)
            .ok_or_else(|| words::refused_question(&answer))?;
        let difference = theirs.saturating_sub(self.clock.now().0 / 1_000);
        self.difference.store(difference, Ordering::Relaxed);
        Ok(difference)
    }
}

fn secret_header(secret: &SecretString) -> Result<HeaderValue, NoAnswer> {
    let mut value = HeaderValue::from_str(secret.expose_secret())
        .map_err(|_| NoAnswer::NotSent("the consumer key is no key".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The signature of a call at `timestamp` (Unix seconds, on their clock): `$1$` and the SHA-1 of
/// all that matters, joined by `+`.
#[must_use]
pub fn signature(
    secrets: &OvhSecrets,
    method: &str,
    url: &str,
    body: &str,
    timestamp: i64,
) -> String {
    let signed = [
        secrets.application_secret.expose_secret(),
        secrets.consumer_key.expose_secret(),
        method,
        url,
        body,
        &timestamp.to_string(),
    ]
    .join("+");
    format!("$1${}", hex::encode(Sha1::digest(signed.as_bytes())))
}
