//! Tables that leave for a spreadsheet: CSV as the office's programs open it, and nothing in it that
//! they would run.

/// A table that cannot be written; nothing of it was kept.
#[derive(Debug, thiserror::Error)]
#[error("the table cannot be written: {0}")]
pub struct ExportError(#[from] csv::Error);

/// A table as CSV: UTF-8 with its mark, `;` between cells, CRLF after rows.
pub fn table<R, C>(head: &[&str], rows: R) -> Result<Vec<u8>, ExportError>
where
    R: IntoIterator<Item = C>,
    C: IntoIterator<Item = String>,
{
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row.into_iter().map(harmless))?;
    }
    writer.into_inner().map_err(|error| ExportError(csv::Error::from(error.into_error())))
}

/// A cell that no spreadsheet takes for a formula (OWASP, *CSV injection*): one that begins like a formula
/// gets an apostrophe, which spreadsheets hide.
fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let row = cells.iter().map(|cell| (*cell).to_owned());
        String::from_utf8(table(&["a", "b"], [row]).unwrap()).unwrap()
    }

    #[test]
    fn no_cell_is_a_formula() {
        for hostile in ["=1+1", "+33639980001", "-2", "@SUM(A1)", "\t=1", "＝1"] {
            let text = written(&[hostile, "x"]);
            let row = text.lines().nth(1).unwrap().trim_start_matches('"');
            assert!(row.starts_with('\''), "{hostile:?} is written as {row:?}");
        }
    }

    #[test]
    fn separators_quotes_and_lines_stay_within_their_cell() {
        let text = written(&["a;b", "say \"oui\"\nou non"]);
        assert_eq!(text, "\u{feff}a;b\r\n\"a;b\";\"say \"\"oui\"\"\nou non\"\r\n");
    }
}
