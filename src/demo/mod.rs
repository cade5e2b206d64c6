//! The fictional school, and stand-ins that speak the real protocols on this machine.

pub mod caller;
pub mod ent;
pub mod look;
mod loopback;
pub mod mailbox;
pub mod school;
pub mod sms_service;
pub mod stage;
pub mod story;
