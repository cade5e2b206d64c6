//! Which school, which year.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The letters that a UAI may end with, by its seven digits modulo 23.
const UAI_LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// A school's UAI (seven digits and a letter, formerly RNE). Every row that belongs to it holds it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct SchoolId(String);

/// A text that is no UAI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no UAI: it takes seven digits and a letter, like 0310053P")]
pub struct BadUai(pub String);

impl SchoolId {
    /// Reads a UAI, in capitals or not.
    pub fn parse(text: &str) -> Result<Self, BadUai> {
        let uai = text.trim().to_uppercase();
        let (digits, letter) = uai.split_at_checked(7).ok_or_else(|| BadUai(text.to_owned()))?;
        let sound = digits.bytes().all(|b| b.is_ascii_digit())
            && letter.len() == 1
            && letter.bytes().all(|b| b.is_ascii_uppercase());
        if sound { Ok(Self(uai)) } else { Err(BadUai(text.to_owned())) }
    }

    /// The letter that its digits ask for: an official UAI ends with it.
    #[must_use]
    pub fn due_letter(&self) -> Option<char> {
        let digits: usize = self.0.get(..7)?.parse().ok()?;
        UAI_LETTERS.get(digits % UAI_LETTERS.len()).copied().map(char::from)
    }

    /// The UAI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SchoolId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SchoolId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A school year, named by the year of its September.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SchoolYear(pub i16);

impl SchoolYear {
    /// The school year in which this day falls; it turns on the first of August.
    #[must_use]
    pub fn of(day: jiff::civil::Date) -> Self {
        Self(if day.month() >= 8 { day.year() } else { day.year() - 1 })
    }
}

impl fmt::Display for SchoolYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.0, self.0 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uai_ends_with_the_letter_that_its_digits_ask_for() {
        for uai in ["0310053P", "0750652B", "0750655E"] {
            let due = SchoolId::parse(uai).unwrap().due_letter();
            assert_eq!(due, uai.chars().last(), "{uai}");
        }
    }
}
