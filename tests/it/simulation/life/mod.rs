//! The whole engine on simulated time and seeded chance: days of failing providers, power cuts and
//! clocks that jump, in a moment.
//!
//! A seed that fails is named; `CHAPPE_SIMULATION_SEED=7 cargo test --test it simulation` lives it
//! again, the same to the last event. `CHAPPE_SIMULATION_SEEDS=500` asks for more of them, and
//! `cargo bench --bench simulation -- 10000` for all.

mod answers;
mod comes_back;
mod invariants;
mod people;
mod place;
mod providers;
pub mod run;
pub mod school;
mod timely;
mod world;

use run::Life;

/// How a seed failed, and how to see it again.
pub fn failure(seed: u64, life: &Life) -> String {
    let broken = life.broken.join("\n  ");
    format!(
        "seed {seed} breaks a promise:\n  {broken}\nlive it again: CHAPPE_SIMULATION_SEED={seed} \
         cargo test --test it simulation"
    )
}
