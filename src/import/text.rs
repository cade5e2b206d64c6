//! From the bytes of a table to UTF-8: by its mark where it has one, else by what the bytes can be.

use std::borrow::Cow;

use super::decode::line_of;
use super::refused::Reason;
use super::{encoded_twice, one_byte};

/// Bytes of one line on disk: the longest of a real table is a few thousand.
const LONGEST_LINE: usize = 64 * 1024;
const UTF_8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The whole text; refused with the line where it cannot be one.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, (Option<u64>, Reason)> {
    if let Some(text) = bytes.strip_prefix(b"\xFF\xFE") {
        return from_utf_16(text, u16::from_le_bytes).and_then(once);
    }
    if let Some(text) = bytes.strip_prefix(b"\xFE\xFF") {
        return from_utf_16(text, u16::from_be_bytes).and_then(once);
    }
    // A table begins with a letter: one of two bytes, then, without a mark.
    match bytes {
        [0, 0, ..] => {}
        [_, 0, ..] => return from_utf_16(bytes, u16::from_le_bytes).and_then(once),
        [0, ..] => return from_utf_16(bytes, u16::from_be_bytes).and_then(once),
        _ => {}
    }
    let mut text = bytes;
    while let Some(rest) = text.strip_prefix(UTF_8_MARK) {
        text = rest;
    }
    let mut lines = LineCounter::new(bytes.len() - text.len());
    text.iter().try_for_each(|byte| lines.take(char::from(*byte), 1))?;
    match std::str::from_utf8(text) {
        Ok(text) => once(text),
        Err(bad) => from_one_byte(text, bad.valid_up_to()).map(Cow::Owned),
    }
}

/// The text as it was encoded first; refused where letters are lost.
fn once<'a>(text: impl Into<Cow<'a, str>>) -> Result<Cow<'a, str>, (Option<u64>, Reason)> {
    let text = text.into();
    if let Some(at) = lost_letter(&text) {
        return Err((Some(line_of(text.as_bytes(), at)), Reason::LostLetters));
    }
    Ok(encoded_twice::undone(&text).map_or(text, Cow::Owned))
}

/// Where a program put U+FFFD for what it could not read, or a question mark within a word ("Pr?nom") for
/// what it had no sign for: then there is no accent in all of the file.
fn lost_letter(text: &str) -> Option<usize> {
    let marked = text.find(char::REPLACEMENT_CHARACTER);
    marked.or_else(|| {
        let is_letter = |at: Option<usize>| {
            at.and_then(|at| text.as_bytes().get(at)).is_some_and(u8::is_ascii_alphabetic)
        };
        let is_within = |at: usize| {
            is_letter(at.checked_sub(1)) && is_letter(Some(at + 1)) && !is_link(text, at)
        };
        let mut marks = text.match_indices('?').map(|(at, _)| at).filter(|at| is_within(*at));
        text.is_ascii().then(|| marks.next()).flatten()
    })
}

/// Whether the word before this place is an address of the web or of a mailbox: what follows are its
/// settings.
fn is_link(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let ends_word = |letter: char| letter.is_whitespace() || ";,|\"".contains(letter);
    before.rsplit(ends_word).next().is_some_and(|word| word.contains(['@', '/']))
}

/// Counts lines, and stops at one without end or at a character that no table holds.
struct LineCounter {
    line: u64,
    length: usize,
    byte: usize,
}

impl LineCounter {
    fn new(byte: usize) -> Self {
        Self { line: 1, length: 0, byte }
    }

    fn take(&mut self, letter: char, size: usize) -> Result<(), (Option<u64>, Reason)> {
        match letter {
            '\n' | '\r' => {
                self.line += u64::from(letter == '\n');
                self.length = 0;
            }
            '\t' => self.length += size,
            '\0'..' ' => return Err(self.refused(Reason::ControlCharacter(self.byte))),
            _ => self.length += size,
        }
        self.byte += size;
        if self.length > LONGEST_LINE { Err(self.refused(Reason::TooLarge)) } else { Ok(()) }
    }

    fn refused(&self, reason: Reason) -> (Option<u64>, Reason) {
        (Some(self.line), reason)
    }
}

fn from_utf_16(text: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, (Option<u64>, Reason)> {
    let (pairs, half) = text.as_chunks::<2>();
    let mut lines = LineCounter::new(0);
    let mut decoded = String::new();
    let wrong = |byte| Reason::WrongEncoding { declared: "UTF-16".to_owned(), byte };
    for letter in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let letter = letter.map_err(|_| lines.refused(wrong(lines.byte)))?;
        lines.take(letter, letter.len_utf16() * 2)?;
        decoded.push(letter);
    }
    if half.is_empty() { Ok(decoded) } else { Err(lines.refused(wrong(lines.byte))) }
}

/// With UTF-8 letters beside bytes that are none, two programs wrote the file, and no reading of it is
/// right.
fn from_one_byte(text: &[u8], not_utf_8: usize) -> Result<String, (Option<u64>, Reason)> {
    let refused = |byte, reason| Err((Some(line_of(text, byte)), reason));
    if let Some(utf_8) = text.windows(2).position(is_utf_8_letter) {
        return refused(utf_8.max(not_utf_8), Reason::MixedEncodings);
    }
    match one_byte::decoded(text) {
        Ok(text) => Ok(text),
        Err(one_byte::Untold::Hole(byte)) => {
            let declared = "windows-1252".to_owned();
            refused(byte, Reason::WrongEncoding { declared, byte })
        }
        Err(one_byte::Untold::Unclear(byte)) => refused(byte, Reason::UntoldEncoding),
    }
}

/// À to ÿ, Œ, œ, Ÿ in UTF-8: in windows-1252 a capital that French does not have, and a sign after it.
fn is_utf_8_letter(pair: &[u8]) -> bool {
    matches!(pair, [0xC3, 0x80..=0xBF] | [0xC5, 0x92 | 0x93 | 0xB8])
}
