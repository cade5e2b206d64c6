//! Dispatchers at work over a wire that notes when each message left. The bench of rates uses it
//! too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chappe::app;
use chappe::channel::Channel;
use chappe::clock::{Clock, Moment};
use chappe::config::{self, Config};
use chappe::delivery::{About, Accepted, Content, Envelope, FailureKind, Recipient, SendError};
use chappe::demo::stage;
use chappe::dispatch::{Dispatcher, Routes};
use chappe::email_address::EmailAddress;
use chappe::id::Id;
use chappe::message::{Code, Message, Plan, Proof, Rung, Terms, Urgency};
use chappe::people::{Actor, PersonKey};
use chappe::phone_number::PhoneNumber;
use chappe::providers::{Health, Provider, WhenUnknown};
use chappe::queue::{Queue, Take};
use chappe::render::Renderer;
use chappe::settings::Pace;
use chappe::stop::{self, Stopper};
use chappe::store::{Store, Tx};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

/// A Monday morning.
pub const MORNING: Moment = Moment(1_773_644_400_000);
const A_YEAR: Duration = Duration::from_hours(24 * 365);

/// What left: when, and how much the provider counts for it.
pub type Call = (Duration, u32);

/// A provider that notes every call.
pub struct Wire {
    name: &'static str,
    channel: Channel,
    began: Instant,
    latency: Duration,
    calls: Mutex<Vec<Call>>,
    references: Mutex<Vec<String>>,
    /// About whom it was asked.
    asked: Mutex<Vec<String>>,
    answers: Mutex<Answers>,
    gives_id: Mutex<Option<&'static str>>,
    when_unknown: WhenUnknown,
}

/// What is answered to an envelope; `None`: it is taken.
type Answers = Box<dyn FnMut(&Envelope) -> Option<SendError> + Send>;

impl Wire {
    pub fn new(channel: Channel, latency: Duration) -> Arc<Self> {
        Arc::new(Self::of(channel.as_str(), channel, latency, WhenUnknown::AwaitReceipt))
    }

    /// One of several for text messages.
    pub fn sms(name: &'static str, when_unknown: WhenUnknown) -> Arc<Self> {
        Self::sms_in(Duration::from_millis(50), name, when_unknown)
    }

    /// The same, where a call takes so long.
    pub fn sms_in(takes: Duration, name: &'static str, when_unknown: WhenUnknown) -> Arc<Self> {
        Arc::new(Self::of(name, Channel::Sms, takes, when_unknown))
    }

    /// One by which is sent again what may have left.
    pub fn resending(channel: Channel) -> Arc<Self> {
        Arc::new(Self::of(channel.as_str(), channel, Duration::ZERO, WhenUnknown::Resend))
    }

    fn of(
        name: &'static str,
        channel: Channel,
        latency: Duration,
        when_unknown: WhenUnknown,
    ) -> Self {
        Self {
            name,
            channel,
            began: Instant::now(),
            latency,
            calls: Mutex::default(),
            references: Mutex::default(),
            asked: Mutex::default(),
            answers: Mutex::new(Box::new(|_| None)),
            gives_id: Mutex::default(),
            when_unknown,
        }
    }

    /// Every call so far, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whose calls they were.
    pub fn references(&self) -> Vec<String> {
        self.references.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// About whom it was asked, in order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers so from now on.
    pub fn answer(&self, with: Option<FailureKind>) {
        self.answer_by(move |_| with.map(|kind| SendError::new(kind, "test")));
    }

    /// Answers each as it says from now on.
    pub fn answer_by(&self, by: impl FnMut(&Envelope) -> Option<SendError> + Send + 'static) {
        *self.answers.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(by);
    }

    /// Gives every message this id from now on.
    pub fn give_id(&self, id: &'static str) {
        *self.gives_id.lock().unwrap_or_else(PoisonError::into_inner) = Some(id);
    }
}

#[async_trait]
impl Provider for Wire {
    fn name(&self) -> &'static str {
        self.name
    }

    fn channel(&self) -> Channel {
        self.channel
    }

    fn when_unknown(&self) -> WhenUnknown {
        self.when_unknown
    }

    async fn send(&self, envelope: &Envelope) -> Result<Accepted, SendError> {
        let cost = match &envelope.content {
            Content::Sms { segments, .. } => *segments,
            _ => 1,
        };
        let call = (self.began.elapsed(), cost);
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
        let reference = envelope.reference.clone();
        self.references.lock().unwrap_or_else(PoisonError::into_inner).push(reference);
        tokio::time::sleep(self.latency).await;
        let answer = self.answers.lock().unwrap_or_else(PoisonError::into_inner)(envelope);
        let id = *self.gives_id.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = Accepted { provider_ref: id.map(str::to_owned), ..Accepted::default() };
        answer.map_or(Ok(taken), Err)
    }

    /// It has whatever it was called with.
    async fn ask(&self, envelope: &Envelope) -> Result<Option<Accepted>, SendError> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(envelope.reference.clone());
        let has_it = self.references().contains(&envelope.reference);
        Ok(has_it.then(Accepted::default))
    }

    async fn check(&self) -> Result<Health, SendError> {
        Ok(Health::default())
    }
}

/// A school with a database and a clock, and whatever daemons a test starts on them.
pub struct Works {
    pub config: Config,
    pub clock: Clock,
    pub database: PathBuf,
    renderer: Arc<Renderer>,
    /// The next message's code: no two of a test share one by chance.
    codes: AtomicU32,
}

/// A dispatcher at work.
pub struct Daemon {
    stopper: Stopper,
    running: JoinHandle<()>,
}

impl Daemon {
    /// Lets what is under way end.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stopper.stop();
        Ok(self.running.await?)
    }

    /// Ends it as a crash does, wherever it is.
    pub async fn kill(self) {
        self.running.abort();
        let _ = self.running.await;
    }
}

impl Works {
    pub fn set(folder: &Path, clock: Clock, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let settings =
            settings.iter().map(|(key, value)| (format!("CHAPPE__{key}"), (*value).to_owned()));
        let config = Config::read("chappe.toml", config::SHIPPED, settings)?;
        let renderer = Arc::new(app::renderer(&config, folder)?);
        let (database, codes) = (folder.join("chappe.sqlite3"), AtomicU32::new(fastrand::u32(..)));
        Ok(Self { config, clock, database, renderer, codes })
    }

    /// The queue, as a daemon opens it, within simulated time.
    pub fn open(&self) -> anyhow::Result<Queue> {
        Ok(self.queue(Store::in_line(&self.database)?))
    }

    pub fn queue(&self, store: Store) -> Queue {
        Queue::new(store, self.config.school.uai.clone())
    }

    /// Launches a message to so many.
    pub async fn launch(
        &self,
        queue: &Queue,
        channel: Channel,
        count: usize,
    ) -> anyhow::Result<Message> {
        self.launch_as((Urgency::Bulk, Terms::default()), queue, channel, count).await
    }

    /// Launches a message of this urgency, on these terms, to so many.
    pub async fn launch_as(
        &self,
        how: (Urgency, Terms),
        queue: &Queue,
        channel: Channel,
        count: usize,
    ) -> anyhow::Result<Message> {
        let all = (0..count).map(recipient).collect::<Result<_, _>>()?;
        self.launch_to(how, queue, channel, all).await
    }

    /// Launches a message to these.
    pub async fn launch_to(
        &self,
        (urgency, terms): (Urgency, Terms),
        queue: &Queue,
        channel: Channel,
        all: Vec<Recipient>,
    ) -> anyhow::Result<Message> {
        let now = self.clock.now();
        let rung = Rung::new(vec![channel], Proof::Accepted, A_YEAR);
        let message = Message {
            id: Id::new(now),
            school: queue.school().clone(),
            code: Code::from_chance(self.codes.fetch_add(1, Ordering::Relaxed)),
            template: "fermeture".to_owned(),
            fields: stage::announcement(jiff::civil::date(2026, 11, 30)),
            audience: "familles".to_owned(),
            plan: Plan::new("test", vec![rung])?,
            plans: BTreeMap::new(),
            urgency,
            launched_at: now,
            launched_by: Actor::Program,
            plain_sms: false,
            question: None,
            terms,
        };
        let hand_over = |_: &Tx<'_>, take: &mut Take<'_>| {
            all.into_iter().enumerate().try_for_each(|(number, to)| take(number, to))
        };
        queue.launch(message.clone(), hand_over).await?;
        Ok(message)
    }

    /// Starts a daemon's dispatchers on these wires of one channel, the preferred one first.
    pub fn start_all(&self, queue: &Queue, wires: &[&Arc<Wire>], pace: &Pace) -> Daemon {
        let provider = |wire: &&Arc<Wire>| Arc::clone(wire) as Arc<dyn Provider>;
        self.start_these(queue, wires.iter().map(provider).collect(), pace)
    }

    /// The same of these providers.
    pub fn start_these(
        &self,
        queue: &Queue,
        providers: Vec<Arc<dyn Provider>>,
        pace: &Pace,
    ) -> Daemon {
        let (stopper, stop) = stop::channel();
        let routes = Routes::new(&self.config, &providers);
        let mut work = JoinSet::new();
        for provider in providers {
            let rank = routes.rank(provider.as_ref(), &self.config);
            let (queue, clock) = (queue.clone(), self.clock.clone());
            let (renderer, pace) = (Arc::clone(&self.renderer), pace.clone());
            let on = (provider, rank);
            let dispatcher = Dispatcher::new(queue, on, renderer, pace, &self.config, clock);
            work.spawn(dispatcher.run(stop.clone()));
        }
        let running = tokio::spawn(async move { while work.join_next().await.is_some() {} });
        Daemon { stopper, running }
    }

    /// Starts a daemon's dispatcher on a wire.
    pub fn start<P: Provider + 'static>(
        &self,
        queue: &Queue,
        wire: &Arc<P>,
        pace: &Pace,
    ) -> Daemon {
        let (stopper, stop) = stop::channel();
        let provider = Arc::clone(wire) as Arc<dyn Provider>;
        let routes = Routes::new(&self.config, &[]);
        let rank = routes.rank(provider.as_ref(), &self.config);
        let renderer = Arc::clone(&self.renderer);
        let (queue, clock) = (queue.clone(), self.clock.clone());
        let dispatcher =
            Dispatcher::new(queue, (provider, rank), renderer, pace.clone(), &self.config, clock);
        Daemon { stopper, running: tokio::spawn(dispatcher.run(stop)) }
    }
}

/// Somebody with a mailbox and a mobile of their own.
pub fn recipient(number: usize) -> anyhow::Result<Recipient> {
    let key = PersonKey(format!("siecle:{number}"));
    let mut to = Recipient::without_address(key, format!("Alix DURAND {number}"), None, Vec::new());
    to.email = Some(EmailAddress::parse(&format!("famille-{number}@example.org"))?);
    to.sms = Some(PhoneNumber::parse(
        &format!("06 39 98 {:02} {:02}", number / 100 % 100, number % 100),
        "FR",
    )?);
    Ok(to)
}

/// Somebody whose text cannot be made: what it says of a pupil has so many bytes.
pub fn poison(number: usize, bytes: usize) -> anyhow::Result<Recipient> {
    let mut to = recipient(number)?;
    let name = "DURAND ".repeat(bytes / 7);
    to.about = vec![About { pupil: None, name, class: Some("6A".to_owned()), level: None }];
    Ok(to)
}

/// The lengths of the windows that limits are given for: second, minute, hour, day.
const WINDOWS: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_mins(1),
    Duration::from_hours(1),
    Duration::from_hours(24),
];

/// How many sliding windows hold more than their limit: each window that ends with a call is looked
/// at, since no other holds more.
pub fn windows_broken(calls: &[Call], limits: [u32; 4]) -> usize {
    let mut calls = calls.to_vec();
    calls.sort_unstable();
    let limited = WINDOWS.into_iter().zip(limits).filter(|(_, limit)| *limit > 0);
    limited.map(|(length, limit)| broken(&calls, length, u64::from(limit))).sum()
}

fn broken(calls: &[Call], length: Duration, limit: u64) -> usize {
    let (mut first, mut sum, mut broken) = (0, 0_u64, 0);
    for (last, (at, cost)) in calls.iter().enumerate() {
        sum += u64::from(*cost);
        while calls[first].0 + length <= *at {
            sum -= u64::from(calls[first].1);
            first += 1;
        }
        broken += usize::from(sum > limit && last > first);
    }
    broken
}
