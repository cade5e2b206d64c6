//! The people of the school, kept: what an import changes, and what the office puts right by hand.

mod again;
mod apply;
mod by_hand;
mod by_name;
mod called;
mod change;
mod columns;
mod compare;
mod contacts;
mod correct;
mod diff;
mod differs;
mod doubts;
mod ent_accounts;
mod fresh;
mod households;
mod kept;
mod known_better;
mod listings;
mod look_up;
mod names;
mod undo;
mod who;
mod whom;

pub use apply::{ApplyError, WrittenBeside, apply, apply_with};
pub use by_hand::{
    Archived, ByHandError, NewAdult, NewPupil, Place, add_adult, add_pupil, archive_by_hand,
};
pub use change::{AdultChanges, ChangeError, PupilChanges, change_adult, change_pupil};
pub use columns::known_columns;
pub use compare::diff;
pub use contacts::{ContactLine, ContactList, contacts, count_contacts};
pub use correct::{CorrectError, RightContact, correct, lay_correction};
pub use diff::{Change, Changes, Count, Detail, Diff, NewRepresentative, RecordOf};
pub use ent_accounts::{Linked, link_ent_accounts};
pub use households::{
    ConnectError, TieError, connect, lift, pick_ups, profile_of, restrict, restrictions_of, trust,
};
pub use listings::{Listing, Listings};
pub use look_up::{FoundPeople, classes, look_up};
pub use undo::{UndoError, Undone, to_undo, undo};
pub use who::{Namesake, Who, WhoError, find_asked_about, find_person, find_pupil, find_tie};
pub use whom::has_person;
