//! Ten thousand lives of the engine on simulated time: how many promises they break.
//!
//! `cargo bench --bench simulation -- 10000`, or with a first seed: `-- 10000 500`. One seed alone tells
//! where everybody stood in the end: `-- 1 500`. With `CHAPPE_TEST_ON=postgres` every life has a database on a
//! PostgreSQL server, whose clock is the simulation's too.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]

#[path = "../it/databases.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "the tests use more of it")]
mod databases;
#[path = "../it/simulation/life/mod.rs"]
mod life;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use life::failure;
use life::run::Ground;

/// Seeds when nobody says how many.
const SEEDS: u64 = 10_000;

/// What the lives of many seeds come to.
#[derive(Default)]
struct Sum {
    seeds: u64,
    events: usize,
    looks: usize,
    digests: usize,
    words: BTreeMap<&'static str, usize>,
    age: Duration,
    failures: Vec<String>,
}

impl Sum {
    fn hear(&mut self, words: &BTreeMap<&'static str, usize>) {
        for (word, many) in words {
            *self.words.entry(word).or_default() += many;
        }
    }
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let seeds: u64 = numbers.next().unwrap_or(SEEDS);
    let first: u64 = numbers.next().unwrap_or(1);
    let began = Instant::now();
    let sum = live_all(first, seeds);
    for failure in &sum.failures {
        println!("{failure}\n");
    }
    let days = sum.age.as_secs() / 86_400;
    let held = sum.looks - sum.failures.len();
    println!(
        "| seeds | events | digests | virtual days | looks at the invariants | held | seconds |"
    );
    println!("|---|---|---|---|---|---|---|");
    println!(
        "| {} | {} | {} | {days} | {} | {held} | {:.0} |",
        sum.seeds,
        sum.events,
        sum.digests,
        sum.looks,
        began.elapsed().as_secs_f64()
    );
    let came_back: usize = sum.words.values().sum();
    println!("{came_back} words came back: {:?}", sum.words);
    if !sum.failures.is_empty() {
        std::process::exit(1);
    }
}

/// Each core takes the next seed: a life stays on one thread.
fn live_all(first: u64, seeds: u64) -> Sum {
    let next = AtomicU64::new(first);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let live = || {
        let on_server = databases::is_server_wanted();
        let ground = if on_server { Ground::lay_on_server() } else { Ground::lay() };
        let mut sum = Sum::default();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + seeds {
                return sum;
            }
            let life = ground.live(seed);
            sum.seeds += 1;
            sum.events += life.events;
            sum.looks += life.looks;
            sum.digests += life.digests;
            sum.hear(&life.words);
            sum.age += life.age;
            if seeds == 1 {
                println!("{}", life.text);
            }
            if !life.broken.is_empty() {
                sum.failures.push(failure(seed, &life));
            }
        }
    };
    let mut all = Sum::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(live)).collect();
        for part in threads.into_iter().filter_map(|thread| thread.join().ok()) {
            all.seeds += part.seeds;
            all.events += part.events;
            all.looks += part.looks;
            all.digests += part.digests;
            all.hear(&part.words);
            all.age += part.age;
            all.failures.extend(part.failures);
        }
    });
    all
}
