//! Which school, which year.

use std::fmt;

use serde::{Deserialize, Serialize};

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
