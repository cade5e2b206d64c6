//! `ElevesSansAdresses.xml` and `ElevesAvecAdresses.xml`: pupils, their classes and groups, and what
//! reaches those who are of age.

use std::collections::HashMap;

use crate::people::{Person, PersonKey, PostalAddress, Pupil, PupilKey, Role, Source};

use super::adults::{AdultPupil, is_of_age, unreadable_birth};
use super::expected::Expected;
use super::fields::{
    RemarkPlace, civility, contact_points, date, flag, in_french, names, postal_address,
};
use super::file_to_read::FileToRead;
use super::header::for_each_record;
use super::levels::KnownLevels;
use super::reading::{Cause, Reading};
use super::record::Record;
use super::records::Records;
use super::refused::{Reason, Refused};

const PUPIL: &str = "DONNEES/ELEVES/ELEVE";
const PLACES: &str = "DONNEES/STRUCTURES/STRUCTURES_ELEVE";
/// The newer schema's place.
const SCHOOLING: &str = "DONNEES/SCOLARITES/SCOLARITE_ELEVE";
const ADDRESS: &str = "DONNEES/ADRESSES/ADRESSE";

/// The key under which both SIECLE files know a pupil.
pub(super) fn key(pupil_id: &str) -> PupilKey {
    PupilKey::of(Source::Siecle, pupil_id)
}

/// Adds the present pupils to the reading, and hands over those of them who are of age.
pub(super) fn read<'a>(
    mut records: Records<'a>,
    levels: &KnownLevels,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<Vec<AdultPupil<'a>>, Refused> {
    let mut roll = PupilsFile {
        file: records.file(),
        expected,
        reading,
        by_id: HashMap::new(),
        adults: Vec::new(),
        homes: HashMap::new(),
    };
    for_each_record(&mut records, expected, &[PUPIL, PLACES, SCHOOLING, ADDRESS], |record| {
        match record.name() {
            "ELEVE" => roll.enter(record),
            "STRUCTURES_ELEVE" => roll.place(record),
            "SCOLARITE_ELEVE" => roll.place_by_schooling(record),
            _ => roll.take_home(record),
        }
        Ok(())
    })?;
    if roll.by_id.is_empty() {
        return Err(records.refused(Reason::NobodyInside));
    }
    roll.close(levels);
    let adults = roll.adults_at_home();
    reading.covers.pupils = true;
    Ok(adults)
}

/// The pupils' file while it is read: pupils come first, their classes and addresses after them.
struct PupilsFile<'r, 'a> {
    file: FileToRead<'a>,
    expected: &'r Expected,
    reading: &'r mut Reading,
    by_id: HashMap<String, PlacedPupil>,
    /// Pupils of age, each with the id of their address.
    adults: Vec<(AdultPupil<'a>, String)>,
    /// The addresses of those, `None` while they are still to come.
    homes: HashMap<String, Option<PostalAddress>>,
}

/// Where a pupil stands in the reading; `None` for one who left.
struct PlacedPupil {
    present: Option<usize>,
    line: u64,
    mef: String,
    is_placed: bool,
    /// The class by the newer schema, for a pupil whom nothing else places.
    schooling: Option<String>,
    schooled_twice: bool,
}

impl<'a> PupilsFile<'_, 'a> {
    fn enter(&mut self, record: Record<'_>) {
        let id = record.attribute("ELEVE_ID");
        let first_name = record.text_of("PRENOM").to_owned();
        let mut place =
            RemarkPlace { file: self.file, line: record.line(), what: format!("élève {id}") };
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
        let entry = PlacedPupil {
            present: (!has_left).then_some(self.reading.pupils.len()),
            line: record.line(),
            mef: mef(record).to_owned(),
            is_placed: false,
            schooling: None,
            schooled_twice: false,
        };
        self.by_id.insert(id.to_owned(), entry);
        if !has_left {
            self.note_age(record, &pupil, &place);
            self.reading.pupil_origins.insert(&pupil.key, place.origin());
            self.reading.pupils.push(pupil);
        }
    }

    /// Gathers what reaches a pupil of age.
    fn note_age(&mut self, record: Record<'_>, pupil: &Pupil, place: &RemarkPlace<'a>) {
        match is_of_age(record.text_of("DATE_NAISS"), self.expected.today) {
            Ok(true) => {}
            Ok(false) => return,
            Err(()) => return self.reading.set_aside.push(unreadable_birth(place)),
        }
        let mut remarks = Vec::new();
        let ways = contact_points(record, &self.expected.region, place, &mut remarks);
        let person = Person {
            key: PersonKey::of(
                Source::Siecle,
                format_args!("eleve-{}", record.attribute("ELEVE_ID")),
            ),
            role: Role::Guardian,
            civility: civility(record.text_of("CODE_SEXE")),
            family_name: pupil.family_name.clone(),
            usage_name: pupil.usage_name.clone(),
            first_name: pupil.first_name.clone(),
            contact_points: ways.points,
            typed: ways.typed,
            postal_address: None,
            accepts_sms: flag(record.text_of("ACCEPTE_SMS")).unwrap_or(true),
        };
        let home = record.text_of("ADRESSE_ID").to_owned();
        if !home.is_empty() {
            self.homes.entry(home.clone()).or_default();
        }
        let place = RemarkPlace { file: place.file, line: place.line, what: place.what.clone() };
        self.adults.push((AdultPupil { pupil: pupil.key.clone(), person, place, remarks }, home));
    }

    fn take_home(&mut self, record: Record<'_>) {
        if let Some(home @ None) = self.homes.get_mut(record.attribute("ADRESSE_ID")) {
            *home = postal_address(record);
        }
    }

    fn adults_at_home(self) -> Vec<AdultPupil<'a>> {
        let Self { adults, homes, .. } = self;
        let at_home = |(mut adult, home): (AdultPupil<'a>, String)| {
            adult.person.postal_address = homes.get(&home).cloned().flatten();
            adult
        };
        adults.into_iter().map(at_home).collect()
    }

    /// Whether the pupil is gone today. A last day to come is kept with the pupil.
    fn note_leaving(
        &mut self,
        record: Record<'_>,
        pupil: &mut Pupil,
        place: &RemarkPlace<'_>,
    ) -> bool {
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
            let reason = format!("A quitté l’établissement le {}.", in_french(last_day));
            self.reading.set_aside.push(place.set_aside(Cause::Left, reason));
        }
        has_left
    }

    fn place(&mut self, record: Record<'_>) {
        let id = record.attribute("ELEVE_ID");
        let Some(entry) = self.by_id.get_mut(id) else { return };
        let present = entry.present.and_then(|at| self.reading.pupils.get_mut(at));
        let Some(pupil) = present else { return };
        let place = RemarkPlace {
            file: self.file,
            line: record.line(),
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
            pupil.groups.shrink_to_fit();
        }
        let other = classes.find(|class| pupil.class.as_ref() != Some(class));
        if is_second || other.is_some() {
            let kept = pupil.class.as_deref().unwrap_or("aucune");
            let reason = format!("Inscrit deux fois : classe gardée, {kept}.");
            self.reading.set_aside.push(place.set_aside(Cause::TwoClasses, reason));
        }
    }

    /// A `SCOLARITE_ELEVE`: of several classes, the first.
    fn place_by_schooling(&mut self, record: Record<'_>) {
        let Some(entry) = self.by_id.get_mut(record.attribute("ELEVE_ID")) else { return };
        for schooling in record.children("SCOLARITE") {
            if entry.mef.is_empty() {
                schooling.text_of("CODE_MEF").clone_into(&mut entry.mef);
            }
            let class = schooling.text_of("CODE_STRUCTURE");
            let is_group = schooling.text_of("TYPE_STRUCTURE").eq_ignore_ascii_case("G");
            match &entry.schooling {
                _ if class.is_empty() || is_group => {}
                None => entry.schooling = Some(class.to_owned()),
                Some(first) => entry.schooled_twice |= first != class,
            }
        }
    }

    /// Gives each pupil a level, and names those without a class.
    fn close(&mut self, levels: &KnownLevels) {
        let mut entries: Vec<(&String, &mut PlacedPupil)> = self.by_id.iter_mut().collect();
        entries.sort_by_key(|(_, entry)| entry.present);
        for (id, entry) in entries {
            let present = entry.present.and_then(|at| self.reading.pupils.get_mut(at));
            let Some(pupil) = present else { continue };
            let placed_by_schooling = pupil.class.is_none();
            pupil.class = pupil.class.take().or(entry.schooling.take());
            pupil.level = levels.of(&entry.mef, pupil.class.as_deref());
            let what = format!("élève {id}, {}", pupil.display_name());
            let place = RemarkPlace { file: self.file, line: entry.line, what };
            match &pupil.class {
                None => {
                    let reason = "Sans classe : élève repris, mais aucun envoi à une classe ne \
                                  l’atteindra.";
                    self.reading.set_aside.push(place.set_aside(Cause::NoClass, reason));
                }
                Some(kept) if placed_by_schooling && entry.schooled_twice => {
                    let reason = format!("Inscrit deux fois : classe gardée, {kept}.");
                    self.reading.set_aside.push(place.set_aside(Cause::TwoClasses, reason));
                }
                Some(_) => {}
            }
        }
    }
}

fn mef(record: Record<'_>) -> &str {
    match record.text_of("CODE_MEF") {
        "" => record.child("SCOLARITE_ACTIVE").map_or("", |active| active.text_of("CODE_MEF")),
        code => code,
    }
}
