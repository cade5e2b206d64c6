//! How exactly rates are kept: whether any sliding window holds more than its limit, and how much of
//! the allowance is used; over hours of simulated time, and for some seconds of the machine's.
//!
//! `cargo bench --bench rates`, `CHAPPE_BENCH=small cargo bench --bench rates`, or
//! `cargo bench --bench rates -- 48` for so many simulated hours.

#[path = "../it/rates/works.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod works;

use std::io::Write as _;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::settings::Pace;
use chappe::store::Store;
use comfy_table::{Table, presets};
use works::{Call, MORNING, Wire, Works, windows_broken};

/// What is asked of every line.
const WANTED: f64 = 98.0;
const LATENCY: Duration = Duration::from_millis(250);
const HOUR: Duration = Duration::from_hours(1);

struct Figures {
    name: &'static str,
    left: u32,
    allowed: u32,
    broken: usize,
}

impl Figures {
    fn of(name: &'static str, calls: &[Call], pace: &Pace, allowed: u32) -> Self {
        let left = calls.iter().map(|(_, cost)| cost).sum();
        Self { name, left, allowed, broken: windows_broken(calls, pace.limits()) }
    }

    fn used(&self) -> f64 {
        100.0 * f64::from(self.left) / f64::from(self.allowed)
    }
}

fn main() -> anyhow::Result<()> {
    let small = std::env::var("CHAPPE_BENCH").is_ok_and(|size| size == "small");
    let asked = std::env::args().find_map(|argument| argument.parse().ok());
    let hours = asked.unwrap_or(if small { 3 } else { 24 });
    let all = [
        simulated(one_daemon(hours))?,
        simulated(two_daemons_restarted_each_hour(hours))?,
        simulated(text_messages(hours))?,
        five_hundred_a_second(if small { 3 } else { 10 })?,
    ];
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header(["", "units left", "allowed", "used", "windows broken"]);
    for figures in &all {
        let Figures { name, left, allowed, broken } = figures;
        let used = format!("{:.2} %", figures.used());
        table.add_row([
            (*name).to_owned(),
            left.to_string(),
            allowed.to_string(),
            used,
            broken.to_string(),
        ]);
    }
    writeln!(std::io::stdout(), "rates: {hours} simulated hours\n{table}")?;
    let is_short = |it: &&Figures| it.broken > 0 || it.used() < WANTED;
    let short: Vec<&str> = all.iter().filter(is_short).map(|it| it.name).collect();
    anyhow::ensure!(short.is_empty(), "windows broken, or less than {WANTED} % used: {short:?}");
    Ok(())
}

fn simulated(work: impl Future<Output = anyhow::Result<Figures>>) -> anyhow::Result<Figures> {
    let time =
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build()?;
    time.block_on(work)
}

fn ten_and_200() -> Pace {
    Pace { per_second: 10, per_hour: 200, ..Pace::default() }
}

fn works(folder: &tempfile::TempDir, clock: Clock) -> anyhow::Result<Works> {
    Works::set(folder.path(), clock, &[("DISPATCH__LOOK_EVERY", "20s")])
}

fn count(units: u32) -> anyhow::Result<usize> {
    Ok(usize::try_from(units)?)
}

async fn one_daemon(hours: u32) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let works = works(&folder, Clock::simulated(MORNING))?;
    let (wire, pace) = (Wire::new(Channel::Email, LATENCY), ten_and_200());
    let queue = works.open()?;
    works.launch(&queue, Channel::Email, count(200 * (hours + 1))?).await?;
    let daemon = works.start(&queue, &wire, &pace);
    tokio::time::sleep(HOUR * hours).await;
    daemon.stop().await?;
    Ok(Figures::of("10/s and 200/h", &wire.calls(), &pace, 200 * hours))
}

async fn two_daemons_restarted_each_hour(hours: u32) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let works = works(&folder, Clock::simulated(MORNING))?;
    let (wire, pace) = (Wire::new(Channel::Email, LATENCY), ten_and_200());
    works.launch(&works.open()?, Channel::Email, count(200 * (hours + 1))?).await?;
    for _ in 0..hours {
        let one = works.start(&works.open()?, &wire, &pace);
        let other = works.start(&works.open()?, &wire, &pace);
        tokio::time::sleep(HOUR).await;
        one.kill().await;
        other.stop().await?;
    }
    let name = "10/s and 200/h, two daemons, one killed and one stopped each hour";
    Ok(Figures::of(name, &wire.calls(), &pace, 200 * hours))
}

async fn text_messages(hours: u32) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let works = works(&folder, Clock::simulated(MORNING))?;
    let pace = Pace { per_second: 10, per_minute: 100, ..Pace::default() };
    let wire = Wire::new(Channel::Sms, LATENCY);
    let queue = works.open()?;
    let minutes = 60 * hours.min(4);
    works.launch(&queue, Channel::Sms, count(50 * (minutes + 1))?).await?;
    let daemon = works.start(&queue, &wire, &pace);
    tokio::time::sleep(Duration::from_mins(u64::from(minutes))).await;
    daemon.stop().await?;
    Ok(Figures::of("SMS, 10 segments/s and 100/min", &wire.calls(), &pace, 100 * minutes))
}

#[tokio::main]
async fn five_hundred_a_second(seconds: u32) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let works = works(&folder, Clock::system())?;
    let pace = Pace { per_second: 500, at_once: 128, ..Pace::default() };
    let queue = works.queue(Store::open(&works.database)?);
    works.launch(&queue, Channel::Email, count(500 * (seconds + 2))?).await?;
    let wire = Wire::new(Channel::Email, Duration::from_millis(20));
    let daemon = works.start(&queue, &wire, &pace);
    tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await;
    let calls = wire.calls();
    daemon.stop().await?;
    // From the first call on: what opened the database is no matter of rates.
    let (Some(first), Some(last)) = (calls.first(), calls.last()) else {
        anyhow::bail!("nothing left");
    };
    let took = last.0.saturating_sub(first.0).as_secs_f64();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small count")]
    let allowed = (500.0 * took).round() as u32;
    Ok(Figures::of("500/s in real time, SQLite on disk", &calls, &pace, allowed))
}
