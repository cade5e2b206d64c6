//! Workbooks of the open standard (`.ods`): cells as a secretary sees them.

use std::collections::HashSet;

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::cell::NEVER_COMPUTED;
use super::fields::in_french;
use super::markup::{Seen, Walk, attribute, walk};
use super::refused::Reason;
use super::sheet::{LARGEST_CELL, MOST_SHEETS, Room, Rows, Sheet, put_cell};

/// Repetitions that count: no sheet is wider or longer.
const MOST_REPEATED: u32 = 1 << 20;

/// Every sheet, in the order of the tabs.
pub(super) fn read(
    archive: &mut Archive<'_>,
    room: &mut Room,
) -> Result<Vec<Sheet>, (Option<u64>, Reason)> {
    let whole = |reason| (None, reason);
    let manifest = archive.frame("META-INF/manifest.xml").map_err(whole)?.unwrap_or_default();
    if manifest.contains("encryption-data") {
        return Err((None, Reason::Encrypted));
    }
    let content =
        archive.part("content.xml").map_err(whole)?.ok_or((None, Reason::DamagedArchive))?;
    let mut hidden = HiddenStyles::default();
    let mut sheet = OpenDocumentWalk::default();
    let mut rows = Rows::within(room);
    let mut found: Vec<Sheet> = Vec::new();
    let walked = walk(&content, |seen| {
        hidden.note(seen)?;
        if sheet.take(seen, &hidden, &mut rows)? == State::Closed {
            if found.len() == MOST_SHEETS {
                return Err(Reason::TooManySheets(MOST_SHEETS));
            }
            let name = std::mem::take(&mut sheet.name);
            found.push(Sheet { name, is_hidden: sheet.is_hidden, rows: rows.take() });
        }
        Ok(Walk::On)
    });
    let line = (sheet.line > 0).then_some(sheet.line);
    walked.map_err(|reason| (line, reason))?;
    Ok(found)
}

/// The styles of sheets that nobody sees; they stand before the sheets.
#[derive(Default)]
struct HiddenStyles {
    names: HashSet<String>,
    open: String,
}

impl HiddenStyles {
    fn note(&mut self, seen: Seen<'_>) -> Result<(), Reason> {
        match seen {
            Seen::Open("style", tag) => self.open = attribute(tag, "name")?,
            Seen::Open("table-properties", tag) if attribute(tag, "display")? == "false" => {
                if self.names.len() == MOST_SHEETS {
                    return Err(Reason::TooManySheets(MOST_SHEETS));
                }
                self.names.insert(std::mem::take(&mut self.open));
            }
            Seen::Open(..) | Seen::Close(_) | Seen::Text(_) => {}
        }
        Ok(())
    }
}

/// Whether more of a sheet is to come.
#[derive(PartialEq, Eq)]
enum State {
    Open,
    Closed,
}

/// A sheet while it is walked through.
#[derive(Default)]
struct OpenDocumentWalk {
    name: String,
    is_hidden: bool,
    tables: usize,
    line: u64,
    repeats: u64,
    cells: Vec<String>,
    column: usize,
    cell: Option<OpenDocumentCell>,
    in_paragraph: bool,
    in_note: bool,
}

#[derive(Default)]
struct OpenDocumentCell {
    repeats: usize,
    kind: String,
    value: String,
    text: String,
    is_formula: bool,
}

impl OpenDocumentWalk {
    fn take(
        &mut self,
        seen: Seen<'_>,
        hidden: &HiddenStyles,
        rows: &mut Rows<'_>,
    ) -> Result<State, Reason> {
        match seen {
            Seen::Open("table", tag) => {
                self.tables += 1;
                if self.tables == 1 {
                    (self.line, self.repeats) = (0, 1);
                    self.name = attribute(tag, "name")?;
                    self.is_hidden = hidden.names.contains(&attribute(tag, "style-name")?);
                }
            }
            Seen::Close("table") => {
                self.tables = self.tables.saturating_sub(1);
                return Ok(if self.tables == 0 { State::Closed } else { State::Open });
            }
            // A table within a cell is none of ours.
            _ if self.tables != 1 || self.is_hidden => {}
            Seen::Open("table-row", tag) => {
                self.line += self.repeats;
                self.repeats = u64::from(repeats(tag, "number-rows-repeated")?);
                self.cells.clear();
                self.column = 0;
            }
            Seen::Close("table-row") => self.end_row(rows)?,
            Seen::Open("table-cell" | "covered-table-cell", tag) => self.cell = Some(cell(tag)?),
            Seen::Close("table-cell" | "covered-table-cell") => self.end_cell()?,
            Seen::Open("annotation", _) => self.in_note = true,
            Seen::Close("annotation") => self.in_note = false,
            seen => self.take_text(seen)?,
        }
        Ok(State::Open)
    }

    fn take_text(&mut self, seen: Seen<'_>) -> Result<(), Reason> {
        let Some(cell) = self.cell.as_mut().filter(|_| !self.in_note) else { return Ok(()) };
        let text = match seen {
            Seen::Open("p", _) => {
                self.in_paragraph = true;
                if cell.text.is_empty() { "" } else { "\n" }
            }
            Seen::Close("p") => {
                self.in_paragraph = false;
                ""
            }
            Seen::Open("s" | "tab", _) => " ",
            Seen::Open("line-break", _) => "\n",
            Seen::Text(text) if self.in_paragraph => text,
            Seen::Open(..) | Seen::Close(_) | Seen::Text(_) => "",
        };
        if cell.text.len() + text.len() > LARGEST_CELL {
            return Err(Reason::TooLarge);
        }
        cell.text.push_str(text);
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), Reason> {
        let Some(cell) = self.cell.take() else { return Ok(()) };
        let after = self.column.saturating_add(cell.repeats);
        let shown = cell.shown();
        if !shown.is_empty() {
            for column in self.column..after {
                put_cell(&mut self.cells, column, shown.clone())?;
            }
        }
        self.column = after;
        Ok(())
    }

    fn end_row(&mut self, rows: &mut Rows<'_>) -> Result<(), Reason> {
        if self.cells.is_empty() {
            return Ok(());
        }
        for line in self.line..self.line + self.repeats {
            rows.push(line, self.cells.iter().map(String::as_str))?;
        }
        Ok(())
    }
}

impl OpenDocumentCell {
    /// A day from its value; anything else as it is shown, a number too wide for its column excepted.
    fn shown(self) -> String {
        if self.kind == "date"
            && let Some(day) = self.value.get(..10).and_then(|day| day.parse().ok())
        {
            return in_french(day);
        }
        if self.is_formula && self.kind.is_empty() && self.text.is_empty() {
            return NEVER_COMPUTED.to_owned();
        }
        let is_shown_badly = self.text.is_empty() || self.text.contains("###");
        let is_exponent = self.kind == "float" && self.text.contains(['E', 'e']);
        if is_shown_badly || is_exponent { self.value } else { self.text }
    }
}

fn cell(tag: &BytesStart<'_>) -> Result<OpenDocumentCell, Reason> {
    let kind = attribute(tag, "value-type")?;
    let of_kind = match kind.as_str() {
        "date" => "date-value",
        "string" => "string-value",
        "boolean" => "boolean-value",
        _ => "value",
    };
    let repeats = repeats(tag, "number-columns-repeated")?;
    Ok(OpenDocumentCell {
        repeats: usize::try_from(repeats).unwrap_or(usize::MAX),
        value: attribute(tag, of_kind)?,
        kind,
        text: String::new(),
        is_formula: !attribute(tag, "formula")?.is_empty(),
    })
}

fn repeats(tag: &BytesStart<'_>, name: &str) -> Result<u32, Reason> {
    let repeats = attribute(tag, name)?.parse::<u32>().unwrap_or(1);
    Ok(repeats.clamp(1, MOST_REPEATED))
}
