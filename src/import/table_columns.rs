//! The columns of tables as they stand, with some of what they hold: for whoever says what each is.

use std::fmt;

use super::archive;
use super::columns::Field;
use super::expected::Expected;
use super::file_to_read::{FileToRead, SourceFile};
use super::refused::{Reason, Refused};
use super::sheet::{Room, Sheet, SheetRow};
use super::sheets::{all, label_of};
use super::titles::{HEAD_ROWS, Head};
use super::unread::sample;

/// Values of a column that are shown.
const SAMPLES: usize = 3;

/// The columns of one table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumns {
    /// What the table is called.
    pub label: String,
    /// Its columns that have a title, from the left.
    pub columns: Vec<ColumnShown>,
}

/// One column. `Debug` hides what it holds.
#[derive(Clone, PartialEq, Eq)]
pub struct ColumnShown {
    /// Its title; one that comes again has its number: `Nom 2`.
    pub title: String,
    /// What it is taken for.
    pub field: Option<Field>,
    /// The first things that stand in it, cut short.
    pub samples: Vec<String>,
}

impl fmt::Debug for ColumnShown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ColumnShown({}, {:?})", self.title, self.field)
    }
}

/// The columns of every table among files, also where too few titles are known: then the first row that may be one of
/// titles is taken for it.
pub fn columns_of(
    files: &[SourceFile<'_>],
    expected: &Expected,
) -> Result<Vec<TableColumns>, Refused> {
    let mut room = Room::of_an_import();
    let mut tables = Vec::new();
    for unpacked in archive::opened(files)?.iter().filter(|it| it.may_be_table) {
        let file = FileToRead { number: 0, label: &unpacked.label, content: unpacked.content() };
        file.refuse_foreign()?;
        let sheets = sheets(file, expected, &mut room)
            .map_err(|(line, reason)| Refused::new(file.label, line, reason))?;
        let seen = sheets.iter().filter(|sheet| !sheet.is_hidden);
        tables.extend(seen.filter_map(|sheet| {
            let columns = columns(&sheet.rows, expected)?;
            Some(TableColumns { label: label_of(file.label, &sheet.name), columns })
        }));
    }
    Ok(tables)
}

/// The sheets of a file; a text of which no title is known is split by any sign that makes cells of it.
fn sheets(
    file: FileToRead<'_>,
    expected: &Expected,
    room: &mut Room,
) -> Result<Vec<Sheet>, (Option<u64>, Reason)> {
    let is_known = |rows: &[SheetRow]| Head::find(rows, &expected.maps).is_some();
    let known = all(file, &is_known, room)?;
    if known.iter().any(|sheet| !sheet.rows.is_empty()) {
        return Ok(known);
    }
    all(file, &|rows| rows.iter().any(may_be_head), room)
}

fn may_be_head(row: &SheetRow) -> bool {
    row.filled().nth(1).is_some()
}

fn columns(rows: &[SheetRow], expected: &Expected) -> Option<Vec<ColumnShown>> {
    let (head, below) = Head::find(rows, &expected.maps).or_else(|| {
        let at = rows.iter().take(HEAD_ROWS).position(may_be_head)?;
        Some((Head::of_any(rows.get(at)?, &expected.maps), at + 1))
    })?;
    let rows = rows.get(below..).unwrap_or_default();
    let titled = head.fields().enumerate().filter(|(at, _)| !head.title(*at).is_empty());
    let shown = titled.map(|(at, field)| ColumnShown {
        title: head.title(at).to_owned(),
        field,
        samples: samples(rows, at),
    });
    Some(shown.collect())
}

fn samples(rows: &[SheetRow], column: usize) -> Vec<String> {
    let cells = rows.iter().map(|row| row.cell(column)).filter(|cell| !cell.is_empty());
    let mut samples: Vec<String> = Vec::new();
    for cell in cells.map(sample) {
        if !samples.contains(&cell) {
            samples.push(cell);
        }
        if samples.len() == SAMPLES {
            break;
        }
    }
    samples
}
