//! French typography of what people typed: apostrophes, quotation marks, raised letters of ordinals,
//! hours, and spaces that do not break. For screens and paper; never for SMS, where each of these signs
//! costs dear.
//!
//! What is not language stays as typed: addresses, names of files, codes, times such as 8:30, classes
//! such as 6A. Applying it twice changes nothing more. Rules: *Lexique des règles typographiques en usage
//! à l'Imprimerie nationale*.

mod joined;
mod kept;
mod signs;
mod spaces;

/// Before `;` `!` `?` `»` and after `«`.
const NARROW: char = '\u{202f}';
/// A space that does not break.
const WIDE: char = '\u{a0}';

/// A sign of the text as set, and the place of the typed sign that it comes from.
pub type Placed = (char, usize);

/// The text as a French printer sets it.
#[must_use]
pub fn french(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    set(signs).into_iter().map(|(sign, _)| sign).collect()
}

/// The same sign by sign, for a line that is bold in places.
#[must_use]
pub fn set(mut signs: Vec<char>) -> Vec<Placed> {
    let kept = kept::mask(&signs);
    signs::set_apostrophes(&mut signs, &kept);
    signs::set_quotes(&mut signs, &kept);
    joined::join(&mut signs);
    signs::raise_ordinals(&mut signs, &kept);
    spaces::set(&signs, &kept)
}

/// A space within a line, whichever.
fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | WIDE | NARROW | '\u{2009}')
}

/// A letter or a digit, or a sign of the private-use area: a name will stand there.
fn is_of_word(sign: char) -> bool {
    sign.is_alphanumeric() || ('\u{e000}'..='\u{f8ff}').contains(&sign)
}

/// How many digits stand at the beginning.
fn digits(signs: &[char]) -> usize {
    signs.iter().take_while(|sign| sign.is_ascii_digit()).count()
}

/// Whether a number that begins there is one by itself, not the end of a word, a decimal or a code.
fn begins_number(before: &[char]) -> bool {
    match before {
        [.., whole, '.' | ','] => !whole.is_ascii_digit(),
        [.., last] => !is_of_word(*last) && !matches!(last, '_' | '#' | '\'' | '+'),
        [] => true,
    }
}

/// Whether a word may end before these signs.
fn ends_word(after: &[char]) -> bool {
    after.first().is_none_or(|next| !is_of_word(*next) && !matches!(next, '_' | '\'' | '°'))
}
