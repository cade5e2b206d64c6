//! A school at work: the shipped configuration, stand-ins for every service, and a clock that the
//! test moves.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chappe::app::{self, Daemon};
use chappe::channel::Channel;
use chappe::clock::{Clock, Moment};
use chappe::config::{self, Database};
use chappe::delivery::Envelope;
use chappe::delivery::lifecycle::{AddresseeState, DeliveryEvent, DeliveryState};
use chappe::demo::{ent, mailbox, sms_service, stage};
use chappe::directory;
use chappe::inbox::Entrance;
use chappe::message::{Fields, Message, PlansBeside, Question, Terms, Urgency};
use chappe::office::{self, Outlook, Ready, Request, School, SettingsFile};
use chappe::people::{Actor, By, PersonKey, SchoolId};
use chappe::providers::{Awaited, Guard, Inbox, NotKept, Provider, Word};
use chappe::queue::{self, Claimed, Outcome, Status};
use chappe::stop::{self, Stopper};
use chappe::store::addressees;
use chappe::store::closings::Closing;
use chappe::store::deliveries::Claim;
use tempfile::TempDir;

use super::people::People;
use crate::databases;
use crate::town::settings::{DEADLINE, LOOK, overrides, set, write_secrets};
use crate::town::verdict::hand_overs;

/// A Monday morning.
const MORNING: Moment = Moment(1_773_644_400_000);
/// Longer than anything in these tests takes, by the clock of the test.
pub const LEASE: Duration = Duration::from_mins(10);
/// The patience of a machine's rung.
pub const PATIENCE: Duration = Duration::from_hours(1);

/// The plan that falls back from each channel to the next.
pub const FAMILLE: &str = "[{ channels = [\"ent\"], patience = \"1h\" }, \
    { channels = [\"email\"], patience = \"1h\" }, \
    { channels = [\"sms\"], enough = \"delivered\", patience = \"1h\" }, \
    { channels = [\"letter\"] }]";

pub struct Scene {
    pub folder: TempDir,
    pub clock: Clock,
    pub ent: ent::EntStandIn,
    pub mailbox: mailbox::MailStandIn,
    pub sms: sms_service::SmsStandIn,
    pub app: Arc<School>,
}

impl Scene {
    /// A school of these people, with this plan; nothing runs yet.
    pub async fn set(people: People, plan: &str) -> Self {
        Self::set_with(people, plan, &[]).await
    }

    /// The same, with other settings: `DISPATCH__LEASE`, `2s`.
    pub async fn set_with(people: People, plan: &str, settings: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let database = databases::database(folder.path());
        Self::set_in(folder, database, people, plan, settings).await
    }

    /// The same, on this database.
    pub async fn set_on(
        database: Database,
        people: People,
        plan: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        Self::set_in(TempDir::new().unwrap(), database, people, plan, settings).await
    }

    async fn set_in(
        folder: TempDir,
        database: Database,
        people: People,
        plan: &str,
        settings: &[(&str, &str)],
    ) -> Self {
        let clock = Clock::standing_at(MORNING);
        let ent = ent::EntStandIn::start(people.accounts, Vec::new(), clock.clone()).await.unwrap();
        let mailbox = mailbox::MailStandIn::start(folder.path().join("Maildir")).await.unwrap();
        let sms = sms_service::SmsStandIn::start(sms_service::Behaviour {
            log: folder.path().join("sms.jsonl"),
            receipt_after: Duration::from_secs(1),
            failing: people.failing,
            invalid: Vec::new(),
            replies: people.replies,
            credits: 10_000,
            clock: clock.clone(),
        })
        .await
        .unwrap();
        write_secrets(folder.path());
        let mut overrides = overrides(&ent, &mailbox, &sms);
        let usual = [
            ("PLANS__FAMILLE", plan),
            ("DISPATCH__LEASE", "10min"),
            ("DISPATCH__RETRY", "[\"10s\", \"20s\", \"40s\"]"),
            ("DISPATCH__RECEIPTS_EVERY", "100ms"),
            ("DISPATCH__LOOK_EVERY", "20ms"),
            ("BREAKER__SLOW_AFTER", "10min"),
        ];
        overrides.extend(usual.iter().chain(settings).map(|(key, value)| set(key, value)));
        let path = folder.path().join("chappe.toml");
        std::fs::write(&path, config::SHIPPED).unwrap();
        let shipped = config::SHIPPED.to_owned();
        let file = SettingsFile::at_start(path, overrides, shipped, clock.now());
        let mut config = file.config(&file.text).unwrap();
        config.store.database = database;
        let mut app = app::build(config, folder.path(), clock.clone()).unwrap();
        app.program = env!("CARGO_BIN_EXE_chappe").into();
        app.file = Some(file);
        let school = app.queue.school();
        let diff = directory::diff(app.store(), school, people.reading).await.unwrap();
        directory::apply(app.store(), school, &diff, By::program(clock.now())).await.unwrap();
        Self { folder, clock, ent, mailbox, sms, app: Arc::new(app) }
    }

    /// Starts the daemon; it stops when it is dropped.
    pub async fn start(&self) -> Daemon {
        Daemon::start(Arc::clone(&self.app), Guard::LoopbackOnly).await.unwrap()
    }

    /// A school on the same database, with connections of its own.
    pub fn another_app(&self, school: SchoolId) -> (School, TempDir) {
        let folder = TempDir::new().unwrap();
        write_secrets(folder.path());
        let mut config = self.app.config.clone();
        config.school.uai = school;
        (app::build(config, folder.path(), self.clock.clone()).unwrap(), folder)
    }

    /// Launches an announcement to all families.
    pub async fn launch(&self) -> Message {
        self.launch_to("familles", Urgency::Bulk).await
    }

    /// Launches an announcement.
    pub async fn launch_to(&self, audience: &str, urgency: Urgency) -> Message {
        self.launch_in(&self.app, audience, urgency).await
    }

    /// Launches an announcement of another school.
    pub async fn launch_in(&self, app: &School, audience: &str, urgency: Urgency) -> Message {
        let ready = ready(app, "famille", audience, urgency).await;
        office::launch(app, Actor::Program, ready).await.unwrap()
    }

    /// Launches an announcement to all families by this plan.
    pub async fn launch_by(&self, plan: &str) -> Message {
        let ready = ready(&self.app, plan, "familles", Urgency::Bulk).await;
        office::launch(&self.app, Actor::Program, ready).await.unwrap()
    }

    /// What would become of an announcement to all families.
    pub async fn outlook(&self) -> Outlook {
        let ready = ready(&self.app, "famille", "familles", Urgency::Bulk).await;
        office::outlook(&self.app, &ready).await.unwrap()
    }

    /// The same of one that says this of what changes.
    pub async fn outlook_saying(&self, text: &str) -> Outlook {
        office::outlook(&self.app, &self.saying(text).await).await.unwrap()
    }

    /// Launches an announcement to all families that says this of what changes.
    pub async fn launch_saying(&self, text: &str) -> Message {
        office::launch(&self.app, Actor::Program, self.saying(text).await).await.unwrap()
    }

    /// Launches an announcement to an audience that asks this.
    pub async fn launch_asking(&self, audience: &str, question: Question) -> Message {
        let request = Request {
            question: Some(question),
            ..request(&self.app, "famille", audience, Urgency::Bulk)
        };
        let ready = office::prepare(&self.app, request).await.unwrap();
        office::launch(&self.app, Actor::Program, ready).await.unwrap()
    }

    async fn saying(&self, text: &str) -> Ready {
        let mut request = request(&self.app, "famille", "familles", Urgency::Bulk);
        request.fields.insert("ce_qui_change".to_owned(), text.to_owned());
        office::prepare(&self.app, request).await.unwrap()
    }

    /// Somebody closes a channel until somebody opens it.
    pub async fn close(&self, channel: Channel) {
        let (reason, by) = (String::new(), String::new());
        let closing = Closing { channel, until: None, reason, by, at: self.clock.now() };
        self.app.queue.decisions().close(closing, Actor::Program).await.unwrap();
    }

    pub async fn status(&self, message: &Message) -> Status {
        queue::status(self.app.store(), message, self.clock.now()).await.unwrap()
    }

    /// Waits until the message stands so.
    pub async fn until(&self, message: &Message, stands: impl Fn(&Status) -> bool) -> Status {
        self.flow(message, Duration::ZERO, stands).await
    }

    /// Lets time pass, a second each time that it looks, until the message stands so.
    pub async fn later(&self, message: &Message, stands: impl Fn(&Status) -> bool) -> Status {
        self.flow(message, Duration::from_secs(1), stands).await
    }

    async fn flow(
        &self,
        message: &Message,
        step: Duration,
        stands: impl Fn(&Status) -> bool,
    ) -> Status {
        let mut last = None;
        let waited = tokio::time::timeout(DEADLINE, async {
            loop {
                let status = self.status(message).await;
                if stands(&status) {
                    return status;
                }
                last = Some(status);
                self.clock.advance(step);
                tokio::time::sleep(LOOK).await;
            }
        });
        let waited = waited.await;
        waited.unwrap_or_else(|_| panic!("in vain: {last:#?}"))
    }

    /// Lets time pass at once.
    pub fn pass(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Where each addressee of a message stands.
    pub async fn states(&self, message: &Message) -> BTreeMap<PersonKey, AddresseeState> {
        let (school, id) = (self.app.queue.school().clone(), message.id);
        let read = self.app.store().read(move |tx| {
            let mut states = BTreeMap::new();
            for state in AddresseeState::ALL {
                let those = addressees::in_state(tx, &school, id, state)?;
                states.extend(those.into_iter().map(|(_, who)| (who.person, state)));
            }
            Ok(states)
        });
        read.await.unwrap()
    }

    /// What waits on a channel and might start now.
    pub async fn waiting(&self, channel: Channel, most: usize) -> Vec<Claimed> {
        let (queue, claim) = (self.app.queue.clone(), self.claim(channel, most));
        let looked = self.app.store().write(move |tx| {
            let circumstances = queue.circumstances(tx, claim.now)?;
            queue.pick_in(tx, &claim, &circumstances)
        });
        looked.await.unwrap()
    }

    /// Makes it durable that attempts of what waits begin, as a dispatcher does.
    pub async fn begin(&self, channel: Channel, most: usize) -> Vec<Claimed> {
        self.app.queue.seal_key().await.unwrap();
        self.app.queue.start(self.claim(channel, most)).await.unwrap()
    }

    /// Hands all that waits on a channel over by this provider, as a dispatcher does.
    pub async fn send_all(&self, channel: Channel, provider: &dyn Provider, awaits_answer: bool) {
        for begun in self.begin(channel, 9).await {
            let (reference, to) = (begun.reference(), &begun.recipient);
            let content = self.app.renderer.content(&begun.message, to, channel, &reference);
            let envelope = Envelope {
                sealed: self.app.queue.sealed(channel, &reference),
                to: to.contact_point(channel).unwrap(),
                name: to.name.clone(),
                content: content.unwrap(),
                awaits_answer,
                offers_stop: !awaits_answer,
                reference,
            };
            provider.send(&envelope).await.unwrap();
            let event = DeliveryEvent::Accepted { look_at: None };
            let outcome = Outcome::of(begun.due, event);
            self.app.queue.settle(vec![outcome], self.clock.now()).await.unwrap();
        }
    }

    /// The same with all of it under one reference, as for one call.
    pub async fn begin_together(&self, channel: Channel, most: usize) -> Vec<Claimed> {
        let (queue, claim) = (self.app.queue.clone(), self.claim(channel, most));
        let started = self.app.store().write(move |tx| {
            let circumstances = queue.circumstances(tx, claim.now)?;
            let mut picked = queue.pick_in(tx, &claim, &circumstances)?;
            let sent_as = format!("{}-{}", picked[0].own_reference(), picked.len());
            for it in &mut picked {
                it.sent_as = Some(sent_as.clone());
            }
            queue.start_in(tx, picked, &claim, &circumstances)
        });
        started.await.unwrap().claimed
    }

    /// Attempts whose lease ran out, as a dispatcher sees to them.
    pub async fn lapsed(&self, channel: Channel, most: usize) -> Vec<Claimed> {
        let claim = self.claim(channel, most);
        self.app.queue.claim(DeliveryState::Sending, claim).await.unwrap()
    }

    fn claim(&self, channel: Channel, most: usize) -> Claim {
        let now = self.clock.now();
        let carrier = self.app.config.provider_of(channel).unwrap().0.into();
        Claim { channel, carrier, now, lease_ends: now + LEASE, most }
    }

    /// The provider of a channel.
    pub fn provider(&self, channel: Channel) -> Arc<dyn Provider> {
        let providers = app::carriers(&self.app, Guard::LoopbackOnly).unwrap();
        providers.into_iter().find(|provider| provider.channel() == channel).unwrap()
    }

    /// Where the words of a provider come in.
    pub fn inbox(&self, provider: &dyn Provider) -> Entrance {
        let (queue, clock) = (self.app.queue.clone(), self.clock.clone());
        Entrance::of(provider, queue, clock, Duration::from_secs(1))
    }

    /// Lets a provider bring one round of what people answered; how many answers it was.
    pub async fn listen_once(&self, provider: &dyn Provider) -> usize {
        let (stopper, stop) = stop::channel();
        let once = Once { entrance: self.inbox(provider), replies: Mutex::default(), stopper };
        provider.listen(&once, stop).await;
        once.replies.into_inner().unwrap()
    }

    /// The history of every delivery that has one: its outcomes, by its reference.
    pub async fn outcomes(&self) -> BTreeMap<String, Vec<String>> {
        let all = hand_overs(self.app.store()).await.into_iter();
        all.filter(|it| !it.outcomes.is_empty()).map(|it| (it.reference, it.outcomes)).collect()
    }

    /// Every e-mail, in the order in which they came.
    pub fn mails(&self) -> Vec<String> {
        let new = std::fs::read_dir(self.mailbox.folder().join("new")).unwrap();
        let mut files: Vec<_> = new.map(|file| file.unwrap().path()).collect();
        let number = |name: &str| name.split('.').nth(1).and_then(|it| it.parse::<u32>().ok());
        files.sort_by_key(|path| number(&path.file_name().unwrap().to_string_lossy()));
        files.iter().map(|path| readable(&std::fs::read(path).unwrap())).collect()
    }
}

async fn ready(app: &School, plan: &str, audience: &str, urgency: Urgency) -> Ready {
    office::prepare(app, request(app, plan, audience, urgency)).await.unwrap()
}

fn request(app: &School, plan: &str, audience: &str, urgency: Urgency) -> Request {
    Request {
        template: "fermeture".to_owned(),
        fields: announcement(),
        audience: audience.to_owned(),
        plan: app.config.plan(plan).unwrap(),
        plans: PlansBeside::default(),
        urgency: Some(urgency),
        plain_sms: false,
        question: None,
        terms: Terms::default(),
        among: None,
        again: true,
    }
}

/// The fields of the announcement: the school closes.
pub fn announcement() -> Fields {
    stage::announcement(jiff::civil::date(2026, 11, 30))
}

/// Everybody is reached, or stands on a list of people.
pub fn is_settled(status: &Status) -> bool {
    status.addressees.waiting == 0
}

/// An e-mail with its quoted-printable undone (RFC 2045, 6.7).
fn readable(octets: &[u8]) -> String {
    let text = String::from_utf8_lossy(octets).replace("=\r\n", "");
    assert!(!text.contains("base64"), "the reader of these tests knows quoted-printable only");
    let mut undone = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        let digits: Vec<u8> = rest.clone().take(2).collect();
        let code = std::str::from_utf8(&digits).ok().and_then(|it| u8::from_str_radix(it, 16).ok());
        match code.filter(|_| octet == b'=') {
            Some(code) => {
                undone.push(code);
                rest.nth(1);
            }
            None => undone.push(octet),
        }
    }
    String::from_utf8_lossy(&undone).into_owned()
}

/// An inbox that is closed once people's answers came.
struct Once {
    entrance: Entrance,
    replies: Mutex<usize>,
    stopper: Stopper,
}

#[async_trait]
impl Inbox for Once {
    fn every(&self) -> Duration {
        self.entrance.every()
    }

    async fn awaited(&self) -> Result<Awaited, NotKept> {
        self.entrance.awaited().await
    }

    async fn take(&self, words: Vec<Word>) -> Result<(), NotKept> {
        let replies = words.iter().filter(|word| matches!(word, Word::Reply(_))).count();
        let is_round_of_replies = replies == words.len();
        self.entrance.take(words).await?;
        if is_round_of_replies {
            *self.replies.lock().unwrap() += replies;
            self.stopper.stop();
        }
        Ok(())
    }
}
