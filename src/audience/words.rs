//! The words of a rule: split where nothing is quoted, compared as people read them.

use super::error::RuleError;
use crate::people::unaccented_capitals;

/// Longer than any rule that a person types.
const LONGEST_RULE: usize = 4_096;
/// Longer than any word that a slip of the hand is looked for in.
const LONGEST_SLIP: usize = 40;

/// One word: what stands before the colon, and the values after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RuleWord {
    /// As typed, for what is said of it.
    pub typed: String,
    /// Before the first colon.
    pub name: String,
    /// After it, split at the commas; `None` without a colon. An empty one names nothing.
    pub values: Option<Vec<String>>,
}

impl RuleWord {
    /// Whether it is this word, without any value.
    pub(super) fn is(&self, word: &str) -> bool {
        self.values.is_none() && unaccented_capitals(&self.name) == unaccented_capitals(word)
    }

    fn push(&mut self, letter: char) {
        match self.values.as_mut().and_then(|values| values.last_mut()) {
            Some(value) => value.push(letter),
            None => self.name.push(letter),
        }
    }

    fn trimmed(mut self) -> Self {
        for value in self.values.iter_mut().flatten() {
            *value = value.trim().to_owned();
        }
        self
    }
}

/// Splits a rule into words. A blank beside a comma separates nothing, and neither does what stands
/// between quotes.
pub(super) fn words(text: &str) -> Result<Vec<RuleWord>, RuleError> {
    if text.len() > LONGEST_RULE {
        return Err(RuleError::TooLong(LONGEST_RULE));
    }
    let mut words = Vec::new();
    let mut word = RuleWord::default();
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter.is_whitespace() {
            while letters.next_if(|next| next.is_whitespace()).is_some() {}
            let is_beside_a_comma = letters.peek() == Some(&',') || word.typed.ends_with(',');
            let goes_on = word.values.is_some() && is_beside_a_comma;
            if !goes_on && !word.typed.is_empty() {
                words.push(std::mem::take(&mut word).trimmed());
            }
            continue;
        }
        word.typed.push(letter);
        match (letter, word.values.as_mut()) {
            (':', None) => word.values = Some(vec![String::new()]),
            (',', Some(values)) => values.push(String::new()),
            (open, Some(_)) if closing(open).is_some() => quoted(&mut word, open, &mut letters)?,
            _ => word.push(letter),
        }
    }
    if !word.typed.is_empty() {
        words.push(word.trimmed());
    }
    Ok(words)
}

/// The sign that ends what this one begins.
fn closing(open: char) -> Option<char> {
    match open {
        '"' => Some('"'),
        '“' => Some('”'),
        '«' => Some('»'),
        _ => None,
    }
}

/// Takes all up to the closing quote; doubled, a straight one stands for itself.
fn quoted(
    word: &mut RuleWord,
    open: char,
    letters: &mut std::iter::Peekable<std::str::Chars<'_>>,
) -> Result<(), RuleError> {
    while let Some(letter) = letters.next() {
        word.typed.push(letter);
        if Some(letter) == closing(open) {
            let is_doubled = open == '"' && letters.next_if_eq(&'"').is_some();
            if !is_doubled {
                return Ok(());
            }
            word.typed.push('"');
        }
        word.push(letter);
    }
    Err(RuleError::OpenQuote(word.typed.clone()))
}

/// The known word that was probably meant, when a slip of the hand explains the difference.
pub(super) fn nearest<'k>(
    typed: &str,
    known: impl IntoIterator<Item = &'k str>,
) -> Option<&'k str> {
    let typed: Vec<char> = unaccented_capitals(typed).chars().collect();
    if typed.len() > LONGEST_SLIP {
        return None;
    }
    let most = match typed.len() {
        0..=2 => return None,
        3..=5 => 1,
        _ => 2,
    };
    let near = known.into_iter().filter_map(|word| {
        let letters: Vec<char> = unaccented_capitals(word).chars().collect();
        let apart = letters.len().abs_diff(typed.len());
        (apart <= most).then(|| (slips(&typed, &letters), word))
    });
    near.filter(|(slips, _)| *slips <= most).min_by_key(|(slips, _)| *slips).map(|(_, word)| word)
}

/// Letters to add, drop or change between two words (Levenshtein).
fn slips(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let changed = diagonal + usize::from(letter != other);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
