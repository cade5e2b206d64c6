//! How fast a launched message leaves, each copy rendered, claimed, attempted and settled durably;
//! beside Postfix's tools without any queue, beside Postfix as the queue, and beside Kannel.
//!
//! `cargo bench --bench dispatch`, `CHAPPE_BENCH=small cargo bench --bench dispatch`, or
//! `cargo bench --bench dispatch -- 5000`.

mod measure;
mod one_message;
mod peers;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::delivery::{Content, Envelope};
use chappe::demo::mailbox;
use chappe::demo::sms_service::{self, Behaviour};
use chappe::providers::{
    Guard, Ovh, OvhSecrets, OvhSettings, Provider, Smtp, SmtpSecurity, SmtpSettings,
};
use chappe::settings::{Pace, SecretPlace};
use secrecy::SecretString;

use measure::{Role, line, per_second, table};
use one_message::{Bench, Carried, LIMIT};
use peers::{Kannel, Postfix, Sink, kannel};

/// Connections to the sink, for everybody.
const CONNECTIONS: u32 = 16;
/// How often Chappe must be faster than Postfix as the queue.
const POSTFIX_TIMES: f64 = 10.0;
/// How often Chappe must be faster than Kannel accepts, though its provider, a stand-in, runs in the same
/// process.
const KANNEL_TIMES: f64 = 2.0;
/// How often each is measured, in turn; the median is shown. The disk is not equally fast all the time.
const ROUNDS: usize = 3;
const FROM: &str = "secretariat@example.org";

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
    let message_bytes = message_bytes(&bench, folder).await?;
    let relay = Arc::new(smtp(sink.port)?);
    let mut carried = bench.carry(relay, &pace()).await?;
    sink.has_taken(carried.messages, LIMIT).await?;
    carried.message_bytes = message_bytes;
    measure::say(&carried)
}

fn smtp(port: u16) -> anyhow::Result<Smtp> {
    let mut settings = SmtpSettings::new("127.0.0.1", FROM);
    settings.port = Some(port);
    settings.security = SmtpSecurity::None;
    // Each with a return path of its own, as where what comes back is read.
    settings.subaddresses = true;
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
    let mut carried = bench.carry(Arc::new(ovh), &pace()).await?;
    carried.message_bytes = text_bytes(&bench)?;
    anyhow::ensure!(service.messages().len() == carried.messages, "the service has another count");
    measure::say(&carried)
}

fn pace() -> Pace {
    Pace { at_once: CONNECTIONS, ..Pace::default() }
}

/// The size of one e-mail as it goes over the wire, so that the others carry as much.
async fn message_bytes(bench: &Bench, folder: &Path) -> anyhow::Result<usize> {
    let mailbox = mailbox::MailStandIn::start(folder.join("Maildir")).await?;
    let relay = smtp(mailbox.address().port())?;
    relay.send(&first_envelope(bench)?).await?;
    let mut bytes = 0;
    for file in std::fs::read_dir(mailbox.folder().join("new"))? {
        bytes += usize::try_from(file?.metadata()?.len())?;
    }
    Ok(bytes)
}

/// The length of one text message.
fn text_bytes(bench: &Bench) -> anyhow::Result<usize> {
    match first_envelope(bench)?.content {
        Content::Sms { text, .. } => Ok(text.len()),
        _ => anyhow::bail!("this is no text message"),
    }
}

/// What the first of all is sent.
fn first_envelope(bench: &Bench) -> anyhow::Result<Envelope> {
    let Bench { app, channel, message, recipients } = bench;
    let to = recipients.first().ok_or_else(|| anyhow::anyhow!("there is nobody"))?;
    let reference = message.code.delivery(0, 0);
    Ok(Envelope {
        content: app.renderer.content(message, to, *channel, &reference)?,
        to: to.contact_point(*channel).ok_or_else(|| anyhow::anyhow!("no address"))?,
        name: to.name.clone(),
        sealed: app.queue.sealed(*channel, &reference),
        awaits_answer: false,
        offers_stop: true,
        reference,
    })
}
