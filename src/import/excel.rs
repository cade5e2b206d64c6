//! Excel workbooks (`.xlsx`): cells as a secretary sees them.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::cell::{NEVER_COMPUTED, is_fault, unescaped};
use super::fields::in_french;
use super::markup::{Seen, Walk, attribute, walk};
use super::refused::Reason;
use super::sheet::{LARGEST_CELL, MOST_SHEETS, Room, Rows, Sheet, SheetRow, put_cell};

/// Texts that cells name by number: more than any list holds.
const MOST_TEXTS: usize = 1_000_000;
/// The last day that Excel knows, 31 December 9999.
const LAST_DAY: f64 = 2_958_465.0;
/// Beyond this a number is no whole one any more.
const LARGEST_WHOLE: f64 = 1e15;

type ExcelFault = (Option<u64>, Reason);

/// Every sheet, in the order of the tabs.
pub(super) fn read(archive: &mut Archive<'_>, room: &mut Room) -> Result<Vec<Sheet>, ExcelFault> {
    let whole = |reason| (None, reason);
    let book = Book::open(archive).map_err(whole)?;
    let mut sheets = Vec::with_capacity(book.tabs.len());
    for Tab { name, path, is_hidden } in &book.tabs {
        let mut rows = Vec::new();
        if !is_hidden {
            let part = archive.part(path).map_err(whole)?.ok_or((None, Reason::DamagedArchive))?;
            rows = book.rows(&part, room)?;
        }
        sheets.push(Sheet { name: name.clone(), is_hidden: *is_hidden, rows });
    }
    Ok(sheets)
}

/// One sheet, as the workbook announces it.
struct Tab {
    name: String,
    path: String,
    is_hidden: bool,
}

/// What the sheets of a workbook share.
struct Book {
    tabs: Vec<Tab>,
    texts: Texts,
    /// By style: whether its numbers are days.
    dates: Vec<bool>,
    first_day: Date,
}

impl Book {
    fn open(archive: &mut Archive<'_>) -> Result<Self, Reason> {
        let workbook = archive.frame("xl/workbook.xml")?.ok_or(Reason::DamagedArchive)?;
        let links = archive.frame("xl/_rels/workbook.xml.rels")?.ok_or(Reason::DamagedArchive)?;
        let texts = archive.part("xl/sharedStrings.xml")?;
        let styles = archive.frame("xl/styles.xml")?;
        Ok(Self {
            tabs: tabs(&workbook, &links)?,
            texts: texts.map_or_else(|| Ok(Texts::default()), |part| Texts::read(&part))?,
            dates: styles.map_or_else(|| Ok(Vec::new()), |part| date_styles(&part))?,
            first_day: first_day(&workbook)?,
        })
    }

    fn rows(&self, part: &str, room: &mut Room) -> Result<Vec<SheetRow>, ExcelFault> {
        let mut rows = Rows::within(room);
        let mut sheet =
            ExcelWalk { book: self, line: 0, cells: Vec::new(), cell: ExcelCell::default() };
        let walked = walk(part, |seen| sheet.take(seen, &mut rows));
        let line = (sheet.line > 0).then_some(sheet.line);
        walked.map_err(|reason| (line, reason))?;
        Ok(rows.take())
    }

    /// What a secretary sees in a cell.
    fn shown(&self, cell: &ExcelCell) -> String {
        let text = cell.text.trim();
        match cell.kind.as_str() {
            // A text that a formula gives may be empty; anything else that it gives may not.
            "str" | "inlineStr" => unescaped(&cell.text).into_owned(),
            _ if text.is_empty() && cell.is_formula => NEVER_COMPUTED.to_owned(),
            "s" => text.parse().map_or("", |number| self.texts.get(number)).to_owned(),
            "b" if text == "1" => "oui".to_owned(),
            "b" if text.is_empty() => String::new(),
            "b" => "non".to_owned(),
            // As the program shows it, or nothing that a value could be.
            "e" if is_fault(text) => text.to_owned(),
            "e" => NEVER_COMPUTED.to_owned(),
            "d" => text
                .get(..10)
                .and_then(|day| day.parse().ok())
                .map_or_else(|| text.to_owned(), in_french),
            _ => self.number(text, cell.style),
        }
    }

    fn number(&self, text: &str, style: usize) -> String {
        let Ok(number) = text.parse::<f64>() else { return text.to_owned() };
        if self.dates.get(style) == Some(&true)
            && let Some(day) = self.day(number)
        {
            return in_french(day);
        }
        if number.fract() == 0.0 && number.abs() < LARGEST_WHOLE {
            return format!("{number:.0}");
        }
        text.to_owned()
    }

    /// Excel counts days from the end of 1899, or from 1904.
    fn day(&self, number: f64) -> Option<Date> {
        if !(1.0..=LAST_DAY).contains(&number) {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a count of days, checked above")]
        let days = number.trunc() as i32;
        self.first_day.checked_add(days.days()).ok()
    }
}

/// A cell while it is walked through.
#[derive(Default)]
struct ExcelCell {
    column: usize,
    kind: String,
    style: usize,
    text: String,
    is_formula: bool,
    is_text: bool,
    is_phonetic: bool,
}

struct ExcelWalk<'a> {
    book: &'a Book,
    line: u64,
    cells: Vec<String>,
    cell: ExcelCell,
}

impl ExcelWalk<'_> {
    fn take(&mut self, seen: Seen<'_>, rows: &mut Rows<'_>) -> Result<Walk, Reason> {
        match seen {
            Seen::Open("row", tag) => self.begin_row(tag)?,
            Seen::Open("c", tag) => self.begin_cell(tag)?,
            Seen::Open("f", _) => self.cell.is_formula = true,
            Seen::Open("v" | "t", _) => self.cell.is_text = !self.cell.is_phonetic,
            Seen::Close("v" | "t") => self.cell.is_text = false,
            Seen::Open("rPh", _) => self.cell.is_phonetic = true,
            Seen::Close("rPh") => self.cell.is_phonetic = false,
            Seen::Text(text) if self.cell.is_text => add(&mut self.cell.text, text)?,
            Seen::Close("c") => {
                let value = self.book.shown(&self.cell);
                put_cell(&mut self.cells, self.cell.column, value)?;
                self.cell = ExcelCell { column: self.cell.column + 1, ..ExcelCell::default() };
            }
            Seen::Close("row") => {
                rows.push(self.line, self.cells.iter().map(String::as_str))?;
                self.cells.clear();
            }
            Seen::Close("sheetData") => return Ok(Walk::Done),
            Seen::Open(..) | Seen::Close(_) | Seen::Text(_) => {}
        }
        Ok(Walk::On)
    }

    /// A row or a cell that does not say where it stands follows the one before.
    fn begin_row(&mut self, tag: &BytesStart<'_>) -> Result<(), Reason> {
        self.line = attribute(tag, "r")?.parse::<u32>().map_or(self.line + 1, u64::from);
        self.cells.clear();
        self.cell = ExcelCell::default();
        Ok(())
    }

    fn begin_cell(&mut self, tag: &BytesStart<'_>) -> Result<(), Reason> {
        let column = column(&attribute(tag, "r")?).unwrap_or(self.cell.column);
        let style = attribute(tag, "s")?.parse().unwrap_or(0);
        self.cell = ExcelCell { column, kind: attribute(tag, "t")?, style, ..ExcelCell::default() };
        Ok(())
    }
}

/// The column that a reference names, from 0: `AB12` is 27.
fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.fold(0_usize, |number, letter| {
        number
            .saturating_mul(26)
            .saturating_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    });
    number.checked_sub(1)
}

fn add(into: &mut String, text: &str) -> Result<(), Reason> {
    if into.len() + text.len() > LARGEST_CELL {
        return Err(Reason::TooLarge);
    }
    into.push_str(text);
    Ok(())
}

/// The texts that cells name by number, in one piece of memory.
#[derive(Default)]
struct Texts {
    text: String,
    ends: Vec<usize>,
}

impl Texts {
    fn read(part: &str) -> Result<Self, Reason> {
        let mut texts = Self::default();
        let (mut one, mut is_text, mut is_phonetic) = (String::new(), false, false);
        walk(part, |seen| {
            match seen {
                Seen::Open("si", _) => one.clear(),
                Seen::Open("t", _) => is_text = !is_phonetic,
                Seen::Close("t") => is_text = false,
                Seen::Open("rPh", _) => is_phonetic = true,
                Seen::Close("rPh") => is_phonetic = false,
                Seen::Text(text) if is_text => add(&mut one, text)?,
                Seen::Close("si") => {
                    if texts.ends.len() == MOST_TEXTS {
                        return Err(Reason::TooManyCells(MOST_TEXTS));
                    }
                    texts.text.push_str(&unescaped(&one));
                    texts.ends.push(texts.text.len());
                }
                Seen::Open(..) | Seen::Close(_) | Seen::Text(_) => {}
            }
            Ok(Walk::On)
        })?;
        Ok(texts)
    }

    fn get(&self, number: usize) -> &str {
        let begin = number.checked_sub(1).and_then(|before| self.ends.get(before)).unwrap_or(&0);
        let end = self.ends.get(number).unwrap_or(begin);
        self.text.get(*begin..*end).unwrap_or_default()
    }
}

/// The sheets that the workbook announces, in the order of their tabs.
fn tabs(workbook: &str, links: &str) -> Result<Vec<Tab>, Reason> {
    let mut targets = std::collections::HashMap::new();
    walk(links, |seen| {
        if let Seen::Open("Relationship", tag) = seen {
            targets.insert(attribute(tag, "Id")?, attribute(tag, "Target")?);
        }
        Ok(Walk::On)
    })?;
    let mut tabs = Vec::new();
    walk(workbook, |seen| {
        if let Seen::Open("sheet", tag) = seen
            && let Some(target) = targets.get(&attribute(tag, "id")?)
        {
            if tabs.len() == MOST_SHEETS {
                return Err(Reason::TooManySheets(MOST_SHEETS));
            }
            let inside = target.strip_prefix('/');
            tabs.push(Tab {
                name: attribute(tag, "name")?,
                path: inside.map_or_else(|| format!("xl/{target}"), str::to_owned),
                is_hidden: matches!(attribute(tag, "state")?.as_str(), "hidden" | "veryHidden"),
            });
        }
        Ok(Walk::On)
    })?;
    Ok(tabs)
}

fn first_day(workbook: &str) -> Result<Date, Reason> {
    let mut is_1904 = false;
    walk(workbook, |seen| {
        if let Seen::Open("workbookPr", tag) = seen {
            is_1904 = matches!(attribute(tag, "date1904")?.as_str(), "1" | "true");
        }
        Ok(Walk::On)
    })?;
    // Excel takes 1900 for a leap year: its day 61 is the first that it counts as everybody does.
    Ok(if is_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) })
}

/// By style, whether its format shows a day.
fn date_styles(part: &str) -> Result<Vec<bool>, Reason> {
    let mut own_formats = std::collections::HashMap::new();
    let mut dates = Vec::new();
    let mut is_used = false;
    walk(part, |seen| {
        match seen {
            Seen::Open("numFmt", tag) => {
                let shows_a_day = shows_a_day(&attribute(tag, "formatCode")?);
                own_formats.insert(attribute(tag, "numFmtId")?, shows_a_day);
            }
            Seen::Open("cellXfs", _) => is_used = true,
            Seen::Close("cellXfs") => is_used = false,
            Seen::Open("xf", tag) if is_used => {
                let format = attribute(tag, "numFmtId")?;
                let is_built_in =
                    matches!(format.parse(), Ok(14..=17_u32 | 22 | 27..=36 | 50..=58));
                dates.push(own_formats.get(&format).copied().unwrap_or(is_built_in));
            }
            Seen::Open(..) | Seen::Close(_) | Seen::Text(_) => {}
        }
        Ok(Walk::On)
    })?;
    Ok(dates)
}

/// Whether a format (`dd/mm/yyyy`, `[$-40C]d mmmm yyyy`) has a day or a year outside of its quotes.
fn shows_a_day(format: &str) -> bool {
    let (mut is_quoted, mut is_bracketed, mut is_escaped) = (false, false, false);
    format.chars().any(|letter| {
        let counts = !is_quoted && !is_bracketed && !is_escaped;
        is_escaped = counts && letter == '\\';
        match letter {
            '"' => is_quoted = !is_quoted,
            '[' => is_bracketed = true,
            ']' => is_bracketed = false,
            'd' | 'y' | 'D' | 'Y' => return counts,
            _ => {}
        }
        false
    })
}
