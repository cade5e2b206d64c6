//! `OVHcloud` SMS: signed JSON calls, receipts and replies by polling.

mod calls;
mod words;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use reqwest::Method;
use secrecy::SecretString;
use serde_json::json;

pub use self::calls::signature;

use self::calls::Calls;
use self::words::{Account, Incoming, Job, Outgoing, Pending, coding};
use super::http::{Answer, Http, Limits};
use super::{BadSettings, Guard, Health, Provider, WhenUnknown};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::config::OvhSettings;
use crate::delivery::{
    Accepted, Content, Envelope, FailureKind, Receipt, Reply, SendError, Verdict,
};

/// Questions that are asked at the same time, at most.
const QUESTIONS_AT_ONCE: usize = 8;

/// An `OVHcloud` SMS account.
pub struct Ovh {
    name: String,
    settings: OvhSettings,
    calls: Calls,
    /// Replies of the window that were fetched already: each costs a call.
    replies: Mutex<HashMap<i64, Reply>>,
    clock: Clock,
}

/// The two secrets of an account, as the settings place them.
pub struct OvhSecrets {
    /// The application secret.
    pub application_secret: SecretString,
    /// The consumer key.
    pub consumer_key: SecretString,
}

// ---- settings ----------------------------------------------------------------------------------

impl Ovh {
    /// An account, after `settings`; nothing is called yet.
    pub fn new(
        name: impl Into<String>,
        settings: &OvhSettings,
        secrets: OvhSecrets,
        clock: Clock,
        guard: Guard,
    ) -> Result<Self, BadSettings> {
        let name = name.into();
        let bad = |key: &'static str, problem: &str| BadSettings::new(&name, key, problem);
        let is_a_word = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        if !is_a_word(&settings.service) {
            return Err(bad("service", "is not an account's name"));
        }
        if !is_a_word(&settings.application_key) {
            return Err(bad("application_key", "is not a key"));
        }
        if settings.sender.as_ref().is_some_and(|sender| {
            sender.is_empty()
                || sender.len() > 11
                || !sender.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ')
        }) {
            return Err(bad("sender", "must be at most 11 letters, digits and spaces"));
        }
        let limits = Limits { connect: settings.connect_limit, answer: settings.answer_limit };
        let http = Http::new(&name, "endpoint", &settings.endpoint, limits, clock.clone(), guard)?;
        let calls = Calls::new(http, settings.application_key.clone(), secrets, clock.clone());
        Ok(Self { name, settings: settings.clone(), calls, replies: Mutex::default(), clock })
    }

    fn path(&self, rest: &str) -> String {
        format!("/sms/{}{rest}", self.settings.service)
    }
}

// ---- send --------------------------------------------------------------------------------------

#[async_trait]
impl Provider for Ovh {
    fn name(&self) -> &str {
        &self.name
    }

    fn channel(&self) -> Channel {
        Channel::Sms
    }

    /// Our reference travels as the message's tag, and messages can be searched by tag.
    fn when_unknown(&self) -> WhenUnknown {
        WhenUnknown::Ask
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let job = self.job(envelope)?;
        let answer = self.calls.hand_over(&self.path("/jobs"), &job).await?;
        if answer.status != 200 {
            return Err(words::refusal(&answer));
        }
        let unclear = || answer.error(FailureKind::Uncertain, "the answer is none of theirs");
        let job: Job = answer.json().ok_or_else(unclear)?;
        match job.ids.first() {
            Some(id) => Ok(accepted(*id, job.credits_left)),
            None if job.invalid_receivers.is_empty() => Err(unclear()),
            None => Err(SendError::new(FailureKind::BadAddress, "they list the number as invalid")),
        }
    }

    /// A message stands among the jobs until it leaves, then among the outgoing.
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let Content::Sms { text, .. } = &envelope.content else {
            return Ok(None);
        };
        let tagged = self.path(&format!("/outgoing?tag={}", envelope.reference));
        if let Some(id) = self.list(&tagged).await?.first() {
            return Ok(Some(accepted(*id, None)));
        }
        let pending = self.list(&self.path("/jobs")).await?;
        let mut details = stream::iter(pending)
            .map(|id| async move { (id, self.get(&self.path(&format!("/jobs/{id}"))).await) })
            .buffer_unordered(QUESTIONS_AT_ONCE);
        while let Some((id, answer)) = details.next().await {
            let pending: Option<Pending> = answer?.json();
            // Jobs carry no tag.
            if pending.is_some_and(|it| it.receiver == envelope.to.value() && it.message == *text) {
                return Ok(Some(accepted(id, None)));
            }
        }
        // It may have left between the two questions.
        Ok(self.list(&tagged).await?.first().map(|id| accepted(*id, None)))
    }

    // ---- what it says later --------------------------------------------------------------------

    fn receipts_are_polled(&self) -> bool {
        true
    }

    async fn fetch_receipts(&self, awaited: &[String]) -> Result<Vec<Receipt>, SendError> {
        let ids: Vec<i64> = awaited.iter().filter_map(|id| id.parse().ok()).collect();
        let mut answers = stream::iter(ids)
            .map(|id| async move { (id, self.get(&self.path(&format!("/outgoing/{id}"))).await) })
            .buffer_unordered(QUESTIONS_AT_ONCE);
        let mut receipts = Vec::with_capacity(awaited.len());
        while let Some((id, answer)) = answers.next().await {
            let verdict = match answer {
                Ok(answer) if answer.status == 404 => Verdict::Pending,
                Ok(answer) => {
                    answer.json().map_or(Verdict::Pending, |outgoing: Outgoing| outgoing.verdict())
                }
                // What was learnt until now is not thrown away.
                Err(error) if receipts.is_empty() => return Err(error),
                Err(_) => break,
            };
            receipts.push(Receipt { provider_ref: id.to_string(), verdict });
        }
        Ok(receipts)
    }

    async fn fetch_replies(&self) -> Result<Vec<Reply>, SendError> {
        let from = self.clock.now() - self.settings.replies_window.0;
        let from = jiff::Timestamp::from_millisecond(from.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let query = format!("/incoming?creationDatetime.from={}", words::encoded(from));
        let ids = self.list(&self.path(&query)).await?;
        self.known_replies(|known| known.retain(|id, _| ids.contains(id)));
        for id in &ids {
            if self.known_replies(|known| known.contains_key(id)) {
                continue;
            }
            let answer = self.get(&self.path(&format!("/incoming/{id}"))).await?;
            if let Some(reply) = answer.json().and_then(Incoming::reply) {
                self.known_replies(|known| drop(known.insert(*id, reply)));
            } else {
                tracing::warn!(provider = self.name, id, "A reply could not be read.");
            }
        }
        Ok(self.known_replies(|known| known.values().cloned().collect()))
    }

    // ---- check ---------------------------------------------------------------------------------

    async fn check(&self) -> Result<Health, SendError> {
        let answer = self.get(&self.path("")).await?;
        let account: Account = answer
            .json()
            .ok_or_else(|| answer.error(FailureKind::Misconfigured, "the answer is no account"))?;
        if account.credits_left <= 0.0 {
            return Err(SendError::new(FailureKind::OutOfCredit, "no credit is left"));
        }
        let Account { credits_left, .. } = account;
        Ok(Health { summary: format!("compte {}, {credits_left} crédits", self.settings.service) })
    }
}

impl Ovh {
    fn job(&self, envelope: &Envelope) -> Result<String, SendError> {
        let Content::Sms { text, .. } = &envelope.content else {
            return Err(SendError::new(FailureKind::Refused, "the content is not an SMS"));
        };
        let mut job = json!({
            "message": text,
            "receivers": [envelope.to.value()],
            // Not commercial: without this, "STOP" is appended and nothing leaves at night.
            "noStopClause": true,
            "senderForResponse": self.settings.sender.is_none(),
            "charset": "UTF-8",
            "coding": coding(text),
            // Kept by the telephone; "flash" is shown once and lost.
            "class": "phoneDisplay",
            "priority": self.settings.priority.as_str(),
            "validityPeriod": self.settings.validity.0.as_secs() / 60,
            "differedPeriod": 0,
            "tag": envelope.reference,
        });
        if let Some(sender) = &self.settings.sender {
            job["sender"] = json!(sender);
        }
        Ok(job.to_string())
    }

    /// A question; anything but 200 and 404 is an error.
    async fn get(&self, path: &str) -> Result<Answer, SendError> {
        let answer = self.calls.ask(Method::GET, path).await?;
        match answer.status {
            200 | 404 => Ok(answer),
            _ => Err(words::refused_question(&answer)),
        }
    }

    async fn list(&self, path: &str) -> Result<Vec<i64>, SendError> {
        let answer = self.get(path).await?;
        answer.json().ok_or_else(|| words::refused_question(&answer))
    }

    fn known_replies<T>(&self, look: impl FnOnce(&mut HashMap<i64, Reply>) -> T) -> T {
        look(&mut self.replies.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn accepted(id: i64, credits_left: Option<f64>) -> Accepted {
    let answer = match credits_left {
        Some(credits) => format!("id {id}, credits left: {credits}"),
        None => format!("id {id}"),
    };
    Accepted { provider_ref: Some(id.to_string()), answer }
}
