//! One life of the engine on simulated time, from one seed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chappe::accounts::Passwords;
use chappe::app;
use chappe::channel::Channel;
use chappe::clock::{Clock, Moment};
use chappe::config::{self, Config};
use chappe::directory::Listings;
use chappe::dispatch::Routes;
use chappe::http::Fitness;
use chappe::message::{Message, Urgency};
use chappe::office;
use chappe::people::{By, PersonKey};
use chappe::providers::{Provider, WhenUnknown};
use chappe::queue::{self, Queue};
use chappe::render::Renderer;
use chappe::settings::Span;
use chappe::stop::{self, Stopper};
use chappe::store::Store;
use fastrand::Rng;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::answers::Told;
use super::comes_back::{ComesBack, Heard, Stand, Word};
use super::invariants::{self, Broken, Snapshot};
use super::people::{self, Decision};
use super::place::Place;
use super::providers::Simulated;
use super::school::{Announcement, School, on_the_roll};
use super::timely::Limits;
use super::world::World;

/// A Monday morning.
pub const MORNING: Moment = Moment(1_773_644_400_000);
/// Two carry text messages: `sms-a` is preferred.
const MACHINES: [(&str, Channel); 4] = [
    ("simulated-ent", Channel::Ent),
    ("simulated-email", Channel::Email),
    ("sms-a", Channel::Sms),
    ("sms-b", Channel::Sms),
];
/// From then on everything works again.
const HEALED_AFTER: Duration = Duration::from_hours(48);
/// By then everybody must be reached, or on a list.
const SETTLED_AFTER: Duration = Duration::from_hours(14 * 24);
/// How often the invariants are looked at on the way.
const LOOK: Duration = Duration::from_hours(1);
const HOUR: u64 = 60;
/// When a digest is made, where there is a load cap: while nothing is healed yet.
const DIGEST: (&str, &str) = ("CHAPPE__LOAD__DIGEST", "tue 14:00");

/// What came of a seed.
pub struct Life {
    pub broken: Broken,
    /// Calls, asks, arrivals, receipts.
    pub events: usize,
    /// How often an invariant was looked at.
    pub looks: usize,
    /// How many got several messages as one.
    pub digests: usize,
    /// What came back, and how often.
    pub words: BTreeMap<&'static str, usize>,
    pub age: Duration,
    /// The end of it, to compare.
    pub text: String,
}

/// What is the same for every seed, and slow to make.
#[derive(Clone)]
pub struct Ground {
    /// Of a school whose channels never sleep.
    pub config: Config,
    /// With the quiet hours that are shipped.
    with_nights: Config,
    pub renderer: Arc<Renderer>,
    is_on_server: bool,
}

impl Ground {
    pub fn lay() -> Self {
        let read = |settings: &[(&str, &str)]| {
            let owned = settings.iter().map(|(key, value)| (key.to_string(), value.to_string()));
            Config::read("chappe.toml", config::SHIPPED, owned).expect("it is shipped")
        };
        let with_nights = read(&[DIGEST]);
        let awake = [("CHAPPE__HOURS__ENT__QUIET", "[]"), ("CHAPPE__HOURS__SMS__QUIET", "[]")];
        let config = read(&[awake[0], awake[1], DIGEST]);
        let renderer = app::renderer(&config, Path::new(".")).expect("they are shipped");
        Self { config, with_nights, renderer: Arc::new(renderer), is_on_server: false }
    }

    /// The same, where every life has a database on a `PostgreSQL` server.
    pub fn lay_on_server() -> Self {
        Self { is_on_server: true, ..Self::lay() }
    }

    /// The whole life of a seed.
    pub fn live(&self, seed: u64) -> Life {
        fastrand::seed(seed);
        on_simulated_time(async {
            let mut run = Run::new(self, seed);
            run.live().await;
            let text = run.last.text();
            let (events, age) = (run.world.truth().events, run.world.age());
            let digests = run.last.digests();
            let words = run.comes_back.map(|it| it.counts).unwrap_or_default();
            Life { broken: run.broken, events, looks: run.looks, digests, words, age, text }
        })
    }
}

/// Runs to its end what takes no time but simulated time.
pub fn on_simulated_time<T>(work: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().expect("a run time").block_on(work)
}

/// The process: what ends at a power cut.
pub struct Process {
    pub app: Arc<office::School>,
    work: JoinSet<()>,
    _stopper: Stopper,
}

impl Process {
    pub fn start(
        ground: &Ground,
        config: &Config,
        store: &Store,
        clock: &Clock,
        providers: &[Arc<dyn Provider>],
    ) -> Self {
        let app = Arc::new(office::School {
            memory: Arc::default(),
            passwords: Passwords::default(),
            config: config.clone(),
            folder: PathBuf::new(),
            queue: Queue::new(store.clone(), config.school.uai.clone())
                .with_timing(config.timing()),
            renderer: Arc::clone(&ground.renderer),
            clock: clock.clone(),
            program: office::this_program(),
            listings: Listings::default(),
            file: None,
        });
        let (stopper, stop) = stop::channel();
        let mut work = JoinSet::new();
        let routes = Routes::new(config, providers);
        let tasks = app::tasks(&app, providers, &routes, &stop);
        app::start(tasks, &mut work, &Fitness::of_new(Vec::new(), Vec::new()), &stop);
        Self { app, work, _stopper: stopper }
    }

    /// Takes its power away.
    pub async fn kill(mut self) {
        self.work.shutdown().await;
        drop(self.app);
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }
}

/// What happens at a moment that the seed chose.
enum Act {
    Launch,
    PowerCut,
    ClockBack,
    ClockForward,
    Post,
    People(Decision),
    Restrict,
    Answer,
    ComesBack(Word),
    Heal,
}

struct Run {
    ground: Ground,
    config: Config,
    chance: Rng,
    clock: Clock,
    world: Arc<World>,
    providers: Vec<Arc<dyn Provider>>,
    when_unknown: Vec<(String, WhenUnknown)>,
    place: Place,
    store: Option<Store>,
    process: Option<Process>,
    school: School,
    launched: Vec<(Message, usize)>,
    codes: BTreeSet<String>,
    /// Whose each copy is, by the beginning of its references.
    copies: BTreeMap<String, PersonKey>,
    limits: Limits,
    /// What people say, by a chance of its own: lives that are known stay as they are.
    talk: Rng,
    told: Told,
    /// Whatever else comes back, by a chance of its own; nothing in some lives.
    comes_back: Option<ComesBack>,
    last: Snapshot,
    broken: Broken,
    looks: usize,
}

impl Run {
    fn new(ground: &Ground, seed: u64) -> Self {
        let mut chance = Rng::with_seed(seed);
        let clock = Clock::simulated(MORNING);
        let world = Arc::new(World::new(chance.fork()));
        let providers: Vec<Arc<dyn Provider>> =
            MACHINES.map(|(name, channel)| Simulated::draw(name, channel, &world, &clock)).into();
        let when_unknown =
            providers.iter().map(|it| (it.name().to_owned(), it.when_unknown())).collect();
        let on_disk = chance.u32(0..32) == 0;
        Self {
            ground: ground.clone(),
            config: settings(ground, &mut chance),
            clock,
            world,
            providers,
            when_unknown,
            place: match (ground.is_on_server, on_disk) {
                (true, _) => Place::on_server(),
                (false, true) => Place::File(TempDir::new().expect("a folder")),
                (false, false) => Place::Memory,
            },
            store: None,
            process: None,
            school: School::found(&mut chance),
            launched: Vec::new(),
            codes: BTreeSet::new(),
            copies: BTreeMap::new(),
            limits: Limits::default(),
            talk: Rng::with_seed(!seed),
            told: Told::default(),
            comes_back: ComesBack::draw(seed),
            last: Snapshot::default(),
            broken: Broken::new(),
            looks: 0,
            chance,
        }
    }

    async fn live(&mut self) {
        let mut acts = self.acts();
        self.start();
        let mut look_at = LOOK;
        loop {
            let next = acts.last().map_or(look_at, |(at, _)| look_at.min(*at));
            let wait = next.saturating_sub(self.world.age());
            let world = Arc::clone(&self.world);
            tokio::select! {
                biased;
                () = world.power_cut.notified() => self.power_cut().await,
                () = tokio::time::sleep(wait) => {}
            }
            if acts.last().is_some_and(|(at, _)| *at <= self.world.age())
                && let Some((_, act)) = acts.pop()
            {
                self.act(&act).await;
            }
            if look_at <= self.world.age() {
                look_at += LOOK;
                self.look().await;
                if !self.broken.is_empty() || (acts.is_empty() && self.is_over()) {
                    break;
                }
            }
        }
        self.look_back().await;
    }

    /// What will happen, last first.
    fn acts(&mut self) -> Vec<(Duration, Act)> {
        let chance = &mut self.chance;
        let mut acts = vec![(HEALED_AFTER, Act::Heal)];
        let draw = |chance: &mut Rng, most: u64| Duration::from_mins(chance.u64(0..most));
        let launches = if self.config.load.per_week == 0 { 1..5 } else { 4..9 };
        for _ in 0..chance.usize(launches) {
            acts.push((draw(chance, 24 * HOUR), Act::Launch));
        }
        for _ in 0..chance.usize(0..4) {
            acts.push((draw(chance, 47 * HOUR), Act::PowerCut));
        }
        for _ in 0..chance.usize(0..3) {
            let act = if chance.bool() { Act::ClockBack } else { Act::ClockForward };
            acts.push((draw(chance, 47 * HOUR), act));
        }
        for _ in 0..chance.usize(0..3) {
            acts.push((draw(chance, 72 * HOUR), Act::Post));
        }
        for _ in 0..chance.usize(0..3) {
            acts.push((draw(chance, 47 * HOUR), Act::Restrict));
        }
        acts.extend(
            people::draw(chance)
                .into_iter()
                .map(|(minute, decision)| (Duration::from_mins(minute), Act::People(decision))),
        );
        for _ in 0..self.talk.usize(0..9) {
            acts.push((draw(&mut self.talk, 60 * HOUR), Act::Answer));
        }
        let words = self.comes_back.as_mut().map(ComesBack::words).unwrap_or_default();
        acts.extend(words.into_iter().map(|(at, word)| (at, Act::ComesBack(word))));
        acts.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        acts
    }

    async fn act(&mut self, act: &Act) {
        match act {
            Act::Launch => self.launch().await,
            Act::PowerCut => self.power_cut().await,
            Act::ClockBack => {
                self.limits.jump(self.world.age());
                self.clock.set_back(Duration::from_hours(2));
            }
            Act::ClockForward => {
                self.limits.jump(self.world.age());
                self.clock.advance(Duration::from_hours(24));
            }
            Act::Post => self.post().await,
            Act::People(decision) => self.decide(*decision).await,
            Act::Restrict => self.restrict().await,
            Act::Answer => self.answer().await,
            Act::ComesBack(word) => self.hear(*word).await,
            Act::Heal => {
                self.world.truth().is_healed = true;
                self.decide(Decision::OpenAll).await;
                self.decide(Decision::ResumeAll).await;
            }
        }
    }

    fn start(&mut self) {
        let store = self.store.get_or_insert_with(|| self.place.open(&self.clock));
        let process =
            Process::start(&self.ground, &self.config, store, &self.clock, &self.providers);
        self.process = Some(process);
    }

    /// The process ends in the middle of something, and comes back after a while.
    async fn power_cut(&mut self) {
        for _ in 0..self.chance.u32(0..12) {
            tokio::task::yield_now().await;
        }
        if let Some(process) = self.process.take() {
            process.kill().await;
        }
        if self.place.is_kept() {
            self.store = None;
        }
        let minutes = self.chance.u64(0..30);
        tokio::time::sleep(Duration::from_mins(minutes)).await;
        self.start();
    }

    async fn launch(&mut self) {
        let Some(process) = &self.process else { return };
        let (school, now) = (&self.config.school.uai, self.clock.now());
        let Announcement { mut message, recipients } =
            self.school.announce(&mut self.chance, school, &mut self.codes, now);
        // A digest is of messages that go the same ways and can wait.
        if let Some((first, _)) = self.launched.first()
            && self.chance.u32(0..4) > 0
        {
            message.plan = first.plan.clone();
            if self.config.load.per_week > 0 {
                (message.urgency, message.terms.expires_at) = (Urgency::Bulk, None);
            }
        }
        if self.comes_back.is_some() {
            let all = recipients.iter().map(on_the_roll).collect();
            if let Err(error) = people::enrol(&process.app.queue, all, now).await {
                self.broken.push(format!("the roll cannot be written: {error}"));
            }
        }
        self.launched.push((message.clone(), recipients.len()));
        for (number, to) in (0..).zip(&recipients) {
            let reference = message.code.delivery(number, 0);
            self.copies.insert(without_leg(&reference).to_owned(), to.person.clone());
        }
        let launched = process.app.queue.launch_within_cap(message, |_, take| {
            recipients.into_iter().enumerate().try_for_each(|(number, to)| take(number, to))
        });
        if let Err(error) = launched.await {
            self.broken.push(format!("a launch failed: {error}"));
        }
    }

    /// People print and post what waits.
    async fn post(&mut self) {
        let Some(process) = &self.process else { return };
        let (queue, now) = (&process.app.queue, self.clock.now());
        let posted = match queue.letters().gather(None, now).await {
            Ok(Some(batch)) => {
                queue.letters().mark_posted(&batch, By::program(now)).await.map(drop)
            }
            Ok(None) => Ok(()),
            Err(error) => Err(error),
        };
        if let Err(error) = posted {
            self.broken.push(format!("a batch failed: {error}"));
        }
    }

    async fn decide(&mut self, decision: Decision) {
        // What left before is judged by what had been decided before.
        self.judge_calls();
        let Some(process) = &self.process else { return };
        let launched: Vec<Message> = self.launched.iter().map(|(it, _)| it.clone()).collect();
        let (queue, now) = (&process.app.queue, self.clock.now());
        let decided = people::decide(decision, &mut self.chance, queue, &launched, now).await;
        if let Err(error) = decided {
            self.broken.push(format!("{decision:?} failed: {error}"));
        }
        self.hear_decisions().await;
    }

    /// A ruling is noted; half of the times the command dies before it has looked at what is under way.
    async fn restrict(&mut self) {
        self.judge_calls();
        let Some(process) = &self.process else { return };
        let (person, pupil) = self.school.somebody(&mut self.chance);
        let (queue, now) = (&process.app.queue, self.clock.now());
        let is_told = self.chance.bool();
        if let Err(error) = people::restrict(queue, (&person, &pupil), is_told, now).await {
            self.broken.push(format!("a ruling failed: {error}"));
        }
        self.limits.restrict(&person, self.world.age());
    }

    /// Somebody answers what a message asks.
    async fn answer(&mut self) {
        let Some(process) = &self.process else { return };
        let (queue, now) = (&process.app.queue, self.clock.now());
        match self.told.draw(&mut self.talk, queue, &self.launched, now).await {
            Ok(Some(reference)) => {
                self.world.truth().answered.insert(without_leg(&reference).to_owned());
            }
            Ok(None) => {}
            Err(error) => self.broken.push(format!("an answer failed: {error}")),
        }
    }

    /// Something comes back.
    async fn hear(&mut self, word: Word) {
        self.judge_calls();
        let (Some(process), Some(comes_back)) = (&self.process, &mut self.comes_back) else {
            return;
        };
        let email = self.providers.iter().find(|it| it.channel() == Channel::Email);
        let stand = Stand {
            app: &process.app,
            email: email.expect("a relay").as_ref(),
            world: &self.world,
            launched: &self.launched,
            copies: &self.copies,
        };
        let heard = Heard { limits: &mut self.limits, told: &mut self.told };
        match comes_back.say(word, &stand, heard).await {
            Ok(broken) => self.broken.extend(broken),
            Err(error) => self.broken.push(format!("{word:?} failed: {error:#}")),
        }
    }

    async fn hear_decisions(&mut self) {
        let Some(store) = &self.store else { return };
        let ids = self.launched.iter().map(|(message, _)| message.id).collect();
        let when = (self.clock.now(), self.world.age());
        if let Err(error) = self.limits.hear((store, &self.config.school.uai), ids, when).await {
            self.broken.push(format!("the decisions cannot be read: {error}"));
        }
    }

    fn judge_calls(&mut self) {
        let calls = std::mem::take(&mut self.world.truth().new_calls);
        let messages: Vec<Message> = self.launched.iter().map(|(it, _)| it.clone()).collect();
        let hours = self.config.timing().hours;
        for call in calls {
            let to = self.copies.get(without_leg(&call.reference));
            self.broken.extend(self.limits.judge((&call, to), &messages, &hours));
        }
    }

    /// What holds at every moment.
    async fn look(&mut self) {
        self.judge_calls();
        let Some(store) = &self.store else { return };
        if let Some(ended) = self.process.as_mut().and_then(|it| it.work.try_join_next()) {
            self.broken.push(format!("the daemon stopped working: {ended:?}"));
        }
        let taken_back = self.comes_back.as_mut().map(ComesBack::taken_back).unwrap_or_default();
        match Snapshot::take(store).await {
            Ok(snapshot) => {
                self.broken.extend(snapshot.follows(&self.last, &taken_back));
                self.last = snapshot.remembering(&self.last);
            }
            Err(error) => self.broken.push(format!("the database cannot be read: {error}")),
        }
        let is_still = self.process.is_none();
        for (message, launched) in &self.launched {
            match queue::status(store, message, self.clock.now()).await {
                Ok(status) => {
                    self.broken.extend(invariants::counts_all(&status, *launched));
                    if is_still {
                        self.broken.extend(self.last.adds_up(message, &status));
                    }
                }
                Err(error) => self.broken.push(format!("no status: {error}")),
            }
        }
        self.looks += 1;
    }

    /// Everybody is settled, or should have been long ago.
    fn is_over(&self) -> bool {
        self.last.waiting() == 0 || self.world.age() > SETTLED_AFTER
    }

    /// What holds in the end, when the last receipts have come and the process has ended.
    async fn look_back(&mut self) {
        while self.broken.is_empty() {
            tokio::time::sleep(Duration::from_hours(6)).await;
            self.look().await;
            // A late answer may put one back to be sent.
            let is_at_rest = self.last.waiting() == 0 && !self.last.is_under_way();
            if is_at_rest || self.world.age() > SETTLED_AFTER {
                break;
            }
        }
        if let Some(process) = self.process.take() {
            match self.told.is_kept(&process.app.queue).await {
                Ok(broken) => self.broken.extend(broken),
                Err(error) => self.broken.push(format!("the answers cannot be read: {error}")),
            }
            if let Some(comes_back) = &mut self.comes_back {
                match comes_back.is_kept(&process.app).await {
                    Ok(broken) => self.broken.extend(broken),
                    Err(error) => self.broken.push(format!("the list cannot be read: {error}")),
                }
            }
            process.kill().await;
        }
        if !self.broken.is_empty() {
            return;
        }
        self.look().await;
        let messages: Vec<Message> = self.launched.iter().map(|(it, _)| it.clone()).collect();
        self.broken.extend(self.last.nobody_is_forgotten(&messages));
        self.broken.extend(self.last.agrees_with(&self.world, &self.when_unknown));
    }
}

/// Settings of a school that looks at its queue now and then: that is what simulated days cost.
fn settings(ground: &Ground, chance: &mut Rng) -> Config {
    let mut config = if chance.bool() { &ground.config } else { &ground.with_nights }.clone();
    config.dispatch.lease = Span::secs(chance.u64(60..300));
    config.dispatch.receipts_every = Span::secs(chance.u64(120..1_800));
    config.dispatch.look_every = Span::secs(chance.u64(120..1_800));
    if chance.u32(0..3) == 0 {
        config.load.per_week = chance.u32(1..3);
    }
    config.dispatch.retry =
        (0..chance.usize(1..6)).map(|_| Span::secs(chance.u64(10..3_600))).collect();
    config
}

/// The part of a reference that all deliveries of one addressee have: the last letter is the leg.
pub(super) fn without_leg(reference: &str) -> &str {
    reference.get(..reference.len() - 1).unwrap_or_default()
}
