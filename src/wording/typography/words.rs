//! Where words and numbers begin and end, and the spaces that stand between.

/// Before `;` `!` `?` `»` and after `«`.
pub const NARROW: char = '\u{202f}';
/// A space that does not break.
pub const WIDE: char = '\u{a0}';

/// A space within a line, whichever.
pub fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | WIDE | NARROW | '\u{2009}')
}

/// A letter or a digit, or a sign of the private-use area: a name will stand there.
pub fn is_of_word(sign: char) -> bool {
    sign.is_alphanumeric() || ('\u{e000}'..='\u{f8ff}').contains(&sign)
}

/// How many digits stand at the beginning.
pub fn digits(signs: &[char]) -> usize {
    signs.iter().take_while(|sign| sign.is_ascii_digit()).count()
}

/// Whether a number that begins there is one by itself, not the end of a word, a decimal or a code.
pub fn begins_number(before: &[char]) -> bool {
    match before {
        [.., whole, '.' | ','] => !whole.is_ascii_digit(),
        [.., last] => !is_of_word(*last) && !matches!(last, '_' | '#' | '\'' | '+'),
        [] => true,
    }
}

/// Whether a word may end before these signs.
pub fn ends_word(after: &[char]) -> bool {
    after.first().is_none_or(|next| !is_of_word(*next) && !matches!(next, '_' | '\'' | '°'))
}
