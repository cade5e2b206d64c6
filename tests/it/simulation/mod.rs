//! The whole engine on simulated time: a few lives of chance, and what needs a script.

mod clock;
mod ent_down;
mod life;
mod lost_answers;
mod scripted;

use life::failure;
use life::run::Ground;

/// Lives that every run of the tests goes through.
const SEEDS: u64 = 40;
/// And those that found what these do not: what may have left by one waited while another was preferred.
const FOUND: [u64; 2] = [528, 596];

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().and_then(|text| text.parse().ok())
}

#[test]
fn no_seed_breaks_a_promise() {
    let ground = Ground::lay();
    let seeds: Vec<u64> = match number("CHAPPE_SIMULATION_SEED") {
        Some(seed) => vec![seed],
        None => (1..=number("CHAPPE_SIMULATION_SEEDS").unwrap_or(SEEDS)).chain(FOUND).collect(),
    };
    let is_many = seeds.len() > 1;
    let mut digests = 0;
    let failures = seeds.into_iter().filter_map(|seed| {
        let life = ground.live(seed);
        assert!(life.looks > 0 && life.age.as_secs() > 0);
        digests += life.digests;
        (!life.broken.is_empty()).then(|| failure(seed, &life))
    });
    let failures: Vec<String> = failures.collect();
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert!(digests > 0 || !is_many, "no life had a digest");
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
