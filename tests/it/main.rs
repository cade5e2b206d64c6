//! Chappe's tests: one binary, a module a promise or a room, names that are claims.

#![cfg(test)] // helpers may unwrap as tests do

mod accounts;
mod architecture;
mod audience;
mod bad_input;
mod browser;
mod changing_settings;
mod commands;
mod configuration;
mod corpus;
mod crashes;
mod databases;
mod directory;
mod documents;
mod door;
mod fictional_school;
mod fuzz;
mod hostile_answers;
mod hours;
mod identity;
mod inbox;
mod letters;
mod lifecycle;
mod load;
mod mail;
mod moving;
mod openid;
mod pages;
mod promises;
mod providers;
mod python;
mod rates;
mod reading_aaf;
mod reading_siecle;
mod reading_tables;
mod scans;
mod scripted;
mod secure_door;
mod simulation;
mod store;
mod templates;
#[path = "../town/mod.rs"]
mod town;
mod window_address;
mod wording;
