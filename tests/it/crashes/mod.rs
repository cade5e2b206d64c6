//! What a crash may cost: nothing that was accepted, and nobody twice without a mark.

mod points;
mod restore;
