//! Signs that stand for others on a keyboard: `'`, `"`, and the letters of `6e`.

use super::words::{begins_number, digits, ends_word, is_of_word};

/// `l'école` to `l’école`. Feet, minutes and words between two `'` keep theirs.
pub fn set_apostrophes(signs: &mut [char], kept: &[bool]) {
    for at in 0..signs.len() {
        let is_one = signs.get(at) == Some(&'\'') && kept.get(at) == Some(&false);
        let (before, after) = signs.split_at(at);
        if is_one && joins_words(before, after.get(1..).unwrap_or_default()) {
            signs[at] = '’';
        }
    }
}

fn joins_words(before: &[char], after: &[char]) -> bool {
    let letters =
        before.iter().rev().take_while(|sign| is_of_word(**sign) && !sign.is_ascii_digit());
    let length = letters.count();
    let (front, word) = before.split_at(before.len() - length);
    let is_quoted = front.last() == Some(&'\'');
    let follows = after.first().is_some_and(|next| is_of_word(*next) || matches!(next, '«' | '"'));
    length > 0 && !is_quoted && (follows || is_elided(word))
}

/// Whether a word has lost its vowel, so that another follows, in bold or in another line.
fn is_elided(word: &[char]) -> bool {
    match word {
        [one] => "cdjlmnst".contains(one.to_ascii_lowercase()),
        [.., 'q' | 'Q', 'u' | 'U'] => true,
        _ => false,
    }
}

/// `"oui"` to `«oui»`: a sign that closes and the last before it that opens. One without the other stays.
pub fn set_quotes(signs: &mut [char], kept: &[bool]) {
    let mut open = Vec::new();
    for at in 0..signs.len() {
        if signs.get(at) != Some(&'"') || kept.get(at) != Some(&false) {
            continue;
        }
        let (before, after) = signs.split_at(at);
        let (before, after) = (before.last().copied(), after.get(1).copied());
        if opens(before, after) {
            open.push(at);
        } else if closes(before, after)
            && let Some(opened) = open.pop()
        {
            signs[opened] = '«';
            signs[at] = '»';
        }
    }
}

fn opens(before: Option<char>, after: Option<char>) -> bool {
    before.is_none_or(|it| it.is_whitespace() || "([{’'–—-/«".contains(it))
        && after.is_some_and(|it| !it.is_whitespace() && !matches!(it, '"' | '«' | '»'))
}

fn closes(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(|it| !it.is_whitespace() && !matches!(it, '«' | '»'))
        && after.is_none_or(|it| it.is_whitespace() || ".,;:!?…)]}–—-/»\"".contains(it))
}

/// What is written after a number, and as it is raised. The two that only a first or a second has come
/// before the one that all have.
const ENDINGS: [(&str, &str, Option<&str>); 7] = [
    ("er", "ᵉʳ", Some("1")),
    ("re", "ʳᵉ", Some("1")),
    ("nde", "ⁿᵈᵉ", Some("2")),
    ("nd", "ⁿᵈ", Some("2")),
    ("de", "ᵈᵉ", Some("2")),
    ("es", "ᵉˢ", None),
    ("e", "ᵉ", None),
];
const LONGEST_ORDINAL: usize = 3;

/// `6e` to `6ᵉ`, `1re` to `1ʳᵉ`. A class such as 6E1 or 6eA is none.
pub fn raise_ordinals(signs: &mut [char], kept: &[bool]) {
    let mut at = 0;
    while at < signs.len() {
        let (before, rest) = signs.split_at_mut(at);
        let length = digits(rest);
        let may_be = (1..=LONGEST_ORDINAL).contains(&length) && kept.get(at) == Some(&false);
        if may_be && begins_number(before) {
            raise(rest, length);
        }
        at += length.max(1);
    }
}

fn raise(signs: &mut [char], length: usize) {
    let (number, rest) = signs.split_at_mut(length);
    let number: String = number.iter().collect();
    let ending = ENDINGS.iter().find(|(typed, _, only)| {
        let width = typed.len();
        only.is_none_or(|only| only == number)
            && rest.iter().take(width).copied().eq(typed.chars())
            && ends_word(rest.get(width..).unwrap_or_default())
    });
    if let Some((_, raised, _)) = ending {
        rest.iter_mut().zip(raised.chars()).for_each(|(sign, raised)| *sign = raised);
    }
}
