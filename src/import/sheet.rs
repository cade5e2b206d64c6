//! The rows of a table, whatever it was written in: CSV or a sheet of a workbook; and how much of
//! them one import takes.

use super::cell::{is_fault, unprotected};
use super::refused::Reason;

use crate::plain_text;

/// Rows of all tables of one import; the largest school has a few thousand pupils.
const MOST_ROWS: usize = 30_000;
/// Cells of all tables of one import, empty ones between filled ones too.
const MOST_CELLS: usize = 1_000_000;
/// Bytes that they hold: a workbook may name one long text from very many cells.
const MOST_TEXT: usize = 32 * 1024 * 1024;
const MOST_COLUMNS: usize = 512;
/// Sheets of one workbook: one a class, and more.
pub(super) const MOST_SHEETS: usize = 200;
/// Bytes of one cell of a workbook.
pub(super) const LARGEST_CELL: usize = 64 * 1024;

/// One row: where it stands, and its cells in one piece of memory.
pub(super) struct SheetRow {
    pub(super) line: u64,
    ends: Box<[u32]>,
    text: Box<str>,
    /// Whether a cell holds what a formula says that has no value.
    has_fault: bool,
}

impl SheetRow {
    /// A cell without the blanks around it; empty where the row is too short.
    pub(super) fn cell(&self, at: usize) -> &str {
        let cell = self.bounds(at).and_then(|(begin, end)| self.text.get(begin..end));
        cell.unwrap_or_default().trim()
    }

    fn bounds(&self, at: usize) -> Option<(usize, usize)> {
        let end = |at: usize| self.ends.get(at).map(|end| *end as usize);
        let begin = if at == 0 { Some(0) } else { end(at - 1) };
        begin.zip(end(at))
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

    /// Its cells that hold something.
    pub(super) fn filled(&self) -> impl Iterator<Item = &str> {
        self.cells().filter(|cell| !cell.is_empty())
    }

    /// Whether it may be one of titles: those have no address, and no number of two digits.
    pub(super) fn may_be_titles(&self) -> bool {
        let bytes = self.text.as_bytes();
        let are_digits = |two: &[u8]| two.iter().all(u8::is_ascii_digit);
        !bytes.windows(2).any(are_digits) && !bytes.contains(&b'@')
    }

    /// Empties the cells whose formula has no value; the columns where they stood.
    pub(super) fn take_faults(&mut self) -> Vec<usize> {
        if !self.has_fault {
            return Vec::new();
        }
        self.has_fault = false;
        let faults: Vec<usize> = (0..self.len()).filter(|at| is_fault(self.cell(*at))).collect();
        let mut text = String::with_capacity(self.text.len());
        for at in 0..self.len() {
            let (begin, end) = self.bounds(at).unwrap_or_default();
            if faults.contains(&at) {
                text.extend(std::iter::repeat_n(' ', end - begin));
            } else {
                text.push_str(self.text.get(begin..end).unwrap_or_default());
            }
        }
        self.text = text.into();
        faults
    }
}

/// What the tables of one import may still take of memory.
pub(super) struct Room {
    rows: usize,
    cells: usize,
    text: usize,
    most: usize,
}

impl Room {
    /// As much as the tables of one import may take together.
    pub(super) fn of_an_import() -> Self {
        Self::of_rows(MOST_ROWS)
    }

    /// As much as the first rows may.
    pub(super) fn of_rows(most: usize) -> Self {
        Self { rows: most, cells: MOST_CELLS, text: MOST_TEXT, most }
    }

    fn take(&mut self, cells: usize, text: usize) -> Result<(), Reason> {
        let too_many = Reason::TooManyRows(self.most);
        self.rows = self.rows.checked_sub(1).ok_or(too_many)?;
        self.cells = self.cells.checked_sub(cells).ok_or(Reason::TooManyCells(MOST_CELLS))?;
        self.text = self.text.checked_sub(text).ok_or(Reason::TooLarge)?;
        Ok(())
    }
}

/// Rows while they are gathered.
pub(super) struct Rows<'r> {
    gathered: Vec<SheetRow>,
    room: &'r mut Room,
}

impl<'r> Rows<'r> {
    /// None yet; there may be as many as the room takes.
    pub(super) fn within(room: &'r mut Room) -> Self {
        Self { gathered: Vec::new(), room }
    }

    /// The rows so far; the next ones are those of another sheet.
    pub(super) fn take(&mut self) -> Vec<SheetRow> {
        std::mem::take(&mut self.gathered)
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
        self.room.take(count, size)?;
        let mut text = String::with_capacity(size);
        let mut ends = Vec::with_capacity(count);
        let mut has_fault = false;
        for cell in cells {
            has_fault |= is_fault(cell.trim());
            text.push_str(&plain_text::cleaned(&unprotected(cell)));
            ends.push(u32::try_from(text.len()).map_err(|_| Reason::TooLarge)?);
        }
        self.gathered.push(SheetRow { line, ends: ends.into(), text: text.into(), has_fault });
        Ok(())
    }
}

/// Puts a cell of a workbook in its column; refused beyond the last.
pub(super) fn put_cell(cells: &mut Vec<String>, at: usize, value: String) -> Result<(), Reason> {
    if value.trim().is_empty() {
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

/// A sheet of a workbook, or a whole CSV, as it stands.
pub(super) struct Sheet {
    /// What its tab says; empty for a CSV.
    pub(super) name: String,
    /// Whether whoever opens the workbook does not see it; its rows are not read then.
    pub(super) is_hidden: bool,
    pub(super) rows: Vec<SheetRow>,
}
