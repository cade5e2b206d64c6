//! A fictional collège: whole families, with everything that makes the real ones hard to reach.
//!
//! Deterministic in its seed, and pure. Nobody in it exists: the telephone numbers are those that
//! ARCEP keeps for fiction, the e-mail addresses lie under example.org (RFC 2606), the town and its
//! streets are on no map.

mod college;
mod contacts;
mod families;
mod households;
mod names;
mod siecle_files;
mod staff;
mod town;

use jiff::civil::Date;

use crate::people::{Person, SchoolId, SchoolYear};

pub use college::{Census, College};

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
