//! From bytes to UTF-8, by the XML declaration, a chunk at a time.

use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, ISO_8859_15, UTF_8, WINDOWS_1252};

use super::refused::Reason;

const CHUNK: usize = 32 * 1024;
/// Bytes that one text or tag may take: the longest of a real export is a few hundred.
const LARGEST_TOKEN: usize = 64 * 1024;
const UTF_8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A file's text as UTF-8, which counts its lines and stops a token without end.
pub(super) struct Decoded<'a> {
    rest: &'a [u8],
    decoder: Decoder,
    chunk: Vec<u8>,
    at: usize,
    line: u64,
    token: usize,
}

impl<'a> Decoded<'a> {
    /// Checks the whole file against its declaration; then it can only be read, never fail.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, (Option<u64>, Reason)> {
        let text = bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes);
        check_is_xml(text).map_err(|reason| (None, reason))?;
        let (label, encoding) = declared(text).map_err(|reason| (Some(1), reason))?;
        check_bytes(bytes, &label, encoding)
            .map_err(|(byte, reason)| (Some(line_of(bytes, byte)), reason))?;
        Ok(Self {
            rest: text,
            decoder: encoding.new_decoder_without_bom_handling(),
            chunk: Vec::new(),
            at: 0,
            line: 1,
            token: 0,
        })
    }

    /// The line, counted from 1, up to which the text was taken.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Says that a new token begins here.
    pub(super) fn begin_token(&mut self) {
        self.token = 0;
    }

    fn decode_next(&mut self) {
        self.at = 0;
        self.chunk.resize(CHUNK * 3, 0);
        let taken = self.rest.len().min(CHUNK);
        let (source, after) = self.rest.split_at(taken);
        let last = after.is_empty();
        let (_, read, written, _) = self.decoder.decode_to_utf8(source, &mut self.chunk, last);
        self.rest = self.rest.get(read..).unwrap_or_default();
        self.chunk.truncate(written);
    }
}

impl BufRead for Decoded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.token > LARGEST_TOKEN {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "token too large"));
        }
        while self.at >= self.chunk.len() && !self.rest.is_empty() {
            self.decode_next();
        }
        Ok(self.chunk.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        let taken = self.chunk.get(self.at..self.at + amount).unwrap_or_default();
        self.line += count_lines(taken);
        self.at += amount;
        self.token += amount;
    }
}

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(into)?;
        self.consume(count);
        Ok(count)
    }
}

fn check_is_xml(text: &[u8]) -> Result<(), Reason> {
    if text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF") {
        return Err(Reason::UnknownEncoding("UTF-16".to_owned()));
    }
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => Err(Reason::Empty),
        Some(b'<') => Ok(()),
        Some(_) => Err(Reason::NotXml),
    }
}

/// The declaration's label, and its encoding; UTF-8 where there is none (XML 1.0, 4.3.3).
fn declared(text: &[u8]) -> Result<(String, &'static Encoding), Reason> {
    let Some(label) = declared_label(text) else {
        return Ok(("UTF-8".to_owned(), UTF_8));
    };
    let shown: String = String::from_utf8_lossy(label).chars().take(40).collect();
    match Encoding::for_label(label) {
        Some(known) if [UTF_8, ISO_8859_15, WINDOWS_1252].contains(&known) => Ok((shown, known)),
        _ => Err(Reason::UnknownEncoding(shown)),
    }
}

fn declared_label(text: &[u8]) -> Option<&[u8]> {
    let text = text.trim_ascii_start();
    let end = text.iter().position(|byte| *byte == b'>')?;
    let declaration = text.get(..end)?.strip_prefix(b"<?xml")?;
    let word = b"encoding";
    let at = declaration.windows(word.len()).position(|window| window == word)?;
    let value = declaration.get(at + word.len()..)?.trim_ascii_start().strip_prefix(b"=")?;
    let (quote, value) = value.trim_ascii_start().split_first()?;
    value.split(|byte| byte == quote).next()
}

/// The first byte that cannot stand in a file so declared.
fn check_bytes(bytes: &[u8], label: &str, encoding: &Encoding) -> Result<(), (usize, Reason)> {
    let wrong = |byte| (byte, Reason::WrongEncoding { declared: label.to_owned(), byte });
    let is_control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    if let Some(byte) = bytes.iter().position(is_control) {
        return Err((byte, Reason::ControlCharacter(byte)));
    }
    let as_utf_8 = std::str::from_utf8(bytes);
    if encoding == UTF_8 {
        return as_utf_8.map(|_| ()).map_err(|bad| wrong(bad.valid_up_to()));
    }
    // No French text in a one-byte encoding happens to be valid UTF-8 too, unless it is plain ASCII.
    let first_beyond_ascii = bytes.iter().position(|byte| !byte.is_ascii());
    if let (Ok(_), Some(byte)) = (as_utf_8, first_beyond_ascii) {
        return Err(wrong(byte));
    }
    bytes.iter().position(|byte| is_hole(*byte, encoding)).map_or(Ok(()), |byte| Err(wrong(byte)))
}

/// Whether a byte stands for no letter; ISO-8859-1 is read as windows-1252, as everybody writes it.
pub(super) fn is_hole(byte: u8, encoding: &Encoding) -> bool {
    if encoding == ISO_8859_15 {
        matches!(byte, 0x80..=0x9F)
    } else {
        matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)
    }
}

/// The line, counted from 1, on which a byte stands.
pub(super) fn line_of(bytes: &[u8], at: usize) -> u64 {
    1 + count_lines(bytes.get(..at).unwrap_or(bytes))
}

fn count_lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}
