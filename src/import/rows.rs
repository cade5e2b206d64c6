//! One row under its titles.

use std::collections::HashSet;

use crate::people::PostalAddress;

use super::Source;
use super::columns::{Field, Head, What, Whose};
use super::fields::{Names, Place, date};
use super::keys::folded_name;
use super::reading::{Cause, SetAside};
use super::sheet::{Row, Sheet};

/// A row, its titles, and the file that they stand in.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) source: Source<'a>,
    head: &'a Head,
    row: &'a Row,
}

/// The rows that hold somebody; the others are set aside, but for a last one of a single cell: exports
/// close with a line that is no record.
pub(super) fn sound_lines<'a>(
    sheet: &'a Sheet,
    source: Source<'a>,
    set_aside: &mut Vec<SetAside>,
) -> Vec<Line<'a>> {
    let head = &sheet.head;
    let mut lines = Vec::with_capacity(sheet.rows.len());
    for (at, row) in sheet.rows.iter().enumerate() {
        let line = Line { source, head, row };
        let place = line.place(format!("ligne {}", row.line));
        if row.reaches(head.width()) {
            let reason = "Plus de cellules que de titres, peut-être décalées (séparateur ou \
                          guillemet dans une cellule) : ligne non reprise.";
            set_aside.push(place.set_aside(Cause::TooManyCells, reason));
        } else if line.names(Whose::Own).is_some() && line.holds_more_than_one_cell() {
            lines.push(line);
        } else if at + 1 < sheet.rows.len() || line.holds_more_than_one_cell() {
            let reason = "Ligne sans nom : non reprise.";
            set_aside.push(place.set_aside(Cause::Nameless, reason));
        }
    }
    lines
}

impl<'a> Line<'a> {
    fn holds_more_than_one_cell(&self) -> bool {
        self.row.cells().filter(|cell| !cell.is_empty()).nth(1).is_some()
    }

    /// The titles.
    pub(super) fn head(&self) -> &'a Head {
        self.head
    }

    /// The first filled cell of such a column; empty when there is none.
    pub(super) fn text(&self, whose: Whose, what: What) -> &'a str {
        self.texts(whose, what).next().unwrap_or_default()
    }

    /// The filled cells of such columns.
    pub(super) fn texts(&self, whose: Whose, what: What) -> impl Iterator<Item = &'a str> {
        let row = self.row;
        let columns = self.head.columns_of(Field { whose, what });
        columns.map(move |column| row.cell(column)).filter(|cell| !cell.is_empty())
    }

    /// The cell of a column.
    pub(super) fn cell(&self, column: usize) -> &'a str {
        self.row.cell(column)
    }

    /// The single values of cells that hold lists, each once.
    pub(super) fn list(&self, what: What) -> Vec<String> {
        each_once(self.texts(Whose::Own, what).flat_map(|text| text.split([',', ';', '/', '|'])))
    }

    /// The cells of such columns, each once.
    pub(super) fn distinct(&self, what: What) -> Vec<String> {
        each_once(self.texts(Whose::Own, what))
    }

    /// What somebody is called; `None` without a family name.
    pub(super) fn names(&self, whose: Whose) -> Option<Names> {
        let (family, usage) =
            (self.text(whose, What::FamilyName), self.text(whose, What::UsageName));
        let family = if family.is_empty() { usage } else { family };
        let usage = (!usage.is_empty() && usage != family).then(|| usage.to_owned());
        (!family.is_empty()).then(|| Names { family: family.to_owned(), usage })
    }

    /// A birth date, in one way of writing.
    pub(super) fn birth_date(&self, whose: Whose) -> String {
        let typed = self.text(whose, What::BirthDate);
        date(typed).map_or_else(|| folded_name(typed), |date| date.to_string())
    }

    /// An address; `None` when it holds neither street nor town.
    pub(super) fn postal_address(&self, whose: Whose) -> Option<PostalAddress> {
        let lines: Vec<String> = [What::Address, What::MoreAddress]
            .into_iter()
            .flat_map(|what| self.texts(whose, what))
            .flat_map(str::lines)
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        let town = self.text(whose, What::Town);
        if lines.is_empty() && town.is_empty() {
            return None;
        }
        let country = self.text(whose, What::Country);
        let is_abroad = !country.is_empty() && folded_name(country) != "FRANCE";
        let country = is_abroad.then(|| country.to_owned());
        let postcode = self.text(whose, What::Postcode);
        // A spreadsheet takes the zero from 01000 as it does from telephones.
        let lacks_zero = postcode.len() == 4 && postcode.bytes().all(|byte| byte.is_ascii_digit());
        let postcode = match (lacks_zero, &country) {
            (true, None) => format!("0{postcode}"),
            _ => postcode.to_owned(),
        };
        Some(PostalAddress { lines, postcode, town: town.to_owned(), country })
    }

    /// Where a remark on this row belongs.
    pub(super) fn place(&self, what: String) -> Place<'a> {
        Place { source: self.source, line: self.row.line, what }
    }
}

fn each_once<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let values = values.map(str::trim).filter(|value| !value.is_empty() && seen.insert(*value));
    values.map(str::to_owned).collect()
}
