//! Numbers and moments in the pages' French.

use jiff::civil::{Date, DateTime};

use crate::clock::Moment;
use crate::office::School;
use crate::wording::dates;

/// `1 courrier`, `1 240 courriers`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", readable(number), if number < 2 { one } else { many })
}

/// Thousands apart: `1 240`, with a space that does not break.
pub(super) fn readable(number: usize) -> String {
    let digits = number.to_string();
    let mut set = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            set.push('\u{202f}');
        }
        set.push(digit);
    }
    set
}

/// When something was, or will be, by the clocks of the school: `à 17 h 12` today, `hier à 8 h`, `vendredi 13 mars à
/// 17 h 12`.
pub(super) fn hour_of(school: &School, at: Moment) -> String {
    let hours = &school.queue.timing().hours;
    let (at, today) = (hours.wall(at), school.today());
    let hour = dates::hour(at);
    if at.date() == today {
        format!("à {hour}")
    } else if Some(at.date()) == today.yesterday().ok() {
        format!("hier à {hour}")
    } else {
        format!("{} à {hour}", day_of(at.date(), today))
    }
}

/// With its year, where that is another one.
fn day_of(day: Date, today: Date) -> String {
    if day.year() == today.year() { dates::without_year(day) } else { dates::in_full(day) }
}

/// The same after `depuis` or `après`: `17 h 12` today, `le vendredi 13 mars à 17 h 12`.
pub(super) fn named(school: &School, at: Moment) -> String {
    let hours = &school.queue.timing().hours;
    named_from(hours.wall(at), school.today())
}

/// Until when: `jusqu’à 17 h 12` today, `jusqu’au vendredi 13 mars à 17 h 12`.
pub(super) fn until(school: &School, at: Moment) -> String {
    until_from(school.queue.timing().hours.wall(at), school.today())
}

/// The same of what the clocks show then.
pub(super) fn until_from(at: DateTime, today: Date) -> String {
    let named = named_from(at, today);
    match named.strip_prefix("le ") {
        Some(day) => format!("jusqu’au {day}"),
        None => format!("jusqu’à {named}"),
    }
}

/// As `named` says what the clocks show then.
pub(super) fn named_from(at: DateTime, today: Date) -> String {
    let hour = dates::hour(at);
    if at.date() == today { hour } else { format!("le {} à {hour}", day_of(at.date(), today)) }
}

/// A moment as somebody would type it: `04/12/2026 8h`.
pub(super) fn typed_moment(school: &School, at: Moment) -> String {
    school.queue.timing().hours.wall(at).strftime("%d/%m/%Y %-Hh%M").to_string()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn numbers_stand_in_threes() {
        assert_eq!(count(1, "courrier", "courriers"), "1 courrier");
        assert_eq!(count(0, "courrier", "courriers"), "0 courrier");
        assert_eq!(readable(1_240), "1\u{202f}240");
        assert_eq!(readable(877), "877");
    }

    #[test]
    fn a_moment_follows_a_preposition() {
        let at = date(2026, 3, 13).at(17, 12, 0, 0);
        assert_eq!(named_from(at, date(2026, 3, 13)), "17 h 12");
        assert_eq!(named_from(at, date(2026, 3, 14)), "le vendredi 13 mars à 17 h 12");
        assert_eq!(named_from(at, date(2027, 1, 2)), "le vendredi 13 mars 2026 à 17 h 12");
    }
}
