//! Days as people say them.

use std::time::Duration;

use jiff::civil::{Date, DateTime, Weekday};

/// The days of the week, from Monday.
pub const WEEKDAYS: [&str; 7] =
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
/// The months.
const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A day in full: `lundi 16 mars 2020`, `vendredi 1er mai 2020`.
#[must_use]
pub fn in_full(day: Date) -> String {
    format!("{} {}", without_year(day), day.year())
}

/// A day that is near: `lundi 16 mars`, `vendredi 1er mai`.
#[must_use]
pub fn without_year(day: Date) -> String {
    format!("{} {}", weekday(day.weekday()), in_month(day))
}

/// A day of a month: `16 mars`, `1er mai`.
#[must_use]
pub fn in_month(day: Date) -> String {
    format!("{} {}", number(day), month(day.month()))
}

/// A day of a month of a year: `16 mars 2020`, `1er mai 2020`.
#[must_use]
pub fn in_month_and_year(day: Date) -> String {
    format!("{} {}", in_month(day), day.year())
}

/// An hour: `7 h`, `18 h 20`.
#[must_use]
pub fn hour(at: DateTime) -> String {
    match at.minute() {
        0 => format!("{} h", at.hour()),
        minute => format!("{} h {minute:02}", at.hour()),
    }
}

/// A moment gone by, as somebody says it at `now`: `à 18 h 20` today, `le lundi 30 novembre à 7 h` before.
#[must_use]
pub fn gone_by(at: DateTime, now: DateTime) -> String {
    let hour = hour(at);
    if at.date() == now.date() {
        return format!("à {hour}");
    }
    format!("le {} à {hour}", without_year(at.date()))
}

/// A moment to come, as somebody says it at `now`: `à 18 h 20` today, `lundi 30 à 7 h` within the week,
/// `lundi 30 novembre à 7 h` within the year.
#[must_use]
pub fn to_come(at: DateTime, now: DateTime) -> String {
    let (day, hour) = (at.date(), hour(at));
    if day == now.date() {
        return format!("à {hour}");
    }
    let days = now.date().until(day).map_or(i32::MAX, |span| span.get_days());
    match (0..7).contains(&days) {
        true => format!("{} {} à {hour}", weekday(day.weekday()), number(day)),
        false if day.year() == now.year() => {
            format!("{} à {hour}", without_year(day))
        }
        false => format!("{} à {hour}", in_full(day)),
    }
}

/// How long something lasts, in the largest unit that is whole enough: `40 minutes`, `2 heures`, `3 jours`.
#[must_use]
pub fn lasting(span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    let (count, unit) = match minutes {
        0 => return "moins d’une minute".to_owned(),
        1..120 => (minutes, "minute"),
        120..2_880 => (minutes / 60, "heure"),
        _ => (minutes / 1_440, "jour"),
    };
    let plural = if count > 1 { "s" } else { "" };
    format!("{count} {unit}{plural}")
}

fn number(day: Date) -> String {
    if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() }
}

/// The day of the week of this name, in small letters; `None` for another word.
#[must_use]
pub fn weekday_of(name: &str) -> Option<Weekday> {
    let place = WEEKDAYS.iter().position(|day| *day == name)?;
    Weekday::from_monday_zero_offset(i8::try_from(place).ok()?).ok()
}

/// The month of this name, in small letters, from 1; `None` for another word.
#[must_use]
pub fn month_of(name: &str) -> Option<i8> {
    let place = MONTHS.iter().position(|month| *month == name)?;
    i8::try_from(place + 1).ok()
}

/// The day of the week of this name, or of its first three letters: `lun`.
#[must_use]
pub fn weekday_shortened(word: &str) -> Option<Weekday> {
    let shortened = || WEEKDAYS.iter().find(|day| day.chars().take(3).eq(word.chars()));
    weekday_of(word).or_else(|| weekday_of(shortened()?))
}

/// The month of this name, or of a short form of it of three letters or more: `déc`, `sept`.
#[must_use]
pub fn month_shortened(word: &str) -> Option<i8> {
    const SHORT: [(&str, i8); 9] = [
        ("janv", 1),
        ("févr", 2),
        ("fév", 2),
        ("avr", 4),
        ("juil", 7),
        ("sept", 9),
        ("oct", 10),
        ("nov", 11),
        ("déc", 12),
    ];
    let of_short = || SHORT.iter().find(|(short, _)| *short == word).map(|(_, month)| *month);
    month_of(word).or_else(of_short)
}

fn weekday(day: Weekday) -> &'static str {
    named(&WEEKDAYS, day.to_monday_zero_offset())
}

fn month(number: i8) -> &'static str {
    named(&MONTHS, number - 1)
}

fn named(names: &[&'static str], place: i8) -> &'static str {
    usize::try_from(place).ok().and_then(|place| names.get(place)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use jiff::civil::datetime;

    use super::*;

    #[test]
    fn a_span_is_said_in_one_unit() {
        let said = |minutes| lasting(Duration::from_mins(minutes));
        assert_eq!(said(0), "moins d’une minute");
        assert_eq!((said(1).as_str(), said(119).as_str()), ("1 minute", "119 minutes"));
        assert_eq!((said(120).as_str(), said(2_879).as_str()), ("2 heures", "47 heures"));
        assert_eq!(said(2_880), "2 jours");
    }

    #[test]
    fn a_moment_is_said_as_shortly_as_it_is_near() {
        let now = datetime(2026, 11, 28, 9, 0, 0, 0);
        let said =
            |month, day, hour, minute| to_come(datetime(2026, month, day, hour, minute, 0, 0), now);
        assert_eq!(said(11, 28, 18, 20), "à 18 h 20");
        assert_eq!(said(11, 30, 7, 0), "lundi 30 à 7 h");
        assert_eq!(said(12, 1, 7, 5), "mardi 1er à 7 h 05");
        assert_eq!(said(12, 18, 8, 0), "vendredi 18 décembre à 8 h");
        let next_year = datetime(2027, 1, 4, 7, 0, 0, 0);
        assert_eq!(to_come(next_year, now), "lundi 4 janvier 2027 à 7 h");
    }
}
