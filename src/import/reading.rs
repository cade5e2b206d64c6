//! What comes of reading files: people, and what the office should look at.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;

use jiff::civil::Date;
use serde::Serialize;

use crate::people::{Guardianship, Person, PersonKey, Pupil, PupilKey};

use super::Kind;

/// Everything that the files of one import hold, as words; nothing is stored yet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The files, in the order given.
    pub files: Vec<FileKind>,
    /// Present pupils, with or without a class.
    pub pupils: Vec<Pupil>,
    /// Guardians of those pupils, and staff.
    pub persons: Vec<Person>,
    /// Who is what to whom, sorted by pupil.
    pub guardianships: Vec<Guardianship>,
    /// What was left out, or taken with a doubt.
    pub set_aside: Vec<SetAside>,
    /// Of what this is the whole.
    pub covers: Covers,
    /// Where each pupil's record stands.
    pub pupil_origins: Origins<PupilKey>,
    /// Where each person's record stands.
    pub person_origins: Origins<PersonKey>,
    /// How the columns of each table were understood, in the order of the tables.
    pub columns: Vec<HeaderMap>,
    /// Tables of pupils of whom nobody would be told, though the files may say whom to tell.
    pub nobody_told: Vec<NobodyTold>,
    /// What `Communs.xml` says of the school.
    pub school: Option<SchoolSheet>,
}

impl Reading {
    /// Gives back the room that lists took to grow: what was read is kept until it is applied.
    pub(super) fn shrink_to_fit(&mut self) {
        self.pupils.shrink_to_fit();
        self.persons.shrink_to_fit();
        self.guardianships.shrink_to_fit();
        self.set_aside.shrink_to_fit();
    }

    /// A remark about the record at `origin`.
    pub(super) fn set_aside_at(
        &self,
        origin: Option<Origin>,
        what: String,
        cause: Cause,
        reason: impl Into<String>,
    ) -> SetAside {
        let file = origin.and_then(|it| self.files.get(usize::try_from(it.file).ok()?));
        SetAside {
            file: file.map(|it| it.label.clone()).unwrap_or_default(),
            line: origin.map(|it| u64::from(it.line)),
            what,
            cause,
            reason: reason.into(),
        }
    }
}

/// Where a record stands: the place of its file among [`Reading::files`], and its line from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Which file.
    pub file: u32,
    /// Which line; in a workbook, which row.
    pub line: u32,
}

/// Where records stand, by their key. Keys are kept as two hashes of 64 bits each: those of a département
/// would fill the memory, and no two of them agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origins<K> {
    places: HashMap<[u64; 2], Origin>,
    of: PhantomData<K>,
}

impl<K> Default for Origins<K> {
    fn default() -> Self {
        Self { places: HashMap::new(), of: PhantomData }
    }
}

impl<K: Hash> Origins<K> {
    /// Notes where a record stands.
    pub fn insert(&mut self, key: &K, origin: Origin) {
        self.places.insert(hashes(key), origin);
    }

    /// Where the record of this key stands.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<Origin> {
        self.places.get(&hashes(key)).copied()
    }

    /// Notes that a record has another key than it was read with.
    pub fn rename(&mut self, from: &K, to: &K) {
        if let Some(origin) = self.places.remove(&hashes(from)) {
            self.places.insert(hashes(to), origin);
        }
    }

    /// Whether there is a record of this key.
    #[must_use]
    pub fn contains(&self, key: &K) -> bool {
        self.get(key).is_some()
    }
}

fn hashes(key: &impl Hash) -> [u64; 2] {
    [1_u8, 2].map(|salt| {
        let mut hasher = DefaultHasher::new();
        (salt, key).hash(&mut hasher);
        hasher.finish()
    })
}

/// How the columns of a table were understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeaderMap {
    /// The file's label.
    pub file: String,
    /// The header row, folded and joined: tables of equal heads are read alike.
    #[serde(skip)]
    pub head: String,
    /// Each column's title and the field that it was taken for; `None`: it is passed over.
    pub columns: Vec<(String, Option<String>)>,
    /// The columns that hold something and are passed over.
    #[serde(rename = "not_read")]
    pub unread: Vec<Unread>,
}

/// A column that holds something and is passed over. `Debug` hides what it holds.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Unread {
    /// Its title.
    pub title: String,
    /// How many cells hold something.
    pub filled: usize,
    /// The first of them, cut short: for the screen of whoever gave the file, and nothing else.
    pub sample: String,
    /// Whether most of them are telephones or e-mail addresses, and nobody said to pass them over.
    pub holds_contacts: bool,
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unread({}, {})", self.title, self.filled)
    }
}

/// A table of pupils to none of whom an adult is tied who can be reached, while columns with telephones
/// or e-mail addresses are passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NobodyTold {
    /// The file's label.
    pub file: String,
    /// How many pupils it holds.
    pub pupils: usize,
    /// The titles of those columns.
    pub columns: Vec<String>,
}

/// What `Communs.xml` says of the school; for the office to compare with its configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SchoolSheet {
    /// Its name.
    pub name: String,
    /// Its head.
    pub head: String,
    /// The lines of its address.
    pub address: Vec<String>,
    /// Its telephone, as typed.
    pub phone: String,
    /// Its e-mail address, as typed.
    pub email: String,
    /// The last day of the pupils' year: what is kept on people ends three months later.
    pub year_ends: Option<Date>,
}

/// One file and what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileKind {
    /// As the caller named it.
    #[serde(rename = "path")]
    pub label: String,
    /// As its root tells.
    pub kind: Kind,
}

/// Of whom the reading is complete: only those who are covered and absent from it may be archived.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Covers {
    /// All pupils of the school.
    pub pupils: bool,
    /// All guardians of those pupils.
    pub guardians: bool,
    /// All staff that STS (keys `sts:…`) or AAF (`aaf:personnel-…`) knows; supervisors and others
    /// never stand in STS.
    pub staff: bool,
}

/// One thing for the office to look at. `Debug` hides whom it is about.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct SetAside {
    /// The file's label.
    pub file: String,
    /// The line where the record begins, counted from 1.
    pub line: Option<u64>,
    /// Which record: its id, and the person's name where there is one.
    pub what: String,
    /// Which sort of thing, to count and to group them.
    pub cause: Cause,
    /// Why, in French, with the raw text where it helps.
    pub reason: String,
}

/// Why something was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A pupil who left: left out.
    Left,
    /// A pupil in no class: imported.
    NoClass,
    /// A pupil placed in two classes: the first was kept.
    TwoClasses,
    /// A pupil without legal representative in the file: imported, but nobody can be told.
    NoLegalRepresentative,
    /// A person tied to no present pupil: left out.
    TiedToNobody,
    /// A tie to a person whom the file does not hold: left out.
    UnknownPerson,
    /// A tie whose level cannot be read: left out.
    UnknownStanding,
    /// A telephone text that holds no usable number: the person was imported without it.
    BadPhone,
    /// A text that is no e-mail address: the person was imported without it.
    BadEmail,
    /// An address that is missing or incomplete.
    BadAddress,
    /// An address that an envelope's window does not take whole: imported, to be shortened.
    LongAddress,
    /// A date that cannot be read.
    BadDate,
    /// A second record with the id of an earlier one: left out.
    Duplicate,
    /// A record without id or name: left out.
    Nameless,
    /// A child whom no pupil of the files answers to: the tie was left out.
    UnknownPupil,
    /// A child to whom several pupils answer: the tie was left out.
    AmbiguousPupil,
    /// A row with more cells than the table has titles, shifted perhaps: left out.
    TooManyCells,
    /// A pupil of age whom no contact of their own reaches: their parents are still told.
    AdultWithoutContact,
    /// Records of other schools in an export of several: left out.
    OtherSchool,
    /// Staff who are at no school: left out.
    NoSchool,
    /// A sheet that is hidden, or has no titles: not read.
    UnreadSheet,
    /// Titles that come again, lines of totals, and what stands above the titles: nobody.
    BetweenPages,
    /// A cell whose formula has no value: taken for empty.
    NoValue,
    /// A class that a spreadsheet turned into something else: the pupil is in none.
    SpoiltClass,
    /// Adults of whom the file tells how to reach them, but not what they are called: imported.
    UnnamedAdult,
}

impl fmt::Debug for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SetAside({:?}, {}, line {:?})", self.cause, self.file, self.line)
    }
}
