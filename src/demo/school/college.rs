//! Everybody and everything in a fictional school.

use crate::people::{Guardianship, Person, PersonKey, Pupil, SchoolId, SchoolYear};

/// A fictional school and everybody in it.
#[derive(Debug, Clone, PartialEq)]
pub struct College {
    /// Its UAI, which no school has.
    pub id: SchoolId,
    /// Its name.
    pub name: &'static str,
    /// The school year.
    pub year: SchoolYear,
    /// Class codes, `6A` first.
    pub classes: Vec<String>,
    /// Present pupils.
    pub pupils: Vec<Pupil>,
    /// Guardians of present pupils.
    pub guardians: Vec<Person>,
    /// Staff.
    pub staff: Vec<Person>,
    /// Who is what to whom, sorted by pupil.
    pub guardianships: Vec<Guardianship>,
    pub(super) leavers: Vec<Leaver>,
    pub(super) strangers: Vec<Person>,
    pub(super) flaws: Vec<Flaw>,
    pub(super) census: Census,
}

/// What the school holds of each kind, as its makers counted it: what a reader must find again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Census {
    /// Present pupils.
    pub pupils: usize,
    /// Of whom in no class yet.
    pub without_class: usize,
    /// Pupils who left and still stand in the export.
    pub leavers: usize,
    /// Guardians of present pupils.
    pub guardians: usize,
    /// Staff.
    pub staff: usize,
    /// Classes with a form teacher.
    pub form_teachers: usize,
    /// Families: pupils tied by a legal representative.
    pub families: usize,
    /// Of which with several pupils.
    pub families_of_several: usize,
    /// Of which with pupils of several levels.
    pub families_across_levels: usize,
    /// Of which with pupils of different parents.
    pub reconstituted_families: usize,
    /// Couples of legal representatives under one roof.
    pub couples: usize,
    /// Pupils whose legal representatives live at different addresses.
    pub pupils_with_two_homes: usize,
    /// Pupils with three legal representatives.
    pub pupils_with_three_representatives: usize,
    /// Ties of level 2.
    pub caretakers: usize,
    /// Ties of level 3.
    pub emergency_contacts: usize,
    /// Mobile numbers that two persons share.
    pub shared_mobiles: usize,
    /// E-mail addresses that two persons share.
    pub shared_emails: usize,
    /// Guardians without e-mail.
    pub without_email: usize,
    /// Guardians without a number that takes SMS.
    pub without_mobile: usize,
    /// Guardians whom only paper reaches.
    pub on_paper_only: usize,
    /// Guardians whom only e-mail reaches: no telephone, no postal address.
    pub on_email_only: usize,
    /// Guardians of whom nothing but the name is known.
    pub out_of_reach: usize,
    /// Guardians who take no SMS (`ACCEPTE_SMS` 0).
    pub refusing_sms: usize,
    /// Guardians abroad.
    pub abroad: usize,
    /// Telephone texts that hold no number.
    pub bad_phones: usize,
    /// Texts that are no e-mail address.
    pub bad_emails: usize,
    /// Persons in the export who are tied to no present pupil.
    pub tied_to_nobody: usize,
}

/// A pupil who left, and the guardian whom nobody else ties to the school.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leaver {
    pub(super) pupil: Pupil,
    pub(super) guardian: Person,
}

/// A text that the secretariat mistyped.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Flaw {
    pub(super) person: PersonKey,
    pub(super) element: &'static str,
    pub(super) typed: &'static str,
}
