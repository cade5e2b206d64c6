//! What an announcement loses beside poison: recipients whose text cannot be made, one of them with ten
//! megabytes to say, and a provider of another channel that never answers.
//!
//! `cargo bench --bench poison`, `CHAPPE_BENCH=small cargo bench --bench poison`, or
//! `cargo bench --bench poison -- 5000`.

mod measure;
#[path = "../it/rates/works.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod works;

use std::path::Path;
use std::time::Duration;

use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::message::{Terms, Urgency};
use chappe::queue;
use chappe::settings::Pace;
use chappe::store::Store;

use measure::{Meter, Role, line, per_second, table};
use works::{Wire, Works, poison, recipient};

/// One recipient in so many is poison.
const ONE_IN: usize = 100;
/// More than the text of an e-mail may hold, and the one that is much more.
const TOO_LONG: usize = 110_000;
const TEN_MEGABYTES: usize = 10 << 20;
const AT_ONCE: u32 = 16;
/// How often each is measured, in turn.
const ROUNDS: usize = 5;
const LOOK: Duration = Duration::from_millis(5);
/// The most that the others may lose, of a hundred.
const WANTED: f64 = 5.0;

fn main() -> anyhow::Result<()> {
    match Role::of_this_process(20_000, 1_000)? {
        Role::Parent { count } => compare(count),
        Role::Child { part, folder, count } => carry(&folder, count, part == "beside"),
    }
}

fn compare(count: usize) -> anyhow::Result<()> {
    line(format!(
        "poison: {count} e-mails to a provider that takes them at once, SQLite on disk, medians of {ROUNDS}"
    ))?;
    let (mut alone, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(part("alone", count)?);
        beside.push(part("beside", count)?);
    }
    let (alone, beside) = (median(alone), median(beside));
    let row = |name: String, rate: f64| [name, format!("{rate:.0}")];
    let poisoned = format!(
        "beside {} that cannot be rendered, one of 10 MB, and a channel that never answers",
        count.div_ceil(ONE_IN)
    );
    table(["", "sound ones a second"], &[row("alone".to_owned(), alone), row(poisoned, beside)])?;
    line(format!("{:.1} % lost (wanted: less than {WANTED} %)", 100.0 * (1.0 - beside / alone)))
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn part(part: &str, count: usize) -> anyhow::Result<f64> {
    let folder = tempfile::tempdir()?;
    measure::in_child(part, folder.path(), count)
}

/// How many sound ones leave in a second, until the last outcome is durable.
#[tokio::main]
async fn carry(folder: &Path, count: usize, with_poison: bool) -> anyhow::Result<()> {
    let hours = [("HOURS__SMS__QUIET", "[]")]; // it is measured at night too
    let works = Works::set(folder, Clock::system(), &hours)?;
    let queue = works.queue(Store::open(&works.database)?);
    let all = (0..count).map(|number| match number {
        0 if with_poison => poison(number, TEN_MEGABYTES),
        _ if with_poison && number % ONE_IN == 0 => poison(number, TOO_LONG),
        _ => recipient(number),
    });
    let (all, how) = (all.collect::<Result<_, _>>()?, (Urgency::Bulk, Terms::default()));
    let message = works.launch_to(how, &queue, Channel::Email, all).await?;
    let poisoned = if with_poison { count.div_ceil(ONE_IN) } else { 0 };
    if with_poison {
        works.launch(&queue, Channel::Sms, poisoned).await?;
    }
    let pace = Pace { at_once: AT_ONCE, ..Pace::default() };
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    let silent = Wire::new(Channel::Sms, Duration::from_hours(24));
    let meter = Meter::start()?;
    let daemons = [works.start(&queue, &wire, &pace), works.start(&queue, &silent, &pace)];
    let status = async || queue::status(queue.store(), &message, works.clock.now()).await;
    while status().await?.addressees.waiting > 0 {
        tokio::time::sleep(LOOK).await;
    }
    let used = meter.read()?;
    for daemon in daemons {
        daemon.kill().await;
    }
    let addressees = status().await?.addressees;
    anyhow::ensure!(addressees.reached == count - poisoned, "not all are reached: {addressees:?}");
    anyhow::ensure!(addressees.unreached == poisoned, "poison is reached: {addressees:?}");
    measure::say(&per_second(count - poisoned, used.seconds))
}
