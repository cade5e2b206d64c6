//! One row under its titles.

use std::collections::HashSet;

use crate::people::{PostalAddress, unaccented_capitals};

use super::columns::{Field, What, Whose, folded_title};
use super::fields::{RemarkPlace, date};
use super::file_to_read::FileToRead;
use super::full_name::{self, Called};
use super::reading::{Cause, SetAside};
use super::refused::Reason;
use super::sheet::SheetRow;
use super::sheets::TitledRows;
use super::titles::{self, Head};

/// Lines that a remark names.
const SHOWN: usize = 20;
/// How lines of totals begin, folded.
const TOTALS: [&str; 9] =
    ["total", "totaux", "soustotal", "effectif", "effectifs", "nombre", "nb", "moyenne", "somme"];

/// A row, its titles, and the file that they stand in.
#[derive(Clone, Copy)]
pub(super) struct TableLine<'a> {
    pub(super) file: FileToRead<'a>,
    head: &'a Head,
    row: &'a SheetRow,
}

/// The rows that hold somebody. Of the others those are set aside that should; the titles again and
/// lines of totals, which lists have between their pages, are told in one remark.
pub(super) fn sound_lines<'a>(
    list: &'a TitledRows,
    file: FileToRead<'a>,
    set_aside: &mut Vec<SetAside>,
) -> Result<Vec<TableLine<'a>>, (u64, Reason)> {
    let head = &list.head;
    let mut lines = Vec::with_capacity(list.rows.len());
    let mut between: Vec<u64> = Vec::new();
    for (at, row) in list.rows.iter().enumerate() {
        let line = TableLine { file, head, row };
        let has_one_cell = row.filled().nth(1).is_none();
        if has_one_cell && at + 1 == list.rows.len() && row.filled().any(closes) {
            between.push(row.line);
            continue;
        }
        if row.reaches(head.width()) {
            let reason = "Plus de cellules que de titres, peut-être décalées (séparateur ou \
                          guillemet dans une cellule) : ligne non reprise.";
            set_aside.push(line.remark(Cause::TooManyCells, reason));
        } else if line.holds_titles() {
            if !head.is_repeated_by(row) {
                return Err((row.line, Reason::OtherTitles));
            }
            between.push(row.line);
        } else if line.is_of_totals() {
            between.push(row.line);
        } else if line.names_somebody(Whose::Own) && !has_one_cell {
            lines.push(line);
        } else {
            set_aside.push(line.remark(Cause::Nameless, "Ligne sans nom : non reprise."));
        }
    }
    let told = [
        (&list.above, "Au-dessus des titres : non lu."),
        (&between, "Titres répétés ou totaux : ce n’est personne."),
    ];
    let told = told.into_iter().filter(|(lines, _)| !lines.is_empty());
    set_aside.extend(told.map(|(lines, reason)| between_pages(file, lines, reason)));
    Ok(lines)
}

/// The remark on lines that are no record.
fn between_pages(file: FileToRead<'_>, lines: &[u64], reason: &str) -> SetAside {
    let numbers: Vec<String> = lines.iter().take(SHOWN).map(u64::to_string).collect();
    let more = if lines.len() > SHOWN { ", …" } else { "" };
    let word = if lines.len() > 1 { "lignes" } else { "ligne" };
    SetAside {
        file: file.label.to_owned(),
        line: lines.first().copied(),
        what: format!("{word} {}{more}", numbers.join(", ")),
        cause: Cause::BetweenPages,
        reason: reason.to_owned(),
    }
}

impl<'a> TableLine<'a> {
    /// Whether the cell of the name holds a title, and the row is one of titles: the same or others.
    fn holds_titles(&self) -> bool {
        self.row.may_be_titles()
            && self.typed_name(Whose::Own).is_some_and(titles::is_a_title)
            && (self.head.is_repeated_by(self.row) || titles::is_of_titles(self.row))
    }

    /// Whether it begins with a word for a sum, and holds nothing but numbers besides.
    fn is_of_totals(&self) -> bool {
        let mut filled = self.row.filled();
        let is_sum = filled.next().is_some_and(begins_with_sum);
        let is_number = |cell: &str| {
            cell.starts_with(|sign: char| sign.is_ascii_digit())
                || !cell.contains(char::is_alphabetic)
        };
        is_sum && filled.all(is_number)
    }

    fn remark(&self, cause: Cause, reason: &str) -> SetAside {
        self.place(format!("ligne {}", self.row.line)).set_aside(cause, reason)
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

    /// Whether a cell says what somebody is called.
    pub(super) fn names_somebody(&self, whose: Whose) -> bool {
        self.typed_name(whose).is_some_and(full_name::may_be_name)
    }

    /// The cell that says what somebody is called.
    pub(super) fn typed_name(&self, whose: Whose) -> Option<&'a str> {
        let names = [What::FamilyName, What::UsageName, What::FullName];
        names.into_iter().map(|what| self.text(whose, what)).find(|cell| !cell.is_empty())
    }

    /// What somebody is called; `None` without a name, or with something that is none.
    pub(super) fn called(&self, whose: Whose) -> Option<Called> {
        let (family, usage) =
            (self.text(whose, What::FamilyName), self.text(whose, What::UsageName));
        let family = if family.is_empty() { usage } else { family };
        if family.is_empty() {
            return self.called_in_one_cell(whose);
        }
        full_name::may_be_name(family).then(|| Called {
            family: family.to_owned(),
            usage: (!usage.is_empty() && usage != family).then(|| usage.to_owned()),
            first: self.text(whose, What::FirstName).to_owned(),
            civility: None,
        })
    }

    fn called_in_one_cell(&self, whose: Whose) -> Option<Called> {
        let mut columns = self.head.columns_of(Field { whose, what: What::FullName });
        let column = columns.find(|column| !self.cell(*column).is_empty())?;
        self.whole_name(column)
    }

    /// A whole name in the cell of a column, whose title tells in which order.
    pub(super) fn whole_name(&self, column: usize) -> Option<Called> {
        let begins_with_first = folded_title(self.head.title(column)).starts_with("prenom");
        full_name::read(self.cell(column), begins_with_first)
    }

    /// A birth date, in one way of writing.
    pub(super) fn birth_date(&self, whose: Whose) -> String {
        in_one_way(self.text(whose, What::BirthDate))
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
        let is_abroad = !country.is_empty() && unaccented_capitals(country) != "FRANCE";
        let country = is_abroad.then(|| country.to_owned());
        let typed = self.text(whose, What::Postcode);
        let digits: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        // The post writes 31000, whatever was typed for the eye.
        let postcode = if is_number { digits.as_str() } else { typed };
        // A spreadsheet takes the zero from 01000 as it does from telephones.
        let lacks_zero = postcode.len() == 4 && is_number;
        let postcode = match (lacks_zero, &country) {
            (true, None) => format!("0{postcode}"),
            _ => postcode.to_owned(),
        };
        Some(PostalAddress { lines, postcode, town: town.to_owned(), country })
    }

    /// Where a remark on this row belongs.
    pub(super) fn place(&self, what: String) -> RemarkPlace<'a> {
        RemarkPlace { file: self.file, line: self.row.line, what }
    }
}

/// A date as all write it, or the text that is none.
pub(super) fn in_one_way(typed: &str) -> String {
    date(typed).map_or_else(|| unaccented_capitals(typed), |date| date.to_string())
}

/// Whether a text is one with which exports close, alone in the last row: a count, or that this is the
/// end.
fn closes(text: &str) -> bool {
    text.contains(|sign: char| sign.is_ascii_digit()) || folded_title(text).starts_with("fin")
}

/// Whether the first word of a text is one for a sum: `Sous-total 6A`, not `Nombel`.
fn begins_with_sum(text: &str) -> bool {
    if !text.starts_with(|letter: char| "TSENMtsenm".contains(letter)) {
        return false;
    }
    let first = text.split(|sign: char| !sign.is_alphanumeric() && sign != '-').next();
    TOTALS.contains(&folded_title(first.unwrap_or_default()).as_str())
}

fn each_once<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen = HashSet::new();
    let values = values.map(str::trim).filter(|value| !value.is_empty() && seen.insert(*value));
    values.map(str::to_owned).collect()
}
