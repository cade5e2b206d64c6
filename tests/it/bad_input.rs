//! Bad input, bad luck: each is refused or borne, and says what happened, what was kept and what to
//! do.

mod disk;
mod files;
mod nonsense;
mod settings;
mod signals;
mod words;
