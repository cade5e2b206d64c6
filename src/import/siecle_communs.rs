//! `Communs.xml`: what SIECLE knows of the school itself, for the office to compare with its
//! configuration.

use crate::people::PostalAddress;

use super::expected::Expected;
use super::fields::{RemarkPlace, date, postal_address};
use super::header::for_each_record;
use super::reading::{Cause, Reading, SchoolSheet};
use super::record::Record;
use super::records::Records;
use super::refused::{Reason, Refused};

const SCHOOL: &str = "DONNEES/UAJ";
const YEAR: &str = "DONNEES/ANNEE_SCOLAIRE";

/// Puts the school's sheet into the reading.
pub(super) fn read(
    mut records: Records<'_>,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let file = records.file();
    let mut sheet: Option<SchoolSheet> = None;
    let mut year_ends = None;
    for_each_record(&mut records, expected, &[SCHOOL, YEAR], |record| {
        if record.name() == "UAJ" {
            sheet.get_or_insert_with(|| sheet_of(record));
            return Ok(());
        }
        let typed = record.text_of("DATE_FIN_ELEVE");
        year_ends = date(typed);
        if year_ends.is_none() && !typed.is_empty() {
            let what = "année scolaire".to_owned();
            let reason = format!("Dernier jour des élèves illisible (« {typed} »).");
            let place = RemarkPlace { file, line: record.line(), what };
            reading.set_aside.push(place.set_aside(Cause::BadDate, reason));
        }
        Ok(())
    })?;
    let sheet = sheet.ok_or_else(|| records.refused(Reason::Missing("UAJ")))?;
    reading.school = Some(SchoolSheet { year_ends, ..sheet });
    Ok(())
}

fn sheet_of(record: Record<'_>) -> SchoolSheet {
    let joined = |elements: [&str; 2], between: &str| {
        let texts = elements.map(|element| record.text_of(element));
        texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(between)
    };
    SchoolSheet {
        name: joined(["DENOM_PRINC", "DENOM_COMPL"], " "),
        head: joined(["NOM_RESP", "QUAL_RESP"], ", "),
        address: address_lines(record),
        phone: record.text_of("TELEPHONE").to_owned(),
        email: record.text_of("MEL_1").to_owned(),
        year_ends: None,
    }
}

/// The free lines, the box, and the postcode with the town, as far as each is given.
fn address_lines(record: Record<'_>) -> Vec<String> {
    let (mut lines, postcode, town, country) = match postal_address(record) {
        Some(PostalAddress { lines, postcode, town, country }) => (lines, postcode, town, country),
        None => (Vec::new(), record.text_of("CODE_POSTAL").to_owned(), String::new(), None),
    };
    let post_box = record.text_of("BOITE_POST");
    if post_box.starts_with(|first: char| first.is_ascii_digit()) {
        lines.push(format!("BP {post_box}"));
    } else {
        lines.push(post_box.to_owned());
    }
    lines.push(format!("{postcode} {town}").trim().to_owned());
    lines.extend(country);
    lines.retain(|line| !line.is_empty());
    lines
}
