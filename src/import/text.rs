//! From the bytes of a table to UTF-8: by its mark where it has one, else by what the bytes can be.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;

use super::decode::{is_hole, line_of};
use super::refused::Reason;

/// Bytes of one line on disk: the longest of a real table is a few thousand.
const LONGEST_LINE: usize = 64 * 1024;
const UTF_8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The whole text; refused with the line where it cannot be one.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, (Option<u64>, Reason)> {
    if let Some(text) = bytes.strip_prefix(b"\xFF\xFE") {
        return from_utf_16(text, u16::from_le_bytes).map(Cow::Owned);
    }
    if let Some(text) = bytes.strip_prefix(b"\xFE\xFF") {
        return from_utf_16(text, u16::from_be_bytes).map(Cow::Owned);
    }
    let mut text = bytes;
    while let Some(rest) = text.strip_prefix(UTF_8_MARK) {
        text = rest;
    }
    let mut lines = Lines::new(bytes.len() - text.len());
    text.iter().try_for_each(|byte| lines.take(char::from(*byte), 1))?;
    match std::str::from_utf8(text) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(bad) => from_windows_1252(text, bad.valid_up_to()).map(Cow::Owned),
    }
}

/// Counts lines, and stops at one without end or at a character that no table holds.
struct Lines {
    line: u64,
    length: usize,
    byte: usize,
}

impl Lines {
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
    let mut lines = Lines::new(2);
    let mut decoded = String::new();
    let wrong = |byte| Reason::WrongEncoding { declared: "UTF-16".to_owned(), byte };
    for letter in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let letter = letter.map_err(|_| lines.refused(wrong(lines.byte)))?;
        lines.take(letter, letter.len_utf16() * 2)?;
        decoded.push(letter);
    }
    if half.is_empty() { Ok(decoded) } else { Err(lines.refused(wrong(lines.byte))) }
}

/// What calls itself ISO-8859-1 or -15 is windows-1252 in practice. With UTF-8 letters beside bytes
/// that are none, two programs wrote the file, and no reading of it is right.
fn from_windows_1252(text: &[u8], not_utf_8: usize) -> Result<String, (Option<u64>, Reason)> {
    let refused = |byte, reason| Err((Some(line_of(text, byte)), reason));
    if let Some(utf_8) = text.windows(2).position(is_utf_8_letter) {
        return refused(utf_8.max(not_utf_8), Reason::MixedEncodings);
    }
    if let Some(byte) = text.iter().position(|byte| is_hole(*byte, WINDOWS_1252)) {
        let declared = "windows-1252".to_owned();
        return refused(byte, Reason::WrongEncoding { declared, byte });
    }
    Ok(WINDOWS_1252.decode_without_bom_handling(text).0.into_owned())
}

/// À to ÿ, Œ, œ, Ÿ in UTF-8: in windows-1252 a capital that French does not have, and a sign after it.
fn is_utf_8_letter(pair: &[u8]) -> bool {
    matches!(pair, [0xC3, 0x80..=0xBF] | [0xC5, 0x92 | 0x93 | 0xB8])
}
