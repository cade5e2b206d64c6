//! `ResponsablesAvecAdresses.xml`: the guardians of the present pupils. Everybody else in the file
//! (very many) is passed over: whom no announcement concerns has no place here.
//!
//! Ties come after the persons, so the file is read twice rather than held whole; addresses, which come
//! last, find their persons in the second reading.

use std::collections::{HashMap, HashSet};

use crate::people::{Guardianship, Person, PersonKey, PupilKey, Role, Source, Standing};

use super::adults::AdultPupil;
use super::expected::Expected;
use super::fields::{RemarkPlace, civility, contact_points, flag, names, postal_address};
use super::file_to_read::FileToRead;
use super::header::for_each_record;
use super::reading::{Cause, Reading};
use super::record::Record;
use super::records::Records;
use super::refused::{Reason, Refused};
use super::siecle_pupils;
use super::ties::Ties;

const PERSON: &str = "DONNEES/PERSONNES/PERSONNE";
const TIE: &str = "DONNEES/RESPONSABLES/RESPONSABLE_ELEVE";
const ADDRESS: &str = "DONNEES/ADRESSES/ADRESSE";
const ABSENT: &str = "Adresse absente du fichier, ou illisible : aucun courrier possible.";

/// Adds the guardians of the reading's pupils, and the `adults` among these pupils.
pub(super) fn read(
    mut records: Records<'_>,
    adults: Vec<AdultPupil<'_>>,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let file = records.file();
    let mut ties = ties(&mut records, expected, reading)?;
    let mut homes = AwaitedAddresses::default();
    let mut records = records.again()?;
    let mut is_empty = true;
    for_each_record(&mut records, expected, &[PERSON, ADDRESS], |record| {
        if record.name() == "ADRESSE" {
            homes.found(record, file, reading);
        } else {
            is_empty = false;
            enter(record, (&mut ties, &mut homes), expected, file, reading);
        }
        Ok(())
    })?;
    if is_empty {
        return Err(records.refused(Reason::NobodyInside));
    }
    homes.close(&records, expected, reading)?;
    ties.close(adults, reading);
    reading.covers.guardians = true;
    Ok(())
}

/// Addresses that persons await, by id, with the places of these persons in the reading.
#[derive(Default)]
struct AwaitedAddresses(HashMap<String, Vec<usize>>);

impl AwaitedAddresses {
    /// An ADRESSE goes to all who live there.
    fn found(&mut self, record: Record<'_>, file: FileToRead<'_>, reading: &mut Reading) {
        let Some(persons) = self.0.remove(record.attribute("ADRESSE_ID")) else { return };
        let address = postal_address(record);
        for at in persons {
            let reason = match &address {
                None => ABSENT,
                Some(address) if address.town.is_empty() => "Adresse sans commune.",
                Some(_) => "",
            };
            if !reason.is_empty() {
                remark(at, reason, file, reading);
            }
            if let Some(person) = reading.persons.get_mut(at) {
                person.postal_address.clone_from(&address);
            }
        }
    }

    /// Looks once more for addresses that stood before their persons, and remarks those that are nowhere.
    fn close(
        mut self,
        records: &Records<'_>,
        expected: &Expected,
        reading: &mut Reading,
    ) -> Result<(), Refused> {
        if self.0.is_empty() {
            return Ok(());
        }
        let file = records.file();
        for_each_record(&mut records.again()?, expected, &[ADDRESS], |record| {
            self.found(record, file, reading);
            Ok(())
        })?;
        let mut without: Vec<usize> = self.0.into_values().flatten().collect();
        without.sort_unstable();
        for at in without {
            remark(at, ABSENT, file, reading);
        }
        Ok(())
    }
}

/// Remarks the address of the person at this place of the reading.
fn remark(at: usize, reason: &str, file: FileToRead<'_>, reading: &mut Reading) {
    let Some(person) = reading.persons.get(at) else { return };
    let line = reading.person_origins.get(&person.key).map_or(0, |origin| u64::from(origin.line));
    let what = format!("personne {}, {}", person.key.id(), person.display_name());
    let place = RemarkPlace { file, line, what };
    reading.set_aside.push(place.set_aside(Cause::BadAddress, reason));
}

/// The first reading: who is what to whom.
fn ties(
    records: &mut Records<'_>,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<Ties, Refused> {
    let file = records.file();
    let mut ties = Ties::of(Source::Siecle);
    let present: HashSet<PupilKey> = reading.pupils.iter().map(|pupil| pupil.key.clone()).collect();
    for_each_record(records, expected, &[TIE], |record| {
        tie(record, &present, &mut ties, file, reading);
        Ok(())
    })?;
    Ok(ties)
}

fn tie(
    record: Record<'_>,
    present: &HashSet<PupilKey>,
    ties: &mut Ties,
    file: FileToRead<'_>,
    reading: &mut Reading,
) {
    let pupil = siecle_pupils::key(record.text_of("ELEVE_ID"));
    if !present.contains(&pupil) {
        return;
    }
    let person_id = record.text_of("PERSONNE_ID");
    let what = format!("personne {person_id}, lien avec l’élève {}", pupil.id());
    let place = RemarkPlace { file, line: record.line(), what };
    let Some(standing) = standing(record) else {
        let reason = "Niveau de responsabilité illisible : lien non repris.";
        return reading.set_aside.push(place.set_aside(Cause::UnknownStanding, reason));
    };
    let person = key(person_id);
    let kinship = record.text_of("CODE_PARENTE").parse().unwrap_or(Guardianship::UNTOLD);
    ties.add(Guardianship { pupil, person, standing, kinship }, place.origin());
}

/// Takes a PERSONNE into the reading if a present pupil awaits it.
fn enter(
    record: Record<'_>,
    (ties, homes): (&mut Ties, &mut AwaitedAddresses),
    expected: &Expected,
    file: FileToRead<'_>,
    reading: &mut Reading,
) {
    let id = record.attribute("PERSONNE_ID");
    let mut place = RemarkPlace { file, line: record.line(), what: format!("personne {id}") };
    let Some(names) = names(record).filter(|_| !id.is_empty()) else {
        let reason = "Fiche sans identifiant ou sans nom : non reprise.";
        return reading.set_aside.push(place.set_aside(Cause::Nameless, reason));
    };
    let mut person = Person {
        key: key(id),
        role: Role::Guardian,
        civility: civility(record.text_of("LC_CIVILITE"))
            .or_else(|| civility(record.text_of("LL_CIVILITE"))),
        family_name: names.family,
        usage_name: names.usage,
        first_name: record.text_of("PRENOM").to_owned(),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: None,
        accepts_sms: flag(record.text_of("ACCEPTE_SMS")).unwrap_or(true),
    };
    place.what = format!("personne {id}, {}", person.display_name());
    if reading.person_origins.contains(&person.key) {
        let reason = "Deuxième fiche du même identifiant : seule la première est reprise.";
        return reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
    }
    if !ties.arrived(&person.key) {
        let reason = "Liée à aucun élève présent : non reprise.";
        return reading.set_aside.push(place.set_aside(Cause::TiedToNobody, reason));
    }
    let ways = contact_points(record, &expected.region, &place, &mut reading.set_aside);
    person.contact_points = ways.points;
    person.typed = ways.typed;
    let home = record.text_of("ADRESSE_ID");
    if !home.is_empty() {
        homes.0.entry(home.to_owned()).or_default().push(reading.persons.len());
    }
    reading.person_origins.insert(&person.key, place.origin());
    reading.persons.push(person);
}

/// `NIVEAU_RESPONSABILITE` 1, 2, 3, or the older `RESP_LEGAL` 1 and 2 (both legal), 0 (contact).
fn standing(record: Record<'_>) -> Option<Standing> {
    match (record.text_of("NIVEAU_RESPONSABILITE"), record.text_of("RESP_LEGAL")) {
        ("1", _) | ("", "1" | "2") => Some(Standing::LegalRepresentative),
        ("2", _) => Some(Standing::Caretaker),
        ("3", _) | ("", "0") => Some(Standing::EmergencyContact),
        _ => None,
    }
}

fn key(person_id: &str) -> PersonKey {
    PersonKey::of(Source::Siecle, person_id)
}
