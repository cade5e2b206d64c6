//! Chappe's tests: one binary, a module a promise or a room, names that are claims.

mod architecture;
mod configuration;
mod fictional_school;
mod lifecycle;
mod reading_siecle;
mod store;
mod window_address;
mod wording;
//! One test binary; a module a promise, a test name a claim.

mod providers_edifice;
mod providers_folder;
mod providers_ovh;
mod providers_smtp;
mod providers_smtp_verdicts;
mod scripted;
