//! Files that are cut, too large, or that lie about themselves.

use super::Case;
use crate::reading_tables::workbooks::{excel, open_document, sound_workbooks};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = cut_workbooks();
    cases.extend(tables());
    cases
}

fn cut_workbooks() -> Vec<Case> {
    let [(_, sheet), (_, tables)] = sound_workbooks();
    let whole = [("Excel", excel(sheet)), ("OpenDocument", open_document(tables))];
    let cut = |(name, file): &(&str, Vec<u8>)| {
        (1..10)
            .map(|tenths| {
                let what = format!("{tenths} tenths of a workbook of {name}");
                Case::refused(what, &file[..file.len() * tenths / 10], "damaged")
            })
            .collect::<Vec<_>>()
    };
    whole.iter().flat_map(cut).collect()
}

fn tables() -> Vec<Case> {
    let head = "Nom;Prénom;Classe";
    let row = |first: &str| format!("{head}\nA;B;6A\nDURAND;{first};6A\nROY;Lou;6A\n");
    vec![
        Case::refused("titles alone", format!("{head}\n"), "no record"),
        Case::refused("a quote without end", row("\"Zoé"), "line 3: a quote opens here"),
        Case::refused("a line of a megabyte", row(&"Z".repeat(1_000_000)), "larger than any"),
        Case::refused(
            "six hundred columns",
            row(&format!("B;6A{}x", ";".repeat(600))),
            "more than 512 columns",
        ),
        Case::refused("sixty thousand separators", row(&";".repeat(66_000)), "larger than any"),
        Case::refused("numbers alone", "1;2;3\n4;5;6\n", "no row of titles"),
        Case::refused("one column", "Nom\nDURAND\n", "no row of titles"),
        Case::refused("titles of nobody", "Nom;Ville\nDURAND;X\n", "may be of pupils"),
    ]
}
