//! Days and hours as people type them: `27/11/2026 18:00`, `demain 18h`, `vendredi 18h30`, `2026-11-27`.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, Time, Weekday};

use super::dates;

/// A day and an hour, which a day may be needed to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypedDate {
    day: Day,
    hour: Time,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    On(Date),
    /// So many days from today.
    In(i64),
    /// The first one to come.
    Next(Weekday),
}

impl TypedDate {
    /// Reads what somebody typed; without an hour it is the first minute of the day. `None`: it is no day.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let typed = typed.trim().to_lowercase();
        let (first, rest) = typed.split_once(' ').unwrap_or((&typed, ""));
        let rest = rest.trim().strip_prefix("à ").unwrap_or(rest);
        let hour = if rest.trim().is_empty() { Some(Time::midnight()) } else { hour(rest) };
        Some(Self { day: day(first)?, hour: hour? })
    }

    /// What the clocks show then, for somebody who typed it now. A day of the week is the next one whose
    /// hour is still to come.
    #[must_use]
    pub fn seen_from(self, now: DateTime) -> DateTime {
        let day = match self.day {
            Day::On(day) => day,
            Day::In(days) => now.date().saturating_add(days.days()),
            Day::Next(weekday) => {
                let days = i64::from(now.date().weekday().until(weekday));
                let first = now.date().saturating_add(days.days());
                let is_past = first.to_datetime(self.hour) <= now;
                if is_past { first.saturating_add(7.days()) } else { first }
            }
        };
        day.to_datetime(self.hour)
    }
}

fn day(word: &str) -> Option<Day> {
    match word {
        "aujourd'hui" | "aujourd’hui" => return Some(Day::In(0)),
        "demain" => return Some(Day::In(1)),
        "après-demain" => return Some(Day::In(2)),
        _ => {}
    }
    dates::weekday_of(word).map(Day::Next).or_else(|| typed_date(word).map(Day::On))
}

/// A day by its numbers: `27/11/2026`, `2026-11-27`. A year has four digits.
#[must_use]
pub fn typed_date(typed: &str) -> Option<Date> {
    let mut parts = typed.trim().split('/');
    let parts = [parts.next(), parts.next(), parts.next(), parts.next()];
    match parts {
        [Some(iso), None, ..] => iso.parse().ok(),
        [Some(day), Some(month), Some(year), None] if year.len() == 4 => {
            Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
        }
        _ => None,
    }
}

/// `18:00`, `18h`, `18 h 30`, `midi`.
fn hour(typed: &str) -> Option<Time> {
    let typed: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    if typed == "midi" {
        return Time::new(12, 0, 0, 0).ok();
    }
    let (hours, minutes) = typed.split_once([':', 'h'])?;
    let minutes = if minutes.is_empty() && typed.ends_with('h') { "0" } else { minutes };
    Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A Friday.
    fn now() -> DateTime {
        "2026-11-27T10:00".parse().unwrap()
    }

    #[test]
    fn a_day_and_an_hour_are_read_as_people_type_them() {
        for (typed, seen) in [
            ("2026-12-04", "2026-12-04T00:00"),
            ("2026-12-04 08:00", "2026-12-04T08:00"),
            ("04/12/2026 8h", "2026-12-04T08:00"),
            ("4/12/2026  18 h 30", "2026-12-04T18:30"),
            ("demain 18h", "2026-11-28T18:00"),
            ("Demain à 18h05", "2026-11-28T18:05"),
            ("aujourd'hui 18:00", "2026-11-27T18:00"),
            ("après-demain", "2026-11-29T00:00"),
            ("vendredi 18h", "2026-11-27T18:00"),
            ("vendredi 9h", "2026-12-04T09:00"),
            ("vendredi", "2026-12-04T00:00"),
            ("lundi midi", "2026-11-30T12:00"),
        ] {
            let expected = seen.parse::<DateTime>().unwrap();
            let read = TypedDate::read(typed).unwrap_or_else(|| panic!("{typed} is not read"));
            assert_eq!(read.seen_from(now()), expected, "{typed}");
        }
    }

    #[test]
    fn what_is_no_day_or_no_hour_is_none() {
        for typed in [
            "",
            "bientôt",
            "04/12",
            "04/12/26",
            "31/02/2026",
            "2026-13-01",
            "demain soir",
            "demain 25h",
            "vendredi 18h61",
            "18h",
            "lundi 18",
            "1/2/2026/3",
        ] {
            assert_eq!(TypedDate::read(typed), None, "{typed}");
        }
    }
}
