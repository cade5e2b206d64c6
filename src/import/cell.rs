//! What spreadsheets write around a value, and what they write in the place of one.

use std::borrow::Cow;

/// What stands for the value of a formula that was never computed.
pub(super) const NEVER_COMPUTED: &str = "#?";
/// What Excel and `LibreOffice` show where a formula has no value, in English and in French.
const FAULTS: [&str; 22] = [
    NEVER_COMPUTED,
    "#N/A",
    "#N/D",
    "#NAME?",
    "#NOM?",
    "#REF!",
    "#VALUE!",
    "#VALEUR!",
    "#DIV/0!",
    "#NUM!",
    "#NOMBRE!",
    "#NULL!",
    "#NUL!",
    "#CALC!",
    "#CALCUL!",
    "#SPILL!",
    "#PROPAGATION!",
    "#FIELD!",
    "#CHAMP!",
    "#CONNECT!",
    "#BLOCKED!",
    "#GETTING_DATA",
];

/// Whether a cell tells that its formula has no value.
pub(super) fn is_fault(cell: &str) -> bool {
    match cell.as_bytes().first() {
        Some(b'#') => FAULTS.contains(&cell),
        Some(b'E') => cell
            .strip_prefix("Err:")
            .is_some_and(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit())),
        _ => false,
    }
}

/// A cell without what tells a spreadsheet that it is a text: `="6A"` and `'6A` are `6A`.
pub(super) fn unprotected(cell: &str) -> Cow<'_, str> {
    match cell.as_bytes().first() {
        Some(b'=') => constant(cell).unwrap_or(Cow::Borrowed(cell)),
        Some(b'\'') => Cow::Borrowed(without_apostrophe(cell)),
        _ => Cow::Borrowed(cell),
    }
}

/// The text of a formula that is nothing else; within it a quote is written twice.
fn constant(cell: &str) -> Option<Cow<'_, str>> {
    let text = cell.trim_end().strip_prefix("=\"")?.strip_suffix('"')?;
    let plain = text.replace("\"\"", "");
    if plain.contains('"') {
        return None;
    }
    let is_plain = plain.len() == text.len();
    Some(if is_plain { Cow::Borrowed(text) } else { Cow::Owned(text.replace("\"\"", "\"")) })
}

/// `'t Hooft` begins so by himself: a small letter and a blank.
fn without_apostrophe(cell: &str) -> &str {
    let Some(text) = cell.strip_prefix('\'') else { return cell };
    let is_name = matches!(text.as_bytes(), [b'a'..=b'z', b' ', ..]);
    if is_name || text.starts_with('\'') { cell } else { text }
}

/// Decodes the characters that an Excel file writes as `_xHHHH_`: those that XML cannot hold, and the
/// underscore before a text that only looks so. A control character other than a line end is a blank.
pub(super) fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut units: Vec<u16> = Vec::new();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some((unit, after)) = escape(rest) {
            units.push(unit);
            rest = after;
            continue;
        }
        drain(&mut units, &mut plain);
        plain.push(letter);
        rest = rest.get(letter.len_utf8()..).unwrap_or_default();
    }
    drain(&mut units, &mut plain);
    Cow::Owned(plain)
}

/// One `_xHHHH_` at the beginning, and what comes after it.
fn escape(text: &str) -> Option<(u16, &str)> {
    let digits = text.strip_prefix("_x")?.get(..4)?;
    let after = text.get(6..)?.strip_prefix('_')?;
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hexadecimal)?;
    Some((unit, after))
}

/// Two halves that follow each other are one character; half of one is the mark for what is lost.
fn drain(units: &mut Vec<u16>, plain: &mut String) {
    let letters = char::decode_utf16(units.drain(..));
    plain.extend(letters.map(|letter| match letter.unwrap_or(char::REPLACEMENT_CHARACTER) {
        '\n' | '\r' => '\n',
        letter if letter.is_control() => ' ',
        letter => letter,
    }));
}

#[cfg(test)]
mod tests {
    use super::{is_fault, unescaped, unprotected};

    #[test]
    fn what_protects_a_text_is_no_part_of_it() {
        for (cell, value) in [
            ("=\"6A\"", "6A"),
            ("'6A", "6A"),
            ("'0639980002", "0639980002"),
            ("=\"LE \"\"GOFF\"\"\"", "LE \"GOFF\""),
            ("=\"\"", ""),
            ("=A1&\"x\"", "=A1&\"x\""),
            ("=\"a\"&\"b\"", "=\"a\"&\"b\""),
            ("'t Hooft", "'t Hooft"),
            ("d'Arc", "d'Arc"),
            ("6A", "6A"),
        ] {
            assert_eq!(unprotected(cell), value, "{cell}");
        }
    }

    #[test]
    fn an_escape_of_excel_is_the_character_that_it_stands_for() {
        for (text, value) in [
            ("1 rue Basse_x000D_\nBât. B", "1 rue Basse\n\nBât. B"),
            ("a_x005F_x000D_b", "a_x000D_b"),
            ("_xD83D__xDE00_", "\u{1F600}"),
            ("_xD83D_", "\u{FFFD}"),
            ("bell_x0007_", "bell "),
            ("_x12_ _xZZZZ_ _x00e9_", "_x12_ _xZZZZ_ é"),
            ("snake_xylo", "snake_xylo"),
        ] {
            assert_eq!(unescaped(text), value, "{text}");
        }
    }

    #[test]
    fn only_what_a_program_shows_for_no_value_is_a_fault() {
        for fault in ["#N/A", "#NOM?", "Err:502", "#DIV/0!"] {
            assert!(is_fault(fault), "{fault}");
        }
        for value in ["#6A", "Err", "Err:5", "Erra", "N/A", ""] {
            assert!(!is_fault(value), "{value}");
        }
    }
}
