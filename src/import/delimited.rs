//! The rows of a text whose cells a sign separates: CSV in all its dialects.

use std::io::Read as _;

use super::refused::Reason;
use super::sheet::{Room, Rows, SheetRow};
use super::titles::HEAD_ROWS;

/// In the order in which they are preferred where one is as frequent as another.
const SEPARATORS: [u8; 5] = [b';', b',', b'\t', b'|', b':'];
/// A last row of our own: with a quote still open, it ends inside a cell. No table holds the letter.
const LAST_ROW: &[u8] = b"\n\x1F\n";

/// By the most frequent separator with which titles are found.
/// None when no separator shows any.
pub(super) fn read(
    text: &str,
    has_head: &dyn Fn(&[SheetRow]) -> bool,
    room: &mut Room,
) -> Result<Vec<SheetRow>, (Option<u64>, Reason)> {
    for separator in by_frequency(text) {
        let mut little = Room::of_rows(HEAD_ROWS);
        let mut first = Rows::within(&mut little);
        // A fault below the first rows is met again, with its line, when all are read.
        let _ = split(text, separator, &mut first);
        if has_head(&first.take()) {
            let mut rows = Rows::within(room);
            split(text, separator, &mut rows).map_err(|(line, reason)| (Some(line), reason))?;
            return Ok(rows.take());
        }
    }
    Ok(Vec::new())
}

/// The separators, the most frequent of the first line first.
fn by_frequency(text: &str) -> [u8; 5] {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut counts = SEPARATORS.map(|separator| (0_usize, separator));
    let mut is_quoted = false;
    for byte in first.bytes() {
        is_quoted ^= byte == b'"';
        let count = counts.iter_mut().find(|(_, separator)| !is_quoted && *separator == byte);
        if let Some((count, _)) = count {
            *count += 1;
        }
    }
    counts.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    counts.map(|(_, separator)| separator)
}

fn split(text: &str, separator: u8, rows: &mut Rows<'_>) -> Result<(), (u64, Reason)> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text.as_bytes().chain(LAST_ROW));
    let mut record = csv::ByteRecord::new();
    let mut place = LinePlace { text: text.as_bytes(), byte: 0, line: 1 };
    let mut widest = 0;
    // Reading from memory cannot fail.
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        let line = place.of(record.position().map_or(0, csv::Position::byte));
        if record.as_slice() == b"\x1F" {
            return Ok(());
        }
        widest = widest.max(record.len());
        if record.as_slice().contains(&0x1F) || holds_a_row(&record, separator, widest) {
            return Err((line, Reason::OpenQuote));
        }
        let cells = record.iter().map(|cell| std::str::from_utf8(cell).unwrap_or_default());
        rows.push(line, cells).map_err(|reason| (line, reason))?;
    }
    Ok(())
}

/// Whether a cell has taken in the rows after it: its quote was closed by that of another one.
fn holds_a_row(record: &csv::ByteRecord, separator: u8, widest: usize) -> bool {
    record.iter().filter(|cell| cell.contains(&b'\n')).any(|cell| {
        let pieces = cell.split(|byte| *byte == separator).count();
        widest > 1 && pieces >= widest
    })
}

/// Follows a reader, which counts blank lines with the row after them.
struct LinePlace<'a> {
    text: &'a [u8],
    byte: usize,
    line: u64,
}

impl LinePlace<'_> {
    fn of(&mut self, byte: u64) -> u64 {
        let mut to = usize::try_from(byte).unwrap_or(usize::MAX);
        while matches!(self.text.get(to), Some(b'\n' | b'\r')) {
            to += 1;
        }
        let passed = self.text.get(self.byte..to).unwrap_or_default();
        self.line += passed.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        self.byte = self.byte.max(to);
        self.line
    }
}
