//! What a table holds and nobody reads: told with a sample, and asked about where it may be how to
//! reach the only adults.

use std::collections::HashSet;

use crate::email_address::EmailAddress;
use crate::people::{PersonKey, PupilKey, Standing};
use crate::phone_number::PhoneNumber;

use super::reading::{NobodyTold, Reading, Unread};
use super::sheets::TitledRows;

/// Cells of a column that are looked at for telephones and addresses.
const LOOKED_AT: usize = 50;
/// Digits of the shortest number that somebody is called by.
const FEWEST_DIGITS: usize = 6;
/// Letters of a sample.
const SAMPLE: usize = 40;

/// The columns of a list that hold something and are passed over.
pub(super) fn columns(list: &TitledRows, region: &str) -> Vec<Unread> {
    let columns = list.head.unread();
    columns
        .filter_map(|(column, is_said)| {
            let cells = || list.rows.iter().map(|row| row.cell(column)).filter(|it| !it.is_empty());
            let first = cells().next()?;
            let looked_at = cells().take(LOOKED_AT);
            let contacts = looked_at.clone().filter(|cell| is_contact(cell, region)).count();
            Some(Unread {
                title: list.head.title(column).to_owned(),
                filled: cells().count(),
                sample: sample(first),
                holds_contacts: !is_said && contacts * 2 > looked_at.count(),
            })
        })
        .collect()
}

fn is_contact(cell: &str, region: &str) -> bool {
    let is_address = cell.contains('@')
        && cell.split([' ', ';', ',', '<', '>']).any(|part| EmailAddress::parse(part).is_ok());
    let has_digits = cell.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS;
    is_address || has_digits && !PhoneNumber::find(cell, region).numbers.is_empty()
}

/// A cell, cut short.
pub(super) fn sample(cell: &str) -> String {
    let mut shown: String = cell
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(SAMPLE)
        .collect();
    if cell.chars().nth(SAMPLE).is_some() {
        shown.push('…');
    }
    shown
}

/// Notes a table of pupils to none of whom an adult is tied who can be reached, though columns that
/// nobody reads hold ways to.
pub(super) fn note_if_nobody_told(file: u32, unread: &[Unread], reading: &mut Reading) {
    let columns: Vec<String> =
        unread.iter().filter(|it| it.holds_contacts).map(|it| it.title.clone()).collect();
    if columns.is_empty() {
        return;
    }
    let persons = reading.persons.iter();
    let reached: HashSet<&PersonKey> = persons
        .filter(|person| !person.contact_points.is_empty() || person.postal_address.is_some())
        .map(|person| &person.key)
        .collect();
    let ties = reading.guardianships.iter();
    let told: HashSet<&PupilKey> = ties
        .filter(|tie| {
            tie.standing == Standing::LegalRepresentative && reached.contains(&tie.person)
        })
        .map(|tie| &tie.pupil)
        .collect();
    let is_of_file =
        |key: &PupilKey| reading.pupil_origins.get(key).is_some_and(|origin| origin.file == file);
    let pupils = || reading.pupils.iter().map(|pupil| &pupil.key).filter(|key| is_of_file(key));
    let label = usize::try_from(file).ok().and_then(|at| reading.files.get(at));
    if let (Some(label), false) = (label, pupils().any(|key| told.contains(key))) {
        let pupils = pupils().count();
        if pupils > 0 {
            let file = label.label.clone();
            reading.nobody_told.push(NobodyTold { file, pupils, columns });
        }
    }
}
