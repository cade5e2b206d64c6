//! Workbooks of several sheets, and what stands between the rows of a list.

use super::workbooks::open_document;
use super::*;

const HEAD: [&str; 6] =
    ["Nom", "Prénom", "Classe", "Nom parent 1", "Prénom parent 1", "Courriel parent 1"];

/// A sheet: its tab, whether it is hidden, and its rows, blank ones too.
pub(crate) type Tab<'t> = (&'t str, bool, &'t [&'t [&'t str]]);

fn row_of_excel(number: usize, cells: &[&str]) -> String {
    let cell = |(at, text): (usize, &&str)| {
        let column = char::from(b'A' + u8::try_from(at).unwrap());
        if text.is_empty() {
            return String::new();
        }
        format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    let cells: String = cells.iter().enumerate().map(cell).collect();
    format!("<row r=\"{number}\">{cells}</row>")
}

pub(crate) fn excel(tabs: &[Tab<'_>]) -> Vec<u8> {
    let numbered = || (1..).zip(tabs);
    let links = numbered().map(|(number, _)| {
        format!("<Relationship Id=\"r{number}\" Target=\"worksheets/sheet{number}.xml\"/>")
    });
    let links = format!("<Relationships>{}</Relationships>", links.collect::<String>());
    let sheets = numbered().map(|(number, (name, is_hidden, _))| {
        let state = if *is_hidden { "hidden" } else { "visible" };
        format!(
            "<sheet name=\"{name}\" sheetId=\"{number}\" state=\"{state}\" r:id=\"r{number}\"/>"
        )
    });
    let book = format!("<workbook><sheets>{}</sheets></workbook>", sheets.collect::<String>());
    let parts: Vec<(String, String)> = numbered()
        .map(|(number, (_, _, rows))| {
            let rows: String =
                (1..).zip(*rows).map(|(number, cells)| row_of_excel(number, cells)).collect();
            let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
            (format!("xl/worksheets/sheet{number}.xml"), sheet)
        })
        .collect();
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
    ];
    entries.extend(parts.iter().map(|(name, sheet)| (name.as_str(), sheet.as_bytes())));
    zipped(&entries)
}

/// The same in the open format.
pub(crate) fn ods(tabs: &[Tab<'_>]) -> Vec<u8> {
    let table = |(name, is_hidden, rows): &Tab<'_>| {
        let style = if *is_hidden { "ta2" } else { "ta1" };
        let row = |cells: &&[&str]| {
            let cell = |text: &&str| match *text {
                "" => "<table:covered-table-cell/>".to_owned(),
                text => format!("CELL {text} END"),
            };
            let cells = cells.iter().map(cell).collect::<Vec<String>>().concat();
            format!("<table:table-row>{cells}</table:table-row>")
        };
        let rows: String = rows.iter().map(row).collect();
        format!(
            "<table:table table:name=\"{name}\" table:style-name=\"{style}\">{rows}</table:table>"
        )
    };
    let styles = "<style:style style:name=\"ta1\"><style:table-properties table:display=\"true\"/>\
                  </style:style><style:style style:name=\"ta2\"><style:table-properties \
                  table:display=\"false\"/></style:style>";
    open_document(&format!("{styles}{}", tabs.iter().map(table).collect::<String>()))
}

pub(crate) fn in_both(tabs: &[Tab<'_>]) -> [Vec<u8>; 2] {
    [excel(tabs), ods(tabs)]
}

#[test]
fn every_sheet_with_titles_is_read_and_its_total_is_no_pupil() {
    let sheets: [Tab<'_>; 3] = [
        (
            "6A",
            false,
            &[
                &["Collège – classe 6A"],
                &[],
                &HEAD,
                &["ALPHA", "Ana", "6A", "ALPHA", "Ida", "alpha@example.org"],
                &["Effectif :", "1"],
            ],
        ),
        (
            "6B",
            false,
            &[
                &["Collège – classe 6B"],
                &[],
                &HEAD,
                &["GAMMA", "Ana", "6B", "GAMMA", "Ida", "gamma@example.org"],
                &["DELTA", "Ana", "6B", "DELTA", "Ida", "delta@example.org"],
                &["Total", "2"],
            ],
        ),
        ("Vide", false, &[&HEAD]),
    ];
    for file in in_both(&sheets) {
        let reading = sound(&[&file]);
        let names: Vec<String> = reading.pupils.iter().map(Pupil::display_name).collect();
        assert_eq!(names, ["Ana ALPHA", "Ana GAMMA", "Ana DELTA"]);
        assert_eq!(reading.persons.len(), 3);
        let labels: Vec<&str> = reading.files.iter().map(|file| file.label.as_str()).collect();
        assert_eq!(labels, ["export.csv/6A", "export.csv/6B"]);
        let delta = reading.pupil_origins.get(&reading.pupils[2].key).unwrap();
        assert_eq!((delta.file, delta.line), (1, 5));
        assert_eq!(causes(&reading), [Cause::BetweenPages; 2]);
        assert_eq!(
            (reading.set_aside[1].file.as_str(), reading.set_aside[1].line),
            (labels[1], Some(6))
        );
    }
}

#[test]
fn a_sheet_that_is_hidden_or_has_no_titles_or_no_names_is_named() {
    let people: &[&[&str]] = &[&["Nom", "Prénom", "Classe"], &["ALPHA", "Ana", "6A"]];
    let sheets: [Tab<'_>; 5] = [
        ("Anciens", true, people),
        ("Élèves", false, people),
        ("Aide", false, &[&["Ce classeur vient de la vie scolaire."]]),
        ("Valeurs", false, &[&["Classe", "Niveau"], &["6A", "6e"]]),
        ("Rien", false, &[]),
    ];
    for file in in_both(&sheets) {
        let reading = sound(&[&file]);
        assert_eq!(reading.pupils.len(), 1);
        assert_eq!(reading.files[0].label, "export.csv");
        let mut told: Vec<&str> = reading.set_aside.iter().map(|one| one.what.as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, ["feuille « Aide »", "feuille « Anciens »", "feuille « Valeurs »"]);
        assert_eq!(causes(&reading), [Cause::UnreadSheet; 3]);
    }
}

#[test]
fn a_workbook_whose_only_sheet_is_hidden_is_refused() {
    let hidden: [Tab<'_>; 1] =
        [("Élèves", true, &[&["Nom", "Prénom", "Classe"], &["A", "B", "6A"]])];
    for file in in_both(&hidden) {
        assert_eq!(refusal(&file).1, Reason::NoHead);
    }
}

#[test]
fn titles_in_two_rows_are_read_together() {
    let merged: [Tab<'_>; 1] = [(
        "Feuil1",
        false,
        &[
            &["Élève", "", "", "Responsable 1", "", "", "Responsable 2", ""],
            &["Nom", "Prénom", "Classe", "Nom", "Prénom", "Portable", "Nom", "Courriel"],
            &["ARAGO", "Lou", "6A", "ARAGO", "Anne", "0639980001", "PETIT", "petit@example.org"],
        ],
    )];
    for file in in_both(&merged) {
        let reading = sound(&[&file]);
        assert_eq!(
            families(&reading),
            [("Lou ARAGO".to_owned(), vec![" PETIT".to_owned(), "Anne ARAGO".to_owned()])]
        );
        assert_eq!(ways(person(&reading, "Anne ARAGO")), ["+33639980001", "+33639980001"]);
        assert_eq!(ways(person(&reading, " PETIT")), ["petit@example.org"]);
        assert_eq!(reading.columns[0].columns[3].0, "Nom Responsable 1");
        assert!(reading.set_aside.is_empty(), "{:?}", causes(&reading));
    }
}

#[test]
fn groups_beside_titles_that_need_none_are_read_too() {
    let rows = [";;;Nom;Prénom;Courriel", "ARAGO;Lou;6A;ARAGO;Anne;anne@example.org"];
    let reading = sound(&[&csv("Nom;Prénom;Classe;Mère;;", &rows)]);
    assert_eq!(families(&reading)[0].1, ["Anne ARAGO"]);
    // Groups that look like titles themselves.
    let rows =
        ["Nom;Prénom;Classe;Nom responsable;Portable responsable", "ARAGO;Lou;6A;ARAGO;0639980001"];
    let reading = sound(&[&csv("Élève;;;Adresse;Téléphone", &rows)]);
    assert_eq!(ways(&reading.persons[0]), ["+33639980001", "+33639980001"]);
}

#[test]
fn the_same_title_twice_for_a_name_is_refused_and_a_correction_helps() {
    let file =
        csv("Nom;Prénom;Classe;Nom;Prénom;Portable", &["ARAGO;Lou;6A;ARAGO;Anne;0639980001"]);
    assert_eq!(refusal(&file), (Some(1), Reason::TitleTwice("Nom".to_owned())));
    let said = [
        "Nom 2=relative-1-family-name",
        "Prénom 2=relative-1-first-name",
        "Portable=relative-1-mobile-phone",
    ];
    let reading = reading_as(&[&file], &corrected(&said)).unwrap();
    assert_eq!(families(&reading), [("Lou ARAGO".to_owned(), vec!["Anne ARAGO".to_owned()])]);
    let empty = csv("Nom;Prénom;Classe;Nom", &["ARAGO;Lou;6A;"]);
    assert_eq!(sound(&[&empty]).pupils.len(), 1);
}

#[test]
fn titles_that_come_again_are_nobody_and_others_are_refused() {
    let head = "Nom;Prénom;Classe;Nom parent 1";
    let rows = ["ARAGO;Camille;6A;ARAGO", "NOM;PRENOM;Classe;Nom parent 1", "DURAND;Lou;6B;DURAND"];
    let reading = sound(&[&csv(head, &rows)]);
    assert_eq!(reading.pupils.len(), 2);
    assert_eq!(causes(&reading), [Cause::BetweenPages]);
    assert_eq!(
        (reading.set_aside[0].line, reading.set_aside[0].what.as_str()),
        (Some(3), "ligne 3")
    );
    let other = csv(head, &["ARAGO;Camille;6A;ARAGO", "Prénom;Nom;Classe;Mail", "Lou;DURAND;6B;x"]);
    assert_eq!(refusal(&other), (Some(3), Reason::OtherTitles));
}

#[test]
fn a_total_is_nobody_and_a_pupil_of_such_a_name_is_one() {
    let rows = ["TOTAL;Zoé;6A", "Sous-total;28 élèves;", "Effectif;2;1", "PETIT;Max;6A", "fin;x;"];
    let reading = sound(&[&csv("Nom;Prénom;Classe", &rows)]);
    let names: Vec<String> = reading.pupils.iter().map(Pupil::display_name).collect();
    assert_eq!(names, ["Zoé TOTAL", "Max PETIT", "x FIN"]);
    assert_eq!(reading.set_aside[0].what, "lignes 3, 4");
}

#[test]
fn a_line_that_introduces_something_is_nobody() {
    let rows = ["Professeur principal :;M. ROY;", "PETIT;Max;6A"];
    let reading = sound(&[&csv("Nom;Prénom;Classe", &rows)]);
    assert_eq!(reading.pupils.len(), 1);
    assert_eq!(causes(&reading), [Cause::Nameless]);
}

#[test]
fn rows_above_the_titles_are_told_but_for_a_heading() {
    let rows = ["PETIT;Max;5B", "Nom;Prénom;Classe", "DURAND;Zoé;6A"];
    let reading = sound(&[&csv("Liste du collège;;", &rows)]);
    assert_eq!(reading.pupils.len(), 1);
    assert_eq!((reading.set_aside[0].line, reading.set_aside.len()), (Some(2), 1));
    assert!(reading.set_aside[0].reason.starts_with("Au-dessus des titres"));
}

#[test]
fn a_workbook_of_several_sheets_of_nobody_is_refused() {
    let rows: &[&[&str]] = &[&["Nom", "Prénom", "Classe"], &["", "Ana", "6A"], &["", "Bob", "6A"]];
    for file in in_both(&[("6A", false, rows), ("6B", false, rows)]) {
        let refused = reading(&[&file]).unwrap_err();
        assert_eq!(
            (refused.file.as_str(), refused.reason),
            ("export.csv/6A", Reason::NobodyInside)
        );
    }
}
