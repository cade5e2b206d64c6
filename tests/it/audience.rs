//! Audiences: what a secretary types, whom it means, and where each of them is written to.

mod answered;
mod family_shapes;
mod filters;
mod grammar;
mod lists;
mod memory;
mod missed;
mod town;
