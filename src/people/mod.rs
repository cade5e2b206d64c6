//! The people of a school, as words: no database, no file.

mod contact_point;
mod envelope_lines;
mod person;
mod postal_address;
mod pupil;
mod school;

pub use contact_point::{ContactPoint, ContactState};
pub use envelope_lines::unaccented_capitals;
pub use person::{Civility, Guardianship, Person, PersonKey, Role, Standing};
pub use postal_address::{AddressLines, PostalAddress};
pub use pupil::{Pupil, PupilKey};
pub use school::{BadUai, SchoolId, SchoolYear};
