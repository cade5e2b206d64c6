//! Who is what to whom, gathered before the records of the persons themselves are read.

use std::collections::{HashMap, HashSet};

use crate::people::{Guardianship, PersonKey, PupilKey, Source, Standing};

use super::adults::{self, AdultPupil};
use super::reading::{Cause, Origin, Reading};

/// The ties of one source's pupils.
pub(super) struct Ties {
    source: Source,
    guardianships: Vec<Guardianship>,
    /// Persons whose own record is still to come, and where they were first named.
    awaited: HashMap<PersonKey, Origin>,
}

impl Ties {
    pub(super) fn of(source: Source) -> Self {
        Self { source, guardianships: Vec::new(), awaited: HashMap::new() }
    }

    /// Notes a tie to a person who is still to come.
    pub(super) fn add(&mut self, tie: Guardianship, origin: Origin) {
        self.awaited.entry(tie.person.clone()).or_insert(origin);
        self.guardianships.push(tie);
    }

    /// Whether this person was awaited; from now on they no longer are.
    pub(super) fn arrived(&mut self, person: &PersonKey) -> bool {
        self.awaited.remove(person).is_some()
    }

    /// Puts the ties into the reading: those whose person never came are dropped, adults speak for
    /// themselves, and the pupils whom nobody represents are named.
    pub(super) fn close(mut self, adults: Vec<AdultPupil<'_>>, reading: &mut Reading) {
        self.drop_unknown(reading);
        // Of a tie given twice, the stronger level is kept.
        let of_one = |a: &Guardianship, b: &Guardianship| {
            (&a.pupil, &a.person, a.standing).cmp(&(&b.pupil, &b.person, b.standing))
        };
        self.guardianships.sort_by(of_one);
        self.guardianships.dedup_by(|a, b| a.pupil == b.pupil && a.person == b.person);
        adults::add_missing(adults, &mut self.guardianships, reading);
        note_unrepresented(self.source, &self.guardianships, reading);
        reading.guardianships.append(&mut self.guardianships);
        reading.guardianships.sort_by(|a, b| {
            (&a.pupil, a.standing, &a.person).cmp(&(&b.pupil, b.standing, &b.person))
        });
    }

    fn drop_unknown(&mut self, reading: &mut Reading) {
        let mut unknown: Vec<(&PersonKey, &Origin)> = self.awaited.iter().collect();
        unknown.sort_by_key(|(person, _)| *person);
        for (person, origin) in unknown {
            let what = format!("personne {}", person.id());
            let reason = "Liée à un élève, mais sans fiche lisible : lien non repris.";
            let remark = reading.set_aside_at(Some(*origin), what, Cause::UnknownPerson, reason);
            reading.set_aside.push(remark);
        }
        self.guardianships.retain(|tie| !self.awaited.contains_key(&tie.person));
    }
}

fn note_unrepresented(source: Source, guardianships: &[Guardianship], reading: &mut Reading) {
    let represented: HashSet<&PupilKey> = guardianships
        .iter()
        .filter(|tie| tie.standing == Standing::LegalRepresentative)
        .map(|tie| &tie.pupil)
        .collect();
    let mut remarks = Vec::new();
    let of_source = reading.pupils.iter().filter(|pupil| pupil.key.source() == Some(source));
    for pupil in of_source.filter(|pupil| !represented.contains(&pupil.key)) {
        let origin = reading.pupil_origins.get(&pupil.key);
        let what = format!("élève {}, {}", pupil.key.id(), pupil.display_name());
        let reason = "Aucun représentant légal dans les fichiers : personne ne sera prévenu.";
        remarks.push(reading.set_aside_at(origin, what, Cause::NoLegalRepresentative, reason));
    }
    reading.set_aside.append(&mut remarks);
}
