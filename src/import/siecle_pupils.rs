//! `ElevesSansAdresses.xml` and `ElevesAvecAdresses.xml`: pupils, their classes and groups.

use std::collections::HashMap;

use crate::people::{Pupil, PupilKey};

use super::fields::{Place, date, in_french, names};
use super::header::for_each_record;
use super::levels::Levels;
use super::reading::{Cause, Reading};
use super::records::{Record, Records};
use super::refused::{Reason, Refused};
use super::{Expected, Source};

const PUPIL: &str = "DONNEES/ELEVES/ELEVE";
const PLACES: &str = "DONNEES/STRUCTURES/STRUCTURES_ELEVE";

/// The key under which both SIECLE files know a pupil.
pub(super) fn key(pupil_id: &str) -> PupilKey {
    PupilKey(format!("siecle:{pupil_id}"))
}

/// Adds the present pupils to the reading.
pub(super) fn read(
    mut records: Records<'_>,
    levels: &Levels,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let mut roll = Roll { source: records.source(), expected, reading, by_id: HashMap::new() };
    for_each_record(&mut records, expected, &[PUPIL, PLACES], |record| {
        if record.name == "ELEVE" {
            roll.enter(&record);
        } else {
            roll.place(&record);
        }
        Ok(())
    })?;
    if roll.by_id.is_empty() {
        return Err(records.refused(Reason::NobodyInside));
    }
    roll.close(levels);
    reading.covers.pupils = true;
    Ok(())
}

/// The pupils' file while it is read: pupils come first, their classes after them.
struct Roll<'a> {
    source: Source<'a>,
    expected: &'a Expected,
    reading: &'a mut Reading,
    by_id: HashMap<String, Entry>,
}

/// Where a pupil stands in the reading; `None` for one who left.
struct Entry {
    present: Option<usize>,
    line: u64,
    mef: String,
    is_placed: bool,
}

impl Roll<'_> {
    fn enter(&mut self, record: &Record) {
        let id = record.attribute("ELEVE_ID");
        let first_name = record.text_of("PRENOM").to_owned();
        let mut place =
            Place { source: self.source, line: record.line, what: format!("élève {id}") };
        let Some(names) = names(record).filter(|_| !id.is_empty()) else {
            let reason = "Fiche sans identifiant ou sans nom : non reprise.";
            return self.reading.set_aside.push(place.set_aside(Cause::Nameless, reason));
        };
        let active = record.child("SCOLARITE_ACTIVE");
        let class = active.map_or("", |active| active.text_of("CODE_DIVISION"));
        let mut pupil = Pupil {
            key: key(id),
            family_name: names.family,
            usage_name: names.usage,
            first_name,
            class: (!class.is_empty()).then(|| class.to_owned()),
            groups: Vec::new(),
            level: None,
            left_on: None,
        };
        place.what = format!("élève {id}, {}", pupil.display_name());
        if self.by_id.contains_key(id) {
            let reason = "Deuxième fiche du même identifiant : seule la première est reprise.";
            return self.reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
        }
        let has_left = self.note_leaving(record, &mut pupil, &place);
        let entry = Entry {
            present: (!has_left).then_some(self.reading.pupils.len()),
            line: record.line,
            mef: mef(record).to_owned(),
            is_placed: false,
        };
        self.by_id.insert(id.to_owned(), entry);
        if !has_left {
            self.reading.pupil_origins.insert(pupil.key.clone(), place.origin());
            self.reading.pupils.push(pupil);
        }
    }

    /// Whether the pupil is gone today. A last day to come is kept with the pupil.
    fn note_leaving(&mut self, record: &Record, pupil: &mut Pupil, place: &Place<'_>) -> bool {
        let typed = record.text_of("DATE_SORTIE");
        let Some(last_day) = date(typed) else {
            if !typed.is_empty() {
                let reason = format!("Date de sortie illisible (« {typed} ») : élève repris.");
                self.reading.set_aside.push(place.set_aside(Cause::BadDate, reason));
            }
            return false;
        };
        pupil.left_on = Some(last_day);
        let has_left = last_day <= self.expected.today;
        if has_left {
            let reason = format!("A quitté l'établissement le {}.", in_french(last_day));
            self.reading.set_aside.push(place.set_aside(Cause::Left, reason));
        }
        has_left
    }

    fn place(&mut self, record: &Record) {
        let id = record.attribute("ELEVE_ID");
        let Some(entry) = self.by_id.get_mut(id) else { return };
        let present = entry.present.and_then(|at| self.reading.pupils.get_mut(at));
        let Some(pupil) = present else { return };
        let place = Place {
            source: self.source,
            line: record.line,
            what: format!("élève {id}, {}", pupil.display_name()),
        };
        let is_second = std::mem::replace(&mut entry.is_placed, true);
        let codes = |kind: &'static str| {
            record
                .children("STRUCTURE")
                .filter(move |one| one.text_of("TYPE_STRUCTURE").eq_ignore_ascii_case(kind))
                .map(|one| one.text_of("CODE_STRUCTURE").to_owned())
                .filter(|code| !code.is_empty())
        };
        let mut classes = codes("D");
        if !is_second {
            pupil.class = classes.next().or(pupil.class.take());
            pupil.groups = codes("G").collect();
        }
        let other = classes.find(|class| pupil.class.as_ref() != Some(class));
        if is_second || other.is_some() {
            let kept = pupil.class.as_deref().unwrap_or("aucune");
            let reason = format!("Inscrit deux fois : classe gardée, {kept}.");
            self.reading.set_aside.push(place.set_aside(Cause::TwoClasses, reason));
        }
    }

    /// Gives each pupil a level, and names those without a class.
    fn close(self, levels: &Levels) {
        let mut entries: Vec<(&String, &Entry)> = self.by_id.iter().collect();
        entries.sort_by_key(|(_, entry)| entry.present);
        for (id, entry) in entries {
            let present = entry.present.and_then(|at| self.reading.pupils.get_mut(at));
            let Some(pupil) = present else { continue };
            pupil.level = levels.of(&entry.mef, pupil.class.as_deref());
            if pupil.class.is_none() {
                let place = Place {
                    source: self.source,
                    line: entry.line,
                    what: format!("élève {id}, {}", pupil.display_name()),
                };
                let reason = "Sans classe : élève repris, mais aucun envoi à une classe ne \
                              l'atteindra.";
                self.reading.set_aside.push(place.set_aside(Cause::NoClass, reason));
            }
        }
    }
}

fn mef(record: &Record) -> &str {
    match record.text_of("CODE_MEF") {
        "" => record.child("SCOLARITE_ACTIVE").map_or("", |active| active.text_of("CODE_MEF")),
        code => code,
    }
}
