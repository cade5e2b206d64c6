//! The people of the school, kept: what an import changes, and the roll that audiences read.

mod apply;
mod ent_accounts;
mod roll;

pub use apply::{Changes, Count, Diff, Incoming, apply, diff};
pub use ent_accounts::{Linked, link_ent_accounts};
pub use roll::{List, MissedBy, Profiles, Roll};
