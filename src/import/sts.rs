//! `sts_emp_<UAI>_<année>.xml`: staff, and who is the form teacher of which class. STS knows neither
//! their e-mail nor their telephone.

use std::collections::HashSet;

use crate::people::{Duties, Person, PersonKey, Role};

use super::fields::{Place, civility, date};
use super::header::for_each_record;
use super::reading::{Cause, Reading};
use super::records::{Record, Records};
use super::refused::{Reason, Refused};
use super::{Expected, Source};

const STAFF: &str = "DONNEES/INDIVIDUS/INDIVIDU";
const STAND_INS: &str = "DONNEES/SUPPLEANTS/SUPPLEANT";

/// Adds the staff to the reading.
pub(super) fn read(
    mut records: Records<'_>,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let source = records.source();
    let mut seen: HashSet<PersonKey> = HashSet::new();
    for_each_record(&mut records, expected, &[STAFF, STAND_INS], |record| {
        enter(&record, source, expected, &mut seen, reading);
        Ok(())
    })?;
    if seen.is_empty() {
        return Err(records.refused(Reason::NobodyInside));
    }
    reading.covers.staff = true;
    Ok(())
}

fn enter(
    record: &Record,
    source: Source<'_>,
    expected: &Expected,
    seen: &mut HashSet<PersonKey>,
    reading: &mut Reading,
) {
    let (id, kind) = (record.attribute("ID"), record.attribute("TYPE"));
    let mut place = Place { source, line: record.line, what: format!("personnel {kind} {id}") };
    let (in_use, family) = (record.text_of("NOM_USAGE"), record.text_of("NOM_PATRONYMIQUE"));
    let family = if family.is_empty() { in_use } else { family };
    if id.is_empty() || family.is_empty() {
        let reason = "Fiche sans identifiant ou sans nom : non reprise.";
        return reading.set_aside.push(place.set_aside(Cause::Nameless, reason));
    }
    let person = Person {
        // One ID may stand for two people of different TYPE.
        key: PersonKey(format!("sts:{kind}:{id}")),
        role: Role::Staff(Duties {
            function: record.text_of("FONCTION").to_owned(),
            form_teacher_of: form_teacher_of(record, expected),
            ..Duties::default()
        }),
        civility: civility(record.text_of("CIVILITE")),
        family_name: family.to_owned(),
        usage_name: (!in_use.is_empty() && in_use != family).then(|| in_use.to_owned()),
        first_name: record.text_of("PRENOM").to_owned(),
        contact_points: Vec::new(),
        postal_address: None,
        accepts_sms: true,
    };
    place.what = format!("personnel {kind} {id}, {}", person.display_name());
    if seen.insert(person.key.clone()) {
        reading.person_origins.insert(person.key.clone(), place.origin());
        reading.persons.push(person);
    } else {
        let reason = "Deuxième fiche du même identifiant : seule la première est reprise.";
        reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
    }
}

/// The classes whose form teacher this is today; without an end, still.
fn form_teacher_of(record: &Record, expected: &Expected) -> Vec<String> {
    let has_ended = |charge: &Record| {
        date(charge.text_of("DATE_FIN")).is_some_and(|last_day| last_day < expected.today)
    };
    record
        .list("PROFS_PRINC", "PROF_PRINC")
        .filter(|charge| !has_ended(charge))
        .map(|charge| charge.text_of("CODE_STRUCTURE").to_owned())
        .filter(|class| !class.is_empty())
        .collect()
}
