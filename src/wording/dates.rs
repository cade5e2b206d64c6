//! Days as people say them.

use jiff::civil::{Date, Weekday};

/// A day in full: `lundi 16 mars 2020`, `vendredi 1er mai 2020`.
#[must_use]
pub fn in_full(day: Date) -> String {
    format!("{} {}", without_year(day), day.year())
}

/// A day that is near: `lundi 16 mars`, `vendredi 1er mai`.
#[must_use]
pub fn without_year(day: Date) -> String {
    let number = if day.day() == 1 { "1er".to_owned() } else { day.day().to_string() };
    format!("{} {number} {}", weekday(day.weekday()), month(day.month()))
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "lundi",
        Weekday::Tuesday => "mardi",
        Weekday::Wednesday => "mercredi",
        Weekday::Thursday => "jeudi",
        Weekday::Friday => "vendredi",
        Weekday::Saturday => "samedi",
        Weekday::Sunday => "dimanche",
    }
}

const fn month(number: i8) -> &'static str {
    match number {
        1 => "janvier",
        2 => "février",
        3 => "mars",
        4 => "avril",
        5 => "mai",
        6 => "juin",
        7 => "juillet",
        8 => "août",
        9 => "septembre",
        10 => "octobre",
        11 => "novembre",
        _ => "décembre",
    }
}
