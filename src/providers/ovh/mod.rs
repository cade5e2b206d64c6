//! `OVHcloud` SMS: signed JSON calls, receipts and replies by polling.

mod calls;
mod search;
mod settings;
mod words;

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use serde_json::json;

pub use self::calls::signature;
pub use self::settings::{OvhPriority, OvhSecrets, OvhSettings};

use self::calls::Calls;
use self::words::{IncomingSms, NumberVerdict, Outgoing, OvhAccount, SendingReport, coding};
use super::http::{Answer, Http, Limits, USUAL_ANSWER};
use super::kind::{CarrierError, ProviderKind, Site};
use super::masked;
use super::sender::is_name_of_text;
use super::{BadSettings, Guard, Health, Inbox, Polled, Provider, Sender, WhenUnknown};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::delivery::{
    Accepted, Circular, Content, Envelope, FailureKind, Receipt, Reply, SendError, Verdicts,
};
use crate::people::ContactPoint;
use crate::settings::{Pace, SecretPlace};
use crate::stop::Stop;

/// The keys of the two secrets.
const APPLICATION_SECRET: &str = "ovh.application_secret";
const CONSUMER_KEY: &str = "ovh.consumer_key";
/// The most receivers that one job is given: its answer is lost or refused as a whole.
const MOST_TOGETHER: usize = 50;
/// Questions that are asked at the same time, at most.
const QUESTIONS_AT_ONCE: usize = 8;
/// Questions that remain without an answer, after which the others wait for the next round.
const MOST_UNANSWERED: usize = 8;
/// The longest list of ids that is read, in octets: 800,000 of them.
const LONGEST_LIST: usize = 8 * 1024 * 1024;
/// Replies that are fetched at a time: each costs a call.
const REPLIES_AT_A_TIME: usize = 100;

/// An `OVHcloud` SMS account.
pub struct Ovh {
    name: String,
    settings: OvhSettings,
    calls: Calls,
    /// Replies of the window that were seen to.
    seen_to: Mutex<HashSet<i64>>,
    clock: Clock,
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
        if !(1..=MOST_TOGETHER).contains(&settings.most_together) {
            return Err(bad("most_together", "must be 1 to 50"));
        }
        if settings.sender.as_deref().is_some_and(|name| !is_name_of_text(name)) {
            return Err(bad("sender", "must be at most 11 letters, digits and spaces"));
        }
        let limits = Limits { connect: settings.connect_limit, answer: settings.answer_limit };
        let http = Http::new(&name, "endpoint", &settings.endpoint, limits, clock.clone(), guard)?;
        let calls = Calls::new(http, settings.application_key.clone(), secrets, clock.clone());
        Ok(Self { name, settings: settings.clone(), calls, seen_to: Mutex::default(), clock })
    }

    fn path(&self, rest: &str) -> String {
        format!("/sms/{}{rest}", self.settings.service)
    }
}

impl ProviderKind for OvhSettings {
    fn channel(&self) -> Channel {
        Channel::Sms
    }

    fn pace(&self) -> &Pace {
        &self.pace
    }

    fn most_together(&self) -> usize {
        self.most_together
    }

    fn sends_by_short_number(&self) -> bool {
        self.sender.is_none()
    }

    /// A sender by name takes none.
    fn takes_replies(&self) -> bool {
        self.sender.is_none()
    }

    fn sender(&self) -> Option<Sender> {
        Some(Sender::Text { name: self.sender.clone().unwrap_or_default() })
    }

    fn secrets(&self) -> Vec<(&'static str, &SecretPlace)> {
        vec![(APPLICATION_SECRET, &self.application_secret), (CONSUMER_KEY, &self.consumer_key)]
    }

    fn build(&self, site: &Site<'_>) -> Result<Arc<dyn Provider>, CarrierError> {
        let secrets = OvhSecrets {
            application_secret: site.secret(APPLICATION_SECRET, &self.application_secret)?,
            consumer_key: site.secret(CONSUMER_KEY, &self.consumer_key)?,
        };
        Ok(Arc::new(Ovh::new(site.name, self, secrets, site.clock.clone(), site.guard)?))
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
        let sent = self.hand_over(envelope).await;
        sent.map_err(|error| masked::without_recipient(error, envelope))
    }

    /// A message stands among the jobs until it leaves, then among the outgoing.
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let numbers = [envelope.to.value()];
        let found = self.find(&envelope.content, &numbers, &envelope.reference).await;
        let found = found.map_err(|error| masked::without_recipient(error, envelope))?;
        Ok(found.into_iter().flatten().next().map(|id| accepted(id, None)))
    }

    fn most_together(&self) -> usize {
        self.settings.most_together
    }

    /// Each who gets it is counted, and paid for.
    fn units_together(&self, content: &Content, recipients: usize) -> u32 {
        let recipients = u32::try_from(recipients).unwrap_or(u32::MAX);
        content.units().saturating_mul(recipients)
    }

    /// One job, which has one text and a list of receivers: each becomes a message of its own. Its answer
    /// (`sms.SmsSendingReport`) lists `ids` and `validReceivers` and does not say which id is whose; the receipts,
    /// which are asked for by id, name the receiver ([`Receipt::to`]). Where there is no credit for all, nobody
    /// is sent to.
    async fn send_together(&self, circular: &Circular) -> Result<Verdicts, SendError> {
        let numbers = numbers_of(circular);
        let report = self.post(&circular.content, &numbers, &circular.reference).await?;
        let verdict = |verdict| match verdict {
            NumberVerdict::Taken(id) => Ok(accepted(id, report.credits_left())),
            NumberVerdict::Invalid => Err(invalid()),
            NumberVerdict::Nothing => Err(silent()),
        };
        Ok(report.of_each(&numbers).into_iter().map(verdict).collect())
    }

    /// All of a job carry its tag. Who is not among those that left or wait has not been sent to, once others of
    /// the same job have.
    async fn ask_together(&self, circular: &Circular) -> Result<Option<Verdicts>, SendError> {
        let numbers = numbers_of(circular);
        let found = self.find(&circular.content, &numbers, &circular.reference).await?;
        if found.iter().all(Option::is_none) {
            return Ok(None);
        }
        let without = || SendError::new(FailureKind::Deferred, "the job went without this one");
        let verdict = |id: Option<i64>| id.map(|id| accepted(id, None)).ok_or_else(without);
        Ok(Some(found.into_iter().map(verdict).collect()))
    }

    // ---- what it says later --------------------------------------------------------------------

    fn receipts_are_polled(&self) -> bool {
        true
    }

    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        super::listen(self, inbox, &stop).await;
    }

    // ---- check ---------------------------------------------------------------------------------

    async fn check(&self) -> Result<Health, SendError> {
        let answer = self.get(&self.path("")).await?;
        let account: Option<OvhAccount> = answer.object();
        let credits_left = account
            .and_then(|account| account.credits_left())
            .ok_or_else(|| answer.error(FailureKind::Misconfigured, "the answer is no account"))?;
        if credits_left <= 0.0 {
            return Err(SendError::new(FailureKind::OutOfCredit, "no credit is left"));
        }
        let account = &self.settings.service;
        Ok(Health {
            summary: format!("account {account}, {credits_left} credits left"),
            in_french: format!("compte {account}, crédits restants : {credits_left}"),
        })
    }
}

#[async_trait]
impl Polled for Ovh {
    async fn fetch_receipts(&self, awaited: &[String]) -> Result<Vec<Receipt>, SendError> {
        let ids: Vec<i64> = awaited.iter().filter_map(|id| id.parse().ok()).collect();
        let mut answers = stream::iter(ids)
            .map(|id| async move { (id, self.get(&self.path(&format!("/outgoing/{id}"))).await) })
            .buffer_unordered(QUESTIONS_AT_ONCE);
        let mut receipts = Vec::with_capacity(awaited.len());
        let mut unanswered = Vec::new();
        while let Some((id, answer)) = answers.next().await {
            match answer {
                Ok(answer) => {
                    let outgoing: Outgoing = answer.object().unwrap_or_default();
                    let receipt = Receipt::by_them(id.to_string(), outgoing.verdict());
                    receipts.push(Receipt { to: outgoing.to(), ..receipt });
                }
                // One that cannot be answered keeps no other from being heard of.
                Err(error) => unanswered.push(error),
            }
            if unanswered.len() >= MOST_UNANSWERED {
                break;
            }
        }
        match unanswered.pop().filter(|_| receipts.is_empty()) {
            Some(error) => Err(error),
            None => Ok(receipts),
        }
    }

    async fn fetch_replies(&self) -> Result<Vec<Reply>, SendError> {
        let mut replies = Vec::new();
        let mut unanswered = Vec::new();
        for id in self.newest_replies().await? {
            match self.get(&self.path(&format!("/incoming/{id}"))).await {
                Ok(answer) => {
                    let incoming: Option<IncomingSms> = answer.object();
                    let reply = incoming.and_then(|it| it.reply(id, self.clock.now()));
                    if reply.is_none() {
                        tracing::warn!(provider = self.name, id, "A reply could not be read.");
                        self.seen_to().insert(id);
                    }
                    replies.extend(reply);
                }
                Err(error) => unanswered.push(error),
            }
            if unanswered.len() >= MOST_UNANSWERED {
                break;
            }
        }
        match unanswered.pop().filter(|_| replies.is_empty()) {
            Some(error) => Err(error),
            None => Ok(replies),
        }
    }

    fn note_seen_to(&self, replies: &[Reply]) {
        self.seen_to().extend(replies.iter().filter_map(|it| it.provider_ref.parse::<i64>().ok()));
    }
}

impl Ovh {
    async fn hand_over(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let number = envelope.to.value();
        let report = self.post(&envelope.content, &[number], &envelope.reference).await?;
        match report.of(number) {
            NumberVerdict::Taken(id) => Ok(accepted(id, report.credits_left())),
            NumberVerdict::Invalid => Err(invalid()),
            NumberVerdict::Nothing => Err(silent()),
        }
    }

    /// What became of a job for these numbers.
    async fn post(
        &self,
        content: &Content,
        numbers: &[&str],
        reference: &str,
    ) -> Result<SendingReport, SendError> {
        let job = self.job(content, numbers, reference)?;
        let answer = self.calls.hand_over(&self.path("/jobs"), &job).await?;
        match answer.status {
            200 => Ok(answer.object().unwrap_or_default()),
            _ => Err(words::refusal_after_sending(&answer)),
        }
    }

    fn job(
        &self,
        content: &Content,
        numbers: &[&str],
        reference: &str,
    ) -> Result<String, SendError> {
        let Content::Sms { text, .. } = content else {
            return Err(SendError::new(FailureKind::Refused, "the content is not an SMS"));
        };
        let mut job = json!({
            "message": text,
            "receivers": numbers,
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
            "tag": reference,
        });
        if let Some(sender) = &self.settings.sender {
            job["sender"] = json!(sender);
        }
        Ok(job.to_string())
    }

    /// A question; anything but 200 and 404 is an error.
    async fn get(&self, path: &str) -> Result<Answer, SendError> {
        self.get_for(path, USUAL_ANSWER).await
    }

    /// The same for an answer of `most` octets at most.
    async fn get_for(&self, path: &str, most: usize) -> Result<Answer, SendError> {
        let answer = self.calls.ask(path, most).await?;
        match answer.status {
            200 | 404 => Ok(answer),
            _ => Err(words::refused_question(&answer)),
        }
    }

    /// The newest replies of the window that were not seen to yet, newest first. Of those that were, it
    /// forgets what left the window.
    async fn newest_replies(&self) -> Result<Vec<i64>, SendError> {
        let from = self.clock.now() - self.settings.replies_window.0;
        let from = jiff::Timestamp::from_millisecond(from.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let query = format!("/incoming?creationDatetime.from={}", words::encoded(from));
        let answer = self.get_for(&self.path(&query), LONGEST_LIST).await?;
        let (mut oldest, mut newest) = (i64::MAX, BTreeSet::new());
        let mut seen_to = self.seen_to();
        words::each_id(&answer, |id| {
            oldest = oldest.min(id);
            if !seen_to.contains(&id) {
                newest.insert(id);
            }
            if newest.len() > REPLIES_AT_A_TIME {
                newest.pop_first();
            }
        })
        .ok_or_else(|| words::refused_question(&answer))?;
        seen_to.retain(|id| *id >= oldest);
        Ok(newest.into_iter().rev().collect())
    }

    fn seen_to(&self) -> MutexGuard<'_, HashSet<i64>> {
        self.seen_to.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn numbers_of(circular: &Circular) -> Vec<&str> {
    circular.to.iter().map(ContactPoint::value).collect()
}

fn invalid() -> SendError {
    SendError::new(FailureKind::BadAddress, "they list the number as invalid")
}

fn silent() -> SendError {
    SendError::new(FailureKind::Uncertain, "the answer says nothing of it")
}

fn accepted(id: i64, credits_left: Option<f64>) -> Accepted {
    let answer = match credits_left {
        Some(credits) => format!("id {id}, credits left: {credits}"),
        None => format!("id {id}"),
    };
    Accepted { provider_ref: Some(id.to_string()), answer, ..Accepted::default() }
}
