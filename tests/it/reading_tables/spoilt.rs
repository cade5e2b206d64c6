//! What spreadsheets do to values: formulas, escapes, protection, classes that became dates.

use super::workbooks::{excel, open_document};
use super::*;

const HEAD: &str = "Nom;Prénom;Classe;Nom parent 1;Prénom parent 1;Tél. portable parent 1;\
                    CP parent 1;Ville parent 1;Adresse parent 1";

/// A sheet of one pupil whose mother's telephone stands in this cell.
fn excel_with_phone(cell: &str) -> Vec<u8> {
    let text = |text: &str| format!("<c t=\"str\"><v>{text}</v></c>");
    let titles: String =
        ["Nom", "Prénom", "Classe", "Nom parent 1", "Tél parent 1"].map(text).concat();
    let values: String = ["ARAGO", "Lou", "6A", "ARAGO"].map(text).concat();
    excel(&format!(
        "<worksheet><sheetData><row r=\"1\">{titles}</row><row r=\"2\">{values}{cell}</row></sheetData>\
         </worksheet>"
    ))
}

fn ods_with_phone(cell: &str) -> Vec<u8> {
    open_document(&format!(
        "<table:table table:name=\"A\"><table:table-row>CELL Nom ENDCELL Prénom ENDCELL Classe END\
         CELL Nom parent 1 ENDCELL Tél parent 1 END</table:table-row><table:table-row>CELL ARAGO END\
         CELL Lou ENDCELL 6A ENDCELL ARAGO END{cell}</table:table-row></table:table>"
    ))
}

#[test]
fn a_formula_without_value_is_told_with_its_line() {
    let files = [
        excel_with_phone("<c r=\"E2\" t=\"e\"><f>VLOOKUP(1,A1:B2,2)</f><v>#N/A</v></c>"),
        excel_with_phone("<c r=\"E2\"><f>A1</f></c>"),
        excel_with_phone("<c r=\"E2\"><f>A1</f><v></v></c>"),
        ods_with_phone(
            "<table:table-cell table:formula=\"of:=VLOOKUP(1)\" office:value-type=\"string\" \
             office:string-value=\"\"><text:p>#N/D</text:p></table:table-cell>",
        ),
        ods_with_phone("<table:table-cell table:formula=\"of:=[.A1]\"/>"),
        csv("Nom;Prénom;Classe;Nom parent 1;Tél parent 1", &["ARAGO;Lou;6A;ARAGO;#NOM?"]),
    ];
    for (at, file) in files.iter().enumerate() {
        let reading = sound(&[file]);
        let told = remarks(&reading, Cause::NoValue);
        assert_eq!(told[0].0, Some(2), "file {at}");
        assert!(told.len() == 1 && told[0].1.contains("formule sans valeur"), "{told:?}");
        assert!(reading.persons[0].contact_points.is_empty());
    }
    let computed = excel_with_phone("<c r=\"E2\" t=\"str\"><f>IF(1,\"\")</f><v></v></c>");
    assert!(remarks(&sound(&[&computed]), Cause::NoValue).is_empty(), "an empty text is a value");
}

#[test]
fn a_class_without_value_is_no_class() {
    let reading = sound(&[&csv("Nom;Prénom;Classe;Option", &["ARAGO;Lou;#REF!;#REF!"])]);
    assert_eq!(classes(&reading), [("Lou ARAGO".to_owned(), None)]);
    assert_eq!(causes(&reading), [Cause::NoValue, Cause::NoClass]);
}

#[test]
fn escapes_of_excel_are_decoded_in_every_sort_of_text() {
    let sheet = |cell: &str| {
        let text = |text: &str| format!("<c t=\"str\"><v>{text}</v></c>");
        let titles: String = ["Nom", "Prénom", "Fonction", "Ville", "Adresse"].map(text).concat();
        let values: String = ["ROY", "Ann_x005F_x0041_e", "ENS", "VALCLAIR"].map(text).concat();
        format!(
            "<worksheet><sheetData><row>{titles}</row><row>{values}{cell}</row></sheetData></worksheet>"
        )
    };
    for cell in [
        "<c t=\"inlineStr\"><is><t>1 rue Basse_x000D_\nBât. B</t></is></c>",
        "<c t=\"str\"><f>A1</f><v>1 rue Basse_x000D_\nBât. B</v></c>",
    ] {
        let reading = sound(&[&excel(&sheet(cell))]);
        let address = reading.persons[0].postal_address.as_ref().unwrap();
        assert_eq!(address.lines, ["1 rue Basse", "Bât. B"]);
        assert_eq!(reading.persons[0].first_name, "Ann_x0041_e");
    }
}

#[test]
fn what_tells_a_spreadsheet_that_a_value_is_a_text_is_no_part_of_it() {
    let rows = [
        "ALPHA;Ana;=\"6A\";ALPHA;Ida;=\"0639980001\";=\"01000\";BOURG;1 rue A",
        "BETA;Bob;'6A;BETA;Eva;'0639980002;'31000;TOULOUSE;2 rue A",
        "GAMMA;Gil;6A;'t HOOFT;Lia;\"=\"\"0639980003\"\"\";31000;TOULOUSE;3 rue A",
    ];
    let reading = sound(&[&csv(HEAD, &rows)]);
    assert!(reading.pupils.iter().all(|pupil| pupil.class.as_deref() == Some("6A")));
    let of = |person: &Person| {
        let address = person.postal_address.as_ref().unwrap();
        (person.family_name.clone(), ways(person)[0].to_owned(), address.postcode.clone())
    };
    let told: Vec<(String, String, String)> = reading.persons.iter().map(of).collect();
    let right = |name: &str, mobile: &str, postcode: &str| {
        (name.to_owned(), mobile.to_owned(), postcode.to_owned())
    };
    assert_eq!(
        told,
        [
            right("ALPHA", "+33639980001", "01000"),
            right("BETA", "+33639980002", "31000"),
            right("'t HOOFT", "+33639980003", "31000"),
        ]
    );
    assert!(reading.set_aside.is_empty(), "{:?}", causes(&reading));
}

#[test]
fn a_class_that_became_a_date_or_a_power_of_ten_is_asked_and_is_none() {
    let rows =
        ["A;Ana;5,00E+03", "B;Bob;06-janv", "C;Gil;juin-01", "D;Dan;6-1", "E;Eve;01/06/2026"];
    let reading = sound(&[&csv("Nom;Prénom;Classe", &rows)]);
    let classes: Vec<Option<&str>> = reading.pupils.iter().map(|p| p.class.as_deref()).collect();
    assert_eq!(classes, [None, None, None, Some("6-1"), None]);
    assert!(reading.pupils.iter().filter(|p| p.class.is_none()).all(|p| p.level.is_none()));
    let told = remarks(&reading, Cause::SpoiltClass);
    let lines: Vec<Option<u64>> = told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [Some(2), Some(3), Some(4), Some(6)]);
    for ((_, reason), guess) in told.iter().zip(["5E3 ?", "6-1 ?", "6-1 ?", "6-1 ?"]) {
        assert!(reason.contains(guess), "{reason}");
    }
    assert_eq!(reading.set_aside.len(), 4, "each is told once");
}

#[test]
fn a_class_that_became_a_number_is_told_from_one_that_is_a_number() {
    let of = |classes_given: &[&str]| {
        let rows: Vec<String> =
            classes_given.iter().enumerate().map(|(at, it)| format!("N{at};Zoé;{it}")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let reading = sound(&[&csv("Nom;Prénom;Classe", &rows)]);
        reading.pupils.iter().filter_map(|pupil| pupil.class.clone()).collect::<Vec<String>>()
    };
    assert_eq!(of(&["60", "600", "6A"]), ["6A"]);
    assert_eq!(of(&["6E1", "6E2", "60"]), ["6E1", "6E2"]);
    assert_eq!(of(&["601", "602", "600", "501"]), ["601", "602", "600", "501"]);
    assert_eq!(of(&["6A", "6B", "3000"]), ["6A", "6B"]);
    assert_eq!(of(&["601"]), ["601"]);
}

#[test]
fn a_sheet_of_excel_whose_class_is_a_day_is_asked() {
    let sheet = "<worksheet><sheetData><row><c t=\"str\"><v>Nom</v></c><c t=\"str\"><v>Prénom</v></c>\
                 <c t=\"str\"><v>Classe</v></c></row><row><c t=\"str\"><v>BETA</v></c>\
                 <c t=\"str\"><v>Bob</v></c><c s=\"1\"><v>46174</v></c></row></sheetData></worksheet>";
    let reading = sound(&[&excel(sheet)]);
    assert_eq!(classes(&reading), [("Bob BETA".to_owned(), None)]);
    let told = remarks(&reading, Cause::SpoiltClass);
    assert!(told[0].1.contains("« 01/06/2026 ») : 6-1 ?"), "{told:?}");
}

#[test]
fn a_teacher_of_a_spoilt_class_teaches_no_such_class() {
    let reading = sound(&[&csv("Nom;Prénom;Fonction;Classe", &["ROY;Anne;ENS;06-janv"])]);
    assert!(duties(&reading.persons[0]).teaches.is_empty());
    assert_eq!(causes(&reading), [Cause::SpoiltClass]);
}
