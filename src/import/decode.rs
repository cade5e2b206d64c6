//! From bytes to UTF-8, by the XML declaration, a chunk at a time.

use std::borrow::Cow;
use std::io::{self, BufRead, Read};

use encoding_rs::{Decoder, Encoding, ISO_8859_15, UTF_8, WINDOWS_1252};

use super::content::{FileContent, unreadable};
use super::refused::Reason;

const CHUNK: usize = 32 * 1024;
/// Bytes that one text or tag may take: the longest of a real export is a few hundred.
const LARGEST_TOKEN: usize = 64 * 1024;
const UTF_8_MARK: &[u8] = b"\xEF\xBB\xBF";
/// U+FFFD in UTF-8.
const LOST_LETTER: &[u8] = b"\xEF\xBF\xBD";

/// A file's text as UTF-8, which counts its lines and stops a token without end.
pub(super) struct Decoded<'a> {
    content: FileContent<'a>,
    /// Bytes before the text.
    mark: u64,
    source: Box<dyn Read + 'a>,
    is_at_end: bool,
    decoder: Decoder,
    raw: Vec<u8>,
    chunk: Vec<u8>,
    at: usize,
    /// Bytes of the token that were taken.
    token: usize,
    /// Where in the chunk the token begins, if it does.
    token_at: usize,
    /// Lines that the token ended in earlier chunks.
    token_lines: u64,
    /// The line at a place of the chunk: lines are counted where somebody asks.
    line: u64,
    counted: usize,
}

impl<'a> Decoded<'a> {
    /// Checks the whole file against its declaration; then only the disk can fail.
    pub(super) fn open(content: FileContent<'a>) -> Result<Self, (Option<u64>, Reason)> {
        let whole = |reason| (None, reason);
        let head = content.head().map_err(whole)?;
        let text = head.strip_prefix(UTF_8_MARK).unwrap_or(&head);
        check_is_xml(text).map_err(whole)?;
        let (label, encoding) = declared(text).map_err(|reason| (Some(1), reason))?;
        let mut bytes = Bytes::new(&label, encoding);
        let mut source = content.reader().map_err(whole)?;
        each_chunk(&mut source, |chunk| bytes.check(chunk))?;
        bytes.finish()?;
        let mark = u64::try_from(head.len() - text.len()).unwrap_or(0);
        Self::from_the_start(content, encoding, mark).map_err(whole)
    }

    /// The same file from its beginning, which was checked already.
    pub(super) fn again(&self) -> Result<Self, Reason> {
        Self::from_the_start(self.content, self.decoder.encoding(), self.mark)
    }

    /// Reads behind a mark of so many bytes.
    fn from_the_start(
        content: FileContent<'a>,
        encoding: &'static Encoding,
        mark: u64,
    ) -> Result<Self, Reason> {
        let mut source = content.reader()?;
        io::copy(&mut source.by_ref().take(mark), &mut io::sink())
            .map_err(|error| unreadable(&error))?;
        Ok(Self {
            content,
            mark,
            source,
            is_at_end: false,
            decoder: encoding.new_decoder_without_bom_handling(),
            raw: vec![0; CHUNK],
            chunk: Vec::new(),
            at: 0,
            token: 0,
            token_at: 0,
            token_lines: 0,
            line: 1,
            counted: 0,
        })
    }

    /// Says that a new token begins here.
    pub(super) fn begin_token(&mut self) {
        self.line += std::mem::take(&mut self.token_lines);
        self.token_at = self.at;
        self.token = 0;
    }

    /// Says that a new token begins behind the blanks that stand here.
    pub(super) fn begin_token_behind_blanks(&mut self) -> io::Result<()> {
        self.begin_token();
        loop {
            let blanks = self.fill_buf()?.iter().take_while(|byte| byte.is_ascii_whitespace());
            match blanks.count() {
                0 => break,
                count => self.consume(count),
            }
        }
        self.begin_token();
        Ok(())
    }

    /// The line, counted from 1, on which the token begins.
    pub(super) fn line(&self) -> u64 {
        self.line + count_lines(self.chunk.get(self.counted..self.token_at).unwrap_or_default())
    }

    /// The same, from which the next one is counted.
    pub(super) fn counted_line(&mut self) -> u64 {
        self.line = self.line();
        self.counted = self.token_at;
        self.line
    }

    // Rare, and large: apart from what is called for every token.
    #[inline(never)]
    fn decode_next(&mut self) -> io::Result<()> {
        self.counted_line();
        self.token_lines += count_lines(self.chunk.get(self.counted..).unwrap_or_default());
        (self.at, self.token_at, self.counted) = (0, 0, 0);
        let taken = fill(&mut self.source, &mut self.raw)?;
        self.is_at_end = taken < self.raw.len();
        // A byte becomes three at the most, and what the decoder held back one letter.
        self.chunk.resize(CHUNK * 3 + 8, 0);
        let source = self.raw.get(..taken).unwrap_or_default();
        let (_, _, written, _) =
            self.decoder.decode_to_utf8(source, &mut self.chunk, self.is_at_end);
        self.chunk.truncate(written);
        Ok(())
    }
}

/// As many bytes as there are, up to a full buffer.
fn fill(source: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while let Some(room) = buffer.get_mut(filled..).filter(|room| !room.is_empty()) {
        match source.read(room) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn each_chunk(
    source: &mut dyn Read,
    mut take: impl FnMut(&[u8]) -> Result<(), (Option<u64>, Reason)>,
) -> Result<(), (Option<u64>, Reason)> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let filled = fill(source, &mut buffer).map_err(|error| (None, unreadable(&error)))?;
        take(buffer.get(..filled).unwrap_or_default())?;
        if filled < buffer.len() {
            return Ok(());
        }
    }
}

impl BufRead for Decoded<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.token > LARGEST_TOKEN {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "token too large"));
        }
        while self.at >= self.chunk.len() && !self.is_at_end {
            self.decode_next()?;
        }
        Ok(self.chunk.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
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

/// Whether the bytes can stand in a file so declared, seen chunk by chunk.
struct Bytes<'l> {
    label: &'l str,
    encoding: &'static Encoding,
    /// How many were seen, and the line that they reach.
    seen: usize,
    line: u64,
    /// The beginning of a letter whose rest comes with the next chunk.
    carried: Vec<u8>,
    is_utf_8: bool,
    /// Where the first byte beyond ASCII stands, and on which line.
    beyond_ascii: Option<(usize, u64)>,
}

impl<'l> Bytes<'l> {
    fn new(label: &'l str, encoding: &'static Encoding) -> Self {
        let (carried, is_utf_8) = (Vec::new(), true);
        Self { label, encoding, seen: 0, line: 1, carried, is_utf_8, beyond_ascii: None }
    }

    fn check(&mut self, chunk: &[u8]) -> Result<(), (Option<u64>, Reason)> {
        let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        if let Some(at) = first(chunk, is_control) {
            return Err(self.at(chunk, at, Reason::ControlCharacter(self.seen + at)));
        }
        if self.beyond_ascii.is_none()
            && let Some(at) = first(chunk, |byte| !byte.is_ascii())
        {
            self.beyond_ascii = Some((self.seen + at, self.line + count_up_to(chunk, at)));
        }
        if self.encoding == UTF_8 {
            self.check_utf_8(chunk)?;
        } else {
            if self.is_utf_8 {
                self.is_utf_8 = self.check_utf_8(chunk).is_ok();
            }
            if let Some(at) = first(chunk, |byte| is_hole(byte, self.encoding)) {
                return Err(self.at(chunk, at, self.wrong(self.seen + at)));
            }
        }
        self.seen += chunk.len();
        self.line += count_lines(chunk);
        Ok(())
    }

    /// Checks a chunk that follows what was carried over from the last one.
    fn check_utf_8(&mut self, chunk: &[u8]) -> Result<(), (Option<u64>, Reason)> {
        let carried = std::mem::take(&mut self.carried);
        let joined: Cow<'_, [u8]> =
            if carried.is_empty() { chunk.into() } else { [&carried, chunk].concat().into() };
        let (sound, bad) = match std::str::from_utf8(&joined) {
            Ok(sound) => (sound.len(), None),
            Err(bad) => (bad.valid_up_to(), Some(bad)),
        };
        self.check_letters(joined.get(..sound).unwrap_or_default(), chunk, carried.len())?;
        let Some(bad) = bad else { return Ok(()) };
        if bad.error_len().is_none() {
            self.carried = joined.get(bad.valid_up_to()..).unwrap_or_default().to_vec();
            return Ok(());
        }
        let at = bad.valid_up_to().saturating_sub(carried.len());
        let byte = (self.seen + bad.valid_up_to()).saturating_sub(carried.len());
        Err(self.at(chunk, at, self.wrong(byte)))
    }

    /// Refuses U+FFFD in UTF-8: a program wrote it for a letter that it could not read.
    fn check_letters(
        &self,
        letters: &[u8],
        chunk: &[u8],
        carried: usize,
    ) -> Result<(), (Option<u64>, Reason)> {
        if self.encoding != UTF_8 {
            return Ok(());
        }
        if first(letters, |byte| LOST_LETTER.starts_with(&[byte])).is_none() {
            return Ok(());
        }
        match letters.windows(LOST_LETTER.len()).position(|three| three == LOST_LETTER) {
            Some(at) => Err(self.at(chunk, at.saturating_sub(carried), Reason::LostLetters)),
            None => Ok(()),
        }
    }

    /// What only the end of the file tells.
    fn finish(self) -> Result<(), (Option<u64>, Reason)> {
        if self.encoding == UTF_8 {
            let byte = self.seen - self.carried.len();
            let ends_well = self.carried.is_empty();
            return if ends_well { Ok(()) } else { Err((Some(self.line), self.wrong(byte))) };
        }
        // No French text in a one-byte encoding happens to be valid UTF-8 too, unless it is plain
        // ASCII.
        match self.beyond_ascii.filter(|_| self.is_utf_8 && self.carried.is_empty()) {
            Some((byte, line)) => Err((Some(line), self.wrong(byte))),
            None => Ok(()),
        }
    }

    fn wrong(&self, byte: usize) -> Reason {
        Reason::WrongEncoding { declared: self.label.to_owned(), byte }
    }

    fn at(&self, chunk: &[u8], at: usize, reason: Reason) -> (Option<u64>, Reason) {
        (Some(self.line + count_up_to(chunk, at)), reason)
    }
}

/// Where the first such byte stands. Nearly no chunk holds one, and to see that takes many bytes at a time.
fn first(chunk: &[u8], is_such: impl Fn(u8) -> bool) -> Option<usize> {
    let holds_one = chunk.iter().fold(false, |holds, byte| holds | is_such(*byte));
    if holds_one { chunk.iter().position(|byte| is_such(*byte)) } else { None }
}

fn count_up_to(chunk: &[u8], at: usize) -> u64 {
    count_lines(chunk.get(..at).unwrap_or(chunk))
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
    // A byte counts as many as these: so very many are looked at together.
    let pieces = bytes.chunks(usize::from(u8::MAX));
    let ends = |piece: &[u8]| piece.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>();
    pieces.map(|piece| u64::from(ends(piece))).sum()
}
