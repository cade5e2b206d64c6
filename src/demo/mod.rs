//! The fictional school, and stand-ins that speak the real protocols on this machine.

pub mod school;
