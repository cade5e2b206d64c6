//! Words that stay on one line: `16 mars`, `05 36 49 00 01`, `Mme Arago`, `salle 12`, `12 rue`.

use super::words::{WIDE, is_of_word};
use crate::wording::dates;

/// What follows its number closely, besides months: measures, ways.
const AFTER_NUMBER: [&str; 26] = [
    "h",
    "heures",
    "min",
    "minutes",
    "jours",
    "ans",
    "euros",
    "km",
    "m",
    "cm",
    "kg",
    "g",
    "bis",
    "ter",
    "rue",
    "avenue",
    "av",
    "boulevard",
    "bd",
    "place",
    "impasse",
    "allée",
    "chemin",
    "quai",
    "route",
    "square",
];
/// What a number follows closely.
const BEFORE_NUMBER: [&str; 12] =
    ["n°", "N°", "p.", "page", "art.", "salle", "Salle", "BP", "B.P.", "CS", "TSA", CEDEX];
/// What follows the name of a post town closely.
const CEDEX: &str = "CEDEX";
/// What a name follows closely.
const BEFORE_NAME: [&str; 8] = ["M.", "MM.", "Mme", "Mmes", "Mlle", "Dr", "Pr", "Me"];
/// Groups of three digits after the first of a number; more are several numbers.
const MOST_GROUPS: usize = 3;

/// A word and the place of the space after it; what opens before it is no part of it.
struct JoinedWord {
    text: String,
    end: usize,
}

impl JoinedWord {
    /// Without the signs that end a sentence.
    fn bare(&self) -> &str {
        self.text.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '»', '"', '…'])
    }

    fn is_number(&self, lengths: std::ops::RangeInclusive<usize>) -> bool {
        is_number(&self.text) && lengths.contains(&self.text.len())
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|sign| sign.is_ascii_digit())
}

/// Makes the spaces within such groups spaces that do not break. Two spaces in a row stay as typed.
pub fn join(signs: &mut [char]) {
    let words = words(signs);
    for at in 0..words.len() {
        let rest = words.get(at..).unwrap_or_default();
        let begins = at.checked_sub(1).and_then(|before| words.get(before));
        let begins = begins.is_none_or(|before| !is_number(&before.text));
        for word in rest.iter().take(closely(rest, begins)) {
            if let Some(blank @ ' ') = signs.get_mut(word.end) {
                *blank = WIDE;
            }
        }
    }
}

fn words(signs: &[char]) -> Vec<JoinedWord> {
    let mut words = Vec::new();
    let mut end = 0;
    for word in signs.split_inclusive(|sign| sign.is_whitespace()) {
        end += word.len();
        let text: String = word.iter().filter(|sign| !sign.is_whitespace()).collect();
        let text = text.trim_start_matches(['(', '[', '«', '"']).to_owned();
        words.push(JoinedWord { text, end: end - 1 });
    }
    words
}

/// How many of the spaces after the first word and those that follow it do not break; `begins` where no
/// number stands before it.
fn closely(rest: &[JoinedWord], begins: bool) -> usize {
    let telephone = groups_of_telephone(rest);
    let thousands = if begins { groups_of_thousands(rest) } else { 0 };
    match rest {
        _ if telephone > 0 => telephone,
        _ if thousands > 0 => thousands,
        [number, h, minutes, ..] if number.is_number(1..=2) && h.text == "h" => {
            if is_number(minutes.bare()) && minutes.bare().len() == 2 { 2 } else { 1 }
        }
        [word, next, ..] => usize::from(are_close(word, next)),
        _ => 0,
    }
}

fn are_close(word: &JoinedWord, next: &JoinedWord) -> bool {
    let text = word.text.as_str();
    let begins_with_capital =
        || next.text.starts_with(|sign: char| sign.is_uppercase() || is_name(sign));
    if next.bare() == CEDEX {
        !text.is_empty()
    } else if word.is_number(1..=3) || ["1er", "1ᵉʳ"].contains(&text) {
        AFTER_NUMBER.contains(&next.bare()) || dates::month_of(next.bare()).is_some()
    } else if word.is_number(5..=5) || BEFORE_NAME.contains(&text) {
        begins_with_capital()
    } else {
        BEFORE_NUMBER.contains(&text) && next.text.starts_with(|sign: char| sign.is_ascii_digit())
    }
}

/// Where a name will stand.
fn is_name(sign: char) -> bool {
    is_of_word(sign) && !sign.is_alphanumeric()
}

/// `05 36 49 00 01`, `+33 5 36 49 00 01`: how many spaces it has; none where there is no such number.
fn groups_of_telephone(rest: &[JoinedWord]) -> usize {
    match rest {
        [begin, pairs @ ..]
            if begin.is_number(2..=2) && begin.text.starts_with('0') && are_four_pairs(pairs) =>
        {
            4
        }
        [country, begin, pairs @ ..]
            if country.text.starts_with('+') && begin.is_number(1..=1) && are_four_pairs(pairs) =>
        {
            5
        }
        _ => 0,
    }
}

fn are_four_pairs(rest: &[JoinedWord]) -> bool {
    let [one, two, three, last, ..] = rest else { return false };
    [one, two, three].iter().all(|word| word.is_number(2..=2))
        && is_number(last.bare())
        && last.bare().len() == 2
}

/// `12 500`: how many spaces it has; none where the row of numbers goes on.
fn groups_of_thousands(rest: &[JoinedWord]) -> usize {
    let Some((_, others)) = rest.split_first().filter(|(first, _)| first.is_number(1..=3)) else {
        return 0;
    };
    let is_group = |word: &&JoinedWord| is_number(word.bare()) && word.bare().len() == 3;
    let groups = others.iter().take_while(is_group).count();
    let goes_on = others.get(groups).is_some_and(|next| is_number(next.bare()));
    if groups <= MOST_GROUPS && !goes_on { groups } else { 0 }
}
