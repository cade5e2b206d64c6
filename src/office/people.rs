//! What the office notes of people by hand, and everything that it knows of one of them.

mod by_hand;
mod change;
mod dossier;
mod home;
mod ruling;

pub use by_hand::{
    AddRefusal, ArchivedByHand, GuardianOf, Newcomer, add_guardian, add_pupil, add_staff, archive,
};
pub use change::{ChangeRefusal, ChangedByHand, change_adult, change_pupil};
pub use dossier::{
    Dossier, DossierContact, DossierMessage, DossierPupil, DossierReply, Ruling, dossiers,
};
pub use home::{ConnectRefusal, Connected, connect};
pub use ruling::{Lifted, RestrictRequest, Restricted, TieRefusal, Trusted, lift, restrict, trust};
