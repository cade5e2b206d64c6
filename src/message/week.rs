//! A week of school.

use std::fmt;

use jiff::ToSpan as _;
use jiff::civil::Date;

/// A week, by its Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(Date);

impl Week {
    /// The week in which a day lies.
    #[must_use]
    pub fn of(day: Date) -> Self {
        let since_monday = i64::from(day.weekday().to_monday_zero_offset());
        Self(day.saturating_sub(since_monday.days()))
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.saturating_add(7.days()))
    }

    /// Its Monday.
    #[must_use]
    pub const fn monday(self) -> Date {
        self.0
    }

    /// Of what the database keeps; `None` for what is no Monday.
    #[must_use]
    pub fn from_stored(stored: &str) -> Option<Self> {
        let day: Date = stored.parse().ok()?;
        (Self::of(day).0 == day).then_some(Self(day))
    }
}

impl fmt::Display for Week {
    /// As the database keeps it: `2026-03-16`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl serde::Serialize for Week {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Week {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = String::deserialize(deserializer)?;
        Self::from_stored(&stored).ok_or_else(|| serde::de::Error::custom("no Monday"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_of_a_week_is_of_its_monday() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        for text in ["2026-03-16", "2026-03-18", "2026-03-22"] {
            assert_eq!(Week::of(day(text)).to_string(), "2026-03-16");
        }
        assert_eq!(Week::of(day("2026-12-30")).next().to_string(), "2027-01-04");
        assert_eq!(Week::from_stored("2026-03-16").unwrap().monday(), day("2026-03-16"));
        assert_eq!(Week::from_stored("2026-03-17"), None);
        assert_eq!(Week::from_stored("lundi"), None);
    }
}
