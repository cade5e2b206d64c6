//! What a message costs while very many others wait: time, memory, and how soon the first one leaves after a
//! start; beside the same with a thousand waiting.
//!
//! `cargo bench --bench waiting`, `CHAPPE_BENCH=small cargo bench --bench waiting`, or
//! `cargo bench --bench waiting -- 300000`.

mod measure;
#[path = "../it/rates/works.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod works;

use std::path::Path;
use std::time::{Duration, Instant};

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::settings::Pace;
use chappe::store::Store;
use serde::{Deserialize, Serialize};

use measure::{Meter, Role, line, table};
use works::{Wire, Works};

/// Messages carried in each part.
const CARRIED: usize = 5_000;
/// Those that still wait at the end of the part that others are compared with.
const FEW: usize = 1_000;
/// Launched at a time, so that filling takes little memory.
const AT_A_TIME: usize = 100_000;
const AT_ONCE: u32 = 16;
const LOOK: Duration = Duration::from_millis(1);
/// What is asked for.
const WANTED_TIMES: f64 = 1.2;
const WANTED_MB: f64 = 60.0;
const WANTED_SECONDS: f64 = 1.0;

#[derive(Serialize, Deserialize)]
struct Figures {
    /// From the opening of the database to the first call.
    first_after: f64,
    /// Of all cores together, a message.
    processor_micros: f64,
    micros: f64,
    peak_memory_mb: f64,
}

fn main() -> anyhow::Result<()> {
    match Role::of_this_process(1_000_000, 20_000)? {
        Role::Parent { count } => compare(count),
        Role::Child { part, folder, count } if part == "fill" => fill(&folder, count),
        Role::Child { folder, .. } => carry(&folder),
    }
}

fn compare(count: usize) -> anyhow::Result<()> {
    line(format!(
        "waiting: {CARRIED} e-mails to a provider that takes them at once, SQLite on disk"
    ))?;
    let (few, many) = (of(FEW + CARRIED)?, of(count)?);
    let row = |name: String, it: &Figures| {
        [
            name,
            format!("{:.0} µs", it.micros),
            format!("{:.0} µs", it.processor_micros),
            format!("{:.2} s", it.first_after),
            format!("{:.0} MB", it.peak_memory_mb),
        ]
    };
    let head = ["waiting", "a message", "processor", "first one after", "peak memory"];
    let rows = [row(format!("{} to {FEW}", FEW + CARRIED), &few), row(count.to_string(), &many)];
    table(head, &rows)?;
    let times = many.processor_micros / few.processor_micros;
    line(format!(
        "{times:.2} times the processor time of the few (wanted: at most {WANTED_TIMES}); wanted: \
         {WANTED_MB} MB, {WANTED_SECONDS} s"
    ))
}

fn of(count: usize) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let _: usize = measure::in_child("fill", folder.path(), count)?;
    measure::in_child("carry", folder.path(), count)
}

#[tokio::main]
async fn fill(folder: &Path, count: usize) -> anyhow::Result<()> {
    let works = Works::set(folder, Clock::system(), &[])?;
    let queue = works.queue(Store::open(&works.database)?);
    let mut left = count;
    while left > 0 {
        let now = left.min(AT_A_TIME);
        works.launch(&queue, Channel::Email, now).await?;
        left -= now;
    }
    measure::say(&count)
}

#[tokio::main]
async fn carry(folder: &Path) -> anyhow::Result<()> {
    let works = Works::set(folder, Clock::system(), &[])?;
    let begun = Instant::now();
    let queue = works.queue(Store::open(&works.database)?);
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    let daemon = works.start(&queue, &wire, &Pace { at_once: AT_ONCE, ..Pace::default() });
    while wire.calls().is_empty() {
        tokio::time::sleep(LOOK).await;
    }
    let first_after = begun.elapsed().as_secs_f64();
    let (meter, before) = (Meter::start()?, wire.calls().len());
    while wire.calls().len() < CARRIED {
        tokio::time::sleep(LOOK).await;
    }
    let (used, carried) = (meter.read()?, wire.calls().len() - before);
    daemon.stop().await?;
    let each = |seconds: f64| 1e6 / measure::per_second(carried, seconds);
    measure::say(&Figures {
        first_after,
        processor_micros: each(used.processor_seconds),
        micros: each(used.seconds),
        peak_memory_mb: used.peak_memory_mb,
    })
}
