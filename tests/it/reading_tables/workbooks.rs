//! Workbooks of both formats, composed by hand, sound and hostile.

use super::*;

const LINKS: &str = "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/sheet1.xml\"/>\
                     <Relationship Id=\"r2\" Target=\"/xl/worksheets/sheet2.xml\"/></Relationships>";
const BOOK: &str = "<workbook><sheets><sheet name=\"Aide\" sheetId=\"1\" r:id=\"r1\"/>\
                    <sheet name=\"Liste\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>";
const TEXTS: &str = "<sst count=\"3\" uniqueCount=\"3\"><si><t>Nom</t></si><si><t>DURAND</t></si>\
                     <si><r><t>Z</t></r><r><t>oé</t></r><rPh><t>zo</t></rPh></si></sst>";
const STYLES: &str = "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/>\
                      </numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>\
                      <xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>";
const SHEET: &str = "<worksheet><dimension ref=\"A1:XFD1048576\"/><sheetData>\
    <row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"B3\" t=\"inlineStr\"><is><t>Prénom</t></is></c>\
    <c r=\"C3\" t=\"str\"><v>Né(e) le</v></c><c t=\"str\"><v>Fonction</v></c>\
    <c t=\"str\"><v>Portable</v></c><c t=\"str\"><v>CP</v></c><c t=\"str\"><v>Ville</v></c></row>\
    <row r=\"5\"><c r=\"A5\" t=\"s\"><v>1</v></c><c r=\"B5\" t=\"s\"><v>2</v></c>\
    <c r=\"C5\" s=\"1\"><v>43558</v></c><c r=\"D5\" t=\"str\"><v>ENS</v></c>\
    <c r=\"E5\"><v>639980001</v></c><c r=\"F5\"><v>1000</v></c><c r=\"G5\" t=\"str\"><v>BOURG</v></c>\
    </row></sheetData></worksheet>";

pub(crate) fn excel(sheet: &str) -> Vec<u8> {
    excel_with(sheet, TEXTS, STYLES)
}

pub(crate) fn excel_with(sheet: &str, texts: &str, styles: &str) -> Vec<u8> {
    let help =
        "<worksheet><sheetData><row><c t=\"str\"><v>Aide</v></c></row></sheetData></worksheet>";
    zipped(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/sharedStrings.xml", texts.as_bytes()),
        ("xl/styles.xml", styles.as_bytes()),
        ("xl/worksheets/sheet1.xml", help.as_bytes()),
        ("xl/worksheets/sheet2.xml", sheet.as_bytes()),
    ])
}

const CELLS: &str = "<table:table table:name=\"Aide\"><table:table-row><table:table-cell/>\
    </table:table-row></table:table><table:table table:name=\"Liste\">\
    <table:table-row table:number-rows-repeated=\"2\"><table:table-cell/></table:table-row>\
    <table:table-row>CELL Nom END CELL Prénom END CELL Né(e) le END CELL Fonction END CELL Portable END\
    CELL CP END CELL Ville END</table:table-row>\
    <table:table-row>CELL DURAND END<table:table-cell office:value-type=\"string\"><office:annotation>\
    <text:p>note</text:p></office:annotation><text:p>Z<text:span>oé</text:span></text:p>\
    </table:table-cell><table:table-cell office:value-type=\"date\" office:date-value=\"2019-04-03\">\
    <text:p>3 avr. 19</text:p></table:table-cell>CELL ENS END\
    <table:table-cell office:value-type=\"float\" office:value=\"639980001\"><text:p>6,4E8</text:p>\
    </table:table-cell><table:table-cell office:value-type=\"float\" office:value=\"1000\">\
    <text:p>01000</text:p></table:table-cell>CELL BOURG END\
    <table:table-cell table:number-columns-repeated=\"16377\"/></table:table-row>\
    <table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell \
    table:number-columns-repeated=\"16384\"/></table:table-row></table:table>";

pub(crate) fn open_document(tables: &str) -> Vec<u8> {
    let cells = tables
        .replace("CELL ", "<table:table-cell office:value-type=\"string\"><text:p>")
        .replace(" END", "</text:p></table:table-cell>");
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body>\
         <office:spreadsheet>{cells}</office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

fn anne_is_read(file: &[u8], line: u32) {
    let reading = sound(&[file]);
    let [person] = reading.persons.as_slice() else { panic!("one person") };
    assert_eq!(person.display_name(), "Zoé DURAND");
    assert_eq!(ways(person), ["+33639980001", "+33639980001"]);
    assert_eq!(person.postal_address.as_ref().unwrap().postcode, "01000");
    assert_eq!(reading.person_origins.get(&person.key).unwrap().line, line);
    assert_eq!(reading.files[0].kind, Kind::Table);
    let from_csv = csv("Nom;Prénom;Né(e) le;Fonction", &["DURAND;Zoé;03/04/2019;ENS"]);
    assert_eq!(sound(&[&from_csv]).persons[0].key, person.key, "the date is the same");
}

#[test]
fn a_sheet_with_titles_is_read_as_a_secretary_sees_it() {
    anne_is_read(&excel(SHEET), 5);
    anne_is_read(&open_document(CELLS), 4);
}

#[test]
fn prefixed_tags_are_the_same_tags() {
    let prefixed = SHEET.replace("</", "</x:").replace('<', "<x:").replace("<x:/x:", "</x:");
    let prefixed = prefixed.replace("<x:worksheet>", "<x:worksheet xmlns:x=\"urn:x\">");
    anne_is_read(&excel(&prefixed), 5);
}

#[test]
fn a_workbook_in_an_archive_is_a_table_of_the_import() {
    let reading = sound(&[&zipped(&[("liste.xlsx", &excel(SHEET))])]);
    assert_eq!(reading.files[0].label, "export.csv/liste.xlsx");
    assert_eq!(reading.persons.len(), 1);
}

#[test]
fn a_workbook_cut_anywhere_is_refused() {
    for file in [excel(SHEET), open_document(CELLS)] {
        for end in 4..file.len() {
            assert!(reading(&[&file[..end]]).is_err(), "cut at byte {end}");
        }
    }
}

#[test]
fn a_workbook_without_titles_is_refused() {
    let empty = "<worksheet><sheetData/></worksheet>";
    assert_eq!(refusal(&excel(empty)).1, Reason::NoHead);
    assert_eq!(refusal(&open_document("")).1, Reason::NoHead);
}

#[test]
fn sizes_that_a_workbook_declares_are_not_believed() {
    let texts = TEXTS.replace("uniqueCount=\"3\"", "uniqueCount=\"18446744073709551615\"");
    anne_is_read(&excel_with(SHEET, &texts, STYLES), 5);
    let wide = SHEET.replace("r=\"G5\"", "r=\"ZZZZZZZZZZZZZZZZ5\"");
    assert_eq!(refusal(&excel(&wide)), (Some(5), Reason::TooManyColumns(512)));
    let beyond = SHEET.replace("<v>1</v>", "<v>99999999999999999999</v>");
    assert!(reading(&[&excel(&beyond)]).is_err());
}

#[test]
fn repetitions_are_refused_before_they_are_made() {
    let wide = CELLS.replace(
        "<table:table-cell office:value-type=\"float\" office:value=\"1000\">",
        "<table:table-cell office:value-type=\"float\" office:value=\"1000\" \
         table:number-columns-repeated=\"4294967295\">",
    );
    assert_eq!(refusal(&open_document(&wide)).1, Reason::TooManyColumns(512));
    let long = CELLS.replace(
        "<table:table-row>CELL DURAND",
        "<table:table-row table:number-rows-repeated=\"1048576\">CELL DURAND",
    );
    assert_eq!(refusal(&open_document(&long)).1, Reason::TooManyRows(30_000));
}

#[test]
fn a_bomb_in_a_workbook_is_refused() {
    let blanks = " ".repeat(130 * 1024 * 1024);
    let bomb = excel(&SHEET.replace("<sheetData>", &format!("{blanks}<sheetData>")));
    assert!(bomb.len() < 1024 * 1024);
    assert_eq!(refusal(&bomb).1, Reason::TooMuchUnpacked(96));
    let long = SHEET.replace("ENS", &"x".repeat(70_000));
    assert_eq!(refusal(&excel(&long)), (Some(5), Reason::TooLarge));
}

#[test]
fn a_doctype_or_a_password_in_a_workbook_is_refused() {
    let doctype = format!("<!DOCTYPE x [<!ENTITY a \"b\">]>{SHEET}");
    assert_eq!(refusal(&excel(&doctype)).1, Reason::Doctype);
    let locked = zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>",
        ),
        ("content.xml", b"\x8f\x02"),
    ]);
    assert_eq!(refusal(&locked).1, Reason::Encrypted);
}

pub(crate) fn sound_workbooks() -> [(&'static str, &'static str); 2] {
    [("xlsx", SHEET), ("ods", CELLS)]
}
