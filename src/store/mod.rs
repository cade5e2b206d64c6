//! The database. Callers hand in small synchronous functions that see a [`Tx`]; what
//! [`Store::write`] answered is durable.
//!
//! The functions that hold SQL stand in this folder, one file a subject. One SQL text serves every
//! database: `$1` placeholders, ids as bytes, times in Unix milliseconds, no server-side clock.

pub mod accounts;
pub mod addressees;
pub mod answers;
pub mod approvals;
pub mod attempts;
mod backup;
pub mod batches;
pub mod cards;
pub mod carriers;
pub mod closings;
pub mod contact_points;
pub mod controls;
pub mod corrections;
pub mod daemons;
mod database;
pub mod deliveries;
mod delivery_rows;
pub mod digests;
pub mod directory_changes;
pub mod drafts;
pub mod ent_lookups;
mod error;
pub mod gates;
pub mod handouts;
pub mod header_maps;
pub mod history;
pub mod holds;
pub mod households;
mod if_missing;
pub mod imports;
mod in_line;
pub mod journal;
pub mod leaders;
pub mod lists;
pub mod messages;
mod migrations;
pub mod moves;
mod moving;
pub mod names;
pub mod own_addresses;
pub mod people;
pub mod picks;
pub mod places;
mod postgres;
pub mod pupil_corrections;
pub mod pupils;
pub mod rates;
pub mod recalls;
pub mod replies;
pub mod restrictions;
pub mod room;
pub mod same_person;
pub mod seal_keys;
pub mod seen_to;
mod sole;
mod soundness;
mod sqlite;
mod stored;
pub mod together;
mod tx;
pub mod uploads;
mod value;
pub mod waits;

pub use backup::{BackupError, restore};
pub use database::Store;
pub use error::StoreError;
pub use if_missing::IfMissing;
pub use moving::{Copied, MoveError, Moved, Removal, move_school};
pub use sole::SolePlace;
pub use tx::Tx;
pub use value::{Row, Value};
