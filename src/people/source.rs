//! Where the school has its people, and the ways to them, from.

use serde::Serialize;

/// A source of people and of contact points. The keys of its records begin with its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The pupils and guardians of a secondary school.
    Siecle,
    /// The staff of a secondary school.
    Sts,
    /// The pupils, guardians and teachers of a primary school.
    Onde,
    /// The exports of an Edifice ENT.
    Edifice,
    /// The academic directory.
    Aaf,
    /// A table, whose records are told by names and add to those that have an id.
    Table,
    /// The ENT itself, asked whose accounts are whose: contact points alone.
    Ent,
    /// The office, by hand.
    Hand,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 8] = [
        Self::Siecle,
        Self::Sts,
        Self::Onde,
        Self::Edifice,
        Self::Aaf,
        Self::Table,
        Self::Ent,
        Self::Hand,
    ];

    /// The word for it in keys, in the database and in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Siecle => "siecle",
            Self::Sts => "sts",
            Self::Onde => "onde",
            Self::Edifice => "edifice",
            Self::Aaf => "aaf",
            Self::Table => "table",
            Self::Ent => "ent",
            Self::Hand => "hand",
        }
    }

    /// The source of this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }

    /// As the office reads it.
    #[must_use]
    pub const fn in_french(self) -> &'static str {
        match self {
            Self::Siecle => "SIECLE",
            Self::Sts => "STS",
            Self::Onde => "ONDE",
            Self::Edifice => "EDIFICE",
            Self::Aaf => "AAF",
            Self::Table => "tableau",
            Self::Ent => "ENT",
            Self::Hand => "à la main",
        }
    }

    /// What the keys of its records begin with: `siecle:`.
    #[must_use]
    pub fn prefix(self) -> String {
        format!("{}:", self.as_str())
    }

    /// The source of a key; none where it begins with no word of one.
    pub(super) fn of_key(key: &str) -> Option<Self> {
        key.split_once(':').and_then(|(word, _)| Self::from_word(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::{PersonKey, PupilKey};

    #[test]
    fn every_word_is_read_back_and_an_unknown_one_is_none() {
        for source in Source::ALL {
            assert_eq!(Source::from_word(source.as_str()), Some(source));
            assert_eq!(serde_json::to_value(source).unwrap(), source.as_str());
        }
        for odd in ["", "SIECLE", "siecle:", "tables", "Hand"] {
            assert_eq!(Source::from_word(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_key_begins_with_its_source_and_ends_with_the_id_there() {
        for source in Source::ALL {
            let (pupil, person) = (PupilKey::of(source, "a:1"), PersonKey::of(source, "~b"));
            assert!(pupil.0.starts_with(&source.prefix()) && person.0.starts_with(source.as_str()));
            assert_eq!((pupil.source(), pupil.id()), (Some(source), "a:1"));
            assert_eq!((person.source(), person.id()), (Some(source), "~b"));
        }
        for odd in ["", "siecle", "siecles:1", ":siecle:1"] {
            assert_eq!(PersonKey(odd.to_owned()).source(), None, "{odd}");
        }
    }
}
