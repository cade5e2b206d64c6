//! Tables that leave for a spreadsheet: CSV as the office's programs open it, and nothing in it that
//! they would run.

mod package;

use std::borrow::Cow;

use crate::plain_text::cleaned;

pub use package::{PackageError, package};

/// What a spreadsheet may take for the beginning of a formula (OWASP, *CSV injection*).
const FORMULA_SIGNS: &str = "=+-@＝＋－＠";
/// What may part two cells, in whatever program opens the table.
const SEPARATORS: &str = ";,\t|:\n\"";
/// A no-break space: no spreadsheet takes what begins with one for a formula or a number, and nobody sees
/// it. An apostrophe would be: spreadsheets show the one of a CSV.
const GUARD: char = '\u{a0}';

/// A table that cannot be written; nothing of it was kept.
#[derive(Debug, thiserror::Error)]
#[error("the table cannot be written: {0}")]
pub struct ExportError(#[from] csv::Error);

/// A table as CSV: UTF-8 with its mark, every cell in quotes, `;` between cells, CRLF after rows.
pub fn table<R, C>(head: &[&str], rows: R) -> Result<Vec<u8>, ExportError>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .quote_style(csv::QuoteStyle::Always)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.into_iter().map(|cell| harmless(&cell).into_owned()))?;
    }
    writer.into_inner().map_err(|error| ExportError(csv::Error::from(error.into_error())))
}

/// A cell that no spreadsheet takes for a formula, whatever it parts cells by: where a formula could begin,
/// a blank that is not seen stands before it.
fn harmless(cell: &str) -> Cow<'_, str> {
    let clean = cleaned(cell);
    if !clean.contains(|letter| FORMULA_SIGNS.contains(letter)) {
        return clean;
    }
    let mut harmless = String::with_capacity(clean.len() + GUARD.len_utf8());
    let mut may_begin = true;
    for letter in clean.chars() {
        if may_begin && FORMULA_SIGNS.contains(letter) {
            harmless.push(GUARD);
        }
        harmless.push(letter);
        // Programs pass over the blanks before a cell.
        may_begin = SEPARATORS.contains(letter) || may_begin && letter.is_whitespace();
    }
    Cow::Owned(harmless)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let row = cells.iter().map(|cell| (*cell).to_owned());
        String::from_utf8(table(&["a", "b"], [row]).unwrap()).unwrap()
    }

    #[test]
    fn no_cell_is_a_formula_by_whatever_separator_it_is_read() {
        for hostile in [
            "=1+1",
            "+32 470 123 456",
            "-2",
            "@SUM(A1)",
            "\t=1",
            " =1",
            "\r=1",
            "＝1",
            "x,=1+1",
            "x\t=1+1",
            "x;=1+1;y",
            "x\n=1+1",
            "x\",=1+1,\"",
            "x| @SUM(A1)",
        ] {
            let text = written(&["first", hostile]);
            let row = text.split_once("\r\n").unwrap().1;
            for separator in [';', ',', '\t', '|', ':'] {
                let cells = row.split([separator, '\n', '"']);
                let first = |cell: &str| cell.trim_matches([' ', '\r', '\t']).chars().next();
                let begins = cells.filter_map(first).any(|sign| FORMULA_SIGNS.contains(sign));
                assert!(!begins, "{hostile:?} is written as {row:?}");
            }
        }
    }

    #[test]
    fn what_is_no_formula_stays_as_it_is() {
        for cell in ["Anne-Lise LE GOFF", "06 39 98 00 01", "ines@example.org", "3+3", "a;b"] {
            assert!(written(&["x", cell]).ends_with(&format!(";\"{cell}\"\r\n")), "{cell}");
        }
    }

    #[test]
    fn separators_quotes_and_lines_stay_within_their_cell() {
        let text = written(&["a;b", "say \"oui\"\nou non"]);
        assert_eq!(text, "\u{feff}\"a\";\"b\"\r\n\"a;b\";\"say \"\"oui\"\"\nou non\"\r\n");
    }

    #[test]
    fn nothing_in_a_cell_speaks_to_a_machine() {
        assert!(written(&["ZO\u{1b}[31m\u{202e}É", ""]).contains("\"ZO[31mÉ\""));
    }
}
