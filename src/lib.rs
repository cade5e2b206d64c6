#![doc = include_str!("ARCHITECTURE.md")]

// Floor 1: what everybody says.
pub mod channel;
pub mod chat_address;
pub mod clock;
pub mod confined;
pub mod crash;
pub mod email_address;
pub mod how_far;
pub mod id;
pub mod installed;
pub mod media_kind;
pub mod phone_number;
pub mod plain_text;
pub mod private_file;
pub mod stop;
pub mod tls;

// Floor 2: the words. Pure: no await, no I/O, no clock.
pub mod delivery;
pub mod mail;
pub mod message;
pub mod paper_printer;
pub mod people;
pub mod settings;
pub mod wording;

// Floor 3: each wraps one outside thing.
pub mod export;
pub mod identity;
pub mod import;
pub mod providers;
pub mod render;
pub mod scan;
pub mod sealed_file;
pub mod store;

// Floor 4: what the flow stands on.
pub mod accounts;
pub mod audience;
pub mod config;
pub mod directory;
pub mod queue;

// Floor 5: what the daemon does by itself; never each other.
pub mod batches;
pub mod dispatch;
pub mod inbox;
pub mod upkeep;

// Floor 6: what people can ask for, and what the doors share.
pub mod http;
pub mod office;

// Floor 7: the doors: they parse, call one act, and word the answer.
pub mod web;

// Floor 8: app builds, starts and stops; demo shows it all.
pub mod app;
pub mod demo;

// Floor 9: the commands.
pub mod cli;
