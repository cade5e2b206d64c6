//! Where sentences begin and end, and their words.

use crate::wording::dates;

/// What ends in a point and no sentence, also before a capital.
const SHORT_FORMS: [&str; 24] = [
    "m", "mm", "mme", "mmes", "mlle", "dr", "pr", "st", "ste", "p", "ex", "réf", "tél", "av", "bd",
    "bât", "n", "art", "cf", "env", "prof", "resp", "dir", "chap",
];

/// The sentences of a plain text, each in one line: a line ends one too.
pub(super) fn of(text: &str) -> Vec<String> {
    text.lines().flat_map(of_line).collect()
}

fn of_line(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut begun = String::new();
    let mut words = line.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let is_first = begun.is_empty();
        if !is_first {
            begun.push(' ');
        }
        begun.push_str(word);
        let is_mark = word.chars().all(|sign| "!?.…".contains(sign));
        if is_mark || ends(word, is_first, words.peek().copied()) {
            found.push(std::mem::take(&mut begun));
        }
    }
    if !begun.is_empty() {
        found.push(begun);
    }
    joined(found)
}

/// Whether a word ends its sentence. A point before a small letter is that of a short form, and one after a number
/// that begins the line counts what follows.
fn ends(word: &str, is_first: bool, next: Option<&str>) -> bool {
    let bare = word.trim_end_matches(['»', ')', '"', '\u{202f}', '\u{a0}']);
    let Some(before) = bare.strip_suffix('.') else { return bare.ends_with(['!', '?', '…']) };
    let goes_on = next.is_some_and(|next| next.starts_with(char::is_lowercase));
    let counts = is_first && before.chars().all(|sign| sign.is_ascii_digit());
    let before = before.to_lowercase();
    let is_shortened = (dates::month_shortened(&before).is_some()
        && dates::month_of(&before).is_none())
        || (dates::weekday_shortened(&before).is_some() && dates::weekday_of(&before).is_none());
    let stands_for_more = is_shortened || SHORT_FORMS.contains(&before.as_str());
    !goes_on && !counts && !stands_for_more
}

/// A mark that stands alone, as French sets it, belongs to the sentence before.
fn joined(pieces: Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for piece in pieces {
        let is_mark = piece.chars().all(|sign| !sign.is_alphanumeric());
        match found.last_mut() {
            Some(last) if is_mark => *last = format!("{last} {piece}"),
            _ => found.push(piece),
        }
    }
    found
}

/// The words of a sentence as they are typed: letters and digits, with what joins them.
pub(super) fn words(sentence: &str) -> impl Iterator<Item = &str> {
    let parts = |sign: char| !(sign.is_alphanumeric() || "-/@.".contains(sign));
    let words = sentence.split(parts).map(|word| word.trim_matches(['-', '/', '.']));
    words.filter(|word| !word.is_empty())
}
