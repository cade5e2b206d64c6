//! Where sentences begin and end, and their words.

/// What ends in a point and no sentence.
const SHORT_FORMS: [&str; 10] = ["m", "mm", "p", "ex", "réf", "tél", "av", "bd", "dr", "n"];

/// The sentences of a plain text, each in one line: a line ends one too.
pub(super) fn of(text: &str) -> Vec<String> {
    text.lines().flat_map(of_line).collect()
}

fn of_line(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut begun = String::new();
    for word in line.split_whitespace() {
        if !begun.is_empty() {
            begun.push(' ');
        }
        begun.push_str(word);
        let is_mark = word.chars().all(|sign| "!?.…".contains(sign));
        if (is_mark || ends(word)) && !begun.is_empty() {
            found.push(std::mem::take(&mut begun));
        }
    }
    if !begun.is_empty() {
        found.push(begun);
    }
    joined(found)
}

fn ends(word: &str) -> bool {
    let bare = word.trim_end_matches(['»', ')', '"', '\u{202f}', '\u{a0}']);
    match bare.strip_suffix('.') {
        Some(before) => !SHORT_FORMS.contains(&before.to_lowercase().as_str()),
        None => bare.ends_with(['!', '?', '…']),
    }
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
