//! `PersRelEleve` records: those who are tied to a present pupil.

use std::collections::HashSet;

use super::entry::AddRequest;
use super::survey::{Survey, for_each_entry};
use crate::import::Expected;
use crate::import::fields::{RemarkPlace, Ways, civility, take_emails, take_phones};
use crate::import::reading::{Cause, Reading, SetAside};
use crate::import::refused::Refused;
use crate::import::ties::Ties;
use crate::people::{ContactPoint, Person, PersonKey, Role, Source};

/// The number that the family gave for text messages comes first.
const PHONES: [&str; 7] = [
    "ENTPersonMobileSMS",
    "mobile",
    "ENTPersRelEleveTelMobile",
    "homePhone",
    "ENTPersonTelPerso",
    "telephoneNumber",
    "ENTPersRelEleveTelPro",
];
const MAILS: [&str; 2] = ["mail", "ENTPersonMail"];

/// The key of a relative.
pub(super) fn key(id: &str) -> PersonKey {
    PersonKey::of(Source::Aaf, id)
}

/// Adds the relatives whom the pupils name.
pub(super) fn read(
    survey: &Survey<'_>,
    ties: &mut Ties,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Refused> {
    let mut seen: HashSet<PersonKey> = HashSet::new();
    // In an export of several schools, most relatives are those of others.
    let tell_strangers = survey.schools.others() == 0;
    for file in &survey.relatives {
        for_each_entry(*file, |entry| {
            if entry.category() == "PersRelEleve" {
                enter(entry, ties, &mut seen, tell_strangers, expected, reading);
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn enter(
    entry: &AddRequest<'_, '_>,
    ties: &mut Ties,
    seen: &mut HashSet<PersonKey>,
    tell_strangers: bool,
    expected: &Expected,
    reading: &mut Reading,
) {
    let id = entry.id();
    let mut place = entry.place(format!("personne {id}"));
    let Some(names) = entry.names() else {
        let reason = "Fiche sans identifiant ou sans nom : non reprise.";
        return reading.set_aside.push(place.set_aside(Cause::Nameless, reason));
    };
    let mut person = Person {
        key: key(id),
        role: Role::Guardian,
        civility: civility(entry.title()),
        family_name: names.family,
        usage_name: names.usage,
        first_name: entry.first_name().to_owned(),
        contact_points: Vec::new(),
        typed: Vec::new(),
        postal_address: entry.postal_address(),
        accepts_sms: true,
    };
    place.what = format!("personne {id}, {}", person.display_name());
    if !seen.insert(person.key.clone()) {
        let reason = "Deuxième fiche du même identifiant : seule la première est reprise.";
        return reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
    }
    if !ties.arrived(&person.key) {
        if tell_strangers {
            let reason = "Liée à aucun élève présent : non reprise.";
            reading.set_aside.push(place.set_aside(Cause::TiedToNobody, reason));
        }
        return;
    }
    let ways = contact_points(entry, &expected.region, &place, &mut reading.set_aside);
    person.contact_points = ways.points;
    person.typed = ways.typed;
    if person.postal_address.as_ref().is_some_and(|address| address.town.is_empty()) {
        let reason = "Adresse sans commune.";
        reading.set_aside.push(place.set_aside(Cause::BadAddress, reason));
    }
    reading.person_origins.insert(&person.key, place.origin());
    reading.persons.push(person);
}

/// Every way to reach a person, each once; of each field's bad texts, the first is remarked.
pub(super) fn contact_points(
    entry: &AddRequest<'_, '_>,
    region: &str,
    place: &RemarkPlace<'_>,
    set_aside: &mut Vec<SetAside>,
) -> Ways {
    let mut ways = Ways::default();
    for field in PHONES {
        let mut first_remark = None;
        for typed in entry.values(field) {
            let remark = take_phones(field, typed, region, place, &mut ways);
            first_remark = first_remark.or(remark);
        }
        set_aside.extend(first_remark);
    }
    set_aside.extend(mail_addresses(entry, place, &mut ways.points));
    ways
}

/// Adds the e-mail addresses; of each field's bad texts, the first is remarked.
pub(super) fn mail_addresses(
    entry: &AddRequest<'_, '_>,
    place: &RemarkPlace<'_>,
    points: &mut Vec<ContactPoint>,
) -> Vec<SetAside> {
    let mut remarks = Vec::new();
    for field in MAILS {
        let mut first_remark = None;
        for typed in entry.values(field) {
            let remark = take_emails(field, typed, place, points);
            first_remark = first_remark.or(remark);
        }
        remarks.extend(first_remark);
    }
    remarks
}
