//! A school at work on simulated time, whose providers do what a script says.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chappe::channel::Channel;
use chappe::clock::{Clock, Moment};
use chappe::delivery::{
    About, Accepted, Envelope, FailureKind, Receipt, Recipient, Reply, SendError, Verdict,
};
use chappe::message::{Code, Message, Plan, Proof, Rung, Urgency};
use chappe::people::PersonKey;
use chappe::providers::{
    Health, Inbox, Polled, Provider, WhenUnknown, listen, listen_for_accounts,
};
use chappe::queue::{self, Status};
use chappe::settings::Span;
use chappe::stop::Stop;
use chappe::store::Store;
use tokio::time::Instant;

use super::life::run::{Ground, Process};
use super::life::school;

/// What a provider does with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Takes it.
    Fine,
    /// Takes it, and the answer is lost.
    AnswersAreLost,
    /// Asks to come back later.
    Overloaded,
    /// Cannot be reached.
    Down,
    /// Never answers.
    Mute,
}

/// One call of a provider.
#[derive(Clone)]
pub struct Call {
    /// How long after the curtain rose: nobody puts this time back.
    pub at: Duration,
    /// For whom.
    pub family: String,
    /// Whether it arrived.
    pub taken: bool,
    reference: String,
}

/// One provider.
pub struct Scripted {
    name: String,
    channel: Channel,
    when_unknown: WhenUnknown,
    began: Instant,
    script: Mutex<Script>,
}

struct Script {
    weather: Weather,
    replies_have_no_end: bool,
    answers_after: Duration,
    calls: Vec<Call>,
}

impl Scripted {
    /// From now on it does so.
    pub fn set(&self, weather: Weather) {
        self.script().weather = weather;
    }

    /// From now on its answers take so long.
    pub fn answer_after(&self, span: Duration) {
        self.script().answers_after = span;
    }

    /// From now on its list of replies has no end.
    pub fn never_end_replies(&self) {
        self.script().replies_have_no_end = true;
    }

    /// Every call, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.script().calls.clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Provider for Scripted {
    fn name(&self) -> &str {
        &self.name
    }

    fn channel(&self) -> Channel {
        self.channel
    }

    fn when_unknown(&self) -> WhenUnknown {
        self.when_unknown
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let (weather, answers_after, number) = {
            let mut script = self.script();
            let weather = script.weather;
            script.calls.push(Call {
                at: self.began.elapsed(),
                family: envelope.name.clone(),
                taken: matches!(weather, Weather::Fine | Weather::AnswersAreLost),
                reference: envelope.reference.clone(),
            });
            (weather, script.answers_after, script.calls.len())
        };
        tokio::time::sleep(answers_after).await;
        let error = |kind| Err(SendError::new(kind, "scripted"));
        match weather {
            Weather::Fine => Ok(accepted(number)),
            Weather::AnswersAreLost => error(FailureKind::Uncertain),
            Weather::Overloaded => error(FailureKind::Throttled),
            Weather::Down => error(FailureKind::Unreachable),
            Weather::Mute => std::future::pending().await,
        }
    }

    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        let script = self.script();
        if script.weather != Weather::Fine {
            return Err(SendError::new(FailureKind::Unreachable, "scripted"));
        }
        let is_it = |call: &Call| call.taken && call.reference == envelope.reference;
        Ok(script.calls.iter().position(is_it).map(|index| accepted(index + 1)))
    }

    fn receipts_are_polled(&self) -> bool {
        self.channel == Channel::Sms
    }

    async fn listen(&self, inbox: &dyn Inbox, stop: Stop) {
        match self.channel {
            Channel::Sms => listen(self, inbox, &stop).await,
            Channel::Ent => listen_for_accounts(self, inbox, &stop).await,
            _ => stop.given().await,
        }
    }

    async fn check(&self) -> Result<Health, SendError> {
        Ok(Health::default())
    }
}

#[async_trait]
impl Polled for Scripted {
    async fn fetch_receipts(&self, awaited: &[String]) -> Result<Vec<Receipt>, SendError> {
        let delivered = |id| Receipt::by_them(id, Verdict::Proven(Proof::Delivered));
        Ok(awaited.iter().map(delivered).collect())
    }

    async fn fetch_replies(&self) -> Result<Vec<Reply>, SendError> {
        let has_no_end = self.script().replies_have_no_end;
        if has_no_end { std::future::pending().await } else { Ok(Vec::new()) }
    }

    fn note_seen_to(&self, _: &[Reply]) {}
}

fn accepted(number: usize) -> Accepted {
    Accepted {
        provider_ref: Some(number.to_string()),
        answer: "taken".to_owned(),
        ..Accepted::default()
    }
}

/// The school, its providers, and the daemon between them.
pub struct Stage {
    pub clock: Clock,
    ground: Ground,
    store: Store,
    providers: Vec<Arc<Scripted>>,
    process: Process,
    began: Instant,
    launched: u32,
}

impl Stage {
    /// The curtain rises at `start`, with a provider for each of these channels.
    pub fn set(start: Moment, providers: &[(Channel, WhenUnknown)]) -> Self {
        let mut ground = Ground::lay();
        ground.config.dispatch.look_every = Span::secs(10);
        fastrand::seed(1);
        let (clock, began) = (Clock::simulated(start), Instant::now());
        let store = Store::in_line(":memory:".as_ref()).expect("a database");
        let providers = providers.iter().map(|(channel, when_unknown)| {
            Arc::new(Scripted {
                name: format!("scripted-{channel}"),
                channel: *channel,
                when_unknown: *when_unknown,
                began,
                script: Mutex::new(Script {
                    weather: Weather::Fine,
                    replies_have_no_end: false,
                    answers_after: Duration::from_millis(200),
                    calls: Vec::new(),
                }),
            })
        });
        let providers: Vec<_> = providers.collect();
        let process = start_process(&ground, &store, &clock, &providers);
        Self { clock, ground, store, providers, process, began, launched: 0 }
    }

    /// The power goes, and comes back at once.
    pub async fn cut_power(self) -> Self {
        self.process.kill().await;
        let process = start_process(&self.ground, &self.store, &self.clock, &self.providers);
        Self { process, ..self }
    }

    pub fn provider(&self, channel: Channel) -> &Scripted {
        self.providers.iter().find(|it| it.channel == channel).expect("it is on stage")
    }

    /// How long the curtain has been up.
    pub fn age(&self) -> Duration {
        self.began.elapsed()
    }

    /// An announcement to these families, who can be reached by every channel of it.
    pub async fn launch(&mut self, families: Range<usize>, rungs: &[(Channel, Proof)]) -> Message {
        self.launched += 1;
        let plan = rungs
            .iter()
            .map(|(channel, enough)| Rung::new(vec![*channel], *enough, Duration::from_mins(30)));
        let plan = Plan::new("scripted", plan.collect()).expect("it has a rung");
        let code = Code::from_chance(self.launched);
        let school = &self.ground.config.school.uai;
        let message = school::message(school, code, plan, Urgency::Bulk, self.clock.now());
        let channels: Vec<Channel> = rungs.iter().map(|(channel, _)| *channel).collect();
        let launched = self.process.app.queue.launch(message.clone(), move |_, take| {
            families.enumerate().try_for_each(|(at, number)| take(at, family(number, &channels)))
        });
        launched.await.expect("a launch");
        message
    }

    pub async fn status(&self, message: &Message) -> Status {
        queue::status(&self.store, message, self.clock.now()).await.expect("a status")
    }

    /// How many copies each family had, over every channel.
    pub fn copies(&self) -> BTreeMap<String, usize> {
        let mut copies = BTreeMap::new();
        for call in self.providers.iter().flat_map(|it| it.calls()).filter(|call| call.taken) {
            *copies.entry(call.family).or_default() += 1;
        }
        copies
    }

    /// So many families had it, and had it once.
    pub fn assert_once_each(&self, families: usize) {
        let copies = self.copies();
        let twice: BTreeSet<_> = copies.iter().filter(|(_, copies)| **copies > 1).collect();
        assert!(twice.is_empty(), "had it again: {twice:?}");
        assert_eq!(copies.len(), families);
    }
}

fn start_process(
    ground: &Ground,
    store: &Store,
    clock: &Clock,
    providers: &[Arc<Scripted>],
) -> Process {
    let providers: Vec<Arc<dyn Provider>> =
        providers.iter().map(|it| Arc::clone(it) as Arc<dyn Provider>).collect();
    Process::start(ground, &ground.config, store, clock, &providers)
}

fn family(number: usize, channels: &[Channel]) -> Recipient {
    let key = PersonKey(format!("scripted:{number}"));
    let pupil = About {
        pupil: None,
        name: format!("Zoé FAMILLE{number}"),
        class: Some("6A".to_owned()),
        level: None,
    };
    let name = format!("Inès FAMILLE{number}");
    let mut recipient = Recipient::without_address(key, name, None, vec![pupil]);
    for channel in channels {
        school::give(&mut recipient, *channel, number);
    }
    recipient
}
