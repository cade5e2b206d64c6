//! A list of contacts as a secretary's spreadsheet opens it.

use crate::channel::Channel;
use crate::clock::Moment;
use crate::directory::ContactLine;
use crate::export::{self, ExportError};
use crate::office::School;
use crate::people::{ContactState, RecordPart, Source};
use crate::phone_number::PhoneNumber;
use crate::wording::dates;

const HEAD: [&str; 9] = [
    "Personne",
    "Élèves",
    "Moyen",
    "Coordonnée",
    "Remarque",
    "État",
    "Dernière preuve",
    "Source",
    "La source dit",
];

/// A list as CSV, in French.
pub fn contact_table(school: &School, lines: &[ContactLine]) -> Result<Vec<u8>, ExportError> {
    export::table(&HEAD, lines.iter().map(|line| cells(school, line)))
}

fn cells(school: &School, line: &ContactLine) -> [String; 9] {
    [
        line.name.clone(),
        line.about.join(", "),
        line.channel.map_or_else(|| part_in_french(line), Channel::in_french).to_owned(),
        readable(&line.value),
        line.typed.clone().unwrap_or_default(),
        state_in_french(line).to_owned(),
        line.proven_at.and_then(|at| day(school, at)).unwrap_or_default(),
        line.source.map_or("", Source::in_french).to_owned(),
        line.was.as_deref().map(readable).unwrap_or_default(),
    ]
}

fn part_in_french(line: &ContactLine) -> &'static str {
    line.part.map_or("", RecordPart::in_french)
}

fn day(school: &School, at: Moment) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(dates::in_full(at.to_zoned(school.config.school.time_zone()).date()))
}

/// A number as people read it.
fn readable(value: &str) -> String {
    PhoneNumber::from_e164(value).map_or_else(|| value.to_owned(), |number| number.in_pairs())
}

fn state_in_french(line: &ContactLine) -> &'static str {
    match line.state {
        Some(ContactState::Unverified) => "jamais vérifiée",
        Some(ContactState::Working) => "fonctionne",
        Some(ContactState::Failing) => "en échec",
        Some(ContactState::Dead) => "morte",
        Some(ContactState::OptedOut) => "refusée par la personne",
        None if line.was.is_some() => "à corriger à la source",
        None => "manquante",
    }
}
