//! `sts_emp_<UAI>_<année>.xml`: staff, who is the form teacher of which class, and who teaches which
//! classes and groups. STS knows neither their e-mail nor their telephone.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::people::{Duties, Person, PersonKey, Role, Source};

use super::expected::Expected;
use super::fields::{RemarkPlace, civility, date};
use super::file_to_read::FileToRead;
use super::header::for_each_record;
use super::reading::{Cause, Reading};
use super::record::Record;
use super::records::Records;
use super::refused::{Reason, Refused};

const STAFF: &str = "DONNEES/INDIVIDUS/INDIVIDU";
const STAND_INS: &str = "DONNEES/SUPPLEANTS/SUPPLEANT";
const CLASS: &str = "DONNEES/STRUCTURE/DIVISIONS/DIVISION";
const GROUP: &str = "DONNEES/STRUCTURE/GROUPES/GROUPE";
/// Bytes that all that is taught may take; a large lycée needs a fiftieth of it.
const LARGEST_TEACHING: usize = 16 * 1024 * 1024;

/// Adds the staff to the reading.
pub(super) fn read(
    mut records: Records<'_>,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let file = records.file();
    let mut seen: HashSet<PersonKey> = HashSet::new();
    let mut teaching = Teaching { by_person: HashMap::new(), room: LARGEST_TEACHING };
    for_each_record(&mut records, expected, &[STAFF, STAND_INS, CLASS, GROUP], |record| {
        match record.name() {
            "DIVISION" | "GROUPE" => teaching
                .note(record)
                .map_err(|reason| Refused::new(file.label, record.line(), reason))?,
            _ => enter(record, file, expected, &mut seen, reading),
        }
        Ok(())
    })?;
    if seen.is_empty() {
        return Err(records.refused(Reason::NobodyInside));
    }
    teaching.hand_out(reading);
    reading.covers.staff = true;
    Ok(())
}

/// Who teaches what, by the services of classes and groups. It may name people whom the file does
/// not hold: they are passed over.
struct Teaching {
    by_person: HashMap<PersonKey, BTreeSet<String>>,
    room: usize,
}

impl Teaching {
    /// Whoever teaches a group teaches the classes that it is made of, too.
    fn note(&mut self, record: Record<'_>) -> Result<(), Reason> {
        let classes = record
            .list("DIVISIONS_APPARTENANCE", "DIVISION_APPARTENANCE")
            .map(|class| class.attribute("CODE"));
        let taught: BTreeSet<&str> = std::iter::once(record.attribute("CODE"))
            .chain(classes)
            .filter(|code| !code.is_empty())
            .collect();
        let teachers: HashSet<PersonKey> = record
            .list("SERVICES", "SERVICE")
            .flat_map(|service| service.list("ENSEIGNANTS", "ENSEIGNANT"))
            .map(key)
            .collect();
        // Each times each: a few records could otherwise ask for more memory than there is.
        let cost: usize = taught.iter().map(|code| code.len() + size_of::<String>()).sum();
        let room = self.room.checked_sub(cost.saturating_mul(teachers.len()));
        self.room = room.ok_or(Reason::TooLarge)?;
        for teacher in teachers {
            let all = self.by_person.entry(teacher).or_default();
            all.extend(taught.iter().map(|code| (*code).to_owned()));
        }
        Ok(())
    }

    fn hand_out(mut self, reading: &mut Reading) {
        for person in &mut reading.persons {
            if let Role::Staff(duties) = &mut person.role
                && let Some(taught) = self.by_person.remove(&person.key)
            {
                duties.teaches = taught.into_iter().collect();
            }
        }
    }
}

/// One ID may stand for two people of different TYPE.
fn key(record: Record<'_>) -> PersonKey {
    let (kind, id) = (record.attribute("TYPE"), record.attribute("ID"));
    PersonKey::of(Source::Sts, format_args!("{kind}:{id}"))
}

fn enter(
    record: Record<'_>,
    file: FileToRead<'_>,
    expected: &Expected,
    seen: &mut HashSet<PersonKey>,
    reading: &mut Reading,
) {
    let (id, kind) = (record.attribute("ID"), record.attribute("TYPE"));
    let mut place =
        RemarkPlace { file, line: record.line(), what: format!("personnel {kind} {id}") };
    let (in_use, family) = (record.text_of("NOM_USAGE"), record.text_of("NOM_PATRONYMIQUE"));
    let family = if family.is_empty() { in_use } else { family };
    if id.is_empty() || family.is_empty() {
        let reason = "Fiche sans identifiant ou sans nom : non reprise.";
        return reading.set_aside.push(place.set_aside(Cause::Nameless, reason));
    }
    let person = Person {
        key: key(record),
        role: Role::Staff(Box::new(Duties {
            function: record.text_of("FONCTION").to_owned(),
            form_teacher_of: form_teacher_of(record, expected),
            ..Duties::default()
        })),
        civility: civility(record.text_of("CIVILITE")),
        family_name: family.to_owned(),
        usage_name: (!in_use.is_empty() && in_use != family).then(|| in_use.to_owned()),
        first_name: record.text_of("PRENOM").to_owned(),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: None,
        accepts_sms: true,
    };
    place.what = format!("personnel {kind} {id}, {}", person.display_name());
    if seen.insert(person.key.clone()) {
        reading.person_origins.insert(&person.key, place.origin());
        reading.persons.push(person);
    } else {
        let reason = "Deuxième fiche du même identifiant : seule la première est reprise.";
        reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
    }
}

/// The classes whose form teacher this is today; without an end, still.
fn form_teacher_of(record: Record<'_>, expected: &Expected) -> Vec<String> {
    let has_ended = |charge: Record<'_>| {
        date(charge.text_of("DATE_FIN")).is_some_and(|last_day| last_day < expected.today)
    };
    record
        .list("PROFS_PRINC", "PROF_PRINC")
        .filter(|charge| !has_ended(*charge))
        .map(|charge| charge.text_of("CODE_STRUCTURE").to_owned())
        .filter(|class| !class.is_empty())
        .collect()
}
