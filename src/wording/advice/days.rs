//! Days: a date with its day of the week, and the right one; a letter is not read on the day it is written.

use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};

use super::piece::{Advice, AdviceKind, Sentence};
use super::sentences::words;
use crate::wording::dates;

/// Days that depend on when one reads.
const FLOATING: [&str; 5] = ["demain", "après-demain", "aujourd", "hier", "prochaine"];
/// How far back a date without a year may lie, in days; it is of this year or the next otherwise.
const BACK: i64 = 60;

/// A day of the month, with what stands beside it.
struct Dated {
    weekday: Option<Weekday>,
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
}

pub(super) fn look(sentence: &Sentence<'_>, today: Date, found: &mut Vec<Advice>) {
    let words: Vec<String> = words(&sentence.text).map(str::to_lowercase).collect();
    if let Some(word) = words.iter().find(|word| FLOATING.contains(&word.as_str())) {
        let word = if word == "aujourd" { "aujourd’hui" } else { word.as_str() };
        let told = format!("« {word} » ne veut plus rien dire pour qui lit un autre jour.");
        let better = "le jour et la date : « lundi 16 mars »";
        found.push(sentence.advice(AdviceKind::Undated, told, better));
    }
    for dated in dates_of(&words) {
        let Some(day) = dated.date(today) else { continue };
        let shown = dates::without_year(day);
        match dated.weekday {
            None => {
                let told = format!("Le {} : de quel jour s’agit-il ?", in_month(day));
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

fn in_month(day: Date) -> String {
    let shown = dates::without_year(day);
    shown.split_once(' ').map_or(shown.clone(), |(_, date)| date.to_owned())
}

/// The dates of a sentence. One without a month has the month of the one that follows: `du lundi 10 au vendredi 14
/// mai`.
fn dates_of(words: &[String]) -> Vec<Dated> {
    let mut found: Vec<Dated> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let weekday = before.and_then(|before| dates::weekday_of(before));
        if let Some(dated) = in_digits(word, weekday) {
            found.push(dated);
            continue;
        }
        let Some(day) = day(word) else { continue };
        let month = words.get(at + 1).and_then(|next| dates::month_of(next));
        if month.is_some() || weekday.is_some() {
            let year = words.get(at + 2).filter(|_| month.is_some());
            let year = year.filter(|it| it.len() == 4).and_then(|it| it.parse().ok());
            found.push(Dated { weekday, day, month, year });
        }
    }
    let mut month = None;
    for dated in found.iter_mut().rev() {
        month = dated.month.or(month);
        dated.month = month;
    }
    found
}

/// `10/05`, `10/05/2027`.
fn in_digits(word: &str, weekday: Option<Weekday>) -> Option<Dated> {
    let mut parts = word.split('/');
    let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let year = parts.next().and_then(|year| year.parse().ok());
    Some(Dated { weekday, day, month: Some(month), year })
}

fn day(word: &str) -> Option<i8> {
    word.trim_end_matches("er").parse().ok().filter(|day| (1..=31).contains(day))
}

impl Dated {
    /// The day that is meant: of the year that is said, or the next one that comes. `None`: there is no such day.
    fn date(&self, today: Date) -> Option<Date> {
        let month = self.month?;
        if let Some(year) = self.year {
            return Date::new(year, month, self.day).ok();
        }
        let from = today.saturating_sub(BACK.days());
        let years = [from.year(), from.year() + 1];
        let days = years.into_iter().filter_map(|year| Date::new(year, month, self.day).ok());
        days.into_iter().find(|day| *day >= from)
    }
}

/// The field that says when families hear more, without a day in it.
pub(super) fn of_appointment(field: &str, text: &str) -> Option<Advice> {
    let says_when = |word: &str| {
        let word = word.to_lowercase();
        word.chars().any(|sign| sign.is_ascii_digit())
            || dates::weekday_of(&word).is_some()
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
