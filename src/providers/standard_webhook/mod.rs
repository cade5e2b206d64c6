//! Any other system: each message is one signed POST (Standard Webhooks 1.0).

mod settings;
mod signed;
mod words;

use std::sync::Arc;

use async_trait::async_trait;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use secrecy::SecretString;

pub use self::settings::StandardWebhookSettings;

use self::signed::SigningKey;
use super::http::{Hosts, Http, Limits, NoAnswer};
use super::kind::{CarrierError, ProviderKind, Site};
use super::masked;
use super::{BadSettings, Guard, Health, Provider, WhenUnknown};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::delivery::{Accepted, Envelope, FailureKind, SendError};
use crate::settings::{Pace, SecretPlace};

/// The key of the secret.
const SECRET: &str = "webhook.secret";

/// A system that takes webhooks.
pub struct StandardWebhook {
    name: String,
    channel: Channel,
    /// What follows the root of `http`: a final slash is a part of this address.
    path: &'static str,
    http: Http,
    key: SigningKey,
    clock: Clock,
}

// ---- settings ----------------------------------------------------------------------------------

impl StandardWebhook {
    /// A system, after `settings`; nothing is called yet.
    pub fn new(
        name: impl Into<String>,
        settings: &StandardWebhookSettings,
        secret: &SecretString,
        clock: Clock,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        let name = name.into();
        let channel = settings.channel;
        if channel.is_carried_by_people() {
            return Err(BadSettings::new(&name, "channel", "must be ent, email, sms or chat"));
        }
        let key = SigningKey::of(secret).map_err(|why| BadSettings::new(&name, "secret", why))?;
        let hosts = match &settings.private_host {
            Some(host) => Hosts::Named(host),
            None => Hosts::Public,
        };
        let limits = Limits { connect: settings.connect_limit, answer: settings.answer_limit };
        let http = Http::calling(hosts, &name, "url", &settings.url, limits, clock.clone(), guard)?;
        let path = if settings.url.ends_with('/') { "/" } else { "" };
        Ok(Self { name, channel, path, http, key, clock })
    }
}

impl ProviderKind for StandardWebhookSettings {
    fn channel(&self) -> Channel {
        self.channel
    }

    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn place(&self) -> Option<&str> {
        Some(&self.url)
    }

    fn secrets(&self) -> Vec<(&'static str, &SecretPlace)> {
        vec![(SECRET, &self.secret)]
    }

    fn build(&self, site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError> {
        let secret = site.secret(SECRET, &self.secret)?;
        let clock = site.clock.clone();
        Ok(Arc::new(StandardWebhook::new(site.name, self, &secret, clock, site.guard)?))
    }
}

// ---- send --------------------------------------------------------------------------------------

#[async_trait]
impl Provider for StandardWebhook {
    fn name(&self) -> &str {
        &self.name
    }

    fn channel(&self) -> Channel {
        self.channel
    }

    /// It carries the same `webhook-id` again, by which the other side knows it.
    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Resend
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let sent = self.hand_over(envelope).await;
        sent.map_err(|error| masked::without_recipient(error, envelope))
    }

    // ---- check ---------------------------------------------------------------------------------

    /// An address that takes webhooks need not answer anything else: any answer shows that it is there.
    async fn check(&self) -> Result<Health, SendError> {
        let question = self.http.request(Method::HEAD, self.path);
        let answer = self.http.call(question).await.map_err(NoAnswer::after_a_question)?;
        words::reached(&answer)?;
        let status = answer.status;
        Ok(Health {
            summary: format!("answers (HTTP {status}); a message shows if it takes ours"),
            in_french: format!("HTTP {status} ; seul un envoi montrera s’il prend nos messages"),
        })
    }
}

impl StandardWebhook {
    async fn hand_over(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let (id, now) = (&envelope.reference, self.clock.now());
        let body = signed::body(envelope, now)
            .map_err(|error| SendError::new(FailureKind::Refused, error.to_string()))?;
        let seconds = now.0.div_euclid(1_000);
        let request = self
            .http
            .request(Method::POST, self.path)
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds)
            .header("webhook-signature", self.key.signature(id, seconds, &body))
            .body(body);
        let answer = self.http.call(request).await.map_err(NoAnswer::after_a_message)?;
        words::taken(&answer)
    }
}
