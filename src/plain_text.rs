//! Characters that speak to a machine instead of a reader: those that steer a terminal, turn the
//! direction of a line, or break it unseen. A name holds none when it comes in, and whatever shows a text
//! shows them as what they are.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::ser::Formatter;

/// Whether a character steers, turns or hides, instead of being read: Unicode's controls (Cc), the marks of
/// direction, the separators of lines, and what has no width. Line feed and tab are layout.
#[must_use]
pub fn is_signal(letter: char) -> bool {
    match letter {
        // The joiners are letters' own in Persian names and in emoji.
        ' '..='~' | '\n' | '\t' | '\u{200C}' | '\u{200D}' => false,
        '\u{AD}'
        | '\u{61C}'
        | '\u{180E}'
        | '\u{200B}'..='\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}'
        | '\u{E0000}'..='\u{E007F}' => true,
        _ => letter.is_control(),
    }
}

/// Whether a text may hold a signal: it has a byte with which one begins. Nearly no text has, and bytes
/// are seen many at a time.
fn may_signal(text: &str) -> bool {
    const fn begins_a_signal(byte: u8) -> bool {
        matches!(byte, 0..b' ' | 0x7F | 0xC2 | 0xD8 | 0xE1 | 0xE2 | 0xEF | 0xF3)
    }
    text.bytes().fold(false, |may, byte| may | begins_a_signal(byte))
}

/// A text as it may come in: lines end in a line feed, a tab is a blank, signals are gone.
#[must_use]
pub fn cleaned(text: &str) -> Cow<'_, str> {
    if !may_signal(text) || !text.contains(|letter| letter == '\t' || is_signal(letter)) {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n");
    let clean = text.chars().filter_map(|letter| match letter {
        '\t' => Some(' '),
        '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        _ => (!is_signal(letter)).then_some(letter),
    });
    Cow::Owned(clean.collect())
}

/// The same where one line is due, as for a name: no line break, no blank around it.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    let clean = cleaned(text);
    if !clean.contains('\n') {
        return match clean {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
    }
    let parts = clean.lines().map(str::trim).filter(|part| !part.is_empty());
    Cow::Owned(parts.collect::<Vec<_>>().join(" "))
}

/// A text for a terminal: signals are written as their numbers, `\u{1b}`, and do nothing.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if !may_signal(text) || !text.contains(is_signal) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_signal(letter) {
            shown.extend(letter.escape_unicode());
        } else {
            shown.push(letter);
        }
    }
    Cow::Owned(shown)
}

/// JSON in which signals beyond ASCII stand as `\u009b` too: it is the same JSON, and a terminal that
/// shows it obeys nothing.
pub struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        if !may_signal(fragment) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(is_signal) {
            let (before, from) = rest.split_at(at);
            writer.write_all(before.as_bytes())?;
            let mut letters = from.chars();
            let units = &mut [0; 2];
            for unit in letters.next().map_or(&mut [][..], |letter| letter.encode_utf16(units)) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = letters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_turns_or_hides_is_gone_and_the_text_stays() {
        assert_eq!(cleaned("ZO\u{1b}[31mÉ\u{202e}\u{9b}\u{200b}\u{7f}"), "ZO[31mÉ");
        assert_eq!(cleaned("1 rue Basse\r\nBât.\tB\u{2028}C\rD"), "1 rue Basse\nBât. B\nC\nD");
        assert_eq!(one_line("\nDU\u{a0}PONT \r\n MARTIN\u{85}"), "DU\u{a0}PONT MARTIN");
        assert!(matches!(cleaned("Zoë, « می‌خواهم »"), Cow::Borrowed(_)));
    }

    #[test]
    fn every_signal_begins_with_a_byte_that_is_looked_for() {
        let signals =
            (char::MIN..=char::MAX).filter(|letter| is_signal(*letter) || *letter == '\t');
        let missed = |letter: &char| !may_signal(letter.encode_utf8(&mut [0; 4]));
        assert_eq!(signals.filter(missed).collect::<Vec<char>>(), [' '; 0]);
    }

    #[test]
    fn a_terminal_is_shown_what_would_have_steered_it() {
        assert_eq!(shown("a\u{1b}]0;x\u{7}\u{202e}é\n\tb"), "a\\u{1b}]0;x\\u{7}\\u{202e}é\n\tb");
    }

    #[test]
    fn json_stays_the_same_json_and_steers_nothing() {
        let text = "é\u{1b}\u{9b}31m\u{202e}\u{e0041}\"\\\n";
        let mut written = Vec::new();
        let mut serializer = serde_json::Serializer::with_formatter(&mut written, Harmless);
        serde::Serialize::serialize(text, &mut serializer).unwrap();
        let written = String::from_utf8(written).unwrap();
        assert!(!written.contains(|letter: char| is_signal(letter) || letter == '\n'), "{written}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }
}
