//! What is not language, and stays as typed.

use std::ops::Range;

/// Which signs belong to an address, a name of a file or a code.
pub fn mask(signs: &[char]) -> Vec<bool> {
    let mut mask = Vec::with_capacity(signs.len());
    for word in signs.split_inclusive(|sign| sign.is_whitespace()) {
        let kept = kept_signs(word);
        mask.extend((0..word.len()).map(|place| kept.contains(&place)));
    }
    mask
}

fn kept_signs(word: &[char]) -> Range<usize> {
    // As most words are: letters alone are language.
    if word.iter().all(|sign| sign.is_alphabetic() || sign.is_whitespace()) {
        return 0..0;
    }
    let text: String = word.iter().collect();
    let is_address = ["://", "www.", "mailto:", "tel:"].iter().any(|mark| text.contains(mark));
    if is_address || text.contains(['@', '\\', '_', '#']) || has_ending(word) || is_password(word) {
        return 0..word.len();
    }
    let is_of_code = |sign: &char| sign.is_alphanumeric();
    let first = word.iter().position(is_of_code).unwrap_or(0);
    let code = first..word.iter().rposition(is_of_code).map_or(0, |last| last + 1);
    if word.get(code.clone()).is_some_and(is_reference) { code } else { 0..0 }
}

/// `college.fr`, `fiche-6e.pdf`: a full stop within a word.
fn has_ending(word: &[char]) -> bool {
    word.windows(3).any(
        |signs| matches!(signs, [name, '.', end] if name.is_alphanumeric() && end.is_alphabetic()),
    )
}

/// `Kx7!`: small and capital letters and digits; the sign at its end may belong to it.
fn is_password(word: &[char]) -> bool {
    let has = |kind: fn(&char) -> bool| word.iter().any(kind);
    has(char::is_ascii_digit) && has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase)
}

/// `7K4M-02QB`: parts of capitals and digits.
fn is_reference(code: &[char]) -> bool {
    let is_mixed = |part: &[char]| {
        part.iter().any(char::is_ascii_digit) && part.iter().any(char::is_ascii_uppercase)
    };
    let mut parts = code.split(|sign| *sign == '-');
    code.contains(&'-')
        && code.iter().all(|sign| *sign == '-' || sign.is_alphanumeric())
        && parts.any(is_mixed)
}
