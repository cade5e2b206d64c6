//! Chappe's tests: one binary, a module a promise or a room, names that are claims.

mod architecture;
mod configuration;
mod lifecycle;
mod store;
mod fictional_school;
mod reading_siecle;
mod window_address;
