//! The five promises, end to end on real parts: the shipped configuration, the database, the
//! daemon, and stand-ins that speak the services' own protocols.

mod again;
mod answers;
mod approval;
mod by_hand;
mod calls;
mod costs;
mod data_does_not_leak;
mod digests;
mod drafts;
mod each_by_name;
mod ent_is_down;
mod foretold;
mod information_is_whole;
mod nobody_is_flooded;
mod nobody_is_forgotten;
mod one_database_for_many;
pub mod packets;
pub mod people;
mod people_decide;
mod piles;
mod power_cuts;
mod recalls;
mod restored_server;
mod restrictions;
pub mod scene;
mod sms_is_refused;
mod sms_together;
mod to_see_to;
mod works_with_what_a_school_has;
