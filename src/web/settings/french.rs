//! Spans of time, hours and days as people type them into a form, and as the form shows them again.

use std::time::Duration;

use jiff::civil::Date;

use crate::delivery::{DAY, QuietSpan};
use crate::settings::Price;
use crate::wording::dates::WEEKDAYS;
use crate::wording::typed_dates::typed_date;

/// In seconds.
const MINUTE: u64 = 60;
/// In seconds.
const HOUR: u64 = 3_600;
/// Longer than anybody waits, in seconds.
const LONGEST: u64 = 366 * 24 * HOUR;
/// Days off in one line.
const MOST_DAYS: i32 = 366;

/// `30 min`, `1 h 30`, `2 jours`; `0` for none.
pub(super) fn lasting(typed: &str) -> Option<Duration> {
    let typed = plain(typed);
    if typed == "0" {
        return Some(Duration::ZERO);
    }
    let (mut rest, mut seconds, mut last) = (typed.as_str(), 0_u64, u64::MAX);
    while !rest.is_empty() {
        let (number, after) = number(rest)?;
        let unit: String = after.chars().take_while(|c| c.is_alphabetic()).collect();
        rest = after.strip_prefix(unit.as_str())?.trim_start();
        let each = match unit.as_str() {
            "s" | "sec" | "seconde" | "secondes" => 1,
            "min" | "mn" | "minute" | "minutes" => MINUTE,
            "" if last == HOUR => MINUTE,
            "h" | "heure" | "heures" => HOUR,
            "j" | "jour" | "jours" => 24 * HOUR,
            _ => return None,
        };
        if each >= last {
            return None;
        }
        last = each;
        seconds = seconds.checked_add(number.checked_mul(each)?)?;
    }
    (!typed.is_empty() && seconds <= LONGEST).then(|| Duration::from_secs(seconds))
}

/// The same, to be typed over.
pub(super) fn shown_lasting(span: Duration) -> String {
    let seconds = span.as_secs();
    match (seconds / 3_600, seconds % 3_600 / 60, seconds % 60) {
        (0, 0, 0) => "0".to_owned(),
        (hours, 0, 0) if hours >= 48 && hours % 24 == 0 => format!("{} jours", hours / 24),
        (hours, 0, 0) => format!("{hours} h"),
        (0, minutes, 0) => format!("{minutes} min"),
        (hours, minutes, 0) => format!("{hours} h {minutes:02}"),
        _ => format!("{seconds} s"),
    }
}

/// `20h-7h`, or `vendredi 20h - lundi 7h`.
pub(super) fn quiet(typed: &str) -> Option<QuietSpan> {
    let (start, end) = ends(typed, &[" au ", " a ", "-"])?;
    QuietSpan::between(point(start)?, point(end)?)
}

/// The same, to be typed over.
pub(super) fn shown_quiet(QuietSpan { period, start, end }: &QuietSpan) -> String {
    if *period == DAY {
        format!("{}-{}", hour(*start), hour(*end))
    } else {
        format!("{} - {}", shown_point(*start), shown_point(*end))
    }
}

/// `vendredi 17h`, in minutes since Monday.
pub(super) fn time_of_week(typed: &str) -> Option<i64> {
    let typed = plain(typed);
    let (day, minutes) = point(typed.trim_start_matches("le "))?;
    Some(day? * DAY + minutes)
}

/// The same, to be typed over.
pub(super) fn shown_point(minutes: i64) -> String {
    let day = usize::try_from(minutes.div_euclid(DAY).rem_euclid(7)).unwrap_or(0);
    format!("{} {}", WEEKDAYS[day], hour(minutes))
}

/// `25/12/2026`, or `19/12/2026 - 03/01/2027`.
pub(super) fn days_off(typed: &str) -> Option<(Date, Date)> {
    let one = plain(typed);
    let one = one.trim_start_matches("le ").to_owned();
    let (first, last) = ends(typed, &[" au ", " a ", " - "]).unwrap_or_else(|| (one.clone(), one));
    let (first, last) = (typed_date(&first)?, typed_date(&last)?);
    let length = first.until(last).ok()?.get_days();
    (0..MOST_DAYS).contains(&length).then_some((first, last))
}

/// The same, to be typed over.
pub(super) fn shown_days((first, last): (Date, Date)) -> String {
    if first == last {
        shown_date(first)
    } else {
        format!("{} - {}", shown_date(first), shown_date(last))
    }
}

/// `0,065`, `0.065 €`; a thousand euros at most.
pub(super) fn price(typed: &str) -> Option<Price> {
    let price = Price::read(typed.trim_end_matches('€').trim_end())?;
    (price <= Price::thousandths(1_000_000)).then_some(price)
}

/// The same, to be typed over.
pub(super) fn shown_price(price: Price) -> String {
    price.written().replace('.', ",")
}

/// A date, to be typed over.
pub(super) fn shown_date(date: Date) -> String {
    date.strftime("%d/%m/%Y").to_string()
}

/// Without capitals, accents of `à`, long dashes and blanks in a row.
fn plain(typed: &str) -> String {
    let typed = typed.to_lowercase().replace('à', "a").replace(['–', '—'], "-");
    typed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Both ends of a span, whatever stands between them.
fn ends(typed: &str, between: &[&str]) -> Option<(String, String)> {
    let typed = plain(typed);
    let typed = typed.trim_start_matches("chaque jour ").trim_start_matches("le ");
    let typed = typed.trim_start_matches("du ").trim_start_matches("de ");
    let (start, end) = between.iter().find_map(|between| typed.split_once(between))?;
    Some((start.trim().to_owned(), end.trim().to_owned()))
}

/// `vendredi 20h30`, `20h`, `20:30`: the days since Monday, and the minutes.
fn point(typed: impl AsRef<str>) -> Option<(Option<i64>, i64)> {
    let typed = typed.as_ref();
    let Some((word, time)) = typed.split_once(' ').filter(|(word, _)| !word.starts_with(digit))
    else {
        return Some((None, minutes(typed)?));
    };
    let day = WEEKDAYS.iter().position(|day| *day == word)?;
    Some((Some(i64::try_from(day).ok()?), minutes(time)?))
}

fn minutes(typed: &str) -> Option<i64> {
    let (hours, rest) = number(typed)?;
    let rest = rest.trim_start_matches(['h', ':']).trim();
    let (minutes, end) = if rest.is_empty() { (0, "") } else { number(rest)? };
    let is_time = hours < 24 && minutes < 60 && end.is_empty();
    is_time.then(|| i64::try_from(hours * 60 + minutes).ok()).flatten()
}

fn hour(minutes: i64) -> String {
    let minutes = minutes.rem_euclid(DAY);
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes:02}"),
    }
}

/// The number that a text begins with, and what follows it.
fn number(text: &str) -> Option<(u64, &str)> {
    let text = text.trim_start();
    let rest = text.trim_start_matches(digit);
    let digits = text.strip_suffix(rest)?;
    Some((digits.parse().ok()?, rest.trim_start()))
}

const fn digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;
    use crate::delivery::WEEK;

    #[test]
    fn a_span_is_read_as_people_write_it_and_shown_so_that_it_is_read_again() {
        for (typed, minutes) in [
            ("30 min", 30),
            ("30min", 30),
            ("2 h", 120),
            ("2 heures", 120),
            ("1 h 30", 90),
            ("1h30", 90),
            ("1 h 30 min", 90),
            ("90 minutes", 90),
            ("3 jours", 4_320),
            ("0", 0),
        ] {
            let span = lasting(typed);
            assert_eq!(span, Some(Duration::from_mins(minutes)), "{typed}");
            assert_eq!(lasting(&shown_lasting(span.unwrap())), span, "{typed}");
        }
        assert_eq!(lasting("20 s"), Some(Duration::from_secs(20)));
        for typed in
            ["", "bientôt", "30", "1 h 30 h 3", "-2 h", "99999999999999999999 h", "400 jours"]
        {
            assert_eq!(lasting(typed), None, "{typed}");
        }
    }

    #[test]
    fn quiet_hours_are_read_as_people_write_them() {
        let night = QuietSpan { period: DAY, start: 20 * 60, end: 7 * 60 };
        for typed in
            ["20h-7h", "20:00-07:00", "de 20 h à 7 h", "chaque jour de 20h à 7h", "20h – 7h00"]
        {
            assert_eq!(quiet(typed), Some(night), "{typed}");
        }
        let weekend = QuietSpan { period: WEEK, start: 4 * DAY + 1_230, end: 420 };
        for typed in ["vendredi 20h30 - lundi 7h", "du Vendredi 20 h 30 au lundi 7 h"] {
            assert_eq!(quiet(typed), Some(weekend), "{typed}");
        }
        for span in [night, weekend] {
            assert_eq!(quiet(&shown_quiet(&span)), Some(span));
        }
        for typed in ["", "20h", "20h-20h", "25h-7h", "vendredi 20h - 7h", "la nuit", "20h-7h30x"] {
            assert_eq!(quiet(typed), None, "{typed}");
        }
        assert_eq!(time_of_week("vendredi 17h"), Some(4 * DAY + 1_020));
        assert_eq!(shown_point(4 * DAY + 1_020), "vendredi 17h");
        assert_eq!(time_of_week("17h"), None);
    }

    #[test]
    fn days_off_are_read_as_people_write_them() {
        let one = (day(2026, 12, 25), day(2026, 12, 25));
        let some = (day(2026, 12, 19), day(2027, 1, 3));
        for (typed, days) in [
            ("25/12/2026", one),
            ("le 25/12/2026", one),
            ("2026-12-25", one),
            ("19/12/2026 - 03/01/2027", some),
            ("du 19/12/2026 au 3/1/2027", some),
        ] {
            assert_eq!(days_off(typed), Some(days), "{typed}");
            assert_eq!(days_off(&shown_days(days)), Some(days), "{typed}");
        }
        for typed in [
            "",
            "Noël",
            "32/12/2026",
            "25/12/26",
            "19/12/26 - 03/01/27",
            "03/01/2027 au 19/12/2026",
            "01/01/2026 - 01/01/2030",
        ] {
            assert_eq!(days_off(typed), None, "{typed}");
        }
    }
}
