//! Small files that unfold into very much: refused before they cost memory.

use super::workbooks::{excel, open_document};
use super::*;

fn sheet(rows: &str) -> Vec<u8> {
    let text = |text: &str| format!("<c t=\"str\"><v>{text}</v></c>");
    let titles: String = ["Nom", "Prénom", "Classe"].map(text).concat();
    excel(&format!("<worksheet><sheetData><row>{titles}</row>{rows}</sheetData></worksheet>"))
}

#[test]
fn a_million_rows_are_refused_and_a_million_blank_ones_are_none() {
    let blank = sheet(&"<row><c s=\"1\"/></row>".repeat(1_048_576));
    assert_eq!(refusal(&blank).1, Reason::NobodyInside);
    // The sheet before has a row, too.
    let filled = sheet(&"<row><c><v>1</v></c></row>".repeat(1_048_576));
    assert_eq!(refusal(&filled), (Some(30_000), Reason::TooManyRows(30_000)));
}

#[test]
fn cells_are_counted_over_all_sheets() {
    let table = |name: &str| {
        format!(
            "<table:table table:name=\"{name}\"><table:table-row>CELL Nom ENDCELL Prénom END\
             CELL Classe END</table:table-row><table:table-row table:number-rows-repeated=\"1500\">\
             <table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"400\">\
             <text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        )
    };
    let file = open_document(&format!("{}{}", table("A"), table("B")));
    assert!(file.len() < 2_000);
    assert_eq!(refusal(&file).1, Reason::TooManyCells(1_000_000));
}

#[test]
fn one_long_text_in_very_many_cells_is_refused() {
    let long = "x".repeat(60_000);
    let row = format!("<row>{}</row>", "<c t=\"s\"><v>3</v></c>".repeat(200));
    let texts = format!(
        "<sst><si><t>Nom</t></si><si><t>Prénom</t></si><si><t>Classe</t></si><si><t>{long}</t></si></sst>"
    );
    let titles = [0, 1, 2].map(|number| format!("<c t=\"s\"><v>{number}</v></c>")).concat();
    let sheet = format!(
        "<worksheet><sheetData><row>{titles}</row>{}</sheetData></worksheet>",
        row.repeat(50)
    );
    let file = super::workbooks::excel_with(&sheet, &texts, "<styleSheet/>");
    assert_eq!(refusal(&file).1, Reason::TooLarge);
}

#[test]
fn texts_that_hold_nothing_are_counted_too() {
    let texts = format!("<sst>{}</sst>", "<si/>".repeat(1_000_001));
    let file = super::workbooks::excel_with("<worksheet/>", &texts, "<styleSheet/>");
    assert_eq!(refusal(&file).1, Reason::TooManyCells(1_000_000));
}

#[test]
fn styles_and_links_larger_than_any_are_refused() {
    let format = "<numFmt numFmtId=\"9\" formatCode=\"d\"/>".repeat(150_000);
    let file = super::workbooks::excel_with(
        "<worksheet/>",
        "<sst/>",
        &format!("<styleSheet>{format}</styleSheet>"),
    );
    assert!(matches!(refusal(&file).1, Reason::TooMuchUnpacked(_)));
}

#[test]
fn more_sheets_than_a_school_has_classes_are_refused() {
    let file = open_document(&"<table:table table:name=\"A\"></table:table>".repeat(201));
    assert_eq!(refusal(&file).1, Reason::TooManySheets(200));
}

#[test]
fn a_text_larger_than_any_list_is_refused() {
    let rows = "DURAND;Zoé;6A\r\n".repeat(2_500_000);
    let file = format!("Nom;Prénom;Classe\r\n{rows}");
    assert_eq!(refusal(file.as_bytes()).1, Reason::TooLarge);
}

#[test]
fn a_table_of_faults_is_refused() {
    let phones = ";x".repeat(10);
    let titles: String = (0..10).map(|_| ";Tél parent 1").collect();
    let rows = format!("\r\nDURAND;Zoé;6A;DURAND{phones}").repeat(11_000);
    let file = format!("Nom;Prénom;Classe;Nom parent 1{titles}{rows}");
    assert_eq!(refusal(file.as_bytes()).1, Reason::TooManyFaults(100_000));
}

#[test]
fn what_is_no_file_is_refused_unopened() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("tube");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [folder.path(), pipe.as_path(), std::path::Path::new("/dev/zero")] {
        let refused = read(&[SourceFile::on_disk("x", path)], &expected()).unwrap_err();
        assert_eq!(refused.reason, Reason::NotAFile, "{}", path.display());
    }
}
