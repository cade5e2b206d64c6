//! The commands, typed as a user types them, through the real program.

mod audience;
mod demo;
mod doctor;
mod import;
mod init;
mod letters;
mod lists;
pub mod office;
mod send;
mod serve;
mod status;
mod templates;
