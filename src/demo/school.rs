//! A fictional collège: whole families, with everything that makes the real ones hard to reach.
//!
//! Deterministic in its seed, and pure. Nobody in it exists: the telephone numbers are those that
//! ARCEP keeps for fiction, the e-mail addresses lie under example.org (RFC 2606), the town and its
//! streets are on no map.

mod contacts;
mod families;
mod households;
mod names;
mod siecle_files;
mod staff;
mod town;

use jiff::civil::Date;

use crate::people::{Guardianship, Person, PersonKey, Pupil, SchoolId, SchoolYear};

/// How large a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Present pupils.
    pub pupils: usize,
    /// Classes, at least one, over the four levels of a collège.
    pub classes: usize,
}

impl Default for Size {
    fn default() -> Self {
        Self { pupils: 600, classes: 24 }
    }
}

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
    leavers: Vec<Leaver>,
    strangers: Vec<Person>,
    flaws: Vec<Flaw>,
    census: Census,
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
struct Leaver {
    pupil: Pupil,
    guardian: Person,
}

/// A text that the secretariat mistyped.
#[derive(Debug, Clone, PartialEq)]
struct Flaw {
    person: PersonKey,
    element: &'static str,
    typed: &'static str,
}

/// A collège of this size: the same seed gives the same school, to the letter.
///
/// There are but 10,000 fictional mobile numbers: beyond some 9,000 guardians they repeat.
#[must_use]
pub fn fictional_college(seed: u64, year: SchoolYear, size: Size) -> College {
    let mut rng = fastrand::Rng::with_seed(seed);
    let classes = class_codes(size.classes.max(1));
    let mut school = College {
        id: school_id(),
        name: "Collège Claude-Chappe",
        year,
        pupils: Vec::with_capacity(size.pupils),
        guardians: Vec::new(),
        staff: staff::people(&mut rng, &classes),
        guardianships: Vec::new(),
        leavers: Vec::new(),
        strangers: Vec::new(),
        flaws: Vec::new(),
        census: Census { form_teachers: classes.len(), ..Census::default() },
        classes,
    };
    families::settle(&mut school, &mut rng, size.pupils);
    staff::teach(&mut school);
    school.census.staff = school.staff.len();
    school
}

impl College {
    /// What the school holds of each kind.
    #[must_use]
    pub fn census(&self) -> Census {
        self.census
    }

    /// The guardians of whom nothing but an e-mail address is known.
    pub fn on_email_only(&self) -> impl Iterator<Item = &Person> {
        self.guardians.iter().filter(|person| families::is_on_email_only(person))
    }

    /// The files that the school would export on this day: name and content. Pupils who left did so
    /// in the month before.
    #[must_use]
    pub fn siecle_files(&self, exported_on: Date) -> Vec<(String, Vec<u8>)> {
        siecle_files::all(self, exported_on)
    }
}

#[expect(clippy::unwrap_used, reason = "a constant, which a test reads")]
fn school_id() -> SchoolId {
    SchoolId::parse("0319999Z").unwrap()
}

/// `6A`, `5A`, `4A`, `3A`, `6B`, …: letters grow as the columns of a spreadsheet do.
fn class_codes(count: usize) -> Vec<String> {
    let levels = ['6', '5', '4', '3'];
    let mut codes: Vec<String> = (0..count)
        .map(|n| format!("{}{}", levels[n % levels.len()], letters(n / levels.len())))
        .collect();
    codes.sort_by_key(|code| (std::cmp::Reverse(code.chars().next()), code.len(), code.clone()));
    codes
}

fn letters(n: usize) -> String {
    let last = char::from(b'A' + u8::try_from(n % 26).unwrap_or(0));
    if n < 26 { last.to_string() } else { format!("{}{last}", letters(n / 26 - 1)) }
}
