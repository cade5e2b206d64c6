//! Days: a date with its day of the week, and the right one; a letter is not read on the day it is written.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::piece::{Advice, AdviceKind, Sentence};
use super::sentences::words;
use crate::wording::dates;

/// Days that depend on when one reads.
const FLOATING: [&str; 4] = ["demain", "après-demain", "aujourd", "hier"];
/// What such a day is called after: `la semaine prochaine`, `le mois prochain`.
const SPANS: [&str; 2] = ["semaine", "mois"];
/// How far back a date without a year may lie, in days; it is of this year or the next otherwise.
const BACK: i64 = 60;
/// The same where its day of the week is right: half a year. A text of last year that is used again lies further back.
const BACK_IF_RIGHT: i64 = 182;
/// Streets, places and schools are called after days: `rue du 8 mai 1945`.
const CALLED_AFTER: [&str; 14] = [
    "rue",
    "place",
    "avenue",
    "boulevard",
    "square",
    "impasse",
    "quai",
    "cours",
    "collège",
    "lycée",
    "école",
    "stade",
    "salle",
    "gymnase",
];
/// What stands before a day of which one need not be told the day of the week: one of several.
const ONE_OF_SEVERAL: [&str; 3] = ["au", "aux", "et"];

/// A day of the month, with what stands beside it.
struct Dated {
    weekday: Option<Weekday>,
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
    /// It is one of several, or the end of a span.
    is_one_of_several: bool,
}

pub(super) fn look(sentence: &Sentence<'_>, today: Date, found: &mut Vec<Advice>) {
    let words: Vec<String> = words(&sentence.text).map(str::to_lowercase).collect();
    let dates = dates_of(&words);
    if let Some(word) = floating(&words).filter(|_| dates.is_empty()) {
        let told = format!("« {word} » ne veut plus rien dire pour qui lit un autre jour.");
        let better = "le jour et la date : « lundi 16 mars »";
        found.push(sentence.advice(AdviceKind::Undated, told, better));
    }
    for dated in dates {
        let Some(day) = dated.date(today) else { continue };
        let shown = dates::without_year(day);
        match dated.weekday {
            None if dated.is_one_of_several || day < today => {}
            None => {
                let told = format!("Le {} : de quel jour s’agit-il ?", dates::in_month(day));
                let better = format!("« {shown} »");
                found.push(sentence.advice(AdviceKind::Undated, told, better));
            }
            Some(weekday) if weekday != day.weekday() => {
                let in_full = dates::in_full(day);
                let (falls_on, date) = in_full.split_once(' ').unwrap_or_default();
                let told = format!("Le {date} est un {falls_on}.");
                found.push(sentence.advice(AdviceKind::WrongWeekday, told, format!("« {shown} »")));
            }
            Some(_) => {}
        }
    }
}

/// A day in a sentence that depends on when one reads.
fn floating(words: &[String]) -> Option<String> {
    let floats = |(at, word): (usize, &String)| match word.as_str() {
        "aujourd" => Some("aujourd’hui".to_owned()),
        "prochain" | "prochaine" => {
            let before = words.get(at.checked_sub(1)?)?.as_str();
            let is_span = SPANS.contains(&before) || dates::weekday_of(before).is_some();
            is_span.then(|| format!("{before} {word}"))
        }
        word => FLOATING.contains(&word).then(|| word.to_owned()),
    };
    words.iter().enumerate().find_map(floats)
}

/// The dates of a sentence. One without a month has the month of the one that follows: `du lundi 10 au vendredi 14
/// mai`.
fn dates_of(words: &[String]) -> Vec<Dated> {
    let mut found: Vec<Dated> = (0..words.len()).filter_map(|at| dated(words, at)).collect();
    let mut month = None;
    for dated in found.iter_mut().rev() {
        month = dated.month.or(month);
        dated.month = month;
    }
    found
}

/// The date of which a word is the day.
fn dated(words: &[String], at: usize) -> Option<Dated> {
    let word = |at: Option<usize>| at.and_then(|at| words.get(at)).map_or("", String::as_str);
    let (before, earlier) = (word(at.checked_sub(1)), word(at.checked_sub(2)));
    // `rue du 8 mai`, `18 h`
    if CALLED_AFTER.contains(&earlier) || ["h", "heures"].contains(&word(Some(at + 1))) {
        return None;
    }
    // `lundi 10 mai`, `lundi le 10 mai`
    let weekday = dates::weekday_shortened(if before == "le" { earlier } else { before });
    let is_said = weekday.is_some() || ["le", "au", "du"].contains(&before);
    let in_words = || in_words(&words[at..], weekday.is_some());
    let (dated, length) = in_digits(&words[at], is_said).map(|it| (it, 1)).or_else(in_words)?;
    let begins_a_span = before == "du" && word(Some(at + length)) == "au";
    let is_one_of_several = ONE_OF_SEVERAL.contains(&before) || begins_a_span;
    Some(Dated { weekday, is_one_of_several, ..dated })
}

/// `10/05/2027`; `10/05` where it is said that it is a day, and no half and no mark out of ten.
fn in_digits(word: &str, is_said: bool) -> Option<Dated> {
    let mut parts = word.split('/');
    let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let year = parts.next().and_then(|year| year.parse().ok());
    let dated = Dated { weekday: None, day, month: Some(month), year, is_one_of_several: false };
    (is_said || year.is_some()).then_some(dated)
}

/// `10 mai 2027`, `10 mai`; `10` after a day of the week. How many words it takes.
fn in_words(words: &[String], has_weekday: bool) -> Option<(Dated, usize)> {
    let day = day(words.first()?)?;
    let month = words.get(1).and_then(|next| dates::month_shortened(next));
    let year = words.get(2).filter(|it| month.is_some() && it.len() == 4);
    let year = year.and_then(|it| it.parse().ok());
    let length = 1 + usize::from(month.is_some()) + usize::from(year.is_some());
    let dated = Dated { weekday: None, day, month, year, is_one_of_several: false };
    (month.is_some() || has_weekday).then_some((dated, length))
}

fn day(word: &str) -> Option<i8> {
    word.trim_end_matches("er").parse().ok().filter(|day| (1..=31).contains(day))
}

impl Dated {
    /// The day that is meant: of the year that is said, or one that was lately, or the next one that comes. `None`: there
    /// is no such day.
    fn date(&self, today: Date) -> Option<Date> {
        let month = self.month?;
        if let Some(year) = self.year {
            return Date::new(year, month, self.day).ok();
        }
        let years = [today.year() - 1, today.year(), today.year() + 1];
        let days = years.into_iter().filter_map(|year| Date::new(year, month, self.day).ok());
        let days: Vec<Date> = days.collect();
        let from = |back: i64| today.saturating_sub(back.days());
        let is_right = |day: &&Date| self.weekday == Some(day.weekday()) && **day < today;
        let gone_by = days.iter().filter(|day| **day >= from(BACK_IF_RIGHT)).find(is_right);
        gone_by.or_else(|| days.iter().find(|day| **day >= from(BACK))).copied()
    }
}

/// The field that says when families hear more, without a day in it.
pub(super) fn of_appointment(field: &str, text: &str) -> Option<Advice> {
    let says_when = |word: &str| {
        let word = word.to_lowercase();
        word.chars().any(|sign| sign.is_ascii_digit())
            || dates::weekday_shortened(&word).is_some()
            || ["rentrée", "vacances", "pas", "néant", "sans"].contains(&word.as_str())
            || word.starts_with("aucun")
    };
    if text.trim().is_empty() || words(text).any(says_when) {
        return None;
    }
    Some(Advice {
        kind: AdviceKind::NoAppointment,
        field: field.to_owned(),
        sentence: text.trim().to_owned(),
        told: "Les familles ne savent pas quand elles en sauront plus.".to_owned(),
        better: "un jour et une heure, ou « aucun avant le… »".to_owned(),
    })
}
