//! What a crash may cost: nothing that was accepted, and nobody twice without a mark.

mod disk;
mod points;
mod power;
mod restore;
mod settings;
mod sides;
mod whole_files;
mod words;
