//! A list of names as an office keeps it in a text file: one pupil a line, and the class after a
//! semicolon where two bear one name.

use std::collections::HashMap;

use jiff::civil::Date;

use super::roll::Roll;
use crate::people::{Pupil, PupilKey, unaccented_capitals};

/// More than the names of the largest school.
const LARGEST_FILE: usize = 4 * 1_024 * 1_024;

/// A file of names that cannot be taken; nothing of it was. It quotes no line: names stay out of
/// errors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamesError {
    /// More than a school has.
    #[error("it is too large for a list of names")]
    TooLarge,
    /// Only blank lines.
    #[error("it names nobody; write a pupil a line: DURAND Zoé, or DURAND Zoé;6A")]
    Empty,
    /// A line that is nobody's name.
    #[error("line {0} names no pupil of the school; write DURAND Zoé, or DURAND Zoé;6A")]
    Nobody(usize),
    /// A line that is the name of several.
    #[error("line {0} names several pupils; add the class: DURAND Zoé;6A")]
    Several(usize),
}

/// The pupils whom a text file names, each once.
pub fn pupils_named(roll: &Roll, file: &[u8], today: Date) -> Result<Vec<PupilKey>, NamesError> {
    if file.len() > LARGEST_FILE {
        return Err(NamesError::TooLarge);
    }
    let text = decoded(file);
    let present = roll.pupils.iter().filter(|it| it.left_on.is_none_or(|last| last > today));
    let mut bearers: HashMap<String, Vec<&Pupil>> = HashMap::new();
    for pupil in present {
        for name in names(pupil) {
            bearers.entry(name).or_default().push(pupil);
        }
    }
    let mut named = Vec::new();
    for (line, number) in text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty()) {
        let (name, class) = line.split_once(';').unwrap_or((line, ""));
        let class = unaccented_capitals(class);
        let is_of = |pupil: &&&Pupil| {
            class.is_empty()
                || pupil.class.as_deref().map(unaccented_capitals) == Some(class.clone())
        };
        let found = bearers.get(&unaccented_capitals(name)).map(Vec::as_slice).unwrap_or_default();
        let mut found = found.iter().filter(is_of);
        let pupil = found.next().ok_or(NamesError::Nobody(number))?;
        if found.next().is_some() {
            return Err(NamesError::Several(number));
        }
        named.push(pupil.key.clone());
    }
    if named.is_empty() {
        return Err(NamesError::Empty);
    }
    named.sort();
    named.dedup();
    Ok(named)
}

/// UTF-8, else what an old editor writes: an octet a letter.
fn decoded(file: &[u8]) -> String {
    match std::str::from_utf8(file) {
        Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
        Err(_) => file.iter().map(|octet| char::from(*octet)).collect(),
    }
}

/// How the pupil may be written: the first name before or after, the family's name or the one in use.
fn names(pupil: &Pupil) -> Vec<String> {
    let first = &pupil.first_name;
    let family_names = [Some(&pupil.family_name), pupil.usage_name.as_ref()];
    let mut names: Vec<String> = family_names
        .into_iter()
        .flatten()
        .flat_map(|family| [format!("{family} {first}"), format!("{first} {family}")])
        .map(|name| unaccented_capitals(&name))
        .collect();
    names.sort();
    names.dedup();
    names
}
