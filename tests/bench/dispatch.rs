//! How fast a launched message leaves, each copy rendered, claimed, attempted and settled durably;
//! beside Postfix's tools without any queue, beside Postfix as the queue, and beside Kannel.
//!
//! `cargo bench --bench dispatch`, `CHAPPE_BENCH=small cargo bench --bench dispatch`, or
//! `cargo bench --bench dispatch -- 5000`.

mod measure;
mod peers;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chappe::app;
use chappe::audience;
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::config::{self, Config};
use chappe::delivery::lifecycle::DeliveryState;
use chappe::delivery::{Content, Envelope, Recipient};
use chappe::demo::school::{Size, fictional_college};
use chappe::demo::sms_service::{self, Behaviour};
use chappe::demo::{mailbox, stage};
use chappe::directory;
use chappe::dispatch::{Dispatcher, Routes};
use chappe::id::Id;
use chappe::import::{Covers, Reading};
use chappe::message::{Code, Message, Plan, Proof, Rung, Terms, Urgency};
use chappe::office::School;
use chappe::people::{Actor, By, SchoolYear};
use chappe::providers::{
    Guard, Ovh, OvhSecrets, OvhSettings, Provider, Smtp, SmtpSecurity, SmtpSettings,
};
use chappe::queue::Take;
use chappe::settings::{Pace, SecretPlace};
use chappe::stop;
use chappe::store::{Tx, deliveries};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use measure::{Meter, Role, Used, line, per_second, table};
use peers::{Kannel, LOOK_EVERY, Postfix, Sink, kannel};

/// Connections to the sink, for everybody.
const CONNECTIONS: u32 = 16;
/// How often Chappe must be faster than Postfix as the queue.
const POSTFIX_TIMES: f64 = 10.0;
/// How often Chappe must be faster than Kannel accepts, though its provider, a stand-in, runs in the same
/// process.
const KANNEL_TIMES: f64 = 2.0;
/// How often each is measured, in turn; the median is shown. The disk is not equally fast all the time.
const ROUNDS: usize = 3;
/// How long the slowest of all may take.
const LIMIT: Duration = Duration::from_mins(15);
const A_DAY: Duration = Duration::from_hours(24);
const FROM: &str = "secretariat@example.org";

/// What carrying one message to all took.
#[derive(Serialize, Deserialize)]
struct Carried {
    messages: usize,
    used: Used,
    message_bytes: usize,
}

fn main() -> anyhow::Result<()> {
    match Role::of_this_process(20_000, 1_000)? {
        Role::Parent { count } => compare(count),
        Role::Child { part, folder, count } if part == "email" => email(&folder, count),
        Role::Child { folder, count, .. } => sms(&folder, count),
    }
}

#[tokio::main]
async fn compare(count: usize) -> anyhow::Result<()> {
    line(format!(
        "dispatch: {count} messages over {CONNECTIONS} connections, SQLite on disk, synchronous=FULL, \
         medians of {ROUNDS}"
    ))?;
    let mut rows = if peers::are_there() {
        compare_email(count).await?
    } else {
        line(peers::MISSING)?;
        Vec::new()
    };
    rows.extend(compare_sms(count).await?);
    table(["", "messages/s", "times the peer that queues", "processor and disk a message"], &rows)?;
    line(format!(
        "wanted: at least {POSTFIX_TIMES:.0} times Postfix as the queue, half of smtp-source alone, \
         {KANNEL_TIMES:.0} times what Kannel accepts"
    ))
}

async fn compare_email(count: usize) -> anyhow::Result<Vec<Row>> {
    let connections = CONNECTIONS as usize;
    let (mut ours, mut alone, mut queue) = (Vec::new(), Vec::new(), Vec::new());
    let mut costs = String::new();
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        peers::rest().await?;
        let carried: Carried = measure::in_child("email", folder.path(), count)?;
        ours.push(per_second(carried.messages, carried.used.seconds));
        peers::rest().await?;
        alone.push(straight(count, connections, carried.message_bytes).await?);
        peers::rest().await?;
        queue.extend(queued(count, connections, carried.message_bytes).await?);
        costs = cost(&carried);
    }
    let peer = median(queue);
    let rates = [("Chappe, e-mail", median(ours), costs.as_str())];
    let others = [("smtp-source, no queue", median(alone), ""), ("Postfix as the queue", peer, "")];
    Ok(rows(rates.into_iter().chain(others), peer))
}

async fn compare_sms(count: usize) -> anyhow::Result<Vec<Row>> {
    let kannel = if kannel::is_there() {
        Some(Kannel::start().await?)
    } else {
        line(kannel::MISSING)?;
        None
    };
    let (mut ours, mut accepted, mut sent) = (Vec::new(), Vec::new(), Vec::new());
    let mut costs = String::new();
    for _ in 0..ROUNDS {
        let folder = tempfile::tempdir()?;
        peers::rest().await?;
        let carried: Carried = measure::in_child("sms", folder.path(), count)?;
        ours.push(per_second(carried.messages, carried.used.seconds));
        if let Some(kannel) = &kannel {
            let text = "a".repeat(carried.message_bytes);
            let before = kannel.sent().await?;
            peers::rest().await?;
            let begun = Instant::now();
            kannel.accept(count, CONNECTIONS as usize, &text).await?;
            accepted.push(per_second(count, begun.elapsed().as_secs_f64()));
            kannel.has_sent(before + count, LIMIT).await?;
            sent.push(per_second(count, begun.elapsed().as_secs_f64()));
        }
        costs = cost(&carried);
    }
    let peer = median(accepted);
    let rates = [("Chappe, SMS", median(ours), costs.as_str())];
    let others = [
        ("Kannel with its spool store, accepted", peer, ""),
        ("Kannel with its spool store, sent", median(sent), ""),
    ];
    Ok(rows(rates.into_iter().chain(others), peer))
}

/// What is said of one of them.
type Row = [String; 4];

/// The rates that were measured, each as so many times its peer's.
fn rows<'a>(
    rates: impl Iterator<Item = (&'a str, Option<f64>, &'a str)>,
    peer: Option<f64>,
) -> Vec<Row> {
    let row = |(name, rate, cost): (&str, Option<f64>, &str)| {
        let rate = rate?;
        let times = peer.map_or_else(String::new, |peer| format!("{:.2}", rate / peer));
        Some([name.to_owned(), format!("{rate:.0}"), times, cost.to_owned()])
    };
    rates.filter_map(row).collect()
}

fn median(mut rates: Vec<f64>) -> Option<f64> {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied()
}

fn cost(carried: &Carried) -> String {
    let each = per_second(1, 1.0) / per_second(carried.messages, 1.0);
    let micros = carried.used.processor_seconds * 1e6 * each;
    let kilobytes = carried.used.written_bytes / 1e3 * each;
    format!("{micros:.0} µs, {kilobytes:.1} kB")
}

/// From the source straight into the sink: as fast as the two can.
async fn straight(count: usize, connections: usize, bytes: usize) -> anyhow::Result<f64> {
    let sink = Sink::start().await?;
    let begun = Instant::now();
    peers::send(count, connections, bytes, sink.port).await?;
    sink.has_taken(count, LIMIT).await?;
    Ok(per_second(count, begun.elapsed().as_secs_f64()))
}

/// From the source through a Postfix, until the sink has it all.
async fn queued(count: usize, connections: usize, bytes: usize) -> anyhow::Result<Option<f64>> {
    if !peers::is_root() {
        line("Postfix as the queue is left out: only root can start one")?;
        return Ok(None);
    }
    let sink = Sink::start().await?;
    let postfix = Postfix::start(sink.port, connections).await?;
    let begun = Instant::now();
    peers::send(count, connections, bytes, postfix.port).await?;
    sink.has_taken(count, LIMIT).await?;
    Ok(Some(per_second(count, begun.elapsed().as_secs_f64())))
}

#[tokio::main]
async fn email(folder: &Path, count: usize) -> anyhow::Result<()> {
    let sink = Sink::start().await?;
    let bench = Bench::set(folder, Channel::Email, count).await?;
    let message_bytes = bench.message_bytes(folder).await?;
    let relay = Arc::new(smtp(sink.port)?);
    let mut carried = bench.carry(relay).await?;
    sink.has_taken(carried.messages, LIMIT).await?;
    carried.message_bytes = message_bytes;
    measure::say(&carried)
}

fn smtp(port: u16) -> anyhow::Result<Smtp> {
    let mut settings = SmtpSettings::new("127.0.0.1", FROM);
    settings.port = Some(port);
    settings.security = SmtpSecurity::None;
    settings.pace = pace();
    Ok(Smtp::new("relay", &settings, None, Clock::system(), Guard::LoopbackOnly)?)
}

#[tokio::main]
async fn sms(folder: &Path, count: usize) -> anyhow::Result<()> {
    let service = sms_service::SmsStandIn::start(Behaviour {
        log: folder.join("sms.jsonl"),
        receipt_after: Duration::ZERO,
        failing: Vec::new(),
        invalid: Vec::new(),
        replies: Vec::new(),
        credits: u32::MAX,
        clock: Clock::system(),
    })
    .await?;
    let place = || SecretPlace::Env("unused".to_owned());
    let mut settings =
        OvhSettings::new(sms_service::SERVICE, sms_service::APPLICATION_KEY, place(), place());
    service.endpoint().clone_into(&mut settings.endpoint);
    settings.pace = pace();
    let secrets = OvhSecrets {
        application_secret: SecretString::from(sms_service::APPLICATION_SECRET),
        consumer_key: SecretString::from(sms_service::CONSUMER_KEY),
    };
    let ovh = Ovh::new("sms", &settings, secrets, Clock::system(), Guard::LoopbackOnly)?;
    let bench = Bench::set(folder, Channel::Sms, count).await?;
    let mut carried = bench.carry(Arc::new(ovh)).await?;
    carried.message_bytes = bench.text_bytes()?;
    anyhow::ensure!(service.messages().len() == carried.messages, "the service has another count");
    measure::say(&carried)
}

fn pace() -> Pace {
    Pace { at_once: CONNECTIONS, ..Pace::default() }
}

/// A launched message, before any copy has left.
struct Bench {
    app: School,
    channel: Channel,
    message: Message,
    recipients: Vec<Recipient>,
}

impl Bench {
    async fn set(folder: &Path, channel: Channel, count: usize) -> anyhow::Result<Self> {
        // It is measured at night too.
        let hours = ("CHAPPE__HOURS__SMS__QUIET".to_owned(), "[]".to_owned());
        let config = Config::read("chappe.toml", config::SHIPPED, [hours])?;
        let app = app::build(config, folder, Clock::system())?;
        let recipients = recipients(&app, channel, count).await?;
        let now = app.clock.now();
        let rung = Rung::new(vec![channel], Proof::Accepted, A_DAY);
        let message = Message {
            id: Id::new(now),
            school: app.queue.school().clone(),
            code: Code::from_chance(0),
            template: "fermeture".to_owned(),
            fields: stage::announcement(jiff::civil::date(2026, 11, 30)),
            audience: "familles".to_owned(),
            plan: Plan::new("bench", vec![rung])?,
            plans: BTreeMap::new(),
            urgency: Urgency::Bulk,
            launched_at: now,
            launched_by: Actor::Program,
            plain_sms: false,
            terms: Terms::default(),
        };
        let all = recipients.clone().into_iter().enumerate();
        let hand_over = |_: &Tx<'_>, take: &mut Take<'_>| {
            all.into_iter().try_for_each(|(number, recipient)| take(number, recipient))
        };
        app.queue.launch(message.clone(), hand_over).await?;
        Ok(Self { app, channel, message, recipients })
    }

    /// Carries it to all, until the last outcome is durable.
    async fn carry(&self, provider: Arc<dyn Provider>) -> anyhow::Result<Carried> {
        let (stopper, stop) = stop::channel();
        let config = &self.app.config;
        let rank = Routes::new(config, &[]).rank(provider.as_ref(), config);
        let dispatcher = Dispatcher::new(
            self.app.queue.clone(),
            (provider, rank),
            Arc::clone(&self.app.renderer),
            pace(),
            &self.app.config,
            self.app.clock.clone(),
        );
        let (meter, begun) = (Meter::start()?, Instant::now());
        let running = tokio::spawn(dispatcher.run(stop));
        while self.some_are_under_way().await? {
            anyhow::ensure!(begun.elapsed() < LIMIT, "not all copies left in time");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        let used = meter.read()?;
        stopper.stop();
        running.await?;
        let store = self.app.store();
        let status =
            chappe::queue::status(store, &self.message, self.app.clock.now()).await?.addressees;
        anyhow::ensure!(status.reached == self.recipients.len(), "not all are reached: {status:?}");
        Ok(Carried { messages: self.recipients.len(), used, message_bytes: 0 })
    }

    async fn some_are_under_way(&self) -> anyhow::Result<bool> {
        let (school, channel) = (self.message.school.clone(), self.channel);
        let some = self.app.store().read(move |tx| {
            for state in [DeliveryState::Waiting, DeliveryState::Sending] {
                if deliveries::next_due(tx, &school, channel, state)?.is_some() {
                    return Ok(true);
                }
            }
            Ok(false)
        });
        Ok(some.await?)
    }

    /// The size of one e-mail as it goes over the wire, so that the others carry as much.
    async fn message_bytes(&self, folder: &Path) -> anyhow::Result<usize> {
        let mailbox = mailbox::MailStandIn::start(folder.join("Maildir")).await?;
        let relay = smtp(mailbox.address().port())?;
        relay.send(&self.first_envelope()?).await?;
        let mut bytes = 0;
        for file in std::fs::read_dir(mailbox.folder().join("new"))? {
            bytes += usize::try_from(file?.metadata()?.len())?;
        }
        Ok(bytes)
    }

    /// The length of one text message.
    fn text_bytes(&self) -> anyhow::Result<usize> {
        match self.first_envelope()?.content {
            Content::Sms { text, .. } => Ok(text.len()),
            _ => anyhow::bail!("this is no text message"),
        }
    }

    fn first_envelope(&self) -> anyhow::Result<Envelope> {
        let to = self.recipients.first().ok_or_else(|| anyhow::anyhow!("there is nobody"))?;
        let reference = self.message.code.delivery(0, 0);
        let renderer = &self.app.renderer;
        Ok(Envelope {
            content: renderer.content(&self.message, to, self.channel, &reference)?,
            to: to.contact_point(self.channel).ok_or_else(|| anyhow::anyhow!("no address"))?,
            name: to.name.clone(),
            reference,
        })
    }
}

/// So many fictional guardians with an address of their own on the channel.
async fn recipients(
    app: &School,
    channel: Channel,
    count: usize,
) -> anyhow::Result<Vec<Recipient>> {
    let today = app.today();
    let size = Size { pupils: count + 100, classes: count.div_ceil(25) };
    let made_up = fictional_college(1794, SchoolYear::of(today), size);
    let reading = Reading {
        pupils: made_up.pupils,
        persons: made_up.guardians,
        guardianships: made_up.guardianships,
        covers: Covers { pupils: true, guardians: true, staff: false },
        ..Reading::default()
    };
    let (store, school) = (app.store(), app.queue.school());
    let diff = directory::diff(store, school, reading).await?;
    directory::apply(store, school, &diff, By::program(app.clock.now())).await?;
    let chosen = audience::find(store, school, &"familles".parse()?, today).await?.chosen;
    let all = audience::recipients(store, school, chosen).await?.into_iter();
    let own =
        |it: &Recipient| it.contact_point(channel).is_some() && !it.shared.contains_key(&channel);
    let recipients: Vec<Recipient> = all.filter(own).take(count).collect();
    anyhow::ensure!(recipients.len() == count, "the school is too small for this count");
    Ok(recipients)
}
