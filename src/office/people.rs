//! What the office notes of people by hand, and everything that it knows of one of them.

mod by_hand;
mod change;
mod dossier;
mod home;
mod look;
mod look_up;
mod pupil;
mod ruling;
mod sight;

pub use by_hand::{
    AddRefusal, ArchivedByHand, GuardianOf, Newcomer, add_guardian, add_pupil, add_staff, archive,
};
pub use change::{ChangeRefusal, ChangedByHand, change_adult, change_pupil};
pub use dossier::{
    Dossier, DossierContact, DossierMessage, DossierPupil, DossierReply, Ruling, StopFrom,
    dossier_at, dossiers,
};
pub use home::{ConnectRefusal, Connected, connect, pick_ups};
pub use look::{look_at_class, look_at_person, look_at_pupil};
pub use look_up::{
    ClassRoll, ClassSize, FoundPerson, FoundPupil, InBrief, LookedUp, OnRoll, class_roll,
    classes_seen, look_up,
};
pub use pupil::{GuardianOfPupil, PupilFile, RulingAbout, pupil_file};
pub use ruling::{Lifted, RestrictRequest, Restricted, TieRefusal, Trusted, lift, restrict, trust};
pub use sight::{Sight, person_at, pupil_at};
