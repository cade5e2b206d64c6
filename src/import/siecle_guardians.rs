//! `ResponsablesAvecAdresses.xml`: the guardians of the present pupils. Everybody else in the file
//! (very many) is passed over: whom no announcement concerns has no place here.
//!
//! Ties and addresses come after the persons, so the file is read twice rather than held whole.

use std::collections::{HashMap, HashSet};

use crate::people::{Guardianship, Person, PersonKey, PostalAddress, PupilKey, Role, Standing};

use super::adults::Adult;
use super::fields::{Place, civility, contact_points, flag, names, postal_address};
use super::header::for_each_record;
use super::reading::{Cause, Reading};
use super::records::{Record, Records};
use super::refused::{Reason, Refused};
use super::siecle_pupils;
use super::ties::{Ties, bare};
use super::{Expected, Source};

const PERSON: &str = "DONNEES/PERSONNES/PERSONNE";
const TIE: &str = "DONNEES/RESPONSABLES/RESPONSABLE_ELEVE";
const ADDRESS: &str = "DONNEES/ADRESSES/ADRESSE";

/// Adds the guardians of the reading's pupils, and the `adults` among these pupils.
pub(super) fn read(
    source: Source<'_>,
    adults: Vec<Adult<'_>>,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let mut around = Around::read(source, expected, reading)?;
    let mut records = Records::open(source)?;
    let mut is_empty = true;
    let mut seen: HashSet<String> = HashSet::new();
    for_each_record(&mut records, expected, &[PERSON], |record| {
        is_empty = false;
        enter(&record, &mut around, &mut seen, expected, source, reading);
        Ok(())
    })?;
    if is_empty {
        return Err(records.refused(Reason::NobodyInside));
    }
    around.ties.close(adults, reading);
    reading.covers.guardians = true;
    Ok(())
}

/// What the first pass gathers around the persons.
struct Around<'a> {
    ties: Ties<'a>,
    addresses: HashMap<String, PostalAddress>,
}

impl<'a> Around<'a> {
    fn read(
        source: Source<'a>,
        expected: &Expected,
        reading: &mut Reading,
    ) -> Result<Self, Refused> {
        let mut around = Self { ties: Ties::of("siecle"), addresses: HashMap::new() };
        let present: HashSet<PupilKey> =
            reading.pupils.iter().map(|pupil| pupil.key.clone()).collect();
        let mut records = Records::open(source)?;
        for_each_record(&mut records, expected, &[TIE, ADDRESS], |record| {
            if record.name == "ADRESSE" {
                let id = record.attribute("ADRESSE_ID").to_owned();
                around.addresses.extend(postal_address(&record).map(|address| (id, address)));
            } else {
                around.tie(&record, &present, source, reading);
            }
            Ok(())
        })?;
        Ok(around)
    }

    fn tie(
        &mut self,
        record: &Record,
        present: &HashSet<PupilKey>,
        source: Source<'a>,
        reading: &mut Reading,
    ) {
        let pupil = siecle_pupils::key(record.text_of("ELEVE_ID"));
        if !present.contains(&pupil) {
            return;
        }
        let person_id = record.text_of("PERSONNE_ID");
        let Some(standing) = standing(record) else {
            let what = format!("personne {person_id}, lien avec l'élève {}", bare(&pupil.0));
            let reason = "Niveau de responsabilité illisible : lien non repris.";
            let place = Place { source, line: record.line, what };
            return reading.set_aside.push(place.set_aside(Cause::UnknownStanding, reason));
        };
        let person = key(person_id);
        let kinship = record.text_of("CODE_PARENTE").parse().unwrap_or(Guardianship::UNTOLD);
        self.ties.add(Guardianship { pupil, person, standing, kinship }, source, record.line);
    }
}

/// Takes a PERSONNE into the reading if a present pupil awaits it.
fn enter(
    record: &Record,
    around: &mut Around<'_>,
    seen: &mut HashSet<String>,
    expected: &Expected,
    source: Source<'_>,
    reading: &mut Reading,
) {
    let id = record.attribute("PERSONNE_ID");
    let mut place = Place { source, line: record.line, what: format!("personne {id}") };
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
    if !seen.insert(id.to_owned()) {
        let reason = "Deuxième fiche du même identifiant : seule la première est reprise.";
        return reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
    }
    if !around.ties.arrived(&person.key) {
        let reason = "Liée à aucun élève présent : non reprise.";
        return reading.set_aside.push(place.set_aside(Cause::TiedToNobody, reason));
    }
    let ways = contact_points(record, &expected.region, &place, &mut reading.set_aside);
    person.contact_points = ways.points;
    person.typed = ways.typed;
    person.postal_address = address(record, around, &place, reading);
    reading.person_origins.insert(person.key.clone(), place.origin());
    reading.persons.push(person);
}

fn address(
    record: &Record,
    around: &Around<'_>,
    place: &Place<'_>,
    reading: &mut Reading,
) -> Option<PostalAddress> {
    let id = record.text_of("ADRESSE_ID");
    let address = around.addresses.get(id).cloned();
    let reason = match &address {
        None if id.is_empty() => return None,
        None => "Adresse absente du fichier, ou illisible : aucun courrier possible.",
        Some(address) if address.town.is_empty() => "Adresse sans commune.",
        Some(_) => return address,
    };
    reading.set_aside.push(place.set_aside(Cause::BadAddress, reason));
    address
}

/// `NIVEAU_RESPONSABILITE` 1, 2, 3, or the older `RESP_LEGAL` 1 and 2 (both legal), 0 (contact).
fn standing(record: &Record) -> Option<Standing> {
    match (record.text_of("NIVEAU_RESPONSABILITE"), record.text_of("RESP_LEGAL")) {
        ("1", _) | ("", "1" | "2") => Some(Standing::LegalRepresentative),
        ("2", _) => Some(Standing::Caretaker),
        ("3", _) | ("", "0") => Some(Standing::EmergencyContact),
        _ => None,
    }
}

fn key(person_id: &str) -> PersonKey {
    PersonKey(format!("siecle:{person_id}"))
}
