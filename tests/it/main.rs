//! Chappe's tests: one binary, a module a promise or a room, names that are claims.

mod architecture;
mod configuration;
mod fictional_school;
mod lifecycle;
mod reading_siecle;
mod store;
mod window_address;
mod wording;
