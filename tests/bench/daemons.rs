//! What a second daemon brings on one PostgreSQL server, which syncs every commit: to a provider that
//! answers at once, so that the database is the limit, and to one that takes its time, so that what may
//! run at once is.
//!
//! `cargo bench --bench daemons`, `CHAPPE_BENCH=small cargo bench --bench daemons`, or
//! `cargo bench --bench daemons -- 20000`.

#[path = "../it/databases.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "the tests use more of it")]
mod databases;
#[path = "../it/rates/works.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod works;

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::delivery::lifecycle::DeliveryState;
use chappe::queue::Queue;
use chappe::settings::Pace;
use chappe::store::{Store, deliveries};
use comfy_table::{Table, presets};

use databases::Server;
use works::{Wire, Works};

const MESSAGES: usize = 10_000;
const FEW_MESSAGES: usize = 1_000;
/// Runs of each; the median is shown.
const ROUNDS: usize = 3;
const AT_ONCE: u32 = 16;
/// How long the provider takes to answer.
const LATENCIES: [Duration; 2] = [Duration::ZERO, Duration::from_millis(20)];
/// How much faster two are to be than one.
const WANTED: f64 = 1.7;
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LIMIT: Duration = Duration::from_mins(10);
/// Counts statements; a commit waits for the disk, as it does by default.
const SETTINGS: [&str; 2] = ["-c", "shared_preload_libraries=pg_stat_statements"];
/// The first argument of a daemon's process, before the database and the latency in milliseconds.
const DAEMON: &str = "daemon";

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, url, latency] = arguments.as_slice()
        && first == DAEMON
    {
        return daemon(url, Duration::from_millis(latency.parse()?));
    }
    let is_small = std::env::var("CHAPPE_BENCH").is_ok_and(|size| size == "small");
    let usual = if is_small { FEW_MESSAGES } else { MESSAGES };
    let count = arguments.iter().find_map(|it| it.parse().ok()).unwrap_or(usual);
    compare(count)
}

/// Carries what waits until nothing does, and says how much it was.
#[tokio::main]
async fn daemon(url: &str, latency: Duration) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let works = Works::set(folder.path(), Clock::system(), &[])?;
    let queue = works.queue(Store::connect(url, None)?);
    let wire = Wire::new(Channel::Email, latency);
    let pace = Pace { at_once: AT_ONCE, ..Pace::default() };
    let daemon = works.start(&queue, &wire, &pace);
    while some_are_under_way(&queue).await? {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    daemon.stop().await?;
    writeln!(std::io::stdout(), "{}", wire.calls().len())?;
    Ok(())
}

async fn some_are_under_way(queue: &Queue) -> anyhow::Result<bool> {
    let school = queue.school().clone();
    let some = queue.store().read(move |tx| {
        for state in [DeliveryState::Waiting, DeliveryState::Sending] {
            if deliveries::next_due(tx, &school, Channel::Email, state)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    });
    Ok(some.await?)
}

/// What one run came to.
struct Run {
    seconds: f64,
    statements: f64,
    commits: f64,
    /// Rows that were read without an index.
    scanned: f64,
    busy_cores: f64,
}

fn compare(count: usize) -> anyhow::Result<()> {
    let server = Server::start(&SETTINGS);
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN);
    table.set_header([
        "provider answers after",
        "daemons",
        "messages/s",
        "times one",
        "statements a message",
        "commits a message",
        "rows scanned a message",
        "cores busy",
    ]);
    for latency in LATENCIES {
        let (mut one, mut two) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            one.push(run(&server, 1, latency, count)?);
            two.push(run(&server, 2, latency, count)?);
        }
        let alone = median(&mut one)?.seconds;
        for (daemons, runs) in [(1, &mut one), (2, &mut two)] {
            let Run { seconds, statements, commits, scanned, busy_cores } = median(runs)?;
            let each = |total: f64| format!("{:.2}", total / as_f64(count));
            table.add_row([
                format!("{} ms", latency.as_millis()),
                daemons.to_string(),
                format!("{:.0}", as_f64(count) / seconds),
                format!("{:.2}", alone / seconds),
                each(*statements),
                each(*commits),
                each(*scanned),
                format!("{busy_cores:.2}"),
            ]);
        }
    }
    let cores = std::thread::available_parallelism()?;
    writeln!(
        std::io::stdout(),
        "daemons: {count} messages, {AT_ONCE} calls at once each, {cores} cores for them and the \
         server, medians of {ROUNDS}\n{table}\nwanted: two {WANTED} times as fast as one, unless the \
         cores are the limit"
    )?;
    Ok(())
}

fn median(runs: &mut [Run]) -> anyhow::Result<&Run> {
    runs.sort_by(|one, other| one.seconds.total_cmp(&other.seconds));
    runs.get(runs.len() / 2).context("nothing was measured")
}

/// From the first call to the last outcome.
#[tokio::main]
async fn run(
    server: &Server,
    daemons: usize,
    latency: Duration,
    count: usize,
) -> anyhow::Result<Run> {
    let folder = tempfile::tempdir()?;
    let works = Works::set(folder.path(), Clock::system(), &[])?;
    let url = server.database();
    let queue = works.queue(Store::connect(&url, None)?);
    works.launch(&queue, Channel::Email, count).await?;
    let store = queue.store();
    store.write(|tx| tx.touched("CREATE EXTENSION pg_stat_statements", &[])).await?;
    ask(store, "SELECT CAST(count(*) AS BIGINT) FROM (SELECT pg_stat_statements_reset()) AS it")
        .await?;
    ask(store, "SELECT CAST(count(*) AS BIGINT) FROM (SELECT pg_stat_reset()) AS it").await?;

    let (busy_before, begun) = (busy_seconds()?, std::time::Instant::now());
    let running: Vec<Child> =
        (0..daemons).map(|_| start(&url, latency)).collect::<anyhow::Result<_>>()?;
    let mut carried = 0;
    for daemon in running {
        let output = daemon.wait_with_output()?;
        ensure!(output.status.success(), "a daemon ended with {}", output.status);
        carried += String::from_utf8(output.stdout)?.trim().parse::<usize>()?;
    }
    let busy_cores = (busy_seconds()? - busy_before) / begun.elapsed().as_secs_f64();
    ensure!(begun.elapsed() < LIMIT, "not all left in time");
    ensure!(carried == count, "{carried} calls for {count} messages");

    let took = "SELECT max(ended_at) - min(started_at) FROM attempts";
    let statements = "SELECT CAST(sum(calls) AS BIGINT) FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid \
         WHERE d.datname = current_database()";
    let commits = "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()";
    let scanned = "SELECT CAST(sum(seq_tup_read) AS BIGINT) FROM pg_stat_user_tables";
    Ok(Run {
        // Before the tables are read for the other figures.
        scanned: ask(store, scanned).await?,
        seconds: ask(store, took).await? / 1e3,
        statements: ask(store, statements).await?,
        commits: ask(store, commits).await?,
        busy_cores,
    })
}

fn start(url: &str, latency: Duration) -> anyhow::Result<Child> {
    let latency = latency.as_millis().to_string();
    let mut daemon = Command::new(std::env::current_exe()?);
    Ok(daemon.args([DAEMON, url, &latency]).stdout(Stdio::piped()).spawn()?)
}

async fn ask(store: &Store, sql: &'static str) -> anyhow::Result<f64> {
    let answer = store.read(move |tx| tx.query_one(sql, &[], |row| row.int(0))).await?;
    let number = u32::try_from(answer.context("no answer")?)?;
    Ok(f64::from(number))
}

/// Of all cores, for all programs, since the machine began.
fn busy_seconds() -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().context("/proc/stat is empty")?;
    let ticks: Vec<f64> =
        line.split_whitespace().skip(1).filter_map(|it| it.parse().ok()).collect();
    // Hundredths of a second; the fourth and the fifth are idle and waiting for the disk.
    let busy = ticks.iter().enumerate().filter(|(place, _)| ![3, 4].contains(place) && *place < 8);
    Ok(busy.map(|(_, ticks)| ticks).sum::<f64>() / 100.0)
}

fn as_f64(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::MAX, f64::from)
}
