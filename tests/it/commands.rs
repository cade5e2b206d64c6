//! The commands, typed as a user types them, through the real program.

mod accounts;
pub mod answers;
mod asked;
mod audience;
mod backup;
mod cards;
mod chat;
mod contacts;
mod control;
mod demo;
mod doctor;
mod drafts;
mod handouts;
mod hold;
mod import;
mod init;
mod journal;
mod letters;
mod lists;
pub mod office;
mod order;
mod people;
mod routes;
mod send;
mod serve;
mod status;
mod templates;
