//! How soon a school's urgent few leave while another school launches very many, and while those leave:
//! one PostgreSQL server, one database, a daemon for each school; beside the same few alone.
//!
//! `cargo bench --bench schools`, `CHAPPE_BENCH=small cargo bench --bench schools`, or
//! `cargo bench --bench schools -- 20000`.

#[path = "../it/databases.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "the tests use more of it")]
mod databases;
#[expect(dead_code, reason = "other benches use more of it")]
mod measure;
#[path = "../it/rates/works.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod works;

use std::path::Path;
use std::process::{Child, Command};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use chappe::channel::Channel;
use chappe::clock::Clock;
use chappe::message::{Terms, Urgency};
use chappe::queue::Queue;
use chappe::settings::Pace;
use chappe::store::Store;
use tempfile::TempDir;

use databases::Server;
use measure::{line, table};
use works::{Wire, Works};

const MANY: usize = 100_000;
const FEWER: usize = 5_000;
/// The urgent ones of the other school.
const FEW: usize = 20;
/// Urgent messages in each part.
const ROUNDS: usize = 9;
const AT_ONCE: u32 = 16;
const BIG_SCHOOL: &str = "0312345A";
const SMALL_SCHOOL: &str = "0310053P";
/// The first arguments of the other processes, before the database.
const DAEMON: &str = "daemon";
const LAUNCH: &str = "launch";
const LOOK: Duration = Duration::from_millis(2);
const LIMIT: Duration = Duration::from_mins(5);

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [DAEMON, url, school] => daemon(url, school),
        [LAUNCH, url, school, count] => launch(url, school, count.parse()?),
        _ => {
            let is_small = std::env::var("CHAPPE_BENCH").is_ok_and(|size| size == "small");
            let usual = if is_small { FEWER } else { MANY };
            compare(arguments.iter().find_map(|it| it.parse().ok()).unwrap_or(usual))
        }
    }
}

/// One school of the database.
struct School {
    works: Works,
    queue: Queue,
    _folder: TempDir,
}

impl School {
    fn of(url: &str, name: &str) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let works = set(folder.path(), name)?;
        let queue = works.queue(Store::connect(url, None)?);
        Ok(Self { works, queue, _folder: folder })
    }

    /// How many attempts have ended.
    async fn carried(&self) -> anyhow::Result<usize> {
        let school = self.queue.school().clone();
        let ended = self.queue.store().read(move |tx| {
            let count = "SELECT CAST(count(*) AS BIGINT) FROM attempts WHERE school_id = $1";
            tx.query_one(count, &[school.as_str().into()], |row| row.int(0))
        });
        Ok(usize::try_from(ended.await?.context("no answer")?)?)
    }

    /// How long until the urgent few have all left, from the command on.
    async fn send_few(&self) -> anyhow::Result<Duration> {
        let wanted = self.carried().await? + FEW;
        let begun = std::time::Instant::now();
        let how = (Urgency::Urgent, Terms::default());
        self.works.launch_as(how, &self.queue, Channel::Email, FEW).await?;
        while self.carried().await? < wanted {
            ensure!(begun.elapsed() < LIMIT, "the urgent few did not leave in time");
            tokio::time::sleep(LOOK).await;
        }
        Ok(begun.elapsed())
    }

    async fn rounds(&self) -> anyhow::Result<Vec<Duration>> {
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            took.push(self.send_few().await?);
        }
        Ok(took)
    }
}

fn set(folder: &Path, school: &str) -> anyhow::Result<Works> {
    Works::set(folder, Clock::system(), &[("SCHOOL__UAI", school)])
}

/// Carries what a school has, until it is ended.
#[tokio::main]
async fn daemon(url: &str, school: &str) -> anyhow::Result<()> {
    let school = School::of(url, school)?;
    let wire = Wire::new(Channel::Email, Duration::ZERO);
    let pace = Pace { at_once: AT_ONCE, ..Pace::default() };
    let _running = school.works.start(&school.queue, &wire, &pace);
    std::future::pending().await
}

#[tokio::main]
async fn launch(url: &str, school: &str, count: usize) -> anyhow::Result<()> {
    let school = School::of(url, school)?;
    school.works.launch(&school.queue, Channel::Email, count).await?;
    Ok(())
}

/// Another process, ended when this value is dropped.
struct Process(Child);

impl Process {
    fn start(arguments: &[&str]) -> anyhow::Result<Self> {
        Ok(Self(Command::new(std::env::current_exe()?).args(arguments).spawn()?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::main]
async fn compare(many: usize) -> anyhow::Result<()> {
    let server = Server::start(&[]);
    let url = server.database();
    let (big, small) = (School::of(&url, BIG_SCHOOL)?, School::of(&url, SMALL_SCHOOL)?);
    let _big = Process::start(&[DAEMON, &url, BIG_SCHOOL])?;
    let _small = Process::start(&[DAEMON, &url, SMALL_SCHOOL])?;
    small.send_few().await?;
    let alone = small.rounds().await?;

    let mut launching = Process::start(&[LAUNCH, &url, BIG_SCHOOL, &many.to_string()])?;
    let mut beside_the_launch = Vec::new();
    while launching.0.try_wait()?.is_none() {
        beside_the_launch.push(small.send_few().await?);
    }
    let before = big.carried().await?;
    let beside_many = small.rounds().await?;
    let after = big.carried().await?;
    ensure!(after > before && after < many, "the many did not leave meanwhile: {before}, {after}");

    line(format!(
        "schools: {FEW} urgent e-mails of one school, from the launch to the last outcome, while \
         another school has {many}; one PostgreSQL server, a provider that answers at once"
    ))?;
    let parts = [
        ("alone", alone),
        ("while the other launches", beside_the_launch),
        ("while the other's leave", beside_many),
    ];
    let rows = parts.into_iter().map(row).collect::<anyhow::Result<Vec<_>>>()?;
    table(["", "urgent messages", "median", "longest"], &rows)
}

fn row((what, mut took): (&str, Vec<Duration>)) -> anyhow::Result<[String; 4]> {
    took.sort_unstable();
    let longest = took.last().context("the other's launch ended too soon: ask for more")?;
    let shown = |span: &Duration| format!("{} ms", span.as_millis());
    Ok([what.to_owned(), took.len().to_string(), shown(&took[took.len() / 2]), shown(longest)])
}
