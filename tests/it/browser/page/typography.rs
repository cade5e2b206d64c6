//! French as a printer sets it: apostrophes, spaces that do not break before high signs.
//! Rules: *Lexique des règles typographiques en usage à l'Imprimerie nationale*.

use super::document::{Block, Document};

/// Spaces at which no line ends.
const UNBROKEN: [char; 2] = ['\u{a0}', '\u{202f}'];
/// Characters around a fault, so that one finds it.
const AROUND: usize = 12;

pub(super) fn faults(document: &Document) -> Vec<String> {
    document.blocks.iter().flat_map(of_block).collect()
}

fn of_block(block: &Block) -> Vec<String> {
    let mut faults = Vec::new();
    let text = block.ours.trim();
    let signs: Vec<char> = joined(text).chars().collect();
    for at in 0..signs.len() {
        if let Some(fault) = fault_at(&signs, at) {
            let from = at.saturating_sub(AROUND);
            let until = signs.len().min(at + AROUND);
            faults.push(format!("{fault}: {:?}", signs[from..until].iter().collect::<String>()));
        }
    }
    faults
}

/// The text as a browser shows it: it makes one of several spaces, but for those that do not break.
fn joined(text: &str) -> String {
    let words = text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

fn fault_at(signs: &[char], at: usize) -> Option<&'static str> {
    let before = at.checked_sub(1).map(|before| signs[before]);
    let after = signs.get(at + 1).copied();
    let is_letter = |sign: Option<char>| sign.is_some_and(char::is_alphabetic);
    let ends = after.is_none_or(|next| next.is_whitespace() || next == '»');
    let is_unbroken = |sign: Option<char>| sign.is_some_and(|sign| UNBROKEN.contains(&sign));
    match signs[at] {
        sign if sign.is_whitespace() && after.is_some_and(char::is_whitespace) => {
            Some("two spaces")
        }
        '\'' if is_letter(before) && is_letter(after) => Some("’ for '"),
        '"' => Some("« » for \""),
        ';' | ':' | '!' | '?' if ends && before.is_some() && !is_unbroken(before) => {
            Some("a space that does not break, before")
        }
        '»' if !is_unbroken(before) => Some("a space that does not break, before"),
        '«' if !is_unbroken(after) => Some("a space that does not break, after"),
        '.' if before == Some('.') && after == Some('.') => Some("… for ..."),
        _ => None,
    }
}
