//! What shows the gateway at work without a school: made-up people, and stand-ins for the services.

pub mod school;
