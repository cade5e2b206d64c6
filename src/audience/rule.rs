//! The rule: `familles`, `familles niveau:6e`, `familles classe:6A,6B`, `personnels`.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::directory::Roll;
use crate::people::Pupil;

/// What was typed, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Families or staff.
    pub base: Base,
    /// Only those tied to one of these classes; empty for all.
    pub classes: Vec<String>,
    /// Only those tied to one of these levels; empty for all.
    pub levels: Vec<String>,
    /// Not those tied only to these classes.
    pub without_classes: Vec<String>,
}

/// Who, before any filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// Every legal representative of every pupil.
    Families,
    /// Everyone who works at the school.
    Staff,
}

/// A rule that cannot be understood. Nothing was selected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// No base.
    #[error("the audience names nobody; begin with familles or personnels")]
    Empty,
    /// A word that means nothing here.
    #[error(
        "\"{0}\" is no part of an audience; there are: familles, personnels, classe:6A,6B, \
         niveau:6e, sauf classe:6C"
    )]
    UnknownWord(String),
    /// A filter without anything to filter by: taken as typed, it would mean everybody.
    #[error("\"{0}\" names nothing; write for example classe:6A,6B or niveau:6e")]
    NamesNothing(String),
    /// A class or a level that no pupil is in: a slip of the hand would leave a class out.
    #[error("no pupil is in \"{word}\"; there are: {}", known.join(", "))]
    NoSuchName {
        /// As typed: `classe:6Q`.
        word: String,
        /// The classes, or the levels, of the school.
        known: Vec<String>,
    },
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split_whitespace();
        let base = match words.next() {
            None => return Err(RuleError::Empty),
            Some("familles") => Base::Families,
            Some("personnels") => Base::Staff,
            Some(other) => return Err(RuleError::UnknownWord(other.to_owned())),
        };
        let mut rule =
            Self { base, classes: Vec::new(), levels: Vec::new(), without_classes: Vec::new() };
        let mut excluding = false;
        for word in words {
            if word == "sauf" {
                excluding = true;
                continue;
            }
            let list = match word.split_once(':') {
                Some(("classe", list)) if excluding => (&mut rule.without_classes, list),
                Some(("classe", list)) => (&mut rule.classes, list),
                Some(("niveau", list)) if !excluding => (&mut rule.levels, list),
                _ => return Err(RuleError::UnknownWord(word.to_owned())),
            };
            if list.1.split(',').any(str::is_empty) {
                return Err(RuleError::NamesNothing(word.to_owned()));
            }
            list.0.extend(list.1.split(',').map(str::to_owned));
        }
        if excluding && rule.without_classes.is_empty() {
            return Err(RuleError::NamesNothing("sauf".to_owned()));
        }
        Ok(rule)
    }
}

impl Rule {
    /// Whether a pupil of this class and level is meant.
    #[must_use]
    pub fn includes(&self, class: Option<&str>, level: Option<&str>) -> bool {
        let is_in = |list: &[String], value: Option<&str>| {
            value.is_some_and(|value| list.iter().any(|name| name.eq_ignore_ascii_case(value)))
        };
        (self.classes.is_empty() || is_in(&self.classes, class))
            && (self.levels.is_empty() || is_in(&self.levels, level))
            && !is_in(&self.without_classes, class)
    }

    /// Refuses a class or a level that is none of the school's. A roll without pupils knows none, and
    /// refuses nothing: what it lacks is an import.
    pub fn check(&self, roll: &Roll) -> Result<(), RuleError> {
        if roll.pupils.is_empty() {
            return Ok(());
        }
        let of_pupils = |value: fn(&Pupil) -> Option<&String>| {
            roll.pupils.iter().filter_map(value).cloned().collect::<BTreeSet<String>>()
        };
        let classes = of_pupils(|pupil| pupil.class.as_ref());
        let levels = of_pupils(|pupil| pupil.level.as_ref());
        for (kind, named, known) in [
            ("classe", &self.classes, &classes),
            ("classe", &self.without_classes, &classes),
            ("niveau", &self.levels, &levels),
        ] {
            let unknown = |name: &&String| !known.iter().any(|one| one.eq_ignore_ascii_case(name));
            if let Some(name) = named.iter().find(unknown) {
                let known = known.iter().cloned().collect();
                return Err(RuleError::NoSuchName { word: format!("{kind}:{name}"), known });
            }
        }
        Ok(())
    }

    /// Whether it means only some of the classes.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !(self.classes.is_empty() && self.levels.is_empty() && self.without_classes.is_empty())
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Families => "familles",
            Self::Staff => "personnels",
        })
    }
}
