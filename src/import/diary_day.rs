//! Days and hours as the tables of teachers have them: `lundi 18/01/2027`, `18 janv.`, `2027-01-18T08:00`, `8h30-9h25`.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time, Weekday};

use super::diary_week::DiaryFault;
use crate::message::Week;
use crate::wording::dates;

/// A day of a table that is of one week: `lundi` alone is the one of that week.
pub(super) fn day_in(typed: &str, week: Week) -> Result<Date, DiaryFault> {
    match dates::weekday_of(&typed.trim().to_lowercase()) {
        Some(weekday) => {
            let days = i64::from(weekday.to_monday_zero_offset());
            Ok(week.monday().saturating_add(days.days()))
        }
        None => day(typed, week.monday()),
    }
}

/// A day; one without a year is the one that is nearest to another day.
pub(super) fn day(typed: &str, near: Date) -> Result<Date, DiaryFault> {
    let typed = typed.trim().to_lowercase();
    // The hour that a spreadsheet puts behind its days.
    let typed = match typed.split_once('t') {
        Some((day, hour))
            if day.ends_with(|it: char| it.is_ascii_digit()) && hour.contains(':') =>
        {
            day
        }
        _ => &typed,
    };
    let mut words = typed
        .split([' ', ',', '\u{a0}'])
        .filter(|word| !word.is_empty() && !["le", "à"].contains(word));
    let mut first = words.next().ok_or(DiaryFault::BadDate)?;
    let weekday = dates::weekday_shortened(first.trim_end_matches('.'));
    if weekday.is_some() {
        first = words.next().ok_or(DiaryFault::BadDate)?;
    }
    let day = in_digits(first, near).or_else(|| in_words(first, &mut words, near));
    // Behind a day, an hour may stand and nothing else: it may be part of another day.
    if words.any(|rest| hour(rest).is_none()) {
        return Err(DiaryFault::BadDate);
    }
    of_weekday(day.ok_or(DiaryFault::BadDate)?, weekday)
}

/// Nobody computes which of both was meant.
fn of_weekday(day: Date, weekday: Option<Weekday>) -> Result<Date, DiaryFault> {
    match weekday {
        Some(weekday) if weekday != day.weekday() => Err(DiaryFault::WrongWeekday),
        _ => Ok(day),
    }
}

/// `18/01/2027`, `18/01/27`, `18/01`, `18.01.2027`, `2027-01-18`.
fn in_digits(word: &str, near: Date) -> Option<Date> {
    let mut parts = word.split(['/', '-', '.']).filter(|part| !part.is_empty());
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    if first.len() == 4 {
        return Date::new(first.parse().ok()?, second.parse().ok()?, third?.parse().ok()?).ok();
    }
    let (day, month) = (first.parse().ok()?, second.parse().ok()?);
    match third {
        None => nearest(day, month, near),
        Some(year) if year.len() == 2 => {
            Date::new(2000 + year.parse::<i16>().ok()?, month, day).ok()
        }
        Some(year) if year.len() == 4 => Date::new(year.parse().ok()?, month, day).ok(),
        Some(_) => None,
    }
}

/// `18 janvier 2027`, `1er févr.`.
fn in_words<'a>(first: &str, rest: &mut impl Iterator<Item = &'a str>, near: Date) -> Option<Date> {
    let day = first.strip_suffix("er").unwrap_or(first).parse().ok()?;
    let month = dates::month_shortened(rest.next()?.trim_end_matches('.'))?;
    match rest.next() {
        Some(year) if year.len() == 4 => Date::new(year.parse().ok()?, month, day).ok(),
        Some(rest) if hour(rest).is_none() => None,
        _ => nearest(day, month, near),
    }
}

fn nearest(day: i8, month: i8, near: Date) -> Option<Date> {
    let years = [-1, 0, 1].into_iter().filter_map(|more| near.year().checked_add(more));
    let days = years.filter_map(|year| Date::new(year, month, day).ok());
    days.min_by_key(|it| near.until(*it).map_or(i32::MAX, |span| span.get_days().abs()))
}

/// When something begins: `8h`, `08:00`, `8 h 30 - 9 h 25`; `None` for anything else.
pub(super) fn hour(typed: &str) -> Option<Time> {
    let typed: String = typed.to_lowercase().chars().filter(|it| !it.is_whitespace()).collect();
    let typed = typed.strip_prefix("de").unwrap_or(&typed);
    let (hours, rest) = typed.split_once(['h', ':'])?;
    let minutes: String = rest.chars().take_while(char::is_ascii_digit).take(2).collect();
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse().ok()? };
    Time::new(hours.parse().ok()?, minutes, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEAR: Date = jiff::civil::date(2027, 1, 18);

    #[test]
    fn a_day_is_read_as_teachers_write_it() {
        for typed in [
            "18/01/2027",
            "18/1/27",
            "18/01",
            "2027-01-18",
            "2027-01-18T08:00:00",
            "18/01/2027 08:00",
            "18-01-2027",
            "18.01.2027",
            "lundi 18/01/2027",
            "Lundi 18 janvier 2027",
            "lun. 18 janv.",
            "lundi le 18 janvier",
        ] {
            assert_eq!(day(typed, NEAR), Ok(NEAR), "{typed}");
        }
        let wednesday = jiff::civil::date(2027, 1, 20);
        assert_eq!(day_in("Mercredi", Week::of(NEAR)), Ok(wednesday));
        assert_eq!(day("31 décembre", NEAR), Ok(jiff::civil::date(2026, 12, 31)));
        assert_eq!(day("1er février", NEAR), Ok(jiff::civil::date(2027, 2, 1)));
        assert_eq!(day("mardi 18/01/2027", NEAR), Err(DiaryFault::WrongWeekday));
        for typed in [
            "",
            "lundi",
            "31/02/2027",
            "18",
            "bientôt",
            "1/2/3/4",
            "18/01/2",
            "18 mars 20266",
            "18/01/2027 ou",
        ] {
            assert_eq!(day(typed, NEAR), Err(DiaryFault::BadDate), "{typed}");
        }
    }

    #[test]
    fn an_hour_is_where_a_lesson_begins() {
        for (typed, seen) in [
            ("8h", "08:00"),
            ("08:00", "08:00"),
            ("8 h 30 - 9 h 25", "08:30"),
            ("8h30-9h25", "08:30"),
            ("de 10h à 11h", "10:00"),
        ] {
            assert_eq!(hour(typed), Some(seen.parse().unwrap()), "{typed}");
        }
        for typed in ["", "M1", "matin", "25h", "8h61"] {
            assert_eq!(hour(typed), None, "{typed}");
        }
    }
}
