//! The fictional school, and stand-ins that speak the real protocols on this machine.

pub mod ent;
mod loopback;
pub mod mailbox;
pub mod school;
pub mod sms_service;
pub mod stage;
