//! Numbers and moments in the pages' French.

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

/// A moment by the clocks of the school: `aujourd’hui à 17 h 12`, `hier à 8 h`, `vendredi 13 mars à 17 h 12`.
pub(super) fn hour_of(school: &School, at: Moment) -> String {
    let hours = &school.queue.timing().hours;
    let (at, today) = (hours.wall(at), school.today());
    let hour = dates::hour(at);
    if at.date() == today {
        format!("à {hour}")
    } else if Some(at.date()) == today.yesterday().ok() {
        format!("hier à {hour}")
    } else {
        format!("{} à {hour}", dates::without_year(at.date()))
    }
}

/// A moment as somebody would type it: `04/12/2026 8h`.
pub(super) fn typed_moment(school: &School, at: Moment) -> String {
    school.queue.timing().hours.wall(at).strftime("%d/%m/%Y %-Hh%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_in_threes() {
        assert_eq!(count(1, "courrier", "courriers"), "1 courrier");
        assert_eq!(count(0, "courrier", "courriers"), "0 courrier");
        assert_eq!(readable(1_240), "1\u{202f}240");
        assert_eq!(readable(877), "877");
    }
}
