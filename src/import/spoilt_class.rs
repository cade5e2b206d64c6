//! Classes that a spreadsheet spoilt: `6-1` became a day, `6E1` the number 60. Such a text is no class;
//! what it was is asked.

use std::collections::{HashMap, HashSet};

use super::columns::folded_title;

/// French and English months, without accents.
const MONTHS: [[&str; 2]; 12] = [
    ["janvier", "january"],
    ["fevrier", "february"],
    ["mars", "march"],
    ["avril", "april"],
    ["mai", "may"],
    ["juin", "june"],
    ["juillet", "july"],
    ["aout", "august"],
    ["septembre", "september"],
    ["octobre", "october"],
    ["novembre", "november"],
    ["decembre", "december"],
];
/// Letters of the shortest form of a month.
const SHORTEST_MONTH: usize = 3;

/// What is asked of each of these classes that a spreadsheet seems to have spoilt. A number is a class
/// where others look so.
pub(super) fn doubts<'a>(classes: impl Iterator<Item = &'a str>) -> HashMap<String, String> {
    let distinct: HashSet<&str> = classes.collect();
    let numbers: Vec<&str> =
        distinct.iter().copied().filter(|it| is_number(it) && tens(it).is_none()).collect();
    let are_all = distinct.iter().all(|class| is_number(class) || was(class).is_some());
    let doubt = |class: &str| {
        if !is_number(class) {
            return was(class);
        }
        match tens(class) {
            Some(power) if !has_neighbour(class, &numbers) => Some(asked("nombre", class, &power)),
            // One number among classes that are none.
            None if !are_all && numbers.len() == 1 => Some(format!(
                "« {class} » est un nombre, ce qu’aucune autre classe n’est : une classe modifiée par \
                 le tableur ?"
            )),
            _ => was(class),
        }
    };
    distinct.iter().filter_map(|class| Some(((*class).to_owned(), doubt(class)?))).collect()
}

/// Whether another class is a number as long, or the number before.
fn has_neighbour(class: &str, numbers: &[&str]) -> bool {
    let before = class.parse::<u64>().ok().and_then(|number| number.checked_sub(1));
    numbers.iter().any(|other| {
        other.len() == class.len() || before.is_some_and(|before| other.parse() == Ok(before))
    })
}

/// What a class became by itself, whatever the others are: a day, or a power of ten.
pub(super) fn was(class: &str) -> Option<String> {
    if !class.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    day(class)
        .map(|guess| asked("date", class, &guess))
        .or_else(|| power(class).map(|guess| asked("nombre", class, &guess)))
}

fn asked(into: &str, class: &str, guess: &str) -> String {
    format!("Le tableur a changé la classe en {into} (« {class} ») : {guess} ?")
}

fn is_number(class: &str) -> bool {
    let mut parts = class.split(['.', ',']);
    let are_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.clone().count() <= 2 && parts.all(are_digits)
}

/// One digit and zeros: `60` may have been `6E1`.
fn tens(class: &str) -> Option<String> {
    let zeros = class.get(1..)?;
    let is_power = !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0');
    let first = class.chars().next().filter(|digit| matches!(digit, '1'..='9'))?;
    is_power.then(|| format!("{first}E{}", zeros.len()))
}

/// `5,00E+03`: with a sign or a fraction, since `6E1` is a class.
fn power(class: &str) -> Option<String> {
    let (number, exponent) = class.split_once(['E', 'e'])?;
    let digits = exponent.strip_prefix(['+', '-']);
    let is_written_so = digits.is_some() || number.contains(['.', ',']);
    let digits = digits.unwrap_or(exponent);
    let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_written_so || !are_digits || !is_number(number) {
        return None;
    }
    let whole = number.split(['.', ',']).next().unwrap_or_default();
    let short = digits.trim_start_matches('0');
    Some(format!("{whole}E{}", if short.is_empty() { "0" } else { short }))
}

/// `01/06/2026`, `2026-06-01`, `06-janv`, `juin-01`, `01/06`, `lundi 1er juin 2026`: the class that a
/// spreadsheet took for this day.
fn day(class: &str) -> Option<String> {
    if let Some(in_words) = in_words(class) {
        return day(&in_words);
    }
    let (date, time) = class.split_once(' ').or_else(|| at_t(class)).unwrap_or((class, "0"));
    if !time.starts_with(|sign: char| sign.is_ascii_digit()) {
        return None;
    }
    let parts: Vec<&str> = date.split(['/', '-', '.']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.parse::<u8>().ok().filter(|_| part.len() <= 2);
    let is_year = |part: &str| part.len() == 4 && part.parse::<u16>().is_ok();
    let month = |part: &str| {
        let short = folded_title(part);
        let is_it = |name: &&str| short.len() >= SHORTEST_MONTH && name.starts_with(&short);
        let at = MONTHS.iter().position(|names| names.iter().any(is_it));
        at.and_then(|at| u8::try_from(at + 1).ok())
    };
    match parts.as_slice() {
        [day, other, year] if is_year(year) => {
            in_order(number(day)?, number(other).or_else(|| month(other))?)
        }
        [day, other, _] if date.contains('/') => in_order(number(day)?, number(other)?),
        [year, other, day] if is_year(year) => in_order(number(day)?, number(other)?),
        [day, name, _] if month(name).is_some() => in_order(number(day)?, month(name)?),
        // With a zero before each: `6/1` is a class.
        [day, other] if date.contains('/') && day.len() == 2 && other.len() == 2 => {
            in_order(number(day)?, number(other)?)
        }
        [day, name] if month(name).is_some() => Some(format!("{}-{}", number(day)?, month(name)?)),
        [name, rest] if month(name).is_some() => {
            Some(format!("{}-{}", month(name)?, number(rest)?))
        }
        _ => None,
    }
}

/// A day written out, the weekday before it or not, as `1-juin-2026`. With its year alone: `6 Mars` is a
/// class of those who call theirs by the planets.
fn in_words(class: &str) -> Option<String> {
    let words: Vec<&str> = class.split_whitespace().collect();
    let [.., day, month, year] = words.as_slice() else { return None };
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let is_day = |day: &str| day.bytes().all(|byte| byte.is_ascii_digit());
    let day = day.strip_suffix("er").unwrap_or(day);
    let is_date = is_year && is_day(day) && month.chars().all(char::is_alphabetic);
    (is_date && words.len() <= 4).then(|| format!("{day}-{month}-{year}"))
}

/// `2026-06-01T00:00:00`: the day and the time.
fn at_t(class: &str) -> Option<(&str, &str)> {
    class.split_once('T').filter(|(date, _)| date.len() == "2026-06-01".len())
}

/// Spreadsheets differ in which of both they take for the day: a class begins with its level.
fn in_order(day: u8, month: u8) -> Option<String> {
    if !(1..=31).contains(&day) || !(1..=12).contains(&month) {
        return None;
    }
    let is_level = |number: u8| (3..=6).contains(&number);
    Some(match (is_level(day), is_level(month)) {
        (false, true) => format!("{month}-{day}"),
        (true, true) if day != month => format!("{day}-{month} ou {month}-{day}"),
        _ => format!("{day}-{month}"),
    })
}

#[cfg(test)]
mod tests {
    use super::{doubts, was};

    #[test]
    fn a_day_and_a_power_of_ten_are_asked_for_the_class_that_they_were() {
        for (class, guess) in [
            ("01/06/2026", Some("6-1")),
            ("06/01/2026", Some("6-1")),
            ("05/06/2026", Some("5-6 ou 6-5")),
            ("2026-06-01 00:00:00", Some("6-1")),
            ("1/6/26", Some("6-1")),
            ("06-janv", Some("6-1")),
            ("6-janv.-26", Some("6-1")),
            ("juin-01", Some("6-1")),
            ("3-Sept", Some("3-9")),
            ("5,00E+03", Some("5E3")),
            ("6.00E+01", Some("6E1")),
            ("6E1", None),
            ("6-1", None),
            ("6A", None),
            ("CM1-CM2", None),
            ("CE1 B", None),
            ("2026-06-01T00:00:00", Some("6-1")),
            ("3-MARTIN", None),
            ("3-MARS bleu", None),
            ("01/06", Some("6-1")),
            ("6/1", None),
            ("1 juin 2026", Some("6-1")),
            ("lundi 1er juin 2026", Some("6-1")),
            ("6 Mars", None),
            ("3/4", None),
            ("Mars", None),
            ("1.2", None),
            ("CP/CE1", None),
        ] {
            let told = was(class);
            let asked = guess.map(|guess| format!(" : {guess} ?"));
            assert_eq!(told.is_some(), guess.is_some(), "{class}: {told:?}");
            assert!(asked.is_none_or(|it| told.unwrap().ends_with(&it)), "{class}");
        }
    }

    #[test]
    fn a_number_is_a_class_where_others_look_so() {
        for (classes, spoilt) in [
            (&["601", "602", "600"][..], &[][..]),
            (&["601"], &[]),
            (&["1", "2", "9", "10"], &[]),
            (&["6.1", "601", "3000"], &["3000"]),
            (&["50", "60", "6A"], &["50", "60"]),
            (&["60"], &["60"]),
            (&["6A", "6B", "12"], &["12"]),
            (&["6A", "6B"], &[]),
        ] {
            let told = doubts(classes.iter().copied());
            let mut asked: Vec<&str> = told.keys().map(String::as_str).collect();
            asked.sort_unstable();
            assert_eq!(asked, spoilt, "{classes:?}");
        }
    }
}
