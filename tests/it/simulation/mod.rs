//! The whole engine on simulated time: a few lives of chance, and what needs a script.

mod clock;
mod ent_down;
mod life;
mod lost_answers;
mod scripted;

use std::collections::BTreeSet;
use std::time::Duration;

use chappe::clock::Clock;
use chappe::store::Store;

use crate::databases;
use life::failure;
use life::run::{Ground, MORNING, on_simulated_time};

/// Lives that every run of the tests goes through.
const SEEDS: u64 = 40;
/// The same on PostgreSQL, where one takes longer.
const SEEDS_ON_SERVER: u64 = 6;
/// And those that found what these do not: what may have left by one waited while another was preferred.
const FOUND: [u64; 2] = [528, 596];

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|text| text.parse().ok())
}

#[test]
fn no_seed_breaks_a_promise() {
    lives_keep_every_promise(&Ground::lay(), SEEDS);
}

#[test]
fn no_seed_breaks_a_promise_on_a_server() {
    lives_keep_every_promise(&Ground::lay_on_server(), SEEDS_ON_SERVER);
}

fn lives_keep_every_promise(ground: &Ground, usual: u64) {
    let seeds: Vec<u64> = match number("CHAPPE_SIMULATION_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("CHAPPE_SIMULATION_SEEDS").unwrap_or(usual)).chain(FOUND).collect(),
    };
    let is_many = seeds.len() > 1;
    let mut digests = 0;
    let mut words = BTreeSet::new();
    let failures = seeds.into_iter().filter_map(|seed| {
        let life = ground.live(seed);
        assert!(life.looks > 0 && life.age.as_secs() > 0);
        digests += life.digests;
        words.extend(life.words.keys().copied());
        (!life.broken.is_empty()).then(|| failure(seed, &life))
    });
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(digests > 0 || !is_many, "no life had a digest");
    assert!(words.len() > 20 || !is_many, "too little came back: {words:?}");
}

#[test]
fn a_server_goes_by_the_clock_of_the_simulation() {
    let url = databases::on_simulated_time();
    on_simulated_time(async {
        let clock = Clock::simulated(MORNING);
        let store = Store::in_line_on(&url, &clock).unwrap();
        let theirs = || store.write(|tx| tx.time(|| panic!("the server is asked")));
        assert_eq!(theirs().await.unwrap(), MORNING);
        tokio::time::sleep(Duration::from_hours(3)).await;
        clock.set_back(Duration::from_hours(2));
        assert_eq!(theirs().await.unwrap(), MORNING + Duration::from_hours(1));
    });
    databases::drop_database(&url);
}

#[test]
fn a_seed_replays_to_the_last_event() {
    let ground = Ground::lay();
    let mut events = 0;
    for seed in 1..6 {
        let (one, other) = (ground.live(seed), ground.live(seed));
        assert_eq!(one.text, other.text, "seed {seed}");
        assert_eq!((one.events, one.age), (other.events, other.age), "seed {seed}");
        events += one.events;
    }
    assert!(events > 0, "something happens");
}
