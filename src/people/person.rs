//! Adults: guardians and staff.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{ContactPoint, PostalAddress, PupilKey};

/// An adult's key in the file that they came from: `siecle:555001`, `sts:epp:24001`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonKey(pub String);

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
}

/// What an adult is to the school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Tied to one pupil or more.
    Guardian,
    /// Works there.
    Staff {
        /// STS function code: `ENS`, `DIR`, `EDU`, `DOC`…; empty where STS gives none.
        function: String,
        /// Classes of which they are the form teacher.
        form_teacher_of: Vec<String>,
    },
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
