//! The real program, killed (SIGKILL) at random moments while it carries 20,000 messages over three
//! channels to stand-ins that log every one, often while an answer is on its way. Fails when
//! somebody is lost, or got something twice that was not known to be uncertain.
//!
//! `cargo bench --bench kill -- 200` kills 200 times; `CHAPPE_BENCH=small` makes the school smaller.
//! A setting after that is laid over the configuration: `-- 200 STORE__DATABASE=other.sqlite3`. With
//! `CHAPPE_TEST_ON=postgres` the database is one on a PostgreSQL server.

#[path = "../it/databases.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "the tests use more of it")]
mod databases;
#[path = "../town/mod.rs"]
mod town;

use std::io::Write as _;
use std::time::{Duration, Instant};

use anyhow::ensure;
use chappe::demo::school::Size;
use chappe::message::Message;

use town::settings::LOOK;
use town::verdict::Verdict;
use town::{Town, representatives};

/// Kills, when the command line names no other number.
const ROUNDS: usize = 200;
/// Pupils whose families are handed 20,000 messages, and those of the small size.
const PUPILS: usize = 9_000;
const FEW_PUPILS: usize = 400;
const CLASS: usize = 25;
/// How long the rest may take once nobody kills any more.
const LIMIT: Duration = Duration::from_mins(15);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rounds = arguments.iter().find_map(|it| it.parse().ok()).unwrap_or(ROUNDS);
    let server = databases::setting();
    let on_server = server.as_deref().map(|url| ("STORE__DATABASE", url));
    let given = arguments.iter().filter_map(|it| it.split_once('='));
    let settings: Vec<(&str, &str)> = given.chain(on_server).collect();
    let is_small = std::env::var("CHAPPE_BENCH").is_ok_and(|size| size == "small");
    let pupils = if is_small { FEW_PUPILS } else { PUPILS };
    let town = Town::set(Size { pupils, classes: pupils.div_ceil(CLASS) }, &settings).await;
    let message = town.launch().await;

    let begun = Instant::now();
    // Between two kills as much leaves as spreads the kills over the whole message; as much again leaves
    // while answers get lost.
    let most = 9 * pupils / (4 * (rounds + 1));
    let mut rng = fastrand::Rng::with_seed(1_871);
    town.cut_the_power_in_an_attempt(async || town.taken() > 0).await;
    for round in 2..=rounds {
        town.cut_the_power(&message, &mut rng, most).await;
        if round % 10 == 0 {
            line(&format!("{round} kills, {} messages taken", town.taken()))?;
        }
    }
    let mut daemon = town.daemon();
    come_to_rest(&town, &message).await?;
    daemon.kill().await?;

    let verdict = town.judge().await;
    let lost = lost(&town, &message).await;
    present(&verdict, lost, rounds, begun.elapsed())?;
    town.assert_nothing_leaked();
    ensure!(lost == 0 && verdict.wrong.is_empty(), "{:#?}", verdict.wrong);
    Ok(())
}

async fn come_to_rest(town: &Town, message: &Message) -> anyhow::Result<()> {
    let begun = Instant::now();
    while !town.is_at_rest(message).await {
        ensure!(begun.elapsed() < LIMIT, "not at rest in time: {:#?}", town.status(message).await);
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// Who has neither a proof nor a place on a list of people.
async fn lost(town: &Town, message: &Message) -> usize {
    let all = town.status(message).await.addressees;
    let known = all.reached + all.on_letter + all.on_call + all.unreached + all.uncertain;
    representatives(&town.school).abs_diff(known)
}

fn present(verdict: &Verdict, lost: usize, rounds: usize, took: Duration) -> anyhow::Result<()> {
    let Verdict { handed_over, together, uncertain, doubled, wrong } = verdict;
    let took = took.as_secs();
    line(&format!(
        "{rounds} kills in {took} s, {handed_over} messages handed over, {together} of them together"
    ))?;
    line(&format!("lost: {lost}; twice without a mark, or otherwise wrong: {}", wrong.len()))?;
    line(&format!("uncertain at a kill: {uncertain}, of which sent again and marked: {doubled}"))
}

fn line(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{text}")?;
    Ok(())
}
