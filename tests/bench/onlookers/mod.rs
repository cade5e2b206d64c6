//! Five hundred who look at what goes out, as it does: what their streams cost the daemon, and what goes out.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use chappe::clock::Moment;
use chappe::message::{Message, PlansBeside, Terms, Urgency};
use chappe::office::{self, Request};
use chappe::people::Actor;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::Site;
use super::reader::Reader;
use super::town::settings::LOOK;

/// Streams at once.
pub const STREAMS: usize = 500;
/// … of one account at most.
const OF_ACCOUNT: usize = 12;
/// Announcements that leave at the same time in one turn: it lasts for several seconds.
const AT_ONCE: usize = 12;
/// Which turns have the streams. Each leaves the database larger than the one before: what slows all of them down
/// falls on both kinds alike.
const TURNS: [bool; 8] = [false, true, true, false, true, false, false, true];
/// From the launch to the first of them: all look by then.
const BEFORE: Duration = Duration::from_secs(20);
const LIMIT: Duration = Duration::from_mins(5);
/// Nothing comes any more when nothing came for so long.
const QUIET: Duration = Duration::from_secs(3);
/// With this an event begins.
const EVENT: &[u8] = b"event: ";

/// What they cost.
pub struct Cost {
    /// Megabytes that the daemon held before, and with all streams open.
    pub memory: (f64, f64),
    /// Each turn in its order.
    pub turns: Vec<Turn>,
    /// Events that came over the streams.
    pub events: usize,
}

impl Cost {
    /// The median of what the turns with the streams gave, or of those without.
    pub fn median(&self, with: bool, what: impl Fn(&Turn) -> f64) -> anyhow::Result<f64> {
        let those = self.turns.iter().filter(|it| it.with == with);
        Ok(super::reader::median_and_worst(those.map(what).collect())?.0)
    }
}

/// Opens the streams in half of the turns, while announcements leave.
pub async fn measure(site: &Site) -> anyhow::Result<Cost> {
    let mut readers = Vec::new();
    for number in 0..STREAMS.div_ceil(OF_ACCOUNT) {
        let login = format!("regarde.{number}");
        readers.push(Reader::signed_in(&site.town.app, &site.root, &login).await?);
    }
    turn(site, &[]).await?;
    let mut cost = Cost { memory: (0.0, 0.0), turns: Vec::new(), events: 0 };
    for with in TURNS {
        let before = site.memory_mb()?;
        let done = turn(site, if with { &readers } else { &[] }).await?;
        if with && done.memory - before > cost.memory.1 - cost.memory.0 {
            cost.memory = (before, done.memory);
        }
        cost.events += done.events;
        cost.turns.push(done);
    }
    Ok(cost)
}

/// What was seen while announcements left.
pub struct Turn {
    /// Whether the streams were open.
    pub with: bool,
    /// E-mails a second.
    pub rate: f64,
    /// Milliseconds of the processors' time that the daemon used for each e-mail: unlike the rate it does not go by how
    /// fast the disk is at the time.
    pub worked: f64,
    memory: f64,
    events: usize,
}

/// Lets announcements leave while these look.
async fn turn(site: &Site, readers: &[Reader]) -> anyhow::Result<Turn> {
    let (school, starts_at) = (&site.town.app, site.town.app.clock.now() + BEFORE);
    let mut messages = Vec::new();
    for _ in 0..AT_ONCE {
        messages.push(launch(site, starts_at).await?);
    }
    let before = site.town.mailbox.messages();
    let mut expected = before;
    for message in &messages {
        let status = site.town.status(message).await;
        expected += status.channels.values().map(|it| it.waiting).sum::<usize>();
    }
    let events = Arc::new(AtomicUsize::new(0));
    let streams = open(readers, &messages, &events).await?;
    ensure!(school.clock.now() < starts_at, "the streams were not open in time");
    // Of anything else that leaves meanwhile the rate would be nobody's.
    while school.clock.now() < starts_at {
        ensure!(site.town.mailbox.messages() == before, "something else leaves");
        tokio::time::sleep(LOOK).await;
    }
    let worked = site.worked_ms()?;
    let rate = leave(site, before, expected).await?;
    let worked = site.worked_ms()? - worked;
    let left = site.town.mailbox.messages() - before;
    let memory = site.memory_mb()?;
    drop(streams);
    Ok(Turn {
        with: !readers.is_empty(),
        rate,
        worked: worked / super::measure::per_second(left, 1.0),
        memory,
        events: events.load(Ordering::Relaxed),
    })
}

/// How many a second, from the first to the last. A few are refused at the door of their mailbox, so that fewer come
/// than were expected: it is over once nothing comes any more.
async fn leave(site: &Site, before: usize, expected: usize) -> anyhow::Result<f64> {
    let asked = Instant::now();
    let (mut first, mut last) = (None, (asked, before));
    while last.1 < expected && (first.is_none() || last.0.elapsed() < QUIET) {
        let taken = site.town.mailbox.messages();
        if taken > last.1 {
            last = (Instant::now(), taken);
            first = first.or(Some(last));
        }
        ensure!(asked.elapsed() < LIMIT, "{taken} of {expected} left in time");
        tokio::time::sleep(LOOK).await;
    }
    let (begun, at_first) = first.context("nothing was to leave")?;
    let took = last.0.duration_since(begun).as_secs_f64();
    Ok(super::measure::per_second(last.1 - at_first, took))
}

/// Half of them look at the first page, half at the announcements, and all come at once: whoever comes sees what there
/// is at the next look, which is the later the more is looked at. All see it when this ends.
async fn open(
    readers: &[Reader],
    messages: &[Message],
    events: &Arc<AtomicUsize>,
) -> anyhow::Result<JoinSet<anyhow::Result<()>>> {
    let (mut streams, (opened, mut come)) = (JoinSet::new(), mpsc::unbounded_channel());
    let places = if readers.is_empty() { 0 } else { STREAMS };
    for number in 0..places {
        let reader = readers[number % readers.len()].clone();
        let message = &messages[number % messages.len()];
        let path = if number % 2 == 0 {
            "/direct".to_owned()
        } else {
            format!("/annonces/{}/direct", message.code)
        };
        let (events, opened) = (Arc::clone(events), opened.clone());
        streams.spawn(async move {
            let mut answer = reader.open(&path).await?;
            ensure!(answer.chunk().await?.is_some(), "{path} shows nothing");
            opened.send(())?;
            while let Some(chunk) = answer.chunk().await? {
                let new = chunk.windows(EVENT.len()).filter(|it| *it == EVENT).count();
                events.fetch_add(new, Ordering::Relaxed);
            }
            Ok(())
        });
    }
    drop(opened);
    for _ in 0..places {
        tokio::select! {
            biased;
            Some(()) = come.recv() => {}
            Some(ended) = streams.join_next() => bail!("a stream ended: {ended:?}"),
        }
    }
    Ok(streams)
}

async fn launch(site: &Site, starts_at: Moment) -> anyhow::Result<Message> {
    let school = &site.town.app;
    let plan = school.config.plan("courriel").map_err(anyhow::Error::msg)?;
    let request = Request {
        template: "fermeture".to_owned(),
        fields: chappe::demo::stage::announcement(jiff::civil::date(2026, 11, 30)),
        audience: "familles".to_owned(),
        plan,
        plans: PlansBeside::default(),
        urgency: Some(Urgency::Bulk),
        plain_sms: true,
        question: None,
        terms: Terms { starts_at: Some(starts_at), ..Terms::default() },
        among: None,
        again: true,
    };
    let ready = office::prepare(school, request).await?;
    Ok(office::launch(school, Actor::Program, ready).await?)
}
