//! `Eleve` records: pupils, their classes, and who is tied to them.

use super::entry::AddRequest;
use super::schools::{Schools, schools_in};
use crate::import::Expected;
use crate::import::adults::{AdultPupil, is_of_age, unreadable_birth};
use crate::import::fields::civility;
use crate::import::levels::KnownLevels;
use crate::import::reading::{Cause, Reading};
use crate::import::refused::Reason;
use crate::import::ties::Ties;
use crate::people::{
    Guardianship, Person, PersonKey, Pupil, PupilKey, Role, Source, Standing, level_in_label,
};

use super::relatives::{contact_points, key};

const CLASSES: [&str; 2] = ["ENTEleveClasses", "ENTPersonClasses"];
const GROUPS: [&str; 2] = ["ENTEleveGroupes", "ENTPersonGroupes"];
const LEVELS: [&str; 3] = ["ENTEleveNivFormation", "ENTEleveLibelleMEF", "ENTEleveNiveau"];

/// What ties adults to the pupils.
pub(super) struct Families<'a> {
    pub(super) ties: Ties,
    pub(super) adults: Vec<AdultPupil<'a>>,
}

/// Takes a pupil of our school into the reading, and what ties others to them into `families`:
/// `None` where no relatives come.
pub(super) fn enter<'a>(
    entry: &AddRequest<'a, '_>,
    schools: &mut Schools,
    levels: &KnownLevels,
    families: Option<&mut Families<'a>>,
    expected: &Expected,
    reading: &mut Reading,
) -> Result<(), Reason> {
    if entry.category() != "Eleve" || !schools.takes_pupil(&schools_of(entry))? {
        return Ok(());
    }
    let id = entry.id();
    let mut place = entry.place(format!("élève {id}"));
    let Some(names) = entry.names() else {
        let reason = "Fiche sans identifiant ou sans nom : non reprise.";
        reading.set_aside.push(place.set_aside(Cause::Nameless, reason));
        return Ok(());
    };
    let mut classes = schools.codes(entry, &CLASSES).into_iter();
    let class = classes.next();
    let pupil = Pupil {
        key: PupilKey::of(Source::Aaf, id),
        family_name: names.family,
        usage_name: names.usage,
        first_name: entry.first_name().to_owned(),
        groups: schools.codes(entry, &GROUPS),
        level: level(entry, levels, class.as_deref()),
        class,
        left_on: None,
    };
    place.what = format!("élève {id}, {}", pupil.display_name());
    if reading.pupil_origins.contains(&pupil.key) {
        let reason = "Deuxième fiche du même identifiant : seule la première est reprise.";
        reading.set_aside.push(place.set_aside(Cause::Duplicate, reason));
        return Ok(());
    }
    if let Some(kept) = &pupil.class
        && classes.next().is_some()
    {
        let reason = format!("Inscrit deux fois : classe gardée, {kept}.");
        reading.set_aside.push(place.set_aside(Cause::TwoClasses, reason));
    } else if pupil.class.is_none() {
        let reason = "Sans classe : élève repris, mais aucun envoi à une classe ne l’atteindra.";
        reading.set_aside.push(place.set_aside(Cause::NoClass, reason));
    }
    reading.pupil_origins.insert(&pupil.key, place.origin());
    if let Some(families) = families {
        tie(entry, &pupil, families, reading);
        note_age(entry, &pupil, families, expected, reading);
    }
    reading.pupils.push(pupil);
    Ok(())
}

/// The schools where a pupil is in a class, else the one to which they are attached.
fn schools_of<'r>(entry: &'r AddRequest<'_, '_>) -> Vec<&'r str> {
    let by_class = schools_in(entry, &CLASSES);
    if by_class.is_empty() { entry.values("ENTPersonStructRattach").collect() } else { by_class }
}

fn level(entry: &AddRequest<'_, '_>, levels: &KnownLevels, class: Option<&str>) -> Option<String> {
    let named = LEVELS.iter().find_map(|name| level_in_label(entry.first(&[*name])));
    named.map(str::to_owned).or_else(|| levels.of(entry.first(&["ENTEleveMEF"]), class))
}

fn tie<'a>(
    entry: &AddRequest<'a, '_>,
    pupil: &Pupil,
    families: &mut Families<'a>,
    reading: &mut Reading,
) {
    let ties: Vec<Option<(&str, Standing, u8)>> = match entry.first(&["ENTElevePersRelEleve"]) {
        // The first degree lists who holds parental authority.
        "" => entry
            .values("ENTEleveAutoriteParentale")
            .filter_map(|value| value.split('$').next())
            .map(|id| Some((id, Standing::LegalRepresentative, Guardianship::UNTOLD)))
            .collect(),
        _ => entry.values("ENTElevePersRelEleve").map(told_by).collect(),
    };
    let unreadable = ties.iter().filter(|tie| tie.is_none()).count();
    if unreadable > 0 {
        let place = entry.place(format!("élève {}, {}", entry.id(), pupil.display_name()));
        let reason =
            format!("Niveau de responsabilité illisible : liens non repris, {unreadable}.");
        reading.set_aside.push(place.set_aside(Cause::UnknownStanding, reason));
    }
    for (id, standing, kinship) in ties.into_iter().flatten() {
        let (pupil, person) = (pupil.key.clone(), key(id));
        let tie = Guardianship { pupil, person, standing, kinship };
        families.ties.add(tie, entry.place(String::new()).origin());
    }
}

/// A tie of the form `person$kinship$financial$legal level$contact$payer`.
fn told_by(value: &str) -> Option<(&str, Standing, u8)> {
    let mut parts = value.split('$').map(str::trim);
    let (id, kinship) = (parts.next().filter(|id| !id.is_empty())?, parts.next()?);
    let _financial = parts.next()?;
    let standing = match parts.next()? {
        "1" => Standing::LegalRepresentative,
        "2" => Standing::Caretaker,
        _ => Standing::EmergencyContact,
    };
    Some((id, standing, kinship_of(kinship)))
}

/// SIECLE's code; the directory's older codes count from 1.
fn kinship_of(typed: &str) -> u8 {
    match typed.parse() {
        Ok(1) => 20,
        Ok(2) => 10,
        Ok(3) => 50,
        Ok(4) => 39,
        Ok(5) => 51,
        Ok(7) => Guardianship::ONESELF,
        Ok(code @ 10..) => code,
        _ => Guardianship::UNTOLD,
    }
}

fn note_age<'a>(
    entry: &AddRequest<'a, '_>,
    pupil: &Pupil,
    families: &mut Families<'a>,
    expected: &Expected,
    reading: &mut Reading,
) {
    let place = entry.place(format!("élève {}, {}", entry.id(), pupil.display_name()));
    match is_of_age(entry.first(&["ENTPersonDateNaissance"]), expected.today) {
        Ok(true) => {}
        Ok(false) => return,
        Err(()) => return reading.set_aside.push(unreadable_birth(&place)),
    }
    let mut remarks = Vec::new();
    let ways = contact_points(entry, &expected.region, &place, &mut remarks);
    let person = Person {
        key: PersonKey::of(Source::Aaf, format_args!("eleve-{}", entry.id())),
        role: Role::Guardian,
        civility: civility(entry.title()),
        family_name: pupil.family_name.clone(),
        usage_name: pupil.usage_name.clone(),
        first_name: pupil.first_name.clone(),
        contact_points: ways.points,
        typed: ways.typed,
        postal_address: entry.postal_address(),
        accepts_sms: true,
    };
    families.adults.push(AdultPupil { pupil: pupil.key.clone(), person, place, remarks });
}
