//! Pupils of age: they receive their own mail, beside what their parents go on receiving.
//!
//! Most schools enter them as a person too, "the pupil themselves". For those who are not, the
//! pupil's own record makes that person. A birth date only serves to tell who is of age: it is kept
//! nowhere.

use std::collections::HashSet;

use jiff::civil::Date;

use crate::people::{Guardianship, Person, PupilKey, Standing};

use super::fields::{RemarkPlace, date};
use super::reading::{Cause, Reading, SetAside};

const OF_AGE: i16 = 18;

/// A pupil of age, as the person who receives their mail.
pub(super) struct AdultPupil<'a> {
    pub(super) pupil: PupilKey,
    pub(super) person: Person,
    /// The pupil's record.
    pub(super) place: RemarkPlace<'a>,
    /// What could not be used of their contacts; told only where these are needed.
    pub(super) remarks: Vec<SetAside>,
}

/// Whether somebody born on the day so typed is of age; `Err` for a text that is no date.
pub(super) fn is_of_age(typed: &str, today: Date) -> Result<bool, ()> {
    match date(typed) {
        None if typed.is_empty() => Ok(false),
        None => Err(()),
        Some(born) => {
            let eighteen_years_ago = (today.year() - OF_AGE, today.month(), today.day());
            Ok((born.year(), born.month(), born.day()) <= eighteen_years_ago)
        }
    }
}

/// The remark on a birth date that cannot be read; it does not repeat what was typed.
pub(super) fn unreadable_birth(place: &RemarkPlace<'_>) -> SetAside {
    let reason = "Date de naissance illisible : élève repris comme mineur.";
    place.set_aside(Cause::BadDate, reason)
}

/// Adds the adults who do not stand among their own guardians.
pub(super) fn add_missing(
    adults: Vec<AdultPupil<'_>>,
    guardianships: &mut Vec<Guardianship>,
    reading: &mut Reading,
) {
    let themselves = guardianships.iter().filter(|tie| tie.kinship == Guardianship::ONESELF);
    let present: HashSet<PupilKey> = themselves.map(|tie| tie.pupil.clone()).collect();
    for adult in adults.into_iter().filter(|adult| !present.contains(&adult.pupil)) {
        let AdultPupil { pupil, person, place, remarks } = adult;
        reading.set_aside.extend(remarks);
        let has_home = person.postal_address.as_ref().is_some_and(|home| !home.town.is_empty());
        if person.contact_points.is_empty() && !has_home {
            let reason = "Élève majeur sans coordonnées propres : rien ne lui sera adressé, seuls \
                          ses responsables seront prévenus.";
            reading.set_aside.push(place.set_aside(Cause::AdultWithoutContact, reason));
        } else if reading.person_origins.contains(&person.key) {
            let reason = "Élève majeur, mais une personne porte déjà son identifiant : non repris \
                          comme destinataire.";
            reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
        } else {
            guardianships.push(Guardianship {
                pupil,
                person: person.key.clone(),
                standing: Standing::LegalRepresentative,
                kinship: Guardianship::ONESELF,
            });
            reading.person_origins.insert(&person.key, place.origin());
            reading.persons.push(person);
        }
    }
}
