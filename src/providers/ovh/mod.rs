//! `OVHcloud` SMS: signed JSON calls, receipts and replies by polling.

mod calls;
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
use self::words::{
    IncomingSms, NumberVerdict, Outgoing, OvhAccount, Pending, SendingReport, coding,
};
use super::http::{Answer, Http, Limits, USUAL_ANSWER};
use super::kind::{CarrierError, ProviderKind, Site};
use super::masked;
use super::{BadSettings, Guard, Health, Inbox, Polled, Provider, WhenUnknown};
use crate::channel::Channel;
use crate::clock::Clock;
use crate::delivery::{Accepted, Content, Envelope, FailureKind, Receipt, Reply, SendError};
use crate::settings::{Pace, SecretPlace};
use crate::stop::Stop;

/// The keys of the two secrets.
const APPLICATION_SECRET: &str = "ovh.application_secret";
const CONSUMER_KEY: &str = "ovh.consumer_key";
/// Questions that are asked at the same time, at most.
const QUESTIONS_AT_ONCE: usize = 8;
/// Questions that remain without an answer, after which the others wait for the next round.
const MOST_UNANSWERED: usize = 8;
/// The longest list of ids that is read, in octets: 800,000 of them.
const LONGEST_LIST: usize = 8 * 1024 * 1024;
/// Waiting jobs that are looked through for one message.
const MOST_PENDING: usize = 2_000;
/// Messages of one tag that are looked at.
const MOST_TAGGED: usize = 20;
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

    fn sends_by_short_number(&self) -> bool {
        self.sender.is_none()
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

    /// One receiver a call, although a job takes a list of them and has one text. Its answer
    /// (`sms.SmsSendingReport`) lists `ids` and `validReceivers`, and does not say which id is whose: receipts are
    /// asked for by their id, so that each would have to be asked about to learn whom it went to. That is one
    /// call more than they take alone; and what the rates count, segments, stays the same.
    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let sent = self.hand_over(envelope).await;
        sent.map_err(|error| masked::without_recipient(error, envelope))
    }

    /// A message stands among the jobs until it leaves, then among the outgoing.
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let found = self.find(envelope).await;
        found.map_err(|error| masked::without_recipient(error, envelope))
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
        Ok(Health {
            summary: format!("account {}, {credits_left} credits left", self.settings.service),
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
                    let verdict = outgoing.verdict();
                    receipts.push(Receipt::by_them(id.to_string(), verdict));
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
    async fn find(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let Content::Sms { text, .. } = &envelope.content else {
            return Ok(None);
        };
        if let Some(id) = self.outgoing(envelope).await? {
            return Ok(Some(accepted(id, None)));
        }
        let pending = self.list(&self.path("/jobs")).await?;
        if pending.len() > MOST_PENDING {
            let why = "too many jobs wait to be looked through";
            return Err(SendError::new(FailureKind::Unreachable, why));
        }
        let mut details = stream::iter(pending)
            .map(|id| async move { (id, self.get(&self.path(&format!("/jobs/{id}"))).await) })
            .buffer_unordered(QUESTIONS_AT_ONCE);
        while let Some((id, answer)) = details.next().await {
            let answer = answer?;
            if answer.status == 404 {
                continue;
            }
            let pending: Option<Pending> = answer.object();
            let is_ours = pending.and_then(|it| it.is(text, envelope.to.value()));
            if is_ours.ok_or_else(|| words::refused_question(&answer))? {
                return Ok(Some(accepted(id, None)));
            }
        }
        // It may have left between the two questions.
        Ok(self.outgoing(envelope).await?.map(|id| accepted(id, None)))
    }

    async fn hand_over(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let job = self.job(envelope)?;
        let answer = self.calls.hand_over(&self.path("/jobs"), &job).await?;
        if answer.status != 200 {
            return Err(words::refusal_after_sending(&answer));
        }
        let job: SendingReport = answer.object().unwrap_or_default();
        match job.of(envelope.to.value()) {
            NumberVerdict::Taken(id) => Ok(accepted(id, job.credits_left())),
            NumberVerdict::Invalid => {
                Err(SendError::new(FailureKind::BadAddress, "they list the number as invalid"))
            }
            NumberVerdict::Nothing => {
                Err(answer.error(FailureKind::Uncertain, "the answer says nothing of it"))
            }
        }
    }

    /// The message with our reference that left for this number: another school on the account may have
    /// given the reference to somebody else.
    async fn outgoing(&self, envelope: &Envelope) -> Result<Option<i64>, SendError> {
        let tagged =
            self.list(&self.path(&format!("/outgoing?tag={}", envelope.reference))).await?;
        let is_seen_whole = tagged.len() <= MOST_TAGGED;
        for id in tagged.into_iter().take(MOST_TAGGED) {
            let answer = self.get(&self.path(&format!("/outgoing/{id}"))).await?;
            if answer.status == 404 {
                continue;
            }
            let outgoing: Option<Outgoing> = answer.object();
            let outgoing = outgoing.ok_or_else(|| words::refused_question(&answer))?;
            if outgoing.may_be_to(envelope.to.value()) {
                return Ok(Some(id));
            }
        }
        if !is_seen_whole {
            let why = "too many messages carry the tag to be looked through";
            return Err(SendError::new(FailureKind::Unreachable, why));
        }
        Ok(None)
    }

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

    /// A list of ids, of which one more than [`MOST_PENDING`] is kept.
    async fn list(&self, path: &str) -> Result<Vec<i64>, SendError> {
        let answer = self.get_for(path, LONGEST_LIST).await?;
        let mut ids = Vec::new();
        let is_list = words::each_id(&answer, |id| {
            if ids.len() <= MOST_PENDING {
                ids.push(id);
            }
        });
        is_list.map(|()| ids).ok_or_else(|| words::refused_question(&answer))
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

fn accepted(id: i64, credits_left: Option<f64>) -> Accepted {
    let answer = match credits_left {
        Some(credits) => format!("id {id}, credits left: {credits}"),
        None => format!("id {id}"),
    };
    Accepted { provider_ref: Some(id.to_string()), answer }
}
