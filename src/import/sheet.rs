//! The rows of a table, whatever it was written in: CSV or a workbook.

use std::io::Read as _;

use super::archive::{Archive, Workbook, is_zip};
use super::columns::{ColumnMap, Head};
use super::refused::{Reason, Refused};
use super::{Source, excel, open_document, text};
use crate::plain_text;

const MOST_ROWS: usize = 1_000_000;
const MOST_COLUMNS: usize = 512;
/// Bytes that the cells of one table may hold.
const LARGEST_TABLE: usize = 256 * 1024 * 1024;
/// Bytes of one cell of a workbook.
pub(super) const LARGEST_CELL: usize = 64 * 1024;
/// Rows among which the titles stand.
const HEAD_ROWS: usize = 20;
/// In the order in which they are preferred where one is as frequent as another.
const SEPARATORS: [u8; 5] = [b';', b',', b'\t', b'|', b':'];
/// A last row of our own: with a quote still open, it ends inside a cell. No table holds the letter.
const LAST_ROW: &[u8] = b"\n\x1F\n";
/// How a workbook of before 2007 begins, and one behind a password.
const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0";

/// One row: where it stands, and its cells in one piece of memory.
pub(super) struct Row {
    pub(super) line: u64,
    ends: Box<[u32]>,
    text: Box<str>,
}

impl Row {
    /// A cell without the blanks around it; empty where the row is too short.
    pub(super) fn cell(&self, at: usize) -> &str {
        let end = |at: usize| self.ends.get(at).map(|end| *end as usize);
        let begin = if at == 0 { Some(0) } else { end(at - 1) };
        let cell = begin.zip(end(at)).and_then(|(begin, end)| self.text.get(begin..end));
        cell.unwrap_or_default().trim()
    }

    /// How many cells it has.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether anything stands at this column or beyond.
    pub(super) fn reaches(&self, column: usize) -> bool {
        self.cells().skip(column).any(|cell| !cell.is_empty())
    }

    /// Its cells.
    pub(super) fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|at| self.cell(at))
    }
}

/// Rows while they are gathered, within what memory may take.
pub(super) struct Rows {
    gathered: Vec<Row>,
    most: usize,
    room: usize,
}

impl Rows {
    fn up_to(most: usize) -> Self {
        Self { gathered: Vec::new(), most, room: LARGEST_TABLE }
    }

    /// As many as a table may have.
    pub(super) fn all() -> Self {
        Self::up_to(MOST_ROWS)
    }

    /// The rows so far.
    pub(super) fn as_slice(&self) -> &[Row] {
        &self.gathered
    }

    /// The rows so far, for good.
    pub(super) fn into_vec(self) -> Vec<Row> {
        self.gathered
    }

    /// Adds a row; a blank one is none.
    pub(super) fn push<'a>(
        &mut self,
        line: u64,
        cells: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<(), Reason> {
        let (mut count, mut size, mut is_blank) = (0, 0, true);
        for cell in cells.clone() {
            count += 1;
            size += cell.len();
            is_blank &= cell.trim().is_empty();
        }
        if is_blank {
            return Ok(());
        }
        if count > MOST_COLUMNS {
            return Err(Reason::TooManyColumns(MOST_COLUMNS));
        }
        if self.gathered.len() == self.most {
            return Err(Reason::TooManyRows(self.most));
        }
        self.room = self.room.checked_sub(size).ok_or(Reason::TooLarge)?;
        let mut text = String::with_capacity(size);
        let mut ends = Vec::with_capacity(count);
        for cell in cells {
            text.push_str(&plain_text::cleaned(cell));
            ends.push(u32::try_from(text.len()).map_err(|_| Reason::TooLarge)?);
        }
        self.gathered.push(Row { line, ends: ends.into(), text: text.into() });
        Ok(())
    }
}

/// Puts a cell of a workbook in its column; refused beyond the last.
pub(super) fn put_cell(cells: &mut Vec<String>, at: usize, value: String) -> Result<(), Reason> {
    if value.is_empty() {
        return Ok(());
    }
    if at >= MOST_COLUMNS {
        return Err(Reason::TooManyColumns(MOST_COLUMNS));
    }
    if cells.len() <= at {
        cells.resize(at + 1, String::new());
    }
    cells[at] = value;
    Ok(())
}

/// Titles and the rows below them.
pub(super) struct Sheet {
    pub(super) head: Head,
    pub(super) rows: Vec<Row>,
}

/// Whether a file is a table, or something else that is no XML.
pub(super) fn may_be_table(bytes: &[u8]) -> bool {
    if is_zip(bytes) {
        return true;
    }
    let is_mark = |byte: &u8| b"\xEF\xBB\xBF\xFF\xFE\0".contains(byte);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace() && !is_mark(byte));
    first.is_some_and(|byte| *byte != b'<')
}

impl Sheet {
    /// Reads a table whole: the first sheet that has titles.
    pub(super) fn read(source: Source<'_>, maps: &[ColumnMap]) -> Result<Self, Refused> {
        let refused = |(line, reason)| Refused::new(source.label, line, reason);
        let bytes = source.content.whole().map_err(|reason| refused((None, reason)))?;
        let rows = read_rows(&bytes, maps).map_err(refused)?;
        let mut first = first_rows(&rows).iter().enumerate();
        let head = first.find_map(|(at, row)| Some((at, Head::of(row, maps)?)));
        let Some((at, mut head)) = head else {
            return Err(refused((None, Reason::NoHead)));
        };
        let line = rows.get(at).map(|row| row.line);
        let rows: Vec<Row> = rows.into_iter().skip(at + 1).collect();
        head.fit(&rows).map_err(|reason| refused((line, reason)))?;
        Ok(Self { head, rows })
    }
}

fn first_rows(rows: &[Row]) -> &[Row] {
    rows.get(..HEAD_ROWS).unwrap_or(rows)
}

fn read_rows(bytes: &[u8], maps: &[ColumnMap]) -> Result<Vec<Row>, (Option<u64>, Reason)> {
    let has_head = |rows: &[Row]| first_rows(rows).iter().any(|row| Head::of(row, maps).is_some());
    if bytes.starts_with(COMPOUND_FILE) {
        return Err((None, Reason::OldWorkbook));
    }
    if !is_zip(bytes) {
        return read_csv(&text::decoded(bytes)?, &has_head);
    }
    let mut archive = Archive::open_workbook(bytes).map_err(|reason| (None, reason))?;
    match archive.workbook() {
        Some(Workbook::Excel) => excel::read(&mut archive, &has_head),
        Some(Workbook::OpenDocument) => open_document::read(&mut archive, &has_head),
        None => Err((None, Reason::DamagedArchive)),
    }
}

/// By the most frequent separator with which titles are found.
fn read_csv(
    text: &str,
    has_head: &dyn Fn(&[Row]) -> bool,
) -> Result<Vec<Row>, (Option<u64>, Reason)> {
    for separator in by_frequency(text) {
        let mut first = Rows::up_to(HEAD_ROWS);
        // A fault below the first rows is met again, with its line, when all are read.
        let _ = split(text, separator, &mut first);
        if has_head(first.as_slice()) {
            let mut rows = Rows::all();
            split(text, separator, &mut rows).map_err(|(line, reason)| (Some(line), reason))?;
            return Ok(rows.into_vec());
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

fn split(text: &str, separator: u8, rows: &mut Rows) -> Result<(), (u64, Reason)> {
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
