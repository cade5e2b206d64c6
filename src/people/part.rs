//! A part of a record itself that the office puts right by hand: a name, how somebody is addressed, a class.

use super::{Civility, Person, Pupil, level_in_code};

/// Which part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordPart {
    /// Madame or Monsieur; an adult's.
    Civility,
    /// The first name.
    FirstName,
    /// The family name in use.
    FamilyName,
    /// The class; a pupil's.
    Class,
}

impl RecordPart {
    /// Every part.
    pub const ALL: [Self; 4] = [Self::Civility, Self::FirstName, Self::FamilyName, Self::Class];

    /// The word in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Civility => "civility",
            Self::FirstName => "first_name",
            Self::FamilyName => "family_name",
            Self::Class => "class",
        }
    }

    /// What the office reads, in French.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Civility => "civilité",
            Self::FirstName => "prénom",
            Self::FamilyName => "nom",
            Self::Class => "classe",
        }
    }

    /// The part of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.as_str() == word)
    }
}

/// What the office knows better of a part than its source. Empty stands for nothing. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PartCorrection {
    /// Which part.
    pub part: RecordPart,
    /// As the source said when it was put right.
    pub was: String,
    /// As it is.
    pub becomes: String,
}

impl std::fmt::Debug for PartCorrection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PartCorrection({})", self.part.as_str())
    }
}

/// A record whose parts can be put right.
pub trait HasParts {
    /// What stands in a part; empty for nothing, and for a part that such a record has not.
    fn part(&self, part: RecordPart) -> String;
    /// Puts something else there.
    fn set(&mut self, part: RecordPart, value: &str);
    /// Makes the name in use the family name: no source stands behind a record that the office added.
    fn take_the_name_in_use(&mut self);
}

impl PartCorrection {
    /// Whether the source says the same now.
    #[must_use]
    pub fn is_fulfilled_by(&self, source: &impl HasParts) -> bool {
        source.part(self.part).to_uppercase() == self.becomes.to_uppercase()
    }

    /// Puts what is right over what the source says.
    pub fn apply(&self, record: &mut impl HasParts) {
        record.set(self.part, &self.becomes);
    }

    /// Puts back what the source said.
    pub fn undo(&self, record: &mut impl HasParts) {
        record.set(self.part, &self.was);
    }

    /// This one and a later one of the same part, as one; `None` when they are of different ones.
    #[must_use]
    pub fn followed_by(&self, later: &Self) -> Option<Self> {
        let both = Self { was: self.was.clone(), ..later.clone() };
        (self.part == later.part).then_some(both)
    }

    /// Whether it changes nothing: what was put right is as the source says again.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        self.was == self.becomes
    }
}

/// The family name stays as the source has it, the name in use lies over it: somebody is known by both.
fn in_use(family_name: &str, name: &str) -> Option<String> {
    (family_name != name).then(|| name.to_owned())
}

impl HasParts for Person {
    fn part(&self, part: RecordPart) -> String {
        match part {
            RecordPart::Civility => self.civility.map_or("", Civility::as_str).to_owned(),
            RecordPart::FirstName => self.first_name.clone(),
            RecordPart::FamilyName => self.usage_name.as_ref().unwrap_or(&self.family_name).clone(),
            RecordPart::Class => String::new(),
        }
    }

    fn set(&mut self, part: RecordPart, value: &str) {
        match part {
            RecordPart::Civility => self.civility = Civility::from_word(value),
            RecordPart::FirstName => value.clone_into(&mut self.first_name),
            RecordPart::FamilyName => self.usage_name = in_use(&self.family_name, value),
            RecordPart::Class => {}
        }
    }

    fn take_the_name_in_use(&mut self) {
        self.family_name = self.usage_name.take().unwrap_or_else(|| self.family_name.clone());
    }
}

impl HasParts for Pupil {
    fn part(&self, part: RecordPart) -> String {
        match part {
            RecordPart::Civility => String::new(),
            RecordPart::FirstName => self.first_name.clone(),
            RecordPart::FamilyName => self.usage_name.as_ref().unwrap_or(&self.family_name).clone(),
            RecordPart::Class => self.class.clone().unwrap_or_default(),
        }
    }

    fn set(&mut self, part: RecordPart, value: &str) {
        match part {
            RecordPart::Civility => {}
            RecordPart::FirstName => value.clone_into(&mut self.first_name),
            RecordPart::FamilyName => self.usage_name = in_use(&self.family_name, value),
            RecordPart::Class => {
                self.class = Some(value.to_owned()).filter(|class| !class.is_empty());
                let level = self.class.as_deref().and_then(level_in_code).map(str::to_owned);
                self.level = level.or(self.level.take());
            }
        }
    }

    fn take_the_name_in_use(&mut self) {
        self.family_name = self.usage_name.take().unwrap_or_else(|| self.family_name.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::PupilKey;

    #[test]
    fn a_name_in_use_lies_over_that_of_the_source_and_goes_when_the_source_says_it() {
        let mut pupil = Pupil {
            key: PupilKey("siecle:1".to_owned()),
            family_name: "BNO".to_owned(),
            usage_name: None,
            first_name: "Inès".to_owned(),
            class: Some("6A".to_owned()),
            groups: Vec::new(),
            level: Some("6e".to_owned()),
            left_on: None,
        };
        let source = pupil.clone();
        let corrections = [(RecordPart::FamilyName, "BNO", "BON"), (RecordPart::Class, "6A", "5B")]
            .map(|(part, was, becomes)| PartCorrection {
                part,
                was: was.to_owned(),
                becomes: becomes.to_owned(),
            });
        for correction in &corrections {
            correction.apply(&mut pupil);
        }
        assert_eq!(pupil.with_class(), "Inès BON (5B)");
        assert_eq!((pupil.family_name.as_str(), pupil.level.as_deref()), ("BNO", Some("5e")));
        assert!(corrections.iter().all(|it| it.is_fulfilled_by(&pupil)));
        assert!(!corrections.iter().any(|it| it.is_fulfilled_by(&source)));
        for correction in &corrections {
            correction.undo(&mut pupil);
        }
        assert_eq!(pupil, source);
    }
}
