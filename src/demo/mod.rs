//! The fictional school, and stand-ins that speak the real protocols on this machine.

pub mod school;
pub mod ent;
mod loopback;
pub mod mailbox;
pub mod sms_service;
