//! `PersEducNat` records: who works at the school, as what, and with which classes.

use super::entry::AddRequest;
use super::relatives::mail_addresses;
use super::schools::{Schools, schools_in};
use super::survey::{Survey, for_each_entry};
use crate::import::fields::civility;
use crate::import::reading::{Cause, Reading};
use crate::import::refused::Refused;
use crate::people::{Duties, Person, PersonKey, Role, Source};

const FUNCTIONS: &str = "ENTPersonFonctions";
const FORM_TEACHER_OF: [&str; 1] = ["ENTAuxEnsClassesPrincipal"];
const TEACHES: [&str; 6] = [
    "ENTAuxEnsClassesMatieres",
    "ENTAuxEnsClasses",
    "ENTPersonClasses",
    "ENTAuxEnsGroupesMatieres",
    "ENTAuxEnsGroupes",
    "ENTPersonGroupes",
];

/// Adds the staff of our school; whether there is any.
pub(super) fn read(survey: &mut Survey<'_>, reading: &mut Reading) -> Result<bool, Refused> {
    let Survey { schools, staff, .. } = survey;
    let mut has_staff = false;
    for file in &*staff {
        for_each_entry(*file, |entry| {
            if entry.category() == "PersEducNat" && schools.takes_staff(&schools_of(entry)) {
                has_staff |= enter(entry, schools, reading);
            }
            Ok(())
        })?;
    }
    Ok(has_staff)
}

/// The schools where they have a function, else the one to which they are attached.
fn schools_of<'r>(entry: &'r AddRequest<'_, '_>) -> Vec<&'r str> {
    let by_function = schools_in(entry, &[FUNCTIONS]);
    let attached = entry.values("ENTPersonStructRattach");
    if by_function.is_empty() { attached.collect() } else { by_function }
}

/// Whether the record could be taken.
fn enter(entry: &AddRequest<'_, '_>, schools: &Schools, reading: &mut Reading) -> bool {
    let id = entry.id();
    let mut place = entry.place(format!("personnel {id}"));
    let Some(names) = entry.names() else {
        let reason = "Fiche sans identifiant ou sans nom : non reprise.";
        reading.set_aside.push(place.set_aside(Cause::Nameless, reason));
        return false;
    };
    let mut person = Person {
        // Whoever is a parent here too stands in both files, and is told as both.
        key: PersonKey::of(Source::Aaf, format_args!("personnel-{id}")),
        role: Role::Staff(Box::new(Duties {
            function: function(entry, schools),
            form_teacher_of: schools.codes(entry, &FORM_TEACHER_OF),
            teaches: schools.codes(entry, &TEACHES),
            ..Duties::default()
        })),
        civility: civility(entry.title()),
        family_name: names.family,
        usage_name: names.usage,
        first_name: entry.first_name().to_owned(),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: None,
        accepts_sms: true,
    };
    place.what = format!("personnel {id}, {}", person.display_name());
    if reading.person_origins.contains(&person.key) {
        let reason = "Deuxième fiche du même identifiant : seule la première est reprise.";
        reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
        return false;
    }
    let remarks = mail_addresses(entry, &place, &mut person.contact_points);
    reading.set_aside.extend(remarks);
    reading.person_origins.insert(&person.key, place.origin());
    reading.persons.push(person);
    true
}

/// The code of a function at our school (`3000$ENS$ENSEIGNEMENT$…`: `ENS`); a dash means none.
fn function(entry: &AddRequest<'_, '_>, schools: &Schools) -> String {
    let codes = schools.codes(entry, &[FUNCTIONS]);
    codes.into_iter().find(|code| code != "-").unwrap_or_default()
}
