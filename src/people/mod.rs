//! The people of a school, as words: no database, no file.

mod account;
mod act;
mod actor;
mod contact_point;
mod correction;
mod envelope_lines;
mod folding;
mod forms_of_address;
mod groups;
mod handle;
mod household;
mod levels;
mod mark;
mod meant_for;
mod names;
mod order;
mod part;
mod person;
mod postal_address;
mod profile;
mod pupil;
mod restrictions;
mod role;
mod school;
mod source;
mod whom;

pub use account::{Account, BadLogin, login};
pub use act::Act;
pub use actor::{Actor, By};
pub use contact_point::{ContactPoint, ContactState};
pub use correction::Correction;
pub use folding::unaccented_capitals;
pub use forms_of_address::{Addressed, at_the_telephone, on_the_envelope, salutation};
pub use groups::Groups;
pub use handle::Handle;
pub use household::Households;
pub use levels::{level_in_code, level_in_label};
pub use mark::Mark;
pub use meant_for::{ForWhom, MeantFor};
pub use names::{Likeness, NameOrders, NameRange, TypedName, filed_words, name_words};
pub use order::Filing;
pub use part::{HasParts, PartCorrection, RecordPart};
pub use person::{
    Civility, Duties, Guardianship, Person, PersonKey, RestrictedTie, Restriction, Role, Standing,
};
pub use postal_address::{AddressLines, PostalAddress};
pub use profile::{Connectivity, Profile, SaidOfHome};
pub use pupil::{Pupil, PupilKey};
pub use restrictions::{Human, KnownRestriction, Restrictions, WhichPupil};
pub use role::{AccountRole, Right};
pub use school::{BadUai, SchoolId, SchoolYear};
pub use source::Source;
pub use whom::Whom;
