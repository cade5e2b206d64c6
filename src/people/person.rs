//! Adults: guardians and staff.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ContactPoint, Mark, PostalAddress, PupilKey, Source};
use crate::channel::Channel;
use crate::phone_number::PhoneNumber;

/// An adult's key in the file that they came from: `siecle:555001`, `sts:epp:24001`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonKey(pub String);

impl PersonKey {
    /// The key of the record that has this id in a source.
    pub fn of(source: Source, id: impl fmt::Display) -> Self {
        Self(format!("{}{id}", source.prefix()))
    }

    /// The source of the record; none for a key that names none.
    #[must_use]
    pub fn source(&self) -> Option<Source> {
        Source::of_key(&self.0)
    }

    /// The id in the source.
    #[must_use]
    pub fn id(&self) -> &str {
        super::pupil::id_in(&self.0)
    }
}

/// How a person is addressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Civility {
    /// Madame.
    #[serde(rename = "Mme")]
    Mme,
    /// Monsieur.
    #[serde(rename = "M.")]
    M,
}

impl Civility {
    /// As written before a name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mme => "Mme",
            Self::M => "M.",
        }
    }

    /// The one of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Mme, Self::M].into_iter().find(|civility| civility.as_str() == word)
    }
}

/// What an adult is to the school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Tied to one pupil or more.
    Guardian,
    /// Works there.
    Staff(Box<Duties>),
}

/// What somebody does at the school.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Duties {
    /// STS function code (`ENS`, `DIR`, `EDU`, `DOC`…), or the word of another source; may be empty.
    pub function: String,
    /// Classes of which they are the form teacher.
    pub form_teacher_of: Vec<String>,
    /// Classes and groups that they teach (STS services, AAF).
    pub teaches: Vec<String>,
    /// What else they can do, as the school notes it: a language, a tool.
    pub skills: Vec<String>,
}

/// An adult whom the school can write to. `Debug` shows the key alone: logs never hold a name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Key in the source.
    pub key: PersonKey,
    /// Guardian or staff.
    pub role: Role,
    /// Madame, Monsieur, or unknown.
    pub civility: Option<Civility>,
    /// Family name as in the source.
    pub family_name: String,
    /// Name in use, where it differs.
    pub usage_name: Option<String>,
    /// First name.
    pub first_name: String,
    /// Ways to reach them, in the order of preference within a channel.
    pub contact_points: Vec<ContactPoint>,
    /// What was typed for a number, where it says more than the number: "06 39 98 00 01 (après 18 h)".
    pub typed: Vec<(PhoneNumber, String)>,
    /// Where their post goes.
    pub postal_address: Option<PostalAddress>,
    /// Whether the family takes SMS (SIECLE `ACCEPTE_SMS`).
    pub accepts_sms: bool,
}

impl Person {
    /// The name without civility: `Inès DURAND`.
    #[must_use]
    pub fn display_name(&self) -> String {
        let name = self.usage_name.as_deref().unwrap_or(&self.family_name);
        format!("{} {}", self.first_name, name.to_uppercase())
    }

    /// The names under which they may be known: the name in use, and the family name where it differs.
    #[must_use]
    pub fn shown_names(&self) -> Vec<String> {
        let names = [self.usage_name.as_deref(), Some(self.family_name.as_str())].into_iter();
        names.flatten().map(|name| format!("{} {}", self.first_name, name.to_uppercase())).collect()
    }

    /// Their addresses as restrictions compare them, each with its channel.
    #[must_use]
    pub fn marks(&self) -> Vec<(Channel, Mark)> {
        let points = self.contact_points.iter().map(|it| (it.channel(), Mark::of_point(it)));
        let home = self.postal_address.as_ref().and_then(Mark::of_home);
        points.chain(home.map(|home| (Channel::Letter, home))).collect()
    }
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Person({})", self.key.0)
    }
}

/// What a guardian is to a pupil (SIECLE `NIVEAU_RESPONSABILITE`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Level 1: a legal representative. All of them get what families get (C. civ. 372).
    LegalRepresentative,
    /// Level 2: has the pupil in charge.
    Caretaker,
    /// Level 3: to call in an emergency; never a general recipient.
    EmergencyContact,
}

impl Standing {
    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LegalRepresentative => "legal_representative",
            Self::Caretaker => "caretaker",
            Self::EmergencyContact => "emergency_contact",
        }
    }

    /// The standing of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::LegalRepresentative, Self::Caretaker, Self::EmergencyContact]
            .into_iter()
            .find(|standing| standing.as_str() == word)
    }
}

/// One guardian of one pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardianship {
    /// Whose.
    pub pupil: PupilKey,
    /// Who.
    pub person: PersonKey,
    /// As what.
    pub standing: Standing,
    /// SIECLE `CODE_PARENTE` (10 mother, 20 father, 50 ward guardian, …); 90 when unknown.
    pub kinship: u8,
}

impl Guardianship {
    /// The kinship of an adult pupil to themselves (SIECLE `CODE_PARENTE` 70).
    pub const ONESELF: u8 = 70;
    /// The kinship that a source does not tell (SIECLE `CODE_PARENTE` 90).
    pub const UNTOLD: u8 = 90;
}

/// Why nothing about a pupil goes to one of their guardians, whatever the source says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restriction {
    /// A court ruling, of which the school holds a copy (C. civ. 373-2-1).
    Court,
    /// An adult pupil objected (circulaire of 13 September 1974).
    Objection,
}

impl Restriction {
    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Court => "court",
            Self::Objection => "objection",
        }
    }

    /// The restriction of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Court, Self::Objection].into_iter().find(|one| one.as_str() == word)
    }
}

/// A restriction on one tie, noted by hand: imports never touch it.
/// `Debug` hides the note.
#[derive(Clone, PartialEq, Eq)]
pub struct RestrictedTie {
    /// About whom nothing is said.
    pub pupil: PupilKey,
    /// To whom.
    pub person: PersonKey,
    /// Why.
    pub why: Restriction,
    /// When it was noted, with the day of the ruling and where its copy lies, if the office wrote so.
    pub note: String,
}

impl std::fmt::Debug for RestrictedTie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RestrictedTie({}, {}, {})", self.pupil.0, self.person.0, self.why.as_str())
    }
}
